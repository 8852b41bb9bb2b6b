"""One cell of a published file: numbers with footnote marks, suppressed values, dates as words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from wholesystem.indicators.periods import MONTHS
from wholesystem.tables.cells import CellError

__all__ = [
    "SUPPRESSED",
    "UNSTORED",
    "CellError",
    "Figure",
    "cell_text",
    "column_letters",
    "fold",
    "month_number",
    "read_date",
    "read_figure",
]

# Marks that publishers write in place of a number, with what each says.
SUPPRESSED: Mapping[str, str] = {
    "": "blank: no figure is given",
    "*": "suppressed (*)",
    "**": "suppressed (**)",
    "-": "no figure is given (-)",
    "–": "no figure is given (–)",
    "..": "not available (..)",
    ".": "not available (.)",
    ":": "not available (:)",
    "c": "confidential (c)",
    "[c]": "confidential ([c])",
    "x": "not available (x)",
    "[x]": "not available ([x])",
    "z": "not applicable (z)",
    "[z]": "not applicable ([z])",
    "s": "suppressed (s)",
    "u": "unreliable, not given (u)",
    "[u]": "unreliable, not given ([u])",
    "na": "not available (NA)",
    "n/a": "not available (n/a)",
    "null": "not given (NULL)",
}
# Put where a formula stands whose result is not stored in the file.
UNSTORED = "=?"
ERRORS = frozenset(
    (
        "#ref!",
        "#n/a",
        "#div/0!",
        "#value!",
        "#name?",
        "#num!",
        "#null!",
        "#spill!",
        "#error!",
        "#getting_data",
    )
)
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?(e[+-]?\d{1,3})?(%?)", re.ASCII)
# Footnote marks: 12*, 1,234 (r), 3.5 [p], 7†, 12 r
_FOOTNOTE = re.compile(
    r"(?P<number>[+-]?[\d.,]+(?:e[+-]?\d+)?%?)\s*"
    r"(?P<marks>(?:\*{1,3}|[†‡§¹²³⁴⁵⁶⁷⁸⁹⁰]+|\(?\[?[a-z0-9]{1,3}[)\]]|(?<=\s)[a-z]\d?|[rpe])+)",
    re.ASCII | re.IGNORECASE,
)
_SPACES = re.compile(r"[\s\u00a0\u202f\u200b\ufeff]+")
_WORD_DATE = re.compile(
    r"(?:[a-z]+day,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4})", re.ASCII
)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_UK_DATE = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[T ]00:00(?::00)?)?", re.ASCII)


@dataclass(frozen=True)
class Figure:
    """A number as published.

    Parameters
    ----------
    value : float or None
        None where the publisher gives none; `note` then says why.
    note : str or None
        Footnote marks or the reason for no value.
    """

    value: float | None
    note: str | None = None


def column_letters(column: int) -> str:
    """Letters of a column as a spreadsheet shows them.

    Parameters
    ----------
    column : int
        From 0.

    Returns
    -------
    str
        ``A`` for 0, ``AA`` for 26.

    Examples
    --------
    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def fold(text: str) -> str:
    """Text as it is compared: one space between words, small letters, plain dashes.

    Parameters
    ----------
    text : str
        Of a cell or sheet name.

    Returns
    -------
    str
        Folded.

    Examples
    --------
    >>> fold(" LA - by  Type of Care")
    'la - by type of care'
    """
    return _SPACES.sub(" ", text).strip().lower().replace("–", "-").replace("—", "-")


def cell_text(value: object) -> str:
    """A cell's value as text, without space around it.

    Parameters
    ----------
    value : object
        As read from a sheet: text, number, date or True and False.

    Returns
    -------
    str
        "" for a blank cell; whole numbers without a point; dates as YYYY-MM-DD.
    """
    if isinstance(value, str):
        return _SPACES.sub(" ", value).strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        at_midnight = value.time() == datetime.min.time()
        return value.date().isoformat() if at_midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def read_figure(value: object, more_marks: Mapping[str, str] | None = None) -> Figure:
    """The number of a cell.

    Parameters
    ----------
    value : object
        As read from a sheet.
    more_marks : mapping of str to str, optional
        Marks of this format for no value (folded), with what each says.

    Returns
    -------
    Figure
        Without a value where the cell is blank or holds a mark of suppression; footnote marks
        behind a number go to the note. ``86.1%`` as text is 86.1 (a spreadsheet's own
        percentage is the number 0.861).

    Raises
    ------
    CellError
        If it is neither a number nor a known mark, is an error of a formula, or is not finite.

    Examples
    --------
    >>> read_figure("1,234 (r)")
    Figure(value=1234.0, note='marked (r)')
    >>> read_figure("*")
    Figure(value=None, note='suppressed (*)')
    """
    if isinstance(value, float | int) and not isinstance(value, bool):
        return _finite(float(value), None)
    text = cell_text(value)
    folded = text.lower()
    for marks in (more_marks or {}, SUPPRESSED):
        if folded in marks:
            return Figure(None, marks[folded])
    if text == UNSTORED:
        raise CellError(
            "The result of its formula is not stored in the file.",
            "Open the file in Excel, save it, and try again.",
        )
    if folded in ERRORS:
        raise CellError(
            "It holds an error of a formula.", "Mend the formula, or ask the publisher."
        )
    if isinstance(value, bool | date):
        raise CellError("A number is needed; this is a date or true/false.", "Mend the cell.")
    if (number := _number(folded)) is not None:
        return _finite(number, None)
    match = _FOOTNOTE.fullmatch(text)
    if match and (number := _number(match["number"].lower())) is not None:
        return _finite(number, f"marked {match['marks'].strip()}")
    raise CellError(
        "A number is needed, or a mark that no figure is given (such as * or ..).",
        "Mend the cell, or map the mark.",
    )


def _number(text: str) -> float | None:
    match = _NUMBER.fullmatch(text)
    if not match or not (match[2] or match[3]):
        return None
    return float(text.replace(",", "").rstrip("%"))


def _finite(number: float, note: str | None) -> Figure:
    if number != number or number in (float("inf"), float("-inf")):
        raise CellError("A finite number is needed.", "Mend the cell.")
    return Figure(number, note)


def read_date(value: object) -> date:
    """The date of a cell.

    Parameters
    ----------
    value : object
        A date, or text such as ``27th May 2011``, ``27-May-2011``, ``2011-05-27`` or
        ``27/05/2011`` (day first, as published in the United Kingdom).

    Returns
    -------
    date
        The day.

    Raises
    ------
    CellError
        If it is no date of these spellings.

    Examples
    --------
    >>> read_date("27th May 2011")
    datetime.date(2011, 5, 27)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = cell_text(value).lower()
    try:
        if match := _ISO_DATE.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _UK_DATE.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match := _WORD_DATE.fullmatch(text):
            return date(int(match[3]), month_number(match[2]), int(match[1]))
    except ValueError:
        pass
    raise CellError(
        "A date is needed.", "Write it as 2017-09-30, 30/09/2017 or 30th September 2017."
    )


def month_number(name: str) -> int:
    """Number of a month from its English name or the first three letters or more of it.

    Parameters
    ----------
    name : str
        Such as ``sept`` or ``September``.

    Returns
    -------
    int
        1 to 12.

    Raises
    ------
    ValueError
        If no month is so called.
    """
    word = name.strip().lower().rstrip(".")
    if len(word) >= 3:
        for number, month in enumerate(MONTHS, start=1):
            if month.lower().startswith(word):
                return number
    raise ValueError(f"no month is called {name}")
