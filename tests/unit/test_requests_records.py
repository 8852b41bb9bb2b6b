"""Rows of information requests that contradict themselves or others are refused, each with why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from tests.helpers import any_review
from wholesystem.errors import TableError
from wholesystem.reviews.requests.records import (
    InformationRequest,
    RequestAnswer,
    RequestQuestion,
    RequestReturn,
)

AT = datetime(2017, 11, 20, 9, 30)
BY: dict[str, Any] = {"recorded_by": "ada", "recorded_at": AT}


def request(**changes: Any) -> InformationRequest:
    told = {
        "request": "R1", "title": "Overview", "organisation": "trust", "illustrative": "no",
        "state": "sent", "sent_at": AT,
    }  # fmt: skip
    return InformationRequest(**told | changes, **BY)


def question(**changes: Any) -> RequestQuestion:
    told = {"request_question": "Q1", "request": "R1", "order": 1, "text": "Why?",
            "wants_document": "no"}  # fmt: skip
    return RequestQuestion(**told | changes, **BY)


def answer(**changes: Any) -> RequestAnswer:
    told = {"request_question": "Q1", "state": "given", "text": "So.", "given_at": AT, "late": "no"}
    return RequestAnswer(**told | changes, **BY)


def back(**changes: Any) -> RequestReturn:
    told = {"request_return": "B1", "request_question": "Q1", "round": 1, "missing": "Why?"}
    return RequestReturn(**told | changes, **BY)


def whole(**tables: Any) -> Any:
    made: dict[str, Any] = {
        "requests": (request(),), "request_questions": (question(),),
        "request_answers": (answer(),), "request_returns": (back(),),
    }  # fmt: skip
    return any_review.review(**made | tables)


def test_rows_that_fit_are_taken() -> None:
    assert len(whole().request_answers) == 1


@pytest.mark.parametrize(
    ("tables", "where"),
    [
        ({"requests": (request(sent_at=None),)}, "requests.csv row 2, column sent_at"),
        (
            {"requests": (request(state="draft"),), "request_answers": ()},
            "requests.csv row 2, column sent_at",
        ),
        ({"requests": (request(state="closed"),)}, "requests.csv row 2, column ended_why"),
        ({"requests": (request(ended_why="Why"),)}, "requests.csv row 2, column ended_why"),
        (
            {"requests": (request(organisation="nobody"),)},
            "requests.csv row 2, column organisation",
        ),
        ({"requests": (request(answered_by=("eve",)),)}, "requests.csv row 2, column answered_by"),
        ({"requests": (request(due_dates=("D9",)),)}, "requests.csv row 2, column due_dates"),
        (
            {"request_questions": (question(kloe=("nothing",)),)},
            "request_questions.csv row 2, column kloe",
        ),
        (
            {"request_answers": (answer(request_question="Q9"),)},
            "request_answers.csv row 2, column request_question",
        ),
        (
            {"request_answers": (answer(), answer())},
            "request_answers.csv row 3, column request_question",
        ),
        (
            {"request_answers": (answer(given_at=None),)},
            "request_answers.csv row 2, column given_at",
        ),
        ({"request_answers": (answer(text=""),)}, "request_answers.csv row 2, column text"),
        (
            {"request_answers": (answer(state="accepted"),)},
            "request_answers.csv row 2, column source",
        ),
        (
            {"request_answers": (answer(documents=("b" * 64,)),)},
            "request_answers.csv row 2, column documents",
        ),
        (
            {"requests": (request(state="draft", sent_at=None),)},
            "request_answers.csv row 2, column request_question",
        ),
        (
            {"request_returns": (back(), back(request_return="B2"))},
            "request_returns.csv row 3, column round",
        ),
    ],
)
def test_rows_that_do_not_fit_are_told_where_they_stand(tables: Any, where: str) -> None:
    with pytest.raises(TableError) as error:
        whole(**tables)

    assert where in [one.where for one in error.value.faults]


@pytest.mark.parametrize(
    ("documents", "rule"),
    [
        ("a" * 63, "SHA-256"),
        (f"{'a' * 64}; {'a' * 64}", "twice"),
        ([f"{at:064x}" for at in range(51)], "at most 50"),
    ],
)
def test_documents_are_digests_each_once(documents: Any, rule: str) -> None:
    with pytest.raises(ValidationError, match=rule):
        answer(documents=documents)


def test_a_request_that_was_withdrawn_may_never_have_been_sent() -> None:
    for sent_at in (None, AT):
        gone = request(state="withdrawn", sent_at=sent_at, ended_why="Asked elsewhere.")
        assert whole(requests=(gone,)).requests[0].ended_why == "Asked elsewhere."
