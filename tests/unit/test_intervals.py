"""Intervals: their limits, and where there is none and why."""

import math

import numpy as np
import pytest

from tests.helpers.areas import WHY_NOT, dtoc_rate, indicator
from wholesystem.errors import ParameterError
from wholesystem.indicators.differences import newcombe, rate_ratio
from wholesystem.indicators.intervals import (
    Interval,
    NoInterval,
    byar,
    exact_count,
    indicator_interval,
    value_scale,
    wilson,
    z_score,
)


def test_z_scores_are_those_of_tables() -> None:
    assert z_score(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert z_score(0.998) == pytest.approx(3.090232, abs=1e-6)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, -0.1])
def test_a_level_outside_its_range_is_refused(level: float) -> None:
    with pytest.raises(ParameterError, match="between 0 and 1"):
        wilson(1, 2, level)


def test_none_and_all_have_their_ends_at_0_and_1() -> None:
    lower, upper = wilson([0, 7], [7, 7])

    assert lower[0] == 0.0
    assert upper[1] == 1.0
    assert lower[1] == pytest.approx(1 - upper[0])


def test_missing_figures_have_missing_limits() -> None:
    lower, upper = wilson([math.nan, 3], [10, 10])

    assert math.isnan(lower[0])
    assert math.isnan(upper[0])
    assert lower[1] < 0.3 < upper[1]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: wilson(11, 10), "The numerator 11 is above its denominator 10"),
        (lambda: wilson(-1, 10), "The count is -1"),
        (lambda: wilson(1, 0), "The denominator is 0"),
        (lambda: byar(-4), "The count is -4"),
        (lambda: exact_count([3, -0.5]), "The count is -0.5"),
        (lambda: newcombe(5, 4, 1, 2), "above its denominator"),
        (lambda: rate_ratio(5, 0, 1, 2), "The denominator is 0"),
        (lambda: rate_ratio(5, 1, -1, 2), "The count is -1"),
    ],
)
def test_figures_out_of_range_are_refused(call, told: str) -> None:
    with pytest.raises(ParameterError, match=told):
        call()


def test_a_denominator_of_0_is_refused_by_the_difference_too() -> None:
    with pytest.raises(ParameterError, match="denominator"):
        newcombe(1, 0, 1, 2)


def test_counts_below_10_are_exact_and_others_are_byars() -> None:
    lower, upper = byar([9.0, 10.0])
    exact_lower, exact_upper = exact_count([9.0, 10.0])

    assert (lower[0], upper[0]) == (exact_lower[0], exact_upper[0])
    assert lower[1] != exact_lower[1]
    assert lower[1] == pytest.approx(exact_lower[1], rel=0.003)
    assert upper[1] == pytest.approx(exact_upper[1], rel=0.003)


def test_a_ratio_with_a_count_of_0_has_no_interval() -> None:
    assert rate_ratio(0, 10, 3, 10) == NoInterval(
        "No interval: a count of 0 has no ratio to compare."
    )
    assert isinstance(rate_ratio(3, 10, 0, 10), NoInterval)


def test_a_share_in_per_cent_has_a_wilson_interval_in_per_cent() -> None:
    found = indicator_interval(indicator(), 81, 263)

    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I: 0.2553 to 0.3662.
    assert isinstance(found, Interval)
    assert (found.method, found.level) == ("Wilson", 0.95)
    assert found.lower == pytest.approx(25.53, abs=0.005)
    assert found.upper == pytest.approx(36.62, abs=0.005)
    assert found.holds(30.8)
    assert not found.holds(36.7)


def test_a_rate_a_day_is_divided_by_its_days() -> None:
    rate = dtoc_rate(interval="byar")
    month = indicator_interval(rate, 65, 10_000, days=30)
    total = indicator_interval(dtoc_rate(interval="byar", per_day="no"), 65, 10_000)

    assert isinstance(month, Interval)
    assert isinstance(total, Interval)
    assert month.method == "Byar"
    assert month.lower * 30 == pytest.approx(total.lower)
    assert total.lower == pytest.approx(float(byar(65)[0]) * 10)


def test_a_rate_a_day_without_its_days_is_refused() -> None:
    with pytest.raises(ParameterError, match="days of its period are not known"):
        value_scale(dtoc_rate(), None)


def test_a_few_events_are_named_exact() -> None:
    found = indicator_interval(indicator(kind="rate", interval="byar", multiplier=1000.0), 4, 900)

    assert isinstance(found, Interval)
    assert found.method == "exact"
    # Garwood (1936): 4 events have limits 1.090 and 10.242.
    assert found.lower == pytest.approx(1.090 / 0.9, abs=0.002)
    assert found.upper == pytest.approx(10.242 / 0.9, abs=0.002)


def test_a_count_needs_no_denominator() -> None:
    found = indicator_interval(indicator(kind="count", interval="byar", multiplier=None), 65, None)

    assert isinstance(found, Interval)
    assert found.lower == pytest.approx(float(byar(65)[0]))


def test_what_an_interval_would_mislead_about_has_none_and_says_why() -> None:
    found = indicator_interval(dtoc_rate(), 5810, 540_000, days=31)

    assert found == NoInterval(
        "No interval: a bed day is not a Poisson count: one person gives many."
    )
    assert WHY_NOT[1:] in found.reason


@pytest.mark.parametrize("counts", [(None, 10), (3, None), (math.nan, 10), (3, math.nan)])
def test_without_counts_there_is_no_interval(counts) -> None:
    found = indicator_interval(indicator(), *counts)

    assert found == NoInterval("No interval: the counts behind the value are not published.")


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ParameterError, match="must be wilson, byar or none"):
        indicator_interval(indicator(interval="wald"), 1, 2)


def test_limits_of_arrays_are_those_of_each() -> None:
    lower, upper = wilson(np.array([3, 15]), np.array([10, 148]))

    assert float(lower[1]) == float(wilson(15, 148)[0])
    assert float(upper[0]) == float(wilson(3, 10)[1])
