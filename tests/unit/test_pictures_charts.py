"""Charts show the figures of their tables, whatever the figures and labels."""

import math
import re
from datetime import date
from xml.etree import ElementTree

import pytest

from tests.conftest import ROOT
from wholesystem.errors import ParameterError
from wholesystem.pictures import (
    BodyDelay,
    ComparedFigure,
    DailyBand,
    ReasonDelay,
    WaitFigure,
    chart_table,
    delays_by_body,
    delays_by_reason,
    occupancy_over_year,
    published_against_simulated,
    render_svg,
    waits,
)
from wholesystem.pictures.palette import SKY

SVG = "{http://www.w3.org/2000/svg}"
COMPARED = (
    ComparedFigure("People delayed", "people a day", 179.9, 181.2, 172.1, 190.3, "fitted"),
    ComparedFigure("Emergency admissions", "per 100,000", 22112, 22090, 21800, 22380, "predicted"),
    ComparedFigure("Seen in four hours", "%", 86.1, 83.9, 82.8, 85.1, "predicted"),
)
REASONS = (
    ReasonDelay("E: care package in own home", 86.9, 80.1, 93.0, 84.5),
    ReasonDelay("I: housing", 2.3, 1.6, 2.9),
)
BODIES = (
    BodyDelay("NHS", 86.0, 82.0, 90.0, 87.5),
    BodyDelay("Social care", 23.0, 20.0, 26.0, 22.3),
)
WAITS = (WaitFigure("Home care", 12.4, 11.0, 13.9), WaitFigure("HART reablement", 5.6, 5.0, 6.1))
DAYS = tuple(
    DailyBand(service, day, base - 3, base + day % 5, base + 9)
    for service, base in (("Acute beds", 500), ("Hub beds", 60))
    for day in range(40)
)


def all_charts() -> dict[str, dict]:
    return {
        "compared": published_against_simulated(COMPARED),
        "reasons": delays_by_reason(REASONS),
        "bodies": delays_by_body(BODIES),
        "waits": waits(WAITS),
        "occupancy": occupancy_over_year(
            DAYS, places={"Acute beds": 520.0, "Hub beds": None}, start=date(2017, 2, 1)
        ),
    }


def drawn(spec: dict) -> ElementTree.Element:
    return ElementTree.fromstring(render_svg(spec))


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(t.itertext()) for t in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", list(all_charts()))
def test_chart_has_title_and_description_for_screen_readers(name: str) -> None:
    spec = all_charts()[name]
    root = drawn(spec)

    spoken = {e.get("id"): e.text for e in root if e.tag in (f"{SVG}title", f"{SVG}desc")}
    title, described = (spoken[i] for i in root.attrib["aria-labelledby"].split())
    assert root.attrib["role"] == "img"
    assert title == chart_table(spec).title
    assert described == spec["description"]


