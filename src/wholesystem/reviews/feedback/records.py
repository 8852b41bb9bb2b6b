"""The rows of a review that feedback tools have: no names, and nothing of who answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated

from wholesystem.reviews.cells import BlankPassage, BlankText, Id, OptionalId, Record, Text, tidy
from wholesystem.tables.cells import CellError
from wholesystem.tables.rows import BlankDate, Date, DateTime, choice, reader, whole

__all__ = [
    "LINK_KINDS",
    "MOST_INVITED",
    "TOOL_STATES",
    "FeedbackCoding",
    "FeedbackInvited",
    "FeedbackTheme",
    "FeedbackTool",
    "OrganisationMerger",
    "merged_names",
]

TOOL_STATES = ("draft", "open", "closed")
LINK_KINDS = ("single", "open")
#: Single-use links that are made at once: each is a card on a sheet to print.
MOST_INVITED = 1_000


def _parse_tool(text: str) -> str:
    # It is the name of a folder in a bundle too, on every system.
    if not re.fullmatch("T[0-9]{1,9}", tidy(text)):
        raise CellError("It must be T and a number.", "Write it like T01.")
    return tidy(text)


class FeedbackTool(Record):
    """A feedback tool; a row of ``feedback_tools.csv``.

    What it asks stands in ``feedback/TOOL/``. `instrument` is the id of that. `last_day` is the
    last day on which answers are taken. `contact` says whom respondents can ask. `source` is what
    evidence from its results is recorded under, once there is any.
    """

    tool: Annotated[str, reader(_parse_tool)]
    title: Text
    instrument: Id
    state: Annotated[str, choice(*TOOL_STATES)]
    opened_on: BlankDate = None
    last_day: BlankDate = None
    closed_on: BlankDate = None
    contact: BlankText = ""
    note: BlankPassage = ""
    source: OptionalId = ""
    recorded_by: Id
    recorded_at: DateTime


class FeedbackInvited(Record):
    """Links that were given out; a row of ``feedback_invited.csv``.

    `role` is one of the instrument's; blank where respondents choose it. `number` is how many
    single-use links there are; 0 for an open link, of which nobody knows how many saw it.
    `withdrawn` says why the links no longer hold.
    """

    invited: Id
    tool: Annotated[str, reader(_parse_tool)]
    organisation: OptionalId = ""
    role: OptionalId = ""
    links: Annotated[str, choice(*LINK_KINDS)]
    number: Annotated[int, whole(0, MOST_INVITED)]
    last_day: Date
    recorded_by: Id
    recorded_at: DateTime
    withdrawn: BlankText = ""


class FeedbackTheme(Record):
    """What several comments on a tool say, in a coder's words; a row of ``feedback_themes.csv``."""

    theme: Id
    tool: Annotated[str, reader(_parse_tool)]
    label: Text
    kloe: OptionalId = ""
    recorded_by: Id
    recorded_at: DateTime
    withdrawn: BlankText = ""


class FeedbackCoding(Record):
    """That a comment was given a theme; a row of ``feedback_codings.csv``.

    `comment` stands for its question and words, as `shown_comments.comment_id` makes it.
    """

    theme: Id
    question: Id
    comment: Id
    recorded_by: Id
    recorded_at: DateTime


class OrganisationMerger(Record):
    """An organisation that went into another; a row of ``organisation_mergers.csv``.

    What was recorded of it stays as it was. Answers to feedback tools count for the other.
    """

    merger: Id
    organisation: Id
    into: Id
    note: BlankPassage = ""
    recorded_by: Id
    recorded_at: DateTime


def merged_names(mergers: Iterable[OrganisationMerger]) -> dict[str, str]:
    """Where each organisation that was merged counts in the end.

    Parameters
    ----------
    mergers : iterable of OrganisationMerger
        Checked: no organisation twice, and no ring.

    Returns
    -------
    dict of str to str
        Id of the organisation that is left, by that of the one that went into it.
    """
    into = {one.organisation: one.into for one in mergers}
    return {name: _last(name, into) for name in into}


def _last(name: str, into: Mapping[str, str]) -> str:
    while name in into:
        name = into[name]
    return name
