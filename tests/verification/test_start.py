"""A run that starts from people who are already there."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.helpers.models import make_model
from tests.verification.closed_forms import lognormal, unlimited_occupancy
from wholesystem.flow import simulate

ARRIVALS_PER_DAY, MEAN_DAYS, SD_DAYS = 20.0, 5.0, 7.0
REPLICATIONS, DAYS = 200, 15


LOGNORMAL = f"lognormal(mean={MEAN_DAYS}, sd={SD_DAYS})"


def daily_occupied(duration: str, start_residual: str) -> list[float]:
    model = make_model(
        "service\nward",
        f"service,per_day\nward,{ARRIVALS_PER_DAY}",
        [{"service": "ward", "days": duration}],
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
    people = daily_occupied(LOGNORMAL, "equilibrium")

    assert len(people) == DAYS
    assert np.allclose(people, ARRIVALS_PER_DAY * MEAN_DAYS, atol=4 * STANDARD_ERROR, rtol=0)


def test_a_fresh_start_follows_the_survival_of_new_stays() -> None:
    stay = lognormal(MEAN_DAYS, SD_DAYS)
    exact = [unlimited_occupancy(ARRIVALS_PER_DAY, stay, 100, day) for day in range(DAYS)]

    people = daily_occupied(LOGNORMAL, "fresh")

    assert np.allclose(people, exact, atol=4 * STANDARD_ERROR, rtol=0)
    # The check tells the two starts apart: some day differs by far more than the tolerance.
    assert max(abs(value - 100) for value in exact) > 12 * STANDARD_ERROR


def test_an_exponential_stay_forgets_how_it_started() -> None:
    people = daily_occupied(f"exponential(mean={MEAN_DAYS})", "fresh")

    assert np.allclose(people, ARRIVALS_PER_DAY * MEAN_DAYS, atol=4 * STANDARD_ERROR, rtol=0)


@pytest.mark.parametrize("residual", ["equilibrium", "fresh"])
def test_people_at_the_start_are_all_there_on_the_first_day(residual: str) -> None:
    people = daily_occupied("fixed(30)", residual)

    # Fixed stays of 30 days: the first day begins with 100 people and adds 20; of the 100,
    # an equilibrium start lets 1 in 30 go each day and a fresh one lets nobody go for 30 days.
    leaving = 100 / 30 if residual == "equilibrium" else 0.0
    exact = [100 + (ARRIVALS_PER_DAY - leaving) * (day + 0.5) for day in range(DAYS)]
    deviation = 4 * math.sqrt(ARRIVALS_PER_DAY * DAYS / REPLICATIONS)
    assert np.allclose(people, exact, atol=deviation, rtol=0)
