"""Text as every format can hold it, and figures as text."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator

from wholesystem.reports.documents.model import (
    Cell,
    Citation,
    Footnote,
    Inline,
    Link,
    Reference,
    Runs,
    Text,
)

__all__ = ["number_cell", "number_shown", "plain_text", "runs_of", "tidy_text"]

#: Marks that turn the direction of all that follows: a piece of text could reorder its
#: neighbours. The letters carry their own direction, and the marks of one place stay.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Noncharacters are allowed in XML 1.0 but for two, and no font has them.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SPACES = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029 ]+")
_NUMBER = re.compile(r"[-\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")


def tidy_text(text: str) -> str:
    """Text that HTML, PDF and Word can hold, and that keeps to its own place.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Runs of white space as one space; each character that files of text may not hold as
        U+FFFD, so that it is seen that there was one; marks that turn the direction of what
        follows left out.
    """
    return _SPACES.sub(" ", _FORBIDDEN.sub("\ufffd", _TURNING.sub("", text)))


def runs_of(text: Runs) -> tuple[Inline, ...]:
    """The pieces of a text, a plain string being one.

    Parameters
    ----------
    text : str or tuple of Inline
        As a block has it.

    Returns
    -------
    tuple of Inline
        Empty for an empty string.
    """
    if isinstance(text, str):
        return (Text(text),) if text else ()
    return text


def _words(run: Inline) -> Iterator[str]:
    if isinstance(run, Text | Link):
        yield run.text
    elif isinstance(run, Reference):
        yield run.text or f"[{run.anchor}]"
    elif isinstance(run, Citation | Footnote):
        return


def plain_text(text: Runs) -> str:
    """The words alone, without marks of notes and evidence.

    Parameters
    ----------
    text : str or tuple of Inline
        As a block has it.

    Returns
    -------
    str
        Tidied.
    """
    return tidy_text("".join(word for run in runs_of(text) for word in _words(run))).strip()


def number_cell(value: float, places: int = 0, *, unit: str = "") -> Cell:
    """A cell that shows a figure.

    Parameters
    ----------
    value : float
        The figure; NaN or infinite: the cell says "not known".
    places : int
        Decimal places shown, >= 0.
    unit : str
        Put behind it, such as ``%``.

    Returns
    -------
    Cell
        With thousands parted by commas.

    Examples
    --------
    >>> number_cell(12345.67, 1)
    Cell(text='12,345.7', value=12345.67)
    """
    if not math.isfinite(value):
        return Cell("not known")
    shown = f"{value:,.{places}f}"
    if not shown.strip("-0.,"):  # no minus before nothing
        shown = shown.lstrip("-")
    return Cell(f"{shown}{unit}", value)


def number_shown(text: str) -> tuple[float, float] | None:
    """The first number of a text, and half a unit of its last digit.

    Parameters
    ----------
    text : str
        Such as ``12,345.7 days``.

    Returns
    -------
    tuple of float or None
        The number and how far the figure may be from it; None if there is none.
    """
    found = _NUMBER.search(text)
    if found is None:
        return None
    shown = found.group().replace(",", "").replace("\u2212", "-")
    decimals = len(shown.partition(".")[2])
    return float(shown), 0.5 * 10.0**-decimals


def sort_name(text: str) -> str:
    """Letters and digits of a text, to make a name of."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
