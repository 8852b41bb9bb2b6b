"""What lies in a zipped workbook beside its values, and whether it unpacks within bounds."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape
from posixpath import join, normpath

from wholesystem.indicators.loaders.cells import UNSTORED
from wholesystem.indicators.loaders.xls_records import SheetMarks

__all__ = [
    "MOST_CELLS",
    "MOST_UNPACKED_BYTES",
    "ZIP_SIGNATURE",
    "PackageError",
    "check_extent",
    "check_package",
    "read_marks",
    "sheet_parts",
]

ZIP_SIGNATURE = b"PK\x03\x04"
# A sheet of 500,000 rows and 20 columns is about 600 MB of XML.
MOST_UNPACKED_BYTES = 1_000_000_000
# Text compresses to a tenth or a fiftieth; only what is made to fill a disk goes beyond.
MOST_RATIO = 300
ALWAYS_FINE_BYTES = 50_000_000
MOST_MEMBERS = 10_000
# The reader makes room for the whole rectangle from the first filled cell to the last.
MOST_CELLS = 25_000_000
_CHUNK_BYTES = 1 << 22
_OVERLAP = 300

_REFERENCE = re.compile(rb"<(?:\w{1,9}:)?c\s[^<>]{0,99}?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
# The same without the start of the tag, quicker over millions of cells.
_ADDRESS = re.compile(rb" r=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_ROW = re.compile(rb"<(?:\w{1,9}:)?row\s([^<>]*)>")
_COLUMN = re.compile(rb"<(?:\w{1,9}:)?col\s([^<>]*)>")
_FORMULA = re.compile(rb"<(?:\w{1,9}:)?f[\s>/]")
_STORED = re.compile(rb"<(?:\w{1,9}:)?v(?:\s[^<>]*)?>([^<]*)<")
_ERROR = re.compile(rb"<(?:\w{1,9}:)?c\s[^<>]*\bt=[\"']e[\"'][^<>]*>")
_MARKED = re.compile(rb"\bhidden=[\"'](?:1|true)|\bt=[\"']e[\"']|<(?:\w{1,9}:)?f[\s>/]")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)")

_REPEATED = re.compile(rb"<table:(?:table-|covered-table-)(row|cell)\b([^<>]*?)(/?)>")


class PackageError(ValueError):
    """A zipped file that is damaged, out of bounds, or no workbook; the text is for people."""


def check_package(content: bytes) -> zipfile.ZipFile:
    """Check that a zipped file unpacks within bounds, by unpacking it bit by bit.

    Parameters
    ----------
    content : bytes
        Of the file.

    Returns
    -------
    zipfile.ZipFile
        Open for reading. What it says of its sizes has been found true.

    Raises
    ------
    PackageError
        If it is damaged or too large.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise PackageError("It is damaged, or cut short.") from None
    check_sizes(archive)
    for entry in archive.infolist():
        # sheets are unpacked, and so checked, when they are read
        if "worksheets/" not in entry.filename:
            for _ in chunks(archive, entry):
                pass
    return archive


def check_sizes(archive: zipfile.ZipFile) -> None:
    """Check what a zipped file says of the sizes of its members.

    Parameters
    ----------
    archive : zipfile.ZipFile
        Open for reading.

    Raises
    ------
    PackageError
        If it has too many members, or would unpack to too much, or to over 300 times its size.
    """
    entries = archive.infolist()
    if len(entries) > MOST_MEMBERS:
        raise PackageError(f"It holds more than {MOST_MEMBERS:,} files.")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MOST_UNPACKED_BYTES:
        raise PackageError(f"It unpacks to more than {MOST_UNPACKED_BYTES // 1_000_000:,} MB.")
    if unpacked > ALWAYS_FINE_BYTES and unpacked > MOST_RATIO * max(packed, 1):
        raise PackageError(f"It unpacks to more than {MOST_RATIO} times its size.")


def chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Content of a member, piece by piece and never more than it says of itself.

    Parameters
    ----------
    archive : zipfile.ZipFile
        Open for reading.
    entry : zipfile.ZipInfo
        Of the member.

    Yields
    ------
    bytes
        At most 4 MB each.

    Raises
    ------
    PackageError
        If it is damaged, encrypted, or longer than it says.
    """
    if entry.flag_bits & 1:
        raise PackageError("It is protected by a password.")
    try:
        with archive.open(entry) as member:
            while piece := member.read(_CHUNK_BYTES):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
        raise PackageError("It is damaged, or cut short.") from None


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Which member of a workbook (.xlsx) holds each sheet.

    Parameters
    ----------
    archive : zipfile.ZipFile
        Checked by `check_package`.

    Returns
    -------
    dict of str to str
        Member by name of the sheet; empty where it is no such workbook.
    """
    members = set(archive.namelist())
    book = next((one for one in members if re.fullmatch(r"(?i)xl/workbook\d*\.xml", one)), None)
    if book is None:
        return {}
    relations = f"xl/_rels/{book.rpartition('/')[2]}.rels"
    targets = {}
    if relations in members:
        for tag in re.findall(r"<(?:\w+:)?Relationship\s[^<>]*>", _text(archive, relations)):
            targets[_attribute(tag, "Id")] = _attribute(tag, "Target")
    parts = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^<>]*>", _text(archive, book)):
        target = targets.get(_attribute(tag, r"\w+:id"), "")
        part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        parts[unescape(_attribute(tag, "name"))] = part
    return parts


