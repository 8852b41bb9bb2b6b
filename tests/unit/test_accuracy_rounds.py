"""Rounds of factual accuracy: the clock, what is decided, and who may sign."""

from datetime import date, datetime

import pytest

from tests.helpers.reviews import make_review, make_source
from wholesystem.reviews import records
from wholesystem.reviews.accuracy.record_checks import accuracy_faults
from wholesystem.reviews.accuracy.records import AccuracyComment, AccuracyRound
from wholesystem.reviews.accuracy.rounds import clock_of, state_of, why_not_sign

AT = datetime(2018, 1, 24, 9, 0)


def make_round(**changes: object) -> AccuracyRound:
    made = {
        "accuracy_round": "AR1", "report_version": "V1", "organisations": "A; B",
        "sent_on": date(2018, 1, 8), "working_days": 10, "due_on": date(2018, 1, 22),
        "recorded_by": "ada", "recorded_at": AT,
    }  # fmt: skip
    return AccuracyRound(**made | changes)


def make_comment(name: str = "AC1", **changes: object) -> AccuracyComment:
    made = {
        "accuracy_comment": name, "accuracy_round": "AR1", "organisation": "A",
        "section_kind": "question", "section": "q1", "text": "It was June.", "recorded_by": "eve",
        "recorded_at": AT,
    }  # fmt: skip
    return AccuracyComment(**made | changes)


def decided(name: str = "AC1", by: str = "ada", **changes: object) -> AccuracyComment:
    made = {"decision": "accepted", "reason": "So it was.", "decided_by": by, "decided_at": AT}
    return make_comment(name, **made | changes)


@pytest.mark.parametrize(
    ("today", "closed", "is_over", "words"),
    [
        ((2018, 1, 8), None, False, "10 working days left. The last day"),
        ((2018, 1, 19), None, False, "1 working day left."),
        ((2018, 1, 20), None, False, "1 working day left."),  # a Saturday
        ((2018, 1, 22), None, False, "Today, Monday 22 January 2018, is the last day"),
        ((2018, 1, 23), None, True, "The time for comments ended on Monday 22 January 2018."),
        ((2018, 1, 19), (2018, 1, 18), True, "The round was closed on 18 January 2018."),
    ],
)
def test_the_clock(
    today: tuple[int, int, int], closed: tuple[int, int, int] | None, is_over: bool, words: str
) -> None:
    one = make_round(closed_on=date(*closed) if closed else None)
    found = clock_of(one, date(*today))
    assert found.is_over == is_over
    assert found.words.startswith(words)


def test_what_is_said_and_decided() -> None:
    comments = (
        make_comment("AC1"),
        decided("AC2"),
        decided("AC3", decision="not_accepted"),
        make_comment("AC4", withdrawn="Sent twice."),
        make_comment("AC5", accuracy_round="AR2"),
    )
    state = state_of(make_round(), comments)
    assert [one.accuracy_comment for one in state.comments] == ["AC1", "AC2", "AC3"]
    assert [one.accuracy_comment for one in state.undecided] == ["AC1"]
    assert dict(state.decisions) == {"accepted": 1, "partly": 0, "not_accepted": 1}
    assert state.silent == ("B",)


def why(person: str, *comments: AccuracyComment, **changes: object) -> tuple[str, ...]:
    review = make_review(
        people=tuple(
            records.Person(person=name, name=name, role="reviewer")
            for name in ("ada", "vic", "dora")
        ),
        sources=(
            make_source("S1", kind="visit", recorded_by="vic"),
            make_source("S2", kind="document", recorded_by="dora"),
        ),
    )
    one = make_round(**{"closed_on": date(2018, 1, 23)} | changes)
    return why_not_sign(review, one, comments, person)


def test_somebody_who_was_not_there_may_sign() -> None:
    assert why("ian", decided()) == ()
    assert why("dora", decided()) == ()  # who recorded a document was not on the visit for it


@pytest.mark.parametrize(
    ("person", "changes", "reason"),
    [
        ("ian", {"closed_on": None}, "still open"),
        ("ian", {"signed_by": "ian", "signed_at": AT}, "signed already"),
        ("ada", {}, "You decided comments"),
        ("eve", {}, "You commented"),
        ("vic", {}, "was not on the visit"),
    ],
)
def test_who_may_not_sign(person: str, changes: dict[str, object], reason: str) -> None:
    (told,) = why(person, decided(), **changes)
    assert reason in told


def test_nobody_signs_while_a_comment_is_not_decided() -> None:
    assert why("ian", decided(), make_comment("AC2")) == ("1 comment is not decided yet.",)


# --------------------------------------------------------------------------- faults between rows


def faults(rounds: list[AccuracyRound], comments: list[AccuracyComment]) -> list[tuple[str, str]]:
    tables = {"accuracy_rounds": rounds, "accuracy_comments": comments}
    found = accuracy_faults(tables, lambda table, at, column: f"{table} {at} {column}")
    return [(one.where, one.rule) for one in found]


def test_sound_rows_have_no_fault() -> None:
    signed = make_round(closed_on=date(2018, 1, 23), signed_by="ian", signed_at=AT)
    assert faults([signed], [decided(change="It was June.")]) == []


@pytest.mark.parametrize(
    ("rounds", "comments", "where", "rule"),
    [
        ([make_round(due_on=date(2018, 1, 8))], [], "accuracy_rounds 0 due_on", "not after"),
        ([make_round(organisations="")], [], "accuracy_rounds 0 organisations", "at least one"),
        ([make_round(signed_at=AT)], [], "accuracy_rounds 0 signed_by", "by whom and when"),
        (
            [make_round(signed_by="ian", signed_at=AT)], [],
            "accuracy_rounds 0 signed_by", "after it was closed",
        ),
        (
            [make_round(closed_on=date(2018, 1, 23), signed_by="ada", signed_at=AT)],
            [decided(by="ada")], "accuracy_rounds 0 signed_by", "cannot sign",
        ),
        ([make_round()], [make_comment(organisation="C")],
         "accuracy_comments 0 organisation", "was not asked"),
        ([make_round()], [make_comment(decision="accepted", reason="x")],
         "accuracy_comments 0 decision", "by whom and when"),
        ([make_round()], [decided(reason="")], "accuracy_comments 0 reason", "its reason"),
        ([make_round()], [decided(decision="not_accepted", change="x")],
         "accuracy_comments 0 change", "Only a comment that was accepted"),
    ],
)  # fmt: skip
def test_rows_that_contradict_themselves(
    rounds: list[AccuracyRound], comments: list[AccuracyComment], where: str, rule: str
) -> None:
    found = faults(rounds, comments)
    assert [one for one, _ in found] == [where]
    assert rule in found[0][1]
