"""Counter-based random numbers: each draw is a pure function of what it decides.

A draw is keyed by (seed, replication, named stream, person, visit). Nothing is consumed in
order, so a scenario differs from its baseline only where the change bites, results do not
depend on threads, and adding a service does not reshuffle the draws of the others.

This module states the meaning in plain Python (used by the reference engine) and in NumPy (used
for the people present at time 0). `kernel.py` repeats it for speed; a test holds them equal.

References
----------
Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators, OOPSLA.
Stafford (2011), Better bit mixing (variant 13 of the 64-bit finaliser).
Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC11.
Marsaglia and Tsang (2000), A simple method for generating gamma variables, ACM TOMS 26(3).
Marsaglia and Tsang (2000), The ziggurat method for generating random variables, Journal of
Statistical Software 5(8).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FAMILIES",
    "draw",
    "exponential",
    "mix_array",
    "normal",
    "person_key",
    "replication_key",
    "stream_hash",
    "stream_key",
    "stream_keys",
    "uniform",
    "uniform_array",
]

_MASK = 0xFFFFFFFFFFFFFFFF
GOLDEN = 0x9E3779B97F4A7C15
VISIT = 0xD1342543DE82EF95
ATTEMPT = 0xAF251AF3B0F025B5
_MULTIPLY_1 = 0xBF58476D1CE4E5B9
_MULTIPLY_2 = 0x94D049BB133111EB

#: Families of distribution, in the order of the kernel's codes.
FAMILIES = (
    "fixed",
    "exponential",
    "lognormal",
    "gamma",
    "weibull",
    "uniform",
    "triangular",
    "empirical",
)


def _mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * _MULTIPLY_1) & _MASK
    z = ((z ^ (z >> 27)) * _MULTIPLY_2) & _MASK
    return z ^ (z >> 31)


def stream_hash(name: str) -> int:
    """Stable 64-bit number of a stream's name, the same on every machine.

    Parameters
    ----------
    name : str
        What the stream decides, such as ``duration:acute``.

    Returns
    -------
    int
        In [0, 2**64).
    """
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def replication_key(seed: int, replication: int) -> int:
    """64-bit key of one replication of one seed.

    Parameters
    ----------
    seed : int
        The model's seed; >= 0.
    replication : int
        Number of the replication, from 0.

    Returns
    -------
    int
        In [0, 2**64).
    """
    return _mix((_mix((seed + GOLDEN) & _MASK) + (replication + 1) * GOLDEN) & _MASK)


def stream_key(replication: int, name_hash: int) -> int:
    """64-bit key of one named stream within a replication.

    Parameters
    ----------
    replication : int
        A key from `replication_key`.
    name_hash : int
        A number from `stream_hash`.

    Returns
    -------
    int
        In [0, 2**64).
    """
    return _mix(replication ^ name_hash)


def stream_keys(replication: int, name_hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Keys of many named streams at once; see `stream_key`.

    Parameters
    ----------
    replication : int
        A key from `replication_key`.
    name_hashes : ndarray of uint64
        Numbers from `stream_hash`.

    Returns
    -------
    ndarray of uint64
        Of the same shape.
    """
    return mix_array(np.uint64(replication) ^ name_hashes)


