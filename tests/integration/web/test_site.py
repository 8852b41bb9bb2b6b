"""What every answer has: headers, limits, pages for what is refused, a line in the log."""

from __future__ import annotations

import json
import logging
from collections import namedtuple
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.helpers.accounts import PASSWORD, client_of, make_person
from wholesystem.errors import UserError
from wholesystem.web import logs
from wholesystem.web.accounts import invitations
from wholesystem.web.site import health, pictures, views

pytestmark = pytest.mark.django_db

Usage = namedtuple("Usage", "total used free")
PATHS = [
    "/account/",
    "/accessibility/",
    "/health",
    "/link/",
    "/nothing/",
    "/people/",
    "/sign-in/",
    "/sign-out/",
    "/static/nhsuk/nhsuk-frontend.css",
    "/static/nothing.css",
    "/status/",
]


@pytest.fixture(autouse=True)
def _someone_has_an_account() -> None:
    make_person()


def policy_of(answer: Any) -> dict[str, str]:
    parts = answer["Content-Security-Policy"].split("; ")
    return {part.split(" ", 1)[0]: part.split(" ", 1)[1] for part in parts}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("signed_in", [False, True])
def test_every_answer_has_the_headers(path: str, signed_in: bool) -> None:
    answer = client_of(make_person(administrator=True) if signed_in else None).get(path)
    answer.close()

    policy = policy_of(answer)
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert len(answer["X-Request-ID"]) == 16
    assert "Access-Control-Allow-Origin" not in answer
    is_file = path.startswith("/static/") and answer.status_code == 200
    assert ("max-age=3600" if is_file else "no-store") in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["/account/", "/accessibility/", "/sign-in/", "/nothing/"])
def test_no_page_has_anything_inline_or_remote(path: str) -> None:
    page = client_of(make_person()).get(path, follow=True).content.decode()

    assert "<script>" not in page
    assert " style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "NHS logo" not in page


def test_a_request_by_another_name_is_refused() -> None:
    answer = Client(headers={"host": "evil.example"}).get("/sign-in/")

    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


def test_what_is_too_large_is_refused_with_a_page(settings: Any) -> None:
    settings.LARGEST_REQUEST_BYTES = 2 * 1_048_576
    client = client_of(make_person())
    answer = client.post("/account/name/", {"name": "x" * (2 * 1_048_576 + 1)})

    assert answer.status_code == 413
    assert "2 MB at most" in answer.content.decode()
    small = client.post("/account/name/", {"name": "Ann"})
    assert small.status_code == 302


@pytest.mark.parametrize("length", ["-1", "many", ""])
def test_a_length_that_is_no_number_is_no_fault(length: str) -> None:
    answer = Client().get("/accessibility/", CONTENT_LENGTH=length)

    assert answer.status_code == 200


def test_a_fault_of_ours_shows_a_page_that_asks_nothing_of_the_database(
    django_assert_num_queries: Any, rf: Any
) -> None:
    with django_assert_num_queries(0):
        answer = views.show_our_fault(rf.get("/"))

    assert answer.status_code == 500
    assert "not your fault" in answer.content.decode()


def test_a_page_that_is_not_there_keeps_the_way_around(settings: Any) -> None:
    settings.CONTACT = "help@example.org"
    page = client_of(make_person()).get("/nothing/").content.decode()

    assert "Page not found" in page
    assert "Sign out" in page


def test_a_picture_of_ours_may_have_styles_and_nothing_else() -> None:
    answer = pictures.answer_svg("<svg/>")

    assert answer["Content-Type"] == "image/svg+xml"
    assert "default-src 'none'; style-src 'unsafe-inline'" in answer["Content-Security-Policy"]
    assert answer["Content-Security-Policy"].endswith("sandbox")
    assert pictures.answer_page("<p>")["Content-Type"].startswith("text/html")


# --------------------------------------------------------------------------- health


def test_strangers_learn_only_whether_all_is_well() -> None:
    assert Client().get("/health").json() == {"ok": True}
    assert client_of(make_person()).get("/health").json() == {"ok": True}


