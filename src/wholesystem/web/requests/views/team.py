"""The review team's pages of requests: all of them, who has answered what, one, its answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wholesystem.reviews.requests.progress import RequestProgress, sort_by_standing
from wholesystem.reviews.requests.summary import make_grid
from wholesystem.web.requests.standing import find_request, load_progress
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.evidence_lists import listed_evidence
from wholesystem.web.workspace.reminders import DAYS_AHEAD
from wholesystem.web.workspace.views.pages import Here, render_page, review_page

__all__ = ["organisation_names", "show_request", "show_request_question", "show_requests",
           "show_summary"]  # fmt: skip

#: Requests that stand side by side in the table of who has answered what.
MOST_COLUMNS = 30


def organisation_names(review: models.Review) -> dict[str, str]:
    """Names of a review's organisations as they are today.

    Parameters
    ----------
    review : models.Review
        The review.

    Returns
    -------
    dict of str to str
        By id; empty text is the system as a whole.
    """
    names = dict(review.organisation_set.values_list("code", "name"))
    return {"": "The system as a whole", **names}


@review_page("see_requests")
@require_safe
def show_requests(request: HttpRequest, here: Here) -> HttpResponse:
    """Show all requests, with what should be looked at first."""
    found, today = load_progress(here.review), timezone.localdate()
    return render_page(
        request,
        here,
        "requests/requests",
        found=found,
        standing=sort_by_standing(found, today, DAYS_AHEAD),
        names=organisation_names(here.review),
        today=today,
        days_ahead=DAYS_AHEAD,
    )


@review_page("see_requests")
@require_safe
def show_summary(request: HttpRequest, here: Here) -> HttpResponse:
    """Show who has answered what, questions by those asked."""
    sent = [one for one in load_progress(here.review) if one.request.sent_at is not None]
    return render_page(
        request,
        here,
        "requests/summary",
        grid=make_grid(sent[:MOST_COLUMNS]),
        left_out=sent[MOST_COLUMNS:],
        names=organisation_names(here.review),
    )


@review_page("see_requests")
@require_safe
def show_request(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show a request: whom it asks, how far it has come, its questions and answers."""
    record = find_request(here.review, code)
    progress = load_progress(here.review, code)[0]
    return render_page(
        request,
        here,
        "requests/request",
        record=record,
        progress=progress,
        people=[one.member for one in record.person_links.select_related("member")],
        today=timezone.localdate(),
        documents=document_names(here.review, progress),
    )


def document_names(review: models.Review, *found: RequestProgress) -> dict[str, str]:
    """Names of the documents attached to the answers of requests.

    Parameters
    ----------
    review : models.Review
        The review.
    *found : RequestProgress
        How far the requests have come.

    Returns
    -------
    dict of str to str
        By digest.
    """
    answers = [one.answer for request in found for one in request.questions if one.answer]
    digests = {digest for answer in answers for digest in answer.documents}
    rows = review.document_set.filter(code__in=digests)
    return dict(rows.values_list("code", "name"))


@review_page("see_requests")
@require_safe
def show_request_question(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show a question with its answer, what was sent back, and the evidence it became."""
    record = find_record(here.review, "request_questions", code)
    progress = load_progress(here.review, record.request.code)[0]
    one = next(one for one in progress.questions if one.code == code)
    return render_page(
        request,
        here,
        "requests/question",
        record=record.request,
        progress=progress,
        one=one,
        people=dict(here.review.member_set.values_list("code", "name")),
        documents=document_names(here.review, progress),
        **_sources(here, one.answer),
    )


def _sources(here: Here, answer: Any) -> dict[str, Any]:
    """What an accepted answer became: its source, and the evidence from it."""
    if answer is None or not answer.source:
        return {"source": None, "evidence": []}
    source = find_record(here.review, "sources", answer.source)
    return {"source": source, "evidence": list(listed_evidence(here.review).filter(source=source))}
