"""One document, three files: the same words and the same numbers in all of them."""

from pathlib import Path

from tests.helpers.reports import (
    make_document,
    read_html,
    word_tables,
)
from wholesystem.reports.documents import render_html, render_pdf, render_word, write_document


def test_a_document_becomes_three_files(tmp_path: Path) -> None:
    written = write_document(make_document(), tmp_path)

    assert [path.name for path in written.paths] == ["report.html", "report.pdf", "report.docx"]
    assert written.paths[1].read_bytes()[:5] == b"%PDF-"
    assert written.notes == ()


def test_tables_are_the_same_in_html_and_word() -> None:
    document = make_document()

    html = read_html(render_html(document)).tables
    # Behind the picture in HTML; in the last appendix in Word.
    assert [html[1], html[0]] == word_tables(render_word(document))


def test_the_same_document_gives_the_same_bytes() -> None:
    document = make_document()

    assert render_pdf(document) == render_pdf(document)
    assert render_word(document) == render_word(document)
