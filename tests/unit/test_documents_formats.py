"""One document, three files: the same words and the same numbers in all of them."""

import io
import re
from pathlib import Path

import docx
import pytest

from tests.helpers.pages import check_page
from tests.helpers.reports import (
    make_document,
    make_figure,
    make_table,
    pdf_tables,
    pdf_text,
    read_html,
    read_tags,
    squeezed,
    word_tables,
)
from wholesystem.errors import OutputError, ParameterError
from wholesystem.reports.documents import (
    Cell,
    Citation,
    Column,
    Document,
    Evidence,
    Footnote,
    Heading,
    Paragraph,
    Reference,
    Table,
    Text,
    number_cell,
    render_html,
    render_pdf,
    render_word,
    write_document,
)
from wholesystem.reports.documents.text import number_shown


def test_a_document_becomes_three_files(tmp_path: Path) -> None:
    written = write_document(make_document(), tmp_path)

    assert [path.name for path in written.paths] == ["report.html", "report.pdf", "report.docx"]
    assert written.paths[1].read_bytes()[:5] == b"%PDF-"
    # A computer without the usual fonts is told of it.
    assert [note for note in written.notes if "letters" in note] == []


def test_every_cell_is_the_same_in_html_pdf_and_word() -> None:
    document = make_document()
    pdf, _ = render_pdf(document)

    html = read_html(render_html(document)).tables
    # Behind the picture in HTML; in the last appendix in PDF and Word.
    expected = [html[1], html[0]]
    assert len(expected[0]) == 61
    assert word_tables(render_word(document)) == expected
    assert [[[squeezed(cell) for cell in row] for row in table] for table in pdf_tables(pdf)] == [
        [[squeezed(cell) for cell in row] for row in table] for table in expected
    ]


def test_every_number_of_the_model_is_in_all_three_files() -> None:
    values = (0.0, 1.5, -2.25, 1234567.0, 0.001, 99.95, 12345.678)
    places = (0, 1, 2, 0, 3, 2, 3)
    cells = [number_cell(value, n) for value, n in zip(values, places, strict=True)]
    table = Table(
        "Numbers",
        (Column("Row"), Column("Value", "right")),
        tuple((f"Row {n}", cell) for n, cell in enumerate(cells)),
    )
    document = make_document(make_figure(data=table), table)
    pdf, _ = render_pdf(document)

    html = read_html(render_html(document))
    word = word_tables(render_word(document))
    paged = pdf_tables(pdf)
    assert [float(value) for value, _ in html.values] == [*values, *values]
    for tables in (html.tables, word, paged):
        assert len(tables) == 2
        for table_read in tables:
            for row, value, n in zip(table_read[1:], values, places, strict=True):
                shown = number_shown(row[1].strip())
                assert shown is not None
                assert abs(shown[0] - value) <= 0.5 * 10**-n + 1e-9


def test_headings_notes_and_evidence_are_in_all_three_files() -> None:
    document = make_document()
    pdf, _ = render_pdf(document)
    word = docx.Document(io.BytesIO(render_word(document)))

    page = "".join(read_html(render_html(document)).text)
    paged = pdf_text(pdf)
    written = "\n".join(paragraph.text for paragraph in word.paragraphs)
    for text in (page, paged, written):
        for words in (
            "Local system review: Oxfordshire",
            "How people move",
            "27 November 2026",
            "Fingerprint of the review: 0a1b2c3d",
            "People wait too long for home care[1], as Figure 1 shows",
            "Appendix A: Interviews",
            "Appendix B: Evidence cited",
            "Interview 4, home care manager.",
            "Minutes of the board",
            "What to do next",
            "Under it",
        ):
            assert squeezed(words) in squeezed(text)
        assert "Not cited." not in text
    assert squeezed("Counted at midnight: method") in squeezed(page)
    assert squeezed("Counted at midnight: method") in squeezed(paged)
    notes = next(one for one in word.part.rels.values() if one.reltype.endswith("/footnotes"))
    assert b"Counted at midnight" in notes.target_part.blob


def test_the_same_document_gives_the_same_bytes() -> None:
    first, again = make_document(), make_document()

    assert render_html(first) == render_html(again)
    assert render_pdf(first) == render_pdf(again)
    assert render_word(first) == render_word(again)


def test_the_page_is_whole_and_safe() -> None:
    read = check_page(render_html(make_document()))

    assert read.tags["h1"] == 1
    assert read.tags["main"] == 1
    assert read.tags["details"] == 1
    assert ("th", "scope", "row") in read.attributes
    assert ("html", "lang", "en-GB") in read.attributes


