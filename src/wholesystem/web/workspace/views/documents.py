"""Pages of documents: handing in, the list, the text with what is quoted from it, the file."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from wholesystem.errors import TableError
from wholesystem.reviews.anchoring import anchor as find_anchor
from wholesystem.reviews.anchoring import find_spans
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.documents import HandedIn, hand_in
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.actions.sources import save_source
from wholesystem.web.workspace.document_text import Mark, Text
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.forms.sources import QuoteForm, UploadForm
from wholesystem.web.workspace.kept_files import document_file as file_of
from wholesystem.web.workspace.views.pages import Here, render_page, review_page

__all__ = ["document_file", "show_document", "show_documents", "upload_document"]

A_PAGE = 50
MOST_PLACES = 20
#: Nothing in a downloaded file can run, load or send, however a browser comes to show it.
POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"


def _documents(here: Here) -> Any:
    """Documents that the person may see: all, or those that they handed in."""
    found = models.Document.objects.filter(review=here.review).select_related("recorded_by")
    return found if here.may("see_documents") else found.filter(recorded_by=here.member)


def _find(here: Here, digest: str) -> models.Document:
    document = find_record(here.review, "documents", digest)
    if not here.may("see_documents") and document.recorded_by_id != here.member.pk:
        raise Http404("There is no such document among yours.")
    found: models.Document = document
    return found


@review_page("see_own_documents")
@require_safe
def show_documents(request: HttpRequest, here: Here) -> HttpResponse:
    """Show documents; who sees no evidence sees their own alone."""
    rows = _documents(here).defer("text").annotate(quotes=Count("anchors")).order_by("-pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render_page(request, here, "documents", page=page)


@review_page("add_documents")
@require_http_methods(["GET", "HEAD", "POST"])
def upload_document(request: HttpRequest, here: Here) -> HttpResponse:
    """Hand in a document."""
    sent = request.POST if request.method == "POST" else None
    form = UploadForm(sent, request.FILES or None, adds_source=here.may("add_evidence"))
    if form.is_valid():
        try:
            handed = _keep(here, form.cleaned_data["file"])
        except TableError as error:
            for fault in error.faults:
                form.add_error("file", f"{fault.rule} {fault.remedy}")
        else:
            return _go_on(request, here, handed, form.cleaned_data.get("adds_source", False))
    most_mb = settings.LARGEST_REQUEST_BYTES // 1_048_576
    status = 400 if form.is_bound and form.errors else 200
    return render_page(request, here, "upload_document", status, form=form, most_mb=most_mb)


def _keep(here: Here, upload: Any) -> HandedIn:
    # A large upload lies in a file already; a small one is in memory.
    path = getattr(upload, "temporary_file_path", None)
    content = Path(path()) if path else upload.read()
    return hand_in(review=here.review, by=here.member, name=upload.name or "", content=content)


def _go_on(request: HttpRequest, here: Here, handed: HandedIn, adds_source: bool) -> HttpResponse:
    document = handed.document
    if not handed.is_new:
        messages.warning(request, _told_twice(here, document))
        if not _documents(here).filter(pk=document.pk).exists():
            return redirect("workspace:documents", here.review.code)
    else:
        messages.success(request, f"{document.name} is handed in.")
        if adds_source:
            _add_source(request, here, document)
    return redirect("workspace:document", here.review.code, document.code)


def _told_twice(here: Here, document: models.Document) -> str:
    if document.recorded_by_id == here.member.pk or here.may("see_documents"):
        who = "you" if document.recorded_by_id == here.member.pk else document.recorded_by.name
        return f"The review has this document already: {document.name}, handed in by {who}."
    return "The review has this document already. Nothing more is needed."


def _add_source(request: HttpRequest, here: Here, document: models.Document) -> None:
    values = {
        "kind": "document",
        "title": PurePath(document.name).stem,
        "document": document.code,
    }
    try:
        save_source(review=here.review, by=here.member, values=values)
    except PolicyError as error:
        messages.warning(request, f"No source was added. {error}")


# --------------------------------------------------------------------------- one document


@review_page("see_own_documents")
@require_http_methods(["GET", "HEAD", "POST"])
def show_document(request: HttpRequest, here: Here, digest: str) -> HttpResponse:
    """Show a document's text, and find what is to be quoted from it."""
    document = _find(here, digest)
    form = QuoteForm(request.POST if request.method == "POST" else None)
    quotes = here.may("add_evidence")
    text = Text(document.text, _marks(document) if here.may("see_evidence") else ())
    places: list[dict[str, Any]] = []
    times = 0
    if quotes and form.is_valid():
        times, places = _places(text, form)
        if len(places) == 1:
            return redirect(_quote_address(here, document, places[0]))
    part = _part(request, text)
    sees = here.may("see_evidence")
    return render_page(
        request,
        here,
        "document",
        status=400 if form.errors else 200,
        document=document,
        form=form,
        has_file=file_of(document.code).is_file(),
        sources=document.sources.order_by("pk") if sees else (),
        quoted=_quoted(document) if sees else (),
        text=text,
        part=part,
        blocks=text.blocks(part) if document.text else (),
        times=times,
        places=[{**one, "href": _quote_address(here, document, one)} for one in places],
    )


