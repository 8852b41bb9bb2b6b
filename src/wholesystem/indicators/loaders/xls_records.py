"""What lies in an old .xls workbook beside its values: passwords, hidden parts, formula errors.

An .xls file is an OLE compound file (a small file system, [MS-CFB]) with one stream of records,
BIFF8 ([MS-XLS]). Only the few records that matter here are looked at.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["OLE_SIGNATURE", "OleError", "SheetMarks", "is_encrypted_package", "read_marks"]

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_CHAIN = 0xFFFFFFFA  # this and all above are no sectors
_MOST_SECTORS = 2_000_000
_FORMULA, _BOOLERR, _ROW, _COLINFO = 0x0006, 0x0205, 0x0208, 0x007D
_BOUNDSHEET, _FILEPASS, _EOF = 0x0085, 0x002F, 0x000A
_ERROR_TEXTS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


class OleError(ValueError):
    """A compound file that is damaged, cut short, or no workbook."""


@dataclass
class SheetMarks:
    """What stands beside the values of one sheet.

    Parameters
    ----------
    hidden_rows : list of int
        From 0.
    hidden_columns : list of int
        From 0.
    errors : dict of (row, column) to str
        Cells that hold an error of a formula, such as ``#REF!``, or a formula without a stored
        result (`UNSTORED` of the module cells); from 0.
    """

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


class _Ole:
    """The streams of a compound file."""

    def __init__(self, content: bytes) -> None:
        if len(content) < 512 or not content.startswith(OLE_SIGNATURE):
            raise OleError("no compound file")
        self.content = content
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise OleError("sector size")
        self.sector = 1 << shift
        (self.mini_cutoff,) = struct.unpack_from("<I", content, 56)
        self.fat = self._read_fat()
        (directory,) = struct.unpack_from("<I", content, 48)
        self.entries = dict(self._read_entries(self._chain(directory)))

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self.sector
        data = self.content[start : start + self.sector]
        if not data:
            raise OleError("cut short")
        return data

    def _numbers(self, data: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])

    def _read_fat(self) -> list[int]:
        places = list(struct.unpack_from("<109I", self.content, 76))
        (more,) = struct.unpack_from("<I", self.content, 68)
        seen = 0
        while more < _END_OF_CHAIN:
            *added, more = self._numbers(self._at(more))
            places += added
            seen += 1
            if seen * self.sector > len(self.content):
                raise OleError("loop")
        fat: list[int] = []
        for place in places:
            if place < _END_OF_CHAIN:
                fat += self._numbers(self._at(place))
        return fat

    def _chain(self, sector: int) -> bytes:
        parts = []
        while sector < _END_OF_CHAIN:
            parts.append(self._at(sector))
            if sector >= len(self.fat) or len(parts) > min(len(self.fat), _MOST_SECTORS):
                raise OleError("loop")
            sector = self.fat[sector]
        return b"".join(parts)

    @staticmethod
    def _read_entries(data: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
        for i in range(0, len(data) - 127, 128):
            (length,) = struct.unpack_from("<H", data, i + 64)
            name = data[i : i + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", data, i + 116)
            if name:
                yield name, (start, size)

    def stream(self, name: str) -> bytes | None:
        """Content of a stream, or None where there is none of this name."""
        if name not in self.entries:
            return None
        start, size = self.entries[name]
        if size >= self.mini_cutoff:
            return self._chain(start)[:size]
        return self._small_stream(start)[:size]

    def _small_stream(self, start: int) -> bytes:
        (mini_fat_start,) = struct.unpack_from("<I", self.content, 60)
        mini_fat = self._numbers(self._chain(mini_fat_start))
        room = self._chain(self.entries["Root Entry"][0])
        parts = []
        while start < _END_OF_CHAIN:
            parts.append(room[start * 64 : start * 64 + 64])
            if start >= len(mini_fat) or len(parts) > len(mini_fat):
                raise OleError("loop")
            start = mini_fat[start]
        return b"".join(parts)


def is_encrypted_package(content: bytes) -> bool:
    """Whether a compound file is a workbook of today (.xlsx) behind a password.

    Parameters
    ----------
    content : bytes
        Of the file.

    Returns
    -------
    bool
        True where it holds an encrypted package.

    Raises
    ------
    OleError
        If it is damaged.
    """
    return "EncryptedPackage" in _open(content).entries


def _open(content: bytes) -> _Ole:
    try:
        return _Ole(content)
    except struct.error:
        raise OleError("cut short") from None


def read_marks(content: bytes) -> dict[str, SheetMarks] | None:
    """What stands beside the values, sheet by sheet.

    Parameters
    ----------
    content : bytes
        Of an .xls file.

    Returns
    -------
    dict of str to SheetMarks, or None
        By name of the sheet; None where the workbook is protected by a password.

    Raises
    ------
    OleError
        If it is damaged, or no workbook.
    """
    ole = _open(content)
    try:
        stream = ole.stream("Workbook") or ole.stream("Book")
        if not stream:
            raise OleError("no workbook in it")
        return _marks_of_stream(stream)
    except (struct.error, KeyError):
        raise OleError("cut short") from None


def _marks_of_stream(stream: bytes) -> dict[str, SheetMarks] | None:
    sheets: list[tuple[str, int]] = []
    for kind, at, _ in _records(stream, 0):
        if kind == _FILEPASS:
            return None
        if kind == _BOUNDSHEET:
            sheets.append(_sheet_name(stream, at))
    return {name: _marks_of_sheet(stream, start) for name, start in sheets}


def _sheet_name(stream: bytes, at: int) -> tuple[str, int]:
    start, _, _, length, wide = struct.unpack_from("<IBBBB", stream, at)
    if wide & 1:
        return stream[at + 8 : at + 8 + 2 * length].decode("utf-16-le", "replace"), start
    return stream[at + 8 : at + 8 + length].decode("latin-1"), start


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of each record up to the end of its part."""
    unpack, end = struct.Struct("<HH").unpack_from, len(stream) - 4
    while at <= end:
        kind, length = unpack(stream, at)
        if kind == _EOF:
            return
        yield kind, at + 4, length
        at += 4 + length


def _marks_of_sheet(stream: bytes, start: int) -> SheetMarks:
    marks = SheetMarks()
    unpack = struct.unpack_from
    for kind, at, _ in _records(stream, start):
        if kind == _ROW:
            # bit 5 of the flags: the row is hidden
            if stream[at + 12] & 0x20:
                marks.hidden_rows.append(unpack("<H", stream, at)[0])
        elif kind == _COLINFO:
            first, last, _, _, flags = unpack("<5H", stream, at)
            if flags & 1:
                marks.hidden_columns += range(first, min(last, 255) + 1)
        elif kind == _BOOLERR:
            row, column, _, value, is_error = unpack("<3H2B", stream, at)
            if is_error:
                marks.errors[row, column] = _ERROR_TEXTS.get(value, "#ERROR!")
        elif kind == _FORMULA:
            _note_formula(stream, at, marks)
    return marks


def _note_formula(stream: bytes, at: int, marks: SheetMarks) -> None:
    row, column, _, sort, _, value = struct.unpack_from("<3H3B", stream, at)
    # a result that is no number ends in FFFF and starts with its sort; 2 is an error
    if stream[at + 12 : at + 14] == b"\xff\xff" and sort == 2:
        marks.errors[row, column] = _ERROR_TEXTS.get(value, "#ERROR!")
