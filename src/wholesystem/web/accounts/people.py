"""Pages of administrators: who has an account, invitations, links to hand out."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholesystem.web.accounts import actions, invitations, links
from wholesystem.web.accounts.errors import AccountError
from wholesystem.web.accounts.forms import InviteForm
from wholesystem.web.accounts.models import Invitation, User
from wholesystem.web.accounts.permissions import administrators_only

__all__ = [
    "change_invitation",
    "change_person",
    "invite_person",
    "show_link",
    "show_people",
    "show_person",
]


@require_safe
@administrators_only
def show_people(request: HttpRequest) -> HttpResponse:
    """Show accounts and invitations that are not accepted yet."""
    pending = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    context = {"people": User.objects.all(), "invitations": pending.select_related("invited_by")}
    return render(request, "accounts/people.html.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def invite_person(request: HttpRequest) -> HttpResponse:
    """Invite a person to the workspace."""
    form = InviteForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            invitation, token = invitations.invite(
                email=told["email"],
                name=told["name"],
                is_administrator=told["is_administrator"],
                by=cast(User, request.user),
            )
        except AccountError as error:
            form.add_error("email", str(error))
        else:
            return _show_invitation(request, invitation, token)
    return render(request, "accounts/invite.html.jinja", {"form": form})


def _show_invitation(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    path = links.invitation_path(token)
    return links.show_once(request, path=path, user_name=invitation.name, what="invitation")


@require_safe
def show_link(request: HttpRequest) -> HttpResponse:
    """Show a link that was just made, this once."""
    shown = links.take_shown(request)
    status = 200 if shown else 404
    return render(request, "accounts/link.html.jinja", {"link": shown}, status=status)


@require_safe
@administrators_only
def show_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person's account, with what can be done with it."""
    person = get_object_or_404(User, pk=pk)
    return render(request, "accounts/person.html.jinja", {"person": person})


@require_POST
@administrators_only
def change_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Close or open an account, make an administrator, or make a link for a new password."""
    person, by = get_object_or_404(User, pk=pk), cast(User, request.user)
    wanted = request.POST.get("do", "")
    if wanted == "link" and person.is_active:
        actions.note_password_link(user=person, by=by)
        path = links.password_path(person)
        return links.show_once(request, path=path, user_name=person.name, what="password")
    try:
        if wanted in ("close", "open"):
            actions.set_active(user=person, active=wanted == "open", by=by)
        elif wanted in ("make", "unmake"):
            actions.set_administrator(user=person, administrator=wanted == "make", by=by)
    except AccountError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "The account was changed.")
    return redirect("accounts:person", pk=pk)


@require_POST
@administrators_only
def change_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation, or make a new link for it."""
    invitation, by = get_object_or_404(Invitation, pk=pk), cast(User, request.user)
    try:
        if request.POST.get("do") == "renew":
            token = invitations.renew(invitation=invitation, by=by)
            return _show_invitation(request, invitation, token)
        invitations.withdraw(invitation=invitation, by=by)
        messages.success(request, "The invitation was withdrawn. Its link holds no longer.")
    except AccountError as error:
        messages.warning(request, str(error))
    return redirect("accounts:people")
