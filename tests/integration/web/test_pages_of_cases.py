"""Cases in the workspace: typed in, corrected, answered, withdrawn, and what becomes of them."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.helpers.cases import make_case
from tests.helpers.workspace import lead_of, make_member, make_review
from wholesystem.web.cases import models as cases
from wholesystem.web.workspace import models
from wholesystem.web.workspace.rows import load_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> models.Review:
    return make_review()


@pytest.fixture
def client(review: models.Review) -> Client:
    return client_of(lead_of(review))


def client_of(member: models.Member) -> Client:
    client = Client()
    user: Any = member.user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def stay(**changes: str) -> dict[str, str]:
    """What a form of a stay sends."""
    told = {
        "service": "acute", "started_on-day": "5", "started_on-month": "1",
        "started_on-year": "2018", "started_time": "08:15",
    }  # fmt: skip
    return {**told, **changes}


def ended(day: str, time: str = "", name: str = "ended") -> dict[str, str]:
    return {
        f"{name}_on-day": day, f"{name}_on-month": "1", f"{name}_on-year": "2018",
        f"{name}_time": time,
    }  # fmt: skip


def address(review: models.Review, rest: str = "") -> str:
    return f"/reviews/{review.code}/cases/{rest}"


def events(review: models.Review) -> list[tuple[str, str, str]]:
    found = review.event_set.filter(table__startswith="case").order_by("number")
    return list(found.values_list("action", "table", "record"))


def test_a_case_is_typed_in_stay_by_stay(review: models.Review, client: Client) -> None:
    first = {**stay(), **ended("9", "10:00"), "title": "Home after a fall", "then": "stay"}
    answer = client.post(address(review, "add/"), first, follow=True)

    assert answer.redirect_chain[-1][0] == address(review, "C01/stays/add/")
    # It was before the first: stays are numbered in order of their start.
    second = {**stay(service="ae", started_time="01:00"), **ended("5", "08:00")}
    client.post(address(review, "C01/stays/add/"), second, follow=True)

    whole = load_review(review, every=True)
    assert [(one.stay, one.service, one.started_at) for one in whole.case_stays] == [
        (1, "ae", "2018-01-05T01:00:00"),
        (2, "acute", "2018-01-05T08:15:00"),
    ]
    (case,) = whole.cases
    assert (case.pseudonym, case.title, case.synthetic) == ("paper", "Home after a fall", "no")
    assert events(review) == [
        ("added", "case_checklist", "checklist"),
        ("added", "cases", "C01"),
        ("added", "case_stays", "C01"),
        ("added", "case_stays", "C01 1"),
    ]
    last: Any = review.event_set.order_by("-number").first()
    assert json.loads(last.changes)["numbers"] == ["2; 1", "1; 2"]


def test_faults_of_a_stay_are_told_together_and_nothing_typed_is_lost(
    review: models.Review, client: Client
) -> None:
    make_case(review)
    wrong = {**stay(service="ward", started_time="26:00"), "responsible": "me"}
    answer = client.post(address(review, "C01/stays/add/"), wrong)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Enter a time such as 08:15" in page
    assert "Choose who is responsible" in page
    assert 'value="ward"' in page

    overlapping = {**stay(service="ward"), **ended("8")}
    answer = client.post(address(review, "C01/stays/add/"), overlapping)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "still in stay 2 at that time" in page
    assert 'href="#id_started_on-day"' in page
    assert 'value="ward"' in page
    assert cases.CaseStay.objects.count() == 2


def test_a_stay_is_corrected_to_the_second_that_it_had(
    review: models.Review, client: Client
) -> None:
    make_case(
        review,
        stays=({"service": "acute", "started_at": "2018-01-05T08:15:22.123456"},),
    )
    page = client.get(address(review, "C01/stays/1/")).content.decode()
    assert 'value="08:15"' in page

    client.post(address(review, "C01/stays/1/"), {**stay(), **ended("9")})

    (row,) = load_review(review, every=True).case_stays
    assert (row.started_at, row.ended_at) == ("2018-01-05T08:15:22.123456", "2018-01-09T00:00:00")


def test_two_people_correcting_one_stay_are_told_and_lose_nothing(
    review: models.Review, client: Client
) -> None:
    make_case(review)
    page = client.get(address(review, "C01/stays/2/")).content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    first = {**stay(started_time="08:00"), **ended("15"), "seen": seen}
    client.post(address(review, "C01/stays/2/"), first)
    second = {**stay(started_time="08:00"), **ended("16"), "seen": seen}
    answer = client.post(address(review, "C01/stays/2/"), second)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "2018-01-15 00:00" in page
    assert "2018-01-16 00:00" in page
    again = page.partition('name="seen" value="')[2].partition('"')[0]
    answer = client.post(address(review, "C01/stays/2/"), {**second, "seen": again})

    assert answer.status_code == 302
    assert load_review(review, every=True).case_stays[1].ended_at == "2018-01-16T00:00:00"


def test_a_stay_that_is_another_one_by_now_is_not_overwritten(
    review: models.Review, client: Client
) -> None:
    make_case(review)
    page = client.get(address(review, "C01/stays/1/")).content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    before = {**stay(service="home", **{"started_on-day": "1"}), **ended("5", "00:30")}
    client.post(address(review, "C01/stays/add/"), before)
    answer = client.post(address(review, "C01/stays/1/"), {**stay(service="mine"), "seen": seen})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "stay 1 is another one now (home" in page
    assert 'value="mine"' in page
    assert [one.service for one in load_review(review, every=True).case_stays] == [
        "home",
        "ae",
        "acute",
    ]


def test_a_stay_is_taken_out_but_not_the_last(review: models.Review, client: Client) -> None:
    make_case(review)
    answer = client.post(address(review, "C01/stays/1/remove/"), {"why": "typed twice"})
    assert answer.status_code == 302
    answer = client.post(address(review, "C01/stays/1/remove/"), {"why": "typed twice"})

    assert answer.status_code == 400
    assert b"at least one stay" in answer.content
    assert [(one.stay, one.service) for one in load_review(review, every=True).case_stays] == [
        (1, "acute")
    ]


@pytest.mark.parametrize(
    ("item", "sent", "kept"),
    [
        ("letter", {"answer": "later"}, "later"),
        (
            "planning_began",
            {"answer-day": "10", "answer-month": "1", "answer-year": "2018"},
            "2018-01-10",
        ),
        ("assessments_repeated", {"answer": "3"}, "3"),
        ("involved", {"answer": "ward nurse\r\nsocial worker"}, "ward nurse\nsocial worker"),
    ],
)
def test_an_item_of_the_checklist_is_answered_and_taken_back(
    item: str, sent: dict[str, str], kept: str, review: models.Review, client: Client
) -> None:
    make_case(review)
    place = address(review, f"C01/checklist/{item}/")

    assert client.post(place, sent).status_code == 302
    (row,) = load_review(review, every=True).case_answers
    assert (row.case, row.item, row.answer) == ("C01", item, kept)
    page = client.get(address(review, "C01/")).content.decode()
    assert kept.splitlines()[0].capitalize() in page or kept.splitlines()[0] in page

    blank = {"answer": "no_answer_yet"} if item == "letter" else {}
    assert client.post(place, blank).status_code == 302
    assert load_review(review, every=True).case_answers == ()
    assert [one[0] for one in events(review)[-2:]] == ["added", "removed"]


def test_the_checklist_goes_on_to_the_next_item(review: models.Review, client: Client) -> None:
    make_case(review)
    answer = client.post(
        address(review, "C01/checklist/estimate_shared/"), {"answer": "yes", "then": "next"}
    )

    assert answer["Location"] == address(review, "C01/checklist/assessments_repeated/")


def test_two_people_answering_one_item_are_told(review: models.Review, client: Client) -> None:
    make_case(review)
    place = address(review, "C01/checklist/involved/")
    page = client.get(place).content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    client.post(place, {"answer": "ward nurse", "seen": seen})
    answer = client.post(place, {"answer": "social worker", "seen": seen})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "ward nurse" in page
    assert "social worker" in page
    again = page.partition('name="seen" value="')[2].partition('"')[0]
    assert client.post(place, {"answer": "both", "seen": again}).status_code == 302
    assert load_review(review, every=True).case_answers[0].answer == "both"


@pytest.mark.parametrize(
    ("item", "sent"),
    [
        ("letter", {"answer": "by pigeon"}),
        ("assessments_repeated", {"answer": "1001"}),
        ("assessments_repeated", {"answer": "a few"}),
        ("planning_began", {"answer-day": "31", "answer-month": "2", "answer-year": "2018"}),
        ("involved", {"answer": "x" * 20_001}),
        ("involved", {"answer": "Mrs Smith on 01865 555123"}),
        ("involved", {"answer": "a\x07b"}),
    ],
)
def test_an_answer_that_cannot_be_is_told(
    item: str, sent: dict[str, str], review: models.Review, client: Client
) -> None:
    make_case(review)
    answer = client.post(address(review, f"C01/checklist/{item}/"), sent)

    assert answer.status_code == 400
    assert b"There is a problem" in answer.content
    assert load_review(review, every=True).case_answers == ()


# --------------------------------------------------------------------------- evidence, both ways


@pytest.mark.parametrize(
    ("part", "place", "text"),
    [
        ("notes", "case C01, notes", "Told the story four times."),
        ("item-letter", "case C01, checklist item letter", "later"),
        (
            "stay-2",
            "case C01, stay 2 (acute from 5 January 2018)",
            "Ready to leave 8.2 days before leaving: Awaiting care package",
        ),
    ],
)
def test_a_part_of_a_case_becomes_evidence_and_leads_both_ways(
    part: str, place: str, text: str, review: models.Review, client: Client
) -> None:
    make_case(review, notes="Told the story four times.")
    client.post(address(review, "C01/checklist/letter/"), {"answer": "later"})
    answer = client.post(address(review, f"C01/begin/{part}/"), follow=True)

    page = answer.content.decode()
    assert place in page
    assert text in page
    sent = {"source": "S001", "text": "Seen in the record.", "form": "paraphrase",
            "shows": "concern", "place": place}  # fmt: skip
    client.post(address(review, f"C01/evidence/{part}/"), sent)

    whole = load_review(review, every=True)
    (source,), (evidence,) = whole.sources, whole.evidence
    assert (source.kind, source.title) == ("case_file", "Case C01")
    assert whole.cases[0].source == evidence.source == "S001"
    page = client.get(address(review, "C01/")).content.decode()
    assert f"/reviews/{review.code}/evidence/E001/" in page
    page = client.get(f"/reviews/{review.code}/evidence/E001/").content.decode()
    assert f"{address(review, 'C01/')}#{part}" in page
    page = client.get(f"/reviews/{review.code}/sources/S001/").content.decode()
    assert address(review, "C01/") in page


def test_a_second_beginning_uses_the_same_source(review: models.Review, client: Client) -> None:
    make_case(review)
    for part in ("stay-1", "stay-2"):
        client.post(address(review, f"C01/begin/{part}/"))

    assert [one.source for one in load_review(review, every=True).sources] == ["S001"]


@pytest.mark.parametrize("part", ["stay-9", "stay-", "item-letter", "item-none", "notes", "x"])
def test_a_part_that_is_not_there_becomes_nothing(
    part: str, review: models.Review, client: Client
) -> None:
    make_case(review)

    assert client.post(address(review, f"C01/begin/{part}/")).status_code == 404
    assert load_review(review, every=True).sources == ()


# --------------------------------------------------------------------------- withdrawing, stages


def test_a_case_is_withdrawn_with_its_source(review: models.Review, client: Client) -> None:
    make_case(review)
    client.post(address(review, "C01/begin/stay-1/"))
    client.post(address(review, "C01/withdraw/"), {"why": "the wrong person's record"})

    whole = load_review(review, every=True)
    assert whole.cases[0].withdrawn == whole.sources[0].withdrawn == "the wrong person's record"
    for rest in ("stays/add/", "change/"):
        answer = client.post(address(review, f"C01/{rest}"), stay())
        assert answer.status_code == 400
        assert b"was withdrawn" in answer.content
    answer = client.post(address(review, "C01/checklist/letter/"), {"answer": "later"})
    assert answer.status_code == 400


def test_nothing_of_a_published_review_is_changed(review: models.Review, client: Client) -> None:
    make_case(review)
    review.stage = "published"
    review.save()
    for rest, sent in (
        ("add/", stay()),
        ("C01/stays/add/", stay()),
        ("C01/checklist/letter/", {"answer": "later"}),
        ("C01/withdraw/", {"why": "no"}),
    ):
        answer = client.post(address(review, rest), sent)
        assert answer.status_code == 400, rest
        assert b"stand still" in answer.content
    assert len(load_review(review, every=True).cases) == 1


def test_a_contributor_sees_no_case(review: models.Review) -> None:
    make_case(review)
    client = client_of(make_member(review, "system_contributor"))

    assert client.get(address(review, "C01/")).status_code == 403
    assert b"Cases" not in client.get(f"/reviews/{review.code}/").content


# --------------------------------------------------------------------------- lists, history


def test_the_list_is_narrowed_by_stratum_and_words(review: models.Review, client: Client) -> None:
    make_case(review, stratum="long_delay", title="a first", notes="the letter went astray")
    make_case(review, stratum="night", title="a second")
    make_case(review, title="a third")

    page = client.get(address(review) + "?stratum=night").content.decode()
    assert ("a first" in page, "a second" in page, "a third" in page) == (False, True, False)
    page = client.get(address(review) + "?words=astray").content.decode()
    assert ("a first" in page, "a second" in page, "a third" in page) == (True, False, False)


def test_the_history_tells_what_was_done_to_a_case(review: models.Review, client: Client) -> None:
    make_case(review)
    client.post(address(review, "C01/stays/2/"), {**stay(started_time="08:00"), **ended("21")})
    client.post(address(review, "C01/checklist/letter/"), {"answer": "later"})
    page = client.get(f"/reviews/{review.code}/history/cases/C01/").content.decode()

    for words in (
        "added case C01",
        "added the stays of case C01",
        "corrected stay 2 of case C01",
        "answered letter for case C01",
    ):
        assert words in page
    page = client.get(f"/reviews/{review.code}/history/?record=C01").content.decode()
    assert "corrected stay 2 of case C01" in page


def test_pages_of_many_cases_take_few_queries(
    review: models.Review, client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        make_case(review)
    client.post(address(review, "C01/begin/stay-1/"))
    with django_assert_max_num_queries(20):
        client.get(address(review))
    with django_assert_max_num_queries(20):
        client.get(address(review, "C01/"))


# --------------------------------------------------------------------------- the cases together


def test_the_team_sees_every_number_and_what_leaves_is_hidden(
    review: models.Review, client: Client
) -> None:
    for n in range(18):
        make_case(review)
        if n < 3:
            client.post(address(review, f"C{n + 1:02d}/checklist/letter/"), {"answer": "never"})
    page = client.get(address(review, "together/")).content.decode()
    assert "3 of 18" in page
    assert "15 of 18" in page
    answer = client.get(address(review, "together/table.csv"))
    table = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))
    letter = {
        row["answer"]: (row["cases"], row["hidden"]) for row in table if row["item"] == "letter"
    }

    assert letter["Never"] == letter["No answer"] == ("", "yes")
    assert letter["Later"] == ("0", "")
    assert {row["of"] for row in table} == {"20"}
    book = client.get(address(review, "together/table.xlsx"))
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None
    rows = [["" if one.value is None else str(one.value) for one in row] for row in sheet.rows]
    assert rows == [list(table[0]), *(list(row.values()) for row in table)]


def test_synthetic_cases_are_counted_apart(review: models.Review, client: Client) -> None:
    make_case(review)
    make_case(review, synthetic="yes")
    page = client.get(address(review, "together/")).content.decode()
    assert "1 of 1" in page
    page = client.get(address(review, "together/?about=synthetic&days=2")).content.decode()
    assert "1 synthetic case" in page
    answer = client.get(address(review, "together/table.csv?about=synthetic"))
    assert "synthetic-cases.csv" in answer["Content-Disposition"]


@pytest.mark.parametrize("query", ["days=x", "days=-1", "days=99999", "service=%00", "about=🚑"])
def test_nonsense_in_what_is_counted_is_passed_over(
    query: str, review: models.Review, client: Client
) -> None:
    make_case(review)

    assert client.get(address(review, f"together/?{query}")).status_code == 200
    assert client.get(address(review, f"together/table.csv?{query}")).status_code == 200


def test_a_stay_whose_delay_came_in_parts_is_taken_out_with_them(
    review: models.Review, client: Client
) -> None:
    parts = ({"stay": 2, "began_at": "2018-01-12T10:00", "ceased_at": "2018-01-20T15:00"},)
    make_case(review, delays=parts)
    shorter = {**stay(started_time="08:00"), **ended("15"), **ended("12", "10:00", "ready")}
    answer = client.post(address(review, "C01/stays/2/"), shorter)

    assert answer.status_code == 400
    assert "came in parts, each with its reason" in answer.content.decode()
    client.post(address(review, "C01/stays/2/remove/"), {"why": "to be typed again"})
    client.post(address(review, "C01/stays/add/"), shorter)
    whole = load_review(review, every=True)
    assert whole.case_delays == ()
    assert whole.case_stays[1].ended_at == "2018-01-15T00:00:00"


def test_parts_of_a_delay_move_with_their_stay(review: models.Review, client: Client) -> None:
    parts = ({"stay": 2, "began_at": "2018-01-12T10:00", "ceased_at": "2018-01-20T15:00"},)
    make_case(review, delays=parts)
    before = {**stay(service="home", **{"started_on-day": "1"}), **ended("5", "00:30")}
    client.post(address(review, "C01/stays/add/"), before)

    assert [(one.stay, one.began_at) for one in load_review(review, every=True).case_delays] == [
        (3, "2018-01-12T10:00:00")
    ]


def test_evidence_that_names_a_stay_is_told_of_when_numbers_move(
    review: models.Review, client: Client
) -> None:
    make_case(review)
    client.post(address(review, "C01/begin/stay-2/"))
    sent = {"source": "S001", "text": "Seen.", "form": "paraphrase", "shows": "concern",
            "place": "case C01, stay 2 (acute from 5 January 2018)"}  # fmt: skip
    client.post(address(review, "C01/evidence/stay-2/"), sent)
    before = {**stay(service="home", **{"started_on-day": "1"}), **ended("5", "00:30")}
    answer = client.post(address(review, "C01/stays/add/"), before, follow=True)

    assert "names a stay by its number and its day: E001" in answer.content.decode()
