"""A document's text as its page shows it: numbered lines, in parts, with what was quoted marked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

__all__ = ["Line", "Mark", "Piece", "Text"]

PART_LINES = 400
PART_CHARACTERS = 40_000
LONGEST_LINE = 5_000


class Mark(NamedTuple):
    """A passage that evidence quotes: its characters, and the evidence's id."""

    start: int
    end: int
    evidence: str


class Piece(NamedTuple):
    """Some of a line: whether it is quoted, and the evidence whose passage ends after it."""

    text: str
    is_marked: bool
    ends: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A line of the text.

    Parameters
    ----------
    number : int
        From 1.
    start : int
        Its first character in the whole text.
    pieces : tuple of Piece
        The line, taken apart where passages begin and end; empty for a blank one.
    """

    number: int
    start: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Text:
    """A document's text with its lines and parts.

    Parameters
    ----------
    text : str
        All of it.
    marks : sequence of Mark
        What is quoted from it.
    """

    text: str
    marks: Sequence[Mark] = field(default=())

    @cached_property
    def starts(self) -> list[int]:
        """First character of each line."""
        starts, at = [], 0
        while at <= len(self.text):
            end = self.text.find("\n", at)
            end = len(self.text) if end < 0 else end
            starts.append(at)
            # A paper of one endless line is broken where it has a space, to be shown in parts.
            while end - at > LONGEST_LINE:
                space = self.text.rfind(" ", at + 1, at + LONGEST_LINE)
                at = space + 1 if space > 0 else at + LONGEST_LINE
                starts.append(at)
            at = end + 1
        return starts

    @cached_property
    def parts(self) -> list[int]:
        """Index of the first line of each part, of a size that a browser shows with ease."""
        firsts = [0]
        for index, start in enumerate(self.starts):
            first = firsts[-1]
            is_long = start - self.starts[first] >= PART_CHARACTERS
            if index - first >= PART_LINES or (is_long and index > first):
                firsts.append(index)
        return firsts

    def line_of(self, character: int) -> int:
        """Number of the line, from 1, that a character of the text stands in."""
        return bisect_right(self.starts, max(character, 0))

    def part_of(self, line: int) -> int:
        """Number of the part, from 1, that a line stands in."""
        return bisect_right(self.parts, max(line, 1) - 1)

    def span_of(self, first: int, last: int) -> tuple[int, int] | None:
        """Characters from the first line to the end of the last; None if there are no such lines.

        Line ends and space around them are left out.
        """
        if not 1 <= first <= last <= len(self.starts):
            return None
        start, end = self.starts[first - 1], self._end_of(last - 1)
        words = self.text[start:end]
        start += len(words) - len(words.lstrip())
        end = start + len(words.strip())
        return (start, end) if end > start else None

    def _end_of(self, index: int) -> int:
        after = index + 1
        if after == len(self.starts):
            return len(self.text)
        end = self.starts[after]
        return end - 1 if self.text[end - 1] == "\n" else end

    def blocks(self, part: int) -> Iterator[list[Line]]:
        """Lines of a part in paragraphs: a blank line parts one from the next."""
        first = self.parts[part - 1]
        last = self.parts[part] if part < len(self.parts) else len(self.starts)
        block: list[Line] = []
        for index in range(first, last):
            line = self._line(index)
            if line.pieces:
                block.append(line)
            elif block:
                yield block
                block = []
        if block:
            yield block

    def _line(self, index: int) -> Line:
        start, end = self.starts[index], self._end_of(index)
        if not self.text[start:end].strip():
            return Line(index + 1, start, ())
        marks = [one for one in self.marks if one.start < end and one.end > start]
        return Line(index + 1, start, tuple(_pieces(self.text, start, end, marks)))

    def around(self, start: int, end: int, beside: int = 300) -> tuple[str, str, str]:
        """What stands before a passage, the passage, and what stands after it.

        Parameters
        ----------
        start, end : int
            Characters of the passage.
        beside : int
            How many characters of the text on either side.

        Returns
        -------
        tuple of str
            Whole words, with ``…`` where the text goes on.
        """
        first, last = max(0, start - beside), min(len(self.text), end + beside)
        before, after = self.text[first:start], self.text[end:last]
        if first:
            before = "…" + before[before.find(" ") + 1 :]
        if last < len(self.text):
            after = after[: after.rfind(" ") if " " in after else None] + " …"
        return before, self.text[start:end], after


def _pieces(text: str, start: int, end: int, marks: Iterable[Mark]) -> Iterator[Piece]:
    marks = tuple(marks)
    cuts = {start, end}
    for one in marks:
        cuts |= {max(one.start, start), min(one.end, end)}
    ordered = sorted(cuts)
    for first, last in zip(ordered, ordered[1:], strict=False):
        is_marked = any(one.start < last and one.end > first for one in marks)
        ends = tuple(one.evidence for one in marks if one.end == last)
        yield Piece(text[first:last], is_marked, ends)
