"""Long tables column by column: CSV files through pyarrow, sheets from their cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from wholesystem.errors import Fault
from wholesystem.indicators.loaders.cells import cell_text, column_letters
from wholesystem.indicators.loaders.loaded import LoadError
from wholesystem.indicators.loaders.sheets import Columns, Sheet

__all__ = ["CsvRows", "CsvSheet", "columns_of_rows"]

_HEAD_ROWS = 200
_BLOCK_BYTES = 1 << 24


class CsvRows(Sequence[list[object]]):
    """Rows of a CSV file; all but the first 200 are read only when they are asked for.

    Parameters
    ----------
    content : bytes
        In UTF-8 without a byte order mark.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._head = list(islice(self._all(), _HEAD_ROWS))
        self._rest: list[list[object]] | None = None if len(self._head) == _HEAD_ROWS else []

    def _all(self) -> Iterator[list[object]]:
        lines = io.TextIOWrapper(io.BytesIO(self._content), encoding="utf-8", newline="")
        for row in csv.reader(lines):
            yield list(row)

    def _whole(self) -> list[list[object]]:
        if self._rest is None:
            self._rest = list(islice(self._all(), _HEAD_ROWS, None))
        return self._rest

    def __len__(self) -> int:
        """Number of rows, the header and blank lines included."""
        return len(self._head) + len(self._whole())

    @overload
    def __getitem__(self, index: int) -> list[object]: ...
    @overload
    def __getitem__(self, index: slice) -> list[list[object]]: ...
    def __getitem__(self, index: int | slice) -> Any:
        """A row, or several."""
        if isinstance(index, slice) or index < 0:
            return (self._head + self._whole())[index]
        if index < len(self._head):
            return self._head[index]
        return self._whole()[index - len(self._head)]


@dataclass(frozen=True)
class CsvSheet(Sheet):
    """A CSV file, whose long table is read without going through its rows.

    Parameters
    ----------
    content : bytes
        In UTF-8 without a byte order mark.
    """

    content: bytes = b""

    def columns(self, header_row: int = 0) -> Columns:
        """The table below a header row, column by column, as text.

        Parameters
        ----------
        header_row : int, optional
            From 0.

        Returns
        -------
        Columns
            500,000 rows of ten columns take about a second.

        Raises
        ------
        LoadError
            If a quote is left open.
        """
        names = _names(self.rows[header_row])
        misshapen: list[tuple[int, int, int]] = []
        table = self._read(header_row, names, misshapen)
        if misshapen and self.content.count(b'"') % 2:
            rule = "A quote is left open, so the lines below ran together into one."
            raise LoadError([self.fault(misshapen[-1][0], None, rule, "Close the quote there.")])
        rows = np.arange(header_row + 1, header_row + 1 + table.num_rows + len(misshapen))
        rows = np.setdiff1d(rows, [row for row, _, _ in misshapen], assume_unique=True)
        filled = _filled(table)
        letters = {name: column_letters(i) for i, name in enumerate(names)}
        return Columns(table.filter(pa.array(filled)), rows[filled], letters, tuple(misshapen))

    def _read(
        self, header_row: int, names: list[str], misshapen: list[tuple[int, int, int]]
    ) -> pa.Table:
        def note(line: Any) -> str:
            # the number is counted from 1 and from the first line that is read
            row = line.number - 1 + header_row + 1
            misshapen.append((row, line.actual_columns, line.expected_columns))
            return "skip"

        try:
            return arrow_csv.read_csv(
                io.BytesIO(self._from_row(header_row + 1)),
                # one thread: only then does each misshapen line come with its number
                arrow_csv.ReadOptions(
                    use_threads=False, block_size=_BLOCK_BYTES, column_names=names
                ),
                arrow_csv.ParseOptions(
                    newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note
                ),
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
        except pa.ArrowInvalid:
            raise LoadError(
                [
                    Fault(
                        self.file,
                        None,
                        "It cannot be read as CSV: a quote is left open, or a cell is very long.",
                        "Save it again as CSV UTF-8 (comma delimited).",
                    )
                ]
            ) from None

    def _from_row(self, row: int) -> bytes:
        """Content from a row on; rows above the header may have quoted line ends."""
        if row == 0:
            return self.content
        lines = io.TextIOWrapper(io.BytesIO(self.content), encoding="utf-8", newline="")
        reader = csv.reader(iter(lines.readline, ""))
        for _ in range(row):
            next(reader, None)
        skipped = reader.line_num
        start = 0
        for _ in range(skipped):
            start = self.content.find(b"\n", start) + 1 or len(self.content)
        return self.content[start:]


def _filled(table: pa.Table) -> Any:
    filled = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        filled |= np.asarray(pc.is_valid(column).to_numpy(), dtype=bool)
    return filled


def _names(header: Sequence[object]) -> list[str]:
    names: list[str] = []
    for i, value in enumerate(header):
        name = cell_text(value) or f"column {column_letters(i)}"
        again = sum(one == name or one.startswith(f"{name} (") for one in names)
        names.append(f"{name} ({again + 1})" if name in names else name)
    return names


def columns_of_rows(sheet: Sheet, header_row: int) -> Columns:
    """The table below a header row of a sheet.

    Parameters
    ----------
    sheet : Sheet
        Of a workbook.
    header_row : int
        From 0.

    Returns
    -------
    Columns
        Cells beyond the header's last column are left out when blank, else named by letters.
    """
    header = list(sheet.rows[header_row])
    while header and header[-1] == "":
        header.pop()
    body = sheet.rows[header_row + 1 :]
    names = _names(header)
    columns = [pa.array(_column(body, i), pa.string()) for i in range(len(names))]
    table = pa.table(columns, names=names)
    filled = _filled(table)
    rows = np.arange(header_row + 1, header_row + 1 + len(body))[filled]
    letters = {name: column_letters(i) for i, name in enumerate(names)}
    return Columns(table.filter(pa.array(filled)), rows, letters)


def _column(body: Sequence[list[object]], i: int) -> list[str | None]:
    # most texts of a long column are the same few, and cleaning one takes a microsecond
    cleaned: dict[str, str | None] = {}
    column: list[str | None] = []
    for row in body:
        value = row[i] if i < len(row) else ""
        if type(value) is not str:
            column.append(cell_text(value) or None)
            continue
        if value not in cleaned:
            cleaned[value] = cell_text(value) or None
        column.append(cleaned[value])
    return column
