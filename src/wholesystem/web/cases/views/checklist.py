"""The page of one item of the checklist, saved by itself; the next one is a button away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wholesystem.reviews.cases.records import ChecklistItem
from wholesystem.tables.cells import CellError, parse_date
from wholesystem.web.cases import models as cases
from wholesystem.web.cases.actions import save_answer
from wholesystem.web.cases.forms import AnswerForm
from wholesystem.web.cases.shown import asked_items, checklist_of
from wholesystem.web.cases.stays import seen_answer
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.views.pages import Here, review_page
from wholesystem.web.workspace.views.saving import answer_form, sent_of

__all__ = ["answer_item"]

form_page = require_http_methods(["GET", "HEAD", "POST"])


@review_page("add_cases")
@form_page
def answer_item(request: HttpRequest, here: Here, code: str, item: str) -> HttpResponse:
    """Answer an item of the checklist for a case."""
    case: cases.Case = find_record(here.review, "cases", code)
    every = asked_items(case, checklist_of(here.review))
    at = next((at for at, one in enumerate(every) if one.row.item == item), None)
    if at is None:
        raise Http404("The checklist has no such item.")
    one, after = every[at], every[at + 1].row if at + 1 < len(every) else None
    form = AnswerForm(
        sent_of(request),
        initial={"answer": _shown(one.row, one.answer), "seen": seen_answer(one.answer)},
        item=one.row,
    )

    def save() -> cases.Case:
        return save_answer(
            review=here.review,
            by=here.member,
            code=code,
            item=item,
            answer=form.text(),
            seen=form.cleaned_data["seen"],
        )

    def go_on(saved: cases.Case) -> HttpResponse:
        if request.POST.get("then") == "next" and after is not None:
            return redirect("workspace:case_item", here.review.code, code, after.item)
        messages.success(request, f"Saved: the answer of {code}.")
        address = reverse("workspace:case", args=[here.review.code, code])
        return redirect(f"{address}#item-{item}")

    return answer_form(
        request, here, "cases/answer", form, save, go_on,
        case=case, asked=one, number=at + 1, count=len(every), after=after,
    )  # fmt: skip


def _shown(item: ChecklistItem, answer: str) -> Any:
    if item.kind != "date" or not answer:
        return answer
    try:
        found: date = parse_date(answer)
    except CellError:
        return None
    return found
