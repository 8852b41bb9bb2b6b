"""Feedback tools, the lead's side: making them, what they ask, and what is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.helpers.browsing import client_of, fill, text_of
from tests.helpers.feedback import make_instrument
from tests.helpers.workspace import lead_of, make_member, make_review
from wholesystem.reviews.feedback import read_instrument, write_instrument
from wholesystem.reviews.feedback.records import merged_names
from wholesystem.web.feedback import actions
from wholesystem.web.feedback.instruments import instrument_of
from wholesystem.web.feedback.models import Merger, Tool
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.sources import save_organisation
from wholesystem.web.workspace.rows import load_review

pytestmark = pytest.mark.django_db


def address(name: str, review: models.Review, *codes: str) -> str:
    return reverse(f"workspace:{name}", args=[review.code, *codes])


@pytest.fixture
def review() -> models.Review:
    return make_review()


@pytest.fixture
def lead(review: models.Review) -> Client:
    return client_of(lead_of(review))


def draft(review: models.Review, **values: Any) -> Tool:
    return actions.make_tool(
        review=review,
        by=lead_of(review),
        values={"title": "How we get on", **values},
        instrument=make_instrument(),
    )


def zipped(folder: Path, **changes: tuple[str, str]) -> SimpleUploadedFile:
    """The tables of the small instrument as one upload, with changes within them."""
    write_instrument(make_instrument(), folder / "tables")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for path in sorted((folder / "tables").iterdir()):
            text = path.read_text("utf-8")
            if path.stem in changes:
                assert changes[path.stem][0] in text
                text = text.replace(*changes[path.stem])
            archive.writestr(path.name, text)
    return SimpleUploadedFile("mine.zip", held.getvalue())


def make(lead: Client, review: models.Review, **values: Any) -> Any:
    told = {"title": "How we get on", **values}
    return fill(lead, address("add_feedback_tool", review), "instrument", told)


# --------------------------------------------------------------------------- making


@pytest.mark.parametrize("name", ["relational_audit", "discharge_information_flow"])
def test_a_tool_of_a_packaged_instrument(name: str, lead: Client, review: models.Review) -> None:
    assert make(lead, review, instrument=name).status_code == 302

    tool = Tool.objects.get()
    assert (tool.code, tool.state, tool.instrument) == ("T01", "draft", name)
    assert instrument_of(tool) == read_instrument(name)
    event = review.event_set.get(table="feedback_tools")
    assert (event.action, event.record) == ("added", "T01")


def test_a_tool_of_ones_own_tables(lead: Client, review: models.Review, tmp_path: Path) -> None:
    assert make(lead, review, instrument="own", file=zipped(tmp_path)).status_code == 302

    assert instrument_of(Tool.objects.get()) == make_instrument()


def test_a_tool_of_ones_own_workbook(lead: Client, review: models.Review, tmp_path: Path) -> None:
    write_instrument(make_instrument(), tmp_path / "mine.xlsx")
    upload = SimpleUploadedFile("mine.xlsx", (tmp_path / "mine.xlsx").read_bytes())

    assert make(lead, review, instrument="own", file=upload).status_code == 302
    assert instrument_of(Tool.objects.get()) == make_instrument()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"questions": ("came=yes", "cmae=yes")}, ["questions.csv", "6", "shown_if", "came?"]),
        ({"questions": ("pair-scale", "pairscale")}, ["questions.csv", "kind", "pairscale"]),
        ({"scales": ("often,half,3", "often,half,2")}, ["scales.csv", "order"]),
        ({"roles": ("Council", "")}, ["roles.csv", "4", "kind"]),
        ({"instrument": ("asks_organisation", "asks_organization")}, ["asks_organization"]),
    ],
)
def test_faults_of_tables_are_listed_by_row_and_nothing_is_kept(
    changes: dict[str, tuple[str, str]],
    told: list[str],
    lead: Client,
    review: models.Review,
    tmp_path: Path,
) -> None:
    answer = make(lead, review, instrument="own", file=zipped(tmp_path, **changes))

    assert answer.status_code == 400
    page = text_of(answer)
    assert "Nothing was kept." in page
    assert [one for one in told if one not in page] == []
    assert "How we get on" in page  # what was typed stands in the form
    assert not Tool.objects.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"\x00" * 100])
def test_a_file_that_is_no_set_of_tables_is_refused(
    content: bytes, lead: Client, review: models.Review
) -> None:
    upload = SimpleUploadedFile("mine.zip", content)

    assert make(lead, review, instrument="own", file=upload).status_code == 400
    assert not Tool.objects.exists()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "Choose what the tool asks."),
        ({"instrument": "own"}, "Choose the file of your instrument."),
        ({"instrument": "../../etc"}, "Choose what the tool asks."),
        ({"instrument": "relational_audit", "title": " "}, "Enter a title."),
        ({"instrument": "relational_audit", "title": "a\x00b"}, "ull characters"),
    ],
)
def test_a_form_that_is_not_filled_in_is_refused(
    values: dict[str, Any], told: str, lead: Client, review: models.Review
) -> None:
    answer = make(lead, review, **values)

    assert answer.status_code == 400
    assert told in text_of(answer)
    assert not Tool.objects.exists()


def test_a_packaged_instrument_and_a_file_are_one_too_many(
    lead: Client, review: models.Review, tmp_path: Path
) -> None:
    answer = make(lead, review, instrument="relational_audit", file=zipped(tmp_path))

    assert answer.status_code == 400
    assert "You chose a file and a packaged instrument." in text_of(answer)


def test_only_a_draft_is_changed(lead: Client, review: models.Review) -> None:
    tool = draft(review)
    page = address("change_feedback_tool", review, tool.code)
    assert fill(lead, page, "title", {"title": "How do we get on?"}).status_code == 302
    assert Tool.objects.get().title == "How do we get on?"

    Tool.objects.update(state="open", opened_on="2018-01-01")
    answer = fill(lead, page, "title", {"title": "Again"})
    assert answer.status_code == 400
    assert "T01 is open" in text_of(answer)


# --------------------------------------------------------------------------- what is asked


@pytest.mark.parametrize("name", ["relational_audit", "discharge_information_flow"])
def test_every_question_and_answer_is_read_before_anybody_is_asked(
    name: str, lead: Client, review: models.Review
) -> None:
    make(lead, review, instrument=name)
    page = text_of(lead.get(address("feedback_questions", review, "T01")))

    instrument = read_instrument(name)
    plain = page.replace("&#39;", "'").replace("&amp;", "&")
    for one in instrument.questions:
        assert one.text in plain
    for role in instrument.roles:
        assert role.label in plain
    assert "Illustrative." in page


def test_branching_is_told_in_words(lead: Client, review: models.Review) -> None:
    draft(review)
    page = text_of(lead.get(address("feedback_questions", review, "T01")))

    assert "Only for who answered “yes” to “came?”" in page
    assert "Only for people of: “Hospital”." in page
    assert "One answer for each other kind of organisation" in page


def test_who_sees_tools_and_may_not_run_them_finds_no_button(review: models.Review) -> None:
    draft(review)
    reviewer = client_of(make_member(review, "reviewer"))

    page = text_of(reviewer.get(address("feedback_tool", review, "T01")))

    assert "How we get on" in page
    assert address("change_feedback_tool", review, "T01") not in page


# --------------------------------------------------------------------------- merging


def organisations(review: models.Review, *names: str) -> None:
    for name in names:
        save_organisation(review=review, by=lead_of(review), values={"name": name})


def merge(lead: Client, review: models.Review, code: str, into: str) -> Any:
    return fill(lead, address("merge_organisation", review, code), "into", {"into": into})


def test_an_organisation_goes_into_another(lead: Client, review: models.Review) -> None:
    organisations(review, "Old", "Middle", "New")

    assert merge(lead, review, "old", "middle").status_code == 302
    assert merge(lead, review, "middle", "new").status_code == 302

    rows = load_review(review, every=True).organisation_mergers
    assert merged_names(rows) == {"old": "new", "middle": "new"}
    assert "It went into" in text_of(lead.get(address("organisation", review, "old")))
    assert "went into it" in text_of(lead.get(address("organisation", review, "new")))
    assert "merging of organisations" in text_of(lead.get(address("history", review)))


def test_organisations_do_not_go_round_in_a_ring(lead: Client, review: models.Review) -> None:
    organisations(review, "Old", "Middle", "New")
    merge(lead, review, "old", "middle")
    merge(lead, review, "middle", "new")

    answer = merge(lead, review, "new", "old")
    assert answer.status_code == 400
    assert "It went into this one. Choose another." in text_of(answer)
    again = lead.post(address("merge_organisation", review, "old"), {"into": "new"})
    assert again.status_code == 400
    assert Merger.objects.count() == 2
