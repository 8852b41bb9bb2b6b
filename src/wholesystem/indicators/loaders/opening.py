"""Opening a file by what it is, not by what its name ends in, and within bounds."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault
from wholesystem.indicators.loaders.loaded import LoadError
from wholesystem.indicators.loaders.sheets import Sheet, Workbook

__all__ = ["MOST_BYTES", "open_workbook"]

# A file of published statistics is rarely over 50 MB; unpacked, a sheet of 500,000 rows is 200 MB.
MOST_BYTES = 200_000_000
MOST_UNPACKED_BYTES = 1_000_000_000
_OLE, _ZIP, _GZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"\x1f\x8b"


def open_workbook(path: str | Path, content: bytes | None = None) -> Workbook:
    """Open a published file.

    Parameters
    ----------
    path : path
        Of a .xls, .xlsx, .xlsm, .ods, .csv or .csv.gz file. What it is is seen from its content.
    content : bytes, optional
        What it holds, where it is a member of a zip file; `path` is then its name only.

    Returns
    -------
    Workbook
        Its sheets are read on first use.

    Raises
    ------
    LoadError
        If it cannot be read, is empty, too large, protected by a password, or none of these.
    """
    path = Path(path)
    if content is None:
        kept: Path | None = path
        content = _read_bytes(path)
    else:
        kept = None
    if not content.strip():
        raise _refuse(path, "It is empty.", "Fetch the file again.")
    if content.startswith(_GZIP):
        return _open_csv(path, _gunzip(path, content), kept)
    if content.startswith((_OLE, _ZIP)):
        return _open_spreadsheet(path, content, kept)
    return _open_csv(path, content, kept)


def _refuse(path: Path, rule: str, remedy: str) -> LoadError:
    return LoadError([Fault(path.name, None, rule, remedy)])


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _refuse(
                path, f"It is larger than {MOST_BYTES // 1_000_000} MB.", "Load a part of it."
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise _refuse(path, "There is no such file.", "Check the name and folder.") from None
    except OSError:
        raise _refuse(
            path, "It may not be read.", "Ask for the right to read it, or close it in Excel."
        ) from None


def _gunzip(path: Path, content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            unpacked = file.read(MOST_UNPACKED_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise _refuse(path, "It is damaged, or cut short.", "Fetch the file again.") from None
    if len(unpacked) > MOST_UNPACKED_BYTES:
        raise _refuse(
            path,
            f"It unpacks to more than {MOST_UNPACKED_BYTES // 1_000_000} MB.",
            "Load a part of it.",
        )
    return unpacked


def _open_csv(path: Path, content: bytes, kept: Path | None) -> Workbook:
    from wholesystem.indicators.loaders.columns import CsvRows, CsvSheet

    text = _as_utf8(content)

    def read_sheet(name: str) -> Sheet:
        return CsvSheet(path.name, name, CsvRows(text), content=text)

    return Workbook(path.name, content, "csv", ("",), read_sheet, kept)


def _as_utf8(content: bytes) -> bytes:
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:]
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").encode("utf-8")
    return content


def _open_spreadsheet(path: Path, content: bytes, kept: Path | None) -> Workbook:
    from python_calamine import load_workbook

    book: Any = load_workbook(io.BytesIO(content))

    def read_sheet(name: str) -> Sheet:
        sheet = book.get_sheet_by_name(name)
        return Sheet(path.name, name, sheet.to_python(skip_empty_area=False))

    kind = "xls" if content.startswith(_OLE) else "xlsx"
    return Workbook(path.name, content, kind, tuple(book.sheet_names), read_sheet, kept)
