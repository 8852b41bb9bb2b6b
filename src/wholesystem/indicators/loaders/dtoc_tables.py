"""The tables of a workbook of delayed transfers of care, found by their headers.

The publisher changed sheet names, columns and wording over the years (2011 to 2020); the words
of the headers stayed. So every sheet is looked at, whatever its name, for a cell ``Name`` (areas)
or ``Reason for Delay`` (England) and the columns that make its kind of table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from wholesystem.errors import Fault
from wholesystem.indicators.loaders.cells import CellError, Figure, fold
from wholesystem.indicators.loaders.spans import month_of

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.sheets import Sheet, Workbook

__all__ = [
    "BODIES",
    "CARE",
    "REASONS",
    "AreaRow",
    "AreaTable",
    "Dates",
    "area_tables",
    "column_of",
    "read_dates",
    "reason_of",
    "rows_below",
    "table_kind",
]

CARE = ("acute", "non_acute")
BODIES = ("nhs", "social_care", "both")
REASONS = ("a", "b", "c", "di", "dii", "e", "f", "g", "h", "i", "o")
_WORDS = {
    "acute": "acute",
    "non-acute": "non_acute",
    "nhs": "nhs",
    "social care": "social_care",
    "both": "both",
    "total": "total",
}
_REASON = re.compile(r"(a|b|c|dii|di|e|f|g|h|i|o)\s?\)", re.ASCII)
KINDS = {"type": CARE, "body": BODIES, "reason": REASONS}
# How messages call the three tables.
KIND_NAMES = {"type": "type of care", "body": "responsible organisation", "reason": "reason"}
_IDENTITY = {"sha", "region", "ons geography", "code", "name", ""}


@dataclass(frozen=True)
class Dates:
    """Month and dates that stand above a table.

    Parameters
    ----------
    month : date
        First day of the month that the figures are of.
    published, revised : date or None
        None where the publisher gives none.
    """

    month: date
    published: date | None
    revised: date | None


@dataclass
class AreaRow:
    """One row of a table of areas.

    Parameters
    ----------
    row : int
        Of the sheet, from 0.
    code, ons, name : str
        As they stand there; "" or ``-`` where there is none.
    days : dict of str to Figure
        By column: ``acute``, ``total`` ...
    """

    row: int
    code: str
    ons: str
    name: str
    days: dict[str, Figure] = field(default_factory=dict)


@dataclass
class AreaTable:
    """The table of one sheet.

    Parameters
    ----------
    kind : str
        ``type``, ``body`` or ``reason``.
    sheet : Sheet
        It stands in.
    header_row : int
        From 0.
    columns : dict of str to int
        Columns of the days, by what they hold.
    per_day : dict of str to int
        Columns of the people delayed per day, which must be days / days of the month.
    rows : list of AreaRow
        England, areas, and people resident elsewhere.
    other_rows : list of int
        Filled rows that are no row of the table: its notes.
    """

    kind: str
    sheet: Sheet
    header_row: int
    columns: dict[str, int]
    per_day: dict[str, int]
    rows: list[AreaRow] = field(default_factory=list)
    other_rows: list[int] = field(default_factory=list)


def reason_of(text: str) -> str:
    """Code of a reason, from the start of its wording.

    Parameters
    ----------
    text : str
        Such as ``Dii) Awaiting nursing home placement or availability``.

    Returns
    -------
    str
        ``a`` to ``o``; "" where it starts with none of the codes.

    Examples
    --------
    >>> reason_of("Dii) Awaiting nursing home placement or availability")
    'dii'
    """
    match = _REASON.match(fold(text))
    return match[1] if match else ""


def column_of(text: str) -> str:
    """What a column of days holds, by its heading.

    Parameters
    ----------
    text : str
        Folded.

    Returns
    -------
    str
        ``acute``, ``nhs``, ``total``, the code of a reason; "" where it is none.
    """
    return _WORDS.get(text) or reason_of(text)


def table_kind(header: list[str]) -> str:
    """Which of the three tables a header is of.

    Parameters
    ----------
    header : list of str
        Folded texts.

    Returns
    -------
    str
        ``type``, ``body``, ``reason``, or "" where it is none of them.
    """
    found = {column_of(text) for text in header}
    if "total" not in found:
        return ""
    for kind, columns in KINDS.items():
        needed = set(columns) - {"o"}  # other reasons have a column from April 2017 on
        if needed <= found:
            return kind
    return ""


def area_tables(workbook: Workbook, faults: list[Fault]) -> dict[str, AreaTable]:
    """The three tables of areas, by kind.

    Parameters
    ----------
    workbook : Workbook
        Whose sheets are all looked at.
    faults : list of Fault
        Added to: a table that is missing or there twice, a column that is not known.

    Returns
    -------
    dict of str to AreaTable
        With their rows.
    """
    found: dict[str, AreaTable] = {}
    for sheet in workbook.sheets():
        place = sheet.find("Name")
        if place is None:
            continue
        header = sheet.header(place[0])
        kind = table_kind(header)
        if not kind or "code" not in header:
            continue
        if kind in found:
            rule = (
                f"It has the same table as sheet {found[kind].sheet.name}: by {KIND_NAMES[kind]}."
            )
            faults.append(Fault(sheet.shown_as, None, rule, "Remove one of them."))
            continue
        found[kind] = _read_table(kind, sheet, place[0], header, faults)
    for kind in KINDS:
        if kind not in found:
            rule = (
                f"It has no table of areas by {KIND_NAMES[kind]} (a header with Code, Name,"
                f" {', '.join(_SHOWN[kind])} and Total)."
                f" Sheets: {', '.join(workbook.sheet_names)}."
            )
            faults.append(Fault(workbook.file, None, rule, "Fetch the whole workbook again."))
    return found


_SHOWN = {
    "type": ("Acute", "Non-Acute"),
    "body": ("NHS", "Social Care", "Both"),
    "reason": ("reasons A to I",),
}


def _read_table(
    kind: str, sheet: Sheet, header_row: int, header: list[str], faults: list[Fault]
) -> AreaTable:
    table = AreaTable(kind, sheet, header_row, {}, {})
    for j, text in enumerate(header):
        column = column_of(text)
        if column in (*KINDS[kind], "total"):
            block = table.columns if column not in table.columns else table.per_day
            if column in block:
                faults.append(_column_fault(sheet, header_row, j, "It is there three times."))
            block[column] = j
        elif text not in _IDENTITY:
            faults.append(_column_fault(sheet, header_row, j, "This column is not known here."))
    name = header.index("name")
    places = {"code": header.index("code"), "name": name}
    places["ons"] = header.index("ons geography") if "ons geography" in header else -1
    for i in rows_below(sheet, header_row):
        _read_row(table, i, places, faults)
    return table


def _column_fault(sheet: Sheet, row: int, column: int, rule: str) -> Fault:
    return sheet.fault(
        row, column, rule, "Tell us of the new layout, or load the workbook as published."
    )


def rows_below(sheet: Sheet, header_row: int) -> Iterator[int]:
    """Rows below a header that are not blank.

    Parameters
    ----------
    sheet : Sheet
        Of the table.
    header_row : int
        From 0.

    Yields
    ------
    int
        From 0.
    """
    for i in range(header_row + 1, len(sheet.rows)):
        if any(value != "" for value in sheet.rows[i]):
            yield i


def _read_row(table: AreaTable, i: int, places: dict[str, int], faults: list[Fault]) -> None:
    sheet = table.sheet
    code = sheet.text(i, places["code"])
    name = sheet.text(i, places["name"])
    figures = [sheet.value(i, j) for j in (*table.columns.values(), *table.per_day.values())]
    if not code and not name and not any(value != "" for value in figures):
        table.other_rows.append(i)
        return
    ons = sheet.text(i, places["ons"]) if places["ons"] >= 0 else ""
    row = AreaRow(i, code, ons, name)
    table.rows.append(row)
    for column, j in table.columns.items():
        figure = _days(sheet, i, j, faults)
        if figure is not None:
            row.days[column] = figure


def _days(sheet: Sheet, i: int, j: int, faults: list[Fault]) -> Figure | None:
    figure = sheet.figure(i, j, faults)
    if figure is None or figure.value is None:
        return figure
    if figure.value < 0 or not figure.value.is_integer():
        faults.append(sheet.fault(i, j, "Days are a whole number of 0 or more.", "Mend the cell."))
        return None
    return figure


def read_dates(sheet: Sheet, faults: list[Fault]) -> Dates | None:
    """Month, and dates of publication and revision, that stand above a table.

    Parameters
    ----------
    sheet : Sheet
        Of the table.
    faults : list of Fault
        Added to where the month is missing or a date cannot be read.

    Returns
    -------
    Dates or None
        None where there is no month.
    """
    place = sheet.right_of("Period")
    if place is None:
        rule = "No cell 'Period:' stands above the table."
        faults.append(Fault(sheet.shown_as, None, rule, "Write it, and the month right of it."))
        return None
    try:
        month = month_of(sheet.text(*place))
    except (CellError, ValueError):
        faults.append(sheet.fault(*place, "A month is needed.", "Write it as July 2017."))
        return None
    return Dates(
        month,
        read_label_date(sheet, "Published", faults),
        read_label_date(sheet, "Revised", faults),
    )


def read_label_date(sheet: Sheet, label: str, faults: list[Fault]) -> date | None:
    """The date right of a label.

    Parameters
    ----------
    sheet : Sheet
        Of the table.
    label : str
        Such as ``Revised``.
    faults : list of Fault
        Added to where something else than a date or ``-`` stands there.

    Returns
    -------
    date or None
        None where there is none.
    """
    place = sheet.right_of(label)
    if place is None or sheet.text(*place) in ("", "-"):
        return None
    return sheet.date(*place, faults)
