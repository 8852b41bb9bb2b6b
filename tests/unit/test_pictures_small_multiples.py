"""Small charts by reason and by body, and their table."""

from datetime import date

import pytest

from tests.helpers.svg import SVG, check_picture, description, parse, texts
from wholesystem.pictures.small_multiples import Panel, panels_table, small_multiples

DAYS = [date(2016 + i // 12, i % 12 + 1, 1) for i in range(24)]
WORDS = {
    "title": "Delays by reason",
    "unit": "days per day per 100,000",
    "area_name": "Oxfordshire",
}
REASONS = (
    Panel("A: Awaiting completion of assessment", [5.0 + i % 3 for i in range(24)], [2.0] * 24),
    Panel("H: Disputes", [None] * 24, [0.1] * 24, [0.2] * 24),
    Panel("O: Other", [None] * 12 + [0.5] * 11 + [None], [None] * 12 + [0.3] * 12),
)


@pytest.mark.parametrize("shared", [True, False])
def test_pictures_are_whole(shared) -> None:
    check_picture(small_multiples(DAYS, REASONS, **WORDS, shared_scale=shared))


@pytest.mark.parametrize("many", [0, 1, 2, 12])
def test_any_number_of_charts_can_be_drawn(many) -> None:
    panels = [
        Panel(f"Reason {i} with a name that wraps over lines", [1.0] * 24) for i in range(many)
    ]
    svg = small_multiples(DAYS, panels, **WORDS)

    check_picture(svg)
    assert description(svg).startswith(f"{many} charts from Jan 2016 to Dec 2017")


def test_one_day_can_be_drawn() -> None:
    check_picture(small_multiples(DAYS[:1], [Panel("A", [1.0])], **WORDS))


def test_a_missing_figure_is_a_gap() -> None:
    line = [1.0, 2.0, None, 3.0, float("nan"), 4.0]
    svg = small_multiples(DAYS[:6], [Panel("A", line)], **WORDS)
    longest = max((n.get("d") or "" for n in parse(svg).iter(f"{SVG}path")), key=len)

    assert longest.count("M") == 3
    assert longest.count("L") == 1


def test_one_scale_or_each_its_own_is_said() -> None:
    one = " ".join(texts(small_multiples(DAYS, REASONS, **WORDS)))
    own = " ".join(texts(small_multiples(DAYS, REASONS, **WORDS, shared_scale=False)))

    assert "one scale for all" in one
    assert "each chart on its own scale" in own
    assert one.count(" 10 ") >= 2 or one.count("10") >= 3


def test_shared_heights_mean_the_same() -> None:
    panels = [Panel("Small", [1.0] * 24), Panel("Large", [100.0] * 24)]
    svg = small_multiples(DAYS, panels, **WORDS)

    assert [text for text in texts(svg) if text == "100"] == ["100", "100"]


def test_the_last_figure_is_written_with_its_month() -> None:
    words = texts(small_multiples(DAYS, REASONS, **WORDS))

    assert "Dec 2017: 7.0" in words
    assert "no figures" in words
    assert "Nov 2017: 0.5" in words


def test_the_description_gives_every_chart() -> None:
    told = description(small_multiples(DAYS, REASONS, **WORDS))

    assert "A: Awaiting completion of assessment, Dec 2017: Oxfordshire 7.0, England 2.0." in told
    assert "H: Disputes: Oxfordshire has no figures." in told
    assert "O: Other, Nov 2017: Oxfordshire 0.5, England 0.3." in told


def test_lines_are_told_apart_by_dash() -> None:
    svg = small_multiples(DAYS, REASONS, **WORDS)
    dashes = {n.get("stroke-dasharray") for n in parse(svg).iter(f"{SVG}path")}

    assert len(dashes) == 3  # none, England's and the comparators'


def test_the_table_has_a_row_for_each_chart_and_month() -> None:
    table = panels_table(DAYS, REASONS, **WORDS)

    assert table.columns[:3] == ("Chart", "Period", "Oxfordshire (days per day per 100,000)")
    assert len(table.columns) == 5
    assert len(table.rows) == 72
    assert table.rows[0] == ("A: Awaiting completion of assessment", "2016-01-01", "5.0", "2.0", "")
    assert table.rows[24] == ("H: Disputes", "2016-01-01", "", "0.1", "0.2")
