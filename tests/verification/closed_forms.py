"""Closed forms and small exact solutions that the flow model is held to.

Rates are per day and times in days. Each function names who derived the formula.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import integrate, stats


def erlang_b(servers: int, load: float) -> float:
    """Share of people turned away by M/M/c/c (Erlang 1917), by the usual recursion.

    Parameters
    ----------
    servers : int
        Places, 1 or more.
    load : float
        Arrivals a day times mean stay, above 0.

    Returns
    -------
    float
        Between 0 and 1.
    """
    blocked = 1.0
    for places in range(1, servers + 1):
        blocked = load * blocked / (places + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """Share of people who wait in M/M/c (Erlang 1917); the load must be below the places."""
    blocked = erlang_b(servers, load)
    return blocked / (1 - load / servers * (1 - blocked))


def erlang_c_wait(servers: int, arrivals_per_day: float, mean_days: float) -> float:
    """Mean wait, in days, of everyone in M/M/c (Erlang 1917)."""
    load = arrivals_per_day * mean_days
    return erlang_c(servers, load) * mean_days / (servers - load)


def pollaczek_khinchine_wait(
    arrivals_per_day: float, mean_days: float, mean_square_days: float
) -> float:
    """Mean wait, in days, in M/G/1 (Pollaczek 1930, Khinchine 1932)."""
    return arrivals_per_day * mean_square_days / (2 * (1 - arrivals_per_day * mean_days))


def cobham_waits(
    arrivals_per_day: list[float], mean_days: list[float], mean_square_days: list[float]
) -> list[float]:
    """Mean wait, in days, of each class of M/G/1 whose first class always goes first.

    Nobody is interrupted (Cobham 1954, Operations Research 2(1), 70-76).
    """
    residual = sum(r * s for r, s in zip(arrivals_per_day, mean_square_days, strict=True)) / 2
    waits = []
    ahead = 0.0
    for rate, mean in zip(arrivals_per_day, mean_days, strict=True):
        up_to = ahead + rate * mean
        waits.append(residual / ((1 - ahead) * (1 - up_to)))
        ahead = up_to
    return waits


@dataclass(frozen=True)
class FiniteQueue:
    """Steady figures of M/M/c/K: people in places, waiting, and the share turned away."""

    occupied: float
    waiting: float
    turned_away_share: float


def finite_queue(
    servers: int, holds: int, arrivals_per_day: float, mean_days: float
) -> FiniteQueue:
    """Solve M/M/c/K, `holds` counting places and waiting room (Kleinrock 1975, section 3.8)."""
    load = arrivals_per_day * mean_days
    weights = [1.0]
    for people in range(1, holds + 1):
        weights.append(weights[-1] * load / min(people, servers))
    share = np.array(weights) / sum(weights)
    people = np.arange(holds + 1)
    return FiniteQueue(
        occupied=float(share @ np.minimum(people, servers)),
        waiting=float(share @ np.maximum(people - servers, 0)),
        turned_away_share=float(share[-1]),
    )


@dataclass(frozen=True)
class Tandem:
    """Two services, the second of which makes people wait in place in the first.

    Parameters
    ----------
    first_places, second_places : int
        Places of each, 1 or more.
    waiting_room : int
        People who may wait for the first; others are turned away.
    arrivals_per_day : float
        Poisson, above 0.
    first_days, second_days : float
        Means of the exponential durations, in days.
    onward_share : float
        Share of people who leave the first for the second; the others go out.
    """

    first_places: int
    second_places: int
    waiting_room: int
    arrivals_per_day: float
    first_days: float
    second_days: float
    onward_share: float = 1.0


def _tandem_moves(case: Tandem, state: tuple[int, int]) -> list[tuple[tuple[int, int], float]]:
    """Moves out of a state (people at the first, people in or waiting in place for the second)."""
    first, second = state
    blocked = max(second - case.second_places, 0)
    moves = []
    if first < case.first_places + case.waiting_room:
        moves.append(((first + 1, second), case.arrivals_per_day))
    ending = (min(first, case.first_places) - blocked) / case.first_days
    if ending > 0:
        moves.append(((first - 1, second), ending * (1 - case.onward_share)))
        moved = first - 1 if second < case.second_places else first
        moves.append(((moved, second + 1), ending * case.onward_share))
    leaving = min(second, case.second_places) / case.second_days
    if leaving > 0:
        moves.append(((first - 1 if blocked else first, second - 1), leaving))
    return [(to, rate) for to, rate in moves if rate > 0]


def solve_tandem(case: Tandem) -> dict[str, float]:
    """Solve the blocking tandem as a continuous-time Markov chain.

    Blocking after service: a person who ends at the first while the second is full keeps the place.
    The balance equations are solved directly with NumPy.

    Parameters
    ----------
    case : Tandem
        The two services.

    Returns
    -------
    dict of str to float
        Long-run means: ``first_occupied``, ``delayed``, ``waiting``, ``second_occupied`` in people;
        ``turned_away_per_day``, ``throughput_per_day``.

    References
    ----------
    Perros (1994), Queueing Networks with Blocking, chapter 1.
    """
    start = (0, 0)
    index = {start: 0}
    todo = [start]
    edges = []
    while todo:
        state = todo.pop()
        for to, rate in _tandem_moves(case, state):
            if to not in index:
                index[to] = len(index)
                todo.append(to)
            edges.append((index[state], index[to], rate))
    generator = np.zeros((len(index), len(index)))
    for origin, to, rate in edges:
        generator[origin, to] += rate
        generator[origin, origin] -= rate
    # One balance equation is redundant; it gives way to "the shares sum to 1".
    system = generator.T.copy()
    system[-1] = 1.0
    share = np.linalg.solve(system, np.eye(len(index))[-1])
    states = np.array(list(index))

    def mean(figure: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> float:
        return float(share @ figure(states[:, 0], states[:, 1]))

    a, b = case.first_places, case.second_places
    second_occupied = mean(lambda first, second: np.minimum(second, b))
    full = mean(lambda first, second: first == a + case.waiting_room)
    return {
        "first_occupied": mean(lambda first, second: np.minimum(first, a)),
        "waiting": mean(lambda first, second: np.maximum(first - a, 0)),
        "delayed": mean(lambda first, second: np.maximum(second - b, 0)),
        "second_occupied": second_occupied,
        "turned_away_per_day": case.arrivals_per_day * full,
        "throughput_per_day": second_occupied / case.second_days,
    }


def lognormal(mean_days: float, sd_days: float) -> stats.rv_continuous:
    """Lognormal of a mean and standard deviation in days."""
    sigma = math.sqrt(math.log(1 + (sd_days / mean_days) ** 2))
    return stats.lognorm(s=sigma, scale=mean_days * math.exp(-(sigma**2) / 2))


def unlimited_occupancy(
    arrivals_per_day: float, stay: stats.rv_continuous, started_fresh: int, day: int
) -> float:
    """Mean people during a day of M/G/infinity that starts with people who have just begun.

    At time t the mean is ``n S(t) + r x integral of S from 0 to t``, with S the survival function
    of the stay, n the people at the start and r the arrivals a day (Eick, Massey, Whitt 1993).

    Parameters
    ----------
    arrivals_per_day : float
        Poisson rate.
    stay : scipy frozen distribution
        Stay in days.
    started_fresh : int
        People at time 0, each at the start of a stay.
    day : int
        0 is the first day.

    Returns
    -------
    float
        People, averaged over the day.
    """

    def people(t: float) -> float:
        return started_fresh * stay.sf(t) + arrivals_per_day * integrate.quad(stay.sf, 0, t)[0]

    return float(integrate.quad(people, day, day + 1)[0])
