"""What became of people after they left: readmitted, or still at home."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from wholesystem.errors import ParameterError
from wholesystem.stays.engine import fetch, relation
from wholesystem.stays.measures.numbers import (
    DAY,
    add_share,
    in_window,
    is_one_of,
    micros_since,
    number,
    require_services,
    window_length,
)
from wholesystem.stays.measures.spells import OPEN, spell_table
from wholesystem.stays.schema import Stays, as_stays

__all__ = ["readmission", "still_at_home"]


def readmission(
    stays: Stays | pa.Table,
    services: Collection[str],
    *,
    destinations: Collection[str] | None = None,
    emergency: Collection[str] | None = None,
    within_days: int = 30,
    gap_hours: float = 0.0,
    followed_to: datetime | None = None,
) -> pd.DataFrame:
    """Share of hospital spells followed by an emergency readmission within 30 days.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure.
    services : collection of str
        The services of the hospital; a person's consecutive stays in them are one spell.
    destinations : collection of str, optional
        Only spells that end with a move to one of these count as discharges, such as home and
        care homes (and not death); all if None.
    emergency : collection of str, optional
        Only spells whose first service is one of these count as emergency readmissions; all if
        None.
    within_days : int
        Calendar days, >= 1: 30 means readmitted on days 0 to 29 after the discharge.
    gap_hours : float
        Longest break that does not end a spell, hours, >= 0.
    followed_to : datetime, optional
        Until when readmissions are known; the end of the window if None.

    Returns
    -------
    pandas.DataFrame
        One row: ``within_days``; ``spells`` (discharges followed up); ``readmitted``; ``share``
        with ``lower95`` and ``upper95`` (Wilson); ``censored`` (discharges left out).

    Notes
    -----
    Numerator: discharges after which an emergency spell of the same person starts within the
    days. Denominator: spells that ended in the window by a move to the destinations and were
    followed for all the days. Censored: discharges whose days of follow-up run past
    `followed_to`; they are left out of both and counted. The share is crude: the published
    indicator leaves out cancer and obstetrics and is standardised, so compare with care.

    References
    ----------
    NHS Digital, indicator I02040 (CCG OIS 3.2): emergency readmissions 0 to 29 days, inclusive,
    after the last discharge.
    """
    if within_days < 1:
        raise ParameterError(f"within_days is {within_days}. It must be 1 or more. Correct it.")
    stays = as_stays(stays)
    table = spell_table(stays, services, gap_hours=gap_hours)
    later = ibis.window(group_by="who", order_by="spell", following=(1, None))
    is_emergency = is_one_of(table.first_service, emergency)
    table = table.mutate(
        counts=ibis.ifelse(is_emergency, table.started, ibis.null("float64")),
    )
    table = table.mutate(again=table.counts.min().over(later))
    table = table.filter(
        in_window(stays, table.ended) & is_one_of(table.next_service, destinations)
    )
    # Calendar days are counted from the midnight before the window, not from its start.
    midnight = stays.window_start.replace(hour=0, minute=0, second=0, microsecond=0)
    shift = number((stays.window_start - midnight) // timedelta(microseconds=1))
    left_day = ((table.ended + shift) / number(DAY)).floor()
    again_day = ((table.again + shift) / number(DAY)).floor()
    last_day = (number(_followed(stays, followed_to)) + shift) / number(DAY)
    table = table.mutate(
        known=left_day + within_days <= last_day,
        again=(again_day - left_day < within_days).fill_null(False),
    )
    found = fetch(
        table.agg(
            spells=table.known.cast("int64").sum().coalesce(0),
            readmitted=(table.known & table.again).cast("int64").sum().coalesce(0),
            censored=(~table.known).cast("int64").sum().coalesce(0),
        )
    )
    found.insert(0, "within_days", within_days)
    found = add_share(found, "readmitted", "spells", "share")
    names = ["within_days", "spells", "readmitted", "share", "lower95", "upper95", "censored"]
    return found[names]


def still_at_home(
    stays: Stays | pa.Table,
    *,
    hospital: Collection[str],
    reablement: Collection[str],
    home: Collection[str],
    day: int = 91,
    followed_to: datetime | None = None,
) -> pd.DataFrame:
    """Share of people discharged from hospital to reablement who are at home 91 days later.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure.
    hospital : collection of str
        The services of the hospital.
    reablement : collection of str
        The reablement services that they were discharged to.
    home : collection of str
        Services and outcomes that are home, reablement in the home among them; hospital, care
        homes and death are not.
    day : int
        Days after the discharge, >= 1.
    followed_to : datetime, optional
        Until when people's places are known; the end of the window if None.

    Returns
    -------
    pandas.DataFrame
        One row: ``day``; ``people`` (discharges followed up); ``at_home``; ``share`` with
        ``lower95`` and ``upper95`` (Wilson); ``censored`` (discharges left out).

    Notes
    -----
    Numerator: discharges after which the person is in a service of `home` at that moment, or has
    left their last stay for an outcome of `home`. Denominator: hospital spells that ended in the
    window by a move to `reablement`. Censored: discharges whose day lies after `followed_to`;
    they are left out of both and counted. The published indicator takes discharges of October to
    December aged 65 and over: choose the window accordingly.

    References
    ----------
    Adult Social Care Outcomes Framework 2B(1), as defined until 2023 (LG Inform 11106; SALT
    STS004).
    """
    if day < 1:
        raise ParameterError(f"day is {day}. It must be 1 or more. Correct it.")
    stays = as_stays(stays)
    spells = spell_table(stays, require_services(hospital, "hospital"))
    reached = spells.next_service.fill_null("").isin(require_services(reablement, "reablement"))
    spells = spells.filter(in_window(stays, spells.ended) & reached)
    spells = spells.select("who", "spell", moment=spells.ended + number(day * DAY))
    known = spells.moment <= number(_followed(stays, followed_to))
    counted = fetch(
        spells.agg(
            people=known.cast("int64").sum().coalesce(0),
            censored=(~known).cast("int64").sum().coalesce(0),
        )
    )
    place = _places_at(stays, spells.filter(known))
    at_home = place.place.isin(require_services(home, "home")).cast("int64").sum().coalesce(0)
    found = pd.concat([counted, fetch(place.agg(at_home=at_home))], axis=1)
    found.insert(0, "day", day)
    found = add_share(found, "at_home", "people", "share")
    return found[["day", "people", "at_home", "share", "lower95", "upper95", "censored"]]


def _places_at(stays: Stays, moments: ir.Table) -> ir.Table:
    """Where each person is at a moment: the stay they are in, else where their last one led."""
    table = relation(stays)
    table = table.select(
        "stay",
        whose=table.who,
        started=micros_since(stays.window_start, table.started_at),
        ended=micros_since(stays.window_start, table.ended_at).coalesce(number(OPEN)),
        service=table.service,
        led_to=table.next_service.fill_null(""),
    )
    joined = moments.inner_join(
        table, [moments.who == table.whose, table.started <= moments.moment]
    )
    latest = ibis.window(
        group_by=["who", "spell"], order_by=[ibis.desc("started"), ibis.desc("stay")]
    )
    joined = joined.mutate(rank=ibis.row_number().over(latest))
    joined = joined.filter(joined["rank"] == 0)
    return joined.select(
        place=ibis.ifelse(joined.ended > joined.moment, joined.service, joined.led_to)
    )


def _followed(stays: Stays, followed_to: datetime | None) -> float:
    """Until when people are followed, in microseconds from the start of the window."""
    end = followed_to or stays.window_end
    if end <= stays.window_start:
        raise ParameterError(
            f"followed_to is {end}. It must lie after the window's start, {stays.window_start}."
            " Correct it, or leave it out."
        )
    return window_length(replace(stays, window_end=end))
