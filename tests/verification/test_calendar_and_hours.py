"""Capacity calendars, hours a week and starting queues, with durations that can be worked by hand.

All people are those of start.csv, all durations fixed: there is no chance in these figures.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.helpers.checks import replicate_values
from tests.helpers.models import make_model
from wholesystem.flow import replicate_stays, simulate

HOUR = 1 / 24
NOBODY_ARRIVES = "service,per_day,from\nclinic,1,2099-01-01"


def clinic(**tables: Any) -> Any:
    """A clinic that people wait outside for, unless the test says otherwise."""
    parts: dict[str, Any] = {
        "services": "service,places\nclinic,2",
        "arrivals": NOBODY_ARRIVES,
        "durations": "service,days\nclinic,fixed(0.25)",
        "routes": "from,to,share\nclinic,home,1",
        "start": "waiting_for,people\nclinic,6",
        "days": 2,
    }
    parts.update(tables)
    return make_model(
        parts.pop("services"),
        parts.pop("arrivals"),
        parts.pop("durations"),
        parts.pop("routes"),
        **parts,
    )


def started_hours(model: Any) -> list[float]:
    """Hours after the start of the model at which people took a place, in order."""
    started = replicate_stays(model).column("started_at").to_numpy()
    origin = np.datetime64("2024-01-01", "us")
    return sorted(float(hours) for hours in (started - origin) / np.timedelta64(1, "h"))


def test_a_clinic_open_by_day_takes_nobody_at_night_and_lets_people_finish() -> None:
    # Open 09:00-17:00 with 2 places, 6 hours each, 6 waiting at midnight. Two start at 9 and two
    # at 15, who finish at 21 though the clinic closed at 17; the last two start at 9 next day.
    model = clinic(
        capacity="service,start_hour,end_hour,places\nclinic,0,24,0\nclinic,9,17,2",
    )

    result = simulate(model, replications=2)

    assert started_hours(model) == pytest.approx([9, 9, 15, 15, 33, 33])
    # 6 people x 6 hours in 48 hours; waiting 6 for 9 hours, 4 for 6, 2 for 18.
    assert replicate_values(result, "occupied", "clinic") == pytest.approx(36 / 48)
    assert replicate_values(result, "waiting_outside", "clinic") == pytest.approx(
        (6 * 9 + 4 * 6 + 2 * 18) / 48
    )
    assert replicate_values(result, "wait_days", "clinic") == pytest.approx(
        (2 * 9 + 2 * 15 + 2 * 33) / 6 * HOUR
    )
    assert replicate_values(result, "stay_days", "clinic") == pytest.approx(0.25)


def test_the_last_row_that_holds_wins() -> None:
    # Closed from Tuesday 2 January by the later row, though the first row opens 9-17 every day.
    model = clinic(
        capacity="service,from,to,start_hour,end_hour,places\n"
        "clinic,,,0,24,0\nclinic,,,9,17,2\nclinic,2024-01-02,2024-01-03,,,0",
        days=5,
    )

    assert started_hours(model) == pytest.approx([9, 9, 15, 15, 81, 81])


def test_a_night_service_wraps_past_midnight_and_ends_come_before_closing() -> None:
    # Open 22:00-06:00 but never on a Saturday (weekday 6); 6 people wait from noon on Friday 5
    # January, 6 hours each. Two start at 22:00 (hour 118 of the year). Saturday is closed, so the
    # next two start at midnight (144) and end at 06:00 sharp, as the service closes. Ends come
    # before capacity changes, so the last two take those places at that instant (150).
    model = clinic(
        services="service,places\nclinic,0",
        capacity="service,weekday,start_hour,end_hour,places\nclinic,,22,6,2\nclinic,6,,,0",
        begins="2024-01-05T12:00:00",
        days=4,
    )

    assert started_hours(model) == pytest.approx([118, 118, 144, 144, 150, 150])


def test_a_rise_in_places_takes_people_at_once() -> None:
    model = clinic(
        services="service,places\nclinic,1",
        capacity="service,from,places\nclinic,2024-01-02,4",
        durations="service,days\nclinic,fixed(10)",
        days=20,
    )

    assert started_hours(model) == pytest.approx([0, 24, 24, 24, 240, 264])


HOURS_CASE: dict[str, Any] = {
    "services": "service,places,unit,order\nclinic,20,hours_per_week,{order}",
    "arrivals": "service,cohort,per_day,from\nclinic,large,1,2099-01-01",
    "durations": "service,days\nclinic,fixed(5)",
    "needs": "service,cohort,hours_per_week\nclinic,large,fixed(12)\nclinic,small,fixed(6)",
    "cohorts": "cohort,priority\nlarge,{large}\nsmall,{small}",
    "start": "waiting_for,cohort,people\nclinic,large,2\nclinic,small,1",
    "days": 15,
}


@pytest.mark.parametrize(
    ("order", "priorities", "starts"),
    [
        # 12 of 20 hours go to the first; the second (12) must wait and the third (6) behind it.
        ("fifo", (1, 2), [0, 5, 5]),
        # The third fits beside the first and overtakes.
        ("first_fit", (1, 2), [0, 0, 5]),
        # The small need has priority and goes first, with one large beside it.
        ("priority", (2, 1), [0, 0, 5]),
        # Strict priority: the second large need does not fit and nobody below it may pass.
        ("priority", (1, 2), [0, 5, 5]),
    ],
)
def test_hours_a_week_by_order(
    order: str, priorities: tuple[int, int], starts: list[float]
) -> None:
    large, small = priorities
    tables = {
        key: value.format(order=order, large=large, small=small)
        if isinstance(value, str)
        else value
        for key, value in HOURS_CASE.items()
    }
    model = clinic(**tables)

    result = simulate(model, replications=2)

    assert started_hours(model) == pytest.approx([24 * day for day in starts])
    # Hours used, not people, over hours available: 30 hours for 5 days each in 20 hours x 15 days.
    assert replicate_values(result, "used_share", "clinic") == pytest.approx(30 * 5 / (20 * 15))


def test_people_at_the_start_waiting_in_place_move_first() -> None:
    # Two are ready in the clinic and wait for the home team (full until day 3, fixed stays).
    model = make_model(
        "service,places\nclinic,2\nteam,1",
        NOBODY_ARRIVES,
        "service,days\nclinic,fixed(1)\nteam,fixed(3)",
        "from,to,share,reason\nclinic,team,1,capacity\nteam,home,1,",
        start="service,waiting_for,people\nteam,,1\nclinic,team,2\n,clinic,1",
        start_residual="fresh",
        days=12,
    )

    result = simulate(model, replications=2)

    # The team takes one at day 3 and one at day 6; the one outside takes the clinic's first free
    # place at day 3, is ready at day 4 and waits until day 9.
    stays = replicate_stays(model).to_pandas()
    team = stays[stays.service == "team"].started_at.sort_values()
    days = (team - np.datetime64("2024-01-01")) / np.timedelta64(1, "D")
    assert list(days) == pytest.approx([0, 3, 6, 9])
    assert replicate_values(result, "delayed", "clinic") == pytest.approx((3 + 6 + 5) / 12)
    assert replicate_values(result, "waiting_outside", "clinic") == pytest.approx(3 / 12)
    assert replicate_values(result, "occupied", "team") == pytest.approx(12 / 12)
