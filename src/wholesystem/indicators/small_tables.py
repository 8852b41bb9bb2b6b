"""Reading the small tables of this package, and a user's table of the same columns."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from wholesystem.errors import Fault, OurFault, TableError
from wholesystem.tables import Layout, Table
from wholesystem.tables.reading import read_csv_table
from wholesystem.tables.rows import Row, check_columns

__all__ = ["packaged_rows", "packaged_table", "row_of_fault", "table_rows", "user_table"]

R = TypeVar("R", bound=Row)


def packaged_table(name: str) -> Table:
    """A table of this package as text.

    Parameters
    ----------
    name : str
        Without its ending: ``areas``.

    Returns
    -------
    Table
        As it stands in the file.
    """
    path = Path(str(files("wholesystem.indicators").joinpath(f"{name}.csv")))
    table, faults = read_csv_table(path)
    if table is None or faults:
        raise OurFault(f"The packaged table {path.name} cannot be read: {TableError(faults)}")
    return table


def packaged_rows(name: str, row_class: type[R]) -> tuple[R, ...]:
    """Rows of a table of this package, checked.

    Parameters
    ----------
    name : str
        Without its ending: ``areas``.
    row_class : type of Row
        What a row is.

    Returns
    -------
    tuple of Row
        In the order of the file.
    """
    rows, faults = table_rows(packaged_table(name), row_class)
    if faults:
        raise OurFault(f"The packaged table {name}.csv has faults. {TableError(faults)}")
    return tuple(row for _, row in rows)


def table_rows(table: Table, row_class: type[R]) -> tuple[list[tuple[int, R]], list[Fault]]:
    """Typed rows of a table, and every fault of its header and cells.

    Parameters
    ----------
    table : Table
        As text.
    row_class : type of Row
        What a row is.

    Returns
    -------
    rows : list of (int, Row)
        Row numbers (the header is row 1) and the rows without a fault.
    faults : list of Fault
        In the order of the rows; empty if there is none.
    """
    faults = check_columns(table, row_class.columns(), row_class.needed_columns())
    rows, found = row_class.read(table)
    return rows, faults + found


def row_of_fault(fault: Fault) -> int:
    """Row of a fault, so that faults are told from the top of a table down.

    Parameters
    ----------
    fault : Fault
        Of any table.

    Returns
    -------
    int
        As a spreadsheet numbers it; 0 for a fault of the whole table.
    """
    found = re.search(r" row (\d+)", fault.where)
    return int(found[1]) if found else 0


def user_table(path: Path, sheet: str, row_class: type[Row]) -> Table:
    """A user's table: a CSV file, or a workbook with a sheet of a given name.

    Parameters
    ----------
    path : Path
        Of a .csv or .xlsx file.
    sheet : str
        Name of the sheet of a workbook.
    row_class : type of Row
        What a row is, for its columns.

    Returns
    -------
    Table
        As text.

    Raises
    ------
    TableError
        If there is no such file, or it cannot be read.
    """
    if not path.is_file():
        raise TableError([Fault(str(path), None, "There is no such file.", "Check the name.")])
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        table, faults = read_csv_table(path)
        if table is None or faults:
            raise TableError(faults)
        return table
    return _workbook_table(path, sheet, row_class)


def _workbook_table(path: Path, sheet: str, row_class: type[Row]) -> Table:
    from wholesystem.tables.workbook import read_workbook

    # Other sheets are the user's own; they are passed over whatever they hold.
    layout = Layout({sheet: row_class.columns()}, frozenset(), lambda _: ("",), "")
    tables = read_workbook(path, layout)
    shown_as = f"{path.name} sheet {sheet}"
    faults = [one for one in tables.faults if one.where.startswith(shown_as)]
    if not tables.tables:
        faults = list(tables.faults)
    if faults:
        raise TableError(faults)
    if sheet not in tables.tables:
        rule = f"There is no sheet {sheet!r} in this workbook."
        raise TableError([Fault(path.name, None, rule, f"Name the sheet {sheet}.")])
    return tables.tables[sheet]
