"""Marks in the report's prose, such as ``[F01, E012]``, and the sentences that they stand in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

__all__ = ["Mark", "Sentence", "find_marks", "numbers_in", "split_sentences", "without_marks"]

_ID = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}"
_GROUP = re.compile(rf"\[\s*({_ID}(?:\s*[,;]\s*{_ID})*)\s*\]")
# A word in brackets, such as [sic], is no mark; nor is a year.
_LIKE_A_MARK = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z]).+")
# A full stop after these ends no sentence.
_SHORT = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|vs|cf|no|nos|fig|figs|dr|mr|mrs|ms|prof|st|para|paras|p|pp"
    r"|jan|feb|mar|apr|aug|sept|sep|oct|nov|dec)|\b[A-Z])\.$",
    re.IGNORECASE,
)
# An end of a sentence, with the quotation mark, bracket and marks that belong to it.
_END = re.compile(rf"[.!?…][\"'”’)]*(?:\s*{_GROUP.pattern})*(?=\s|$)")
_NUMBER = re.compile(r"(?<![\w.,])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w]*\d)")


@dataclass(frozen=True)
class Mark:
    """A mark of the prose.

    Parameters
    ----------
    ids : tuple of str
        What it names, in order.
    start, end : int
        Characters of the text, the end not included.
    """

    ids: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """A sentence with its marks.

    Parameters
    ----------
    text : str
        As it was written, marks included.
    marks : tuple of Mark
        Places within the sentence.
    """

    text: str
    marks: tuple[Mark, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """All that its marks name, each once."""
        return tuple(dict.fromkeys(name for mark in self.marks for name in mark.ids))


def find_marks(text: str, known: Collection[str]) -> tuple[Mark, ...]:
    """The marks of a text.

    Parameters
    ----------
    text : str
        Prose.
    known : collection of str
        Ids of findings and evidence.

    Returns
    -------
    tuple of Mark
        In order. Names in square brackets are a mark if one of them is known, or if each has
        letters and digits, as ids do: so ``[E99]`` is a mark that names nothing, and ``[sic]`` and
        ``[2017]`` are none.
    """
    return tuple(_marks(text, known))


def _marks(text: str, known: Collection[str]) -> Iterator[Mark]:
    for found in _GROUP.finditer(text):
        ids = tuple(one.strip() for one in re.split("[,;]", found[1]))
        if any(one in known for one in ids) or all(_LIKE_A_MARK.fullmatch(one) for one in ids):
            yield Mark(ids, found.start(), found.end())


def without_marks(text: str, known: Collection[str]) -> str:
    """A text as it is read aloud.

    Parameters
    ----------
    text : str
        Prose with marks.
    known : collection of str
        Ids of findings and evidence.

    Returns
    -------
    str
        Without the marks and the spaces before them.
    """
    left, at = [], 0
    for mark in find_marks(text, known):
        left.append(text[at : mark.start].rstrip(" \t"))
        at = mark.end
    return "".join([*left, text[at:]]).strip()


def split_sentences(text: str, known: Collection[str]) -> tuple[Sentence, ...]:
    """The sentences of a paragraph, each with its marks.

    Parameters
    ----------
    text : str
        Prose.
    known : collection of str
        Ids of findings and evidence.

    Returns
    -------
    tuple of Sentence
        In order. A mark after the full stop belongs to the sentence before it. An abbreviation or
        an initial ends no sentence; where that is wrong two sentences are taken for one.
    """
    return tuple(
        Sentence(part, find_marks(part, known)) for part in _parts(text) if re.search(r"\w", part)
    )


def _parts(text: str) -> Iterator[str]:
    begin = 0
    for line in re.finditer(r"\n+|$", text):
        for end in _END.finditer(text, begin, line.start()):
            before = text[begin : end.start() + 1]
            follows = text[end.end() : line.start()].lstrip()
            if _SHORT.search(before) or re.match(r"[a-z]", follows):
                continue
            yield text[begin : end.end()].strip()
            begin = end.end()
        yield text[begin : line.start()].strip()
        begin = line.end()


def numbers_in(text: str) -> tuple[float, ...]:
    """The numbers that are written in figures in a text.

    Parameters
    ----------
    text : str
        Any. Ids such as ``E012`` are no numbers.

    Returns
    -------
    tuple of float
        In order; ``1,234`` is 1234.
    """
    return tuple(
        float(found[0].replace(",", "").replace("−", "-")) for found in _NUMBER.finditer(text)
    )
