"""Run charts: figures in time about their median, with rules of chance alone and no limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from wholesystem.errors import ParameterError
from wholesystem.indicators.spc.chart import Chart, common_settings, limits_by_phase
from wholesystem.indicators.spc.rules import EQUAL, Bools, Floats, Limits, run_of_one_side, trend
from wholesystem.indicators.spc.series import (
    LONGEST_RUN,
    SHORTEST_RUN,
    Exclusion,
    Options,
    Series,
    make_series,
)
from wholesystem.indicators.spc.words import ASTRONOMICAL, ONE_SIDE, TREND, count_word

#: Points in a row on one side of the median that make a shift, and points that make a trend.
SHIFT, TREND_POINTS = 6, 5
#: Fewer points off the median than this say nothing by the number of their runs.
FEWEST_FOR_RUNS = 10
#: Chance of too few runs, and of too many, that is held to be a sign.
TAIL = 0.025


@dataclass(frozen=True, eq=False)
class RunChart(Chart):
    """A run chart.

    Parameters
    ----------
    kind, series, limits, causes, directions, better, run_length : object
        As in `Chart`.
    title, unit, decimals, centre_name, trend_length, notes : object
        As in `Chart`.
    runs : tuple of int
        Number of runs about the median, one for each phase.
    fewest_runs, most_runs : tuple of (int or None)
        Fewest and most runs that chance would give; None with fewer than 10 points off the
        median.
    """

    runs: tuple[int, ...] = ()
    fewest_runs: tuple[int | None, ...] = ()
    most_runs: tuple[int | None, ...] = ()


@lru_cache(maxsize=4096)
def runs_limits(above: int, below: int) -> tuple[int, int]:
    """Fewest and most runs that chance would give about a median.

    Parameters
    ----------
    above, below : int
        Points above and below the median; at least 1 each.

    Returns
    -------
    tuple of (fewest, most)
        With fewer runs than the first, or more than the second, the chance of so few, or so many,
        is at most 0.025.

    Raises
    ------
    ParameterError
        If either is below 1.

    Notes
    -----
    The number of runs R of `above` and `below` points in random order is even, R = 2k, with
    probability 2 C(a-1, k-1) C(b-1, k-1) / C(a+b, a), and odd, R = 2k+1, with probability
    (C(a-1, k-1) C(b-1, k) + C(a-1, k) C(b-1, k-1)) / C(a+b, a).

    References
    ----------
    Swed and Eisenhart (1943), Tables for testing randomness of grouping in a sequence of
    alternatives, Annals of Mathematical Statistics 14(1), 66-87.

    Examples
    --------
    >>> runs_limits(10, 10)
    (7, 15)
    """
    if min(above, below) < 1:
        raise ParameterError(
            f"There are {above} points above and {below} below the median. Runs are counted with"
            " at least one on each side. Give more points."
        )
    every = comb(above + below, above)
    ways = [0, 0] + [_ways(above, below, runs) for runs in range(2, above + below + 1)]
    total, fewest = 0, 2
    while (total + ways[fewest]) / every <= TAIL:
        total += ways[fewest]
        fewest += 1
    total, most = 0, above + below
    while (total + ways[most]) / every <= TAIL:
        total += ways[most]
        most -= 1
    return fewest, most


def _ways(above: int, below: int, runs: int) -> int:
    half = runs // 2
    if runs % 2 == 0:
        return 2 * comb(above - 1, half - 1) * comb(below - 1, half - 1)
    return comb(above - 1, half - 1) * comb(below - 1, half) + comb(above - 1, half) * comb(
        below - 1, half - 1
    )


def run_chart(
    dates: Iterable[Any],
    values: Iterable[float | None],
    *,
    astronomical: Sequence[Any] = (),
    shift_length: int = SHIFT,
    trend_length: int = TREND_POINTS,
    **options: Unpack[Options],
) -> RunChart:
    """A run chart: the median, and the four rules of Perla, Provost and Murray.

    Parameters
    ----------
    dates, values : iterable
        As for `xmr`.
    astronomical : sequence of date or (date, reason)
        Points marked by hand as plainly unlike the rest: no rule finds them.
    shift_length : int
        Points in a row on one side of the median that make a shift: 6; from 4 to 20. A point on
        the median is passed over: it neither adds to a run nor breaks it.
    trend_length : int
        Points in a row that rise, or fall, that make a trend: 5; from 4 to 20. A point equal to
        the one before is passed over.
    **options : Options
        As for `xmr`; `run_length` and `count_beyond` are not used.

    Returns
    -------
    RunChart
        Its ``mean`` column holds the median; it has no limits and so no assurance.

    Raises
    ------
    ParameterError
        With every fault of the series and options.

    Notes
    -----
    The fourth rule, too few or too many runs (`runs_limits`), is of the whole phase and flags no
    point: a sentence of the summary says it. It needs 10 points off the median.

    References
    ----------
    Perla, Provost and Murray (2011), The run chart: a simple analytical tool for learning from
    variation in healthcare processes, BMJ Quality & Safety 20(1), 46-51.
    """
    options["run_length"] = shift_length
    for name, length in (("shift_length", shift_length), ("trend_length", trend_length)):
        if not SHORTEST_RUN <= length <= LONGEST_RUN:
            raise ParameterError(
                f"{name} is {length}. It must be from {SHORTEST_RUN} to {LONGEST_RUN}. Correct it."
            )
    marked = make_series(dates, values, Options(exclude=astronomical)) if astronomical else None
    series = make_series(dates, values, options)
    limits = limits_by_phase(series, lambda part: _median(series, part))
    causes, directions = _judge(series, limits.centre, shift_length, trend_length)
    if marked is not None:
        _mark(causes, directions, series, limits.centre, marked.exclusions)
    counts = [_count_runs(series, limits.centre, one) for one in range(int(series.phase[-1]) + 1)]
    settings = common_settings(options) | {"run_length": shift_length}
    return RunChart(
        kind="run",
        series=series,
        limits=limits,
        causes=causes,
        directions=directions,
        centre_name="median",
        trend_length=trend_length,
        notes=tuple(_runs_sentence(*count) for count in counts[-1:]),
        runs=tuple(count[0] for count in counts),
        fewest_runs=tuple(count[1] for count in counts),
        most_runs=tuple(count[2] for count in counts),
        **settings,
    )


def _median(series: Series, part: slice) -> Limits:
    figures = series.values[part]
    base = figures[series.base[part]]
    middle = np.full(figures.size, float(np.median(base)) if base.size else np.nan)
    nothing = np.full(figures.size, np.nan)
    return Limits(middle, nothing, nothing, nothing, nothing)


def _side(series: Series, centre: Floats) -> NDArray[np.int8]:
    with np.errstate(invalid="ignore"):
        away = series.values - centre
        room = EQUAL * np.abs(series.values[series.used]).max()
        sides = (away > room).astype(np.int8) - (away < -room).astype(np.int8)
    return np.where(series.used, sides, 0).astype(np.int8)


def _stretches(series: Series) -> NDArray[np.int64]:
    """Number of the stretch without gap that each point is in."""
    return np.cumsum(~series.follows)


def _judge(
    series: Series, centre: Floats, shift_length: int, trend_length: int
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    side = _side(series, centre)
    stretch = _stretches(series)
    causes = np.zeros(side.size, dtype=np.int8)
    directions = np.zeros(side.size, dtype=np.int8)
    off = np.flatnonzero(side)
    shift = run_of_one_side(side[off], _joined(stretch[off]), shift_length)
    steps, kept = _steps(series, stretch)
    rising = trend(steps, trend_length)
    for code, places, signs in ((ONE_SIDE, off, shift), (TREND, kept, rising)):
        hit = signs != 0
        causes[places[hit]] = code
        directions[places[hit]] = signs[hit]
    return causes, directions


def _joined(stretch: NDArray[np.int64]) -> Bools:
    joined = np.zeros(stretch.size, dtype=bool)
    joined[1:] = stretch[1:] == stretch[:-1]
    return joined


def _steps(
    series: Series, stretch: NDArray[np.int64]
) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Signs of the steps between points that differ, and the places of those points."""
    values = series.values
    equal = np.zeros(values.size, dtype=bool)
    equal[1:] = series.follows[1:] & (values[1:] == values[:-1])
    kept = np.flatnonzero(series.used & ~equal)
    steps = np.zeros(kept.size, dtype=np.int8)
    steps[1:] = np.sign(np.diff(values[kept])) * _joined(stretch[kept])[1:]
    return steps, kept


