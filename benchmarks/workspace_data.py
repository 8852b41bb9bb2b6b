"""Fills the workspace's database for `workspace`, and says where each person may look."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wholesystem.examples.review import read_example_review
from wholesystem.reviews import records
from wholesystem.reviews.frameworks import read_framework
from wholesystem.reviews.requests.question_sets import read_question_set
from wholesystem.reviews.requests.records import (
    InformationRequest,
    RequestAnswer,
    RequestQuestion,
)
from wholesystem.reviews.review import Review
from wholesystem.reviews.words import SOURCE_KINDS
from wholesystem.web.accounts.models import User
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.evidence import save_evidence
from wholesystem.web.workspace.storing import store_review
from wholesystem.web.workspace.urls import urlpatterns

BACKEND = "django.contrib.auth.backends.ModelBackend"
#: No pages: files, and what forms alone are sent to.
NOT_READ = {
    "case_picture",
    "cases_table",
    "cases_workbook",
    "confirm_finding",
    "document_file",
    "grid_table",
    "job",
    "job_file",
    "map_picture",
    "profile_page",
    # Of those who answer, whose role a lead has not.
    "give_answers",
    "request_answers",
    "your_answer",
    "your_request",
    "your_requests",
}
TEXT = (
    "Staff on the ward said that people who are ready to go home wait for a package of care, and"
    " that nobody tells them when it will come."
)


def fill(reviews: int, evidence: int) -> dict[str, Any]:
    """Store so many reviews with so many pieces of evidence each.

    Parameters
    ----------
    reviews, evidence : int
        How many.

    Returns
    -------
    dict
        ``people``: cookie and addresses of each review's lead; ``queries`` by page.
    """
    people: list[dict[str, Any]] = []
    queries: dict[str, int] = {}
    for number in range(reviews):
        user = User.objects.create(
            email=f"lead{number}@example.org", name=f"Lead {number}", is_administrator=True
        )
        stored = store_review(
            review=made_review(number, evidence), texts={}, measures={}, user=user
        )
        # A record with a history, for its page.
        save_evidence(
            review=stored,
            by=stored.member_set.get(code="P01"),
            code="E001",
            values={"text": f"{TEXT} (changed)"},
        )
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(user, backend=BACKEND)
        people.append({"cookie": _cookie(client), "pages": _pages(stored, client)})
        queries = _queries(people[0], client) if number == 0 else queries
    return {"people": people, "queries": queries}


def made_review(number: int, evidence: int) -> Review:
    """A review with evidence of every kind of source on every question.

    Parameters
    ----------
    number : int
        Of the review, for its id.
    evidence : int
        How many pieces.

    Returns
    -------
    Review
        Checked.
    """
    framework = read_framework("local_system_review_2017")
    kloe = [one.kloe for one in framework.questions]
    at = datetime(2017, 11, 27, 9)
    by = {"recorded_by": "P01", "recorded_at": at}
    sources = tuple(
        records.Source(
            source=f"S{n:03d}",
            kind=SOURCE_KINDS[n % len(SOURCE_KINDS)],
            title=f"Source {n}",
            organisations=(f"o{n % 8}",),
            **by,
        )
        for n in range(1, 41)
    )
    pieces = tuple(
        records.Evidence(
            evidence=f"E{n:03d}",
            source=f"S{n % 40 + 1:03d}",
            form="paraphrase",
            text=f"{TEXT} ({n})",
            place=f"paragraph {n}",
            date=date(2017, 11, 1) + timedelta(days=n % 28),
            shows=("strength", "concern", "neither")[n % 3],
            kloe=(kloe[n % len(kloe)], kloe[(n * 7 + 1) % len(kloe)]),
            organisations=(f"o{n % 8}",),
            **by,
        )
        for n in range(1, evidence + 1)
    )
    findings = tuple(
        records.Finding(
            finding=f"F{n:02d}",
            kloe=kloe[n % len(kloe)],
            statement=TEXT,
            status="candidate",
            **by,
        )
        for n in range(1, 31)
    )
    return Review(
        records.ReviewInfo(
            review=f"review_{number}",
            title=f"Review {number}",
            area_code="E10000025",
            area="Oxfordshire",
            framework=framework.info.framework,
            stage="fieldwork",
            opened_on=date(2017, 11, 1),
        ),
        framework,
        organisations=tuple(
            records.Organisation(organisation=f"o{n}", name=f"Organisation {n}") for n in range(8)
        ),
        people=(records.Person(person="P01", name="Lead", role="lead"),),
        sources=sources,
        evidence=pieces,
        findings=findings,
        finding_evidence=tuple(
            records.FindingEvidence(
                finding=one.finding,
                evidence=f"E{n * 8 + k:03d}",
                side="for" if k % 3 else "against",
            )
            for n, one in enumerate(findings)
            for k in range(1, 8)
            if n * 8 + k <= evidence
        ),
        areas_for_improvement=tuple(
            records.AreaForImprovement(
                area_for_improvement=f"A{n:02d}",
                level=("strategic", "operational", "engagement")[n % 3],
                verb="must",
                text=TEXT,
                findings=(f"F{n:02d}",),
                order=n,
                **by,
            )
            for n in range(1, 16)
        ),
        due_dates=(
            records.DueDate(due_date="D01", title="Summit", on=date(2018, 2, 1), person="P01"),
        ),
        **_cases(),
        **_requests(framework),
    )


def _cases() -> dict[str, Any]:
    """The 18 synthetic cases of the packaged review."""
    packaged = read_example_review().review
    return {
        "cases": tuple(one.model_copy(update={"recorded_by": "P01"}) for one in packaged.cases),
        "case_stays": packaged.case_stays,
        "case_checklist": packaged.case_checklist,
    }


def _requests(framework: Any) -> dict[str, Any]:
    """A request of 19 questions to each of eight organisations, a third of them answered."""
    at = datetime(2017, 11, 27, 9)
    by = {"recorded_by": "P01", "recorded_at": at}
    asked = read_question_set("system_overview").questions
    codes = [(f"R{n:02d}", f"o{n}") for n in range(8)]
    questions = tuple(
        RequestQuestion(
            request_question=f"Q{n * len(asked) + at_question:03d}", request=code,
            order=at_question + 1, text=one.text, help=one.help, wants_document=one.wants_document,
            kloe=tuple(kloe for kloe in one.kloe if kloe in framework.question_by_id), **by,
        )
        for n, (code, _) in enumerate(codes)
        for at_question, one in enumerate(asked)
    )  # fmt: skip
    return {
        "requests": tuple(
            InformationRequest(
                request=code, title="Overview", organisation=name, illustrative="yes",
                due_on=date(2017, 12, 20), state="sent", sent_at=at, **by,
            )
            for code, name in codes
        ),
        "request_questions": questions,
        "request_answers": tuple(
            RequestAnswer(
                request_question=one.request_question, state="given", text=TEXT, given_at=at,
                late="no", **by,
            )
            for one in questions[::3]
        ),
    }  # fmt: skip


def _cookie(client: Client) -> str:
    """A session as signing in makes it: Argon2 is slow on purpose, and is not what is measured."""
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def _pages(review: models.Review, client: Client) -> dict[str, str]:
    """Addresses of all pages of a review that show something, by name."""
    codes = {
        "organisations": "o1",
        "sources": "S001",
        "evidence": "E001",
        "findings": "F01",
        "improvements": "A01",
        "due": "D01",
        "cases": "C01",
        "requests": "R00",
        "request-questions": "Q000",
    }
    found = {}
    for pattern in urlpatterns:
        name, wanted = str(pattern.name), set(pattern.pattern.converters)
        part = str(pattern.pattern).removeprefix("reviews/<str:review>/").split("/")[0]
        values = {
            "review": review.code,
            "code": codes.get(part, ""),
            "person": "P01",
            "kloe": "crisis_safe",
            "table": "evidence",
            "record": "E001",
            "framework": review.framework.code,
            "stay": 1,
            "item": "letter",
            "part": "stay-1",
        }
        # What the review has none of has no page.
        if name in NOT_READ or not wanted <= {key for key, value in values.items() if value}:
            continue
        address = reverse(f"workspace:{name}", kwargs={key: values[key] for key in wanted})
        status = client.get(address).status_code
        if status not in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.FOUND):
            found[name] = address
    return {**found, "search_words": f"{found['search']}?q=package+of+care"}


def _queries(person: dict[str, Any], client: Client) -> dict[str, int]:
    counted = {}
    for page, address in person["pages"].items():
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counted[page] = len(seen)
    return counted
