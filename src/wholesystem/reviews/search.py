"""Finding a question from a few letters, so that evidence is coded without leaving the keyboard."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wholesystem.reviews.framework import Framework, Question
from wholesystem.tables.cells import closest

__all__ = ["best_questions", "find_questions"]

# How well a typed word fits, the best first; see `_fit`.
_WHOLE, _ID, _NAME, _ELSEWHERE, _TYPO = range(5)


def find_questions(framework: Framework, text: str, limit: int = 10) -> tuple[Question, ...]:
    """Questions that fit what was typed.

    Parameters
    ----------
    framework : Framework
        The questions.
    text : str
        Beginnings of words of an id, a name, an area, of what the question asks or of its prompts:
        ``cr res`` finds ``crisis_responsive``, and so do an area's first letters: ``sd safe`` finds
        ``step_down_safe``. Small mistakes in spelling are forgiven where
        nothing else fits.
    limit : int
        At most so many.

    Returns
    -------
    tuple of Question
        The best first; among equals in the framework's order. Empty where nothing fits.
    """
    return tuple(question for _, _, question in _find(framework, text)[:limit])


def best_questions(framework: Framework, text: str) -> tuple[Question, ...]:
    """Questions that fit what was typed equally well, and better than all others.

    Parameters
    ----------
    framework : Framework
        The questions.
    text : str
        As for `find_questions`.

    Returns
    -------
    tuple of Question
        One where it is clear which is meant; in the framework's order. Empty where nothing fits.
    """
    found = _find(framework, text)
    return tuple(question for fit, _, question in found if fit == found[0][0])


def _find(framework: Framework, text: str) -> list[tuple[int, int, Question]]:
    wanted = _words(text)
    if not wanted:
        return []
    return _ranked(framework, wanted) or _ranked(framework, _corrected(framework, wanted))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _ranked(framework: Framework, wanted: Sequence[str]) -> list[tuple[int, int, Question]]:
    found = []
    for place, question in enumerate(framework.questions):
        fit = _fit(framework, question, wanted)
        if fit is not None:
            found.append((fit, place, question))
    return sorted(found, key=lambda one: one[:2])


def _fit(framework: Framework, question: Question, wanted: Sequence[str]) -> int | None:
    """The place where the worst fitting word is found; None where a word is found nowhere."""
    if "_".join(wanted) == question.kloe.casefold():
        return _WHOLE
    area = framework.area_by_id[question.area].name
    prompts = " ".join(one.text for one in framework.prompts_of(question.kloe))
    places = (
        (_ID, [*_words(question.kloe), "".join(word[0] for word in _words(question.area))]),
        (_NAME, _words(f"{question.name} {area}")),
        (_ELSEWHERE, _words(f"{question.asks} {prompts}")),
    )
    fits = []
    for word in wanted:
        at = next((n for n, words in places if any(one.startswith(word) for one in words)), None)
        if at is None:
            return None
        fits.append(at)
    return max(fits)


def _corrected(framework: Framework, wanted: Sequence[str]) -> list[str]:
    """The words with each replaced by the nearest one that the framework knows."""
    known = {
        word
        for question in framework.questions
        for word in _words(f"{question.kloe} {question.name}")
    }
    return [closest(word, known) or word for word in wanted]
