"""The first visit makes the first account, for who has seen the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.helpers.accounts import PASSWORD, client_of, make_person
from wholesystem.errors import UserError
from wholesystem.web.accounts import actions
from wholesystem.web.accounts.first_code import is_code, make_code
from wholesystem.web.accounts.models import User
from wholesystem.web.audit.models import SiteEvent

pytestmark = pytest.mark.django_db

TOLD = {"name": "Ann Other", "email": "Ann@Example.org", "password": PASSWORD}


@pytest.fixture
def code(tmp_path: Path, settings: object) -> str:
    settings.DATA_FOLDER = tmp_path  # type: ignore[attr-defined]
    return make_code()


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/people/", "/nothing/"])
def test_every_page_leads_to_it(path: str) -> None:
    answer = Client().get(path)

    assert (answer.status_code, answer["Location"]) == (302, "/first-account/")


@pytest.mark.parametrize("path", ["/health", "/accessibility/", "/static/nhsuk/nhsuk-frontend.css"])
def test_what_needs_no_account_does_not(path: str) -> None:
    answer = Client().get(path)
    answer.close()  # a file that is served is open until then

    assert answer.status_code == 200


def test_it_makes_an_administrator_who_is_signed_in(
    code: str, django_capture_on_commit_callbacks: object
) -> None:
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = client.post("/first-account/", {"code": code, **TOLD})

    user = User.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert (user.email, user.is_administrator, user.is_first) == ("ann@example.org", True, True)
    assert client.get("/account/").status_code == 200
    assert [event.action for event in SiteEvent.objects.all()] == [
        "first_account_created",
        "signed_in",
    ]
    assert not is_code(code)
    assert list(Path(settings.DATA_FOLDER).iterdir()) == []


def test_the_code_is_taken_as_people_type_it(code: str) -> None:
    assert is_code(code)
    assert is_code(code.lower().replace("-", " "))
    assert not is_code(code[:-1])
    assert not is_code("")


def test_the_code_itself_is_not_kept(code: str) -> None:
    (kept,) = Path(settings.DATA_FOLDER).iterdir()

    assert code.replace("-", "") not in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_new_code_ends_the_old_one(code: str) -> None:
    newer = make_code()

    assert is_code(newer)
    assert not is_code(code)


@pytest.mark.parametrize("wrong", ["", "ABCD-EFGH-JKLM", "x" * 41])
def test_without_the_code_there_is_no_account(code: str, wrong: str) -> None:
    answer = Client().post("/first-account/", {"code": wrong, **TOLD})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Error: Create the first account - Wholesystem</title>" in page
    assert 'href="#id_code"' in page
    assert not User.objects.exists()


def test_without_any_code_nobody_gets_in(tmp_path: Path, settings: object) -> None:
    settings.DATA_FOLDER = tmp_path  # type: ignore[attr-defined]
    Client().post("/first-account/", {"code": "ABCD-EFGH-JKLM", **TOLD})

    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("password", "short", "at least 12 characters"),
        ("password", "password1234", "too common"),
        ("password", "ann@example.org", "too similar"),
        ("email", "ann", "such as name@example.org"),
        ("name", "", "Enter a name"),
        ("name", "x" * 201, "200 characters or fewer"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(code: str, field: str, value: str, told: str) -> None:
    page = Client().post("/first-account/", {"code": code, **TOLD, field: value}).content.decode()

    assert told in page
    assert f'href="#id_{field}"' in page
    assert f'id="id_{field}-error"' in page
    assert not User.objects.exists()


def test_there_is_one_first_account(code: str) -> None:
    make_person()

    assert Client().get("/first-account/")["Location"] == "/sign-in/"
    assert Client().post("/first-account/", {"code": code, **TOLD})["Location"] == "/sign-in/"
    with pytest.raises(UserError, match="There is an account already"):
        actions.create_first_account(email="b@example.org", name="B", password=PASSWORD)
    assert User.objects.count() == 1


def test_a_page_of_a_signed_in_person_is_not_led_away() -> None:
    assert client_of(make_person()).get("/account/").status_code == 200
