"""Finding a quoted passage in a document's text."""

from __future__ import annotations

from dataclasses import dataclass

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.cells import LONGEST_PASSAGE

__all__ = ["Span", "anchor", "find_spans"]

MOST_SPANS = 1_000


@dataclass(frozen=True)
class Span:
    """A passage of a document's text.

    Parameters
    ----------
    start, end : int
        Characters of the text, from 0, the end not included.
    text : str
        What stands there, letter by letter; what an anchor quotes.
    times : int
        How often the quoted words stand in the text, 1 or more.
    """

    start: int
    end: int
    text: str
    times: int = 1


def anchor(text: str, quoted: str, near: int | None = None) -> Span:
    """Where a quoted passage stands.

    Parameters
    ----------
    text : str
        Of the document.
    quoted : str
        As typed or pasted; space and line ends need not be those of the text.
    near : int, optional
        Character near which it stands, where it stands several times; the first is taken if not
        given.

    Returns
    -------
    Span
        The passage as the text has it. Its `times` tells whether it is the only one.

    Raises
    ------
    TableError
        If the passage is blank, too long for an anchor, or not there.
    """
    spans = find_spans(text, quoted)
    if not spans:
        raise TableError([_not_there(quoted)])
    best = spans[0] if near is None else min(spans, key=lambda one: abs(one.start - near))
    if len(best.text) > LONGEST_PASSAGE:
        raise TableError(
            [
                Fault(
                    "quoted passage",
                    quoted,
                    f"It may have at most {LONGEST_PASSAGE:,} characters.",
                    "Quote less of it.",
                )
            ]
        )
    return best


def _not_there(quoted: str) -> Fault:
    if not quoted.strip():
        return Fault("quoted passage", "", "A passage is needed.", "Copy it from the text.")
    return Fault(
        "quoted passage",
        quoted,
        "It does not stand in the document's text.",
        "Copy it from the text shown here; a printed page may have other letters than its text.",
    )


def find_spans(text: str, quoted: str) -> tuple[Span, ...]:
    """Every place where a quoted passage stands.

    Parameters
    ----------
    text : str
        Of the document.
    quoted : str
        As typed or pasted.

    Returns
    -------
    tuple of Span
        Where it stands exactly; if nowhere, where it stands when space and line ends are passed
        over. In the order of the text, none over another, at most 1,000. Empty if it is not there.
    """
    words = quoted.strip()
    if not words:
        return ()
    spans = _find(text, words)
    if not spans:
        # A column of a PDF breaks lines, and at times words, where the person sees none.
        kept = [at for at, letter in enumerate(text) if not letter.isspace()]
        squeezed = "".join(text[at] for at in kept)
        spans = [
            (kept[start], kept[end - 1] + 1)
            for start, end in _find(squeezed, "".join(words.split()))
        ]
    return tuple(Span(start, end, text[start:end], len(spans)) for start, end in spans)


def _find(text: str, words: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = text.find(words)
    while start >= 0 and len(spans) < MOST_SPANS:
        spans.append((start, start + len(words)))
        start = text.find(words, start + len(words))
    return spans
