"""From a run to its map: means over replications, and sums that agree."""

import math

import pandas as pd
import pytest

from tests.helpers.models import make_model
from wholesystem.flow import SimulationResult, simulate
from wholesystem.pictures import SystemMap
from wholesystem.reports import mean_flows, system_map_of
from wholesystem.stays import flows


def moves(*rows: tuple[str, str, int, float, float]) -> pd.DataFrame:
    columns = ["from", "to", "people", "per_day", "mean_wait_days"]
    return pd.DataFrame(rows, columns=columns)


def test_moves_are_means_over_replications_and_waits_over_people() -> None:
    found = mean_flows(
        [
            moves(("ward", "home", 10, 1.0, 2.0), ("ward", "care", 4, 0.4, math.nan)),
            moves(("ward", "home", 30, 3.0, 4.0)),
        ]
    ).set_index("to")

    assert found.loc["home", "per_day"] == pytest.approx((1.0 + 3.0) / 2)
    assert found.loc["home", "mean_wait_days"] == pytest.approx((10 * 2.0 + 30 * 4.0) / 40)
    assert found.loc["care", "per_day"] == pytest.approx(0.4 / 2)
    assert math.isnan(found.loc["care", "mean_wait_days"])


def test_a_wait_not_known_does_not_thin_the_known_ones() -> None:
    found = mean_flows(
        [moves(("ward", "home", 10, 1.0, 2.0)), moves(("ward", "home", 90, 9.0, math.nan))]
    )

    assert found.loc[0, "mean_wait_days"] == pytest.approx(2.0)
    assert found.loc[0, "per_day"] == pytest.approx(5.0)


@pytest.fixture(scope="module")
def result() -> SimulationResult:
    model = make_model(
        services="service,places,unit\nward,6,\nhart,3,\nhomecare,40,hours_per_week",
        arrivals="service,per_day\nward,1.5",
        durations="service,days\nward,exponential(mean=2)\nhart,fixed(4)\nhomecare,fixed(9)",
        needs="service,hours_per_week\nhomecare,fixed(5)",
        routes=[
            {"from": "ward", "to": "hart", "share": 0.4, "reason": "E", "responsible": "both"},
            {"from": "ward", "to": "hart", "share": 0.1, "reason": "A", "responsible": "nhs"},
            {"from": "ward", "to": "homecare", "share": 0.4, "arranging_days": "fixed(1)"},
            {"from": "ward", "to": "ward", "share": 0.1},
            {"from": "hart", "to": "out", "share": 1},
            {"from": "homecare", "to": "out", "share": 1},
        ],
        days=200,
        replications=3,
    )
    return simulate(model, stays=True)


@pytest.fixture(scope="module")
def drawn(result: SimulationResult) -> SystemMap:
    return system_map_of(
        result, mean_flows([flows(result.stays)]), title="T", period="P", source="S"
    )


def summary(result: SimulationResult, service: str, measure: str) -> float:
    table = result.summary.set_index(["service", "measure"])
    return float(table.loc[(service, measure), "mean"])


def test_boxes_show_the_means_of_the_summary(result: SimulationResult, drawn: SystemMap) -> None:
    for box in drawn.services[:3]:
        assert box.occupied == pytest.approx(summary(result, box.service, "occupied"))
        assert box.delayed == pytest.approx(summary(result, box.service, "delayed"))
        assert box.used_share == pytest.approx(summary(result, box.service, "used_share"))
    assert [box.places for box in drawn.services] == [6, 3, 40, None]


def test_people_delayed_on_bands_add_up_to_those_in_boxes(drawn: SystemMap) -> None:
    on_bands = sum(flow.people_delayed for flow in drawn.flows)

    assert on_bands == pytest.approx(sum(box.delayed for box in drawn.services))
    assert f"{on_bands:.1f} people" in drawn.headline


def test_reasons_of_one_pair_of_services_share_a_band(drawn: SystemMap) -> None:
    pairs = [(flow.from_service, flow.to_service) for flow in drawn.flows]

    assert len(set(pairs)) == len(pairs)
    assert ("ward", "hart") in pairs


def test_moves_within_a_service_have_no_band(drawn: SystemMap) -> None:
    assert all(flow.from_service != flow.to_service for flow in drawn.flows)


def test_outcomes_hold_nobody(drawn: SystemMap) -> None:
    out = drawn.by_id()["out"]

    assert math.isnan(out.occupied)
    assert out.delayed == out.waiting_outside == out.turned_away_per_day == 0


def test_nobody_delayed_is_said_in_words() -> None:
    model = make_model(
        services="service,places\nward,",
        arrivals="service,per_day\nward,1",
        durations="service,days\nward,fixed(2)",
        routes="from,to,share\nward,out,1",
        days=30,
    )
    result = simulate(model, stays=True)
    table = mean_flows([flows(result.stays)])

    drawn = system_map_of(result, table, title="T", period="P", source="S")

    assert drawn.headline == "On an average day nobody is ready to move but delayed."
