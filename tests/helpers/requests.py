"""Builders of information requests in the workspace, with good defaults."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tests.helpers.workspace import lead_of, make_member
from wholesystem.web.requests import models as requests
from wholesystem.web.requests.actions import answering, making, sending
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import sources as source_actions

QUESTIONS = (
    {"text": "Which strategy do you follow?", "wants_document": "yes"},
    {"text": "Who waits the longest?", "kloe": ("step_down_responsive",), "wants_document": "no"},
)


def make_organisation(review: models.Review, name: str = "The trust") -> models.Organisation:
    """An organisation of the system."""
    return source_actions.save_organisation(
        review=review, by=lead_of(review), values={"name": name}
    )


def make_contributor(
    review: models.Review, organisation: models.Organisation | None = None, name: str = "Con"
) -> models.Member:
    """Somebody of an organisation who answers requests."""
    return make_member(
        review, "system_contributor", name=name,
        organisation=organisation.code if organisation else "",
    )  # fmt: skip


def make_request(
    review: models.Review,
    organisation: models.Organisation | None = None,
    questions: Sequence[Any] = QUESTIONS,
    **values: Any,
) -> requests.InformationRequest:
    """A draft of a request to one organisation, or to the system as a whole."""
    told = {"title": "Overview", "illustrative": "no", **values}
    (made,) = making.start_requests(
        review=review, by=lead_of(review), values=told, questions=questions,
        organisations=[organisation.code if organisation else ""],
    )  # fmt: skip
    return made


def send(
    request: requests.InformationRequest, due_on: date | None = None, **values: Any
) -> requests.InformationRequest:
    """The request, sent; due in a week if no day is given."""
    due_on = due_on or timezone.localdate() + timedelta(days=7)
    return sending.send_request(
        review=request.review, by=lead_of(request.review), code=request.code,
        values={"due_on": due_on, **values},
    )  # fmt: skip


def answer(by: models.Member, code: str, text: str = "We follow ours.", **values: Any) -> Any:
    """A draft of an answer; what is there before is written over."""
    there = requests.RequestAnswer.objects.filter(review=by.review, code=code).first()
    return answering.save_answer(
        review=by.review, by=by, code=code, values={"text": text, **values},
        version=there.version if there else None,
    )  # fmt: skip


def give(by: models.Member, code: str) -> Any:
    """All that is written, given."""
    return answering.give_answers(review=by.review, by=by, code=code)
