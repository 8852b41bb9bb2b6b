"""Dates as people write them in tables of figures: days, months and years, in stated forms."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from wholesystem.indicators.periods import MONTHS
from wholesystem.indicators.spc.words import SHORT_MONTHS
from wholesystem.tables.cells import FIRST_YEAR, LAST_YEAR, CellError

FORMS = "2017-06-01, 01/06/2017 (day first), 1 Jun 2017, 2017-06, Jun 2017, Jun-17 or 2017"
_MONTHS = [month.lower() for month in SHORT_MONTHS]
_FULL_MONTHS = [month.lower() for month in MONTHS]

_ISO_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: 00:00(?::00)?)?", re.ASCII)
_MONTH_NAME = re.compile(r"([A-Za-z]{3,9})\.?[ \-](\d{4}|\d{2})", re.ASCII)
_DAY_MONTH_NAME = re.compile(r"(\d{1,2})[ \-]([A-Za-z]{3,9})\.?[ \-](\d{4}|\d{2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_EXCEL_DAY = re.compile(r"\d{5}(\.0)?", re.ASCII)
_RULE = "A date is needed here."


@lru_cache(maxsize=65_536)
def parse_day(text: str) -> date:
    """The day that a text says; the first day of a month or year.

    Parameters
    ----------
    text : str
        In one of the forms of `FORMS`. With slashes the day comes first, as in Britain. A year of
        two digits, after the name of a month only, is of this century.

    Returns
    -------
    date
        From 1900 to 2300.

    Raises
    ------
    CellError
        For anything else, such as a 13th month or the number of a day in Excel.

    Examples
    --------
    >>> parse_day("01/06/2017") == parse_day("Jun 2017") == parse_day("2017-06") == date(2017, 6, 1)
    True
    """
    parts = _parts(text.strip())
    if parts is None:
        raise CellError(_RULE, _remedy(text.strip()))
    year, month, day = parts
    if month > 12:
        first = " The day comes first." if _DAY_FIRST.fullmatch(text.strip()) else ""
        raise CellError(f"There is no month {month}.{first}", _remedy(text))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CellError(f"The year must be from {FIRST_YEAR} to {LAST_YEAR}.", "Correct it.")
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError("There is no such day in the calendar.", _remedy(text)) from None


def _parts(text: str) -> tuple[int, int, int] | None:
    if found := _ISO_DAY.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.fullmatch(text):
        return int(found[4]), int(found[3]), int(found[1])
    if found := _ISO_MONTH.fullmatch(text):
        return int(found[1]), int(found[2]), 1
    if _YEAR.fullmatch(text):
        return int(text), 1, 1
    if found := _MONTH_NAME.fullmatch(text):
        return _named(found[2], found[1], "1")
    if found := _DAY_MONTH_NAME.fullmatch(text):
        return _named(found[3], found[2], found[1])
    return None


def _named(year: str, month: str, day: str) -> tuple[int, int, int] | None:
    word = month.lower()
    if word == "sept":
        word = "sep"
    for names in (_MONTHS, _FULL_MONTHS):
        if word in names:
            return int(year) + (2000 if len(year) == 2 else 0), names.index(word) + 1, int(day)
    return None


def _remedy(text: str) -> str:
    if _EXCEL_DAY.fullmatch(text):
        day = date(1899, 12, 30) + timedelta(days=int(text[:5]))
        return f"It looks like Excel's number for {day}: show the column as a date and save again."
    return f"Write it like one of these: {FORMS}."


def reads_month_first(texts: list[str]) -> bool:
    """Whether dates with slashes look as if the month came first, as in America.

    Parameters
    ----------
    texts : list of str
        Dates of one column, as they stand.

    Returns
    -------
    bool
        True where at least three have slashes, the second number is 1 in all of them and the
        first differs: first days of months, read as days of January.
    """
    found = [one for one in map(_DAY_FIRST.fullmatch, map(str.strip, texts)) if one]
    if len(found) < 3 or len(found) < len(texts):
        return False
    return all(int(one[3]) == 1 for one in found) and len({one[1] for one in found}) >= 3
