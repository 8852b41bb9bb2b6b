"""Invitations: a link makes one account, once, for some days; nobody can make one up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.helpers.accounts import PASSWORD, client_of, make_person
from wholesystem.errors import UserError
from wholesystem.web.accounts import actions, invitations
from wholesystem.web.accounts.links import password_path
from wholesystem.web.accounts.models import Invitation, User
from wholesystem.web.accounts.signals import invitation_accepted
from wholesystem.web.audit.chain import find_breaks
from wholesystem.web.audit.models import SiteEvent

pytestmark = pytest.mark.django_db

NEW = {"name": "Bo Next", "password": PASSWORD}


@pytest.fixture
def administrator() -> User:
    return make_person(administrator=True)


@pytest.fixture
def invited(administrator: User) -> tuple[Invitation, str]:
    return invitations.invite(email="Bo@example.org", name="Bo", by=administrator)


def test_an_administrator_gets_the_link_once(administrator: User) -> None:
    client = client_of(administrator)
    sent = {"name": "Bo", "email": "bo@example.org"}
    page = client.post("/people/invite/", sent, follow=True).content.decode()
    link = page.partition("<code>")[2].partition("</code>")[0]

    assert link.startswith("http://testserver/invitation/")
    again = client.get("/link/")
    assert again.status_code == 404
    assert link not in again.content.decode()
    assert Client().get(link).status_code == 200


def test_the_token_is_not_kept(invited: tuple[Invitation, str]) -> None:
    invitation, token = invited
    invitation.refresh_from_db()

    assert token not in str(vars(invitation))
    assert len(token) >= 43
    assert all(token not in event.details + event.object for event in SiteEvent.objects.all())


def test_a_link_makes_the_account_and_signs_in(invited: tuple[Invitation, str]) -> None:
    invitation, token = invited
    client = Client()
    answer = client.post(f"/invitation/{token}/", NEW)

    user = User.objects.get(email="bo@example.org")
    invitation.refresh_from_db()
    assert answer.status_code == 302
    assert client.get("/account/").status_code == 200
    assert (user.name, user.is_administrator, user.is_first) == ("Bo Next", False, False)
    assert invitation.accepted_by == user
    assert find_breaks() == []


def test_a_link_cannot_be_used_again(invited: tuple[Invitation, str]) -> None:
    _, token = invited
    Client().post(f"/invitation/{token}/", NEW)

    assert Client().get(f"/invitation/{token}/").status_code == 404
    assert Client().post(f"/invitation/{token}/", NEW).status_code == 404
    with pytest.raises(UserError, match="cannot be accepted"):
        invitations.accept_with_password(token=token, **NEW)
    assert User.objects.filter(email="bo@example.org").count() == 1


@pytest.mark.parametrize("made_up", ["x", "a" * 43, "..%2F", "%00", "A" * 5000])
def test_a_link_cannot_be_made_up(made_up: str, invited: tuple[Invitation, str]) -> None:
    assert Client().post(f"/invitation/{made_up}/", NEW).status_code == 404


def test_an_old_link_does_not_hold(invited: tuple[Invitation, str], administrator: User) -> None:
    invitation, token = invited
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert Client().post(f"/invitation/{token}/", NEW).status_code == 404
    renewed = invitations.renew(invitation=invitation, by=administrator)
    assert Client().get(f"/invitation/{token}/").status_code == 404
    assert Client().post(f"/invitation/{renewed}/", NEW).status_code == 302


def test_a_link_holds_for_the_days_of_the_setting(administrator: User, settings: Any) -> None:
    settings.INVITATION_DAYS = 3
    invitation, _ = invitations.invite(email="c@example.org", name="C", by=administrator)

    left = invitation.expires_at - timezone.now()
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)


def test_a_withdrawn_link_does_not_hold(
    invited: tuple[Invitation, str], administrator: User
) -> None:
    invitation, token = invited
    client = client_of(administrator)
    client.post(f"/people/invitations/{invitation.pk}/change/", {"do": "withdraw"})

    assert Client().post(f"/invitation/{token}/", NEW).status_code == 404
    with pytest.raises(UserError, match="meanwhile"):
        invitations.renew(invitation=invitation, by=administrator)


def test_who_made_an_invitation_may_withdraw_it_and_a_stranger_may_not(
    invited: tuple[Invitation, str],
) -> None:
    lead, stranger = make_person(), make_person()
    own, _ = invitations.invite(email="d@example.org", name="D", by=lead)

    with pytest.raises(PermissionDenied):
        invitations.withdraw(invitation=invited[0], by=stranger)
    invitations.withdraw(invitation=own, by=lead)


def test_only_an_administrator_invites_an_administrator(administrator: User) -> None:
    told: dict[str, Any] = {"email": "e@example.org", "name": "E", "is_administrator": True}
    with pytest.raises(PermissionDenied):
        invitations.invite(**told, by=make_person())
    _, token = invitations.invite(**told, by=administrator)
    Client().post(f"/invitation/{token}/", NEW)

    assert User.objects.get(email="e@example.org").is_administrator


def test_an_address_with_an_account_is_not_invited(administrator: User) -> None:
    make_person(email="f@example.org")
    page = client_of(administrator).post("/people/invite/", {"name": "F", "email": "F@example.org"})

    assert "has an account already" in page.content.decode()


def test_an_account_made_meanwhile_accepts_by_signing_in(invited: tuple[Invitation, str]) -> None:
    invitation, token = invited
    owner = make_person(email="bo@example.org")
    path = f"/invitation/{token}/"

    assert "Sign in with that account" in Client().get(path).content.decode()
    assert Client().post(path, NEW).status_code == 200
    other = client_of(make_person())
    assert other.post(path).status_code == 200
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    with pytest.raises(PermissionDenied):
        invitations.accept_as(token=token, by=make_person())

    assert client_of(owner).post(path).status_code == 302
    invitation.refresh_from_db()
    assert invitation.accepted_by == owner
    assert User.objects.filter(email="bo@example.org").count() == 1


def test_what_an_invitation_grants_comes_with_it(invited: tuple[Invitation, str]) -> None:
    heard: list[tuple[Invitation, User]] = []

    def hear(sender: object, invitation: Invitation, user: User, **_: object) -> None:
        assert transaction.get_connection().in_atomic_block
        heard.append((invitation, user))

    invitation_accepted.connect(hear)
    try:
        Client().post(f"/invitation/{invited[1]}/", NEW)
    finally:
        invitation_accepted.disconnect(hear)

    assert heard == [(invited[0], User.objects.get(email="bo@example.org"))]


def test_if_the_grant_fails_nothing_stands(invited: tuple[Invitation, str]) -> None:
    def fail(**_: object) -> None:
        raise UserError("no")

    invitation_accepted.connect(fail)
    try:
        with pytest.raises(UserError):
            invitations.accept_with_password(token=invited[1], **NEW)
    finally:
        invitation_accepted.disconnect(fail)

    assert not User.objects.filter(email="bo@example.org").exists()
    assert invitations.find_open(invited[1]) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"accepted_at": timezone.now()},
        {"accepted_at": timezone.now(), "withdrawn_at": timezone.now()},
    ],
)
def test_the_database_keeps_paired_fields_paired(
    wrong: dict[str, Any], invited: tuple[Invitation, str]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(**wrong)


# --------------------------------------------------------------------------- people


PAGES = ["/people/", "/people/invite/", "/people/1/", "/status/"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_administrators_are_theirs(path: str, administrator: User) -> None:
    assert client_of(make_person()).get(path).status_code == 403
    assert Client().get(path).status_code == 302
    there = path.replace("1", str(administrator.pk))
    assert client_of(administrator).get(there).status_code == 200


@pytest.mark.parametrize("wanted", ["close", "unmake", "make", "link"])
def test_changes_of_people_are_administrators_too(wanted: str, administrator: User) -> None:
    path = f"/people/{administrator.pk}/change/"

    assert client_of(make_person()).post(path, {"do": wanted}).status_code == 403
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.is_administrator


def test_an_administrator_closes_opens_makes_and_unmakes(administrator: User) -> None:
    person = make_person()
    client = client_of(administrator)
    for wanted, field, value in [
        ("make", "is_administrator", True),
        ("unmake", "is_administrator", False),
        ("close", "is_active", False),
        ("open", "is_active", True),
    ]:
        client.post(f"/people/{person.pk}/change/", {"do": wanted})
        person.refresh_from_db()
        assert getattr(person, field) is value
    assert list(SiteEvent.objects.values_list("action", flat=True))[1:] == [
        "administrator_made",
        "administrator_unmade",
        "account_closed",
        "account_opened",
    ]


@pytest.mark.parametrize("wanted", ["close", "unmake"])
def test_the_last_administrator_stays(wanted: str, administrator: User) -> None:
    make_person(administrator=True, active=False)
    page = client_of(administrator).post(
        f"/people/{administrator.pk}/change/", {"do": wanted}, follow=True
    )

    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.is_administrator
    assert "the only administrator" in page.content.decode()


def test_a_link_sets_a_password_once(administrator: User) -> None:
    person = make_person()
    page = client_of(administrator).post(
        f"/people/{person.pk}/change/", {"do": "link"}, follow=True
    )
    link = page.content.decode().partition("<code>")[2].partition("</code>")[0]
    sent = {"password": "another horse battery"}

    assert Client().post(link, sent).status_code == 302
    person.refresh_from_db()
    assert person.check_password("another horse battery")
    assert Client().post(link, sent).status_code == 404


def test_a_link_for_a_password_ends(settings: Any) -> None:
    person = make_person()
    link = password_path(person)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert Client().get(link).status_code == 404
    settings.PASSWORD_RESET_TIMEOUT = 60
    assert Client().get(link).status_code == 200
    assert Client().get(link.replace("/set-password/", "/set-password/x")).status_code == 404
    assert Client().get(link[:-2] + "0/").status_code == 404
    actions.set_active(user=person, active=False, by=make_person(administrator=True))
    assert Client().get(link).status_code == 404


def test_the_database_has_one_first_account_and_small_letters() -> None:
    make_person()
    User.objects.update(is_first=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="x@example.org", name="X", is_first=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="X@example.org", name="X")
