"""The figures that an expected movement is held against: its own, and those of others.

Own figures are months (or whatever length is commonest) up to a day; those of others are taken for
the same periods, of the same areas in each, so that no area that comes or goes looks like a change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from wholesystem.indicators.area_figures import together
from wholesystem.indicators.periods import period_days
from wholesystem.reviews.figure_series import Published, PublishedFigures

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator

__all__ = ["Against", "Observed", "Period", "of_others", "own_figures", "period_months"]

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """One figure in time.

    Parameters
    ----------
    start, end : date
        First and last day.
    value : float or None
        None where it is not known.
    file : str
        That it is from.
    source : str
        File, sheet and cell of all that it is made of.
    """

    start: date
    end: date
    value: float | None
    file: str = ""
    source: str = ""


@dataclass(frozen=True)
class Observed:
    """Figures in time of one area, or of several as one.

    Parameters
    ----------
    label : str
        Whose they are.
    periods : tuple of Period
        In order of time, all of one length; absent ones are not there.
    codes : tuple of str
        The areas.
    left_out : tuple of str
        Names of areas that lack a figure in one of the periods and are in none.
    """

    label: str
    periods: tuple[Period, ...]
    codes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def by_start(self) -> dict[date, Period]:
        """Periods that have a figure, by their first day."""
        return {one.start: one for one in self.periods if one.value is not None}


@dataclass(frozen=True)
class Against:
    """Areas to hold another against.

    Parameters
    ----------
    label : str
        What they are called, with the date of the list.
    codes : tuple of str
        The areas.
    how : str
        How they were chosen.
    """

    label: str
    codes: tuple[str, ...]
    how: str = ""


def period_months(start: date, end: date) -> int:
    """Length of a period in whole months.

    Parameters
    ----------
    start, end : date
        First and last day.

    Returns
    -------
    int
        0 for what is no whole number of months.

    Examples
    --------
    >>> period_months(date(2018, 2, 1), date(2018, 2, 28))
    1
    """
    after = end + _DAY
    if start.day != 1 or after.day != 1:
        return 0
    return (after.year - start.year) * 12 + after.month - start.month


def own_figures(figures: PublishedFigures, indicator: str, area_code: str, until: date) -> Observed:
    """An area's own figures.

    Parameters
    ----------
    figures : PublishedFigures
        Of a store.
    indicator, area_code : str
        Id and code.
    until : date
        Last day of the last period.

    Returns
    -------
    Observed
        Of the commonest length of period; of two that are equally common the shorter.
    """
    found = [one for one in figures.series(indicator, area_code) if one.end <= until]
    label = figures.name_of(area_code, found[-1].area if found else "")
    return Observed(label, tuple(_as_period(one) for one in _of_one_length(found)), (area_code,))


def _as_period(one: Published) -> Period:
    return Period(one.start, one.end, one.value, one.file, one.source)


def _of_one_length(found: Iterable[Published]) -> list[Published]:
    by_length: dict[int, list[Published]] = {}
    for one in found:
        months = period_months(one.start, one.end)
        # Days that are no months: minus their number, so that a month is never taken for them.
        length = months or -period_days(one.start, one.end)
        by_length.setdefault(length, []).append(one)
    if not by_length:
        return []
    counts = Counter({length: len(rows) for length, rows in by_length.items()})
    most = max(counts.values())
    shortest = min((n for n in counts if counts[n] == most), key=abs)
    return by_length[shortest]


def of_others(
    figures: PublishedFigures, indicator: Indicator, against: Against, own: Observed
) -> Observed:
    """Figures of other areas as one, in the periods in which an area has its own.

    Parameters
    ----------
    figures : PublishedFigures
        Of a store.
    indicator : Indicator
        Row of the catalogue.
    against : Against
        The other areas.
    own : Observed
        The area's own figures.

    Returns
    -------
    Observed
        Sum of numerators over sum of denominators where the counts are there, else the mean of
        the areas; of areas that have a figure in every period in which `own` has one. With no
        period where none has.
    """
    wanted = own.by_start()
    rows: list[dict[date, Published]] = []
    kept, left_out = [], []
    for code in against.codes:
        series = {
            one.start: one
            for one in figures.series(indicator.indicator, code)
            if one.start in wanted and one.end == wanted[one.start].end and one.value is not None
        }
        if wanted and len(series) == len(wanted):
            rows.append(series)
            kept.append(code)
        else:
            printed = next((one.area for one in series.values()), "")
            left_out.append(figures.name_of(code, printed))
    periods = tuple(wanted.values()) if rows else ()
    made = _together(indicator, rows, periods)
    return Observed(against.label, made, tuple(kept), tuple(left_out))


def _together(
    indicator: Indicator, rows: Sequence[dict[date, Published]], periods: Sequence[Period]
) -> tuple[Period, ...]:
    if not rows or not periods:
        return ()
    if len(rows) == 1:  # a figure as it was published, not worked out again
        return tuple(_as_period(rows[0][one.start]) for one in periods)

    def column(name: str) -> np.ndarray:
        return np.array(
            [[getattr(row[one.start], name) for one in periods] for row in rows], dtype=np.float64
        )

    days = [period_days(one.start, one.end) for one in periods]
    made = together(indicator, column("value"), column("numerator"), column("denominator"), days)
    return tuple(
        Period(one.start, one.end, float(value), rows[0][one.start].file)
        for one, value in zip(periods, made.values, strict=True)
    )
