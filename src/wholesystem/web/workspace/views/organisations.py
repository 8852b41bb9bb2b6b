"""Pages of organisations: all of them, and everything about one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from wholesystem.web.feedback.models import Merger
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.actions.sources import save_organisation
from wholesystem.web.workspace.evidence_lists import listed_evidence
from wholesystem.web.workspace.forms.sources import OrganisationForm
from wholesystem.web.workspace.resting import evidence_about, what_rests_on
from wholesystem.web.workspace.rows import row_of
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import answer_form

__all__ = ["add_organisation", "change_organisation", "show_organisation", "show_organisations"]

A_PAGE = 50
form_page = require_http_methods(["GET", "HEAD", "POST"])


@review_page("see_evidence")
@require_safe
def show_organisations(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the organisations of the system, with how much is about each."""
    every = here.review.organisation_set.order_by("name", "pk").annotate(
        sources=_count(models.SourceOrganisation, "source"),
        evidence=_count(models.EvidenceOrganisation, "evidence"),
    )
    page = Paginator(every, A_PAGE).get_page(request.GET.get("page"))
    return render_page(request, here, "organisations", page=page)


def _count(links: Any, of: str) -> Coalesce:
    """How many stand, each link of its own: joined in one query they would multiply."""
    found = links.objects.filter(organisation=OuterRef("pk"), **{f"{of}__withdrawn": ""})
    if of == "evidence":
        found = found.filter(evidence__source__withdrawn="")
    counted = found.order_by().values("organisation").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@review_page("see_evidence")
@require_safe
def show_organisation(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show everything about an organisation: sources, evidence, and what rests on that."""
    organisation = find_record(here.review, "organisations", code)
    about = evidence_about(organisation)
    rows = listed_evidence(here.review).filter(pk__in=about.values("pk"))
    sources = here.review.source_set.filter(organisation_links__organisation=organisation)
    return render_page(
        request,
        here,
        "organisation",
        organisation=organisation,
        people=here.review.member_set.filter(organisation=organisation, left_at__isnull=True),
        sources=sources.order_by("-pk"),
        page=Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        resting=what_rests_on(about),
        mergers=list(
            Merger.objects.filter(Q(organisation=organisation) | Q(into=organisation))
            .select_related("organisation", "into")
            .order_by("pk")
        ),
    )


@review_page("add_organisations")
@form_page
def add_organisation(request: HttpRequest, here: Here) -> HttpResponse:
    """Add an organisation."""
    return _answer(request, here, None)


@review_page("add_organisations")
@form_page
def change_organisation(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Change an organisation's name, kind or code."""
    return _answer(request, here, find_record(here.review, "organisations", code))


def _answer(
    request: HttpRequest, here: Here, organisation: models.Organisation | None
) -> HttpResponse:
    initial: dict[str, Any] = {}
    if organisation is not None:
        initial = {**row_of("organisations", organisation).cells(), "version": organisation.version}
    form = OrganisationForm(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> models.Organisation:
        return save_organisation(
            review=here.review,
            by=here.member,
            values=form.values(),
            code=organisation.code if organisation else "",
            version=form.cleaned_data["version"],
        )

    def go_on(saved: models.Organisation) -> HttpResponse:
        messages.success(request, f"Saved: {saved.name}.")
        return redirect("workspace:organisation", here.review.code, saved.code)

    return answer_form(
        request, here, "change_organisation", form, save, go_on, organisation=organisation
    )
