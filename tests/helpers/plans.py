"""Action plans for tests: rows with good defaults, on a small review."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.helpers.reviews import BY, make_finding, make_review
from wholesystem.reviews import Review, records
from wholesystem.reviews.plan import ActionPlan
from wholesystem.reviews.plan.records import Action, ActionPlanInfo, ExpectedMovement, Milestone

TODAY = date(2018, 6, 1)
AGREED = date(2018, 4, 1)


def make_plan_review() -> Review:
    """A review with two areas for improvement and two organisations."""
    finding = make_finding("F1")
    areas = [
        records.AreaForImprovement(
            area_for_improvement=name, level="strategic", verb=verb, text=f"Do {name}.",
            findings=("F1",), order=at, **BY,
        )
        for at, (name, verb) in enumerate((("must_1", "must"), ("should_1", "should")), start=1)
    ]  # fmt: skip
    organisations = [
        records.Organisation(organisation="council", name="The council"),
        records.Organisation(organisation="trust", name="The hospital trust", ods_code="RTH"),
    ]
    return make_review(findings=[finding], areas_for_improvement=areas, organisations=organisations)


def make_info(**changes: Any) -> ActionPlanInfo:
    """A plan that two organisations agreed on."""
    made = {
        "action_plan": "plan", "title": "Plan", "agreed_on": AGREED,
        "agreed_by": ("council", "trust"), "ends_on": date(2019, 9, 30), **BY,
    }  # fmt: skip
    return ActionPlanInfo(**made | changes)


def make_action(**changes: Any) -> Action:
    """An action that lacks nothing and answers both areas for improvement."""
    made = {
        "action": "A1", "text": "Open one hub.", "areas_for_improvement": ("must_1", "should_1"),
        "owner": "council", "owner_role": "Head of flow", "priority": "high",
        "start": date(2018, 4, 1), "due": date(2018, 12, 31), **BY,
    }  # fmt: skip
    return Action(**made | changes)


def make_milestone(**changes: Any) -> Milestone:
    """A step of the action A1 that is not due yet."""
    made = {
        "milestone": "M1", "action": "A1", "text": "Hub opens.", "due": date(2018, 9, 1), **BY,
    }  # fmt: skip
    return Milestone(**made | changes)


def make_movement(**changes: Any) -> ExpectedMovement:
    """Delays down by a quarter from the year before, by the end of the next."""
    made = {
        "expected_movement": "X1", "action": "A1", "kind": "indicator", "name": "dtoc_rate",
        "direction": "down", "by_how_much": 25, "how": "percent",
        "baseline_start": date(2017, 4, 1), "baseline_end": date(2018, 3, 31),
        "by_when": date(2019, 3, 31), **BY,
    }  # fmt: skip
    return ExpectedMovement(**made | changes)


def make_plan(
    review: Review | None = None,
    actions: Iterable[Action] | None = None,
    milestones: Iterable[Milestone] = (),
    movements: Iterable[ExpectedMovement] | None = None,
    **changes: Any,
) -> ActionPlan:
    """A plan of one action that lacks nothing."""
    return ActionPlan(
        make_plan_review() if review is None else review,
        make_info(**changes),
        tuple([make_action()] if actions is None else actions),
        tuple(milestones),
        tuple([make_movement()] if movements is None else movements),
    )
