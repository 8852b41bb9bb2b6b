"""Pages of a review's history: all of it, and that of one record."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wholesystem.web.workspace import models
from wholesystem.web.workspace.histories import verify_history
from wholesystem.web.workspace.told_changes import ToldChange, tell_changes
from wholesystem.web.workspace.told_events import ToldEvent, record_page, tell_events
from wholesystem.web.workspace.views.pages import Here, render_page, review_page

__all__ = ["show_history", "show_record_history"]

A_PAGE = 50
A_RECORDS_PAGE = 20
TABLES = {
    "review": "The review",
    "people": "People",
    "organisations": "Organisations",
    "sources": "Sources",
    "documents": "Documents",
    "evidence": "Evidence",
    "figures": "Figures that evidence cites",
    "anchors": "Passages that evidence quotes",
    "findings": "Findings",
    "finding_evidence": "Evidence for and against findings",
    "areas_for_improvement": "Areas for improvement",
    "due_dates": "What is due",
    "cases": "Cases",
    "case_stays": "Stays of cases",
    "case_answers": "Answers to the checklist of cases",
    "case_checklist": "The checklist of cases",
    "feedback_tools": "Feedback tools",
    "feedback_invited": "Links to feedback tools",
    "organisation_mergers": "Merged organisations",
    "requests": "Information requests",
    "request_questions": "Questions of information requests",
    "request_answers": "Answers to information requests",
    "request_returns": "Answers that were sent back",
    "measures": "Measures",
}
#: What a piece of evidence cites and quotes is told under its id.
TOGETHER = {
    "cases": ("cases", "case_stays", "case_answers"),
    "evidence": ("evidence", "figures", "anchors"),
}
Told = tuple[models.Event, ToldEvent, list[ToldChange]]


@review_page("see_evidence")
@require_safe
def show_history(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what was done in the review, the newest first."""
    people = dict(here.review.member_set.order_by("name", "pk").values_list("code", "name"))
    asked = {
        "person": _one_of(request.GET.get("person", ""), people),
        "table": _one_of(request.GET.get("table", ""), TABLES),
        "record": request.GET.get("record", "").replace("\x00", "").strip()[:150],
    }
    found = here.review.event_set.order_by("-number")
    for field, name in (("by", "person"), ("table", "table")):
        if asked[name]:
            found = found.filter(**{field: asked[name]})
    if asked["record"]:
        found = found.filter(_about(asked["record"]))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render_page(
        request,
        here,
        "history",
        page=page,
        told=_told(here, page, people, whole=False),
        asked=asked,
        query=urlencode({name: value for name, value in asked.items() if value}),
        people=people,
        tables=TABLES,
        verified=verify_history(here.review),
    )


def _about(record: str) -> Q:
    """Events of a record, and those that link it to another."""
    linked = Q(record__startswith=f"{record} ") | Q(record__endswith=f" {record}")
    of_case = Q(record__startswith=f"{record} ", table__in=TOGETHER["cases"])
    return Q(record__iexact=record) | (linked & Q(table="finding_evidence")) | of_case


def _one_of(value: str, known: Any) -> str:
    return value if value in known else ""


def _told(
    here: Here, page: Page[models.Event], names: dict[str, str], *, whole: bool
) -> list[Told]:
    events = list(page.object_list)
    return [
        (event, told, tell_changes(event, names, here.framework.question_by_id, whole=whole))
        for event, told in zip(events, tell_events(here.review, events, names), strict=True)
    ]


@review_page("see_evidence")
@require_safe
def show_record_history(request: HttpRequest, here: Here, table: str, record: str) -> HttpResponse:
    """Show what was done to one record, with whole texts."""
    if table not in TABLES:
        raise Http404("There is no such table in the history.")
    record = record.replace("\x00", " ")
    about = Q(table__in=TOGETHER.get(table, (table,)), record=record)
    if table in ("findings", "evidence"):
        about |= _about(record) & Q(table="finding_evidence")
    elif table == "cases":
        about |= Q(table__in=TOGETHER[table], record__startswith=f"{record} ")
    found = here.review.event_set.filter(about)
    page = Paginator(found.order_by("-number"), A_RECORDS_PAGE).get_page(request.GET.get("page"))
    if not page.paginator.count:
        raise Http404("Nothing of the history is about such a record.")
    names = dict(here.review.member_set.values_list("code", "name"))
    return render_page(
        request,
        here,
        "record_history",
        page=page,
        told=_told(here, page, names, whole=True),
        table=TABLES[table],
        record=names.get(record, record) if table == "people" else record,
        href=record_page(here.review, table, record),
    )
