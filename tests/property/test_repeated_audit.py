"""Two rounds of an audit on any answers: hidden groups stay hidden, turned round all is turned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.feedback import KINDS, ROLES, make_instrument, make_sheets
from wholesystem.reviews.feedback import AnswerSheet, make_groups, tally
from wholesystem.reviews.follow_up import AuditRound, RepeatedAudit, compare_rounds

INSTRUMENT = make_instrument(organisation="no")
CLOSED = date(2018, 11, 30)
# By role, how many say each of these; small numbers, since those are hidden.
COUNTS = st.fixed_dictionaries(
    {role: st.tuples(*(st.integers(0, 7) for _ in range(3))) for role in ROLES}
)


def sheets(counts: Mapping[str, tuple[int, ...]]) -> tuple[AnswerSheet, ...]:
    return tuple(
        sheet
        for role, by_value in counts.items()
        for many, value in zip(by_value, ("often", "never", "unsure"), strict=True)
        for sheet in make_sheets(INSTRUMENT, {(role, ""): many}, {"on_time": value})
    )


def compared(first: tuple[AnswerSheet, ...], second: tuple[AnswerSheet, ...]) -> RepeatedAudit:
    return compare_rounds(
        AuditRound("first", INSTRUMENT, first, CLOSED),
        AuditRound("second", INSTRUMENT, second, CLOSED),
    )


def shown(given: tuple[AnswerSheet, ...]) -> set[tuple[str, str]]:
    results = tally(INSTRUMENT, given, "on_time")
    return {(one.axis, one.name) for one in results if one.counts is not None}


@settings(max_examples=60, deadline=None)
@given(first=COUNTS, second=COUNTS)
def test_a_group_is_shown_where_both_rounds_show_it_and_nowhere_else(
    first: Mapping[str, tuple[int, ...]], second: Mapping[str, tuple[int, ...]]
) -> None:
    then, now = sheets(first), sheets(second)
    both = shown(then) & shown(now)

    for row in compared(then, now).rows:
        if row.question != "on_time":
            continue
        told = (row.first, row.second, row.interval)
        assert all(one is None for one in told) or all(one is not None for one in told)
        if (row.axis, row.name) not in both:
            assert told == (None, None, None)
            assert (row.change, row.words) == ("", "")


@settings(max_examples=60, deadline=None)
@given(first=COUNTS, second=COUNTS)
def test_the_mix_tells_of_no_kind_that_a_round_hides(
    first: Mapping[str, tuple[int, ...]], second: Mapping[str, tuple[int, ...]]
) -> None:
    rounds = sheets(first), sheets(second)
    hidden = {
        group.name
        for given in rounds
        for group in make_groups(INSTRUMENT, given)
        if group.axis == "kind" and group.sheets is None
    }
    mix = compared(*rounds).mix

    assert {kind for kind, _, _ in mix} == set(KINDS)
    assert {kind for kind, then, now in mix if then is None or now is None} == hidden


@settings(max_examples=60, deadline=None)
@given(first=COUNTS, second=COUNTS)
def test_turned_round_higher_is_lower(
    first: Mapping[str, tuple[int, ...]], second: Mapping[str, tuple[int, ...]]
) -> None:
    one, other = compared(sheets(first), sheets(second)), compared(sheets(second), sheets(first))
    opposite = {"higher": "lower", "lower": "higher"}

    for row, turned in zip(one.rows, other.rows, strict=True):
        assert (row.question, row.axis, row.name) == (turned.question, turned.axis, turned.name)
        assert turned.change == opposite.get(row.change, row.change)
        if row.interval is not None and turned.interval is not None:
            assert turned.interval.lower == pytest.approx(-row.interval.upper)
            assert turned.interval.upper == pytest.approx(-row.interval.lower)