def test_what_a_person_wrote_is_never_markup() -> None:
    hostile = (
        "<script>alert(1)</script> #set page(fill: red) #panic() $x$ *a* _b_ \\ `c` {{ d }} {% e %}"
        " ]]> &amp; \" ' @ref <label> // not a comment"
    )
    cell = Cell((Text(hostile),))
    document = Document(
        hostile,
        (
            Heading(1, hostile),
            Paragraph((Text(hostile, strong=True), Footnote(hostile), Citation(hostile))),
            Table(hostile, (Column(hostile),), ((cell,),)),
        ),
        header=hostile,
        footer=hostile,
        author=hostile,
        subject=hostile,
        keywords=(hostile,),
        evidence=(Evidence(hostile, hostile),),
    )
    pdf, _ = render_pdf(document)

    page = render_html(document)
    check_page(page)
    assert squeezed("".join(read_html(page).text)).count(squeezed(hostile)) >= 6
    assert squeezed(pdf_text(pdf)).count(squeezed(hostile)) >= 5
    assert word_tables(render_word(document))[0] == [[hostile], [hostile]]


def test_a_running_line_cannot_leave_its_place_in_the_style_sheet() -> None:
    page = render_html(make_document(footer='"; } body { display: none } </style><b>'))

    style = page[page.index("<style>") : page.index("</style>")]
    assert "display: none }" not in style.rpartition("@page")[2]
    assert page.count("</style>") == 1


def test_numbers_of_headings_and_figures_are_the_same_everywhere() -> None:
    document = make_document(
        Heading(1, "One"),
        Heading(2, "Inner", anchor="inner"),
        make_figure(data=None),
        Heading(1, "Two"),
        make_table(anchor="t"),
        Paragraph((Reference("t"), Text(" and "), Reference("inner"), Text(" and "),
                   Reference("a"), Text(" and "), Reference("t", "that table"))),
        Heading(1, "More", appendix=True, anchor="a"),
        Heading(2, "Deep"),
        numbered=True,
    )  # fmt: skip
    pdf, _ = render_pdf(document)

    words = "Table 1 and Inner and Appendix A and that table"
    page = render_html(document)
    headings = re.findall(r"<h\d id[^>]*>(.*?)</h\d>", page)
    assert headings == ["1 One", "1.1 Inner", "2 Two", "Appendix A: More", "A.1 Deep"]
    assert [tag.text.strip() for tag in read_tags(pdf).all("H1", "H2")] == headings
    word = docx.Document(io.BytesIO(render_word(document)))
    assert [p.text for p in word.paragraphs if p.style.name.startswith("Heading")] == headings
    assert words in "".join(read_html(page).text)
    assert squeezed(words) in squeezed(pdf_text(pdf))


def test_evidence_that_cites_evidence_comes_after_what_the_text_cites() -> None:
    document = make_document(
        Paragraph((Citation("b"), Citation("a"))),
        evidence=(
            Evidence("a", "Alpha"),
            Evidence("b", (Text("Beta, see "), Citation("c"))),
            Evidence("c", "Gamma"),
        ),
    )

    text = "".join(read_html(render_html(document)).text)
    assert (
        text.index("[1]") < text.index("Beta, see [3]") < text.index("Alpha") < text.index("Gamma")
    )


def test_anchors_of_our_own_never_meet_those_of_the_document() -> None:
    document = make_document(
        Heading(1, "Table 1", anchor="figure-1"), make_figure(), make_table(), Heading(1, "Table 1")
    )

    check_page(render_html(document))
    render_pdf(document)


@pytest.mark.parametrize("formats", [(), ("odt",), ("html", "xml")])
def test_a_format_that_is_not_known_is_refused(tmp_path: Path, formats: tuple[str, ...]) -> None:
    with pytest.raises(ParameterError, match="Choose from html, pdf, docx"):
        write_document(make_document(), tmp_path, formats=formats)


@pytest.mark.parametrize("name", ["", "a/b", "../a"])
def test_a_name_is_of_one_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ParameterError, match="no name of a file"):
        write_document(make_document(), tmp_path, name=name)


def test_only_the_formats_wanted_are_written(tmp_path: Path) -> None:
    written = write_document(make_document(), tmp_path, name="a", formats=("docx", "html"))

    assert [path.name for path in written.paths] == ["a.html", "a.docx"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.docx", "a.html"]


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")

    with pytest.raises(OutputError, match="is a file"):
        write_document(make_document(), tmp_path / "out")
