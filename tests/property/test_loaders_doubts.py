"""Rules for figures that cannot be true, on generated series."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholesystem.indicators.loaders.doubts import (
    group_medians,
    jumps,
    repeated_months,
    zeros_not_given,
)

few = settings(max_examples=100, deadline=None, derandomize=True)
COUNTS = st.lists(st.one_of(st.integers(0, 3000), st.just(None)), min_size=1, max_size=40)


def series(counts: list[int | None]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Figures, one organisation, and one day each."""
    values = np.array([np.nan if one is None else float(one) for one in counts])
    days = np.datetime64("2022-04-01") + np.arange(len(values))
    return values, np.zeros(len(values), dtype=np.int64), days


def plainly_found(values: np.ndarray, factor: float, least: float) -> list[bool]:
    """The rule of `jumps` as it is written, figure by figure."""
    places = [i for i, value in enumerate(values) if not np.isnan(value)]
    given_values = [values[i] for i in places]
    found = [False] * len(values)
    for k, i in enumerate(places):
        before, after = given_values[max(0, k - 7) : k], given_values[k + 1 : k + 8]
        against = [float(np.median(side)) for side in (before, after) if side]
        if not before and after:
            against.append(after[0])
        if not after and before:
            against.append(before[-1])
        if not against:
            continue
        value = given_values[k]
        rises = all(value > factor * one and value - one >= least for one in against)
        falls = all(value * factor < one and one - value >= least for one in against)
        found[i] = rises or falls
    return found


@few
@given(COUNTS, st.sampled_from([1.5, 2.0, 3.0]), st.sampled_from([0.0, 50.0]))
def test_jumps_are_those_of_the_rule_as_written(
    counts: list[int | None], factor: float, least: float
) -> None:
    values, groups, days = series(counts)
    found, _ = jumps(values, groups, days, factor=factor, least=least)
    assert found.tolist() == plainly_found(values, factor, least)


@few
@given(COUNTS)
def test_jumps_do_not_depend_on_the_order_of_rows_nor_on_other_organisations(
    counts: list[int | None],
) -> None:
    values, groups, days = series(counts)
    alone, _ = jumps(values, groups, days, factor=1.5, least=50)
    many = np.concatenate([values, values * 3 + 7])
    order = np.random.default_rng(len(counts)).permutation(len(many))
    both, _ = jumps(
        many[order],
        np.repeat([0, 1], len(values))[order],
        np.concatenate([days, days])[order],
        factor=1.5,
        least=50,
    )
    back = np.empty(len(many), dtype=bool)
    back[order] = both
    assert back[: len(values)].tolist() == alone.tolist()


@few
@given(st.integers(1, 3000), st.integers(2, 40))
def test_nothing_is_found_in_a_constant_series(value: int, count: int) -> None:
    values, groups, days = series([value] * count)
    assert not jumps(values, groups, days, factor=1.5, least=0)[0].any()
    assert not zeros_not_given(values, groups).any()


@few
@given(st.integers(1, 400), st.integers(1, 3000), st.integers(2, 12), st.integers(2, 12))
def test_a_lasting_change_is_never_found(low: int, more: int, first: int, second: int) -> None:
    values, groups, days = series([low] * first + [low + more] * second)
    assert not jumps(values, groups, days, factor=1.5, least=0)[0].any()
    assert not jumps(values[::-1], groups, days, factor=1.5, least=0)[0].any()


@few
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 100)), min_size=1, max_size=40))
def test_medians_by_organisation_are_numpy_s(rows: list[tuple[int, int]]) -> None:
    groups = np.array([group for group, _ in rows])
    values = np.array([float(value) for _, value in rows])
    expected = [np.median(values[groups == group]) for group in groups]
    assert group_medians(values, groups).tolist() == expected


@pytest.mark.parametrize(("usual", "taken"), [(10, True), (9, False)])
def test_zeros_are_taken_as_missing_from_a_median_of_ten_on(usual: int, taken: bool) -> None:
    values, groups, _ = series([usual, usual, 0, usual])
    assert zeros_not_given(values, groups).tolist() == [False, False, taken, False]


@few
@given(st.integers(10, 20), st.integers(0, 19))
def test_a_month_is_repeated_only_if_every_figure_is(count: int, changed: int) -> None:
    months = np.repeat(np.array(["2022-07-01", "2022-08-01"], "datetime64[D]"), count)
    groups = np.tile(np.arange(count), 2)
    values = np.tile(np.arange(count) + 100.0, 2)
    found = repeated_months(months, groups, [values])
    assert found == [(months[0], months[-1])]
    values[count + changed % count] += 1
    assert repeated_months(months, groups, [values]) == []
