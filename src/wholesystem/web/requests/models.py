"""Information requests in the database, under the names of `reviews.requests.records`.

An answer's `code` is that of its question: there is one a question, and it is reached by it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from wholesystem.reviews.requests.records import ANSWER_STATES, REQUEST_STATES
from wholesystem.web.workspace.models import (
    ID_LENGTH,
    Document,
    DueDate,
    Member,
    Organisation,
    Record,
    Recorded,
    Source,
)

__all__ = [
    "AnswerDocument",
    "InformationRequest",
    "RequestAnswer",
    "RequestDueDate",
    "RequestPerson",
    "RequestQuestion",
    "RequestQuestionKloe",
    "RequestReturn",
]

TEXT_LENGTH = 2000
STATE_LENGTH = 10


def _one_of(field: str, words: tuple[str, ...], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": list(words)}), name=name)


def _once(*fields: str, name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=fields, name=name)


class InformationRequest(Recorded):
    """A request to one organisation, or to the system as a whole."""

    title = models.CharField(max_length=TEXT_LENGTH)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    question_set = models.CharField(max_length=ID_LENGTH, blank=True)
    illustrative = models.CharField(max_length=3)
    introduction = models.TextField(blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=STATE_LENGTH, default="draft")
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=TEXT_LENGTH, blank=True)

    class Meta(Recorded.Meta):
        """In a known state."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            _one_of("state", REQUEST_STATES, "request_state_known"),
            _one_of("illustrative", ("yes", "no"), "request_illustrative_known"),
        ]

    @property
    def asked(self) -> str:
        """Who is asked, as pages call them."""
        return self.organisation.name if self.organisation else "The system as a whole"


class RequestPerson(models.Model):
    """Somebody who is to answer a request, in the order given."""

    request = models.ForeignKey(
        InformationRequest, on_delete=models.CASCADE, related_name="person_links"
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="request_links")

    class Meta:
        """Each once."""

        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [_once("request", "member", name="request_person_once")]

    def __str__(self) -> str:
        """The person's id."""
        return self.member.code


class RequestDueDate(models.Model):
    """What reminds somebody of a request, in the order given."""

    request = models.ForeignKey(
        InformationRequest, on_delete=models.CASCADE, related_name="due_date_links"
    )
    due_date = models.ForeignKey(DueDate, on_delete=models.PROTECT, related_name="request_links")

    class Meta:
        """Each once."""

        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [_once("request", "due_date", name="request_due_date_once")]

    def __str__(self) -> str:
        """The due date's id."""
        return self.due_date.code


class RequestQuestion(Recorded):
    """A question of a request."""

    request = models.ForeignKey(
        InformationRequest, on_delete=models.PROTECT, related_name="questions"
    )
    order = models.PositiveIntegerField()
    text = models.TextField()
    help = models.TextField(blank=True)
    wants_document = models.CharField(max_length=3)
    withdrawn = models.CharField(max_length=TEXT_LENGTH, blank=True)

    class Meta(Recorded.Meta):
        """A document is wanted or not."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            _one_of("wants_document", ("yes", "no"), "request_question_document_known"),
        ]


class RequestQuestionKloe(models.Model):
    """A question of the framework that an answer informs, in the order given."""

    question = models.ForeignKey(
        RequestQuestion, on_delete=models.CASCADE, related_name="kloe_links"
    )
    kloe = models.CharField(max_length=ID_LENGTH, db_index=True)

    class Meta:
        """Each once."""

        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [_once("question", "kloe", name="request_question_kloe_once")]

    def __str__(self) -> str:
        """The question's id."""
        return self.kloe


class RequestAnswer(Recorded):
    """The answer to the question that has the same code."""

    state = models.CharField(max_length=STATE_LENGTH, default="draft")
    text = models.TextField(blank=True)
    cannot = models.TextField(blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    late = models.CharField(max_length=3, blank=True)
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="request_answers"
    )

    class Meta(Recorded.Meta):
        """In a known state; a source where it was accepted, and nowhere else."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            _one_of("state", ANSWER_STATES, "request_answer_state_known"),
            models.CheckConstraint(
                condition=Q(state="accepted", source__isnull=False)
                | (~Q(state="accepted") & Q(source__isnull=True)),
                name="request_answer_source_fits_state",
            ),
        ]


class AnswerDocument(models.Model):
    """A document attached to an answer, in the order given."""

    answer = models.ForeignKey(
        RequestAnswer, on_delete=models.CASCADE, related_name="document_links"
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="request_answer_links"
    )

    class Meta:
        """Each once."""

        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [_once("answer", "document", name="answer_document_once")]

    def __str__(self) -> str:
        """The document's digest."""
        return self.document.code


class RequestReturn(Recorded):
    """What was missing when an answer was sent back."""

    request_question = models.ForeignKey(
        RequestQuestion, on_delete=models.PROTECT, related_name="returns"
    )
    round = models.PositiveIntegerField()
    missing = models.TextField()
    said = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        """An answer is sent back once in a round."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            _once("request_question", "round", name="request_return_round_once"),
        ]
