"""What a file is, told by its content alone: its first bytes and its structure."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import IO

__all__ = ["CSV", "DOCX", "JPEG", "MARKDOWN", "PDF", "PNG", "PPTX", "TEXT", "XLSX", "detect_kind"]

PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{_OFFICE}wordprocessingml.document"
XLSX = f"{_OFFICE}spreadsheetml.sheet"
PPTX = f"{_OFFICE}presentationml.presentation"
TEXT, MARKDOWN, CSV = "text/plain", "text/markdown", "text/csv"
PNG, JPEG = "image/png", "image/jpeg"

MOST_PARTS = 10_000
MOST_UNPACKED_BYTES = 500_000_000

# The trailer of an encrypted PDF is itself never encrypted.
_ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")
_MACRO_PARTS = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml|macrosheets/.*)$", re.IGNORECASE)
# Line ends, tabs and form feeds are fine.
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")

_MAIN_PARTS = {
    "word/document.xml": (DOCX, b"wordprocessingml.document.main+xml"),
    "xl/workbook.xml": (XLSX, b"spreadsheetml.sheet.main+xml"),
    "ppt/presentation.xml": (PPTX, b"presentationml.presentation.main+xml"),
}


class RefusedError(Exception):
    """A file that is not taken; holds the rule that it breaks and what to do.

    Parameters
    ----------
    rule, remedy : str
        Sentences.
    """

    def __init__(self, rule: str, remedy: str) -> None:
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"{rule} {remedy}")


def detect_kind(file: IO[bytes]) -> str:
    """Media type of a file by its content.

    Parameters
    ----------
    file : file
        Open for reading, and can be read from any place.

    Returns
    -------
    str
        Any text is ``text/plain``: Markdown and CSV cannot be told from it.

    Raises
    ------
    RefusedError
        For other kinds, damaged files, encrypted ones and those with macros.
    """
    start = file.read(16)
    file.seek(0)
    for magic, check in _CHECKS:
        if start.startswith(magic):
            return check(file)
    return _check_text(file)


def _check_pdf(file: IO[bytes]) -> str:
    data = file.read()
    if b"startxref" not in data:
        raise RefusedError("It is a PDF whose end is missing.", "Copy or download it again.")
    if _ENCRYPTED_PDF.search(data):
        raise RefusedError(
            "It is an encrypted PDF.", "Save it without a password, or print it to a new PDF."
        )
    return PDF


# What a damaged zip makes the library raise.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, ValueError, RuntimeError, EOFError
)  # fmt: skip


def _check_office(file: IO[bytes]) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            names = {one.filename for one in entries}
            unpacked = sum(one.file_size for one in entries)
            if len(entries) > MOST_PARTS or unpacked > MOST_UNPACKED_BYTES:
                raise RefusedError("It unpacks to too much.", "Save it again, or as a PDF.")
            if any(one.flag_bits & 0x1 for one in entries):
                raise RefusedError("It is encrypted.", "Save it without a password.")
            if any(_MACRO_PARTS.search(name) for name in names):
                raise RefusedError("It holds macros.", "Save it without macros, or as a PDF.")
            return _office_kind(archive, names)
    except _DAMAGED:
        raise RefusedError(
            "It cannot be read as a document: it is damaged.", "Open it and save it again."
        ) from None


def _office_kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    types = b""
    if "[Content_Types].xml" in names:
        with archive.open("[Content_Types].xml") as part:
            types = part.read(1_000_000)
    if b"macroEnabled" in types:
        raise RefusedError("It is a document for macros.", "Save it as .docx, .xlsx or .pptx.")
    for name, (kind, content_type) in _MAIN_PARTS.items():
        if name in names and content_type in types:
            return kind
    raise RefusedError(
        "It is a zip and no Word, Excel or PowerPoint document.", "Add its files one by one."
    )


def _refuse_old_office(file: IO[bytes]) -> str:
    raise RefusedError(
        "It is protected by a password, or in an old Office format.",
        "Save it without a password as .docx, .xlsx or .pptx, or as a PDF.",
    )


def _refuse_program(file: IO[bytes]) -> str:
    raise RefusedError("It is a program.", "Add documents only.")


def _refuse_utf16(file: IO[bytes]) -> str:
    raise RefusedError("It is text in UTF-16.", "Save it as UTF-8.")


def _check_png(file: IO[bytes]) -> str:
    """Walk the chunks: the header first, the end somewhere."""
    file.seek(8)
    at_header = True
    while len(head := file.read(8)) == 8:
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if (name == b"IHDR") != at_header or not name.isalpha() or length > 1 << 31:
            break
        if name == b"IEND":
            return PNG
        at_header = False
        file.seek(length + 4, 1)
    raise RefusedError("It is a damaged picture.", "Save it again.")


def _check_jpeg(file: IO[bytes]) -> str:
    """Walk the segments up to the picture itself, and look for its end."""
    file.seek(2)
    while len(head := file.read(4)) == 4 and head[0] == 0xFF:
        if head[1] == 0xDA:
            if b"\xff\xd9" in file.read():
                return JPEG
            break
        length = int.from_bytes(head[2:], "big")
        if length < 2:
            break
        file.seek(length - 2, 1)
    raise RefusedError("It is a damaged picture.", "Save it again.")


def _check_text(file: IO[bytes]) -> str:
    data = file.read()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            text = "\x00"
    if _NOT_IN_TEXT.search(text):
        raise RefusedError(
            "It is none of the kinds that are taken.",
            "Add a PDF, Word, Excel or PowerPoint document, text, or a PNG or JPEG picture.",
        )
    return TEXT


_CHECKS: tuple[tuple[bytes, Callable[[IO[bytes]], str]], ...] = (
    (b"%PDF-", _check_pdf),
    (b"PK\x03\x04", _check_office),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _refuse_old_office),
    (b"\x89PNG\r\n\x1a\n", _check_png),
    (b"\xff\xd8\xff", _check_jpeg),
    (b"MZ", _refuse_program),
    (b"\x7fELF", _refuse_program),
    (b"\xff\xfe", _refuse_utf16),
    (b"\xfe\xff", _refuse_utf16),
)
