"""What the review team does with answers: sends them back, accepts them, takes them all out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholesystem.reviews.requests.summary import ANSWER_COLUMNS, answer_rows
from wholesystem.web.requests.actions.judging import accept_answers as accept
from wholesystem.web.requests.actions.judging import return_answers as give_back
from wholesystem.web.requests.forms import ReturnForm
from wholesystem.web.requests.standing import find_request, load_progress
from wholesystem.web.requests.table_files import write_csv, write_xlsx
from wholesystem.web.requests.views.team import document_names, organisation_names
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.views.pages import Here, review_page
from wholesystem.web.workspace.views.saving import answer_form, sent_of

__all__ = ["accept_answer", "accept_request", "return_request", "take_out_answers"]

WRITERS = {"csv": write_csv, "xlsx": write_xlsx}


@review_page("make_requests")
@require_http_methods(["GET", "HEAD", "POST"])
def return_request(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Send answers back, each with what is missing."""
    record = find_request(here.review, code)
    progress = load_progress(here.review, code)[0]
    form = ReturnForm(sent_of(request), request=progress)

    def save() -> Any:
        return give_back(
            review=here.review, by=here.member, code=code, missing=form.missing(),
            due_on=form.due(),
        )  # fmt: skip

    def go_on(back: list[Any]) -> HttpResponse:
        codes = ", ".join(one.code for one in back)
        messages.success(request, f"Sent back with what is missing: {codes}.")
        return redirect("workspace:request", here.review.code, code)

    return answer_form(
        request, here, "requests/return", form, save, go_on,
        record=record, progress=progress, documents=document_names(here.review, progress),
    )  # fmt: skip


@review_page("make_requests")
@require_POST
def accept_request(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Accept every answer of a request that waits."""
    _accept(request, here, code)
    return redirect("workspace:request", here.review.code, code)


@review_page("make_requests")
@require_POST
def accept_answer(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Accept the answer to one question."""
    question = find_record(here.review, "request_questions", code)
    _accept(request, here, question.request.code, code)
    return redirect("workspace:request_question", here.review.code, code)


def _accept(request: HttpRequest, here: Here, code: str, question: str = "") -> None:
    try:
        sources = accept(review=here.review, by=here.member, code=code, question=question)
    except PolicyError as error:
        messages.error(request, str(error))
        return
    codes = ", ".join(one.code for one in sources)
    messages.success(request, f"Accepted. Evidence can be recorded from it: {codes}.")


@review_page("see_requests")
@require_safe
def take_out_answers(request: HttpRequest, here: Here, kind: str) -> HttpResponse:
    """Hand out every answer as one table."""
    if kind not in WRITERS:
        raise Http404("Answers are taken out as csv or xlsx.")
    found = load_progress(here.review)
    names = document_names(here.review, *found)
    rows = answer_rows(found, organisation_names(here.review), names)
    content, media_type = WRITERS[kind](ANSWER_COLUMNS, rows)
    answer = HttpResponse(content, content_type=media_type)
    name = f"{here.review.code}-answers.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
