"""Figures that follow from those of a set, each by one formula."""

from __future__ import annotations

from collections.abc import Iterable

from wholesystem.indicators.intervals import Interval, NoInterval, byar, wilson
from wholesystem.reviews.market.records import Rating, ShareFigure, Supply, market_measures
from wholesystem.reviews.market.tables import Market
from wholesystem.stays.lists import small_number_rule

__all__ = [
    "RATED",
    "good_percent",
    "is_small",
    "rate_per_100_000",
    "ratings_of_group",
    "share_interval",
    "share_percent",
    "sum_of",
]

RATED = ("outstanding", "good", "requires_improvement", "inadequate")
LEVEL = 0.95


def sum_of(values: Iterable[float | None]) -> float | None:
    """A sum; None where a part is missing, or there is none: a sum of some is no sum of all."""
    every = tuple(values)
    known = [value for value in every if value is not None]
    return None if not every or len(known) < len(every) else float(sum(known))


def rate_per_100_000(one: Supply, market: Market) -> float | None:
    """Beds or agencies per 100,000 people: count / people x 100,000.

    Parameters
    ----------
    one : Supply
        A row.
    market : Market
        With the population that the row names.

    Returns
    -------
    float or None
        None without a count or a population; a rate as printed is none of ours.
    """
    if one.count is None or not one.population:
        return None
    return one.count / market.population_by_id[one.population].people * 100_000


def ratings_of_group(market: Market, group: str) -> tuple[Rating, ...]:
    """The ratings of a sector, or of all sectors of a group, on their latest day.

    Parameters
    ----------
    market : Market
        The set.
    group : str
        A sector or group.

    Returns
    -------
    tuple of Rating
        Empty if there is none.
    """
    rows = [one for one in market.ratings if group in (one.sector, one.group)]
    latest = max((one.on for one in rows), default=None)
    return tuple(one for one in rows if one.on == latest)


def share_percent(one: ShareFigure) -> float | None:
    """100 x number / out_of; None without the counts."""
    if one.number is None or not one.out_of:
        return None
    return 100 * one.number / one.out_of


def is_small(one: ShareFigure, rule_name: str) -> bool:
    """Whether a share rests on so few people in care that it must not be shown.

    Parameters
    ----------
    one : ShareFigure
        A row.
    rule_name : str
        Of ``small_numbers.csv``.

    Returns
    -------
    bool
        True where the people, those left over, or all of them are within what the rule hides:
        from any two of the three the third follows.
    """
    if market_measures()[one.measure].counts != "people":
        return False
    if one.number is None or one.out_of is None:
        return False
    rule = small_number_rule(rule_name)
    counts = (one.number, one.out_of - one.number, one.out_of)
    return any(rule.hidden_from <= count <= rule.hidden_to and count > 0 for count in counts)


def share_interval(one: ShareFigure) -> Interval | NoInterval:
    """Interval of a share, in per cent, where one does not mislead.

    Parameters
    ----------
    one : ShareFigure
        A row.

    Returns
    -------
    Interval or NoInterval
        At 95%: by Wilson for a part of a whole, by Byar for leavers against staff.
    """
    measure = market_measures()[one.measure]
    if measure.interval == "none":
        return NoInterval(measure.why)
    if one.number is None or not one.out_of:
        return NoInterval("The counts are not given.")
    if measure.interval == "wilson":
        lower, upper = wilson(one.number, one.out_of, LEVEL)
        return Interval(100 * float(lower), 100 * float(upper), LEVEL, "Wilson")
    low, high = byar(one.number, LEVEL)
    return Interval(100 * float(low) / one.out_of, 100 * float(high) / one.out_of, LEVEL, "Byar")


def good_percent(ratings: Iterable[Rating]) -> float | None:
    """Per cent rated good or outstanding of those with a rating; None where a count is missing."""
    rows = tuple(ratings)
    good = sum_of(getattr(one, name) for one in rows for name in ("outstanding", "good"))
    rated = sum_of(getattr(one, name) for one in rows for name in RATED)
    return None if good is None or not rated else 100 * good / rated
