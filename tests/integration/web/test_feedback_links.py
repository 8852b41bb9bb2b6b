"""Links to feedback tools: made, shown once, taken as a file, withdrawn, and kept nowhere."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.helpers.browsing import client_of, fill, form_of, text_of
from tests.helpers.feedback import make_instrument
from tests.helpers.workspace import lead_of, make_member, make_review
from wholesystem.web.feedback import actions
from wholesystem.web.feedback.links import cards_of
from wholesystem.web.feedback.models import Invited, InvitedNames, Tool
from wholesystem.web.logs import JsonLines
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.sources import save_organisation

pytestmark = pytest.mark.django_db

NAMES = ("Zoe Zabel, zoe@example.org", "Ada Adams", "Mia Müller-Meier 🚑", "=HYPERLINK(1)")


def address(name: str, review: models.Review, *codes: str) -> str:
    return reverse(f"workspace:{name}", args=[review.code, *codes])


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def boxes(day: date, name: str = "last_day") -> dict[str, str]:
    parts = (("day", day.day), ("month", day.month), ("year", day.year))
    return {f"{name}-{part}": str(number) for part, number in parts}


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
    return open_one(review)


def open_one(review: models.Review, *, organisation: str = "yes") -> Tool:
    made = actions.make_tool(
        review=review,
        by=lead_of(review),
        values={"title": "How we get on", "contact": "The team"},
        instrument=make_instrument(organisation=organisation),
    )
    return actions.open_tool(
        review=review, by=lead_of(review), code=made.code, last_day=in_days(14), version=None
    )


def invite(lead: Client, review: models.Review, **values: Any) -> Any:
    told = {"links": "single", "number": "3", "organisations": ["trust"], **values}
    return fill(lead, address("invite_to_feedback", review, "T01"), "links", told)


def links_of(page: str) -> list[str]:
    """Addresses of the cards of a page."""
    return re.findall(r'app-card__address"><a href="([^"]+)"', page)


def secret(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


# --------------------------------------------------------------------------- opening


def test_a_tool_opens_with_a_last_day(lead: Client, review: models.Review) -> None:
    actions.make_tool(
        review=review, by=lead_of(review), values={"title": "T"}, instrument=make_instrument()
    )
    page = address("open_feedback_tool", review, "T01")

    for day in (in_days(-1), None):
        sent = boxes(day) if day else {}
        assert fill(lead, page, "last_day-day", sent).status_code == 400
    assert fill(lead, page, "last_day-day", boxes(in_days(14))).status_code == 302

    opened = Tool.objects.get()
    assert (opened.state, opened.opened_on) == ("open", timezone.localdate())
    assert review.event_set.filter(action="opened", record="T01").count() == 1
    again = lead.post(page, boxes(in_days(14)))
    assert again.status_code == 400
    assert "T01 is open" in text_of(again)


def test_a_tool_that_asks_for_organisations_needs_some(lead: Client) -> None:
    empty = make_review(lead=lead_of(models.Review.objects.get()).user)
    actions.make_tool(
        review=empty, by=lead_of(empty), values={"title": "T"}, instrument=make_instrument()
    )

    page = address("open_feedback_tool", empty, "T01")
    answer = fill(lead, page, "last_day-day", boxes(in_days(14)))

    assert answer.status_code == 400
    assert "Add the organisations first." in text_of(answer)


# --------------------------------------------------------------------------- making links


def test_each_organisation_gets_links_of_its_own(
    lead: Client, review: models.Review, tool: Tool
) -> None:
    page = text_of(invite(lead, review, organisations=["trust", "home"], role="nurse"))

    links = links_of(page)
    assert len(links) == len(set(links)) == 6
    assert page.count("<svg") >= 6
    assert page.count("For: <span") == 6
    rows = Invited.objects.order_by("pk").values_list("organisation__code", "role", "number")
    assert list(rows) == [("trust", "nurse", 3), ("home", "nurse", 3)]


def test_an_open_link_is_one_for_everybody(lead: Client, review: models.Review, tool: Tool) -> None:
    page = text_of(invite(lead, review, links="open", number=""))

    assert len(links_of(page)) == 1
    assert "Everybody who is asked uses this address." in page
    assert Invited.objects.get().number == 0


def test_links_of_a_tool_that_does_not_ask_for_organisations_name_none(
    lead: Client, review: models.Review
) -> None:
    open_one(review, organisation="no")
    answer = fill(
        lead,
        address("invite_to_feedback", review, "T01"),
        "links",
        {"links": "single", "number": "2"},
    )

    assert len(links_of(text_of(answer))) == 2
    assert Invited.objects.get().organisation is None


def test_the_same_page_sent_twice_makes_links_once(
    lead: Client, review: models.Review, tool: Tool
) -> None:
    page = address("invite_to_feedback", review, "T01")
    sent = {
        **form_of(lead, page, "links").defaults(),
        "links": "single", "number": "3", "organisations": ["trust"],
    }  # fmt: skip
    assert len(links_of(text_of(lead.post(page, sent)))) == 3

    again = lead.post(page, sent)

    assert again.status_code == 400
    assert "These links were made already" in text_of(again)
    assert Invited.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"number": ""}, "Enter how many links to make."),
        ({"number": "0"}, "The number must be 1 or more."),
        ({"number": "1001"}, "The number must be 1,000 or fewer."),
        ({"number": "many"}, "The number must be a whole number"),
        ({"number": "400", "organisations": ["trust", "home", "council"]}, "1,000 links or fewer"),
        ({"links": ""}, "Choose the kind of link."),
        ({"links": "forged"}, "Choose the kind of link."),
        ({"organisations": []}, "Choose one or more organisations."),
        ({"organisations": ["nowhere"]}, "Choose organisations from the list."),
        ({"role": "pilot"}, "Choose a role from the list."),
        ({"names": "a\nb", "number": "3"}, "The number is 3 and you gave 2 names."),
        ({"names": "a", "organisations": ["trust", "home"]}, "Choose one organisation only"),
        ({"names": "a", "links": "open"}, "Leave out the names."),
        ({"names": "x" * 301, "number": ""}, "A line must have 300 characters or fewer."),
        ({"once": "x"}, "Open the page again"),
        ({"last_day-year": "2001"}, "The last day must be today or later."),
        ({"last_day-year": "2999"}, "The tool takes answers until"),
        ({"last_day-day": "32"}, "must be a real date"),
    ],
)
def test_what_cannot_be_made_is_told_and_makes_nothing(
    values: dict[str, Any], told: str, lead: Client, review: models.Review, tool: Tool
) -> None:
    answer = invite(lead, review, **values)

    assert answer.status_code == 400
    assert told in text_of(answer).replace("&#39;", "'")
    assert not Invited.objects.exists()


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_only_an_open_tool_has_links(
    state: str, lead: Client, review: models.Review, tool: Tool
) -> None:
    page = address("invite_to_feedback", review, "T01")
    sent = {
        **form_of(lead, page, "links").defaults(),
        "links": "single", "number": "3", "organisations": ["trust"],
    }  # fmt: skip
    days = {"draft": {}, "closed": {"closed_on": timezone.localdate()}}[state]
    Tool.objects.update(state=state, **days)

    assert lead.post(page, sent).status_code == 400
    assert not Invited.objects.exists()


# --------------------------------------------------------------------------- the file


def file_of(lead: Client, review: models.Review, page: str, ending: str) -> Any:
    carried = re.search(r'name="links" value="([^"]+)"', page)
    assert carried is not None
    return lead.post(
        address("feedback_links_file", review, "T01"), {"links": carried[1], "ending": ending}
    )


def test_the_file_has_a_name_beside_each_link(
    lead: Client, review: models.Review, tool: Tool
) -> None:
    page = text_of(invite(lead, review, number="", names="\n".join(NAMES)))
    answer = file_of(lead, review, page, "csv")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8"))))
    assert {one["name"].removeprefix("'") for one in rows} == set(NAMES)
    assert sorted(one["link"] for one in rows) == sorted(links_of(page))
    assert "=HYPERLINK" not in {one["name"][:10] for one in rows}  # no formula in a spreadsheet
    assert answer["Content-Disposition"] == 'attachment; filename="links_T01.csv"'
    assert answer["Cache-Control"] == "no-store"


def test_the_file_opens_in_excel(lead: Client, review: models.Review, tool: Tool) -> None:
    page = text_of(invite(lead, review))
    answer = file_of(lead, review, page, "xlsx")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        text = "".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
    assert all(link in text for link in links_of(page))


@pytest.mark.parametrize("carried", ["", "forged", "eyJhIjoxfQ:abc:def", "\x00", "x" * 10_000])
def test_a_forged_field_makes_no_file(
    carried: str, lead: Client, review: models.Review, tool: Tool
) -> None:
    answer = lead.post(address("feedback_links_file", review, "T01"), {"links": carried})

    assert answer.status_code == 302


def test_what_was_signed_for_something_else_makes_no_file(
    lead: Client, review: models.Review, tool: Tool
) -> None:
    carried = signing.dumps([{"address": "x"}], salt="other")
    answer = lead.post(address("feedback_links_file", review, "T01"), {"links": carried})

    assert answer.status_code == 302


def test_names_are_dealt_out_at_random() -> None:
    links = [str(number) for number in range(30)]
    names = [f"name {number}" for number in range(30)]

    def deal() -> tuple[str, ...]:
        cards = cards_of(links, organisation="", role="", kind="single", last_day="", names=names)
        assert sorted(one.address for one in cards) == sorted(links)
        assert [one.name for one in cards] == names
        return tuple(one.address for one in cards)

    # One in 30! that two are the same, or that one is the order given.
    assert len({deal(), deal(), tuple(links)}) == 3


# --------------------------------------------------------------------------- names


def test_names_are_kept_in_the_order_of_the_alphabet_until_they_are_deleted(
    lead: Client, review: models.Review, tool: Tool
) -> None:
    invite(lead, review, number="", names="\n".join(NAMES))

    assert InvitedNames.objects.get().lines == [
        "=HYPERLINK(1)", "Ada Adams", "Mia Müller-Meier 🚑", "Zoe Zabel, zoe@example.org",
    ]  # fmt: skip
    assert "Ada Adams" in text_of(lead.get(address("feedback_names", review, "T01")))
    assert lead.post(address("forget_feedback_names", review, "T01")).status_code == 302
    assert not InvitedNames.objects.exists()
    event = review.event_set.order_by("-number").first()
    assert event is not None
    assert (event.action, event.changes) == ("deleted the names of those invited to", "{}")


def test_names_go_when_the_tool_closes(lead: Client, review: models.Review, tool: Tool) -> None:
    invite(lead, review, number="", names="\n".join(NAMES))

    page = address("close_feedback_tool", review, "T01")
    assert "4 names of those invited are deleted." in text_of(lead.get(page))
    assert fill(lead, page, "sure", {"sure": "on"}).status_code == 302

    assert not InvitedNames.objects.exists()
    # The links bore no role: the page of results says what cannot be told, and stands.
    assert lead.get(address("feedback_results", review, "T01")).status_code == 200


@pytest.mark.parametrize("role", ["reviewer", "specialist_advisor", "system_contributor", "viewer"])
def test_names_are_for_who_runs_the_tool(
    role: str, lead: Client, review: models.Review, tool: Tool
) -> None:
    invite(lead, review, number="", names="\n".join(NAMES))
    client = client_of(make_member(review, role))

    assert client.get(address("feedback_names", review, "T01")).status_code == 403
    seen = client.get(address("feedback_tool", review, "T01"))
    assert "Ada" not in text_of(seen)


# --------------------------------------------------------------------------- kept nowhere


def rows_of_every_table() -> Iterator[str]:
    """Every cell of every table of the workspace's database, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield f"{table}: {row!r}"


