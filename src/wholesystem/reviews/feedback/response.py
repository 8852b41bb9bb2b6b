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
CHOSEN = "No rate: there were links by which respondents chose their role or organisation."
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
        Single-use links given out, by role (empty where respondents chose it) and organisation
        (empty where it is not asked for, or they chose it).
    open_links : collection of (str, str)
        Roles and organisations, likewise, for which an open link was given out too, or alone.

    Returns
    -------
    tuple of ResponseRate
        All, then kinds, roles and organisations. A group that an open link reached has no rate, nor
        has one of which nobody knows how many of its people had links. An organisation of one kind
        is known by itself.

    Raises
    ------
    ParameterError
        If a role is none of the instrument's.
    """
    known = {"", *instrument.role_by_id}
    unknown = [role for role, _ in (*invited, *open_links) if role not in known]
    if unknown:
        raise ParameterError(
            f"The role {unknown[0]!r} is none of the instrument's. Choose from"
            f" {', '.join(instrument.role_by_id)}."
        )
    places = [
        (instrument.role_by_id[role].kind, name)
        for role, name in (*invited, *open_links)
        if name and role
    ]
    cells = Counter(map(cell_of, sheets))
    answered = sum_by_group(cells)
    groups = plan_groups(instrument, [cells], places)[0]
    kinds: dict[str, set[str]] = {}
    for group in groups:
        if group.axis == "organisation":
            kinds.setdefault(group.name, set()).add(group.within)
    alone = {name for name, found in kinds.items() if len(found) == 1}
    rates = []
    for group in groups:
        where = [_is_in(instrument, group, *key, alone) for key in invited]
        reached = [_is_in(instrument, group, *key, alone) for key in open_links]
        rates.append(
            _rate(
                group,
                answered[group.key] if group.is_shown else None,
                sum(count for count, one in zip(invited.values(), where, strict=True) if one),
                is_open=any(one is not False for one in reached),
                is_chosen=None in where,
            )
        )
    return tuple(rates)


def _is_in(
    instrument: Instrument,
    group: PlannedGroup,
    role: str,
    organisation: str,
    alone: Collection[str],
) -> bool | None:
    """Whether links were for people of a group; None where respondents chose."""
    if group.axis == "all":
        return True
    kind = instrument.role_by_id[role].kind if role else ""
    if group.axis in ("kind", "role"):
        own = kind if group.axis == "kind" else role
        return own == group.name if role else None
    if not organisation:
        asks = instrument.info.asks_organisation == "yes"
        return None if asks and kind in ("", group.within) else False
    if organisation != group.name:
        return False
    return kind == group.within if role else (True if organisation in alone else None)


def _rate(
    group: PlannedGroup, answered: int | None, invited: int, *, is_open: bool, is_chosen: bool
) -> ResponseRate:
    reason = _why_no_rate(answered, invited, is_open=is_open, is_chosen=is_chosen)
    rate = None if answered is None or reason else answered / invited
    return ResponseRate(group.axis, group.name, group.within, invited, answered, rate, reason)


def _why_no_rate(answered: int | None, invited: int, *, is_open: bool, is_chosen: bool) -> str:
    if answered is None:
        return HIDDEN
    if is_open:
        return OPEN_LINK
    if is_chosen:
        return CHOSEN
    if not invited:
        return NOT_INVITED
    return TOO_MANY if answered > invited else ""
