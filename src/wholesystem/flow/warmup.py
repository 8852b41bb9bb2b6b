"""Whether the warm-up was long enough: MSER-5."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wholesystem.flow.results import interval95

__all__ = ["differs_before", "mser5_days"]

_BATCH = 5
#: Batches at the end after which nothing is cut, besides the last quarter of the series: a few
#: batches that happen to lie close together would have the least error of all.
_LAST = 5


def mser5_days(series: NDArray[np.float64]) -> int | None:
    """Days at the beginning of a series that MSER-5 would leave out.

    Parameters
    ----------
    series : ndarray of float, shape (n_days,)
        A figure of every day from time 0, such as the mean number of people in the system.

    Returns
    -------
    int or None
        Whole batches of five days; None where the least error falls in the second half of the
        series, which means that the series is too short to tell, or there are fewer than four
        batches.

    Notes
    -----
    Of all truncations the one with the smallest squared standard error of what is left, as if
    its batch means were independent. Truncations that leave fewer than five batches, or less
    than a quarter of the series, are not considered unless they cut the first half only.

    References
    ----------
    White (1997), An effective truncation heuristic for bias reduction in simulation output,
    Simulation 69(6), 323-334. White, Cobb and Spratt (2000), A comparison of five steady-state
    truncation heuristics for simulation, WSC 2000. Hoad, Robinson and Davies (2010), Automating
    warm-up length estimation, Journal of the Operational Research Society 61, 1389-1403 (the
    end of the series, and what to do with it).
    """
    n = len(series) // _BATCH
    if n < 4:
        return None
    batches = series[: n * _BATCH].reshape(n, _BATCH).mean(axis=1)
    # Centred and rounded: in a constant series, rounding must not look like spread.
    batches = np.round(batches - batches.mean(), 9)
    left = np.arange(n, 0, -1)
    sums = np.cumsum(batches[::-1])[::-1]
    squares = np.cumsum(batches[::-1] ** 2)[::-1]
    spread = np.maximum(squares - sums**2 / left, 0.0)
    error = spread / left.astype(np.float64) ** 2
    half = n // 2
    last = max(half, n - max(_LAST, n // 4))
    best = int(np.argmin(error[: last + 1]))
    return best * _BATCH if best <= half else None


def differs_before(series: NDArray[np.float64], warm_up_days: float, cut: int | None) -> bool:
    """Whether the days between the warm-up and a cut differ from those after it beyond chance.

    Parameters
    ----------
    series : ndarray of float, shape (n_replications, n_days)
        A figure of every day from time 0 in every replication.
    warm_up_days : float
        Days; >= 0.
    cut : int or None
        Days from time 0; None = half way from the warm-up to the end.

    Returns
    -------
    bool
        True where the 95% interval (Student's t over replications) of the difference of means
        leaves out 0, and where a single replication cannot tell; False where the cut leaves no
        days on either side.

    Notes
    -----
    MSER-5 alone often cuts a long piece of a series that has settled, since neighbouring days
    are alike. This asks for evidence before a person is warned.
    """
    n_days = series.shape[1]
    first = math.ceil(warm_up_days)
    cut = (first + n_days) // 2 if cut is None else cut
    if not first < cut < n_days:
        return False
    if len(series) < 2:
        return True
    differences = series[:, first:cut].mean(axis=1) - series[:, cut:].mean(axis=1)
    found = interval95(differences)
    return bool(found["lower95"] > 0 or found["upper95"] < 0)
