"""Pages of sources: all of them, one with what rests on it, adding, changing, withdrawing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from wholesystem.reviews.words import word_labels
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.actions.sources import save_source
from wholesystem.web.workspace.actions.sources import withdraw_source as withdraw
from wholesystem.web.workspace.evidence_lists import listed_evidence
from wholesystem.web.workspace.forms.sources import SourceForm, WithdrawForm
from wholesystem.web.workspace.resting import what_rests_on
from wholesystem.web.workspace.rows import MAPS, row_of
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import answer_form

__all__ = ["add_source", "change_source", "show_source", "show_sources", "withdraw_source"]

A_PAGE = 50
form_page = require_http_methods(["GET", "HEAD", "POST"])
_STANDING_EVIDENCE = Count("evidence", filter=Q(evidence__withdrawn=""), distinct=True)


@review_page("see_evidence")
@require_safe
def show_sources(request: HttpRequest, here: Here) -> HttpResponse:
    """Show sources, of one kind or all."""
    kinds = _count_kinds(here)
    kind = request.GET.get("kind", "")
    if kind not in kinds:
        kind = ""
    found = MAPS["sources"].all_of(here.review.pk).annotate(pieces=_STANDING_EVIDENCE)
    found = found.filter(kind=kind) if kind else found
    return render_page(
        request,
        here,
        "sources",
        page=Paginator(found.order_by("-pk"), A_PAGE).get_page(request.GET.get("page")),
        kinds=kinds,
        kind=kind,
        query=f"kind={kind}&" if kind else "",
        counts=_count_all(here),
    )


def _count_kinds(here: Here) -> dict[str, tuple[str, str, int]]:
    """Label, meaning and count of each kind."""
    rows = here.review.source_set.order_by().values("kind").annotate(n=Count("pk"))
    counted = {row["kind"]: row["n"] for row in rows}
    return {
        kind: (label, meaning, counted.get(kind, 0))
        for kind, (label, meaning) in word_labels("source_kinds").items()
    }


def _count_all(here: Here) -> dict[str, int]:
    return here.review.source_set.aggregate(
        all=Count("pk"), withdrawn=Count("pk", filter=~Q(withdrawn=""))
    )


@review_page("see_evidence")
@require_safe
def show_source(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show a source: its evidence, its document, and what rests on it."""
    source = find_record(here.review, "sources", code)
    rows = listed_evidence(here.review).filter(source=source)
    return render_page(
        request,
        here,
        "source",
        source=source,
        page=Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        resting=what_rests_on(source.evidence.all()),
    )


@review_page("add_evidence")
@form_page
def add_source(request: HttpRequest, here: Here) -> HttpResponse:
    """Add a source."""
    digest = request.GET.get("document", "").replace("\x00", "")
    document = here.review.document_set.filter(code=digest).defer("text").first()
    initial: dict[str, Any] = {}
    if document is not None:
        initial = {"kind": "document", "title": document.name, "document": document.code}
    elif request.GET.get("kind") in word_labels("source_kinds"):
        initial = {"kind": request.GET["kind"]}
    return _answer(request, here, None, initial)


@review_page("add_evidence")
@form_page
def change_source(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Change a source."""
    source = find_record(here.review, "sources", code)
    initial = {**dict(row_of("sources", source)), "version": source.version}
    return _answer(request, here, source, initial)


def _answer(
    request: HttpRequest, here: Here, source: models.Source | None, initial: dict[str, Any]
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = SourceForm(sent, initial=initial, review=here.review)

    def save() -> models.Source:
        return save_source(
            review=here.review,
            by=here.member,
            values=form.values(),
            code=source.code if source else "",
            version=form.cleaned_data["version"],
        )

    def go_on(saved: models.Source) -> HttpResponse:
        messages.success(request, f"Saved: {saved.code}, {saved.title}.")
        return redirect("workspace:source", here.review.code, saved.code)

    return answer_form(request, here, "change_source", form, save, go_on, source=source)


@review_page("add_evidence")
@form_page
def withdraw_source(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Withdraw a source with a reason; nothing is lost."""
    source = find_record(here.review, "sources", code)
    form = WithdrawForm(request.POST if request.method == "POST" else None)

    def save() -> models.Source:
        why = form.cleaned_data["why"]
        return withdraw(review=here.review, by=here.member, code=code, why=why)

    def go_on(saved: models.Source) -> HttpResponse:
        messages.success(request, f"{saved.code} is withdrawn. It stays here to be seen.")
        return redirect("workspace:source", here.review.code, saved.code)

    return answer_form(
        request, here, "withdraw", form, save, go_on,
        record=source, what="source", resting=what_rests_on(source.evidence.all()),
    )  # fmt: skip
