"""Signing in and out, recorded in the chain."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from wholesystem.web.accounts.models import User
from wholesystem.web.audit.chain import record

__all__: list[str] = []


@receiver(user_logged_in)
def _record_sign_in(request: HttpRequest, user: User, **rest: Any) -> None:
    backend = getattr(user, "backend", "").rpartition(".")[2]
    with transaction.atomic():
        record(
            "signed_in", by=user, of=f"user:{user.pk}", details={"provider": backend == "Provider"}
        )


@receiver(user_logged_out)
def _record_sign_out(request: HttpRequest, user: User | None, **rest: Any) -> None:
    if user is not None:
        with transaction.atomic():
            record("signed_out", by=user, of=f"user:{user.pk}")
