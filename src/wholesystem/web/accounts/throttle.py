"""How many failed sign-ins are allowed, and what is shown after them."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wholesystem.web.accounts.models import tidy_email

__all__ = ["read_username", "show_stopped", "tries_allowed"]

LOG = logging.getLogger("wholesystem.accounts")


def tries_allowed(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """Failures after which sign-in is stopped.

    Parameters
    ----------
    request : HttpRequest
        The sign-in.
    credentials : dict, optional
        What was typed; not looked at.

    Returns
    -------
    int
        Of the settings.
    """
    return int(settings.SIGN_IN_TRIES)


def read_username(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The e-mail address by which failures are counted.

    Parameters
    ----------
    request : HttpRequest
        The sign-in.
    credentials : dict, optional
        What was typed, where axes is given it.

    Returns
    -------
    str
        Tidied: other letters would otherwise be new tries.
    """
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    return tidy_email(str(typed))[:254]


def show_stopped(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Show that sign-in is stopped, and for how long.

    Parameters
    ----------
    request : HttpRequest
        The sign-in.
    response : HttpResponse or None
        What would have been shown.
    credentials : dict, optional
        What was typed; not shown.

    Returns
    -------
    HttpResponse
        With status 429.
    """
    LOG.warning("sign_in_stopped")
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(
        request, "accounts/stopped.html.jinja", {"minutes": minutes, "bare": True}, status=429
    )
