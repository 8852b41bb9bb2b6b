"""The figures of a report worked out again from the published statistics.

A table says which figure of the report is which indicator, of whom, when, and how it is worked
out; and why it differs, where it does. `reperform` works each out from a store, so that the same
table can be held against an extract or against everything that was published.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import numpy as np
import pandas as pd

from wholesystem.errors import Fault, TableError
from wholesystem.examples.extract import EXTRACT
from wholesystem.indicators.areas import ENGLAND, every_area
from wholesystem.indicators.catalogue import Indicator, read_catalogue
from wholesystem.indicators.periods import period_label
from wholesystem.indicators.series import Figures
from wholesystem.indicators.series_sums import packaged_sums
from wholesystem.indicators.small_tables import table_rows, user_table
from wholesystem.indicators.whole_periods import parts_of_period, ratio_of_parts
from wholesystem.pictures.tables import PictureTable
from wholesystem.tables import Table
from wholesystem.tables.cells import closest
from wholesystem.tables.rows import BlankText, Date, Id, Row, Text, choice, number, whole

if TYPE_CHECKING:
    from wholesystem.indicators.store import Store

__all__ = [
    "COLUMNS",
    "MEASURES",
    "REASONS",
    "ReportFigure",
    "read_report_figures",
    "reperform",
    "reperformance_table",
]

COLUMNS = (
    "figure",
    "column",
    "name",
    "period",
    "unit",
    "printed",
    "published",
    "recomputed",
    "difference",
    "verdict",
    "reason",
    "explanation",
    "source",
)
"""Columns of the result, in order."""

REASONS = {
    "agrees": "agrees",
    "all_councils": "needs all councils",
    "denominator": "another population",
    "list": "list not printed",
    "period": "another period",
    "revision": "revised since",
    "rounding": "rounding",
    "trust": "trust, not area",
    "wording": "wording",
}
"""Why a figure is as it is, in words."""

#: A place needs so large a share of the councils of the time.
_ENOUGH_COUNCILS = 0.9


class ReportFigure(Row):
    """One figure of a report, and how to work it out again.

    Attributes
    ----------
    figure, column : str
        Row and column of figures.csv that it is printed in.
    name : str
        What it is, for people.
    indicator : str
        Id in the catalogue.
    area_code : str
        Area or trust; blank where none can be named.
    start, end : date
        First and last day.
    measure : str
        A name of `MEASURES`, or ``none`` where it cannot be worked out.
    decimals : int
        Of the printed figure; -3 where it is in thousands.
    printed : str
        As the report words it; blank = the number.
    published : float
        The number, in the unit of the indicator.
    reason : str
        A name of `REASONS`.
    explanation : str
        For people.
    """

    figure: Id
    column: Id
    name: Text
    indicator: Id
    area_code: BlankText
    start: Date
    end: Date
    measure: Annotated[
        str,
        choice("value", "sum", "rate", "share", "rank", "ratio_to_england", "months_above_england",
               "none"),
    ]  # fmt: skip
    decimals: Annotated[int, whole(-6, 6)]
    printed: BlankText
    published: Annotated[float, number(0)]
    reason: Annotated[str, choice(*REASONS)]
    explanation: Text


def read_report_figures(path: str | os.PathLike[str] | None = None) -> tuple[ReportFigure, ...]:
    """Read and check a table of figures of a report.

    Parameters
    ----------
    path : path, optional
        A CSV file, or a workbook with a sheet ``reperformance``; the packaged table of the
        Oxfordshire report if None.

    Returns
    -------
    tuple of ReportFigure
        In the order of the table.

    Raises
    ------
    TableError
        With every fault: an unknown indicator or measure, an end before its start.
    """
    file = EXTRACT / "reperformance.csv" if path is None else Path(path)
    table = user_table(file, "reperformance", ReportFigure)
    rows, faults = table_rows(table, ReportFigure)
    for at, row in rows:
        faults += _row_faults(table, at, row)
    if faults:
        raise TableError(faults)
    return tuple(row for _, row in rows)


def _row_faults(table: Table, at: int, row: ReportFigure) -> list[Fault]:
    faults = []
    catalogue = read_catalogue()
    if row.indicator not in catalogue:
        near = closest(row.indicator, list(catalogue))
        rule = "There is no such indicator in the catalogue."
        remedy = f"Did you mean {near}?" if near else "See wholesystem indicators list."
        faults.append(Fault(table.where(at, "indicator"), row.indicator, rule, remedy))
    if row.end < row.start:
        rule = f"The period ends before it starts ({row.start})."
        faults.append(Fault(table.where(at, "end"), str(row.end), rule, "Correct one of them."))
    if not row.area_code and row.measure != "none":
        rule = "A figure that is worked out is of an area or a trust."
        faults.append(Fault(table.where(at, "area_code"), "", rule, "Write its code, or none."))
    return faults


# ----------------------------------------------------------------------------- working out


@dataclass(frozen=True)
class _Figures:
    """Rows of one indicator within the period of a figure."""

    row: ReportFigure
    indicator: Indicator
    rows: pd.DataFrame

    def of(self, code: str) -> pd.DataFrame:
        """Rows of one area, in order of time; none is missing a figure."""
        found = self.rows[self.rows["area_code"] == code]
        return found[found["value"].notna()].sort_values("period_start")

    def parts(self, code: str) -> list[_Part]:
        """Those that follow on each other from the first day to the last; none if they do not."""
        rows = self.of(code)
        starts, ends = (rows[name].dt.date for name in ("period_start", "period_end"))
        numbers = (_numbers(rows[name]) for name in ("value", "numerator", "denominator"))
        parts = [_Part(*one) for one in zip(starts, ends, *numbers, strict=True)]
        return parts_of_period(parts, self.row.start, self.row.end)


class _Part(NamedTuple):
    start: date
    end: date
    value: float | None
    numerator: float | None
    denominator: float | None


def _numbers(column: pd.Series[Any]) -> list[float | None]:
    return [None if np.isnan(one) else one for one in column.astype(float).tolist()]


def _sum(figures: _Figures, code: str) -> float:
    parts = figures.parts(code)
    return sum(one.value or 0.0 for one in parts) if parts else np.nan


def _ratio(figures: _Figures, code: str) -> float:
    """The ratio over the whole period: sums of numerators and of denominators, over its days."""
    value = ratio_of_parts(figures.indicator, figures.parts(code))
    return np.nan if value is None else value


def _rank(figures: _Figures, code: str) -> float:
    """The place from the highest among councils; missing unless nearly all have a figure."""
    row = figures.row
    councils = [one.code for one in every_area().values()
                if one.kind == "area" and one.is_valid(row.start)]  # fmt: skip
    held = figures.rows.loc[figures.rows["area_kind"] == "area", "area_code"].unique()
    values = {one: _ratio(figures, one) for one in held}
    known = [value for value in values.values() if not np.isnan(value)]
    if len(known) < _ENOUGH_COUNCILS * len(councils) or code not in values:
        return np.nan
    return 1.0 + sum(value > values[code] for value in known)


def _ratio_to_england(figures: _Figures, code: str) -> float:
    return _ratio(figures, code) / _ratio(figures, ENGLAND)


def _months_above(figures: _Figures, code: str) -> float:
    mine, england = figures.parts(code), figures.parts(ENGLAND)
    if not mine or [one[:2] for one in mine] != [one[:2] for one in england]:
        return np.nan
    pairs = zip(mine, england, strict=True)
    return float(sum((one.value or 0.0) > (other.value or 0.0) for one, other in pairs))


MEASURES = {
    "value": _sum,
    "sum": _sum,
    "rate": _ratio,
    "share": _ratio,
    "rank": _rank,
    "ratio_to_england": _ratio_to_england,
    "months_above_england": _months_above,
}
"""How a figure is worked out, by name."""

_UNITS = {"rank": "place", "ratio_to_england": "times", "months_above_england": "months"}


def reperform(store: Store, table: Sequence[ReportFigure] | None = None) -> pd.DataFrame:
    """Work the figures of a report out again.

    Parameters
    ----------
    store : Store
        With figures as published.
    table : sequence of ReportFigure, optional
        The packaged one if None.

    Returns
    -------
    DataFrame
        A row a figure, with `COLUMNS`: ``published`` and ``recomputed`` in ``unit``,
        ``difference`` = recomputed - published, ``verdict`` (``agrees``: within the rounding of
        the printed figure; ``differs``; ``not worked out``), ``reason`` and ``explanation``, and
        ``source``, the file, sheet and cell of the first and the last figure that it is made of.
        ``recomputed`` is NaN where the store lacks a month, or a place would need more councils.
    """
    rows = read_report_figures() if table is None else tuple(table)
    codes = {ENGLAND, *(row.area_code for row in rows)}
    source = Figures(store, sums=[one for one in packaged_sums() if one.code in codes])
    source.prepare(dict.fromkeys(row.indicator for row in rows))
    catalogue = read_catalogue()
    made = [_reperform_one(row, catalogue[row.indicator], source) for row in rows]
    return pd.DataFrame(made, columns=list(COLUMNS))


def _reperform_one(row: ReportFigure, indicator: Indicator, source: Figures) -> list[object]:
    found = source.series(indicator.indicator)
    inside = (found["period_start"] >= pd.Timestamp(row.start)) & (
        found["period_end"] <= pd.Timestamp(row.end)
    )
    figures = _Figures(row, indicator, found[inside])
    value = MEASURES[row.measure](figures, row.area_code) if row.measure in MEASURES else np.nan
    reason = row.reason
    if row.measure == "rank" and np.isnan(value):
        reason = "all_councils"
    return [
        row.figure, row.column, row.name, period_label(row.start, row.end),
        _UNITS.get(row.measure, indicator.unit), row.printed or _shown(row, row.published),
        row.published, value, value - row.published, _verdict(row, value), REASONS[reason],
        row.explanation, _source(figures.of(row.area_code)),
    ]  # fmt: skip


def _verdict(row: ReportFigure, value: float) -> str:
    if np.isnan(value):
        return "not worked out"
    half = 0.5 * 10.0**-row.decimals
    return "agrees" if abs(value - row.published) <= half * (1 + 1e-9) else "differs"


def _source(rows: pd.DataFrame) -> str:
    if not len(rows):
        return ""
    first, last = rows["source"].iloc[0], rows["source"].iloc[-1]
    return str(first) if len(rows) == 1 else f"{first}; to {last}"


def _shown(row: ReportFigure, value: float) -> str:
    """A figure with the decimals that the report prints."""
    return f"{value:,.{max(row.decimals, 0)}f}"


# ----------------------------------------------------------------------------- on a page


def reperformance_table(
    found: pd.DataFrame, table: Sequence[ReportFigure] | None = None
) -> PictureTable:
    """Table of the figures worked out again, for a page.

    Parameters
    ----------
    found : DataFrame
        From `reperform`.
    table : sequence of ReportFigure, optional
        That it was made from; the packaged one if None.

    Returns
    -------
    PictureTable
        A row a figure. What follows a line break in a cell is set smaller.
    """
    rows = read_report_figures() if table is None else tuple(table)
    columns = ("Figure of the report", "Period", "Printed", "Worked out", "Difference",
               "Verdict", "Why")  # fmt: skip
    return PictureTable(
        "Figures of the report worked out again from the published statistics",
        columns,
        tuple(
            _cells(row, one)
            for row, one in zip(rows, found.to_dict("records"), strict=True)
        ),
        (False, False, True, True, True, False, False),
    )  # fmt: skip


def _cells(row: ReportFigure, one: dict[str, object]) -> tuple[str, ...]:
    value, difference = float(str(one["recomputed"])), float(str(one["difference"]))
    return (
        f"{one['name']}\n{one['unit']} ({one['figure']})",
        str(one["period"]),
        str(one["printed"]),
        _finer(row, value),
        _finer(row, difference, sign=True),
        f"{one['verdict']}\n{one['reason']}" if one["verdict"] != one["reason"] else "agrees",
        str(one["explanation"]),
    )


def _finer(row: ReportFigure, value: float, *, sign: bool = False) -> str:
    """A figure with a decimal more than was printed, where it is no count."""
    if np.isnan(value):
        return "\N{EN DASH}"
    if value == 0:
        return "0"
    is_count = row.measure in ("sum", "rank", "months_above_england")
    decimals = 0 if is_count else max(row.decimals, 0) + 1
    text = f"{value:{'+' if sign else ''},.{decimals}f}"
    return text.replace("-", "\N{MINUS SIGN}")
