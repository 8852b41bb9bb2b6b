"""Free text: comments by group, and the words that mark one group's comments from the others'."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wholesystem.errors import ParameterError
from wholesystem.reviews.feedback.answer_files import shuffle_sheets
from wholesystem.reviews.feedback.answers import AnswerSheet
from wholesystem.reviews.feedback.groups import Group, least_shown, make_groups
from wholesystem.reviews.feedback.instrument import Instrument

__all__ = [
    "COMMENTS_BEFORE_WORDS",
    "LEAST_G2",
    "GroupComments",
    "Keyword",
    "comments_by_group",
    "keyness",
    "keywords",
    "words_of",
]

#: Words are compared only where there are more comments than this.
COMMENTS_BEFORE_WORDS = 30
#: G2 that one word in a thousand passes by chance (chi-square, one degree of freedom).
LEAST_G2 = 10.83

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


@dataclass(frozen=True)
class GroupComments:
    """What a group wrote in answer to one question.

    Parameters
    ----------
    axis, name, within : str
        The group, as in `Group`.
    texts : tuple of str or None
        Shuffled anew each time; None where the group is not shown.
    """

    axis: str
    name: str
    within: str
    texts: tuple[str, ...] | None


@dataclass(frozen=True)
class Keyword:
    """A word that one side uses more than the other, beyond chance.

    Parameters
    ----------
    word : str
        In small letters.
    more_in : str
        ``group`` or ``rest``.
    g2 : float
        Log-likelihood ratio, above 10.83.
    comments : int
        Of that side that use the word; at least the fewest that a group may have.
    """

    word: str
    more_in: str
    g2: float
    comments: int


def comments_by_group(
    instrument: Instrument, sheets: Sequence[AnswerSheet], question: str
) -> tuple[GroupComments, ...]:
    """Comments for every group.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    sheets : sequence of AnswerSheet
        All of a tool that is closed.
    question : str
        Id of a question of free text.

    Returns
    -------
    tuple of GroupComments
        All, then kinds, roles and organisations.

    Raises
    ------
    ParameterError
        If it is no question of free text.
    """
    return tuple(
        GroupComments(
            group.axis,
            group.name,
            group.within,
            None if group.sheets is None else shuffle_sheets(_texts(group.sheets, question)),
        )
        for group in _groups(instrument, sheets, question)
    )


def _groups(
    instrument: Instrument, sheets: Sequence[AnswerSheet], question: str
) -> tuple[Group, ...]:
    found = instrument.question_by_id.get(question)
    if found is None or found.kind != "text":
        raise ParameterError(
            f"The question is {question!r}. It must be one of free text. Choose another."
        )
    places = [(one.kind, one.organisation) for one in sheets]
    return make_groups(instrument, [one for one in sheets if one.answers.get(question)], places)


def _texts(sheets: Iterable[AnswerSheet], question: str) -> list[str]:
    return [str(one.answers[question]) for one in sheets]


def keywords(
    instrument: Instrument, sheets: Sequence[AnswerSheet], question: str, axis: str, name: str
) -> tuple[Keyword, ...] | str:
    """Words that mark a group's comments from all others'.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    sheets : sequence of AnswerSheet
        All of a tool that is closed.
    question : str
        Id of a question of free text.
    axis, name : str
        The group.

    Returns
    -------
    tuple of Keyword or str
        The strongest first; or why there are none: too few comments, or a group that is not
        shown. A word that fewer than five comments of its side use, such as a name, is left out.

    Raises
    ------
    ParameterError
        If it is no question of free text, or there is no such group.
    """
    groups = [g for g in _groups(instrument, sheets, question) if (g.axis, g.name) == (axis, name)]
    if not groups:
        raise ParameterError(f"There is no {axis} {name!r} among the groups. Choose another.")
    everyone = [one for one in sheets if one.answers.get(question)]
    if len(everyone) <= COMMENTS_BEFORE_WORDS:
        return f"Words are compared only above {COMMENTS_BEFORE_WORDS} comments."
    if any(group.sheets is None for group in groups):
        return "The group is not shown."
    inside = [one for group in groups for one in group.sheets or ()]
    # Sheets may be equal and are told apart by their counts, never by a number of their own.
    ours = _texts(inside, question)
    rest = list((Counter(_texts(everyone, question)) - Counter(ours)).elements())
    return _compare(ours, rest)


def _compare(ours: Sequence[str], rest: Sequence[str]) -> tuple[Keyword, ...]:
    here, there = _word_counts(ours), _word_counts(rest)
    of_here, of_there = _comment_counts(ours), _comment_counts(rest)
    all_here, all_there = here.total(), there.total()
    found = []
    for word in {*here, *there}:
        is_ours = here[word] * all_there > there[word] * all_here
        comments = (of_here if is_ours else of_there)[word]
        g2 = keyness(here[word], there[word], all_here, all_there)
        if g2 >= LEAST_G2 and comments >= least_shown():
            found.append(Keyword(word, "group" if is_ours else "rest", g2, comments))
    return tuple(sorted(found, key=lambda one: (-one.g2, one.word)))


def words_of(text: str) -> list[str]:
    """Words of a text, in small letters and with one kind of apostrophe.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    list of str
        In order; no numbers.
    """
    return [word.replace("\u2019", "'") for word in _WORD.findall(text.casefold())]


def _word_counts(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in words_of(text))


def _comment_counts(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in set(words_of(text)))


def keyness(here: int, there: int, all_here: int, all_there: int) -> float:
    """Log-likelihood ratio G2 of a word between two sets of texts.

    Parameters
    ----------
    here, there : int
        Times that the word is used; 0 to the words in all.
    all_here, all_there : int
        Words in all; >= 0.

    Returns
    -------
    float
        0 where the word is as common in both, or one set is empty; >= 0.

    Notes
    -----
    2 times the sum of O ln(O/E) over the word and all other words, here and there, where E is what
    would be expected if the word were as common in both.

    References
    ----------
    Dunning (1993), Computational Linguistics 19, 61-74.

    Examples
    --------
    >>> round(keyness(10, 2, 100, 100), 3)
    6.163
    """
    whole = all_here + all_there
    if not all_here or not all_there:
        return 0.0
    used = here + there
    cells = (
        (here, all_here * used / whole),
        (there, all_there * used / whole),
        (all_here - here, all_here * (whole - used) / whole),
        (all_there - there, all_there * (whole - used) / whole),
    )
    # Rounding must not make a likelihood ratio negative.
    return max(0.0, 2 * math.fsum(o * math.log(o / e) for o, e in cells if o))
