"""Intervals of being somewhere, clipped to the window, and their sums over time.

Every measure of people over time is made of pieces: rows with some keys, a `begin` and a `finish`
in microseconds from the start of the window, and a `weight`. People present are then the signed
events (+weight at begin, -weight at finish) added up in order of time: no interval join, and hours
in which nothing happens are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wholesystem.stays.engine import delay_spells, fetch, relation
from wholesystem.stays.measures.numbers import (
    DAY,
    exact_sum,
    micros_since,
    number,
    window_length,
)
from wholesystem.stays.schema import Stays

__all__ = [
    "DELAY_KEYS",
    "census",
    "daily_means",
    "delayed_pieces",
    "mean_people",
    "midnights",
    "occupied_pieces",
    "whole_days",
]

_NOTHING = 1e-9
"""People; far below one person for one second of a year, and above the error of the sums."""

Floats = NDArray[np.float64]

DELAY_KEYS = ["service", "waiting_for", "reason", "responsible"]


def occupied_pieces(stays: Stays) -> ir.Table:
    """Time in places: `service`, `person`, `begin`, `finish`, `weight` 1."""
    table = relation(stays)
    return _clipped(
        stays,
        table.select(
            service=table.service,
            person=table.person,
            begin=micros_since(stays.window_start, table.started_at),
            finish=micros_since(stays.window_start, table.ended_at),
            weight=number(1),
        ),
    )


def delayed_pieces(stays: Stays) -> ir.Table:
    """Time in places after being ready: the keys of `DELAY_KEYS`, and as `occupied_pieces`.

    A spell of the companion table adds its time under its own reason and takes the same time
    from the reason of its stay, so that what no spell covers keeps the stay's reason and the
    pieces always add up to the delay of the stay.
    """
    table = relation(stays)
    table = table.filter(table.ready_at.notnull())
    table = table.mutate(waiting_for=table.next_service.fill_null(""))
    begin = micros_since(stays.window_start, table.ready_at)
    finish = micros_since(stays.window_start, table.ended_at)
    own = _delay(table, begin, finish, 1)
    spells = delay_spells(stays)
    if spells is None:
        return _clipped(stays, own)
    spells = spells.rename(spell_reason="reason", spell_responsible="responsible")
    joined = table.inner_join(spells, ["person", "stay"])
    begin = micros_since(stays.window_start, joined["from"])
    finish = micros_since(stays.window_start, joined["to"].coalesce(joined.ended_at))
    less = _delay(joined, begin, finish, -1)
    dated = joined.mutate(reason=joined.spell_reason, responsible=joined.spell_responsible)
    more = _delay(dated, begin, finish, 1)
    return _clipped(stays, ibis.union(own, less, more))


def _delay(
    table: ir.Table, begin: ir.FloatingColumn, finish: ir.FloatingColumn, weight: float
) -> ir.Table:
    return table.select(
        service=table.service,
        waiting_for=table.waiting_for,
        reason=table.reason.fill_null(""),
        responsible=table.responsible.fill_null(""),
        person=table.person,
        begin=begin,
        finish=finish,
        weight=number(weight),
    )


def _clipped(stays: Stays, pieces: ir.Table) -> ir.Table:
    """The part of each piece inside the window; those with none are left out."""
    end = number(window_length(stays))
    finish = ibis.ifelse(pieces.finish.isnull() | (pieces.finish > end), end, pieces.finish)
    begin = ibis.ifelse(pieces.begin < number(0), number(0), pieces.begin)
    clipped = pieces.mutate(begin=begin, finish=finish)
    return clipped.filter(clipped.finish > clipped.begin)


def mean_people(
    stays: Stays, pieces: ir.Table, keys: Sequence[str], *, persons: bool = False
) -> pd.DataFrame:
    """Exact mean number of people over the window, by the keys.

    Parameters
    ----------
    stays : Stays
        For the window.
    pieces : ibis.expr.types.Table
        What `occupied_pieces` or `delayed_pieces` made.
    keys : sequence of str
        Columns to group by.
    persons : bool
        Whether to count the different persons behind each group too, which takes longer.

    Returns
    -------
    pandas.DataFrame
        The keys, `people` (mean over the window) and, if asked for, `persons`.
    """
    length = (pieces.finish - pieces.begin) * pieces.weight
    totals = {"people": exact_sum(length) / number(window_length(stays))}
    if persons:
        person = ibis.ifelse(pieces.weight > number(0), pieces.person, ibis.null(str))
        totals["persons"] = person.nunique()
    return fetch(pieces.group_by(list(keys)).agg(**totals))


def whole_days(stays: Stays) -> int:
    """Number of days of 24 hours that the window touches, counted from its start."""
    return int(np.ceil(window_length(stays) / DAY))


def daily_means(stays: Stays, pieces: ir.Table, keys: Sequence[str]) -> pd.DataFrame:
    """Mean number of people over each day of the window, by the keys.

    Parameters
    ----------
    stays : Stays
        For the window. Days are of 24 hours from its start; a last, shorter day is averaged
        over its own length.
    pieces : ibis.expr.types.Table
        What `occupied_pieces` or `delayed_pieces` made.
    keys : sequence of str
        Columns to group by.

    Returns
    -------
    pandas.DataFrame
        The keys, `index` (day from 0) and `people`; every day of every group is there.
    """
    length, days = window_length(stays), whole_days(stays)
    events = _events(pieces, keys)
    events = events.filter(events["at"] < number(length))
    day = (events["at"] / number(DAY)).floor().cast("float64")
    day_end = (day + number(1)) * number(DAY)
    day_end = ibis.ifelse(day_end > number(length), number(length), day_end)
    events = events.mutate(index=day, rest=events.step * (day_end - events["at"]))
    sums = events.group_by([*keys, "index"]).agg(
        step=events.step.sum(), rest=exact_sum(events.rest)
    )
    groups, (steps, rests) = _grids(fetch(sums), keys, ["step", "rest"], days)
    before = np.cumsum(steps, axis=1) - steps
    lengths = np.full(days, DAY)
    lengths[-1] = length - (days - 1) * DAY
    return _long(groups, before + rests / lengths)


def census(stays: Stays, pieces: ir.Table, keys: Sequence[str]) -> pd.DataFrame:
    """Number of people at each midnight of the window, by the keys.

    Parameters
    ----------
    stays : Stays
        For the window. A midnight at its start is counted, one at its end is not.
    pieces : ibis.expr.types.Table
        What `occupied_pieces` or `delayed_pieces` made. A person is present at midnight who
        began at or before it and finished after it.
    keys : sequence of str
        Columns to group by.

    Returns
    -------
    pandas.DataFrame
        The keys, `index` (midnight from 0, see `midnights`) and `people`; every midnight of
        every group is there.
    """
    first = midnights(stays)
    if not first:
        return pd.DataFrame(columns=[*keys, "index", "people"])
    offset = float((first[0] - stays.window_start) // timedelta(microseconds=1))
    events = _events(pieces, keys)
    index = ((events["at"] - number(offset)) / number(DAY)).ceil().cast("float64")
    events = events.mutate(index=ibis.ifelse(index < number(0), number(0), index))
    events = events.filter(events["index"] < number(len(first)))
    sums = events.group_by([*keys, "index"]).agg(step=events.step.sum())
    groups, (steps,) = _grids(fetch(sums), keys, ["step"], len(first))
    return _long(groups, np.cumsum(steps, axis=1))


def midnights(stays: Stays) -> list[datetime]:
    """The midnights of the window, from its start up to, not including, its end."""
    first = stays.window_start.replace(hour=0, minute=0, second=0, microsecond=0)
    if first < stays.window_start:
        first += timedelta(days=1)
    count = max(0, int(np.ceil((stays.window_end - first) / timedelta(days=1))))
    return [first + timedelta(days=day) for day in range(count)]


def _events(pieces: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Two rows a piece: +weight at its begin, -weight at its finish."""
    kept = {key: pieces[key] for key in keys}
    begins = pieces.select(**kept, at=pieces.begin, step=pieces.weight)
    ends = pieces.select(**kept, at=pieces.finish, step=-pieces.weight)
    return ibis.union(begins, ends)


def _grids(
    sums: pd.DataFrame, keys: Sequence[str], columns: Sequence[str], length: int
) -> tuple[pd.DataFrame, list[Floats]]:
    """Groups in order of their keys, and for each column an array of group by index."""
    groups = sums[list(keys)].drop_duplicates().sort_values(list(keys), ignore_index=True)
    place = sums[list(keys)].merge(groups.assign(place=range(len(groups))), on=list(keys))
    where = place["place"].to_numpy(dtype=np.int64), sums["index"].to_numpy(dtype=np.int64)
    grids = []
    for column in columns:
        grid = np.zeros((len(groups), length))
        np.add.at(grid, where, sums[column].to_numpy(dtype=np.float64))
        grids.append(grid)
    return groups, grids


def _long(groups: pd.DataFrame, values: Floats) -> pd.DataFrame:
    """One row for each group and index. Sums that should be 0 are made so."""
    length = values.shape[1]
    table = groups.loc[groups.index.repeat(length)].reset_index(drop=True)
    table["index"] = np.tile(np.arange(length), len(groups))
    table["people"] = np.where(np.abs(values) < _NOTHING, 0.0, values).ravel()
    return table
