"""People who wait in place: a blocking tandem solved exactly, and rings worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers.checks import assert_agrees, replicate_values
from tests.helpers.models import make_model
from tests.verification.closed_forms import Tandem, finite_queue, solve_tandem
from wholesystem.flow import simulate

NOBODY_ARRIVES = "service,per_day,from\nfirst,1,2099-01-01"
"""Arrivals that begin after every run here: the people are those of start.csv."""


def test_the_tandem_solution_reduces_to_a_single_queue() -> None:
    case = Tandem(3, 5, 4, 2.5, 1.0, 1.0, onward_share=0.0)

    exact = solve_tandem(case)

    alone = finite_queue(3, 7, 2.5, 1.0)
    assert exact["first_occupied"] == pytest.approx(alone.occupied)
    assert exact["waiting"] == pytest.approx(alone.waiting)
    assert exact["turned_away_per_day"] == pytest.approx(2.5 * alone.turned_away_share)
    assert exact["delayed"] == pytest.approx(0)


@pytest.mark.parametrize(
    "case",
    [
        Tandem(4, 3, 6, 2.0, 1.2, 1.3),
        Tandem(3, 2, 0, 3.0, 0.8, 1.5, onward_share=0.6),
        Tandem(1, 1, 2, 0.7, 1.0, 1.0),
    ],
    ids=["balanced", "loss", "single places"],
)
def test_a_blocking_tandem_follows_its_markov_chain(case: Tandem) -> None:
    exact = solve_tandem(case)
    routes = [
        {"from": "second", "to": "home", "share": 1},
        {"from": "first", "to": "second", "share": case.onward_share},
    ]
    if case.onward_share < 1:
        routes.append({"from": "first", "to": "home", "share": 1 - case.onward_share})
    model = make_model(
        f"service,places,arrivals_wait\nfirst,{case.first_places},{case.waiting_room}\n"
        f"second,{case.second_places},",
        f"service,per_day\nfirst,{case.arrivals_per_day}",
        f"service,days\nfirst,exponential(mean={case.first_days})\n"
        f"second,exponential(mean={case.second_days})",
        routes,
        days=6000,
        warm_up_days=200,
        seed=21,
    )

    result = simulate(model, replications=30)

    throughput = exact["throughput_per_day"]
    assert_agrees(replicate_values(result, "occupied", "first"), exact["first_occupied"])
    assert_agrees(replicate_values(result, "delayed", "first"), exact["delayed"])
    assert_agrees(replicate_values(result, "occupied", "second"), exact["second_occupied"])
    assert_agrees(replicate_values(result, "waiting_outside", "second"), 0)
    assert_agrees(replicate_values(result, "waiting_outside", "first"), exact["waiting"])
    assert_agrees(
        replicate_values(result, "turned_away_per_day", "first"), exact["turned_away_per_day"]
    )
    # Asking for the second is counted at asking, a moment before moving in: over 6,000 days the
    # difference is at most the places of the first.
    assert_agrees(
        replicate_values(result, "arrivals_per_day", "second"),
        throughput,
        edge=case.first_places / 6000,
    )
    # Little's law on the delay: mean delay x people who leave the first = people delayed.
    leaving = (case.arrivals_per_day - exact["turned_away_per_day"]) * 1.0
    assert_agrees(replicate_values(result, "delay_days", "first"), exact["delayed"] / leaving)


def ring(days_by_service: dict[str, float], settings: dict[str, float]) -> object:
    """One person in each of several single places, each to go to the next for ever.

    One in a million leaves, since a model that nobody can leave is refused.
    """
    names = list(days_by_service)
    nexts = names[1:] + names[:1]
    stay = 0.999999
    return make_model(
        [{"service": name, "places": 1} for name in names],
        NOBODY_ARRIVES,
        [{"service": name, "days": f"fixed({days})"} for name, days in days_by_service.items()],
        [{"from": a, "to": b, "share": stay} for a, b in zip(names, nexts, strict=True)]
        + [{"from": a, "to": "out", "share": round(1 - stay, 6)} for a in names],
        start=[{"service": name, "people": 1} for name in names],
        start_residual="fresh",
        seed=22,
        **settings,
    )


@pytest.mark.parametrize(
    "days_by_service",
    [{"first": 1, "second": 3}, {"first": 1, "second": 2, "third": 6}],
    ids=["two", "three"],
)
def test_a_ring_moves_at_the_pace_of_its_slowest(days_by_service: dict[str, float]) -> None:
    # All begin together, so all are ready when the slowest is: every `slowest` days the whole
    # ring moves round at once, and each has waited the slowest's duration less their own.
    slowest = max(days_by_service.values())
    model = ring(days_by_service, {"days": 10 * slowest})

    result = simulate(model, replications=2)

    for service, days in days_by_service.items():
        late = slowest - days
        assert replicate_values(result, "occupied", service) == pytest.approx(1)
        assert replicate_values(result, "delayed", service) == pytest.approx(late / slowest)
        assert replicate_values(result, "delay_days", service) == pytest.approx(late)
        assert replicate_values(result, "stay_days", service) == pytest.approx(slowest)


def test_people_ready_at_the_same_instant_change_places_at_once() -> None:
    model = ring({"first": 1, "second": 1}, {"days": 10.5})

    result = simulate(model, replications=2)

    for service in ("first", "second"):
        assert replicate_values(result, "delay_days", service) == pytest.approx(0)
        assert replicate_values(result, "stay_days", service) == pytest.approx(1)


def test_a_crowded_ring_does_not_lock() -> None:
    # Without ring exchange the two single places lock within days and nobody moves again.
    model = make_model(
        "service,places\nfirst,1\nsecond,1",
        "service,per_day\nfirst,0.2\nsecond,0.2",
        "service,days\nfirst,exponential(mean=1)\nsecond,exponential(mean=1)",
        "from,to,share\nfirst,second,0.5\nfirst,home,0.5\nsecond,first,0.5\nsecond,home,0.5",
        days=5000,
        warm_up_days=100,
        seed=23,
    )

    result = simulate(model, replications=20)

    for service in ("first", "second"):
        # The routes imply 0.2 + 0.5 x 0.4 = 0.4 a day into each.
        assert_agrees(replicate_values(result, "arrivals_per_day", service), 0.4)
        assert np.all(np.isfinite(replicate_values(result, "wait_days", service)))
        assert replicate_values(result, "delayed", service).mean() > 0.01
        assert replicate_values(result, "occupied", service).mean() < 0.9


def test_a_full_ring_with_a_queue_keeps_its_throughput() -> None:
    # Far more people ask than can be served. Each place is always in use, and the two places
    # together release people at a pace bounded by their durations.
    model = make_model(
        "service,places,arrivals_wait\nfirst,1,50\nsecond,1,50",
        "service,per_day\nfirst,5\nsecond,5",
        "service,days\nfirst,exponential(mean=1)\nsecond,exponential(mean=1)",
        "from,to,share\nfirst,second,0.5\nfirst,home,0.5\nsecond,first,0.5\nsecond,home,0.5",
        days=2000,
        warm_up_days=100,
        seed=24,
    )

    result = simulate(model, replications=10)

    for service in ("first", "second"):
        assert_agrees(replicate_values(result, "occupied", service), 1.0)
        stays = replicate_values(result, "stay_days", service)
        delays = replicate_values(result, "delay_days", service)
        assert np.all(np.isfinite(stays))
        assert np.all(stays < 5)
        assert_agrees(stays - delays, 1.0)
