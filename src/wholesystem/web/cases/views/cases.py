"""Pages of cases: all of them, one with its timeline, adding, changing, withdrawing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from wholesystem.reviews.cases import PAPER
from wholesystem.web.cases import models as cases
from wholesystem.web.cases.actions import add_case as add
from wholesystem.web.cases.actions import change_case as change
from wholesystem.web.cases.actions import withdraw_case as withdraw
from wholesystem.web.cases.forms import CaseForm, NewCaseForm, at_fields
from wholesystem.web.cases.shown import asked_items, checklist_of, make_timeline
from wholesystem.web.cases.stays import rows_of
from wholesystem.web.site.pictures import answer_svg
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.errors import RecordFaults
from wholesystem.web.workspace.evidence_lists import listed_evidence
from wholesystem.web.workspace.forms.sources import WithdrawForm
from wholesystem.web.workspace.resting import what_rests_on
from wholesystem.web.workspace.rows import MAPS, row_of
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import answer_form, sent_of

__all__ = [
    "add_case",
    "change_case",
    "known_services",
    "show_case",
    "show_case_picture",
    "show_cases",
    "withdraw_case",
]

A_PAGE = 50
form_page = require_http_methods(["GET", "HEAD", "POST"])
PAPER_ORIGIN = "Typed in from paper records."


@review_page("see_cases")
@require_safe
def show_cases(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the cases of the review, all or of one stratum, or whose words hold some."""
    every = here.review.case_set
    strata = dict(
        every.exclude(stratum="").order_by("stratum").values_list("stratum").annotate(n=Count("pk"))
    )
    stratum = request.GET.get("stratum", "")
    words = request.GET.get("words", "").replace("\x00", " ").strip()[:200]
    found = MAPS["cases"].all_of(here.review.pk)
    found = found.filter(stratum=stratum) if stratum in strata else found
    for word in words.split():
        found = found.filter(
            Q(notes__icontains=word) | Q(title__icontains=word) | Q(why__icontains=word)
            | Q(code__iexact=word)
        )  # fmt: skip
    found = found.annotate(
        answered=Count("answers", distinct=True),
        pieces=Count("source__evidence", filter=Q(source__evidence__withdrawn=""), distinct=True),
        count=Count("stays", distinct=True),
    )
    return render_page(
        request,
        here,
        "cases/cases",
        page=Paginator(found.order_by("pk"), A_PAGE).get_page(request.GET.get("page")),
        strata=strata,
        stratum=stratum if stratum in strata else "",
        words=words,
        items=here.review.checklistitem_set.count(),
        all=every.count(),
    )


@review_page("see_cases")
@require_safe
def show_case(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show a case: its timeline, the checklist, its notes, and the evidence from it."""
    case: cases.Case = find_record(here.review, "cases", code)
    timeline = make_timeline(case, *rows_of(case))
    evidence = list(listed_evidence(here.review).filter(source=case.source)) if case.source else []
    return render_page(
        request,
        here,
        "cases/case",
        case=case,
        timeline=timeline,
        items=asked_items(case, checklist_of(here.review)),
        evidence=evidence,
        of_part=_by_part(case, evidence),
    )


def _by_part(case: cases.Case, evidence: list[models.Evidence]) -> dict[str, list[models.Evidence]]:
    """Evidence by the part of the case that its place names."""
    found: dict[str, list[models.Evidence]] = {}
    for one in evidence:
        found.setdefault(case.anchor_of(one.place), []).append(one)
    return found


@review_page("see_cases")
@require_safe
def show_case_picture(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show the timeline's picture alone."""
    case: cases.Case = find_record(here.review, "cases", code)
    return answer_svg(make_timeline(case, *rows_of(case)).svg())


def known_services(review: models.Review) -> list[str]:
    """Services that cases of a review were in, the most frequent first.

    Parameters
    ----------
    review : models.Review
        The review.

    Returns
    -------
    list of str
        Each once.
    """
    stays = cases.CaseStay.objects.filter(case__review=review, case__withdrawn="")
    counted = stays.order_by().values("service").annotate(n=Count("pk"))
    return [one["service"] for one in counted.order_by("-n", "service")[:12]]


# --------------------------------------------------------------------------- adding, changing


@review_page("add_cases")
@form_page
def add_case(request: HttpRequest, here: Here) -> HttpResponse:
    """Type in a case from paper records, with its first stay; the others follow one by one."""
    form = NewCaseForm(sent_of(request), known=known_services(here.review))

    def save() -> cases.Case:
        told = {
            **form.case_values(),
            "pseudonym": PAPER,
            "origin": PAPER_ORIGIN,
            "synthetic": "no",
        }
        stays = (form.stay_values(),)
        try:
            return add(review=here.review, by=here.member, values=told, stays=stays)
        except RecordFaults as error:
            raise at_fields(error) from None

    def go_on(saved: cases.Case) -> HttpResponse:
        if request.POST.get("then") == "stay":
            messages.success(request, f"Saved: {saved.code}. Now its next stay.")
            return redirect("workspace:add_case_stay", here.review.code, saved.code)
        messages.success(request, f"Saved: {saved.code}.")
        return redirect("workspace:case", here.review.code, saved.code)

    return answer_form(request, here, "cases/add_case", form, save, go_on)


@review_page("add_cases")
@form_page
def change_case(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Change what is said of a case: title, why it was drawn, notes."""
    case: cases.Case = find_record(here.review, "cases", code)
    initial: dict[str, Any] = {**dict(row_of("cases", case)), "version": case.version}
    form = CaseForm(sent_of(request), initial=initial)

    def save() -> cases.Case:
        return change(
            review=here.review,
            by=here.member,
            code=code,
            values=form.values(),
            version=form.cleaned_data["version"],
        )

    def go_on(saved: cases.Case) -> HttpResponse:
        messages.success(request, f"Saved: {saved.code}.")
        return redirect("workspace:case", here.review.code, saved.code)

    return answer_form(request, here, "cases/change_case", form, save, go_on, case=case)


@review_page("add_cases")
@form_page
def withdraw_case(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Withdraw a case with a reason, and the source of its evidence; nothing is lost."""
    case: cases.Case = find_record(here.review, "cases", code)
    form = WithdrawForm(sent_of(request))

    def save() -> cases.Case:
        why = form.cleaned_data["why"]
        return withdraw(review=here.review, by=here.member, code=code, why=why)

    def go_on(saved: cases.Case) -> HttpResponse:
        messages.success(request, f"{saved.code} is withdrawn. It stays here to be seen.")
        return redirect("workspace:case", here.review.code, saved.code)

    evidence = here.review.evidence_set.filter(source=case.source)
    resting = what_rests_on(evidence) if case.source else None
    return answer_form(
        request, here, "cases/withdraw_case", form, save, go_on, case=case, resting=resting
    )
