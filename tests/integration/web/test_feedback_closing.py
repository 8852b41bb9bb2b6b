"""Feedback tools once people have answered: counts, closing for good, comments to be cleared."""

from __future__ import annotations

import json
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.helpers.browsing import client_of, fill, text_of
from tests.helpers.feedback import make_instrument
from tests.helpers.feedback_tools import answer
from tests.helpers.workspace import lead_of, make_member, make_review
from wholesystem.web.answers.store import connected, read_tool
from wholesystem.web.feedback import actions, clearing, store
from wholesystem.web.feedback.models import Tool
from wholesystem.web.logs import JsonLines
from wholesystem.web.workspace import jobs, models
from wholesystem.web.workspace.actions.sources import save_organisation
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.policies import CLOSED_STAGES

pytestmark = pytest.mark.django_db

NAMED = "Dr Susan Smith never rings back; her number is 07700 900123."


def address(name: str, review: models.Review, *codes: str) -> str:
    return reverse(f"workspace:{name}", args=[review.code, *codes])


@pytest.fixture
def review() -> models.Review:
    made = make_review()
    for name in ("Council", "Home", "Trust"):
        save_organisation(review=made, by=lead_of(made), values={"name": name})
    return made


@pytest.fixture
def lead(review: models.Review) -> Client:
    return client_of(lead_of(review))


@pytest.fixture
def tool(review: models.Review) -> Tool:
    made = actions.make_tool(
        review=review,
        by=lead_of(review),
        values={"title": "How we get on"},
        instrument=make_instrument(),
    )
    day = timezone.localdate() + timedelta(days=14)
    return actions.open_tool(
        review=review, by=lead_of(review), code=made.code, last_day=day, version=None
    )


def close(review: models.Review) -> Tool:
    return actions.close_tool(review=review, by=lead_of(review), code="T01")


# --------------------------------------------------------------------------- how many


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "Fewer than five people have answered, or nobody has."),
        (4, "Fewer than five people have answered, or nobody has."),
        (5, "5 people have answered."),
        (6, "6 people have answered."),
    ],
)
def test_how_many_answered_is_told_from_five_on(
    count: int, told: str, lead: Client, review: models.Review, tool: Tool
) -> None:
    for _ in range(count):
        answer(tool, "nurse", {"on_time": "often"}, organisation="trust")

    for page in ("feedback_tool", "close_feedback_tool"):
        assert told in text_of(lead.get(address(page, review, "T01")))


def test_what_was_said_is_on_no_page_while_the_tool_is_open(
    lead: Client, review: models.Review, tool: Tool
) -> None:
    for _ in range(6):
        answer(tool, "nurse", {"came": "yes", "why": NAMED}, organisation="trust")

    for page in ("feedback_tool", "close_feedback_tool", "feedback_comments"):
        assert "Susan" not in text_of(lead.get(address(page, review, "T01")))
    with pytest.raises(PolicyError):
        clearing.withhold_comment(review=review, by=lead_of(review), code="T01", comment="any")


# --------------------------------------------------------------------------- closing


def test_a_tool_closes_once_and_for_good(lead: Client, review: models.Review, tool: Tool) -> None:
    page = address("close_feedback_tool", review, "T01")
    assert fill(lead, page, "sure", {}).status_code == 400
    assert Tool.objects.get().state == "open"

    assert fill(lead, page, "sure", {"sure": "on"}).status_code == 302

    closed = Tool.objects.get()
    assert (closed.state, closed.closed_on) == ("closed", timezone.localdate())
    assert review.event_set.filter(action="closed", record="T01").count() == 1
    for name in ("close_feedback_tool", "open_feedback_tool"):
        sent = {"sure": "on", "last_day-day": "1", "last_day-month": "1", "last_day-year": "2999"}
        again = lead.post(address(name, review, "T01"), sent)
        assert again.status_code == 400
        assert "T01 is closed" in text_of(again)


def test_answers_of_a_closed_tool_are_those_that_were_sent(
    review: models.Review, tool: Tool
) -> None:
    for number in range(6):
        answer(tool, "nurse", {"on_time": "often", "ways": ("phone",)}, organisation="trust")
        answer(tool, "manager", {"came": "yes", "why": f"Beds {number}."}, organisation="home")
    close(review)

    found = store.sheets(Tool.objects.get())
    assert sorted(str(one.answers.get("why", "")) for one in found) == [
        *[""] * 6,
        *[f"Beds {number}." for number in range(6)],
    ]


