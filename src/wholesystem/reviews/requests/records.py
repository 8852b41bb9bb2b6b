"""The rows of a review's information requests: each frozen, and checked when it is made.

A request is to one organisation, or to the system as a whole. Who was asked what, what was answered
and what was sent back stand in four tables; how far a request has come is worked out from them, in
`progress`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from wholesystem.reviews.cells import (
    BlankPassage,
    BlankText,
    Id,
    Ids,
    OptionalId,
    Passage,
    Record,
    Text,
    parse_digest,
)
from wholesystem.reviews.records import BlankDateTime
from wholesystem.tables.cells import CellError
from wholesystem.tables.rows import BlankDate, DateTime, choice, whole

__all__ = [
    "ANSWER_STATES",
    "MOST_DOCUMENTS",
    "MOST_QUESTIONS",
    "MOST_ROUNDS",
    "REQUEST_STATES",
    "Digests",
    "InformationRequest",
    "RequestAnswer",
    "RequestQuestion",
    "RequestReturn",
]

#: Of a request itself; whether it is answered is worked out from its answers.
REQUEST_STATES = ("draft", "sent", "closed", "withdrawn")
#: Of an answer: being written, given, sent back with what is missing, taken as a source.
ANSWER_STATES = ("draft", "given", "returned", "accepted")
MOST_QUESTIONS = 500
MOST_DOCUMENTS = 50
MOST_ROUNDS = 1_000

YesNo = Annotated[str, choice("yes", "no")]


def _read_digests(value: Any) -> tuple[str, ...]:
    parts = value.split(";") if isinstance(value, str) else value
    try:
        digests = tuple(parse_digest(str(one).strip()) for one in parts if str(one).strip())
        repeated = [one for one in digests if digests.count(one) > 1]
        if repeated:
            raise CellError(f"{repeated[0]} stands there twice.", "Name each once.")
        if len(digests) > MOST_DOCUMENTS:
            raise CellError(
                f"It names {len(digests)} documents; at most {MOST_DOCUMENTS} can be attached.",
                "Put several into one file, or leave out what is not asked for.",
            )
    except CellError as error:
        raise PydanticCustomError(
            "cell", "{rule}", {"rule": error.rule, "remedy": error.remedy}
        ) from None
    return digests


Digests = Annotated[tuple[str, ...], BeforeValidator(_read_digests)]
"""Documents by the digests of their content, parted by semicolons."""


class InformationRequest(Record):
    """A request for information; a row of ``requests.csv``.

    `organisation` is blank where the system as a whole is asked. `answered_by` names people of the
    review who are to answer; their reminders are the rows of ``due_dates.csv`` that `due_dates`
    names. `illustrative` is ``yes`` where the questions' wording was not tried out; every page
    then says so. `ended_why` says why it was closed or withdrawn.
    """

    request: Id
    title: Text
    organisation: OptionalId = ""
    question_set: OptionalId = ""
    illustrative: YesNo
    introduction: BlankPassage = ""
    answered_by: Ids = ()
    due_on: BlankDate = None
    state: Annotated[str, choice(*REQUEST_STATES)]
    sent_at: BlankDateTime = None
    due_dates: Ids = ()
    ended_why: BlankText = ""
    recorded_by: Id
    recorded_at: DateTime


class RequestQuestion(Record):
    """A question of a request; a row of ``request_questions.csv``.

    `kloe` names the questions of the framework that the answer informs. `withdrawn` says why it is
    asked no longer.
    """

    request_question: Id
    request: Id
    order: Annotated[int, whole(1, 10_000)]
    text: Passage
    help: BlankPassage = ""
    kloe: Ids = ()
    wants_document: YesNo
    recorded_by: Id
    recorded_at: DateTime
    withdrawn: BlankText = ""


class RequestAnswer(Record):
    """The answer to a question of a request; a row of ``request_answers.csv``, one a question.

    `cannot` says why there is none: not held, or cannot be given. `late` is blank until it was
    given once. `source` is the row of ``sources.csv`` that an accepted answer became.
    """

    request_question: Id
    state: Annotated[str, choice(*ANSWER_STATES)]
    text: BlankPassage = ""
    cannot: BlankPassage = ""
    documents: Digests = ()
    given_at: BlankDateTime = None
    late: Annotated[str, choice("yes", "no", blank="")] = ""
    source: OptionalId = ""
    recorded_by: Id
    recorded_at: DateTime

    @property
    def is_filled(self) -> bool:
        """Whether it says anything."""
        return bool(self.text or self.cannot or self.documents)


class RequestReturn(Record):
    """What was missing when an answer was sent back; a row of ``request_returns.csv``.

    `said` is what the answer was then.
    """

    request_return: Id
    request_question: Id
    round: Annotated[int, whole(1, MOST_ROUNDS)]
    missing: Passage
    said: BlankPassage = ""
    recorded_by: Id
    recorded_at: DateTime
