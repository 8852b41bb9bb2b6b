"""Rows of a plan and of its follow-up: what is refused, and the folder that brings them back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.bundles import faults_of
from tests.helpers.plans import (
    make_action,
    make_info,
    make_milestone,
    make_movement,
    make_plan,
    make_plan_review,
)
from tests.helpers.reviews import BY
from wholesystem.errors import TableError
from wholesystem.reviews.follow_up import (
    FollowUp,
    read_follow_up,
    statuses,
    verdict_words,
    write_follow_up,
)
from wholesystem.reviews.follow_up.records import Progress, Rebase
from wholesystem.reviews.plan import ActionPlan, read_plan, write_plan


def make_progress(**changes: Any) -> Progress:
    made = {
        "progress": "P1", "action": "A1", "on": date(2018, 9, 1), "status": "on_track",
        "claim": "The hub is open.", **BY,
    }  # fmt: skip
    return Progress(**made | changes)


def make_rebase(**changes: Any) -> Rebase:
    made = {
        "rebase": "R1", "expected_movement": "X1", "on": date(2018, 4, 1), "because": "agreed",
        "reason": "The plan was agreed.", **BY,
    }  # fmt: skip
    return Rebase(**made | changes)


# --------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (
            lambda: make_plan(actions=[make_action(areas_for_improvement="must_2")]),
            "actions.csv row 2, column areas_for_improvement",
        ),
        (lambda: make_plan(actions=[make_action(owner="trst")]), "actions.csv row 2, column owner"),
        (
            lambda: make_plan(actions=[make_action(owner_member="eve")]),
            "actions.csv row 2, column owner_member",
        ),
        (
            lambda: make_plan(milestones=[make_milestone(action="A9")]),
            "milestones.csv row 2, column action",
        ),
        (
            lambda: make_plan(movements=[make_movement(), make_movement()]),
            "expected_movements.csv row 3, column expected_movement",
        ),
        (
            lambda: make_plan(movements=[make_movement(how="")]),
            "expected_movements.csv row 2, column how",
        ),
        (
            lambda: make_plan(movements=[make_movement(by_how_much=None)]),
            "expected_movements.csv row 2, column how",
        ),
        (
            lambda: make_plan(movements=[make_movement(baseline_end=None)]),
            "expected_movements.csv row 2, column baseline_end",
        ),
        (
            lambda: make_plan(movements=[make_movement(baseline_end=date(2016, 1, 1))]),
            "expected_movements.csv row 2, column baseline_end",
        ),
        (
            lambda: make_plan(movements=[make_movement(kind="measure", measures="m")]),
            "expected_movements.csv row 2, column column",
        ),
        (lambda: make_plan(agreed_by=("counsel",)), "action_plan.csv row 2, column agreed_by"),
        (
            lambda: make_plan(ends_on=date(2018, 4, 1)),
            "action_plan.csv row 2, column ends_on",
        ),
        (
            lambda: FollowUp(make_plan(), (make_progress(action="A2"),)),
            "progress.csv row 2, column action",
        ),
        (
            lambda: FollowUp(make_plan(), (make_progress(evidence=("E1",)),)),
            "progress.csv row 2, column evidence",
        ),
        (
            lambda: FollowUp(make_plan(), (), (make_rebase(expected_movement="X2"),)),
            "rebases.csv row 2, column expected_movement",
        ),
        (
            lambda: FollowUp(make_plan(), (make_progress(), make_progress())),
            "progress.csv row 3, column progress",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused(make: Callable[[], object], where: str) -> None:
    with pytest.raises(TableError) as error:
        make()

    assert [fault.where for fault in error.value.faults] == [where]


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(TableError) as error:
        make_plan(
            actions=[make_action(owner="trst", areas_for_improvement="must_2")],
            movements=[make_movement(action="A2", how="")],
        )

    assert len(error.value.faults) == 4
    assert "Did you mean trust?" in str(error.value)


def test_two_plans_are_refused(tmp_path: Path) -> None:
    write_plan(make_plan(), tmp_path)
    path = tmp_path / "action_plan.csv"
    path.write_text(path.read_text() + make_line(make_info(action_plan="other")))

    (fault,) = faults_of(lambda: read_plan(tmp_path, make_plan_review()))
    assert fault.startswith("action_plan.csv row 3, column action_plan is 'other'.")
    assert "A review has one action plan." in fault


def make_line(row: Any) -> str:
    return ",".join(row.cells().values()) + "\n"


# --------------------------------------------------------------------------- a folder


def full_plan() -> ActionPlan:
    return make_plan(
        actions=[
            make_action(text='Open "one" hub,\nand close the rest.', resources="=1+1"),
            make_action(action="A2", owner="", owner_member="ada", withdrawn="No money."),
        ],
        milestones=[make_milestone(), make_milestone(milestone="M2", done_on=date(2018, 5, 1))],
        movements=[make_movement(), make_movement(expected_movement="X2", baseline_value=-1.5)],
    )


def test_a_folder_brings_a_plan_back(tmp_path: Path) -> None:
    plan = full_plan()
    write_plan(plan, tmp_path / "new" / "plan")

    assert read_plan(tmp_path / "new" / "plan", plan.review) == plan


def test_a_folder_brings_a_follow_up_back(tmp_path: Path) -> None:
    recorded = FollowUp(full_plan(), (make_progress(),), (make_rebase(),))
    write_follow_up(recorded, tmp_path)

    assert read_follow_up(tmp_path, recorded.plan) == recorded


def test_tables_that_are_missing_have_no_rows(tmp_path: Path) -> None:
    assert read_plan(tmp_path, make_plan_review()) == ActionPlan(make_plan_review())
    assert read_follow_up(tmp_path, make_plan()).progress == ()


def test_no_such_folder(tmp_path: Path) -> None:
    (fault,) = faults_of(lambda: read_plan(tmp_path / "none", make_plan_review()))
    assert "There is no such folder." in fault


def test_faults_of_cells_come_before_those_of_links(tmp_path: Path) -> None:
    """A row that cannot be read would be told as missing by every row that names it."""
    write_plan(make_plan(milestones=[make_milestone()]), tmp_path)
    path = tmp_path / "actions.csv"
    path.write_text(path.read_text().replace("2018-12-31", "31/12/2018"))

    (fault,) = faults_of(lambda: read_plan(tmp_path, make_plan_review()))
    assert fault.startswith("actions.csv row 2, column due is ")


# --------------------------------------------------------------------------- words


def test_targets() -> None:
    assert make_movement().target(40.0) == 30.0
    assert make_movement(direction="up").target(40.0) == 50.0
    assert make_movement(how="absolute").target(40.0) == 15.0
    assert make_movement(baseline_value=20.0).target(40.0) == 15.0
    assert make_movement().target(None) is None
    assert make_movement(by_how_much=None, how="").target(40.0) is None
    # A quarter less of a deficit of 40 is a deficit of 50: down is down.
    assert make_movement().target(-40.0) == -50.0


def test_the_words_are_those_of_the_tables() -> None:
    assert list(statuses()) == ["not_started", "on_track", "slipping", "stopped", "done"]
    assert [one.label for one in verdict_words().values()] == [
        "Moved as intended", "Moved, but so did others", "No sign yet", "Too few points",
        "Moved the wrong way",
    ]  # fmt: skip


def test_an_action_is_done_by_its_latest_progress() -> None:
    first = make_progress(on=date(2018, 5, 1), status="done")
    later = make_progress(progress="P2", on=date(2018, 6, 1), status="slipping")

    assert FollowUp(make_plan(), (first,)).done == {"A1"}
    assert FollowUp(make_plan(), (later, first)).done == frozenset()
