"""What must hold of every chart, on generated series."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wholesystem.indicators import spc

QUICK = settings(max_examples=80, deadline=None, derandomize=True)
# Quarters: sums, differences and shifts by such numbers are exact, so equal stays equal.
FIGURES = st.lists(
    st.one_of(st.integers(-400, 400).map(lambda n: n / 4), st.sampled_from([0.0, 1.0, None])),
    min_size=2,
    max_size=40,
).filter(lambda values: sum(one is not None for one in values) >= 2)
SWITCHES = st.fixed_dictionaries(
    {
        "run_length": st.integers(4, 8),
        "screen_outliers": st.booleans(),
        "count_beyond": st.booleans(),
        "baseline": st.one_of(st.none(), st.integers(2, 12)),
    }
)
SWAPPED = {"improvement": "concern", "concern": "improvement"}


def days(count: int) -> list[date]:
    return [date(2017, 1, 2) + timedelta(days=7 * i) for i in range(count)]


def words(chart: spc.Chart) -> list[tuple[str, str]]:
    return list(zip(chart.special_causes, chart.variations, strict=True))


def is_clear(chart: spc.Chart) -> bool:
    """Whether no figure lies so near a line that rounding may put it on the other side."""
    values = chart.series.values[:, None]
    gaps = np.abs(values - np.stack(chart.limits, axis=1))
    gaps = gaps[~np.isnan(gaps)]
    return bool(((gaps > 1e-6) | (gaps == 0)).all())


@QUICK
@given(FIGURES, SWITCHES, st.sampled_from([-64.0, 16.0, 1024.0]))
def test_a_shift_changes_no_word(values, switches, shift) -> None:
    chart = spc.xmr(days(len(values)), values, **switches)
    moved = spc.xmr(
        days(len(values)), [None if one is None else one + shift for one in values], **switches
    )

    if is_clear(chart):
        assert words(moved) == words(chart)
    np.testing.assert_allclose(moved.limits.upper, chart.limits.upper + shift, atol=1e-8)
    np.testing.assert_allclose(moved.limits.lower, chart.limits.lower + shift, atol=1e-8)


@QUICK
@given(FIGURES, SWITCHES, st.sampled_from([0.25, 8.0, 1024.0]))
def test_a_scale_changes_no_word(values, switches, scale) -> None:
    chart = spc.xmr(days(len(values)), values, **switches)
    larger = spc.xmr(
        days(len(values)), [None if one is None else one * scale for one in values], **switches
    )

    assert words(larger) == words(chart)
    np.testing.assert_allclose(larger.limits.upper, chart.limits.upper * scale, rtol=1e-12)


@QUICK
@given(FIGURES, SWITCHES)
def test_turned_over_high_is_low_and_swaps_with_better(values, switches) -> None:
    chart = spc.xmr(days(len(values)), values, better="high", **switches)
    turned = spc.xmr(
        days(len(values)),
        [None if one is None else -one for one in values],
        better="low",
        **switches,
    )

    assert words(turned) == words(chart)
    assert (turned.directions == -chart.directions).all()


@QUICK
@given(FIGURES, SWITCHES)
def test_better_swaps_improvement_and_concern_alone(values, switches) -> None:
    high = spc.xmr(days(len(values)), values, better="high", **switches)
    low = spc.xmr(days(len(values)), values, better="low", **switches)
    neither = spc.xmr(days(len(values)), values, better="neither", **switches)

    assert low.special_causes == high.special_causes
    assert low.variations == tuple(SWAPPED.get(word, word) for word in high.variations)
    changed = [word in SWAPPED for word in high.variations]
    assert [word == "neutral change" for word in neither.variations] == changed


@QUICK
@given(st.lists(st.integers(-100, 100), min_size=12, max_size=40), st.integers(4, 8))
def test_reversed_rising_is_falling(values, run_length) -> None:
    count = len(values)
    chart = spc.xmr(days(count), values, run_length=run_length)
    back = spc.xmr(days(count), values[::-1], run_length=run_length)

    np.testing.assert_allclose(back.limits.upper, chart.limits.upper, atol=1e-9)
    assert back.special_causes == chart.special_causes[::-1]
    trends = np.array([word.endswith("falling") for word in chart.special_causes])
    steps = np.sign(np.diff(values))
    # A point that ends one trend and starts another has two directions: it is set aside.
    turning = np.zeros(count, dtype=bool)
    turning[1:-1] = steps[1:] == -steps[:-1]
    alone = trends & ~turning
    assert (back.directions[::-1][alone] == -chart.directions[alone]).all()
    other = ~trends
    assert (back.directions[::-1][other] == chart.directions[other]).all()


@QUICK
@given(
    st.floats(-1e9, 1e9, allow_nan=False),
    st.integers(2, 60),
    SWITCHES,
    st.sampled_from(["high", "low", "neither"]),
)
def test_a_constant_series_has_no_sign(value, count, switches, better) -> None:
    chart = spc.xmr(days(count), [value] * count, better=better, **switches)

    assert set(chart.special_causes) == {""}
    assert chart.summary.variation_icon in ("common_cause", "too_few_points")


@QUICK
@given(FIGURES, SWITCHES, st.data())
def test_rules_do_not_reach_across_a_rebasing(values, switches, data) -> None:
    place = data.draw(st.integers(1, len(values) - 1))
    on = days(len(values))[place]
    chart = spc.xmr(days(len(values)), values, rebase=[(on, "a change")], **switches)
    for part in (slice(0, place), slice(place, None)):
        known = [one for one in values[part] if one is not None]
        if len(known) < 2:
            continue
        # One phase may hold a larger figure than the other, so equality is judged more finely.
        alone = spc.xmr(days(len(values))[part], values[part], **switches)
        np.testing.assert_allclose(chart.limits.upper[part], alone.limits.upper)
        np.testing.assert_allclose(chart.limits.centre[part], alone.limits.centre)
        assert chart.special_causes[part] == alone.special_causes


@QUICK
@given(FIGURES)
def test_screening_never_widens_the_limits(values) -> None:
    plain = spc.xmr(days(len(values)), values)
    screened = spc.xmr(days(len(values)), values, screen_outliers=True)

    before, after = plain.mean_moving_ranges[0], screened.mean_moving_ranges[0]
    assert np.isnan(before) or after <= before + 1e-12


@QUICK
@given(FIGURES, st.permutations(range(40)))
def test_the_order_of_rows_changes_nothing(values, shuffle) -> None:
    order = [place for place in shuffle if place < len(values)]
    dates = days(len(values))
    chart = spc.xmr(dates, values)
    mixed = spc.xmr([dates[one] for one in order], [values[one] for one in order])

    assert mixed.rows() == chart.rows()


@QUICK
@given(FIGURES, st.integers(4, 9), st.integers(4, 9))
def test_a_run_chart_turned_over_is_the_same(values, shift_length, trend_length) -> None:
    lengths = {"shift_length": shift_length, "trend_length": trend_length}
    chart = spc.run_chart(days(len(values)), values, **lengths)
    turned = spc.run_chart(
        days(len(values)), [None if one is None else -one for one in values], **lengths
    )

    assert turned.special_causes == chart.special_causes
    assert (turned.directions == -chart.directions).all()
    assert turned.runs == chart.runs
