"""Figures of parts made into that of the whole period, and why some are not."""

from __future__ import annotations

import calendar
from datetime import date
from typing import NamedTuple

import pytest

from wholesystem.indicators import read_catalogue
from wholesystem.indicators.whole_periods import (
    parts_of_period,
    ratio_of_parts,
    value_of_parts,
    why_not_whole,
)

QUARTER = (date(2017, 4, 1), date(2017, 6, 30))
HALF = (date(2017, 4, 1), date(2017, 9, 30))


class Part(NamedTuple):
    """A published figure."""

    start: date
    end: date
    value: float | None = 1.0
    numerator: float | None = None
    denominator: float | None = None


def months(first: int, last: int, *cells: float | None) -> Part:
    """From the first day of a month of 2017 to the last of another."""
    days = calendar.monthrange(2017, last)[1]
    return Part(date(2017, first, 1), date(2017, last, days), *cells)


@pytest.mark.parametrize(
    ("figures", "used"),
    [
        ([(4, 4), (5, 5), (6, 6)], [(4, 4), (5, 5), (6, 6)]),
        ([(6, 6), (4, 4), (5, 5)], [(4, 4), (5, 5), (6, 6)]),
        ([(4, 6)], [(4, 6)]),
        ([(4, 4), (5, 6)], [(4, 4), (5, 6)]),
        ([(4, 6), (4, 4), (5, 5), (6, 6)], [(4, 4), (5, 5), (6, 6)]),
        ([(3, 4), (5, 5), (6, 7)], []),
        ([(4, 4), (6, 6)], []),
        ([(4, 5), (5, 6)], []),
        ([], []),
    ],
)
def test_parts_follow_on_each_other(
    figures: list[tuple[int, int]], used: list[tuple[int, int]]
) -> None:
    found = parts_of_period([months(*one) for one in figures], *QUARTER)

    assert found == [months(*one) for one in used]


def test_a_month_whose_neighbour_is_missing_is_passed_over_for_the_quarter() -> None:
    quarters = [months(4, 6), months(7, 9)]

    assert parts_of_period([months(4, 4), *quarters], *HALF) == quarters


def test_a_part_without_a_value_is_a_gap() -> None:
    figures = [months(4, 4), months(5, 5, None), months(6, 6)]

    assert parts_of_period(figures, *QUARTER) == []


@pytest.mark.parametrize(
    ("indicator", "why"),
    [
        ("dtoc_days", ""),
        ("discharges", ""),
        ("dtoc_rate", ""),
        ("dtoc_people", ""),
        ("ae_within_4_hours", ""),
        ("population", "people counted on a day do not add up"),
        ("ga_beds_occupied", "beds counted on a day do not add up"),
        ("nctr_people", "people counted on a day do not add up"),
        ("emergency_admissions_65_plus", "a rate of a whole period"),
        ("nursing_beds_rate", "a rate of a whole period"),
        ("los_90th_percentile_65_plus", "means of parts"),
    ],
)
def test_what_does_not_add_up_says_why(indicator: str, why: str) -> None:
    one = read_catalogue()[indicator]
    parts = [months(4, 4, 1.0, 1.0, 1.0), months(5, 5, 1.0, 1.0, 1.0)]

    assert why_not_whole(one).startswith(why)
    assert (value_of_parts(one, parts) is None) is bool(why)


def test_each_kind_is_made_by_its_own_rule() -> None:
    catalogue = read_catalogue()
    parts = [months(4, 4, 9.0, 300.0, 1000.0), months(5, 5, 8.0, 620.0, 1000.0)]

    assert value_of_parts(catalogue["dtoc_days"], parts) == 17.0
    # 920 of 2,000, in per cent.
    assert value_of_parts(catalogue["ae_within_4_hours"], parts) == 46.0
    # 920 days among 1,000 people over 61 days, per 100,000.
    rate = value_of_parts(catalogue["dtoc_rate"], parts)
    assert rate == pytest.approx(100_000 * 920 / (1000 * 61), rel=1e-15)


def test_people_delayed_each_day_are_days_over_days() -> None:
    # The mean of 10 and 20 people would be 15; May is a day longer.
    parts = [months(4, 4, 10.0, 300.0), months(5, 5, 20.0, 620.0)]

    assert value_of_parts(read_catalogue()["dtoc_people"], parts) == pytest.approx(920 / 61)


@pytest.mark.parametrize("cells", [(1.0, None, 5.0), (1.0, 5.0, None), (1.0, 0.0, 0.0)])
def test_a_ratio_needs_its_parts(cells: tuple[float | None, ...]) -> None:
    assert ratio_of_parts(read_catalogue()["ae_within_4_hours"], [months(4, 4, *cells)]) is None


def test_no_parts_make_nothing() -> None:
    assert value_of_parts(read_catalogue()["dtoc_days"], []) is None
    assert value_of_parts(read_catalogue()["ae_within_4_hours"], []) is None
