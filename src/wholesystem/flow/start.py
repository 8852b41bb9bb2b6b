"""People present at time 0: how long each has been there, and how long is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wholesystem.flow.families import MOST_DAYS
from wholesystem.flow.randomness import (
    GOLDEN,
    mix_array,
    stream_key,
    stream_keys,
    uniform_array,
)

if TYPE_CHECKING:
    from wholesystem.flow.compiled import Compiled
    from wholesystem.flow.durations import Distribution

__all__ = ["StartPeople", "people_at_start"]

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]


@dataclass(frozen=True)
class StartPeople:
    """People present at time 0, one entry each, in the order of `start.csv`.

    Parameters
    ----------
    key : ndarray of uint64, shape (n_people,)
        Their person keys; see `randomness.person_key`.
    began : ndarray of float, shape (n_people,)
        When their stay began, in days; <= 0. 0 for people who wait outside.
    ends : ndarray of float, shape (n_people,)
        When they will be ready to leave, in days; > 0. 0 for people who are ready already,
        and for people who wait outside.
    """

    key: Keys
    began: Floats
    ends: Floats


def people_at_start(compiled: Compiled, replication: int) -> StartPeople:
    """Draw the elapsed and remaining time of everybody present at time 0.

    Parameters
    ----------
    compiled : Compiled
        The model.
    replication : int
        A key from `randomness.replication_key`.

    Returns
    -------
    StartPeople
        One entry for each person.

    Notes
    -----
    In equilibrium the stay that is in progress when one looks has the length-biased
    distribution x f(x) / E[X], and the moment of looking is uniform over it. Both parts are
    drawn: the elapsed part, 100 years at most, dates the beginning of the stay, the rest is what
    is left. With
    ``start_residual = "fresh"`` the stay begins at time 0 and a whole new duration is drawn.
    A person who is ready already has finished a whole duration, and became ready at time 0.

    References
    ----------
    Cox (1962), Renewal Theory, chapter 5.
    """
    n = len(compiled.start_service)
    base = stream_keys(replication, compiled.start_hashes)[compiled.start_stream]
    key = mix_array(base + compiled.start_number.astype(np.uint64) * np.uint64(GOLDEN))
    began, ends = np.zeros(n), np.zeros(n)
    for part in compiled.start_parts:
        number = int(compiled.duration[part.service, part.cohort])
        item = compiled.distributions.items[number]
        values = np.array(compiled.distributions.values[number])
        stream = stream_key(replication, int(compiled.hash_duration[part.service]))
        if len(part.ready):
            began[part.ready] = -_fresh(item, values, stream, key[part.ready])
        keys = key[part.staying]
        if not len(keys):
            continue
        if compiled.start_fresh:
            ends[part.staying] = _fresh(item, values, stream, keys)
        else:
            whole = _length_biased(item, values, stream, keys)
            left = uniform_array(stream, keys, attempt=3)
            ends[part.staying] = whole * left
            # A tail may reach back centuries, where a table of stays takes no date.
            began[part.staying] = np.maximum(-whole * (1.0 - left), -MOST_DAYS)
    return StartPeople(key, began, ends)


def _fresh(item: Distribution, values: Floats, stream: int, keys: Keys) -> Floats:
    """Whole durations, by inverting the distribution function."""
    from scipy.special import gammaincinv, ndtri

    u = uniform_array(stream, keys)
    a, b, c = item.a, item.b, item.c
    match item.family:
        case "fixed":
            x = np.full(len(u), a)
        case "exponential":
            x = -np.log(u) * a
        case "lognormal":
            x = np.exp(a + b * ndtri(u))
        case "gamma":
            x = gammaincinv(a, u) * b
        case "weibull":
            x = b * (-np.log(u)) ** (1.0 / a)
        case "uniform":
            x = a + (b - a) * u
        case "triangular":
            x = _triangular(a, b, c, u)
        case _:
            x = values[(u * len(values)).astype(np.int64)]
    return np.asarray(x, dtype=np.float64)


def _triangular(low: float, mode: float, high: float, u: Floats) -> Floats:
    if high <= low:
        return np.full(len(u), low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.where(u < (mode - low) / (high - low), rising, falling)


def _length_biased(item: Distribution, values: Floats, stream: int, keys: Keys) -> Floats:
    """Durations drawn with density x f(x) / E[X]."""
    from scipy.special import gammaincinv, ndtri

    u = uniform_array(stream, keys)
    a, b, c = item.a, item.b, item.c
    match item.family:
        case "fixed":
            x = np.full(len(u), a)
        case "exponential":
            # Gamma of shape 2: the sum of two exponential ones.
            x = -np.log(u * uniform_array(stream, keys, attempt=1)) * a
        case "lognormal":
            x = np.exp(a + b * b + b * ndtri(u))
        case "gamma":
            x = gammaincinv(a + 1.0, u) * b
        case "weibull":
            # If X is length-biased Weibull, (X / scale)**shape is gamma(1 + 1 / shape).
            x = b * gammaincinv(1.0 + 1.0 / a, u) ** (1.0 / a)
        case "uniform":
            x = np.sqrt(a * a + u * (b * b - a * a))
        case "triangular":
            x = _length_biased_triangular(a, b, c, u)
        case _:
            weights = np.cumsum(values)
            total = weights[-1] if len(weights) else 0.0
            chosen = np.searchsorted(weights, u * total) if total > 0 else 0 * u.astype(np.int64)
            x = values[np.minimum(chosen, len(values) - 1)]
    return np.asarray(x, dtype=np.float64)


def _length_biased_triangular(low: float, mode: float, high: float, u: Floats) -> Floats:
    """Invert the cubic distribution function by bisection (60 halvings: to the last bit)."""
    if high <= low:
        return np.full(len(u), low)

    def rising(x: Floats | float) -> Floats | float:
        # Integral from low to x of y * (y - low), without its constant.
        return (x**3 - low**3) / 3.0 - low * (x**2 - low**2) / 2.0

    def falling(x: Floats | float) -> Floats | float:
        return high * (x**2 - mode**2) / 2.0 - (x**3 - mode**3) / 3.0

    up = rising(mode) / (mode - low) if mode > low else 0.0
    down = falling(high) / (high - mode) if high > mode else 0.0
    target = u * (up + down)
    lower, upper = np.full(len(u), low), np.full(len(u), high)
    for _ in range(60):
        x = (lower + upper) / 2.0
        before = rising(np.minimum(x, mode)) / (mode - low) if mode > low else 0.0
        after = falling(np.maximum(x, mode)) / (high - mode) if high > mode else 0.0
        below = before + after < target
        lower, upper = np.where(below, x, lower), np.where(below, upper, x)
    return np.asarray((lower + upper) / 2.0)
