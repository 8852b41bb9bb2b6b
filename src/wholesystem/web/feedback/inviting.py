"""Making and withdrawing links. A link is given back once, and stands nowhere in this database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.http import Http404

from wholesystem.web.feedback import store
from wholesystem.web.feedback.models import Invited, InvitedNames, Tool
from wholesystem.web.jinja import write_date
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import (
    append_event,
    find_record,
    lock_review,
    save_record,
)
from wholesystem.web.workspace.errors import PolicyError, RecordFaults
from wholesystem.web.workspace.permissions import check_can

__all__ = ["MadeLinks", "Wanted", "find_invited", "forget_names", "make_links", "withdraw_links"]

TABLE = "feedback_invited"


@dataclass(frozen=True)
class Wanted:
    """Links to make.

    Parameters
    ----------
    organisations : tuple of str
        Ids; each gets links of its own. One blank where the instrument does not ask.
    role : str
        Id; blank where respondents choose it.
    links : str
        ``single`` or ``open``.
    number : int
        Single-use links for each organisation; 0 for an open one.
    names : tuple of str
        Of those invited; as many as there are links, or none.
    last_day : date
        On which the links work.
    once : str
        Drawn by the page: the same links are not made twice.
    """

    organisations: tuple[str, ...]
    role: str
    links: str
    number: int
    names: tuple[str, ...]
    last_day: date
    once: str


@dataclass(frozen=True)
class MadeLinks:
    """Links that were made for one organisation and role.

    Parameters
    ----------
    invited : Invited
        Their record.
    tokens : tuple of str
        What stands in the addresses of the links.
    names : tuple of str
        Of those invited; as many as there are links, or none.
    """

    invited: Invited
    tokens: tuple[str, ...]
    names: tuple[str, ...]


@transaction.atomic
def make_links(
    *, review: models.Review, by: models.Member, code: str, wanted: Wanted
) -> list[MadeLinks]:
    """Make links, and give them back this once.

    Parameters
    ----------
    review : models.Review
        Whose they are.
    by : models.Member
        Who does it.
    code : str
        Id of the tool.
    wanted : Wanted
        What to make.

    Returns
    -------
    list of MadeLinks
        For each organisation.

    Raises
    ------
    PolicyError
        If the tool is not open, or the same page was sent before.
    RecordFaults
        If a value breaks a rule.
    """
    check_can(by, "run_feedback")
    review = lock_review(review)
    tool: Tool = find_record(review, "feedback_tools", code)
    _check_may_invite(tool, wanted)
    records = [
        _record(review, by, tool, organisation, wanted) for organisation in wanted.organisations
    ]
    # Last, since it is of another database: see `actions`.
    return [MadeLinks(record, store.make_links(tool, record), wanted.names) for record in records]


def _check_may_invite(tool: Tool, wanted: Wanted) -> None:
    if tool.state != "open":
        raise PolicyError(f"{tool.code} is {tool.state}: links are made while a tool is open.")
    if Invited.objects.filter(tool=tool, once=wanted.once).exists():
        raise PolicyError(
            "These links were made already, and are shown once only. If they are lost, withdraw"
            " them on the tool's page and make new ones."
        )
    if tool.last_day is not None and wanted.last_day > tool.last_day:
        told = (
            f"The tool takes answers until {write_date(tool.last_day)}. Choose that day or earlier."
        )
        raise RecordFaults({"last_day": [told]})


def _record(
    review: models.Review, by: models.Member, tool: Tool, organisation: str, wanted: Wanted
) -> Invited:
    record: Invited = save_record(
        review=review,
        by=by,
        table=TABLE,
        values={
            "tool": tool.code,
            "organisation": organisation,
            "role": wanted.role,
            "links": wanted.links,
            "number": wanted.number,
            "last_day": wanted.last_day,
        },
    )
    record.once = wanted.once
    record.save(update_fields=["once"])
    if wanted.names:
        InvitedNames.objects.create(invited=record, lines=_sorted(wanted.names), made_by=by)
    return record


def _sorted(names: Sequence[str]) -> list[str]:
    # The order in which they were pasted could be held against the order of links.
    return sorted(names, key=lambda one: (one.casefold(), one))


def find_invited(tool: Tool, code: str) -> Invited:
    """Links that were given out.

    Parameters
    ----------
    tool : Tool
        Of which.
    code : str
        Id of their record.

    Returns
    -------
    Invited
        With its organisation.

    Raises
    ------
    Http404
        If there are none.
    """
    found = Invited.objects.filter(tool=tool, code=code.replace("\x00", " "))
    record = found.select_related("organisation").first()
    if record is None:
        raise Http404(f"There are no links {code} of {tool.code}.")
    return record


@transaction.atomic
def withdraw_links(
    *, review: models.Review, by: models.Member, code: str, invited: str, why: str
) -> Invited:
    """Withdraw links: whoever opens one is told that it is no longer valid.

    Parameters
    ----------
    review : models.Review
        Whose they are.
    by : models.Member
        Who does it.
    code, invited : str
        Ids of the tool and of the links' record.
    why : str
        The reason.

    Returns
    -------
    Invited
        The record.

    Raises
    ------
    PolicyError
        If the tool is not open, or they are withdrawn already.
    """
    check_can(by, "run_feedback")
    review = lock_review(review)
    tool: Tool = find_record(review, "feedback_tools", code)
    if tool.state != "open":
        raise PolicyError(f"{tool.code} is {tool.state}: its links do not work any more.")
    if find_invited(tool, invited).withdrawn:
        raise PolicyError(f"The links {invited} are withdrawn already.")
    record: Invited = save_record(
        review=review,
        by=by,
        table=TABLE,
        values={"withdrawn": why},
        code=invited,
        action="withdrawn",
        why=why,
    )
    store.withdraw_links(tool, record)
    return record


@transaction.atomic
def forget_names(*, review: models.Review, by: models.Member, code: str) -> int:
    """Delete the names of those invited to a tool.

    Parameters
    ----------
    review : models.Review
        Whose they are.
    by : models.Member
        Who does it.
    code : str
        Id of the tool.

    Returns
    -------
    int
        Names that were deleted. The history tells that it was done, and no name.
    """
    check_can(by, "run_feedback")
    review = lock_review(review)
    tool: Tool = find_record(review, "feedback_tools", code)
    lists = InvitedNames.objects.filter(invited__tool=tool)
    count = sum(len(one.lines) for one in lists)
    if count:
        lists.delete()
        append_event(
            review,
            by=by,
            action="deleted the names of those invited to",
            table="feedback_tools",
            record=tool.code,
            changes={},
        )
    return count
