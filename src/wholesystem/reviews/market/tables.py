"""A money and care market set: the tables that an area supplies, checked together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.market.records import (
    MARKET_TABLES,
    Contribution,
    MarketInfo,
    OrganisationFinance,
    Pool,
    PoolLine,
    Population,
    Rating,
    RiskShare,
    ShareFigure,
    Supply,
    market_measures,
)
from wholesystem.reviews.set_rows import SetRows, read_set_rows
from wholesystem.reviews.table_sets import TableSet
from wholesystem.tables.cells import closest, number_text
from wholesystem.tables.rows import Row

__all__ = ["SHARES_NEAR_ONE", "Market", "read_market", "write_market"]

#: Three thirds are written 0.33.
SHARES_NEAR_ONE = 0.011
_KEYS = {
    "populations": "population",
    "pools": "pool",
    "pool_lines": "line",
    "contributions": "contribution",
    "risk_shares": "risk_share",
    "organisation_finances": "finance",
    "supply": "supply",
    "shares": "figure",
}
_SET = TableSet("money and care market set", "a", MARKET_TABLES, None)


@dataclass(frozen=True)
class Market:
    """Money and care market of an area.

    Parameters
    ----------
    info : MarketInfo
        Whose it is.
    populations, pools, pool_lines, contributions, risk_shares : tuple of Row
        Tables, in order of entry.
    organisation_finances, supply, ratings, shares : tuple of Row
        Likewise.
    """

    info: MarketInfo
    populations: tuple[Population, ...] = ()
    pools: tuple[Pool, ...] = ()
    pool_lines: tuple[PoolLine, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    risk_shares: tuple[RiskShare, ...] = ()
    organisation_finances: tuple[OrganisationFinance, ...] = ()
    supply: tuple[Supply, ...] = ()
    ratings: tuple[Rating, ...] = ()
    shares: tuple[ShareFigure, ...] = ()

    @cached_property
    def population_by_id(self) -> dict[str, Population]:
        """Populations by their id."""
        return {one.population: one for one in self.populations}


def read_market(path: str | os.PathLike[str]) -> Market:
    """A money and care market set from a user's tables.

    Parameters
    ----------
    path : path
        A folder of ``market.csv`` and any of the other tables, or an .xlsx workbook whose sheets
        bear their names.

    Returns
    -------
    Market
        Checked. What the area did not give is missing in it, and shown so.

    Raises
    ------
    TableError
        With every fault: unknown tables and columns, cells, ids that stand twice, rows that name
        others that are not there, a part above its whole, risk shares that do not sum to 1.
    """
    found = read_set_rows(_SET, _SET.read(Path(path)), ("market",), ("market",))
    faults = [*found.faults, *_between(found)]
    if faults:
        raise TableError(faults)
    rows: dict[str, Any] = {name: tuple(some) for name, some in found.rows.items()}
    return Market(rows.pop("market")[0], **rows)


def write_market(market: Market, out: str | os.PathLike[str]) -> None:
    """Write a set as tables that `read_market` reads again.

    Parameters
    ----------
    market : Market
        The set.
    out : path
        A folder, made if it does not exist; or a workbook, where the name ends in ``.xlsx``.
        Tables of the same names are replaced, all or none.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    rows: Mapping[str, tuple[Row, ...]] = {
        name: (market.info,) if name == "market" else getattr(market, name)
        for name in MARKET_TABLES
    }
    _SET.write(rows, out)


# ------------------------------------------------------------------------ faults between rows


def _between(found: SetRows) -> Iterator[Fault]:
    for name, key in _KEYS.items():
        yield from _twice(found, name, key, attrgetter(key))
    yield from _twice(found, "ratings", "sector", lambda row: f"{row.sector} on {row.on}")
    for name in ("pool_lines", "contributions", "risk_shares"):
        yield from _links(found, name, "pool", "pools", [row.pool for row in found.rows["pools"]])
    people = [row.population for row in found.rows["populations"]]
    yield from _links(found, "supply", "population", "populations", people)
    yield from _links(found, "shares", "measure", "", list(market_measures()))
    yield from _areas(found)
    for name in ("pools", "organisation_finances", "shares"):
        yield from _periods(found, name)
    yield from _supply(found)
    yield from _shares(found)
    yield from _risk(found)


