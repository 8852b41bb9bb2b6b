"""How long people waited from asking for a service to starting there."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import pandas as pd
import pyarrow as pa

from wholesystem.stays.engine import fetch, relation, services_of
from wholesystem.stays.measures.links import moves
from wholesystem.stays.measures.numbers import (
    DAY,
    HOUR,
    exact_mean,
    in_window,
    micros_since,
    number,
    threshold_name,
    window_length,
)
from wholesystem.stays.schema import Stays, as_stays

__all__ = ["waits"]


def waits(
    stays: Stays | pa.Table,
    *,
    over_hours: Sequence[float] = (4,),
    over_days: Sequence[float] = (1, 7),
) -> pd.DataFrame:
    """How long people who started in each service in the window had waited for it.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure.
    over_hours, over_days : sequence of float
        Thresholds, hours and days, >= 0: the share waiting strictly longer is given for each.

    Returns
    -------
    pandas.DataFrame
        Columns ``service``; ``people`` (started in the window); ``known`` (of those, with a
        `requested_at`); ``mean_days``, ``median_days``, ``p90_days``; ``share_over_4_hours`` and
        so on; ``still_waiting`` (people). Every service of the table has a row.

    Notes
    -----
    Numerator: time from `requested_at` to `started_at`; denominator: people who started in the
    window and whose request is known. People who did not wait count with 0. Percentiles are
    interpolated between the two nearest people. Censored: people who wait at the end of the
    window are not in these figures, so waits are understated while a queue grows;
    ``still_waiting`` counts those who are ready in another service, or have left it, and have
    not started. People from outside who have never had a stay are not in the table at all.
    """
    stays = as_stays(stays)
    table = relation(stays)
    started = micros_since(stays.window_start, table.started_at)
    asked = micros_since(stays.window_start, table.requested_at)
    table = table.filter(in_window(stays, started)).mutate(wait=started - asked)
    limits = [(hours, "hours", hours * HOUR) for hours in over_hours]
    limits += [(days, "days", days * DAY) for days in over_days]
    shares = {
        threshold_name(False, value, unit): (table.wait > number(limit)).cast("float64").mean()
        for value, unit, limit in limits
    }
    found = fetch(
        table.group_by("service").agg(
            people=table.count(),
            known=table.wait.count(),
            mean_days=exact_mean(table.wait) / number(DAY),
            median_days=table.wait.median() / number(DAY),
            p90_days=table.wait.quantile(0.9) / number(DAY),
            **shares,
        )
    )
    found = found.set_index("service").reindex(services_of(stays)).rename_axis("service")
    found["still_waiting"] = _still_waiting(stays).reindex(found.index)
    counts = ["people", "known", "still_waiting"]
    found[counts] = found[counts].fillna(0).astype("int64")
    return found.reset_index()


def _still_waiting(stays: Stays) -> pd.Series:
    """People waiting at the end of the window, by the service they wait for."""
    end = number(window_length(stays))
    gone = moves(stays)
    gone = gone.filter((gone.left < end) & (gone.moved.isnull() | (gone.moved >= end)))
    table = relation(stays)
    ready = micros_since(stays.window_start, table.ready_at)
    ended = micros_since(stays.window_start, table.ended_at)
    here = table.filter((ready < end) & (ended.isnull() | (ended >= end)))
    here = here.filter(here.next_service.notnull())
    both = ibis.union(gone.select("to"), here.select(to=here.next_service))
    found = fetch(both.group_by("to").agg(people=both.count()))
    return found.set_index("to")["people"]
