"""The store of answers as the lead's side uses it: files of their own, reached only here.

What goes there is what respondents must be told: title, instrument, organisations, days. What
comes back are links, once; how many answered, from five on; and, of a closed tool, answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from wholesystem.reviews.feedback.answers import AnswerSheet
from wholesystem.reviews.feedback.instrument import Instrument
from wholesystem.reviews.feedback.records import merged_names
from wholesystem.web import answers
from wholesystem.web.feedback.instruments import instrument_of
from wholesystem.web.feedback.models import Invited, Merger, Tool
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.models import Organisation
from wholesystem.web.workspace.rows import row_of

__all__ = [
    "HeldComment",
    "close_tool",
    "delete_tool",
    "held_comments",
    "import_closed",
    "is_here",
    "make_links",
    "open_tool",
    "sent_count",
    "settle_comment",
    "sheets",
    "tell_organisations",
    "withdraw_links",
]


@dataclass(frozen=True)
class HeldComment:
    """A comment that waits to be cleared.

    Parameters
    ----------
    comment : str
        Its id in the store.
    question : str
        Id of the question that it answers.
    text : str
        As it was written.
    """

    comment: str
    question: str
    text: str


def open_tool(tool: Tool) -> None:
    """Open a tool for answers; done again, it tells respondents the names as they are now.

    Parameters
    ----------
    tool : Tool
        With its last day.
    """
    asks = instrument_of(tool).info.asks_organisation == "yes"
    organisations = dict(tool.review.organisation_set.values_list("code", "name")) if asks else {}
    if tool.last_day is not None:
        answers.open_tool(
            tool.key,
            instrument_of(tool),
            tool.title,
            tool.last_day,
            organisations,
            tool.contact,
        )


def tell_organisations(*, instance: Organisation, **rest: Any) -> None:
    """Tell respondents of open tools that an organisation is new or has another name.

    Parameters
    ----------
    instance : Organisation
        That was saved.
    **rest : object
        Of the signal.
    """
    # At once, while the review is held: after the transaction a tool might be closing, and this
    # would open it again.
    for tool in Tool.objects.filter(review_id=instance.review_id, state="open"):
        if is_here(tool):
            with suppress(FileExistsError):
                open_tool(tool)


def make_links(tool: Tool, record: Invited) -> tuple[str, ...]:
    """Make links, and give them back this once.

    Parameters
    ----------
    tool : Tool
        Open.
    record : Invited
        For whom, how many, until when.

    Returns
    -------
    tuple of str
        What stands in their addresses.

    Raises
    ------
    PolicyError
        If closing was begun.
    """
    group = answers.LinkGroup(
        batch=record.code,
        organisation=record.organisation.code if record.organisation else "",
        role=record.role,
        number=None if record.links == "open" else record.number,
        last_day=record.last_day,
    )
    with _told_if_closed(tool):
        return answers.make_links(tool.key, [group])


@contextmanager
def _told_if_closed(tool: Tool) -> Iterator[None]:
    """Tell where closing was begun and the database does not know it, as after a power cut."""
    try:
        yield
    except FileNotFoundError:
        raise PolicyError(
            f"{tool.code} was being closed when something stopped it. Close it again."
        ) from None


def withdraw_links(tool: Tool, record: Invited) -> None:
    """Withdraw links that were given out; what was sent by them stays.

    Parameters
    ----------
    tool : Tool
        Open.
    record : Invited
        Which links.
    """
    with _told_if_closed(tool):
        answers.withdraw_links(tool.key, record.code)


def sent_count(tool: Tool) -> int | None:
    """How many answered.

    Parameters
    ----------
    tool : Tool
        Open or closed.

    Returns
    -------
    int or None
        None while they are fewer than five, and where nothing of the tool is here.
    """
    return answers.sent_count(tool.key) if is_here(tool) else None


def is_here(tool: Tool) -> bool:
    """Whether answers to a tool are taken or kept here.

    Parameters
    ----------
    tool : Tool
        Any.

    Returns
    -------
    bool
        False for a draft, and for a tool that was brought in while it was open, or without its
        answers.
    """
    return answers.is_here(tool.key)


def close_tool(tool: Tool) -> None:
    """Close a tool for good; done again, it ends what was begun.

    Parameters
    ----------
    tool : Tool
        That is here.
    """
    answers.close_tool(tool.key)


def held_comments(tool: Tool) -> list[HeldComment]:
    """Comments that wait to be cleared.

    Parameters
    ----------
    tool : Tool
        Any.

    Returns
    -------
    list of HeldComment
        None before the tool is closed.
    """
    return [HeldComment(*one) for one in answers.held(tool.key)]


def settle_comment(tool: Tool, comment: str, text: str | None) -> bool:
    """Clear a comment as it was rewritten, or withhold it.

    Parameters
    ----------
    tool : Tool
        Closed.
    comment : str
        Its id.
    text : str or None
        What others may read; None withholds it for good.

    Returns
    -------
    bool
        False where somebody else did it meanwhile.
    """
    return answers.settle(tool.key, comment, text)


def sheets(tool: Tool, *, merged: bool = False) -> tuple[AnswerSheet, ...]:
    """Answers of a closed tool, without comments that are held or were withheld.

    Parameters
    ----------
    tool : Tool
        Closed, and here.
    merged : bool
        Whether answers count for the organisation that is left where one went into another, as
        results have them; a bundle has them as they were given.

    Returns
    -------
    tuple of AnswerSheet
        In an order that tells nothing.
    """
    if not merged:
        return answers.sheets(tool.key)
    rows = Merger.objects.filter(review_id=tool.review_id)
    found = rows.select_related("organisation", "into", "recorded_by")
    names = merged_names(row_of("organisation_mergers", one) for one in found)
    return answers.sheets(tool.key, names)


def import_closed(tool: Tool, instrument: Instrument, given: Sequence[AnswerSheet]) -> None:
    """Keep the answers of a tool that was closed elsewhere.

    Parameters
    ----------
    tool : Tool
        Brought in.
    instrument : Instrument
        What was asked.
    given : sequence of AnswerSheet
        As the bundle has them.
    """
    answers.import_closed(tool.key, instrument, given)


def delete_tool(tool: Tool) -> None:
    """Delete all that is kept of a tool.

    Parameters
    ----------
    tool : Tool
        Any.
    """
    answers.delete_tool(tool.key)
