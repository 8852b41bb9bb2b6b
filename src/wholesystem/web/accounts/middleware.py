"""The first visit leads to the first account; a session lasts as long as it is used."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from wholesystem.web.accounts.models import User
from wholesystem.web.site.middleware import UNSEEN

__all__ = ["keep_session", "lead_to_first_account"]

Answer = Callable[[HttpRequest], HttpResponseBase]
SEEN = "seen"
# Not at every request: each page would write to the database, and wait where it is being written.
SEEN_SECONDS = 300
PUBLIC = ("accounts:first-account", "site:accessibility", "site:health")


def lead_to_first_account(get_response: Answer) -> Answer:
    """Lead every page to the making of the first account, as long as there is none."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated or request.path in {reverse(name) for name in PUBLIC}:
            return get_response(request)
        if User.objects.exists():
            return get_response(request)
        return redirect("accounts:first-account")

    return answer


def keep_session(get_response: Answer) -> Answer:
    """Let the hours of a session count from its last use, to within five minutes."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        # A time that is kept would tell when somebody who is signed in answered a feedback tool.
        if not request.path.startswith(UNSEEN) and request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get(SEEN, 0) >= SEEN_SECONDS:
                request.session[SEEN] = now
        return get_response(request)

    return answer
