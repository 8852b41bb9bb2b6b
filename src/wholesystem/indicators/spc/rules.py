"""The numbers of SPC: limits of an XmR chart and the rules of special cause, on flat arrays.

Everything here is numpy alone, with no checks: `series` has made them. A profile of every area
judges thousands of series, so one costs well below 1 ms.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wholesystem.indicators.spc.words import ONE_SIDE, OUTSIDE, TREND, TWO_OF_THREE

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: Mean range of two draws from one normal distribution, in standard deviations (d2 for n = 2).
D2 = 1.128
#: Limits in mean moving ranges: three standard deviations, 3 / 1.128 = 2.6596, rounded as Making
#: Data Count and Wheeler round it. Near limits lie two thirds of the way.
LIMIT = 2.66
#: Upper limit of a moving range, in mean moving ranges (D4 for n = 2): 1 + 3 x 0.853 / 1.128.
SCREEN = 3.267
#: What is nearer than this share of the largest figure is equal: a mean of equal figures may
#: differ from them in the last bit, and would make a run on one side of it.
EQUAL = 1e-12


class Limits(NamedTuple):
    """Centre line and limits, one for each point.

    Parameters
    ----------
    centre, lower, upper, near_lower, near_upper : ndarray of float, shape (n_points,)
        In the unit of the values; NaN where there is none.
    """

    centre: Floats
    lower: Floats
    upper: Floats
    near_lower: Floats
    near_upper: Floats


def mean_moving_range(values: Floats, joined: Bools, screen: bool) -> float:
    """Mean of the moving ranges.

    Parameters
    ----------
    values : ndarray of float, shape (n_points,)
        Figures in time.
    joined : ndarray of bool, shape (n_points,)
        Whether a point and the one before both count and nothing lies between; first False.
    screen : bool
        Whether to leave out ranges above 3.267 times their mean, once, and take the mean again.

    Returns
    -------
    float
        NaN where no two points are joined.

    References
    ----------
    Nelson (1982), Control charts for individual measurements, Journal of Quality Technology
    14(3), 172-173 (the screening).
    """
    ranges = np.abs(np.diff(values))[joined[1:]]
    if not ranges.size:
        return float("nan")
    mean = float(ranges.mean())
    if screen:
        mean = float(ranges[ranges <= SCREEN * mean].mean())
    return mean


def spread_limits(centre: float | Floats, sigma: float | Floats, n_points: int) -> Limits:
    """Limits three and two standard deviations about a centre.

    Parameters
    ----------
    centre, sigma : float or ndarray of float, shape (n_points,)
        Centre line and standard deviation.
    n_points : int
        Number of points.

    Returns
    -------
    Limits
        Arrays of that length.
    """
    middle = np.full(n_points, centre) if np.isscalar(centre) else np.asarray(centre)
    return Limits(
        middle, middle - 3 * sigma, middle + 3 * sigma, middle - 2 * sigma, middle + 2 * sigma
    )


def judge(
    values: Floats,
    limits: Limits,
    used: Bools,
    follows: Bools,
    run_length: int,
    *,
    count_beyond: bool = False,
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """The rule that each point breaks, the first in precedence, and its direction.

    Parameters
    ----------
    values : ndarray of float, shape (n_points,)
        Figures in time; NaN = missing.
    limits : Limits
        Of each point.
    used : ndarray of bool, shape (n_points,)
        Whether a point counts: known and not excluded.
    follows : ndarray of bool, shape (n_points,)
        Whether it follows the point before with no gap, in the same phase, and both count.
    run_length : int
        Points that make a trend or a run on one side.
    count_beyond : bool
        Whether points outside the limits count as near them in the rule of two of three.

    Returns
    -------
    causes : ndarray of int8, shape (n_points,)
        1 outside limits, 2 rising or falling, 3 two of three near a limit, 4 one side; 0 none.
    directions : ndarray of int8, shape (n_points,)
        1 high or rising, -1 low or falling, 0 where no rule is broken.
    """
    with np.errstate(invalid="ignore"):
        room = EQUAL * (np.abs(values[used]).max() if used.any() else 0.0)
        outside = _beyond(values, limits.lower, limits.upper, used, room)
        near = _beyond(values, limits.near_lower, limits.near_upper, used, room)
        side = _beyond(values, limits.centre, limits.centre, used, room)
        steps = _steps(values, follows, room)
    if not count_beyond:
        near = np.where(outside == 0, near, 0).astype(np.int8)
    found = (
        (ONE_SIDE, run_of_one_side(side, follows, run_length)),
        (TWO_OF_THREE, two_of_three(near, side, follows)),
        (TREND, trend(steps, run_length)),
        (OUTSIDE, outside),
    )
    causes = np.zeros(values.size, dtype=np.int8)
    directions = np.zeros(values.size, dtype=np.int8)
    for code, signs in found:  # the last written stands: the first in precedence
        hit = signs != 0
        causes[hit] = code
        directions[hit] = signs[hit]
    return causes, directions


def _beyond(
    values: Floats, low: Floats, high: Floats, used: Bools, room: float
) -> NDArray[np.int8]:
    above = used & (values > high + room)
    below = used & (values < low - room)
    return above.astype(np.int8) - below.astype(np.int8)


def _steps(values: Floats, follows: Bools, room: float) -> NDArray[np.int8]:
    """Sign of the step to each point from the one before; 0 for none, equal or broken."""
    steps = np.zeros(values.size, dtype=np.int8)
    change = np.diff(values)
    steps[1:] = ((change > room).astype(np.int8) - (change < -room).astype(np.int8)) * follows[1:]
    return steps


def run_of_one_side(side: NDArray[np.int8], follows: Bools, run_length: int) -> NDArray[np.int8]:
    """Points of a run on one side of the centre; all points of the run.

    Parameters
    ----------
    side : ndarray of int8, shape (n_points,)
        1 above, -1 below, 0 on the centre line or not counted: a 0 breaks a run.
    follows : ndarray of bool, shape (n_points,)
        As for `judge`.
    run_length : int
        Points that make a run.

    Returns
    -------
    ndarray of int8, shape (n_points,)
        The side where a point is part of a run, else 0.
    """
    starts = ~follows
    starts[1:] |= side[1:] != side[:-1]
    return np.where(_lengths(starts) >= run_length, side, 0).astype(np.int8)


def _lengths(starts: Bools) -> Ints:
    """Length of the run that each item is part of, given where runs start."""
    if not starts.size:
        return np.zeros(0, dtype=np.int64)
    run = np.cumsum(starts) - starts[0]
    lengths: Ints = np.bincount(run)[run]
    return lengths


def trend(steps: NDArray[np.int8], run_length: int) -> NDArray[np.int8]:
    """Points of a trend: all of `run_length` or more points that rise, or fall, at every step.

    Parameters
    ----------
    steps : ndarray of int8, shape (n_points,)
        Sign of the step to each point; 0 for none or equal: a 0 breaks a trend.
    run_length : int
        Points that make a trend: one more than its steps.

    Returns
    -------
    ndarray of int8, shape (n_points,)
        1 rising, -1 falling, 0 neither. A point that ends one trend and starts another has the
        direction of the one it starts.
    """
    starts = np.ones(steps.size, dtype=bool)
    starts[1:] = steps[1:] != steps[:-1]
    coming = np.where(_lengths(starts) >= run_length - 1, steps, 0).astype(np.int8)
    leaving = np.zeros_like(coming)
    leaving[:-1] = coming[1:]
    return np.where(leaving != 0, leaving, coming)


def two_of_three(
    near: NDArray[np.int8], side: NDArray[np.int8], follows: Bools
) -> NDArray[np.int8]:
    """Points near a limit, of which two lie among three in a row on one side of the centre.

    Parameters
    ----------
    near : ndarray of int8, shape (n_points,)
        1 or -1 for a point near its upper or lower limit, else 0.
    side : ndarray of int8, shape (n_points,)
        Side of the centre line.
    follows : ndarray of bool, shape (n_points,)
        As for `judge`.

    Returns
    -------
    ndarray of int8, shape (n_points,)
        The side for points near the limit, 0 for others: the third point of the three is not
        flagged.
    """
    part = np.zeros(near.size, dtype=bool)
    if near.size >= 3:
        same = (side[2:] == side[1:-1]) & (side[1:-1] == side[:-2]) & follows[2:] & follows[1:-1]
        hit = same & ((near != 0)[2:].astype(int) + (near != 0)[1:-1] + (near != 0)[:-2] >= 2)
        part[2:] |= hit
        part[1:-1] |= hit
        part[:-2] |= hit
    return np.where(part, near, 0).astype(np.int8)
