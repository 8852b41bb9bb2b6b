"""Confidence intervals of counts, proportions and rates.

Wilson for proportions and Byar for counts and rates (exact below 10), as the public health
guidance of England has them. Where an interval would mislead there is none: `indicator_interval`
gives the reason instead. `differences` has the intervals of two figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from wholesystem.errors import ParameterError

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator

__all__ = [
    "EXACT_BELOW",
    "LEVELS",
    "Interval",
    "NoInterval",
    "byar",
    "check_counts",
    "exact_count",
    "indicator_interval",
    "value_scale",
    "wilson",
    "z_score",
]

Floats = NDArray[np.float64]

LEVELS = (0.95, 0.998)
# Below 10 events Byar's approximation is replaced by the exact limits (guidance of Public Health
# England, technical guide on confidence intervals, 2018).
EXACT_BELOW = 10


@dataclass(frozen=True)
class Interval:
    """A confidence interval in the unit of the value.

    Parameters
    ----------
    lower, upper : float
        Limits, lower <= upper; in the unit of the value.
    level : float
        Confidence, such as 0.95.
    method : str
        ``Wilson``, ``Byar``, ``exact``, ``Newcombe`` or ``log ratio``.
    """

    lower: float
    upper: float
    level: float
    method: str

    def holds(self, value: float) -> bool:
        """Whether a value lies within the limits, or on one.

        Parameters
        ----------
        value : float
            In the unit of the limits.

        Returns
        -------
        bool
            Whether lower <= value <= upper.
        """
        return self.lower <= value <= self.upper


@dataclass(frozen=True)
class NoInterval:
    """There is no interval, and this is why.

    Parameters
    ----------
    reason : str
        A sentence for the reader of the figure.
    """

    reason: str


def z_score(level: float) -> float:
    """Two-sided standard normal quantile of a level.

    Parameters
    ----------
    level : float
        Confidence, more than 0 and less than 1.

    Returns
    -------
    float
        1.96 for 0.95, 3.09 for 0.998.

    Raises
    ------
    ParameterError
        If the level is not between 0 and 1.

    Examples
    --------
    >>> round(z_score(0.95), 4), round(z_score(0.998), 4)
    (1.96, 3.0902)
    """
    if not 0 < level < 1:
        raise ParameterError(
            f"The level is {level}. It must lie between 0 and 1. Use 0.95 or 0.998."
        )
    return float(special.ndtri(0.5 + level / 2))


def wilson(
    numerator: ArrayLike, denominator: ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Wilson score limits of a proportion.

    Parameters
    ----------
    numerator : float or array
        People or events with the attribute; 0 <= numerator <= denominator.
    denominator : float or array
        People or events in all; > 0.
    level : float
        Confidence, more than 0 and less than 1.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits, 0 to 1; NaN where a number is missing.

    Raises
    ------
    ParameterError
        If a numerator is negative or above its denominator, or a denominator is not above 0.

    Notes
    -----
    (2x + z^2 -/+ z sqrt(z^2 + 4x(1 - x/n))) / (2(n + z^2)).

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> lower, upper = wilson(81, 263)
    >>> round(float(lower), 4), round(float(upper), 4)
    (0.2553, 0.3662)
    """
    x, n = check_counts(numerator, denominator)
    if np.any(x > n):
        raise ParameterError(
            f"The numerator {_first(x, x > n)} is above its denominator {_first(n, x > n)}."
            " A part is never more than the whole. Correct the figure."
        )
    z = z_score(level)
    spread = z * np.sqrt(z * z + 4 * x * (1 - x / n))
    below, above = (2 * x + z * z - spread), (2 * x + z * z + spread)
    # The limits of none and of all are 0 and 1 by algebra; rounding must not pass them.
    lower = np.where(x == 0, 0.0, below / (2 * (n + z * z)))
    return lower, np.where(x == n, 1.0, above / (2 * (n + z * z)))


