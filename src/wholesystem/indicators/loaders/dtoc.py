"""NHS England's monthly workbooks of delayed transfers of care by local authority, 2011 to 2020."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from wholesystem.errors import Fault
from wholesystem.indicators.geography import every_area, geography_version
from wholesystem.indicators.loaders.account import Account, ObservationRows
from wholesystem.indicators.loaders.cells import cell_text, column_letters, fold, month_number
from wholesystem.indicators.loaders.dtoc_areas import area_of_row, elsewhere, version_of
from wholesystem.indicators.loaders.dtoc_checks import (
    check_areas_agree,
    check_england,
    check_per_day,
    check_table,
)
from wholesystem.indicators.loaders.dtoc_england import EnglandTable, england_table
from wholesystem.indicators.loaders.dtoc_rows import (
    NOTE,
    PUBLISHER,
    context,
    indicator_of,
    new_rows,
)
from wholesystem.indicators.loaders.dtoc_tables import (
    AreaRow,
    AreaTable,
    Dates,
    area_tables,
    read_dates,
)
from wholesystem.indicators.loaders.dtoc_timeseries import TIMESERIES
from wholesystem.indicators.loaders.formats import Format
from wholesystem.indicators.loaders.loaded import Loaded, LoadError
from wholesystem.indicators.loaders.organisations import ENGLAND
from wholesystem.indicators.loaders.spans import month_end

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.sheets import Sheet, Workbook

__all__ = ["DTOC", "FORMATS"]

_FILE_MONTH = re.compile(r"([a-z]{3,9})[ _-]?(?:20)?(\d\d)(?!\d)", re.ASCII)


def _recognise(workbook: Workbook) -> str:
    if workbook.kind == "csv":
        return "it is a CSV file, and the publisher publishes this as a workbook"
    for sheet in workbook.sheets():
        place = sheet.find("Name")
        header = sheet.header(place[0]) if place else []
        if "code" in header and "total" in header and _is_about_delays(sheet):
            return ""
    return "no sheet titled 'Delayed Transfer of Care' with columns Code, Name and Total"


def _is_about_delays(sheet: Sheet) -> bool:
    return any(
        isinstance(value, str) and "delayed" in fold(value)
        for row in sheet.rows[:13]
        for value in row
    )


def _load(workbook: Workbook) -> Loaded:
    faults: list[Fault] = []
    tables = area_tables(workbook, faults)
    england = england_table(workbook, faults)
    sheets = [table.sheet for table in tables.values()] + ([england.sheet] if england else [])
    dates = {sheet.name: found for sheet in sheets if (found := read_dates(sheet, faults))}
    if tables and england:
        _check(tables, england, dates, sheets, faults)
    if faults or england is None:
        raise LoadError(faults)
    rows = new_rows(workbook.file)
    account = Account()
    for table in tables.values():
        _observe_areas(table, dates[table.sheet.name], rows, account, faults)
    _observe_england(england, dates[england.sheet.name], rows, account)
    if faults:
        raise LoadError(faults)
    month = next(iter(dates.values())).month
    extents = {
        table.sheet.name: (table.header_row, table.rows[-1].row) for table in tables.values()
    }
    extents[england.sheet.name] = (england.header_row, england.rows[-1].row)
    return Loaded(
        workbook.file,
        "dtoc",
        rows_read=account.read,
        rows_kept=account.kept,
        skipped=account.skipped,
        observations=rows.table(),
        sha256=workbook.sha256,
        warnings=_warnings(workbook, sheets, extents, month),
    )


def _check(
    tables: dict[str, AreaTable],
    england: EnglandTable,
    dates: Mapping[str, Dates],
    sheets: list[Sheet],
    faults: list[Fault],
) -> None:
    _check_dates(dates, sheets, faults)
    for table in tables.values():
        check_table(table, faults)
        if table.sheet.name in dates:
            check_per_day(table, dates[table.sheet.name].month, faults)
    check_areas_agree(tables, faults)
    check_england(england, tables, faults)


def _check_dates(dates: Mapping[str, Dates], sheets: list[Sheet], faults: list[Fault]) -> None:
    """Sheets of one month, published after it and revised after that."""
    months = {one.month for one in dates.values()}
    if len(months) > 1:
        told = ", ".join(f"{name}: {one.month:%B %Y}" for name, one in dates.items())
        rule = f"Its sheets are of different months ({told})."
        faults.append(Fault(sheets[0].file, None, rule, "Fetch the workbook of each month again."))
    for sheet in sheets:
        one = dates.get(sheet.name)
        if one is None:
            continue
        for label, day, before in (
            ("Published", one.published, month_end(one.month)),
            ("Revised", one.revised, one.published or month_end(one.month)),
        ):
            place = sheet.right_of(label)
            if day and place and day < before:
                rule = f"{label} must be after {before:%Y-%m-%d}."
                faults.append(sheet.fault(*place, rule, "Mend the date."))


def _observe_areas(
    table: AreaTable, dates: Dates, rows: ObservationRows, account: Account, faults: list[Fault]
) -> None:
    # The total stands in all three sheets and is the same: it is taken from one of them.
    columns = [
        (indicator_of(column, table.kind), column, column_letters(j))
        for column, j in table.columns.items()
        if column != "total" or table.kind == "type"
    ]
    for i in table.other_rows:
        account.skip(NOTE, table.sheet.where(i))
    for row in table.rows:
        if where := elsewhere(row):
            account.skip(f"no area code ({where})", table.sheet.where(row.row))
            continue
        shared = _row_context(table, row, dates, faults)
        if shared is None:
            continue
        account.keep()
        for indicator, column, letters in columns:
            rows.add(indicator, row.days[column], f"{letters}{row.row + 1}", shared)


def _row_context(
    table: AreaTable, row: AreaRow, dates: Dates, faults: list[Fault]
) -> dict[str, Any] | None:
    area = area_of_row(row, table.sheet, dates.month, faults)
    if area is None:
        return None
    return context(table.sheet, dates, area, version_of(area, dates.month))


def _observe_england(
    england: EnglandTable, dates: Dates, rows: ObservationRows, account: Account
) -> None:
    shared = context(england.sheet, dates, every_area()[ENGLAND], geography_version(dates.month))
    for i in england.other_rows:
        account.skip(NOTE, england.sheet.where(i))
    for row in england.rows:
        account.keep()
        middle = f"{row.care}_reason_{row.reason}" if row.reason else row.care
        for body, figure in row.days.items():
            cell = f"{column_letters(england.columns[body])}{row.row + 1}"
            rows.add(f"dtoc_days_{middle}_{body}", figure, cell, shared)


def _warnings(
    workbook: Workbook, sheets: list[Sheet], extents: Mapping[str, tuple[int, int]], month: date
) -> tuple[str, ...]:
    warnings = [note for sheet in sheets for note in sheet.notes_below(*extents[sheet.name])]
    match = _FILE_MONTH.search(cell_text(workbook.file).lower())
    if match:
        try:
            named = date(2000 + int(match[2]), month_number(match[1]), 1)
        except ValueError:
            return tuple(warnings)
        if named != month:
            warnings.insert(
                0,
                f"{workbook.file}: its name says {named:%B %Y}, its cells say {month:%B %Y};"
                " the cells were believed",
            )
    return tuple(warnings)


DTOC = Format(
    "dtoc",
    "Monthly delayed transfers of care by local authority",
    PUBLISHER,
    "a workbook titled Delayed Transfer of Care, with sheets of areas by type of care, responsible"
    " organisation and reason (columns Code, Name and Total), and one of England",
    _recognise,
    _load,
)
FORMATS = (DTOC, TIMESERIES)
