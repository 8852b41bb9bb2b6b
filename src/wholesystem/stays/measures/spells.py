"""Spells: a person's unbroken time in a set of services, such as all those of a hospital."""

from __future__ import annotations

from collections.abc import Collection

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from wholesystem.errors import ParameterError
from wholesystem.stays.engine import fetch, relation
from wholesystem.stays.measures.numbers import (
    HOUR,
    micros_since,
    number,
    require_services,
)
from wholesystem.stays.schema import Stays, as_stays

__all__ = ["OPEN", "spell_table", "spells"]

OPEN = 1e18
"""End of a spell that has not ended, in microseconds: 31,000 years from the window."""


def spells(
    stays: Stays | pa.Table, services: Collection[str], *, gap_hours: float = 0.0
) -> pd.DataFrame:
    """Join each person's consecutive stays in a set of services into spells.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to join.
    services : collection of str
        Services that count as one, such as the assessment unit and the wards of a hospital.
    gap_hours : float
        Longest time out of these services that does not break a spell, hours, >= 0.

    Returns
    -------
    pandas.DataFrame
        One row a spell, by person and time: ``person``, ``spell`` (from 1 within the person),
        ``first_service``, ``last_service``, ``stays``, ``requested_at`` (of the first stay),
        ``started_at``, ``ready_at`` (of the last stay), ``ended_at`` (missing while it runs) and
        ``next_service``. These are rows about people: not for publication.

    Notes
    -----
    A stay joins the spell if it starts no later than `gap_hours` after the latest end of the
    person's earlier stays in these services. Censored: stays that are not in the table cannot
    join, so a spell begins at the first that is.
    """
    stays = as_stays(stays)
    table = fetch(spell_table(stays, services, gap_hours=gap_hours))
    table = table.sort_values(["person", "spell"], ignore_index=True)
    start = pd.Timestamp(stays.window_start).as_unit("us")
    for name in ("requested", "started", "ready", "ended"):
        micros = table.pop(name)
        micros = micros.where(micros < OPEN).round().astype("Int64")
        table[f"{name}_at"] = start + pd.to_timedelta(micros, unit="us").astype("timedelta64[us]")
    columns = ["person", "spell", "first_service", "last_service", "stays"]
    times = ["requested_at", "started_at", "ready_at", "ended_at"]
    return table[[*columns, *times, "next_service"]]


def spell_table(stays: Stays, services: Collection[str], *, gap_hours: float = 0.0) -> ir.Table:
    """Return the spells as an expression.

    Parameters
    ----------
    stays : Stays
        What to join.
    services : collection of str
        Services that count as one.
    gap_hours : float
        Longest time out of them that does not break a spell, hours, >= 0.

    Returns
    -------
    ibis.expr.types.Table
        As `spells`, with ``who`` (a number for the person), and ``requested``, ``started``,
        ``ready`` and ``ended`` in microseconds from the start of the window; ``ended`` is `OPEN`
        while the spell runs.

    Raises
    ------
    ParameterError
        If no service is named or the gap is negative.
    """
    if not 0 <= gap_hours < float("inf"):
        raise ParameterError(
            f"gap_hours is {gap_hours}. It must be 0 or more hours. Leave it out for none."
        )
    table = relation(stays)
    table = table.filter(table.service.isin(require_services(services, "services")))
    table = table.select(
        "who",
        "person",
        "stay",
        "service",
        "next_service",
        requested=micros_since(stays.window_start, table.requested_at),
        started=micros_since(stays.window_start, table.started_at),
        ready=micros_since(stays.window_start, table.ready_at),
        ended=micros_since(stays.window_start, table.ended_at).coalesce(number(OPEN)),
    )
    order = {"group_by": "who", "order_by": ["started", "stay"]}
    table = table.mutate(until=table.ended.max().over(ibis.window(**order, preceding=(None, 1))))
    gap = number(gap_hours * HOUR)
    table = table.mutate(first=(table.until.isnull() | (table.started > table.until + gap)))
    table = table.mutate(
        spell=table.first.cast("int64").sum().over(ibis.window(**order, preceding=(None, 0))),
        last=table.first.lead().over(ibis.window(**order)).fill_null(True),
    )
    return table.group_by(["who", "spell"]).agg(
        person=table.person.max(),
        first_service=_where(table.first, table.service).max(),
        last_service=_where(table.last, table.service).max(),
        stays=table.count(),
        requested=_where(table.first, table.requested).min(),
        started=table.started.min(),
        ready=_where(table.last, table.ready).max(),
        ended=table.ended.max(),
        next_service=_where(table.last, table.next_service).max(),
    )


def _where(mask: ir.BooleanColumn, column: ir.Column) -> ir.Column:
    """The column where the mask is true, else null: a way to pick one row without ordering."""
    return ibis.ifelse(mask, column, ibis.null(column.type()))
