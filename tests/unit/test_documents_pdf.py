"""The PDF is one that everyone can read: what PDF/UA asks for, read back from its tags."""

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from tests.helpers.reports import (
    Tag,
    make_document,
    make_figure,
    make_table,
    pdf_text,
    read_tags,
)
from wholesystem.errors import OurFault
from wholesystem.reports.documents import (
    Column,
    Contents,
    Cover,
    Document,
    Heading,
    House,
    Paragraph,
    Table,
    render_pdf,
)
from wholesystem.reports.documents import fonts as fonts_module
from wholesystem.reports.documents import pdf as pdf_module


def made(*blocks: Any, **more: Any) -> bytes:
    return render_pdf(make_document(*blocks, **more))[0]


def test_it_declares_itself_and_its_language_and_shows_its_title() -> None:
    reader = PdfReader(io.BytesIO(made()))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfuaid" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata.replace(" ", "")
    assert reader.metadata.title == "Local system review: Oxfordshire"
    assert reader.metadata.author == "The reviewers"
    assert reader.metadata.subject == "Local system review"
    assert reader.metadata.creation_date.date() == date(2026, 11, 27)
    for page in reader.pages:
        assert page["/Tabs"] == "/S" or "/Annots" not in page
        assert "/StructParents" in page or not page.get_contents()


def test_its_bookmarks_are_the_headings() -> None:
    reader = PdfReader(io.BytesIO(made()))

    def titles(outline: Any) -> list[Any]:
        return [titles(one) if isinstance(one, list) else one.title for one in outline]

    assert titles(reader.outline) == [
        "Summary",
        ["Delays by reason", ["Quotes"]],
        "Method",
        "Appendix A: Interviews",
        "Appendix B: Evidence cited",
        "Appendix C: Data behind the figures",
    ]


def test_its_headings_skip_no_level() -> None:
    levels = [int(tag.kind[1]) for tag in read_tags(made()).all("H1", "H2", "H3", "H4")]

    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_every_picture_has_its_alternative_text() -> None:
    figures = read_tags(made()).all("Figure")

    assert [tag.made.get("/Alt") for tag in figures] == [
        "Bars of days delayed: reason 7 is the longest with 8,642 days.",
        "Blue.",
    ]


def test_headers_of_columns_and_rows_are_tagged_with_what_they_head() -> None:
    no_headers = Table("Plain", (Column("A"), Column("B")), (("x", "y"),), header_column=False)
    tables = read_tags(made(make_table(rows=3), no_headers, make_table(rows=2))).all("Table")

    def scopes(table: Tag) -> list[list[str]]:
        return [
            [
                str(cell.made["/A"][0].get("/Scope", ""))[1:] if cell.kind == "TH" else "-"
                for cell in row.kids
            ]
            for row in table.all("TR")
        ]

    column, row = ["Column"] * 3, ["Row", "-", "-"]
    assert scopes(tables[0]) == [column, row, row, row]
    assert scopes(tables[1]) == [["Column"] * 2, ["-", "-"]]
    assert scopes(tables[2]) == [column, row, row]


def test_a_header_row_is_repeated_on_every_page() -> None:
    pages = PdfReader(io.BytesIO(made(make_table(rows=150)))).pages

    tabled = [page.extract_text() for page in pages if "Reason 1" in page.extract_text()]
    assert len(tabled) >= 3
    assert all("Days" in text and "Share" in text for text in tabled)


def test_lists_links_and_notes_are_tagged_as_such() -> None:
    tags = read_tags(made())

    kinds = {tag.kind for tag in tags.walk()}
    assert {"L", "LI", "LBody", "Link", "Note", "TOC", "TOCI", "Caption"} <= kinds
    assert "Counted at midnight" in tags.all("Note")[0].text


def test_every_font_stands_in_the_file() -> None:
    reader = PdfReader(io.BytesIO(made()))
    embedded = [
        "/FontFile2" in (one := font["/DescendantFonts"][0]["/FontDescriptor"])
        or "/FontFile3" in one
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()
    ]

    assert embedded
    assert all(embedded)


def test_a_document_without_a_date_carries_none_that_changes() -> None:
    content = made(cover=Cover("x"))

    assert PdfReader(io.BytesIO(content)).metadata.creation_date is None
    assert content == made(cover=Cover("x"))


def test_a_document_without_a_cover_begins_with_its_title() -> None:
    content = made(Contents(), Heading(1, "One"), Paragraph("Words."), cover=None)

    text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert text.index("Oxfordshire") < text.index("Contents") < text.index("Words.")
    assert "Page 1 of 1" in text


def test_pictures_are_drawn_as_lines_and_letters() -> None:
    content = made(make_figure(data=None))

    assert "Days delayed" in pdf_text(content)
    reader = PdfReader(io.BytesIO(content))
    assert [one for page in reader.pages for one in page.images] == []


def test_without_any_of_its_fonts_it_is_set_in_another_and_says_so() -> None:
    house = House(fonts=("No Such Font", "Nor This"))

    content, notes = render_pdf(make_document(Paragraph("Words.")), house)

    assert "Words." in pdf_text(content)
    assert "none of the fonts No Such Font, Nor This is on this computer" in notes[0]


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a computer with no fonts at all: only those that typst brings."""
    import typst

    checked: dict[str, bool] = {}
    own = typst.Fonts(include_system_fonts=False)
    for module in (fonts_module, pdf_module):
        monkeypatch.setattr(module, "fonts_here", lambda: own)
    monkeypatch.setattr(fonts_module, "_checked", lambda: checked)


@pytest.mark.usefixtures("no_fonts")
def test_letters_that_no_font_has_stand_as_their_names() -> None:
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">'
        '<text y="20" font-family="Arial">Rain &#x2614; \u6c34</text></svg>'
    )
    document = make_document(Paragraph("Hello \U0001f600."), make_figure(picture=picture))

    content, notes = render_pdf(document)

    assert "[grinning face]" in pdf_text(content)
    assert any("grinning face" in note and "no font" in note for note in notes)


@pytest.mark.usefixtures("no_fonts")
def test_letters_that_are_only_learnt_of_in_the_making_stand_as_their_names_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf_module, "unshown_letters", lambda letters: [])

    content, _ = render_pdf(make_document(Paragraph("Fire \U0001fae0 \u4e2d.")))

    assert "cjk unified ideograph-4e2d" in pdf_text(content)


def test_a_fault_of_ours_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "TEMPLATE", "page.css")

    with pytest.raises(OurFault, match="The PDF could not be made"):
        render_pdf(Document("T", (Paragraph("x"),)))
