"""Pages of a review's people, and of what is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholesystem.reviews.words import word_labels
from wholesystem.web.accounts import links
from wholesystem.web.accounts.errors import AccountError
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import people as invitations
from wholesystem.web.workspace.actions import reviews as actions
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.forms.people import DueDateForm, EndForm, InviteForm, MemberForm
from wholesystem.web.workspace.reminders import DAYS_AHEAD
from wholesystem.web.workspace.rows import row_of
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import answer_form, sent_of

__all__ = [
    "add_due_date",
    "change_due_date",
    "change_invitation",
    "change_member",
    "end_membership",
    "invite",
    "show_due_dates",
    "show_people",
]

A_PAGE = 50
form_page = require_http_methods(["GET", "HEAD", "POST"])


def _meanings() -> dict[str, str]:
    return {word: meaning for word, (_, meaning) in word_labels("roles").items()}


@review_page("see_review")
@require_safe
def show_people(request: HttpRequest, here: Here) -> HttpResponse:
    """Show who takes part, in which role, and who is invited."""
    everyone = models.Member.objects.filter(review=here.review).select_related(
        "user", "organisation"
    )
    current = everyone.filter(left_at__isnull=True).order_by("name", "pk")
    page = Paginator(current, A_PAGE).get_page(request.GET.get("page"))
    grants: Any = ()
    if here.may("manage_people"):
        grants = models.Grant.objects.filter(
            review=here.review,
            invitation__accepted_at__isnull=True,
            invitation__withdrawn_at__isnull=True,
        ).select_related("invitation__invited_by", "member")
    return render_page(
        request,
        here,
        "people",
        page=page,
        left=everyone.filter(left_at__isnull=False).order_by("name", "pk"),
        grants=grants,
        roles=word_labels("roles"),
    )


@review_page("manage_people")
@form_page
def invite(request: HttpRequest, here: Here) -> HttpResponse:
    """Give somebody a part in the review."""
    form = InviteForm(sent_of(request), review=here.review)

    def save() -> str:
        return invitations.invite_member(review=here.review, by=here.member, **form.values())

    def go_on(token: str) -> HttpResponse:
        name = form.cleaned_data["name"]
        if token:
            path = links.invitation_path(token)
            return links.show_once(request, path=path, user_name=name, what="invitation")
        messages.success(request, f"{name} has an account, and takes part from now on.")
        return redirect("workspace:people", here.review.code)

    return answer_form(request, here, "invite", form, save, go_on, meanings=_meanings())


@review_page("manage_people")
@require_POST
def change_invitation(request: HttpRequest, here: Here, grant: int) -> HttpResponse:
    """Withdraw an invitation, or make a new link for it."""
    found = get_object_or_404(
        models.Grant.objects.select_related("invitation"), pk=grant, review=here.review
    )
    try:
        if request.POST.get("do") == "renew":
            token = invitations.renew_invitation(grant=found, by=here.member)
            path, name = links.invitation_path(token), found.invitation.name
            return links.show_once(request, path=path, user_name=name, what="invitation")
        invitations.withdraw_invitation(grant=found, by=here.member)
        messages.success(request, "The invitation was withdrawn.")
    except AccountError as error:
        messages.warning(request, str(error))
    return redirect("workspace:people", here.review.code)


@review_page("manage_people")
@form_page
def change_member(request: HttpRequest, here: Here, person: str) -> HttpResponse:
    """Change a person's name in the review, role or organisation."""
    member: models.Member = find_record(here.review, "people", person)
    row = row_of("people", member)
    initial = {**dict(row), "version": member.version}
    form = MemberForm(sent_of(request), initial=initial, review=here.review)

    def save() -> models.Member:
        return actions.change_member(
            review=here.review,
            by=here.member,
            code=person,
            values=form.values(),
            version=form.cleaned_data["version"],
        )

    def go_on(saved: models.Member) -> HttpResponse:
        messages.success(request, f"Saved: {saved.name}, {saved.get_role_display().lower()}.")
        return redirect("workspace:people", here.review.code)

    return answer_form(
        request, here, "change_member", form, save, go_on, person=member, meanings=_meanings()
    )


@review_page("manage_people")
@form_page
def end_membership(request: HttpRequest, here: Here, person: str) -> HttpResponse:
    """End a person's part."""
    member: models.Member = find_record(here.review, "people", person)
    form = EndForm(sent_of(request))

    def save() -> models.Member:
        return actions.end_membership(
            review=here.review, by=here.member, code=person, why=form.cleaned_data["why"]
        )

    def go_on(saved: models.Member) -> HttpResponse:
        messages.success(request, f"{saved.name} sees this review no more.")
        if saved.pk == here.member.pk:
            return redirect("workspace:reviews")
        return redirect("workspace:people", here.review.code)

    return answer_form(request, here, "end_membership", form, save, go_on, person=member)


# --------------------------------------------------------------------------- what is due


@review_page("see_review")
@require_safe
def show_due_dates(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what is due, and what was done."""
    every = models.DueDate.objects.filter(review=here.review).select_related("person")
    open_ones = every.filter(done_on__isnull=True).order_by("on", "pk")
    done = every.filter(done_on__isnull=False).order_by("-done_on", "-pk")
    today = timezone.localdate()
    return render_page(
        request,
        here,
        "due_dates",
        page=Paginator(open_ones, A_PAGE).get_page(request.GET.get("page")),
        done=Paginator(done, A_PAGE).get_page(request.GET.get("done")),
        today=today,
        soon=today + timedelta(days=DAYS_AHEAD),
        days_ahead=DAYS_AHEAD,
    )


@review_page("change_due_dates")
@form_page
def add_due_date(request: HttpRequest, here: Here) -> HttpResponse:
    """Add something that is due."""
    return _due_date(request, here, None)


@review_page("change_due_dates")
@form_page
def change_due_date(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Change what is due, or tick it off."""
    return _due_date(request, here, find_record(here.review, "due_dates", code))


def _sent(request: HttpRequest, initial: Mapping[str, Any]) -> Any:
    """What was sent; the button "Done" of the list sends all as it stands, done today."""
    if "done" not in request.POST:
        return sent_of(request)
    sent = request.POST.copy()
    days = {"on": initial.get("on"), "done_on": timezone.localdate()}
    for name, day in days.items():
        if day is not None:
            for part in ("day", "month", "year"):
                sent[f"{name}-{part}"] = str(getattr(day, part))
    for name in ("title", "person"):
        sent[name] = initial.get(name, "")
    return sent


def _due_date(request: HttpRequest, here: Here, due: models.DueDate | None) -> HttpResponse:
    initial = {**dict(row_of("due_dates", due)), "version": due.version} if due else {}
    form = DueDateForm(_sent(request, initial), initial=initial, review=here.review)
    code = due.code if due else ""

    def save() -> models.DueDate:
        return actions.save_due_date(
            review=here.review,
            by=here.member,
            values=form.values(),
            code=code,
            version=form.cleaned_data["version"],
        )

    def go_on(saved: models.DueDate) -> HttpResponse:
        what = "Done" if saved.done_on else "Saved"
        messages.success(request, f"{what}: {saved.title}.")
        return redirect("workspace:due_dates", here.review.code)

    return answer_form(request, here, "due_date", form, save, go_on, due=due)
