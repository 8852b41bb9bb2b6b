"""What every page is given."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

__all__ = ["add_site"]


def add_site(request: HttpRequest) -> dict[str, Any]:
    """Whom to turn to, how to sign in, and the parts of the site.

    Parameters
    ----------
    request : HttpRequest
        The request.

    Returns
    -------
    dict of str to object
        ``contact``; ``navigation``, rows of label, address and whether the page is in that part;
        and ``provider_name``, empty where there is no OpenID Connect.
    """
    return {
        "contact": settings.CONTACT,
        "provider_name": settings.OIDC_NAME if settings.OIDC_RP_CLIENT_ID else "",
        "navigation": _navigation(request),
    }


def _navigation(request: HttpRequest) -> list[tuple[str, str, bool]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    in_reviews = request.resolver_match and request.resolver_match.app_name == "workspace"
    rows = [("Reviews", "/", bool(in_reviews))]
    if user.is_administrator:
        for label, name in (("People", "accounts:people"), ("Health", "site:status")):
            rows.append((label, reverse(name), request.path.startswith(reverse(name))))
    return rows
