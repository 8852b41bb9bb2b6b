"""Small tables as text: what stands in each cell, and where the person sees it.

A folder of CSV files and a workbook whose sheets bear the same names become the same `Tables`.
Nothing is interpreted here; `rows` turns text into checked rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wholesystem.errors import Fault, TableError

__all__ = ["Layout", "RawRow", "Table", "Tables"]


@dataclass(frozen=True)
class RawRow:
    """One row as it stands in the file.

    Parameters
    ----------
    number : int
        As a spreadsheet numbers it; the header is row 1.
    cells : mapping of str to str
        Text by column; blank cells are empty text.
    """

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """One table as it stands in its file.

    Parameters
    ----------
    name : str
        Without an ending: ``services``.
    shown_as : str
        As messages call it: ``services.csv``, or ``area.xlsx sheet services``.
    columns : tuple of str
        In the order of the file.
    rows : tuple of RawRow
        Those that are not wholly blank.
    row_word : str
        What a row is called: ``line`` in a TOML file.
    is_whole : bool
        False where rows are missing because they could not be read, so that nothing can be said
        of what the table lacks.
    """

    name: str
    shown_as: str
    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]
    row_word: str = "row"
    is_whole: bool = True

    def where(self, number: int | None = None, column: str = "") -> str:
        """A place in the table as a message calls it.

        Parameters
        ----------
        number : int, optional
            Of the row; None for the whole table.
        column : str
            Of the cell; empty for the whole row.

        Returns
        -------
        str
            Such as ``services.csv row 3, column places``.
        """
        row = "" if number is None else f" {self.row_word} {number}"
        return f"{self.shown_as}{row}" + (f", column {column}" if column else "")


@dataclass(frozen=True)
class Layout:
    """Which tables a format has, for reading them.

    Parameters
    ----------
    columns : mapping of str to tuple of str
        Columns of each table, in order.
    ignored : frozenset of str
        File names that may stand beside the tables and are none.
    extra : callable
        Columns of a table whose name is not fixed (``empirical_los``), or None where a name is
        no table of the format.
    settings : str
        Name of the table of settings, which is a TOML file in a folder: ``model``.
    of : str
        What the tables are of, as messages say it.
    is_header : callable, optional
        Whether a line of a sheet is its header. Where given, lines above the first such one are
        passed over, if there is one among the first 20: titles, dates and logos that people put
        above a table. If not given, the first line is the header.
    """

    columns: Mapping[str, tuple[str, ...]]
    ignored: frozenset[str]
    extra: Callable[[str], tuple[str, ...] | None]
    settings: str
    of: str = "a model"
    is_header: Callable[[Sequence[str]], bool] | None = None

    def columns_of(self, name: str) -> tuple[str, ...] | None:
        """Columns that a table may have.

        Parameters
        ----------
        name : str
            Of the table.

        Returns
        -------
        tuple of str or None
            None where the format has no such table.
        """
        return self.columns.get(name) or self.extra(name)


@dataclass(frozen=True)
class Tables:
    """All tables of one folder or workbook.

    Parameters
    ----------
    source : Path
        The folder or workbook.
    tables : mapping of str to Table
        By name, in the order of the format.
    faults : tuple of Fault
        What was wrong with the files themselves; the rows that could be read are here all the
        same, so that faults of rows are told together with these.
    """

    source: Path
    tables: Mapping[str, Table]
    faults: tuple[Fault, ...] = field(default=())

    def check(self) -> None:
        """Check that every file could be read.

        Raises
        ------
        TableError
            With every fault of the files.
        """
        if self.faults:
            raise TableError(self.faults)

    @staticmethod
    def in_order(tables: Iterable[Table], layout: Layout) -> dict[str, Table]:
        """Tables by name: those of the format in its order, then the others by name.

        Parameters
        ----------
        tables : iterable of Table
            In any order.
        layout : Layout
            The format.

        Returns
        -------
        dict of str to Table
            The same tables.
        """
        order = {name: i for i, name in enumerate((layout.settings, *layout.columns))}
        listed = sorted(tables, key=lambda t: (order.get(t.name, len(order)), t.name))
        return {table.name: table for table in listed}
