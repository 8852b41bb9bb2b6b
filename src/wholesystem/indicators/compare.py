"""An area against England, its region and its comparators in one period.

Rank, fifth, difference and a word for it. A difference is tested only where the counts allow an
interval; where they do not, the reason is said and the word is "not tested".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wholesystem.errors import ParameterError
from wholesystem.indicators.area_figures import AreaFigures, together
from wholesystem.indicators.areas import ENGLAND, same_area_codes
from wholesystem.indicators.compare_words import place_words, rank_words
from wholesystem.indicators.comparison import Comparison, Group, Rank, Verdict, Versus
from wholesystem.indicators.differences import newcombe, rate_ratio
from wholesystem.indicators.intervals import (
    Interval,
    NoInterval,
    value_scale,
)
from wholesystem.stays.lists import small_number_rule

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator

__all__ = ["ENGLAND", "Comparison", "Group", "Rank", "Versus", "compare_areas"]

MEAN = "mean of the areas, each counted once"
SUMMED = "all its parts together"
POOLED = "sum of numerators over sum of denominators"


def compare_areas(
    figures: AreaFigures | pd.DataFrame,
    area_code: str,
    indicator: Indicator,
    comparators: Sequence[str] | None = None,
    *,
    comparators_name: str = "comparators",
    region_code: str | None = None,
    england_code: str = ENGLAND,
    england_value: float | None = None,
    level: float = 0.95,
    small_numbers: str = "hes",
) -> Comparison:
    """Compare one area's figure of one period.

    Parameters
    ----------
    figures : AreaFigures or pandas.DataFrame
        All areas in that period; a frame is made into `AreaFigures` first, so make those once
        where many areas are compared.
    area_code : str
        The area.
    indicator : Indicator
        Row of the catalogue.
    comparators : sequence of str, optional
        Codes of the areas of a list; a code that the same ground had before or after is found.
    comparators_name : str
        Name and date of the list.
    region_code : str, optional
        Code of the area's region.
    england_code : str
        Code of the row of England.
    england_value : float, optional
        England's figure where there is no row of it.
    level : float
        Of the intervals.
    small_numbers : str
        Rule of ``small_numbers.csv`` for the user's own rows.

    Returns
    -------
    Comparison
        With no value, and why, where the area has no figure.

    Raises
    ------
    ParameterError
        If the rows are of several periods or indicators, or the area is among its comparators.
    """
    if isinstance(figures, pd.DataFrame):
        figures = AreaFigures(figures, indicator)
    others = _codes_here(figures, area_code, comparators, comparators_name)
    at, peers = figures.at.get(area_code), figures.peers(area_code)
    value = figures.value(area_code)
    small = at is not None and _is_small(figures, at, small_numbers)
    return Comparison(
        indicator.indicator,
        area_code,
        figures.name(area_code),
        figures.start,
        figures.end,
        value,
        _own_interval(figures, at, level),
        None if value is None or at is None else _rank(figures, at, peers),
        _england(figures, at, england_code, england_value, level),
        None if region_code not in figures.at else _row_versus(figures, at, region_code, level),
        None if others is None else _group(figures, at, others, comparators_name, level),
        len(peers),
        _reasons(figures, peers),
        figures.why_missing(area_code),
        _cautions(figures, at, small, small_numbers),
        small,
        level,
    )


def _codes_here(
    figures: AreaFigures, area_code: str, comparators: Sequence[str] | None, name: str
) -> tuple[str, ...] | None:
    """Comparators under the codes that they have in these figures."""
    if comparators is None:
        return None
    found = []
    for code in comparators:
        same = [one for one in same_area_codes(code) if one in figures.at]
        found.append(code if code in figures.at or not same else same[-1])
    if area_code in found:
        raise ParameterError(
            f"{figures.name(area_code)} ({area_code}) is among its own comparators ({name})."
            " Take it out of the list."
        )
    return tuple(dict.fromkeys(found))


# ------------------------------------------------------------------------ the area itself


def _own_interval(figures: AreaFigures, at: int | None, level: float) -> Interval | NoInterval:
    if at is None:
        return NoInterval("No interval: there is no figure.")
    return figures.interval(at, level)


def _rank(figures: AreaFigures, at: int, peers: NDArray[np.intp]) -> Rank | None:
    values = figures.values[peers]
    values, own = values[~np.isnan(values)], figures.values[at]
    if len(values) < 2:
        return None  # the first of one says nothing
    better = figures.indicator.better
    ahead = int((values < own).sum() if better == "low" else (values > own).sum())
    shared, many = int((values == own).sum()) - 1, len(values)
    fifth = None if many < 5 else ahead * 5 // many + 1
    words = rank_words(ahead + 1, many, shared, better)
    return Rank(ahead + 1, many, shared, fifth, words, place_words(fifth, better))


def _reasons(figures: AreaFigures, peers: NDArray[np.intp]) -> tuple[tuple[str, int], ...]:
    reasons = Counter(figures.notes[i] or "not given" for i in peers if np.isnan(figures.values[i]))
    return tuple(reasons.most_common())


def _is_small(figures: AreaFigures, at: int, rule_name: str) -> bool:
    from_user = getattr(figures.indicator, "supplied_by", "") == "user" or figures.supplied[at]
    x = figures.numerators[at]
    if figures.indicator.kind == "count" and np.isnan(x):
        x = figures.values[at]
    rule = small_number_rule(rule_name)
    return bool(from_user and rule.hidden_to and rule.hidden_from <= x <= rule.hidden_to)


def _cautions(figures: AreaFigures, at: int | None, small: bool, rule_name: str) -> tuple[str, ...]:
    found = []
    if figures.indicator.kind == "count":
        found.append("A count grows with the size of an area: its rank is not a judgement.")
    if at is not None and figures.kinds[at] == "combined":
        found.append(
            "This area is the sum of several councils; it is ranked as if it were one of them."
        )
    if small:
        rule = small_number_rule(rule_name)
        found.append(
            f"This figure is the user's own and rests on {rule.hidden_from} to {rule.hidden_to}"
            f" people: under the rule {rule.rule} it must not be published."
        )
    return tuple(found)


# ------------------------------------------------------------------------ against others


def _england(
    figures: AreaFigures, at: int | None, code: str, value: float | None, level: float
) -> Versus | None:
    if code in figures.at and figures.value(code) is not None:
        return _row_versus(figures, at, code, level)
    if value is None:
        return None
    return _versus(figures, at, "England", value, "published", (None, None), level)


def _row_versus(figures: AreaFigures, at: int | None, code: str | None, level: float) -> Versus:
    row = figures.at[str(code)]
    value = figures.value(str(code))
    basis = SUMMED if figures.is_sum[row] else "published"
    return _versus(figures, at, figures.names[row], value, basis, figures.counts(row), level)


def _group(
    figures: AreaFigures, at: int | None, codes: tuple[str, ...], name: str, level: float
) -> Group:
    rows = [figures.at[code] for code in codes if figures.value(code) is not None]
    values = figures.values[rows]
    missing = tuple(
        (figures.name(code), figures.why_missing(code))
        for code in codes
        if figures.value(code) is None
    )
    value, basis, counts = _together(figures, rows)
    ends = [rows[int(pick(values))] for pick in (np.argmin, np.argmax)] if rows else []
    lowest, highest = (
        ((figures.names[i], float(figures.values[i])) for i in ends) if ends else (None, None)
    )
    return Group(
        name,
        codes,
        tuple(figures.name(code) for code in codes),
        missing,
        float(values.mean()) if rows else None,
        float(np.median(values)) if rows else None,
        lowest,
        highest,
        _versus(figures, at, name, value, basis, counts, level),
    )


def _together(
    figures: AreaFigures, rows: list[int]
) -> tuple[float | None, str, tuple[float | None, float | None]]:
    """The figure of several areas as one."""
    if not rows:
        return None, "no comparator has a figure", (None, None)
    one = together(
        figures.indicator,
        figures.values[rows, np.newaxis],
        figures.numerators[rows, np.newaxis],
        figures.denominators[rows, np.newaxis],
        [figures.days],
    )
    if not one.is_pooled[0]:
        return float(one.values[0]), MEAN, (None, None)
    return float(one.values[0]), POOLED, (float(one.numerators[0]), float(one.denominators[0]))


def _versus(
    figures: AreaFigures,
    at: int | None,
    name: str,
    value: float | None,
    basis: str,
    counts: tuple[float | None, float | None],
    level: float,
) -> Versus:
    own = None if at is None or np.isnan(figures.values[at]) else float(figures.values[at])
    if own is None or value is None or at is None:
        gone = NoInterval("No interval: one of the two figures is missing.")
        return Versus(name, value, basis, None, None, gone, False, "not tested")
    if figures.indicator.kind == "count" and basis != MEAN:
        gone = NoInterval("No interval: a count of one area and of many cannot be compared.")
        return Versus(name, value, basis, None, None, gone, False, "not tested")
    interval, of_ratio = _difference_interval(figures, at, counts, level)
    ratio = own / value if value > 0 else None
    verdict = _verdict(interval, 1.0 if of_ratio else 0.0, figures.indicator.better)
    return Versus(name, value, basis, own - value, ratio, interval, of_ratio, verdict)


def _difference_interval(
    figures: AreaFigures, at: int, counts: tuple[float | None, float | None], level: float
) -> tuple[Interval | NoInterval, bool]:
    own = _own_interval(figures, at, level)
    if isinstance(own, NoInterval):
        return own, False
    x, n = figures.counts(at)
    other, whole = counts
    if x is None or n is None or other is None or not whole:
        return NoInterval("No interval: the counts behind the figures are not published."), False
    if figures.indicator.interval == "byar":
        return rate_ratio(x, n, other, whole, level), True
    scale = value_scale(figures.indicator, figures.days)
    found = newcombe(x, n, other, whole, level)
    return Interval(found.lower * scale, found.upper * scale, level, found.method), False


def _verdict(interval: Interval | NoInterval, nothing: float, better: str) -> Verdict:
    if isinstance(interval, NoInterval):
        return "not tested"
    if interval.holds(nothing):
        return "similar"
    higher = interval.lower > nothing
    if better == "none":
        return "higher" if higher else "lower"
    return "better" if higher == (better == "high") else "worse"
