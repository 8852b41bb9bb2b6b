"""What holds of intervals, funnels and ranks whatever the figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.helpers.areas import codes, frame, indicator, values_frame
from wholesystem.indicators.compare import compare_areas
from wholesystem.indicators.differences import newcombe, rate_ratio
from wholesystem.indicators.funnel import funnel, funnel_limits, winsorise
from wholesystem.indicators.intervals import Interval, byar, exact_count, wilson

LEVELS = st.sampled_from([0.8, 0.95, 0.998])
WHOLE = st.integers(1, 5_000)


@st.composite
def proportions(draw) -> tuple[int, int]:
    n = draw(WHOLE)
    return draw(st.integers(0, n)), n


@given(proportions(), LEVELS)
def test_a_proportion_lies_in_its_interval_and_the_rest_mirrors_it(share, level) -> None:
    x, n = share
    lower, upper = (float(limit) for limit in wilson(x, n, level))
    other_lower, other_upper = (float(limit) for limit in wilson(n - x, n, level))

    assert 0 <= lower <= x / n <= upper <= 1
    assert lower == pytest.approx(1 - other_upper, abs=1e-12)
    assert upper == pytest.approx(1 - other_lower, abs=1e-12)


@given(proportions())
def test_more_certainty_is_wider_and_more_people_are_narrower(share) -> None:
    x, n = share
    lower, upper = wilson(x, n)
    wide_lower, wide_upper = wilson(x, n, 0.998)
    many_lower, many_upper = wilson(4 * x, 4 * n)

    assert wide_lower <= lower
    assert upper <= wide_upper
    assert many_upper - many_lower < upper - lower


@given(st.integers(0, 10**7), LEVELS)
def test_a_count_lies_in_its_interval_and_byar_is_near_the_exact(count, level) -> None:
    for lower, upper in (byar(count, level), exact_count(count, level)):
        assert 0 <= lower <= count <= upper
        assert upper > lower
    assert float(byar(count, level)[1]) == pytest.approx(
        float(exact_count(count, level)[1]), rel=0.02
    )


@given(proportions(), proportions(), LEVELS)
def test_turning_a_difference_round_turns_its_interval_round(one, other, level) -> None:
    there, back = newcombe(*one, *other, level), newcombe(*other, *one, level)

    assert there.lower == pytest.approx(-back.upper, abs=1e-12)
    assert there.lower - 1e-12 <= one[0] / one[1] - other[0] / other[1] <= there.upper + 1e-12
    assert there.lower >= -1 - 1e-12
    assert there.upper <= 1 + 1e-12


@given(st.integers(1, 10_000), st.integers(1, 10_000), st.floats(0.5, 1e6))
def test_a_ratio_does_not_depend_on_the_unit_of_exposure(count, other, unit) -> None:
    plain = rate_ratio(count, 10.0, other, 20.0)
    scaled = rate_ratio(count, 10.0 * unit, other, 20.0 * unit)

    assert isinstance(plain, Interval)
    assert isinstance(scaled, Interval)
    assert scaled.lower == pytest.approx(plain.lower)
    assert plain.holds(2 * count / other)


@given(proportions(), st.floats(0.02, 0.98), st.sampled_from([0.95, 0.998]))
def test_a_proportion_is_beyond_a_limit_just_where_its_interval_leaves_the_whole_out(
    share, target, level
) -> None:
    x, n = share
    lower, upper = (
        float(limit[0]) for limit in funnel_limits([n], target, "proportion", level=level)
    )
    own_lower, own_upper = (float(limit) for limit in wilson(x, n, level))
    # On the limit itself rounding may fall either way.
    assume(min(abs(own_lower - target), abs(own_upper - target)) > 1e-9)

    assert (lower <= x / n <= upper) == (own_lower <= target <= own_upper)


@given(st.integers(0, 3_000), st.floats(0.5, 3_000), st.sampled_from([0.95, 0.998]))
def test_a_rate_is_beyond_a_limit_just_where_its_exact_interval_leaves_the_whole_out(
    count, expected, level
) -> None:
    lower, upper = (
        float(limit[0]) for limit in funnel_limits([expected], 1.0, "rate", level=level)
    )
    own_lower, own_upper = (float(limit) for limit in exact_count(count, level))
    assume(min(abs(own_lower - expected), abs(own_upper - expected)) > 1e-6 * expected)

    assert (lower <= count / expected <= upper) == (own_lower <= expected <= own_upper)


@given(
    st.lists(proportions(), min_size=1, max_size=40),
    st.sampled_from(["additive", "multiplicative", "none"]),
    st.sampled_from(["proportion", "rate"]),
)
@settings(max_examples=60)
def test_a_funnel_is_the_same_in_any_unit_and_order(areas, adjust, kind) -> None:
    x, n = (np.array(column, dtype=float) for column in zip(*areas, strict=True))
    assume(x.sum() > 0)
    plain = funnel(x, n, kind, adjust=adjust)
    other = funnel(x[::-1], n[::-1], kind, adjust=adjust, multiplier=1000.0)

    assert plain.outside.tolist() == other.outside[::-1].tolist()
    assert other.baseline == pytest.approx(1000 * plain.baseline)
    for level in (0.95, 0.998):
        lower, upper = plain.limits[level]
        assert np.all(lower <= plain.baseline * (1 + 1e-9))
        assert np.all(upper >= plain.baseline * (1 - 1e-9))
        assert np.all(lower >= 0)
    assert np.all(plain.limits[0.998][0] <= plain.limits[0.95][0] + 1e-12)
    assert np.all(plain.limits[0.998][1] >= plain.limits[0.95][1] - 1e-12)


@given(st.lists(WHOLE, min_size=2, max_size=40), st.integers(1, 9))
def test_areas_that_are_alike_are_all_within(sizes, tenths) -> None:
    n = np.array(sizes, dtype=float) * 10
    found = funnel(n * tenths / 10, n, "proportion")

    assert not found.outside.any()
    assert found.dispersion is None or not found.dispersion.significant


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=60))
def test_winsorised_scores_never_pass_the_ends_and_keep_their_order(scores) -> None:
    found = winsorise(scores)

    assert found.min() >= min(scores)
    assert found.max() <= max(scores)
    order = np.argsort(scores, kind="stable")
    assert np.all(np.diff(found[order]) >= 0)


VALUES = st.lists(st.none() | st.integers(0, 20).map(float), min_size=1, max_size=30)


@given(VALUES, st.sampled_from(["low", "high", "none"]))
@settings(max_examples=60)
def test_every_area_has_a_rank_and_ranks_run_from_one_end(values, better) -> None:
    names = codes(len(values))
    rows = values_frame(dict(zip(names, values, strict=True)))
    row = indicator(interval="none", interval_reason="There are no counts", better=better)
    ranks = {code: compare_areas(rows, code, row).rank for code in names}
    known = [value for value in values if value is not None]

    for code, value in zip(names, values, strict=True):
        rank = ranks[code]
        if value is None or len(known) == 1:  # the first of one says nothing
            assert rank is None
            continue
        assert rank is not None
        ahead = sum(v < value if better == "low" else v > value for v in known)
        assert (rank.place, rank.of) == (ahead + 1, len(known))
        assert rank.shared_with == known.count(value) - 1
        assert rank.fifth is None or 1 <= rank.fifth <= 5


@given(st.lists(proportions(), min_size=2, max_size=12), st.sampled_from(["low", "high", "none"]))
@settings(max_examples=60)
def test_turning_a_share_round_turns_the_verdict_round(areas, better) -> None:
    names = codes(len(areas))
    turned = {"low": "high", "high": "low", "none": "none"}[better]
    there = compare_areas(
        frame(dict(zip(names, areas, strict=True))), names[0], indicator(better=better), names[1:]
    )
    back = compare_areas(
        frame({code: (n - x, n) for code, (x, n) in zip(names, areas, strict=True)}),
        names[0],
        indicator(better=turned),
        names[1:],
    )

    assert there.comparators is not None
    assert back.comparators is not None
    opposite = {"higher": "lower", "lower": "higher"}
    verdict = there.comparators.versus.verdict
    assert back.comparators.versus.verdict == opposite.get(verdict, verdict)
