"""Information requests as the rows of `wholesystem.reviews.requests`, and who may answer them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404

from wholesystem.reviews.requests.progress import RequestProgress, make_progress
from wholesystem.web.requests import models as requests
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.rows import MAPS, row_of

__all__ = [
    "find_asked",
    "find_question_asked",
    "find_request",
    "load_progress",
    "progress_of",
    "requests_asked",
]


def load_progress(review: models.Review, *codes: str) -> tuple[RequestProgress, ...]:
    """How far requests have come.

    Parameters
    ----------
    review : models.Review
        The review.
    *codes : str
        Ids of requests; all of the review if none is given.

    Returns
    -------
    tuple of RequestProgress
        In the order in which they were made; in eight queries, however many there are.
    """
    found = MAPS["requests"].all_of(review.pk)
    questions = MAPS["request_questions"].all_of(review.pk)
    if codes:
        found = found.filter(code__in=codes)
        questions = questions.filter(request__code__in=codes)
    asked = [row_of("request_questions", one) for one in questions]
    answers = MAPS["request_answers"].all_of(review.pk)
    returns = MAPS["request_returns"].all_of(review.pk)
    if codes:
        names = [one.request_question for one in asked]
        answers = answers.filter(code__in=names)
        returns = returns.filter(request_question__code__in=names)
    return make_progress(
        [row_of("requests", one) for one in found],
        asked,
        [row_of("request_answers", one) for one in answers],
        [row_of("request_returns", one) for one in returns],
    )


def progress_of(request: requests.InformationRequest) -> RequestProgress:
    """How far one request has come.

    Parameters
    ----------
    request : InformationRequest
        From the database.

    Returns
    -------
    RequestProgress
        Of its questions and answers as they stand.
    """
    return load_progress(request.review, request.code)[0]


def requests_asked(member: models.Member) -> Any:
    """Requests that a person is to answer, or was.

    Parameters
    ----------
    member : models.Member
        Somebody of the system.

    Returns
    -------
    QuerySet
        Those that were sent to their organisation; those to the system as a whole, where they are
        named. Never a draft, and never another organisation's.
    """
    own = Q(person_links__member=member, organisation__isnull=True)
    if member.organisation_id is not None:
        own |= Q(organisation_id=member.organisation_id)
    found = requests.InformationRequest.objects.filter(
        own,
        review_id=member.review_id,
        sent_at__isnull=False,
    ).exclude(state="draft")
    return found.select_related("organisation", "review").distinct().order_by("pk")


def find_asked(member: models.Member, code: str) -> requests.InformationRequest:
    """A request that a person is to answer.

    Parameters
    ----------
    member : models.Member
        Somebody of the system.
    code : str
        Id of the request.

    Returns
    -------
    InformationRequest
        The request.

    Raises
    ------
    Http404
        If it is none of theirs; nobody is told that it is another's.
    """
    found = requests_asked(member).filter(code=code.replace("\x00", " ")).first()
    if found is None:
        raise Http404("There is no such request among yours.")
    request: requests.InformationRequest = found
    return request


def find_question_asked(member: models.Member, code: str) -> requests.RequestQuestion:
    """A question that a person is to answer.

    Parameters
    ----------
    member : models.Member
        Somebody of the system.
    code : str
        Id of the question.

    Returns
    -------
    RequestQuestion
        With its request.

    Raises
    ------
    Http404
        If it is none of theirs.
    """
    question: requests.RequestQuestion = find_record(member.review, "request_questions", code)
    find_asked(member, question.request.code)
    return question


def find_request(review: models.Review, code: str) -> requests.InformationRequest:
    """A request of a review.

    Parameters
    ----------
    review : models.Review
        The review.
    code : str
        Its id.

    Returns
    -------
    InformationRequest
        The request.

    Raises
    ------
    Http404
        If there is none.
    """
    found: requests.InformationRequest = find_record(review, "requests", code)
    return found
