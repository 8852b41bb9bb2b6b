"""From what a person types to the questions that evidence speaks to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from wholesystem.reviews.framework import Framework, Question
from wholesystem.reviews.search import best_questions

__all__ = ["Coded", "QuestionGroup", "question_groups", "read_codes"]

#: Between one code and the next.
_PARTING = re.compile(r"[,;\n]")
MOST_CODES = 50
MOST_OFFERED = 12


@dataclass(frozen=True)
class Coded:
    """What typed codes mean.

    Parameters
    ----------
    kloe : tuple of str
        Ids of the questions meant, each once.
    unclear : tuple of (str, tuple of Question)
        What may mean several questions, with the likeliest of them.
    unknown : tuple of str
        What means none.
    """

    kloe: tuple[str, ...] = ()
    unclear: tuple[tuple[str, tuple[Question, ...]], ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def offered(self) -> tuple[Question, ...]:
        """Questions to choose from, each once."""
        return tuple({one.kloe: one for _, ones in self.unclear for one in ones}.values())


@dataclass(frozen=True)
class QuestionGroup:
    """An area's questions, for a list to choose from."""

    name: str
    questions: list[Question] = field(default_factory=list)


def question_groups(framework: Framework) -> list[QuestionGroup]:
    """Every question under its area, in the framework's order.

    Parameters
    ----------
    framework : Framework
        The review's questions.

    Returns
    -------
    list of QuestionGroup
        Without areas that have no question.
    """
    groups = {
        one.area: QuestionGroup(one.name) for one in sorted(framework.areas, key=lambda a: a.order)
    }
    for question in sorted(framework.questions, key=lambda one: one.order):
        groups[question.area].questions.append(question)
    return [one for one in groups.values() if one.questions]


def read_codes(framework: Framework, typed: str, chosen: Collection[str] = ()) -> Coded:
    """Questions that typed codes mean.

    Parameters
    ----------
    framework : Framework
        The review's questions.
    typed : str
        Ids, or beginnings of words of a question's name, parted by commas: ``cr res, sd safe``.
    chosen : collection of str
        Questions chosen from a list. What is unclear is settled by one of them.

    Returns
    -------
    Coded
        What is clear, unclear and unknown.
    """
    found: dict[str, None] = {}
    unclear, unknown = [], []
    for words in _parts(typed):
        likely = best_questions(framework, words)
        if len(likely) == 1:
            found[likely[0].kloe] = None
        elif not likely:
            unknown.append(words)
        elif not any(one.kloe in chosen for one in likely):
            unclear.append((words, likely[:MOST_OFFERED]))
    return Coded(tuple(found), tuple(unclear), tuple(unknown))


def _parts(typed: str) -> Iterable[str]:
    parts = (" ".join(one.split()) for one in _PARTING.split(typed))
    return [one for one in parts if one][:MOST_CODES]