# --------------------------------------------------------------------------- comments


def held_ids(tool: Tool) -> list[str]:
    return [one.comment for one in store.held_comments(tool)]


@pytest.fixture
def held(review: models.Review, tool: Tool) -> str:
    """Id of a comment that waits to be cleared."""
    for _ in range(5):
        answer(tool, "nurse", {"came": "yes", "why": "Too few beds."}, organisation="trust")
    answer(tool, "nurse", {"came": "yes", "why": NAMED}, organisation="trust")
    close(review)
    (found,) = held_ids(Tool.objects.get())
    return found


def comments_of() -> list[str]:
    return [str(one.answers.get("why", "")) for one in store.sheets(Tool.objects.get())]


def test_a_comment_that_names_somebody_is_held(
    lead: Client, review: models.Review, held: str
) -> None:
    assert NAMED not in comments_of()
    page = text_of(lead.get(address("feedback_tool", review, "T01")))
    assert "1 comment waits to be cleared" in page
    assert "Susan" not in page
    assert NAMED in text_of(lead.get(address("feedback_comments", review, "T01")))


def test_what_was_found_is_taken_out_of_the_box_already(
    lead: Client, review: models.Review, held: str
) -> None:
    page = text_of(lead.get(address("clear_feedback_comment", review, "T01", held)))

    box = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert box is not None
    assert box[1].strip() == "[taken out] never rings back; her number is [taken out]."


def test_a_comment_is_cleared_as_it_was_rewritten(
    lead: Client, review: models.Review, held: str
) -> None:
    page = address("clear_feedback_comment", review, "T01", held)
    told = {"do": "clear", "text": "Nobody rings back."}

    assert fill(lead, page, "text", told).status_code == 302

    assert "Nobody rings back." in comments_of()
    assert NAMED not in "".join(comments_of())
    assert lead.get(page).status_code == 404
    assert "There is none" in text_of(lead.get(address("feedback_comments", review, "T01")))


def test_a_name_that_was_left_in_is_warned_of_once_more(
    lead: Client, review: models.Review, held: str
) -> None:
    page = address("clear_feedback_comment", review, "T01", held)
    answer = fill(lead, page, "text", {"do": "clear", "text": NAMED})

    assert answer.status_code == 400
    assert "This may name a person" in text_of(answer)
    assert held_ids(Tool.objects.get()) == [held]


def test_a_comment_is_withheld_and_its_other_answers_stay(
    lead: Client, review: models.Review, held: str
) -> None:
    page = address("clear_feedback_comment", review, "T01", held)

    assert fill(lead, page, "text", {"do": "withhold", "text": NAMED}).status_code == 302

    assert sorted(comments_of()) == ["", *["Too few beds."] * 5]
    assert held_ids(Tool.objects.get()) == []


def test_a_comment_of_which_nothing_is_left_is_to_be_withheld(
    lead: Client, review: models.Review, held: str
) -> None:
    page = address("clear_feedback_comment", review, "T01", held)
    answer = fill(lead, page, "text", {"do": "clear", "text": " "})

    assert answer.status_code == 400
    assert "Withhold it instead." in text_of(answer)


def rows_of_every_table() -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield f"{table}: {row!r}"


