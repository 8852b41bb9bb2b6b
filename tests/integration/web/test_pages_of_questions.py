"""The grid, a question's page and contradictions: every number, and where it leads."""

from __future__ import annotations

import csv
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.helpers.browsing import client_of, text_of
from tests.helpers.workspace import (
    lead_of,
    make_evidence,
    make_finding,
    make_member,
    make_review,
    make_source,
)
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import evidence as evidence_actions
from wholesystem.web.workspace.actions import findings as finding_actions
from wholesystem.web.workspace.actions import sources as source_actions
from wholesystem.web.workspace.evidence_lists import evidence_rows

pytestmark = pytest.mark.django_db

KLOE = "step_down_responsive"
HOSTILE = '<script>alert(1)</script> & "quotes" 🚑 \u202eשלום'


@pytest.fixture
def review() -> models.Review:
    return make_review()


@pytest.fixture
def client(review: models.Review) -> Client:
    return client_of(lead_of(review))


def page(client: Client, review: models.Review, rest: str) -> str:
    answer = client.get(f"/reviews/{review.code}/{rest}")
    assert answer.status_code == 200, answer
    return text_of(answer)


def words_of(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def make_disagreement(review: models.Review) -> None:
    by = lead_of(review)
    for name in ("County Council", "Hospital Trust"):
        source_actions.save_organisation(review=review, by=by, values={"name": name})
    interview = make_source(review)
    visit = make_source(review, kind="visit", title="A ward")
    about = {"organisations": ("county_council",)}
    make_evidence(review, interview, shows="strength", text="Staff see people at once.", **about)
    make_evidence(review, visit, shows="concern", text="Nobody was seen for hours.", **about)


# --------------------------------------------------------------------------- the grid


def test_an_empty_grid_is_all_gaps_and_says_what_to_do(
    client: Client, review: models.Review
) -> None:
    told = page(client, review, "grid/")

    assert told.count("<span>Gap</span>") == 4 * 9
    assert "There is no evidence yet" in told
    assert f"/reviews/{review.code}/sources/add/" in told


def test_each_number_leads_to_the_evidence_that_it_counts(
    client: Client, review: models.Review
) -> None:
    make_disagreement(review)
    make_evidence(review, shows="neither", kloe=("crisis_safe", KLOE))
    withdrawn = make_evidence(review)
    evidence_actions.withdraw_evidence(
        review=review, by=lead_of(review), code=withdrawn.code, why="Entered twice."
    )
    told = page(client, review, "grid/")

    links = re.findall(r'<a href="([^"]*evidence/\?[^"]*)">(\d+) (\w+)</a>', told)
    assert len(links) == 2 + 6  # of one question its total and one kind; of the other six
    for href, number, word in links:
        asked = {k: v[0] for k, v in parse_qs(urlsplit(href.replace("&amp;", "&")).query).items()}
        assert word.startswith(asked["shows"])
        assert evidence_rows(review, asked).count() == int(number)


def test_states_gaps_and_sources_are_told_in_words(client: Client, review: models.Review) -> None:
    make_disagreement(review)
    told = words_of(page(client, review, "grid/"))

    assert "Contradicted Gaps: focus group, case file, document, data" in told
    assert "2 sources, 0 findings" in told
    assert "Nothing (3)" in told
    assert "Contradicted (1)" in told


def test_the_grid_shows_only_questions_in_a_state(client: Client, review: models.Review) -> None:
    make_evidence(review)

    thin = page(client, review, "grid/?state=thin")
    assert f"/grid/{KLOE}/" in thin
    assert "/grid/crisis_safe/" not in thin
    none = page(client, review, "grid/?state=contradicted")
    assert "No question is in this state" in none
    assert (
        page(client, review, "grid/?state=nonsense").count('<th role="rowheader" scope="row"') == 4
    )


def test_the_grid_is_handed_out_as_a_table_that_no_spreadsheet_runs(
    client: Client, review: models.Review
) -> None:
    make_evidence(review)
    framework = review.framework
    tables = framework.tables
    tables["questions"][0]["name"] = "=HYPERLINK(1)"
    made = models.Framework.objects.create(code="hostile", name="Hostile", tables=tables)
    models.Review.objects.filter(pk=review.pk).update(framework=made, version=2)

    answer = client.get(f"/reviews/{review.code}/grid/table.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert f"{review.code}-grid.csv" in answer["Content-Disposition"]
    rows = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))
    assert len(rows) == 4
    assert rows[0]["name"] == "'=HYPERLINK(1)"
    by_kloe = {row["question"]: row for row in rows}
    assert by_kloe[KLOE]["Interview: concerns"] == "1"
    assert by_kloe[KLOE]["state"] == "thin"


def test_the_grid_of_a_large_review_takes_few_queries(
    client: Client, review: models.Review, django_assert_max_num_queries: Any
) -> None:
    make_disagreement(review)
    for _ in range(10):
        make_evidence(review)

    for rest in ("grid/", "grid/table.csv", f"grid/{KLOE}/", "contradictions/"):
        with django_assert_max_num_queries(30):
            client.get(f"/reviews/{review.code}/{rest}")


