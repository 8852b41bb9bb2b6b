"""Pages of the site itself: accessibility, health, and what is shown when something is refused."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wholesystem import __version__
from wholesystem.web.accounts.permissions import administrators_only
from wholesystem.web.site.health import look_after_health

__all__ = [
    "answer_health",
    "show_accessibility",
    "show_bad_request",
    "show_csrf_failure",
    "show_forbidden",
    "show_not_found",
    "show_our_fault",
    "show_status",
    "show_too_large",
]

LOG = logging.getLogger("wholesystem.site")
MEGABYTE = 1_048_576


@login_not_required
@require_safe
def show_accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return render(request, "site/accessibility.html.jinja")


@login_not_required
@require_safe
def answer_health(request: HttpRequest) -> JsonResponse:
    """Answer a machine whether all is well: to strangers no more than that."""
    findings = look_after_health()
    is_well = all(one.is_well for one in findings)
    answer: dict[str, Any] = {"ok": is_well}
    if _is_administrator(request):
        answer["findings"] = [asdict(one) for one in findings]
    return JsonResponse(answer, status=200 if is_well else 503)


def _is_administrator(request: HttpRequest) -> bool:
    try:
        return getattr(request.user, "is_administrator", False) and request.user.is_active
    except DatabaseError:  # the answer must come also where the database does not
        return False


@require_safe
@administrators_only
def show_status(request: HttpRequest) -> HttpResponse:
    """Show an administrator how the workspace does."""
    context = {"findings": look_after_health(), "version": __version__}
    return render(request, "site/status.html.jinja", context)


def _show(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    return render(request, "site/refused.html.jinja", context, status=status)


def show_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show that a request cannot be read."""
    return _show(
        request,
        400,
        bare=True,
        title="The request could not be read",
        lines=["Something in it was not as a page of ours sends it.", "Go back and try again."],
    )


def show_forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show that the person may not see a page or do something."""
    return _show(
        request,
        403,
        title="You are not allowed to do this",
        lines=[
            "Your part does not include it.",
            "If you need it, ask the person who leads the review or an administrator.",
        ],
    )


def show_csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show that a form was not sent from a page of ours, or from one that has grown old."""
    LOG.warning("csrf_failure")
    if request.path.startswith("/answer/"):  # a respondent, who never signs in
        context = {"state": "cookie", "tool": None}
        return render(request, "answers/stopped.html.jinja", context, status=403)
    return _show(
        request,
        403,
        title="The page was open for too long",
        lines=[
            "For safety, a form is taken only from a page that was opened since you signed in."
            " Nothing was saved.",
            "Go back, copy what you wrote, load the page again and send it once more."
            " Your browser must accept cookies from this site.",
        ],
    )


def show_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show that there is no such page."""
    return _show(
        request,
        404,
        title="Page not found",
        lines=[
            "If you typed the address, check it. If you pasted it, check that you copied all of"
            " it.",
            "It may also be a page of a review in which you have no part.",
        ],
    )


def show_too_large(request: HttpRequest) -> HttpResponse:
    """Show that an upload is too large."""
    largest = settings.LARGEST_REQUEST_BYTES // MEGABYTE
    return _show(
        request,
        413,
        bare=True,
        title="The file is too large",
        lines=[
            f"What is sent at once may have {largest} MB at most. Nothing was saved.",
            "Make the file smaller, for example by saving its pictures at a lower quality or by"
            " splitting it, and send it again.",
        ],
    )


def show_our_fault(request: HttpRequest) -> HttpResponse:
    """Show that something went wrong with us; it asks nothing of the database."""
    return _show(
        request,
        500,
        bare=True,
        title="Sorry, there is a problem with the workspace",
        lines=[
            "It is not your fault. What you saved earlier is still there; what you sent just now"
            " may not be.",
            "Try again in a few minutes.",
        ],
        ask=True,
    )
