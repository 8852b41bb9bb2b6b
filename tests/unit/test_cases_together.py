"""The cases together: counts worked by hand, and what is hidden before it leaves the team."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from wholesystem.reviews.cases.case import packaged_checklist
from wholesystem.reviews.cases.records import CaseAnswer, CaseStay
from wholesystem.reviews.cases.together import (
    AnswerCount,
    count_answers,
    hospital_services,
    publishable,
)

AT = datetime(2018, 2, 1)


def stay(case: str, number: int, service: str, start: str, end: str = "") -> CaseStay:
    return CaseStay(case=case, stay=number, service=service, started_at=start, ended_at=end)


def answer(case: str, item: str, text: str) -> CaseAnswer:
    return CaseAnswer(case=case, item=item, answer=text, recorded_by="ada", recorded_at=AT)


def counted(
    item: str, cases: list[str], stays: Any, answers: Any, **options: Any
) -> dict[str, int]:
    counts = count_answers(cases, stays, packaged_checklist(), answers, **options)
    return {one.answer: one.cases for one in counts if one.item == item}


# Case A: emergency department to assessment unit to ward, one spell from 1 to 20 January; home;
# back on 1 February, still there. Case B: one night. Case C: never in hospital.
STAYS = [
    stay("A", 1, "ae", "2018-01-01T10:00", "2018-01-01T14:00"),
    stay("A", 2, "eau", "2018-01-01T14:00", "2018-01-03T09:00"),
    stay("A", 3, "acute", "2018-01-03T09:00", "2018-01-20T15:00"),
    stay("A", 4, "home", "2018-01-20T15:00", "2018-02-01T01:00"),
    stay("A", 5, "acute", "2018-02-01T01:00"),
    stay("B", 1, "acute", "2018-01-05T23:00", "2018-01-06T09:00"),
    stay("C", 1, "home", "2018-01-01T00:00"),
]
HOSPITAL = ("acute", "eau")


@pytest.mark.parametrize(
    ("case", "day", "told"),
    [
        ("A", "2018-01-01", "Within 2 days of arriving in hospital"),
        # From the assessment unit on: the ward is the same spell.
        ("A", "2018-01-03", "Within 2 days of arriving in hospital"),
        ("A", "2018-01-04", "Later"),
        ("A", "2018-01-20", "Later"),
        ("A", "2018-01-25", "Not in a hospital stay of the record"),
        ("A", "2018-02-03", "Within 2 days of arriving in hospital"),
        ("A", "2018-02-04", "Later"),
        ("B", "2018-01-06", "Within 2 days of arriving in hospital"),
        ("C", "2018-01-01", "Not in a hospital stay of the record"),
    ],
)
def test_planning_is_counted_from_arriving_in_hospital(case: str, day: str, told: str) -> None:
    found = counted(
        "planning_began", [case], STAYS, [answer(case, "planning_began", day)],
        days=2, services=HOSPITAL,
    )  # fmt: skip

    assert {name for name, n in found.items() if n} == {told}


def test_one_day_is_called_so_and_none_may_be_asked() -> None:
    answers = [answer("A", "planning_began", "2018-01-02")]

    one = counted("planning_began", ["A"], STAYS, answers, days=1, services=HOSPITAL)
    assert one["Within 1 day of arriving in hospital"] == 1
    none = counted("planning_began", ["A"], STAYS, answers, days=0, services=HOSPITAL)
    assert (none["Within 0 days of arriving in hospital"], none["Later"]) == (0, 1)


@pytest.mark.parametrize(
    ("case", "day", "told"),
    [
        ("A", "2018-01-20", "Left on it or before"),
        ("A", "2018-01-19", "Left after it"),
        ("A", "2018-02-10", "Still in hospital"),
        ("B", "2018-01-09", "Left on it or before"),
        ("C", "2018-01-09", "Not in a hospital stay of the record"),
    ],
)
def test_an_estimate_is_held_to_the_day_of_leaving(case: str, day: str, told: str) -> None:
    answers = [answer(case, "estimated_date", day)]
    found = counted("estimated_date", [case], STAYS, answers, services=HOSPITAL)

    assert {name for name, n in found.items() if n} == {told}


def test_answers_of_an_item_add_up_to_all_cases_whatever_they_are() -> None:
    answers = [
        answer("A", "letter", "later"),
        answer("B", "letter", "never"),
        answer("A", "assessments_repeated", "0"),
        answer("B", "assessments_repeated", "7"),
        answer("A", "involved", "ward nurse"),
        answer("D", "letter", "never"),
    ]
    counts = count_answers(["A", "B", "C"], STAYS, packaged_checklist(), answers)

    for item in packaged_checklist():
        assert sum(one.cases for one in counts if one.item == item.item) == 3
    told = {(one.item, one.answer): one.cases for one in counts if one.cases}
    assert told[("letter", "Later")] == told[("letter", "Never")] == 1
    assert told[("letter", "No answer")] == 1
    assert told[("assessments_repeated", "0")] == told[("assessments_repeated", "2 or more")] == 1
    assert told[("involved", "Answered")] == 1


def test_services_of_the_packaged_strata_count_as_hospital_where_they_are_known() -> None:
    assert hospital_services(STAYS) == ("acute", "eau")
    assert hospital_services([stay("A", 1, "my ward", "2018-01-01")]) == ()


# --------------------------------------------------------------------------- what may leave


def counts_of(**numbers: int) -> tuple[AnswerCount, ...]:
    of = sum(numbers.values())
    return tuple(AnswerCount("q", "Question?", name, n, of) for name, n in numbers.items())


def shown(frame: pd.DataFrame) -> list[int | None]:
    return [None if pd.isna(one) else int(one) for one in frame["cases"]]


def test_a_small_number_is_hidden_with_another_that_would_give_it_away() -> None:
    frame = publishable(counts_of(a=3, b=15, c=0))

    assert shown(frame) == [None, None, 0]
    # Which of the two is small is not told.
    assert list(frame["hidden"]) == ["yes", "yes", ""]


def test_hidden_numbers_add_up_to_more_than_is_hidden() -> None:
    assert shown(publishable(counts_of(a=1, b=2, c=10, d=30))) == [None, None, None, 30]


def test_the_number_of_cases_is_hidden_too_where_it_is_small() -> None:
    frame = publishable(counts_of(a=3, b=2))

    assert frame["of"].isna().all()
    assert frame["cases"].isna().all()


def test_what_is_shown_is_rounded() -> None:
    frame = publishable(counts_of(a=12, b=11))

    assert shown(frame) == [10, 10]
    assert set(frame["of"]) == {25}


def test_synthetic_cases_are_shown_as_they_are() -> None:
    frame = publishable(counts_of(a=3, b=15), rule="none")

    assert shown(frame) == [3, 15]
    assert set(frame["of"]) == {18}


def test_nothing_at_all_is_no_fault() -> None:
    assert publishable(()).empty