def mix_array(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Finaliser of many 64-bit numbers: every bit of one decides about every bit of the result.

    Parameters
    ----------
    z : ndarray of uint64
        Numbers.

    Returns
    -------
    ndarray of uint64
        Of the same shape.
    """
    z = (z ^ (z >> np.uint64(30))) * np.uint64(_MULTIPLY_1)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(_MULTIPLY_2)
    return np.asarray(z ^ (z >> np.uint64(31)))


def person_key(arrival_key: int, number: int) -> int:
    """64-bit key of one person: the `number`-th of an arrival stream.

    Parameters
    ----------
    arrival_key : int
        The arrival stream's key, from `stream_key`.
    number : int
        From 1.

    Returns
    -------
    int
        In [0, 2**64).
    """
    return _mix((arrival_key + number * GOLDEN) & _MASK)


def uniform(key: int, person: int, visit: int = 0, attempt: int = 0) -> float:
    """Uniform number in (0, 1) for one decision about one person.

    Parameters
    ----------
    key : int
        The stream's key, from `stream_key`.
    person : int
        The person's key, from `person_key`.
    visit : int
        How many times the person has been at this service before.
    attempt : int
        For methods that may reject a proposal: which proposal.

    Returns
    -------
    float
        Strictly between 0 and 1, on a grid of 2**-52 (with one bit more the last would round to 1).
    """
    return ((_bits(key, person, visit, attempt) >> 12) + 0.5) * 2.0**-52


def _bits(key: int, person: int, visit: int, attempt: int) -> int:
    return _mix(key ^ ((person + visit * VISIT + attempt * ATTEMPT) & _MASK))


def uniform_array(key: int, persons: NDArray[np.uint64], attempt: int = 0) -> NDArray[np.float64]:
    """Uniform numbers of many people on their first visit; see `uniform`.

    Parameters
    ----------
    key : int
        The stream's key.
    persons : ndarray of uint64, shape (n_people,)
        Their keys.
    attempt : int
        Which proposal.

    Returns
    -------
    ndarray of float, shape (n_people,)
        Strictly between 0 and 1.
    """
    z = mix_array(np.uint64(key) ^ (persons + np.uint64(attempt * ATTEMPT & _MASK)))
    return np.asarray(((z >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52)


# Ziggurats: 256 layers of equal area under a falling curve of height 1 at 0, the lowest with the
# tail.
_LAYERS = 256
_TAIL = 3.6541528853610088  # where the tail of exp(-x**2 / 2) begins (Marsaglia and Tsang 2000)
_AREA = 0.00492867323399  # of each of its layers (the same)
_TAIL_EXPONENTIAL = 7.69711747013104972  # where the tail of exp(-x) begins (the same)
_AREA_EXPONENTIAL = (_TAIL_EXPONENTIAL + 1.0) * math.exp(-_TAIL_EXPONENTIAL)


def _ziggurat(
    tail: float, area: float, curve: Callable[[float], float], inverse: Callable[[float], float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Right edge of each layer, and the share of its width that lies wholly under the curve."""
    height = curve(tail)
    edges = [area / height, tail]
    for _ in range(_LAYERS - 2):
        edges.append(inverse(area / edges[-1] + height))
        height = curve(edges[-1])
    edges.append(0.0)
    inside = [right / left for left, right in zip(edges[:-1], edges[1:], strict=True)]
    return np.array(edges), np.array(inside)


EDGES, INSIDE = _ziggurat(
    _TAIL, _AREA, lambda x: math.exp(-0.5 * x * x), lambda y: math.sqrt(-2.0 * math.log(y))
)
EXPONENTIAL_EDGES, EXPONENTIAL_INSIDE = _ziggurat(
    _TAIL_EXPONENTIAL, _AREA_EXPONENTIAL, lambda x: math.exp(-x), lambda y: -math.log(y)
)


def exponential(key: int, person: int, visit: int = 0) -> float:
    """Exponential number of mean 1 for one decision about one person.

    Parameters
    ----------
    key, person, visit : int
        See `uniform`.

    Returns
    -------
    float
        No unit; > 0.

    References
    ----------
    Marsaglia and Tsang (2000), The ziggurat method for generating random variables, Journal of
    Statistical Software 5(8).
    """
    attempt = 0
    while True:
        z = _bits(key, person, visit, attempt)
        layer = z & 0xFF
        u = ((z >> 12) + 0.5) * 2.0**-52
        x = u * float(EXPONENTIAL_EDGES[layer])
        if u < EXPONENTIAL_INSIDE[layer]:
            return x
        v = uniform(key, person, visit, attempt + 1)
        attempt += 2
        if layer == 0:
            # Beyond its beginning the tail is the same curve again.
            return _TAIL_EXPONENTIAL - math.log(v)
        high = math.exp(x - float(EXPONENTIAL_EDGES[layer]))
        low = math.exp(x - float(EXPONENTIAL_EDGES[layer + 1]))
        if low + v * (high - low) < 1.0:
            return x


def normal(key: int, person: int, visit: int = 0, attempt: int = 0) -> tuple[float, int]:
    """Standard normal number for one decision about one person.

    Parameters
    ----------
    key, person, visit : int
        See `uniform`.
    attempt : int
        Number of the first proposal.

    Returns
    -------
    value : float
        No unit.
    attempt : int
        Number of the first proposal that was not used.

    References
    ----------
    Marsaglia and Tsang (2000), The ziggurat method for generating random variables, Journal of
    Statistical Software 5(8); in the form of Doornik (2005), An improved ziggurat method to
    generate normal random samples.
    """
    while True:
        z = _bits(key, person, visit, attempt)
        attempt += 1
        layer = z & 0xFF
        u = ((z >> 12) + 0.5) * 2.0**-52
        sign = -1.0 if z & 0x100 else 1.0
        x = u * float(EDGES[layer])
        if u < INSIDE[layer]:
            return sign * x, attempt
        if layer == 0:
            while True:
                x = -math.log(uniform(key, person, visit, attempt)) / _TAIL
                y = -math.log(uniform(key, person, visit, attempt + 1))
                attempt += 2
                if y + y >= x * x:
                    return sign * (_TAIL + x), attempt
        high = math.exp(-0.5 * (float(EDGES[layer]) ** 2 - x * x))
        low = math.exp(-0.5 * (float(EDGES[layer + 1]) ** 2 - x * x))
        v = uniform(key, person, visit, attempt)
        attempt += 1
        if low + v * (high - low) < 1.0:
            return sign * x, attempt


def _gamma(shape: float, scale: float, key: int, person: int, visit: int) -> float:
    boosted = shape if shape >= 1.0 else shape + 1.0
    d = boosted - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    attempt = 0
    while True:
        x, attempt = normal(key, person, visit, attempt)
        u = uniform(key, person, visit, attempt)
        attempt += 1
        v = 1.0 + c * x
        if v <= 0.0:
            continue
        v = v * v * v
        if math.log(u) < 0.5 * x * x + d - d * v + d * math.log(v):
            break
    value = d * v * scale
    if shape < 1.0:
        value *= math.exp(math.log(uniform(key, person, visit, attempt)) / shape)
    return value


def _triangular(low: float, mode: float, high: float, u: float) -> float:
    if high <= low:
        return low
    if u < (mode - low) / (high - low):
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


def draw(
    distribution: Any,
    values: Sequence[float],
    key: int,
    person: int,
    visit: int = 0,
) -> float:
    """One draw from a distribution for one person.

    Parameters
    ----------
    distribution : Distribution
        Family and canonical parameters, in days (or hours a week for needs).
    values : sequence of float
        Sorted values of an empirical distribution; otherwise empty.
    key, person, visit : int
        See `uniform`.

    Returns
    -------
    float
        In the unit of the distribution; >= 0.
    """
    family, a, b, c = distribution.family, distribution.a, distribution.b, distribution.c
    if family == "fixed":
        return float(a)
    if family == "gamma":
        return _gamma(a, b, key, person, visit)
    if family == "lognormal":
        return math.exp(a + b * normal(key, person, visit)[0])
    if family == "exponential":
        return exponential(key, person, visit) * float(a)
    if family == "weibull":
        return float(b) * math.exp(math.log(exponential(key, person, visit)) / a)
    u = uniform(key, person, visit)
    if family == "uniform":
        return float(a + (b - a) * u)
    if family == "triangular":
        return _triangular(a, b, c, u)
    return float(values[int(u * len(values))])
