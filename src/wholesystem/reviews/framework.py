"""A framework: the questions that a review asks, as tables that a user can bring."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.cells import (
    BlankPassage,
    BlankText,
    Id,
    OptionalId,
    Passage,
    Record,
    Text,
)
from wholesystem.tables.cells import closest
from wholesystem.tables.rows import choice, whole

__all__ = [
    "Framework",
    "FrameworkInfo",
    "Prompt",
    "Question",
    "QuestionArea",
    "faults_between_questions",
]

MOST_NEAR = 2_000


class FrameworkInfo(Record):
    """What a framework is; the one row of ``framework.csv``.

    `illustrative` is ``yes`` where its wording was not checked against an official source; every
    page then says so.
    """

    framework: Id
    name: Text
    year: BlankText = ""
    illustrative: Annotated[str, choice("yes", "no")]
    note: BlankPassage = ""
    source: Text


class QuestionArea(Record):
    """A part of the system, or of the review, that questions are about; a row of ``areas.csv``."""

    area: Id
    name: Text
    order: Annotated[int, whole(1, 1000)]
    source: Text


class Question(Record):
    """A key line of enquiry; a row of ``questions.csv``.

    `parent` is the question that it is a part of, such as governance of well-led. `question` is
    the column of the grid that it stands in where areas share questions: safe, effective.
    """

    kloe: Id
    area: Id
    parent: OptionalId = ""
    question: Id
    name: Text
    asks: Passage
    order: Annotated[int, whole(1, 10_000)]
    source: Text


class Prompt(Record):
    """What a reviewer may look at or ask under a question; a row of ``prompts.csv``."""

    prompt: Id
    kloe: Id
    text: Passage
    source: Text


@dataclass(frozen=True)
class Framework:
    """The questions of a review.

    Parameters
    ----------
    info : FrameworkInfo
        What it is.
    areas : tuple of QuestionArea
        In their order.
    questions : tuple of Question
        In their order.
    prompts : tuple of Prompt
        Any number.

    Raises
    ------
    TableError
        If rows name others that are not there, stand twice, or a question is its own part; all
        such faults together.
    """

    info: FrameworkInfo
    areas: tuple[QuestionArea, ...]
    questions: tuple[Question, ...]
    prompts: tuple[Prompt, ...] = ()

    def __post_init__(self) -> None:
        faults = faults_between_questions(self.areas, self.questions, self.prompts)
        if faults:
            raise TableError(faults)

    @cached_property
    def question_by_id(self) -> dict[str, Question]:
        """Questions by their id."""
        return {one.kloe: one for one in self.questions}

    @cached_property
    def area_by_id(self) -> dict[str, QuestionArea]:
        """Areas by their id."""
        return {one.area: one for one in self.areas}

    def prompts_of(self, kloe: str) -> tuple[Prompt, ...]:
        """Prompts of a question.

        Parameters
        ----------
        kloe : str
            Id of the question.

        Returns
        -------
        tuple of Prompt
            In their order; empty if it has none.
        """
        return tuple(one for one in self.prompts if one.kloe == kloe)


def faults_between_questions(
    areas: Sequence[QuestionArea],
    questions: Sequence[Question],
    prompts: Sequence[Prompt],
    unread: Mapping[str, Collection[str] | None] | None = None,
) -> list[Fault]:
    """What is wrong between the rows of a framework.

    Parameters
    ----------
    areas, questions, prompts : sequence of Row
        Those that could be read.
    unread : mapping of str to collection of str or None, optional
        Ids of rows that are there and have faults of their own, by table, so that nobody is told
        that they are missing; None for a table of which rows could not be read at all.

    Returns
    -------
    list of Fault
        Rows counted from 2; empty if there is none.
    """
    others = unread or {}
    kloes = [one.kloe for one in questions]
    known_areas = _known([one.area for one in areas], others.get("areas", ()))
    known = _known(kloes, others.get("questions", ()))
    faults = [
        *_repeated("areas", "area", [one.area for one in areas]),
        *_repeated("questions", "kloe", kloes),
        *_repeated("prompts", "prompt", [one.prompt for one in prompts]),
        *_links("questions", "area", [one.area for one in questions], known_areas),
        *_links("questions", "parent", [one.parent for one in questions], known),
        *_links("prompts", "kloe", [one.kloe for one in prompts], known),
        *_rings(questions),
    ]
    if known is not None and not known:
        faults.append(Fault("questions.csv", None, "A framework needs a question.", "Add a row."))
    return faults


def _known(ids: list[str], others: Collection[str] | None) -> dict[str, None] | None:
    """Ids in their order, to be looked up; None where the table could not be read."""
    return None if others is None else dict.fromkeys((*ids, *others))


def _rings(questions: Sequence[Question]) -> Iterator[Fault]:
    in_rings = _in_rings({one.kloe: one.parent for one in questions})
    for at, question in enumerate(questions):
        if question.kloe in in_rings and question.parent:
            yield Fault(
                f"questions.csv row {at + 2}, column parent",
                question.parent,
                "The question would be a part of itself.",
                "Clear the cell, or name another question.",
            )


def _in_rings(parents: Mapping[str, str]) -> set[str]:
    """Questions that are parts of themselves; each is looked at once."""
    seen: set[str] = set()
    found: set[str] = set()
    for start in parents:
        path: dict[str, int] = {}
        at = start
        while at in parents and at not in seen:
            seen.add(at)
            path[at] = len(path)
            at = parents[at]
        if at in path:
            found |= set(list(path)[path[at] :])
    return found


def _repeated(table: str, column: str, names: Sequence[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, name in enumerate(names):
        if name in seen:
            yield Fault(
                f"{table}.csv row {at + 2}, column {column}",
                name,
                "It stands in an earlier row too. Each must be there once.",
                "Remove one of the rows, or give it another id.",
            )
        seen.add(name)


def _links(
    table: str, column: str, names: Sequence[str], known: Mapping[str, None] | None
) -> Iterator[Fault]:
    if known is None:
        return
    for at, name in enumerate(names):
        if name and name not in known:
            # Looking for a near name among thousands, for each of thousands, takes minutes.
            near = closest(name, known) if len(known) <= MOST_NEAR else None
            yield Fault(
                f"{table}.csv row {at + 2}, column {column}",
                name,
                "There is no such row.",
                f"Did you mean {near}?" if near else "Add the row, or correct the cell.",
            )