def test_no_link_stands_in_any_table_or_log(
    lead: Client, review: models.Review, tool: Tool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = text_of(invite(lead, review, number="", names="\n".join(NAMES)))
    file_of(lead, review, page, "csv")
    opened = text_of(invite(lead, review, links="open", number=""))

    secrets = [secret(one) for one in [*links_of(page), *links_of(opened)]]
    everything = list(rows_of_every_table())
    lines = [JsonLines().format(one) + one.getMessage() for one in caplog.records]
    assert len(secrets) == 5
    assert all(len(one) >= 16 for one in secrets)
    assert len(everything) > 20
    for one in secrets:
        assert [row for row in everything if one in row] == []
        assert [line for line in lines if one in line] == []


def test_names_stand_in_one_table_alone(
    lead: Client, review: models.Review, tool: Tool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = text_of(invite(lead, review, number="", names="\n".join(NAMES)))
    file_of(lead, review, page, "xlsx")

    found = {row.partition(":")[0] for row in rows_of_every_table() if "Adams" in row}
    assert found == {"feedback_invitednames"}
    assert not any("Adams" in JsonLines().format(one) for one in caplog.records)
    assert "Adams" not in json.dumps(list(review.event_set.values_list("changes", "why")))


# --------------------------------------------------------------------------- withdrawing


def withdraw(lead: Client, review: models.Review, why: str = "Lost on a bus.") -> Any:
    page = address("withdraw_feedback_links", review, "T01", "I01")
    return fill(lead, page, "why", {"why": why})


def test_links_are_withdrawn_with_a_reason_and_made_anew(
    lead: Client, review: models.Review, tool: Tool
) -> None:
    links = links_of(text_of(invite(lead, review)))
    assert withdraw(lead, review, " ").status_code == 400

    assert withdraw(lead, review).status_code == 302

    assert Invited.objects.get().withdrawn == "Lost on a bus."
    assert "Withdrawn: " in text_of(lead.get(address("feedback_tool", review, "T01")))
    assert len(links_of(text_of(invite(lead, review)))) == len(links)
    page = address("withdraw_feedback_links", review, "T01", "I01")
    again = lead.post(page, {"why": "Again."})
    assert again.status_code == 400
    assert "withdrawn already" in text_of(again)


def test_links_of_no_such_record_are_not_found(
    lead: Client, review: models.Review, tool: Tool
) -> None:
    for code in ("I99", "..", "🚑"):
        page = address("withdraw_feedback_links", review, "T01", code)
        assert lead.get(page).status_code == 404


def test_a_reminder_goes_to_everybody_and_holds_no_link(
    lead: Client, review: models.Review, tool: Tool
) -> None:
    links = links_of(text_of(invite(lead, review)))
    page = text_of(lead.get(address("feedback_reminder", review, "T01")))

    assert "This goes to everybody" in page
    assert [one for one in links if secret(one) in page] == []
