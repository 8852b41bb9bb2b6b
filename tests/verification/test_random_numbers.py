"""Draws belong to what they decide: not to a thread, nor to the order of the tables."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from tests.helpers.checks import replicate_values
from tests.helpers.models import make_model
from wholesystem.flow import apply_sets, compare, replicate_stays, simulate

SERVICES = "service,places\nward,10\nrehab,6"
ARRIVALS = "service,per_day\nward,6"
DURATIONS = 'service,days\nward,exponential(mean=1.2)\nrehab,"gamma(mean=3, sd=3)"'
ROUTES = "from,to,share\nward,rehab,0.3\nward,home,0.7\nrehab,ward,0.1\nrehab,home,0.9"


def two_services(days: int = 400) -> Any:
    return make_model(SERVICES, ARRIVALS, DURATIONS, ROUTES, days=days, warm_up_days=100, seed=61)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_results_do_not_depend_on_the_number_of_threads(threads: int) -> None:
    expected = simulate(two_services(), replications=8)

    with ThreadPoolExecutor(threads) as executor:
        result = simulate(two_services(), replications=8, executor=executor)

    for measure, values in expected.replicates.items():
        np.testing.assert_array_equal(result.replicates[measure], values, err_msg=measure)


def test_both_engines_give_the_same_figures() -> None:
    fast = simulate(two_services(days=30), replications=2)
    slow = simulate(two_services(days=30), replications=2, engine="reference")

    for measure, values in fast.replicates.items():
        np.testing.assert_allclose(slow.replicates[measure], values, rtol=1e-9, err_msg=measure)


def test_more_replications_keep_the_first_ones() -> None:
    few = simulate(two_services(), replications=3)
    many = simulate(two_services(), replications=6)

    for measure, values in few.replicates.items():
        np.testing.assert_array_equal(many.replicates[measure][:3], values, err_msg=measure)


def test_seeds_and_replications_differ() -> None:
    first = replicate_values(simulate(two_services(), replications=4, seed=1), "occupied", "ward")
    other = replicate_values(simulate(two_services(), replications=4, seed=2), "occupied", "ward")

    assert len({*first, *other}) == 8


def test_a_service_that_others_do_not_use_changes_nothing_for_them() -> None:
    # It has people of its own, comes first in every table, and so takes every first index.
    bigger = make_model(
        SERVICES.replace("\nward", "\naside,3\nward"),
        ARRIVALS.replace("\nward", "\naside,2\nward"),
        DURATIONS.replace("\nward", "\naside,exponential(mean=1)\nward"),
        ROUTES.replace("\nward,rehab", "\naside,home,1\nward,rehab", 1),
        days=400,
        warm_up_days=100,
        seed=61,
    )

    before = simulate(two_services(), replications=5)
    after = simulate(bigger, replications=5)

    for measure in before.replicates:
        for service in ("ward", "rehab"):
            np.testing.assert_array_equal(
                replicate_values(after, measure, service),
                replicate_values(before, measure, service),
                err_msg=f"{measure} of {service}",
            )


def test_a_change_leaves_earlier_people_as_they_were() -> None:
    # One more place in rehab can only matter from the moment it was first missed.
    base = replicate_stays(two_services(), 0).to_pandas()
    more = replicate_stays(apply_sets(two_services(), ["services.rehab.places=7"]), 0).to_pandas()

    arrived = {}
    for name, stays in (("base", base), ("more", more)):
        first = stays[(stays.stay == 1) & (stays.service == "ward")].set_index("person")
        arrived[name] = first.requested_at

    both = arrived["base"].index.intersection(arrived["more"].index)
    assert len(both) > 2000
    assert (arrived["base"][both] == arrived["more"][both]).all()


def test_a_scenario_shares_its_draws_with_the_baseline() -> None:
    model = two_services()
    scenario = apply_sets(model, ["services.rehab.places=7"])
    replications = 40

    def delayed(of: Any, seed: int) -> np.ndarray:
        return replicate_values(
            simulate(of, replications=replications, seed=seed), "delayed", "ward"
        )

    shared = np.var(delayed(scenario, 1) - delayed(model, 1), ddof=1)
    apart = np.var(delayed(scenario, 2) - delayed(model, 1), ddof=1)

    # Sharing draws makes the difference far steadier: 40 pairs show a halving with certainty
    # (the ratio of two such variances is below 2 in 98% of cases when they are equal).
    assert apart / shared > 2


def test_compare_gives_the_interval_of_paired_differences() -> None:
    model = two_services()
    scenario = apply_sets(model, ["services.rehab.places=7"])

    differences = compare(model, {"one more": scenario}, replications=20)

    row = differences[(differences.service == "ward") & (differences.measure == "delayed")].iloc[0]
    before = replicate_values(simulate(model, replications=20), "delayed", "ward")
    after = replicate_values(simulate(scenario, replications=20), "delayed", "ward")
    # Student t, 19 degrees of freedom, 97.5%: 2.0930.
    half = 2.0930 * np.std(after - before, ddof=1) / np.sqrt(20)
    assert row.difference == pytest.approx((after - before).mean())
    assert row.upper95 - row.difference == pytest.approx(half, rel=1e-4)
    assert row.difference - row.lower95 == pytest.approx(half, rel=1e-4)
    assert row.upper95 < 0
