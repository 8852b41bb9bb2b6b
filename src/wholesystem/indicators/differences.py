"""Confidence intervals of the difference of two proportions and the ratio of two rates."""

from __future__ import annotations

import numpy as np

from wholesystem.indicators.intervals import Interval, NoInterval, check_counts, wilson, z_score

__all__ = ["newcombe", "rate_ratio"]


def newcombe(
    numerator: float,
    denominator: float,
    other_numerator: float,
    other_denominator: float,
    level: float = 0.95,
) -> Interval:
    """Interval of the difference of two independent proportions, first less second.

    Parameters
    ----------
    numerator, denominator : float
        Of the first; 0 <= numerator <= denominator, denominator > 0.
    other_numerator, other_denominator : float
        Of the second.
    level : float
        Confidence, more than 0 and less than 1.

    Returns
    -------
    Interval
        Limits of the difference, -1 to 1.

    Raises
    ------
    ParameterError
        If the figures of either are out of range.

    Notes
    -----
    Method 10 of the paper: the Wilson limits of each, joined by the root of the sum of squares.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 873-890.

    Examples
    --------
    >>> found = newcombe(56, 70, 48, 80)
    >>> round(found.lower, 4), round(found.upper, 4)
    (0.0524, 0.3339)
    """
    lower, upper = (float(limit) for limit in wilson(numerator, denominator, level))
    other_lower, other_upper = (
        float(limit) for limit in wilson(other_numerator, other_denominator, level)
    )
    first, second = numerator / denominator, other_numerator / other_denominator
    below = float(np.hypot(first - lower, other_upper - second))
    above = float(np.hypot(upper - first, second - other_lower))
    return Interval(first - second - below, first - second + above, level, "Newcombe")


def rate_ratio(
    count: float, exposure: float, other_count: float, other_exposure: float, level: float = 0.95
) -> Interval | NoInterval:
    """Interval of the ratio of two independent rates, first over second.

    Parameters
    ----------
    count, other_count : float
        Events, >= 0.
    exposure, other_exposure : float
        Person-time or population, > 0.
    level : float
        Confidence, more than 0 and less than 1.

    Returns
    -------
    Interval or NoInterval
        Limits of the ratio; none where either count is 0, since its logarithm is not finite.

    Raises
    ------
    ParameterError
        If a count is negative or an exposure not above 0.

    Notes
    -----
    exp(log ratio -/+ z sqrt(1/a + 1/b)).

    References
    ----------
    Rothman, Greenland and Lash (2008), Modern Epidemiology, 3rd edition, chapter 14.

    Examples
    --------
    >>> found = rate_ratio(60, 1000, 30, 1000)
    >>> round(found.lower, 3), round(found.upper, 3)
    (1.29, 3.1)
    """
    check_counts(count, exposure)
    check_counts(other_count, other_exposure)
    if count == 0 or other_count == 0:
        return NoInterval("No interval: a count of 0 has no ratio to compare.")
    ratio = (count / exposure) / (other_count / other_exposure)
    spread = np.exp(z_score(level) * np.sqrt(1 / count + 1 / other_count))
    return Interval(float(ratio / spread), float(ratio * spread), level, "log ratio")
