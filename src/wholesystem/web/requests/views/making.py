"""The review team's forms: starting requests, changing, asking, sending, ending them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.requests.question_sets import (
    SetQuestion,
    packaged_question_sets,
    read_question_set,
)
from wholesystem.web.requests import models as requests
from wholesystem.web.requests.actions import making, sending
from wholesystem.web.requests.forms import (
    EndRequestForm,
    QuestionForm,
    RequestForm,
    SendForm,
    SendManyForm,
    StartForm,
)
from wholesystem.web.requests.standing import find_request, progress_of
from wholesystem.web.requests.starting import find_questions
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.forms.base import try_save
from wholesystem.web.workspace.rows import row_of
from wholesystem.web.workspace.views.faults import fault_rows
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import answer_form, files_of, sent_of, status_of

__all__ = [
    "add_request_question",
    "change_request",
    "change_request_question",
    "close_request",
    "reopen_request",
    "send_request",
    "send_requests",
    "start_requests",
    "withdraw_request",
    "withdraw_request_question",
]

form_page = require_http_methods(["GET", "HEAD", "POST"])


@review_page("make_requests")
@form_page
def start_requests(request: HttpRequest, here: Here) -> HttpResponse:
    """Start a request to each of several organisations."""
    before = request.GET.get("from", "")
    form = StartForm(
        sent_of(request), files_of(request), review=here.review,
        initial={"questions": f"request-{before}"} if before else {},
    )  # fmt: skip
    faults: tuple[Fault, ...] = ()
    if form.is_bound and form.is_valid():
        try:
            asked = find_questions(form, here.review, here.framework)
        except TableError as error:
            faults = error.faults
            many = f"{len(faults)} faults were" if len(faults) > 1 else "One fault was"
            form.add_error("file", f"{many} found. See the table on this page. Nothing was kept.")
        else:
            made = try_save(
                form, making.start_requests, review=here.review, by=here.member,
                values={**form.told(), **asked.values}, organisations=form.asked(),
                questions=asked.questions,
            )  # fmt: skip
            if made is not None:
                return _started(request, here, made, asked.note)
    return render_page(
        request, here, "requests/start", status_of(form),
        form=form, faults=fault_rows(faults), columns=SetQuestion.columns(),
        about={name: read_question_set(name) for name in packaged_question_sets()},
    )  # fmt: skip


def _started(request: HttpRequest, here: Here, made: list[Any], note: str) -> HttpResponse:
    codes = ", ".join(one.code for one in made)
    messages.success(request, f"Made, not sent yet: {codes}. {note}".strip())
    if len(made) == 1:
        return redirect("workspace:request", here.review.code, made[0].code)
    return redirect("workspace:requests", here.review.code)


def _initial(table: str, record: Any) -> dict[str, Any]:
    return {**dict(row_of(table, record)), "version": record.version}


def _go_to(request: HttpRequest, here: Here, told: str) -> Callable[[Any], HttpResponse]:
    def go_on(saved: Any) -> HttpResponse:
        messages.success(request, told.format(code=saved.code))
        return redirect("workspace:request", here.review.code, saved.code)

    return go_on


@review_page("make_requests")
@form_page
def change_request(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Change what a request says of itself, or who answers and by when."""
    record = find_request(here.review, code)
    form = RequestForm(sent_of(request), initial=_initial("requests", record), request=record)

    def save() -> Any:
        return making.change_request(
            review=here.review, by=here.member, code=code, values=form.values(),
            version=form.cleaned_data["version"],
        )  # fmt: skip

    return answer_form(
        request, here, "requests/change", form, save, _go_to(request, here, "Saved: {code}."),
        record=record,
    )  # fmt: skip


