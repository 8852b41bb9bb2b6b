"""Pages of areas for improvement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from wholesystem.reviews.records import AreaForImprovement
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.findings import save_improvement
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.finding_pages import warnings_by_record
from wholesystem.web.workspace.forms.findings import LEVELS, VERBS, ImprovementForm
from wholesystem.web.workspace.rows import load_review, row_of
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import answer_form, sent_of

__all__ = ["add_improvement", "change_improvement", "show_improvements"]

form_page = require_http_methods(["GET", "HEAD", "POST"])


@review_page("see_evidence")
@require_safe
def show_improvements(request: HttpRequest, here: Here) -> HttpResponse:
    """Show areas for improvement by level and by how strongly they are put."""
    review = load_review(here.review)
    ordered = sorted(review.areas_for_improvement, key=lambda one: one.order)
    return render_page(
        request,
        here,
        "improvements",
        levels=_levels(ordered),
        meanings=LEVELS,
        count=len(ordered),
        findings=review.finding_by_id,
        warnings=warnings_by_record(review, "areas_for_improvement"),
    )


def _levels(
    ordered: list[AreaForImprovement],
) -> list[tuple[str, list[tuple[str, list[AreaForImprovement]]]]]:
    """Areas by level, within it by verb; nothing that is empty."""
    found = []
    for level in LEVELS:
        by_verb = [
            (verb, [one for one in ordered if (one.level, one.verb) == (level, verb)])
            for verb in VERBS
        ]
        verbs = [(verb, ones) for verb, ones in by_verb if ones]
        if verbs:
            found.append((level, verbs))
    return found


@review_page("change_improvements")
@form_page
def add_improvement(request: HttpRequest, here: Here) -> HttpResponse:
    """Add an area for improvement."""
    initial = {"findings": [request.GET.get("finding", "")]}
    return _answer(request, here, None, initial)


@review_page("change_improvements")
@form_page
def change_improvement(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Change an area for improvement."""
    record: models.AreaForImprovement = find_record(here.review, "areas_for_improvement", code)
    initial = {**dict(row_of("areas_for_improvement", record)), "version": record.version}
    return _answer(request, here, record, initial)


def _answer(
    request: HttpRequest,
    here: Here,
    record: models.AreaForImprovement | None,
    initial: Mapping[str, Any],
) -> HttpResponse:
    form = ImprovementForm(
        sent_of(request),
        initial=dict(initial),
        review=here.review,
        keeps=tuple(initial.get("findings", ())) if record else (),
    )

    def save() -> models.AreaForImprovement:
        return save_improvement(
            review=here.review,
            by=here.member,
            values=form.values(),
            code=record.code if record else "",
            version=form.cleaned_data["version"],
        )

    def go_on(saved: models.AreaForImprovement) -> HttpResponse:
        messages.success(request, f"{saved.code} is saved.")
        return redirect("workspace:improvements", here.review.code)

    return answer_form(
        request, here, "improvement_form", form, save, go_on,
        improvement=record, levels=LEVELS, verbs=VERBS,
    )  # fmt: skip
