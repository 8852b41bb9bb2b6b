"""Little's law and the conservation of people: identities that hold in every single run.

They need no theory of queues and no long run, so they are checked to rounding on a crowded
model with everything in it, over a window cut out of the middle of its life.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.helpers.checks import assert_agrees, replicate_values
from tests.helpers.models import make_model
from wholesystem.flow import replicate_stays, simulate

DAYS, WARM_UP_DAYS = 60, 20
MICROSECOND_DAYS = 1 / 86_400e6
SERVICES = ("front_door", "ward", "rehab", "care")

# Stays are written to the microsecond, so each may be out by half of one at either end.
ROUNDING_DAYS = 20_000 * MICROSECOND_DAYS


@cache
def crowded_model() -> Any:
    """Queues, delays in place, returns in a ring, hours a week, opening hours, cohorts, a start."""
    return make_model(
        "service,places,unit,arrivals_wait,transfers_wait,order\n"
        "front_door,4,person,5,outside,priority\n"
        "ward,12,person,,in_place,fifo\n"
        "rehab,4,person,,in_place,fifo\n"
        "care,60,hours_per_week,,in_place,first_fit",
        "service,cohort,per_day,profile\n"
        "front_door,old,8,day\nfront_door,young,6,day\nward,old,0.5,",
        "service,cohort,days\n"
        'front_door,,"uniform(0.1, 0.4)"\n'
        "ward,old,exponential(mean=2.5)\nward,young,fixed(1)\n"
        'rehab,,"gamma(mean=3, sd=2)"\ncare,,"lognormal(mean=6, sd=6)"',
        "from,to,share,arranging_days,reason,responsible\n"
        "front_door,ward,0.4,,,\nfront_door,home,0.6,,,\n"
        "ward,rehab,0.2,,C,nhs\nward,care,0.15,exponential(mean=0.3),E,social_care\n"
        "ward,care,0.1,,Dii,both\nward,home,0.55,,,\n"
        "rehab,ward,0.2,,A,nhs\nrehab,home,0.8,,,\n"
        "care,home,0.7,,,\ncare,ward,0.3,,,",
        needs='service,cohort,hours_per_week\ncare,old,"uniform(4, 14)"\ncare,young,fixed(7)',
        cohorts="cohort,priority\nold,1\nyoung,2",
        profiles=[{"profile": "day", "hour": hour, "weight": 3} for hour in range(8, 18)],
        capacity="service,weekday,start_hour,end_hour,places\n"
        "front_door,,22,6,2\nrehab,6,,,3\nrehab,7,,,3",
        start="service,waiting_for,cohort,people\nward,,old,8\nward,rehab,old,2\n,ward,young,3",
        days=DAYS,
        warm_up_days=WARM_UP_DAYS,
        seed=51,
    )


@cache
def one_run() -> tuple[Any, Any]:
    """A one-replication result of the crowded model, and its stays in days from the window."""
    model = crowded_model()
    stays = replicate_stays(model, 0).to_pandas()
    origin = np.datetime64("2024-01-01", "us") + np.timedelta64(WARM_UP_DAYS, "D")
    for column in ("requested_at", "started_at", "ready_at", "ended_at"):
        stays[column] = (stays[column] - origin) / np.timedelta64(1, "D")
    return simulate(model, replications=2), stays


def days_in_window(begin: Any, end: Any) -> float:
    """Person-days between two columns that fall in the window; a missing end is its close."""
    return float((end.fillna(DAYS).clip(upper=DAYS) - begin.clip(lower=0)).clip(lower=0).sum())


@pytest.mark.parametrize("service", SERVICES)
def test_people_in_places_are_the_time_integral_of_the_stays(service: str) -> None:
    result, stays = one_run()
    mine = stays[stays.service == service]

    integral = days_in_window(mine.started_at, mine.ended_at)

    occupied = replicate_values(result, "occupied", service)[0]
    assert occupied * DAYS == pytest.approx(integral, abs=ROUNDING_DAYS)
    assert integral > 10


@pytest.mark.parametrize("service", SERVICES)
def test_people_delayed_are_the_time_integral_of_ready_to_left(service: str) -> None:
    result, stays = one_run()
    mine = stays[(stays.service == service) & stays.ready_at.notna()]

    integral = days_in_window(mine.ready_at, mine.ended_at)

    delayed = replicate_values(result, "delayed", service)[0]
    assert delayed * DAYS == pytest.approx(integral, abs=ROUNDING_DAYS)


@pytest.mark.parametrize("service", SERVICES)
def test_waits_stays_and_delays_are_means_over_the_stays(service: str) -> None:
    result, stays = one_run()
    mine = stays[stays.service == service]
    started = mine[(mine.started_at >= 0) & mine.requested_at.notna()]
    ended = mine[mine.ended_at >= 0]

    means = {
        "wait_days": (started.started_at - started.requested_at).mean(),
        "stay_days": (ended.ended_at - ended.started_at).mean(),
        "delay_days": (ended.ended_at - ended.ready_at).mean(),
    }

    for measure, mean in means.items():
        value = replicate_values(result, measure, service)[0]
        assert value == pytest.approx(mean, abs=2 * MICROSECOND_DAYS), measure


@pytest.mark.parametrize("service", SERVICES)
def test_everyone_who_was_there_or_came_has_left_or_is_there(service: str) -> None:
    _, stays = one_run()
    mine = stays[stays.service == service]

    there_before = int((mine.started_at < 0).sum())
    came = int((mine.started_at >= 0).sum())
    left = int(mine.ended_at.notna().sum())
    there_after = int(mine.ended_at.isna().sum())

    assert there_before + came == left + there_after
    assert came > 10


def test_nobody_is_in_two_places_and_nobody_skips_a_step() -> None:
    _, stays = one_run()
    for _, person in stays.sort_values(["person", "stay"]).groupby("person"):
        assert list(person.stay) == list(range(person.stay.iloc[0], person.stay.iloc[-1] + 1))
        before, after = person.iloc[:-1], person.iloc[1:]
        assert before.ended_at.notna().all()
        assert (before.ended_at.to_numpy() <= after.started_at.to_numpy()).all()
        assert (before.next_service.to_numpy() == after.service.to_numpy()).all()


def test_outside_arrivals_and_transfers_add_up_over_the_system() -> None:
    # Over the window: people who come in, less those turned away and those who go home, are the
    # change in people present or waiting outside. With the means over the window and a long run
    # the change vanishes, so in = turned away + out.
    result = simulate(crowded_model(), replications=20, days=2000)

    turned_away = replicate_values(result, "turned_away_per_day", "front_door")
    home = replicate_values(result, "arrivals_per_day", "home")

    assert_agrees(home + turned_away, 8 + 6 + 0.5, edge=40 / 2000)
    assert turned_away.mean() > 0.01


@pytest.mark.parametrize("service", SERVICES)
def test_littles_law(service: str) -> None:
    # Little (1961): people in places = starts a day x mean days in the place. Starts and ends in a
    # long window differ by at most the people who straddle its edges.
    result = simulate(crowded_model(), replications=20, days=2000)
    occupied = replicate_values(result, "occupied", service)
    arrivals = replicate_values(result, "arrivals_per_day", service)
    turned_away = replicate_values(result, "turned_away_per_day", service)
    stay = replicate_values(result, "stay_days", service)
    wait = replicate_values(result, "wait_days", service)
    waiting = replicate_values(result, "waiting_outside", service)

    starts = arrivals - turned_away
    # At most 20 people straddle an edge, with stays of up to about 60 days.
    edge = 20 * 60 / 2000
    assert np.all(np.abs(occupied - starts * stay) < edge)
    assert_agrees(occupied - starts * stay, 0, precision=0.1, edge=0.05)
    if service == "front_door":
        assert_agrees(waiting - starts * wait, 0, precision=0.05)