@review_page("make_requests")
@form_page
def send_request(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Send a request to those who answer it."""
    record = find_request(here.review, code)
    form = SendForm(sent_of(request), initial=_initial("requests", record), request=record)

    def save() -> Any:
        return sending.send_request(
            review=here.review, by=here.member, code=code, values=form.values(),
            version=form.cleaned_data["version"],
        )  # fmt: skip

    told = "Sent: {code}. Those who answer see it from now on. Nobody is e-mailed: tell them."
    return answer_form(
        request, here, "requests/send", form, save, _go_to(request, here, told),
        record=record, progress=progress_of(record),
    )  # fmt: skip


@review_page("make_requests")
@form_page
def send_requests(request: HttpRequest, here: Here) -> HttpResponse:
    """Send several drafts, all due on one day."""
    found = requests.InformationRequest.objects.filter(review=here.review, state="draft")
    drafts = list(found.select_related("organisation").order_by("pk"))
    initial = {"requests": [one.code for one in drafts]}
    form = SendManyForm(sent_of(request), initial=initial, drafts=drafts)

    def save() -> Any:
        return sending.send_requests(
            review=here.review, by=here.member, codes=form.cleaned_data["requests"],
            due_on=form.cleaned_data["due_on"],
        )  # fmt: skip

    def go_on(sent: list[Any]) -> HttpResponse:
        codes = ", ".join(one.code for one in sent)
        messages.success(request, f"Sent: {codes}. Nobody is e-mailed: tell those who answer.")
        return redirect("workspace:requests", here.review.code)

    return answer_form(request, here, "requests/send_many", form, save, go_on, drafts=drafts)


def _end(
    request: HttpRequest, here: Here, code: str, act: Callable[..., Any], word: str
) -> HttpResponse:
    record = find_request(here.review, code)
    form = EndRequestForm(sent_of(request))

    def save() -> Any:
        why = form.cleaned_data["why"]
        return act(review=here.review, by=here.member, code=code, why=why)

    told = f"{{code}} is {word}. It stays here to be seen, with what was answered."
    return answer_form(
        request, here, "requests/end", form, save, _go_to(request, here, told),
        record=record, word=word,
    )  # fmt: skip


@review_page("make_requests")
@form_page
def close_request(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Take no more answers to a request."""
    return _end(request, here, code, sending.close_request, "closed")


@review_page("make_requests")
@form_page
def withdraw_request(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Take a request back, with a reason."""
    return _end(request, here, code, sending.withdraw_request, "withdrawn")


@review_page("make_requests")
@require_POST
def reopen_request(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Take answers again to a request that was closed."""
    try:
        sending.reopen_request(review=here.review, by=here.member, code=code)
    except PolicyError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{code} takes answers again.")
    return redirect("workspace:request", here.review.code, code)


# --------------------------------------------------------------------------- questions


@review_page("make_requests")
@form_page
def add_request_question(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Add a question to a request that was not sent yet."""
    return _question(request, here, find_request(here.review, code), None)


@review_page("make_requests")
@form_page
def change_request_question(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Change a question of a request that was not sent yet."""
    question = find_record(here.review, "request_questions", code)
    return _question(request, here, question.request, question)


def _question(request: HttpRequest, here: Here, record: Any, question: Any) -> HttpResponse:
    initial = _initial("request_questions", question) if question else {"wants_document": "no"}
    form = QuestionForm(sent_of(request), initial=initial, framework=here.framework)

    def save() -> Any:
        return making.save_question(
            review=here.review, by=here.member, request=record.code, values=form.values(),
            code=question.code if question else "", version=form.cleaned_data["version"],
        )  # fmt: skip

    def go_on(saved: Any) -> HttpResponse:
        messages.success(request, f"Saved: {saved.code}.")
        if request.POST.get("then") == "another":
            return redirect("workspace:add_request_question", here.review.code, record.code)
        return redirect("workspace:request", here.review.code, record.code)

    return answer_form(
        request, here, "requests/change_question", form, save, go_on,
        record=record, question=question,
    )  # fmt: skip


@review_page("make_requests")
@form_page
def withdraw_request_question(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Ask a question no longer."""
    question = find_record(here.review, "request_questions", code)
    form = EndRequestForm(sent_of(request))

    def save() -> Any:
        why = form.cleaned_data["why"]
        return making.withdraw_question(review=here.review, by=here.member, code=code, why=why)

    def go_on(saved: Any) -> HttpResponse:
        messages.success(request, f"{saved.code} is asked no longer.")
        return redirect("workspace:request", here.review.code, question.request.code)

    return answer_form(
        request, here, "requests/withdraw_question", form, save, go_on,
        record=question.request, question=question,
    )  # fmt: skip
