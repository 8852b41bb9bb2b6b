"""The funnel plot and its table."""

import re

import numpy as np
import pytest

from tests.helpers.areas import codes, frame, indicator
from tests.helpers.svg import SVG, check_picture, description, parse, texts
from wholesystem.indicators.area_figures import AreaFigures
from wholesystem.indicators.compare import compare_areas
from wholesystem.indicators.funnel import funnel
from wholesystem.pictures.compare_points import funnel_lines, funnel_points
from wholesystem.pictures.funnel_chart import FunnelPoint, funnel_chart, funnel_table

WORDS = {
    "title": "At home after 91 days",
    "unit": "%",
    "size_words": "people discharged to reablement",
}
SIZES = np.geomspace(40, 4_000, 60).round()
COUNTS = np.round(SIZES * 0.8)
COUNTS[5], COUNTS[40], COUNTS[50] = SIZES[5] * 0.5, SIZES[40] * 0.84, SIZES[50] * 0.9


def made(adjust="none"):
    return funnel(COUNTS, SIZES, "proportion", multiplier=100, adjust=adjust)


def points(found):
    return [
        FunnelPoint(f"Area {i}", n, 100 * x / n, int(o), "area" if i == 50 else "other")
        for i, (x, n, o) in enumerate(zip(COUNTS, SIZES, found.outside, strict=True))
    ]


@pytest.fixture(scope="module")
def chart() -> str:
    found = made()
    return funnel_chart(points(found), funnel_lines(found), **WORDS, note=found.dispersion.words)


def test_the_picture_is_whole(chart) -> None:
    check_picture(chart)


def test_lines_leave_the_picture_nowhere(chart) -> None:
    root = parse(chart)
    box = root.find(f".//{SVG}clipPath")
    cut = [node for node in root.iter() if node.get("clip-path")]

    assert box is not None
    assert len(cut) == 1
    assert cut[0].get("clip-path") == f"url(#{box.get('id')})"
    assert len(cut[0]) == 5


def test_areas_beyond_a_limit_have_their_own_shape(chart) -> None:
    shapes = {
        re.sub(r"^M[\d.]+ [\d.]+", "", n.get("d") or "") for n in parse(chart).iter(f"{SVG}path")
    }

    assert {"m0 -5l5 9h-10z", "m0 5l5 -9h-10z", "m-7 -7h14v14h-14z"} <= shapes


def test_the_words_say_where_the_area_stands_and_what_was_widened(chart) -> None:
    told = description(chart)

    together = 100 * COUNTS.sum() / SIZES.sum()
    assert f"60 areas by size; all areas together: {together:.1f} (%)." in told
    assert "Area 50 has 90.0, above the 99.8% limit." in told
    assert "the limits are not widened" in told
    assert any("Area 50 90.0%, above the 99.8% limit" in text for text in texts(chart))


def test_the_table_runs_from_large_to_small_with_places() -> None:
    found = made()
    table = funnel_table(
        [*points(found), FunnelPoint("Gone", 90.0, None)],
        title="t",
        unit="%",
        size_words="people",
        decimals=1,
    )

    assert table.columns == ("Area", "People", "Figure (%)", "Place")
    assert table.rows[0] == ("Area 59", "4,000", "80.0", "within the limits")
    assert table.rows[-1] == ("Gone", "90", "", "no figure")
    own = next(row for row in table.rows if row[0] == "Area 50")
    assert own[2:] == ("90.0", "above the 99.8% limit")
    assert len(table.rows) == 61


@pytest.mark.parametrize("sizes", [[100.0], [100.0, 100.0], [0.5, 2e7]])
def test_any_sizes_can_be_drawn(sizes) -> None:
    found = funnel([n / 2 for n in sizes], sizes, "rate", multiplier=1000)
    drawn = [FunnelPoint(f"A{i}", n, 500.0, 0, "area") for i, n in enumerate(sizes)]

    check_picture(
        funnel_chart(
            drawn, funnel_lines(found), title="t", unit="events per 1,000", size_words="people"
        )
    )


def test_areas_without_a_figure_are_counted() -> None:
    found = made()
    svg = funnel_chart(
        [*points(found), FunnelPoint("Gone", None, None)], funnel_lines(found), **WORDS
    )

    assert "1 area has no figure." in description(svg)


def test_a_comparison_becomes_points() -> None:
    names = codes(12)
    counts = {code: (x, n) for code, x, n in zip(names, COUNTS, SIZES, strict=False)}
    figures = AreaFigures(frame(counts | {"E92000001": (600, 1000)}), indicator())
    found = compare_areas(figures, names[0], indicator(), names[1:3])
    at = figures.peers(names[0])
    limits = funnel(
        figures.numerators[at], figures.denominators[at], "proportion", multiplier=100.0
    )
    drawn = funnel_points(figures, found, limits)

    assert [p.role for p in drawn][:4] == ["area", "comparator", "comparator", "other"]
    assert len(drawn) == 12
    assert drawn[5].outside == -2
    check_picture(funnel_chart(drawn, funnel_lines(limits), **WORDS))
