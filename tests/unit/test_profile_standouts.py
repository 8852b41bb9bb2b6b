"""What changed and what stands out: each rule speaks where it should, and is silent elsewhere."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.helpers import profiles
from wholesystem.indicators import find_area
from wholesystem.indicators.comparison import Rank
from wholesystem.indicators.profile import AreaProfile, IndicatorProfile, Target, make_profile
from wholesystem.indicators.profile.standouts import _CHECKS, PARTS, rules, stand_outs
from wholesystem.indicators.spc import xmr

QUIET = [10.0, 12.0] * 12
HIGH_END = [*QUIET[:16], *([13.0, 14.0] * 4)]
"""Eight points on the high side of the mean, none outside the limits: seven one side."""


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> AreaProfile:
    store = profiles.make_store(tmp_path_factory.mktemp("standouts") / "store")
    return make_profile(profiles.make_data(store), find_area("Oxfordshire"))


@pytest.fixture
def rate(profile: AreaProfile) -> IndicatorProfile:
    """Oxfordshire's delays, with nothing that any rule speaks of."""
    (one,) = [one for one in profile.indicators if one.id == "dtoc_rate"]
    england = one.comparison.england
    assert england is not None
    level = replace(england, ratio=1.0)
    calm = replace(one.comparison, rank=rank(12, 24), england=level)
    return replace(one, chart=chart(QUIET), comparison=calm)


@pytest.fixture
def trust(profile: AreaProfile) -> IndicatorProfile:
    (one,) = [one for one in profile.indicators if one.id == "ae_within_4_hours-RTH"]
    return one


def rank(place: int, of: int, shared_with: int = 0) -> Rank:
    return Rank(place, of, shared_with, 3, f"{place} of {of}", "middle fifth")


