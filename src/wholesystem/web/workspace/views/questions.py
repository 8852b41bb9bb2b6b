"""Pages that weigh evidence question by question: the grid, a question, contradictions."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wholesystem.reviews.triangulation import grid_table, triangulate
from wholesystem.tables.writing import csv_bytes
from wholesystem.web.workspace.grids import grid_areas, kind_labels, states_of
from wholesystem.web.workspace.question_pages import contradictions_of, make_question
from wholesystem.web.workspace.rows import load_review
from wholesystem.web.workspace.views.pages import Here, render_page, review_page

__all__ = ["download_grid", "show_contradictions", "show_grid", "show_question"]

# Each is long: two sides of evidence.
A_PAGE = 10


@review_page("see_evidence")
@require_safe
def show_grid(request: HttpRequest, here: Here) -> HttpResponse:
    """Show every question by every kind of source."""
    grid = triangulate(load_review(here.review))
    states = states_of()
    only = request.GET.get("state", "")
    only = only if only in states else ""
    context: dict[str, Any] = {
        "areas": grid_areas(here, grid, only),
        "kinds": kind_labels(),
        "states": list(states.values()),
        "counts": grid.count_states(),
        "uncoded": len(grid.uncoded),
        "only": only,
        "all": len(grid.rows),
        "evidence": any(row.total.count for row in grid.rows) or bool(grid.uncoded),
    }
    return render_page(request, here, "grid", **context)


@review_page("see_evidence")
@require_safe
def download_grid(request: HttpRequest, here: Here) -> HttpResponse:
    """Hand out the grid as a CSV file."""
    review = load_review(here.review)
    columns, rows = grid_table(triangulate(review), review)
    content = csv_bytes(columns, (dict(zip(columns, row, strict=True)) for row in rows))
    # A spreadsheet takes a file without this mark for another alphabet.
    answer = HttpResponse(b"\xef\xbb\xbf" + content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{here.review.code}-grid.csv"'
    return answer


@review_page("see_evidence")
@require_safe
def show_question(request: HttpRequest, here: Here, kloe: str) -> HttpResponse:
    """Show a question with all that bears on it."""
    if kloe not in here.framework.question_by_id:
        raise Http404("There is no such question in this review's framework.")
    page = make_question(here, load_review(here.review), kloe)
    return render_page(request, here, "question", page=page)


@review_page("see_evidence")
@require_safe
def show_contradictions(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the questions on which evidence disagrees."""
    review = load_review(here.review)
    found = contradictions_of(here, review)
    ordered = sorted(found, key=lambda one: not one.is_open)
    return render_page(
        request,
        here,
        "contradictions",
        page=Paginator(ordered, A_PAGE).get_page(request.GET.get("page")),
        to_weigh=sum(one.is_open for one in found),
        any_evidence=bool(review.evidence),
    )
