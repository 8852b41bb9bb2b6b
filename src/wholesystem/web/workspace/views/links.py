"""Pages that put evidence for or against a finding, and take it away."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import findings as actions
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.finding_pages import make_finding
from wholesystem.web.workspace.forms.findings import LinkForm
from wholesystem.web.workspace.linking import find_candidates
from wholesystem.web.workspace.views.pages import Here, review_page
from wholesystem.web.workspace.views.saving import answer_form, sent_of

__all__ = ["link_evidence", "unlink_evidence"]

A_PAGE = 50


@review_page("draft_findings")
@require_http_methods(["GET", "HEAD", "POST"])
def link_evidence(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Choose evidence, and put it for or against a finding."""
    finding: models.Finding = find_record(here.review, "findings", code)
    form = LinkForm(sent_of(request), review=here.review)

    def save() -> list[models.FindingEvidence]:
        return actions.link_all(
            review=here.review, by=here.member, finding=finding.code, **form.values()
        )

    def go_on(saved: list[models.FindingEvidence]) -> HttpResponse:
        codes = ", ".join(form.cleaned_data["evidence"])
        messages.success(request, f"Linked {form.cleaned_data['side']} {finding.code}: {codes}.")
        return redirect("workspace:finding", here.review.code, finding.code)

    chosen = request.POST.getlist("evidence") if request.method == "POST" else []
    found = find_candidates(here, finding, request.GET, chosen)
    return answer_form(
        request,
        here,
        "link_evidence",
        form,
        save,
        go_on,
        page=make_finding(here.review, finding.code),
        found=found,
        query=f"{urlencode({'q': found.words} if found.words else {'where': found.where})}&",
        rows=Paginator(found.pieces, A_PAGE).get_page(request.GET.get("page")),
    )


@review_page("draft_findings")
@require_POST
def unlink_evidence(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Take evidence away from a finding, or move it to the other side."""
    evidence, side = request.POST.get("evidence", ""), request.POST.get("side", "")
    try:
        told = _change_link(here, code, evidence, side)
    except PolicyError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, told)
    return redirect("workspace:finding", here.review.code, code)


def _change_link(here: Here, code: str, evidence: str, side: str) -> str:
    linked = find_record(here.review, "evidence", evidence).code
    if side not in ("for", "against"):
        actions.unlink_evidence(review=here.review, by=here.member, finding=code, evidence=linked)
        return f"{linked} is taken away from {code}."
    link = models.FindingEvidence.objects.filter(
        finding__review=here.review, finding__code=code, evidence__code=linked
    ).first()
    actions.link_evidence(
        review=here.review,
        by=here.member,
        finding=code,
        evidence=linked,
        side=side,
        note=link.note if link else "",
    )
    return f"{linked} is {side} {code} now."
