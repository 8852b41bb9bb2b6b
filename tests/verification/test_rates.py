"""Arrivals that vary by month, weekday, hour and date keep their means."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.helpers.checks import assert_agrees, replicate_values
from tests.helpers.models import make_model
from wholesystem.flow import replicate_stays, simulate

MONTH_DAYS = [31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
"""Mean month lengths of the Gregorian calendar (365.2425 days a year)."""


def door(arrivals: str, profiles: Any = "", **settings: Any) -> Any:
    """A service that everyone passes through in an hour."""
    return make_model(
        "service\ndoor",
        arrivals,
        "service,days\ndoor,fixed(0.04)",
        "from,to,share\ndoor,home,1",
        profiles=profiles,
        **settings,
    )


def requested(model: Any, replications: int) -> Any:
    """Times at which people asked, over several replications."""
    import pandas as pd

    tables = [replicate_stays(model, r).to_pandas() for r in range(replications)]
    return pd.concat(tables).requested_at.dt


def assert_poisson(count: int, expected: float) -> None:
    """A Poisson count is within 4.5 of its standard deviations (1 in 100,000 is not)."""
    assert abs(count - expected) <= 4.5 * math.sqrt(expected), (count, expected)


def test_hours_and_weekdays_multiply_and_keep_the_mean() -> None:
    # Weekend half as busy; 8 to 20 three times as busy as the night.
    profiles = [{"profile": "busy", "weekday": day, "weight": 0.5} for day in (6, 7)]
    profiles += [{"profile": "busy", "hour": hour, "weight": 3} for hour in range(8, 20)]
    model = door("service,per_day,profile\ndoor,40,busy", profiles, days=364, seed=41)

    result = simulate(model, replications=20)
    times = requested(model, 4)

    assert_agrees(replicate_values(result, "arrivals_per_day", "door"), 40.0)
    weekday_mean, hour_mean = (5 + 2 * 0.5) / 7, (12 * 3 + 12 * 1) / 24
    for weekday in range(7):
        weight = (0.5 if weekday >= 5 else 1) / weekday_mean
        assert_poisson(int((times.day_of_week == weekday).sum()), 4 * 52 * 40 * weight)
    for hour in range(24):
        weight = (3 if 8 <= hour < 20 else 1) / hour_mean
        assert_poisson(int((times.hour == hour).sum()), 4 * 364 * 40 / 24 * weight)


def test_months_are_weighed_by_their_length() -> None:
    weights = [2.0, 1.5, *[1.0] * 9, 2.5]
    profiles = [
        {"profile": "winter", "month": month, "weight": weight}
        for month, weight in enumerate(weights, start=1)
    ]
    mean = np.dot(weights, MONTH_DAYS) / sum(MONTH_DAYS)
    model = door(
        "service,per_day,profile\ndoor,40,winter",
        profiles,
        begins="2023-01-01T00:00:00",
        days=365,
        seed=42,
    )

    times = requested(model, 6)

    for month, days in ((1, 31), (2, 28), (7, 31), (12, 31)):
        expected = 6 * 40 * days * weights[month - 1] / mean
        assert_poisson(int((times.month == month).sum()), expected)


def test_four_years_of_months_integrate_to_the_mean() -> None:
    # 2021-2024 hold one leap day, so a year is 365.25 days there and 365.2425 in the definition:
    # the mean over them differs from per_day by under 1 part in 10,000.
    profiles = [{"profile": "winter", "month": month, "weight": 3} for month in (12, 1, 2)]
    model = door(
        "service,per_day,profile\ndoor,20,winter",
        profiles,
        begins="2021-01-01T00:00:00",
        days=1461,
        seed=43,
    )

    result = simulate(model, replications=20)

    assert_agrees(replicate_values(result, "arrivals_per_day", "door"), 20.0, edge=20 * 1e-4)


def test_dated_rows_add_up_and_end_on_their_last_day() -> None:
    model = door(
        "service,per_day,from,to\ndoor,10,,\ndoor,30,2024-01-11,2024-01-20\ndoor,5,2024-01-21,",
        days=30,
        seed=44,
    )
    replications = 20

    days_of_month = requested(model, replications).day

    assert_poisson(int((days_of_month <= 10).sum()), replications * 10 * 10)
    assert_poisson(
        int(((days_of_month > 10) & (days_of_month <= 20)).sum()), replications * 10 * 40
    )
    assert_poisson(int((days_of_month > 20).sum()), replications * 10 * 15)


@pytest.mark.parametrize("closed", [range(0, 8), range(8, 24)])
def test_an_hour_of_weight_zero_has_no_arrivals(closed: range) -> None:
    profiles = [{"profile": "open", "hour": hour, "weight": 0} for hour in closed]
    model = door("service,per_day,profile\ndoor,40,open", profiles, days=100, seed=45)

    times = requested(model, 2)

    assert not set(times.hour) & set(closed)
    assert_poisson(len(times.hour), 2 * 100 * 40)
