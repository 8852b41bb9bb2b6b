"""Full-text search: of one review only, by the stem, kept up to date, and broken by no word."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers import postgres
from tests.helpers.browsing import client_of, text_of
from tests.helpers.programs import run_in_workspace
from tests.helpers.search_cases import QUERIES, make_reviews, search_all
from tests.helpers.served import run_command
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
from wholesystem.web.workspace.search import find_code, find_codes, search_review
from wholesystem.web.workspace.search_tables import (
    SEARCHED,
    drop_search,
    make_search,
    trigger_names,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> models.Review:
    return make_review()


@pytest.fixture
def client(review: models.Review) -> Client:
    return client_of(lead_of(review))


def codes(review: models.Review, words: str, **asked: Any) -> list[str]:
    return [one.code for one in search_review(review, words, **asked).results]


def make_document(review: models.Review, name: str, text: str) -> models.Document:
    by = lead_of(review)
    return models.Document.objects.create(
        review=review,
        code="a" * 64,
        name=name,
        media_type="text/plain",
        size_bytes=len(text),
        text=text,
        recorded_by=by,
        recorded_at=review.created_at,
    )


# --------------------------------------------------------------------------- what is found


def test_every_kind_of_record_is_found_by_each_of_its_texts(review: models.Review) -> None:
    by = lead_of(review)
    source = make_source(review, title="Ward alpha", who="matron beta", place="gamma", note="delta")
    make_evidence(review, source, text="Nurses wait for epsilon.", place="page zeta")
    make_finding(review, statement="Eta.", contrary_considered="Theta.", note="Iota.")
    finding_actions.save_improvement(
        review=review, by=by, values={"level": "strategic", "verb": "must", "text": "Kappa."}
    )
    make_document(review, "lambda-plan.pdf", "Text with mu/nu in it.")

    assert codes(review, "alpha") == codes(review, "beta") == codes(review, "gamma") == ["S001"]
    assert codes(review, "delta") == ["S001"]
    assert codes(review, "epsilon") == codes(review, "zeta") == ["E001"]
    assert codes(review, "eta") == codes(review, "theta") == codes(review, "iota") == ["F01"]
    assert codes(review, "kappa") == ["A01"]
    assert codes(review, "lambda") == codes(review, "nu") == ["a" * 64]


def test_a_word_is_found_by_its_stem_and_marked_where_it_stands(review: models.Review) -> None:
    make_evidence(review, text="Discharges were <delayed> & people waited.")

    (found,) = search_review(review, "delay discharge").results
    assert found.title == "Evidence E001"
    assert found.href == f"/reviews/{review.code}/evidence/E001/"
    assert (
        found.snippet
        == "<mark>Discharges</mark> were &lt;<mark>delayed</mark>&gt; &amp; people waited."
    )


def test_all_words_must_be_there_phrases_as_they_stand_and_some_must_not(
    review: models.Review,
) -> None:
    make_evidence(review, text="A package of care at home.")
    make_evidence(review, text="Care came in a package by post.")

    assert set(codes(review, "package care")) == {"E001", "E002"}
    assert codes(review, '"package of care"') == ["E001"]
    assert codes(review, "package -post") == ["E001"]
    assert codes(review, 'package -"of care"') == ["E002"]
    assert codes(review, "package elephant") == []
    assert codes(review, "-post") == []


def test_the_best_come_first_a_title_before_a_text(review: models.Review) -> None:
    make_source(review, title="A ward", note="Nothing about transport but this.")
    make_source(review, title="Transport", note="")

    assert codes(review, "transport") == ["S002", "S001"]


def test_results_are_narrowed_counted_and_given_in_parts(review: models.Review) -> None:
    source = make_source(review, title="Care")
    for n in range(5):
        make_evidence(review, source, text=f"Care {n}.")

    found = search_review(review, "care", kind="evidence", limit=2, offset=2)
    assert found.counts == {"sources": 1, "evidence": 5}
    assert len(found.results) == 2
    assert find_codes(review, "care", "evidence", 3) == codes(review, "care", kind="evidence")[:3]


def test_a_search_keeps_up_with_every_change(review: models.Review) -> None:
    by = lead_of(review)
    evidence = make_evidence(review, text="An old word.")
    evidence_actions.save_evidence(
        review=review, by=by, values={"text": "A new word."}, code=evidence.code
    )
    document = make_document(review, "plan.txt", "first")
    document.text = "second"
    document.save(update_fields=["text"])

    assert codes(review, "old") == codes(review, "first") == []
    assert codes(review, "new") == ["E001"]
    assert codes(review, "second") == [document.code]
    document.delete()
    assert codes(review, "second") == []


def test_nothing_of_another_review_is_found(review: models.Review) -> None:
    other = make_review()
    make_evidence(other, text="A secret word.")
    make_evidence(review, text="Our own word.")

    assert codes(review, "secret") == []
    assert codes(review, "word") == ["E001"]
    assert "secret" not in str(search_review(review, "word").results[0].snippet)
    # The word by which the index knows a review is none that can be searched for.
    assert codes(review, f"r{other.pk}") == []
    assert codes(review, f"review r{other.pk}") == []


def test_a_large_document_is_searched_to_its_end(review: models.Review) -> None:
    text = " ".join(f"word{n}" for n in range(60_000))
    make_document(review, "large.txt", f"{text} zebra")

    (found,) = search_review(review, "zebra").results
    assert "<mark>zebra</mark>" in found.snippet
    assert len(found.snippet) < 2_000


@pytest.mark.parametrize(
    ("typed", "kind", "code"),
    [
        ("E001", "evidence", "E001"),
        ("e1", "evidence", "E001"),
        (" E0001 ", "evidence", "E001"),
        ("F01", "findings", "F01"),
        ("f 1", "findings", "F01"),
        ("S001", "sources", "S001"),
        ("ward_4", "sources", "ward_4"),
        ("Ward_4", "sources", "ward_4"),
    ],
)
def test_an_id_is_found_however_it_is_typed(
    review: models.Review, typed: str, kind: str, code: str
) -> None:
    make_evidence(review)
    make_finding(review)
    make_source(review, source="ward_4")

    found = find_code(review, typed)
    assert found is not None
    assert (found.kind, found.code) == (kind, code)


@pytest.mark.parametrize(
    "typed", ["E002", "X001", "E", "E0", "E1 2", "E" + "9" * 12, "E١", "", "ward"]
)
def test_what_is_no_id_of_the_review_is_none(review: models.Review, typed: str) -> None:
    make_source(review, source="ward")
    make_evidence(review)
    other = make_review()
    make_evidence(other)
    make_evidence(other)

    assert find_code(review, typed) is None


# --------------------------------------------------------------------------- the page


def test_the_page_shows_results_with_where_they_are_from(
    client: Client, review: models.Review, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        make_evidence(review, text=f"People wait, place {n}. <script>alert(1)</script>")
    address = f"/reviews/{review.code}/search/"

    with django_assert_max_num_queries(30):
        page = text_of(client.get(address, {"q": "wait"}))
    assert "<mark>wait</mark>" in page
    assert "From A ward manager" in page
    assert "<script>alert" not in page
    assert "Showing 1 to 50 of 60 results" in page
    second = text_of(client.get(address, {"q": "wait", "page": 2}))
    assert "Showing 51 to 60 of 60 results" in second
    nothing = text_of(client.get(address, {"q": "elephant"}))
    assert "Nothing was found" in nothing


def test_an_id_leads_to_its_page(client: Client, review: models.Review) -> None:
    make_finding(review)

    answer = client.get(f"/reviews/{review.code}/search/", {"q": "f1"})
    assert answer.status_code == 302
    assert answer["Location"] == f"/reviews/{review.code}/findings/F01/"


def test_who_sees_no_evidence_cannot_search_for_it(review: models.Review) -> None:
    contributor = make_member(review, "system_contributor")

    answer = client_of(contributor).get(f"/reviews/{review.code}/search/", {"q": "care"})
    assert answer.status_code == 403


HOSTILE = [
    *QUERIES,
    "\x00",
    "\x02care\x03",
    '"' * 501,
    "(" * 300,
    "- -",
    "x" * 10_000,
    "🚑" * 5_000,
]
queries = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=80),
    st.lists(
        st.sampled_from([*'"*():^-+{}', "AND", "OR", "NOT", "NEAR", "care", "title", " "])
    ).map("".join),
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(words=queries)
def test_no_query_is_a_fault_and_none_finds_what_is_anothers(
    words: str, client: Client, review: models.Review
) -> None:
    if not models.Evidence.objects.filter(review=review).exists():
        other = make_review()
        for one in (review, other):
            make_evidence(one, text="Care title NEAR the AND OR NOT home, for people who wait.")
        make_evidence(other, text="Care that is another's alone.")

    found = search_review(review, words)
    assert {one.code for one in found.results if one.kind == "evidence"} <= {"E001"}
    assert {one.kind for one in found.results} <= {"evidence", "sources"}
    sent = words.encode("utf-8", "replace").decode()
    answer = client.get(f"/reviews/{review.code}/search/", {"q": sent})
    assert answer.status_code in (200, 302)
    assert "another's" not in text_of(answer)


# --------------------------------------------------------------------------- the two databases


def test_the_triggers_stand_after_every_migration() -> None:
    """A migration that makes a table anew on SQLite takes its triggers along."""
    catalogue = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'"}.get(
        connection.vendor, "SELECT tgname FROM pg_trigger"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        there = {row[0] for row in cursor.fetchall()}

    wanted = {
        name for one in SEARCHED.values() for name in trigger_names(one.table, connection.vendor)
    }
    events = {f"workspace_event_no_{verb}" for verb in ("update", "delete")}
    assert wanted | events <= there


class _Editor:
    """What a migration's step asks of a schema editor; SQLite's own refuses within a test."""

    connection = connection

    def execute(self, sql: str, params: Any = ()) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_index_can_be_taken_back_and_made_of_what_is_there(review: models.Review) -> None:
    make_evidence(review, text="People wait.")

    drop_search(None, _Editor())
    make_search(None, _Editor())

    assert codes(review, "wait") == ["E001"]


SEARCH = """
import json
from tests.helpers.search_cases import make_reviews, search_all
make_reviews()
print(json.dumps(search_all()))
"""


def test_both_databases_find_the_same(
    tmp_path: Path, require: Callable[[object, str], None]
) -> None:
    programs = postgres.find_programs()
    require(programs, "PostgreSQL is not installed (apt-get install postgresql)")
    assert programs is not None
    make_reviews()
    ours = search_all()
    with postgres.running(programs) as address:
        told = run_in_workspace(tmp_path, SEARCH, DATABASE=address)

    theirs = json.loads(told.splitlines()[-1])
    assert theirs.keys() == ours.keys()
    for query, found in ours.items():
        assert theirs[query] == found, query
    assert sum(bool(found) for found in ours.values()) > len(ours) / 2


MAKE = """
from tests.helpers.workspace import make_evidence, make_review
make_evidence(make_review(review="kept"), text="People wait for zebras.")
"""
ADD = """
from tests.helpers.workspace import make_evidence
from wholesystem.web.workspace.models import Review
make_evidence(Review.objects.get(code="kept"), text="Other zebras.")
"""
COUNT = """
from wholesystem.web.workspace.models import Review
from wholesystem.web.workspace.search import search_review
print(search_review(Review.objects.get(code="kept"), "zebra").counts)
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_a_backup_puts_back_is_found_and_nothing_else(
    kind: str, tmp_path: Path, require: Callable[[object, str], None]
) -> None:
    programs = postgres.find_programs()
    if kind == "postgresql":
        require(programs, "PostgreSQL is not installed (apt-get install postgresql)")
    with nullcontext() if kind == "sqlite" else postgres.running(programs) as address:  # type: ignore[arg-type]
        asked = {"DATABASE": address} if address else {}
        backup = tmp_path / "backup.zip"
        run_in_workspace(tmp_path / "data", MAKE, **asked)
        assert (
            run_command(tmp_path / "data", "workspace", "backup", str(backup), **asked).returncode
            == 0
        )
        run_in_workspace(tmp_path / "data", ADD, **asked)
        assert run_in_workspace(tmp_path / "data", COUNT, **asked) == "{'evidence': 2}"
        done = run_command(
            tmp_path / "data", "workspace", "restore", str(backup), "--replace", **asked
        )
        assert done.returncode == 0, done.stderr
        assert run_in_workspace(tmp_path / "data", COUNT, **asked) == "{'evidence': 1}"
