"""People in each service over time, and those of them who are ready to leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from wholesystem.stays.engine import services_of
from wholesystem.stays.measures.pieces import (
    census,
    daily_means,
    delayed_pieces,
    mean_people,
    midnights,
    occupied_pieces,
    whole_days,
)
from wholesystem.stays.schema import Stays, as_stays

__all__ = ["occupancy", "occupancy_census", "occupancy_daily"]

_MEASURES = ["occupied", "delayed"]
_KEYS = ["service", "measure"]


def occupancy(stays: Stays | pa.Table) -> pd.DataFrame:
    """Mean number of people in each service over the window.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure.

    Returns
    -------
    pandas.DataFrame
        Columns ``service``; ``occupied``, people; ``delayed``, people of those who are ready to
        leave. Every service of the table has a row, in alphabetical order.

    Notes
    -----
    Numerator: time between `started_at` (for delayed: `ready_at`) and `ended_at` inside the
    window, added up over stays: an exact integral, not a count at instants. Denominator: the
    length of the window. Censored: stays that run past the window count up to its end; those
    that began before it from its start; a stay with no `ended_at` is still running.
    """
    return _occupancy(as_stays(stays), persons=False)


def occupancy_counted(stays: Stays) -> pd.DataFrame:
    """`occupancy` with the number of different persons behind each row."""
    return _occupancy(stays, persons=True)


def _occupancy(stays: Stays, *, persons: bool) -> pd.DataFrame:
    found = mean_people(stays, _pieces(stays), _KEYS, persons=persons)
    wide = found.pivot_table(index="service", columns="measure", values="people")
    wide = wide.reindex(index=services_of(stays), columns=_MEASURES).fillna(0.0)
    if persons:
        counted = found[found["measure"] == "occupied"].set_index("service")["persons"]
        wide["persons"] = counted.reindex(wide.index).fillna(0).astype("int64")
    return wide.rename_axis(index="service", columns=None).reset_index()


def occupancy_daily(stays: Stays | pa.Table) -> pd.DataFrame:
    """Mean number of people in each service over each day of the window.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure.

    Returns
    -------
    pandas.DataFrame
        Columns ``day`` (from 0), ``starts_at`` (local time), ``service``, ``occupied`` and
        ``delayed`` (people). Every service has every day.

    Notes
    -----
    As `occupancy`, for each 24 hours counted from the start of the window. Where the window is
    not a whole number of days the last day is shorter and is averaged over its own length.
    """
    stays = as_stays(stays)
    days = [stays.window_start + timedelta(days=day) for day in range(whole_days(stays))]
    wide = _over_time(stays, daily_means, len(days))
    times = pd.Series(days, dtype="datetime64[us]")
    wide.insert(1, "starts_at", times.iloc[wide["index"]].to_numpy())
    return wide.rename(columns={"index": "day"})


def occupancy_census(stays: Stays | pa.Table) -> pd.DataFrame:
    """Number of people in each service at each midnight of the window.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure.

    Returns
    -------
    pandas.DataFrame
        Columns ``midnight`` (local time), ``service``, ``occupied`` and ``delayed`` (people).
        Every service has every midnight; none where the window holds no midnight.

    Notes
    -----
    A person is counted who started (for delayed: was ready) at or before midnight and left after
    it. A midnight at the start of the window is counted and one at its end is not, so that a year
    has 365. Stays that begin and end between two midnights are never counted: for short stays
    `occupancy` is the larger and the true mean.
    """
    stays = as_stays(stays)
    times = pd.Series(midnights(stays), dtype="datetime64[us]")
    wide = _over_time(stays, census, len(times))
    wide.insert(0, "midnight", times.iloc[wide["index"]].to_numpy())
    counts = wide[_MEASURES].round().astype("int64")
    return pd.concat([wide[["midnight", "service"]], counts], axis=1)


def _pieces(stays: Stays) -> ir.Table:
    """Occupied and delayed pieces in one table, told apart by `measure`."""
    columns = ["service", "person", "measure", "begin", "finish", "weight"]
    occupied = occupied_pieces(stays).mutate(measure=ibis.literal("occupied"))
    delayed = delayed_pieces(stays).mutate(measure=ibis.literal("delayed"))
    return ibis.union(occupied.select(columns), delayed.select(columns))


def _over_time(
    stays: Stays, measure: Callable[[Stays, ir.Table, list[str]], pd.DataFrame], length: int
) -> pd.DataFrame:
    """Columns index, service, occupied and delayed, by index and service."""
    found = measure(stays, _pieces(stays), _KEYS)
    wide = found.pivot_table(index=["index", "service"], columns="measure", values="people")
    every = pd.MultiIndex.from_product(
        [range(length), services_of(stays)], names=["index", "service"]
    )
    wide = wide.reindex(index=every, columns=_MEASURES).fillna(0.0)
    return wide.rename_axis(columns=None).reset_index()
