"""Pages of those asked: their requests, one with its questions, an answer, giving all of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from wholesystem.reviews.requests.progress import QuestionProgress, RequestProgress
from wholesystem.web.requests import models as requests
from wholesystem.web.requests.actions import answering
from wholesystem.web.requests.answer_forms import AnswerForm, GiveForm, called
from wholesystem.web.requests.standing import (
    find_asked,
    find_question_asked,
    load_progress,
    requests_asked,
)
from wholesystem.web.workspace.rows import row_of
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import answer_form, files_of, sent_of

__all__ = ["give_answers", "show_your_request", "show_your_requests", "write_answer"]

form_page = require_http_methods(["GET", "HEAD", "POST"])


@review_page("answer_requests")
@require_safe
def show_your_requests(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the requests that a person is to answer, those that wait first."""
    codes = list(requests_asked(here.member).values_list("code", flat=True))
    found = load_progress(here.review, *codes) if codes else ()
    return render_page(
        request,
        here,
        "requests/your_requests",
        waiting=[one for one in found if one.takes_answers],
        others=[one for one in found if not one.takes_answers],
        today=timezone.localdate(),
    )


@review_page("answer_requests")
@require_safe
def show_your_request(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show a request that a person is to answer, question by question."""
    record = find_asked(here.member, code)
    return render_page(
        request,
        here,
        "requests/your_request",
        record=record,
        progress=load_progress(here.review, code)[0],
        today=timezone.localdate(),
    )


@review_page("answer_requests")
@form_page
def write_answer(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Write an answer; show it where it was given, or the request is over."""
    question = find_question_asked(here.member, code)
    progress = load_progress(here.review, question.request.code)[0]
    one = next(one for one in progress.questions if one.code == code)
    answer = requests.RequestAnswer.objects.filter(review=here.review, code=code).first()
    initial: dict[str, Any] = {}
    if answer is not None:
        initial = {**dict(row_of("request_answers", answer)), "version": answer.version}
    form = AnswerForm(
        sent_of(request), files_of(request), initial=initial, member=here.member, answer=answer
    )

    def save() -> Any:
        return answering.save_answer(
            review=here.review, by=here.member, code=code, values=form.values(),
            version=form.cleaned_data["version"], handed_in=form.handed_in,
        )  # fmt: skip

    def go_on(saved: Any) -> HttpResponse:
        place = _place(progress, one)
        messages.success(
            request, f"Saved: the draft of your answer to question {place}. It is not sent yet."
        )
        return _go_to(request, here, progress, one)

    return answer_form(
        request, here, "requests/your_answer", form, save, go_on,
        record=question.request, progress=progress, one=one, place=_place(progress, one),
        can_write=progress.request.state == "sent" and one.state in ("none", "draft", "returned"),
        attached=_attached(here, answer), most_mb=settings.LARGEST_REQUEST_BYTES // 1_048_576,
    )  # fmt: skip


def _attached(here: Here, answer: requests.RequestAnswer | None) -> list[str]:
    if answer is None:
        return []
    links = answer.document_links.select_related("document__recorded_by")
    return [called(one.document, here.member) for one in links]


def _place(progress: RequestProgress, one: QuestionProgress) -> int:
    return progress.questions.index(one) + 1


def _go_to(
    request: HttpRequest, here: Here, progress: RequestProgress, one: QuestionProgress
) -> HttpResponse:
    """The same question, to attach another file; the next one to be answered; or the request."""
    then = request.POST.get("then", "")
    if then == "stay":
        return redirect("workspace:your_answer", here.review.code, one.code)
    if then == "next":
        after = progress.questions[_place(progress, one) :]
        for other in after:
            if other.state in ("none", "draft", "returned"):
                return redirect("workspace:your_answer", here.review.code, other.code)
    return redirect("workspace:your_request", here.review.code, progress.code)


@review_page("answer_requests")
@form_page
def give_answers(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Look over what is to be given, and give it."""
    record = find_asked(here.member, code)
    progress = load_progress(here.review, code)[0]
    seen = answering.seen_answers(progress, answering.answer_versions(record))
    sent = request.POST.copy() if request.method == "POST" else None
    looked_at = sent.get("seen", "") if sent is not None else ""
    if sent is not None:
        # A refusal shows what stands now, and sending again is of that.
        sent["seen"] = seen
    form = GiveForm(sent, initial={"seen": seen})

    def save() -> Any:
        return answering.give_answers(review=here.review, by=here.member, code=code, seen=looked_at)

    def go_on(given: list[Any]) -> HttpResponse:
        what = "1 answer" if len(given) == 1 else f"{len(given)} answers"
        messages.success(request, f"Sent to the review team: {what} to {code}. Thank you.")
        return redirect("workspace:your_request", here.review.code, code)

    return answer_form(
        request, here, "requests/give", form, save, go_on,
        record=record, progress=progress, today=timezone.localdate(),
    )  # fmt: skip
