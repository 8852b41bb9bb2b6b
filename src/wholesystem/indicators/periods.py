"""Periods of figures, in words."""

from __future__ import annotations

from datetime import date

__all__ = ["MONTHS", "period_days", "period_label"]

MONTHS = (
    "January February March April May June July August September October November December"
).split()
_YEAR_DAYS = (365, 366)


def period_days(start: date, end: date) -> int:
    """Days of a period, both ends counted.

    Parameters
    ----------
    start, end : date
        First and last day.

    Returns
    -------
    int
        At least 1.
    """
    return (end - start).days + 1


def period_label(start: date, end: date) -> str:
    """A period as people write it.

    Parameters
    ----------
    start, end : date
        First and last day.

    Returns
    -------
    str
        ``June 2017`` for a month, ``2016/17`` for a year from April, ``2017`` for a calendar
        year, ``April to June 2017`` for whole months, the day itself for one day, else both days.

    Examples
    --------
    >>> period_label(date(2016, 4, 1), date(2017, 3, 31))
    '2016/17'
    """
    if start == end:
        return _day(start)
    if start.day != 1 or (end.month == (following := _next_day(end)).month and following.day != 1):
        return f"{_day(start)} to {_day(end)}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{MONTHS[start.month - 1]} {start.year}"
    if period_days(start, end) in _YEAR_DAYS:
        if start.month == 4:
            return f"{start.year}/{end.year % 100:02d}"
        if start.month == 1:
            return str(start.year)
    first = MONTHS[start.month - 1]
    first = first if start.year == end.year else f"{first} {start.year}"
    return f"{first} to {MONTHS[end.month - 1]} {end.year}"


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _next_day(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
