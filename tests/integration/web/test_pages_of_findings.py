"""Findings: drafted, linked, weighed, confirmed with open eyes, reopened; and what follows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.browsing import client_of, fill, form_of, text_of
from tests.helpers.workspace import (
    lead_of,
    make_evidence,
    make_finding,
    make_member,
    make_review,
    make_source,
)
from wholesystem.reviews.words import ROLES
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import evidence as evidence_actions
from wholesystem.web.workspace.actions import findings as actions
from wholesystem.web.workspace.actions import reviews as review_actions
from wholesystem.web.workspace.permissions import roles_with

pytestmark = pytest.mark.django_db

KLOE = "step_down_responsive"
HOSTILE = '<script>alert(1)</script> & "quotes" 🚑 \u202eשלום'
FIGURE = {
    "kind": "indicator",
    "name": "dtoc_days",
    "area_code": "E10000025",
    "period_start": "2017-06-01",
    "period_end": "2017-06-30",
    "value": 6414,
    "unit": "days",
}


@pytest.fixture
def review() -> models.Review:
    return make_review()


@pytest.fixture
def client(review: models.Review) -> Client:
    return client_of(lead_of(review))


def at(review: models.Review, rest: str) -> str:
    return f"/reviews/{review.code}/{rest}"


def page(client: Client, review: models.Review, rest: str) -> str:
    answer = client.get(at(review, rest))
    assert answer.status_code == 200, answer
    return text_of(answer)


def words_of(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def link(review: models.Review, evidence: str, side: str = "for", finding: str = "F01") -> None:
    actions.link_evidence(
        review=review, by=lead_of(review), finding=finding, evidence=evidence, side=side
    )


def confirm(review: models.Review, code: str = "F01") -> models.Finding:
    return actions.confirm_finding(review=review, by=lead_of(review), code=code, version=None)


# --------------------------------------------------------------------------- the list


def test_no_finding_says_what_to_do(client: Client, review: models.Review) -> None:
    assert "There is none yet. Start from the" in words_of(page(client, review, "findings/"))


def test_findings_stand_under_their_questions_with_evidence_and_warnings(
    client: Client, review: models.Review, django_assert_max_num_queries: Any
) -> None:
    make_finding(review, kloe="crisis_safe", statement="Crisis is unsafe.")
    make_finding(review)
    make_evidence(review)
    make_evidence(review, shows="strength")
    link(review, "E001", "for", "F02")
    link(review, "E002", "against", "F02")

    with django_assert_max_num_queries(30):
        told = words_of(page(client, review, "findings/"))
    assert told.index("Crisis: safe") < told.index("Crisis is unsafe.")
    assert "F02. Evidence: 1 for, 1 against." in told
    assert "Evidence against it is not weighed: E002." in told
    assert "No evidence for it stands." in told


def test_findings_are_narrowed_to_a_status_and_a_question(
    client: Client, review: models.Review
) -> None:
    make_finding(review, kloe="crisis_safe", statement="One.")
    make_finding(review, statement="Two.")
    actions.withdraw_finding(review=review, by=lead_of(review), code="F02", why="Not so.")

    withdrawn = page(client, review, "findings/?status=withdrawn")
    assert "Two." in withdrawn
    assert "One." not in withdrawn
    assert "One." in page(client, review, "findings/?kloe=crisis_safe")
    nothing = page(client, review, "findings/?status=confirmed")
    assert "No finding is left by these filters" in nothing
    assert "One." in page(client, review, "findings/?status=nonsense&kloe=nonsense")


def test_many_findings_are_shown_by_pages(client: Client, review: models.Review) -> None:
    for n in range(52):
        make_finding(review, statement=f"Statement {n}.")

    first = page(client, review, "findings/?status=candidate")
    assert "Showing 1 to 50 of 52 findings" in first
    assert "?status=candidate&amp;page=2" in first
    assert "Statement 51." in page(client, review, "findings/?status=candidate&page=2")


# --------------------------------------------------------------------------- drafting, changing


def test_a_finding_is_drafted_and_evidence_linked_at_once(
    client: Client, review: models.Review
) -> None:
    address = at(review, f"findings/add/?kloe={KLOE}")
    assert form_of(client, address, "statement").fields["kloe"].chosen == [KLOE]

    answer = fill(client, address, "statement", {"statement": "Discharges are slow."})
    assert answer.status_code == 302
    assert answer["Location"] == at(review, "findings/F01/link/")
    finding = models.Finding.objects.get(review=review)
    assert (finding.kloe, finding.statement, finding.status) == (
        KLOE,
        "Discharges are slow.",
        "candidate",
    )
    assert "F01 is drafted" in text_of(client.get(answer["Location"]))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"statement": ""}, "Enter what was found."),
        ({"statement": "x" * 20_001}, "Finding must have 20,000 characters or fewer."),
        ({"kloe": ""}, "Choose the question that the finding answers."),
        ({"statement": "Mrs Miggins waited."}, "This may name a person"),
    ],
)
def test_a_draft_that_is_refused_says_why_and_loses_nothing(
    client: Client, review: models.Review, values: dict[str, str], told: str
) -> None:
    typed = {"kloe": KLOE, "statement": "So it is.", "note": "A note of mine.", **values}
    answer = fill(client, at(review, "findings/add/"), "statement", typed)

    page = text_of(answer)
    assert answer.status_code == 400
    assert page.count("<title>Error: ") == 1
    assert told in page
    assert "There is a problem" in page
    assert "A note of mine." in page
    assert not models.Finding.objects.exists()


def test_a_name_that_was_looked_at_is_taken(client: Client, review: models.Review) -> None:
    typed = {"kloe": KLOE, "statement": "Mr Bumble runs the home.", "names_checked": "on"}
    answer = client.post(at(review, "findings/add/"), typed)

    assert answer.status_code == 302


def test_the_second_of_two_editors_sees_both_texts_and_loses_none(
    client: Client, review: models.Review
) -> None:
    make_finding(review, statement="As it was.")
    other = client_of(make_member(review, "reviewer"))
    address = at(review, "findings/F01/change/")
    form = form_of(other, address, "statement")
    assert fill(client, address, "statement", {"statement": "Theirs."}).status_code == 302

    mine = {**form.defaults(), "statement": "Mine.", "note": "And a note."}
    answer = other.post(address, mine)
    told = text_of(answer)
    assert answer.status_code == 409
    assert "Theirs." in told
    assert "Mine." in told
    assert "And a note." in told
    assert models.Finding.objects.get(review=review).statement == "Theirs."

    again = {"statement": "Mine.", "kloe": KLOE, "note": "And a note.", "version": "2"}
    assert 'name="version" value="2"' in told
    assert other.post(address, again).status_code == 302
    assert models.Finding.objects.get(review=review).statement == "Mine."


def test_a_confirmed_finding_is_not_changed(client: Client, review: models.Review) -> None:
    make_finding(review)
    make_evidence(review)
    link(review, "E001")
    confirm(review)
    address = at(review, "findings/F01/change/")

    assert "cannot be changed unless a lead" in page(client, review, "findings/F01/change/")
    answer = fill(client, address, "statement", {"statement": "Something else."})
    assert answer.status_code == 400
    assert "Reopen it before you change it" in text_of(answer)
    assert "Something else." in text_of(answer)


# --------------------------------------------------------------------------- one finding


def test_a_finding_shows_what_it_stands_on_down_to_the_figure(
    client: Client, review: models.Review, django_assert_max_num_queries: Any
) -> None:
    make_finding(review, contrary_considered="One good week.", note="For the team.")
    source = make_source(review, kind="data", title="Delays of care, June")
    make_evidence(review, source, form="figure", text="6,414 days in June.", figure=FIGURE)
    make_evidence(review, shows="strength", text="It went well.")
    link(review, "E001")
    link(review, "E002", "against")
    actions.save_improvement(
        review=review,
        by=lead_of(review),
        values={"level": "strategic", "verb": "must", "text": "Plan.", "findings": ("F01",)},
    )

    with django_assert_max_num_queries(30):
        told = words_of(page(client, review, "findings/F01/"))
    assert "Evidence for it (1)" in told
    assert "Evidence against it (1)" in told
    assert "Delays of care, June (data)" in told
    assert re.search(r"6,414 days as cited; it (still stands|is now|cannot be compared|was)", told)
    assert "One good week." in told
    assert "For the team." in told
    assert "Strategic, must: Plan." in told
    assert "Look for another source" in told
    assert "Not confirmed yet." in told


def test_who_confirmed_it_and_when_is_said(client: Client, review: models.Review) -> None:
    make_finding(review)
    make_evidence(review)
    link(review, "E001")
    finding = confirm(review)

    told = words_of(page(client, review, "findings/F01/"))
    assert f"Confirmed by Lee Lead, {finding.confirmed_at:%-d %B %Y} at" in told
    assert "Take away" not in told
    assert "Reopen" in told


def test_withdrawn_evidence_is_marked_on_what_rested_on_it(
    client: Client, review: models.Review
) -> None:
    make_finding(review)
    make_evidence(review)
    link(review, "E001")
    evidence_actions.withdraw_evidence(
        review=review, by=lead_of(review), code="E001", why="Entered twice."
    )

    told = words_of(page(client, review, "findings/F01/"))
    assert "E001 Concern Withdrawn" in told
    assert "No evidence for it stands." in told


def test_another_reviews_finding_is_not_found(client: Client, review: models.Review) -> None:
    other = make_review()
    make_finding(other)

    for rest in ("", "change/", "link/", "confirm/", "reopen/", "withdraw/"):
        assert client.get(at(review, f"findings/F01/{rest}")).status_code == 404
        assert client.get(at(other, f"findings/F01/{rest}")).status_code == 404


# --------------------------------------------------------------------------- linking


def test_evidence_of_the_same_question_is_offered_first(
    client: Client, review: models.Review
) -> None:
    make_finding(review)
    make_evidence(review, text="On the question.")
    make_evidence(review, text="On another.", kloe=("crisis_safe",))
    withdrawn = make_evidence(review, text="Withdrawn.")
    evidence_actions.withdraw_evidence(
        review=review, by=lead_of(review), code=withdrawn.code, why="Wrong."
    )
    make_evidence(review, text="Linked already.")
    link(review, "E004")

    first = page(client, review, "findings/F01/link/")
    assert "On the question." in first
    for text in ("On another.", "Withdrawn.", "Linked already."):
        assert text not in first
    everything = page(client, review, "findings/F01/link/?where=all")
    assert "On another." in everything
    assert "Withdrawn." not in everything
    assert "On another." in page(client, review, "findings/F01/link/?q=another")
    assert "On another." in page(client, review, "findings/F01/link/?q=E2")
    nothing = page(client, review, "findings/F01/link/?q=elephant")
    assert "The search found no evidence" in nothing


def test_several_pieces_are_linked_at_once(
    client: Client, review: models.Review, django_assert_max_num_queries: Any
) -> None:
    make_finding(review)
    source = make_source(review)
    for _ in range(60):
        make_evidence(review, source)
    address = at(review, "findings/F01/link/")
    with django_assert_max_num_queries(30):
        assert "Showing 1 to 50 of 60" in page(client, review, "findings/F01/link/")

    answer = client.post(
        address, {"evidence": ["E001", "E003"], "side": "against", "note": "The same ward."}
    )
    assert answer["Location"] == at(review, "findings/F01/")
    links = models.FindingEvidence.objects.filter(finding__review=review)
    assert sorted(links.values_list("evidence__code", "side", "note")) == [
        ("E001", "against", "The same ward."),
        ("E003", "against", "The same ward."),
    ]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"side": "for"}, "Choose at least one piece of evidence."),
        ({"evidence": "E001"}, "Choose whether it is for or against the finding."),
        ({"evidence": "E001", "side": "beside"}, "Choose whether it is for or against"),
        ({"evidence": "E999", "side": "for"}, "Choose evidence of this review."),
        ({"evidence": "E001", "side": "for", "note": "x" * 20_001}, "20,000 characters or fewer"),
    ],
)
def test_a_link_that_is_refused_keeps_what_was_ticked(
    client: Client, review: models.Review, values: dict[str, str], told: str
) -> None:
    make_finding(review)
    make_evidence(review, kloe=("crisis_safe",))
    answer = client.post(at(review, "findings/F01/link/"), values)

    page = text_of(answer)
    assert answer.status_code == 400
    assert told in page
    assert ('value="E001" checked' in page) == (values.get("evidence") == "E001")
    assert not models.FindingEvidence.objects.exists()


def test_evidence_that_somebody_put_on_the_other_side_is_not_moved_unseen(
    client: Client, review: models.Review
) -> None:
    make_finding(review)
    make_evidence(review)
    make_evidence(review)
    link(review, "E001", "against")

    answer = client.post(
        at(review, "findings/F01/link/"), {"evidence": ["E001", "E002"], "side": "for"}
    )
    assert answer.status_code == 400
    assert "Linked against F01 already: E001. Nothing was linked." in text_of(answer)
    assert models.FindingEvidence.objects.get().side == "against"


def test_evidence_is_taken_away_and_moved_without_a_script(
    client: Client, review: models.Review
) -> None:
    make_finding(review)
    make_evidence(review)
    actions.link_evidence(
        review=review,
        by=lead_of(review),
        finding="F01",
        evidence="E001",
        side="for",
        note="Said twice.",
    )
    address = at(review, "findings/F01/unlink/")

    client.post(address, {"evidence": "E001", "side": "against"})
    moved = models.FindingEvidence.objects.get()
    assert (moved.side, moved.note) == ("against", "Said twice.")
    answer = client.post(address, {"evidence": "E001", "side": ""}, follow=True)
    assert "E001 is taken away from F01." in text_of(answer)
    assert not models.FindingEvidence.objects.exists()
    assert client.get(address).status_code == 405
    assert client.post(address, {"evidence": "E999"}).status_code == 404


def test_nothing_is_taken_from_a_confirmed_finding(client: Client, review: models.Review) -> None:
    make_finding(review)
    make_evidence(review)
    link(review, "E001")
    confirm(review)

    answer = client.post(at(review, "findings/F01/unlink/"), {"evidence": "E001"}, follow=True)
    assert "Reopen it before you change it" in text_of(answer)
    assert models.FindingEvidence.objects.count() == 1


# --------------------------------------------------------------------------- confirming


def test_confirming_asks_that_the_warnings_are_read(client: Client, review: models.Review) -> None:
    make_finding(review)
    make_evidence(review)
    link(review, "E001")
    address = at(review, "findings/F01/confirm/")
    told = words_of(page(client, review, "findings/F01/confirm/"))
    assert "It rests on 1 source: S001." in told
    assert "Look for another source" in told

    refused = fill(client, address, "read", {"why": "I saw it."})
    assert refused.status_code == 400
    assert "Read the warnings, and say that you have." in text_of(refused)
    assert "I saw it." in text_of(refused)
    taken = fill(client, address, "read", {"read": "on", "why": "I saw it."})
    assert taken["Location"] == at(review, "findings/F01/")
    finding = models.Finding.objects.get(review=review)
    assert finding.status == "confirmed"
    assert finding.confirmed_by == lead_of(review)
    assert review.event_set.order_by("-number")[0].why == "I saw it."


def test_warnings_that_changed_meanwhile_are_to_be_read_again(
    client: Client, review: models.Review
) -> None:
    make_finding(review)
    make_evidence(review)
    link(review, "E001")
    address = at(review, "findings/F01/confirm/")
    form = form_of(client, address, "read")
    make_evidence(review, shows="strength", text="The contrary.")

    sent = {**form.defaults(), "read": "on"}
    refused = client.post(address, sent)
    assert refused.status_code == 400
    assert "has changed since you opened the page" in text_of(refused)
    assert "E002" in text_of(refused)
    assert models.Finding.objects.get(review=review).status == "candidate"


def test_a_finding_that_was_changed_meanwhile_is_to_be_read_again(
    client: Client, review: models.Review
) -> None:
    make_finding(review)
    make_evidence(review)
    link(review, "E001")
    form = form_of(client, at(review, "findings/F01/confirm/"), "read")
    actions.save_finding(
        review=review, by=lead_of(review), code="F01", values={"statement": "Changed."}
    )

    answer = client.post(at(review, "findings/F01/confirm/"), {**form.defaults(), "read": "on"})
    told = text_of(answer)
    assert answer.status_code == 409
    assert "Changed." in told
    assert "Somebody changed this finding while you were reading." in told
    assert 'name="read" type="checkbox" value="on" checked' not in told
    assert models.Finding.objects.get(review=review).status == "candidate"
    again = {"seen": form.defaults()["seen"][0], "version": "2", "read": "on"}
    assert 'name="version" value="2"' in told
    assert client.post(at(review, "findings/F01/confirm/"), again).status_code == 302


@pytest.mark.parametrize("against", [False, True])
def test_what_stands_in_the_way_is_said_before(
    client: Client, review: models.Review, against: bool
) -> None:
    make_finding(review)
    expected = "No evidence for F01 stands."
    if against:
        make_evidence(review)
        make_evidence(review, shows="strength")
        link(review, "E001")
        link(review, "E002", "against")
        expected = "Say how it was weighed before you confirm it."

    told = page(client, review, "findings/F01/confirm/")
    assert expected in told
    assert "<textarea" not in told
    answer = client.post(at(review, "findings/F01/confirm/"), {"read": "on"})
    assert answer.status_code == 400


def test_reopening_and_withdrawing_ask_for_a_reason(client: Client, review: models.Review) -> None:
    make_finding(review)
    make_evidence(review)
    link(review, "E001")
    confirm(review)
    reopen, withdraw = (at(review, f"findings/F01/{one}/") for one in ("reopen", "withdraw"))

    refused = fill(client, withdraw, "why", {"why": "Not so."})
    assert "Reopen it before you change it" in text_of(refused)
    refused = fill(client, reopen, "why", {"why": " "})
    assert refused.status_code == 400
    assert "Enter a reason." in text_of(refused)
    assert fill(client, reopen, "why", {"why": "New figures."}).status_code == 302
    assert fill(client, withdraw, "why", {"why": "They contradict it."}).status_code == 302
    finding = models.Finding.objects.get(review=review)
    assert finding.status == "withdrawn"
    history = words_of(page(client, review, "history/findings/F01/"))
    assert "Why: New figures." in history
    assert "Why: They contradict it." in history
    assert fill(client, reopen, "why", {"why": "They were wrong."}).status_code == 302


def test_only_who_may_confirm_is_offered_it(review: models.Review) -> None:
    make_finding(review)
    for role in sorted(set(ROLES) & roles_with("see_evidence")):
        told = page(client_of(make_member(review, role)), review, "findings/F01/")
        assert ("/confirm/" in told) == (role in roles_with("confirm_findings")), role
        assert ("/link/" in told) == (role in roles_with("draft_findings")), role


def test_a_published_reviews_findings_stand_still(client: Client, review: models.Review) -> None:
    make_finding(review)
    make_evidence(review)
    review_actions.change_review(
        review=review, by=lead_of(review), values={"stage": "published"}, version=review.version
    )

    answer = client.post(at(review, "findings/F01/link/"), {"evidence": "E001", "side": "for"})
    assert answer.status_code == 400
    assert "its evidence and findings stand still" in words_of(text_of(answer))


# --------------------------------------------------------------------------- improvements


def test_areas_for_improvement_are_added_by_level_and_verb(
    client: Client, review: models.Review
) -> None:
    make_finding(review)
    assert "There is none yet." in page(client, review, "improvements/")
    address = at(review, "improvements/add/?finding=F01")
    form = form_of(client, address, "text")
    assert form.fields["findings"].chosen == ["F01"]

    for text, level, verb in (
        ("Share records.", "operational", "should"),
        ("Write a strategy.", "strategic", "must"),
    ):
        answer = fill(client, address, "text", {"text": text, "level": level, "verb": verb})
        assert answer.status_code == 302
    assert "A02 is saved." in page(client, review, "improvements/")
    told = words_of(page(client, review, "improvements/"))
    assert told.index("Strategic") < told.index("The system must") < told.index("A02")
    assert told.index("Operational") < told.index("The system should") < told.index("A01")
    assert "Follows from F01 (candidate)." in told
    assert "It follows from no confirmed finding." in told


def test_an_area_for_improvement_is_changed_and_a_conflict_told(
    client: Client, review: models.Review
) -> None:
    make_finding(review)
    actions.save_improvement(
        review=review,
        by=lead_of(review),
        values={"level": "strategic", "verb": "must", "text": "Plan.", "findings": ("F01",)},
    )
    address = at(review, "improvements/A01/")
    form = form_of(client, address, "text")
    assert form.defaults()["order"] == ["1"]
    assert fill(client, address, "text", {"text": "Theirs.", "order": "7"}).status_code == 302

    answer = client.post(address, {**form.defaults(), "text": "Mine."})
    assert answer.status_code == 409
    assert "Theirs." in text_of(answer)
    assert "Mine." in text_of(answer)
    assert 'value="F01" checked' in text_of(answer)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"text": ""}, "Enter what is to improve."),
        ({"level": ""}, "Choose a level."),
        ({"verb": "may"}, "Choose how strongly it is put."),
        ({"findings": "F99"}, "Choose findings from the list."),
        ({"order": "0"}, "whole number from 1 to 10,000"),
        ({"order": "first"}, "whole number from 1 to 10,000"),
    ],
)
def test_an_area_for_improvement_that_is_refused_says_why(
    client: Client, review: models.Review, values: dict[str, str], told: str
) -> None:
    typed = {"text": "Plan.", "level": "strategic", "verb": "must", **values}
    answer = client.post(at(review, "improvements/add/"), typed)

    assert answer.status_code == 400
    assert told in text_of(answer)
    assert not models.AreaForImprovement.objects.exists()


# --------------------------------------------------------------------------- whatever is in it


def test_whatever_people_wrote_is_shown_and_never_run(
    client: Client, review: models.Review
) -> None:
    source = make_source(review, title=HOSTILE, who=HOSTILE, note=HOSTILE)
    make_evidence(review, source, text=HOSTILE + "x" * 10_000, place=HOSTILE)
    make_evidence(review, source, text=HOSTILE)
    make_finding(
        review, statement=HOSTILE + "x" * 10_000, contrary_considered=HOSTILE, note=HOSTILE
    )
    actions.link_evidence(
        review=review, by=lead_of(review), finding="F01", evidence="E001", side="for", note=HOSTILE
    )
    actions.save_improvement(
        review=review,
        by=lead_of(review),
        values={"level": "strategic", "verb": "must", "text": HOSTILE, "findings": ("F01",)},
    )

    for rest in (
        "findings/", "findings/F01/", "findings/F01/change/", "findings/F01/link/",
        "findings/F01/confirm/", "findings/F01/withdraw/", "improvements/", "improvements/A01/",
        "history/", "history/findings/F01/",
    ):  # fmt: skip
        told = page(client, review, rest)
        assert "<script>alert" not in told, rest
        assert "🚑" in told, rest


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=st.one_of(st.text(max_size=200), st.sampled_from(["\x00", "a\x00b", "x" * 20_001])))
def test_any_text_is_kept_or_refused_and_never_a_fault(
    text: str, client: Client, review: models.Review
) -> None:
    sent = text.encode("utf-8", "replace").decode()
    answer = client.post(
        at(review, "findings/add/"), {"kloe": KLOE, "statement": sent, "names_checked": "on"}
    )

    assert answer.status_code in (302, 400)
