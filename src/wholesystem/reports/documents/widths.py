"""Widths of the columns of a table, from what stands in them."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["column_shares", "longest_in"]

#: Letters of a line of a table across the page, at the size at which tables are set.
LINE_LETTERS = 100
#: Longer words are broken, so they claim no more room.
LONGEST_WORD = 22
LEAST_LETTERS = 5


def column_shares(rows: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Share of the width that each column gets.

    Parameters
    ----------
    rows : sequence of sequence of str
        What stands in the table, its header first.

    Returns
    -------
    tuple of float
        Sum 1. A column gets room for its longest word, and more the more it has to say.
    """
    wanted = [_letters_wanted([row[c] for row in rows]) for c in range(len(rows[0]))]
    total = sum(wanted)
    return tuple(letters / total for letters in wanted)


def _letters_wanted(texts: Sequence[str]) -> float:
    word = max((len(one) for text in texts for one in text.split()), default=0)
    longest = max(map(len, texts))
    usual = sum(map(len, texts)) / len(texts)
    room = max(min(word, LONGEST_WORD), min(longest, 12), min(usual, 60))
    return max(LEAST_LETTERS, room) + 2


def longest_in(share: float, columns: int) -> int:
    """Letters of the longest word that a column holds without being broken.

    Parameters
    ----------
    share : float
        Of the width, 0 to 1.
    columns : int
        Of the table: many columns are set smaller.

    Returns
    -------
    int
        At least 3.
    """
    line = LINE_LETTERS * (1 if columns <= 8 else 1.2)
    # Wide letters: a word of capitals needs a third more than the usual.
    return max(3, int((share * line - 2) * 0.75))
