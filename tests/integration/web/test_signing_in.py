"""Signing in and out: throttled, telling nothing to strangers, ending when it must."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client
from django.utils import timezone

from tests.helpers.accounts import PASSWORD, client_of, make_person
from wholesystem.web import settings as real_settings
from wholesystem.web.audit.models import SiteEvent

pytestmark = pytest.mark.django_db


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str) -> int:
    sent = {"username": email, "password": password}
    return client.post("/sign-in/", sent, **extra).status_code  # type: ignore[arg-type]


@pytest.fixture
def few_tries(settings: object) -> int:
    settings.SIGN_IN_TRIES = 3  # type: ignore[attr-defined]
    return 3


def test_a_person_signs_in_in_any_letters_and_out() -> None:
    user = make_person(email="ann@example.org")
    client = Client()

    assert sign_in(client, " ANN@example.ORG ") == 302
    assert client.get("/account/").status_code == 200
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/account/").status_code == 302
    events = list(SiteEvent.objects.values_list("action", "actor"))
    assert events == [("signed_in", user.pk), ("signed_out", user.pk)]


def test_no_link_can_sign_a_person_out() -> None:
    client = client_of(make_person())

    assert client.get("/sign-out/").status_code == 405
    assert client.get("/account/").status_code == 200


def test_a_stranger_learns_nothing_of_who_has_an_account() -> None:
    make_person(email="ann@example.org")
    make_person(email="closed@example.org", active=False)
    pages = {
        Client()
        .post("/sign-in/", {"username": email, "password": "wrong wrong wrong"})
        .content.decode()
        .replace(email, "")
        .partition("<form")[0]
        for email in ("ann@example.org", "closed@example.org", "nobody@example.org")
    }

    assert len(pages) == 1
    assert "The e-mail address or the password is not right" in pages.pop()
    assert sign_in(Client(), "closed@example.org") == 200


def test_only_pages_of_this_site_are_led_to() -> None:
    make_person(email="ann@example.org")
    sent = {"username": "ann@example.org", "password": PASSWORD}

    assert Client().post("/sign-in/", {**sent, "next": "/account/"})["Location"] == "/account/"
    for address in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert Client().post("/sign-in/", {**sent, "next": address})["Location"] == "/"


def test_a_guesser_is_stopped_and_the_right_password_does_not_help(few_tries: int) -> None:
    make_person(email="ann@example.org")
    tries = [sign_in(Client(), "ann@example.org", "guess") for _ in range(few_tries)]

    assert tries == [200] * (few_tries - 1) + [429]
    answer = Client().post("/sign-in/", {"username": "ann@example.org", "password": PASSWORD})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    page = answer.content.decode()
    assert "Signing in is stopped for 15 minutes" in page
    assert "ann@example.org" not in page


def test_other_letters_are_no_new_tries(few_tries: int) -> None:
    make_person(email="ann@example.org")
    for email in ("ann@example.org", "ANN@example.org", " Ann@example.org"):
        last = sign_in(Client(), email, "guess")

    assert last == 429


def test_a_guesser_keeps_nobody_else_out(few_tries: int) -> None:
    make_person(email="ann@example.org")
    make_person(email="bo@example.org")
    for _ in range(few_tries):
        sign_in(Client(), "ann@example.org", "guess")

    assert sign_in(Client(), "bo@example.org") == 302
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), "ann@example.org") == 302


def test_a_place_that_guesses_at_many_is_stopped_as_a_whole(few_tries: int) -> None:
    make_person(email="ann@example.org")
    for number in range(5 * few_tries):
        sign_in(Client(), f"guess{number}@example.org", "guess")

    assert sign_in(Client(), "ann@example.org") == 429
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), "ann@example.org") == 302


def test_a_header_changes_no_place(few_tries: int) -> None:
    make_person(email="ann@example.org")
    for number in range(few_tries):
        client = Client(HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
        last = sign_in(client, "ann@example.org", "guess")

    assert last == 429


def test_waiting_helps(few_tries: int) -> None:
    make_person(email="ann@example.org")
    for _ in range(few_tries):
        sign_in(Client(), "ann@example.org", "guess")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))

    assert sign_in(Client(), "ann@example.org") == 302


def test_failures_keep_no_password(few_tries: int) -> None:
    make_person()
    sign_in(Client(), "ann@example.org", "my real password")

    (attempt,) = AccessAttempt.objects.all()
    assert "my real password" not in str(vars(attempt))


def test_a_closed_account_is_out_at_once() -> None:
    user = make_person()
    client = client_of(user)
    user.is_active = False
    user.save()

    assert client.get("/account/").status_code == 302


def test_a_session_ends_some_hours_after_its_last_use(
    django_assert_num_queries: Any,
) -> None:
    client = client_of(make_person())
    cookie = client.get("/account/").cookies["wholesystem_session"]
    with django_assert_num_queries(2):  # session and account: a page that is read writes nothing
        assert "wholesystem_session" not in client.get("/account/").cookies
    session = client.session
    session["seen"] -= 300
    session.save()
    assert "wholesystem_session" in client.get("/account/").cookies

    assert cookie["max-age"] == real_settings.SESSION_COOKIE_AGE == 8 * 3600
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_passwords_are_kept_by_argon2(settings: object) -> None:
    settings.PASSWORD_HASHERS = real_settings.PASSWORD_HASHERS  # type: ignore[attr-defined]

    kept = make_password(PASSWORD)
    assert identify_hasher(kept).algorithm == "argon2"
    assert kept.startswith("argon2$argon2id$")


def test_a_form_needs_its_token() -> None:
    make_person(email="ann@example.org")
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"username": "ann@example.org", "password": PASSWORD})

    assert answer.status_code == 403
    assert "The page was open for too long" in answer.content.decode()


def test_changing_the_password_ends_other_sessions() -> None:
    user = make_person()
    here, elsewhere = client_of(user), client_of(user)
    sent = {"old": PASSWORD, "password": "another horse battery"}

    assert here.post("/account/password/", {**sent, "old": "wrong"}).status_code == 200
    assert elsewhere.get("/account/").status_code == 200
    assert here.post("/account/password/", sent).status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    user.refresh_from_db()
    assert user.check_password("another horse battery")


def test_a_person_changes_their_name() -> None:
    user = make_person()
    client = client_of(user)
    client.post("/account/name/", {"name": "<b>Ann</b>"})

    page = client.get("/account/").content.decode()
    assert "&lt;b&gt;Ann&lt;/b&gt;" in page
    assert "<b>Ann" not in page
