"""Nothing that a `Results` holds, filters or writes tells of 1 to 4 respondents.

The attack of `test_feedback_suppression` is on groups. Here it is on what is made of them: all
figures of a question at once, the rates beside them, and comments that stand one by one.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.feedback import make_instrument, make_sheets
from tests.property.test_feedback_suppression import CELLS, COUNTS
from wholesystem.reviews.feedback import AnswerSheet, filter_result, make_results

INSTRUMENT = make_instrument()
Counts = dict[tuple[str, str], int]


def sheets_with_words(counts: Counts) -> list[AnswerSheet]:
    """Each cell writes its own words and answers, so that what is joined can be seen."""
    sheets = []
    for at, (cell, count) in enumerate(counts.items()):
        said = {
            "came": "yes",
            "on_time": ("always", "never", "half")[at % 3],
            "why": f"words of {'-'.join(cell)}",
        }
        sheets += make_sheets(INSTRUMENT, {cell: count}, said)
    return sheets


@settings(deadline=None, max_examples=200)
@given(COUNTS)
def test_comments_that_stand_alike_are_of_nobody_or_at_least_five(counts: Counts) -> None:
    (why,) = make_results(INSTRUMENT, sheets_with_words(counts)).comments
    alike = Counter((one.kind, one.role, one.organisation) for one in why.comments or ())

    # They part the comments, so whatever is added up of them is of at least five too.
    assert all(count >= 5 for count in alike.values())
    assert (why.comments is None) == (0 < sum(counts.values()) < 5)


@settings(deadline=None, max_examples=200)
@given(COUNTS)
def test_comments_stand_with_a_group_only_where_its_figures_are_shown(counts: Counts) -> None:
    results = make_results(INSTRUMENT, sheets_with_words(counts))
    (why,) = results.comments
    shown = {(one.axis, one.name): one.comments for one in why.counts}

    for axis in ("kind", "role", "organisation"):
        found = Counter(getattr(one, axis) for one in why.comments or ())
        for name in filter(None, found):
            assert shown[axis, name] is not None
        if axis != "organisation":
            assert all(
                found[name] == count for (of, name), count in shown.items() if of == axis and count
            )


@settings(deadline=None, max_examples=200)
@given(COUNTS)
def test_all_that_is_told_of_a_question_together_finds_nobody(counts: Counts) -> None:
    """Figures, rates and comments counts share one pool: everybody answered everything here."""
    results = make_results(INSTRUMENT, sheets_with_words(counts))
    cells = [cell for cell in CELLS if counts[cell]]
    kinds = {role.role: role.kind for role in INSTRUMENT.roles}

    def row(axis: str, name: str, within: str) -> list[bool]:
        return [
            {"kind": kinds[role], "role": role, "organisation": place}.get(axis, "") == name
            and within in ("", kinds[role])
            for role, place in cells
        ]

    told = [
        *((o.axis, o.name, o.within) for q in results.questions for o in q.results if o.answered),
        *((o.axis, o.name, o.within) for o in results.rates if o.answered),
        *((o.axis, o.name, o.within) for q in results.comments for o in q.counts if o.comments),
    ]
    if not told:
        return
    rows = np.array([row(*one) for one in dict.fromkeys(told)], dtype=float)
    basis = np.linalg.svd(rows)[2][: np.linalg.matrix_rank(rows)]
    for number in range(1, 2 ** len(cells)):
        pick = np.array([number >> at & 1 for at in range(len(cells))], dtype=float)
        if 0 < pick @ [counts[cell] for cell in cells] < 5:
            assert np.abs(pick - basis.T @ (basis @ pick)).max() > 1e-9


@settings(deadline=None, max_examples=100)
@given(COUNTS, st.sets(st.sampled_from(["Care homes", "Council", "Hospital"]), min_size=1))
def test_a_filter_is_a_sum_of_what_is_shown(counts: Counts, chosen: set[str]) -> None:
    results = make_results(INSTRUMENT, sheets_with_words(counts))
    kinds = {o.name: o for o in results.result_of("on_time").results if o.axis == "kind"}

    found = filter_result(results, "on_time", "kind", [("", name) for name in sorted(chosen)])

    assert set(found.not_shown) == {one for one in chosen if kinds[one].answered is None}
    shown = [count for one in chosen if (count := kinds[one].answered) is not None]
    assert (found.result.answered if found.result else None) == (sum(shown) if shown else None)
