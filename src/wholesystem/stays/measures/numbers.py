"""Small helpers shared by the measures: typed constants, times as numbers, intervals of shares."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wholesystem.errors import ParameterError
from wholesystem.stays.schema import Stays

__all__ = [
    "DAY",
    "HOUR",
    "add_share",
    "exact_mean",
    "exact_sum",
    "in_window",
    "is_one_of",
    "micros_since",
    "number",
    "require_services",
    "threshold_name",
    "window_length",
]

DAY = 86_400_000_000.0
"""Microseconds in a day. Times are float64 microseconds: exact whole numbers for 285 years."""

HOUR = DAY / 24

_Z95 = 1.959963984540054
"""97.5th percentile of the standard normal distribution."""


def number(value: float) -> ir.FloatingScalar:
    """A typed constant: an untyped one becomes a decimal on some databases."""
    return ibis.literal(float(value), type="float64")


def micros_since(moment: datetime, column: ir.TimestampColumn) -> ir.FloatingColumn:
    """Microseconds from a moment to each time; null where the time is missing."""
    start = ibis.literal(moment, type="timestamp(6)")
    return column.delta(start, unit="microsecond").cast("float64")


def window_length(stays: Stays) -> float:
    """Length of the window in microseconds."""
    return float((stays.window_end - stays.window_start) // timedelta(microseconds=1))


def exact_sum(micros: ir.FloatingColumn) -> ir.FloatingScalar:
    """Sum of whole microseconds, added up as integers.

    A sum of floating-point numbers depends on their order, which differs from run to run on
    several threads; the sum of integers does not.
    """
    return micros.cast("int64").sum().cast("float64")


def exact_mean(micros: ir.FloatingColumn) -> ir.FloatingScalar:
    """Mean of whole microseconds, added up as integers; null where there are none."""
    return exact_sum(micros) / micros.count().cast("float64")


def in_window(stays: Stays, micros: ir.FloatingColumn) -> ir.BooleanColumn:
    """Whether a time falls in the window: from its start up to, not including, its end."""
    return (micros >= number(0)) & (micros < number(window_length(stays)))


def threshold_name(at_least: bool, value: float, unit: str) -> str:
    """Column name of a share beyond a threshold, which states the convention.

    Parameters
    ----------
    at_least : bool
        Whether a time equal to the threshold counts; if False only longer ones do.
    value : float
        The threshold.
    unit : str
        ``days`` or ``hours``.

    Returns
    -------
    str
        Such as ``share_over_21_days`` or ``share_at_least_21_days``.
    """
    return f"share_{'at_least' if at_least else 'over'}_{value:g}_{unit}"


def require_services(names: Iterable[str], what: str) -> list[str]:
    """Names of services as a sorted list.

    Parameters
    ----------
    names : iterable of str
        At least one. A single text is refused: it would be read as its letters.
    what : str
        Name of the argument, for the message.

    Returns
    -------
    list of str
        Sorted, each once.

    Raises
    ------
    ParameterError
        If there are none, or one text was given in place of a list.
    """
    if isinstance(names, str):
        raise ParameterError(
            f"{what} is the text {names!r}. It must be a list of services. Write [{names!r}]."
        )
    found = sorted(set(names))
    if not found:
        raise ParameterError(f"{what} is empty. At least one service is needed. Name it.")
    return found


def add_share(
    table: pd.DataFrame, numerator: str, denominator: str, share: str, prefix: str = ""
) -> pd.DataFrame:
    """Add a share with its 95% interval to a table.

    Parameters
    ----------
    table : pandas.DataFrame
        With the two counts.
    numerator, denominator : str
        Columns of counts, the first at most the second.
    share : str
        Name of the new column; ``lower95`` and ``upper95`` follow it, after `prefix`.
    prefix : str
        Put before the names of the limits.

    Returns
    -------
    pandas.DataFrame
        A copy; the share and its limits are missing where the denominator is 0.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22(158), 209-212.
    """
    count = table[numerator].to_numpy(dtype=np.float64)
    out_of = table[denominator].to_numpy(dtype=np.float64)
    out_of = np.where(out_of > 0, out_of, np.nan)
    lower, upper = _wilson(count, out_of)
    return table.assign(
        **{share: count / out_of, f"{prefix}lower95": lower, f"{prefix}upper95": upper}
    )


def _wilson(count: Any, out_of: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    share, z_squared = count / out_of, _Z95**2
    middle = (share + z_squared / (2 * out_of)) / (1 + z_squared / out_of)
    spread = share * (1 - share) / out_of + z_squared / (4 * out_of**2)
    half = _Z95 * np.sqrt(spread) / (1 + z_squared / out_of)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def is_one_of(column: ir.StringColumn, names: Collection[str] | None) -> ir.BooleanColumn:
    """Whether a text is one of the names; True for all where there are no names to choose by."""
    if names is None:
        return ibis.literal(True)
    return column.fill_null("").isin(sorted(names))
