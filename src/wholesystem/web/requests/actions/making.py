"""Requests made and changed by the review team, with their questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from wholesystem.reviews.requests.records import MOST_QUESTIONS, RequestQuestion
from wholesystem.web.requests import models as requests
from wholesystem.web.requests.actions.checks import (
    check_not_over,
    check_people,
    contributors_of,
    needed_reason,
    reminded,
)
from wholesystem.web.requests.reminders import keep_reminders
from wholesystem.web.requests.standing import find_request
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import (
    append_event,
    find_record,
    lock_review,
    next_code,
    now,
    save_record,
)
from wholesystem.web.workspace.errors import PolicyError, RecordFaults
from wholesystem.web.workspace.permissions import check_can
from wholesystem.web.workspace.rows import to_utc

__all__ = [
    "MOST_REQUESTS",
    "change_request",
    "save_question",
    "start_requests",
    "withdraw_question",
]

#: Made in one step.
MOST_REQUESTS = 100


@transaction.atomic
def start_requests(
    *,
    review: models.Review,
    by: models.Member,
    values: Mapping[str, Any],
    organisations: Sequence[str],
    questions: Sequence[Mapping[str, Any]],
) -> list[requests.InformationRequest]:
    """Make a request to each of several organisations, all with the same questions.

    Parameters
    ----------
    review : models.Review
        Whose they are.
    by : models.Member
        Who does it.
    values : mapping of str to object
        Columns of ``requests.csv``: title, introduction, due_on, question_set, illustrative.
    organisations : sequence of str
        Ids; empty text is the system as a whole.
    questions : sequence of mapping of str to object
        Columns of ``request_questions.csv``: text, help, kloe, wants_document; may be empty.

    Returns
    -------
    list of InformationRequest
        Drafts, in the order of the organisations. An organisation's contributors are named to
        answer; who answers for the system as a whole is to be named yet.

    Raises
    ------
    RecordFaults
        If a value breaks a rule, or nobody is asked.
    PermissionDenied
        If the person may not make requests.
    """
    check_can(by, "make_requests")
    if not 0 < len(organisations) <= MOST_REQUESTS:
        told = f"Choose whom to ask: 1 to {MOST_REQUESTS} organisations at once."
        raise RecordFaults({"organisations": [told]})
    review = lock_review(review)
    made = []
    for organisation in organisations:
        told_values = {**values, "organisation": organisation, "state": "draft"}
        request = save_record(review=review, by=by, table="requests", values=told_values)
        if request.organisation is not None:
            people = [one.code for one in contributors_of(review, request.organisation)]
            request = save_record(
                review=review, by=by, table="requests", values={"answered_by": people},
                code=request.code,
            )  # fmt: skip
        _write_questions(request, by, questions)
        made.append(request)
    return made


def _write_questions(
    request: requests.InformationRequest, by: models.Member, questions: Iterable[Mapping[str, Any]]
) -> None:
    """All questions of a new request at once, told in one event."""
    first = int(next_code(request.review, "request_questions")[1:])
    try:
        rows = [
            RequestQuestion.model_validate(
                {
                    **told,
                    "request_question": f"Q{first + at:03d}",
                    "request": request.code,
                    "order": (at + 1) * 10,
                    "recorded_by": by.code,
                    "recorded_at": now(),
                }
            )
            for at, told in enumerate(questions)
        ]
    except ValidationError as error:
        raise RecordFaults.of(error) from None
    _check_number(len(rows))
    records = [
        requests.RequestQuestion(
            review=request.review, request=request, code=row.request_question, order=row.order,
            text=row.text, help=row.help, wants_document=row.wants_document, recorded_by=by,
            recorded_at=to_utc(row.recorded_at),
        )
        for row in rows
    ]  # fmt: skip
    requests.RequestQuestion.objects.bulk_create(records)
    requests.RequestQuestionKloe.objects.bulk_create(
        requests.RequestQuestionKloe(question=record, kloe=kloe)
        for record, row in zip(records, rows, strict=True)
        for kloe in row.kloe
    )
    if rows:
        append_event(
            request.review,
            by=by,
            action="asked",
            table="requests",
            record=request.code,
            changes={row.request_question: (None, row.text) for row in rows},
        )


def _check_number(count: int) -> None:
    if count > MOST_QUESTIONS:
        raise RecordFaults(
            {"": [f"A request may have at most {MOST_QUESTIONS} questions. Ask less in one."]}
        )


@transaction.atomic
def change_request(
    *,
    review: models.Review,
    by: models.Member,
    code: str,
    values: Mapping[str, Any],
    version: int | None = None,
) -> requests.InformationRequest:
    """Change what a request says of itself; once it is sent, only who answers and by when.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Its id.
    values : mapping of str to object
        Columns of ``requests.csv``.
    version : int, optional
        The version that the person saw.

    Returns
    -------
    InformationRequest
        The request. Reminders follow it.

    Raises
    ------
    RecordFaults, Conflict, PermissionDenied, PolicyError, Http404
        See `save_record`; also if somebody is to answer who may not.
    """
    check_can(by, "make_requests")
    review = lock_review(review)
    before = find_request(review, code)
    people = values.get("answered_by")
    if people is not None:
        check_people(before, people)

    def check(record: requests.InformationRequest) -> None:
        check_not_over(record)
        if record.state == "sent" and not set(values) <= {"answered_by", "due_on"}:
            raise PolicyError(
                f"{record.code} was sent: only who answers it, and by when, can be changed."
            )
        if record.state == "sent" and "due_on" in values and not values["due_on"]:
            raise PolicyError(f"{record.code} was sent, so that it needs a day on which it is due.")

    saved = save_record(
        review=review, by=by, table="requests", values=values, code=code, version=version,
        check=check,
    )  # fmt: skip
    return reminded(saved, by)


# --------------------------------------------------------------------------- questions


@transaction.atomic
def save_question(
    *,
    review: models.Review,
    by: models.Member,
    request: str,
    values: Mapping[str, Any],
    code: str = "",
    version: int | None = None,
) -> requests.RequestQuestion:
    """Add a question to a request that was not sent yet, or change one.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    request : str
        Id of the request.
    values : mapping of str to object
        Columns of ``request_questions.csv``; without an order, a new one comes last.
    code : str
        The question's id; a new one is added if empty.
    version : int, optional
        The version that the person saw.

    Returns
    -------
    RequestQuestion
        The question.

    Raises
    ------
    RecordFaults, Conflict, PermissionDenied, PolicyError, Http404
        See `save_record`; also if the request was sent.
    """
    check_can(by, "make_requests")
    review = lock_review(review)
    asked = find_request(review, request)
    if asked.state != "draft":
        raise PolicyError(
            f"{request} was sent: its questions stay as they were asked. Withdraw one, or make"
            " another request."
        )
    told = {**values, "request": request}
    if not code:
        orders = list(asked.questions.values_list("order", flat=True))
        _check_number(len(orders) + 1)
        if not told.get("order"):
            told["order"] = min(max(orders, default=0) + 10, 10_000)
    saved: requests.RequestQuestion = save_record(
        review=review, by=by, table="request_questions", values=told, code=code, version=version,
        check=_check_is_asked,
    )  # fmt: skip
    return saved


def _check_is_asked(question: requests.RequestQuestion) -> None:
    if question.withdrawn:
        raise PolicyError(f"{question.code} is asked no longer.")


@transaction.atomic
def withdraw_question(
    *, review: models.Review, by: models.Member, code: str, why: str
) -> requests.RequestQuestion:
    """Ask a question no longer; what was answered stays.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Id of the question.
    why : str
        The reason.

    Returns
    -------
    RequestQuestion
        The question.

    Raises
    ------
    RecordFaults
        If no reason is given.
    PolicyError
        If its answer was accepted, it is withdrawn already, or its request is over.
    PermissionDenied, Http404
        See `save_record`.
    """
    check_can(by, "make_requests")
    why = needed_reason(why)
    review = lock_review(review)
    question: requests.RequestQuestion = find_record(review, "request_questions", code)
    check_not_over(question.request)
    answers = requests.RequestAnswer.objects.filter(review=review, code=code)
    source = models.Source.objects.filter(request_answers__in=answers).first()
    if source is not None:
        raise PolicyError(f"The answer to {code} was accepted as {source.code}. It stays.")
    saved: requests.RequestQuestion = save_record(
        review=review, by=by, table="request_questions", values={"withdrawn": why}, code=code,
        action="withdrawn", why=why, check=_check_is_asked,
    )  # fmt: skip
    if question.request.state == "sent":
        keep_reminders(request=question.request, by=by)
    return saved
