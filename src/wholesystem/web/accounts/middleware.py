"""The first visit leads to the first account."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from wholesystem.web.accounts.models import User

__all__ = ["lead_to_first_account"]

Answer = Callable[[HttpRequest], HttpResponseBase]
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
