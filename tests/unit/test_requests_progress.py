"""How far requests have come, who has answered what, and what is taken out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from wholesystem.reviews.requests.progress import (
    RequestProgress,
    make_progress,
    sort_by_standing,
)
from wholesystem.reviews.requests.records import (
    InformationRequest,
    RequestAnswer,
    RequestQuestion,
    RequestReturn,
)
from wholesystem.reviews.requests.summary import ANSWER_COLUMNS, answer_rows, make_grid

AT = datetime(2017, 11, 20, 9, 30)
BY: dict[str, Any] = {"recorded_by": "ada", "recorded_at": AT}
TODAY = date(2017, 11, 20)


def request(code: str = "R01", state: str = "sent", **changes: Any) -> InformationRequest:
    sent: dict[str, Any] = {} if state == "draft" else {"sent_at": AT}
    ended = {"ended_why": "Enough."} if state in ("closed", "withdrawn") else {}
    return InformationRequest(
        request=code, title="Overview", illustrative="no", state=state, **sent, **ended, **BY,
        **changes,
    )  # fmt: skip


def question(code: str, of: str = "R01", order: int = 1, **changes: Any) -> RequestQuestion:
    told = {"text": f"Text of {code}", "wants_document": "no", **changes}
    return RequestQuestion(request_question=code, request=of, order=order, **told, **BY)


def answer(code: str, state: str = "given", late: str = "no", **changes: Any) -> RequestAnswer:
    given: dict[str, Any] = {} if state == "draft" else {"given_at": AT, "late": late}
    source = {"source": "S1"} if state == "accepted" else {}
    told = {"text": f"Answer to {code}", **changes}
    return RequestAnswer(request_question=code, state=state, **given, **source, **told, **BY)


def progress(
    *states: str, of: InformationRequest | None = None, returns: Any = ()
) -> RequestProgress:
    """A request with one question a state: ``none`` has no answer, ``withdrawn`` is not asked."""
    asked = of or request()
    questions = [
        question(
            f"Q{at}", asked.request, at, withdrawn="Enough." if state == "withdrawn" else ""
        )
        for at, state in enumerate(states, start=1)
    ]  # fmt: skip
    answers = [
        answer(f"Q{at}", state)
        for at, state in enumerate(states, start=1)
        if state not in ("none", "withdrawn")
    ]
    return make_progress([asked], questions, answers, returns)[0]


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (("none", "none"), "sent"),
        (("draft", "none"), "begun"),
        (("given", "draft"), "part"),
        (("given", "given"), "given"),
        (("accepted", "given"), "given"),
        (("given", "returned"), "returned"),
        (("accepted", "returned"), "returned"),
        (("accepted", "accepted"), "accepted"),
        (("accepted", "withdrawn"), "accepted"),
        (("given", "none", "withdrawn"), "part"),
        (("withdrawn",), "sent"),
    ],
)
def test_how_far_a_sent_request_has_come(states: tuple[str, ...], told: str) -> None:
    assert progress(*states).state == told


@pytest.mark.parametrize("state", ["draft", "closed", "withdrawn"])
def test_a_request_that_is_not_out_is_what_its_row_says(state: str) -> None:
    found = progress("none", of=request(state=state, due_on=date(2017, 1, 1)))

    assert found.state == state
    assert not found.takes_answers
    assert not found.is_overdue(TODAY)


def test_a_request_is_overdue_from_the_day_after_and_only_while_it_waits() -> None:
    waits = progress("given", "none", of=request(due_on=TODAY))
    answered = progress("given", "accepted", of=request(due_on=date(2017, 11, 1)))

    assert not waits.is_overdue(TODAY)
    assert waits.is_due_within(TODAY, 0)
    assert waits.is_overdue(date(2017, 11, 21))
    assert not waits.is_due_within(date(2017, 11, 21), 5)
    assert not answered.is_overdue(TODAY)
    assert not progress("none").is_overdue(TODAY)  # it has no day


def test_each_request_is_told_once_under_its_gravest_reason() -> None:
    found = [
        progress("given", "returned", of=request("R1", due_on=date(2017, 11, 1))),
        progress("none", of=request("R2", due_on=date(2017, 11, 22))),
        progress("returned", of=request("R3", due_on=date(2017, 12, 22))),
        progress("given", "none", of=request("R4")),
        progress("accepted", "none", of=request("R5")),
        progress("none", of=request("R6", state="draft")),
        progress("accepted", of=request("R7")),
        progress("none", of=request("R8")),
    ]

    told = {one.rule: [it.code for it in one.requests] for one in sort_by_standing(found, TODAY, 3)}

    assert told == {
        "overdue": ["R1"], "due_soon": ["R2"], "returned": ["R3"], "to_read": ["R4"],
        "part": ["R5"], "not_sent": ["R6"],
    }  # fmt: skip
    assert list(told) == ["overdue", "due_soon", "returned", "to_read", "part", "not_sent"]


def test_the_same_words_are_one_row_whoever_is_asked() -> None:
    first, second = request("R1", organisation="trust"), request("R2", organisation="council")
    questions = [
        question("Q1", "R1", 1, text="Who waits?"),
        question("Q2", "R1", 2, text="Why?"),
        question("Q3", "R2", 1, text="Why?"),
        question("Q4", "R2", 2, text="Alone", withdrawn="Enough."),
        question("Q5", "R2", 3, text="Why?"),  # twice in one request: two rows
    ]
    grid = make_grid(make_progress([first, second], questions, [answer("Q3")], []))

    assert [row.text for row in grid.rows] == ["Who waits?", "Why?", "Why?"]
    told = [{code: cell.code for code, cell in row.cells.items()} for row in grid.rows]
    assert told == [{"R1": "Q1"}, {"R1": "Q2", "R2": "Q3"}, {"R2": "Q5"}]


def test_what_is_taken_out_has_no_words_of_a_draft() -> None:
    back = RequestReturn(
        request_return="B1", request_question="Q3", round=1, missing="Why?", said="Said", **BY
    )
    found = make_progress(
        [request(organisation="trust")],
        [question("Q1", order=1), question("Q2", order=2), question("Q3", order=3)],
        [answer("Q1", late="yes", documents=("a" * 64,)), answer("Q2", "draft"),
         answer("Q3", "returned")],
        [back],
    )  # fmt: skip
    rows = [
        dict(zip(ANSWER_COLUMNS, row, strict=True))
        for row in answer_rows(found, {"trust": "The trust"}, {"a" * 64: "plan.pdf"})
    ]

    assert [one["state"] for one in rows] == ["Answered", "Draft", "Sent back"]
    assert [one["answer"] for one in rows] == ["Answer to Q1", "", ""]
    assert (rows[0]["late"], rows[0]["documents"], rows[0]["asked"]) == (
        "yes", "plan.pdf", "The trust",
    )  # fmt: skip
    assert (rows[2]["times_sent_back"], rows[2]["missing"]) == ("1", "Why?")
