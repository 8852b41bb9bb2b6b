"""People present at time 0: how long each has been there and how long is left."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

from tests.helpers.models import make_model
from wholesystem.flow.compiled import Compiled, compile_model
from wholesystem.flow.randomness import person_key, replication_key, stream_key
from wholesystem.flow.start import StartPeople, people_at_start

N = 20_000
REPLICATION = replication_key(1, 0)
VALUES = [0.0, 0.5, 1.0, 2.0, 7.0, 7.0]

#: Of each expression: its law, or the values it draws from evenly.
LAWS: dict[str, Any] = {
    "exponential(mean=2.5)": stats.expon(scale=2.5),
    "lognormal(mu=1, sigma=0.8)": stats.lognorm(0.8, scale=math.e),
    "gamma(shape=3.45, scale=1.7)": stats.gamma(3.45, scale=1.7),
    "gamma(shape=0.4, scale=3)": stats.gamma(0.4, scale=3),
    "weibull(shape=1.4, scale=6)": stats.weibull_min(1.4, scale=6),
    "weibull(shape=0.7, scale=2)": stats.weibull_min(0.7, scale=2),
    "uniform(1, 4)": stats.uniform(1, 3),
    "triangular(1, 2, 5)": stats.triang(0.25, loc=1, scale=4),
    "triangular(1, 1, 5)": stats.triang(0, loc=1, scale=4),
    "triangular(1, 5, 5)": stats.triang(1, loc=1, scale=4),
}
#: Of these E[X] and E[X^2] are sums: 17.5 / 6 and 103.25 / 6 of the six values.
MOMENTS = {
    "fixed(3)": (3.0, 9.0),
    "triangular(2, 2, 2)": (2.0, 4.0),
    "empirical(los)": (17.5 / 6, 103.25 / 6),
}


def compiled(duration: str, *, residual: str = "equilibrium", waiting_for: str = "") -> Compiled:
    return compile_model(
        make_model(
            "service,places\nward,\nteam,",
            "service,per_day\nward,1",
            [{"service": "ward", "days": duration}, {"service": "team", "days": "fixed(1)"}],
            "from,to,share\nward,team,1\nteam,home,1",
            start=f"service,waiting_for,people\nward,{waiting_for},{N}",
            start_residual=residual,
            empirical={"los": VALUES} if "empirical" in duration else None,
        )
    )


def drawn(duration: str, **changes: str) -> StartPeople:
    return people_at_start(compiled(duration, **changes), REPLICATION)


def moments(duration: str) -> tuple[float, float]:
    """E[X] and E[X^2]."""
    if duration in MOMENTS:
        return MOMENTS[duration]
    return float(LAWS[duration].mean()), float(LAWS[duration].moment(2))


def assert_mean(values: np.ndarray, expected: float) -> None:
    standard_error = values.std(ddof=1) / math.sqrt(len(values))
    assert abs(values.mean() - expected) <= 4 * standard_error + 1e-12


@pytest.mark.parametrize("duration", [*LAWS, *MOMENTS])
def test_elapsed_and_remaining_time_have_the_mean_of_renewal_theory(duration: str) -> None:
    # Somebody found in a place has been there, and will be there, E[X^2] / (2 E[X]) on average
    # (Cox 1962): more than E[X] / 2, since long stays are likelier to be found.
    mean, square = moments(duration)

    people = drawn(duration)

    elapsed, left = -people.began, people.ends
    assert elapsed.min() >= 0
    assert left.min() >= 0
    assert_mean(elapsed, square / (2 * mean))
    assert_mean(left, square / (2 * mean))
    assert_mean(elapsed + left, square / mean)


@pytest.mark.parametrize("duration", LAWS)
def test_the_remaining_time_has_the_equilibrium_law(duration: str) -> None:
    # Its distribution function is the integral of P(X > t) from 0, over E[X].
    law = LAWS[duration]
    grid = np.linspace(0, float(law.ppf(1 - 1e-9)), 20_001)
    survived = integrate.cumulative_simpson(law.sf(grid), x=grid, initial=0) / law.mean()

    people = drawn(duration)

    # Kolmogorov-Smirnov: 1 seed in 10,000 would give a p below 0.0001.
    for times in (people.ends, -people.began):
        assert stats.kstest(times, lambda x: np.interp(x, grid, survived)).pvalue > 1e-4


def test_an_empirical_stay_is_found_in_proportion_to_its_length() -> None:
    people = drawn("empirical(los)")

    whole = np.round(people.ends - people.began, 9)
    found, counts = np.unique(whole, return_counts=True)
    # Nobody is found in a stay of length 0; of the rest 0.5 + 1 + 2 + 7 + 7 = 17.5.
    assert found.tolist() == [0.5, 1, 2, 7]
    expected = np.array([0.5, 1, 2, 14]) / 17.5
    assert np.abs(counts / N - expected).max() < 4 * math.sqrt(0.25 / N)


@pytest.mark.parametrize("duration", LAWS)
def test_a_fresh_start_draws_whole_durations_from_time_0(duration: str) -> None:
    people = drawn(duration, residual="fresh")

    assert (people.began == 0).all()
    assert stats.kstest(people.ends, LAWS[duration].cdf).pvalue > 1e-4


@pytest.mark.parametrize("residual", ["equilibrium", "fresh"])
@pytest.mark.parametrize("duration", LAWS)
def test_people_who_are_ready_have_a_whole_duration_behind_them(
    duration: str, residual: str
) -> None:
    people = drawn(duration, residual=residual, waiting_for="team")

    assert (people.ends == 0).all()
    assert stats.kstest(-people.began, LAWS[duration].cdf).pvalue > 1e-4


def test_durations_without_chance() -> None:
    fresh = drawn("fixed(3)", residual="fresh")
    found = drawn("fixed(3)")
    ready = drawn("fixed(3)", waiting_for="team")

    assert set(fresh.ends) == {3}
    assert (found.ends - found.began).tolist() == pytest.approx([3] * N)
    assert set(ready.began) == {-3}


def test_stays_of_no_length_are_over_at_once() -> None:
    for residual in ("equilibrium", "fresh"):
        people = drawn("fixed(0)", residual=residual)

        assert not people.began.any()
        assert not people.ends.any()


def test_keys_are_those_of_the_people_of_a_stream() -> None:
    model = compiled("fixed(3)")
    stream = stream_key(REPLICATION, int(model.start_hashes[0]))

    keys = people_at_start(model, REPLICATION).key

    assert keys[:50].tolist() == [person_key(stream, n) for n in range(1, 51)]
    assert len(set(keys.tolist())) == N


def test_elapsed_and_remaining_time_are_told_apart_from_the_whole() -> None:
    # How far through the stay one looks does not depend on how long it is.
    people = drawn("lognormal(mu=1, sigma=0.8)")
    whole = people.ends - people.began

    share = people.ends / whole
    assert stats.kstest(share, stats.uniform.cdf).pvalue > 1e-4
    assert abs(np.corrcoef(share, stats.rankdata(whole))[0, 1]) < 4 / math.sqrt(N)


def test_people_waiting_outside_have_no_stay() -> None:
    model = compile_model(
        make_model(
            "service,places\nward,1",
            "service,per_day\nward,1",
            "service,days\nward,fixed(1)",
            "from,to,share\nward,home,1",
            start="service,waiting_for,people\n,ward,3",
        )
    )

    people = people_at_start(model, REPLICATION)

    assert people.began.tolist() == people.ends.tolist() == [0, 0, 0]
    assert len(set(people.key.tolist())) == 3
