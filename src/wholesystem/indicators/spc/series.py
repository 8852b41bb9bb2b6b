"""What a chart is made of: figures in time, in order, checked, cut at gaps and rebasings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, TypedDict, cast

import numpy as np

from wholesystem.errors import ParameterError
from wholesystem.indicators.spc.gaps import Dates, find_gaps
from wholesystem.indicators.spc.rules import Bools, Floats, Ints
from wholesystem.indicators.spc.words import BETTER, date_words

#: Fewer points than this make trial limits.
TRIAL_POINTS = 12
FEWEST_POINTS = 2
SHORTEST_RUN, LONGEST_RUN = 4, 20
NO_REASON = "no reason given"
_FAULTS_SHOWN = 10


@dataclass(frozen=True)
class Rebase:
    """A day from which mean and limits are worked out anew, because the process changed.

    Parameters
    ----------
    on : date
        The first point on or after it starts the new phase.
    reason : str
        What changed. Limits are to be moved only after a change that is understood.
    """

    on: date
    reason: str = NO_REASON


@dataclass(frozen=True)
class Exclusion:
    """A point drawn but not counted, such as one known to be wrong.

    Parameters
    ----------
    on : date
        Day of the point.
    reason : str
        Why it is left out.
    """

    on: date
    reason: str = NO_REASON


class Options(TypedDict, total=False):
    """What every chart may be told; see `xmr` for their meaning."""

    target: Any
    better: str
    rebase: Sequence[Any]
    exclude: Sequence[Any]
    baseline: int | None
    run_length: int
    gaps: bool
    count_beyond: bool
    unit: str
    decimals: int | None
    title: str


@dataclass(frozen=True, eq=False)
class Series:
    """Figures in time, in order, with everything that the rules need to know about them.

    Parameters
    ----------
    dates : ndarray of datetime64[D], shape (n_points,)
        In order.
    values : ndarray of float, shape (n_points,)
        NaN = missing.
    used : ndarray of bool, shape (n_points,)
        Known and not excluded.
    base : ndarray of bool, shape (n_points,)
        Used for the centre and the limits: the used points, or the first of each phase.
    follows : ndarray of bool, shape (n_points,)
        Whether a point follows the one before with no gap, in the same phase, and both are used.
    phase : ndarray of int, shape (n_points,)
        From 0; each rebasing starts another.
    target : ndarray of float, shape (n_points,)
        NaN = none.
    order : ndarray of int, shape (n_points,)
        Place of each point in what was given.
    rebases : tuple of Rebase
        In order of time.
    exclusions : tuple of Exclusion
        In order of time.
    gaps_after : ndarray of datetime64[D]
        Day of each point after which one or more periods are absent.
    by_month : bool
        Whether dates stand for months or longer periods.
    """

    dates: Dates
    values: Floats
    used: Bools
    base: Bools
    follows: Bools
    phase: Ints
    target: Floats
    order: Ints
    rebases: tuple[Rebase, ...]
    exclusions: tuple[Exclusion, ...]
    gaps_after: Dates
    by_month: bool

    def phase_parts(self) -> list[slice]:
        """The points of each phase.

        Returns
        -------
        list of slice
            In order of time.
        """
        edges = (np.flatnonzero(np.diff(self.phase)) + 1).tolist()
        return [slice(*pair) for pair in pairwise([0, *edges, self.values.size])]

    def base_joined(self, part: slice) -> Bools:
        """Whether a point and the one before both make the limits, with nothing between.

        Parameters
        ----------
        part : slice
            Points of one phase.

        Returns
        -------
        ndarray of bool
            For each of those points; the first is False.
        """
        base = self.base[part]
        joined = self.follows[part].copy()
        joined[1:] &= base[1:] & base[:-1]
        return joined


def make_series(
    dates: Iterable[Any], values: Iterable[float | None], options: Options, *, twice: bool = False
) -> Series:
    """Put figures in order of time and check them.

    Parameters
    ----------
    dates : iterable of date, datetime, datetime64 or str
        Day of each figure, or the first day of its period; ISO text is read.
    values : iterable of float or None
        Figures; None or NaN = missing, which is a gap.
    options : Options
        As told to the chart.
    twice : bool
        Whether a day may occur more than once.

    Returns
    -------
    Series
        In order of time; the order given does not matter.

    Raises
    ------
    ParameterError
        With every fault: lengths that differ, a date twice, infinite figures, fewer than two
        figures, a rebasing or exclusion outside the series, an option outside its range.
    """
    check_options(options)
    days, figures = _as_days(dates), _as_figures(values)
    if days.size != figures.size:
        raise ParameterError(
            f"There are {days.size} dates and {figures.size} values. Each value needs its date."
            " Give as many of one as of the other."
        )
    order = np.argsort(days, kind="stable")
    days, figures = days[order], figures[order]
    known = ~np.isnan(figures)
    rebases = _rebases(options.get("rebase", ()))
    exclusions = _exclusions(options.get("exclude", ()))
    _raise(_faults_of(days, figures, known, twice) or _faults_of_dates(days, rebases, exclusions))
    used = known & ~_is_in(days, [one.on for one in exclusions])
    phase = _phases(days, [one.on for one in rebases])
    gap, by_month = find_gaps(days, options.get("gaps", True))
    follows = np.zeros(days.size, dtype=bool)
    follows[1:] = used[1:] & used[:-1] & ~gap & (phase[1:] == phase[:-1])
    return Series(
        dates=days,
        values=figures,
        used=used,
        base=_base(used, phase, options.get("baseline")),
        follows=follows,
        phase=phase,
        target=_target(options.get("target"), days, order),
        order=order,
        rebases=rebases,
        exclusions=exclusions,
        gaps_after=days[:-1][gap],
        by_month=by_month,
    )


def check_options(options: Options) -> None:
    """Check what a chart is told, apart from its dates.

    Parameters
    ----------
    options : Options
        As told.

    Raises
    ------
    ParameterError
        With every fault.
    """
    faults = []
    better = options.get("better", "high")
    if better not in BETTER:
        faults.append(f"better is {better!r}. It must be one of {', '.join(BETTER)}. Choose one.")
    run_length = options.get("run_length", 7)
    if not SHORTEST_RUN <= run_length <= LONGEST_RUN:
        faults.append(
            f"run_length is {run_length}. A run has {SHORTEST_RUN} to {LONGEST_RUN} points. Making"
            " Data Count takes 7, or 6."
        )
    baseline = options.get("baseline")
    if baseline is not None and baseline < FEWEST_POINTS:
        faults.append(
            f"baseline is {baseline}. Limits need at least {FEWEST_POINTS} points; below"
            f" {TRIAL_POINTS} they are trial limits. Give a larger number."
        )
    _raise(faults)


def _raise(faults: Sequence[str]) -> None:
    if faults:
        more = len(faults) - _FAULTS_SHOWN
        shown = [*faults[:_FAULTS_SHOWN], *([f"... and {more} more faults."] if more > 0 else [])]
        raise ParameterError("\n".join(shown))


def _as_days(dates: Iterable[Any]) -> Dates:
    given = dates if isinstance(dates, np.ndarray) else list(dates)
    try:
        days = np.asarray(given, dtype="datetime64[D]")
    except (TypeError, ValueError):
        bad = next((one for one in given if not _is_date(one)), None)
        raise ParameterError(
            f"{bad!r} is no date. Each value needs a date. Give dates, or text like 2017-06-01."
        ) from None
    if np.isnat(days).any():
        raise ParameterError("A date is missing. Each value needs its date. Give it.")
    return days


def _is_date(one: Any) -> bool:
    if isinstance(one, date | np.datetime64):
        return True
    try:
        return isinstance(one, str) and bool(datetime.fromisoformat(one))
    except ValueError:
        return False


def _as_figures(values: Iterable[float | None]) -> Floats:
    given = values if isinstance(values, np.ndarray) else list(values)
    try:
        return np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        bad = next((one for one in given if not _is_number(one)), None)
        raise ParameterError(
            f"{bad!r} is no number. A chart is made of numbers. Give None where there is none."
        ) from None


def _is_number(one: Any) -> bool:
    try:
        return one is None or isinstance(float(one), float)
    except (TypeError, ValueError):
        return False


def _faults_of(days: Dates, figures: Floats, known: Bools, twice: bool) -> list[str]:
    faults = [
        f"The value of {day} is infinite. A figure must be finite. Correct it, or give None."
        for day in days[np.isinf(figures)]
    ]
    if not twice:
        faults += [
            f"{day} occurs more than once. A chart has one value a date. Keep one, or make a"
            " chart for each group."
            for day in np.unique(days[1:][days[1:] == days[:-1]])
        ]
    count = int(known.sum())
    if count < FEWEST_POINTS:
        there = "There is 1 value" if count == 1 else f"There are {count} values"
        faults.append(f"{there}. A chart needs at least {FEWEST_POINTS}. Give more periods.")
    return faults


def _faults_of_dates(
    days: Dates, rebases: Sequence[Rebase], exclusions: Sequence[Exclusion]
) -> list[str]:
    first, last = days[0].astype(date), days[-1].astype(date)
    faults = [
        f"The rebasing on {one.on} is outside the series. It must come after its first date,"
        f" {first}, and not after its last, {last}. Give the first date of the new phase."
        for one in rebases
        if not first < one.on <= last
    ]
    starts = [int(np.searchsorted(days, np.datetime64(one.on))) for one in rebases]
    faults += [
        f"The rebasings on {one.on} and {other.on} start at the same point. Each phase needs"
        " points of its own. Leave one out."
        for one, other, start, other_start in zip(
            rebases, rebases[1:], starts, starts[1:], strict=False
        )
        if start == other_start
    ]
    held = set(days.astype(date).tolist()) if exclusions else set()
    faults += [
        f"There is no point on {one.on} to leave out. The date must be one of the series. Give"
        " the date of the point."
        for one in exclusions
        if one.on not in held
    ]
    return faults


def _as_day(given: Any) -> date:
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    return cast(date, _as_days([given])[0].astype(date))


def _rebases(given: Iterable[Any]) -> tuple[Rebase, ...]:
    if isinstance(given, str | date | Rebase):
        given = (given,)
    made = [one if isinstance(one, Rebase) else Rebase(*_day_and_reason(one)) for one in given]
    return tuple(sorted(made, key=lambda one: one.on))


def _exclusions(given: Iterable[Any]) -> tuple[Exclusion, ...]:
    if isinstance(given, str | date | Exclusion):
        given = (given,)
    made = [
        one if isinstance(one, Exclusion) else Exclusion(*_day_and_reason(one)) for one in given
    ]
    return tuple(sorted(made, key=lambda one: one.on))


def _day_and_reason(given: Any) -> tuple[date, str]:
    if isinstance(given, tuple):
        return _as_day(given[0]), str(given[1]).strip() or NO_REASON
    return _as_day(given), NO_REASON


def _is_in(days: Dates, wanted: Sequence[date]) -> Bools:
    if not wanted:
        return np.zeros(days.size, dtype=bool)
    return np.isin(days, np.array(wanted, dtype="datetime64[D]"))


def _phases(days: Dates, starts: Sequence[date]) -> Ints:
    if not starts:
        return np.zeros(days.size, dtype=np.int64)
    phase: Ints = np.searchsorted(np.array(starts, dtype="datetime64[D]"), days, side="right")
    return phase


def _base(used: Bools, phase: Ints, baseline: int | None) -> Bools:
    if baseline is None:
        return used
    base = np.zeros(used.size, dtype=bool)
    for one in range(int(phase[-1]) + 1):
        base[np.flatnonzero(used & (phase == one))[:baseline]] = True
    return base


def _target(given: Any, days: Dates, order: Ints) -> Floats:
    """Target of each point: one number, one for each value, or pairs (from this date, number)."""
    if given is None:
        return np.full(days.size, np.nan)
    if np.isscalar(given):
        return np.full(days.size, _finite(given))
    pairs = list(given.items()) if hasattr(given, "items") else list(given)
    if pairs and isinstance(pairs[0], tuple):
        target = np.full(days.size, np.nan)
        for start, number in sorted((_as_day(day), _finite(number)) for day, number in pairs):
            target[days >= np.datetime64(start)] = number
        return target
    target = _as_figures(pairs)
    if target.size != days.size:
        raise ParameterError(
            f"There are {target.size} targets and {days.size} values. Give one target, one for"
            " each value, or pairs of a date and the target from then on."
        )
    return target[order]


def _finite(number: Any) -> float:
    value = float(_as_figures([number])[0])
    if not np.isfinite(value):
        raise ParameterError(f"The target is {number}. It must be a finite number. Correct it.")
    return value


def day_text(day: np.datetime64, by_month: bool) -> str:
    """A day of a series in words.

    Parameters
    ----------
    day : datetime64[D]
        The day.
    by_month : bool
        Whether only its month counts.

    Returns
    -------
    str
        Such as ``Jun 2017``.
    """
    return date_words(cast(date, day.astype(date)), by_month=by_month)
