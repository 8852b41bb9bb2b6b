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
Wichura (1988), Algorithm AS 241, Applied Statistics 37(3), 477-484.
Marsaglia and Tsang (2000), A simple method for generating gamma variables, ACM TOMS 26(3).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FAMILIES",
    "draw",
    "normal_quantile",
    "person_key",
    "replication_key",
    "stream_hash",
    "stream_key",
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
        Strictly between 0 and 1, on a grid of 2**-53.
    """
    z = _mix(key ^ ((person + visit * VISIT + attempt * ATTEMPT) & _MASK))
    return ((z >> 11) + 0.5) * 2.0**-53


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
    z = np.uint64(key) ^ (persons + np.uint64(attempt * ATTEMPT & _MASK))
    z = (z ^ (z >> np.uint64(30))) * np.uint64(_MULTIPLY_1)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(_MULTIPLY_2)
    z = z ^ (z >> np.uint64(31))
    return np.asarray(((z >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53)


# Coefficients of Algorithm AS 241 (PPND16), highest power first.
CENTRE_TOP = (
    2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
    4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
    1.3314166789178437745e2, 3.387132872796366608e0,
)  # fmt: skip
CENTRE_BOTTOM = (
    5.226495278852545925e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
    2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
    4.2313330701600911252e1, 1.0,
)  # fmt: skip
MIDDLE_TOP = (
    7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
    1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
    4.63033784615654529590e0, 1.42343711074968357734e0,
)  # fmt: skip
MIDDLE_BOTTOM = (
    1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2,
    1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
    2.05319162663775882187e0, 1.0,
)  # fmt: skip
TAIL_TOP = (
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
    2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
    5.46378491116411436990e0, 6.65790464350110377720e0,
)  # fmt: skip
TAIL_BOTTOM = (
    2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
    7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
    5.99832206555887937690e-1, 1.0,
)  # fmt: skip


def _polynomial(coefficients: Sequence[float], x: float) -> float:
    """Polynomial of degree 7, highest power first, by Estrin's scheme.

    Its two halves do not wait for each other, which saves the kernel a fifth of a draw; both
    engines add in this order so that they round alike.
    """
    c7, c6, c5, c4, c3, c2, c1, c0 = coefficients
    x2 = x * x
    low = (c3 * x + c2) * x2 + (c1 * x + c0)
    high = (c7 * x + c6) * x2 + (c5 * x + c4)
    return high * (x2 * x2) + low


def normal_quantile(p: float) -> float:
    """Standard normal quantile, accurate to about 1 part in 10**16 (AS 241).

    Parameters
    ----------
    p : float
        Probability, strictly between 0 and 1.

    Returns
    -------
    float
        No unit.
    """
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _polynomial(CENTRE_TOP, r) / _polynomial(CENTRE_BOTTOM, r)
    r = math.sqrt(-math.log(p if q < 0 else 1.0 - p))
    if r <= 5.0:
        x = _polynomial(MIDDLE_TOP, r - 1.6) / _polynomial(MIDDLE_BOTTOM, r - 1.6)
    else:
        x = _polynomial(TAIL_TOP, r - 5.0) / _polynomial(TAIL_BOTTOM, r - 5.0)
    return -x if q < 0 else x


def _gamma(shape: float, scale: float, key: int, person: int, visit: int) -> float:
    boosted = shape if shape >= 1.0 else shape + 1.0
    d = boosted - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    attempt = 0
    while True:
        x = normal_quantile(uniform(key, person, visit, attempt))
        u = uniform(key, person, visit, attempt + 1)
        attempt += 2
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
    u = uniform(key, person, visit)
    if family == "exponential":
        return -math.log(u) * float(a)
    if family == "lognormal":
        return math.exp(a + b * normal_quantile(u))
    if family == "weibull":
        return float(b) * math.exp(math.log(-math.log(u)) / a)
    if family == "uniform":
        return float(a + (b - a) * u)
    if family == "triangular":
        return _triangular(a, b, c, u)
    return float(values[int(u * len(values))])
