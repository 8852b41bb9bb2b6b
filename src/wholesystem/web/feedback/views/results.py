"""Pages of the results of a closed tool: how many answered, each question, and comments."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholesystem.reports.feedback_pictures import picture_rates
from wholesystem.reviews.feedback.comments import keywords
from wholesystem.reviews.feedback.result_files import write_results
from wholesystem.reviews.feedback.results import Results
from wholesystem.reviews.feedback.shown_comments import search_comments
from wholesystem.web.answers import withheld_counts
from wholesystem.web.feedback import store
from wholesystem.web.feedback.actions import make_source
from wholesystem.web.feedback.models import Coding, Theme, Tool
from wholesystem.web.feedback.shown import (
    AXES,
    choice_table,
    find_question,
    lines_of,
    matrix_of,
    picture_of,
    results_of,
    share_words,
)
from wholesystem.web.site.pictures import answer_svg
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.evidence_starts import Start
from wholesystem.web.workspace.forms.evidence import EvidenceForm
from wholesystem.web.workspace.views.evidence import answer_evidence
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import sent_of

__all__ = [
    "begin_result_evidence",
    "download_results",
    "record_result_evidence",
    "show_comments_said",
    "show_question_results",
    "show_rates_picture",
    "show_result_picture",
    "show_results",
]

form_page = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 50


def _tool(here: Here, code: str) -> tuple[Tool, Results]:
    tool: Tool = find_record(here.review, "feedback_tools", code)
    return tool, results_of(tool)


def _axis(request: HttpRequest) -> str:
    asked = request.GET.get("by", "kind")
    return asked if asked in AXES else "kind"


def _evidence_of(tool: Tool, question: str = "") -> list[Any]:
    """Evidence that was recorded from a tool, or from one of its questions."""
    if tool.source is None:
        return []
    found = tool.source.evidence.filter(withdrawn="").order_by("pk")
    if question:
        found = found.filter(place__contains=f"question {question}")
    return list(found[:50])


@review_page("see_results")
@require_safe
def show_results(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show how many answered, and every question in a line."""
    tool, results = _tool(here, code)
    axis = _axis(request)
    return render_page(
        request,
        here,
        "feedback/results",
        tool=tool,
        results=results,
        rates=picture_rates(results, ("all", axis)).table,
        lines=lines_of(results),
        comments=results.comments,
        axis=axis,
        axes=_axes(results),
        held=len(store.held_comments(tool)),
        withheld=withheld_counts(tool.key).total(),
        evidence=_evidence_of(tool),
    )


def _axes(results: Results) -> dict[str, str]:
    asks = results.instrument.info.asks_organisation == "yes"
    return {name: label for name, label in AXES.items() if asks or name != "organisation"}


