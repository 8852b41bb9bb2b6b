"""What may be wrong between a review's rows of feedback tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from wholesystem.errors import Fault

__all__ = ["feedback_faults"]

Place = Callable[[str, int, str], str]


def feedback_faults(tables: Mapping[str, Sequence[Any]], where: Place) -> Iterator[Fault]:
    """Rows that contradict themselves or others.

    Parameters
    ----------
    tables : mapping of str to sequence of Row
        Of a review.
    where : callable
        Place of a cell by table, number of its row from 0, and column.

    Yields
    ------
    Fault
        Days that do not fit a tool's state, numbers that do not fit a kind of link, and
        organisations that went into themselves.
    """
    for at, tool in enumerate(tables["feedback_tools"]):
        yield from _tool_faults(tool, at, where)
    for at, invited in enumerate(tables["feedback_invited"]):
        if (invited.links == "open") != (invited.number == 0):
            yield Fault(
                where("feedback_invited", at, "number"),
                str(invited.number),
                "Single-use links are 1 or more; of an open link nobody knows the number.",
                "Write 0 for an open link, or how many single-use links there are.",
            )
    yield from _merger_faults(tables["organisation_mergers"], where)


def _tool_faults(tool: Any, at: int, where: Place) -> Iterator[Fault]:
    rules = (
        ("opened_on", tool.state != "draft", "A tool has a day of opening unless it is a draft."),
        ("closed_on", tool.state == "closed", "A closed tool has a day of closing; no other does."),
    )
    for column, is_needed, rule in rules:
        day = getattr(tool, column)
        if (day is not None) != is_needed:
            yield Fault(
                where("feedback_tools", at, column),
                day.isoformat() if day else "",
                rule,
                "Correct the day or the state.",
            )
    if tool.opened_on and tool.last_day and tool.last_day < tool.opened_on:
        yield Fault(
            where("feedback_tools", at, "last_day"),
            tool.last_day.isoformat(),
            "The last day is before the day of opening.",
            "Correct one of the two.",
        )


def _merger_faults(mergers: Sequence[Any], where: Place) -> Iterator[Fault]:
    into: dict[str, str] = {}
    for at, one in enumerate(mergers):
        place = where("organisation_mergers", at, "organisation")
        if one.organisation in into:
            rule = "It went into another organisation in an earlier row."
            yield Fault(place, one.organisation, rule, "Remove one of the rows.")
        elif _leads_to(one.into, one.organisation, into):
            rule = "The organisations go into each other in a ring."
            yield Fault(place, one.organisation, rule, "Name the one that is left.")
        else:
            into[one.organisation] = one.into


def _leads_to(name: str, other: str, into: Mapping[str, str]) -> bool:
    while name != other and name in into:
        name = into[name]
    return name == other
