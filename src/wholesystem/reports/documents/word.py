"""A document as a Word file: its own headings, captions, notes, tables and table of contents."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from wholesystem.reports.documents.house import House
from wholesystem.reports.documents.laid import LaidDocument
from wholesystem.reports.documents.running import running_lines
from wholesystem.reports.documents.word_body import WordBody
from wholesystem.reports.documents.word_parts import FileParts, add_notes, add_running
from wholesystem.reports.documents.word_styles import add_styles
from wholesystem.reports.documents.word_xml import NAMESPACES

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

__all__ = ["word_of"]

#: The date of a file whose document has none: the first that a zip can hold.
NO_DAY = date(1980, 1, 1)


def word_of(document: LaidDocument, house: House, day: date | None) -> bytes:
    """A Word file of a document.

    Parameters
    ----------
    document : LaidDocument
        All its text is escaped.
    house : House
        Its look.
    day : date or None
        The date that the file carries.

    Returns
    -------
    bytes
        The same for the same document.
    """
    import docx

    word = docx.Document()
    add_styles(word, house, document.language)
    parts = FileParts(word, house.fonts)
    _link_evidence(word, parts)
    body = WordBody(document, house, parts)
    _fill(word, body.written())
    add_notes(word, body.notes(), parts)
    header, footer = running_lines(document, house)
    add_running(word, header, footer, cover=document.cover is not None)
    _set_page(word)
    _set_properties(word, document, day or NO_DAY)
    made = io.BytesIO()
    word.save(made)
    return _dated(made)


def _link_evidence(word: WordDocument, parts: FileParts) -> None:
    """The style of evidence numbers its paragraphs."""
    from docx.oxml import parse_xml

    looks = word.styles["Evidence"].element.get_or_add_pPr()
    number = parts.evidence_list()
    looks.insert(0, parse_xml(f'<w:numPr {NAMESPACES}><w:numId w:val="{number}"/></w:numPr>'))


def _fill(word: WordDocument, xml: str) -> None:
    from docx.oxml.parser import oxml_parser
    from lxml import etree  # type: ignore[import-untyped]

    body = word.element.body
    end = body.find("{*}sectPr")
    made = etree.fromstring(f"<w:body {NAMESPACES}>{xml}</w:body>", oxml_parser)
    for block in list(made):
        end.addprevious(block)


def _set_page(word: WordDocument) -> None:
    from docx.shared import Mm

    section = word.sections[-1]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    section.header_distance = section.footer_distance = Mm(11)


def _set_properties(word: WordDocument, document: LaidDocument, day: date) -> None:
    told = word.core_properties
    # Word takes 255 letters at most.
    told.title, told.subject = document.title[:255], document.subject[:255]
    told.author = told.last_modified_by = document.author[:255]
    told.keywords = ", ".join(document.keywords)[:255]
    told.language = document.language
    told.comments, told.revision = "", 1
    told.created = told.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)


def _dated(made: io.BytesIO) -> bytes:
    """The same zip with a fixed date in it, so that the same document gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.infolist():
            packed = zipfile.ZIP_STORED if entry.filename.endswith(".png") else zipfile.ZIP_DEFLATED
            new = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            after.writestr(new, before.read(entry), packed)
    return out.getvalue()
