"""An action plan: its tables, checked together and against the review that they answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.checks import Places
from wholesystem.reviews.plan.links import Link, dead_links, known_ids, repeated_keys
from wholesystem.reviews.plan.records import (
    PLAN_TABLES,
    Action,
    ActionPlanInfo,
    ExpectedMovement,
    Milestone,
)
from wholesystem.reviews.review import Review
from wholesystem.tables.rows import Row

__all__ = ["PLAN_LINKS", "ActionPlan", "plan_faults"]

T = TypeVar("T", Milestone, ExpectedMovement)

#: Which column of which table names a row of which other; a blank names none.
PLAN_LINKS: tuple[Link, ...] = (
    ("action_plan", "agreed_by", "organisations"),
    ("action_plan", "recorded_by", "people"),
    ("actions", "areas_for_improvement", "areas_for_improvement"),
    ("actions", "owner", "organisations"),
    ("actions", "owner_member", "people"),
    ("actions", "recorded_by", "people"),
    ("milestones", "action", "actions"),
    ("milestones", "recorded_by", "people"),
    ("expected_movements", "action", "actions"),
    ("expected_movements", "recorded_by", "people"),
)


@dataclass(frozen=True)
class ActionPlan:
    """What organisations will do about a review's areas for improvement.

    Parameters
    ----------
    review : Review
        That it answers.
    info : ActionPlanInfo or None
        When it was agreed and by whom; None where nobody has written that yet.
    actions, milestones, expected_movements : tuple of Row
        Tables, in order of entry.

    Raises
    ------
    TableError
        If a row names another that is not there, a key stands twice, or an expected movement
        lacks what its kind needs; all such faults together.
    """

    review: Review = field(repr=False)
    info: ActionPlanInfo | None = None
    actions: tuple[Action, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    expected_movements: tuple[ExpectedMovement, ...] = ()

    def __post_init__(self) -> None:
        faults = plan_faults(self.review, self.tables(), Places())
        if faults:
            raise TableError(faults)

    def tables(self) -> dict[str, tuple[Row, ...]]:
        """The tables by name.

        Returns
        -------
        dict of str to tuple of Row
            In the order of `PLAN_TABLES`.
        """
        rows: dict[str, tuple[Row, ...]] = {
            "action_plan": () if self.info is None else (self.info,),
            "actions": self.actions,
            "milestones": self.milestones,
            "expected_movements": self.expected_movements,
        }
        return {name: rows[name] for name in PLAN_TABLES}

    @cached_property
    def action_by_id(self) -> dict[str, Action]:
        """Actions by their id."""
        return {one.action: one for one in self.actions}

    @cached_property
    def standing(self) -> tuple[Action, ...]:
        """Actions that were not withdrawn, in order of entry."""
        return tuple(one for one in self.actions if not one.withdrawn)

    @cached_property
    def movements_by_action(self) -> dict[str, tuple[ExpectedMovement, ...]]:
        """Expected movements by action; every action is there."""
        return self._by_action(self.expected_movements)

    @cached_property
    def milestones_by_action(self) -> dict[str, tuple[Milestone, ...]]:
        """Milestones by action; every action is there."""
        return self._by_action(self.milestones)

    def _by_action(self, rows: Iterable[T]) -> dict[str, tuple[T, ...]]:
        found: dict[str, list[T]] = {one.action: [] for one in self.actions}
        for row in rows:
            found[row.action].append(row)
        return {action: tuple(some) for action, some in found.items()}


def plan_faults(review: Review, tables: Mapping[str, Sequence[Any]], where: Places) -> list[Fault]:
    """What is wrong between the rows of a plan, and between them and the review.

    Parameters
    ----------
    review : Review
        That the plan answers.
    tables : mapping of str to sequence of Row
        All of `PLAN_TABLES`.
    where : Places
        Where the rows stand.

    Returns
    -------
    list of Fault
        Empty if there is none.
    """
    return [
        *_one_plan(tables["action_plan"], where),
        *repeated_keys(tables, where),
        *dead_links(tables, PLAN_LINKS, known_ids(review, tables), where),
        *_movement_faults(tables["expected_movements"], where),
    ]


def _one_plan(rows: Sequence[ActionPlanInfo], where: Places) -> Iterator[Fault]:
    for at, one in enumerate(rows[1:], start=1):
        yield Fault(
            where("action_plan", at, "action_plan"),
            one.action_plan,
            "A review has one action plan.",
            "Keep one row; write what changed in its note.",
        )
    for at, one in enumerate(rows):
        if one.agreed_on and one.ends_on and one.ends_on <= one.agreed_on:
            yield Fault(
                where("action_plan", at, "ends_on"),
                one.ends_on.isoformat(),
                "A plan ends after the day on which it was agreed.",
                "Correct one of the two days.",
            )


def _movement_faults(rows: Sequence[ExpectedMovement], where: Places) -> Iterator[Fault]:
    for at, one in enumerate(rows):
        for column, rule, remedy in movement_rules(one):
            value = one.cells()[column]
            yield Fault(where("expected_movements", at, column), value, rule, remedy)


def movement_rules(one: ExpectedMovement) -> Iterator[tuple[str, str, str]]:
    """What an expected movement lacks, or says twice.

    Parameters
    ----------
    one : ExpectedMovement
        The row.

    Yields
    ------
    tuple of (str, str, str)
        Column, rule and what to do.
    """
    if one.kind == "measure":
        for column in ("measures", "column"):
            if not getattr(one, column):
                yield column, "A measure of stays needs it.", "Fill the cell."
    if (one.by_how_much is None) != (not one.how):
        yield (
            "how",
            "A size needs absolute or percent beside it, and these need a size.",
            "Fill both by_how_much and how, or clear both.",
        )
    if (one.baseline_start is None) != (one.baseline_end is None):
        yield (
            "baseline_end",
            "A baseline period has a first and a last day.",
            "Fill both baseline_start and baseline_end, or clear both.",
        )
    elif one.baseline_start and one.baseline_end and one.baseline_end < one.baseline_start:
        yield "baseline_end", "It lies before the first day.", "Exchange the two days."
