"""What every page is given."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

__all__ = ["add_site"]


def add_site(request: HttpRequest) -> dict[str, Any]:
    """Whom to turn to, and which part of the site the page belongs to.

    Parameters
    ----------
    request : HttpRequest
        The request.

    Returns
    -------
    dict of str to object
        ``contact``; ``navigation``, rows of label, address and app; ``app``, the current one; and
        ``provider_name``, empty where there is no OpenID Connect.
    """
    match = request.resolver_match
    return {
        "contact": settings.CONTACT,
        "app": match.app_name if match else "",
        "provider_name": settings.OIDC_NAME if settings.OIDC_RP_CLIENT_ID else "",
        "navigation": _navigation(request),
    }


def _navigation(request: HttpRequest) -> list[tuple[str, str, str]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    rows = [("Reviews", "/", "workspace")]
    if user.is_administrator:
        rows += [
            ("People", reverse("accounts:people"), "accounts"),
            ("Health", reverse("site:status"), "site"),
        ]
    return rows
