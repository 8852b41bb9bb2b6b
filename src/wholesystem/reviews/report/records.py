"""The rows of a review that its report has: the prose, and the versions that were handed out."""

from __future__ import annotations

from typing import Annotated

from wholesystem.reviews.cells import BlankPassage, BlankText, Digest, Id, Passage, Record
from wholesystem.tables.rows import DateTime, choice, whole

__all__ = [
    "PARAGRAPH_STYLES",
    "SECTION_KINDS",
    "VERSION_STATES",
    "ReportParagraph",
    "ReportVersion",
]

SECTION_KINDS = ("part", "area", "question")
PARAGRAPH_STYLES = ("text", "point")
VERSION_STATES = ("draft", "for_accuracy", "final")


class ReportParagraph(Record):
    """A paragraph of the report; a row of ``report_paragraphs.csv``.

    It stands in `section`: a part of the outline, or an area or question of the framework, as
    `section_kind` says. A `point` is one of a list. `text` cites findings and evidence by marks
    such as ``[F01, E012]``.
    """

    paragraph: Id
    section_kind: Annotated[str, choice(*SECTION_KINDS)]
    section: Id
    order: Annotated[int, whole(1, 100_000)]
    style: Annotated[str, choice(*PARAGRAPH_STYLES)]
    text: Passage
    recorded_by: Id
    recorded_at: DateTime
    withdrawn: BlankText = ""


class ReportVersion(Record):
    """A state of the report that was handed out; a row of ``report_versions.csv``.

    `document` is the digest of the file that was handed out, kept with the review's documents.
    `fingerprint` is that of what it was made from, and stands on its cover.
    """

    version: Id
    state: Annotated[str, choice(*VERSION_STATES)]
    document: Digest
    fingerprint: Digest
    note: BlankPassage = ""
    recorded_by: Id
    recorded_at: DateTime
