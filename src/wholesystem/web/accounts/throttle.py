"""How many failed sign-ins are allowed, and what is shown after them.

axes counts the failures of one address from one place. It has one limit for all that it counts;
a place that many people share needs a higher one, so that is counted here.
"""

from __future__ import annotations

import logging
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from wholesystem.web.accounts.models import tidy_email

__all__ = ["is_by_provider", "read_address", "read_username", "show_stopped", "tries_allowed"]

# A ward behind one address: several people may mistype in the same minutes.
PLACE_FACTOR = 5
LOG = logging.getLogger("wholesystem.accounts")


def tries_allowed(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """Failures of one address from one place after which sign-in is stopped.

    Parameters
    ----------
    request : HttpRequest
        The sign-in.
    credentials : dict, optional
        What was typed; not looked at.

    Returns
    -------
    int
        Of the settings; 0 for a place that guesses at many addresses.
    """
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    recent = AccessAttempt.objects.filter(ip_address=read_address(request), attempt_time__gte=since)
    failures = recent.aggregate(all=Sum("failures_since_start"))["all"] or 0
    return 0 if failures >= PLACE_FACTOR * settings.SIGN_IN_TRIES else settings.SIGN_IN_TRIES


def read_address(request: HttpRequest) -> str:
    """The place from which a request comes.

    Parameters
    ----------
    request : HttpRequest
        The request.

    Returns
    -------
    str
        An IP address. No header is believed here: anyone can send one.
    """
    return str(request.META.get("REMOTE_ADDR", ""))


def is_by_provider(request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
    """Whether nobody typed a password, so that there is none to be guessed.

    Parameters
    ----------
    request : HttpRequest
        The sign-in.
    credentials : dict, optional
        What was typed.

    Returns
    -------
    bool
        True for a return from a provider: counted all under no address, a few strangers would stop
        everyone of their organisation.
    """
    return request.method == "GET" and not read_username(request, credentials)


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
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    context = {"minutes": seconds // 60, "bare": True}
    stopped = render(request, "accounts/stopped.html.jinja", context, status=429)
    stopped["Retry-After"] = str(seconds)
    return stopped
