"""Calendars: profiles, dated arrival rates and capacity as steps of time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.models import make_model
from wholesystem.flow.calendar import capacity_steps, profile_weights, rate_steps

MONDAY = datetime(2024, 1, 1)


def tables(**given: Any) -> Any:
    """A model with one ward, for its rows of a table."""
    return make_model(
        "service\nward",
        given.pop("arrivals", "service,per_day\nward,1"),
        "service,days\nward,fixed(1)",
        "from,to,share\nward,home,1",
        **given,
    )


def weights_of(profiles: str) -> np.ndarray:
    arrivals = "service,per_day,profile\nward,1,p"
    return profile_weights(tables(arrivals=arrivals, profiles=profiles).profiles)


def rates_of(
    arrivals: str, profiles: str = "", begins: datetime = MONDAY, days: float = 10
) -> tuple[list[float], list[float]]:
    model = tables(arrivals=arrivals, profiles=profiles)
    weights = {"p": profile_weights(model.profiles)} if profiles else {}
    until, rate = rate_steps(model.arrivals, weights, begins, days)
    return until.tolist(), rate.tolist()


def capacity_of(
    capacity: str, begins: datetime = MONDAY, days: float = 10, places: float = 9
) -> dict[float, float]:
    rows = tables(capacity=capacity).capacity if capacity else []
    begin, value = capacity_steps(rows, places, begins, days)
    return dict(zip(np.round(begin, 9).tolist(), value.tolist(), strict=True))


# --- profiles -----------------------------------------------------------------------------------


def test_a_profile_has_mean_one_over_400_years_of_real_months() -> None:
    weights = weights_of("profile,month,weight\np,1,2\np,2,3\np,8,0.5")

    days = np.arange(np.datetime64("2000-01-01"), np.datetime64("2400-01-01"))
    months = days.astype("datetime64[M]").astype(int) % 12
    assert len(days) == 146_097
    assert weights[months, 0, 0].mean() == pytest.approx(1, rel=1e-12)


def test_weights_of_all_rows_that_hold_multiply() -> None:
    weights = weights_of("profile,month,weekday,hour,weight\np,,1,,2\np,,,8,3\np,7,1,8,5")

    # Before the mean is divided out: Mondays 2, 08:00 3, Mondays at 08:00 6, in July 30.
    plain = weights[0, 1, 0]
    assert weights[0, 0, 0] / plain == pytest.approx(2)
    assert weights[0, 3, 8] / plain == pytest.approx(3)
    assert weights[0, 0, 8] / plain == pytest.approx(6)
    assert weights[6, 0, 8] / plain == pytest.approx(30)


def test_hours_and_weekdays_count_evenly_in_the_mean() -> None:
    weights = weights_of("profile,weekday,hour,weight\np,7,,0\np,,0,0")

    # 6 of 7 days and 23 of 24 hours are left, so each weighs 7/6 x 24/23.
    assert weights[3, 2, 12] == pytest.approx(7 / 6 * 24 / 23)
    assert weights[3, 6, 12] == weights[3, 2, 0] == 0


# --- arrival rates ------------------------------------------------------------------------------


def test_rows_add_up_and_both_dates_count() -> None:
    until, rate = rates_of(
        "service,per_day,from,to\nward,4,,\nward,2,2024-01-03,2024-01-05\nward,1,2024-01-05,"
    )

    # 3 January is day 2; the 5th is the last day of one row and the first of the other.
    assert until == [2, 4, 5, 10]
    assert rate == [4, 6, 7, 5]


def test_dates_are_midnights_whenever_the_model_starts() -> None:
    until, rate = rates_of(
        "service,per_day,from,to\nward,2,2024-01-02,2024-01-02", begins=datetime(2024, 1, 1, 18)
    )

    assert until == pytest.approx([0.25, 1.25, 10])
    assert rate == [0, 2, 0]


def test_the_29th_of_february_is_a_day_of_its_own_in_leap_years_only() -> None:
    rows = "service,per_day,from,to\nward,1,2024-02-29,2024-02-29\nward,3,2023-03-01,2023-03-01"

    assert rates_of(rows, begins=datetime(2024, 2, 28), days=3) == ([1, 2, 3], [0, 1, 0])
    assert rates_of(rows, begins=datetime(2023, 2, 28), days=3) == ([1, 2, 3], [0, 3, 0])


def test_hours_change_at_full_hours_when_the_model_starts_between() -> None:
    until, rate = rates_of(
        "service,per_day,profile\nward,23,p",
        "profile,hour,weight\np,9,0",
        begins=datetime(2024, 1, 1, 7, 40),
        days=1,
    )

    # 09:00 is 80 minutes on, 10:00 is 140; the mean of 23 falls on the other 23 hours, 24 a day.
    assert np.array(until) * 1440 == pytest.approx([80, 140, 1440])
    assert rate == pytest.approx([24, 0, 24])


def test_steps_of_the_same_rate_are_joined() -> None:
    until, _ = rates_of("service,per_day,profile\nward,5,p", "profile,hour,weight\np,,1")

    assert until == [10]


def test_a_profile_follows_months_into_a_leap_day() -> None:
    until, rate = rates_of(
        "service,per_day,profile\nward,1,p",
        "profile,month,weight\np,3,0",
        begins=datetime(2024, 2, 28),
        days=5,
    )

    # 28 and 29 February, then March.
    assert until == [2, 5]
    assert rate == pytest.approx([365.2425 / (365.2425 - 31), 0])


@settings(max_examples=60, derandomize=True, database=None, deadline=None)
@given(
    minutes=st.integers(0, 1439),
    first=st.integers(-3, 20),
    length=st.integers(0, 15),
    days=st.integers(1, 400).map(lambda tenths: tenths / 10),
)
def test_rates_are_those_of_the_clock_at_every_moment(
    minutes: int, first: int, length: int, days: float
) -> None:
    begins = MONDAY + timedelta(minutes=minutes)
    day = date(2024, 1, 1) + timedelta(days=first)
    last = day + timedelta(days=length)
    arrivals = f"service,per_day,from,to,profile\nward,2,,,p\nward,7,{day},{last},"
    profiles = "profile,weekday,hour,weight\np,6,,4\np,,13,0\np,7,22,9"
    until, rate = rates_of(arrivals, profiles, begins, days)
    weights = weights_of(profiles)

    assert until[-1] == days
    assert (np.diff([0.0, *until]) > 0).all()
    moments = np.arange(0.004, days, 0.01)
    found = np.array(rate)[np.searchsorted(until, moments, side="right")]
    for moment, value in zip(moments, found, strict=True):
        now = begins + timedelta(days=float(moment))
        dated = 7 if day <= now.date() <= last else 0
        assert value == pytest.approx(2 * weights[now.month - 1, now.weekday(), now.hour] + dated)


# --- capacity -----------------------------------------------------------------------------------


def test_without_rows_the_services_places_hold_throughout() -> None:
    assert capacity_of("") == {0: 9}


def test_dates_of_capacity_are_inclusive() -> None:
    rows = "service,from,to,places\nward,2024-01-03,2024-01-05,4"

    assert capacity_of(rows) == {0: 9, 2: 4, 5: 9}


def test_the_last_row_that_holds_wins() -> None:
    general = "ward,,,,,,5"
    exception = "ward,2024-01-02,2024-01-02,,,,1"
    header = "service,from,to,weekday,start_hour,end_hour,places"

    assert capacity_of(f"{header}\n{general}\n{exception}", days=3) == {0: 5, 1: 1, 2: 5}
    assert capacity_of(f"{header}\n{exception}\n{general}", days=3) == {0: 5}


def test_hours_that_wrap_belong_to_the_weekday_on_which_they_begin() -> None:
    rows = "service,weekday,start_hour,end_hour,places\nward,1,22,6,2"

    steps = capacity_of(rows, days=9)

    hours = {round(begin * 24, 6): places for begin, places in steps.items()}
    assert hours == {0: 9, 22: 2, 30: 9, 190: 2, 198: 9}


def test_a_night_that_began_before_the_model_holds_at_its_start() -> None:
    rows = "service,weekday,start_hour,end_hour,places\nward,7,22,6,2"

    steps = capacity_of(rows, begins=datetime(2024, 1, 1, 3), days=1)

    assert {round(begin * 24, 6): places for begin, places in steps.items()} == {0: 2, 3: 9}


def test_equal_hours_mean_the_whole_day_from_then() -> None:
    rows = "service,weekday,start_hour,end_hour,places\nward,2,8,8,3"

    steps = capacity_of(rows, days=4)

    assert {round(begin * 24, 6): places for begin, places in steps.items()} == {0: 9, 32: 3, 56: 9}


def test_unlimited_places_may_be_limited_by_the_calendar() -> None:
    rows = "service,to,places\nward,2024-01-01,3"

    assert capacity_of(rows, places=np.inf) == {0: 3, 1: np.inf}


HOURS = st.sampled_from([None, 0, 6.5, 8, 17.75, 24])


@st.composite
def capacity_rows(draw: st.DrawFn) -> list[tuple[str, ...]]:
    rows = []
    for places in range(draw(st.integers(1, 4))):
        first = draw(st.none() | st.integers(-2, 9))
        last = draw(st.none() | st.integers(first or -2, 12))
        dates = [
            "" if n is None else str(date(2024, 1, 1) + timedelta(days=n)) for n in (first, last)
        ]
        weekday = draw(st.sampled_from(["", "1", "4", "7"]))
        start, end = draw(HOURS), draw(HOURS)
        hours = ["" if h is None else str(h) for h in (None if start == 24 else start, end)]
        rows.append((*dates, weekday, *hours, str(places)))
    return rows


def holds(row: tuple[str, ...], now: datetime) -> bool:
    """Whether a row of the calendar holds, as its description reads."""
    first, last, weekday, start, end, _ = row

    def matches(day: date) -> bool:
        after = not first or day >= date.fromisoformat(first)
        before = not last or day <= date.fromisoformat(last)
        return after and before and (not weekday or day.isoweekday() == int(weekday))

    hour = now.hour + now.minute / 60 + now.second / 3600
    opens = float(start) if start else 0.0
    closes = float(end) if end else 24.0
    if not start and not end:
        return matches(now.date())
    if opens < closes:
        return matches(now.date()) and opens <= hour < closes
    yesterday = now.date() - timedelta(days=1)
    return (matches(now.date()) and hour >= opens) or (matches(yesterday) and hour < closes)


@settings(max_examples=80, derandomize=True, database=None, deadline=None)
@given(rows=capacity_rows(), minutes=st.integers(0, 1439), days=st.integers(1, 14))
def test_places_are_those_of_the_calendar_at_every_moment(
    rows: list[tuple[str, ...]], minutes: int, days: int
) -> None:
    begins = MONDAY + timedelta(minutes=minutes)
    header = "service,from,to,weekday,start_hour,end_hour,places"
    text = "\n".join([header, *(",".join(["ward", *row]) for row in rows)])

    steps = capacity_of(text, begins, days)

    begin, value = np.array(list(steps)), np.array(list(steps.values()))
    assert begin[0] == 0
    assert (value[1:] != value[:-1]).all()
    for moment in np.arange(0.003, days, 0.0171):
        now = begins + timedelta(days=float(moment))
        expected = next((float(row[-1]) for row in reversed(rows) if holds(row, now)), 9.0)
        assert value[np.searchsorted(begin, moment, side="right") - 1] == expected, now
