"""Pooled budgets, who pays into them and bears what, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from wholesystem.reviews.market.checks import Disagreement
from wholesystem.reviews.market.figures import sum_of
from wholesystem.reviews.market.records import Pool
from wholesystem.reviews.market.table_parts import SOURCE, less, notes_of, percent_of
from wholesystem.reviews.market.tables import Market
from wholesystem.reviews.result_tables import ResultColumn, ResultTable, Value

__all__ = ["money_tables"]


def money_tables(market: Market, found: Sequence[Disagreement]) -> tuple[ResultTable, ...]:
    """Tables of money.

    Parameters
    ----------
    market : Market
        The set.
    found : sequence of Disagreement
        What in it does not agree.

    Returns
    -------
    tuple of ResultTable
        Pools, their lines, contributions, risk shares, and organisations' own budgets.
    """
    return (
        _pools(market, found),
        _lines(market),
        _contributions(market, found),
        _risk(market),
        _finances(market, found),
    )


def _pools(market: Market, found: Sequence[Disagreement]) -> ResultTable:
    rows = [_pool(market, one) for one in market.pools]
    return ResultTable(
        "pools",
        "Pooled budgets",
        (
            ResultColumn("pool", "Id"),
            ResultColumn("label", "Pooled budget"),
            ResultColumn("from", "From"),
            ResultColumn("to", "To"),
            ResultColumn("budget_gbp", "Budget", "£", 0),
            ResultColumn("contributions_gbp", "Contributions, summed", "£", 0),
            ResultColumn("unexplained_gbp", "Budget less contributions", "£", 0),
            ResultColumn("lines_gbp", "Lines, summed", "£", 0),
            ResultColumn("forecast_gbp", "Forecast", "£", 0),
            ResultColumn("overspend_gbp", "Forecast less budget", "£", 0),
            ResultColumn("forecast_percent", "Forecast as a share of the budget", "%", 1),
            ResultColumn("position", "Position"),
            ResultColumn("as_of", "As of"),
            *SOURCE,
        ),
        tuple(rows),
        notes_of(
            found,
            "pools",
            "Overspend = forecast less budget; a minus is an underspend. Forecast as a share ="
            " 100 x forecast / budget. A sum of which a part is missing is not given.",
            "Money is counted, not drawn: there are no intervals.",
        ),
    )


def _pool(market: Market, pool: Pool) -> tuple[Value, ...]:
    paid = sum_of(one.amount_gbp for one in market.contributions if one.pool == pool.pool)
    lines = sum_of(one.budget_gbp for one in market.pool_lines if one.pool == pool.pool)
    over = less(pool.forecast_gbp, pool.budget_gbp)
    return (
        pool.pool,
        pool.label,
        pool.starts,
        pool.to,
        pool.budget_gbp,
        paid,
        less(pool.budget_gbp, paid),
        lines,
        pool.forecast_gbp,
        over,
        percent_of(pool.budget_gbp, pool.forecast_gbp),
        _position(over),
        pool.as_of,
        pool.note,
        pool.source,
    )


def _position(over: float | None) -> str:
    if over is None:
        return "not known"
    return "overspend" if over > 0 else "underspend" if over < 0 else "on budget"


def _lines(market: Market) -> ResultTable:
    labels = {one.pool: one.label for one in market.pools}
    rows: list[tuple[Value, ...]] = []
    for one in market.pool_lines:
        over = less(one.forecast_gbp, one.budget_gbp)
        rows.append(
            (
                one.line,
                labels[one.pool],
                one.label,
                one.budget_gbp,
                one.forecast_gbp,
                over,
                percent_of(one.budget_gbp, one.forecast_gbp),
                _position(over),
                one.note,
                one.source,
            )
        )
    return ResultTable(
        "pool_lines",
        "What pooled budgets pay for",
        (
            ResultColumn("line", "Id"),
            ResultColumn("pool", "Pooled budget"),
            ResultColumn("label", "Line"),
            ResultColumn("budget_gbp", "Budget", "£", 0),
            ResultColumn("forecast_gbp", "Forecast", "£", 0),
            ResultColumn("overspend_gbp", "Forecast less budget", "£", 0),
            ResultColumn("forecast_percent", "Forecast as a share of the budget", "%", 1),
            ResultColumn("position", "Position"),
            *SOURCE,
        ),
        tuple(rows),
    )


def _contributions(market: Market, found: Sequence[Disagreement]) -> ResultTable:
    labels = {one.pool: one.label for one in market.pools}
    totals = {
        pool: sum_of(one.amount_gbp for one in market.contributions if one.pool == pool)
        for pool in labels
    }
    rows = tuple(
        (
            one.contribution,
            labels[one.pool],
            one.organisation,
            one.amount_gbp,
            percent_of(totals[one.pool], one.amount_gbp),
            None if one.share is None else 100 * one.share,
            one.note,
            one.source,
        )
        for one in market.contributions
    )
    return ResultTable(
        "contributions",
        "Who pays into pooled budgets",
        (
            ResultColumn("contribution", "Id"),
            ResultColumn("pool", "Pooled budget"),
            ResultColumn("organisation", "Organisation"),
            ResultColumn("amount_gbp", "Amount", "£", 0),
            ResultColumn("share_percent", "Share of what all pay", "%", 1),
            ResultColumn("stated_share_percent", "Share as stated", "%", 1),
            *SOURCE,
        ),
        rows,
        notes_of(found, "contributions", "Share = 100 x amount / sum of all amounts of the pool."),
    )


def _risk(market: Market) -> ResultTable:
    pools = {one.pool: one for one in market.pools}
    rows: list[tuple[Value, ...]] = []
    for one in market.risk_shares:
        pool = pools[one.pool]
        over = less(pool.forecast_gbp, pool.budget_gbp)
        bears: Value = None
        if over is not None and not _applies(one.applies_to, over):
            bears = ""
        elif over is not None and one.share is not None:
            bears = one.share * over
        rows.append(
            (
                one.risk_share,
                pool.label,
                one.applies_to,
                one.organisation,
                None if one.share is None else 100 * one.share,
                bears,
                one.note,
                one.source,
            )
        )
    return ResultTable(
        "risk_shares",
        "Who bears what of an over- or underspend",
        (
            ResultColumn("risk_share", "Id"),
            ResultColumn("pool", "Pooled budget"),
            ResultColumn("applies_to", "Of an"),
            ResultColumn("organisation", "Organisation"),
            ResultColumn("share_percent", "Share", "%", 1),
            ResultColumn("bears_gbp", "Of the forecast it bears", "£", 0),
            *SOURCE,
        ),
        tuple(rows),
        (
            "What an organisation bears = its share x (forecast less budget), where the share is of"
            " an overspend and there is one, or of an underspend and there is one.",
        ),
    )


def _applies(applies_to: str, over: float) -> bool:
    return applies_to == "both" or (applies_to == "overspend") == (over > 0)


def _finances(market: Market, found: Sequence[Disagreement]) -> ResultTable:
    rows = tuple(
        (
            one.finance,
            one.organisation,
            one.starts,
            one.to,
            one.budget_gbp,
            one.forecast_gbp,
            less(one.forecast_gbp, one.budget_gbp),
            percent_of(one.budget_gbp, one.forecast_gbp),
            one.position.replace("_", " "),
            one.note,
            one.source,
        )
        for one in market.organisation_finances
    )
    return ResultTable(
        "organisation_finances",
        "How organisations' own budgets stand",
        (
            ResultColumn("finance", "Id"),
            ResultColumn("organisation", "Organisation"),
            ResultColumn("from", "From"),
            ResultColumn("to", "To"),
            ResultColumn("budget_gbp", "Budget", "£", 0),
            ResultColumn("forecast_gbp", "Forecast", "£", 0),
            ResultColumn("overspend_gbp", "Forecast less budget", "£", 0),
            ResultColumn("forecast_percent", "Forecast as a share of the budget", "%", 1),
            ResultColumn("position", "As stated"),
            *SOURCE,
        ),
        rows,
        notes_of(found, "organisation_finances"),
    )
