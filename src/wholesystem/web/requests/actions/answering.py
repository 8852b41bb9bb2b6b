"""Answers written and given by those asked."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from wholesystem.reviews.requests.progress import QuestionProgress, RequestProgress
from wholesystem.web.requests import models as requests
from wholesystem.web.requests.reminders import keep_reminders
from wholesystem.web.requests.standing import find_asked, find_question_asked, progress_of
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import lock_review, now, save_record
from wholesystem.web.workspace.errors import Conflict, PolicyError
from wholesystem.web.workspace.permissions import check_can
from wholesystem.web.workspace.rows import row_of

__all__ = ["answer_versions", "check_takes_answers", "give_answers", "save_answer", "seen_answers"]


def check_takes_answers(request: requests.InformationRequest) -> None:
    """Refuse answers to a request that is over.

    Parameters
    ----------
    request : InformationRequest
        To be answered.

    Raises
    ------
    PolicyError
        If it was closed or withdrawn; says why, and that nothing is lost.
    """
    if request.state != "sent":
        raise PolicyError(
            f"{request.code} was {request.state} by the review team: {request.ended_why} No more"
            " answers are taken. What was saved is kept as it is."
        )


@transaction.atomic
def save_answer(
    *,
    review: models.Review,
    by: models.Member,
    code: str,
    values: Mapping[str, Any],
    version: int | None = None,
    handed_in: Collection[str] = (),
) -> requests.RequestAnswer:
    """Keep a draft of an answer. It is given later, with the others.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who answers.
    code : str
        Id of the question.
    values : mapping of str to object
        ``text``, ``cannot`` and ``documents``.
    version : int, optional
        The version of the answer that the person saw; None where there was none.
    handed_in : collection of str
        Digests of documents that the person handed in just now.

    Returns
    -------
    RequestAnswer
        The answer.

    Raises
    ------
    Conflict
        If somebody else of the organisation saved an answer meanwhile.
    PolicyError
        If the request is over, or the answer was given and not sent back.
    RecordFaults
        If a value breaks a rule.
    PermissionDenied, Http404
        If the person may not answer, or not this.
    """
    check_can(by, "answer_requests")
    review = lock_review(review)
    question = find_question_asked(by, code)
    check_takes_answers(question.request)
    if question.withdrawn:
        raise PolicyError(f"This is asked no longer: {question.withdrawn} What was saved is kept.")
    before = requests.RequestAnswer.objects.filter(review=review, code=code).first()
    if before is not None:
        if before.state in ("given", "accepted"):
            raise PolicyError(
                "This answer was given. The review team can send it back, so that you can add to"
                " it."
            )
        if version is None:
            row = row_of("request_answers", before)
            raise Conflict("request_answers", code, dict(row), before.version)
    _check_documents(before, by, values.get("documents", ()), handed_in)
    told = {"request_question": code, **values}
    if before is None:
        told["state"] = "draft"
    saved: requests.RequestAnswer = save_record(
        review=review, by=by, table="request_answers", values=told,
        code=code if before is not None else "", version=version if before is not None else None,
    )  # fmt: skip
    return saved


def _check_documents(
    before: requests.RequestAnswer | None,
    by: models.Member,
    wanted: Collection[str],
    handed_in: Collection[str],
) -> None:
    """Refuse documents that are nobody's to attach: a digest could be another organisation's."""
    there = {str(one) for one in before.document_links.all()} if before is not None else set()
    new = set(wanted) - there - set(handed_in)
    own = set(
        models.Document.objects.filter(
            review_id=by.review_id,
            recorded_by=by,
            code__in=new,
        ).values_list("code", flat=True)
    )
    if new - own:
        raise PolicyError("A document that is not among yours cannot be attached. Choose a file.")


def seen_answers(request: RequestProgress, versions: Mapping[str, int]) -> str:
    """What a person saw of a request before giving its answers.

    Parameters
    ----------
    request : RequestProgress
        As it was shown.
    versions : mapping of str to int
        Of the answers, by question.

    Returns
    -------
    str
        Differs as soon as an answer differs.
    """
    lines = [f"{one.code} {one.state} {versions.get(one.code, 0)}" for one in request.asked]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:40]


def answer_versions(request: requests.InformationRequest) -> dict[str, int]:
    """Versions of a request's answers, by question.

    Parameters
    ----------
    request : InformationRequest
        The request.

    Returns
    -------
    dict of str to int
        Without questions that have no answer.
    """
    found = requests.RequestAnswer.objects.filter(
        review=request.review, code__in=request.questions.values("code")
    )
    return dict(found.values_list("code", "version"))


@transaction.atomic
def give_answers(
    *, review: models.Review, by: models.Member, code: str, seen: str = ""
) -> list[QuestionProgress]:
    """Give the review team every answer of a request that is written and not given.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who gives them.
    code : str
        Id of the request.
    seen : str
        `seen_answers` of what the person saw; not asked if empty.

    Returns
    -------
    list of QuestionProgress
        Those that were given, as they were before. Late ones are marked late.

    Raises
    ------
    PolicyError
        If the request is over, nothing is written that was not given, or somebody changed an
        answer since.
    PermissionDenied, Http404
        If the person may not answer, or not this.
    """
    check_can(by, "answer_requests")
    review = lock_review(review)
    request = find_asked(by, code)
    check_takes_answers(request)
    progress = progress_of(request)
    if seen and seen != seen_answers(progress, answer_versions(request)):
        raise PolicyError(
            "Somebody of your organisation changed an answer since you opened this page. Nothing"
            " was sent. Look again, then send."
        )
    given = [one for one in progress.asked if one.can_be_given]
    if not given:
        raise PolicyError("There is nothing to send: no answer is written that was not given.")
    is_late = request.due_on is not None and timezone.localdate() > request.due_on
    told = {"state": "given", "given_at": now(), "late": "yes" if is_late else "no"}
    for one in given:
        save_record(
            review=review, by=by, table="request_answers", values=told, code=one.code,
            action="given",
        )  # fmt: skip
    keep_reminders(request=request, by=by)
    return given
