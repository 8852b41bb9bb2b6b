"""Calendars as step functions of time: arrival rates and places, in days from time 0."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from wholesystem.flow.model import Arrival, CapacityRow, ProfileWeight

__all__ = ["capacity_steps", "profile_weights", "rate_steps"]

Floats = NDArray[np.float64]

# Mean length of each month in the Gregorian cycle of 400 years, in days.
_MONTH_DAYS = np.array([31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_HOURS = 24


def profile_weights(rows: Sequence[ProfileWeight]) -> Floats:
    """Weight of every month, weekday and hour, with mean 1 over the calendar.

    Parameters
    ----------
    rows : sequence of ProfileWeight
        The rows of one profile. A blank month, weekday or hour means all of them; the weights
        of all rows that hold multiply.

    Returns
    -------
    ndarray of float, shape (12, 7, 24)
        Month (January first) by weekday (Monday first) by hour; no unit. The mean over the
        calendar cycle, months counted by their length and weekdays and hours evenly, is 1,
        so that `per_day` stays the mean rate over whole years.
    """
    weights = np.ones((12, 7, _HOURS))
    for row in rows:
        month = slice(None) if row.month is None else row.month - 1
        weekday = slice(None) if row.weekday is None else row.weekday - 1
        hour = slice(None) if row.hour is None else row.hour
        weights[month, weekday, hour] *= row.weight
    mean = (_MONTH_DAYS[:, None, None] / _MONTH_DAYS.sum() * weights).sum() / (7 * _HOURS)
    return np.asarray(weights / mean, dtype=np.float64)


def rate_steps(
    rows: Sequence[Arrival],
    weights: dict[str, Floats],
    start: datetime,
    horizon_days: float,
) -> tuple[Floats, Floats]:
    """Arrival rate of one service and cohort as steps over the whole run.

    Parameters
    ----------
    rows : sequence of Arrival
        Rows that add up, each with its dates and profile.
    weights : dict of str to ndarray, shape (12, 7, 24)
        Profile weights by name; see `profile_weights`.
    start : datetime
        Local date-time of time 0.
    horizon_days : float
        Length of the run in days; > 0.

    Returns
    -------
    until : ndarray of float, shape (n_steps,)
        Time at which each step ends, in days from `start`; the last is `horizon_days`.
    rate : ndarray of float, shape (n_steps,)
        People a day during each step; >= 0.
    """
    edges = {0.0, horizon_days}
    for row in rows:
        edges.update(_date_edges(row, start, horizon_days))
    if any(row.profile for row in rows):
        edges.update(_hour_edges(start, horizon_days).tolist())
    begins = np.array(sorted(edges))
    total = np.zeros(len(begins) - 1)
    when = begins[:-1]
    months, weekdays, hours = _clock(start, when)
    for row in rows:
        rate = np.full(len(when), float(row.per_day))
        if row.profile:
            rate *= weights[row.profile][months, weekdays, hours]
        first, last = _active_days(row, start)
        # An edge computed twice may differ in the last bit: half a second decides nothing here.
        rate[(when < first - 5e-6) | (when >= last - 5e-6)] = 0.0
        total += rate
    return _merge(begins[1:], total)


def capacity_steps(
    rows: Sequence[CapacityRow], places: float, start: datetime, horizon_days: float
) -> tuple[Floats, Floats]:
    """Places of one service as steps over the whole run.

    Parameters
    ----------
    rows : sequence of CapacityRow
        The service's rows of capacity.csv in table order; where several hold, the last wins.
    places : float
        Places where no row holds, in people or hours a week; inf = no limit.
    start : datetime
        Local date-time of time 0.
    horizon_days : float
        Length of the run in days; > 0.

    Returns
    -------
    begins : ndarray of float, shape (n_steps,)
        Time at which each step begins, in days from `start`; the first is 0.
    value : ndarray of float, shape (n_steps,)
        Places during each step.
    """
    offset = _day_fraction(start)
    hours_of_day = {0.0}
    for row in rows:
        hours_of_day.update(h % _HOURS for h in (row.start_hour, row.end_hour) if h is not None)
    if not rows:
        return np.zeros(1), np.array([places])
    days = np.arange(int(np.ceil(horizon_days + offset)) + 1, dtype=np.float64)
    clock = np.array(sorted(hours_of_day)) / _HOURS
    when = (days[:, None] + clock[None, :]).ravel() - offset
    when = np.unique(np.concatenate([[0.0], when[(when > 0) & (when < horizon_days)]]))
    value = np.full(len(when), float(places))
    # Half a second forward, so that an edge that rounding put just before its hour is past it.
    day_number = np.floor(when + offset + 5e-6).astype(np.int64)
    hour = (when + offset + 5e-6 - day_number) * _HOURS
    first_day = np.datetime64(start.date(), "D")
    for row in rows:
        value[_holds(row, first_day, day_number, hour)] = float(row.places)
    keep = np.concatenate([[True], value[1:] != value[:-1]])
    return when[keep], value[keep]


def _holds(
    row: CapacityRow, first_day: Any, day_number: NDArray[np.int64], hour: Floats
) -> NDArray[np.bool_]:
    today = _day_matches(row, first_day, day_number)
    if row.start_hour is None and row.end_hour is None:
        return today
    begin = 0.0 if row.start_hour is None else float(row.start_hour)
    end = float(_HOURS) if row.end_hour is None else float(row.end_hour)
    if begin < end:
        return today & (hour >= begin) & (hour < end)
    yesterday = _day_matches(row, first_day, day_number - 1)
    return (today & (hour >= begin)) | (yesterday & (hour < end))


def _day_matches(
    row: CapacityRow, first_day: Any, day_number: NDArray[np.int64]
) -> NDArray[np.bool_]:
    day = first_day + day_number.astype("timedelta64[D]")
    match = np.ones(len(day_number), dtype=bool)
    if row.from_date is not None:
        match &= day >= np.datetime64(row.from_date, "D")
    if row.to_date is not None:
        match &= day <= np.datetime64(row.to_date, "D")
    if row.weekday is not None:
        match &= _weekday(day) == row.weekday - 1
    return match


def _weekday(day: Any) -> NDArray[np.int64]:
    # 1 January 1970 was a Thursday; Monday is 0.
    return np.asarray((day.astype("datetime64[D]").astype(np.int64) + 3) % 7)


def _day_fraction(start: datetime) -> float:
    midnight = datetime.combine(start.date(), datetime.min.time())
    return (start - midnight).total_seconds() / 86400


def _hour_edges(start: datetime, horizon_days: float) -> Floats:
    offset = _day_fraction(start)
    first = np.floor(offset * _HOURS)
    count = int(np.ceil((horizon_days + offset) * _HOURS - first)) + 1
    edges = (first + np.arange(count)) / _HOURS - offset
    return np.asarray(edges[(edges > 0) & (edges < horizon_days)])


def _clock(start: datetime, when: Floats) -> tuple[Any, Any, Any]:
    offset = _day_fraction(start)
    day_number = np.floor(when + offset + 5e-6).astype(np.int64)
    hours = np.floor((when + offset + 5e-6 - day_number) * _HOURS).astype(np.int64)
    day = np.datetime64(start.date(), "D") + day_number.astype("timedelta64[D]")
    months = day.astype("datetime64[M]").astype(np.int64) % 12
    return months, _weekday(day), np.minimum(hours, _HOURS - 1)


def _active_days(row: Arrival, start: datetime) -> tuple[float, float]:
    first = -np.inf if row.from_date is None else _days_from(start, row.from_date)
    last = np.inf if row.to_date is None else _days_from(start, row.to_date) + 1.0
    return first, last


def _days_from(start: datetime, day: date) -> float:
    return (datetime.combine(day, datetime.min.time()) - start).total_seconds() / 86400


def _date_edges(row: Arrival, start: datetime, horizon_days: float) -> list[float]:
    return [edge for edge in _active_days(row, start) if 0 < edge < horizon_days]


def _merge(until: Floats, rate: Floats) -> tuple[Floats, Floats]:
    """Join neighbouring steps of the same rate."""
    keep = np.concatenate([rate[1:] != rate[:-1], [True]])
    return until[keep], rate[keep]
