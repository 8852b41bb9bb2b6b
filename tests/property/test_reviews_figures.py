"""What holds of cited figures whatever is cited and whatever is published."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from wholesystem.indicators import read_catalogue
from wholesystem.indicators.whole_periods import parts_of_period, value_of_parts
from wholesystem.reviews import FigureSources, records
from wholesystem.reviews.figure_units import cited_decimals, convert_units, is_same
from wholesystem.tables.cells import number_text

QUICK = settings(max_examples=150, deadline=None, derandomize=True)
FIRST = date(2017, 1, 1)
VALUES = st.floats(-1e6, 1e6, allow_nan=False)
# With the six digits before the point fewer than the twelve beyond which a float is noise.
DECIMALS = st.integers(0, 4)
UNITS = st.sampled_from(
    ["%", "share", "per cent", "days", "hours", "per 1,000 people", "per 100,000 people", "beds"]
)
# Spans that overlap, touch and leave gaps, in days from the first.
SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), max_size=14, unique=True)


class Part(NamedTuple):
    start: date
    end: date
    value: float | None
    numerator: float | None
    denominator: float | None


def part(begin: int, days: int, value: int = 1) -> Part:
    end = FIRST + timedelta(days=begin + days - 1)
    return Part(FIRST + timedelta(days=begin), end, float(value), float(value), 100.0 * days)


def can_reach(spans: list[tuple[int, int]], at: int, end: int) -> bool:
    """Whether spans lead from a day to another, tried one by one."""
    return at == end or any(
        can_reach(spans, at + days, end)
        for begin, days in spans
        if begin == at and at + days <= end
    )


@QUICK
@given(SPANS, st.integers(1, 14))
def test_parts_are_found_where_there_are_any_and_leave_no_gap(
    spans: list[tuple[int, int]], days: int
) -> None:
    end = FIRST + timedelta(days=days - 1)
    found = parts_of_period([part(*one) for one in spans], FIRST, end)

    assert bool(found) is can_reach(spans, 0, days)
    assert sum((one.end - one.start).days + 1 for one in found) == (days if found else 0)
    for one, after in zip(found, found[1:], strict=False):
        assert after.start == one.end + timedelta(days=1)


@QUICK
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 500)), min_size=1, max_size=8))
def test_a_whole_does_not_depend_on_how_it_was_parted(parted: list[tuple[int, int]]) -> None:
    parts, at = [], 0
    for days, value in parted:
        parts.append(part(at, days, value))
        at += days
    whole = [part(0, at, sum(value for _, value in parted))]

    for name in ("dtoc_days", "ae_within_4_hours"):
        one = read_catalogue()[name]
        assert math.isclose(value_of_parts(one, parts) or 0.0, value_of_parts(one, whole) or 0.0)


@QUICK
@given(VALUES, DECIMALS)
def test_a_live_value_is_the_same_as_its_own_rounding(value: float, decimals: int) -> None:
    cited = round(value, decimals)

    assert is_same(cited, value, decimals)
    assert not is_same(cited, cited + 0.6 * 10.0**-decimals, decimals)
    assert cited_decimals(cited) <= decimals


@QUICK
@given(VALUES, VALUES, DECIMALS)
def test_the_same_to_more_decimals_is_the_same_to_fewer(
    cited: float, live: float, decimals: int
) -> None:
    if is_same(cited, live, decimals + 1):
        assert is_same(cited, live, decimals)


@QUICK
@given(VALUES, UNITS, UNITS)
def test_units_convert_there_and_back(value: float, unit: str, other: str) -> None:
    there = convert_units(value, unit, other)

    assert (there is None) is (convert_units(value, other, unit) is None)
    if there is not None:
        back = convert_units(there, other, unit)
        assert back is not None
        assert math.isclose(back, value, rel_tol=1e-12)


@QUICK
@given(VALUES, VALUES, UNITS, st.text(max_size=20))
def test_every_look_up_has_a_status_and_a_sentence(
    cited: float, stands: float, unit: str, text: str
) -> None:
    figure = records.Figure(
        evidence="E1", kind="measure", name="waits", measures="year", column="share",
        value=cited, unit=unit,
    )  # fmt: skip
    sources = FigureSources(measures={"year": {"waits.csv": f"share\n{number_text(stands)}\n"}})
    live = sources.look_up(figure, text)

    assert live.status in ("same", "changed", "unavailable")
    assert (live.status == "unavailable") is (live.in_cited_unit is None)
    assert live.words.endswith(".")
    assert live.figure == figure
    if live.status == "changed":
        assert live.live_words != live.cited_words
