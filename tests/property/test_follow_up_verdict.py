"""The verdict on any figures: turned upside down, moved and stretched it is the same."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from wholesystem.reviews.follow_up import Judgement, Observed, Period, judge_movement

AGREED = date(2018, 4, 1)
# Whole numbers: a shift or a turn of them loses nothing to rounding, so ties stay ties.
FIGURES = st.none() | st.integers(0, 40)


def month(at: int) -> tuple[date, date]:
    """The month so many after April 2018."""
    number = AGREED.year * 12 + AGREED.month - 1 + at
    year, of_year = divmod(number, 12)
    return date(year, of_year + 1, 1), date(year, of_year + 1, monthrange(year, of_year + 1)[1])


def observed(values: Sequence[float | None], before: int, label: str = "own") -> Observed:
    periods = [Period(*month(at - before), value) for at, value in enumerate(values)]
    return Observed(label, tuple(periods))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Observed, Observed]:
    """Own figures about April 2018, with levels that often differ, and those of others."""
    before, since = draw(st.integers(0, 30)), draw(st.integers(0, 16))
    level, spread = draw(st.sampled_from([0, 0, -6, 6])), draw(st.sampled_from([3, 40]))

    def line() -> list[float | None]:
        noise = st.none() | st.integers(0, spread)
        drawn = [draw(noise) for _ in range(before + since)]
        return [
            None if one is None else float(one + (level if at >= before else 0))
            for at, one in enumerate(drawn)
        ]

    return observed(line(), before), observed(line(), before, "others")


def turned(one: Observed, times: float, plus: float) -> Observed:
    periods = tuple(
        replace(p, value=None if p.value is None else p.value * times + plus) for p in one.periods
    )
    return replace(one, periods=periods)


def judged(
    own: Observed, *others: Observed, direction: Literal["up", "down"] = "down", ratio: bool = False
) -> Judgement:
    return judge_movement(own, direction, AGREED, others=others, by_ratio=ratio)


def said(one: Judgement) -> tuple[object, ...]:
    sign = one.moved.sign
    return (
        one.verdict,
        one.why,
        [(check.rule, check.passed) for check in sign.checks],
        [(b.moved_too, b.gap.sign.why) for b in one.beside],
    )


@settings(max_examples=300, deadline=None)
@given(case=cases())
def test_upside_down_up_is_down(case: tuple[Observed, Observed]) -> None:
    own, others = case
    one = judged(own, others)
    other = judged(turned(own, -1, 0), turned(others, -1, 0), direction="up")

    assert said(one) == said(other)
    assert one.moved.sign.direction == -other.moved.sign.direction


@settings(max_examples=200, deadline=None)
@given(case=cases())
def test_what_is_as_intended_one_way_is_the_wrong_way_the_other(
    case: tuple[Observed, Observed],
) -> None:
    down, up = judged(*case), judged(*case, direction="up")
    swapped = {
        "moved_as_intended": "moved_the_wrong_way",
        "moved_with_others": "moved_the_wrong_way",
    }

    if down.moved.sign.direction == -1:
        assert up.verdict == swapped[down.verdict]
    elif down.moved.sign.direction == 1:
        assert down.verdict == swapped[up.verdict]
    else:
        assert (down.verdict, down.why) == (up.verdict, up.why)


@settings(max_examples=200, deadline=None)
@given(case=cases(), plus=st.integers(-100, 100))
def test_a_number_added_to_all_changes_nothing(case: tuple[Observed, Observed], plus: int) -> None:
    own, others = case

    assert said(judged(own, others)) == said(judged(turned(own, 1, plus), turned(others, 1, plus)))


@settings(max_examples=200, deadline=None)
@given(case=cases(), times=st.sampled_from([0.5, 2.0, 64.0]))
def test_another_unit_changes_nothing(case: tuple[Observed, Observed], times: float) -> None:
    """By powers of two, which lose nothing; the ratio to others is not even of that unit."""
    own, others = (turned(one, 1, 10) for one in case)

    for ratio in (False, True):
        one = judged(own, others, ratio=ratio)
        assert said(one) == said(
            judged(turned(own, times, 0), turned(others, times, 0), ratio=ratio)
        )


@settings(max_examples=100, deadline=None)
@given(case=cases())
def test_only_the_first_of_the_others_decides(case: tuple[Observed, Observed]) -> None:
    own, others = case

    assert judged(own, others, own).verdict == judged(own, others).verdict


@settings(max_examples=100, deadline=None)
@given(case=cases(), old=st.lists(st.integers(0, 500), max_size=12))
def test_what_lies_before_the_reference_changes_nothing(
    case: tuple[Observed, Observed], old: list[int]
) -> None:
    """Where 24 months before are there, of which twelve are known."""
    own, _ = case
    before = [one for one in own.periods if one.start < AGREED][-24:]
    known = sum(one.value is not None for one in before)
    if len(before) == 24 and known >= 12:
        recent = replace(own, periods=tuple(p for p in own.periods if p.start >= before[0].start))
        more = [Period(*month(-25 - at), float(value)) for at, value in enumerate(old)]
        longer = replace(recent, periods=(*reversed(more), *recent.periods))

        assert said(judged(recent)) == said(judged(longer))


@settings(max_examples=100, deadline=None)
@given(case=cases())
def test_the_area_against_itself_moved_with_others(case: tuple[Observed, Observed]) -> None:
    own, _ = case

    assert judged(own, own).verdict != "moved_as_intended"


@settings(max_examples=200, deadline=None)
@given(case=cases())
def test_a_verdict_rests_on_enough_figures_and_names_them(
    case: tuple[Observed, Observed],
) -> None:
    found = judged(*case)
    sign = found.moved.sign
    known = [one for one in found.window.periods if one.value is not None]
    before = sum(one.start < AGREED for one in known)

    if found.verdict != "too_few_points":
        assert before >= 12
        assert len(known) - before >= 7
        assert sign.reference is not None
        values = [one.value for one in found.moved.of_level(sign.reference)]
        assert None not in values
        assert len(values) == before
    if found.verdict not in ("no_sign_yet", "too_few_points"):
        assert sign.reference is not None
        assert (sign.directions == sign.direction).sum() >= 2
        assert sign.direction * (found.moved.since - sign.reference.mean) > 0
