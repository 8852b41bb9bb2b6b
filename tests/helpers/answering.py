"""Respondents in tests: an open tool, its links, and somebody who answers page by page."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from tests.helpers.crawl import FormReader
from wholesystem.reviews.feedback.instrument import Instrument
from wholesystem.reviews.feedback.reading import read_instrument
from wholesystem.web import answers

TOMORROW = date.today() + timedelta(days=1)
ORGANISATIONS = {"trust": "The trust", "council": "The council"}


def open_one(
    instrument: str | Instrument = "discharge_information_flow", *, last_day: date = TOMORROW
) -> str:
    """Key of a tool that is open."""
    key = secrets.token_hex(16)
    asked = read_instrument(instrument) if isinstance(instrument, str) else instrument
    answers.open_tool(key, asked, "How is it?", last_day, ORGANISATIONS, "the review team")
    return key


def links_of(
    key: str,
    number: int | None = 1,
    *,
    batch: str = "I01",
    organisation: str = "",
    role: str = "",
    last_day: date = TOMORROW,
) -> list[str]:
    """Addresses of links that were made just now."""
    group = answers.LinkGroup(batch, organisation, role, number, last_day)
    return [f"/answer/{one}/" for one in answers.make_links(key, [group])]


def answer_all(
    client: Client, address: str, texts: Mapping[str, str] | None = None, *, send: bool = True
) -> Any:
    """Follow a link, give the first answer to everything, and send."""
    answer = client.post(address, follow=True)
    for _ in range(60):
        path = (
            answer.redirect_chain[-1][0] if answer.redirect_chain else answer.request["PATH_INFO"]
        )
        page = answer.content.decode("utf-8")
        if path.endswith("/check/"):
            return client.post(path, follow=True) if send else answer
        (form,) = FormReader(page, path).forms
        answer = client.post(form.action, fill_first(page, texts or {}), follow=True)
        assert answer.status_code == 200, answer.content.decode("utf-8")
    raise AssertionError("The pages have no end.")


def fill_first(page: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """What to send from a page: the first of the choices of each question, and texts."""
    reader = _FirstChoices(texts)
    reader.feed(page)
    return reader.found


class _FirstChoices(HTMLParser):
    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__()
        self.texts = texts
        self.found: dict[str, Any] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "input" and told.get("type") in ("radio", "checkbox"):
            self.found.setdefault(name, told.get("value"))
        elif tag == "textarea" and name in self.texts:
            self.found[name] = self.texts[name]
        elif tag == "select":
            self.found[name] = next(iter(ORGANISATIONS))
