"""Widths of the columns of a table, from what stands in them; the same in all formats."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from wholesystem.pictures.svg import text_width

__all__ = ["Widths", "column_widths", "digits_wide"]

#: A word that is longer may be broken; a number never is.
LONGEST_WORD = 22
#: A column of words that holds fewer letters cannot be read.
LEAST_LETTERS = 7
#: A column of numbers, under its heading.
LEAST_DIGITS = 4
#: Of a text that fills several lines, what a line of it should hold.
LINE_WANTED = 40
#: Room between columns, as a multiple of what they need.
AIRY = 1.35
#: Room at both sides of a cell, by size of letters.
PADDING = (2.0, 1.3, 1.3)
_NUMBER = re.compile(r"[-+\u2212(]?[\d.,:/\u2013-]*\d[\d.,:/%)]*")


@dataclass(frozen=True)
class Widths:
    """Widths of the columns of one table.

    Parameters
    ----------
    shares : tuple of float
        Of the width of the table; sum 1.
    letters : tuple of int
        How many letters, as wide as a digit, each column holds on a line of a page.
    least, wanted : float
        Letters of the whole table: so that nothing is broken that need not be; so that it looks
        well.
    part : float
        Of a page's width that the table takes: numbers far apart are hard to read together.
    size : int
        0: usual letters; 1: small, 2: smaller, for many columns.
    """

    shares: tuple[float, ...]
    letters: tuple[int, ...]
    least: float
    wanted: float
    part: float
    size: int


def line_letters(size: int) -> int:
    """Letters of a line of a table that is as wide as an A4 page's text, by size of letters."""
    return (96, 120, 144)[size]


def column_widths(rows: Sequence[Sequence[str]]) -> Widths:
    """Width of each column.

    Parameters
    ----------
    rows : sequence of sequence of str
        What stands in the table, its header first.

    Returns
    -------
    Widths
        Numbers have room first, then words, then long texts.
    """
    count = len(rows[0])
    size = 0 if count <= 8 else 1 if count <= 12 else 2
    line = line_letters(size)
    columns = [[row[c] for row in rows] for c in range(count)]
    longest = max(LEAST_LETTERS, min(LONGEST_WORD, int(1.4 * line / count)))
    fixed = [_fixed(column) for column in columns]
    least = [
        max(low, min(longest, _longest(column, numbers=False)))
        for column, low in zip(columns, fixed, strict=True)
    ]
    wanted = [max(one, _wanted(column)) for one, column in zip(least, columns, strict=True)]
    padding = PADDING[size]
    given = _fit(least, fixed, wanted, line - padding * count)
    total = sum(given) + padding * count
    airy = AIRY * (sum(wanted) + padding * count)
    part = min(1.0, airy / line)
    scale = part * line / total
    shares = tuple((one + padding) / total for one in given)
    return Widths(
        shares=shares,
        letters=tuple(max(3, int((one + padding) * scale - padding)) for one in given),
        # So wide that the narrowest column for what stands in it has room too.
        least=max((low + padding) / share for low, share in zip(least, shares, strict=True)),
        wanted=airy,
        part=part,
        size=size,
    )


def digits_wide(word: str) -> float:
    """How many digits are as wide as a word in bold.

    Parameters
    ----------
    word : str
        One word.

    Returns
    -------
    float
        A careful guess for other scripts than Latin.
    """
    return text_width(word, 1 / 0.556, bold=True)


def _fit(
    least: Sequence[float], fixed: Sequence[float], wanted: Sequence[float], room: float
) -> list[float]:
    spare = room - sum(least)
    if spare >= 0:
        wish = sum(wanted) - sum(least)
        share = min(1.0, spare / wish) if wish else 0.0
        return [low + share * (high - low) for low, high in zip(least, wanted, strict=True)]
    # Words are broken for numbers to stay whole, as far as that goes.
    breakable = sum(least) - sum(fixed)
    share = min(1.0, -spare / breakable) if breakable > 0 else 0.0
    return [low - share * (low - one) for low, one in zip(least, fixed, strict=True)]


def _fixed(texts: Sequence[str]) -> int:
    """What a column needs whatever the others need."""
    digits = _longest(texts, numbers=True)
    words = min(LEAST_LETTERS, _longest(texts, numbers=False))
    return max(LEAST_DIGITS, digits, words)


def _longest(texts: Sequence[str], *, numbers: bool) -> int:
    return max(
        (
            max(len(word), math.ceil(digits_wide(word)))
            for text in texts
            for word in text.split()
            if (_NUMBER.fullmatch(word) is not None) is numbers
        ),
        default=0,
    )


def _wanted(texts: Sequence[str]) -> float:
    usual = sum(map(len, texts)) / len(texts)
    more = math.sqrt(max(0.0, usual - LINE_WANTED))
    return max(min(max(map(len, texts)), LINE_WANTED / 2), min(usual, LINE_WANTED) + more)