def chart(values: Sequence[float], better: str = "low", target: float | None = None) -> Any:
    months = [date(2015 + i // 12, i % 12 + 1, 1) for i in range(len(values))]
    return xmr(months, values, better=better, target=target)


def said(*some: IndicatorProfile) -> list[str]:
    return [one.rule for one in stand_outs(some)]


def threshold(name: str) -> float:
    (found,) = [rule.threshold for rule in rules() if rule.rule == name]
    assert found is not None
    return found


def placed(one: IndicatorProfile, *place: int) -> IndicatorProfile:
    return replace(one, comparison=replace(one.comparison, rank=rank(*place)))


def times_england(one: IndicatorProfile, ratio: float | None) -> IndicatorProfile:
    england = one.comparison.england
    assert england is not None
    return replace(one, comparison=replace(one.comparison, england=replace(england, ratio=ratio)))


def resting_on(one: IndicatorProfile, count: float) -> IndicatorProfile:
    """The same with another numerator of the latest figure."""
    counts = one.row.numerators.copy()
    counts[one.latest] = count
    return replace(one, row=replace(one.row, numerators=counts))


# ------------------------------------------------------------------------ the table of rules


def test_every_rule_of_the_table_has_a_check_and_every_check_a_rule() -> None:
    assert [rule.rule for rule in rules()] == list(_CHECKS)
    assert {rule.part for rule in rules()} == set(PARTS)
    assert all(rule.words and rule.why for rule in rules())


def test_nothing_is_said_of_a_quiet_indicator(rate: IndicatorProfile) -> None:
    assert said(rate) == []
    assert stand_outs([]) == ()


def test_the_weightiest_comes_first_and_each_leads_to_its_indicator(profile: AreaProfile) -> None:
    found = profile.stand_outs
    weights = {rule.rule: rule.weight for rule in rules()}
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
    assert all(one.weight == weights[one.rule] for one in found)
    assert {one.id for one in found} <= {one.id for one in profile.indicators}
    # As tests/helpers/profiles.py makes the figures.
    assert {one.rule for one in found if one.id == "dtoc_rate"} == {
        "concern",
        "worst_tenth",
        "above_england",
    }
    assert {one.rule for one in found if one.id == "ae_within_4_hours-RTH"} == {
        "target_fails",
        "outside_funnel",
    }


def test_two_of_one_weight_stand_in_the_order_of_the_indicators(rate: IndicatorProfile) -> None:
    loud = replace(rate, chart=chart(HIGH_END))
    found = stand_outs([replace(loud, id="second"), replace(loud, id="first")])
    assert [one.id for one in found] == ["second", "first"]


# ------------------------------------------------------------------------ what changed


@pytest.mark.parametrize(
    ("better", "rule"), [("low", "concern"), ("high", "improvement"), ("neither", "neutral")]
)
def test_a_special_cause_is_told_by_the_direction_that_is_better(
    rate: IndicatorProfile, better: str, rule: str
) -> None:
    one = replace(rate, chart=chart(HIGH_END, better))
    (found,) = stand_outs([one])
    assert (found.rule, found.part) == (rule, "changed")
    days, adults = (
        profiles.tenths(profiles.OXFORDSHIRE, 29) * 10,
        profiles.population(profiles.OXFORDSHIRE, "population_18_plus"),
    )
    assert found.sentence == (
        f"{days / 30 / adults * 100_000:.1f} per 100,000 aged 18 and over in September 2017:"
        f" seven one side (upwards; mean {np.mean(HIGH_END):.1f})."
    )


def test_the_other_direction_is_told(rate: IndicatorProfile) -> None:
    falling = [24 - value for value in HIGH_END]
    (found,) = stand_outs([replace(rate, chart=chart(falling))])
    assert found.rule == "improvement"
    assert "seven one side (downwards; mean" in found.sentence


@pytest.mark.parametrize(
    "values",
    [
        QUIET,
        [*HIGH_END, 11.0],  # the run has ended
        [10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 40.0],  # 11 points
    ],
)
def test_no_change_is_told_of_common_cause_or_trial_limits(
    rate: IndicatorProfile, values: list[float]
) -> None:
    assert said(replace(rate, chart=chart(values))) == []


def test_no_chart_is_no_change(rate: IndicatorProfile) -> None:
    assert said(replace(rate, chart=None)) == []


# ------------------------------------------------------------------------ the target


def goal(value: float) -> Target:
    cells = {"indicator": "dtoc_rate", "area_code": "", "from": "", "to": "", "target": str(value)}
    return Target.model_validate({**cells, "name": "the plan", "source": "made up"})


def test_a_target_beyond_the_limits_fails(rate: IndicatorProfile) -> None:
    # Mean 11, moving ranges 2: limits 11 -/+ 2.66 x 2 = 5.68 to 16.32.
    one = replace(rate, chart=chart(QUIET, target=5.0), target=goal(5))
    (found,) = stand_outs([one])
    assert found.rule == "target_fails"
    assert "against the plan of 5.0:" in found.sentence


@pytest.mark.parametrize("value", [6.0, 11.0, 17.0])
def test_a_target_within_reach_is_not_told(rate: IndicatorProfile, value: float) -> None:
    assert said(replace(rate, chart=chart(QUIET, target=value), target=goal(value))) == []


def test_no_target_is_told_of_on_trial_limits_or_without_one(rate: IndicatorProfile) -> None:
    assert said(replace(rate, chart=chart(QUIET[:11], target=5.0), target=goal(5))) == []
    assert said(replace(rate, chart=chart(QUIET, target=5.0), target=None)) == []
    assert said(replace(rate, chart=None, target=goal(5))) == []


# ------------------------------------------------------------------------ place and England


@pytest.mark.parametrize(
    ("place", "of", "rule"),
    [
        (1, 20, "best_tenth"),
        (2, 20, "best_tenth"),
        (3, 20, None),
        (18, 20, None),
        (19, 20, "worst_tenth"),
        (20, 20, "worst_tenth"),
        (15, 150, "best_tenth"),
        (16, 150, None),
        (135, 150, None),
        (136, 150, "worst_tenth"),
        # Third of 25 is not in the best tenth, which is of two and a half areas.
        (3, 25, None),
        (2, 25, "best_tenth"),
        (23, 25, None),
        (24, 25, "worst_tenth"),
        (1, 19, None),  # too few areas for a tenth of them
        (19, 19, None),
    ],
)
def test_the_outer_tenths(rate: IndicatorProfile, place: int, of: int, rule: str | None) -> None:
    assert threshold("worst_tenth") == threshold("best_tenth") == 10  # as the cases have it
    assert said(placed(rate, place, of)) == ([rule] if rule else [])


def test_a_place_shared_by_more_than_a_tenth_is_none(rate: IndicatorProfile) -> None:
    assert said(placed(rate, 1, 150, 10)) == ["best_tenth"]
    assert said(placed(rate, 1, 150, 15)) == []  # sixteen areas are first together
    assert said(placed(rate, 1, 150, 149)) == []
    # Joint 141st of 150 with nine others: the last ten.
    assert said(placed(rate, 141, 150, 9)) == ["worst_tenth"]


def test_no_tenth_is_better_where_neither_direction_is(rate: IndicatorProfile) -> None:
    row = rate.indicator.model_copy(update={"better": "none"})
    assert said(replace(placed(rate, 20, 20), indicator=row)) == []


def test_a_count_has_no_place_and_no_england(rate: IndicatorProfile) -> None:
    row = rate.indicator.model_copy(update={"kind": "count"})
    assert said(replace(placed(rate, 20, 20), indicator=row)) == []
    assert said(replace(times_england(rate, 5.0), indicator=row)) == []


@pytest.mark.parametrize("name", ["above_england", "below_england"])
def test_the_threshold_of_england_is_that_of_the_table(rate: IndicatorProfile, name: str) -> None:
    limit = threshold(name)
    outwards = 0.01 if name == "above_england" else -0.01
    assert said(times_england(rate, limit)) == [name]
    assert said(times_england(rate, limit + outwards)) == [name]
    assert said(times_england(rate, limit - outwards)) == []


def test_the_thresholds_of_england_are_one_and_a_half_and_two_thirds() -> None:
    assert threshold("above_england") == 1.5
    assert threshold("below_england") == pytest.approx(2 / 3, abs=1e-4)


def test_no_england_is_no_gap(rate: IndicatorProfile) -> None:
    assert said(times_england(rate, None)) == []
    assert said(replace(rate, comparison=replace(rate.comparison, england=None))) == []


@pytest.mark.parametrize("name", ["above_england", "below_england", "worst_tenth", "best_tenth"])
def test_a_figure_on_few_cases_is_not_told(rate: IndicatorProfile, name: str) -> None:
    (least,) = [rule.least_numerator for rule in rules() if rule.rule == name]
    assert least == 30
    loud = {
        "above_england": times_england(rate, 2.0),
        "below_england": times_england(rate, 0.5),
        "worst_tenth": placed(rate, 24, 24),
        "best_tenth": placed(rate, 1, 24),
    }[name]
    assert said(resting_on(loud, 30)) == [name]
    assert said(resting_on(loud, 29)) == []
    assert said(resting_on(loud, np.nan)) == [name]  # a score is made of no count


# ------------------------------------------------------------------------ funnel, and no figure


@pytest.mark.parametrize(("step", "speaks"), [(-2, True), (-1, False), (0, False), (2, True)])
def test_only_the_outer_limits_of_the_funnel_count(
    trust: IndicatorProfile, step: int, speaks: bool
) -> None:
    assert trust.funnel is not None
    place = [trust.areas.codes[i] for i in trust.areas.peers("RTH")].index("RTH")
    outside = np.zeros(12, int)
    outside[place] = step
    funnel = SimpleNamespace(outside=outside, baseline=87.7)
    one = replace(trust, chart=None, funnel=funnel)  # type: ignore[arg-type]
    assert said(one) == (["outside_funnel"] if speaks else [])
    if speaks:
        side = "above" if step > 0 else "below"
        assert (
            f"{side} the outer limits of the funnel around 87.7%" in stand_outs([one])[0].sentence
        )


def test_no_funnel_is_silent(trust: IndicatorProfile) -> None:
    assert said(replace(trust, chart=None, funnel=None)) == []


def test_a_missing_figure_is_told(rate: IndicatorProfile) -> None:
    (found,) = stand_outs([replace(rate, missing_since=date(2017, 10, 1))])
    assert (found.rule, found.part) == ("no_figure", "data")
    assert found.sentence == (
        "No figure after September 2017, though most others have one from October 2017."
    )


def test_a_store_of_which_an_area_stopped_early_says_so(tmp_path: Path) -> None:
    data = profiles.make_data(profiles.make_store(tmp_path / "store"))
    surrey = make_profile(data, find_area("Surrey"))
    assert {one.missing_since for one in surrey.indicators if one.id.startswith("dtoc")} == {
        date(2017, 6, 1)
    }
    assert "no_figure" in {one.rule for one in surrey.stand_outs}
    # A gap that was filled again is not a missing end.
    kent = make_profile(data, find_area("Kent"))
    assert {one.missing_since for one in kent.indicators} == {None}
