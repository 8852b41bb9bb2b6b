"""Figures cut at the day a plan was agreed, and whether they, and the gap to others, moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from wholesystem.reviews.follow_up.observed import Observed, Period, period_months
from wholesystem.reviews.follow_up.signs import Level, Points, Sign, find_sign
from wholesystem.reviews.rules_table import Rules

__all__ = ["Moved", "Window", "gap_moved", "make_window", "own_moved"]

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """The periods that a verdict looks at: the reference, and those since a day.

    Parameters
    ----------
    agreed_on : date
        The day. A period belongs to those since where it starts on it or later.
    before, since : tuple of Period
        In order of time, periods without a figure included.
    """

    agreed_on: date
    before: tuple[Period, ...]
    since: tuple[Period, ...]

    @property
    def periods(self) -> tuple[Period, ...]:
        """All of them, in order of time."""
        return self.before + self.since


@dataclass(frozen=True, eq=False)
class Moved:
    """Whether figures moved, and the means that this rests on.

    Parameters
    ----------
    sign : Sign
        By the rules of special cause and the checks on them.
    periods : tuple of Period
        Of the window, as the sign's arrays have them.
    before, since : float
        Means of the level that changes are counted from, and of the figures since; NaN where
        there are none.
    """

    sign: Sign
    periods: tuple[Period, ...]
    before: float
    since: float

    def of_level(self, level: Level | None) -> tuple[Period, ...]:
        """The periods that a level is the mean of; none for no level."""
        if level is None:
            return ()
        return tuple(self.periods[at] for at in np.flatnonzero(level.used))

    @property
    def since_periods(self) -> tuple[Period, ...]:
        """Periods since the day that have a figure."""
        return tuple(self.periods[at] for at in np.flatnonzero(self.sign.since))


def make_window(
    own: Observed, agreed_on: date, rules: Rules, *, recording: Sequence[date] = ()
) -> Window:
    """The periods that a verdict looks at.

    Parameters
    ----------
    own : Observed
        All figures, in order of time.
    agreed_on : date
        The day.
    rules : Rules
        Of the verdict: how long the reference is.
    recording : sequence of date
        Days on which what is counted was changed. Figures on two sides of one are never held
        against each other: the reference starts after the last of them before the day, and the
        figures since end at the first one after it.

    Returns
    -------
    Window
        The reference is that many months, or, where their periods are too few, the fewest figures
        that limits need.
    """
    cuts = sorted(recording)
    since = [one for one in own.periods if one.start >= agreed_on]
    since = [one for one in since if not any(agreed_on < day <= one.start for day in cuts)]
    before = [one for one in own.periods if one.start < agreed_on]
    before = [one for one in before if not any(one.start < day <= agreed_on for day in cuts)]
    months = int(rules.threshold("reference"))
    fewest = int(rules.threshold("fewest_reference"))
    end = before[-1].end + _DAY if before else agreed_on
    inside = [one for one in before if one.start >= _months_back(end, months)]
    known = [at for at, one in enumerate(before) if one.value is not None]
    # Quarters: eight of them in two years, and limits need twelve.
    if sum(one.value is not None for one in inside) < fewest <= len(known):
        inside = before[known[-fewest] :]
    return Window(agreed_on, tuple(inside), tuple(since))


def _months_back(day: date, months: int) -> date:
    at = day.year * 12 + day.month - 1 - months
    return date(at // 12, at % 12 + 1, min(day.day, 28))


def own_moved(window: Window, rules: Rules) -> Moved:
    """Whether an area's own figures moved.

    Parameters
    ----------
    window : Window
        Of its figures.
    rules : Rules
        Of the verdict.

    Returns
    -------
    Moved
        With the sign and the means.
    """
    values = [np.nan if one.value is None else one.value for one in window.periods]
    return _moved(window, np.array(values, dtype=np.float64), rules)


def gap_moved(
    window: Window, others: Mapping[date, Period], rules: Rules, *, by_ratio: bool
) -> Moved:
    """Whether the gap between an area's figures and those of others moved.

    Parameters
    ----------
    window : Window
        Of the area's figures.
    others : mapping of date to Period
        Those of others by first day.
    rules : Rules
        Of the verdict.
    by_ratio : bool
        Whether the gap is own over others; else own less others.

    Returns
    -------
    Moved
        Where either figure is missing, or the others' is not above 0 in a ratio, the gap is too.
    """
    values = np.full(len(window.periods), np.nan)
    for at, one in enumerate(window.periods):
        other = others.get(one.start)
        if one.value is None or other is None or other.value is None:
            continue
        if not by_ratio:
            values[at] = one.value - other.value
        elif other.value > 0:
            values[at] = one.value / other.value
    return _moved(window, values, rules)


def _moved(window: Window, values: np.ndarray, rules: Rules) -> Moved:
    periods = window.periods
    seasons = [one.start.month for one in periods]
    gap = [at > 0 and one.start != periods[at - 1].end + _DAY for at, one in enumerate(periods)]
    since = np.zeros(len(periods), dtype=bool)
    since[len(window.before) :] = True
    points = Points(
        values,
        since,
        np.array(seasons, dtype=np.int64),
        np.array(gap, dtype=bool),
    )
    sign = find_sign(points, rules)
    level = sign.before
    return Moved(sign, periods, np.nan if level is None else level.mean, sign.since_mean)


def mean_over(figures: Mapping[date, Period], periods: Sequence[Period]) -> float:
    """Mean of figures over some periods.

    Parameters
    ----------
    figures : mapping of date to Period
        By first day.
    periods : sequence of Period
        Over which.

    Returns
    -------
    float
        NaN where one of the periods has no figure, or there are none.
    """
    values = [figures[one.start].value for one in periods if one.start in figures]
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known and len(known) == len(periods) else float("nan")


def has_months(periods: Sequence[Period]) -> bool:
    """Whether periods are whole months, quarters or years.

    Parameters
    ----------
    periods : sequence of Period
        Of one length.

    Returns
    -------
    bool
        False for weeks and days.
    """
    return bool(periods) and period_months(periods[0].start, periods[0].end) > 0
