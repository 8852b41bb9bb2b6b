"""Periods as tidy tables of published statistics write them: months, days, years."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from wholesystem.indicators.loaders.cells import CellError, month_number, read_date

__all__ = [
    "DAY",
    "FIRST_YEAR",
    "LAST_YEAR",
    "MONTH",
    "financial_year",
    "month_end",
    "month_of",
    "one_day",
    "whole_month",
]

_WORD_MONTH = re.compile(r"([a-z]{3,9})\.?[\s-]+(\d{4}|\d{2})", re.ASCII)
_YEAR = re.compile(r"(\d{4})\s*[-/]\s*(\d{4}|\d{2})", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1990, 2100


def month_of(text: str) -> date:
    """First day of a month.

    Parameters
    ----------
    text : str
        ``April 2021``, ``Apr-21``, ``2021-04`` or the first day of it as a date.

    Returns
    -------
    date
        The first.

    Raises
    ------
    ValueError
        If it is no month, another day than the first, or a year before 1990 or after 2100.

    Examples
    --------
    >>> month_of("April 2021"), month_of("2021-04-01")
    (datetime.date(2021, 4, 1), datetime.date(2021, 4, 1))
    """
    if match := _WORD_MONTH.fullmatch(text.strip().lower()):
        year = int(match[2]) + (2000 if len(match[2]) == 2 else 0)
        return _within(date(year, month_number(match[1]), 1))
    if re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII):
        text += "-01"
    day = read_date(text)
    if day.day != 1:
        raise CellError("A month is needed.", "Write it as April 2021 or 2021-04-01.")
    return _within(day)


def whole_month(text: str) -> tuple[date, date]:
    """First and last day of a month.

    Parameters
    ----------
    text : str
        As `month_of` reads it.

    Returns
    -------
    tuple of date
        Both within the month.

    Raises
    ------
    ValueError
        As `month_of`.

    Examples
    --------
    >>> whole_month("February 2024")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    first = month_of(text)
    return first, month_end(first)


def month_end(day: date, months: int = 1) -> date:
    """Last day of the month that is so many months on, this one counted.

    Parameters
    ----------
    day : date
        In the first of them.
    months : int, optional
        How many; >= 1.

    Returns
    -------
    date
        The last of the last.

    Examples
    --------
    >>> month_end(date(2017, 11, 1), 4)
    datetime.date(2018, 2, 28)
    """
    number = day.year * 12 + day.month - 1 + months - 1
    year, month = number // 12, number % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def one_day(text: str) -> tuple[date, date]:
    """A day, as first and last of its period.

    Parameters
    ----------
    text : str
        A date.

    Returns
    -------
    tuple of date
        The same day twice.

    Raises
    ------
    ValueError
        If it is no date, or of a year before 1990 or after 2100.
    """
    day = _within(read_date(text))
    return day, day


def financial_year(text: str) -> tuple[date, date]:
    """First and last day of a financial year, 1 April to 31 March.

    Parameters
    ----------
    text : str
        ``2016-17``, ``2016/17`` or ``2016/2017``.

    Returns
    -------
    tuple of date
        Both within the year.

    Raises
    ------
    ValueError
        If it is no such year, or the two years do not follow each other.

    Examples
    --------
    >>> financial_year("2016-17")
    (datetime.date(2016, 4, 1), datetime.date(2017, 3, 31))
    """
    match = _YEAR.fullmatch(text.strip())
    if not match or (int(match[1]) + 1 - int(match[2])) % (100 if len(match[2]) == 2 else 10_000):
        raise CellError("A financial year is needed.", "Write it as 2016-17.")
    return _within(date(int(match[1]), 4, 1)), _within(date(int(match[1]) + 1, 3, 31))


def _within(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellError(f"The year must be from {FIRST_YEAR} to {LAST_YEAR}.", "Mend the date.")
    return day


MONTH = (whole_month, "A month is needed.", "Write it as April 2021 or 2021-04-01.")
"""A column of months for `LongTable.periods`: how it is read, the rule, and what to do."""

DAY = (one_day, "A date is needed.", "Write it as 2021-04-01.")
"""A column of days for `LongTable.periods`."""
