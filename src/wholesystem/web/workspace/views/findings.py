"""Pages of findings: the list, one with all that it stands on, drafting and changing."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.findings import save_finding
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.finding_pages import list_findings, make_finding
from wholesystem.web.workspace.forms.findings import FindingForm, question_choices
from wholesystem.web.workspace.grids import kind_labels
from wholesystem.web.workspace.models import STATUSES
from wholesystem.web.workspace.rows import row_of
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import answer_form, sent_of

__all__ = ["add_finding", "change_finding", "show_finding", "show_findings"]

A_PAGE = 50
form_page = require_http_methods(["GET", "HEAD", "POST"])


@review_page("see_evidence")
@require_safe
def show_findings(request: HttpRequest, here: Here) -> HttpResponse:
    """Show findings under their questions."""
    status = request.GET.get("status", "")
    status = status if status in STATUSES else ""
    kloe = request.GET.get("kloe", "")
    kloe = kloe if kloe in here.framework.question_by_id else ""
    lines = list_findings(here.review, status, kloe)
    return render_page(
        request,
        here,
        "findings",
        page=Paginator(lines, A_PAGE).get_page(request.GET.get("page")),
        chosen=status,
        kloe=kloe,
        statuses=STATUSES,
        query=_query(status=status, kloe=kloe),
        questions=question_choices(here.framework),
        any_finding=bool(lines) or here.review.finding_set.exists(),
    )


def _query(**chosen: str) -> str:
    """What the addresses of the list's other pages ask."""
    asked = urlencode({name: value for name, value in chosen.items() if value})
    return f"{asked}&" if asked else ""


@review_page("see_evidence")
@require_safe
def show_finding(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show a finding with its evidence both ways."""
    record: models.Finding = find_record(here.review, "findings", code)
    page = make_finding(here.review, record.code)
    return render_page(request, here, "finding", page=page, kinds=dict(kind_labels()))


@review_page("draft_findings")
@form_page
def add_finding(request: HttpRequest, here: Here) -> HttpResponse:
    """Draft a finding."""
    initial = {"kloe": request.GET.get("kloe", "")}
    form = FindingForm(sent_of(request), initial=initial, framework=here.framework)
    return _answer(request, here, form, None)


@review_page("draft_findings")
@form_page
def change_finding(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Change a candidate finding."""
    record: models.Finding = find_record(here.review, "findings", code)
    initial = {**dict(row_of("findings", record)), "version": record.version}
    form = FindingForm(sent_of(request), initial=initial, framework=here.framework)
    return _answer(request, here, form, record)


def _answer(
    request: HttpRequest, here: Here, form: FindingForm, record: models.Finding | None
) -> HttpResponse:
    def save() -> models.Finding:
        return save_finding(
            review=here.review,
            by=here.member,
            values=form.values(),
            code=record.code if record else "",
            version=form.cleaned_data["version"],
        )

    def go_on(saved: models.Finding) -> HttpResponse:
        if record is not None:
            messages.success(request, f"{saved.code} is saved.")
            return redirect("workspace:finding", here.review.code, saved.code)
        messages.success(request, f"{saved.code} is drafted. Link the evidence for and against it.")
        return redirect("workspace:link_evidence", here.review.code, saved.code)

    return answer_form(request, here, "finding_form", form, save, go_on, finding=record)