# --------------------------------------------------------------------------- a question


def test_a_question_shows_what_it_asks_its_prompts_and_what_informs_it(
    client: Client, review: models.Review
) -> None:
    told = page(client, review, "grid/crisis_responsive/")

    assert "Is it responsive?" in told
    assert "How long do ambulances wait to hand over?" in told
    assert f"/reviews/{review.code}/profile/" in told
    assert "Gaps: nothing from interview, focus group" in words_of(told)
    assert "There is none under this question yet" in told
    assert f"evidence/add/?kloe={'crisis_responsive'}" in told


def test_evidence_stands_side_by_side_by_what_it_shows(
    client: Client, review: models.Review
) -> None:
    make_disagreement(review)
    make_evidence(review, shows="neither", text="Eight people work there.")
    finding = make_finding(review)
    told = page(client, review, f"grid/{KLOE}/")

    words = words_of(told)
    strengths, concerns = words.index("Strengths (1)"), words.index("Concerns (1)")
    neither = words.index("Neither (1)")
    assert "Staff see people at once." in words[strengths:concerns]
    assert "Nobody was seen for hours." in words[concerns:neither]
    assert "Eight people work there." in words[neither:]
    assert "Both sides are about County Council." in words
    assert "No finding has weighed the two sides yet." in words
    assert f"/findings/{finding.code}/" in told
    assert "0 for, 0 against" in words


def test_more_evidence_than_a_page_bears_is_a_link_away(
    client: Client, review: models.Review
) -> None:
    source = make_source(review)
    for _ in range(27):
        make_evidence(review, source)
    told = page(client, review, f"grid/{KLOE}/")

    assert "All 27 of them" in told
    assert told.count('<ul class="nhsuk-list app-pieces">') == 1


def test_a_question_that_the_framework_does_not_have_is_not_found(
    client: Client, review: models.Review
) -> None:
    assert client.get(f"/reviews/{review.code}/grid/nothing/").status_code == 404


# --------------------------------------------------------------------------- contradictions


def test_no_contradiction_is_said_so(client: Client, review: models.Review) -> None:
    assert "there is none yet" in page(client, review, "contradictions/")
    make_evidence(review)
    assert "there is none yet" not in page(client, review, "contradictions/")


def test_a_contradiction_shows_both_sides_and_whether_it_was_weighed(
    client: Client, review: models.Review
) -> None:
    make_disagreement(review)
    told = words_of(page(client, review, "contradictions/"))
    assert "1 of 1 is to be weighed" in told
    assert "Strengths (1)" in told
    assert "Nobody was seen for hours." in told
    assert "Both sides are about County Council. No finding has weighed them." in told

    finding = make_finding(review, contrary_considered="One good day among many.")
    for code, side in (("E001", "against"), ("E002", "for")):
        finding_actions.link_evidence(
            review=review, by=lead_of(review), finding=finding.code, evidence=code, side=side
        )
    weighed = page(client, review, "contradictions/")
    assert "0 of 1 are to be weighed" in words_of(weighed)
    assert f'Weighed in <a href="/reviews/{review.code}/findings/F01/">F01</a>' in weighed


@pytest.mark.parametrize(
    ("strength", "concern", "sentence"),
    [
        ((), (), "Neither side names an organisation, so both may be about the same."),
        (("county_council",), (), "One side names no organisation, so both may be about County"),
        (
            ("county_council",),
            ("hospital_trust",),
            "The two sides are about different organisations.",
        ),
    ],
)
def test_whom_both_sides_are_about_is_said_in_words(
    client: Client, review: models.Review, strength: Any, concern: Any, sentence: str
) -> None:
    by = lead_of(review)
    for name in ("County Council", "Hospital Trust"):
        source_actions.save_organisation(review=review, by=by, values={"name": name})
    make_evidence(review, shows="strength", organisations=strength)
    make_evidence(review, shows="concern", organisations=concern)

    assert sentence in words_of(page(client, review, "contradictions/"))


# --------------------------------------------------------------------------- whatever is in it


def test_whatever_people_wrote_is_shown_and_never_run(
    client: Client, review: models.Review
) -> None:
    source = make_source(review, title=HOSTILE, note=HOSTILE)
    for shows in ("strength", "concern"):
        make_evidence(review, source, shows=shows, text=HOSTILE + "x" * 10_000, place=HOSTILE)
    make_finding(review, statement=HOSTILE)

    for rest in ("grid/", f"grid/{KLOE}/", "contradictions/"):
        told = page(client, review, rest)
        assert "<script>alert" not in told
    assert "🚑" in page(client, review, f"grid/{KLOE}/")


def test_a_viewer_reads_and_is_offered_no_change(review: models.Review) -> None:
    make_disagreement(review)
    viewer = client_of(make_member(review, "viewer"))

    for rest in ("grid/", f"grid/{KLOE}/", "contradictions/"):
        told = page(viewer, review, rest)
        assert "/add/" not in told
