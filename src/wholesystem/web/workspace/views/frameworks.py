"""Pages of frameworks: the questions that reviews can be opened with."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, cast

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.bundle_layout import FRAMEWORK_TABLES
from wholesystem.reviews.framework import Framework
from wholesystem.reviews.frameworks import packaged_frameworks, read_framework
from wholesystem.web.accounts.permissions import administrators_only
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.reviews import keep_framework
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.forms.reviews import FileForm
from wholesystem.web.workspace.rows import framework_of
from wholesystem.web.workspace.uploads import MOST_TABLES_BYTES, unpack_tables
from wholesystem.web.workspace.views.faults import fault_rows
from wholesystem.web.workspace.views.saving import files_of, sent_of

__all__ = ["add_framework", "show_framework", "show_frameworks"]


@require_safe
def show_frameworks(request: HttpRequest) -> HttpResponse:
    """Show the frameworks that are here."""
    rows = [
        {"record": one, "framework": framework_of(one), "is_packaged": one.code in PACKAGED}
        for one in models.Framework.objects.annotate(reviews=Count("review")).order_by("name")
    ]
    return render(request, "workspace/frameworks.html.jinja", {"rows": rows})


PACKAGED = packaged_frameworks()


@require_safe
def show_framework(request: HttpRequest, framework: str) -> HttpResponse:
    """Show a framework: its areas, questions and prompts."""
    record = get_object_or_404(models.Framework.objects.select_related("added_by"), code=framework)
    made = framework_of(record)
    context = {"record": record, "framework": made, "areas": _areas(made)}
    return render(request, "workspace/framework.html.jinja", context)


def _areas(framework: Framework) -> list[tuple[Any, list[tuple[Any, list[str]]]]]:
    """Areas, each with its questions, each with its prompts."""
    prompts: dict[str, list[str]] = {}
    for prompt in framework.prompts:
        prompts.setdefault(prompt.kloe, []).append(prompt.text)
    return [
        (
            area,
            [
                (question, prompts.get(question.kloe, []))
                for question in framework.questions
                if question.area == area.area
            ],
        )
        for area in framework.areas
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def add_framework(request: HttpRequest) -> HttpResponse:
    """Bring a framework of one's own."""
    form = FileForm(
        sent_of(request),
        files_of(request),
        endings=(".xlsx", ".zip"),
        label="Tables of the framework",
        hint="An Excel workbook (.xlsx), or a zip of CSV files.",
    )
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            kept = _keep(form.cleaned_data["file"], request.user)
        except TableError as error:
            faults = error.faults
        except PolicyError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, f"{kept.name} is here. Reviews can be opened with it.")
            return redirect("workspace:framework", kept.code)
    if faults:
        count = f"{len(faults)} faults were" if len(faults) > 1 else "One fault was"
        told = f"{count} found. Each is in the table on this page. Nothing was kept."
        form.add_error("file", told)
    status = 400 if form.errors else 200
    tables = {f"{name}.csv": kind.columns() for name, kind in FRAMEWORK_TABLES.items()}
    context = {"form": form, "faults": fault_rows(faults), "tables": tables}
    return render(request, "workspace/add_framework.html.jinja", context, status=status)


def _keep(upload: Any, user: Any) -> models.Framework:
    if upload.size > MOST_TABLES_BYTES:
        rule = f"It is larger than {MOST_TABLES_BYTES // 1_000_000} MB."
        raise TableError([Fault(upload.name, None, rule, "Leave out what is not needed.")])
    with tempfile.TemporaryDirectory(prefix="wholesystem-") as passing:
        tables = unpack_tables(upload.read(), upload.name, Path(passing))
        return keep_framework(framework=read_framework(tables), by=cast(Any, user))