def _twice(found: SetRows, name: str, column: str, key: Callable[[Any], str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, row in enumerate(found.rows[name]):
        if key(row) in seen:
            rule = "It stands in an earlier row too. Each must be there once."
            yield Fault(found.where(name, at, column), key(row), rule, "Remove one of the rows.")
        seen.add(key(row))


def _links(found: SetRows, name: str, column: str, other: str, known: list[str]) -> Iterator[Fault]:
    if other in found.unsure:
        return
    for at, row in enumerate(found.rows[name]):
        value = getattr(row, column)
        if value and value not in known:
            near = closest(value, known)
            listed = ", ".join(known)
            remedy = f"Did you mean {near}?" if near else f"The known ones are {listed or 'none'}."
            yield Fault(found.where(name, at, column), value, "There is no such row.", remedy)


def _areas(found: SetRows) -> Iterator[Fault]:
    from wholesystem.indicators.areas import every_area

    for at, row in enumerate(found.rows["market"]):
        if row.area_code not in every_area():
            near = closest(row.area_code, every_area())
            remedy = f"Did you mean {near}?" if near else "Write a code such as E10000025."
            where = found.where("market", at, "area_code")
            yield Fault(where, row.area_code, "No area has this code.", remedy)


def _periods(found: SetRows, name: str) -> Iterator[Fault]:
    for at, row in enumerate(found.rows[name]):
        if row.starts and row.to and row.to < row.starts:
            rule = f"The period ends before it starts ({row.starts})."
            yield Fault(found.where(name, at, "to"), str(row.to), rule, "Correct one of them.")


def _supply(found: SetRows) -> Iterator[Fault]:
    subjects = {row.population: row.subject for row in found.rows["populations"]}
    for at, row in enumerate(found.rows["supply"]):
        of = subjects.get(row.population, row.subject)
        if of != row.subject:
            rule = f"The population is that of {of}, and the row is of {row.subject}."
            where = found.where("supply", at, "population")
            yield Fault(where, row.population, rule, f"Name a population of {row.subject}.")
        if (row.change_percent is None) != (row.change_since is None):
            rule = "A change is told with the day since when."
            yield Fault(found.where("supply", at), None, rule, "Fill both cells, or none.")


def _shares(found: SetRows) -> Iterator[Fault]:
    measures = market_measures()
    for at, row in enumerate(found.rows["shares"]):
        if (row.number is None) != (row.out_of is None):
            rule = "A share needs both counts, or neither."
            yield Fault(found.where("shares", at), None, rule, "Fill number and out_of, or none.")
            continue
        if row.number is None or row.out_of is None:
            continue
        kind = measures.get(row.measure)
        if row.out_of == 0:
            rule = "A share of nothing is no share."
            yield Fault(found.where("shares", at, "out_of"), "0", rule, "Clear both counts.")
        elif kind is not None and kind.interval != "byar" and row.number > row.out_of:
            rule = f"A part is never more than the whole ({number_text(row.out_of)})."
            where = found.where("shares", at, "number")
            yield Fault(where, number_text(row.number), rule, "Correct one of them.")


def _risk(found: SetRows) -> Iterator[Fault]:
    """Risk shares of one pool and direction, where all are given, must make the whole."""
    groups: dict[tuple[str, str], list[int]] = {}
    for at, row in enumerate(found.rows["risk_shares"]):
        groups.setdefault((row.pool, row.applies_to), []).append(at)
    for (pool, applies_to), places in groups.items():
        shares = [found.rows["risk_shares"][at].share for at in places]
        known = [share for share in shares if share is not None]
        total = sum(known)
        if len(known) == len(shares) and abs(total - 1) > SHARES_NEAR_ONE:
            rows = ", ".join(str(found.numbers["risk_shares"][at]) for at in places)
            yield Fault(
                found.where("risk_shares", places[0], "share"),
                number_text(round(total, 6)),
                f"The shares of an {applies_to} of the pool {pool} must sum to 1 (rows {rows})."
                if applies_to != "both"
                else f"The risk shares of the pool {pool} must sum to 1 (rows {rows}).",
                "Correct them, or leave one blank where it is not known.",
            )
