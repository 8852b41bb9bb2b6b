"""The chart of all areas, the chart of named comparators, and the table behind both."""

import re

import pytest

from tests.helpers.areas import codes, dtoc_rate, frame, indicator
from tests.helpers.svg import SVG, check_picture, description, parse, texts
from wholesystem.indicators.area_figures import AreaFigures
from wholesystem.indicators.compare import compare_areas
from wholesystem.pictures.area_chart import (
    AreaPoint,
    Reference,
    area_chart,
    area_table,
    comparator_chart,
)
from wholesystem.pictures.compare_points import area_points, references_of
from wholesystem.pictures.palette import DARK_BLUE

LINES = (Reference("England", 13.5), Reference("Comparators together", 14.9, "comparators"))
WORDS = {"title": "Delayed days, July 2017", "unit": "days per 100,000 adults"}


def points(many: int = 150) -> tuple[AreaPoint, ...]:
    """`many` areas from 1 to 40; the fifth from the top is looked at, every tenth a comparator."""
    made = []
    for i in range(many):
        role = "comparator" if i % 10 == 3 else "other"
        role = "area" if i == many - 5 else role
        made.append(AreaPoint(f"Area {i}", 1 + 39 * i / max(1, many - 1), role))
    return (*made, AreaPoint("Gone", None, "comparator", note="suppressed (*)"))


def both(drawn, **options) -> list[str]:
    return [draw(drawn, **WORDS, **options) for draw in (area_chart, comparator_chart)]


@pytest.mark.parametrize("many", [1, 2, 15, 150])
def test_pictures_are_whole_and_tell_what_they_show(many) -> None:
    for svg in both(points(many), references=LINES):
        check_picture(svg)


def test_hostile_and_long_names_stay_inside_and_escaped() -> None:
    drawn = [
        AreaPoint("<script>alert(1)</script>", 1.0, "area"),
        AreaPoint("Bournemouth, Christchurch and Poole & more " * 3, 2.0, "comparator"),
        AreaPoint("", 3.0),
    ]
    for svg in both(drawn):
        assert "<script" not in svg
        parse(svg)
    check_picture(comparator_chart(drawn, **WORDS))


@pytest.mark.parametrize(
    "values", [(), (None, None), (0.0, 0.0), (-3.0, 5.0), (1e9, 2e9), (1e-6, 2e-6), (50.0,)]
)
def test_any_figures_can_be_drawn(values) -> None:
    drawn = [
        AreaPoint(f"A{i}", v, "area" if i == 0 else "comparator") for i, v in enumerate(values)
    ]
    for svg in both(drawn, references=(Reference("England", None),)):
        check_picture(svg)


def test_every_area_has_a_mark_and_the_looked_at_a_square_with_its_name() -> None:
    svg = area_chart(points(), **WORDS, references=LINES)
    marks = [node.get("d") or "" for node in parse(svg).iter(f"{SVG}path")]

    assert sum("a3 3 0 1 0" in d for d in marks) == 134 + 1  # the others and the legend's
    assert sum("l6 6l-6 6" in d for d in marks) == 15 + 1
    assert sum("h14v14h-14z" in d for d in marks) == 1 + 1
    assert "Area 145 39.0" in " ".join(texts(svg))


def test_marks_are_told_apart_without_colour() -> None:
    svg = area_chart(points(), **WORDS, references=LINES)
    shapes = set()
    for node in parse(svg).iter(f"{SVG}path"):
        if node.get("fill") not in (None, "none"):
            shapes.add(re.sub(r"^M[\d.]+ [\d.]+", "", node.get("d") or ""))
    dashes = {
        node.get("stroke-dasharray") for node in parse(svg).iter() if node.get("stroke-dasharray")
    }

    assert len(shapes) == 3
    assert len(dashes) == 2


def test_the_legend_names_lines_with_their_figures() -> None:
    words = " ".join(texts(area_chart(points(), **WORDS, references=LINES)))

    assert "England 13.5" in words
    assert "Comparators together 14.9" in words
    assert "15 comparators" in words


def test_areas_without_a_figure_are_counted_and_named() -> None:
    wide = area_chart(points(), **WORDS)
    named = comparator_chart(points(), **WORDS)

    assert "1 area has no figure and no mark." in texts(wide)
    assert "suppressed (*)" in texts(named)
    assert "1 without a figure." in description(named)


