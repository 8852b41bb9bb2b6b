"""Pages of accounts: the first account, signing in and out."""

from __future__ import annotations

from django.contrib.auth import login, logout, views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from wholesystem.web.accounts import actions
from wholesystem.web.accounts.errors import AccountError
from wholesystem.web.accounts.forms import FirstAccountForm, SignInForm
from wholesystem.web.accounts.models import User

__all__ = ["SignIn", "first_account", "show_account", "show_people", "sign_out"]

PASSWORDS = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@sensitive_post_parameters()
def first_account(request: HttpRequest) -> HttpResponse:
    """Make the first account, as long as there is none."""
    if User.objects.exists():
        return redirect("accounts:sign-in")
    form = FirstAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("email", "name", "password")}
        try:
            user = actions.create_first_account(**told)
        except AccountError:
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


@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out. Only by a form, so that no link can do it."""
    logout(request)
    return redirect("accounts:sign-in")


def show_account(request: HttpRequest) -> HttpResponse:
    """Show the person's own account."""
    return render(request, "accounts/account.html.jinja")


def show_people(request: HttpRequest) -> HttpResponse:
    """Show accounts and invitations."""
    return render(request, "accounts/people.html.jinja", {"people": User.objects.all()})
