"""What was recorded of a plan since it was agreed, checked together and against the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.checks import Places
from wholesystem.reviews.follow_up.records import FOLLOW_UP_TABLES, Progress, Rebase, statuses
from wholesystem.reviews.plan.links import Link, dead_links, known_ids, repeated_keys
from wholesystem.reviews.plan.plan import ActionPlan
from wholesystem.tables.rows import Row

__all__ = ["FOLLOW_UP_LINKS", "FollowUp", "follow_up_faults"]

#: Which column of which table names a row of which other; a blank names none.
FOLLOW_UP_LINKS: tuple[Link, ...] = (
    ("progress", "action", "actions"),
    ("progress", "evidence", "evidence"),
    ("progress", "recorded_by", "people"),
    ("rebases", "expected_movement", "expected_movements"),
    ("rebases", "recorded_by", "people"),
)


@dataclass(frozen=True)
class FollowUp:
    """What was recorded of a plan since it was agreed.

    Parameters
    ----------
    plan : ActionPlan
        The plan.
    progress : tuple of Progress
        What was said of actions, in order of entry.
    rebases : tuple of Rebase
        Where charts start anew, by hand.

    Raises
    ------
    TableError
        If a row names another that is not there or a key stands twice; all such faults together.
    """

    plan: ActionPlan = field(repr=False)
    progress: tuple[Progress, ...] = ()
    rebases: tuple[Rebase, ...] = ()

    def __post_init__(self) -> None:
        faults = follow_up_faults(self.plan, self.tables(), Places())
        if faults:
            raise TableError(faults)

    def tables(self) -> dict[str, tuple[Row, ...]]:
        """The tables by name.

        Returns
        -------
        dict of str to tuple of Row
            In the order of `FOLLOW_UP_TABLES`.
        """
        return {name: getattr(self, name) for name in FOLLOW_UP_TABLES}

    def progress_of(self, action: str) -> tuple[Progress, ...]:
        """What was said of an action.

        Parameters
        ----------
        action : str
            Id.

        Returns
        -------
        tuple of Progress
            The latest first; of one day the one that was recorded last.
        """
        return self._progress_by_action.get(action, ())

    @cached_property
    def _progress_by_action(self) -> dict[str, tuple[Progress, ...]]:
        found: dict[str, list[Progress]] = {}
        for one in sorted(self.progress, key=lambda one: (one.on, one.recorded_at), reverse=True):
            found.setdefault(one.action, []).append(one)
        return {action: tuple(rows) for action, rows in found.items()}

    @cached_property
    def done(self) -> frozenset[str]:
        """Actions whose latest progress says that they are done."""
        latest = ((one.action, self.progress_of(one.action)) for one in self.plan.actions)
        return frozenset(
            action for action, rows in latest if rows and statuses()[rows[0].status].done == "yes"
        )


def follow_up_faults(
    plan: ActionPlan, tables: Mapping[str, Sequence[Row]], where: Places
) -> list[Fault]:
    """What is wrong between the rows of a follow-up, and between them and the plan.

    Parameters
    ----------
    plan : ActionPlan
        The plan.
    tables : mapping of str to sequence of Row
        All of `FOLLOW_UP_TABLES`.
    where : Places
        Where the rows stand.

    Returns
    -------
    list of Fault
        Empty if there is none.
    """
    known = known_ids(plan.review, {**plan.tables(), **tables})
    # A table with no rows has no class to tell its key by; links to it are dead all the same.
    return [*repeated_keys(tables, where), *dead_links(tables, FOLLOW_UP_LINKS, known, where)]
