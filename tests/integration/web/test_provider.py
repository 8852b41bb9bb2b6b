"""Signing in through a provider: only whom it vouches for, only who is known or invited here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.helpers.accounts import make_person
from tests.helpers.provider import OTHER_KEY, Provider, provider
from wholesystem.web.accounts import actions, invitations
from wholesystem.web.accounts.models import Invitation, User
from wholesystem.web.audit.models import SiteEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def idp(settings: Any) -> Iterator[Provider]:
    with provider() as found:
        for name, value in found.settings().items():
            setattr(settings, name, value)
        settings.AUTHENTICATION_BACKENDS = [
            *settings.AUTHENTICATION_BACKENDS,
            "wholesystem.web.accounts.provider.Provider",
        ]
        yield found


@pytest.fixture
def ann() -> User:
    return make_person(email="ann@example.org")


def come_back(idp: Provider, client: Client, **changed: str) -> Any:
    """Go to the provider as the button does, and come back with what it gave."""
    there = client.get("/sign-in/provider/")
    sent = {name: one[0] for name, one in parse_qs(urlsplit(there["Location"]).query).items()}
    idp.nonce = idp.nonce or sent["nonce"]
    return client.get("/sign-in/provider/return/", {"code": "c", "state": sent["state"], **changed})


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_without_the_settings_there_is_no_such_page(ann: User) -> None:
    assert Client().get("/sign-in/provider/").status_code == 404
    assert Client().get("/sign-in/provider/return/").status_code == 404
    assert "Sign in with" not in Client().get("/sign-in/").content.decode()


def test_a_person_with_an_account_signs_in(idp: Provider, ann: User) -> None:
    client = Client()
    assert "Sign in with Example Trust" in client.get("/sign-in/").content.decode()
    answer = come_back(idp, client)

    assert answer["Location"] == "/"
    assert is_in(client)
    assert SiteEvent.objects.get().details == '{"provider":true}'
    (asked,) = idp.asked
    assert len(asked["code_verifier"][0]) >= 43
    assert asked["redirect_uri"] == ["http://testserver/sign-in/provider/return/"]


def test_the_address_is_compared_in_small_letters(idp: Provider, ann: User) -> None:
    idp.person = {"email": "ANN@Example.org"}
    client = Client()
    come_back(idp, client)

    assert is_in(client)


def test_an_invited_person_gets_the_account(idp: Provider, ann: User) -> None:
    invitations.invite(email="bo@example.org", name="Bo", by=ann)
    invitations.invite(email="bo@example.org", name="Bo", by=ann)
    idp.person = {"email": "bo@example.org"}
    client = Client()
    come_back(idp, client)

    assert is_in(client)
    bo = User.objects.get(email="bo@example.org")
    assert not bo.has_usable_password()
    assert set(Invitation.objects.values_list("accepted_by", flat=True)) == {bo.pk}


def test_a_stranger_gets_none(idp: Provider, ann: User) -> None:
    old, _ = invitations.invite(email="bo@example.org", name="Bo", by=ann)
    actions.set_administrator(user=ann, administrator=True, by=make_person(administrator=True))
    invitations.withdraw(invitation=old, by=ann)
    for email in ("bo@example.org", "eve@example.org"):
        idp.person = {"email": email}
        client = Client()
        answer = come_back(idp, client)

        assert answer["Location"] == "/sign-in/provider/refused/"
        assert not is_in(client)
        assert not User.objects.filter(email=email).exists()
    assert "could not be signed in" in client.get(answer["Location"]).content.decode()


def test_strangers_do_not_stop_their_colleagues(idp: Provider, ann: User, settings: Any) -> None:
    settings.SIGN_IN_TRIES = 3
    idp.person = {"email": "eve@example.org"}
    for _ in range(20):
        idp.nonce = ""
        come_back(idp, Client())
    idp.nonce, idp.person = "", {}
    client = Client()
    come_back(idp, client)

    assert is_in(client)


def test_a_closed_account_stays_closed(idp: Provider, ann: User) -> None:
    ann.is_active = False
    ann.save()
    client = Client()
    come_back(idp, client)

    assert not is_in(client)


@pytest.mark.parametrize(
    "person",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": ["ann@example.org"]},
        {"email": {"$ne": ""}},
        {"sub": "person-2"},
        {"sub": None},
    ],
)
def test_an_address_that_nobody_vouches_for_does_not_lead_in(
    person: dict[str, Any], idp: Provider, ann: User
) -> None:
    idp.person = person
    client = Client()
    answer = come_back(idp, client)

    assert answer["Location"] == "/sign-in/provider/refused/"
    assert not is_in(client)


@pytest.mark.parametrize(
    "token",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another program"},
        {"aud": ["another", "program"]},
        {"aud": None},
        {"aud": ["workspace", "another"], "azp": "another"},
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"nbf": int(time.time()) + 600},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
    ],
)
def test_a_token_that_is_not_for_us_does_not_lead_in(
    token: dict[str, Any], idp: Provider, ann: User
) -> None:
    idp.token = token
    client = Client()
    answer = come_back(idp, client)

    assert answer["Location"] == "/sign-in/provider/refused/"
    assert not is_in(client)


def test_an_audience_of_several_may_name_us_as_the_party(idp: Provider, ann: User) -> None:
    idp.token = {"aud": ["workspace", "another"], "azp": "workspace"}
    client = Client()
    come_back(idp, client)

    assert is_in(client)


def test_a_token_signed_by_another_does_not_lead_in(idp: Provider, ann: User) -> None:
    idp.key = OTHER_KEY
    client = Client()
    come_back(idp, client)
    assert not is_in(client)


def test_a_token_signed_with_the_shared_secret_does_not_lead_in(idp: Provider, ann: User) -> None:
    idp.algorithm = "HS256"
    client = Client()
    come_back(idp, client)
    assert not is_in(client)


def test_a_state_that_we_did_not_give_does_not_lead_in(idp: Provider, ann: User) -> None:
    client = Client()
    answer = come_back(idp, client, state="made up")

    assert answer["Location"] == "/sign-in/provider/refused/"
    assert not idp.asked
    assert Client().get("/sign-in/provider/return/?code=c&state=s").status_code == 302


def test_a_state_holds_once(idp: Provider, ann: User) -> None:
    client = Client()
    there = client.get("/sign-in/provider/")
    sent = {name: one[0] for name, one in parse_qs(urlsplit(there["Location"]).query).items()}
    idp.nonce = sent["nonce"]
    told = {"code": "c", "state": sent["state"]}
    client.get("/sign-in/provider/return/", told)
    client.post("/sign-out/")
    client.get("/sign-in/provider/return/", told)

    assert not is_in(client)


@pytest.mark.parametrize("status", [400, 500])
def test_a_provider_that_fails_is_told(status: int, idp: Provider, ann: User) -> None:
    idp.status = status
    client = Client()

    assert come_back(idp, client)["Location"] == "/sign-in/provider/refused/"


def test_a_provider_that_is_away_is_told(idp: Provider, ann: User, settings: Any) -> None:
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://127.0.0.1:1/token"

    assert come_back(idp, Client())["Location"] == "/sign-in/provider/refused/"


def test_a_refusal_of_the_provider_is_told(idp: Provider, ann: User) -> None:
    answer = Client().get("/sign-in/provider/return/?error=access_denied&state=x")

    assert answer["Location"] == "/sign-in/provider/refused/"


def test_only_pages_of_this_site_are_led_to(idp: Provider, ann: User) -> None:
    for wanted, led_to in [("/account/", "/account/"), ("https://evil.example/", "/")]:
        client = Client()
        there = client.get("/sign-in/provider/", {"next": wanted})
        sent = {n: one[0] for n, one in parse_qs(urlsplit(there["Location"]).query).items()}
        idp.nonce = sent["nonce"]
        told = {"code": "c", "state": sent["state"]}
        assert client.get("/sign-in/provider/return/", told)["Location"] == led_to
