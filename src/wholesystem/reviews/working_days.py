"""Working days of England: Monday to Friday without bank holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from wholesystem.errors import ParameterError

__all__ = ["add_working_days", "is_working_day", "working_days_left"]

#: A year of working days: no clock of a review runs longer.
MOST_DAYS = 260


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Whether people in English offices are at work on a day.

    Parameters
    ----------
    day : date
        Any.

    Returns
    -------
    bool
        False on Saturdays, Sundays and bank holidays of England. Holidays that the government has
        not proclaimed yet are not known.
    """
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def add_working_days(start: date, days: int) -> date:
    """The last of a number of working days.

    Parameters
    ----------
    start : date
        The day on which the clock is started; it does not count itself.
    days : int
        1 to 260.

    Returns
    -------
    date
        A working day.

    Raises
    ------
    ParameterError
        If `days` is out of range.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ParameterError(
            f"{days} working days is not allowed. Give a number from 1 to {MOST_DAYS}."
        )
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def working_days_left(today: date, due: date) -> int:
    """Working days from a day to one that is due.

    Parameters
    ----------
    today : date
        Does not count itself.
    due : date
        Counts if it is a working day.

    Returns
    -------
    int
        0 on the day itself; below 0 after it, by the working days that have passed since.
    """
    first, last, sign = (today, due, 1) if due >= today else (due, today, -1)
    days = (last - first).days
    return sign * sum(is_working_day(first + timedelta(days=one)) for one in range(1, days + 1))
