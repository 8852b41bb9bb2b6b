"""How pictures write numbers and names, so that picture and table say the same."""

from __future__ import annotations

import math
import unicodedata

NOT_KNOWN = "not known"

# Explicit direction marks would reorder the text around a label, so they are dropped;
# the characters themselves carry their direction.
_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_text(text: str) -> str:
    """Text that may stand in XML: one line, without control characters or lone surrogates.

    Parameters
    ----------
    text : str
        Any text, for instance a label out of someone's workbook.

    Returns
    -------
    str
        The text with runs of white space as one space, and with each character that XML
        forbids replaced by U+FFFD.
    """
    kept = []
    for character in text:
        if character in _DIRECTION_MARKS:
            continue
        if character in "\t\n\r":
            kept.append(" ")
        elif unicodedata.category(character) in ("Cc", "Cs") or character in "\ufffe\uffff":
            kept.append("\ufffd")
        else:
            kept.append(character)
    return " ".join("".join(kept).split())


def is_known(value: float | None) -> bool:
    """Whether a figure is there: neither None nor NaN nor infinite.

    Parameters
    ----------
    value : float or None
        A figure.

    Returns
    -------
    bool
        True for a finite number.
    """
    return value is not None and math.isfinite(value)


def format_people(value: float | None) -> str:
    """People, places or hours in words for a label: whole from 10, one decimal below.

    Parameters
    ----------
    value : float or None
        Number of people; None, NaN or infinite = not known.

    Returns
    -------
    str
        For instance ``"1,204"``, ``"3.4"``, ``"0"`` or ``"not known"``.
    """
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    if abs(value) >= 9.95:
        return f"{value:,.0f}"
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def format_per_day(value: float | None) -> str:
    """People a day: whole from 10, one decimal from 1, two below.

    Parameters
    ----------
    value : float or None
        People a day; None, NaN or infinite = not known.

    Returns
    -------
    str
        For instance ``"12"``, ``"3.4"``, ``"0.25"``.
    """
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    if 0 < abs(value) < 0.005:
        return "under 0.01"
    if abs(value) < 0.995:
        return f"{value:.2f}".removesuffix("0").removesuffix(".0")
    return format_people(value)


def people_words(count: str) -> str:
    """A number already written, with the right word: ``1 person``, ``2 people``.

    Parameters
    ----------
    count : str
        The number.

    Returns
    -------
    str
        Number and word.
    """
    return f"{count} person" if count == "1" else f"{count} people"


def format_days(value: float | None) -> str:
    """Days waited: one decimal below 10, whole from there.

    Parameters
    ----------
    value : float or None
        Days; None, NaN or infinite = not known.

    Returns
    -------
    str
        For instance ``"0.3"``, ``"12"``, ``"under 0.1"``.
    """
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    if 0 < value < 0.05:
        return "under 0.1"
    return format_people(value)


def as_mid_sentence(label: str) -> str:
    """A label as it stands inside a sentence: ``Home care`` -> ``home care``, ``HART`` stays.

    Parameters
    ----------
    label : str
        Label of a service.

    Returns
    -------
    str
        The label, its first letter small where the word is no abbreviation.
    """
    first, _, _ = label.partition(" ")
    if len(first) > 1 and first[0].isupper() and first[1:].islower():
        return label[0].lower() + label[1:]
    return label
