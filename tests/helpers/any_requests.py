"""A strategy of the information requests of a review: any that the checks let through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from wholesystem.reviews.requests.records import (
    InformationRequest,
    RequestAnswer,
    RequestQuestion,
    RequestReturn,
)

TEXTS = st.text("ab é🏥", min_size=1, max_size=8).map(str.strip).filter(bool)
TIMES = st.datetimes(datetime(2017, 1, 1), datetime(2018, 12, 31)).map(
    lambda at: at.replace(microsecond=0)
)


def _seldom(values: Any = TEXTS) -> Any:
    return st.just("") | st.just("") | values


def _some(choices: Sequence[str], most: int = 2) -> Any:
    if not choices:
        return st.just(())
    return st.lists(st.sampled_from(choices), unique=True, max_size=most).map(tuple)


@st.composite
def _request(
    draw: st.DrawFn,
    number: int,
    organisations: Sequence[str],
    due_dates: Sequence[str],
    by: dict[str, Any],
) -> InformationRequest:
    state = draw(st.sampled_from(["draft", "sent", "sent", "closed", "withdrawn"]))
    has_gone = state in ("sent", "closed") or (state == "withdrawn" and draw(st.booleans()))
    return InformationRequest(
        request=f"R{number}",
        title=draw(TEXTS),
        organisation=draw(st.sampled_from(["", *organisations])),
        question_set=draw(_seldom(st.just("own"))),
        illustrative=draw(st.sampled_from(["yes", "no"])),
        introduction=draw(_seldom()),
        answered_by=draw(_some([by["recorded_by"]])),
        due_on=draw(st.none() | TIMES.map(datetime.date)),
        state=state,
        sent_at=draw(TIMES) if has_gone else None,
        due_dates=draw(_some(due_dates)),
        ended_why=draw(TEXTS) if state in ("closed", "withdrawn") else "",
        **by,
    )


@st.composite
def _answer(
    draw: st.DrawFn,
    question: str,
    documents: Sequence[str],
    sources: Sequence[str],
    by: dict[str, Any],
) -> RequestAnswer:
    states = ["draft", "given", "returned", *(["accepted"] if sources else [])]
    state = draw(st.sampled_from(states))
    is_given = state != "draft"
    return RequestAnswer(
        request_question=question,
        state=state,
        text=draw(TEXTS if is_given else _seldom()),
        cannot=draw(_seldom()),
        documents=draw(_some(documents)),
        given_at=draw(TIMES) if is_given else None,
        late=draw(st.sampled_from(["yes", "no"])) if is_given else "",
        source=draw(st.sampled_from(sources)) if state == "accepted" else "",
        **by,
    )


@st.composite
def request_tables(
    draw: st.DrawFn,
    *,
    organisations: Sequence[str],
    people: Sequence[str],
    kloes: Sequence[str],
    documents: Sequence[str],
    sources: Sequence[str],
    due_dates: Sequence[str],
    at: datetime,
) -> dict[str, tuple[Any, ...]]:
    """The four tables of information requests, that fit each other."""
    by: dict[str, Any] = {"recorded_by": draw(st.sampled_from(people)), "recorded_at": at}
    requests = tuple(
        draw(_request(number, organisations, due_dates, by))
        for number in range(draw(st.integers(0, 3)))
    )
    questions, answers, returns = [], [], []
    for one in requests:
        for order in range(1, draw(st.integers(0, 3)) + 1):
            code = f"Q{one.request}{order}"
            questions.append(
                RequestQuestion(
                    request_question=code, request=one.request, order=order, text=draw(TEXTS),
                    help=draw(_seldom()), kloe=draw(_some(kloes)),
                    wants_document=draw(st.sampled_from(["yes", "no"])), withdrawn=draw(_seldom()),
                    **by,
                )
            )  # fmt: skip
            if one.state != "draft" and draw(st.booleans()):
                answers.append(draw(_answer(code, documents, sources, by)))
            for turn in range(1, draw(st.integers(0, 2)) + 1):
                returns.append(
                    RequestReturn(
                        request_return=f"B{code}{turn}", request_question=code, round=turn,
                        missing=draw(TEXTS), said=draw(_seldom()), **by,
                    )
                )  # fmt: skip
    return {
        "requests": requests,
        "request_questions": tuple(questions),
        "request_answers": tuple(answers),
        "request_returns": tuple(returns),
    }
