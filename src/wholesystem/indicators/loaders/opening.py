"""Opening a file by what it is, not by what its name ends in, and within bounds."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from wholesystem.errors import Fault
from wholesystem.indicators.loaders.cells import column_letters
from wholesystem.indicators.loaders.loaded import LoadError
from wholesystem.indicators.loaders.sheets import Sheet, Workbook
from wholesystem.indicators.loaders.xls_records import (
    OLE_SIGNATURE,
    OleError,
    SheetMarks,
    is_encrypted_package,
)
from wholesystem.indicators.loaders.xls_records import read_marks as xls_marks
from wholesystem.indicators.loaders.xlsx_parts import (
    MOST_UNPACKED_BYTES,
    ZIP_SIGNATURE,
    PackageError,
    check_extent,
    check_package,
    sheet_parts,
)
from wholesystem.indicators.loaders.xlsx_parts import read_marks as package_marks

__all__ = ["MOST_BYTES", "open_workbook"]

# A file of published statistics is rarely over 50 MB; unpacked, a sheet of 500,000 rows is 200 MB.
MOST_BYTES = 200_000_000
# An error in a cell below the last filled row is noted this far down.
MOST_ROWS_BEYOND = 100_000
_T = TypeVar("_T")
_GZIP = b"\x1f\x8b"


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
    if not content or content.isspace():
        raise _refuse(path, "It is empty.", "Fetch the file again.")
    if content.startswith(_GZIP):
        unpacked = _gunzip(path, content)
        _check_is_text(path, unpacked)
        return _open_csv(path, unpacked, kept, sha_of=content)
    if content.startswith((OLE_SIGNATURE, ZIP_SIGNATURE)):
        return _open_spreadsheet(path, content, kept)
    _check_is_text(path, content)
    return _open_csv(path, content, kept)


def _check_is_text(path: Path, content: bytes) -> None:
    start = content[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if re.match(rb"<(!doctype html|html|head|body|table|meta|div)\b", start):
        raise _refuse(
            path,
            "It is a web page (HTML), whatever its name ends in.",
            "Open it in Excel and save it as .xlsx; or fetch the file again, the page may be a"
            " message of the website.",
        )
    if start.startswith((b"<?xml", b"<")):
        raise _refuse(path, "It is XML, not a workbook.", "Open it in Excel and save it as .xlsx.")
    if start.startswith(b"%pdf"):
        raise _refuse(path, "It is a PDF.", "Fetch the workbook or the CSV file of it.")
    if b"\0" in content:
        raise _refuse(
            path,
            "It is neither a workbook nor text.",
            "In Excel choose Save As, Excel workbook (.xlsx) or CSV UTF-8 (comma delimited).",
        )


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


def _open_csv(
    path: Path, content: bytes, kept: Path | None, sha_of: bytes | None = None
) -> Workbook:
    from wholesystem.indicators.loaders.columns import CsvRows, CsvSheet

    text = _as_utf8(content)

    def read_sheet(name: str) -> Sheet:
        return CsvSheet(path.name, name, CsvRows(text), content=text)

    return Workbook(path.name, sha_of or content, "csv", ("",), read_sheet, kept)


def _as_utf8(content: bytes) -> bytes:
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:]
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").encode("utf-8")
    return content


def _open_spreadsheet(path: Path, content: bytes, kept: Path | None) -> Workbook:
    kind, marks_of = _look_inside(path, content)
    with _reader_errors(path):
        from python_calamine import SheetVisibleEnum, load_workbook

        book: Any = load_workbook(io.BytesIO(content))
        hidden = {
            one.name for one in book.sheets_metadata if one.visible != SheetVisibleEnum.Visible
        }
    if not book.sheet_names:
        raise _refuse(path, "It has no sheets.", "Fetch the file again.")

    def read_sheet(name: str) -> Sheet:
        marks = _with_package_errors(f"{path.name}, sheet {name}", lambda: marks_of(name))
        with _reader_errors(path):
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
            merged = tuple((*a, *b) for a, b in sheet.merged_cell_ranges or ())
        return _make_sheet(path.name, name, rows, marks, merged, is_hidden=name in hidden)

    return Workbook(path.name, content, kind, tuple(book.sheet_names), read_sheet, kept)


def _look_inside(path: Path, content: bytes) -> tuple[str, Callable[[str], SheetMarks]]:
    """Kind of a spreadsheet, and how to learn what lies beside the values of its sheets."""
    return _with_package_errors(
        path.name,
        lambda: (
            _inside_xls(path, content)
            if content.startswith(OLE_SIGNATURE)
            else _inside_package(path, content)
        ),
    )


def _inside_xls(path: Path, content: bytes) -> tuple[str, Callable[[str], SheetMarks]]:
    try:
        marks = None if is_encrypted_package(content) else xls_marks(content)
    except OleError as error:
        if str(error) == "no workbook in it":
            raise _refuse(
                path, "It is an old Office file, but no workbook.", "Give the workbook."
            ) from None
        raise PackageError("It is damaged, or cut short.") from None
    if marks is None:
        raise PackageError("It is protected by a password.")
    found = marks
    return "xls", lambda name: found.get(name, SheetMarks())


def _inside_package(path: Path, content: bytes) -> tuple[str, Callable[[str], SheetMarks]]:
    archive = check_package(content)
    if "content.xml" in archive.namelist():
        check_extent(archive)
        return "ods", lambda _: SheetMarks()
    if parts := sheet_parts(archive):
        return "xlsx", lambda name: package_marks(archive, parts.get(name, ""))
    if "xl/workbook.bin" in archive.namelist():
        raise _refuse(
            path, "It is a binary workbook (.xlsb).", "Save it as an Excel workbook (.xlsx)."
        )
    raise _refuse(
        path,
        "It is a zip file, but no workbook.",
        "Load it as a zip file of published files, or unpack it.",
    )


def _with_package_errors(where: str, look: Callable[[], _T]) -> _T:
    try:
        return look()
    except PackageError as error:
        raise LoadError([Fault(where, None, str(error), _remedy(str(error)))]) from None


def _remedy(rule: str) -> str:
    if "password" in rule:
        return "Open it in Excel with the password, and save it without one."
    if "damaged" in rule:
        return "Fetch the file again, or open it in Excel and save it as .xlsx."
    return "Published files are far smaller: make sure that it is one, or load a part of it."


@contextmanager
def _reader_errors(path: Path) -> Iterator[None]:
    """Turn whatever the reader raises on a damaged file into what the person can do."""
    try:
        yield
    except (LoadError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        if type(error).__name__ == "PasswordError":
            raise _refuse(path, "It is protected by a password.", _remedy("password")) from None
        raise _refuse(
            path,
            f"It cannot be read as a workbook ({type(error).__name__}).",
            _remedy("damaged"),
        ) from None


def _make_sheet(
    file: str,
    name: str,
    rows: list[list[object]],
    marks: SheetMarks,
    merged: tuple[tuple[int, int, int, int], ...],
    *,
    is_hidden: bool,
) -> Sheet:
    for (row, column), text in marks.errors.items():
        _put(rows, row, column, text)
    notes = []
    for word, numbers, shown in (
        ("row", marks.hidden_rows, lambda i: str(i + 1)),
        ("column", marks.hidden_columns, column_letters),
    ):
        width = len(rows) if word == "row" else max(map(len, rows), default=0)
        if inside := [i for i in numbers if i < width]:
            notes.append(f"hidden {_ranges(word, inside, shown)} read like the others")
    return Sheet(file, name, rows, is_hidden, tuple(notes), merged)


def _put(rows: list[list[object]], row: int, column: int, text: str) -> None:
    """Write into a grid, which may end before that cell: an error is blank to the reader."""
    if row > len(rows) + MOST_ROWS_BEYOND or column >= 16_384:
        return
    while len(rows) <= row:
        rows.append([])
    line = rows[row]
    line += [""] * (column + 1 - len(line))
    line[column] = text


def _ranges(word: str, numbers: list[int], shown: Callable[[int], str]) -> str:
    """``rows 3, 5 to 9 were`` for numbers in order."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    texts = [shown(a) if a == b else f"{shown(a)} to {shown(b)}" for a, b in spans[:10]]
    more = "" if len(spans) <= 10 else f" and {len(spans) - 10} more"
    one = len(spans) == 1 and spans[0][0] == spans[0][1]
    return f"{word}{'' if one else 's'} {', '.join(texts)}{more} {'was' if one else 'were'}"
