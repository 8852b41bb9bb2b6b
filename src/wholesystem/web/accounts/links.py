"""Links that are shown once, for the person to copy: the workspace sends no e-mail."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from wholesystem.web.accounts.models import User

__all__ = ["find_user", "invitation_path", "password_path", "show_once", "take_shown"]

KEY = "link_shown_once"


def invitation_path(token: str) -> str:
    """Path of the page on which an invitation is accepted.

    Parameters
    ----------
    token : str
        As `invite` gave it.

    Returns
    -------
    str
        From the root of the site.
    """
    return reverse("accounts:invitation", args=[token])


def password_path(user: User) -> str:
    """Path of the page on which a person sets a new password.

    Parameters
    ----------
    user : User
        The person. The link holds until the password changes or they sign in.

    Returns
    -------
    str
        From the root of the site.
    """
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("accounts:set-password", args=[uid, default_token_generator.make_token(user)])


def find_user(uid: str, token: str) -> User | None:
    """The person for whom a link sets a new password.

    Parameters
    ----------
    uid, token : str
        From the link.

    Returns
    -------
    User or None
        None where the link does not hold.
    """
    try:
        user = User.objects.get(pk=int(force_str(urlsafe_base64_decode(uid))), is_active=True)
    except (ValueError, OverflowError, User.DoesNotExist):
        return None
    return user if default_token_generator.check_token(user, token) else None


def show_once(
    request: HttpRequest, *, path: str, user_name: str, what: str
) -> HttpResponseRedirect:
    """Answer that leads to the page which shows a link, once.

    Parameters
    ----------
    request : HttpRequest
        Of the person who is to copy it.
    path : str
        `invitation_path` or `password_path`.
    user_name : str
        For whom the link is.
    what : str
        ``invitation`` or ``password``.

    Returns
    -------
    HttpResponseRedirect
        To that page.
    """
    request.session[KEY] = {
        "href": request.build_absolute_uri(path),
        "name": user_name,
        "what": what,
    }
    return redirect("accounts:link")


def take_shown(request: HttpRequest) -> dict[str, str] | None:
    """What `show_once` kept, which is gone after.

    Parameters
    ----------
    request : HttpRequest
        Of the same session.

    Returns
    -------
    dict or None
        ``href``, ``name`` and ``what``; None where it was shown.
    """
    shown: dict[str, str] | None = request.session.pop(KEY, None)
    return shown
