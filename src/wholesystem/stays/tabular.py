"""Reading a file of rows as it stands: text cells with the row numbers that the user sees."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from wholesystem.errors import Fault, TableError, UserError
from wholesystem.stays.cells import unescape_cells

__all__ = ["RawRows", "read_rows"]

_LONGEST_HEADER = 100_000


@dataclass(frozen=True)
class RawRows:
    """A file's rows before any meaning is given to them.

    Parameters
    ----------
    table : pyarrow.Table
        All columns of the file: text from CSV and Excel, typed from Parquet. Blank cells are
        null and blank lines are left out.
    rows : ndarray of int, shape (n_rows,)
        Number of each row; the header is row 1 (in Parquet too, which has none).
    misshapen : tuple of (int, str)
        Number and fault of each line that has more or fewer cells than the header.
    blank_lines : int
        Lines with nothing in them.
    metadata : dict of bytes to bytes
        Schema metadata of a Parquet file.
    """

    table: pa.Table
    rows: NDArray[np.int64]
    misshapen: tuple[tuple[int, str], ...] = ()
    blank_lines: int = 0
    metadata: dict[bytes, bytes] | None = None

    @property
    def read(self) -> int:
        """Number of rows read, misshapen ones included and blank lines left out."""
        return int(self.table.num_rows) + len(self.misshapen)


def read_rows(path: Path) -> RawRows:
    """Read a CSV, Parquet or Excel file.

    Parameters
    ----------
    path : Path
        Ending in .csv, .parquet or .xlsx (the first sheet is read).

    Returns
    -------
    RawRows
        The rows with their numbers.

    Raises
    ------
    UserError
        If there is no such file or its kind is not known.
    TableError
        If it cannot be read as that kind.
    """
    readers = {".csv": _read_csv, ".parquet": _read_parquet, ".xlsx": _read_xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UserError(
            f"{path} does not end in .csv, .parquet or .xlsx. Only these can be read."
            " Save the table as one of them."
        )
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise UserError(f"{path} {what}. A file of stays is needed. Check the name and folder.")
    try:
        return reader(path)
    except PermissionError:
        raise UserError(f"{path} may not be read. Ask for the right to read it.") from None


def _broken(path: Path, rule: str, remedy: str) -> TableError:
    return TableError([Fault(path.name, None, rule, remedy)])


# ------------------------------------------------------------------------------ CSV


def _read_csv(path: Path) -> RawRows:
    names = _header(path)
    misshapen: list[tuple[int, str]] = []

    def note(row: Any) -> str:
        fault = f"The line has {row.actual_columns} cells; the header has {row.expected_columns}."
        misshapen.append((row.number, fault))
        return "skip"

    try:
        table = arrow_csv.read_csv(
            path,
            # one thread: only then does each misshapen line come with its number
            arrow_csv.ReadOptions(use_threads=False, block_size=1 << 24),
            arrow_csv.ParseOptions(
                newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note
            ),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            raise _not_utf8(path) from None
        raise _broken(
            path,
            "The file cannot be read as CSV: a quote is left open, or a cell is over 16 MB.",
            "Save it again as CSV UTF-8 (comma delimited).",
        ) from None
    numbers = np.arange(2, table.num_rows + len(misshapen) + 2)
    numbers = np.setdiff1d(numbers, [row for row, _ in misshapen], assume_unique=True)
    columns = [unescape_cells(column) for column in table.columns]
    unescaped = pa.table(columns, names=table.column_names)
    return _without_blank_lines(unescaped, numbers, tuple(misshapen))


def _header(path: Path) -> list[str]:
    """Column names of a CSV file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(iter([file.readline(_LONGEST_HEADER)])), [])
    except (UnicodeDecodeError, csv.Error):
        raise _not_utf8(path) from None
    if not any(names):
        raise _broken(path, "The file has no header in row 1.", "Write the column names there.")
    if any("\x00" in name for name in names):
        raise _not_utf8(path)
    _check_names(path, names)
    return names


def _check_names(path: Path, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _broken(
            path,
            f"The header has {', '.join(repr(n) for n in twice)} more than once.",
            "Give each column a name of its own.",
        )


def _not_utf8(path: Path) -> TableError:
    return _broken(
        path,
        "The file is not text in UTF-8.",
        "In Excel choose Save As, CSV UTF-8 (comma delimited).",
    )


def _without_blank_lines(
    table: pa.Table, rows: NDArray[np.int64], misshapen: tuple[tuple[int, str], ...] = ()
) -> RawRows:
    filled = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        filled |= np.asarray(pc.is_valid(column).to_numpy(), dtype=bool)
    return RawRows(table.filter(pa.array(filled)), rows[filled], misshapen, int((~filled).sum()))


# ------------------------------------------------------------------- Parquet and Excel


def _read_parquet(path: Path) -> RawRows:
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, pa.ArrowException, OSError):
        raise _broken(
            path, "The file is not Parquet, or is damaged.", "Make it again, or give the CSV."
        ) from None
    metadata = table.schema.metadata or {}
    columns = [
        c.cast(c.type.value_type) if pa.types.is_dictionary(c.type) else c for c in table.columns
    ]
    plain = pa.table(columns, names=table.column_names)
    return RawRows(plain, np.arange(2, table.num_rows + 2), metadata=metadata)


def _read_xlsx(path: Path) -> RawRows:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        lines = [list(line) for line in _values(book)]
        book.close()
    except Exception:  # openpyxl raises a dozen kinds of error on damaged workbooks
        raise _broken(
            path, "The file is not an Excel workbook, or is damaged.", "Save it again in Excel."
        ) from None
    if not lines or not any(lines[0]):
        raise _broken(path, "The first sheet has no header in row 1.", "Write the names there.")
    names = [text or "" for text in lines[0]]
    while names and not names[-1]:
        names.pop()
    _check_names(path, names)
    cells = [(line + [None] * len(names))[: len(names)] for line in lines[1:]]
    columns = [pa.array([line[i] for line in cells], pa.string()) for i in range(len(names))]
    table = pa.table([unescape_cells(pa.chunked_array([c])) for c in columns], names=names)
    return _without_blank_lines(table, np.arange(2, len(cells) + 2))


def _values(book: Any) -> Iterator[list[str | None]]:
    for line in book.worksheets[0].iter_rows(values_only=True):
        yield [_text(value) for value in line]


def _text(value: object) -> str | None:
    """A cell of Excel as the text that would stand in a CSV."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
