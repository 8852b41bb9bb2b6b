"""Tables of results: what a page, a report or a CSV file shows, with units and what is missing.

A value that nobody has is None, and a note says why; a cell that does not apply is blank text.
Nothing here knows how a table is laid out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wholesystem.errors import OurFault
from wholesystem.files import staged_folder
from wholesystem.tables.cells import number_text
from wholesystem.tables.writing import csv_bytes

__all__ = ["ResultColumn", "ResultTable", "Value", "write_result_tables"]

Value = str | int | float | date | None


@dataclass(frozen=True)
class ResultColumn:
    """A column.

    Parameters
    ----------
    name : str
        In a CSV file; the unit is in the name of a bare number.
    heading : str
        For people.
    unit : str
        Of its numbers; empty where they have none, or a column of the table says it.
    decimals : int or None
        Places shown to people; None for text and whole numbers. Files have every place.
    """

    name: str
    heading: str
    unit: str = ""
    decimals: int | None = None


@dataclass(frozen=True)
class ResultTable:
    """A table.

    Parameters
    ----------
    name : str
        Of its file, without an ending.
    title : str
        What it shows.
    columns : tuple of ResultColumn
        In order.
    rows : tuple of tuple of Value
        A value for each column; None where nobody has it, blank text where none belongs there.
    notes : tuple of str
        What a reader must know: how it was counted, what is missing, where it disagrees.
    """

    name: str
    title: str
    columns: tuple[ResultColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        wide = len(self.columns)
        if any(len(row) != wide for row in self.rows):
            raise OurFault(f"A row of the table {self.name} has not {wide} values.")

    def records(self) -> list[dict[str, Value]]:
        """The rows by name of column.

        Returns
        -------
        list of dict of str to Value
            In order.
        """
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def column(self, name: str) -> list[Value]:
        """The values of one column.

        Parameters
        ----------
        name : str
            Of the column.

        Returns
        -------
        list of Value
            In order of the rows.
        """
        at = [column.name for column in self.columns].index(name)
        return [row[at] for row in self.rows]

    def csv(self) -> bytes:
        """The table as a CSV file.

        Returns
        -------
        bytes
            UTF-8; a missing value is a blank cell. Notes are not in it.
        """
        names = [column.name for column in self.columns]
        rows = (
            {name: _text(value) for name, value in zip(names, row, strict=True)}
            for row in self.rows
        )
        return csv_bytes(names, rows)


def write_result_tables(tables: Iterable[ResultTable], out: str | os.PathLike[str]) -> None:
    """Write tables as a folder of CSV files, and their notes beside them.

    Parameters
    ----------
    tables : iterable of ResultTable
        Each of another name.
    out : path
        Made if it does not exist; files of the same names are replaced, all or none.
        ``notes.csv`` has a row for each note of each table.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    every: Sequence[ResultTable] = tuple(tables)
    notes = [{"table": one.name, "note": note} for one in every for note in one.notes]
    with staged_folder(Path(out)) as stage:
        for one in every:
            (stage / f"{one.name}.csv").write_bytes(one.csv())
        (stage / "notes.csv").write_bytes(csv_bytes(["table", "note"], notes))


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return number_text(value)
    return value
