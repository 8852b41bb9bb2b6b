"""Builders of accounts and clients, with good defaults."""

from __future__ import annotations

from itertools import count

from django.test import Client

from wholesystem.web.accounts.models import User

PASSWORD = "correct horse battery"
BACKEND = "django.contrib.auth.backends.ModelBackend"
_number = count(1)


def make_person(*, administrator: bool = False, active: bool = True, email: str = "") -> User:
    """An account with `PASSWORD`."""
    user = User(
        email=email or f"person{next(_number)}@example.org",
        name="Ann Other",
        is_administrator=administrator,
        is_active=active,
    )
    user.set_password(PASSWORD)
    user.save()
    return user


def client_of(user: User | None, **options: object) -> Client:
    """A browser in which the person is signed in."""
    client = Client(**options)  # type: ignore[arg-type]
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client
