"""An instrument: what a feedback tool asks, as tables that a user can bring."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from wholesystem.errors import TableError
from wholesystem.reviews.cells import BlankText, Id, OptionalId, Passage, Record, Text
from wholesystem.tables.cells import CellError, parse_id
from wholesystem.tables.rows import choice, number, reader, whole

__all__ = [
    "INSTRUMENT_TABLES",
    "QUESTION_KINDS",
    "Answer",
    "Condition",
    "Instrument",
    "InstrumentInfo",
    "Question",
    "Role",
    "ScaleValue",
]

QUESTION_KINDS = ("single", "scale", "many", "text", "pair-scale")
#: One value or free text; several values; or a value for each other kind of organisation.
Answer = str | tuple[str, ...] | Mapping[str, str]

YesNo = Annotated[str, choice("yes", "no")]


@dataclass(frozen=True)
class Condition:
    """What must be true for a question to be shown.

    Parameters
    ----------
    subject : str
        ``role``, ``kind`` (of organisation), or the id of a question.
    values : tuple of str
        The question is shown where the subject is one of these.
    """

    subject: str
    values: tuple[str, ...]


def _split_conditions(text: str) -> tuple[Condition, ...]:
    found = []
    for part in text.split(",") if text else ():
        subject, _, values = part.partition("=")
        listed = tuple(one.strip() for one in values.split(";"))
        found.append(Condition(subject.strip(), listed))
    return tuple(found)


def _parse_conditions(text: str) -> str:
    if not re.fullmatch(r"[^=,]+=[^=,]+(,[^=,]+=[^=,]+)*", text):
        raise CellError(
            "It must be a question, or role or kind, then = and answers parted by semicolons;"
            " several of these are parted by commas.",
            "Write it like role=manager; nurse or came=yes, role=nurse.",
        )
    conditions = _split_conditions(text)
    for one in conditions:
        for name in (one.subject, *one.values):
            parse_id(name)
    return ", ".join(f"{one.subject}={'; '.join(one.values)}" for one in conditions)


class InstrumentInfo(Record):
    """What an instrument is; the one row of ``instrument.csv``.

    `illustrative` is ``yes`` where its wording was not tried out or checked against an official
    text. `asks_organisation` is ``yes`` where a respondent names the organisation too.
    """

    instrument: Id
    name: Text
    illustrative: YesNo
    asks_organisation: YesNo
    intro: Passage
    thanks: Passage
    source: Text


class Question(Record):
    """One question; a row of ``questions.csv``.

    `scale` holds the answers to choose from; only a ``text`` question has none. `shown_if` names
    what must all be true for the question to be shown; blank for everyone.
    """

    question: Id
    page: Annotated[int, whole(1, 50)]
    order: Annotated[int, whole(1, 1000)]
    kind: Annotated[str, choice(*QUESTION_KINDS)]
    required: YesNo
    text: Text
    hint: BlankText = ""
    scale: OptionalId = ""
    shown_if: Annotated[str, reader(_parse_conditions, blank="")] = ""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What must all be true for it to be shown; none for everyone."""
        return _split_conditions(self.shown_if)


class ScaleValue(Record):
    """An answer to choose; a row of ``scales.csv``.

    `score` is missing for answers such as *cannot say*, which count in no share. `positive` is
    missing where neither fits.
    """

    scale: Id
    value: Id
    order: Annotated[int, whole(1, 100)]
    label: Text
    score: Annotated[float | None, number(-1000, 1000, blank=None)] = None
    positive: Annotated[str, choice("yes", "no", blank="")] = ""


class Role(Record):
    """What a respondent may be; a row of ``roles.csv``. `kind` is that of the organisation."""

    role: Id
    label: Text
    kind: Id


INSTRUMENT_TABLES: dict[str, type[Record]] = {
    "instrument": InstrumentInfo,
    "questions": Question,
    "scales": ScaleValue,
    "roles": Role,
}


@dataclass(frozen=True)
class Instrument:
    """What a feedback tool asks.

    Parameters
    ----------
    info : InstrumentInfo
        What it is.
    questions : tuple of Question
        In any order; `asked` has them as they are asked.
    scales : tuple of ScaleValue
        Of all scales.
    roles : tuple of Role
        In the order in which they are offered.

    Raises
    ------
    TableError
        If the rows do not fit together; all such faults at once.
    """

    info: InstrumentInfo
    questions: tuple[Question, ...]
    scales: tuple[ScaleValue, ...]
    roles: tuple[Role, ...]

    def __post_init__(self) -> None:
        # The checks know the rows' classes, so they can be imported only here.
        from wholesystem.reviews.feedback.instrument_checks import InstrumentRows, faults_of_rows

        faults = faults_of_rows(InstrumentRows(self.questions, self.scales, self.roles))
        if faults:
            raise TableError(faults)

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """Questions by page, then in their order on it."""
        return tuple(sorted(self.questions, key=lambda one: (one.page, one.order)))

    @cached_property
    def question_by_id(self) -> dict[str, Question]:
        """Questions by their id."""
        return {one.question: one for one in self.asked}

    @cached_property
    def role_by_id(self) -> dict[str, Role]:
        """Roles by their id."""
        return {one.role: one for one in self.roles}

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of organisation, in the order of the roles."""
        return tuple(dict.fromkeys(one.kind for one in self.roles))

    def other_kinds(self, kind: str) -> tuple[str, ...]:
        """Kinds that a respondent of one kind is asked about.

        Parameters
        ----------
        kind : str
            The respondent's own.

        Returns
        -------
        tuple of str
            All others.
        """
        return tuple(one for one in self.kinds if one != kind)

    @cached_property
    def _values(self) -> dict[str, tuple[ScaleValue, ...]]:
        found: dict[str, list[ScaleValue]] = {}
        for one in sorted(self.scales, key=lambda one: one.order):
            found.setdefault(one.scale, []).append(one)
        return {scale: tuple(values) for scale, values in found.items()}

    def values_of(self, question: str) -> tuple[ScaleValue, ...]:
        """Answers to choose from.

        Parameters
        ----------
        question : str
            Id.

        Returns
        -------
        tuple of ScaleValue
            In their order; empty for a question of free text.
        """
        return self._values.get(self.question_by_id[question].scale, ())

    def is_shown(self, question: Question, role: str, answers: Mapping[str, Answer]) -> bool:
        """Whether a respondent is asked a question.

        Parameters
        ----------
        question : Question
            Of this instrument.
        role : str
            The respondent's.
        answers : mapping of str to Answer
            To the questions of earlier pages, at least.

        Returns
        -------
        bool
            By its conditions; one on pairs needs another kind of organisation to ask about.
        """
        kind = self.role_by_id[role].kind
        if question.kind == "pair-scale" and not self.other_kinds(kind):
            return False
        known = {**answers, "role": role, "kind": kind}
        return all(
            _is_met(known.get(condition.subject, ()), condition)
            for condition in question.conditions
        )


def _is_met(answer: Answer, condition: Condition) -> bool:
    chosen = (answer,) if isinstance(answer, str) else answer
    return any(value in chosen for value in condition.values)
