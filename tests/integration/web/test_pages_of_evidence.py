"""Evidence: added from one page, coded by a few letters, listed, changed, withdrawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.helpers.browsing import client_of, fill, form_of, text_of
from tests.helpers.crawl import FormReader
from tests.helpers.workspace import (
    lead_of,
    make_evidence,
    make_finding,
    make_member,
    make_review,
    make_source,
)
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import findings as finding_actions
from wholesystem.web.workspace.actions import reviews as review_actions
from wholesystem.web.workspace.actions import sources as source_actions
from wholesystem.web.workspace.actions.evidence import save_evidence, withdraw_evidence
from wholesystem.web.workspace.rows import load_review

pytestmark = pytest.mark.django_db

HTML = "<script>alert('x')</script>"
PASSAGE = "People wait for a package of care at home."


@pytest.fixture
def review() -> models.Review:
    return make_review()


@pytest.fixture
def client(review: models.Review) -> Client:
    return client_of(lead_of(review))


def page_of(review: models.Review, rest: str = "evidence/") -> str:
    return f"/reviews/{review.code}/{rest}"


def add(client: Client, review: models.Review, **values: Any) -> Any:
    form = form_of(client, page_of(review, "evidence/add/"), "text")
    told = {**form.defaults(), "text": PASSAGE, "shows": "concern", **values}
    return client.post(form.action, told)


def kloe_of(evidence: models.Evidence) -> list[str]:
    return [one.kloe for one in evidence.questions.all()]


# --------------------------------------------------------------------------- adding


def test_evidence_is_added_with_codes_of_a_few_letters(
    review: models.Review, client: Client
) -> None:
    source = make_source(review)

    answer = add(client, review, codes="cr res, sd safe", then="show")

    evidence = models.Evidence.objects.get()
    assert answer.status_code == 302
    assert answer.url == page_of(review, f"evidence/{evidence.code}/")
    assert evidence.source == source
    assert evidence.form == "paraphrase"
    assert kloe_of(evidence) == ["crisis_responsive", "step_down_safe"]
    assert evidence.recorded_by == lead_of(review)


def test_the_next_piece_keeps_source_place_and_date(review: models.Review, client: Client) -> None:
    first, _ = make_source(review), make_source(review, title="Another")
    day = {"date-day": "4", "date-month": "12", "date-year": "2017"}

    answer = add(
        client, review, source=first.code, place="page 2", form="quote", then="another", **day
    )
    page = client.get(answer.url)
    form = FormReader(text_of(page), answer.url).forms[-1]

    assert "Saved" in text_of(page)
    assert form.fields["source"].chosen == [first.code]
    assert form.fields["place"].chosen == ["page 2"]
    assert form.fields["date-year"].chosen == ["2017"]
    assert form.fields["form"].chosen == ["quote"]
    assert form.fields["text"].chosen == [""]


def test_enter_saves_and_begins_the_next(review: models.Review, client: Client) -> None:
    """A browser sends the first button of the form."""
    make_source(review)

    form = form_of(client, page_of(review, "evidence/add/"), "text")

    assert form.buttons[0] == ("then", "another")


@pytest.mark.parametrize(
    ("asked", "chosen"), [("?source=S001", "S001"), ("", "S002"), ("?source=S999", "S002")]
)
def test_the_form_begins_with_the_source_asked_for_or_the_newest(
    asked: str, chosen: str, review: models.Review, client: Client
) -> None:
    make_source(review), make_source(review, title="Another")

    form = form_of(client, page_of(review, f"evidence/add/{asked}"), "text")

    assert form.fields["source"].chosen == [chosen]


def test_the_form_begins_with_the_source_that_the_person_used_last(
    review: models.Review, client: Client
) -> None:
    used, _ = make_source(review), make_source(review, title="Another")
    models.Source.objects.update(recorded_at="2017-11-01T09:00:00Z")
    make_evidence(review, used)

    form = form_of(client, page_of(review, "evidence/add/"), "text")

    assert form.fields["source"].chosen == [used.code]


def test_a_question_asked_for_is_chosen_already(review: models.Review, client: Client) -> None:
    make_source(review)
    address = page_of(review, "evidence/add/?kloe=crisis_safe&kloe=nothing")

    assert form_of(client, address, "text").fields["kloe"].chosen == ["crisis_safe"]


def test_without_a_source_the_page_says_what_to_do(review: models.Review, client: Client) -> None:
    page = text_of(client.get(page_of(review, "evidence/add/")))

    assert "There is none yet" in page
    assert page_of(review, "sources/add/") in page


# --------------------------------------------------------------------------- codes


def test_what_may_mean_several_questions_is_offered_to_choose_from(
    review: models.Review, client: Client
) -> None:
    make_source(review)

    answer = add(client, review, codes="cr")
    page = text_of(answer)
    form = FormReader(page, page_of(review, "evidence/add/")).forms[-1]

    assert answer.status_code == 400
    assert "<title>Error: " in page
    assert "“cr” may mean 2 questions" in page
    assert form.fields["codes"].chosen == ["cr"]
    assert form.fields["text"].chosen == [PASSAGE]
    assert form.fields["chosen"].values == ["crisis_safe", "crisis_responsive"]
    assert not models.Evidence.objects.exists()

    answer = client.post(form.action, {**form.defaults(), "chosen": ["crisis_safe"]})

    assert answer.status_code == 302
    assert kloe_of(models.Evidence.objects.get()) == ["crisis_safe"]


def test_what_means_no_question_is_told_and_kept(review: models.Review, client: Client) -> None:
    make_source(review)

    answer = add(client, review, codes="cr res, zzzzzz")

    assert answer.status_code == 400
    assert "No question begins with “zzzzzz”" in text_of(answer)
    assert 'value="cr res, zzzzzz"' in text_of(answer)


def test_ticked_and_typed_questions_are_taken_together_once(
    review: models.Review, client: Client
) -> None:
    make_source(review)

    add(client, review, codes="crisis_safe, sd safe", kloe=["crisis_safe"])

    assert kloe_of(models.Evidence.objects.get()) == ["crisis_safe", "step_down_safe"]


def test_questions_are_suggested_as_data_and_on_a_page(
    review: models.Review, client: Client
) -> None:
    found = client.get(page_of(review, "questions/find/?as=json&q=cr+res")).json()
    page = text_of(client.get(page_of(review, "questions/find/?q=cr+res")))

    assert [one["kloe"] for one in found["questions"]] == ["crisis_responsive"]
    assert page_of(review, "evidence/add/?kloe=crisis_responsive") in page


# --------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"text": " "}, "Enter what was said, written or seen."),
        ({"shows": ""}, "Choose what it shows."),
        ({"source": ""}, "Choose where it comes from."),
        ({"source": "S999"}, "Choose a source from the list."),
        ({"form": "figure"}, "Choose whether it is a quote or a paraphrase."),
        ({"text": "x" * 20_001}, "must have 20,000 characters or fewer"),
        ({"text": "a\x00b"}, "Null characters are not allowed"),
        ({"date-day": "31", "date-month": "2", "date-year": "2017"}, "must be a real date"),
        ({"kloe": ["nothing"]}, "Choose questions from the list."),
        ({"organisations": ["nothing"]}, "Choose organisations from the list."),
        ({"figure": "forged"}, "Choose the figure again."),
        ({"document": "a" * 64, "start": "0", "end": "4"}, "Mark it there again."),
    ],
)
def test_a_refused_form_says_why_and_loses_nothing(
    values: dict[str, Any], told: str, review: models.Review, client: Client
) -> None:
    make_source(review)
    sent = {"text": PASSAGE, "source": "S001", "form": "quote", "shows": "concern", **values}

    answer = client.post(page_of(review, "evidence/add/"), sent)

    assert answer.status_code == 400
    assert told in text_of(answer)
    assert "<title>Error: " in text_of(answer)
    assert str(sent["text"])[:50].strip() in text_of(answer)
    assert not models.Evidence.objects.exists()


def test_words_that_may_name_a_person_are_asked_about_once(
    review: models.Review, client: Client
) -> None:
    make_source(review)

    answer = add(client, review, text="Mrs Hutchins waited for nine days.")
    assert answer.status_code == 400
    assert "Mrs Hutchins" in text_of(answer)

    form = FormReader(text_of(answer), page_of(review, "evidence/add/")).forms[-1]
    answer = client.post(form.action, {**form.defaults(), "names_checked": "on"})
    assert answer.status_code == 302


def test_nothing_is_added_to_a_published_review(review: models.Review, client: Client) -> None:
    make_source(review)
    models.Review.objects.update(stage="published")

    answer = add(client, review)

    assert answer.status_code == 400
    assert "stand still" in text_of(answer)
    assert PASSAGE in text_of(answer)


@pytest.mark.parametrize(
    "text",
    ["🚑" * 500, "\u202eשלום עולם", HTML, "é" * 10_000, "{{ 1234*1000 }}", "a\r\nb\r\n\r\nc"],
)
def test_any_text_is_kept_and_shown_as_text(
    text: str, review: models.Review, client: Client
) -> None:
    make_source(review, title=HTML, who=HTML, place=HTML, note=HTML)
    source_actions.save_organisation(
        review=review, by=lead_of(review), values={"name": HTML, "kind": HTML}
    )

    answer = add(client, review, text=text, place=HTML, organisations=["script_alert_x_script"])
    kept = models.Evidence.objects.get()
    pages = [
        text_of(client.get(page_of(review, rest)))
        for rest in (
            "evidence/", f"evidence/{kept.code}/", f"evidence/{kept.code}/change/", "sources/",
            "sources/S001/", "sources/S001/change/", "organisations/",
            "organisations/script_alert_x_script/",
        )
    ]  # fmt: skip

    assert answer.status_code == 302
    assert kept.text == text.replace("\r\n", "\n")
    assert not any("<script>alert" in page or "1234000" in page for page in pages)


# --------------------------------------------------------------------------- the list


def rows_of(client: Client, review: models.Review, asked: str) -> list[str]:
    page = text_of(client.get(page_of(review, f"evidence/?{asked}")))
    every = models.Evidence.objects.values_list("code", flat=True)
    return [code for code in every if f'/evidence/{code}/"' in page]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("", ["E001", "E002", "E003"]),
        ("kloe=crisis_safe", ["E002"]),
        ("uncoded=yes", ["E003"]),
        ("kind=document", ["E002"]),
        ("shows=strength", ["E002"]),
        ("organisation=council", ["E003"]),
        ("recorder=P02", ["E003"]),
        ("form=quote", ["E003"]),
        ("source=S002", ["E002"]),
        ("stands=withdrawn", ["E004", "E005"]),
        ("stands=all", ["E001", "E002", "E003", "E004", "E005"]),
        ("kloe=crisis_safe&shows=concern", []),
        ("kloe=nothing&page=9999&shows=%00", ["E001", "E002", "E003"]),
    ],
)
def test_the_list_is_filtered_by_its_address(
    asked: str, left: list[str], review: models.Review, client: Client
) -> None:
    by = lead_of(review)
    source_actions.save_organisation(review=review, by=by, values={"name": "Council"})
    one, two = make_source(review), make_source(review, kind="document", title="Strategy")
    gone = make_source(review, title="Gone")
    make_evidence(review, one)
    make_evidence(review, two, kloe=("crisis_safe",), shows="strength")
    save_evidence(
        review=review,
        by=make_member(review, "reviewer"),
        values={"source": one.code, "form": "quote", "text": "Uncoded.", "shows": "neither",
                "organisations": ("council",)},
    )  # fmt: skip
    make_evidence(review, one)
    withdraw_evidence(review=review, by=by, code="E004", why="Heard wrong.")
    make_evidence(review, gone)
    source_actions.withdraw_source(review=review, by=by, code=gone.code, why="Not of this area.")

    assert rows_of(client, review, asked) == left


def test_a_long_list_is_shown_in_pages_that_keep_the_filter(
    review: models.Review, client: Client, django_assert_max_num_queries: Any
) -> None:
    source = make_source(review)
    for _ in range(52):
        make_evidence(review, source)

    with django_assert_max_num_queries(20):
        page = text_of(client.get(page_of(review, "evidence/?shows=concern")))

    assert "Showing 1 to 50 of 52" in page
    assert "?shows=concern&amp;page=2" in page


# --------------------------------------------------------------------------- one piece


def test_a_page_of_evidence_shows_the_chain_both_ways(
    review: models.Review, client: Client, django_assert_max_num_queries: Any
) -> None:
    evidence, finding = make_evidence(review), make_finding(review)
    finding_actions.link_evidence(
        review=review, by=lead_of(review), finding=finding.code, evidence=evidence.code, side="for"
    )
    finding_actions.save_improvement(
        review=review, by=lead_of(review),
        values={"level": "strategic", "verb": "must", "text": "Plan as one.", "findings": ("F01",)},
    )  # fmt: skip

    with django_assert_max_num_queries(20):
        page = text_of(client.get(page_of(review, "evidence/E001/")))

    for rest in ("sources/S001/", "findings/F01/", "grid/step_down_responsive/",
                 "history/evidence/E001/"):  # fmt: skip
        assert page_of(review, rest) in page
    assert "Plan as one." in page
    assert "This is for it." in page


def test_evidence_of_another_review_is_not_found(review: models.Review, client: Client) -> None:
    other = make_review()
    make_evidence(other)

    for rest in ("", "change/", "withdraw/"):
        assert client.get(page_of(review, f"evidence/E001/{rest}")).status_code == 404
        assert client.get(page_of(other, f"evidence/E001/{rest}")).status_code == 404


# --------------------------------------------------------------------------- changing


def change(client: Client, review: models.Review, **values: Any) -> Any:
    return fill(client, page_of(review, "evidence/E001/change/"), "text", values)


def test_evidence_is_coded_anew_with_a_reason(review: models.Review, client: Client) -> None:
    make_evidence(review)

    answer = change(client, review, kloe=["crisis_safe"], codes="sd res", why="Coded anew.")

    event = models.Event.objects.last()
    assert answer.status_code == 302
    assert kloe_of(models.Evidence.objects.get()) == ["step_down_responsive", "crisis_safe"]
    assert event is not None
    assert (event.table, event.action, event.why) == ("evidence", "changed", "Coded anew.")


def test_a_reason_that_cannot_be_kept_is_told_beside_it(
    review: models.Review, client: Client
) -> None:
    make_evidence(review)

    answer = change(client, review, text="Changed.", why="a\x01b")

    assert answer.status_code == 400
    assert "must not contain control characters" in text_of(answer)
    assert models.Evidence.objects.get().text != "Changed."


def test_a_form_that_nobody_touched_changes_nothing(review: models.Review, client: Client) -> None:
    by = lead_of(review)
    for name in ("Zeta Trust", "Alpha Trust"):
        source_actions.save_organisation(review=review, by=by, values={"name": name})
    about = ("zeta_trust", "alpha_trust")
    make_evidence(
        review, make_source(review, organisations=about),
        kloe=("step_down_safe", "crisis_safe"), organisations=about,
    )  # fmt: skip
    events = models.Event.objects.count()

    assert change(client, review).status_code == 302
    fill(client, page_of(review, "sources/S001/change/"), "title", {})

    assert models.Event.objects.count() == events
    assert models.Evidence.objects.get().version == 1


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    review: models.Review, client: Client
) -> None:
    make_evidence(review)
    other = client_of(make_member(review, "reviewer"))
    form = form_of(client, page_of(review, "evidence/E001/change/"), "text")
    change(other, review, text="Theirs, saved first.", kloe=["crisis_safe"])

    mine = {**form.defaults(), "text": "Mine, typed meanwhile."}
    answer = client.post(form.action, mine)
    page = text_of(answer)

    assert answer.status_code == 409
    assert "Theirs, saved first." in page
    assert "Mine, typed meanwhile." in page
    assert "Crisis: safe" in page
    assert models.Evidence.objects.get().text == "Theirs, saved first."

    again = [one for one in FormReader(page, form.action).forms if "text" in one.fields][0]
    assert client.post(form.action, again.defaults()).status_code == 302
    assert models.Evidence.objects.get().text == "Mine, typed meanwhile."


def test_evidence_keeps_a_source_that_was_withdrawn(review: models.Review, client: Client) -> None:
    evidence = make_evidence(review)
    source_actions.withdraw_source(
        review=review, by=lead_of(review), code=evidence.source.code, why="Not of this area."
    )

    assert change(client, review, text="Changed.").status_code == 302


# --------------------------------------------------------------------------- withdrawing


def confirm(review: models.Review) -> None:
    by = lead_of(review)
    finding = make_finding(review)
    finding_actions.link_evidence(
        review=review, by=by, finding=finding.code, evidence="E001", side="for"
    )
    finding_actions.confirm_finding(
        review=review, by=by, code=finding.code, version=finding.version
    )


def test_withdrawn_evidence_stays_to_be_seen_with_its_reason(
    review: models.Review, client: Client
) -> None:
    make_evidence(review)

    fill(client, page_of(review, "evidence/E001/withdraw/"), "why", {"why": "Heard wrong."})

    page = text_of(client.get(page_of(review, "evidence/E001/")))
    assert models.Evidence.objects.get().withdrawn == "Heard wrong."
    assert "This evidence was withdrawn." in page
    assert "Heard wrong." in page
    assert load_review(review).evidence[0].withdrawn


def test_evidence_under_a_confirmed_finding_is_not_withdrawn(
    review: models.Review, client: Client
) -> None:
    make_evidence(review)
    confirm(review)
    address = page_of(review, "evidence/E001/withdraw/")

    before = text_of(client.get(address))
    answer = fill(client, address, "why", {"why": "Heard wrong."})

    assert page_of(review, "findings/F01/") in before
    assert answer.status_code == 400
    assert "is under confirmed findings: F01" in text_of(answer)
    assert "Heard wrong." in text_of(answer)
    assert not models.Evidence.objects.get().withdrawn


def test_a_reason_is_needed(review: models.Review, client: Client) -> None:
    make_evidence(review)

    answer = client.post(page_of(review, "evidence/E001/withdraw/"), {"why": " "})

    assert answer.status_code == 400
    assert "A reason is needed" in text_of(answer)


# --------------------------------------------------------------------------- who may


@pytest.mark.parametrize("role", ["viewer", "system_contributor"])
def test_who_may_not_add_is_not_asked_to(role: str, review: models.Review) -> None:
    make_evidence(review)
    client = client_of(make_member(review, role))

    listed = client.get(page_of(review))
    assert client.get(page_of(review, "evidence/add/")).status_code == 403
    assert client.post(page_of(review, "evidence/add/"), {"text": "x"}).status_code == 403
    if role == "viewer":
        assert page_of(review, "evidence/add/") not in text_of(listed)
    else:
        assert listed.status_code == 403
        assert client.get(page_of(review, "questions/find/?as=json&q=cr")).status_code == 403


def test_who_has_left_finds_nothing(review: models.Review) -> None:
    make_evidence(review)
    member = make_member(review, "reviewer")
    client = client_of(member)
    review_actions.end_membership(review=review, by=lead_of(review), code=member.code)

    assert client.get(page_of(review)).status_code == 404