def exact_count(count: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Exact limits of a Poisson count, by the chi-square distribution.

    Parameters
    ----------
    count : float or array
        Events, >= 0.
    level : float
        Confidence, more than 0 and less than 1.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits in events; NaN where the count is missing.

    Raises
    ------
    ParameterError
        If a count is negative.

    Notes
    -----
    Half the chi-square quantiles: of (1 - level)/2 with 2x degrees of freedom and of
    (1 + level)/2 with 2x + 2; the lower limit of 0 is 0.

    References
    ----------
    Garwood (1936), Biometrika 28, 437-442; Ulm (1990), American Journal of Epidemiology 131,
    373-375.

    Examples
    --------
    >>> [round(float(limit), 3) for limit in exact_count(8, 0.9)]
    [3.981, 14.435]
    """
    x, _ = check_counts(count, 1.0)
    tail = (1 - level) / 2
    z_score(level)
    # gammaincinv(k, p) is half the chi-square quantile with 2k degrees of freedom.
    lower = np.where(x == 0, 0.0, special.gammaincinv(np.where(x == 0, 1.0, x), tail))
    return lower, np.asarray(special.gammaincinv(x + 1, 1 - tail))


def byar(count: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Limits of a Poisson count: Byar's from 10 events, exact below.

    Parameters
    ----------
    count : float or array
        Independent events, >= 0. Bed days are not: one person gives many.
    level : float
        Confidence, more than 0 and less than 1.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits in events; NaN where the count is missing. Divide by the exposure
        for a rate.

    Raises
    ------
    ParameterError
        If a count is negative.

    Notes
    -----
    Lower x(1 - 1/(9x) - z/(3 sqrt x))^3; upper (x+1)(1 - 1/(9(x+1)) + z/(3 sqrt(x+1)))^3.

    References
    ----------
    Breslow and Day (1987), Statistical Methods in Cancer Research II, p. 69.

    Examples
    --------
    >>> [round(float(limit), 2) for limit in byar(65)]
    [50.16, 82.85]
    """
    x, _ = check_counts(count, 1.0)
    z = z_score(level)
    few_lower, few_upper = exact_count(x, level)
    safe, more = np.maximum(x, 1.0), x + 1
    lower = safe * (1 - 1 / (9 * safe) - z / (3 * np.sqrt(safe))) ** 3
    upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    few = x < EXACT_BELOW
    return np.where(few, few_lower, lower), np.where(few, few_upper, upper)


def value_scale(indicator: Indicator, days: int | None) -> float:
    """What numerator over denominator is multiplied by to give the value.

    Parameters
    ----------
    indicator : Indicator
        With its multiplier, such as 100 or 100,000 (None counts as 1), and whether it is a rate a
        day.
    days : int or None
        Days of the period; asked for only by a rate a day.

    Returns
    -------
    float
        The multiplier, divided by the days where the rate is per day.

    Raises
    ------
    ParameterError
        If the rate is per day and the days are not known.
    """
    multiplier = 1.0 if indicator.multiplier is None else float(indicator.multiplier)
    if getattr(indicator, "per_day", "no") != "yes":
        return multiplier
    if not days:
        raise ParameterError(
            f"{indicator.indicator} is a rate a day and the days of its period are not known."
            " Give the first and the last day of the period."
        )
    return multiplier / days


def indicator_interval(
    indicator: Indicator,
    numerator: float | None,
    denominator: float | None,
    *,
    days: int | None = None,
    level: float = 0.95,
) -> Interval | NoInterval:
    """Interval of an indicator's value, or why there is none.

    Parameters
    ----------
    indicator : Indicator
        A row of the catalogue: ``interval`` is ``wilson``, ``byar`` or ``none``.
    numerator, denominator : float or None
        Of the value; None or NaN where not published. A count alone has no denominator.
    days : int or None
        Days of the period, for rates a day.
    level : float
        Confidence, such as 0.95 or 0.998.

    Returns
    -------
    Interval or NoInterval
        In the unit of the value.

    Raises
    ------
    ParameterError
        If the figures are out of range, or the catalogue names another method.
    """
    method = indicator.interval
    if method == "none":
        reason = indicator.interval_reason or "the catalogue gives no reason"
        return NoInterval(f"No interval: {_small_first(reason)}")
    if method not in ("wilson", "byar"):
        raise ParameterError(
            f"{indicator.indicator}: the interval is {method!r}. It must be wilson, byar or none."
            " Correct the catalogue."
        )
    if _missing(numerator) or (_missing(denominator) and method == "wilson"):
        return NoInterval("No interval: the counts behind the value are not published.")
    x, n = float(numerator or 0.0), 1.0 if _missing(denominator) else float(denominator or 0.0)
    scale = value_scale(indicator, days)
    if method == "wilson":
        return _scaled(wilson(x, n, level), scale, level, "Wilson")
    check_counts(x, n)
    name = "exact" if x < EXACT_BELOW else "Byar"
    return _scaled(byar(x, level), scale / n, level, name)


def _scaled(limits: tuple[Floats, Floats], scale: float, level: float, method: str) -> Interval:
    return Interval(float(limits[0]) * scale, float(limits[1]) * scale, level, method)


def _small_first(sentence: str) -> str:
    text = sentence.strip()
    # An abbreviation keeps its capitals.
    if len(text) > 1 and not text[1].isupper():
        text = text[0].lower() + text[1:]
    return text if text.endswith(".") else f"{text}."


def _missing(value: float | None) -> bool:
    return value is None or value != value


def _first(values: Floats, wrong: Any) -> str:
    return f"{np.broadcast_to(values, np.shape(wrong))[wrong].ravel()[0]:g}"


def check_counts(numerator: ArrayLike, denominator: ArrayLike) -> tuple[Floats, Floats]:
    """Counts and their exposures as arrays.

    Parameters
    ----------
    numerator : float or array
        Events, >= 0.
    denominator : float or array
        People, events or person-time, > 0.

    Returns
    -------
    tuple of ndarray
        The same numbers.

    Raises
    ------
    ParameterError
        If a count is negative or a denominator not above 0.
    """
    x = np.asarray(numerator, dtype=np.float64)
    n = np.asarray(denominator, dtype=np.float64)
    if np.any(x < 0):
        raise ParameterError(
            f"The count is {_first(x, x < 0)}. Counts are 0 or more. Correct the figure."
        )
    if np.any(n <= 0):
        raise ParameterError(
            f"The denominator is {_first(n, n <= 0)}. It must be above 0."
            " Leave the row out, or correct the figure."
        )
    return x, n
