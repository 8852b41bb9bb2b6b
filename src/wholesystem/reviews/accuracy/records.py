"""The rows of a review that rounds of factual accuracy have."""

from __future__ import annotations

from typing import Annotated

from wholesystem.reviews.cells import (
    BlankPassage,
    BlankText,
    Id,
    Ids,
    OptionalId,
    Passage,
    Record,
)
from wholesystem.reviews.records import BlankDateTime
from wholesystem.reviews.report.records import SECTION_KINDS
from wholesystem.reviews.requests.records import Digests
from wholesystem.tables.rows import BlankDate, Date, DateTime, choice, whole

__all__ = ["DECISIONS", "AccuracyComment", "AccuracyRound"]

#: What becomes of a comment; blank while nobody has decided.
DECISIONS = ("accepted", "partly", "not_accepted")


class AccuracyRound(Record):
    """A round of factual accuracy; a row of ``accuracy_rounds.csv``.

    `report_version` is what was sent to `organisations`. `due_on` is the last day for comments,
    `working_days` after it was sent. Whoever signs was not on the visit and decided no comment;
    `declaration` is what they declare.
    """

    accuracy_round: Id
    report_version: Id
    organisations: Ids
    sent_on: Date
    working_days: Annotated[int, whole(1, 260)]
    due_on: Date
    closed_on: BlankDate = None
    signed_by: OptionalId = ""
    signed_at: BlankDateTime = None
    declaration: BlankPassage = ""
    note: BlankPassage = ""
    recorded_by: Id
    recorded_at: DateTime


class AccuracyComment(Record):
    """What an organisation says of a place in the draft; a row of ``accuracy_comments.csv``.

    `quoted` is the text of the place as it was when the comment was made, so that what changed can
    be shown. `shown_by` says what shows that the comment is right. `change` is what the report says
    instead, where the comment was accepted or partly so. `recorded_by` is who commented.
    """

    accuracy_comment: Id
    accuracy_round: Id
    organisation: Id
    section_kind: Annotated[str, choice(*SECTION_KINDS)]
    section: Id
    paragraph: OptionalId = ""
    quoted: BlankPassage = ""
    text: Passage
    shown_by: BlankPassage = ""
    documents: Digests = ()
    decision: Annotated[str, choice(*DECISIONS, blank="")] = ""
    reason: BlankPassage = ""
    change: BlankPassage = ""
    decided_by: OptionalId = ""
    decided_at: BlankDateTime = None
    withdrawn: BlankText = ""
    recorded_by: Id
    recorded_at: DateTime
