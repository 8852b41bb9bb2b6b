"""Results of a closed tool: what is in them, what a filter adds up, and what is not there."""

from __future__ import annotations

import pytest

from tests.helpers.feedback import make_instrument, make_sheets
from wholesystem.errors import ParameterError
from wholesystem.reports.feedback_pictures import (
    picture_matrix,
    picture_question,
    picture_rates,
)
from wholesystem.reviews.feedback import (
    AnswerSheet,
    Results,
    filter_result,
    group_label,
    make_results,
    search_comments,
    tally,
)
from wholesystem.reviews.feedback.instrument import Answer

INSTRUMENT = make_instrument()


def sheets_of_a_tool() -> list[AnswerSheet]:
    said: dict[str, Answer] = {
        "came": "yes",
        "on_time": "half",
        "trust": {"Council": "often"},
        "why": "A café, late",
    }
    hospital: dict[str, Answer] = {"came": "yes", "on_time": "always", "why": "No bed"}
    return [
        *make_sheets(INSTRUMENT, {("manager", "oak"): 5, ("carer", "oak"): 6}, said),
        *make_sheets(INSTRUMENT, {("nurse", "general"): 7, ("doctor", "general"): 3}, hospital),
    ]


def results_of_a_tool() -> Results:
    return make_results(
        INSTRUMENT,
        sheets_of_a_tool(),
        {("nurse", "general"): 10, ("manager", "oak"): 10, ("carer", "oak"): 12},
        [("doctor", "general")],
        {"oak": "The Oak"},
    )


def test_questions_are_those_of_the_tallies_with_shares() -> None:
    found = results_of_a_tool().result_of("on_time")

    assert found.results == tally(INSTRUMENT, sheets_of_a_tool(), "on_time")
    assert (found.low_value, found.low[0].part, found.low[0].whole) == ("half", 11, 21)  # type: ignore[union-attr]
    assert [s and (s.part, s.whole) for s in found.positive[:4]] == [
        (10, 21),
        (0, 11),
        None,
        (10, 10),
    ]


def test_the_matrix_has_what_is_missing_as_missing() -> None:
    matrix = {one.about: one for one in results_of_a_tool().matrix_of("trust")}

    answered = {
        about: {r.name: r.answered for r in one.results if r.axis == "kind"}
        for about, one in matrix.items()
    }

    assert answered["Council"] == {"Care homes": 11, "Council": 0, "Hospital": 0}
    assert answered["Hospital"] == {"Care homes": 0, "Council": 0, "Hospital": 0}


def test_a_filter_adds_up_what_is_shown_and_names_what_is_not() -> None:
    results = results_of_a_tool()
    chosen = [("Care homes", "manager"), ("Hospital", "nurse"), ("Hospital", "doctor")]

    found = filter_result(results, "on_time", "role", chosen)

    # Three doctors are few, and nurses guard them.
    assert found.not_shown == ("nurse", "doctor")
    assert found.result is not None
    assert found.result.answered == 5
    assert found.low is not None
    assert (found.low.part, found.low.whole) == (5, 5)
    assert filter_result(results, "on_time", "role", chosen[1:]).result is None


@pytest.mark.parametrize(
    ("axis", "chosen", "told"),
    [
        ("role", [("Hospital", "nurze")], "'nurze' is none"),
        ("role", [], "None is chosen"),
        ("kind", [("", "Hospital"), ("", "Hospital")], "one is chosen twice"),
        ("shoe size", [("", "9")], "Choose each once, from all, kind"),
    ],
)
def test_a_filter_of_no_such_groups_is_told(
    axis: str, chosen: list[tuple[str, str]], told: str
) -> None:
    with pytest.raises(ParameterError, match=told):
        filter_result(results_of_a_tool(), "on_time", axis, chosen)


def test_an_unknown_question_is_told() -> None:
    with pytest.raises(ParameterError, match="Did you mean on_time"):
        results_of_a_tool().result_of("on_tim")


def test_rates_say_why_there_is_none() -> None:
    rates = {(one.axis, one.name): one for one in results_of_a_tool().rates}

    assert rates["kind", "Care homes"].rate == 11 / 22
    assert rates["kind", "Hospital"].reason.startswith("No rate: an open link")
    assert rates["role", "nurse"].answered is None


def test_comments_stand_with_no_more_than_their_groups_allow() -> None:
    (why,) = results_of_a_tool().comments
    assert why.comments is not None

    written = {(one.text, one.kind, one.role, one.organisation) for one in why.comments}

    assert written == {
        ("A café, late", "Care homes", "manager", "oak"),
        ("A café, late", "Care homes", "carer", "oak"),
        ("No bed", "Hospital", "", "general"),
    }
    counts = {(one.axis, one.name): one.comments for one in why.counts}
    assert (counts["all", ""], counts["role", "nurse"], counts["kind", "Hospital"]) == (
        21,
        None,
        10,
    )


def test_comments_of_four_people_are_not_there() -> None:
    sheets = make_sheets(INSTRUMENT, {("nurse", "general"): 4}, {"came": "yes", "why": "No bed"})

    (why,) = make_results(INSTRUMENT, sheets).comments

    assert why.comments is None
    assert "No bed" not in repr(make_results(INSTRUMENT, sheets))


def test_comments_are_found_by_words_without_accents() -> None:
    (why,) = results_of_a_tool().comments
    assert why.comments is not None

    assert len(search_comments(why.comments, "LATE cafe")) == 11
    assert len(search_comments(why.comments, "cafe", role="carer")) == 6
    assert search_comments(why.comments, "bed", role="nurse") == ()
    assert len(search_comments(why.comments)) == 21


def test_labels_are_those_of_people() -> None:
    results = results_of_a_tool()
    labels = {group_label(results, one) for one in results.rates}

    assert {"All who answered", "The Oak", "general", "nurse"} <= labels


def test_no_answers_give_results_of_nobody() -> None:
    results = make_results(INSTRUMENT, [])

    assert {one.answered for q in results.questions for one in q.results} == {0}
    assert {share for q in results.questions for share in q.positive} == {None}


def test_pictures_are_of_the_same_figures() -> None:
    results = results_of_a_tool()

    asked = picture_question(results, results.result_of("on_time"), ("all", "role"), low=True)
    matrix = picture_matrix(results, "trust")
    rates = picture_rates(results)

    assert asked is not None
    shown = {row[0]: row[-1] for row in asked.table.rows}
    assert shown["All who answered"] == "52% (32% to 72%)"
    assert shown["nurse"] == "not shown"
    assert asked.table.columns[-1] == "Share of answers at or below “half”"
    pairs = {row[:2]: row[2:4] for row in matrix.table.rows}
    assert pairs["Care homes", "Council"] == ("11", "100%")
    assert pairs["Council", "Hospital"] == ("0", "nobody answered")
    assert ("Council", "Council") not in pairs
    assert [row[3] for row in rates.table.rows] == [
        "21 people answered, no rate",
        "50%: 11 of 22",
        "0 people answered, no rate",
        "10 people answered, no rate",
    ]
    assert picture_question(results, results.result_of("ways")) is None
