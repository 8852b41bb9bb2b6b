"""Whatever is sent to respondents' pages, none of them answers with a fault of ours."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.accounts import make_person
from tests.helpers.answering import links_of, open_one
from wholesystem.reviews.feedback.reading import read_instrument
from wholesystem.web import answers
from wholesystem.web.answers import limits
from wholesystem.web.answers.views import COOKIE

pytestmark = pytest.mark.django_db
ASKED = read_instrument("relational_audit")
PAGES = ("", "you/", "page/1/", "page/2/", "page/0/", "page/99999999999/", "check/", "later/",
         "return/", "thanks/")  # fmt: skip
NAMES = ("role", "organisation", "code", "go", "website", *ASKED.question_by_id,
         *(f"{one.question}:{kind}" for one in ASKED.asked if one.kind == "pair-scale"
           for kind in ASKED.kinds))  # fmt: skip
WORDS = ("", "trust", "later", "on", *(one.role for one in ASKED.roles),
         *(one.value for one in ASKED.scales))  # fmt: skip
VALUES = st.sampled_from(WORDS) | st.text(max_size=60)
FORMS = st.dictionaries(
    st.sampled_from(NAMES) | st.text(max_size=20),
    VALUES | st.lists(VALUES, max_size=3),
    max_size=8,
)
STEPS = st.lists(
    st.tuples(st.sampled_from(PAGES), st.sampled_from(["get", "post"]), FORMS),
    min_size=1,
    max_size=8,
)


def sendable(value: Any) -> Any:
    """A text that can be sent: a lone surrogate has no bytes."""
    if isinstance(value, list):
        return [sendable(one) for one in value]
    return value.encode("utf-8", "replace").decode("utf-8")


@pytest.fixture
def key(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    settings.DATA_FOLDER = tmp_path
    for limit in (limits.guesses, limits.guesses_of_all, limits.new_envelopes):
        limit.forget()
        monkeypatch.setattr(limit, "most", 1_000_000)
    make_person()
    return open_one("relational_audit")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS, is_open=st.booleans(), cookie=st.text(max_size=30) | st.none())
def test_any_steps_in_any_order(
    steps: list[tuple[str, str, dict[str, Any]]], is_open: bool, cookie: str | None, key: str
) -> None:
    (link,) = links_of(key, None if is_open else 1)
    client = Client()
    if cookie is None:
        client.post(link)
    else:
        client.cookies[COOKIE] = "".join(one for one in cookie if one.isalnum() and one.isascii())
    for page, method, form in steps:
        sent = {sendable(name): sendable(value) for name, value in form.items()}
        answer = getattr(client, method)(link + page, sent)
        assert answer.status_code in (200, 302, 400, 404, 405, 410), (
            page,
            method,
            answer.status_code,
        )
        # Only the page of thanks takes no form.
        assert (answer.status_code == 405) == ((method, page) == ("post", "thanks/"))
        assert b"<h1" in answer.content or answer.status_code in (302, 405)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(token=st.text(min_size=1, max_size=40).map(sendable))
def test_any_link(token: str, key: str) -> None:
    short = key[:8]
    for one in (token, f"{short}-{token}"):
        path = one.replace("/", "").replace("?", "").replace("#", "").replace("%", "")
        if path.strip(". "):
            assert Client().get(f"/answer/{path}/").status_code == 404
    assert answers.sent_count(key) is None
