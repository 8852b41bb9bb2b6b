"""The sums that a DTOC workbook must keep, checked before anything of it is believed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from wholesystem.errors import Fault
from wholesystem.indicators.loaders.cells import SUPPRESSED, Figure
from wholesystem.indicators.loaders.dtoc_areas import is_england
from wholesystem.indicators.loaders.dtoc_rows import ASK_AGAIN, TOLERANCE
from wholesystem.indicators.loaders.dtoc_tables import BODIES, CARE, KIND_NAMES, KINDS
from wholesystem.indicators.loaders.sheets import cell_address

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.dtoc_england import EnglandTable
    from wholesystem.indicators.loaders.dtoc_tables import AreaRow, AreaTable

__all__ = ["check_areas_agree", "check_england", "check_per_day", "check_table"]

_NONE = SUPPRESSED["-"]


def _known_sum(figures: Iterable[Figure | None]) -> float | None:
    """Sum, with ``-`` as none at all; None where a figure is suppressed or could not be read."""
    total = 0.0
    for figure in figures:
        if figure is None or (figure.value is None and figure.note != _NONE):
            return None
        total += figure.value or 0.0
    return total


def _whole(number: float) -> str:
    return f"{number:,.0f}"


def check_table(table: AreaTable, faults: list[Fault]) -> None:
    """Check that each row adds up to its total, and the areas to England.

    Parameters
    ----------
    table : AreaTable
        Of one sheet.
    faults : list of Fault
        Added to, with the cells.
    """
    parts = [column for column in KINDS[table.kind] if column in table.columns]
    for row in table.rows:
        total = row.days.get("total")
        added = _known_sum(row.days.get(column) for column in parts)
        if total is None or total.value is None or added is None or added == total.value:
            continue
        cells = ", ".join(cell_address(row.row, table.columns[column]) for column in parts)
        rule = f"The total of {row.name} is {_whole(total.value)}, but {cells} add to"
        faults.append(_sum_fault(table, row, "total", f"{rule} {_whole(added)}."))
    _check_sum_of_areas(table, faults)


def _sum_fault(table: AreaTable, row: AreaRow, column: str, rule: str) -> Fault:
    return table.sheet.fault(row.row, table.columns[column], rule, ASK_AGAIN)


def _check_sum_of_areas(table: AreaTable, faults: list[Fault]) -> None:
    england = [row for row in table.rows if is_england(row)]
    if len(england) != 1:
        rule = f"It has {len(england)} rows of England (name England, no code); one is needed."
        faults.append(Fault(table.sheet.shown_as, None, rule, ASK_AGAIN))
        return
    others = [row for row in table.rows if not is_england(row)]
    for column in table.columns:
        whole = england[0].days.get(column)
        added = _known_sum(row.days.get(column) for row in others)
        if whole is None or whole.value is None or added is None or added == whole.value:
            continue
        first, last = (others[0].row, others[-1].row) if others else (0, 0)
        j = table.columns[column]
        rule = (
            f"England is {_whole(whole.value)}, but the areas in {cell_address(first, j)} to"
            f" {cell_address(last, j)} add to {_whole(added)}."
        )
        faults.append(_sum_fault(table, england[0], column, rule))


def check_areas_agree(tables: dict[str, AreaTable], faults: list[Fault]) -> None:
    """Check that the tables are of the same areas, each once, with the same totals.

    Parameters
    ----------
    tables : dict of str to AreaTable
        By kind.
    faults : list of Fault
        Added to, with the cells.
    """
    rows = {kind: _rows_by_area(table, faults) for kind, table in tables.items()}
    first, *others = rows
    for kind in others:
        _check_two(tables, rows, (first, kind), faults)


def _rows_by_area(table: AreaTable, faults: list[Fault]) -> dict[tuple[str, str], AreaRow]:
    """Rows by both codes: two areas share the older one where a council followed another."""
    found: dict[tuple[str, str], AreaRow] = {}
    for row in table.rows:
        key = (row.code, row.ons)
        if key in found:
            rule = f"{row.name} stands in row {found[key].row + 1} too. Each area has one row."
            faults.append(Fault(table.sheet.where(row.row), None, rule, ASK_AGAIN))
        found[key] = row
    return found


def _check_two(
    tables: dict[str, AreaTable],
    rows: dict[str, dict[tuple[str, str], AreaRow]],
    kinds: tuple[str, str],
    faults: list[Fault],
) -> None:
    one, two = kinds
    for a, b in ((one, two), (two, one)):
        for key in rows[a].keys() - rows[b].keys():
            row = rows[a][key]
            rule = f"{row.name} is not in sheet {tables[b].sheet.name}. All have the same areas."
            faults.append(Fault(tables[a].sheet.where(row.row), None, rule, ASK_AGAIN))
    for key in rows[one].keys() & rows[two].keys():
        total, other = rows[one][key].days.get("total"), rows[two][key].days.get("total")
        if total is None or other is None or total.value == other.value:
            continue
        where = tables[one].sheet.where(rows[one][key].row, tables[one].columns["total"])
        rule = f"The total of {rows[two][key].name} by {KIND_NAMES[two]} is not that of {where}."
        faults.append(_sum_fault(tables[two], rows[two][key], "total", rule))


def check_per_day(table: AreaTable, month: date, faults: list[Fault]) -> None:
    """Check that people delayed per day are days / days of the month.

    Parameters
    ----------
    table : AreaTable
        Of one sheet, with or without such columns.
    month : date
        That it is of.
    faults : list of Fault
        Added to, with the cells.
    """
    days_of_month = monthrange(month.year, month.month)[1]
    for row in table.rows if table.per_day else ():
        for column, j in table.per_day.items():
            figure = table.sheet.figure(row.row, j, faults)
            days = row.days.get(column)
            if figure is None or days is None or figure.value is None or days.value is None:
                continue
            if abs(figure.value - days.value / days_of_month) > TOLERANCE:
                rule = (
                    f"People delayed per day must be days / days of the month:"
                    f" {_whole(days.value)} / {days_of_month}"
                    f" = {days.value / days_of_month:,.2f} ({row.name})."
                )
                faults.append(table.sheet.fault(row.row, j, rule, ASK_AGAIN))


def check_england(england: EnglandTable, tables: dict[str, AreaTable], faults: list[Fault]) -> None:
    """Check the table of England against its own totals and the tables of areas.

    Parameters
    ----------
    england : EnglandTable
        Reasons by care and body.
    tables : dict of str to AreaTable
        By kind.
    faults : list of Fault
        Added to, with the cells.
    """
    for care in CARE:
        for body in BODIES:
            _check_block(england, care, body, faults)
    for kind, table in tables.items():
        row = next((one for one in table.rows if is_england(one)), None)
        for column in table.columns if row else ():
            if row is not None:
                _check_against(england, kind, table, row, column, faults)


def _check_block(england: EnglandTable, care: str, body: str, faults: list[Fault]) -> None:
    rows = [row for row in england.rows if row.care == care]
    totals = [row for row in rows if not row.reason]
    if len(totals) != 1:
        if body == BODIES[0]:
            rule = f"The block {care.replace('_', '-')} has {len(totals)} rows of its total."
            faults.append(Fault(england.sheet.shown_as, None, rule, ASK_AGAIN))
        return
    total = totals[0].days.get(body)
    added = sum(_value(row.days.get(body)) for row in rows if row.reason)
    if total is not None and total.value is not None and total.value != added:
        rule = f"The total is {_whole(total.value)}, but the reasons below add to {_whole(added)}."
        faults.append(england.sheet.fault(totals[0].row, england.columns[body], rule, ASK_AGAIN))


def _value(figure: Figure | None) -> float:
    return (figure.value or 0.0) if figure else 0.0


def _check_against(
    england: EnglandTable,
    kind: str,
    table: AreaTable,
    row: AreaRow,
    column: str,
    faults: list[Fault],
) -> None:
    """Compare England's figure of one column with the same sum of the table of England."""
    added = sum(
        _value(figure)
        for one in england.rows
        for body, figure in one.days.items()
        if (one.reason == column if kind == "reason" and column != "total" else not one.reason)
        and (kind != "type" or column in ("total", one.care))
        and (kind != "body" or column in ("total", body))
    )
    figure = row.days.get(column)
    if figure is not None and figure.value is not None and figure.value != added:
        rule = f"England is {_whole(figure.value)} here, and {_whole(added)} in sheet"
        faults.append(_sum_fault(table, row, column, f"{rule} {england.sheet.name}."))
