"""The history: told in plain words, refused to be changed, and checked without being read anew."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.helpers.browsing import client_of, text_of
from tests.helpers.guards import unguarded
from tests.helpers.workspace import (
    lead_of,
    make_evidence,
    make_finding,
    make_member,
    make_review,
)
from wholesystem.reviews.history import make_event
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import evidence as evidence_actions
from wholesystem.web.workspace.actions import findings as finding_actions
from wholesystem.web.workspace.histories import WHOLE_SECONDS, find_breaks, verify_history
from wholesystem.web.workspace.rows import event_row, load_events, to_utc

pytestmark = pytest.mark.django_db

LONG = "People who are ready to go home wait for a package of care, and nobody tells them when."


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    cache.clear()


@pytest.fixture
def review() -> models.Review:
    return make_review()


@pytest.fixture
def client(review: models.Review) -> Client:
    return client_of(lead_of(review))


def page(client: Client, review: models.Review, rest: str = "history/") -> str:
    answer = client.get(f"/reviews/{review.code}/{rest}")
    assert answer.status_code == 200, answer
    return text_of(answer)


def words_of(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def make_events(review: models.Review, number: int) -> None:
    last = event_row(review.event_set.order_by("-number")[0])
    made = []
    for n in range(number):
        last = make_event(
            last,
            at=last.at + timedelta(seconds=1),
            by="P01",
            action="changed",
            table="evidence",
            record="E001",
            changes={"text": [LONG, f"{LONG} {n}"]},
        )
        values = {name: getattr(last, name) for name in type(last).columns()}
        made.append(models.Event(review=review, **{**values, "at": to_utc(last.at)}))
    models.Event.objects.bulk_create(made)


# --------------------------------------------------------------------------- in plain words


def test_who_did_what_from_what_to_what_and_why(client: Client, review: models.Review) -> None:
    by = lead_of(review)
    make_evidence(review, text=LONG)
    evidence_actions.save_evidence(
        review=review,
        by=by,
        code="E001",
        values={"text": LONG.replace("nobody", "somebody"), "shows": "strength"},
        why="The ward wrote again.",
    )
    told = page(client, review)

    words = words_of(told)
    assert "Lee Lead changed evidence E001" in words
    assert "Why: The ward wrote again." in words
    assert "What it shows from concern to strength" in words
    assert re.search(r"<del>.*?nobody.*?</del>", told)
    assert re.search(r"<ins>.*?somebody.*?</ins>", told)
    assert "[taken out:" in words
    assert "Lee Lead opened the review" in words
    assert words.index("changed evidence E001") < words.index("opened the review")


def test_a_records_history_holds_its_whole_texts(client: Client, review: models.Review) -> None:
    text = f"{LONG} " * 10
    make_evidence(review, text=text)

    assert text.strip() not in page(client, review)
    assert "#event-" in page(client, review)
    assert text.strip() in page(client, review, "history/evidence/E001/")
    assert "As it stands now" in page(client, review, "history/evidence/E001/")


def test_a_link_to_a_finding_is_told_with_its_side(client: Client, review: models.Review) -> None:
    make_evidence(review)
    make_finding(review)
    finding_actions.link_evidence(
        review=review, by=lead_of(review), finding="F01", evidence="E001", side="against"
    )

    words = words_of(page(client, review))
    assert "Lee Lead linked evidence E001 against finding F01" in words
    told = client.get(f"/reviews/{review.code}/history/finding_evidence/F01 E001/")
    assert told.status_code == 200
    for rest in ("history/?record=E001", "history/?record=F01", "history/findings/F01/",
                 "history/evidence/E001/"):  # fmt: skip
        assert "linked evidence E001 against finding F01" in words_of(page(client, review, rest))


@pytest.mark.parametrize(
    ("query", "there", "missing"),
    [
        ("person=P02", "Reviewer", "added evidence E001"),
        ("table=evidence", "added evidence E001", "drafted"),
        ("record=E001", "added evidence E001", "added evidence E002"),
        ("table=evidence&record=E002&person=P01", "added evidence E002", "added evidence E001"),
        ("record=E999", "Nothing in the history fits", "added evidence"),
        ("person=nobody&table=nothing", "added evidence E001", "Nothing in the history fits"),
    ],
)
def test_the_history_is_narrowed(
    client: Client, review: models.Review, query: str, there: str, missing: str
) -> None:
    member = make_member(review, "reviewer")
    make_evidence(review)
    make_evidence(review)
    finding_actions.save_finding(
        review=review, by=member, values={"kloe": "crisis_safe", "statement": "drafted"}
    )

    words = words_of(page(client, review, f"history/?{query}"))
    assert there in words
    assert missing not in words


def test_a_long_history_is_shown_by_pages_in_few_queries(
    client: Client, review: models.Review, django_assert_max_num_queries: Any
) -> None:
    make_events(review, 60)
    page(client, review)

    with django_assert_max_num_queries(30):
        first = page(client, review, "history/?table=evidence")
    assert "Showing 1 to 50 of 60 events" in first
    assert "?table=evidence&amp;page=2" in first


def test_what_a_bundle_brought_in_is_told_whatever_it_is(
    client: Client, review: models.Review
) -> None:
    last = event_row(review.event_set.order_by("-number")[0])
    for changes in ({}, {"text": "odd"}, {"text": [1, None, 2]}, {"n": [1, ["a", "b"]]}):
        last = make_event(
            last,
            at=last.at,
            by="P77",
            action="conjured",
            table="spells",
            record="<script>alert(1)</script>",
            changes=changes,
            why="<b>",
        )
        values = {name: getattr(last, name) for name in type(last).columns()}
        models.Event.objects.create(review=review, **{**values, "at": to_utc(last.at)})

    told = page(client, review)
    assert "<script>alert" not in told
    assert "P77 conjured" in words_of(told)
    answer = client.get(f"/reviews/{review.code}/history/spells/x/")
    assert answer.status_code == 404


def test_another_reviews_history_is_not_there(client: Client, review: models.Review) -> None:
    other = make_review()
    make_evidence(other, text="A secret.")

    assert "secret" not in page(client, review)
    assert client.get(f"/reviews/{review.code}/history/evidence/E001/").status_code == 404
    assert client.get(f"/reviews/{other.code}/history/").status_code == 404


# --------------------------------------------------------------------------- never changed


@pytest.mark.parametrize(
    "attack",
    [
        lambda: models.Event.objects.filter(number=1).update(by="eve"),
        lambda: models.Event.objects.filter(number=1).delete(),
        lambda: models.Event.objects.all().delete(),
        lambda: models.Event.objects.get(number=1).save(),
        lambda: _execute("UPDATE workspace_event SET why = 'no'"),
        lambda: _execute("DELETE FROM workspace_event"),
        lambda: _execute("INSERT OR REPLACE INTO workspace_event SELECT * FROM workspace_event"),
    ],
)
def test_the_database_refuses_to_change_a_history(
    attack: Callable[[], None], review: models.Review
) -> None:
    before = load_events(review)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        attack()
    assert load_events(review) == before


def _execute(sql: str) -> None:
    if connection.vendor != "sqlite" and "REPLACE" in sql:
        sql = "TRUNCATE workspace_event"
    with connection.cursor() as cursor:
        cursor.execute(sql)


# --------------------------------------------------------------------------- checked


def test_a_whole_history_is_said_to_be_whole(client: Client, review: models.Review) -> None:
    make_evidence(review)

    number = review.event_set.count()
    assert f"Every one of its {number} events is as it was recorded" in words_of(
        page(client, review)
    )
    assert find_breaks() == []


def test_a_change_from_outside_is_told_on_the_page_and_by_the_command(
    client: Client, review: models.Review
) -> None:
    make_evidence(review)
    with unguarded("workspace_event"):
        review.event_set.filter(number=1).update(by="eve")

    words = words_of(page(client, review))
    assert "This history is not what was recorded." in words
    assert "event 1: It is not what was recorded: its digest differs." in words
    (line, *_) = find_breaks()
    assert line.startswith(f"Review {review.code}: history event 1")


def test_events_taken_off_the_end_are_checked_anew(review: models.Review) -> None:
    make_events(review, 3)
    assert verify_history(review).number == 4
    with unguarded("workspace_event"):
        review.event_set.filter(number__gt=2).delete()

    again = verify_history(review)
    assert (again.number, again.faults) == (2, ())


def test_only_new_events_are_read_on_the_next_view(review: models.Review) -> None:
    make_events(review, 200)
    first = verify_history(review)
    make_events(review, 3)

    with CaptureQueriesContext(connection) as seen:
        second = verify_history(review)
    assert (second.number, second.faults, second.at) == (204, (), first.at)
    assert any(f"{first.number}" in one["sql"] for one in seen)
    with CaptureQueriesContext(connection) as seen:
        assert verify_history(review) == second
    assert len(seen) <= 2


def test_a_new_event_that_does_not_follow_on_is_found(review: models.Review) -> None:
    make_events(review, 5)
    verify_history(review)
    make_events(review, 2)
    with unguarded("workspace_event"):
        review.event_set.filter(number=7).update(why="Slipped in.")

    assert any("event 7" in one for one in verify_history(review).faults)


def test_what_was_changed_long_ago_is_found_within_the_hour(
    review: models.Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_events(review, 5)
    verify_history(review)
    with unguarded("workspace_event"):
        review.event_set.filter(number=2).update(why="Slipped in.")
    assert verify_history(review).faults == ()

    later = time.time() + WHOLE_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert any("event 2" in one for one in verify_history(review).faults)


def test_a_page_of_a_history_of_thousands_is_quick_once_it_was_checked(
    client: Client, review: models.Review
) -> None:
    make_events(review, 5_000)
    page(client, review)

    start = time.process_time()
    page(client, review)
    assert time.process_time() - start < 0.2
