"""Comments as they may be shown: each with as much of who wrote it as its groups allow.

A comment stands with its kind, role and organisation only where that group is shown for the
question. Those that stand with the same three are never 1 to 4: see `plan_groups`.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from wholesystem.reviews.feedback.answer_files import shuffle_sheets
from wholesystem.reviews.feedback.answers import AnswerSheet
from wholesystem.reviews.feedback.groups import (
    Cell,
    GroupKey,
    PlannedGroup,
    cell_of,
    keys_of,
    plan_groups,
    sum_by_group,
)
from wholesystem.reviews.feedback.instrument import Instrument, Question

__all__ = [
    "CommentCount",
    "QuestionComments",
    "ShownComment",
    "comment_id",
    "search_comments",
    "show_comments",
]


@dataclass(frozen=True)
class ShownComment:
    """A comment.

    Parameters
    ----------
    question : str
        Id.
    text : str
        As it was written, or as it was cleared.
    kind, role, organisation : str
        Of who wrote it; blank where that group is not shown.
    """

    question: str
    text: str
    kind: str
    role: str
    organisation: str

    @property
    def comment(self) -> str:
        """Of its question and words alone, so that codings find it again; equal ones share it."""
        return comment_id(self.question, self.text)


@dataclass(frozen=True)
class CommentCount:
    """Comments of a group.

    Parameters
    ----------
    axis, name, within : str
        The group, as in `Group`.
    comments : int or None
        None where the group is not shown.
    """

    axis: str
    name: str
    within: str
    comments: int | None


@dataclass(frozen=True)
class QuestionComments:
    """What was written in answer to one question.

    Parameters
    ----------
    question : Question
        Of free text.
    comments : tuple of ShownComment or None
        Shuffled; None where fewer than five people wrote any.
    counts : tuple of CommentCount
        All, then kinds, roles and organisations.
    """

    question: Question
    comments: tuple[ShownComment, ...] | None
    counts: tuple[CommentCount, ...]


def show_comments(
    instrument: Instrument, sheets: Sequence[AnswerSheet]
) -> tuple[QuestionComments, ...]:
    """Comments on every question of free text.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    sheets : sequence of AnswerSheet
        All of a tool that is closed; those with held comments without these.

    Returns
    -------
    tuple of QuestionComments
        In the order of the instrument.
    """
    asked = [one for one in instrument.asked if one.kind == "text"]
    written = [
        [
            (cell_of(one), str(one.answers[q.question]))
            for one in sheets
            if q.question in one.answers
        ]
        for q in asked
    ]
    tables = [Counter(cell for cell, _ in ones) for ones in written]
    places = {(one.kind, one.organisation) for one in sheets}
    plans = plan_groups(instrument, tables, places)
    return tuple(_shown(*one) for one in zip(asked, written, tables, plans, strict=True))


def _shown(
    question: Question,
    written: Sequence[tuple[Cell, str]],
    table: Counter[Cell],
    plan: Sequence[PlannedGroup],
) -> QuestionComments:
    people = sum_by_group(table)
    counts = tuple(
        CommentCount(one.axis, one.name, one.within, people[one.key] if one.is_shown else None)
        for one in plan
    )
    if not plan[0].is_shown:
        return QuestionComments(question, None, counts)
    shown = {one.key for one in plan if one.is_shown}
    seen = {cell: _seen(cell, shown) for cell in table}
    comments = tuple(
        ShownComment(question.question, text, *seen[cell]) for cell, text in shuffle_sheets(written)
    )
    return QuestionComments(question, comments, counts)


def _seen(cell: Cell, shown: Collection[GroupKey]) -> tuple[str, str, str]:
    kind, role, place = (key[2] if key in shown else "" for key in keys_of(cell)[1:])
    return kind, role, place


def comment_id(question: str, text: str) -> str:
    """Letters that stand for a comment.

    Parameters
    ----------
    question : str
        Id.
    text : str
        The comment.

    Returns
    -------
    str
        16 letters and digits: a digest of the two, which tells nothing that they do not.
    """
    return hashlib.sha256(f"{question}\0{text}".encode()).hexdigest()[:16]


def search_comments(
    comments: Iterable[ShownComment],
    words: str = "",
    *,
    kind: str = "",
    role: str = "",
    organisation: str = "",
) -> tuple[ShownComment, ...]:
    """Comments that hold all words that are looked for.

    Parameters
    ----------
    comments : iterable of ShownComment
        Of a question.
    words : str
        Parted by spaces; each may be a part of a word, in small or capital letters, with accents or
        without. Every comment holds none.
    kind, role, organisation : str
        Who wrote it, where that is shown; blank for anybody.

    Returns
    -------
    tuple of ShownComment
        In the order in which they stand.
    """
    wanted = _plain(words).split()
    asked = (kind, role, organisation)
    return tuple(
        one
        for one in comments
        if all(
            want in ("", have)
            for want, have in zip(asked, (one.kind, one.role, one.organisation), strict=True)
        )
        and (not wanted or all(word in _plain(one.text) for word in wanted))
    )


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one))
