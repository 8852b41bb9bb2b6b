"""Reports in the database, under the names of `reviews.report.records` and `reviews.accuracy`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from wholesystem.reviews.accuracy.records import DECISIONS
from wholesystem.reviews.report.records import PARAGRAPH_STYLES, SECTION_KINDS, VERSION_STATES
from wholesystem.web.workspace.models import (
    DIGEST_LENGTH,
    ID_LENGTH,
    Document,
    Member,
    Organisation,
    Record,
    Recorded,
)

__all__ = [
    "AccuracyComment",
    "AccuracyRound",
    "CommentDocument",
    "ReportParagraph",
    "ReportVersion",
    "RoundOrganisation",
]

TEXT_LENGTH = 2000
WORD_LENGTH = 20


def _one_of(field: str, words: tuple[str, ...], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": list(words)}), name=name)


class ReportParagraph(Recorded):
    """A paragraph of the report."""

    section_kind = models.CharField(max_length=WORD_LENGTH)
    section = models.CharField(max_length=ID_LENGTH, db_index=True)
    order = models.PositiveIntegerField()
    style = models.CharField(max_length=WORD_LENGTH)
    text = models.TextField()
    withdrawn = models.CharField(max_length=TEXT_LENGTH, blank=True)

    class Meta(Recorded.Meta):
        """Of a known style, in a known kind of section."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            _one_of("section_kind", SECTION_KINDS, "report_section_kind_known"),
            _one_of("style", PARAGRAPH_STYLES, "report_style_known"),
        ]


class ReportVersion(Recorded):
    """A state of the report that was handed out, with its file."""

    state = models.CharField(max_length=WORD_LENGTH)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=DIGEST_LENGTH)
    note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        """In a known state."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            _one_of("state", VERSION_STATES, "report_version_state_known"),
        ]


class AccuracyRound(Recorded):
    """A round of factual accuracy."""

    report_version = models.ForeignKey(
        ReportVersion, on_delete=models.PROTECT, related_name="rounds"
    )
    sent_on = models.DateField()
    working_days = models.PositiveIntegerField()
    due_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    signed_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    declaration = models.TextField(blank=True)
    note = models.TextField(blank=True)


class RoundOrganisation(models.Model):
    """An organisation that is asked in a round, in the order given."""

    accuracy_round = models.ForeignKey(
        AccuracyRound, on_delete=models.CASCADE, related_name="organisation_links"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Each once."""

        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(
                fields=["accuracy_round", "organisation"], name="round_organisation_once"
            )
        ]

    def __str__(self) -> str:
        """The organisation's id."""
        return self.organisation.code


class AccuracyComment(Recorded):
    """What an organisation says of a place in the draft, and what became of it."""

    accuracy_round = models.ForeignKey(
        AccuracyRound, on_delete=models.PROTECT, related_name="comments"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    section_kind = models.CharField(max_length=WORD_LENGTH)
    section = models.CharField(max_length=ID_LENGTH)
    paragraph = models.ForeignKey(
        ReportParagraph, null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    quoted = models.TextField(blank=True)
    text = models.TextField()
    shown_by = models.TextField(blank=True)
    decision = models.CharField(max_length=WORD_LENGTH, blank=True)
    reason = models.TextField(blank=True)
    change = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.CharField(max_length=TEXT_LENGTH, blank=True)

    class Meta(Recorded.Meta):
        """Decided in a known way, or not yet."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            _one_of("section_kind", SECTION_KINDS, "accuracy_section_kind_known"),
            _one_of("decision", ("", *DECISIONS), "accuracy_decision_known"),
        ]


class CommentDocument(models.Model):
    """A document that a comment rests on, in the order given."""

    comment = models.ForeignKey(
        AccuracyComment, on_delete=models.CASCADE, related_name="document_links"
    )
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Each once."""

        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["comment", "document"], name="comment_document_once")
        ]

    def __str__(self) -> str:
        """The document's digest."""
        return self.document.code
