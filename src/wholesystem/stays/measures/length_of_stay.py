"""How long people stayed, by service and over spells of several services."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from wholesystem.stays.engine import fetch, relation, services_of
from wholesystem.stays.measures.numbers import (
    DAY,
    HOUR,
    add_share,
    exact_mean,
    in_window,
    micros_since,
    number,
    threshold_name,
    window_length,
)
from wholesystem.stays.measures.spells import OPEN, spell_table
from wholesystem.stays.schema import Stays, as_stays

__all__ = ["length_of_stay", "time_in_department"]


def length_of_stay(
    stays: Stays | pa.Table,
    *,
    groups: Mapping[str, Collection[str]] | None = None,
    groups_only: bool = False,
    over_days: Sequence[float] = (7, 14, 21),
    at_least: bool = False,
    from_request: bool = False,
    gap_hours: float = 0.0,
) -> pd.DataFrame:
    """How long the stays that ended in the window had lasted.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure.
    groups : mapping of str to collection of str, optional
        Names of groups of services whose consecutive stays count as one (see `spells`), such as
        ``{"emergency": ["assessment_unit", "ward"]}``. Each gets a row before the services.
    groups_only : bool
        Whether to leave out the rows of the services where there are groups: half the time.
    over_days : sequence of float
        Thresholds of long stays, days, >= 0.
    at_least : bool
        Whether a stay of exactly the threshold is long. The name of the column tells:
        ``share_over_21_days`` (False) or ``share_at_least_21_days`` (True).
    from_request : bool
        Whether a stay is timed from `requested_at` (where known) in place of `started_at`.
    gap_hours : float
        For groups: the longest break that does not end a spell, hours, >= 0.

    Returns
    -------
    pandas.DataFrame
        Columns ``service`` (or group); ``ended`` (stays or spells that ended in the window);
        ``mean_days``, ``median_days``, ``p90_days``; one share a threshold; ``still_here``
        (people). Every service of the table has a row.

    Notes
    -----
    Numerator: time from start to end, delay included. Denominator: stays that ended in the
    window, whenever they began. Percentiles are interpolated between the two nearest stays.
    Censored: stays still open at the end of the window are not in these figures and are counted
    in ``still_here``; where they are many, long stays are understated.

    References
    ----------
    Long stays are counted by NHS England over 7, 14 and 21 days; whether 21 itself is long
    varies between publications, so the convention is stored in the column's name.
    """
    stays = as_stays(stays)
    limits = {threshold_name(at_least, days, "days"): days for days in over_days}
    frames = [
        _lengths(stays, _of_group(stays, name, services, gap_hours, from_request), limits, at_least)
        for name, services in (groups or {}).items()
    ]
    names = list(groups or {})
    if not (groups and groups_only):
        names += services_of(stays)
        frames.append(_lengths(stays, _of_services(stays, from_request), limits, at_least))
    found = pd.concat([frame for frame in frames if len(frame)] or frames[:1])
    found = found.set_index("service").reindex(names).rename_axis("service").reset_index()
    counts = ["ended", "still_here"]
    found[counts] = found[counts].fillna(0).astype("int64")
    return found


def _of_services(stays: Stays, from_request: bool) -> ir.Table:
    table = relation(stays)
    start = table.started_at
    if from_request:
        start = table.requested_at.coalesce(start)
    return table.select(
        service=table.service,
        begin=micros_since(stays.window_start, start),
        end=micros_since(stays.window_start, table.ended_at).coalesce(number(OPEN)),
    )


def _of_group(
    stays: Stays, name: str, services: Collection[str], gap_hours: float, from_request: bool
) -> ir.Table:
    table = spell_table(stays, services, gap_hours=gap_hours)
    start = table.requested.coalesce(table.started) if from_request else table.started
    return table.select(service=ibis.literal(name), begin=start, end=table.ended)


def _lengths(
    stays: Stays, table: ir.Table, limits: Mapping[str, float], at_least: bool
) -> pd.DataFrame:
    """Figures of stays given as service, begin and end."""
    ended = in_window(stays, table.end)
    length = ibis.ifelse(ended, table.end - table.begin, ibis.null("float64"))
    table = table.mutate(
        length=length,
        here=(table.begin < number(window_length(stays)))
        & (table.end >= number(window_length(stays))),
    )
    shares = {}
    for name, days in limits.items():
        limit = number(days * DAY)
        long = table.length >= limit if at_least else table.length > limit
        shares[name] = long.cast("float64").mean()
    return fetch(
        table.group_by("service").agg(
            ended=table.length.count(),
            mean_days=exact_mean(table.length) / number(DAY),
            median_days=table.length.median() / number(DAY),
            p90_days=table.length.quantile(0.9) / number(DAY),
            **shares,
            still_here=table.here.cast("int64").sum(),
        )
    )


def time_in_department(
    stays: Stays | pa.Table, services: Collection[str], *, hours: float = 4.0
) -> pd.DataFrame:
    """Share of attendances that left a department within some hours of arriving.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure.
    services : collection of str
        The services of the department, such as triage and the emergency department; consecutive
        stays in them are one attendance.
    hours : float
        The clock, hours, > 0; an attendance of exactly so long is within it.

    Returns
    -------
    pandas.DataFrame
        One row: ``hours``; ``attendances`` (ended in the window); ``within`` (of those, within
        the clock); ``share_within`` with ``lower95`` and ``upper95`` (Wilson);
        ``median_hours``, ``p90_hours``; ``still_here`` (people in the department at the end of
        the window).

    Notes
    -----
    Numerator: attendances whose time from `requested_at` of the first stay (arrival; its
    `started_at` where no request is known) to leaving the department is at most the clock.
    Denominator: attendances that ended in the window. Waiting in the department for a bed is
    part of it. Censored: attendances not yet ended, counted in ``still_here``.

    References
    ----------
    NHS England, A&E attendances and emergency admissions: four hours from arrival to admission,
    transfer or discharge.
    """
    stays = as_stays(stays)
    table = spell_table(stays, services)
    begin = table.requested.coalesce(table.started)
    end = number(window_length(stays))
    ended = in_window(stays, table.ended)
    table = table.mutate(
        length=ibis.ifelse(ended, table.ended - begin, ibis.null("float64")),
        here=(begin < end) & (table.ended >= end),
    )
    found = fetch(
        table.agg(
            attendances=table.length.count(),
            within=(table.length <= number(hours * HOUR)).cast("int64").sum().coalesce(0),
            median_hours=table.length.median() / number(HOUR),
            p90_hours=table.length.quantile(0.9) / number(HOUR),
            still_here=table.here.cast("int64").sum().coalesce(0),
        )
    )
    found.insert(0, "hours", float(hours))
    found = add_share(found, "within", "attendances", "share_within")
    names = ["hours", "attendances", "within", "share_within", "lower95", "upper95"]
    return found[[*names, "median_hours", "p90_hours", "still_here"]]
