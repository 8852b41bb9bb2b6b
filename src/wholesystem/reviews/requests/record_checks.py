"""What may be wrong between a review's rows of information requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from wholesystem.errors import Fault

__all__ = ["request_faults"]

Place = Callable[[str, int, str], str]


def request_faults(tables: Mapping[str, Sequence[Any]], where: Place) -> Iterator[Fault]:
    """Rows that contradict themselves or others.

    Parameters
    ----------
    tables : mapping of str to sequence of Row
        Of a review.
    where : callable
        Place of a cell by table, number of its row from 0, and column.

    Yields
    ------
    Fault
        Moments and reasons that do not fit a state, answers that say nothing though they were
        given, and answers to what was never sent.
    """
    for at, one in enumerate(tables["requests"]):
        yield from _request(one, at, where)
    drafts = {one.request for one in tables["requests"] if one.state == "draft"}
    unsent = {one.request_question for one in tables["request_questions"] if one.request in drafts}
    for at, answer in enumerate(tables["request_answers"]):
        yield from _answer(answer, at, where)
        if answer.request_question in unsent:
            yield Fault(
                where("request_answers", at, "request_question"),
                answer.request_question,
                "Its request was not sent, so that it cannot be answered.",
                "Correct the request’s state, or remove the answer.",
            )
    yield from _rounds(tables["request_returns"], where)


def _request(one: Any, at: int, where: Place) -> Iterator[Fault]:
    has_gone = one.state in ("sent", "closed")
    # A request may be withdrawn before or after it was sent.
    if one.state != "withdrawn" and has_gone != bool(one.sent_at):
        yield Fault(
            where("requests", at, "sent_at"),
            one.sent_at.isoformat() if one.sent_at else "",
            "A request that was sent or closed says when it was sent; a draft does not.",
            "Correct the moment or the state.",
        )
    if (one.state in ("closed", "withdrawn")) != bool(one.ended_why):
        yield Fault(
            where("requests", at, "ended_why"),
            one.ended_why,
            "A request that was closed or withdrawn says why; no other does.",
            "Fill or clear the cell, or correct the state.",
        )


def _answer(one: Any, at: int, where: Place) -> Iterator[Fault]:
    def fault(column: str, value: str, rule: str, remedy: str) -> Fault:
        return Fault(where("request_answers", at, column), value, rule, remedy)

    if one.state != "draft" and (one.given_at is None or not one.late):
        yield fault(
            "given_at",
            one.given_at.isoformat() if one.given_at else "",
            "An answer that was given says when, and in the column late whether that was late.",
            "Fill both, or make it a draft.",
        )
    if one.state in ("given", "accepted") and not one.is_filled:
        yield fault(
            "text",
            "",
            "An answer that was given has words, documents, or a reason why there is none.",
            "Fill one of text, cannot and documents, or make it a draft.",
        )
    if (one.state == "accepted") != bool(one.source):
        yield fault(
            "source",
            one.source,
            "An accepted answer names the source that it became; no other does.",
            "Correct the source or the state.",
        )


def _rounds(returns: Sequence[Any], where: Place) -> Iterator[Fault]:
    counted: Counter[tuple[str, int]] = Counter()
    for at, one in enumerate(returns):
        counted[one.request_question, one.round] += 1
        if counted[one.request_question, one.round] == 2:
            yield Fault(
                where("request_returns", at, "round"),
                str(one.round),
                "The same answer was sent back in this round in an earlier row.",
                "Number the rounds 1, 2, 3.",
            )