def _marks(document: models.Document) -> list[Mark]:
    rows = document.anchors.filter(evidence__withdrawn="").order_by("start", "end")
    return [Mark(*row) for row in rows.values_list("start", "end", "evidence__code")]


def _quoted(document: models.Document) -> Any:
    return models.Anchor.objects.filter(document=document).select_related(
        "evidence__source"
    ).order_by("start", "pk").defer("evidence__source__note")  # fmt: skip


def _part(request: HttpRequest, text: Text) -> int:
    try:
        asked = int(request.GET.get("part", "1"))
    except ValueError:
        asked = 1
    return min(max(asked, 1), len(text.parts))


def _places(text: Text, form: QuoteForm) -> tuple[int, list[dict[str, Any]]]:
    """How often the words stand there, and where: one place where it is clear, or several."""
    lines, quoted = form.line_range(), form.cleaned_data["quoted"]
    if not quoted:
        span = text.span_of(*lines) if lines else None
        if span is None:
            form.add_error("lines", f"There are {len(text.starts):,} lines. Choose some with text.")
            return 0, []
        return 1, [_place(text, *span)]
    try:
        near = text.starts[min(lines[0], len(text.starts)) - 1] if lines and lines[0] else None
        found = find_anchor(text.text, quoted, near)
    except TableError as error:
        for fault in error.faults:
            form.add_error("quoted", f"{fault.rule} {fault.remedy}")
        return 0, []
    if found.times == 1 or near is not None:
        return 1, [_place(text, found.start, found.end)]
    spans = find_spans(text.text, quoted)[:MOST_PLACES]
    return found.times, [_place(text, one.start, one.end) for one in spans]


def _place(text: Text, start: int, end: int) -> dict[str, Any]:
    before, quoted, after = text.around(start, end, 60)
    return {"start": start, "end": end, "line": text.line_of(start),
            "before": before, "quoted": quoted, "after": after}  # fmt: skip


def _quote_address(here: Here, document: models.Document, place: dict[str, Any]) -> str:
    address = reverse("workspace:add_evidence", args=[here.review.code])
    asked = {"document": document.code, "start": place["start"], "end": place["end"]}
    return f"{address}?{urlencode(asked)}"


@review_page("see_own_documents")
@require_safe
def document_file(request: HttpRequest, here: Here, digest: str) -> HttpResponseBase:
    """Hand out the file, to be saved and never to be shown by the browser."""
    document = _find(here, digest)
    path = file_of(document.code)
    if not path.is_file():
        raise Http404("The file itself is not here: the review came without it.")
    answer = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=document.name,
        content_type=document.media_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = POLICY
    return answer
