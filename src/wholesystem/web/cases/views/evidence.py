"""From a part of a case to evidence: its source is made the first time, the form is begun."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from wholesystem.web.cases import models as cases
from wholesystem.web.cases.actions import make_source
from wholesystem.web.cases.shown import asked_items, checklist_of, make_timeline, name_place
from wholesystem.web.cases.stays import rows_of
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.evidence_starts import Start
from wholesystem.web.workspace.forms.evidence import EvidenceForm
from wholesystem.web.workspace.views.evidence import answer_evidence
from wholesystem.web.workspace.views.pages import Here, review_page
from wholesystem.web.workspace.views.saving import sent_of

__all__ = ["begin_case_evidence", "record_case_evidence"]

form_page = require_http_methods(["GET", "HEAD", "POST"])


@review_page("add_evidence")
@require_POST
def begin_case_evidence(request: HttpRequest, here: Here, code: str, part: str) -> HttpResponse:
    """See that the case is a source, and go on to the form of its evidence."""
    case: cases.Case = find_record(here.review, "cases", code)
    _begun(here, case, part)
    try:
        make_source(review=here.review, by=here.member, code=code)
    except PolicyError as error:
        messages.error(request, str(error))
        return redirect("workspace:case", here.review.code, code)
    return redirect("workspace:record_case_evidence", here.review.code, code, part)


@review_page("add_evidence")
@form_page
def record_case_evidence(request: HttpRequest, here: Here, code: str, part: str) -> HttpResponse:
    """Record evidence from a part of a case: place and words stand in the form."""
    case: cases.Case = find_record(here.review, "cases", code)
    initial = _begun(here, case, part)
    if case.source is None or case.source.withdrawn or case.withdrawn:
        messages.error(
            request, "Nothing can be recorded under this case as it is. Begin at one of its parts."
        )
        return redirect("workspace:case", here.review.code, code)
    initial |= {"source": case.source.code, "form": "paraphrase"}
    form = EvidenceForm(
        sent_of(request), initial=initial, review=here.review, framework=here.framework
    )
    return answer_evidence(request, here, form, None, Start(initial))


def _begun(here: Here, case: cases.Case, part: str) -> dict[str, Any]:
    """With what evidence of a part begins: its place, its words, its day."""
    kind, _, name = part.partition("-")
    if part == "notes" and case.notes:
        return {"place": name_place(case, "notes"), "text": case.notes}
    if kind == "item":
        for one in asked_items(case, checklist_of(here.review)):
            if one.row.item == name and one.answer:
                place = name_place(case, f"checklist item {name}")
                return {"place": place, "text": f"{one.row.question} {one.answer}"}
    if kind == "stay":
        timeline = make_timeline(case, *rows_of(case))
        for at, row in enumerate(timeline.rows):
            if str(row.stay) == name:
                day = row.started_at.date()
                what = f"{row.service[:60]} from {day.day} {day:%B %Y}"
                place = name_place(case, f"stay {row.stay}", what)
                return {"place": place, "text": timeline.told(at), "date": day}
    raise Http404("The case has no such part.")
