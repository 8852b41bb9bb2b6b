"""Documents of the strangest words and sizes become files; when one cannot, the earlier stay."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from tests.helpers.pages import check_page
from tests.helpers.reports import (
    make_document,
    make_figure,
    make_table,
    pdf_text,
    read_html,
    squeezed,
    word_tables,
)
from wholesystem.reports.documents import (
    BulletList,
    CallOut,
    Cell,
    Column,
    Heading,
    Item,
    Paragraph,
    Table,
    Text,
    number_cell,
    read_word_suggestions,
    render_html,
    render_pdf,
    render_word,
    write_document,
)
from wholesystem.reports.documents import word as word_module
from wholesystem.reports.documents.text import tidy_text

STRANGE = {
    "control": "a\x00b\x07c\x1bd\x7fe\x85f",
    "halves": "a\ud800b\udfffc",
    "nobodys": "a\ufffeb\uffffc\ufdd0d",
    "emoji": "\U0001f600 \u2614\ufe0f \U0001f469\u200d\U0001f469\u200d\U0001f467"
    " \U0001f1ec\U0001f1e7",
    "right to left": "\u0627\u0644\u0633\u0644\u0627\u0645 12% \u05e9\u05dc\u05d5\u05dd",
    "turning": "a\u202ereversed\u202c b\u2066c\u2069",
    "other scripts": "\u4e2d\u6587 \u0928\u092e\u0938\u094d\u0924\u0947"
    " \u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
    "marks alone": "\u0301\u0301a\u0301\u0302\u0303\u0304 \u200b\u00ad\u2060",
    "private": "\ue000\U000f0000",
    "lines": "a\nb\r\nc\td\u2028e",
    "long": "W" * 3000,
}  # fmt: skip


def document_of(text: str) -> Any:
    return make_document(
        Heading(1, f"x {text}"),
        Paragraph((Text(text, strong=True), Text(f"y {text}"))),
        BulletList((Item(f"x {text}"),)),
        CallOut(f"x {text}", (Paragraph(f"x {text}"),)),
        make_figure(f"x {text}", alternative=f"x {text}", caption=f"x {text}", data=None),
        Table(f"x {text}", (Column(f"x {text}"), Column("B")), ((f"x {text}", "1"),)),
        author=f"x {text}",
        keywords=(f"x {text}",),
        header=text,
        footer=text,
    )


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_the_strangest_words_become_files(text: str, tmp_path: Path) -> None:
    document = document_of(text)

    written = write_document(document, tmp_path)

    page = written.paths[0].read_text("utf-8")
    check_page(page)
    assert len(PdfReader(written.paths[1]).pages) >= 2
    tables = read_html(page).tables
    assert word_tables(written.paths[2].read_bytes()) == tables
    assert tables[0][1] == [tidy_text(f"x {text}").strip(), "1"]
    assert read_word_suggestions(document, written.paths[2]).suggestions == ()


def test_what_a_file_cannot_hold_is_seen_to_be_missing() -> None:
    assert tidy_text("a\x00b") == "a\ufffdb"
    assert tidy_text("a\ud800b") == "a\ufffdb"
    assert tidy_text("a\n\t b") == "a b"
    assert tidy_text("a\u202eb") == "ab"


def test_three_hundred_pages_become_files() -> None:
    chapters = [
        block
        for number in range(300)
        for block in (
            Heading(1, f"Chapter {number}"),
            Paragraph("Words of a chapter, many of them. " * 90),
            BulletList((Item("One of some points. " * 5),) * 3),
        )
    ]
    document = make_document(*chapters)

    pdf, _ = render_pdf(document)

    assert len(PdfReader(io.BytesIO(pdf)).pages) >= 200
    check_page(render_html(document))
    word = docx.Document(io.BytesIO(render_word(document)))
    assert sum(one.style.name == "Heading 1" for one in word.paragraphs) == 300


def test_a_table_of_thousands_of_rows_runs_over_pages() -> None:
    document = make_document(make_table(rows=2000))

    pdf, _ = render_pdf(document)

    text = pdf_text(pdf)
    assert "Reason 2000" in text
    assert squeezed("2,469,000.0") in squeezed(text)
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 30
    assert len(word_tables(render_word(document))[0]) == 2001


def test_sixteen_columns_of_large_numbers_are_whole_on_a_page() -> None:
    columns = tuple(Column(f"Heading {n}", "right") for n in range(16))
    rows = tuple(
        (f"Row {r}", *(number_cell(-123456.7 * (r + 1)) for _ in range(15))) for r in range(3)
    )
    pdf, _ = render_pdf(make_document(Table("Wide", columns, rows)))

    # A number that was broken would be parted by the end of a line.
    assert pdf_text(pdf).count("-370,370") == 15


def test_a_row_that_is_taller_than_a_page_is_cut_and_not_lost() -> None:
    long = " ".join(f"word{n}" for n in range(4000))
    table = Table("Tall", (Column("A"), Column("B")), (("x", long), ("y", "last")))

    pdf, _ = render_pdf(make_document(table))

    text = squeezed(pdf_text(pdf))
    assert "word0word1word2" in text
    assert "word3999" in text
    assert "last" in text


def test_pictures_of_any_shape_fit_the_page() -> None:
    tall = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="9000"><rect/></svg>'
    wide = '<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="20"><rect/></svg>'
    document = make_document(
        make_figure("tall", picture=tall, data=None), make_figure("wide", picture=wide, data=None)
    )

    assert len(PdfReader(io.BytesIO(render_pdf(document)[0])).pages) <= 4
    word = docx.Document(io.BytesIO(render_word(document)))
    tall_shape, wide_shape = word.inline_shapes
    assert tall_shape.height.mm <= 200.1
    assert 170 < wide_shape.width.mm <= 257.1


def test_a_picture_drawn_for_a_screen_lies_on_a_page_of_its_own() -> None:
    screen = '<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900"><rect/></svg>'
    document = make_document(
        Paragraph("Before."), make_figure(picture=screen, source="Source."), Paragraph("After.")
    )

    pages = PdfReader(io.BytesIO(render_pdf(document)[0])).pages
    lying = [page.mediabox.width > page.mediabox.height for page in pages]
    assert lying == [False, False, True, False, False]
    assert all(words in pages[2].extract_text() for words in ("Figure 1", "Source.", "DRAFT"))
    assert "After." in pages[3].extract_text()
    word = docx.Document(io.BytesIO(render_word(document)))
    shapes = [(one.page_width.mm > one.page_height.mm) for one in word.sections]
    assert shapes == [False, True, False]
    assert word.inline_shapes[0].width.mm > 220
    assert [one.header.is_linked_to_previous for one in word.sections] == [False, True, True]
    assert [one.different_first_page_header_footer for one in word.sections] == [True, False, False]


def test_earlier_files_stay_when_one_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = make_document(Paragraph("First."))
    before = [path.read_bytes() for path in write_document(document, tmp_path).paths]

    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(word_module, "add_styles", fail)
    with pytest.raises(OSError, match="no space left"):
        write_document(make_document(Paragraph("Second.")), tmp_path)

    after = [tmp_path / f"report.{ending}" for ending in ("html", "pdf", "docx")]
    assert [path.read_bytes() for path in after] == before
    assert sorted(tmp_path.iterdir()) == sorted(after)


def test_spaces_are_one_everywhere_and_none_at_the_ends() -> None:
    texts = (Text(" a "), Text(" "), Text(" b", strong=True), Text(" "))
    document = make_document(Table("T", (Column("A"),), ((Cell(texts),),)))

    assert word_tables(render_word(document))[0][1] == ["a b"]
    assert read_html(render_html(document)).tables[0][1] == ["a b"]