def test_the_history_tells_that_it_was_done_and_no_word(
    lead: Client, review: models.Review, held: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = address("clear_feedback_comment", review, "T01", held)
    fill(lead, page, "text", {"do": "clear", "text": "Nobody rings back."})

    event = review.event_set.order_by("-number").first()
    assert event is not None
    assert (event.action, event.record) == ("cleared a comment of", "T01")
    assert json.loads(event.changes) == {}
    for word in ("Susan", "07700", "rings back"):
        assert [row for row in rows_of_every_table() if word in row] == []
        assert not any(word in JsonLines().format(one) for one in caplog.records)
    told = text_of(lead.get(address("history", review)))
    assert "cleared a comment of feedback tool T01" in told


@pytest.mark.parametrize("role", ["reviewer", "analyst", "specialist_advisor", "viewer"])
def test_only_a_lead_reads_comments_that_are_held(
    role: str, review: models.Review, held: str
) -> None:
    client = client_of(make_member(review, role))

    for page in (("feedback_comments", "T01"), ("clear_feedback_comment", "T01", held)):
        assert client.get(address(page[0], review, *page[1:])).status_code == 403
    told = {"do": "clear", "text": "x"}
    page_of = address("clear_feedback_comment", review, "T01", held)
    assert client.post(page_of, told).status_code == 403


def test_a_comment_of_another_review_is_not_found(
    lead: Client, review: models.Review, held: str
) -> None:
    other = make_review(lead=lead_of(review).user)
    actions.make_tool(
        review=other, by=lead_of(other), values={"title": "T"}, instrument=make_instrument()
    )
    for code in (held, "1", "..", "🚑", "x" * 300):
        page = address("clear_feedback_comment", other, "T01", code)
        assert lead.get(page).status_code == 404
        assert lead.post(page, {"do": "withhold"}).status_code == 404


def test_a_published_review_still_closes_its_tools(
    lead: Client, review: models.Review, tool: Tool
) -> None:
    models.Review.objects.update(stage=CLOSED_STAGES[0])
    page = address("close_feedback_tool", review, "T01")

    assert fill(lead, page, "sure", {"sure": "on"}).status_code == 302


def test_answers_of_a_merged_organisation_count_for_the_one_that_is_left(
    review: models.Review, tool: Tool
) -> None:
    for name in ("trust", "home"):
        for _ in range(3):
            answer(tool, "nurse", {"on_time": "often"}, organisation=name)
    actions.merge_organisation(
        review=review, by=lead_of(review), code="home", into="trust", note=""
    )
    close(review)

    closed: Any = Tool.objects.get()
    assert {one.organisation for one in store.sheets(closed)} == {"trust", "home"}
    assert {one.organisation for one in store.sheets(closed, merged=True)} == {"trust"}


# --------------------------------------------------------------------------- a bundle


@pytest.mark.parametrize(("role", "has_answers"), [("lead", True), ("analyst", False)])
def test_only_a_lead_takes_out_answers(
    role: str, has_answers: bool, review: models.Review, held: str
) -> None:
    who = lead_of(review) if role == "lead" else make_member(review, role)
    client = client_of(who)
    told = text_of(client.get(address("export_review", review)))
    assert ("a row for each person" in told) is has_answers
    client.post(address("export_review", review))
    jobs.run_job.call(models.Job.objects.get().pk)

    job = models.Job.objects.get()
    with zipfile.ZipFile(Path(settings.DATA_FOLDER) / job.file) as archive:
        names = archive.namelist()
        text = b"".join(archive.read(name) for name in names)
    assert ("feedback/T01/answers.csv" in names) is has_answers
    assert (b"Too few beds." in text) is has_answers
    # Held until somebody clears it, whoever asks.
    assert b"Susan" not in text
    assert b"07700" not in text


def test_a_tool_that_was_brought_in_open_can_only_be_looked_at(
    lead: Client, review: models.Review, tool: Tool
) -> None:
    store.delete_tool(tool)

    page = text_of(lead.get(address("feedback_tool", review, "T01")))
    assert "It was open where this review was taken out" in page
    assert address("close_feedback_tool", review, "T01") not in page
    closing = fill(lead, address("close_feedback_tool", review, "T01"), "sure", {"sure": "on"})
    assert closing.status_code == 400
    assert "it is closed where its links work" in text_of(closing)


def test_closing_that_was_stopped_half_way_is_ended(
    lead: Client, review: models.Review, tool: Tool
) -> None:
    answer(tool, "nurse", {"on_time": "often"}, organisation="trust")
    store.close_tool(tool)  # and the database never heard of it

    invite = {
        "links": "single", "number": "3", "organisations": ["trust"],
    }  # fmt: skip
    refused = fill(lead, address("invite_to_feedback", review, "T01"), "links", invite)
    assert refused.status_code == 400
    assert "Close it again." in text_of(refused)
    page = address("close_feedback_tool", review, "T01")
    assert fill(lead, page, "sure", {"sure": "on"}).status_code == 302
    assert len(store.sheets(Tool.objects.get())) == 1


def test_respondents_are_told_what_an_organisation_is_called_now(
    review: models.Review, tool: Tool
) -> None:
    save_organisation(
        review=review, by=lead_of(review), values={"name": "The new trust"}, code="trust"
    )
    save_organisation(review=review, by=lead_of(review), values={"name": "A hospice"})

    with connected(tool.key) as file:
        names = read_tool(file, tool.key).organisations
    assert names["trust"] == "The new trust"
    assert names["a_hospice"] == "A hospice"