def test_administrators_learn_what_was_found() -> None:
    found = client_of(make_person(administrator=True)).get("/health").json()

    assert [one["name"] for one in found["findings"]] == [name for name, _ in health.LOOKS]
    assert all(one["is_well"] for one in found["findings"])


def test_a_full_disk_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10, 9, 1))
    answer = Client().get("/health")

    assert (answer.status_code, answer.json()) == (503, {"ok": False})
    page = client_of(make_person(administrator=True)).get("/status/").content.decode()
    assert "Not well" in page
    assert "0 MB are free" in page


def test_work_that_nobody_does_is_found() -> None:
    DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x", backend_name="default"
    )
    assert Client().get("/health").json() == {"ok": True}
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=11))

    assert Client().get("/health").status_code == 503
    DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="x",
        backend_name="default",
        run_after=timezone.now() + timedelta(days=1),
    )
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=11))
    (found,) = [one for one in health.look_after_health() if one.name == "Background work"]
    assert found.says == "1 wait, the oldest for 11 minutes. Start: wholesystem workspace worker."


def test_a_database_that_does_not_answer_is_told_without_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise DatabaseError("password=hunter2")

    monkeypatch.setattr(health, "LOOKS", (("Database", fail),))
    (found,) = health.look_after_health()

    assert found.is_well is False
    assert found.says == "It does not answer: DatabaseError."


def test_changes_still_to_be_made_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.migrations.executor import MigrationExecutor

    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: [1, 2])
    found = [one.says for one in health.look_after_health() if not one.is_well]

    assert found == ["2 are still to be made: wholesystem workspace migrate."]
    assert connection.vendor in ("sqlite", "postgresql")


# --------------------------------------------------------------------------- logs


@pytest.fixture
def lines() -> Any:
    """Every line that is logged, as the workspace would write it."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    root = logging.getLogger()
    ours = logging.getLogger("wholesystem")
    before = ours.level
    root.addHandler(handler)
    ours.setLevel("DEBUG")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    ours.setLevel(before)
    root.removeHandler(handler)


def test_a_request_is_one_line_with_its_route(lines: Any) -> None:
    user = make_person()
    answer = client_of(user).get("/account/?q=secret")

    (line,) = [one for one in lines() if one["event"] == "request"]
    assert line["route"] == "/account/"
    assert (line["method"], line["status"], line["user"]) == ("GET", 200, user.pk)
    assert line["request"] == answer["X-Request-ID"]
    assert line["ms"] >= 0


def test_no_line_holds_a_persons_words(lines: Any) -> None:
    administrator = make_person(administrator=True, email="secretary@example.org")
    _, token = invitations.invite(email="secret@example.org", name="Secret", by=administrator)
    client = client_of(administrator)
    Client().get(f"/invitation/{token}/?x=secret")
    Client().post(f"/invitation/{token}/", {"name": "Secret", "password": PASSWORD})
    Client().get("/secret/")
    client.post("/account/name/", {"name": "Secret"})
    client.post("/people/invite/", {"name": "Secret", "email": "secret@"})
    for _ in range(11):
        Client().post("/sign-in/", {"username": "secret@example.org", "password": "secret"})
    Client(headers={"host": "secret.example"}).get("/")

    text = json.dumps(lines())
    assert "sign_in_stopped" in text
    assert "ecret" not in text
    assert token not in text
    assert PASSWORD not in text


def test_an_error_is_told_by_its_type_and_places(lines: Any) -> None:
    try:
        raise UserError("secret words")
    except UserError:
        logging.getLogger("wholesystem.x").exception("failed")
    logging.getLogger("other").error("secret %s", "words")

    ours, other = lines()
    assert (ours["event"], ours["error"], ours["level"]) == ("failed", "UserError", "error")
    assert ours["where"][-1].startswith("test_site.py:")
    assert other["event"] == "other:test_an_error_is_told_by_its_type_and_places"
    assert "secret" not in json.dumps([ours, other])


def test_a_strange_method_is_not_written_down(lines: Any) -> None:
    Client().generic("SECRET-METHOD", "/accessibility/")

    assert lines()[-1]["method"] == ""
