"""Money and the care market as parts of a report, from the tables that an area supplied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wholesystem.reports.documents.model import Block, BulletList, Heading, Item, Paragraph
from wholesystem.reports.result_tables import document_table
from wholesystem.reviews.market.results import MarketResult

__all__ = ["market_blocks"]

_MONEY = {
    "pools": ("label", "from", "to", "budget_gbp", "contributions_gbp", "forecast_gbp",
              "overspend_gbp", "position"),
    "pool_lines": ("label", "budget_gbp", "forecast_gbp", "overspend_gbp", "position"),
    "contributions": ("organisation", "amount_gbp", "share_percent"),
    "risk_shares": ("organisation", "applies_to", "share_percent", "bears_gbp"),
    "organisation_finances": ("organisation", "from", "to", "budget_gbp", "forecast_gbp",
                              "overspend_gbp", "position"),
}  # fmt: skip
_MARKET = {
    "supply": ("label", "subject", "on", "count", "unit", "per_100_000", "stated_rate",
               "stated_per"),
    "ratings": ("label", "on", "services", "outstanding", "good", "requires_improvement",
                "inadequate", "not_rated"),
    "market_shares": ("label", "subject", "number", "out_of", "percent", "stated_percent"),
    "workforce": ("label", "subject", "number", "out_of", "percent", "stated_percent"),
}  # fmt: skip


def market_blocks(result: MarketResult) -> dict[str, tuple[Block, ...]]:
    """The two parts of a report.

    Parameters
    ----------
    result : MarketResult
        From `market_result`.

    Returns
    -------
    dict of str to tuple of Block
        ``money`` and ``market``: tables that have a row, what does not agree, and what nobody gave.
    """
    return {"money": _part(result, _MONEY), "market": _part(result, _MARKET)}


def _part(result: MarketResult, tables: Mapping[str, Sequence[str]]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for name, columns in tables.items():
        table = result.table(name)
        if table.rows:
            blocks.append(document_table(table, columns))
    differ = _words(result, "disagreements", tables)
    if differ:
        blocks += [Heading(2, "What does not agree"), BulletList(differ)]
    lack = _words(result, "missing", tables)
    if lack:
        blocks += [
            Heading(2, "What nobody gave"),
            Paragraph("These figures were asked for and are not in what the area supplied."),
            BulletList(lack),
        ]
    return tuple(blocks)


def _words(
    result: MarketResult, name: str, tables: Mapping[str, Sequence[str]]
) -> tuple[Item, ...]:
    rows = result.table(name).records()
    return tuple(
        Item(f"{one['label']}: {one['words']}" if one.get("label") else str(one["words"]))
        for one in rows
        if one["table"] in tables
    )
