"""Supply, ratings, shares and workforce as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wholesystem.indicators.intervals import NoInterval
from wholesystem.reviews.market.checks import Disagreement
from wholesystem.reviews.market.figures import (
    RATED,
    good_percent,
    is_small,
    rate_per_100_000,
    share_interval,
    share_percent,
    sum_of,
)
from wholesystem.reviews.market.records import Rating, ShareFigure, Supply, market_measures
from wholesystem.reviews.market.table_parts import SOURCE, notes_of, percent_of
from wholesystem.reviews.market.tables import Market
from wholesystem.reviews.result_tables import ResultColumn, ResultTable, Value

__all__ = ["care_tables"]

WORKFORCE = ("staff_turnover", "staff_vacancies")


def care_tables(
    market: Market, found: Sequence[Disagreement], small_numbers: str
) -> tuple[ResultTable, ...]:
    """Tables of the care market and its staff.

    Parameters
    ----------
    market : Market
        The set.
    found : sequence of Disagreement
        What in it does not agree.
    small_numbers : str
        Rule of ``small_numbers.csv`` for counts of people in care.

    Returns
    -------
    tuple of ResultTable
        Supply, ratings, shares of places and people, and workforce.
    """
    return (
        _supply(market, found),
        _ratings(market, found),
        _shares(market, found, small_numbers, workforce=False),
        _shares(market, found, small_numbers, workforce=True),
    )


def _supply(market: Market, found: Sequence[Disagreement]) -> ResultTable:
    rates = {one.supply: _rate(market, one) for one in market.supply}
    rows: list[tuple[Value, ...]] = []
    for one in market.supply:
        people = market.population_by_id.get(one.population)
        rows.append(
            (
                one.supply,
                one.label,
                one.subject,
                one.on,
                one.count,
                one.unit,
                None if people is None else people.people,
                "" if people is None else people.label,
                rate_per_100_000(one, market),
                one.stated_rate,
                one.stated_per,
                *(
                    _against(market, one, subject, rates) if one.subject == "area" else ""
                    for subject in ("comparators", "england")
                ),
                one.change_percent,
                one.change_since,
                one.note,
                one.source,
            )
        )
    baseless = [one for one in market.supply if one.stated_rate is not None and not one.stated_per]
    return ResultTable(
        "supply",
        "Beds and agencies for older people",
        (
            ResultColumn("supply", "Id"),
            ResultColumn("label", "What"),
            ResultColumn("subject", "Whose"),
            ResultColumn("on", "On"),
            ResultColumn("count", "Count"),
            ResultColumn("unit", "Unit"),
            ResultColumn("people", "People that the rate is for"),
            ResultColumn("people_label", "Who they are"),
            ResultColumn("per_100_000", "Per 100,000 of them", "", 1),
            ResultColumn("stated_rate", "Rate as printed"),
            ResultColumn("stated_per", "Per so many, as printed"),
            ResultColumn("against_comparators_percent", "Against comparators", "%", 1),
            ResultColumn("against_england_percent", "Against England", "%", 1),
            ResultColumn("change_percent", "Change", "%", 1),
            ResultColumn("change_since", "Change since"),
            *SOURCE,
        ),
        tuple(rows),
        notes_of(
            found,
            "supply",
            "Per 100,000 = count / people x 100,000. Against others = 100 x (rate / theirs - 1), of"
            " rates of one kind: both worked out here, or both as printed for the same"
            " number of people (or for one that is printed of neither).",
            "Beds and agencies are counted, not drawn: there are no intervals.",
            f"Of {len(baseless)} rates the source does not print the base." if baseless else "",
        ),
    )


def _rate(market: Market, one: Supply) -> tuple[str, float] | None:
    """A rate with its kind; rates of two kinds are not held against each other."""
    if one.stated_rate is not None:
        return f"stated per {one.stated_per}", one.stated_rate
    worked = rate_per_100_000(one, market)
    return None if worked is None else ("worked out", worked)


def _against(
    market: Market, one: Supply, subject: str, rates: Mapping[str, tuple[str, float] | None]
) -> float | None:
    others = [x for x in market.supply if (x.kind, x.on, x.subject) == (one.kind, one.on, subject)]
    mine = rates[one.supply]
    theirs = rates[others[0].supply] if others else None
    if mine is None or theirs is None or mine[0] != theirs[0] or not theirs[1]:
        return None
    return 100 * (mine[1] / theirs[1] - 1)


def _ratings(market: Market, found: Sequence[Disagreement]) -> ResultTable:
    rows = [_rating_row(one.sector, one.label, (one,)) for one in market.ratings]
    groups = dict.fromkeys((one.group, one.on) for one in market.ratings if one.group)
    for group, on in groups:
        some = tuple(one for one in market.ratings if (one.group, one.on) == (group, on))
        if len(some) > 1:
            label = f"{group.replace('_', ' ').capitalize()}, together"
            rows.append(_rating_row(group, label, some))
    return ResultTable(
        "ratings",
        "Services by rating",
        (
            ResultColumn("sector", "Id"),
            ResultColumn("label", "Sector"),
            ResultColumn("on", "On"),
            ResultColumn("services", "Services"),
            *(ResultColumn(name, name.replace("_", " ").capitalize()) for name in RATED),
            ResultColumn("not_rated", "Not rated"),
            ResultColumn("rated", "With a rating"),
            ResultColumn("good_percent", "Good or outstanding, of those with a rating", "%", 1),
            ResultColumn("good_of_all_percent", "Good or outstanding, of all", "%", 1),
            *SOURCE,
        ),
        tuple(rows),
        notes_of(
            found,
            "ratings",
            "Of those with a rating = 100 x (outstanding + good) / (services - not rated). Every"
            " service is counted: there are no intervals.",
        ),
    )


def _rating_row(name: str, label: str, rows: Sequence[Rating]) -> tuple[Value, ...]:
    def total(column: str) -> int | None:
        found = sum_of(getattr(one, column) for one in rows)
        return None if found is None else int(found)

    counts = {column: total(column) for column in ("services", *RATED, "not_rated")}
    rated = sum_of(counts[column] for column in RATED)
    good = sum_of((counts["outstanding"], counts["good"]))
    one = rows[0]
    return (
        name,
        label,
        one.on,
        *counts.values(),
        None if rated is None else int(rated),
        good_percent(rows),
        percent_of(counts["services"], good),
        one.note if len(rows) == 1 else "Summed here.",
        one.source,
    )


# ------------------------------------------------------------------------ shares


def _shares(
    market: Market, found: Sequence[Disagreement], small_numbers: str, *, workforce: bool
) -> ResultTable:
    measures = market_measures()
    mine = [one for one in market.shares if (one.measure in WORKFORCE) == workforce]
    rows = tuple(_share(one, measures[one.measure].label, small_numbers) for one in mine)
    names = {one.figure for one in mine}
    used = dict.fromkeys(one.measure for one in mine)
    reasons = [
        f"{measures[name].label}: no interval. {measures[name].why}"
        for name in used
        if measures[name].interval == "none"
    ]
    told = tuple(one for one in found if one.row in names)
    return ResultTable(
        "workforce" if workforce else "market_shares",
        "Workforce" if workforce else "Free places, ratings and people who pay",
        (
            ResultColumn("figure", "Id"),
            ResultColumn("measure", "Measure"),
            ResultColumn("label", "Of whom"),
            ResultColumn("subject", "Whose"),
            ResultColumn("from", "From"),
            ResultColumn("to", "To"),
            ResultColumn("number", "Number"),
            ResultColumn("out_of", "Out of"),
            ResultColumn("percent", "From the counts", "%", 1),
            ResultColumn("lower_percent", "Lower", "%", 1),
            ResultColumn("upper_percent", "Upper", "%", 1),
            ResultColumn("stated_percent", "As stated", "%", 1),
            ResultColumn("bound", "Stated as"),
            ResultColumn("no_interval_because", "Why there is no interval"),
            *SOURCE,
        ),
        rows,
        notes_of(
            told,
            "shares",
            "From the counts = 100 x number / out of; limits at 95%. A percentage as stated has no"
            " limits here, since its counts are not known.",
            *reasons,
        ),
    )


def _share(one: ShareFigure, label: str, small_numbers: str) -> tuple[Value, ...]:
    figures: tuple[Value, ...]
    interval = share_interval(one)
    if is_small(one, small_numbers):
        figures = (None, None, None, None, None, None)
        why = f"Hidden: it rests on few people (rule {small_numbers})."
    elif isinstance(interval, NoInterval):
        figures = (one.number, one.out_of, share_percent(one), None, None, one.stated_percent)
        why = interval.reason
    else:
        limits = (interval.lower, interval.upper)
        figures = (one.number, one.out_of, share_percent(one), *limits, one.stated_percent)
        why = ""
    return (
        one.figure,
        label,
        one.label,
        one.subject,
        one.starts,
        one.to,
        *figures,
        one.bound.replace("_", " "),
        why,
        one.note,
        one.source,
    )
