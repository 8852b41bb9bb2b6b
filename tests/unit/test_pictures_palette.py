"""Steps of waiting can be told apart without colour, and all text can be read."""

import itertools
import math

import pytest

from wholesystem.pictures.palette import (
    BAND_EDGE,
    BLUE,
    DARK_BLUE,
    DELAYED,
    INK,
    LANE_TINT,
    PAPER,
    QUIET_INK,
    WAIT_STEPS,
    contrast,
    luminance,
    wait_step,
)
from wholesystem.pictures.svg import text_width, wrap_text
from wholesystem.pictures.wording import (
    as_mid_sentence,
    clean_text,
    format_days,
    format_people,
    format_per_day,
)


def test_each_step_is_clearly_darker_than_the_one_before() -> None:
    for lighter, darker in itertools.pairwise(WAIT_STEPS):
        assert luminance(lighter.colour) > luminance(darker.colour)
        assert contrast(lighter.colour, darker.colour) >= 1.35
    for first, third in zip(WAIT_STEPS, WAIT_STEPS[2:], strict=False):
        assert contrast(first.colour, third.colour) >= 2.0


def test_long_waits_differ_by_hatching_too() -> None:
    hatches = [step.hatch for step in WAIT_STEPS]

    assert hatches[:2] == ["", ""]
    assert len(set(hatches[2:])) == 3
    assert all(hatches[2:])


@pytest.mark.parametrize("colour", [INK, QUIET_INK, DARK_BLUE, DELAYED])
@pytest.mark.parametrize("ground", [PAPER, LANE_TINT])
def test_text_is_readable(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 4.5


@pytest.mark.parametrize("colour", [BAND_EDGE, BLUE, DELAYED])
def test_bands_and_bars_stand_out_from_paper(colour: str) -> None:
    assert contrast(colour, PAPER) >= 3.0
    assert contrast(colour, LANE_TINT) >= 3.0


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize(
    ("days", "label"),
    [
        (0.0, "under 6 hours"),
        (0.25, "6 to 24 hours"),
        (1.0, "1 to 3 days"),
        (6.99, "3 to 7 days"),
        (7.0, "7 days or more"),
        (1e9, "7 days or more"),
        (math.nan, "wait not known"),
        (None, "wait not known"),
    ],
)
def test_wait_falls_in_its_step(days: float | None, label: str) -> None:
    assert wait_step(days).label == label


@pytest.mark.parametrize(
    ("form", "value", "text"),
    [
        (format_people, 1234.4, "1,234"),
        (format_people, 9.96, "10"),
        (format_people, 9.94, "9.9"),
        (format_people, 4.0, "4"),
        (format_people, math.nan, "not known"),
        (format_people, None, "not known"),
        (format_per_day, 0.25, "0.25"),
        (format_per_day, 0.996, "1"),
        (format_per_day, 0.001, "under 0.01"),
        (format_per_day, 0.0, "0"),
        (format_per_day, 0.2, "0.2"),
        (format_days, 0.01, "under 0.1"),
        (format_days, 12.4, "12"),
        (format_days, math.inf, "not known"),
    ],
)
def test_numbers_are_written_for_people(form, value: float | None, text: str) -> None:
    assert form(value) == text


@pytest.mark.parametrize(
    ("label", "inside"),
    [("Home care", "home care"), ("HART reablement", "HART reablement"), ("A&E", "A&E"), ("", "")],
)
def test_label_inside_a_sentence(label: str, inside: str) -> None:
    assert as_mid_sentence(label) == inside


def test_clean_text_is_one_line_that_xml_allows() -> None:
    assert clean_text(" a\n\tb\x00\ud800\u202ec ") == "a b\ufffd\ufffdc"


def test_width_of_text_is_that_of_arial() -> None:
    # Advance widths of Arial: A 667, c 500, u 556, t 278, e 556 thousandths.
    assert text_width("Acute", 10) == pytest.approx(25.57)
    assert text_width("Acute", 10, bold=True) > text_width("Acute", 10)


def test_wrapped_lines_fit_and_lose_nothing() -> None:
    text = "Emergency multidisciplinary unit and rapid access care"

    lines = wrap_text(text, 14, 110, max_lines=9)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line, 14) <= 110 for line in lines)


def test_text_with_too_many_lines_ends_in_an_ellipsis() -> None:
    lines = wrap_text("word " * 50, 14, 100, max_lines=2)

    assert len(lines) == 2
    assert lines[-1].endswith("\u2026")
    assert text_width(lines[-1], 14) <= 100
