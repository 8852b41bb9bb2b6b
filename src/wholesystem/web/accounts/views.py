"""Pages of one's own account: the first one, signing in and out, invitation, password."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash, views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholesystem.web.accounts import actions, invitations
from wholesystem.web.accounts.errors import AccountError
from wholesystem.web.accounts.forms import (
    ChangePasswordForm,
    FirstAccountForm,
    InvitedForm,
    NameForm,
    NewPasswordForm,
    SignInForm,
)
from wholesystem.web.accounts.links import find_user
from wholesystem.web.accounts.models import Invitation, User

__all__ = [
    "SignIn",
    "accept_invitation",
    "change_name",
    "change_password",
    "create_first_account",
    "set_password",
    "show_account",
    "show_provider_refused",
    "sign_out",
]

PASSWORDS = "django.contrib.auth.backends.ModelBackend"
form_page = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@sensitive_post_parameters()
@form_page
def create_first_account(request: HttpRequest) -> HttpResponse:
    """Make the first account, as long as there is none."""
    if User.objects.exists():
        return redirect("accounts:sign-in")
    form = FirstAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("email", "name", "password")}
        try:
            user = actions.create_first_account(**told)
        except AccountError as error:
            messages.warning(request, str(error))
            return redirect("accounts:sign-in")
        login(request, user, backend=PASSWORDS)
        return redirect("/")
    return render(request, "accounts/first_account.html.jinja", {"form": form})


@method_decorator(login_not_required, name="dispatch")
class SignIn(views.LoginView):
    """Sign in with e-mail address and password."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html.jinja"
    redirect_authenticated_user = True


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out. Only by a form, so that no link can do it."""
    logout(request)
    return redirect("accounts:sign-in")


@login_not_required
@require_safe
def show_provider_refused(request: HttpRequest) -> HttpResponse:
    """Show that the organisation's account did not lead in."""
    return render(request, "accounts/provider_refused.html.jinja", status=403)


@require_safe
def show_account(request: HttpRequest) -> HttpResponse:
    """Show the person's own account."""
    return render(request, "accounts/account.html.jinja")


@form_page
def change_name(request: HttpRequest) -> HttpResponse:
    """Change one's own name."""
    user = cast(User, request.user)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if form.is_valid():
        actions.change_name(by=user, name=form.cleaned_data["name"])
        messages.success(request, "Your name was changed.")
        return redirect("accounts:account")
    return render(request, "accounts/name.html.jinja", {"form": form})


@sensitive_post_parameters()
@form_page
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sessions of the person end."""
    user = cast(User, request.user)
    form = ChangePasswordForm(request.POST or None, user=user)
    if form.is_valid():
        actions.change_password(by=user, password=form.cleaned_data["password"])
        update_session_auth_hash(request, user)
        messages.success(request, "Your password was changed. You were signed out elsewhere.")
        return redirect("accounts:account")
    return render(request, "accounts/password.html.jinja", {"form": form})


@login_not_required
@sensitive_post_parameters()
@form_page
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: with a new account, or with one's own."""
    invitation = invitations.find_open(token)
    if invitation is None:
        return render(request, "accounts/link_ended.html.jinja", status=404)
    if User.objects.filter(email=invitation.email).exists():
        return _accept_with_account(request, invitation, token)
    form = InvitedForm(request.POST or None, invitation=invitation)
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("name", "password")}
        try:
            user = invitations.accept_with_password(token=token, **told)
        except AccountError:  # accepted or withdrawn since the page was opened
            return render(request, "accounts/link_ended.html.jinja", status=404)
        login(request, user, backend=PASSWORDS)
        return redirect("/")
    return render(
        request, "accounts/invitation.html.jinja", {"form": form, "invitation": invitation}
    )


def _accept_with_account(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Accept with the account that the address has: by a button, once its owner is signed in."""
    is_theirs = getattr(request.user, "email", None) == invitation.email
    if request.method == "POST" and is_theirs:
        invitations.accept_as(token=token, by=cast(User, request.user))
        messages.success(request, "You accepted the invitation.")
        return redirect("/")
    context = {"invitation": invitation, "is_theirs": is_theirs, "path": request.path}
    return render(request, "accounts/invitation_known.html.jinja", context)


@login_not_required
@sensitive_post_parameters()
@form_page
def set_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Set a new password by a link that an administrator made."""
    user = find_user(uid, token)
    if user is None:
        return render(request, "accounts/link_ended.html.jinja", status=404)
    form = NewPasswordForm(request.POST or None, user=user)
    if form.is_valid():
        actions.set_password_by_link(user=user, password=form.cleaned_data["password"])
        messages.success(request, "Your password was set. Sign in with it.")
        return redirect("accounts:sign-in")
    context: dict[str, Any] = {"form": form, "person": user}
    return render(request, "accounts/set_password.html.jinja", context)
