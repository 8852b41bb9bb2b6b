"""Reviews: all of one's own, opening one, its home, its settings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.helpers.browsing import client_of, fill, text_of
from tests.helpers.workspace import (
    lead_of,
    make_evidence,
    make_finding,
    make_member,
    make_review,
    make_source,
    make_user,
    small_framework,
)
from wholesystem.reviews.words import ROLES
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import reviews as actions
from wholesystem.web.workspace.reminders import make_notices

pytestmark = pytest.mark.django_db

MOST_QUERIES = 30
HTML = "<script>alert('x')</script>"


@pytest.fixture
def administrator() -> Any:
    actions.keep_framework(framework=small_framework())
    return make_user("Ada Min", administrator=True)


def home(review: models.Review) -> str:
    return f"/reviews/{review.code}/"


def opening(**values: str) -> dict[str, str]:
    return {
        "title": "Anyshire, winter 2017",
        "area": "oxfordshire",
        "framework": "small",
        "opened_on-day": "1",
        "opened_on-month": "11",
        "opened_on-year": "2017",
        **values,
    }


# --------------------------------------------------------------------------- all of one's own


def test_one_sees_the_reviews_in_which_one_has_a_part() -> None:
    mine, other = make_review(title="Mine"), make_review(title="Another's")
    page = text_of(client_of(lead_of(mine)).get("/"))

    assert "Mine" in page
    assert other.title.replace("'", "&#39;") not in page
    assert "Open a review" not in page


def test_who_has_no_review_is_told_what_to_do(administrator: Any) -> None:
    assert "Ask the lead of a review to invite you" in text_of(client_of(make_user()).get("/"))
    assert "/reviews/new/" in text_of(client_of(administrator).get("/"))


def test_fifty_reviews_stand_on_a_page(django_assert_max_num_queries: Any) -> None:
    user = make_user()
    for _ in range(51):
        make_review(user)
    client = client_of(user)
    with django_assert_max_num_queries(MOST_QUERIES):
        first = text_of(client.get("/"))

    assert "Showing 1 to 50 of 51 reviews" in first
    assert "Showing 51 to 51 of 51" in text_of(client.get("/?page=2"))


# --------------------------------------------------------------------------- opening


def test_an_administrator_opens_a_review_and_leads_it(administrator: Any) -> None:
    client = client_of(administrator)
    answer = fill(client, "/reviews/new/", "title", opening())

    review = models.Review.objects.get(code="anyshire_winter_2017")
    assert answer.url == home(review)
    assert (review.area_code, review.area, review.stage) == (
        "E10000025",
        "Oxfordshire",
        "preparing",
    )
    assert review.opened_on == date(2017, 11, 1)
    assert (lead_of(review).user, lead_of(review).role) == (administrator, "lead")
    assert "every question is thin" in text_of(client.get(home(review)))


def test_only_administrators_open_and_import() -> None:
    client = client_of(lead_of(make_review()))
    for address in ("/reviews/new/", "/reviews/import/", "/frameworks/add/"):
        assert client.get(address).status_code == 403
        assert client.post(address, opening()).status_code == 403


def test_an_area_that_is_none_names_the_nearest(administrator: Any) -> None:
    answer = client_of(administrator).post("/reviews/new/", opening(area="Oxfordshir"))

    assert answer.status_code == 400
    assert "Oxfordshire" in text_of(answer).partition('id="id_area-error"')[2][:400]
    assert "<title>Error: Open a review" in text_of(answer)
    assert "Anyshire, winter 2017" in text_of(answer)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"title": ""}, "Enter a title."),
        ({"framework": ""}, "Choose the questions"),
        ({"framework": "other"}, "Choose the questions"),
        ({"opened_on-day": "31"}, "must be a real date"),
        ({"review": "new"}, "Another page has this short name"),
        ({"review": "With Capitals"}, "error-message"),
        ({"title": "x" * 301}, "300 characters or fewer"),
        ({"aim": "Ask Dr Smith about Mrs Jones."}, "looks like"),
    ],
)
def test_what_a_review_may_not_be(administrator: Any, values: dict[str, str], told: str) -> None:
    answer = client_of(administrator).post("/reviews/new/", opening(**values))

    assert answer.status_code == 400
    assert told in text_of(answer)
    assert not models.Review.objects.exists()


def test_words_that_name_nobody_are_taken_once_they_were_looked_at(administrator: Any) -> None:
    aim = {"aim": "Ask Dr Smith about Mrs Jones."}
    client = client_of(administrator)
    assert client.post("/reviews/new/", opening(**aim)).status_code == 400
    assert client.post("/reviews/new/", opening(**aim, names_checked="on")).status_code == 302


def test_an_id_is_taken_once(administrator: Any) -> None:
    client = client_of(administrator)
    client.post("/reviews/new/", opening())
    answer = client.post("/reviews/new/", opening())

    assert answer.status_code == 400
    assert "Another review has this id" in text_of(answer)


# --------------------------------------------------------------------------- a review's home


@pytest.fixture
def full() -> models.Review:
    review = make_review(aim=f"Aim {HTML}")
    by = lead_of(review)
    source = make_source(review, title=f"Ward {HTML}")
    for number in range(250):
        make_evidence(review, source, text=f"Evidence {number} {HTML}")
    make_finding(review)
    today = timezone.localdate()
    for title, days in ((f"Late {HTML}", -2), ("Soon", 2), ("Later", 30)):
        actions.save_due_date(
            review=review,
            by=by,
            values={"title": title, "on": today + timedelta(days=days), "person": "P01"},
        )
    return review


def test_the_home_shows_all_at_a_glance(full: models.Review) -> None:
    page = text_of(client_of(lead_of(full)).get(home(full)))

    assert HTML not in page
    assert page.count("<h1") == 1
    for told in ("Move on to findings", "Overdue", "All 3 that are due", "What is thin", "250"):
        assert told in page
    assert "Lee Lead <a" in page
    assert "Findings without evidence: 1" in page


def test_the_home_takes_few_queries_also_the_first_time(
    full: models.Review, django_assert_max_num_queries: Any
) -> None:
    client = client_of(lead_of(full))
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(home(full))
    with django_assert_max_num_queries(15):
        client.get(home(full))


def test_the_home_shows_what_was_done_a_moment_ago(full: models.Review) -> None:
    client = client_of(lead_of(full))
    assert "Candidate findings" in text_of(client.get(home(full)))
    make_finding(full, statement="Another.")
    after = text_of(client.get(home(full)))

    assert "added finding F02" in after


def test_a_contributor_sees_no_evidence_on_the_home(full: models.Review) -> None:
    member = make_member(full, "system_contributor")
    page = text_of(client_of(member).get(home(full)))

    assert "What you can give" in page
    for hidden in ("What is thin", "evidence", "finding", "Candidate"):
        assert hidden not in page.partition('<main class="')[2].partition("Aim of the review")[0]


def test_reminders_are_shown_until_they_are_seen(full: models.Review) -> None:
    assert make_notices(timezone.localdate()) == 2
    assert make_notices(timezone.localdate()) == 0
    client = client_of(lead_of(full))
    page = text_of(client.get(home(full)))
    assert page.count("I have seen this") == 2

    notice = models.Notice.objects.order_by("pk")[0]
    other = client_of(make_member(full, "reviewer"))
    other.post(f"{home(full)}notices/{notice.pk}/")
    assert text_of(client.get(home(full))).count("I have seen this") == 2
    client.post(f"{home(full)}notices/{notice.pk}/")
    assert text_of(client.get(home(full))).count("I have seen this") == 1


def test_what_is_nobodys_is_the_leads_to_be_reminded_of() -> None:
    review = make_review()
    by = lead_of(review)
    actions.save_due_date(
        review=review, by=by, values={"title": "Summit", "on": timezone.localdate()}
    )
    second = make_member(review, "lead", name="Second Lead")
    make_notices(timezone.localdate())

    assert {one.member_id for one in models.Notice.objects.all()} == {by.pk, second.pk}


# --------------------------------------------------------------------------- settings


def settings_of(client: Client, review: models.Review, **values: str) -> Any:
    return fill(client, f"{home(review)}settings/", "title", values)


def test_a_lead_changes_the_review() -> None:
    review = make_review()
    answer = settings_of(client_of(lead_of(review)), review, title="Anew", stage="reporting")
    review.refresh_from_db()

    assert answer.status_code == 302
    assert (review.title, review.stage, review.version) == ("Anew", "reporting", 2)


def test_a_button_moves_the_review_on() -> None:
    review = make_review()
    client = client_of(lead_of(review))
    answer = fill(client, home(review), "stage", {})
    review.refresh_from_db()

    assert (answer.status_code, review.stage) == (302, "findings")


def test_an_area_that_we_do_not_know_stays_as_it_is() -> None:
    review = make_review(area_code="X1", area="Ruritania")
    answer = settings_of(client_of(lead_of(review)), review, title="Anew")
    review.refresh_from_db()

    assert (answer.status_code, review.area_code, review.title) == (302, "X1", "Anew")


def test_the_second_of_two_editors_is_told_and_loses_nothing() -> None:
    review = make_review()
    client = client_of(lead_of(review))
    theirs = {"title": "Theirs", "area": "Oxfordshire", "stage": "fieldwork", "version": "1"}
    assert client.post(f"{home(review)}settings/", theirs).status_code == 302
    mine = {**theirs, "title": "Mine", "aim": "My aim"}
    answer = client.post(f"{home(review)}settings/", mine)
    page = text_of(answer)

    assert answer.status_code == 409
    assert "Theirs" in page
    assert 'value="Mine"' in page
    assert "My aim" in page
    assert 'name="version" value="2"' in page
    assert client.post(f"{home(review)}settings/", {**mine, "version": "2"}).status_code == 302
    review.refresh_from_db()
    assert review.title == "Mine"


def test_a_stage_moved_on_twice_at_once_is_told() -> None:
    review = make_review()
    client = client_of(lead_of(review))
    sent = {"stage": "findings", "version": "1"}
    assert client.post(f"{home(review)}settings/", sent).status_code == 302
    answer = client.post(f"{home(review)}settings/", {"stage": "reporting", "version": "1"})

    assert answer.status_code == 409
    assert 'name="version" value="2"' in text_of(answer)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "lead"])
def test_only_leads_change_the_review(role: str) -> None:
    review = make_review()
    client = client_of(make_member(review, role))

    assert client.post(f"{home(review)}settings/", {"stage": "findings"}).status_code == 403
    assert "Move on to" not in text_of(client.get(home(review)))


@pytest.mark.parametrize(
    "text", ["x" * 10_000, "🚑" * 200, "\u202eשלום", HTML, "{{ 7*7 }}", "line\r\nline"]
)
def test_any_words_are_kept_and_shown_as_words(text: str) -> None:
    review = make_review()
    client = client_of(lead_of(review))
    answer = settings_of(client, review, aim=text)
    page = text_of(client.get(home(review)))

    assert answer.status_code == 302
    assert HTML not in page
    assert "49" not in page.partition("Aim of the review")[2][:200]


@pytest.mark.parametrize("text", ["a\x00b", "x" * 10_001])
def test_words_that_cannot_be_kept_are_refused(text: str) -> None:
    review = make_review()
    told = {"title": "T", "area": "Oxfordshire", "stage": "fieldwork", "aim": text}
    answer = client_of(lead_of(review)).post(f"{home(review)}settings/", told)

    assert answer.status_code == 400
