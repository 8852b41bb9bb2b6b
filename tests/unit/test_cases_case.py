"""Cases: the checklist, those from stays, and those typed in from paper records."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.helpers.stays_tables import make_stays
from wholesystem.errors import TableError
from wholesystem.reviews.cases import (
    Case,
    Stratum,
    journey_of,
    make_case,
    packaged_checklist,
    timeline_rows,
    type_in_case,
)
from wholesystem.reviews.cases.strata import RULES

STAYS = make_stays(
    "person stay service started_at ready_at ended_at\n"
    "p 1 ward 01T00:00 02T00:00 05T00:00\n"
    "q 1 ward 01T00:00 02T00:00 05T00:00",
    "01T00:00",
    "31T00:00",
)
PAPER_ROWS: list[dict[str, str]] = [
    {"service": "ward", "started_at": "2017-01-05T08:00", "ready_at": "", "ended_at": ""},
    {"service": "ae", "started_at": "2017-01-05T01:00", "ended_at": " 2017-01-05T08:00 "},
]


def typed_in(**changes: Any) -> Case:
    return type_in_case(**{"case": "c1", "rows": PAPER_ROWS} | changes)


def test_the_packaged_checklist_asks_what_a_case_is_looked_at_for() -> None:
    items = packaged_checklist()

    assert [one.item for one in items] == [
        "planning_began",
        "estimated_date",
        "estimate_shared",
        "assessments_repeated",
        "story_repeated",
        "involved",
        "medicines",
        "letter",
    ]
    assert all(one.illustrative == "yes" for one in items)
    assert all(bool(one.words) is (one.kind == "choice") for one in items)


def test_a_case_of_a_journey_holds_its_stays_answers_and_notes() -> None:
    case = make_case(
        "late-1",
        journey_of(STAYS, "p"),
        stratum="late",
        answers={"letter": " never ", "planning_began": "2017-01-02", "involved": "  "},
        notes=" Three moves of ward. ",
    )

    assert (case.person, case.stratum, case.stays.num_rows) == ("p", "late", 1)
    # In the checklist's order; a blank answer is none.
    assert case.answers == (("planning_began", "2017-01-02"), ("letter", "never"))
    assert case.notes == "Three moves of ward."
    with pytest.raises(dataclasses.FrozenInstanceError):
        case.notes = ""  # type: ignore[misc]


def test_a_case_typed_in_is_of_paper_and_its_stays_are_put_in_order() -> None:
    case = typed_in()

    assert case.person == "paper"
    assert case.stays["stay"].to_pylist() == [1, 2]
    assert [row.service for row in timeline_rows(case.stays)] == ["ae", "ward"]
    assert timeline_rows(case.stays)[1].ended_at is None


def test_stays_typed_in_pass_the_checks_of_an_import() -> None:
    rows = [
        {"service": "ward", "started_at": "2017-01-05T08:00", "ended_at": "2017-01-04T08:00"},
        {"service": "", "started_at": "yesterday"},
    ]

    with pytest.raises(TableError) as error:
        typed_in(rows=rows)

    told = str(error.value)
    assert "stays row 2, column ended_at" in told
    assert "stays row 3, column started_at is 'yesterday'" in told


def test_all_faults_are_told_together() -> None:
    with pytest.raises(TableError) as error:
        typed_in(
            case="",
            stratum="a;b",
            rows=[{"service": "ward", "started_at": "nonsense"}],
            answers={
                "letter": "perhaps",
                "planning_began": "3 May",
                "assessments_repeated": "-1",
                "mood": "good",
            },
            notes="\x00",
        )

    assert [fault.where for fault in error.value.faults] == [
        "stays row 2, column started_at",
        "case",
        "stratum",
        "notes",
        "answers, item letter",
        "answers, item planning_began",
        "answers, item assessments_repeated",
        "answers",
    ]


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([], "at least one stay"),
        ([PAPER_ROWS[0] | {"person": "Ann"}], "given by the program"),
        ([PAPER_ROWS[0] | {"mood": "good"}], "mood"),
    ],
)
def test_rows_that_make_no_journey_are_refused(rows: list[dict[str, str]], rule: str) -> None:
    with pytest.raises(TableError, match=rule):
        typed_in(rows=rows)


def test_a_case_is_of_one_person() -> None:
    with pytest.raises(TableError, match="stays of 2"):
        make_case("c", STAYS.table)


def test_services_side_by_side_must_be_named() -> None:
    rows = [
        {"service": "home_care", "started_at": "2017-01-01T08:00"},
        {"service": "nursing", "started_at": "2017-01-02T08:00"},
    ]

    with pytest.raises(TableError, match="no end"):
        typed_in(rows=rows)
    assert typed_in(rows=rows, concurrent=["home_care", "nursing"]).stays.num_rows == 2


@pytest.mark.parametrize(
    ("item", "good", "bad"),
    [
        ("assessments_repeated", "0", "1001"),
        ("assessments_repeated", "1000", "2.5"),
        ("letter", "same day", "Same day"),
        ("estimated_date", "2017-02-28", "2017-02-29"),
        ("involved", "a nurse; the family", "\x07"),
    ],
)
def test_answers_are_of_their_kind(item: str, good: str, bad: str) -> None:
    assert typed_in(answers={item: good}).answers == ((item, good),)
    with pytest.raises(TableError, match=f"item {item}"):
        typed_in(answers={item: bad})


def test_every_rule_column_and_item_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "case-tracking.md").read_text("utf-8")
    names = {*RULES, *Stratum.columns(), *(one.item for one in packaged_checklist())}

    assert [name for name in sorted(names) if f"`{name}`" not in page] == []
