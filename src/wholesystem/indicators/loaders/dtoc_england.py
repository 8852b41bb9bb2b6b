"""The table of England in a monthly DTOC workbook: reasons by type of care and who is responsible.

Two blocks, acute and non-acute care, of one row a reason and a column for each body; a row
without a reason holds the block's total.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wholesystem.errors import Fault
from wholesystem.indicators.loaders.cells import Figure, fold
from wholesystem.indicators.loaders.dtoc_tables import (
    BODIES,
    CARE,
    column_of,
    reason_of,
    rows_below,
)

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.sheets import Sheet, Workbook

__all__ = ["EnglandRow", "EnglandTable", "england_table"]

_NOT_APPLICABLE = "not applicable (NA): this reason is not attributed so"


@dataclass
class EnglandRow:
    """One row of the table of England.

    Parameters
    ----------
    row : int
        Of the sheet, from 0.
    care : str
        ``acute`` or ``non_acute``.
    reason : str
        Code, or "" for the total of the block.
    days : dict of str to Figure
        By body.
    """

    row: int
    care: str
    reason: str
    days: dict[str, Figure] = field(default_factory=dict)


@dataclass
class EnglandTable:
    """The table of England.

    Parameters
    ----------
    sheet : Sheet
        It stands in.
    header_row : int
        From 0.
    columns : dict of str to int
        By body.
    rows : list of EnglandRow
        In order.
    other_rows : list of int
        Filled rows that are none of it.
    """

    sheet: Sheet
    header_row: int
    columns: dict[str, int]
    rows: list[EnglandRow] = field(default_factory=list)
    other_rows: list[int] = field(default_factory=list)


def england_table(workbook: Workbook, faults: list[Fault]) -> EnglandTable | None:
    """The table of England, found by its header.

    Parameters
    ----------
    workbook : Workbook
        Whose sheets are all looked at.
    faults : list of Fault
        Added to where it is missing, or a cell of it cannot be read.

    Returns
    -------
    EnglandTable or None
        None where there is none.
    """
    for sheet in workbook.sheets():
        place = sheet.find("Reason for Delay")
        if place is None:
            continue
        header = sheet.header(place[0])
        named = {column_of(text): j for j, text in enumerate(header)}
        columns = {body: named[body] for body in named if body in BODIES}
        if "type of care" in header and set(columns) == set(BODIES):
            table = EnglandTable(sheet, place[0], columns)
            _read_rows(table, header.index("type of care"), place[1], faults)
            return table
    rule = "It has no table of England (a header with Type of Care, Reason for Delay, NHS, ...)."
    faults.append(Fault(workbook.file, None, rule, "Fetch the whole workbook again."))
    return None


def _read_rows(table: EnglandTable, care_at: int, reason_at: int, faults: list[Fault]) -> None:
    sheet, care = table.sheet, ""
    for i in rows_below(sheet, table.header_row):
        found = column_of(fold(sheet.text(i, care_at)))
        care = found if found in CARE else care
        text = sheet.text(i, reason_at)
        reason = reason_of(text)
        if not care or not (reason or text == "-"):
            table.other_rows.append(i)
            continue
        row = EnglandRow(i, care, reason)
        table.rows.append(row)
        for body, j in table.columns.items():
            figure = _figure(sheet, i, j, faults)
            if figure is not None:
                row.days[body] = figure


def _figure(sheet: Sheet, i: int, j: int, faults: list[Fault]) -> Figure | None:
    if fold(sheet.text(i, j)) == "na":
        return Figure(None, _NOT_APPLICABLE)
    return sheet.figure(i, j, faults)
