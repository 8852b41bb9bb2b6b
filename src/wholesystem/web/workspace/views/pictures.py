"""Pages of what is made for a review: its data profile, its system map, and measures of stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from wholesystem.errors import Fault, TableError
from wholesystem.web.site.pictures import answer_page, answer_svg
from wholesystem.web.workspace import jobs, models
from wholesystem.web.workspace.actions.measures import keep_measures
from wholesystem.web.workspace.errors import RecordFaults
from wholesystem.web.workspace.forms.reviews import FileForm, MeasuresForm
from wholesystem.web.workspace.kept_files import made_folder
from wholesystem.web.workspace.picture_work import SUMMARY, has_packaged_model
from wholesystem.web.workspace.uploads import MOST_TABLES_BYTES, read_zip
from wholesystem.web.workspace.views.faults import fault_rows
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import files_of, sent_of

__all__ = [
    "make_map",
    "make_profile",
    "show_map",
    "show_map_picture",
    "show_measures",
    "show_profile",
    "show_profile_page",
]

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _jobs_of(here: Here, kind: str) -> dict[str, Any]:
    """What is being made, and what was made last."""
    latest = list(models.Job.objects.filter(review=here.review, kind=kind)[:20])
    open_ones = [one for one in latest if one.status in ("waiting", "running")]
    done = [one for one in latest if one.status == "done"]
    return {
        "making": open_ones[0] if open_ones else None,
        "made": done[0] if done else None,
        "failed": latest[0] if latest and latest[0].status == "failed" else None,
    }


def _read_told(here: Here, kind: str, file: str) -> Any:
    """What was written beside a picture; None where there is none."""
    try:
        return json.loads((made_folder(here.review, kind) / file).read_text("utf-8"))
    except FileNotFoundError:
        return None


def _text_of(here: Here, kind: str, file: str) -> str:
    path: Path = made_folder(here.review, kind) / file
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise Http404("It has not been made yet.") from None


# --------------------------------------------------------------------------- data profile


@review_page("see_pictures")
@require_safe
def show_profile(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what the data profile of the review's area says, and lead to it."""
    told = _read_told(here, "profile", SUMMARY)
    groups: dict[str, list[Any]] = {}
    for row in told["rows"] if told else ():
        groups.setdefault(row["group"], []).append(row)
    return render_page(
        request, here, "profile", told=told, groups=groups, **_jobs_of(here, "profile")
    )


@review_page("see_pictures")
@require_safe
def show_profile_page(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the data profile: a document of its own, which nothing of the workspace is in."""
    return answer_page(_text_of(here, "profile", "index.html"))


@review_page("make_pictures")
@form_page
def make_profile(request: HttpRequest, here: Here) -> HttpResponse:
    """Have the data profile made."""
    if request.method != "POST":
        return redirect("workspace:profile", here.review.code)
    job = jobs.ask(kind="profile", user=request.user, review=here.review)
    return redirect("workspace:job", job.pk)


# --------------------------------------------------------------------------- system map


@review_page("see_pictures")
@require_safe
def show_map(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the system map, with its figures as tables."""
    return _show_map(request, here, _model_form(None))


def _model_form(request: HttpRequest | None) -> FileForm:
    return FileForm(
        request.POST if request else None,
        request.FILES if request else None,
        endings=(".xlsx", ".zip"),
        label="Your own model",
        hint="A workbook (.xlsx), or a zip of the model's folder.",
    )


def _show_map(request: HttpRequest, here: Here, form: FileForm) -> HttpResponse:
    return render_page(
        request,
        here,
        "map",
        400 if form.errors else 200,
        told=_read_told(here, "map", "map.json"),
        form=form,
        has_packaged=has_packaged_model(here.review.area_code),
        **_jobs_of(here, "map"),
    )


@review_page("see_pictures")
@require_safe
def show_map_picture(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the system map's picture alone."""
    return answer_svg(_text_of(here, "map", "map.svg"))


@review_page("make_pictures")
@form_page
def make_map(request: HttpRequest, here: Here) -> HttpResponse:
    """Have the system map made, of the packaged model or of one's own."""
    if request.method != "POST":
        return redirect("workspace:map", here.review.code)
    if "packaged" in request.POST and has_packaged_model(here.review.area_code):
        job = jobs.ask(kind="map", user=request.user, review=here.review)
        return redirect("workspace:job", job.pk)
    form = _model_form(request)
    if form.is_valid() and form.cleaned_data["file"].size > MOST_TABLES_BYTES:
        most = MOST_TABLES_BYTES // 1_000_000
        form.add_error("file", f"The file is larger than {most} MB. Shorten the model's tables.")
    if not form.is_valid():
        return _show_map(request, here, form)
    upload, ending = form.cleaned_data["file"], form.ending()
    job = jobs.ask(kind="map", user=request.user, review=here.review, upload=upload, ending=ending)
    return redirect("workspace:job", job.pk)


# --------------------------------------------------------------------------- measures of stays


@review_page("make_pictures")
@form_page
def show_measures(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the measures of stays that the review has, and add some."""
    form = MeasuresForm(
        sent_of(request),
        files_of(request),
        endings=(".zip",),
        label="Measures",
        hint="A zip of the CSV files that wholesystem stays measure writes.",
    )
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            kept = _keep(here, form)
        except TableError as error:
            faults = error.faults
            form.add_error("file", "Nothing was kept. Each fault is in the table on this page.")
        except RecordFaults as error:
            form.add_error("name", str(error.faults["name"][0]))
        else:
            messages.success(request, f"{kept.name} is here. Figures can be cited from it.")
            return redirect("workspace:measures", here.review.code)
    rows = models.Measures.objects.filter(review=here.review).order_by("name")
    status = 400 if form.errors else 200
    told = {"form": form, "faults": fault_rows(faults), "rows": rows}
    return render_page(request, here, "measures", status, **told)


def _keep(here: Here, form: MeasuresForm) -> models.Measures:
    upload = form.cleaned_data["file"]
    if upload.size > MOST_TABLES_BYTES:
        rule = f"It is larger than {MOST_TABLES_BYTES // 1_000_000} MB."
        raise TableError([Fault(upload.name, None, rule, "Leave out what is not cited.")])
    files = read_zip(upload.read(), upload.name, (".csv",))
    name = form.cleaned_data["name"]
    return keep_measures(review=here.review, by=here.member, name=name, files=files)
