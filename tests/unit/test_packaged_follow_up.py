"""The packaged follow-up of Oxfordshire: it fits the review, and copies nobody's sentences."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.unit.test_packaged_review import AREA, cells, runs
from wholesystem.examples.follow_up import RETURN_VISIT, read_example_follow_up
from wholesystem.examples.review import read_example_review
from wholesystem.indicators import read_catalogue
from wholesystem.reviews.follow_up import FollowUp
from wholesystem.reviews.plan import plan_gaps

FOLDER = AREA / "follow_up"


@pytest.fixture(scope="module")
def recorded() -> FollowUp:
    return read_example_follow_up()


def test_the_plan_is_that_of_the_press(recorded: FollowUp) -> None:
    """18 months, of which eight had gone at the visit; agreed by five organisations."""
    info = recorded.plan.info

    assert info is not None
    assert info.agreed_on == date(2018, 3, 31)
    assert info.ends_on == date(2019, 9, 30)
    assert (RETURN_VISIT.year - 2018) * 12 + RETURN_VISIT.month - 3 == 8
    assert len(info.agreed_by) == 5
    assert "not among our sources" in info.note


def test_every_area_for_improvement_is_answered(recorded: FollowUp) -> None:
    review = recorded.plan.review
    answered = {name for one in recorded.plan.actions for name in one.areas_for_improvement}

    assert answered == {one.area_for_improvement for one in review.areas_for_improvement}
    assert len(answered) == 15


def test_the_review_gains_the_statements_and_loses_nothing(recorded: FollowUp) -> None:
    before, after = read_example_review().review, recorded.plan.review

    assert after.evidence[: len(before.evidence)] == before.evidence
    assert after.sources[: len(before.sources)] == before.sources
    gained = after.evidence[len(before.evidence) :]
    assert len(gained) == 13
    assert all(one.place.startswith("Press of 9 January 2019, paragraph ") for one in gained)
    assert {one.shows for one in gained} == {"strength", "concern"}
    assert after.faults() == []


def test_every_claim_rests_on_a_statement(recorded: FollowUp) -> None:
    known = {one.evidence for one in recorded.plan.review.evidence[-13:]}

    assert all(one.evidence and set(one.evidence) <= known for one in recorded.progress)
    assert {name for one in recorded.progress for name in one.evidence} >= known - {"V01"}


def test_what_should_move_is_in_the_catalogue(recorded: FollowUp) -> None:
    assert {one.name for one in recorded.plan.expected_movements} <= set(read_catalogue())


def test_it_shows_what_a_plan_lacks(recorded: FollowUp) -> None:
    found = {one.rule.rule for one in plan_gaps(recorded.plan, RETURN_VISIT, done=recorded.done)}

    assert found == {
        "no_measure", "past_due", "milestone_past", "no_size", "no_by_when", "short_baseline",
        "not_published",
    }  # fmt: skip


def test_no_eight_words_in_a_row_are_a_seeds(shared_data: Path) -> None:
    seeds = sorted((shared_data / "seeds").glob("*.txt"))
    theirs = {run for seed in seeds for run in runs(seed.read_text("utf-8"))}
    copied = {
        (path.name, " ".join(run))
        for path in FOLDER.iterdir()
        for cell in cells(path)
        for run in runs(cell)
        if run in theirs
    }

    assert len(seeds) == 5
    assert copied == set()