@pytest.mark.parametrize(
    ("better", "words"), [("low", "(low is better)"), ("high", "(high is better)")]
)
def test_the_better_end_is_said(better, words) -> None:
    assert any(words in text for text in texts(area_chart(points(), **WORDS, better=better)))


def test_intervals_are_drawn_where_there_are_any() -> None:
    drawn = [AreaPoint("A", 5.0, "area", 4.0, 6.0), AreaPoint("B", 7.0, "comparator", 6.5, 7.5)]
    plain = [AreaPoint("A", 5.0, "area"), AreaPoint("B", 7.0, "comparator")]

    for with_limits, without in zip(both(drawn), both(plain), strict=True):
        assert len(list(parse(with_limits).iter())) > len(list(parse(without).iter()))


def test_the_table_holds_every_area_from_high_to_low_and_the_gone_last() -> None:
    table = area_table(points(), **WORDS, references=LINES)

    assert table.columns == ("Area", "Shown as", "Figure (days per 100,000 adults)", "Note")
    assert table.rows[0] == ("England", "line across", "13.5", "")
    assert table.rows[2][:3] == ("Area 149", "other area", "40.0")
    assert table.rows[-1] == ("Gone", "comparator", "", "suppressed (*)")
    assert len(table.rows) == 2 + 150 + 1


def test_the_table_has_limits_where_there_are_intervals() -> None:
    table = area_table([AreaPoint("A", 5.0, "area", 4.0, 6.0)], **WORDS)

    assert table.columns[3:5] == ("Lower limit", "Upper limit")
    assert table.rows[0] == ("A", "this area", "5.0", "4.0", "6.0", "")
    assert len(table.numeric) == len(table.columns)


def test_the_description_gives_the_range_and_the_place() -> None:
    told = description(area_chart(points(), **WORDS, references=LINES))

    assert "150 areas from 1.0 (Area 0) to 40.0 (Area 149)" in told
    assert "Area 145 has 39.0; 145 areas are lower." in told
    assert "England: 13.5." in told


def test_two_charts_of_one_page_have_different_ids() -> None:
    one, other = (
        area_chart(points(), **WORDS, references=(Reference("England", value),))
        for value in (13.5, 13.6)
    )

    assert parse(one).get("aria-labelledby") != parse(other).get("aria-labelledby")


def test_a_comparison_becomes_points_and_lines() -> None:
    names = codes(4)
    counts = dict(zip(names, ((80, 100), (60, 100), (50, 100), (None, None)), strict=True))
    rows = frame(counts | {"E92000001": (600, 1000)}, notes={names[3]: "suppressed (c)"})
    figures = AreaFigures(rows, indicator())
    found = compare_areas(figures, names[0], indicator(), [names[1], names[3], "E10000006"])
    drawn = area_points(figures, found)

    assert [p.role for p in drawn] == ["area", "comparator", "other", "comparator", "comparator"]
    assert drawn[0].lower == pytest.approx(71.12, abs=0.01)
    assert (drawn[3].value, drawn[3].note) == (None, "suppressed (c)")
    assert (drawn[4].name, drawn[4].note) == ("Cumbria", "no row in this period")
    assert [(r.name, r.kind) for r in references_of(found)] == [
        ("England", "england"),
        ("Comparators together", "comparators"),
    ]
    assert area_points(figures, found, intervals=False)[0].lower is None


def test_a_count_draws_no_line_of_englands_total() -> None:
    names = codes(2)
    row = indicator(kind="count", interval="none", interval_reason="none", multiplier=None)
    rows = frame({names[0]: (5, 1), names[1]: (7, 1), "E92000001": (90, 1)}, scale=1.0)
    figures = AreaFigures(rows, row)

    found = compare_areas(figures, names[0], row, [names[1]])
    assert [r.name for r in references_of(found)] == ["Mean of comparators"]


def test_bed_days_have_points_without_limits() -> None:
    names = codes(2)
    figures = AreaFigures(frame({names[0]: (58, 900), names[1]: (30, 900)}), dtoc_rate())
    found = compare_areas(figures, names[0], dtoc_rate())

    assert all(p.lower is None for p in area_points(figures, found))
    assert len(references_of(found)) == 0


def test_the_mark_of_the_area_has_enough_contrast() -> None:
    from wholesystem.pictures.palette import PAPER, contrast

    assert contrast(DARK_BLUE, PAPER) >= 4.5
