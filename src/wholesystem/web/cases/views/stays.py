"""Pages of the stays of a case: one added, corrected, taken out."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from wholesystem.reviews.cases.records import CaseStay
from wholesystem.web.cases import models as cases
from wholesystem.web.cases.forms import RemoveStayForm, StayForm, at_fields, stay_initial
from wholesystem.web.cases.stays import remove_stay, rows_of, save_stay, seen_of
from wholesystem.web.cases.views.cases import known_services
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.errors import RecordFaults
from wholesystem.web.workspace.views.pages import Here, review_page
from wholesystem.web.workspace.views.saving import answer_form, sent_of

__all__ = ["add_case_stay", "change_case_stay", "remove_case_stay"]

form_page = require_http_methods(["GET", "HEAD", "POST"])


@review_page("add_cases")
@form_page
def add_case_stay(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Add a stay to a case."""
    case: cases.Case = find_record(here.review, "cases", code)
    return _answer(request, here, case, None)


@review_page("add_cases")
@form_page
def change_case_stay(request: HttpRequest, here: Here, code: str, stay: int) -> HttpResponse:
    """Correct a stay of a case."""
    case, row = _find(here, code, stay)
    return _answer(request, here, case, row)


def _find(here: Here, code: str, stay: int) -> tuple[cases.Case, CaseStay]:
    case: cases.Case = find_record(here.review, "cases", code)
    rows, _ = rows_of(case)
    row = next((one for one in rows if one.stay == stay), None)
    if row is None:
        raise Http404(f"{case.code} has no stay {stay}.")
    return case, row


def _answer(
    request: HttpRequest, here: Here, case: cases.Case, row: CaseStay | None
) -> HttpResponse:
    initial = stay_initial(row) if row else {}
    form = StayForm(
        sent_of(request), initial=initial, known=known_services(here.review), before=row
    )

    def save() -> tuple[cases.Case, int]:
        try:
            return save_stay(
                review=here.review,
                by=here.member,
                code=case.code,
                values=form.stay_values(),
                stay=row.stay if row else None,
                seen=form.cleaned_data["seen"],
            )
        except RecordFaults as error:
            raise at_fields(error) from None

    def go_on(saved: tuple[cases.Case, int]) -> HttpResponse:
        _, number = saved
        messages.success(request, f"Saved: stay {number} of {case.code}.")
        if row is None or number != row.stay:
            _tell_numbers(request, here, case)
        if request.POST.get("then") == "another":
            return redirect("workspace:add_case_stay", here.review.code, case.code)
        return redirect("workspace:case", here.review.code, case.code)

    return answer_form(
        request, here, "cases/case_stay", form, save, go_on, case=case, row=row,
    )  # fmt: skip


def _tell_numbers(request: HttpRequest, here: Here, case: cases.Case) -> None:
    """Say which evidence names a stay by a number that may not be its own any longer."""
    if case.source is None:
        return
    found = here.review.evidence_set.filter(source=case.source, place__contains=", stay ")
    codes = list(found.order_by("pk").values_list("code", flat=True)[:20])
    if codes:
        messages.warning(
            request,
            "Stays are numbered in order of their start, so numbers may have moved. This evidence"
            f" names a stay by its number and its day: {', '.join(codes)}. See that the number is"
            " still right.",
        )


@review_page("add_cases")
@form_page
def remove_case_stay(request: HttpRequest, here: Here, code: str, stay: int) -> HttpResponse:
    """Take a stay out of a case; the history keeps it."""
    case, row = _find(here, code, stay)
    form = RemoveStayForm(sent_of(request), initial={"seen": seen_of(row)})

    def save() -> cases.Case:
        told = form.cleaned_data
        return remove_stay(
            review=here.review,
            by=here.member,
            code=code,
            stay=stay,
            seen=told["seen"],
            why=told["why"],
        )

    def go_on(saved: cases.Case) -> HttpResponse:
        messages.success(request, f"Stay {stay} of {case.code} is taken out. The history has it.")
        _tell_numbers(request, here, case)
        return redirect("workspace:case", here.review.code, case.code)

    return answer_form(
        request, here, "cases/remove_stay", form, save, go_on, case=case, row=row,
    )  # fmt: skip
