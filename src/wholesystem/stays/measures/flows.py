"""People who move between services, and how long each move had to wait."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from wholesystem.stays.engine import fetch
from wholesystem.stays.measures.links import moves
from wholesystem.stays.measures.numbers import DAY, exact_mean, in_window, number
from wholesystem.stays.schema import Stays, as_stays

__all__ = ["flows"]


def flows(stays: Stays | pa.Table) -> pd.DataFrame:
    """People who moved between services in the window, and the wait for each move.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure.

    Returns
    -------
    pandas.DataFrame
        Columns ``from`` (blank = from outside the table), ``to`` (blank = not known where),
        ``people`` (moves), ``per_day``, ``median_wait_days`` and ``mean_wait_days`` (missing
        where no wait is known). The largest flow first.

    Notes
    -----
    Numerator of ``per_day``: moves whose arrival falls in the window; denominator: its days. The
    wait runs from `ready_at` of the stay left to `started_at` of the stay reached; for arrivals
    from outside from `requested_at` to `started_at`; for exits to where the table has no stay,
    such as an outcome, from `ready_at` to `ended_at`. Moves with no such time are counted and
    left out of the waits. A move is counted when the person arrives. Censored: people who have
    left a service and still wait, with no place, for another at the end of the table have not
    moved yet; a person whose earlier stays are not in the table comes from outside.
    """
    stays = as_stays(stays)
    found = moves(stays)
    found = found.filter(in_window(stays, found.moved))
    table = fetch(
        found.group_by(["from", "to"]).agg(
            people=found.count(),
            median_wait_days=found.wait.median() / number(DAY),
            mean_wait_days=exact_mean(found.wait) / number(DAY),
        )
    )
    table.insert(3, "per_day", table["people"] / stays.days)
    return table.sort_values(
        ["people", "from", "to"], ascending=[False, True, True], ignore_index=True
    )
