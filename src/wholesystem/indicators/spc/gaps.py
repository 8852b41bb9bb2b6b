"""Absent periods: found from the dates alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wholesystem.indicators.spc.rules import Bools, Ints

Dates = NDArray[np.datetime64]


def find_gaps(days: Dates, wanted: bool) -> tuple[Bools, bool]:
    """Whether periods are absent between each point and the next, and whether periods are months.

    Parameters
    ----------
    days : ndarray of datetime64[D], shape (n_points,)
        In order; at least one.
    wanted : bool
        Whether to look for gaps at all.

    Returns
    -------
    gaps : ndarray of bool, shape (n_points - 1,)
        The usual step is the commonest one, the shortest of equally common ones; a longer step is
        a gap. Where no step makes up half of all, the dates are irregular and nothing is a gap.
    by_month : bool
        Whether every day is the first of a month, or the last of one.
    """
    numbers, by_month = _period_numbers(days)
    steps = np.diff(numbers)
    if not wanted or steps.size < 2:
        return np.zeros(steps.size, dtype=bool), by_month
    kinds, counts = np.unique(steps, return_counts=True)
    best = int(np.argmax(counts))
    if 2 * counts[best] < steps.size:
        return np.zeros(steps.size, dtype=bool), by_month
    return steps > kinds[best], by_month


def _period_numbers(days: Dates) -> tuple[Ints, bool]:
    months = days.astype("datetime64[M]")
    day_of_month = (days - months.astype("datetime64[D]")).astype(np.int64)
    if (day_of_month == day_of_month[0]).all():
        return months.astype(np.int64), bool(day_of_month[0] == 0)
    tomorrow = days + np.timedelta64(1, "D")
    if (tomorrow.astype("datetime64[M]") > months).all():  # the last day of every month
        return months.astype(np.int64), True
    numbers: Ints = days.astype(np.int64)
    weekday = (numbers + 3) % 7  # 1 January 1970 was a Thursday; 0 = Monday
    if (weekday < 5).all() and bool((np.diff(numbers) == 1).any()):
        # Working days: a week end is no gap.
        return (numbers + 3) // 7 * 5 + weekday, False
    return numbers, False
