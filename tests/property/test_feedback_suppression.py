"""Somebody who takes what is shown of some groups from what is shown of others finds nobody.

The attack is written here from the outside: every shown figure is a sum over cells (role by
organisation) of people; whatever can be worked out by adding and taking away is a linear
combination of such sums. A set of 1 to 4 respondents is found if the combination that picks just
its cells exists.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.feedback import KINDS, ROLES, VALUES, make_instrument, make_sheets
from wholesystem.reviews.feedback import AnswerSheet, pair_results, tally
from wholesystem.reviews.feedback.groups import Group, make_groups

INSTRUMENT = make_instrument()
PLACES = {"Care homes": ("oak", "elm"), "Council": ("council",), "Hospital": ("general", "nurse")}
CELLS = [(role, place) for role, kind in ROLES.items() for place in PLACES[kind]]
COUNTS = st.fixed_dictionaries({cell: st.sampled_from((0, 0, 1, 2, 4, 5, 6, 9)) for cell in CELLS})


def cell_of(sheet: AnswerSheet) -> tuple[str, str]:
    return sheet.role, sheet.organisation


def found_sets(groups: tuple[Group, ...], counts: dict[tuple[str, str], int]) -> list[float]:
    """Sizes, 1 to 4, of sets of respondents that can be told from what is shown."""
    cells = [cell for cell, count in counts.items() if count]
    shown = [{cell_of(sheet) for sheet in one.sheets} for one in groups if one.sheets]
    rows = np.array([[cell in group for cell in cells] for group in shown], dtype=float)
    if not rows.size:
        return []
    basis = np.linalg.svd(rows)[2][: np.linalg.matrix_rank(rows)]
    picks = np.array(list(product((0, 1), repeat=len(cells))), dtype=float)
    sizes = picks @ np.array([counts[cell] for cell in cells])
    small = picks[(sizes > 0) & (sizes < 5)]
    left = small - small @ basis.T @ basis
    told = np.abs(left).max(axis=1, initial=0) < 1e-9
    return [float(size) for size in sizes[(sizes > 0) & (sizes < 5)][told]]


@settings(deadline=None, max_examples=300)
@given(COUNTS)
def test_no_sum_or_difference_of_shown_groups_is_about_a_few(
    counts: dict[tuple[str, str], int],
) -> None:
    groups = make_groups(INSTRUMENT, make_sheets(INSTRUMENT, counts, {}))

    assert found_sets(groups, counts) == []


def test_the_attack_finds_what_is_not_guarded() -> None:
    counts = {("nurse", "general"): 9, ("doctor", "general"): 3}
    sheets = make_sheets(INSTRUMENT, counts, {})
    nurses = tuple(sheet for sheet in sheets if sheet.role == "nurse")

    leaky = (Group("all", "", "", tuple(sheets)), Group("role", "nurse", "Hospital", nurses))

    assert found_sets(leaky, counts) == [3.0]


@settings(deadline=None)
@given(COUNTS)
def test_what_is_hidden_looks_the_same_whatever_the_reason(
    counts: dict[tuple[str, str], int],
) -> None:
    results = tally(INSTRUMENT, make_sheets(INSTRUMENT, counts, {"on_time": "half"}), "on_time")
    hidden = {
        repr(replace(one, axis="", name="", within="")) for one in results if one.answered is None
    }

    assert len(hidden) <= 1
    assert all((one.answered is None) == (one.counts is None) for one in results)


@settings(deadline=None)
@given(COUNTS)
def test_a_shown_group_is_nobody_or_at_least_five_and_no_one_is_left_alone(
    counts: dict[tuple[str, str], int],
) -> None:
    groups = make_groups(INSTRUMENT, make_sheets(INSTRUMENT, counts, {}))
    kinds = [one for one in groups if one.axis == "kind"]
    whole = sum(counts.values())

    assert all(not one.sheets or len(one.sheets) >= 5 for one in groups)
    assert sum(one.sheets is None for one in kinds) != 1
    left = whole - sum(len(one.sheets) for one in kinds if one.sheets)
    assert left == 0 or left >= 5 or groups[0].sheets is None


TRUST = st.dictionaries(st.sampled_from(KINDS), st.sampled_from(VALUES))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CELLS), TRUST), max_size=40))
def test_no_row_or_column_of_the_matrix_gives_away_a_few(
    given_sheets: list[tuple[tuple[str, str], dict[str, str]]],
) -> None:
    sheets = [
        sheet
        for cell, trust in given_sheets
        for sheet in make_sheets(
            INSTRUMENT,
            {cell: 1},
            {"trust": {kind: one for kind, one in trust.items() if kind != ROLES[cell[0]]}},
        )
    ]
    found = pair_results(INSTRUMENT, sheets, "trust")

    for about in KINDS:
        column = {one.of: one.result.answered for one in found if one.about == about}
        everyone = column.pop("")
        shown = [count for count in column.values() if count is not None]
        assert all(count == 0 or count >= 5 for count in shown)
        if everyone is None:
            assert not any(shown)
        else:
            left = everyone - sum(shown)
            assert left == 0 or left >= 5