def _mark(
    causes: NDArray[np.int8],
    directions: NDArray[np.int8],
    series: Series,
    centre: Floats,
    marked: tuple[Exclusion, ...],
) -> None:
    places = np.isin(series.dates, np.array([one.on for one in marked], dtype="datetime64[D]"))
    places &= series.used
    causes[places] = ASTRONOMICAL
    directions[places] = _side(series, centre)[places]


def _count_runs(series: Series, centre: Floats, phase: int) -> tuple[int, int | None, int | None]:
    side = _side(series, centre)[series.phase == phase]
    side = side[side != 0]
    if not side.size:
        return 0, None, None
    runs = 1 + int((side[1:] != side[:-1]).sum())
    above, below = int((side > 0).sum()), int((side < 0).sum())
    if side.size < FEWEST_FOR_RUNS or min(above, below) == 0:
        return runs, None, None
    return runs, *runs_limits(above, below)


def _runs_sentence(runs: int, fewest: int | None, most: int | None) -> str:
    if fewest is None or most is None:
        return (
            f"Runs about the median are not judged: that needs {count_word(FEWEST_FOR_RUNS)} points"
            " off it, with some on each side."
        )
    expected = f"chance gives {fewest} to {most}"
    if runs < fewest:
        return f"Too few runs about the median: {runs}, where {expected}. The process has shifted."
    if runs > most:
        return (
            f"Too many runs about the median: {runs}, where {expected}. Look for two processes"
            " mixed, or for figures that swing to and fro."
        )
    return (
        f"The number of runs about the median, {runs}, is what chance gives ({fewest} to {most})."
    )
