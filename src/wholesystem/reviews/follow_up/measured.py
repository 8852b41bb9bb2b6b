"""Measures of stays in time: the mean of each whole month of a measure told day by day."""

from __future__ import annotations

import calendar
import math
from datetime import date
from itertools import groupby

from wholesystem.reviews.figure_measures import MeasureTables, key_parts
from wholesystem.reviews.follow_up.observed import Observed, Period
from wholesystem.reviews.plan.records import ExpectedMovement
from wholesystem.tables.cells import CellError, parse_date_time
from wholesystem.tables.raw import RawRow

__all__ = ["measure_figures"]

#: Columns that say when, of which a measure in time has one.
_WHEN = ("midnight", "starts_at")


def measure_figures(
    tables: MeasureTables, movement: ExpectedMovement, until: date
) -> tuple[Observed, str]:
    """A measure of stays by month.

    Parameters
    ----------
    tables : MeasureTables
        Of the folders of measures kept with the review.
    movement : ExpectedMovement
        Of the kind ``measure``.
    until : date
        Last day of the last month.

    Returns
    -------
    observed : Observed
        The mean of each month of which every day is there; a month with a day missing has none.
    why : str
        Why there is nothing, as a sentence; empty where there is something.
    """
    shown = f"measures/{movement.measures}/{movement.name}.csv"
    empty = Observed(movement.name, ())
    table = tables.table(movement.measures, movement.name)
    if table is None:
        return empty, f"{shown} is not kept with the review, or cannot be read."
    wanted = dict(key_parts(movement.key))
    when = next((name for name in _WHEN if name in table.columns), "")
    missing = [name for name in (*wanted, movement.column) if name not in table.columns]
    if missing or not when:
        said = f"it has no column {missing[0]}" if missing else "it does not tell days"
        return empty, f"{shown}: {said}."
    rows = [
        row
        for row in table.rows
        if all(row.cells.get(name, "") == text for name, text in wanted.items())
    ]
    dated = [(day, x) for day, x in (_dated(row, when, movement.column) for row in rows) if day]
    known = sorted(dict(dated).items())
    if len(known) < len(dated):
        return empty, f"{shown}: several rows of a day have the key {movement.key or '(blank)'}."
    months = groupby(known, key=lambda one: (one[0].year, one[0].month))
    periods = (_month(*key, [value for _, value in some], shown) for key, some in months)
    found = tuple(one for one in periods if one.end <= until)
    return Observed(movement.name, found), "" if found else f"{shown}: no row has the key."


def _dated(row: RawRow, when: str, column: str) -> tuple[date | None, float]:
    try:
        day = parse_date_time(row.cells.get(when, "")).date()
        value = float(row.cells.get(column, ""))
    except (CellError, ValueError):
        return None, math.nan
    return day, value


def _month(year: int, month: int, values: list[float], shown: str) -> Period:
    days = calendar.monthrange(year, month)[1]
    whole = len(values) == days and all(math.isfinite(one) for one in values)
    mean = sum(values) / days if whole else None
    return Period(date(year, month, 1), date(year, month, days), mean, shown, shown)
