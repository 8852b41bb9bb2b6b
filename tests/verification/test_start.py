"""A run that starts from people who are already there."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.verification.closed_forms import lognormal, unlimited_occupancy
from tests.helpers.models import make_model
from wholesystem.flow import simulate

ARRIVALS_PER_DAY, MEAN_DAYS, SD_DAYS = 20.0, 5.0, 7.0
REPLICATIONS, DAYS = 200, 15


def daily_occupied(start_residual: str) -> list[float]:
    model = make_model(
        "service\nward",
        f"service,per_day\nward,{ARRIVALS_PER_DAY}",
        [{"service": "ward", "days": f"lognormal(mean={MEAN_DAYS}, sd={SD_DAYS})"}],
        "from,to,share\nward,home,1",
        start=f"service,people\nward,{int(ARRIVALS_PER_DAY * MEAN_DAYS)}",
        start_residual=start_residual,
        days=DAYS,
        seed=31,
    )
    daily = simulate(model, replications=REPLICATIONS).daily
    chosen = daily[(daily.service == "ward") & (daily.measure == "occupied")]
    return list(chosen.sort_values("day")["mean"])


# The people present are a Poisson sum of at most 100 in the mean: the standard error of a day's
# mean over 200 replications is at most sqrt(100 / 200) = 0.71 people.
STANDARD_ERROR = math.sqrt(ARRIVALS_PER_DAY * MEAN_DAYS / REPLICATIONS)


def test_an_equilibrium_start_stays_at_its_mean_from_the_first_day() -> None:
    people = daily_occupied("equilibrium")

    assert len(people) == DAYS
    assert np.allclose(people, ARRIVALS_PER_DAY * MEAN_DAYS, atol=4 * STANDARD_ERROR, rtol=0)


def test_a_fresh_start_follows_the_survival_of_new_stays() -> None:
    stay = lognormal(MEAN_DAYS, SD_DAYS)
    exact = [unlimited_occupancy(ARRIVALS_PER_DAY, stay, 100, day) for day in range(DAYS)]

    people = daily_occupied("fresh")

    assert np.allclose(people, exact, atol=4 * STANDARD_ERROR, rtol=0)
    # The check tells the two starts apart: some day differs by far more than the tolerance.
    assert max(abs(value - 100) for value in exact) > 12 * STANDARD_ERROR


def test_an_exponential_stay_forgets_how_it_started() -> None:
    exact = unlimited_occupancy(20.0, lognormal(5.0, 7.0), 100, 0)

    assert exact == pytest.approx(100, abs=5)
