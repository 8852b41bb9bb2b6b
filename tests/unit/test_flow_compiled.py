"""A model as flat arrays: which row holds, and in what order things are numbered."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.helpers.models import make_model
from wholesystem.flow.compiled import Compiled, DelayGroup, compile_model
from wholesystem.flow.randomness import stream_hash

SERVICES = "service,places\nward,4\nteam,2"
ARRIVALS = "service,per_day\nward,1"
DURATIONS = "service,days\nward,fixed(1)\nteam,fixed(2)"
ROUTES = "from,to,share\nward,team,0.5\nward,home,0.5\nteam,home,1"


def compiled(**tables: Any) -> Compiled:
    names = {"services": SERVICES, "durations": DURATIONS, "routes": ROUTES}
    given = {name: tables.pop(name, text) for name, text in names.items()}
    return compile_model(make_model(arrivals=tables.pop("arrivals", ARRIVALS), **given, **tables))


def routes_of(model: Compiled, service: str, cohort: str = "") -> list[tuple[str, float]]:
    """Destinations and cumulated shares of a service and cohort."""
    at = model.services.index(service) * len(model.cohorts) + model.cohorts.index(cohort)
    rows = range(model.route_first[at], model.route_first[at + 1])
    return [(model.services[model.route_to[r]], float(model.route_share_to[r])) for r in rows]


# --- snapshots ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("warm_up_days", "days", "snapshots"),
    [
        (0, 3, [0, 1, 2, 3]),
        (2, 2, [0, 1, 2, 3, 4]),
        (1.5, 2, [0, 0.5, 1.5, 2.5, 3.5]),
        (0.25, 0.5, [0, 0.25, 0.75]),
        (0, 2.5, [0, 1, 2, 2.5]),
    ],
)
def test_integrals_are_read_at_whole_days_from_the_end_of_the_warm_up(
    warm_up_days: float, days: float, snapshots: list[float]
) -> None:
    model = compiled(warm_up_days=warm_up_days, days=days)

    assert model.snapshots == pytest.approx(snapshots)
    assert model.snapshots[model.warm_snapshot] == warm_up_days
    assert model.days == pytest.approx(days)


@pytest.mark.parametrize(("warm_up_days", "days"), [(62.6, 239), (254.1, 5), (63.367, 233)])
def test_rounding_adds_no_day_of_no_length(warm_up_days: float, days: int) -> None:
    # 62.6 + 239 is a little more than 62.6 + 238 + 1: a day of 1e-12 must not come of it.
    model = compiled(warm_up_days=warm_up_days, days=days)

    measured = model.snapshots[model.warm_snapshot :]
    assert len(measured) == days + 1
    assert np.diff(measured) == pytest.approx(1, abs=1e-9)


# --- which row holds ----------------------------------------------------------------------------

COHORTS = "cohort,priority\na,5\nb,2\nc,5"


def test_rows_of_a_cohort_replace_the_blank_rows_of_the_same_pair_only() -> None:
    model = compiled(
        arrivals="service,cohort,per_day\nward,a,1",
        cohorts=COHORTS,
        routes="from,to,cohort,share,reason\nward,team,,0.5,A\nward,home,,0.5,\n"
        "ward,team,b,0.25,A\nward,team,b,0.25,E\nteam,home,,1,",
    )

    assert routes_of(model, "ward", "a") == [("team", 0.5), ("home", 1.0)]
    # Two rows of b, with different reasons, replace the one blank row.
    assert routes_of(model, "ward", "b") == [("team", 0.25), ("team", 0.5), ("home", 1.0)]


def test_the_last_cumulated_share_is_exactly_one() -> None:
    tenths = "\n".join(f"ward,home{i},0.1" for i in range(10))
    model = compiled(
        services="service\nward",
        durations="service,days\nward,fixed(1)",
        routes=f"from,to,share\n{tenths}",
    )

    shares = [share for _, share in routes_of(model, "ward")]
    # Ten times 0.1 adds up to 0.9999999999999999.
    assert sum([0.1] * 10) != 1.0
    assert shares[-1] == 1.0
    assert shares == pytest.approx([(i + 1) / 10 for i in range(10)])


def test_routes_of_share_zero_are_no_routes() -> None:
    model = compiled(routes="from,to,share\nward,team,0\nward,home,1\nteam,home,1")

    assert routes_of(model, "ward") == [("home", 1.0)]


def test_durations_and_needs_of_a_cohort_win() -> None:
    model = compiled(
        services="service,places,unit\nward,4,person\nteam,20,hours_per_week",
        arrivals="service,cohort,per_day\nward,a,1",
        cohorts=COHORTS,
        durations="service,cohort,days\nward,,fixed(1)\nward,b,fixed(2)\nteam,,fixed(2)",
        needs="service,cohort,hours_per_week\nteam,c,fixed(7)\nteam,,fixed(1)",
    )
    items = model.distributions.items
    ward, team = model.services.index("ward"), model.services.index("team")

    assert [items[i].a for i in model.duration[ward]] == [1, 2, 1]
    assert [items[i].a for i in model.need[team]] == [1, 1, 7]
    assert model.need[ward].tolist() == [-1, -1, -1]
    # Equal distributions are kept once: fixed(1), fixed(2) and fixed(7).
    assert sorted(item.a for item in items) == [1, 2, 7]


def test_ranks_are_the_order_of_priorities() -> None:
    model = compiled(arrivals="service,cohort,per_day\nward,a,1", cohorts=COHORTS)

    assert model.rank.tolist() == [1, 0, 1]


def test_empirical_values_are_sorted_and_found_by_place() -> None:
    model = compiled(
        durations="service,days\nward,empirical(los)\nteam,empirical(weeks)",
        empirical={"los": [3, 1, 2], "weeks": [28, 7]},
    )
    d = model.distributions
    found = {
        item.name: d.pool[d.offset[i] : d.offset[i] + d.count[i]].tolist()
        for i, item in enumerate(d.items)
    }

    assert found == {"los": [1, 2, 3], "weeks": [7, 28]}


# --- delay groups, rings, returns ---------------------------------------------------------------


def test_delays_are_counted_together_over_cohorts_and_apart_by_reason() -> None:
    model = compiled(
        arrivals="service,cohort,per_day\nward,a,1",
        cohorts=COHORTS,
        routes="from,to,cohort,share,reason,responsible\nward,team,,0.2,A,nhs\n"
        "ward,team,,0.3,E,social_care\nward,home,,0.5,,\nteam,home,,1,,",
    )

    assert model.groups == (
        DelayGroup("ward", "team", "A", "nhs"),
        DelayGroup("ward", "team", "E", "social_care"),
        DelayGroup("ward", "home", "", ""),
        DelayGroup("team", "home", "", ""),
    )


def test_rings_can_form_only_where_people_wait_in_place_for_limited_services() -> None:
    routes = "from,to,share\nward,team,0.5\nward,home,0.5\nteam,ward,0.5\nteam,home,0.5"

    def rings(services: str, **tables: str) -> list[bool]:
        found = compiled(services=services, routes=routes, **tables)
        return [bool(found.ring[found.services.index(s)] >= 0) for s in ("ward", "team")]

    assert rings("service,places\nward,4\nteam,2") == [True, True]
    assert rings("service,places\nward,4\nteam,") == [False, False]
    wait = "service,places,transfers_wait\nward,4,in_place\nteam,2,outside"
    assert rings(wait) == [False, False]
    # Places that only the calendar limits.
    later = "service,from,places\nteam,2024-02-01,2"
    assert rings("service,places\nward,4\nteam,", capacity=later) == [True, True]


def test_visits_are_counted_where_people_can_come_back() -> None:
    back = "from,to,share\nward,team,0.5\nward,home,0.5\nteam,team,0.1\nteam,home,0.9"

    found = compiled(routes=back)

    assert dict(zip(found.services, found.revisited.tolist(), strict=True)) == {
        "ward": False,
        "team": True,
        "home": False,
    }


# --- capacity and arrivals ----------------------------------------------------------------------


def test_changes_of_capacity_come_in_the_order_of_time_then_of_services() -> None:
    model = compiled(
        capacity="service,from,places\nteam,2024-01-03,1\nward,2024-01-03,3\nward,2024-01-02,9",
        days=5,
        warm_up_days=0.5,
    )

    # The last row wins: the ward has 9 from 2 January on, whatever the row before says.
    assert model.change_time.tolist() == [1, 2]
    assert [model.services[k] for k in model.change_service] == ["ward", "team"]
    assert model.change_places.tolist() == [9, 1]
    # Measured from 0.5 to 5.5: ward 0.5 x 4 + 4.5 x 9, team 1.5 x 2 + 3.5 x 1.
    assert model.capacity_days[:2] == pytest.approx([42.5, 6.5])
    assert math.isinf(model.capacity_days[2])


def test_arrival_rows_of_one_service_and_cohort_are_one_stream() -> None:
    model = compiled(arrivals="service,per_day,from\nward,4,\nteam,1,\nward,2,2024-01-03", days=5)

    assert [model.services[k] for k in model.stream_service] == ["ward", "team"]
    assert model.stream_hashes.tolist() == [
        stream_hash("arrivals:ward:"),
        stream_hash("arrivals:team:"),
    ]
    ward = slice(model.rate_first[0], model.rate_first[1])
    assert model.rate_until[ward].tolist() == [2, 5]
    assert model.rate_value[ward].tolist() == [4, 6]


# --- people present at the start ----------------------------------------------------------------


def test_people_at_the_start_are_numbered_within_the_stream_of_their_row() -> None:
    model = compiled(start="service,waiting_for,people\nward,,2\nward,team,2\n,ward,1", days=5)

    assert model.start_number.tolist() == [1, 2, 1, 2, 1]
    assert model.start_stream.tolist() == [0, 0, 1, 1, 2]
    ward, team = model.services.index("ward"), model.services.index("team")
    assert model.start_service.tolist() == [ward, ward, ward, ward, -1]
    assert model.start_waiting_for.tolist() == [-1, -1, team, team, ward]
    assert model.start_hashes.tolist() == [
        stream_hash(name) for name in ("start:ward::", "start:ward:team:", "start::ward:")
    ]


@pytest.mark.parametrize(("people", "groups"), [(1, "E"), (2, "AE"), (4, "AEEE"), (8, "AAEEEEEE")])
def test_people_waiting_at_the_start_are_shared_out_over_reasons(people: int, groups: str) -> None:
    # A has 0.15 of the 0.6 that go to the team: a quarter. Person k of n takes the reason in
    # which the share (k - 1/2) / n falls: 1/2 of one; 1/4 and 3/4 of two, and so on.
    model = compiled(
        routes="from,to,share,reason\nward,team,0.15,A\nward,team,0.45,E\nward,home,0.4,\n"
        "team,home,1,",
        start=f"service,waiting_for,people\nward,team,{people}",
        days=5,
    )

    assert "".join(model.groups[g].reason for g in model.start_group) == groups
