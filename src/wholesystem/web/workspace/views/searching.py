"""The page that searches a review."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from wholesystem.reviews.review import Review
from wholesystem.web.workspace.rows import load_review
from wholesystem.web.workspace.search import (
    KINDS,
    SearchResult,
    find_code,
    search_review,
)
from wholesystem.web.workspace.views.pages import Here, render_page, review_page

__all__ = ["show_search"]

A_PAGE = 50
LONGEST_SHOWN = 500


@review_page("see_evidence")
@require_safe
def show_search(request: HttpRequest, here: Here) -> HttpResponse:
    """Search the review; an id leads to its record."""
    words = request.GET.get("q", "")
    itself = find_code(here.review, words)
    if itself is not None and itself.href:
        return redirect(itself.href)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    context: dict[str, Any] = {"words": words[:LONGEST_SHOWN], "kind": kind, "kinds": KINDS}
    if words.strip():
        context |= _search(request, here, words, kind)
    return render_page(request, here, "search", **context)


def _search(request: HttpRequest, here: Here, words: str, kind: str) -> dict[str, Any]:
    first = search_review(here.review, words, kind=kind, limit=A_PAGE)
    total = first.counts.get(kind, 0) if kind else sum(first.counts.values())
    page = Paginator(range(total), A_PAGE).get_page(request.GET.get("page"))
    if page.number > 1:
        offset = (page.number - 1) * A_PAGE
        first = search_review(here.review, words, kind=kind, limit=A_PAGE, offset=offset)
    review = load_review(here.review)
    return {
        "found": first,
        "page": page,
        "results": [(one, *_told(review, one)) for one in first.results],
        "total": sum(first.counts.values()),
    }


def _told(review: Review, one: SearchResult) -> tuple[str, bool]:
    """What stands beside a result: where evidence is from, what a finding is of; and withdrawn."""
    if one.kind == "evidence" and one.code in review.evidence_by_id:
        evidence = review.evidence_by_id[one.code]
        source = review.source_by_id[evidence.source]
        return f"From {source.title}", not review.is_current(evidence)
    if one.kind == "sources" and one.code in review.source_by_id:
        return "", bool(review.source_by_id[one.code].withdrawn)
    if one.kind == "findings" and one.code in review.finding_by_id:
        finding = review.finding_by_id[one.code]
        question = review.framework.question_by_id[finding.kloe]
        return question.name, finding.status == "withdrawn"
    return "", False
