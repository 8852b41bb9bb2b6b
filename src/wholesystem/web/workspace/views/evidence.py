"""Pages of evidence: the list, one piece, adding, changing, withdrawing, finding questions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from wholesystem.indicators.catalogue import read_catalogue
from wholesystem.reviews.figures import LiveFigure
from wholesystem.reviews.search import find_questions as search_questions
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.evidence import save_evidence
from wholesystem.web.workspace.actions.evidence import withdraw_evidence as withdraw
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.cited import look_up_figure
from wholesystem.web.workspace.document_text import Text
from wholesystem.web.workspace.evidence_lists import evidence_rows, read_filters
from wholesystem.web.workspace.evidence_starts import Start, find_start
from wholesystem.web.workspace.forms.evidence import EvidenceForm
from wholesystem.web.workspace.forms.sources import WithdrawForm
from wholesystem.web.workspace.resting import what_rests_on
from wholesystem.web.workspace.rows import row_of
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import answer_form

__all__ = [
    "add_evidence",
    "answer_evidence",
    "change_evidence",
    "find_questions",
    "show_evidence",
    "show_evidence_list",
    "withdraw_evidence",
]

A_PAGE = 50
MOST_FOUND = 20
form_page = require_http_methods(["GET", "HEAD", "POST"])


@review_page("see_evidence")
@require_safe
def show_evidence_list(request: HttpRequest, here: Here) -> HttpResponse:
    """Show evidence, all or what filters leave."""
    filters = read_filters(here, request.GET)
    rows = evidence_rows(here.review, filters.values)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render_page(request, here, "evidence_list", page=page, filters=filters)


@review_page("see_evidence")
@require_safe
def show_evidence(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show a piece of evidence with its chain both ways."""
    evidence = find_record(here.review, "evidence", code)
    anchor = getattr(evidence, "anchor", None)
    this = models.Evidence.objects.filter(pk=evidence.pk)
    return render_page(
        request,
        here,
        "evidence",
        evidence=evidence,
        anchor=anchor,
        passage=_passage(anchor) if anchor and here.may("see_documents") else None,
        cited=_cited(here, evidence),
        cited_name=_indicator_name(evidence),
        resting=what_rests_on(this),
    )


def _passage(anchor: models.Anchor) -> dict[str, Any]:
    text = Text(anchor.document.text)
    before, quoted, after = text.around(anchor.start, anchor.end)
    line = text.line_of(anchor.start)
    return {"before": before, "quoted": quoted, "after": after, "line": line,
            "part": text.part_of(line), "document": anchor.document}  # fmt: skip


def _cited(here: Here, evidence: models.Evidence) -> LiveFigure | None:
    return look_up_figure(here.review, evidence) if hasattr(evidence, "figure") else None


def _indicator_name(evidence: models.Evidence) -> str:
    figure = getattr(evidence, "figure", None)
    if figure is None:
        return ""
    found = read_catalogue().get(figure.name) if figure.kind == "indicator" else None
    return found.name if found else str(figure.name)


# --------------------------------------------------------------------------- adding, changing


@review_page("add_evidence")
@form_page
def add_evidence(request: HttpRequest, here: Here) -> HttpResponse:
    """Add evidence: one page, few keys."""
    start = find_start(here, request.GET)
    sent = request.POST if request.method == "POST" else None
    has_figure = bool(start.figure or (sent and sent.get("figure")))
    form = EvidenceForm(
        sent, initial=start.initial, review=here.review, framework=here.framework,
        has_figure=has_figure,
    )  # fmt: skip
    return answer_evidence(request, here, form, None, start)


@review_page("add_evidence")
@form_page
def change_evidence(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Change evidence, or code it anew."""
    evidence = find_record(here.review, "evidence", code)
    form = EvidenceForm(
        request.POST if request.method == "POST" else None,
        initial={**dict(row_of("evidence", evidence)), "version": evidence.version},
        review=here.review,
        framework=here.framework,
        has_figure=hasattr(evidence, "figure"),
        keeps=evidence.source.code,
    )
    return answer_evidence(request, here, form, evidence, Start({}))


def answer_evidence(
    request: HttpRequest,
    here: Here,
    form: EvidenceForm,
    evidence: models.Evidence | None,
    start: Start,
) -> HttpResponse:
    """Show the form of evidence; where it was sent, save it and go on.

    Parameters
    ----------
    request : HttpRequest
        As asked.
    here : Here
        The review and the person's part.
    form : EvidenceForm
        Bound if it was sent.
    evidence : models.Evidence or None
        What is changed; None where evidence is added.
    start : Start
        With what it was begun.

    Returns
    -------
    HttpResponse
        With the form again if it is refused.
    """

    def save() -> models.Evidence:
        told = form.cleaned_data
        return save_evidence(
            review=here.review,
            by=here.member,
            values=form.values(),
            code=evidence.code if evidence else "",
            version=told["version"],
            figure=told["figure"]["row"] if told.get("figure") else None,
            anchor=told["anchor"],
            why=told["why"] if evidence else "",
        )

    def go_on(saved: models.Evidence) -> HttpResponse:
        if request.POST.get("then") == "another":
            address = reverse("workspace:add_evidence", args=[here.review.code])
            return redirect(f"{address}?after={saved.code}")
        messages.success(request, f"Saved: {saved.code}.")
        return redirect("workspace:evidence", here.review.code, saved.code)

    return answer_form(
        request, here, "change_evidence", form, save, go_on, evidence=evidence, start=start
    )


@review_page("add_evidence")
@form_page
def withdraw_evidence(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Withdraw evidence with a reason; nothing is lost."""
    evidence = find_record(here.review, "evidence", code)
    form = WithdrawForm(request.POST if request.method == "POST" else None)

    def save() -> models.Evidence:
        why = form.cleaned_data["why"]
        return withdraw(review=here.review, by=here.member, code=code, why=why)

    def go_on(saved: models.Evidence) -> HttpResponse:
        messages.success(request, f"{saved.code} is withdrawn. It stays here to be seen.")
        return redirect("workspace:evidence", here.review.code, saved.code)

    this = models.Evidence.objects.filter(pk=evidence.pk)
    return answer_form(
        request, here, "withdraw", form, save, go_on,
        record=evidence, what="evidence", resting=what_rests_on(this),
    )  # fmt: skip


# --------------------------------------------------------------------------- questions


@review_page("see_evidence")
@require_safe
def find_questions(request: HttpRequest, here: Here) -> HttpResponse:
    """Find questions by beginnings of words; for the form's suggestions as data."""
    words = request.GET.get("q", "")[:200]
    found = search_questions(here.framework, words, MOST_FOUND)
    if request.GET.get("as") == "json":
        rows = [{"kloe": one.kloe, "name": one.name, "asks": one.asks} for one in found]
        return JsonResponse({"questions": rows})
    return render_page(request, here, "find_questions", words=words, found=found)
