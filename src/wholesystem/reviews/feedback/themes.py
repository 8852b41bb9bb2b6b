"""Themes of comments: coded by hand, counted for groups that are shown, and suggested by words."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.cells import Id, OptionalId, Record, Text
from wholesystem.reviews.feedback.comments import (
    COMMENTS_BEFORE_WORDS,
    LEAST_G2,
    keyness,
    words_of,
)
from wholesystem.reviews.feedback.groups import least_shown
from wholesystem.reviews.feedback.results import Results
from wholesystem.reviews.feedback.shown_comments import QuestionComments, ShownComment
from wholesystem.tables.cells import closest

__all__ = [
    "Coding",
    "CommentTheme",
    "SuggestedTheme",
    "ThemeCount",
    "count_themes",
    "suggest_themes",
]

# Pairs of words grow as the square of these, and those beyond are in few comments.
_MOST_WORDS = 400
_MOST_OF_THEME = 5


class CommentTheme(Record):
    """What several comments say, in a coder's words.

    Parameters
    ----------
    theme : str
        Id.
    label : str
        For people.
    kloe : str
        Id of a key line of enquiry; blank for none.
    """

    theme: Id
    label: Text
    kloe: OptionalId = ""


class Coding(Record):
    """That a comment says what a theme is about.

    Parameters
    ----------
    question : str
        Id.
    comment : str
        Of a shown comment.
    theme : str
        Id.
    """

    question: Id
    comment: Id
    theme: Id


@dataclass(frozen=True)
class ThemeCount:
    """Comments of a group that were given a theme.

    Parameters
    ----------
    theme, question : str
        Ids.
    axis, name, within : str
        The group, as in `Group`.
    comments : int or None
        Of those that the group wrote; None where the group is not shown.
    """

    theme: str
    question: str
    axis: str
    name: str
    within: str
    comments: int | None


@dataclass(frozen=True)
class SuggestedTheme:
    """Words that stand in the same comments more often than by chance.

    Parameters
    ----------
    words : tuple of str
        Two to five, the pair that belongs together most strongly first.
    comments : int
        That use two or more of them.
    """

    words: tuple[str, ...]
    comments: int


def count_themes(
    results: Results, themes: Sequence[CommentTheme], codings: Sequence[Coding]
) -> tuple[ThemeCount, ...]:
    """How many comments of each group were given each theme.

    Parameters
    ----------
    results : Results
        Of the tool.
    themes : sequence of CommentTheme
        All.
    codings : sequence of Coding
        All; of a comment that is not shown, as one cleared in other words since, none counts.

    Returns
    -------
    tuple of ThemeCount
        By question, theme and group. Equal comments are coded together and counted each.

    Raises
    ------
    TableError
        With every coding of no such theme or question.
    """
    faults = list(_faults(results, themes, codings))
    if faults:
        raise TableError(faults)
    coded = {(one.question, one.comment, one.theme) for one in codings}
    return tuple(
        count
        for asked in results.comments
        for theme in themes
        for count in _counts(asked, theme.theme, coded)
    )


def _counts(
    asked: QuestionComments, theme: str, coded: set[tuple[str, str, str]]
) -> Iterator[ThemeCount]:
    name = asked.question.question
    ours = [one for one in asked.comments or () if (name, one.comment, theme) in coded]
    # A comment has the names of shown groups only, so nothing is counted for one that is hidden.
    found = Counter(key for one in ours for key in _groups_of(one))
    for group in asked.counts:
        count = None if group.comments is None else found[group.axis, group.within, group.name]
        yield ThemeCount(theme, name, group.axis, group.name, group.within, count)


def _groups_of(one: ShownComment) -> list[tuple[str, str, str]]:
    named = (("kind", "", one.kind), ("role", one.kind, one.role))
    place = ("organisation", one.kind, one.organisation)
    return [("all", "", ""), *(key for key in (*named, place) if key[2])]


def _faults(
    results: Results, themes: Iterable[CommentTheme], codings: Iterable[Coding]
) -> Iterator[Fault]:
    known = {one.theme for one in themes}
    questions = {one.question.question for one in results.comments}
    for at, one in enumerate(codings, start=1):
        for column, value, allowed in (
            ("theme", one.theme, known),
            ("question", one.question, questions),
        ):
            if value not in allowed:
                near = closest(value, allowed)
                remedy = f"Did you mean {near}?" if near else f"Add it, or choose a {column}."
                rule = f"There is no such {column} of comments."
                yield Fault(f"coding {at}, {column}", value, rule, remedy)


# --------------------------------------------------------------------------- suggestions


@cache
def _function_words() -> frozenset[str]:
    path = files("wholesystem.reviews.feedback").joinpath("function_words.csv")
    return frozenset(row["word"] for row in csv.DictReader(path.read_text("utf-8").splitlines()))


def suggest_themes(asked: QuestionComments) -> tuple[SuggestedTheme, ...] | str:
    """Themes that the words of comments suggest, for a person to take up or leave.

    Parameters
    ----------
    asked : QuestionComments
        Comments on one question, as they are shown.

    Returns
    -------
    tuple of SuggestedTheme or str
        The most common first; or why there are none: too few comments.

    Notes
    -----
    Words are those that five comments or more use, without function words such as *the* and without
    words of one or two letters; of more than 400 the most common. Two words belong together where
    five comments use both, more than by chance: Dunning's G2 of one among comments with the other
    and those without is 10.83 or more. The strongest pair begins a theme; a word joins one if it
    belongs together with every word in it; a word is in one theme, and a theme has five at most.

    References
    ----------
    Dunning (1993), Computational Linguistics 19, 61-74.
    """
    texts = [one.text for one in asked.comments or ()]
    if len(texts) <= COMMENTS_BEFORE_WORDS:
        return f"Themes are suggested only above {COMMENTS_BEFORE_WORDS} comments."
    used = [set(words_of(text)) - _function_words() for text in texts]
    counts = Counter(word for words in used for word in words if len(word) > 2)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))[:_MOST_WORDS]
    words = [word for word in ranked if counts[word] >= least_shown()]
    uses = np.array([[word in one for word in words] for one in used], dtype=np.int64)
    if not words:
        return ()
    together = uses.T @ uses
    themes = _grown(_links(together, len(texts)))
    found = [
        SuggestedTheme(
            tuple(words[at] for at in theme), int((uses[:, theme].sum(axis=1) >= 2).sum())
        )
        for theme in themes
    ]
    return tuple(sorted(found, key=lambda one: (-one.comments, one.words)))


def _links(
    together: np.ndarray[tuple[int, ...], np.dtype[np.int64]], whole: int
) -> dict[tuple[int, int], float]:
    """G2 of pairs of words that belong together, the first being the more common."""
    found = {}
    for first, second in np.argwhere(np.triu(together >= least_shown(), k=1)).tolist():
        both, one, other = (
            int(together[first, second]),
            int(together[first, first]),
            int(together[second, second]),
        )
        g2 = keyness(both, other - both, one, whole - one)
        if both * whole > one * other and g2 >= LEAST_G2:
            found[first, second] = g2
    return found


def _grown(links: dict[tuple[int, int], float]) -> list[list[int]]:
    themes: list[list[int]] = []
    for first, second in sorted(links, key=lambda pair: (-links[pair], pair)):
        homes = [next((t for t in themes if one in t), None) for one in (first, second)]
        if homes == [None, None]:
            themes.append([first, second])
        elif None in homes:
            home, new = (homes[0], second) if homes[0] is not None else (homes[1], first)
            if (
                home is not None
                and len(home) < _MOST_OF_THEME
                and all((min(new, one), max(new, one)) in links for one in home)
            ):
                home.append(new)
    return themes