def check_extent(archive: zipfile.ZipFile) -> None:
    """Check that the tables of an OpenDocument spreadsheet (.ods) can be held.

    Parameters
    ----------
    archive : zipfile.ZipFile
        Checked by `check_package`.

    Raises
    ------
    PackageError
        If filled cells are repeated to more than 25 million.
    """
    cells = columns = row_cells = 0
    repeat = 1
    for match in _REPEATED.finditer(archive.read("content.xml")):
        tag, attributes = match[1], match[2]
        times = re.search(rb"-repeated=\"(\d{1,9})\"", attributes)
        number = int(times[1]) if times else 1
        if tag == b"row":
            cells += row_cells * repeat
            row_cells, columns, repeat = 0, 0, number
        else:
            columns += number
            if not match[3]:  # a filled cell: the row is held up to here
                row_cells = columns
        if cells + row_cells * repeat > MOST_CELLS:
            raise PackageError(f"Its cells are repeated to more than {MOST_CELLS:,}.")


def _text(archive: zipfile.ZipFile, member: str) -> str:
    return archive.read(member).decode("utf-8", "replace")


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf"\s{name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    return unescape(match[1] or match[2] or "") if match else ""


def read_marks(archive: zipfile.ZipFile, part: str) -> SheetMarks:
    """What stands beside the values of a sheet of a workbook (.xlsx).

    Parameters
    ----------
    archive : zipfile.ZipFile
        Checked by `check_package`.
    part : str
        Of the sheet, by `sheet_parts`.

    Returns
    -------
    SheetMarks
        Hidden rows and columns, errors, and formulas without a stored result.

    Raises
    ------
    PackageError
        If the sheet's first and last cell lie so far apart that it cannot be held.
    """
    try:
        entry = archive.getinfo(part)
    except KeyError:
        return SheetMarks()
    if not _look_over(archive, entry):
        return SheetMarks()
    xml = archive.read(entry)
    made_unstored = _is_calculated_on_opening(archive)
    marks = SheetMarks()
    _note_hidden(xml, marks)
    for match in _ERROR.finditer(xml):
        if (place := _place(match[0])) is not None:
            marks.errors[place] = _stored_text(xml, match.end()) or "#ERROR!"
    for match in _FORMULA.finditer(xml):
        _note_formula(xml, match.start(), marks, made_unstored=made_unstored)
    return marks


def _look_over(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether a sheet has anything to note; its extent is checked on the way."""
    last_row, columns, marked, tail = 0, set(), False, b""
    for piece in chunks(archive, entry):
        both = tail + piece
        marked = marked or _MARKED.search(both) is not None
        found = _ADDRESS.findall(both)
        if found:
            columns.update({letters for letters, _ in found})
            last_row = max(last_row, max(map(int, {row for _, row in found})))
        tail = both[-_OVERLAP:]
    last_column = max(map(_column_number, columns), default=-1)
    if last_row * (last_column + 1) > MOST_CELLS:
        raise PackageError(
            f"Its cells reach to {last_row:,} rows and {last_column + 1:,} columns: more than"
            f" {MOST_CELLS:,} cells."
        )
    return marked


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _is_calculated_on_opening(archive: zipfile.ZipFile) -> bool:
    """Whether the workbook leaves its formulas to be worked out by Excel; 0 stands there then."""
    books = [one for one in archive.namelist() if re.fullmatch(r"(?i)xl/workbook\d*\.xml", one)]
    return any(re.search(r"fullCalcOnLoad=[\"'](1|true)", _text(archive, one)) for one in books)


def _note_hidden(xml: bytes, marks: SheetMarks) -> None:
    row = -1
    for match in _ROW.finditer(xml):
        number = re.search(rb"\br=[\"'](\d+)", match[1])
        row = int(number[1]) - 1 if number else row + 1
        if _HIDDEN.search(match[1]):
            marks.hidden_rows.append(row)
    for match in _COLUMN.finditer(xml):
        if _HIDDEN.search(match[1]):
            first, last = (
                re.search(rb"\b" + w + rb"=[\"'](\d+)", match[1]) for w in (b"min", b"max")
            )
            if first and last:
                marks.hidden_columns += range(int(first[1]) - 1, min(int(last[1]), 16_384))


def _place(tag: bytes) -> tuple[int, int] | None:
    match = _REFERENCE.match(tag)
    return (int(match[2]) - 1, _column_number(match[1])) if match else None


def _end_of_cell(xml: bytes, start: int) -> int:
    match = re.compile(rb"</(?:\w{1,9}:)?c>").search(xml, start)
    return match.start() if match else start


def _stored_text(xml: bytes, start: int) -> str:
    match = _STORED.search(xml, start, _end_of_cell(xml, start) + 4)
    return unescape(match[1].decode("utf-8", "replace")) if match else ""


def _note_formula(xml: bytes, at: int, marks: SheetMarks, *, made_unstored: bool) -> None:
    start = max(xml.rfind(b"<c ", 0, at), xml.rfind(b":c ", 0, at))
    tag = xml[max(start, 0) : xml.find(b">", start) + 1]
    if tag.startswith(b":c"):
        tag = b"<x" + tag
    place = _place(tag)
    if place is None or place in marks.errors:
        return
    stored = _stored_text(xml, at)
    is_text = re.search(rb"\bt=[\"']str", tag) is not None
    if (not stored and not is_text) or (made_unstored and stored == "0"):
        marks.errors[place] = UNSTORED
