"""Information requests in the workspace: made, sent, answered, sent back, accepted, taken out."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests.helpers.crawl import FormReader
from tests.helpers.requests import answer, give, make_contributor, make_organisation, make_request
from tests.helpers.requests import send as send_it
from tests.helpers.workspace import lead_of, make_member, make_review
from wholesystem.reviews.requests.question_sets import (
    QuestionSet,
    QuestionSetInfo,
    SetQuestion,
    write_question_set,
)
from wholesystem.web.requests import models as requests
from wholesystem.web.requests.actions import judging, making
from wholesystem.web.requests.standing import load_progress
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import sources as source_actions
from wholesystem.web.workspace.actions.documents import hand_in
from wholesystem.web.workspace.errors import PolicyError, RecordFaults
from wholesystem.web.workspace.reminders import make_notices
from wholesystem.web.workspace.rows import load_review
from wholesystem.web.workspace.told_events import tell_events

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
    found = client.get(address)
    assert found.status_code == 200, found.content.decode()[:500]
    return str(found.content.decode())


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


# --------------------------------------------------------------------------- making


def test_the_same_is_asked_of_every_organisation_in_one_step(
    review: models.Review, lead: Client
) -> None:
    trust, council = make_organisation(review), make_organisation(review, "The council")
    con = make_contributor(review, trust)
    first = make_request(review, trust)
    shown = page(lead, at(review, f"start-requests/?from={first.code}"))
    assert 'value="request-R01" checked' in " ".join(shown.split())
    lead.post(
        at(review, "start-requests/"),
        {"organisations": [council.code, "*"], "questions": "request-R01", "title": "Again"},
    )

    whole = load_review(review, every=True)
    assert [one.organisation for one in whole.requests] == ["the_trust", "the_council", ""]
    assert [one.answered_by for one in whole.requests] == [(con.code,), (), ()]
    texts = [(one.request, one.text, one.kloe) for one in whole.request_questions]
    assert [one[1:] for one in texts if one[0] == "R01"] == [
        one[1:] for one in texts if one[0] == "R03"
    ]
    assert {one.request_question for one in whole.request_questions} == {
        f"Q{number:03d}" for number in range(1, 7)
    }


@pytest.mark.parametrize(("name", "kind"), [("own.csv", "csv"), ("own.xlsx", "xlsx")])
def test_questions_come_from_a_file_of_ones_own(
    name: str, kind: str, review: models.Review, lead: Client, tmp_path: Path
) -> None:
    make_organisation(review)
    if kind == "csv":
        content = b"text,kloe\n=Who waits?,step_down_safe\n"
    else:
        rows = (SetQuestion(text="=Who waits?", kloe=("step_down_safe",)),)
        info = QuestionSetInfo(question_set="own", name="Own", illustrative="no", source="us")
        write_question_set(QuestionSet(info, rows), tmp_path / name)
        content = (tmp_path / name).read_bytes()
    lead.post(
        at(review, "start-requests/"),
        {"organisations": ["the_trust"], "questions": "own", "title": "Overview",
         "file": SimpleUploadedFile(name, content)},
    )  # fmt: skip

    (question,) = load_review(review, every=True).request_questions
    assert (question.text, question.kloe) == ("=Who waits?", ("step_down_safe",))


def test_a_file_with_faults_is_told_by_row_and_nothing_is_kept(
    review: models.Review, lead: Client
) -> None:
    make_organisation(review)
    file = SimpleUploadedFile("own.csv", b"text,kloe\nWho?,step_down_saf\n,\nWhy?,nothing\n")
    refused = lead.post(
        at(review, "start-requests/"),
        {"organisations": ["the_trust"], "questions": "own", "title": "My title", "file": file},
    )

    shown = refused.content.decode()
    assert refused.status_code == 400
    assert "faults were found" in shown
    assert "Did you mean step_down_safe?" in shown
    assert 'value="My title"' in shown
    assert not load_review(review, every=True).requests


def test_a_request_is_not_sent_without_a_day_people_or_questions(
    review: models.Review, lead: Client
) -> None:
    trust = make_organisation(review)
    make_request(review, trust, questions=())
    refused = lead.post(at(review, "requests/R01/send/"), {})
    assert "asks nothing yet" in refused.content.decode()

    lead.post(at(review, "requests/R01/add-question/"), {"text": "Why?", "wants_document": "no"})
    shown = lead.post(at(review, "requests/R01/send/"), {}).content.decode()
    assert "Enter the day on which the answers are due" in shown
    assert "Invite a system contributor of The trust first" in shown
    past = {"due_on-day": "1", "due_on-month": "1", "due_on-year": "2018"}
    shown = lead.post(at(review, "requests/R01/send/"), past).content.decode()
    assert "must be today or later" in shown
    assert load_review(review, every=True).requests[0].state == "draft"


def test_several_are_sent_together_or_none_is(review: models.Review, lead: Client) -> None:
    trust, council = make_organisation(review), make_organisation(review, "The council")
    make_contributor(review, trust)
    for one in (trust, council):
        make_request(review, one)
    told = {"requests": ["R01", "R02"], "working_days": "5"}
    refused = lead.post(at(review, "send-requests/"), told)
    shown = refused.content.decode()
    assert refused.status_code == 400
    assert "R02: Choose who answers. Invite a system contributor of The council first" in shown
    assert {one.state for one in load_review(review, every=True).requests} == {"draft"}
    assert due(review) == []

    dot = make_contributor(review, council, "Dot")
    making.change_request(
        review=review, by=lead_of(review), code="R02", values={"answered_by": (dot.code,)}
    )
    lead.post(at(review, "send-requests/"), told)
    assert {one.state for one in load_review(review, every=True).requests} == {"sent"}
    assert due(review) == [("Con", True), ("Dot", True)]
    assert "no request that was not sent" in page(lead, at(review, "send-requests/"))


def test_nobody_is_named_who_may_not_answer(review: models.Review) -> None:
    trust, council = make_organisation(review), make_organisation(review, "The council")
    other = make_contributor(review, council)
    viewer = make_member(review, "viewer", organisation=trust.code)
    made = make_request(review, trust)
    for member in (other, viewer):
        with pytest.raises(RecordFaults, match="no system contributor of The trust"):
            send_it(made, answered_by=[member.code])


def test_what_was_sent_stays_as_it_was_asked(review: models.Review, lead: Client) -> None:
    trust = make_organisation(review)
    make_contributor(review, trust)
    send_it(make_request(review, trust))
    for rest in ("requests/R01/add-question/", "request-questions/Q001/change/"):
        refused = lead.post(at(review, rest), {"text": "Else?", "wants_document": "no"})
        assert "its questions stay as they were asked" in refused.content.decode()
    with pytest.raises(PolicyError, match="only who answers it"):
        making.change_request(
            review=review, by=lead_of(review), code="R01", values={"title": "Else"}
        )


def test_two_who_change_a_question_at_once(review: models.Review, lead: Client) -> None:
    make_request(review)
    address = at(review, "request-questions/Q001/change/")
    told = {"text": "Theirs?", "wants_document": "no", "version": "1"}
    assert lead.post(address, told).status_code == 302
    second = lead.post(address, {**told, "text": "Mine?"})

    assert second.status_code == 409
    assert "Theirs?" in second.content.decode()
    assert "Mine?" in second.content.decode()


# --------------------------------------------------------------------------- who sees what


def test_nobody_sees_what_another_organisation_is_asked_or_answers(review: models.Review) -> None:
    trust, council = make_organisation(review), make_organisation(review, "The council")
    con, dot = make_contributor(review, trust), make_contributor(review, council)
    send_it(make_request(review, trust))
    answer(con, "Q001", "Secret words of the trust.")
    give(con, "R01")
    make_request(review, council)  # a draft
    theirs = client_of(dot)

    assert "Nothing is asked of you" in page(theirs, at(review, "your-requests/"))
    closed = (
        "your-requests/R01/", "your-requests/R01/send/", "your-answers/Q001/",
        "your-requests/R02/", "your-answers/Q003/",
    )  # fmt: skip
    for rest in closed:
        assert theirs.get(at(review, rest)).status_code == 404
        assert theirs.post(at(review, rest), {"text": "Mine"}).status_code in (404, 405)
    team = ("requests/", "requests/R01/", "request-questions/Q001/", "request-summary/",
            "request-answers.csv", "history/", "search/?q=Secret")  # fmt: skip
    for rest in team:
        assert theirs.get(at(review, rest)).status_code == 403
    for rest in ("", "due/", "people/", "documents/"):
        assert "Secret" not in page(theirs, at(review, rest))


def test_the_system_as_a_whole_is_answered_by_those_who_are_named(review: models.Review) -> None:
    named, other = make_contributor(review), make_contributor(review)
    send_it(make_request(review), answered_by=[named.code])

    assert "R01" in page(client_of(named), at(review, "your-requests/"))
    assert client_of(other).get(at(review, "your-requests/R01/")).status_code == 404


def test_who_moves_to_another_organisation_sees_the_former_ones_no_more(
    review: models.Review,
) -> None:
    trust, council = make_organisation(review), make_organisation(review, "The council")
    con = make_contributor(review, trust)
    send_it(make_request(review, trust))
    con.organisation = council
    con.save()

    assert client_of(con).get(at(review, "your-requests/R01/")).status_code == 404


def test_a_document_of_another_organisation_cannot_be_attached_by_its_digest(
    review: models.Review,
) -> None:
    trust, council = make_organisation(review), make_organisation(review, "The council")
    con, dot = make_contributor(review, trust), make_contributor(review, council)
    send_it(make_request(review, trust))
    handed = hand_in(review=review, by=dot, name="private plans.txt", content=b"Ours alone.")
    client = client_of(con)
    address = at(review, "your-answers/Q001/")
    refused = client.post(address, {"text": "See.", "documents": [handed.document.code]})
    assert refused.status_code == 400
    assert "private plans" not in refused.content.decode()

    # Who has the same content may attach it, and is not told how the other calls it.
    file = SimpleUploadedFile("copy.txt", b"Ours alone.")
    saved = client.post(address, {"text": "See.", "file": file, "then": "stay"}, follow=True)
    shown = saved.content.decode()
    assert "A file that the review has already" in shown
    assert "private plans" not in shown


def test_a_person_of_another_review_finds_nothing(review: models.Review) -> None:
    trust = make_organisation(review)
    make_contributor(review, trust)
    send_it(make_request(review, trust))
    stranger = make_contributor(make_review())

    assert client_of(stranger).get(at(review, "your-requests/R01/")).status_code == 404


# --------------------------------------------------------------------------- answering


@pytest.fixture
def asked(review: models.Review) -> tuple[models.Member, models.Member]:
    """Two of one organisation, to which a request was sent."""
    trust = make_organisation(review)
    con, dot = make_contributor(review, trust), make_contributor(review, trust, "Dot")
    send_it(make_request(review, trust))
    return con, dot


Asked = tuple[models.Member, models.Member]


def test_the_second_of_two_is_told_and_loses_neither_words_nor_file(
    review: models.Review, asked: Asked
) -> None:
    con, dot = (client_of(one) for one in asked)
    address = at(review, "your-answers/Q001/")
    for client in (con, dot):
        page(client, address)
    first_file = SimpleUploadedFile("first.txt", b"First.")
    con.post(address, {"text": "Con's words.", "file": first_file})
    file = SimpleUploadedFile("second.txt", b"Second.")
    told = dot.post(address, {"text": "Dot's words.", "file": file})

    shown = told.content.decode()
    assert told.status_code == 409
    assert "Con&#39;s words." in shown
    assert "Dot&#39;s words." in shown
    form = next(one for one in FormReader(shown, address).forms if "handed" in one.fields)
    sent = {**form.defaults(), "text": "Con's and Dot's words."}
    assert dot.post(form.action, sent).status_code == 302

    record = requests.RequestAnswer.objects.get(review=review, code="Q001")
    assert record.text == "Con's and Dot's words."
    names = [one.document.name for one in record.document_links.select_related("document")]
    assert names == ["first.txt", "second.txt"]


def test_words_that_may_name_a_person_are_asked_about_and_the_file_stays(
    review: models.Review, asked: Asked
) -> None:
    client, address = client_of(asked[0]), at(review, "your-answers/Q001/")
    file = SimpleUploadedFile("plan.txt", b"Plan.")
    refused = client.post(address, {"text": "Ring Mary Smith on 07700 900123.", "file": file})
    shown = refused.content.decode()

    assert refused.status_code == 400
    form = next(one for one in FormReader(shown, address).forms if "handed" in one.fields)
    sent = {**form.defaults(), "names_checked": "on"}
    assert client.post(form.action, sent).status_code == 302
    record = requests.RequestAnswer.objects.get(review=review, code="Q001")
    assert [str(one.document.name) for one in record.document_links.all()] == ["plan.txt"]


def test_a_forged_file_is_not_taken(review: models.Review, asked: Asked) -> None:
    con, dot = asked
    handed = hand_in(review=review, by=lead_of(review), name="team.txt", content=b"The team's.")
    forged = signing.dumps(
        [[str(dot.pk), handed.document.code]], salt="wholesystem.requests.handed_in"
    )
    for value in (forged, "x", forged + "x"):
        refused = client_of(con).post(
            at(review, "your-answers/Q001/"),
            {"text": "See.", "documents": [handed.document.code], "handed": value},
        )
        assert refused.status_code == 400
        assert "team.txt" not in refused.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [("a.exe", b"MZ", "a.exe"), ("a.pdf", b"no PDF", "pdf"), ("empty.txt", b"", "empty")],
)
def test_a_file_that_cannot_be_taken_leaves_the_words_in_the_form(
    name: str, content: bytes, rule: str, review: models.Review, asked: Asked
) -> None:
    file = SimpleUploadedFile(name, content)
    refused = client_of(asked[0]).post(
        at(review, "your-answers/Q001/"), {"text": "My long words.", "file": file}
    )

    assert refused.status_code == 400
    assert "My long words." in refused.content.decode()


def test_an_answer_that_was_given_is_changed_no_more_unless_it_is_sent_back(
    review: models.Review, asked: Asked
) -> None:
    con, dot = asked
    answer(con, "Q001")
    give(con, "R01")
    with pytest.raises(PolicyError, match="was given"):
        answer(dot, "Q001", "Else")
    with pytest.raises(PolicyError, match="nothing to send"):
        give(dot, "R01")
    judging.return_answers(
        review=review, by=lead_of(review), code="R01", missing={"Q001": "Since when?"}
    )
    answer(dot, "Q001", "Since 2015.")
    assert [one.code for one in give(dot, "R01")] == ["Q001"]


def test_answers_that_changed_since_they_were_looked_at_are_not_sent(
    review: models.Review, asked: Asked
) -> None:
    con, dot = asked
    answer(con, "Q001")
    client, address = client_of(con), at(review, "your-requests/R01/send/")
    form = next(
        one for one in FormReader(page(client, address), address).forms if "seen" in one.fields
    )
    answer(dot, "Q001", "Dot changed it.")
    refused = client.post(address, form.defaults())

    assert refused.status_code == 400
    assert "Nothing was sent. Look again" in refused.content.decode()
    shown = refused.content.decode()
    again = next(one for one in FormReader(shown, address).forms if "seen" in one.fields)
    assert client.post(address, again.defaults()).status_code == 302
    assert requests.RequestAnswer.objects.get(review=review).state == "given"


def test_a_late_answer_is_taken_and_marked(
    review: models.Review, lead: Client, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    con, _ = asked
    answer(con, "Q001")
    give(con, "R01")
    answer(con, "Q002", "", cannot="Nobody holds it.")
    after = timezone.localdate() + timedelta(days=8)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: after)
    assert "Answers are still taken" in page(client_of(con), at(review, "your-requests/R01/"))
    assert "Overdue" in page(lead, at(review, "requests/"))
    give(con, "R01")

    late = dict(requests.RequestAnswer.objects.filter(review=review).values_list("code", "late"))
    assert late == {"Q001": "no", "Q002": "yes"}
    shown = page(lead, at(review, "requests/"))
    assert "1 late" in shown
    assert "Overdue" not in shown
    # A day that is moved later changes nothing of what was late.
    making.change_request(
        review=review, by=lead_of(review), code="R01",
        values={"due_on": after + timedelta(days=30)},
    )  # fmt: skip
    assert "1 late" in page(lead, at(review, "requests/"))


@pytest.mark.parametrize("act", ["close", "withdraw"])
def test_a_request_that_is_over_says_so_and_keeps_the_draft(
    act: str, review: models.Review, lead: Client, asked: Asked
) -> None:
    con, _ = asked
    answer(con, "Q001", "A long draft.")
    lead.post(at(review, f"requests/R01/{act}/"), {"why": "We have heard enough."})
    client = client_of(con)
    refused = client.post(
        at(review, "your-answers/Q001/"), {"text": "Words typed since.", "version": "1"}
    )

    shown = refused.content.decode()
    assert refused.status_code == 400
    assert "We have heard enough." in shown
    assert "Words typed since." in shown
    assert "A long draft." in page(client, at(review, "your-answers/Q001/"))
    assert client.post(at(review, "your-requests/R01/send/"), {}).status_code == 400
    assert requests.RequestAnswer.objects.get(review=review).text == "A long draft."


def test_a_closed_request_can_take_answers_again_and_a_withdrawn_one_cannot(
    review: models.Review, lead: Client, asked: Asked
) -> None:
    lead.post(at(review, "requests/R01/close/"), {"why": "Enough."})
    lead.post(at(review, "requests/R01/reopen/"), {})
    answer(asked[0], "Q001")
    lead.post(at(review, "requests/R01/withdraw/"), {"why": "Asked elsewhere."})
    lead.post(at(review, "requests/R01/reopen/"), {})

    assert load_review(review, every=True).requests[0].state == "withdrawn"


def test_a_question_that_is_asked_no_longer_keeps_its_answer(
    review: models.Review, lead: Client, asked: Asked
) -> None:
    con, _ = asked
    answer(con, "Q001", "Written already.")
    lead.post(at(review, "request-questions/Q001/withdraw/"), {"why": "We found it out."})
    client = client_of(con)

    assert "We found it out." in page(client, at(review, "your-requests/R01/"))
    shown = client.post(at(review, "your-answers/Q001/"), {"text": "More.", "version": "1"})
    assert "asked no longer" in shown.content.decode()
    assert "Written already." in page(client, at(review, "your-answers/Q001/"))
    answer(con, "Q002")
    give(con, "R01")
    assert load_progress(review, "R01")[0].state == "given"


# --------------------------------------------------------------------------- reminders


def due(review: models.Review) -> list[tuple[str, bool]]:
    rows = models.DueDate.objects.filter(review=review).select_related("person").order_by("pk")
    return [(one.person.name if one.person else "", one.done_on is None) for one in rows]


def test_those_who_answer_are_reminded_as_long_as_something_waits(
    review: models.Review, lead: Client, asked: Asked
) -> None:
    con, dot = asked
    assert due(review) == [("Con", True), ("Dot", True)]
    soon = timezone.localdate() + timedelta(days=6)
    assert make_notices(soon) == 2
    assert "Information request R01" in page(client_of(con), at(review, ""))

    answer(con, "Q001")
    answer(con, "Q002")
    give(con, "R01")
    assert due(review) == [("Con", False), ("Dot", False)]
    judging.return_answers(
        review=review, by=lead_of(review), code="R01", missing={"Q002": "Which?"},
        due_on=soon + timedelta(days=9),
    )  # fmt: skip
    assert due(review) == [("Con", True), ("Dot", True)]
    days = set(models.DueDate.objects.filter(review=review).values_list("on", flat=True))
    assert days == {soon + timedelta(days=9)}
    # What it says is new, so that somebody who had seen it is reminded again.
    assert make_notices(soon + timedelta(days=8)) == 2

    making.change_request(
        review=review, by=lead_of(review), code="R01", values={"answered_by": (dot.code,)}
    )
    assert due(review) == [("Con", False), ("Dot", True)]
    lead.post(at(review, "requests/R01/close/"), {"why": "Enough."})
    assert due(review) == [("Con", False), ("Dot", False)]
    assert len(load_review(review, every=True).requests[0].due_dates) == 2


# --------------------------------------------------------------------------- judging


def test_several_documents_become_sources_that_can_be_quoted(
    review: models.Review, asked: Asked
) -> None:
    con, _ = asked
    digests = [
        hand_in(review=review, by=con, name=f"{name}.txt", content=name.encode()).document.code
        for name in ("one", "two", "three")
    ]
    answer(con, "Q001", "See all.", documents=digests)
    answer(con, "Q002", "", cannot="Not held.")
    give(con, "R01")
    sources = judging.accept_answers(review=review, by=lead_of(review), code="R01")

    assert [one.note for one in sources] == ["See all.", "Not held, or cannot be given: Not held."]
    whole = load_review(review, every=True)
    assert [one.document for one in whole.sources] == [*digests, ""]
    assert {one.kind for one in whole.sources} == {"information_request"}
    assert [(one.state, one.source) for one in whole.request_answers] == [
        ("accepted", sources[0].code), ("accepted", sources[1].code),
    ]  # fmt: skip
    assert load_progress(review, "R01")[0].state == "accepted"
    with pytest.raises(PolicyError, match="waiting"):
        judging.accept_answers(review=review, by=lead_of(review), code="R01")


def test_two_who_judge_one_answer_at_once(review: models.Review, asked: Asked) -> None:
    answer(asked[0], "Q001")
    give(asked[0], "R01")
    judging.accept_answers(review=review, by=lead_of(review), code="R01", question="Q001")
    with pytest.raises(PolicyError, match="Nothing was sent back"):
        judging.return_answers(
            review=review, by=lead_of(review), code="R01", missing={"Q001": "More."}
        )


def test_nothing_is_accepted_once_the_report_is_out(
    review: models.Review, lead: Client, asked: Asked
) -> None:
    answer(asked[0], "Q001")
    give(asked[0], "R01")
    models.Review.objects.filter(pk=review.pk).update(stage="published")
    refused = lead.post(at(review, "request-questions/Q001/accept/"), {}, follow=True)

    assert "stand still" in refused.content.decode()
    assert requests.RequestAnswer.objects.get(review=review).state == "given"
    assert not models.Source.objects.filter(review=review).exists()


def test_every_round_is_kept(review: models.Review, lead: Client, asked: Asked) -> None:
    con, _ = asked
    for turn in ("first", "second"):
        answer(con, "Q001", f"The {turn} answer.")
        give(con, "R01")
        lead.post(at(review, "requests/R01/return/"), {"missing-Q001": f"After the {turn}?"})

    whole = load_review(review, every=True)
    assert [(one.round, one.missing, one.said) for one in whole.request_returns] == [
        (1, "After the first?", "The first answer."),
        (2, "After the second?", "The second answer."),
    ]  # fmt: skip
    shown = page(client_of(con), at(review, "your-answers/Q001/"))
    assert "After the first?" in shown
    assert "After the second?" in shown
    told = page(lead, at(review, "history/?record=Q001"))
    assert "returned the answer to question Q001" in told
    # Each event is told in words and leads somewhere.
    for event in tell_events(review, review.event_set.all(), {}):
        assert "request_" not in event.did
        if event.href:
            assert lead.get(event.href).status_code == 200, event.href


def test_a_return_says_what_is_missing(review: models.Review, lead: Client, asked: Asked) -> None:
    answer(asked[0], "Q001")
    give(asked[0], "R01")
    refused = lead.post(at(review, "requests/R01/return/"), {"missing-Q001": "  "})

    assert refused.status_code == 400
    assert "Say what is missing in at least one answer." in refused.content.decode()


# --------------------------------------------------------------------------- whole


def test_an_organisation_that_is_renamed_has_a_new_name_and_nothing_else(
    review: models.Review, lead: Client, asked: Asked
) -> None:
    answer(asked[0], "Q001")
    source_actions.save_organisation(
        review=review, by=lead_of(review), values={"name": "The new trust"}, code="the_trust"
    )
    assert "The new trust" in page(lead, at(review, "requests/"))
    assert "The new trust" in page(client_of(asked[0]), at(review, "your-requests/R01/"))
    give(asked[0], "R01")
    assert load_progress(review, "R01")[0].count("given") == 1


def test_all_answers_are_taken_out_and_no_cell_is_a_formula(
    review: models.Review, lead: Client, asked: Asked
) -> None:
    answer(asked[0], "Q001", "=HYPERLINK(1)\nשלום 🚑")
    give(asked[0], "R01")
    answer(asked[0], "Q002", "Only a draft.")
    content = lead.get(at(review, "request-answers.csv")).content
    (first, second) = csv.DictReader(content.decode("utf-8-sig").splitlines(keepends=True))
    assert first["answer"] == "'=HYPERLINK(1)\nשלום 🚑"
    assert (second["state"], second["answer"]) == ("Draft", "")
    book = load_workbook(io.BytesIO(lead.get(at(review, "request-answers.xlsx")).content))
    rows = list(book["answers"].iter_rows(values_only=True))
    assert len(rows) == 3
    cell = rows[1][rows[0].index("answer")]
    assert str(cell).endswith("HYPERLINK(1)\nשלום 🚑")
    assert "f" not in {one.data_type for row in book["answers"].iter_rows() for one in row}
    assert lead.get(at(review, "request-answers.exe")).status_code == 404


def test_the_summary_shows_who_has_answered_what(
    review: models.Review, lead: Client, asked: Asked
) -> None:
    make_request(review, make_organisation(review, "The council"))
    answer(asked[0], "Q001")
    give(asked[0], "R01")
    shown = page(lead, at(review, "request-summary/"))

    assert "1 of 2" in shown
    assert "The council" not in shown  # its request was not sent


def test_pages_of_many_requests_take_few_queries(
    review: models.Review, lead: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        trust = make_organisation(review, f"Trust {number}")
        con = make_contributor(review, trust)
        made = send_it(make_request(review, trust))
        for question in made.questions.all():
            answer(con, question.code)
    for rest in ("requests/", "request-summary/", "requests/R03/", "request-questions/Q005/",
                 "requests/R03/return/"):  # fmt: skip
        with django_assert_max_num_queries(30):
            page(lead, at(review, rest))
    theirs = client_of(con)
    for rest in ("your-requests/", "your-requests/R12/", "your-answers/Q023/"):
        with django_assert_max_num_queries(30):
            page(theirs, at(review, rest))


HOSTILE = ["\x00", "<script>alert(1)</script>", "{{ 7*7 }}", "\u202eשלום", "🚑" * 50,
           "'; DROP TABLE requests_requestanswer; --", "x" * 20_001]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_kept_or_refused_and_never_run(
    text: str, review: models.Review, lead: Client, asked: Asked
) -> None:
    client, address = client_of(asked[0]), at(review, "your-answers/Q001/")
    saved = client.post(address, {"text": text})
    if saved.status_code == 400:
        assert text in ("\x00", "x" * 20_001)
        assert not requests.RequestAnswer.objects.filter(review=review).exists()
        return
    give(asked[0], "R01")
    record = requests.RequestAnswer.objects.get(review=review, code="Q001")
    assert record.text == text
    for rest in ("requests/R01/", "request-questions/Q001/", "request-summary/"):
        assert "<script>alert" not in page(lead, at(review, rest))
