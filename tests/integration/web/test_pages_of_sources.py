"""Sources and organisations: kinds and counts, what rests on them, conflicts, withdrawing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.helpers.browsing import client_of, fill, form_of, text_of
from tests.helpers.workspace import (
    lead_of,
    make_evidence,
    make_finding,
    make_member,
    make_review,
    make_source,
)
from wholesystem.reviews.chain import what_is_about, what_rests_on
from wholesystem.web.workspace import models, resting
from wholesystem.web.workspace.actions import findings as finding_actions
from wholesystem.web.workspace.actions import sources as actions
from wholesystem.web.workspace.rows import load_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> models.Review:
    return make_review()


@pytest.fixture
def client(review: models.Review) -> Client:
    return client_of(lead_of(review))


def page_of(review: models.Review, rest: str) -> str:
    return f"/reviews/{review.code}/{rest}"


def make_organisation(review: models.Review, name: str = "Council") -> models.Organisation:
    return actions.save_organisation(
        review=review, by=lead_of(review), values={"name": name, "kind": "council"}
    )


def link(review: models.Review, evidence: str, *, confirm: bool = False) -> models.Finding:
    finding = make_finding(review)
    by = lead_of(review)
    finding_actions.link_evidence(
        review=review, by=by, finding=finding.code, evidence=evidence, side="for"
    )
    if confirm:
        finding_actions.confirm_finding(
            review=review, by=by, code=finding.code, version=finding.version
        )
    return finding


# --------------------------------------------------------------------------- sources


def test_a_source_is_added(review: models.Review, client: Client) -> None:
    make_organisation(review)
    values = {
        "kind": "visit", "title": "Ward 4", "who": "reviewers", "place": "the hospital",
        "date-day": "28", "date-month": "11", "date-year": "2017", "organisations": ["council"],
        "note": "In the morning.",
    }  # fmt: skip

    answer = fill(client, page_of(review, "sources/add/"), "title", values)
    page = text_of(client.get(answer.url))

    source = models.Source.objects.get()
    assert answer.url == page_of(review, f"sources/{source.code}/")
    assert source.date is not None
    assert source.date.isoformat() == "2017-11-28"
    assert [one.organisation.code for one in source.organisation_links.all()] == ["council"]
    for words in ("Ward 4", "reviewers", "the hospital", "28 November 2017", "In the morning."):
        assert words in page


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"title": " "}, "Enter a title."),
        ({"kind": ""}, "Choose what kind of source it is."),
        ({"kind": "rumour"}, "Choose what kind of source it is."),
        ({"title": "x" * 2_001}, "must have 2,000 characters or fewer"),
        ({"organisations": ["nobody"]}, "Choose organisations from the list."),
        ({"who": "Dr Jane Hutchins"}, "may name a person"),
    ],
)
def test_a_refused_source_says_why(
    values: dict[str, Any], told: str, review: models.Review, client: Client
) -> None:
    answer = client.post(
        page_of(review, "sources/add/"), {"kind": "visit", "title": "Ward 4", **values}
    )

    assert answer.status_code == 400
    assert told in text_of(answer)
    assert "<title>Error: " in text_of(answer)
    assert not models.Source.objects.exists()


def test_sources_are_listed_by_kind_with_counts(
    review: models.Review, client: Client, django_assert_max_num_queries: Any
) -> None:
    ward, plan = make_source(review), make_source(review, kind="document", title="The plan")
    make_evidence(review, plan), make_evidence(review, plan)

    with django_assert_max_num_queries(20):
        page = text_of(client.get(page_of(review, "sources/")))
    plans = text_of(client.get(page_of(review, "sources/?kind=document")))

    assert "Interview (1)" in page
    assert "Document (1)" in page
    assert f"/sources/{ward.code}/" not in plans
    assert f"/sources/{plan.code}/" in plans


def test_a_page_of_a_source_shows_what_rests_on_it(
    review: models.Review, client: Client, django_assert_max_num_queries: Any
) -> None:
    source = make_source(review)
    evidence = make_evidence(review, source)
    link(review, evidence.code)

    with django_assert_max_num_queries(20):
        page = text_of(client.get(page_of(review, f"sources/{source.code}/")))

    for rest in ("evidence/E001/", "findings/F01/", "history/sources/S001/",
                 "evidence/add/?source=S001"):  # fmt: skip
        assert page_of(review, rest) in page


def test_a_source_under_a_confirmed_finding_is_not_withdrawn(
    review: models.Review, client: Client
) -> None:
    evidence = make_evidence(review)
    link(review, evidence.code, confirm=True)
    address = page_of(review, "sources/S001/withdraw/")

    answer = fill(client, address, "why", {"why": "Another area."})

    assert answer.status_code == 400
    assert "is under confirmed findings: F01" in text_of(answer)
    assert page_of(review, "findings/F01/") in text_of(client.get(address))
    assert not models.Source.objects.get().withdrawn


def test_a_withdrawn_source_stays_with_its_evidence(review: models.Review, client: Client) -> None:
    make_evidence(review)

    fill(client, page_of(review, "sources/S001/withdraw/"), "why", {"why": "Another area."})

    assert "Another area." in text_of(client.get(page_of(review, "sources/S001/")))
    assert "Its source was withdrawn." in text_of(client.get(page_of(review, "evidence/E001/")))
    assert "Withdrawn" in text_of(client.get(page_of(review, "sources/")))
    assert models.Evidence.objects.count() == 1


def test_the_second_of_two_editors_of_a_source_is_told(
    review: models.Review, client: Client
) -> None:
    make_source(review)
    address = page_of(review, "sources/S001/change/")
    form = form_of(client, address, "title")
    fill(client_of(make_member(review, "reviewer")), address, "title", {"title": "Theirs"})

    answer = client.post(address, {**form.defaults(), "title": "Mine"})

    assert answer.status_code == 409
    assert "Theirs" in text_of(answer)
    assert "Mine" in text_of(answer)
    assert models.Source.objects.get().title == "Theirs"


def test_what_belongs_to_another_review_is_not_found(review: models.Review, client: Client) -> None:
    other = make_review()
    make_source(other), make_organisation(other)

    for rest in ("sources/S001/", "sources/S001/change/", "sources/S001/withdraw/",
                 "organisations/council/", "organisations/council/change/"):  # fmt: skip
        assert client.get(page_of(review, rest)).status_code == 404


# --------------------------------------------------------------------------- organisations


def test_an_organisation_is_added_and_changed(review: models.Review, client: Client) -> None:
    answer = fill(
        client, page_of(review, "organisations/add/"), "name",
        {"name": "Anyshire Council", "kind": "council", "ods_code": "ABC"},
    )  # fmt: skip
    assert answer.url == page_of(review, "organisations/anyshire_council/")

    fill(client, f"{answer.url}change/", "name", {"name": "Anyshire County Council"})

    kept = models.Organisation.objects.get()
    assert (kept.code, kept.name) == ("anyshire_council", "Anyshire County Council")


def test_a_refused_organisation_says_why(review: models.Review, client: Client) -> None:
    answer = client.post(page_of(review, "organisations/add/"), {"name": "", "ods_code": "a b!"})

    assert answer.status_code == 400
    assert "Enter the organisation’s name." in text_of(answer)
    assert "The ODS code may have letters and digits only." in text_of(answer)


def test_a_page_of_an_organisation_shows_all_about_it(
    review: models.Review, client: Client, django_assert_max_num_queries: Any
) -> None:
    council, trust = make_organisation(review), make_organisation(review, "Trust")
    source = make_source(review, organisations=(council.code,))
    make_evidence(review, source)
    make_evidence(review, source, organisations=(trust.code,))
    make_evidence(review, make_source(review), organisations=(council.code, trust.code))
    link(review, "E003")

    with django_assert_max_num_queries(20):
        page = text_of(client.get(page_of(review, "organisations/council/")))

    assert page_of(review, "sources/S001/") in page
    assert page_of(review, "evidence/E001/") in page
    assert page_of(review, "evidence/E002/") not in page
    assert page_of(review, "evidence/E003/") in page
    assert page_of(review, "findings/F01/") in page


def test_what_the_database_says_is_what_the_chain_says(review: models.Review) -> None:
    """The pages ask the database; `wholesystem.reviews.chain` asks the whole review."""
    council, trust = make_organisation(review), make_organisation(review, "Trust")
    source = make_source(review, organisations=(council.code, trust.code))
    for organisations in ((), (trust.code,), (council.code, trust.code), (council.code,)):
        link(review, make_evidence(review, source, organisations=organisations).code)
    make_evidence(review, make_source(review))
    finding_actions.save_improvement(
        review=review, by=lead_of(review),
        values={"level": "strategic", "verb": "must", "text": "Plan.", "findings": ("F02",)},
    )  # fmt: skip
    whole = load_review(review)

    for one in (council, trust):
        about = resting.evidence_about(one)
        _, told = what_is_about(whole, one.code)
        found = resting.what_rests_on(about)
        assert [each.code for each in about] == [each.evidence for each in told.evidence]
        assert [each.finding.code for each in found.findings] == [
            each.finding for each, _ in told.findings
        ]
        assert [each.code for each in found.improvements] == [
            each.area_for_improvement for each in told.areas_for_improvement
        ]
    of_source = resting.what_rests_on(source.evidence.all())
    assert [each.finding.code for each in of_source.findings] == [
        each.finding for each, _ in what_rests_on(whole, "sources", source.code).findings
    ]


def test_specialist_advisors_do_not_change_organisations(review: models.Review) -> None:
    make_organisation(review)
    client = client_of(make_member(review, "specialist_advisor"))

    assert client.get(page_of(review, "organisations/add/")).status_code == 403
    page = text_of(client.get(page_of(review, "organisations/council/")))
    assert page_of(review, "organisations/council/change/") not in page


@pytest.mark.parametrize("rest", ["sources/", "organisations/", "evidence/", "documents/"])
def test_an_empty_list_says_what_to_do(rest: str, review: models.Review, client: Client) -> None:
    page = text_of(client.get(page_of(review, rest)))

    assert "none yet" in page
