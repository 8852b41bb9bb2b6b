"""The rows of an action plan: each frozen, and checked when it is made.

A plan answers a review's areas for improvement. Who is to act is an organisation, and a role or a
member of the review; a name is never needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from wholesystem.reviews.cells import (
    BlankPassage,
    BlankText,
    Id,
    Ids,
    OptionalId,
    Passage,
    Record,
    Text,
)
from wholesystem.tables.rows import BlankDate, DateTime, choice, number

__all__ = [
    "PLAN_TABLES",
    "PRIORITIES",
    "Action",
    "ActionPlanInfo",
    "ExpectedMovement",
    "Milestone",
]

#: Priorities of actions, the most pressing first, with what a plan's reader sees.
PRIORITIES: Mapping[str, str] = {"high": "High", "medium": "Medium", "low": "Low"}


class ActionPlanInfo(Record):
    """What was agreed, when and by whom; the one row of ``action_plan.csv``.

    `agreed_on` is blank while the plan is a draft. From that day on what moved is looked for.
    """

    action_plan: Id
    title: Text
    agreed_on: BlankDate = None
    agreed_by: Ids = ()
    ends_on: BlankDate = None
    note: BlankPassage = ""
    recorded_by: Id
    recorded_at: DateTime


class Action(Record):
    """What somebody will do; a row of ``actions.csv``.

    `owner` is an organisation. `owner_role` says who in it by what they do, `owner_member` is a
    person of the review; both may be blank.
    """

    action: Id
    text: Passage
    areas_for_improvement: Ids = ()
    owner: OptionalId = ""
    owner_role: BlankText = ""
    owner_member: OptionalId = ""
    priority: Annotated[str, choice(*PRIORITIES, blank="")] = ""
    start: BlankDate = None
    due: BlankDate = None
    resources: BlankPassage = ""
    withdrawn: BlankText = ""
    recorded_by: Id
    recorded_at: DateTime


class Milestone(Record):
    """A step of an action; a row of ``milestones.csv``."""

    milestone: Id
    action: Id
    text: Text
    due: BlankDate = None
    done_on: BlankDate = None
    recorded_by: Id
    recorded_at: DateTime


class ExpectedMovement(Record):
    """What an action should move, by how much and by when; a row of ``expected_movements.csv``.

    An ``indicator`` is one of the catalogue, of `area_code`: the review's area where that is
    blank. A ``measure`` of stays is found by the folder of measures kept with the review, the
    row's key and the column, as a cited figure is. `by_how_much` is in the unit of the figure
    where `how` is ``absolute``, and a share of the baseline in per cent where it is ``percent``;
    blank if only the direction is expected. The baseline is a period, or the figure that stood in
    the plan, or both. `comparators` names a list of areas to hold it against.
    """

    expected_movement: Id
    action: Id
    kind: Annotated[str, choice("indicator", "measure")]
    name: Id
    area_code: OptionalId = ""
    measures: OptionalId = ""
    key: BlankText = ""
    column: OptionalId = ""
    direction: Annotated[str, choice("up", "down")]
    by_how_much: Annotated[float | None, number(0, 1e12, blank=None, above=True)] = None
    how: Annotated[str, choice("absolute", "percent", blank="")] = ""
    baseline_start: BlankDate = None
    baseline_end: BlankDate = None
    baseline_value: Annotated[float | None, number(-1e15, 1e15, blank=None)] = None
    by_when: BlankDate = None
    comparators: BlankText = ""
    note: BlankPassage = ""
    recorded_by: Id
    recorded_at: DateTime

    def target(self, baseline: float | None) -> float | None:
        """The figure that is to be reached.

        Parameters
        ----------
        baseline : float or None
            From which it moves; that of the plan where one stands there.

        Returns
        -------
        float or None
            None where neither is known, or only a direction is expected.
        """
        start = baseline if self.baseline_value is None else self.baseline_value
        if start is None or self.by_how_much is None:
            return None
        size = self.by_how_much
        if self.how == "percent":
            size *= abs(start) / 100
        return start + size if self.direction == "up" else start - size


#: Class of the rows of each table, in the order of writing; the first column is the key.
PLAN_TABLES: Mapping[str, type[Record]] = {
    "action_plan": ActionPlanInfo,
    "actions": Action,
    "milestones": Milestone,
    "expected_movements": ExpectedMovement,
}


def day_words(day: date) -> str:
    """A day in words.

    Parameters
    ----------
    day : date
        The day.

    Returns
    -------
    str
        Such as ``1 April 2018``.
    """
    return f"{day.day} {day:%B %Y}"
