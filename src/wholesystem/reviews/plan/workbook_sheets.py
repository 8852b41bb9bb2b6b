"""The sheets of a plan's workbook: which is which, and what is wrong with the file itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.plan.workbook_layout import (
    LISTS,
    NOTES,
    WRONG,
    SheetLayout,
    plain_header,
)
from wholesystem.tables.cells import closest
from wholesystem.tables.raw import Layout, Table, Tables
from wholesystem.tables.workbook import read_workbook

__all__ = ["file_faults", "find_sheets", "read_sheets", "row_faults", "sheet_notes"]

_ROW = re.compile(r" row (\d+)| cell [A-Z]+(\d+)")
# How the reader of tables tells faults of a header.
_OF_HEADER = ("The column ", "It has more than ", "The first row ")
#: Columns of the tables that stand in no sheet.
OF_RECORDING = ("recorded_by", "recorded_at")

Sheets = Mapping[str, Table | None]


def read_sheets(path: Path, layouts: Mapping[str, SheetLayout]) -> Tables:
    """All sheets of a workbook as text.

    Parameters
    ----------
    path : Path
        Of an .xlsx file.
    layouts : mapping of str to SheetLayout
        The sheets of a plan.

    Returns
    -------
    Tables
        Lines above each header passed over; with the faults of the file, its sheets and rows.

    Raises
    ------
    TableError
        If there is no such file.
    """
    columns = {
        name: tuple(one.header for one in layout.columns) for name, layout in layouts.items()
    }
    layout = Layout(
        columns,
        frozenset(),
        # Whatever else a council keeps beside its plan is read and told, not refused.
        lambda _: ("",),
        "",
        of="an action plan",
        is_header=lambda line: any(one.is_header(line) for one in layouts.values()),
    )
    if not path.is_file():
        raise TableError([Fault(str(path), None, "There is no such file.", "Check the name.")])
    return read_workbook(path, layout)


def find_sheets(read: Tables, layouts: Mapping[str, SheetLayout]) -> dict[str, Table | None]:
    """Which sheet is which.

    Parameters
    ----------
    read : Tables
        From `read_sheets`.
    layouts : mapping of str to SheetLayout
        The sheets of a plan.

    Returns
    -------
    dict of str to Table or None
        By the name that we write; letter case and spaces do not count. None where there is none.
    """
    return {name: _find_sheet(read.tables, name) for name in layouts}


def _find_sheet(tables: Mapping[str, Table], name: str) -> Table | None:
    same = [one for one in tables.values() if plain_header(one.name) == plain_header(name)]
    return same[0] if same else None


def _is_of(fault: Fault, table: Table) -> bool:
    return fault.where == table.shown_as or fault.where.startswith(
        (f"{table.shown_as} row ", f"{table.shown_as} cell ")
    )


def _unreadable(read: Tables, sheets: Sheets) -> Iterator[Fault]:
    """Faults of the file, and of our sheets where no row can be blamed; not of other sheets."""
    ours = [one for one in sheets.values() if one is not None]
    for fault in read.faults:
        of_file = " sheet " not in fault.where
        of_ours = any(_is_of(fault, one) for one in ours)
        unread = any(_names(fault.where, name) for name, one in sheets.items() if one is None)
        of_row = any(_number_of_row(fault, one) is not None for one in ours)
        if of_file or unread or (of_ours and not of_row):
            yield fault


def _names(where: str, sheet: str) -> bool:
    """Whether a place is in a sheet of that name, which could not be read as a table."""
    found = re.search(r" sheet (.*?)( row \d+| cell [A-Z]+\d+|$)", where)
    return found is not None and plain_header(found[1]) == plain_header(sheet)


def _number_of_row(fault: Fault, table: Table) -> int | None:
    """Number of the row under the header that a fault is of: that row is rejected, not the file."""
    if not _is_of(fault, table) or fault.rule.startswith(_OF_HEADER):
        return None
    found = _ROW.match(fault.where[len(table.shown_as) :])
    return int(found[1] or found[2]) if found else None


def row_faults(faults: Sequence[Fault], table: Table) -> dict[int, list[Fault]]:
    """Faults of rows that could not be read as rows, and of their cells.

    Parameters
    ----------
    faults : sequence of Fault
        Of the file.
    table : Table
        The sheet.

    Returns
    -------
    dict of int to list of Fault
        By the row's number.
    """
    found: dict[int, list[Fault]] = {}
    for fault in faults:
        number = _number_of_row(fault, table)
        if number is not None:
            found.setdefault(number, []).append(fault)
    return found


def file_faults(read: Tables, sheets: Sheets, layouts: Mapping[str, SheetLayout]) -> list[Fault]:
    """Faults for which the whole workbook is refused.

    Parameters
    ----------
    read : Tables
        From `read_sheets`.
    sheets : mapping of str to Table or None
        From `find_sheets`.
    layouts : mapping of str to SheetLayout
        The sheets of a plan.

    Returns
    -------
    list of Fault
        Of the file, of headers, and what a plan cannot do without; not of single rows, nor of
        other sheets.
    """
    return [*_unreadable(read, sheets), *_missing(read, sheets, layouts)]


def _missing(read: Tables, sheets: Sheets, layouts: Mapping[str, SheetLayout]) -> Iterator[Fault]:
    """Sheets and columns that a plan cannot do without."""
    first = next(iter(layouts))
    told = any(_names(fault.where, first) or " sheet " not in fault.where for fault in read.faults)
    if sheets[first] is None and not told:
        near = closest(first, read.tables)
        yield Fault(
            read.source.name,
            None,
            f"It has no sheet {first}.",
            f"Did you mean {near}? Rename it so."
            if near
            else "Start from the workbook that is exported here, or rename your sheet so.",
        )
    for name, table in sheets.items():
        if table is not None:
            yield from _missing_columns(layouts[name], table)


def _missing_columns(layout: SheetLayout, table: Table) -> Iterator[Fault]:
    there = [layout.column_of(header) for header in table.columns]
    columns = [one.column for one in there if one is not None and one.column]
    unknown = [h for h, one in zip(table.columns, there, strict=True) if one is None]
    needed = [one for one in layout.kind.needed_columns() if one not in OF_RECORDING]
    for one in layout.columns:
        if one.column in needed and one.column not in columns:
            near = closest(one.header, unknown)
            others = ", ".join(one.names[1:])
            yield Fault(
                table.shown_as,
                None,
                f"The column {one.header} is missing.",
                f"Is it {near}? Rename it so."
                if near
                else f"Add it{f'; it may also be called {others}' if others else ''}.",
            )
    for column in dict.fromkeys(columns):
        headers = [
            header
            for header, one in zip(table.columns, there, strict=True)
            if one is not None and one.column == column
        ]
        if len(headers) > 1:
            yield Fault(
                table.shown_as,
                None,
                f"Several columns mean {layout.header_of(column)}: {', '.join(headers)}.",
                "Rename all but one, such as to My notes.",
            )


def sheet_notes(read: Tables, sheets: Sheets, layouts: Mapping[str, SheetLayout]) -> Iterator[str]:
    """What was passed over.

    Parameters
    ----------
    read : Tables
        From `read_sheets`.
    sheets : mapping of str to Table or None
        From `find_sheets`.
    layouts : mapping of str to SheetLayout
        The sheets of a plan.

    Yields
    ------
    str
        A sentence for each sheet and column.
    """
    yield from _other_sheets(read, sheets)
    for name, table in sheets.items():
        if table is not None:
            yield from _unread(layouts[name], table)


def _other_sheets(read: Tables, sheets: Sheets) -> Iterator[str]:
    ours = {one.name for one in sheets.values() if one is not None}
    for name in read.tables:
        if name not in ours and name not in (LISTS, NOTES):
            yield f"The sheet {name} is no part of a plan and was not read."
    for name, table in sheets.items():
        if table is None:
            yield f"There is no sheet {name}: what the plan has of it stays as it is."


def _unread(layout: SheetLayout, table: Table) -> Iterator[str]:
    for header in table.columns:
        if layout.column_of(header) is None and header != WRONG:
            yield f"The column {header} of the sheet {table.name} is not read."
