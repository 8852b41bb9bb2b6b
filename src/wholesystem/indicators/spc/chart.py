"""A chart that has been worked out: its points, limits and what the rules say of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wholesystem.indicators.spc.rules import Limits, judge
from wholesystem.indicators.spc.series import TRIAL_POINTS, Options, Series
from wholesystem.indicators.spc.words import (
    assurance_word,
    cause_words,
    decimals_of_size,
    variation_word,
)

if TYPE_CHECKING:
    import pandas as pd

    from wholesystem.indicators.spc.summary import Summary

#: Columns of ``points.csv``: fixed, since other people's scripts read them.
COLUMNS = (
    "date value mean lower upper near_lower near_upper special_cause variation assurance"
).split()


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart: figures in time, centre line, limits and the rule that each point breaks.

    Parameters
    ----------
    kind : str
        ``xmr``, ``run``, ``p``, ``u``, ``c`` or ``t``.
    series : Series
        The figures, in order of time.
    limits : Limits
        Of each point; NaN in a run chart.
    causes : ndarray of int8, shape (n_points,)
        Code of the rule that a point breaks: 1 outside limits, 2 rising or falling, 3 two of
        three near a limit, 4 one side, 5 astronomical point (by hand); 0 = none.
    directions : ndarray of int8, shape (n_points,)
        1 high or rising, -1 low or falling.
    better : str
        ``high``, ``low`` or ``neither``.
    run_length : int
        Points that make a trend or a run on one side.
    title, unit : str
        What the figures are, and of what unit.
    decimals : int or None
        Decimals of figures in sentences; by size if None.
    centre_name : str
        ``mean`` or ``median``.
    trend_length : int or None
        Points that make a trend, where that differs from `run_length`.
    notes : tuple of str
        What a reader should know, besides what the summary says.
    """

    kind: str
    series: Series
    limits: Limits
    causes: NDArray[np.int8]
    directions: NDArray[np.int8]
    better: str = "high"
    run_length: int = 7
    title: str = ""
    unit: str = ""
    decimals: int | None = None
    centre_name: str = "mean"
    trend_length: int | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def size(self) -> int:
        """Number of points, missing and excluded ones included."""
        return int(self.series.values.size)

    @cached_property
    def last(self) -> int:
        """Place of the last point that counts."""
        return int(np.flatnonzero(self.series.used)[-1])

    @cached_property
    def n_base(self) -> int:
        """Points on which the limits of the last point rest."""
        series = self.series
        return int((series.base & (series.phase == series.phase[self.last])).sum())

    @property
    def is_trial(self) -> bool:
        """Whether the limits of the last point rest on fewer than 12 points."""
        return self.n_base < TRIAL_POINTS

    @cached_property
    def line_decimals(self) -> int:
        """Decimals of centre line and limits: one number for all, by the largest figure."""
        if self.decimals is not None:
            return self.decimals
        figures = np.abs(np.concatenate([self.series.values, *self.limits]))
        return decimals_of_size(float(np.nanmax(figures)))

    @cached_property
    def value_decimals(self) -> int:
        """Decimals of the values: none where all are whole, else as of the lines."""
        if self.decimals is not None:
            return self.decimals
        known = self.series.values[~np.isnan(self.series.values)]
        return 0 if (known == np.rint(known)).all() else self.line_decimals

    @cached_property
    def special_causes(self) -> tuple[str, ...]:
        """Words of the rule that each point breaks; empty for none."""
        words = cause_words(self.run_length, self.trend_length)
        return tuple(words[code] for code in self.causes.tolist())

    @cached_property
    def variations(self) -> tuple[str, ...]:
        """Kind of variation of each point; empty for a point that is missing or excluded."""
        pairs = zip(self.causes.tolist(), self.directions.tolist(), strict=True)
        words = [variation_word(cause, sign, self.better) for cause, sign in pairs]
        used = self.series.used.tolist()
        return tuple(word if one else "" for word, one in zip(words, used, strict=True))

    @cached_property
    def assurance(self) -> str:
        """Whether the process will meet its target, judged on the last point's limits."""
        here = self.last
        return assurance_word(
            float(self.series.target[here]),
            float(self.limits.lower[here]),
            float(self.limits.upper[here]),
            self.better,
        )

    @cached_property
    def summary(self) -> Summary:
        """The verdict on the last point, as figures, words, icons and sentences."""
        from wholesystem.indicators.spc.summary import summarise

        return summarise(self)

    def rows(self) -> list[tuple[Any, ...]]:
        """Rows of ``points.csv``, with None where there is no figure.

        Returns
        -------
        list of tuple
            One for each point, in the order of `COLUMNS`.
        """
        columns = [self.series.values, *self.limits]
        figures = [[None if one != one else one for one in column.tolist()] for column in columns]
        days: list[date] = self.series.dates.astype(date).tolist()
        assurance = [self.assurance] * self.size
        words = (self.special_causes, self.variations, assurance)
        return list(zip(days, *figures, *words, strict=True))

    @property
    def points(self) -> pd.DataFrame:
        """Every point with its limits and words, as ``points.csv`` has them.

        The assurance is that of the whole chart, the same in every row. The order of columns is
        fixed.
        """
        import pandas as pd

        frame = pd.DataFrame(self.rows(), columns=COLUMNS)
        numbers = COLUMNS[1:7]
        return frame.astype(dict.fromkeys(numbers, "float64")).assign(
            date=pd.to_datetime(frame["date"])
        )


@dataclass(frozen=True, eq=False)
class Xmr(Chart):
    """A chart of single figures (X) with limits from their moving ranges (mR).

    Parameters
    ----------
    kind, series, limits, causes, directions, better, run_length : object
        As in `Chart`.
    title, unit, decimals, centre_name, trend_length, notes : object
        As in `Chart`.
    mean_moving_ranges : tuple of float
        One for each phase, after any screening, in the unit of the values.
    screen_outliers : bool
        Whether moving ranges above 3.267 times their mean were left out.
    """

    mean_moving_ranges: tuple[float, ...] = ()
    screen_outliers: bool = False


def limits_by_phase(series: Series, of_phase: Callable[[slice], Limits]) -> Limits:
    """Limits worked out for each phase by itself.

    Parameters
    ----------
    series : Series
        The figures.
    of_phase : callable
        Limits of the points of one phase, given as a slice of the series.

    Returns
    -------
    Limits
        Of all points.
    """
    parts = [of_phase(part) for part in series.phase_parts()]
    if len(parts) == 1:
        return parts[0]
    return Limits(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def judged(
    series: Series, limits: Limits, options: Options
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """The rules applied to a series.

    Parameters
    ----------
    series : Series
        The figures.
    limits : Limits
        Of each point.
    options : Options
        As told to the chart.

    Returns
    -------
    tuple of (causes, directions)
        As `rules.judge` gives them.
    """
    return judge(
        series.values,
        limits,
        series.used,
        series.follows,
        options.get("run_length", 7),
        count_beyond=options.get("count_beyond", False),
    )


def common_settings(options: Options) -> dict[str, Any]:
    """What a chart keeps of what it was told.

    Parameters
    ----------
    options : Options
        As told.

    Returns
    -------
    dict
        Keywords of `Chart`.
    """
    return {
        "better": options.get("better", "high"),
        "run_length": options.get("run_length", 7),
        "title": options.get("title", ""),
        "unit": options.get("unit", ""),
        "decimals": options.get("decimals"),
    }