@review_page("see_results")
@require_safe
def show_rates_picture(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """The picture of how many answered."""
    _, results = _tool(here, code)
    return answer_svg(picture_rates(results, ("all", _axis(request))).svg)


@review_page("see_results")
@require_safe
def show_question_results(
    request: HttpRequest, here: Here, code: str, question: str
) -> HttpResponse:
    """Show what groups answered to a question, or who said what of whom."""
    tool, results = _tool(here, code)
    axis, low = _axis(request), request.GET.get("of") == "low"
    about = request.GET.get("about", "")
    kinds = [one.about for one in results.questions if one.question.question == question]
    if kinds and kinds[0] and about not in kinds:
        # The whole of who says what of whom.
        row = results.instrument.question_by_id[question]
        return render_page(
            request,
            here,
            "feedback/matrix",
            tool=tool,
            question=row,
            table=matrix_of(results, question).table,
            kinds=kinds,
            evidence=_evidence_of(tool, question),
        )
    found = find_question(results, question, about)
    picture = picture_of(results, found, axis, low=low)
    labels, rows = choice_table(results, found, axis) if picture is None else ((), [])
    low_label = next((one.low_label for one in lines_of(results)
                      if one.question.question == question), "")  # fmt: skip
    return render_page(
        request,
        here,
        "feedback/question",
        tool=tool,
        found=found,
        question=found.question,
        about=about,
        table=picture.table if picture else None,
        labels=labels,
        rows=rows,
        axis=axis,
        axes=_axes(results),
        low=low and bool(found.low_value),
        low_label=low_label,
        share=share_words((found.low if low else found.positive)[0]),
        evidence=_evidence_of(tool, question),
    )


@review_page("see_results")
@require_safe
def show_result_picture(request: HttpRequest, here: Here, code: str, question: str) -> HttpResponse:
    """The picture of a question."""
    _, results = _tool(here, code)
    about = request.GET.get("about", "")
    kinds = [one.about for one in results.questions if one.question.question == question]
    if kinds and kinds[0] and about not in kinds:
        return answer_svg(matrix_of(results, question).svg)
    found = find_question(results, question, about)
    picture = picture_of(results, found, _axis(request), low=request.GET.get("of") == "low")
    if picture is None:
        raise Http404("The question has no picture.")
    return answer_svg(picture.svg)


@review_page("see_results")
@require_safe
def download_results(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Hand out all that may be shown, as a zip of CSV files and one workbook."""
    tool, results = _tool(here, code)
    content = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="wholesystem-") as folder:
        write_results(results, folder)
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(Path(folder).iterdir()):
                archive.write(path, path.name)
    answer = HttpResponse(content.getvalue(), content_type="application/zip")
    synthetic = "synthetic-" if "ynthetic" in tool.note else ""
    name = f"{here.review.code}-{synthetic}{tool.code}-results.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# --------------------------------------------------------------------------- comments


@review_page("see_results")
@require_safe
def show_comments_said(request: HttpRequest, here: Here, code: str, question: str) -> HttpResponse:
    """Show the comments on a question, with search; none where few wrote any."""
    tool, results = _tool(here, code)
    found = next((one for one in results.comments if one.question.question == question), None)
    if found is None:
        raise Http404("The tool has no such question.")
    words = request.GET.get("words", "").replace("\x00", " ").strip()[:200]
    kind = request.GET.get("kind", "")
    kinds = [one for one in results.instrument.kinds
             if any(c.kind == one for c in found.comments or ())]  # fmt: skip
    # In the order of their words: the shuffled one changes with each process, and pages with it.
    shown = sorted(
        search_comments(found.comments or (), words, kind=kind if kind in kinds else ""),
        key=lambda one: one.text,
    )
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    return render_page(
        request,
        here,
        "feedback/said",
        tool=tool,
        found=found,
        question=found.question,
        page=page,
        words=words,
        kind=kind,
        kinds=kinds,
        themes=_themes_by_comment(tool, question),
        key_words=_key_words(tool, results, question, kind) if kind in kinds else None,
        evidence=_evidence_of(tool, question),
    )


def _themes_by_comment(tool: Tool, question: str) -> dict[str, list[Theme]]:
    codings = Coding.objects.filter(theme__tool=tool, theme__withdrawn="", question=question)
    found: dict[str, list[Theme]] = {}
    for one in codings.select_related("theme").order_by("theme_id"):
        found.setdefault(one.comment, []).append(one.theme)
    return found


def _key_words(tool: Tool, results: Results, question: str, kind: str) -> Any:
    """Words that mark a kind's comments; a sentence where there are too few to say."""
    return keywords(results.instrument, store.sheets(tool, merged=True), question, "kind", kind)


# --------------------------------------------------------------------------- evidence


def _begun(here: Here, code: str, question: str, about: str, comment: str) -> dict[str, Any]:
    """With what evidence begins: its place and its words."""
    tool, results = _tool(here, code)
    place = f"Tool {tool.code}, question {question}"
    if comment:
        for one in results.comments:
            for said in one.comments or ():
                if one.question.question == question and said.comment == comment:
                    who = f", {said.kind}" if said.kind else ""
                    return {"place": f"{place}{who}", "text": said.text, "form": "quote"}
        raise Http404("The tool has no such comment.")
    found = find_question(results, question, about)
    whole = found.results[0]
    if whole.answered is None:
        raise Http404("What so few answered is not shown.")
    told = [f"{found.question.text} {f'About {about}. ' if about else ''}".strip()]
    if found.positive[0]:
        told.append(f"Positive answers: {share_words(found.positive[0])}.")
    if found.low[0]:
        label = next(one.low_label for one in lines_of(results)
                     if one.question.question == question) or "worse answers"  # fmt: skip
        told.append(f"At or below “{label}”: {share_words(found.low[0])}.")
    if len(told) == 1:
        told.append(f"{whole.answered:,} answered.")
    return {
        "place": f"{place}{f', about {about}' if about else ''}",
        "text": " ".join(told),
        "form": "paraphrase",
    }


def _asked(request: HttpRequest) -> tuple[str, str]:
    return request.GET.get("about", ""), request.GET.get("comment", "")


@review_page("add_evidence")
@require_POST
def begin_result_evidence(
    request: HttpRequest, here: Here, code: str, question: str
) -> HttpResponse:
    """See that the tool is a source, and go on to the form of its evidence."""
    _begun(here, code, question, *_asked(request))
    try:
        make_source(review=here.review, by=here.member, code=code)
    except PolicyError as error:
        messages.error(request, str(error))
        return redirect("workspace:feedback_results", here.review.code, code)
    target = redirect("workspace:record_result_evidence", here.review.code, code, question)
    target["Location"] += f"?{request.GET.urlencode()}" if request.GET else ""
    return target


@review_page("add_evidence")
@form_page
def record_result_evidence(
    request: HttpRequest, here: Here, code: str, question: str
) -> HttpResponse:
    """Record evidence from a result or a comment: place and words stand in the form."""
    tool: Tool = find_record(here.review, "feedback_tools", code)
    initial = _begun(here, code, question, *_asked(request))
    if tool.source is None or tool.source.withdrawn:
        messages.error(
            request, "Nothing can be recorded from this tool as it is. Begin at one of its results."
        )
        return redirect("workspace:feedback_results", here.review.code, code)
    initial |= {"source": tool.source.code}
    form = EvidenceForm(
        sent_of(request), initial=initial, review=here.review, framework=here.framework
    )
    return answer_evidence(request, here, form, None, Start(initial))
