"""When people leave: at night and at weekends."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from wholesystem.errors import ParameterError
from wholesystem.stays.engine import fetch, relation, services_of
from wholesystem.stays.measures.numbers import (
    add_share,
    in_window,
    is_one_of,
    micros_since,
    require_services,
)
from wholesystem.stays.schema import Stays, as_stays

__all__ = ["leaving_times"]

_SATURDAY = 5


def leaving_times(
    stays: Stays | pa.Table,
    *,
    groups: Mapping[str, Collection[str]] | None = None,
    groups_only: bool = False,
    destinations: Collection[str] | None = None,
    night_from_hour: int = 22,
    night_to_hour: int = 6,
) -> pd.DataFrame:
    """Share of people who left at night and at weekends.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure.
    groups : mapping of str to collection of str, optional
        Names of groups of services, such as ``{"hospital": ["assessment_unit", "ward"]}``. Each
        gets a row before the services; moves inside the group are not counted in it.
    groups_only : bool
        Whether to leave out the rows of the services where there are groups: half the time.
    destinations : collection of str, optional
        Only moves to these services or outcomes count, such as the ways out of hospital; all if
        None.
    night_from_hour, night_to_hour : int
        Hours of the clock, 0 to 23: night runs from the first up to, not including, the second.

    Returns
    -------
    pandas.DataFrame
        Columns ``service`` (or group); ``people`` (left in the window); ``at_night``,
        ``share_at_night``, ``night_lower95``, ``night_upper95``; ``at_weekend``,
        ``share_at_weekend``, ``weekend_lower95``, ``weekend_upper95`` (Wilson limits). Every
        service of the table has a row.

    Notes
    -----
    Numerator: stays whose `ended_at`, local time, falls at night (22:00 to 06:00), or on a
    Saturday or Sunday. Denominator: stays that ended in the window with a move to one of the
    destinations. Leaving evenly at all hours would give 33% at night and 29% at weekends.
    Censored: nothing; people still here have not left.

    References
    ----------
    Care Quality Commission, local system reviews: local area data profiles (discharges at
    weekends; the hours of the night are a parameter).
    """
    for name, hour in (("night_from_hour", night_from_hour), ("night_to_hour", night_to_hour)):
        if hour not in range(24):
            raise ParameterError(f"{name} is {hour}. It must be an hour from 0 to 23. Correct it.")
    stays = as_stays(stays)
    table = relation(stays)
    ended = micros_since(stays.window_start, table.ended_at)
    hour = table.ended_at.hour()
    late, early = hour >= night_from_hour, hour < night_to_hour
    night = (late | early) if night_from_hour > night_to_hour else (late & early)
    table = table.filter(in_window(stays, ended) & is_one_of(table.next_service, destinations))
    table = table.select(
        "service",
        next_service=table.next_service.fill_null(""),
        at_night=night.cast("int64"),
        at_weekend=(table.ended_at.day_of_week.index() >= _SATURDAY).cast("int64"),
    )
    frames = [_counts(_of_group(table, n, services)) for n, services in (groups or {}).items()]
    names = list(groups or {})
    if not (groups and groups_only):
        names += services_of(stays)
        frames.append(_counts(table))
    found = pd.concat(frames)
    found = found.set_index("service").reindex(names).rename_axis("service").reset_index()
    counts = ["people", "at_night", "at_weekend"]
    found[counts] = found[counts].fillna(0).astype("int64")
    found = add_share(found, "at_night", "people", "share_at_night", "night_")
    found = add_share(found, "at_weekend", "people", "share_at_weekend", "weekend_")
    night_columns = ["at_night", "share_at_night", "night_lower95", "night_upper95"]
    weekend = ["at_weekend", "share_at_weekend", "weekend_lower95", "weekend_upper95"]
    return found[["service", "people", *night_columns, *weekend]]


def _of_group(table: ir.Table, name: str, services: Collection[str]) -> ir.Table:
    """Moves out of a group of services, under its name."""
    inside = require_services(services, f"groups, {name}")
    table = table.filter(table.service.isin(inside) & ~table.next_service.isin(inside))
    return table.mutate(service=ibis.literal(name))


def _counts(table: ir.Table) -> pd.DataFrame:
    return fetch(
        table.group_by("service").agg(
            people=table.count(),
            at_night=table.at_night.sum(),
            at_weekend=table.at_weekend.sum(),
        )
    )
