"""What an event changed, column by column, in plain words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wholesystem.reviews.framework import Question
from wholesystem.web.workspace import models
from wholesystem.web.workspace.differences import Change, word_changes
from wholesystem.web.workspace.forms.findings import shorten
from wholesystem.web.workspace.rows import MAPS

__all__ = ["ToldChange", "tell_changes"]

#: Of a text that was added, or of a difference, in a list of events.
SHORT = 240
_LABELS = {
    "kloe": "Questions",
    "contrary_considered": "How evidence against it was weighed",
    "recorded_by": "Recorded by",
    "confirmed_by": "Confirmed by",
    "shows": "What it shows",
    "place": "Where",
    "verb": "How strongly",
    "order": "Place in the list",
    "on": "Due on",
    "media_type": "Kind of file",
    "size_bytes": "Size in bytes",
}
_OF_PEOPLE = ("recorded_by", "confirmed_by", "person")
#: Said by the event itself.
_LEFT_OUT = ("recorded_by", "recorded_at", "confirmed_by", "confirmed_at")


@dataclass(frozen=True)
class ToldChange:
    """What became of one column.

    Parameters
    ----------
    label : str
        What the column is called.
    before, after : str
        Values; blank for none.
    words : list of Change
        The difference word by word, where both are there and one is long; else empty.
    is_cut : bool
        Whether something was left out.
    """

    label: str
    before: str
    after: str
    words: list[Change]
    is_cut: bool = False


def tell_changes(
    event: models.Event,
    names: Mapping[str, str],
    questions: Mapping[str, Question],
    *,
    whole: bool,
) -> list[ToldChange]:
    """What an event changed.

    Parameters
    ----------
    event : models.Event
        Of a review's history.
    names : mapping of str to str
        Names of people by their ids.
    questions : mapping of str to Question
        Of the review's framework.
    whole : bool
        Whether long texts are given as they are, for a page on one record; in a list they are cut.

    Returns
    -------
    list of ToldChange
        In the order of their names; without who, when and of which record, which the event says.
    """
    changes: dict[str, Any] = json.loads(event.changes)
    left_out = (*_LEFT_OUT, *_keys(event.table))
    told = []
    for column in (one for one in changes if one not in left_out):
        before, after = _pair(changes[column])
        if column in _OF_PEOPLE:
            before, after = names.get(before, before), names.get(after, after)
        elif column == "kloe":
            before, after = _called(before, questions), _called(after, questions)
        if before != after:
            told.append(_tell(_label(column), before, after, whole))
    return told


def _keys(table: str) -> tuple[str, ...]:
    """Columns that name the record."""
    if table == "finding_evidence":
        return ("finding", "evidence")
    one = MAPS.get(table)
    return (one.key or "evidence",) if one else ()


def _called(kloe: str, questions: Mapping[str, Question]) -> str:
    """Questions by their names."""
    ids = kloe.split("; ")
    return "; ".join(questions[one].name if one in questions else one for one in ids)


def _pair(pair: Any) -> tuple[str, str]:
    """Before and after as text; a bundle from elsewhere may hold anything."""
    if not isinstance(pair, list) or len(pair) != 2:
        return "", json.dumps(pair, ensure_ascii=False)
    before, after = (_text(one) for one in pair)
    return before, after


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(str(one) for one in value)
    return str(value)


def _label(column: str) -> str:
    return _LABELS.get(column, column.replace("_", " ").capitalize())


def _tell(label: str, before: str, after: str, whole: bool) -> ToldChange:
    if before and after and max(len(before), len(after)) > 40:
        words = word_changes(before, after)
        if not whole:
            words, cut = _cut(words)
            return ToldChange(label, before, after, words, cut)
        return ToldChange(label, before, after, words)
    if whole:
        return ToldChange(label, before, after, [])
    cut = max(len(before), len(after)) > SHORT
    return ToldChange(label, shorten(before, SHORT), shorten(after, SHORT), [], cut)


def _cut(words: list[Change]) -> tuple[list[Change], bool]:
    """A difference in which what stayed the same is cut, and which is bounded as a whole."""
    cut, left = [], SHORT * 3
    for n, one in enumerate(words):
        text = one.text
        if one.what == "same" and len(text) > 100:
            head = text[:50] if n else ""
            tail = text[-50:] if n < len(words) - 1 else ""
            text = f"{head} … {tail}"
        text = text[: max(left, 0)]
        left -= len(text)
        if text:
            cut.append(Change(one.what, text))
    return cut, cut != words
