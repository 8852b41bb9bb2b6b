"""Pages on which links are made, shown once, taken as a file, and withdrawn."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholesystem.web.feedback import inviting
from wholesystem.web.feedback.forms import InviteForm, WithdrawLinksForm
from wholesystem.web.feedback.instruments import instrument_of
from wholesystem.web.feedback.links import (
    Card,
    cards_of,
    carried,
    file_of_links,
    picture_code,
    read_carried,
)
from wholesystem.web.feedback.models import Invited, InvitedNames, Tool
from wholesystem.web.feedback.standing import reminder_of
from wholesystem.web.jinja import write_date
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.forms.base import try_save
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import answer_form, sent_of, status_of

__all__ = [
    "download_links",
    "forget_names",
    "invite",
    "show_names",
    "show_reminder",
    "withdraw_links",
]

form_page = require_http_methods(["GET", "HEAD", "POST"])
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@review_page("run_feedback")
@form_page
def invite(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Make links, and show them this once."""
    tool = find_record(here.review, "feedback_tools", code)
    form = InviteForm(
        sent_of(request),
        review=here.review,
        instrument=instrument_of(tool),
        initial={"once": uuid.uuid4().hex, "last_day": tool.last_day},
    )
    if form.is_bound and form.is_valid():
        made = try_save(
            form,
            inviting.make_links,
            review=here.review,
            by=here.member,
            code=code,
            wanted=form.wanted(),
        )
        if made is not None:
            return _show_links(request, here, tool, made)
    return render_page(request, here, "feedback/invite", status_of(form), form=form, tool=tool)


def _show_links(
    request: HttpRequest, here: Here, tool: Tool, made: list[inviting.MadeLinks]
) -> HttpResponse:
    labels = {one.role: one.label for one in instrument_of(tool).roles}
    cards: list[Card] = []
    for one in made:
        cards += cards_of(
            [request.build_absolute_uri(_path_of(token)) for token in one.tokens],
            organisation=one.invited.organisation.name if one.invited.organisation else "",
            role=labels.get(one.invited.role, ""),
            kind=one.invited.links,
            last_day=write_date(one.invited.last_day),
            names=one.names,
        )
    return render_page(
        request,
        here,
        "feedback/links",
        tool=tool,
        cards=[(one, picture_code(one.address)) for one in cards],
        carried=carried(cards),
        has_names=any(one.name for one in cards),
    )


def _path_of(token: str) -> str:
    return reverse("answers:cover", args=[token])


@review_page("run_feedback")
@require_POST
def download_links(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Give the links that the page before shows as a file; they are not kept."""
    tool = find_record(here.review, "feedback_tools", code)
    ending = "csv" if request.POST.get("ending") == "csv" else "xlsx"
    cards = read_carried(request.POST.get("links", ""))
    if not cards:
        messages.error(
            request,
            "The links can no longer be taken from that page. Withdraw them and make new ones.",
        )
        return redirect("workspace:feedback_tool", here.review.code, tool.code)
    answer = HttpResponse(file_of_links(cards, ending), content_type=MEDIA_TYPES[ending])
    answer["Content-Disposition"] = f'attachment; filename="links_{tool.code}.{ending}"'
    return answer


@review_page("run_feedback")
@form_page
def withdraw_links(request: HttpRequest, here: Here, code: str, invited: str) -> HttpResponse:
    """Withdraw links that were given out."""
    tool = find_record(here.review, "feedback_tools", code)
    record = inviting.find_invited(tool, invited)
    form = WithdrawLinksForm(sent_of(request))

    def save() -> Invited:
        return inviting.withdraw_links(
            review=here.review,
            by=here.member,
            code=code,
            invited=invited,
            why=form.cleaned_data["why"],
        )

    def go_on(saved: Invited) -> HttpResponse:
        messages.success(request, f"The links {saved.code} are withdrawn.")
        return redirect("workspace:feedback_tool", here.review.code, code)

    roles = {one.role: one.label for one in instrument_of(tool).roles}
    return answer_form(
        request,
        here,
        "feedback/withdraw",
        form,
        save,
        go_on,
        tool=tool,
        invited=record,
        role=roles.get(record.role, ""),
    )


@review_page("run_feedback")
@require_safe
def show_names(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show the names of those invited, until the tool closes."""
    tool = find_record(here.review, "feedback_tools", code)
    lists = InvitedNames.objects.filter(invited__tool=tool).select_related(
        "invited__organisation", "made_by"
    )
    roles = {one.role: one.label for one in instrument_of(tool).roles}
    rows = [(one, roles.get(one.invited.role, "")) for one in lists.order_by("pk")]
    return render_page(request, here, "feedback/names", tool=tool, lists=rows)


@review_page("run_feedback")
@require_POST
def forget_names(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Delete the names of those invited."""
    gone = inviting.forget_names(review=here.review, by=here.member, code=code)
    text = f"{gone} {'name was' if gone == 1 else 'names were'} deleted."
    messages.success(request, text if gone else "There was no name to delete.")
    return redirect("workspace:feedback_tool", here.review.code, code)


@review_page("run_feedback")
@require_safe
def show_reminder(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show a text to remind everybody with."""
    tool = find_record(here.review, "feedback_tools", code)
    text: Any = reminder_of(tool) if tool.state == "open" else ""
    return render_page(request, here, "feedback/reminder", tool=tool, text=text)
