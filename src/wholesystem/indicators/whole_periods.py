"""A figure of a whole period, made of published figures of its parts.

Written once, for the figures of a report worked out again and for those that a review cites.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

from wholesystem.indicators.catalogue import Indicator
from wholesystem.indicators.periods import period_days

__all__ = ["PeriodFigure", "parts_of_period", "ratio_of_parts", "value_of_parts", "why_not_whole"]

_DAY = timedelta(days=1)
# What is counted on a day adds up to nothing over several.
_STOCKS = frozenset({"people", "beds", "locations", "people a day"})


class PeriodFigure(Protocol):
    """What a figure must tell to be a part of a longer period."""

    @property
    def start(self) -> date:
        """First day."""

    @property
    def end(self) -> date:
        """Last day."""

    @property
    def value(self) -> float | None:
        """None where not given."""

    @property
    def numerator(self) -> float | None:
        """None where not given."""

    @property
    def denominator(self) -> float | None:
        """None where not given."""


Part = TypeVar("Part", bound=PeriodFigure)


def parts_of_period(figures: Iterable[Part], start: date, end: date) -> list[Part]:
    """Figures that follow on each other from one day to another.

    Parameters
    ----------
    figures : iterable of PeriodFigure
        Of one indicator and area; periods may overlap, as months and quarters do.
    start, end : date
        First and last day.

    Returns
    -------
    list of PeriodFigure
        In order of time, without gap or overlap; of those that begin on a day the shortest from
        which the end can be reached. Empty where none do.
    """
    inside = [one for one in figures if start <= one.start and one.end <= end]
    known = sorted((one for one in inside if one.value is not None), key=_end, reverse=True)
    # From the end backwards, so that a month whose neighbour is missing is no dead end where the
    # quarter is there.
    onward: dict[date, Part] = {}
    for one in known:
        if one.end == end or one.end + _DAY in onward:
            onward[one.start] = one
    found = []
    at = start
    while at in onward:
        found.append(onward[at])
        at = onward[at].end + _DAY
    return found


def _end(figure: PeriodFigure) -> date:
    return figure.end


def why_not_whole(indicator: Indicator) -> str:
    """Why figures of parts do not make one of the whole.

    Parameters
    ----------
    indicator : Indicator
        Row of the catalogue.

    Returns
    -------
    str
        A clause without a point; empty where they do.
    """
    if indicator.kind == "mean" and indicator.per_day != "yes":
        return "means of parts do not make the mean of the whole"
    if indicator.kind == "count" and (
        indicator.monthly == "mean" or (indicator.unit in _STOCKS and indicator.monthly != "sum")
    ):
        return f"{indicator.unit} counted on a day do not add up over several"
    if indicator.kind == "rate" and indicator.per_day != "yes":
        return "a rate of a whole period, which is not per day, does not add up over several"
    return ""


def value_of_parts(indicator: Indicator, parts: Sequence[PeriodFigure]) -> float | None:
    """The figure of a whole period, by the indicator's own rule.

    Parameters
    ----------
    indicator : Indicator
        Row of the catalogue.
    parts : sequence of PeriodFigure
        From `parts_of_period`.

    Returns
    -------
    float or None
        The sum of a count; of a share, or of a rate or mean per day, that of `ratio_of_parts`.
        None where `why_not_whole` says why, there are no parts, or one lacks what is needed of it.
    """
    if not parts or why_not_whole(indicator):
        return None
    if indicator.kind != "count":
        return ratio_of_parts(indicator, parts)
    values = [one.value for one in parts if one.value is not None]
    return sum(values) if len(values) == len(parts) else None


def ratio_of_parts(indicator: Indicator, parts: Sequence[PeriodFigure]) -> float | None:
    """The sum of numerators over that of denominators.

    Parameters
    ----------
    indicator : Indicator
        Row of the catalogue: its multiplier, and whether it is per day.
    parts : sequence of PeriodFigure
        From `parts_of_period`.

    Returns
    -------
    float or None
        Each denominator counts once for every day of its part where the indicator is per day; the
        days alone are the denominator of one computed without (people delayed each day). None
        where a numerator or denominator is missing, or the denominators sum to 0.
    """
    is_per_day = indicator.per_day == "yes"
    has_days_alone = is_per_day and indicator.is_computed and not indicator.denominator_indicator
    above = below = 0.0
    for one in parts:
        denominator = 1.0 if has_days_alone else one.denominator
        if one.numerator is None or denominator is None:
            return None
        above += one.numerator
        below += denominator * (period_days(one.start, one.end) if is_per_day else 1)
    return (indicator.multiplier or 1.0) * above / below if below else None
