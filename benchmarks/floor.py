"""The floor: the draws of the flow model and a bare queue of events, and nothing else.

No places, no waiting, no figures: each person is drawn, put in a queue of events by time, taken out
at the end of the stay and perhaps put back for a step-down stay. An engine of this kind cannot be
faster than this, so what is above it is the price of what the model means.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from benchmarks import parameters as p

BUCKETS_PER_DAY = 128
NOBODY = np.uint32(0xFFFFFFFF)
"""Slots and buckets are unsigned: a signed index costs a check for counting from the end."""
ONE = np.uint32(1)
FAST = {"cache": True, "nogil": True, "error_model": "numpy"}


@njit(**FAST)
def _uniform(key: np.uint64, number: int, stream: int) -> float:
    """Uniform in (0, 1) for one decision about one person (SplitMix64 finaliser, Stafford 2011)."""
    z = key ^ (
        np.uint64(number) * np.uint64(0x9E3779B97F4A7C15)
        + np.uint64(stream) * np.uint64(0xD1342543DE82EF95)
    )
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (float(z >> np.uint64(12)) + 0.5) * 2.0**-52


@njit(**FAST)
def _normal(u: float) -> float:
    """Standard normal quantile to about 1 part in 10^9 (Acklam 2003, central and tail parts)."""
    if u < 0.02425 or u > 1 - 0.02425:
        q = math.sqrt(-2 * math.log(min(u, 1 - u)))
        top = (
            (
                ((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q
                - 2.549732539343734
            )
            * q
            + 4.374664141464968
        ) * q + 2.938163982698783
        low = (
            ((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
            + 3.754408661907416
        ) * q + 1.0
        return top / low if u < 0.5 else -top / low
    q = u - 0.5
    r = q * q
    top = (
        (
            ((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
            + 1.383577518672690e02
        )
        * r
        - 3.066479806614716e01
    ) * r + 2.506628277459239
    low = (
        (
            ((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
            + 6.680131188771972e01
        )
        * r
        - 1.328068155288572e01
    ) * r + 1.0
    return q * top / low


@njit(**FAST)
def _run(key, rate, log_means, sigma, shares_to, days, heads, nexts, times, numbers, services):  # noqa: C901 - one loop on purpose
    """Count the events of one replication; memory comes from the caller."""
    heads[:] = NOBODY
    free = NOBODY
    used = np.uint32(0)
    outside = np.uint32(len(shares_to) + 1)
    events = number = 0
    arrival = -math.log(_uniform(key, 0, 0)) / rate
    bucket = np.uint32(0)
    while bucket < np.uint32(len(heads)):
        ends = min((bucket + ONE) / BUCKETS_PER_DAY, days)
        while True:
            # The earliest end in this bucket before the next arrival.
            time = min(arrival, ends)
            best = best_previous = previous = NOBODY
            slot = heads[bucket]
            while slot != NOBODY:
                if times[slot] < time:
                    time, best, best_previous = times[slot], slot, previous
                previous, slot = slot, nexts[slot]
            service = outside
            if best != NOBODY:
                slot = best
                if best_previous == NOBODY:
                    heads[bucket] = nexts[slot]
                else:
                    nexts[best_previous] = nexts[slot]
                if services[slot] == 0:
                    drawn = _uniform(key, numbers[slot], 1)
                    for chosen in range(len(shares_to)):
                        if drawn < shares_to[chosen]:
                            service = np.uint32(chosen + 1)
                            break
            elif arrival < ends:
                number += 1
                arrival -= math.log(_uniform(key, number, 0)) / rate
                slot = free
                if free != NOBODY:
                    free = nexts[free]
                else:
                    slot = used
                    used += ONE
                numbers[slot] = number
                service = np.uint32(0)
            else:
                break
            events += 1
            services[slot] = service
            if service == outside:
                nexts[slot], free = free, slot
                continue
            normal = _normal(_uniform(key, numbers[slot], 2 + np.int64(service)))
            time += math.exp(log_means[service] + sigma * normal)
            times[slot] = time
            if time < days:
                into = np.uint32(time * BUCKETS_PER_DAY)
                nexts[slot] = heads[into]
                heads[into] = slot
        bucket += ONE
    return events


class Floor:
    """The bare loop with its memory, reused between replications."""

    def __init__(self) -> None:
        people = 1 << 15  # About 2,000 are present at once; slots that end beyond the horizon stay.
        self.heads = np.empty(int(p.DAYS * BUCKETS_PER_DAY) + 1, np.uint32)
        self.nexts = np.empty(people, np.uint32)
        self.times = np.empty(people)
        self.numbers = np.empty(people, np.int64)
        self.services = np.empty(people, np.uint32)
        means = (p.ACUTE_DAYS, *p.STEP_DOWN_DAYS)
        self.log_means = np.array([p.log_mean(mean) for mean in means])
        self.shares_to = np.cumsum(p.STEP_DOWN_SHARES)

    def run(self, seed: int) -> int:
        """Run one replication and count its events.

        Parameters
        ----------
        seed : int
            0 or more.

        Returns
        -------
        int
            Arrivals and ends of stays.
        """
        return int(
            _run(
                np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64),
                p.ARRIVALS_PER_DAY,
                self.log_means,
                p.SIGMA,
                self.shares_to,
                p.DAYS,
                self.heads,
                self.nexts,
                self.times,
                self.numbers,
                self.services,
            )
        )
