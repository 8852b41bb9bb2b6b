"""What changed between two texts, word by word, for a page to show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from os.path import commonprefix
from typing import NamedTuple

__all__ = ["Change", "word_changes"]

# Comparing takes time that grows with both: above this, old and new are shown one after the other.
MOST_COMPARED = 60_000
_WORD = re.compile(r"\s*\S+|\s+\Z")


class Change(NamedTuple):
    """Some words: ``same``, ``old`` (only before) or ``new`` (only after)."""

    what: str
    text: str


def word_changes(before: str, after: str) -> list[Change]:
    """What changed between two texts.

    Parameters
    ----------
    before, after : str
        The texts.

    Returns
    -------
    list of Change
        All but the new ones make `before`, all but the old ones `after`, letter by letter.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    start = len(commonprefix([old, new]))
    end = len(commonprefix([old[start:][::-1], new[start:][::-1]]))
    middle = _compare(old[start : len(old) - end], new[start : len(new) - end])
    found = [("same", old[:start]), *middle, ("same", old[len(old) - end :])]
    return [Change(what, "".join(words)) for what, words in found if words]


def _compare(old: list[str], new: list[str]) -> Iterator[tuple[str, list[str]]]:
    if len(old) * len(new) > MOST_COMPARED:
        yield "old", old
        yield "new", new
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield "same", old[a:b]
        else:
            yield "old", old[a:b]
            yield "new", new[c:d]
