"""Who takes part in a review, how they come and go, and what is due."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.helpers.browsing import client_of, fill, text_of
from tests.helpers.workspace import PASSWORD, lead_of, make_member, make_review, make_user
from wholesystem.reviews.history import verify_chain
from wholesystem.reviews.words import ROLES
from wholesystem.web.accounts.models import Invitation, User
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import reviews as actions
from wholesystem.web.workspace.actions import sources as source_actions
from wholesystem.web.workspace.rows import load_events

pytestmark = pytest.mark.django_db

HTML = "<script>alert('x')</script>"


@pytest.fixture
def review() -> models.Review:
    return make_review()


@pytest.fixture
def client(review: models.Review) -> Client:
    return client_of(lead_of(review))


def page_of(review: models.Review, rest: str) -> str:
    return f"/reviews/{review.code}/{rest}"


def invite(client: Client, review: models.Review, **values: str) -> Any:
    told = {"name": "Bo Next", "email": "bo@example.org", "role": "reviewer", **values}
    return client.post(page_of(review, "people/invite/"), told, follow=True)


def link_on(page: str) -> str:
    found = re.search(r"<code>http://testserver(/invitation/[^<]+)</code>", page)
    assert found, page
    return found[1]


def join(path: str, **values: str) -> Client:
    browser = Client()
    told = {"name": "Bo Next", "password": PASSWORD, **values}
    assert browser.post(path, told).status_code == 302
    return browser


# --------------------------------------------------------------------------- invitations


def test_an_invited_person_joins_in_their_role(client: Client, review: models.Review) -> None:
    source_actions.save_organisation(
        review=review, by=lead_of(review), values={"name": "County Council"}
    )
    answer = invite(client, review, organisation="county_council")
    path = link_on(text_of(answer))
    assert path not in text_of(client.get(page_of(review, "people/")))

    browser = join(path)
    member = models.Member.objects.get(review=review, user__email="bo@example.org")
    assert (member.role, member.code) == ("reviewer", "P02")
    assert member.organisation is not None
    assert browser.get(page_of(review, "")).status_code == 200
    assert [one.action for one in load_events(review)][-1] == "joined"
    assert not list(verify_chain(load_events(review)))


def test_an_invitation_leads_into_no_other_review(client: Client, review: models.Review) -> None:
    other = make_review()
    browser = join(link_on(text_of(invite(client, review))))

    assert browser.get(page_of(other, "")).status_code == 404


def test_who_has_an_account_takes_part_at_once(client: Client, review: models.Review) -> None:
    user = make_user("Cy Other", email="cy@example.org")
    answer = invite(client, review, name="Cy", email="CY@example.org ", role="viewer")

    assert "takes part from now on" in text_of(answer)
    assert models.Member.objects.get(review=review, user=user).role == "viewer"
    assert not Invitation.objects.exists()


def test_a_person_takes_the_part_of_somebody_named(client: Client, review: models.Review) -> None:
    named = models.Member.objects.create(
        review=review, code="reviewer_1", name="Reviewer 1", role="reviewer"
    )
    answer = invite(client, review, role="analyst", person="reviewer_1")
    join(link_on(text_of(answer)))
    named.refresh_from_db()

    assert named.user is not None
    assert (named.user.email, named.name, named.role) == (
        "bo@example.org",
        "Reviewer 1",
        "analyst",
    )
    assert models.Member.objects.filter(review=review).count() == 2
    told = [(one.action, one.record) for one in load_events(review)]
    assert told[-2:] == [("joined", "reviewer_1"), ("changed", "reviewer_1")]
    assert not list(verify_chain(load_events(review)))


def test_a_named_part_is_given_once(client: Client, review: models.Review) -> None:
    models.Member.objects.create(review=review, code="r1", name="Reviewer 1", role="reviewer")
    first = link_on(text_of(invite(client, review, person="r1")))
    second = link_on(text_of(invite(client, review, person="r1", email="cy@example.org")))
    join(first)
    join(second, name="Cy")

    parts = models.Member.objects.filter(review=review, user__isnull=False).order_by("pk")
    assert [one.code for one in parts] == ["P01", "r1", "P02"]


def test_who_has_a_part_is_not_invited_again(client: Client, review: models.Review) -> None:
    member = make_member(review, "reviewer", name="Rev")
    answer = invite(client, review, email=member.user.email)

    assert answer.status_code == 400
    assert "has a part in this review already" in text_of(answer)


def test_a_closed_account_is_told(client: Client, review: models.Review) -> None:
    make_user("Gone", email="bo@example.org", is_active=False)

    assert "is closed" in text_of(invite(client, review))


def test_an_invitation_can_be_renewed_and_withdrawn(client: Client, review: models.Review) -> None:
    old = link_on(text_of(invite(client, review)))
    grant = models.Grant.objects.get()
    address = page_of(review, f"people/invitations/{grant.pk}/")
    assert "Bo Next" in text_of(client.get(page_of(review, "people/")))

    new = link_on(text_of(client.post(address, {"do": "renew"}, follow=True)))
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    client.post(address, {"do": "withdraw"})
    assert Client().get(new).status_code == 404
    assert not models.Grant.objects.exists()
    assert client.post(address, {"do": "withdraw"}).status_code == 404


def test_a_grant_of_another_review_is_not_found(client: Client, review: models.Review) -> None:
    invite(client, review)
    other = make_review()
    address = page_of(other, f"people/invitations/{models.Grant.objects.get().pk}/")

    assert client_of(lead_of(other)).post(address, {"do": "withdraw"}).status_code == 404


def test_another_lead_takes_back_the_part_but_not_the_account(
    client: Client, review: models.Review
) -> None:
    path = link_on(text_of(invite(client, review)))
    second = client_of(make_member(review, "lead"))
    address = page_of(review, f"people/invitations/{models.Grant.objects.get().pk}/")
    assert second.post(address, {"do": "renew"}).status_code == 403
    assert second.post(address, {"do": "withdraw"}).status_code == 302

    browser = join(path)
    assert browser.get(page_of(review, "")).status_code == 404


def test_who_left_gets_their_own_part_back(client: Client, review: models.Review) -> None:
    member = make_member(review, "reviewer", name="Rev")
    actions.end_membership(review=review, by=lead_of(review), code=member.code)
    invite(client, review, email=member.user.email, role="analyst")
    member.refresh_from_db()

    assert (member.left_at, member.role) == (None, "analyst")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"name": ""}, "Enter a name."),
        ({"email": "bo"}, "Enter an e-mail address, such as"),
        ({"role": ""}, "Choose a role."),
        ({"role": "king"}, "Choose a role."),
        ({"organisation": "none"}, "Choose an organisation from the list."),
    ],
)
def test_what_an_invitation_must_have(
    client: Client, review: models.Review, values: dict[str, str], told: str
) -> None:
    answer = invite(client, review, **values)

    assert answer.status_code == 400
    assert told in text_of(answer)
    assert not User.objects.filter(email="bo@example.org").exists()


# --------------------------------------------------------------------------- changing and ending


def test_a_lead_changes_a_role(client: Client, review: models.Review) -> None:
    member = make_member(review, "reviewer")
    answer = fill(client, page_of(review, f"people/{member.code}/"), "role", {"role": "viewer"})
    member.refresh_from_db()

    assert (answer.status_code, member.role, member.version) == (302, "viewer", 2)


def test_the_only_lead_stays_lead(client: Client, review: models.Review) -> None:
    answer = fill(client, page_of(review, "people/P01/"), "role", {"role": "viewer"})
    assert answer.status_code == 400
    assert "is the only lead" in text_of(answer)
    ended = client.post(page_of(review, "people/P01/end/"), {"why": ""})
    assert ended.status_code == 400
    assert "is the only lead" in text_of(ended)


def test_two_who_change_one_part_are_told(client: Client, review: models.Review) -> None:
    member = make_member(review, "reviewer", name="Rev")
    address = page_of(review, f"people/{member.code}/")
    assert (
        client.post(address, {"name": "Theirs", "role": "viewer", "version": "1"}).status_code
        == 302
    )
    answer = client.post(address, {"name": "Mine", "role": "analyst", "version": "1"})

    assert answer.status_code == 409
    assert "Theirs" in text_of(answer)
    assert 'value="Mine"' in text_of(answer)


def test_who_leaves_sees_the_review_no_more(client: Client, review: models.Review) -> None:
    member = make_member(review, "reviewer", name="Rev Iewer")
    theirs = client_of(member)
    answer = client.post(page_of(review, f"people/{member.code}/end/"), {"why": "Moved on."})

    assert answer.status_code == 302
    assert theirs.get(page_of(review, "")).status_code == 404
    assert "Rev Iewer, reviewer, until" in text_of(client.get(page_of(review, "people/")))
    assert load_events(review)[-1].why == "Moved on."


def test_a_lead_who_ends_their_own_part_is_led_out(client: Client, review: models.Review) -> None:
    make_member(review, "lead")
    answer = client.post(page_of(review, "people/P01/end/"), {"why": ""})

    assert answer.url == "/"


@pytest.mark.parametrize("role", [role for role in ROLES if role != "lead"])
def test_only_leads_see_addresses_and_change_people(role: str, review: models.Review) -> None:
    member = make_member(review, role)
    theirs = client_of(member)
    page = text_of(theirs.get(page_of(review, "people/")))

    assert lead_of(review).user.email not in page
    assert "Invite a person" not in page
    for rest in ("invite/", "P01/", "P01/end/"):
        assert theirs.post(page_of(review, f"people/{rest}")).status_code == 403


def test_people_of_another_review_are_not_found(client: Client, review: models.Review) -> None:
    other = make_member(make_review(), "analyst")
    assert other.code == "P02"
    for rest in ("P02/", "P02/end/"):
        assert client.get(page_of(review, f"people/{rest}")).status_code == 404


def test_many_people_take_few_queries(
    client: Client, review: models.Review, django_assert_max_num_queries: Any
) -> None:
    for _ in range(60):
        make_member(review, "reviewer", name=f"Rev {HTML}")
    with django_assert_max_num_queries(15):
        page = text_of(client.get(page_of(review, "people/")))

    assert "Showing 1 to 50 of 61 people take part" in page
    assert HTML not in page


# --------------------------------------------------------------------------- what is due


def due_values(**values: str) -> dict[str, str]:
    return {"title": "Summit", "on-day": "1", "on-month": "2", "on-year": "2018", **values}


def test_what_is_due_is_added_changed_and_ticked_off(client: Client, review: models.Review) -> None:
    assert client.post(page_of(review, "due/add/"), due_values(person="P01")).status_code == 302
    page = text_of(client.get(page_of(review, "due/")))
    assert "1 February 2018" in page
    assert "Overdue" in page

    fill(client, page_of(review, "due/D01/"), "title", {"title": f"Summit {HTML}"})
    page = text_of(client.get(page_of(review, "due/")))
    assert HTML not in page
    fill(client, page_of(review, "due/"), "done", {})
    due = models.DueDate.objects.get()
    assert due.done_on == timezone.localdate()
    assert (due.title, due.person.code, due.version) == (f"Summit {HTML}", "P01", 3)
    assert "Nothing is due" in text_of(client.get(page_of(review, "due/")))


def test_two_who_change_what_is_due_are_told(client: Client, review: models.Review) -> None:
    client.post(page_of(review, "due/add/"), due_values())
    address = page_of(review, "due/D01/")
    assert client.post(address, due_values(title="Theirs", version="1")).status_code == 302
    answer = client.post(address, due_values(title="Mine", version="1"))

    assert answer.status_code == 409
    assert "Theirs" in text_of(answer)
    assert 'value="Mine"' in text_of(answer)
    late = client.post(address, {"done": "today", "version": "1"})
    assert late.status_code == 409


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"title": ""}, "Enter what is due."),
        ({"on-day": ""}, "must have a day"),
        ({"on-month": "13"}, "must be a real date"),
        ({"person": "P99"}, "Choose a person from the list."),
        ({"title": "Ring Mrs Jones"}, "looks like"),
    ],
)
def test_what_a_due_date_must_have(
    client: Client, review: models.Review, values: dict[str, str], told: str
) -> None:
    answer = client.post(page_of(review, "due/add/"), due_values(**values))

    assert answer.status_code == 400
    assert told in text_of(answer)
    assert not models.DueDate.objects.exists()


def test_what_was_theirs_who_left_stays_theirs(client: Client, review: models.Review) -> None:
    member = make_member(review, "reviewer", name="Rev Iewer")
    client.post(page_of(review, "due/add/"), due_values(person=member.code))
    actions.end_membership(review=review, by=lead_of(review), code=member.code)
    answer = fill(client, page_of(review, "due/D01/"), "title", {"title": "Later"})

    assert answer.status_code == 302
    assert models.DueDate.objects.get().person == member


def test_fifty_things_that_are_due_stand_on_a_page(
    client: Client, review: models.Review, django_assert_max_num_queries: Any
) -> None:
    day = timezone.localdate()
    for number in range(60):
        actions.save_due_date(
            review=review,
            by=lead_of(review),
            values={"title": f"T{number}", "on": day + timedelta(days=number), "person": "P01"},
        )
    with django_assert_max_num_queries(15):
        page = text_of(client.get(page_of(review, "due/")))

    assert "Showing 1 to 50 of 60 things are due" in page
