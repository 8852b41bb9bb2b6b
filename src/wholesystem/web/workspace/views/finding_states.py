"""Pages that confirm, reopen and withdraw findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import findings as actions
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.errors import Conflict
from wholesystem.web.workspace.finding_pages import (
    digest_of_warnings,
    make_finding,
    why_not_confirmed,
)
from wholesystem.web.workspace.forms.base import RecordForm
from wholesystem.web.workspace.forms.findings import ConfirmForm, ReasonForm
from wholesystem.web.workspace.views.pages import Here, review_page
from wholesystem.web.workspace.views.saving import answer_form, sent_of

__all__ = ["confirm_finding", "reopen_finding", "withdraw_finding"]

form_page = require_http_methods(["GET", "HEAD", "POST"])
Action = Callable[..., models.Finding]


@review_page("confirm_findings")
@form_page
def confirm_finding(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Confirm a finding, having read what is warned of."""
    record: models.Finding = find_record(here.review, "findings", code)
    page = make_finding(here.review, record.code)
    warnings = digest_of_warnings(page.warnings)
    form = ConfirmForm(
        sent_of(request),
        initial={"version": record.version, "seen": warnings},
        warnings=warnings,
    )

    def save() -> models.Finding:
        try:
            return actions.confirm_finding(
                review=here.review,
                by=here.member,
                code=record.code,
                version=form.cleaned_data["version"],
                why=form.cleaned_data["why"],
            )
        except Conflict:
            form.forget_reading()
            raise

    return _answer(
        request, here, "confirm_finding", form, save,
        did="is confirmed in your name", page=page, hindrance=why_not_confirmed(record),
    )  # fmt: skip


@review_page("confirm_findings")
@form_page
def reopen_finding(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Make a confirmed or withdrawn finding a candidate again."""
    told = {
        "verb": "Reopen",
        "what": "It becomes a candidate again. It and its evidence can then be changed.",
        "button": "Reopen the finding",
    }
    return _with_reason(request, here, code, actions.reopen_finding, "is a candidate again", told)


@review_page("confirm_findings")
@form_page
def withdraw_finding(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Withdraw a finding; it stays to be seen."""
    told = {
        "verb": "Withdraw",
        "what": "It stays to be seen, with your reason, and can be reopened.",
        "button": "Withdraw the finding",
    }
    return _with_reason(request, here, code, actions.withdraw_finding, "is withdrawn", told)


def _with_reason(
    request: HttpRequest, here: Here, code: str, action: Action, did: str, told: dict[str, str]
) -> HttpResponse:
    record: models.Finding = find_record(here.review, "findings", code)
    form = ReasonForm(sent_of(request))

    def save() -> models.Finding:
        return action(
            review=here.review, by=here.member, code=record.code, why=form.cleaned_data["why"]
        )

    page = make_finding(here.review, record.code)
    return _answer(request, here, "finding_reason", form, save, did=did, page=page, told=told)


def _answer(
    request: HttpRequest,
    here: Here,
    template: str,
    form: RecordForm,
    save: Callable[[], models.Finding],
    *,
    did: str,
    **context: Any,
) -> HttpResponse:
    def go_on(saved: models.Finding) -> HttpResponse:
        messages.success(request, f"{saved.code} {did}.")
        return redirect("workspace:finding", here.review.code, saved.code)

    return answer_form(request, here, template, form, save, go_on, **context)
