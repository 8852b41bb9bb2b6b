"""The rows of a money and care market set: each frozen, with units in its columns and a source.

Money is in pounds, shares are from 0 to 1, percentages from 0. A blank figure is one that nobody
has given: it is shown as missing and never taken for nought.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import Field

from wholesystem.errors import OurFault, TableError
from wholesystem.reviews.cells import BlankPassage, BlankText, Id, OptionalId, Record, Text
from wholesystem.tables.reading import read_csv_table
from wholesystem.tables.rows import BlankDate, Date, Row, choice, number, whole

__all__ = [
    "MARKET_TABLES",
    "Contribution",
    "MarketInfo",
    "Measure",
    "OrganisationFinance",
    "Pool",
    "PoolLine",
    "Population",
    "Rating",
    "RiskShare",
    "ShareFigure",
    "Supply",
    "market_measures",
]

MOST = 1e12
Pounds = Annotated[float | None, number(0, MOST, blank=None)]
Share = Annotated[float | None, number(0, 1, blank=None)]
Percent = Annotated[float | None, number(0, 10_000, blank=None)]
Change = Annotated[float | None, number(-100, 10_000, blank=None)]
Amount = Annotated[float | None, number(0, MOST, blank=None)]
Count = Annotated[int | None, whole(0, 10**9, blank=None)]
#: Whose figure it is: the area's own, or what it is held against.
Subject = Annotated[str, choice("area", "comparators", "england")]


class MarketInfo(Record):
    """What the set is of; the one row of ``market.csv``."""

    market: Id
    title: Text
    area_code: Id
    area: Text
    note: BlankPassage = ""
    source: Text


class Population(Record):
    """People for whom rates are worked out; a row of ``populations.csv``."""

    population: Id
    subject: Subject
    label: Text
    on: Date
    people: Annotated[int, whole(1, 10**9)]
    note: BlankText = ""
    source: Text


class Pool(Record):
    """A pooled budget; a row of ``pools.csv``.

    `budget_gbp` is what was agreed for the year, `forecast_gbp` what it will have cost as of
    `as_of`.
    """

    pool: Id
    label: Text
    starts: Date = Field(alias="from")
    to: Date
    budget_gbp: Pounds = None
    forecast_gbp: Pounds = None
    as_of: BlankDate = None
    note: BlankPassage = ""
    source: Text


class PoolLine(Record):
    """What a pooled budget pays for; a row of ``pool_lines.csv``."""

    line: Id
    pool: Id
    label: Text
    budget_gbp: Pounds = None
    forecast_gbp: Pounds = None
    note: BlankPassage = ""
    source: Text


class Contribution(Record):
    """What an organisation pays into a pool; a row of ``contributions.csv``.

    `share` is its part of the pool as the agreement states it.
    """

    contribution: Id
    pool: Id
    organisation: Text
    amount_gbp: Pounds = None
    share: Share = None
    note: BlankPassage = ""
    source: Text


class RiskShare(Record):
    """Who bears how much of an over- or underspend; a row of ``risk_shares.csv``."""

    risk_share: Id
    pool: Id
    applies_to: Annotated[str, choice("overspend", "underspend", "both")]
    organisation: Text
    share: Share = None
    note: BlankPassage = ""
    source: Text


class OrganisationFinance(Record):
    """How an organisation's own budget stands; a row of ``organisation_finances.csv``.

    `position` is what is said of the end of the year.
    """

    finance: Id
    organisation: Text
    starts: Date = Field(alias="from")
    to: Date
    budget_gbp: Pounds = None
    forecast_gbp: Pounds = None
    position: Annotated[str, choice("surplus", "balanced", "deficit", "not_stated")]
    note: BlankPassage = ""
    source: Text


class Supply(Record):
    """Beds or agencies; a row of ``supply.csv``.

    `stated_rate` is a rate as printed, `stated_per` the people that it is for; blank where the
    source does not print its base. `change_percent` is since `change_since`.
    """

    supply: Id
    kind: Id
    label: Text
    unit: Text
    subject: Subject
    on: Date
    count: Count = None
    population: OptionalId = ""
    stated_rate: Amount = None
    stated_per: Annotated[int | None, whole(1, 10**9, blank=None)] = None
    change_percent: Change = None
    change_since: BlankDate = None
    note: BlankPassage = ""
    source: Text


class Rating(Record):
    """Services of one sector by their rating on a day; a row of ``ratings.csv``.

    `group` is what several sectors are counted under together, such as social care.
    """

    sector: Id
    label: Text
    group: OptionalId = ""
    on: Date
    services: Count = None
    outstanding: Count = None
    good: Count = None
    requires_improvement: Count = None
    inadequate: Count = None
    not_rated: Count = None
    note: BlankPassage = ""
    source: Text


class ShareFigure(Record):
    """A share of places, people, posts or staff; a row of ``shares.csv``.

    Either the two counts, or the percentage as printed, or both. `bound` says whether that is
    exactly so. `group` is whom it is of: a sector, a kind of staff.
    """

    figure: Id
    measure: Id
    group: Id
    label: Text
    subject: Subject
    starts: BlankDate = Field(alias="from", default=None)
    to: BlankDate = None
    number: Amount = None
    out_of: Amount = None
    stated_percent: Percent = None
    bound: Annotated[str, choice("exactly", "about", "more_than", "less_than", blank="exactly")] = (
        "exactly"
    )
    note: BlankPassage = ""
    source: Text


MARKET_TABLES: Mapping[str, type[Row]] = {
    "market": MarketInfo,
    "populations": Population,
    "pools": Pool,
    "pool_lines": PoolLine,
    "contributions": Contribution,
    "risk_shares": RiskShare,
    "organisation_finances": OrganisationFinance,
    "supply": Supply,
    "ratings": Rating,
    "shares": ShareFigure,
}


class Measure(Record):
    """What a row of ``shares.csv`` may be of; a row of the packaged ``measures.csv``.

    `counts` says whether the numbers are of people in care, whose small numbers are hidden, or of
    staff, posts, places and services. `interval` is the method where both counts are given;
    ``none`` where one would mislead, as `why` says.
    """

    measure: Id
    label: Text
    number_is: Text
    out_of_is: Text
    counts: Annotated[str, choice("people", "things")]
    interval: Annotated[str, choice("wilson", "byar", "none")]
    why: Text


@cache
def market_measures() -> Mapping[str, Measure]:
    """The measures by id, in the table's order."""
    path = Path(str(files("wholesystem.reviews.market").joinpath("measures.csv")))
    table, faults = read_csv_table(path)
    if table is None or faults:
        raise OurFault(f"The packaged table {path.name} cannot be read: {TableError(faults)}")
    rows, found = Measure.read(table)
    if found:
        raise OurFault(f"The packaged table {path.name} has faults. {TableError(found)}")
    return {row.measure: row for _, row in rows}