@pytest.mark.parametrize("name", list(all_charts()))
def test_chart_needs_nothing_from_elsewhere(name: str) -> None:
    svg = render_svg(all_charts()[name])

    assert not re.search(r"<script|<image|@import|@font-face|javascript:", svg)
    assert set(re.findall(r"https?://[^\"' <]+", svg)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


@pytest.mark.parametrize("name", list(all_charts()))
def test_chart_is_one_image_to_a_screen_reader(name: str) -> None:
    inner = [e for e in drawn(all_charts()[name]).iter() if e.get("role") != "img"]

    assert [e.tag for e in inner if e.get("role") or e.get("aria-label")] == []


@pytest.mark.parametrize("name", list(all_charts()))
def test_same_figures_give_the_same_chart(name: str) -> None:
    assert render_svg(all_charts()[name]) == render_svg(all_charts()[name])


@pytest.mark.parametrize("name", list(all_charts()))
def test_text_stays_in_the_picture(name: str) -> None:
    root = drawn(all_charts()[name])

    assert float(root.attrib["width"]) <= 1000
    assert len(texts(root)) > 5


def test_compared_figures_stand_beside_the_plot_as_in_the_table() -> None:
    spec = published_against_simulated(COMPARED)
    shown = texts(drawn(spec))

    for row in chart_table(spec).rows:
        assert row[0] in " ".join(shown)
        assert row[2] in shown
        assert row[3] in shown
    assert {"fitted", "predicted", "Published", "Simulated"} <= set(shown)
    assert chart_table(spec).rows[0] == (
        "People delayed",
        "people a day",
        "179.9",
        "181.2",
        "172.1 to 190.3",
        "+0.7%",
        "fitted",
    )


def test_difference_is_measured_from_the_published_value() -> None:
    spec = published_against_simulated(COMPARED)

    values = spec["data"]["values"]
    assert values[2]["percent"] == pytest.approx(100 * (83.9 - 86.1) / 86.1)
    assert values[2]["low"] < values[2]["percent"] < values[2]["high"]


def test_axis_is_wide_enough_for_the_worst_figure() -> None:
    figures = (*COMPARED, ComparedFigure("Far off", "", 10.0, 30.0, 28.0, 33.0, "predicted"))
    axis = published_against_simulated(figures)["layer"][2]["encoding"]["x"]["scale"]["domain"]

    assert axis[1] >= 230
    assert axis[0] == -axis[1]


@pytest.mark.parametrize(
    "figure",
    [
        ComparedFigure("Not published", "", math.nan, 3.0, 2.0, 4.0, "predicted"),
        ComparedFigure("Published as none", "", 0.0, 3.0, 2.0, 4.0, "predicted"),
        ComparedFigure("Not simulated", "", 3.0, math.nan, math.nan, math.nan, "fitted"),
    ],
)
def test_figure_that_cannot_be_compared_keeps_its_row(figure: ComparedFigure) -> None:
    spec = published_against_simulated((figure,))

    assert figure.label in texts(drawn(spec))
    assert chart_table(spec).rows[0][5] == ""
    assert "NaN" not in render_svg(spec)


def test_basis_must_be_fitted_or_predicted() -> None:
    with pytest.raises(ParameterError, match="Use fitted or predicted"):
        ComparedFigure("x", "", 1.0, 1.0, 1.0, 1.0, "guessed")


def test_delays_say_what_was_not_published() -> None:
    spec = delays_by_reason(REASONS)

    assert chart_table(spec).rows == (
        ("E: care package in own home", "86.9", "80.1 to 93.0", "84.5"),
        ("I: housing", "2.3", "1.6 to 2.9", "not published"),
    )
    assert {"84.5", "86.9", "not published", "2.3"} <= set(texts(drawn(spec)))


def test_bars_are_as_long_as_their_figures() -> None:
    root = drawn(delays_by_body(BODIES))
    bars = [
        float(found.group(1))
        for p in root.iter(f"{SVG}path")
        if p.get("fill") == SKY and (found := re.match(r"M0,[\d.]+h([\d.]+)v", p.attrib["d"]))
    ]

    assert len(bars) == 2
    assert bars[0] / bars[1] == pytest.approx(86.0 / 23.0, rel=0.01)


def test_two_rows_of_one_name_stay_two_rows() -> None:
    spec = waits((WAITS[0], WaitFigure("Home care", 1.0, 0.5, 1.5)))

    assert texts(drawn(spec)).count("Home care") == 2


def test_occupancy_has_a_small_chart_for_each_service() -> None:
    spec = all_charts()["occupancy"]
    shown = texts(drawn(spec))

    assert {"Acute beds", "Hub beds"} <= set(shown)
    assert chart_table(spec).rows == (
        ("Acute beds", "520", "500", "502", "504"),
        ("Hub beds", "", "60", "62", "64"),
    )
    assert spec["data"]["values"][39]["date"] == "2017-03-12"


@pytest.mark.parametrize(
    "spec",
    [
        published_against_simulated(()),
        delays_by_reason(()),
        waits(()),
        waits((WaitFigure("x", math.nan, math.nan, math.nan),)),
        occupancy_over_year((), places={}, start=date(2017, 2, 1)),
        occupancy_over_year(
            (DailyBand("x", 0, math.nan, math.nan, math.nan),),
            places={"x": math.nan},
            start=date(2017, 2, 1),
        ),
    ],
)
def test_empty_charts_are_drawn(spec: dict) -> None:
    assert drawn(spec).tag == f"{SVG}svg"


@pytest.mark.parametrize(
    "label",
    [
        "A&E <\"majors\"> & 'minors'",
        "</text><script>alert(1)</script>",
        "'] || [].constructor.constructor('return 1')() //",
        "\u0645\u0633\u062a\u0634\u0641\u0649 \u202e\u0627\u0644\u0631",
        "\U0001f3e5 ward",
        "\x00\ud800 two\nlines",
        "long " * 100,
    ],
)
def test_hostile_labels_stay_text(label: str) -> None:
    charts = (
        waits((WaitFigure(label, 1.0, 0.5, 1.5),), title=label),
        published_against_simulated((ComparedFigure(label, label, 1, 1, 1, 1, "fitted"),)),
        occupancy_over_year(
            (DailyBand(label, 0, 1, 2, 3),), places={label: 3.0}, start=date(2017, 2, 1)
        ),
    )
    for spec in charts:
        root = drawn(spec)
        tags = {e.tag.removeprefix(SVG) for e in root.iter()}
        assert not tags & {"script", "foreignObject", "image"}


def test_ids_are_of_their_own_chart() -> None:
    found = [set(re.findall(r'\bid="([^"]+)"', render_svg(s))) for s in all_charts().values()]

    assert all(found)
    assert len(set().union(*found)) == sum(len(ids) for ids in found)


def test_chart_made_elsewhere_has_no_table() -> None:
    with pytest.raises(ParameterError, match="holds no table"):
        chart_table({"mark": "bar"})


def test_data_from_the_network_or_disk_are_refused() -> None:
    spec = {
        "data": {"url": str(ROOT / "pyproject.toml"), "format": {"type": "csv"}},
        "mark": "point",
        "encoding": {"x": {"field": "a", "type": "quantitative"}},
    }

    with pytest.raises(ValueError, match=r"(?i)access|denied|allowed|permi"):
        render_svg(spec)
