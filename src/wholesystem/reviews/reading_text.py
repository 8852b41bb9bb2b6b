"""Reads the text of one document; run in a process of its own by `extraction`.

``python -m wholesystem.reviews.reading_text MEDIA_TYPE FILE OUT`` writes the text to OUT.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from wholesystem.reviews.document_kinds import CSV, DOCX, MARKDOWN, PDF, PPTX, TEXT, XLSX
from wholesystem.reviews.extraction import MOST_TEXT

__all__ = ["main"]

# Enough for any document that is taken; without it one page could take all of a computer.
MOST_MEMORY_BYTES = 3_000_000_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def main(media_type: str, path: Path, out: Path) -> None:
    """Write the text of a document.

    Parameters
    ----------
    media_type : str
        Of the document.
    path, out : Path
        The document, and where its text goes.
    """
    text = _clean(_join(_READERS[media_type](path)))
    with out.open("w", encoding="utf-8", newline="") as file:
        file.write(text)


def _join(parts: Iterable[str]) -> str:
    kept, length = [], 0
    for part in parts:
        kept.append(part)
        length += len(part)
        if length > MOST_TEXT:  # one more than is kept, so that it is seen to be cut
            break
    return "".join(kept)


def _clean(text: str) -> str:
    """Text that a bundle can hold, whose passages come back letter by letter."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return _CONTROL.sub("", plain)[: MOST_TEXT + 1]


def _pdf(path: Path) -> Iterator[str]:
    from pypdf import PdfReader

    for page in PdfReader(path).pages:
        yield page.extract_text() + "\n\n"


def _docx(path: Path) -> Iterator[str]:
    from docx import Document

    yield from _blocks(Document(str(path)).iter_inner_content())


def _blocks(blocks: Iterable[Any]) -> Iterator[str]:
    """Paragraphs and tables in the order of the document."""
    for block in blocks:
        if hasattr(block, "rows"):
            for row in block.rows:
                yield "\t".join(cell.text.replace("\n", " ") for cell in row.cells) + "\n"
            yield "\n"
        else:
            yield f"{block.text}\n"


def _xlsx(path: Path) -> Iterator[str]:
    import warnings

    from openpyxl import load_workbook

    warnings.simplefilter("ignore")  # of charts and formats, which do not matter here
    # An open file: the library would refuse a path for its ending, which says nothing here.
    with path.open("rb") as file:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says of its own size may be wrong
            yield f"{sheet.title}\n\n"
            yield from map(_row_text, sheet.iter_rows(values_only=True))
            yield "\n"


def _row_text(row: Iterable[Any]) -> str:
    cells = ["" if value is None else str(value).replace("\n", " ") for value in row]
    return "\t".join(cells).rstrip() + "\n" if any(cells) else ""


_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def _pptx(path: Path) -> Iterator[str]:
    from xml.etree import ElementTree

    with zipfile.ZipFile(path) as archive:
        slides = [(int(one[1]), one[0]) for one in map(_SLIDE.fullmatch, archive.namelist()) if one]
        for number, name in sorted(slides):
            yield f"Slide {number}\n\n"
            root = ElementTree.fromstring(archive.read(name))
            for paragraph in root.iter(f"{_DRAWING}p"):
                yield "".join(one.text or "" for one in paragraph.iter(f"{_DRAWING}t")) + "\n"
            yield "\n"


def _text(path: Path) -> Iterator[str]:
    data = path.read_bytes()
    try:
        yield data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield data.decode("cp1252")


_READERS = {
    PDF: _pdf,
    DOCX: _docx,
    XLSX: _xlsx,
    PPTX: _pptx,
    TEXT: _text,
    MARKDOWN: _text,
    CSV: _text,
}


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))


if __name__ == "__main__":
    _limit_memory()
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
