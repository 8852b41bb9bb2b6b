"""Typed rows of a set of small tables, with the place of each row in the person's own file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from wholesystem.errors import Fault
from wholesystem.reviews.table_sets import TableSet
from wholesystem.tables import Tables
from wholesystem.tables.rows import check_columns

__all__ = ["SetRows", "read_set_rows"]


@dataclass
class SetRows:
    """Rows of a set's tables, and what could not be read.

    Parameters
    ----------
    tables : Tables
        As text.
    rows : dict of str to list of Row
        Those without a fault; an empty list for a table that is not there.
    numbers : dict of str to list of int
        Which row of its file each is.
    unsure : set of str
        Tables of which some row is missing here because it has a fault.
    faults : list of Fault
        Of files, headers and cells.
    """

    tables: Tables
    rows: dict[str, list[Any]] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def where(self, name: str, at: int | None = None, column: str = "") -> str:
        """A place as messages call it.

        Parameters
        ----------
        name : str
            Of the table.
        at : int, optional
            Place among `rows`; None for the whole table.
        column : str
            Of the cell; empty for the whole row.

        Returns
        -------
        str
            Such as ``beds.csv row 3, column value``.
        """
        table = self.tables.tables.get(name)
        if table is None:
            return f"{name}.csv"
        return table.where(None if at is None else self.numbers[name][at], column)


def read_set_rows(
    kind: TableSet, tables: Tables, needed: Collection[str], single: Collection[str] = ()
) -> SetRows:
    """Typed rows of a set.

    Parameters
    ----------
    kind : TableSet
        What it is a set of.
    tables : Tables
        As text.
    needed : collection of str
        Tables that must be there.
    single : collection of str
        Those of them that must have one row.

    Returns
    -------
    SetRows
        With the faults of the files too.
    """
    found = SetRows(tables, faults=list(tables.faults))
    for name, row_class in kind.kinds.items():
        found.rows[name], found.numbers[name] = [], []
        table = tables.tables.get(name)
        if table is None:
            found.unsure |= {name} if tables.faults or name in needed else set()
            if name in needed and not tables.faults:
                found.faults.append(kind.missing(name, tables))
            continue
        faults = check_columns(table, row_class.columns(), row_class.needed_columns())
        read, of_rows = row_class.read(table)
        faults += of_rows
        if name in single:
            faults += kind.not_one_row(table)
        found.rows[name] = [row for _, row in read]
        found.numbers[name] = [number for number, _ in read]
        found.unsure |= {name} if faults or not table.is_whole else set()
        found.faults += faults
    return found
