"""The money and care market of an area as tables, with what follows and what does not agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wholesystem.reviews.market.care_tables import care_tables
from wholesystem.reviews.market.checks import Disagreement, find_disagreements
from wholesystem.reviews.market.figures import RATED
from wholesystem.reviews.market.money_tables import money_tables
from wholesystem.reviews.market.records import MARKET_TABLES
from wholesystem.reviews.market.tables import Market
from wholesystem.reviews.result_tables import ResultColumn, ResultTable, Value, write_result_tables

__all__ = ["MarketResult", "market_result", "write_market_result"]


@dataclass(frozen=True)
class MarketResult:
    """The money and care market of an area.

    Parameters
    ----------
    market : Market
        What the area supplied.
    tables : tuple of ResultTable
        ``pools``, ``pool_lines``, ``contributions``, ``risk_shares``, ``organisation_finances``,
        ``supply``, ``ratings``, ``market_shares``, ``workforce``, ``disagreements`` and
        ``missing``.
    disagreements : tuple of Disagreement
        Told in the table of that name, and beside the table that each is of.
    """

    market: Market
    tables: tuple[ResultTable, ...]
    disagreements: tuple[Disagreement, ...]

    def table(self, name: str) -> ResultTable:
        """One of the tables.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        ResultTable
            With its notes.

        Raises
        ------
        KeyError
            If there is none of that name.
        """
        return {one.name: one for one in self.tables}[name]


def market_result(market: Market, small_numbers: str = "hes") -> MarketResult:
    """Work out what follows from a set, and what in it does not agree.

    Parameters
    ----------
    market : Market
        From `read_market`.
    small_numbers : str
        Rule of ``small_numbers.csv`` for counts of people in care.

    Returns
    -------
    MarketResult
        A figure that nobody gave is missing in it, and so is all that would follow from it.

    Raises
    ------
    ParameterError
        If there is no such rule.
    """
    found = find_disagreements(market, small_numbers)
    tables = (
        *money_tables(market, found),
        *care_tables(market, found, small_numbers),
        _disagreements(found),
        _missing(market),
    )
    return MarketResult(market, tables, found)


def write_market_result(result: MarketResult, out: Any) -> None:
    """Write the tables as a folder of CSV files, with the notes of all in ``notes.csv``.

    Parameters
    ----------
    result : MarketResult
        The tables.
    out : path
        Made if it does not exist; files of the same names are replaced, all or none.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    write_result_tables(result.tables, out)


def _disagreements(found: Sequence[Disagreement]) -> ResultTable:
    rows = tuple(
        (one.table, one.row, one.stated, one.worked_out, one.difference, one.unit, one.formula,
         one.words)
        for one in found
    )  # fmt: skip
    return ResultTable(
        "disagreements",
        "Figures that do not agree",
        (
            ResultColumn("table", "Table"),
            ResultColumn("row", "Row"),
            ResultColumn("stated", "As given"),
            ResultColumn("worked_out", "As it follows from others"),
            ResultColumn("difference", "Difference"),
            ResultColumn("unit", "Unit"),
            ResultColumn("formula", "How it follows"),
            ResultColumn("words", "In words"),
        ),
        rows,
        ("Nothing was mended: the figures stand as they were given.",) if rows else (),
    )


#: Of which cells a reader is told that nobody gave them.
_WANTED: Mapping[str, Callable[[Any], list[str]]] = {
    "pools": lambda row: _blank(row, "budget_gbp", "forecast_gbp"),
    "pool_lines": lambda row: _blank(row, "budget_gbp", "forecast_gbp"),
    "contributions": lambda row: _blank(row, "amount_gbp"),
    "risk_shares": lambda row: _blank(row, "share"),
    "organisation_finances": lambda row: _blank(row, "budget_gbp", "forecast_gbp"),
    "supply": lambda row: [] if row.count is not None or row.stated_rate is not None
    else ["count"],
    "ratings": lambda row: _blank(row, "services", *RATED, "not_rated"),
    "shares": lambda row: [] if row.number is not None or row.stated_percent is not None
    else ["number", "out_of"],
}  # fmt: skip


def _blank(row: Any, *names: str) -> list[str]:
    return [name for name in names if getattr(row, name) is None]


def _missing(market: Market) -> ResultTable:
    rows: list[tuple[Value, ...]] = []
    for name, kind in MARKET_TABLES.items():
        if name not in _WANTED:
            continue
        given = getattr(market, name)
        if not given:
            rows.append((name, None, None, "The whole table is missing."))
        for row in given:
            key = getattr(row, kind.columns()[0])
            label = getattr(row, "label", "") or getattr(row, "organisation", "")
            wanted = _WANTED[name](row)
            if wanted:
                rows.append((name, key, label, f"Not given: {', '.join(wanted)}."))
    columns = (
        ResultColumn("table", "Table"),
        ResultColumn("row", "Row"),
        ResultColumn("label", "What"),
        ResultColumn("words", "What is missing"),
    )
    return ResultTable("missing", "What nobody gave", columns, tuple(rows))
