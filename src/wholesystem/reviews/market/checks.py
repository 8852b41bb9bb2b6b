"""Where the figures of a set do not agree with each other: told beside them, never mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wholesystem.reviews.market.figures import (
    RATED,
    good_percent,
    is_small,
    rate_per_100_000,
    ratings_of_group,
    share_percent,
    sum_of,
)
from wholesystem.reviews.market.tables import SHARES_NEAR_ONE, Market

__all__ = ["Disagreement", "find_disagreements"]

#: Half a pound is rounding.
PENNIES = 0.5
#: Printed to a whole number or one decimal place.
HALF_A_POINT = 0.5
#: A rate as printed, against the one that follows from the count.
RATE_SHARE = 0.02


@dataclass(frozen=True)
class Disagreement:
    """Two figures that should be one.

    Parameters
    ----------
    table, row : str
        Where the stated one stands, and the id of its row.
    stated, worked_out : float
        As given, and as it follows from others.
    unit : str
        Of both.
    words : str
        What does not agree, as a sentence.
    formula : str
        How the second was worked out.
    """

    table: str
    row: str
    stated: float
    worked_out: float
    unit: str
    words: str
    formula: str

    @property
    def difference(self) -> float:
        """Stated less worked out."""
        return self.stated - self.worked_out


def find_disagreements(market: Market, small_numbers: str = "hes") -> tuple[Disagreement, ...]:
    """What does not agree in a set.

    Parameters
    ----------
    market : Market
        The set.
    small_numbers : str
        Rule of ``small_numbers.csv``: shares that it hides are not told of.

    Returns
    -------
    tuple of Disagreement
        In the order of tables. Sums with a missing part are not held against anything.
    """
    return (
        *_pools(market),
        *_contributions(market),
        *_finances(market),
        *_supply(market),
        *_ratings(market),
        *_shares(market, small_numbers),
    )


def _pools(market: Market) -> Iterator[Disagreement]:
    for pool in market.pools:
        paid = [one.amount_gbp for one in market.contributions if one.pool == pool.pool]
        lines = [one for one in market.pool_lines if one.pool == pool.pool]
        sides = (
            ("budget_gbp", pool.budget_gbp, sum_of(paid), "contributions"),
            ("budget_gbp", pool.budget_gbp, sum_of(one.budget_gbp for one in lines), "lines"),
            ("forecast_gbp", pool.forecast_gbp, sum_of(one.forecast_gbp for one in lines), "lines"),
        )
        for column, stated, total, of in sides:
            if stated is None or total is None or abs(stated - total) <= PENNIES:
                continue
            what = "budget" if column == "budget_gbp" else "forecast"
            words = (
                f"The {of} of {pool.label} sum to £{total:,.0f}, £{abs(stated - total):,.0f}"
                f" {'less' if total < stated else 'more'} than its {what} of £{stated:,.0f}."
            )
            yield Disagreement("pools", pool.pool, stated, total, "GBP", words, f"sum of its {of}")


def _contributions(market: Market) -> Iterator[Disagreement]:
    for pool in market.pools:
        rows = [one for one in market.contributions if one.pool == pool.pool]
        total = sum_of(one.amount_gbp for one in rows)
        stated = sum_of(one.share for one in rows)
        if stated is not None and abs(stated - 1) > SHARES_NEAR_ONE:
            words = f"The stated shares of {pool.label} sum to {stated:.3g}, not to 1."
            yield Disagreement("contributions", pool.pool, stated, 1.0, "share", words, "the whole")
        for one in rows:
            if one.share is None or one.amount_gbp is None or not total:
                continue
            share = one.amount_gbp / total
            if abs(one.share - share) > SHARES_NEAR_ONE / 2:
                words = (
                    f"{one.organisation} is said to pay {one.share:.1%} of {pool.label}; its amount"
                    f" is {share:.1%} of what all pay."
                )
                formula = "its amount / sum of all contributions to the pool"
                yield Disagreement(
                    "contributions", one.contribution, one.share, share, "share", words, formula
                )


def _finances(market: Market) -> Iterator[Disagreement]:
    for one in market.organisation_finances:
        if one.budget_gbp is None or one.forecast_gbp is None or one.position == "not_stated":
            continue
        over = one.forecast_gbp - one.budget_gbp
        if over > PENNIES:
            position = "deficit"
        else:
            position = "surplus" if over < -PENNIES else "balanced"
        if position != one.position:
            words = (
                f"{one.organisation} is said to end in {one.position}; its forecast less its budget"
                f" is £{over:,.0f}."
            )
            yield Disagreement(
                "organisation_finances", one.finance, one.budget_gbp, one.forecast_gbp, "GBP",
                words, "forecast - budget",
            )  # fmt: skip


def _supply(market: Market) -> Iterator[Disagreement]:
    for one in market.supply:
        worked = rate_per_100_000(one, market)
        if worked is None or one.stated_rate is None:
            continue
        per = one.stated_per or 100_000
        stated = one.stated_rate * 100_000 / per
        if abs(stated - worked) <= RATE_SHARE * worked:
            continue
        base = "" if one.stated_per else ", if its base, which is not printed, is 100,000"
        people = market.population_by_id[one.population]
        words = (
            f"{one.label}: {one.count:,} for {people.people:,} people ({people.label}) are"
            f" {worked:,.1f} per 100,000, and {one.stated_rate:g} is printed{base}."
        )
        if one.stated_rate == one.count:
            words += " The same number is printed as a count and as a rate: one is likely a slip."
        yield Disagreement(
            "supply", one.supply, stated, worked, "per 100,000", words, "count / people x 100,000"
        )


def _ratings(market: Market) -> Iterator[Disagreement]:
    for one in market.ratings:
        total = sum_of(getattr(one, name) for name in (*RATED, "not_rated"))
        if one.services is None or total is None or total == one.services:
            continue
        words = (
            f"{one.label}: the services by rating sum to {total:,.0f}, and {one.services:,} are"
            " stated."
        )
        yield Disagreement(
            "ratings", one.sector, one.services, total, "services", words, "sum over the ratings"
        )


def _shares(market: Market, small_numbers: str) -> Iterator[Disagreement]:
    for one in market.shares:
        if is_small(one, small_numbers):
            continue
        percent = share_percent(one)
        formula = "100 x number / out_of"
        if percent is None and one.measure == "good_or_outstanding" and one.subject == "area":
            group = ratings_of_group(market, one.group)
            percent = good_percent(group)
            formula = "100 x (outstanding + good) / services with a rating, of ratings.csv"
        if percent is None or one.stated_percent is None or one.bound != "exactly":
            continue
        # A stated figure is taken at the precision that it is printed in.
        places = len(f"{one.stated_percent:.12g}".partition(".")[2])
        if round(percent, places) == one.stated_percent:
            continue
        words = (
            f"{one.label}: {one.stated_percent:g}% is stated; {percent:.1f}% follows from the"
            " counts."
        )
        yield Disagreement("shares", one.figure, one.stated_percent, percent, "%", words, formula)
