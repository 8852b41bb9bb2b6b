"""Respondents' pages: a link, the questions page by page, a check, and thanks.

No account, no session and no script; what is kept of a respondent's browser is one cookie with a
code that the respondent can write down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wholesystem.errors import TableError
from wholesystem.reviews.feedback.answers import check_part, make_sheet
from wholesystem.reviews.feedback.groups import least_shown
from wholesystem.reviews.feedback.instrument import Answer, Instrument
from wholesystem.web.accounts.throttle import read_address
from wholesystem.web.answers import limits
from wholesystem.web.answers.envelopes import (
    Draft,
    Found,
    FullError,
    find_link,
    new_code,
    read_draft,
    save_draft,
    send,
    tidy_code,
    was_sent,
)
from wholesystem.web.answers.forms import PageForm, name_warnings, pages_of, read_page
from wholesystem.web.answers.store import OpenTool, open_path

__all__ = [
    "come_back",
    "show_check",
    "show_cover",
    "show_later",
    "show_page",
    "show_thanks",
    "show_you",
]

COOKIE = "wholesystem_answer"
#: Bytes of a page of answers: several long comments in any script.
MOST_BYTES = 400_000
#: A field that people do not see and machines fill in.
TRAP = "website"
_STATUS = {"unknown": 404, "closed": 410, "late": 410, "withdrawn": 410, "used": 200}


@dataclass(frozen=True)
class _Here:
    """A respondent at a link."""

    token: str
    found: Found
    tool: OpenTool
    code: str
    draft: Draft | None

    @property
    def instrument(self) -> Instrument:
        return self.tool.instrument

    def url(self, name: str, *more: object) -> str:
        return reverse(f"answers:{name}", args=[self.token, *more])


View = Callable[..., HttpResponseBase]


def _at_link(view: View) -> View:
    """Find the link, and tell plainly where it leads nowhere."""

    @login_not_required
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answer(request: HttpRequest, token: str, **more: Any) -> HttpResponseBase:
        if _is_too_large(request):
            return _refuse(request, "large", 413)
        address = read_address(request)
        if limits.guesses.is_over(address) or limits.guesses_of_all.is_over("all"):
            return _refuse(request, "busy", 429)
        found = find_link(token, timezone.localdate())
        if found.state == "unknown":
            limits.guesses.count(address)
            limits.guesses_of_all.count("all")
        if found.state != "ready" or found.tool is None:
            return _refuse(request, found.state, _STATUS[found.state], found.tool)
        try:
            return _answer_ready(view, request, token, found, found.tool, **more)
        except FileNotFoundError:  # the tool was closed within this request
            if open_path(found.tool.key).exists():
                raise
            return _refuse(request, "closed", 410, found.tool)

    return answer


def _answer_ready(
    view: View, request: HttpRequest, token: str, found: Found, tool: OpenTool, **more: Any
) -> HttpResponseBase:
    code = tidy_code(request.COOKIES.get(COOKIE, ""))
    if was_sent(found, code):
        # Somebody else may want to answer in this browser: the next visit begins anew.
        told = _refuse(request, "used", 200, tool)
        told.delete_cookie(COOKIE, path=reverse("answers:cover", args=[token]))
        return told
    return view(request, _Here(token, found, tool, code, read_draft(found, code)), **more)


def _is_too_large(request: HttpRequest) -> bool:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES
    except ValueError:
        return True


def _refuse(
    request: HttpRequest, state: str, status: int, tool: OpenTool | None = None
) -> HttpResponse:
    answer = render(
        request, "answers/stopped.html.jinja", {"state": state, "tool": tool}, status=status
    )
    if status == 429:
        answer["Retry-After"] = str(limits.MINUTE)
    return answer


def _show(
    request: HttpRequest, template: str, here: _Here, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"here": here, "tool": here.tool, "instrument": here.instrument, **more}
    return render(request, f"answers/{template}.html.jinja", context, status=status)


def _with_code(answer: HttpResponseBase, request: HttpRequest, here: _Here) -> HttpResponseBase:
    """Give the browser the code by which it is known until the tool's last day."""
    days = max((here.tool.last_day - timezone.localdate()).days, 0) + 1
    answer.set_cookie(
        COOKIE,
        here.code,
        max_age=days * 86_400,
        path=here.url("cover"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return answer


# --------------------------------------------------------------------------- the way through


@_at_link
def show_cover(request: HttpRequest, here: _Here) -> HttpResponseBase:
    """Show what this is and who sees what, and begin."""
    if request.method == "POST":
        here = replace(here, code=here.code or new_code())
        return _with_code(redirect(_next(here, here.draft or Draft(), None)), request, here)
    return _show(request, "cover", here, minutes=_minutes(here.instrument), least=least_shown())


def _minutes(instrument: Instrument) -> int:
    """How long it takes, at about four choices or one comment a minute; told in words as about."""
    texts = sum(one.kind == "text" for one in instrument.asked)
    return max(1, round((len(instrument.asked) - texts) / 4 + texts))


def _asks_who(here: _Here) -> bool:
    wants = here.instrument.info.asks_organisation == "yes" and not here.found.organisation
    return not here.found.role or wants


def _known(here: _Here, draft: Draft) -> Draft:
    """A draft with what the link says of the respondent."""
    asks = here.instrument.info.asks_organisation == "yes"
    return replace(
        draft,
        role=here.found.role or draft.role,
        organisation=(here.found.organisation or draft.organisation) if asks else "",
    )


def _is_known(here: _Here, draft: Draft) -> bool:
    asks = here.instrument.info.asks_organisation == "yes"
    return draft.role in here.instrument.role_by_id and (bool(draft.organisation) or not asks)


def _next(here: _Here, draft: Draft, after: int | None) -> str:
    """Address of the step after a page; after None, of the first."""
    draft = _known(here, draft)
    if after is None and _asks_who(here) or not _is_known(here, draft):
        return here.url("you")
    pages = pages_of(here.instrument, draft.role, draft.answers)
    later = [page for page in pages if after is None or page > after]
    return here.url("page", later[0]) if later else here.url("check")


def _save(request: HttpRequest, here: _Here, draft: Draft) -> HttpResponseBase | None:
    """Save a draft; an answer where it could not be."""
    # Known by the draft and not by the code alone: a code that leads to nothing begins anew.
    if here.draft is None and not here.found.is_single:
        if not limits.new_envelopes.count(here.found.link):
            return _refuse(request, "busy", 429, here.tool)
    try:
        state = save_draft(here.found, here.code, draft)
    except FullError:
        return _refuse(request, "full", 410, here.tool)
    if state != "ready":
        return _refuse(request, state, _STATUS[state], here.tool)
    return None


def _begun(view: View) -> View:
    """Lead to the cover where nothing was begun in this browser."""

    @wraps(view)
    def answer(request: HttpRequest, here: _Here, **more: Any) -> HttpResponseBase:
        if not here.code:
            return redirect(here.url("cover"))
        if request.method == "POST" and request.POST.get(TRAP):
            return _refuse(request, "trap", 400, here.tool)
        return view(request, here, **more)

    return answer


@_at_link
@_begun
def show_you(request: HttpRequest, here: _Here) -> HttpResponseBase:
    """Ask what the respondent is, where the link does not say."""
    draft = _known(here, here.draft or Draft())
    errors: dict[str, str] = {}
    if request.method == "POST":
        draft, errors = _read_you(here, draft, request.POST)
        if not errors:
            return _save(request, here, draft) or redirect(_next(here, draft, 0))
    return _show(
        request,
        "you",
        here,
        status=400 if errors else 200,
        draft=draft,
        errors=errors,
        asks_organisation=here.instrument.info.asks_organisation == "yes"
        and not here.found.organisation,
    )


def _read_you(here: _Here, draft: Draft, posted: Mapping[str, str]) -> tuple[Draft, dict[str, str]]:
    errors = {}
    if not here.found.role:
        draft = replace(draft, role=posted.get("role", "")[:100])
        if draft.role not in here.instrument.role_by_id:
            errors["role"] = "Choose what fits you best."
    if here.instrument.info.asks_organisation == "yes" and not here.found.organisation:
        draft = replace(draft, organisation=posted.get("organisation", "")[:100])
        if draft.organisation not in here.tool.organisations:
            errors["organisation"] = "Choose your organisation."
    return draft, errors


@_at_link
@_begun
def show_page(request: HttpRequest, here: _Here, page: int) -> HttpResponseBase:
    """Ask the questions of one page."""
    draft = _known(here, here.draft or Draft())
    if not _is_known(here, draft):
        return redirect(here.url("you"))
    pages = pages_of(here.instrument, draft.role, draft.answers)
    if page not in pages:
        return redirect(_next(here, draft, None))
    if request.method != "POST":
        form, _ = read_page(here.instrument, draft.role, draft.answers, page)
        return _show_questions(request, here, form, pages)
    form, answers = read_page(here.instrument, draft.role, draft.answers, page, request.POST)
    refused = _save(request, here, replace(draft, answers=answers))
    if refused is not None:
        return refused
    if request.POST.get("go") == "later":
        # What has no fault is kept; the rest is asked again on the way back.
        return redirect(here.url("later"))
    if form.errors:
        return _show_questions(request, here, form, pages, status=400)
    return redirect(_next(here, replace(draft, answers=answers), page))


def _show_questions(
    request: HttpRequest, here: _Here, form: PageForm, pages: tuple[int, ...], status: int = 200
) -> HttpResponse:
    at = pages.index(form.page)
    if at:
        back = here.url("page", pages[at - 1])
    else:
        back = here.url("you") if _asks_who(here) else here.url("cover")
    return _show(
        request, "page", here, status, form=form, step=at + 1, steps=len(pages) + 1, back=back
    )


@_at_link
@_begun
def show_check(request: HttpRequest, here: _Here) -> HttpResponseBase:
    """Show all answers once more, and send them."""
    draft = _known(here, here.draft or Draft())
    if not _is_known(here, draft):
        return redirect(here.url("you"))
    for page in pages_of(here.instrument, draft.role, draft.answers):
        if not _is_whole(here, draft, page):
            return redirect(here.url("page", page))
    if request.method == "POST":
        return _send(request, here, draft)
    pages = pages_of(here.instrument, draft.role, draft.answers)
    return _show(
        request,
        "check",
        here,
        rows=_rows(here, draft, pages),
        warnings=name_warnings(here.instrument, draft.answers),
        back=here.url("page", pages[-1]) if pages else here.url("cover"),
        draft=draft,
        steps=len(pages) + 1,
        asks_who=_asks_who(here),
    )


def _is_whole(here: _Here, draft: Draft, page: int) -> bool:
    return not check_part(here.instrument, draft.role, draft.answers, page)[1]


def _send(request: HttpRequest, here: _Here, draft: Draft) -> HttpResponseBase:
    try:
        sheet = make_sheet(
            here.instrument, draft.role, draft.answers, organisation=draft.organisation
        )
    except TableError:  # an organisation that is no longer one of the tool's
        return redirect(here.url("you"))
    if here.draft is None and _save(request, here, draft) is not None:
        return _refuse(request, "busy", 429, here.tool)
    state = send(here.found, here.code, sheet)
    if state != "sent":
        return _refuse(request, state, _STATUS.get(state, 409), here.tool)
    return redirect(here.url("thanks"))


@dataclass(frozen=True)
class _Row:
    """An answer as the check shows it."""

    question: str
    text: str
    label: str
    answers: tuple[str, ...]
    href: str


def _rows(here: _Here, draft: Draft, pages: tuple[int, ...]) -> list[_Row]:
    return [
        _Row(
            one.question,
            one.text,
            one.kind,
            _said(here.instrument, one.question, draft.answers.get(one.question, "")),
            here.url("page", one.page) + f"#f-{one.question}",
        )
        for one in here.instrument.asked
        if one.page in pages and here.instrument.is_shown(one, draft.role, draft.answers)
    ]


def _said(instrument: Instrument, question: str, answer: Answer) -> tuple[str, ...]:
    labels = {one.value: one.label for one in instrument.values_of(question)}
    if isinstance(answer, str):
        return (labels.get(answer, answer),) if answer else ()
    if isinstance(answer, Mapping):
        return tuple(f"{kind}: {labels.get(value, value)}" for kind, value in answer.items())
    return tuple(labels.get(value, value) for value in answer)


@_at_link
@_begun
def show_later(request: HttpRequest, here: _Here) -> HttpResponseBase:
    """Show the code by which the respondent can go on elsewhere."""
    if here.draft is None:
        return redirect(here.url("cover"))
    return _show(request, "later", here)


@_at_link
def come_back(request: HttpRequest, here: _Here) -> HttpResponseBase:
    """Take a code, and go on where it left off."""
    typed, error = "", ""
    if request.method == "POST":
        typed = request.POST.get("code", "")[:100]
        code = tidy_code(typed)
        address = read_address(request)
        if limits.guesses.is_over(address):
            return _refuse(request, "busy", 429, here.tool)
        draft = read_draft(here.found, code)
        if draft is not None:
            here = replace(here, code=code, draft=draft)
            return _with_code(redirect(_first_open(here, draft)), request, here)
        limits.guesses.count(address)
        error = "There is no such code for this link. Look again at what you wrote down."
    return _show(request, "return", here, 400 if error else 200, typed=typed, error=error)


def _first_open(here: _Here, draft: Draft) -> str:
    """The first page with something left to answer."""
    draft = _known(here, draft)
    if not _is_known(here, draft):
        return here.url("you")
    for page in pages_of(here.instrument, draft.role, draft.answers):
        left = any(
            one.page == page
            and one.question not in draft.answers
            and here.instrument.is_shown(one, draft.role, draft.answers)
            for one in here.instrument.asked
        )
        if left or not _is_whole(here, draft, page):
            return here.url("page", page)
    return here.url("check")


@login_not_required
@require_http_methods(["GET", "HEAD"])
def show_thanks(request: HttpRequest, token: str) -> HttpResponseBase:
    """Say thank you; the page asks nothing and tells nothing of what was sent."""
    found = find_link(token, timezone.localdate())
    if found.state == "unknown":
        limits.guesses.count(read_address(request))
        return _refuse(request, "unknown", 404)
    answer = render(request, "answers/thanks.html.jinja", {"tool": found.tool})
    answer.delete_cookie(COOKIE, path=reverse("answers:cover", args=[token]))
    return answer
