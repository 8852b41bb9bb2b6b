"""Pages of feedback tools: all of them, one, what it asks, and changing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.feedback.instrument import INSTRUMENT_TABLES, Instrument
from wholesystem.reviews.feedback.reading import packaged_instruments, read_instrument
from wholesystem.web.feedback import actions
from wholesystem.web.feedback.forms import CloseForm, LastDayForm, MakeToolForm, ToolForm
from wholesystem.web.feedback.instruments import instrument_of, pages_of, read_upload
from wholesystem.web.feedback.models import Tool
from wholesystem.web.feedback.shown import results_of
from wholesystem.web.feedback.standing import standing_of, tell_sent
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.forms.base import try_save
from wholesystem.web.workspace.rows import row_of
from wholesystem.web.workspace.views.faults import fault_rows
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import answer_form, files_of, sent_of, status_of

__all__ = [
    "add_tool",
    "change_tool",
    "close_tool",
    "open_tool",
    "preview_tool",
    "show_tool",
    "show_tools",
]

form_page = require_http_methods(["GET", "HEAD", "POST"])


@review_page("see_feedback")
@require_safe
def show_tools(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the feedback tools of a review."""
    tools = Tool.objects.filter(review=here.review).defer("tables").order_by("pk")
    return render_page(request, here, "feedback/tools", tools=tools)


@review_page("see_feedback")
@require_safe
def show_tool(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show a tool: where it stands, who was invited, and what is to be done next."""
    tool = find_record(here.review, "feedback_tools", code)
    return render_page(
        request,
        here,
        "feedback/tool",
        tool=tool,
        instrument=instrument_of(tool),
        standing=standing_of(tool),
    )


@review_page("see_feedback")
@require_safe
def preview_tool(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show what a tool asks, as respondents come to it."""
    tool = find_record(here.review, "feedback_tools", code)
    instrument = instrument_of(tool)
    return render_page(
        request,
        here,
        "feedback/preview",
        tool=tool,
        instrument=instrument,
        pages=pages_of(instrument),
    )


@review_page("run_feedback")
@form_page
def add_tool(request: HttpRequest, here: Here) -> HttpResponse:
    """Make a tool of a packaged instrument, or of tables that a person uploads."""
    form = MakeToolForm(sent_of(request), files_of(request))
    faults: tuple[Fault, ...] = ()
    if form.is_bound and form.is_valid():
        try:
            instrument = _instrument(form)
        except TableError as error:
            faults = error.faults
            count = f"{len(faults)} faults were" if len(faults) > 1 else "One fault was"
            told = f"{count} found. Each is in the table on this page. Nothing was kept."
            form.add_error("file", told)
        else:
            made = try_save(
                form,
                actions.make_tool,
                review=here.review,
                by=here.member,
                values=form.values(),
                instrument=instrument,
            )
            if made is not None:
                messages.success(request, f"{made.title} is here. Look at what it asks first.")
                return redirect("workspace:feedback_tool", here.review.code, made.code)
    return render_page(
        request,
        here,
        "feedback/add",
        status_of(form),
        form=form,
        faults=fault_rows(faults),
        about={one: read_instrument(one) for one in packaged_instruments()},
        tables={f"{name}.csv": kind.columns() for name, kind in INSTRUMENT_TABLES.items()},
    )


def _instrument(form: MakeToolForm) -> Instrument:
    chosen = form.cleaned_data["instrument"]
    if chosen in packaged_instruments():
        return read_instrument(chosen)
    return read_upload(form.cleaned_data["file"])


@review_page("run_feedback")
@form_page
def change_tool(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Change what a tool is called, and what is told of it."""
    tool = find_record(here.review, "feedback_tools", code)
    initial: dict[str, Any] = {**row_of("feedback_tools", tool).cells(), "version": tool.version}
    form = ToolForm(sent_of(request), initial=initial)

    def save() -> Tool:
        return actions.change_tool(
            review=here.review,
            by=here.member,
            code=code,
            values=form.values(),
            version=form.cleaned_data["version"],
        )

    def go_on(saved: Tool) -> HttpResponse:
        messages.success(request, "Saved.")
        return redirect("workspace:feedback_tool", here.review.code, saved.code)

    return answer_form(request, here, "feedback/change", form, save, go_on, tool=tool)


@review_page("run_feedback")
@form_page
def open_tool(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Open a tool, so that links can be made and answers are taken."""
    tool = find_record(here.review, "feedback_tools", code)
    form = LastDayForm(sent_of(request), initial={"version": tool.version})

    def save() -> Tool:
        return actions.open_tool(
            review=here.review,
            by=here.member,
            code=code,
            last_day=form.cleaned_data["last_day"],
            version=form.cleaned_data["version"],
        )

    def go_on(saved: Tool) -> HttpResponse:
        messages.success(request, f"{saved.title} is open. Make links to hand out.")
        return redirect("workspace:feedback_tool", here.review.code, saved.code)

    return answer_form(request, here, "feedback/open", form, save, go_on, tool=tool)


@review_page("run_feedback")
@form_page
def close_tool(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Say what closing does, and close a tool for good."""
    tool = find_record(here.review, "feedback_tools", code)
    form = CloseForm(sent_of(request))

    def save() -> Tool:
        return actions.close_tool(review=here.review, by=here.member, code=code)

    def go_on(saved: Tool) -> HttpResponse:
        # Of 20,000 answers they take a second: whoever closes waits for it, nobody after.
        results_of(saved)
        messages.success(request, f"{saved.title} is closed. Its results can be seen.")
        return redirect("workspace:feedback_tool", here.review.code, saved.code)

    names = standing_of(tool).names
    return answer_form(
        request,
        here,
        "feedback/close",
        form,
        save,
        go_on,
        tool=tool,
        sent=tell_sent(tool),
        names=f"{names} name{'' if names == 1 else 's'}",
    )
