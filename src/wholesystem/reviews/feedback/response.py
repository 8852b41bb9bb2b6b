"""How many of those who were invited answered, with small groups hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from wholesystem.errors import ParameterError
from wholesystem.reviews.feedback.answers import AnswerSheet
from wholesystem.reviews.feedback.groups import PlannedGroup, cell_of, plan_groups, sum_by_group
from wholesystem.reviews.feedback.instrument import Instrument

__all__ = ["ResponseRate", "response_rates"]

HIDDEN = "Not shown: the group is small, or guards one that is."
OPEN_LINK = "No rate: an open link was given out, and nobody knows how many saw it."
NOT_INVITED = "No rate: nobody was invited."
TOO_MANY = "No rate: more answered than were invited; some gave another role or organisation."


@dataclass(frozen=True)
class ResponseRate:
    """How many of a group answered at all.

    Parameters
    ----------
    axis, name, within : str
        The group, as in `Group`.
    invited : int
        By single-use links.
    answered : int or None
        None where the group is not shown.
    rate : float or None
        0 to 1; None where there is none.
    reason : str
        Why there is no rate; else empty.
    """

    axis: str
    name: str
    within: str
    invited: int
    answered: int | None
    rate: float | None
    reason: str


def response_rates(
    instrument: Instrument,
    sheets: Sequence[AnswerSheet],
    invited: Mapping[tuple[str, str], int],
    open_links: Collection[tuple[str, str]] = (),
) -> tuple[ResponseRate, ...]:
    """How many of those invited answered, for every group.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    sheets : sequence of AnswerSheet
        All of a tool that is closed.
    invited : mapping of (str, str) to int
        Single-use links given out, by role and organisation (empty where it is not asked for).
    open_links : collection of (str, str)
        Roles and organisations for which an open link was given out too, or alone.

    Returns
    -------
    tuple of ResponseRate
        All, then kinds, roles and organisations. A group that an open link reached has no rate.

    Raises
    ------
    ParameterError
        If a role is none of the instrument's.
    """
    unknown = [role for role, _ in (*invited, *open_links) if role not in instrument.role_by_id]
    if unknown:
        raise ParameterError(
            f"The role {unknown[0]!r} is none of the instrument's. Choose from"
            f" {', '.join(instrument.role_by_id)}."
        )
    places = [
        (instrument.role_by_id[role].kind, name) for role, name in (*invited, *open_links) if name
    ]
    cells = Counter(map(cell_of, sheets))
    answered = sum_by_group(cells)
    return tuple(
        _rate(
            group,
            answered[group.key] if group.is_shown else None,
            sum(count for key, count in invited.items() if _is_in(instrument, group, *key)),
            is_open=any(_is_in(instrument, group, *key) for key in open_links),
        )
        for group in plan_groups(instrument, [cells], places)[0]
    )


def _is_in(instrument: Instrument, group: PlannedGroup, role: str, organisation: str) -> bool:
    kind = instrument.role_by_id[role].kind
    name = {"kind": kind, "role": role, "organisation": organisation}.get(group.axis, "")
    return name == group.name and group.within in ("", kind)


def _rate(
    group: PlannedGroup, answered: int | None, invited: int, *, is_open: bool
) -> ResponseRate:
    reason = _why_no_rate(answered, invited, is_open=is_open)
    rate = None if answered is None or reason else answered / invited
    return ResponseRate(group.axis, group.name, group.within, invited, answered, rate, reason)


def _why_no_rate(answered: int | None, invited: int, *, is_open: bool) -> str:
    if answered is None:
        return HIDDEN
    if is_open:
        return OPEN_LINK
    if not invited:
        return NOT_INVITED
    return TOO_MANY if answered > invited else ""
