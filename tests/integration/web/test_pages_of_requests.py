"""Information requests in the workspace: made, sent, answered, sent back, accepted, taken out."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.helpers.requests import make_contributor, make_organisation
from tests.helpers.workspace import lead_of, make_review
from wholesystem.web.requests import models as requests
from wholesystem.web.workspace import models

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> models.Review:
    return make_review()


@pytest.fixture
def lead(review: models.Review) -> Client:
    return client_of(lead_of(review))


def client_of(member: models.Member) -> Client:
    client = Client()
    user: Any = member.user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(review: models.Review, rest: str) -> str:
    return f"/reviews/{review.code}/{rest}"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return str(answer.content.decode())


def test_a_request_goes_there_and_back_and_becomes_evidence(
    review: models.Review, lead: Client
) -> None:
    trust = make_organisation(review)
    con = make_contributor(review, trust)
    started = lead.post(
        at(review, "start-requests/"),
        {"organisations": [trust.code], "questions": "system_overview", "title": "Overview"},
        follow=True,
    )
    assert started.redirect_chain[-1][0] == at(review, "requests/R01/")
    assert "Illustrative" in started.content.decode()
    sent = lead.post(
        at(review, "requests/R01/send/"),
        {"working_days": "10", "answered_by": [con.code], "version": "2"},
        follow=True,
    )
    assert "Nobody is e-mailed" in sent.content.decode()

    theirs = client_of(con)
    assert "R01: Overview" in page(theirs, at(review, "your-requests/"))
    file = SimpleUploadedFile("strategy.txt", b"We want people to go home.")
    saved = theirs.post(
        at(review, "your-answers/Q001/"), {"text": "It is attached.", "file": file}, follow=True
    )
    assert "It is not sent yet" in saved.content.decode()
    given = theirs.post(at(review, "your-requests/R01/send/"), {}, follow=True)
    assert "Sent to the review team: 1 answer to R01" in given.content.decode()

    back = lead.post(
        at(review, "requests/R01/return/"), {"missing-Q001": "Until when does it run?"}, follow=True
    )
    assert "Sent back with what is missing: Q001" in back.content.decode()
    assert "Until when does it run?" in page(theirs, at(review, "your-requests/R01/"))
    record = requests.RequestAnswer.objects.get(review=review, code="Q001")
    digest = str(record.document_links.get())
    theirs.post(
        at(review, "your-answers/Q001/"),
        {"text": "It is attached and runs until 2020.", "documents": [digest],
         "version": str(record.version)},
    )  # fmt: skip
    theirs.post(at(review, "your-requests/R01/send/"), {})

    accepted = lead.post(at(review, "request-questions/Q001/accept/"), {}, follow=True)
    shown = accepted.content.decode()
    assert "Evidence can be recorded from it: S001" in shown
    assert "Until when does it run?" in shown
    assert "runs until 2020" in shown
    assert "add/?source=S001&amp;kloe=" not in shown  # the small framework has none of the set's
    source = models.Source.objects.get(review=review, code="S001")
    assert (source.kind, source.who) == ("information_request", "The trust")
    assert source.document is not None
    assert source.document.code == digest
    assert source.note == "It is attached and runs until 2020."
    assert "The answer to Q001" in page(lead, at(review, "sources/S001/"))
