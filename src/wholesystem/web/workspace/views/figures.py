"""Finding a figure to cite as evidence."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wholesystem.web.workspace.views.pages import Here, render_page, review_page

__all__ = ["find_figures"]


@require_safe
@review_page("add_evidence")
def find_figures(request: HttpRequest, here: Here) -> HttpResponse:
    """Find a figure."""
    return render_page(request, here, "find_figures")
