"""Finding a figure to cite as evidence: of published statistics, or of measures of stays."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from wholesystem.errors import UserError
from wholesystem.web.workspace import models
from wholesystem.web.workspace.cited import is_number, told_measure, told_observation
from wholesystem.web.workspace.forms.evidence import sign_figure
from wholesystem.web.workspace.published import is_extract, open_published
from wholesystem.web.workspace.views.pages import Here, render_page, review_page

if TYPE_CHECKING:
    from wholesystem.reviews.figure_search import Observation

__all__ = ["find_figures"]

A_PAGE = 50
MOST_FOUND = 20


@review_page("add_evidence")
@require_safe
def find_figures(request: HttpRequest, here: Here) -> HttpResponse:
    """Find a figure of the area, choose its period, and go on to the form of evidence."""
    if request.GET.get("measures"):
        return _measures(request, here)
    words = request.GET.get("q", "")[:200].replace("\x00", "")
    indicator, area = (request.GET.get(name, "")[:60] for name in ("indicator", "area"))
    found: Any = ()
    fault = ""
    try:
        found = _find(here, words, indicator, area)
    except UserError as error:
        fault = str(error)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render_page(
        request,
        here,
        "find_figures",
        words=words,
        indicator=found[0].indicator if indicator and found else None,
        page=page,
        rows=[(one, _cite_address(here, told_observation(one))) for one in page],
        query=f"{urlencode({'indicator': indicator, 'area': area})}&" if indicator else "",
        fault=fault,
        is_extract=is_extract(),
        folders=_folders(here),
    )


def _find(here: Here, words: str, indicator: str, area: str) -> tuple[Observation, ...]:
    """Of the review's area, its trusts and England; periods of an indicator of one of them."""
    if not words and not indicator:
        return ()
    from wholesystem.reviews.figure_search import find_observations, observations_of

    published = open_published()
    areas = published.areas_beside(here.review.area_code)
    if indicator:
        return observations_of(published, indicator, area if area in areas else areas[0])
    return find_observations(published, areas, words, MOST_FOUND)


def _cite_address(here: Here, told: dict[str, Any]) -> str:
    address = reverse("workspace:add_evidence", args=[here.review.code])
    return f"{address}?{urlencode({'figure': sign_figure(told)})}"


# --------------------------------------------------------------------------- measures of stays


def _folders(here: Here) -> list[tuple[str, list[str]]]:
    rows = models.Measures.objects.filter(review=here.review).order_by("name")
    return [(one.name, sorted(one.tables)) for one in rows]


def _measures(request: HttpRequest, here: Here) -> HttpResponse:
    name, file = request.GET.get("measures", ""), request.GET.get("table", "")
    folder = models.Measures.objects.filter(
        review=here.review, name=name.replace("\x00", "")
    ).first()
    if folder is None or file not in folder.tables:
        raise Http404("There is no such table among the measures of this review.")
    rows = [
        {key: value or "" for key, value in row.items() if key}
        for row in csv.DictReader(io.StringIO(folder.tables[file]))
    ]
    told = _cell(request, folder, file, rows)
    if told:
        return redirect(_cite_address(here, told))
    page = Paginator(list(enumerate(rows)), A_PAGE).get_page(request.GET.get("page"))
    shown = [(at, [(key, text, is_number(text)) for key, text in row.items()]) for at, row in page]
    asked = {"measures": name, "table": file}
    return render_page(
        request,
        here,
        "find_measures",
        folder=folder,
        file=file,
        columns=list(rows[0]) if rows else [],
        page=page,
        rows=shown,
        query=f"{urlencode(asked)}&",
        refused="row" in request.GET,
    )


def _cell(
    request: HttpRequest, folder: models.Measures, file: str, rows: list[dict[str, str]]
) -> dict[str, Any] | None:
    """The cell that the address asks for, ready to be cited."""
    row, column = request.GET.get("row", ""), request.GET.get("column", "")
    if not (row.isascii() and row.isdigit() and len(row) < 9 and int(row) < len(rows)):
        return None
    if not is_number(rows[int(row)].get(column, "")):
        return None
    return told_measure(folder, file, rows, int(row), column)
