"""Whether the warm-up was long enough: MSER-5."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["mser5_days"]

_BATCH = 5


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
    its batch means were independent.

    References
    ----------
    White (1997), An effective truncation heuristic for bias reduction in simulation output,
    Simulation 69(6), 323-334. White, Cobb and Spratt (2000), A comparison of five steady-state
    truncation heuristics for simulation, WSC 2000.
    """
    n = len(series) // _BATCH
    if n < 4:
        return None
    batches = series[: n * _BATCH].reshape(n, _BATCH).mean(axis=1)
    left = np.arange(n, 0, -1)
    sums = np.cumsum(batches[::-1])[::-1]
    squares = np.cumsum(batches[::-1] ** 2)[::-1]
    spread = np.maximum(squares - sums**2 / left, 0.0)
    error = spread / left.astype(np.float64) ** 2
    half = n // 2
    best = int(np.argmin(error[: n - 1]))
    return best * _BATCH if best <= half else None
