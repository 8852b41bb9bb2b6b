"""What happens to every request: a line in the log, headers, and no more than we can take."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from wholesystem.web.logs import request_id
from wholesystem.web.site.views import show_too_large

__all__ = ["UNSEEN", "add_headers", "log_requests", "refuse_large_requests"]

Answer = Callable[[HttpRequest], HttpResponseBase]
#: Pages on which nobody is to be known, not even who happens to be signed in.
UNSEEN = "/answer/"
LOG = logging.getLogger("wholesystem.requests")

HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def log_requests(get_response: Answer) -> Answer:
    """Log one line a request, naming the route and never the address, which may hold a token."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        token = request_id.set(uuid.uuid4().hex[:16])
        start = time.perf_counter()
        try:
            response = get_response(request)
            response["X-Request-ID"] = request_id.get()
            _log(request, response, round((time.perf_counter() - start) * 1000))
            return response
        finally:
            request_id.reset(token)

    return answer


def _log(request: HttpRequest, response: HttpResponseBase, ms: int) -> None:
    match = request.resolver_match
    # Only where the page asked who it is: a line of the log must not ask the database.
    user = request.__dict__.get("_cached_user")
    route = f"/{match.route}" if match else ""
    if route.startswith(UNSEEN):
        user = None
    LOG.info(
        "request",
        extra={
            "route": route,
            "method": request.method if re.fullmatch("[A-Z]{1,10}", request.method or "") else "",
            "status": response.status_code,
            "ms": ms,
            "user": user.pk if user is not None else None,
        },
    )


def add_headers(get_response: Answer) -> Answer:
    """Add the headers that no other part adds; what a person sees is not kept by the browser."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        # On a shared computer, Back after signing out must not show a page again.
        response.setdefault("Cache-Control", "no-store")
        return response

    return answer


def refuse_large_requests(get_response: Answer) -> Answer:
    """Refuse a request larger than the setting allows, before anything reads it."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if _length(request) > settings.LARGEST_REQUEST_BYTES:
            return show_too_large(request)
        return get_response(request)

    return answer


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
