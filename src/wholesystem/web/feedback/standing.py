"""Where a tool stands, in words: how many answered, who was invited, what to remind people of."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from wholesystem.web.feedback import store
from wholesystem.web.feedback.instruments import instrument_of
from wholesystem.web.feedback.models import Invited, InvitedNames, Tool
from wholesystem.web.jinja import write_date

__all__ = ["GivenLinks", "Standing", "reminder_of", "standing_of", "tell_sent"]


@dataclass(frozen=True)
class GivenLinks:
    """Links that were given out, as a row of a table.

    Parameters
    ----------
    record : Invited
        With its organisation.
    role : str
        Label; blank where respondents choose it.
    holds : bool
        Whether they still work.
    """

    record: Invited
    role: str
    holds: bool


@dataclass(frozen=True)
class Standing:
    """Where a tool stands.

    Parameters
    ----------
    sent : str
        How many answered, as a sentence.
    links : tuple of GivenLinks
        In the order in which they were made.
    invited : int
        Single-use links that were not withdrawn.
    names : int
        Names that are kept of those invited.
    is_late : bool
        Whether the last day is over and the tool still open.
    is_here : bool
        False for a tool that was open where its review was taken out: its links work there.
    held : int
        Comments that wait to be cleared, once the tool is closed.
    """

    sent: str
    links: tuple[GivenLinks, ...]
    invited: int
    names: int
    is_late: bool
    is_here: bool
    held: int


def standing_of(tool: Tool) -> Standing:
    """Where a tool stands.

    Parameters
    ----------
    tool : Tool
        From the database.

    Returns
    -------
    Standing
        In at most ten queries, however many links there are.
    """
    roles = {one.role: one.label for one in instrument_of(tool).roles}
    today = timezone.localdate()
    records = Invited.objects.filter(tool=tool).select_related("organisation").order_by("pk")
    links = tuple(
        GivenLinks(
            one,
            roles.get(one.role, ""),
            holds=tool.state == "open" and not one.withdrawn and one.last_day >= today,
        )
        for one in records
    )
    lists = InvitedNames.objects.filter(invited__tool=tool).values_list("lines", flat=True)
    return Standing(
        sent=tell_sent(tool),
        links=links,
        invited=sum(one.record.number for one in links if not one.record.withdrawn),
        names=sum(len(lines) for lines in lists),
        is_late=tool.state == "open" and tool.last_day is not None and tool.last_day < today,
        is_here=tool.state == "draft" or store.is_here(tool),
        held=len(store.held_comments(tool)) if tool.state == "closed" else 0,
    )


def tell_sent(tool: Tool) -> str:
    """How many answered, as a sentence.

    Parameters
    ----------
    tool : Tool
        Open or closed.

    Returns
    -------
    str
        Of all together, and with no number under five: a count that is seen to grow from one to two
        tells who came between. Empty for a draft.
    """
    if tool.state == "draft":
        return ""
    count = store.sent_count(tool)
    if count is None:
        return "Fewer than five people have answered, or nobody has."
    return f"{count:,} people have answered."


def reminder_of(tool: Tool) -> str:
    """A text to remind everybody with.

    Parameters
    ----------
    tool : Tool
        Open.

    Returns
    -------
    str
        Several lines; it holds no link.
    """
    until = f" You can answer until {write_date(tool.last_day)}." if tool.last_day else ""
    ask = f"\n\nQuestions? {tool.contact}" if tool.contact else ""
    return (
        f"Have you answered “{tool.title}” yet?\n\n"
        f"Please use the link or card that you were given.{until} If you have answered already,"
        " thank you: please do not answer again.\n\n"
        "This goes to everybody, because nobody can see who has answered, or who said what."
        f"{ask}"
    )
