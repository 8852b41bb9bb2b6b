"""Periods and dates of a table of one's own, read in the spelling that its mapping states."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from wholesystem.indicators.loaders.cells import CellError, month_number, read_date
from wholesystem.indicators.loaders.spans import (
    FIRST_YEAR,
    LAST_YEAR,
    financial_year,
    month_end,
    one_day,
    whole_month,
)

__all__ = ["PERIOD_KINDS", "date_reader", "period_reader"]

Span = tuple[date, date]

_TOKENS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d{2})",
    "MMMM": r"(?P<name>[A-Za-z]{3,9})",
    "MMM": r"(?P<name>[A-Za-z]{3,4})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{2})",
    "D": r"(?P<day>\d{1,2})",
}
_TOKEN = re.compile("YYYY|YY|MMMM|MMM|MM|M|DD|D")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_QUARTER = re.compile(
    r"(?:q(?P<q1>[1-4])[\s,]*(?P<y1>\d{4}(?:[-/]\d{2,4})?))"
    r"|(?:(?P<y2>\d{4}(?:[-/]\d{2,4})?)[\s,-]*q(?P<q2>[1-4]))",
    re.ASCII,
)
_MID_YEAR = re.compile(r"(?:mid[- ]?)?(\d{4})", re.ASCII)


def date_reader(pattern: str) -> Callable[[str], date]:
    """A reader of dates in one spelling.

    Parameters
    ----------
    pattern : str
        Of ``YYYY``, ``YY``, ``MMMM`` (name of the month), ``MMM``, ``MM``, ``M``, ``DD``, ``D``
        and other signs as they stand: ``DD/MM/YYYY``. Without a day it is the first. "" for the
        spellings of `wholesystem.indicators.loaders.cells.read_date`.

    Returns
    -------
    callable
        From text to date; it raises ValueError where the text is no such date. What was a date
        in the workbook is read in any case.

    Raises
    ------
    ValueError
        If the pattern has no year, or a part twice.

    Examples
    --------
    >>> date_reader("MM/DD/YYYY")("07/04/2017")
    datetime.date(2017, 7, 4)
    """
    if not pattern:
        return read_date
    compiled = _compile(pattern)

    def read(text: str) -> date:
        match = compiled.fullmatch(text.strip())
        if match is None and _ISO.fullmatch(text):
            return date.fromisoformat(text)
        if match is None:
            raise CellError(f"A date like {pattern} is needed.", "Mend the cell, or the mapping.")
        return _date_of(match.groupdict())

    return read


def _compile(pattern: str) -> re.Pattern[str]:
    parts, at = [], 0
    for token in _TOKEN.finditer(pattern):
        parts += [re.escape(pattern[at : token.start()]), _TOKENS[token[0]]]
        at = token.end()
    parts.append(re.escape(pattern[at:]))
    try:
        compiled = re.compile("".join(parts), re.ASCII)
    except re.error:
        raise ValueError(f"{pattern} has a part of the date twice") from None
    if not {"year", "short"} & compiled.groupindex.keys():
        raise ValueError(f"{pattern} has no year (YYYY)")
    return compiled


def _date_of(parts: dict[str, str | None]) -> date:
    year = int(parts.get("year") or 2000 + int(parts.get("short") or 0))
    name = parts.get("name")
    month = month_number(name) if name else int(parts.get("month") or 1)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CellError(f"The year must be from {FIRST_YEAR} to {LAST_YEAR}.", "Mend the date.")
    return date(year, month, int(parts.get("day") or 1))


def _quarter(text: str) -> Span:
    """``2017 Q1`` is January to March."""
    quarter, years = _quarter_parts(text)
    if len(years) != 4:
        raise CellError("A calendar quarter is needed.", "Write it as 2017 Q1.")
    start = date(int(years), 3 * quarter - 2, 1)
    return start, month_end(start, 3)


def _financial_quarter(text: str) -> Span:
    """``2017-18 Q1`` is April to June 2017."""
    quarter, years = _quarter_parts(text)
    first, _ = financial_year(years)
    start = date(first.year + (quarter == 4), (3 * quarter) % 12 + 1, 1)
    return start, month_end(start, 3)


def _quarter_parts(text: str) -> tuple[int, str]:
    match = _QUARTER.fullmatch(text.strip().lower())
    if not match:
        raise CellError("A quarter is needed.", "Write it as 2017 Q1, or 2017-18 Q1.")
    return int(match["q1"] or match["q2"]), match["y1"] or match["y2"]


def _calendar_year(text: str) -> Span:
    if not re.fullmatch(r"\d{4}", text.strip(), re.ASCII):
        raise CellError("A calendar year is needed.", "Write it as 2017.")
    return date(int(text), 1, 1), date(int(text), 12, 31)


def _mid_year(text: str) -> Span:
    match = _MID_YEAR.fullmatch(text.strip().lower())
    if not match:
        raise CellError("The year of a mid-year estimate is needed.", "Write it as 2017.")
    return one_day(f"{match[1]}-06-30")


def _week(text: str) -> Span:
    start = read_date(text)
    return start, start + timedelta(days=6)


PERIOD_KINDS: dict[str, tuple[Callable[[str], Span], str]] = {
    "month": (whole_month, "a month such as April 2021, Apr-21 or 2021-04"),
    "quarter": (_quarter, "a calendar quarter such as 2017 Q1"),
    "financial_quarter": (_financial_quarter, "a quarter of a financial year such as 2017-18 Q1"),
    "financial_year": (financial_year, "a financial year such as 2016-17"),
    "calendar_year": (_calendar_year, "a calendar year such as 2017"),
    "mid_year": (_mid_year, "the year of a mid-year estimate such as 2017"),
    "day": (one_day, "a day such as 2017-09-30 or 30/09/2017"),
    "week": (_week, "the first day of a week such as 2017-09-25"),
}
# What a date in a stated spelling stands for.
_FROM_DATE: dict[str, Callable[[date], Span]] = {
    "month": lambda day: (day.replace(day=1), month_end(day)),
    "quarter": lambda day: (day.replace(day=1), month_end(day, 3)),
    "financial_quarter": lambda day: (day.replace(day=1), month_end(day, 3)),
    "financial_year": lambda day: (date(day.year, 4, 1), date(day.year + 1, 3, 31)),
    "calendar_year": lambda day: (date(day.year, 1, 1), date(day.year, 12, 31)),
    "mid_year": lambda day: (date(day.year, 6, 30), date(day.year, 6, 30)),
    "day": lambda day: (day, day),
    "week": lambda day: (day, day + timedelta(days=6)),
}


def period_reader(kind: str, pattern: str) -> tuple[Callable[[str], Span], str]:
    """A reader of periods of one kind and spelling.

    Parameters
    ----------
    kind : str
        One of `PERIOD_KINDS`.
    pattern : str
        Spelling of the first day (or month, or year) of the period, as `date_reader` takes it;
        "" for the usual spellings of the kind.

    Returns
    -------
    read : callable
        From text to first and last day, both within; it raises ValueError for other text.
    what : str
        What is needed, for messages.

    Raises
    ------
    ValueError
        If there is no such kind, or the pattern is none.

    Examples
    --------
    >>> period_reader("financial_quarter", "")[0]("2017-18 Q4")
    (datetime.date(2018, 1, 1), datetime.date(2018, 3, 31))
    >>> period_reader("month", "MM/YYYY")[0]("02/2016")
    (datetime.date(2016, 2, 1), datetime.date(2016, 2, 29))
    """
    if kind not in PERIOD_KINDS:
        raise ValueError(f"{kind or 'blank'} is no kind of period")
    if not pattern:
        return PERIOD_KINDS[kind]
    read_day, make = date_reader(pattern), _FROM_DATE[kind]
    return lambda text: make(read_day(text)), f"{kind.replace('_', ' ')} like {pattern}"
