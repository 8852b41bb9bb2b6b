"""A person who opens pages of the workspace and fills in their forms, as a browser would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.test import Client

from tests.helpers.crawl import FormReader, FoundForm
from wholesystem.web.workspace import models

BACKEND = "django.contrib.auth.backends.ModelBackend"


def client_of(who: Any) -> Client:
    """A browser in which an account, or the account of a part in a review, is signed in."""
    client = Client()
    user = who.user if isinstance(who, models.Member) else who
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def text_of(answer: Any) -> str:
    """The page."""
    return str(answer.content.decode("utf-8"))


def form_of(client: Client, address: str, name: str) -> FoundForm:
    """The form of a page that has a field of that name."""
    page = text_of(client.get(address))
    found = [one for one in FormReader(page, address).forms if name in one.fields]
    assert len(found) == 1, f"{address} has {len(found)} forms with {name}"
    return found[0]


def fill(client: Client, address: str, name: str, values: Mapping[str, Any]) -> Any:
    """Open a page, fill in the form that has a field of that name, and send it."""
    form = form_of(client, address, name)
    unknown = set(values) - set(form.fields)
    assert not unknown, f"the form has no {unknown}"
    return client.post(form.action, {**form.defaults(), **values})
