"""The rows of a review: each frozen, and checked when it is made.

Times are naive UTC, to the second. A record is never deleted: it is withdrawn with a reason, so
that what rested on it can be seen.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from wholesystem.reviews.cells import (
    BlankPassage,
    BlankText,
    Digest,
    Id,
    Ids,
    OptionalDigest,
    OptionalId,
    Passage,
    Record,
    Text,
)
from wholesystem.reviews.words import ROLES, SOURCE_KINDS, STAGES
from wholesystem.tables import cells
from wholesystem.tables.rows import BlankDate, Date, DateTime, choice, number, reader, whole

__all__ = [
    "Anchor",
    "AreaForImprovement",
    "Document",
    "DueDate",
    "Evidence",
    "Figure",
    "Finding",
    "FindingEvidence",
    "Organisation",
    "Person",
    "ReviewInfo",
    "Source",
]

BlankDateTime = Annotated[datetime | None, reader(cells.parse_date_time, blank=None)]


class ReviewInfo(Record):
    """What is reviewed, why, and how far it has come.

    The one row of ``review.csv``.
    """

    review: Id
    title: Text
    area_code: Id
    area: Text
    framework: Id
    stage: Annotated[str, choice(*STAGES)]
    opened_on: Date
    aim: BlankPassage = ""
    note: BlankPassage = ""


class Organisation(Record):
    """An organisation of the system; a row of ``organisations.csv``."""

    organisation: Id
    name: Text
    kind: BlankText = ""
    ods_code: OptionalId = ""


class Person(Record):
    """Someone with a part in the review; a row of ``people.csv``. Holds no e-mail address."""

    person: Id
    name: Text
    role: Annotated[str, choice(*ROLES)]
    organisation: OptionalId = ""


class Source(Record):
    """Where evidence came from; a row of ``sources.csv``.

    `who` says whom by what they do, never by name. `document` is the digest of an uploaded file.
    """

    source: Id
    kind: Annotated[str, choice(*SOURCE_KINDS)]
    title: Text
    who: BlankText = ""
    place: BlankText = ""
    date: BlankDate = None
    organisations: Ids = ()
    document: OptionalDigest = ""
    note: BlankPassage = ""
    recorded_by: Id
    recorded_at: DateTime
    withdrawn: BlankText = ""


class Evidence(Record):
    """A passage or figure of a source; a row of ``evidence.csv``.

    `date` is the evidence's own: what it speaks of, not when it was recorded. `place` is where in
    the source: a page, a paragraph, a slide. `kloe` is empty while nobody has coded it.
    """

    evidence: Id
    source: Id
    form: Annotated[str, choice("quote", "paraphrase", "figure")]
    text: Passage
    place: BlankText = ""
    date: BlankDate = None
    shows: Annotated[str, choice("strength", "concern", "neither")]
    kloe: Ids = ()
    organisations: Ids = ()
    recorded_by: Id
    recorded_at: DateTime
    withdrawn: BlankText = ""


class Figure(Record):
    """The figure that a piece of evidence cites; a row of ``figures.csv``.

    An indicator's is found by area and period. A stays measure's by the folder of measures kept
    with the review, the row's key (``service=acute; reason=E``) and the column. Value and unit
    are as cited; what stands there now is looked up and shown beside.
    """

    evidence: Id
    kind: Annotated[str, choice("indicator", "measure")]
    name: Id
    area_code: OptionalId = ""
    period_start: BlankDate = None
    period_end: BlankDate = None
    measures: OptionalId = ""
    key: BlankText = ""
    column: OptionalId = ""
    value: Annotated[float, number(-1e15, 1e15)]
    unit: Text
    source_file: BlankText = ""


class Anchor(Record):
    """The passage of an uploaded document that evidence quotes; a row of ``anchors.csv``.

    `start` and `end` are characters of the document's text, from 0, the end not included; the
    text between them is `quoted`.
    """

    evidence: Id
    document: Digest
    start: Annotated[int, whole(0, 10**9)]
    end: Annotated[int, whole(1, 10**9)]
    quoted: Passage


class Finding(Record):
    """A statement under a question; a row of ``findings.csv``.

    `contrary_considered` says how evidence against it was weighed.
    """

    finding: Id
    kloe: Id
    statement: Passage
    status: Annotated[str, choice("candidate", "confirmed", "withdrawn")]
    confirmed_by: OptionalId = ""
    confirmed_at: BlankDateTime = None
    contrary_considered: BlankPassage = ""
    note: BlankPassage = ""
    recorded_by: Id
    recorded_at: DateTime


class FindingEvidence(Record):
    """Evidence for or against a finding; a row of ``finding_evidence.csv``."""

    finding: Id
    evidence: Id
    side: Annotated[str, choice("for", "against")]
    note: BlankPassage = ""


class AreaForImprovement(Record):
    """What must, should or may go on to change; a row of ``areas_for_improvement.csv``."""

    area_for_improvement: Id
    level: Annotated[str, choice("strategic", "operational", "engagement")]
    verb: Annotated[str, choice("must", "should", "continue")]
    text: Passage
    findings: Ids = ()
    order: Annotated[int, whole(1, 10_000)]
    recorded_by: Id
    recorded_at: DateTime


class Document(Record):
    """An uploaded file; a row of ``documents.csv``. Known by the digest of its content."""

    document: Digest
    name: Text
    media_type: Text
    size_bytes: Annotated[int, whole(0, 10**10)]
    recorded_by: Id
    recorded_at: DateTime


class DueDate(Record):
    """Something that is due on a day; a row of ``due_dates.csv``."""

    due_date: Id
    title: Text
    on: Date
    person: OptionalId = ""
    done_on: BlankDate = None
