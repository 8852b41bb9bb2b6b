"""NHS England's one workbook of delayed transfers in England by month, August 2010 to 2020.

Four sheets with a row a month: by type of care, by responsible organisation, by reason, and all
three at once. Reason O stands under non-acute care only: acute days add up without it.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from wholesystem.errors import Fault
from wholesystem.indicators.geography import every_area, geography_version
from wholesystem.indicators.loaders.account import Account, ObservationRows
from wholesystem.indicators.loaders.cells import (
    Figure,
    cell_text,
    column_letters,
    fold,
    month_number,
)
from wholesystem.indicators.loaders.dtoc_rows import (
    ASK_AGAIN,
    NOTE,
    PUBLISHER,
    TOLERANCE,
    context,
    indicator_of,
    new_rows,
)
from wholesystem.indicators.loaders.dtoc_tables import (
    BODIES,
    CARE,
    KIND_NAMES,
    KINDS,
    Dates,
    column_of,
    read_label_date,
    reason_of,
    rows_below,
    table_kind,
)
from wholesystem.indicators.loaders.formats import Format
from wholesystem.indicators.loaders.loaded import Loaded, LoadError
from wholesystem.indicators.loaders.organisations import ENGLAND
from wholesystem.indicators.loaders.spans import financial_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wholesystem.indicators.loaders.sheets import Sheet, Workbook

__all__ = ["TIMESERIES"]


@dataclass
class MonthTable:
    """The table of one sheet.

    Parameters
    ----------
    kind : str
        ``type``, ``body``, ``reason`` or ``all``.
    sheet : Sheet
        It stands in.
    header_row : int
        From 0; the lowest of its header rows.
    columns : dict of str to int
        Columns of the days by what they hold: ``acute``, ``total``; in the sheet of all,
        ``acute_reason_a_nhs``.
    per_day : dict of str to int
        Columns of the people delayed per day.
    rows : dict of date to int
        Rows by month.
    days : dict of (date, str) to Figure
        What they hold.
    other_rows : list of int
        Filled rows that are no month.
    """

    kind: str
    sheet: Sheet
    header_row: int
    columns: dict[str, int]
    per_day: dict[str, int] = field(default_factory=dict)
    rows: dict[date, int] = field(default_factory=dict)
    days: dict[tuple[date, str], Figure] = field(default_factory=dict)
    other_rows: list[int] = field(default_factory=list)


def _recognise(workbook: Workbook) -> str:
    if workbook.kind == "csv":
        return "it is a CSV file, and the publisher publishes this as a workbook"
    for sheet in workbook.sheets():
        place = sheet.find("Year")
        header = sheet.header(place[0]) if place else []
        if "period" in header and table_kind(header) == "type":
            return ""
    return "no sheet with columns Year, Period, Acute, Non-Acute and Total"


def _load(workbook: Workbook) -> Loaded:
    faults: list[Fault] = []
    tables = _tables(workbook, faults)
    for kind in (*KINDS, "all"):
        if kind not in tables:
            what = KIND_NAMES.get(kind, "type of care, organisation and reason at once")
            rule = f"It has no table of months by {what}."
            faults.append(Fault(workbook.file, None, rule, "Fetch the whole workbook again."))
    if not faults:
        for table in tables.values():
            _check_rows(table, faults)
        _check_agree(tables, faults)
    if faults:
        raise LoadError(faults)
    account = Account()
    rows = new_rows(workbook.file)
    for table in tables.values():
        _observe(table, rows, account, faults)
    if faults:
        raise LoadError(faults)
    return Loaded(
        workbook.file,
        "dtoc_england",
        rows_read=account.read,
        rows_kept=account.kept,
        skipped=account.skipped,
        observations=rows.table(),
        sha256=workbook.sha256,
        warnings=_warnings(tables),
    )


def _tables(workbook: Workbook, faults: list[Fault]) -> dict[str, MonthTable]:
    found: dict[str, MonthTable] = {}
    for sheet in workbook.sheets():
        place = sheet.find("Year")
        if place is None:
            continue
        table = _header(sheet, place[0], faults)
        if table is None:
            continue
        if table.kind in found:
            rule = f"It has the same table as sheet {found[table.kind].sheet.name}."
            faults.append(Fault(sheet.shown_as, None, rule, "Remove one of them."))
            continue
        _read_rows(table, place[1], faults)
        found[table.kind] = table
    return found


def _header(sheet: Sheet, row: int, faults: list[Fault]) -> MonthTable | None:
    header = sheet.header(row)
    kind = table_kind(header)
    if not kind:
        columns = _columns_of_all(sheet, row)
        return MonthTable("all", sheet, row, columns) if columns else None
    table = MonthTable(kind, sheet, row, {})
    for j, text in enumerate(header):
        column = column_of(text)
        if column in (*KINDS[kind], "total"):
            (table.per_day if column in table.columns else table.columns)[column] = j
        elif text not in ("", "year", "period"):
            rule = "This column is not known here."
            faults.append(sheet.fault(row, j, rule, "Tell us of the new layout."))
    return table


def _columns_of_all(sheet: Sheet, row: int) -> dict[str, int]:
    """Columns of the sheet of all: care and reason stand once, above the first of theirs."""
    columns: dict[str, int] = {}
    care = reason = ""
    header = sheet.header(row)
    for j in range(len(header)):
        care = column_of(fold(sheet.text(row - 2, j))) or care
        reason = reason_of(sheet.text(row - 1, j)) or reason
        body = column_of(header[j])
        if body in BODIES and care in CARE and reason:
            columns[f"{care}_reason_{reason}_{body}"] = j
        elif care == "total":
            columns.setdefault("total", j)
    return columns if len(columns) > len(BODIES) else {}


def _read_rows(table: MonthTable, year_at: int, faults: list[Fault]) -> None:
    sheet = table.sheet
    for i in rows_below(sheet, table.header_row):
        if not any(sheet.value(i, j) != "" for j in table.columns.values()):
            table.other_rows.append(i)
            continue
        month = _month(sheet, i, year_at, faults)
        if month is None:
            continue
        if month in table.rows:
            rule = f"{month:%B %Y} stands in row {table.rows[month] + 1} too."
            faults.append(sheet.fault(i, year_at + 1, rule, "Keep the row that is right."))
            continue
        table.rows[month] = i
        for column, j in table.columns.items():
            figure = sheet.figure(i, j, faults)
            if figure is not None:
                table.days[month, column] = figure


def _month(sheet: Sheet, row: int, year_at: int, faults: list[Fault]) -> date | None:
    try:
        start, _ = financial_year(sheet.text(row, year_at))
    except ValueError:
        rule = "A financial year is needed."
        faults.append(sheet.fault(row, year_at, rule, "Write it as 2016-17."))
        return None
    try:
        number = month_number(cell_text(sheet.value(row, year_at + 1)))
    except ValueError:
        rule = "A month is needed."
        faults.append(sheet.fault(row, year_at + 1, rule, "Write it as August."))
        return None
    return date(start.year + (number < 4), number, 1)


def _known(table: MonthTable, month: date, column: str) -> float:
    figure = table.days.get((month, column))
    return figure.value or 0.0 if figure else 0.0


def _check_rows(table: MonthTable, faults: list[Fault]) -> None:
    parts = [column for column in table.columns if column != "total"]
    for month, row in table.rows.items():
        total = _known(table, month, "total")
        added = sum(_known(table, month, column) for column in parts)
        if total != added:
            rule = f"The total of {month:%B %Y} is {total:,.0f}, but its parts add to {added:,.0f}."
            faults.append(table.sheet.fault(row, table.columns["total"], rule, ASK_AGAIN))
        for column, j in table.per_day.items():
            figure = table.sheet.figure(row, j, faults)
            people = _known(table, month, column) / _days_of(month)
            if figure and figure.value is not None and abs(figure.value - people) > TOLERANCE:
                rule = f"People delayed per day must be days / days of the month, {people:,.2f}."
                faults.append(table.sheet.fault(row, j, rule, ASK_AGAIN))


def _days_of(month: date) -> int:
    return monthrange(month.year, month.month)[1]


def _check_agree(tables: dict[str, MonthTable], faults: list[Fault]) -> None:
    """The sheet of all must add to the other three; all are of the same months."""
    whole = tables["all"]
    for kind in KINDS:
        table = tables[kind]
        if table.rows.keys() != whole.rows.keys():
            months = sorted(table.rows.keys() ^ whole.rows.keys())
            rule = f"It and sheet {whole.sheet.name} differ in months: {months[0]:%B %Y} ..."
            faults.append(Fault(table.sheet.shown_as, None, rule, ASK_AGAIN))
            continue
        for month, column in _pairs(table):
            parts = [one for one in whole.columns if _is_part(one, column, kind)]
            added = sum(_known(whole, month, one) for one in parts)
            figure = table.days.get((month, column))
            if parts and figure and figure.value is not None and figure.value != added:
                rule = f"It is {figure.value:,.0f}; sheet {whole.sheet.name} adds to {added:,.0f}."
                place = (table.rows[month], table.columns[column])
                faults.append(table.sheet.fault(*place, rule, ASK_AGAIN))


def _pairs(table: MonthTable) -> Iterator[tuple[date, str]]:
    for month in table.rows:
        for column in table.columns:
            yield month, column


def _is_part(one: str, column: str, kind: str) -> bool:
    """Whether a column of the sheet of all is part of one of another sheet."""
    if one == "total" or column == "total":
        return one == column
    if kind == "type":
        return one.startswith(f"{column}_reason_")
    if kind == "body":
        return one.endswith(f"_{column}")
    return f"_reason_{column}_" in one


def _observe(
    table: MonthTable, rows: ObservationRows, account: Account, faults: list[Fault]
) -> None:
    columns = [
        (indicator_of(column, table.kind), column, column_letters(j))
        for column, j in table.columns.items()
        if (column != "total" or table.kind == "type")
    ]
    published = read_label_date(table.sheet, "Published", faults)
    revised = read_label_date(table.sheet, "Revised", faults)
    for i in table.other_rows:
        account.skip(NOTE, table.sheet.where(i))
    for month, row in table.rows.items():
        account.keep()
        dates = Dates(month, published, revised)
        shared = context(table.sheet, dates, every_area()[ENGLAND], geography_version(month))
        for indicator, column, letters in columns:
            rows.add(indicator, table.days[month, column], f"{letters}{row + 1}", shared)


def _warnings(tables: dict[str, MonthTable]) -> tuple[str, ...]:
    return tuple(
        note
        for one in tables.values()
        for note in one.sheet.notes_below(one.header_row, max(one.rows.values()))
    )


TIMESERIES = Format(
    "dtoc_england",
    "Delayed transfers of care, England by month",
    PUBLISHER,
    "a workbook with sheets of months (columns Year, Period and Total) by type of care,"
    " responsible organisation, reason, and all at once",
    _recognise,
    _load,
)
