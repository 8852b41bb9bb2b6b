"""Sets of small tables that come packaged and that users bring: frameworks, instruments.

A set is a folder of CSV files or a workbook with the same names; how it is found, read as text and
written is the same whatever it holds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from wholesystem.errors import Fault, TableError
from wholesystem.files import staged_folder
from wholesystem.tables import Layout, RawRow, Table, Tables
from wholesystem.tables.cells import closest
from wholesystem.tables.reading import read_csv_table, unknown_table
from wholesystem.tables.rows import Row

__all__ = ["TableSet"]

_WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class TableSet:
    """One kind of set.

    Parameters
    ----------
    word : str
        What a set is called: ``framework``.
    article : str
        ``a`` or ``an``, before the word.
    kinds : mapping of str to type of Row
        Class of the rows of each table, in order.
    folder : Path or None
        Where the packaged ones lie, a folder each; None for a kind of which none is packaged.
    """

    word: str
    article: str
    kinds: Mapping[str, type[Row]]
    folder: Path | None

    @cached_property
    def layout(self) -> Layout:
        """The tables as their reader knows them."""
        columns = {name: kind.columns() for name, kind in self.kinds.items()}
        return Layout(columns, frozenset(), lambda _: None, "", of=f"{self.article} {self.word}")

    @cached_property
    def packaged(self) -> tuple[str, ...]:
        """Ids of the packaged sets, in the order of the alphabet."""
        if self.folder is None:
            return ()
        return tuple(sorted(one.name for one in self.folder.iterdir() if one.is_dir()))

    def read_packaged(self, name: str) -> Tables:
        """Tables of a packaged set as text.

        Parameters
        ----------
        name : str
            One of `packaged`.

        Returns
        -------
        Tables
            With the faults of the files themselves.
        """
        return self.read(Path(str(self.folder)) / name)

    def read(self, path: Path) -> Tables:
        """Tables of a set as text.

        Parameters
        ----------
        path : Path
            A folder or a workbook.

        Returns
        -------
        Tables
            With the faults of the files themselves.

        Raises
        ------
        TableError
            If it is neither.
        """
        if path.is_dir():
            return self._read_folder(path)
        if path.is_file() and path.suffix.lower() in _WORKBOOKS:
            from wholesystem.tables.workbook import read_workbook

            return read_workbook(path, self.layout)
        raise TableError([self._neither(path)])

    def _read_folder(self, folder: Path) -> Tables:
        tables, faults = [], []
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() != ".csv" or path.name.startswith((".", "~$")):
                continue
            if path.stem not in self.kinds:
                faults.append(unknown_table(path.name, path.stem, ".csv", self.layout))
                continue
            table, found = read_csv_table(path)
            faults += found
            tables += [table] if table is not None else []
        return Tables(folder, Tables.in_order(tables, self.layout), tuple(faults))

    def _neither(self, path: Path) -> Fault:
        if path.is_file():
            remedy = "Give the folder of its tables, or an .xlsx workbook."
            if path.suffix.lower() == ".csv":
                remedy = f"Give the folder that it is in: {path.parent}."
            elif path.suffix.lower() == ".xls":
                remedy = "Open it in Excel and save it as an Excel workbook (.xlsx)."
            return Fault(str(path), None, "It is neither a folder nor a workbook.", remedy)
        near = closest(path.name, self.packaged)
        listed = f"; the packaged ones are {', '.join(self.packaged)}" if self.packaged else ""
        return Fault(
            str(path),
            None,
            f"There is no such {self.word}, folder or workbook.",
            f"Did you mean {near}?" if near else f"Check the name{listed}.",
        )

    def shown_as(self, name: str, tables: Tables) -> str:
        """A table as messages call it, also where it is missing.

        Parameters
        ----------
        name : str
            Of the table.
        tables : Tables
            The set that was read.

        Returns
        -------
        str
            ``questions.csv``, or ``own.xlsx sheet questions``.
        """
        source = tables.source
        is_workbook = source.suffix.lower() in _WORKBOOKS and not source.is_dir()
        return f"{source.name} sheet {name}" if is_workbook else f"{name}.csv"

    def missing(self, name: str, tables: Tables) -> Fault:
        """Fault of a table that is not there.

        Parameters
        ----------
        name : str
            Of the table.
        tables : Tables
            The set that was read.

        Returns
        -------
        Fault
            With the columns that it needs.
        """
        columns = ", ".join(self.kinds[name].columns())
        return Fault(
            self.shown_as(name, tables),
            None,
            "This table is missing.",
            f"Add it; its columns are {columns}.",
        )

    def not_one_row(self, table: Table) -> Iterator[Fault]:
        """Fault of a table that says what the set is, and must have one row.

        Parameters
        ----------
        table : Table
            As text.

        Yields
        ------
        Fault
            None if it has one row.
        """
        count = len(table.rows)
        if count != 1:
            yield Fault(
                table.shown_as,
                None,
                f"It must have one row under its header; it has {count}.",
                f"Keep the row of this {self.word}." if count else "Add the row.",
            )

    def write(self, rows: Mapping[str, tuple[Row, ...]], out: str | os.PathLike[str]) -> None:
        """Write a set, so that it reads again.

        Parameters
        ----------
        rows : mapping of str to tuple of Row
            Of each table.
        out : path
            A folder, made if it does not exist; or a workbook, where the name ends in ``.xlsx``.
            Tables of the same names are replaced, all or none.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        from wholesystem.tables.writing import csv_bytes, write_excel

        target = Path(out)
        tables = {name: self._table(name, rows[name]) for name in self.kinds}
        if target.suffix.lower() == ".xlsx":
            write_excel(Tables(target, tables), target)
            return
        with staged_folder(target) as stage:
            for name, table in tables.items():
                data = csv_bytes(table.columns, (row.cells for row in table.rows))
                (stage / f"{name}.csv").write_bytes(data)

    def _table(self, name: str, rows: tuple[Row, ...]) -> Table:
        raw = tuple(RawRow(at, one.cells()) for at, one in enumerate(rows, start=2))
        return Table(name, name, self.kinds[name].columns(), raw)
