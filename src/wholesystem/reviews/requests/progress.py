"""How far requests have come: worked out from their rows, never kept beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from wholesystem.reviews.requests.records import (
    InformationRequest,
    RequestAnswer,
    RequestQuestion,
    RequestReturn,
)

__all__ = [
    "REQUEST_WORDS",
    "STATE_WORDS",
    "QuestionProgress",
    "RequestProgress",
    "Standing",
    "make_progress",
    "sort_by_standing",
]

#: What each state of an answer is called.
STATE_WORDS: Mapping[str, str] = {
    "none": "No answer",
    "draft": "Draft",
    "given": "Answered",
    "returned": "Sent back",
    "accepted": "Accepted",
    "withdrawn": "Not asked any more",
}
#: What each state of a request is called.
REQUEST_WORDS: Mapping[str, str] = {
    "draft": "Not sent yet",
    "sent": "Sent",
    "begun": "Begun",
    "part": "Answered in part",
    "given": "Answered",
    "returned": "Sent back",
    "accepted": "Accepted",
    "closed": "Closed",
    "withdrawn": "Withdrawn",
}


@dataclass(frozen=True)
class QuestionProgress:
    """How far a question has come.

    Parameters
    ----------
    question : RequestQuestion
        What is asked.
    answer : RequestAnswer or None
        None where nobody has begun.
    returns : tuple of RequestReturn
        What was missing each time that it was sent back, the first first.
    """

    question: RequestQuestion
    answer: RequestAnswer | None
    returns: tuple[RequestReturn, ...] = ()

    @property
    def code(self) -> str:
        """Id of the question, and so of its answer."""
        return self.question.request_question

    @property
    def state(self) -> str:
        """One of `STATE_WORDS`."""
        if self.question.withdrawn:
            return "withdrawn"
        return self.answer.state if self.answer else "none"

    @property
    def words(self) -> str:
        """The state as people call it."""
        return STATE_WORDS[self.state]

    @property
    def is_given(self) -> bool:
        """Whether it needs nothing from who answers."""
        return self.state in ("given", "accepted")

    @property
    def is_late(self) -> bool:
        """Whether its answer was given after it was due."""
        return self.answer is not None and self.answer.late == "yes"

    @property
    def can_be_given(self) -> bool:
        """Whether there is an answer to be given, for the first time or again."""
        return self.state in ("draft", "returned") and bool(self.answer and self.answer.is_filled)


@dataclass(frozen=True)
class RequestProgress:
    """How far a request has come.

    Parameters
    ----------
    request : InformationRequest
        The request.
    questions : tuple of QuestionProgress
        In their order; also those that are asked no longer.
    """

    request: InformationRequest
    questions: tuple[QuestionProgress, ...]

    @property
    def code(self) -> str:
        """Id of the request."""
        return self.request.request

    @cached_property
    def asked(self) -> tuple[QuestionProgress, ...]:
        """Questions that are still asked."""
        return tuple(one for one in self.questions if one.state != "withdrawn")

    def count(self, *states: str) -> int:
        """How many questions are in some states.

        Parameters
        ----------
        *states : str
            Of `STATE_WORDS`.

        Returns
        -------
        int
            How many.
        """
        return sum(one.state in states for one in self.questions)

    @property
    def state(self) -> str:
        """One of `REQUEST_WORDS`."""
        if self.request.state != "sent":
            return self.request.state
        if self.asked and all(one.state == "accepted" for one in self.asked):
            return "accepted"
        if self.count("returned"):
            return "returned"
        given = self.count("given", "accepted")
        if given:
            return "given" if given == len(self.asked) else "part"
        return "begun" if self.count("draft") else "sent"

    @property
    def words(self) -> str:
        """The state as people call it."""
        return REQUEST_WORDS[self.state]

    @property
    def takes_answers(self) -> bool:
        """Whether answers can be written and given."""
        return self.request.state == "sent" and self.waits

    @property
    def waits(self) -> bool:
        """Whether it was sent and something of it is to be answered yet."""
        return self.request.state == "sent" and any(not one.is_given for one in self.asked)

    @property
    def late(self) -> int:
        """How many answers were given after they were due."""
        return sum(one.is_late for one in self.questions)

    def is_overdue(self, today: date) -> bool:
        """Whether it waits though its day is over.

        Parameters
        ----------
        today : date
            The day.

        Returns
        -------
        bool
            False on the day itself.
        """
        due = self.request.due_on
        return self.waits and due is not None and due < today

    def is_due_within(self, today: date, days: int) -> bool:
        """Whether it waits and its day is near.

        Parameters
        ----------
        today : date
            The day.
        days : int
            How near.

        Returns
        -------
        bool
            False where it is overdue.
        """
        due = self.request.due_on
        return self.waits and due is not None and today <= due <= today + timedelta(days=days)


def make_progress(
    requests: Iterable[InformationRequest],
    questions: Iterable[RequestQuestion],
    answers: Iterable[RequestAnswer],
    returns: Iterable[RequestReturn],
) -> tuple[RequestProgress, ...]:
    """How far requests have come.

    Parameters
    ----------
    requests, questions, answers, returns : iterable of Row
        Of a review, or of some of its requests.

    Returns
    -------
    tuple of RequestProgress
        In the order of the requests.
    """
    answer_of = {one.request_question: one for one in answers}
    returns_of: dict[str, list[RequestReturn]] = {}
    for back in sorted(returns, key=lambda one: one.round):
        returns_of.setdefault(back.request_question, []).append(back)
    of_request: dict[str, list[QuestionProgress]] = {}
    for one in sorted(questions, key=lambda one: one.order):
        code = one.request_question
        made = QuestionProgress(one, answer_of.get(code), tuple(returns_of.get(code, ())))
        of_request.setdefault(one.request, []).append(made)
    return tuple(RequestProgress(one, tuple(of_request.get(one.request, ()))) for one in requests)


@dataclass(frozen=True)
class Standing:
    """Requests that somebody should look at, and why.

    Parameters
    ----------
    rule : str
        ``overdue``, ``due_soon``, ``returned``, ``part``, ``to_read`` or ``not_sent``.
    label : str
        As people call it.
    requests : tuple of RequestProgress
        At least one, the first due first.
    """

    rule: str
    label: str
    requests: tuple[RequestProgress, ...]


def sort_by_standing(
    requests: Sequence[RequestProgress], today: date, days: int
) -> tuple[Standing, ...]:
    """Requests that somebody should look at, by the gravest reason of each.

    Parameters
    ----------
    requests : sequence of RequestProgress
        Of a review.
    today : date
        The day.
    days : int
        How many days ahead something is due soon.

    Returns
    -------
    tuple of Standing
        The gravest first; each request once. Empty where nothing is to be done.
    """
    rules: tuple[tuple[str, str, Callable[[RequestProgress], bool]], ...] = (
        ("overdue", "Overdue", lambda one: one.is_overdue(today)),
        ("due_soon", f"Due within {days} days", lambda one: one.is_due_within(today, days)),
        ("returned", "Sent back, to be completed", lambda one: one.state == "returned"),
        ("to_read", "Answered, to be read", _is_to_read),
        ("part", "Answered in part", lambda one: one.state == "part"),
        ("not_sent", "Not sent yet", lambda one: one.state == "draft"),
    )
    left = sorted(requests, key=lambda one: (one.request.due_on or date.max, one.code))
    found = []
    for rule, label, holds in rules:
        ones = tuple(one for one in left if holds(one))
        left = [one for one in left if one not in ones]
        if ones:
            found.append(Standing(rule, label, ones))
    return tuple(found)


def _is_to_read(one: RequestProgress) -> bool:
    return one.request.state in ("sent", "closed") and one.count("given") > 0
