"""The page of any run: what it says, also where there is little to say."""

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.helpers.models import make_model
from wholesystem.errors import ParameterError
from wholesystem.flow import Model, SimulationResult, simulate
from wholesystem.reports import Page, Section, mean_flows, page_of_run, render_page, system_map_of
from wholesystem.reports import write_run_page as write
from wholesystem.reports.run_page import measured_period, occupancy_section, reason_label
from wholesystem.stays import flows


def queueing(**settings: Any) -> Model:
    """A ward whose people wait for a full care home."""
    return make_model(
        services="service,label,places\nward,Ward,\nhome,Care home,2",
        arrivals="service,per_day\nward,1",
        durations="service,days\nward,exponential(mean=2)\nhome,exponential(mean=3)",
        routes=[
            {"from": "ward", "to": "home", "share": 1, "reason": "Di", "responsible": "both"},
            {"from": "home", "to": "out", "share": 1},
        ],
        **{"days": 60, "replications": 3, **settings},
    )


def free(**settings: Any) -> Model:
    """A ward that nobody waits for or in."""
    return make_model(
        services="service,places\nward,",
        arrivals="service,per_day\nward,1",
        durations="service,days\nward,exponential(mean=2)",
        routes="from,to,share\nward,out,1",
        **{"days": 20, "replications": 2, **settings},
    )


def run(model: Model) -> tuple[SimulationResult, Page]:
    result = simulate(model, stays=True)
    moves = mean_flows([flows(result.stays)])
    drawn = system_map_of(result, moves, title="T", period="P", source="S")
    return result, page_of_run(result, drawn)


def part(page: Page, name: str) -> Section:
    return next(section for section in page.sections if section.id == name)


def shown(page: Page) -> list[str]:
    return [section.id for section in page.sections if not section.is_empty]


def test_the_map_comes_first_and_its_tables_last() -> None:
    _, page = run(queueing())

    assert shown(page) == ["map", "notes", "delays", "waits", "year", "made", "figures"]
    assert page.sections[0].pictures[0].svg.startswith("<svg")


def test_a_run_without_delays_limits_or_waits_has_no_empty_parts() -> None:
    _, page = run(free(replications=10, days=400))

    assert shown(page) == ["map", "made", "figures"]


def test_one_replication_has_no_intervals_and_no_nan() -> None:
    _, page = run(queueing(replications=1))
    (table,) = part(page, "delays").pictures[0].tables

    assert table.rows[0][2] == ""
    assert "nan" not in re.sub(r"<[^>]*>", " ", render_page(page)).lower()
    assert "once: 60 days" in part(page, "made").paragraphs[0]


def test_warnings_name_services_as_people_do() -> None:
    result, page = run(queueing())
    points = part(page, "notes").points

    assert [w for w in result.warnings if w.startswith("home: offered load")]
    assert [p for p in points if p.startswith("Care home: offered load")]
    assert "Offered load" in part(page, "notes").paragraphs[0]


def test_delays_without_published_figures_say_nothing_of_them() -> None:
    _, page = run(queueing())
    picture = part(page, "delays").pictures[0]

    assert picture.tables[0].columns == ("Reason", "Simulated", "95% interval")
    assert "ublished" not in picture.svg


def test_delays_without_reasons_have_no_chart_of_reasons() -> None:
    model = queueing()
    plain = tuple(r.model_copy(update={"reason": "", "responsible": ""}) for r in model.routes)
    _, page = run(replace(model, routes=plain))

    assert "delays" not in shown(page)
    assert "waits" in shown(page)


@pytest.mark.parametrize(("days", "step", "points"), [(119, "day", 119), (130, "week", 18)])
def test_a_long_time_is_shown_by_weeks(days: int, step: str, points: int) -> None:
    model = make_model(
        services="service,places\nward,9",
        arrivals="service,per_day\nward,0.000001",
        durations="service,days\nward,fixed(1000)",
        routes="from,to,share\nward,out,1",
        start="service,people\nward,7",
        days=days,
        start_residual="fresh",
    )

    (picture,) = occupancy_section(simulate(model)).pictures

    (table,) = picture.tables
    assert table.columns[2] == f"Lowest {step}"
    assert table.rows == (("ward", "9", "7", "7", "7"),)
    assert f"Mean people of each {step}" in picture.source
    lines = [d for d in re.findall(r' d="([^"]+)"', picture.svg) if not d.endswith("Z")]
    assert max(line.count("L") for line in lines) + 1 == points


def test_period_is_of_the_measured_days() -> None:
    """The tests' models start on 1 January 2024."""
    later = simulate(free(warm_up_days=31, days=29))

    assert measured_period(later) == "1 February 2024 to 29 February 2024, simulated"
    assert measured_period(simulate(free(days=0.5))) == "1 January 2024, simulated"


def test_names_of_a_model_stay_text() -> None:
    model = free(name="<script>alert(1)</script> \u202eback", description="2 < 3 & \t4")
    page = render_page(run(model)[1])

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; back" in page
    assert "2 &lt; 3 &amp; 4. Simulated from a model" in page


def test_reasons_of_the_lists_are_told_in_words() -> None:
    assert reason_label("E") == "Awaiting care package in own home (E)"
    assert reason_label("ours") == "ours"
    assert reason_label("") == "No reason stated"


def test_a_page_needs_stays(tmp_path: Any) -> None:
    with pytest.raises(ParameterError, match="stays=True"):
        write(simulate(free()), tmp_path)


def test_page_and_map_are_written_beside_each_other(tmp_path: Any) -> None:
    write(simulate(free(), stays=True), tmp_path)

    svg = (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.html", "map.svg"]
    assert svg in (tmp_path / "index.html").read_text(encoding="utf-8")
