"""The figures that a verdict rests on, each with unit, period and source."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wholesystem.indicators.periods import period_label
from wholesystem.indicators.spc.words import format_value, with_unit
from wholesystem.reviews.follow_up.observed import Period, period_months
from wholesystem.reviews.follow_up.target import Target
from wholesystem.reviews.follow_up.verdict import Judgement

__all__ = ["RestsOn", "Telling", "figures_of", "noun", "span"]


@dataclass(frozen=True)
class RestsOn:
    """A figure that a verdict rests on.

    Parameters
    ----------
    label : str
        What it is.
    value : float
        In `unit`.
    unit : str
        Of the value.
    period : str
        That it is of, in words.
    periods : int
        Figures that it is the mean of.
    source : str
        Who published them, and the first and the last file.
    """

    label: str
    value: float
    unit: str
    period: str
    periods: int
    source: str


@dataclass(frozen=True)
class Telling:
    """How figures of one movement are told.

    Parameters
    ----------
    name : str
        Of the indicator.
    unit : str
        Of its values.
    decimals : int or None
        Of its values; by size if None.
    source : str
        Who published them.
    """

    name: str
    unit: str
    decimals: int | None
    source: str

    def figure(self, value: float) -> str:
        """A figure with its unit."""
        return with_unit(self.number(value), self.unit)

    def number(self, value: float) -> str:
        """A figure without its unit."""
        return format_value(value, self.decimals)


def span(periods: Sequence[Period]) -> str:
    """Periods from the first to the last, in words.

    Parameters
    ----------
    periods : sequence of Period
        In order of time, at least one.

    Returns
    -------
    str
        With how many there are where some between are left out.
    """
    words = period_label(periods[0].start, periods[-1].end)
    months = period_months(periods[0].start, periods[-1].end)
    each = period_months(periods[0].start, periods[0].end)
    if each and months // each != len(periods):
        return f"{len(periods)} {noun(periods)} of {words}"
    return words


def noun(periods: Sequence[Period], many: int | None = None) -> str:
    """What the periods are.

    Parameters
    ----------
    periods : sequence of Period
        Of one length.
    many : int, optional
        How many are told of; all if not given.

    Returns
    -------
    str
        ``months``, ``month``, ``quarters``, ``years`` or ``periods``.
    """
    months = period_months(periods[0].start, periods[0].end) if periods else 0
    word = {1: "month", 3: "quarter", 12: "year"}.get(months, "period")
    return word if (len(periods) if many is None else many) == 1 else f"{word}s"


# ------------------------------------------------------------------------ figures


def figures_of(judged: Judgement, telling: Telling, target: Target) -> tuple[RestsOn, ...]:
    """The figures that a verdict rests on.

    Parameters
    ----------
    judged : Judgement
        The verdict.
    telling : Telling
        Name, unit and source.
    target : Target
        What was aimed at.

    Returns
    -------
    tuple of RestsOn
        The area's own first, then those of others.
    """
    return tuple(_figures(judged, telling, target))


def _figures(judged: Judgement, telling: Telling, target: Target) -> Iterator[RestsOn]:
    moved, sign = judged.moved, judged.moved.sign
    unit = telling.unit
    if sign.reference is not None:
        of_reference = moved.of_level(sign.reference)
        told = (span(of_reference), len(of_reference), _source(of_reference, telling))
        yield RestsOn("Mean before the plan", sign.reference.mean, unit, *told)
        yield RestsOn("Lower limit before the plan", sign.reference.lower, unit, *told)
        yield RestsOn("Upper limit before the plan", sign.reference.upper, unit, *told)
    for check in sign.checks:
        if check.level is not None:
            periods = moved.of_level(check.level)
            label = _LEVELS[check.rule]
            told = (span(periods), len(periods), _source(periods, telling))
            yield RestsOn(label, check.level.mean, unit, *told)
    since = moved.since_periods
    if since:
        told = (span(since), len(since), _source(since, telling))
        yield RestsOn("Mean since the plan", moved.since, unit, *told)
    if target.value is not None:
        yield RestsOn("Aimed at", target.value, unit, "", 0, "the action plan")
    yield from _figures_beside(judged, telling)


def _figures_beside(judged: Judgement, telling: Telling) -> Iterator[RestsOn]:
    before = judged.moved.of_level(judged.moved.sign.before)
    since = judged.moved.since_periods
    for one in judged.beside:
        for when, value, periods in (("before", one.before, before), ("since", one.since, since)):
            if periods and math.isfinite(value):
                figures = one.observed.by_start()
                theirs = [figures[period.start] for period in periods]
                told = (span(periods), len(periods), _source(theirs, telling))
                yield RestsOn(f"{one.observed.label}, mean {when}", value, telling.unit, *told)


_LEVELS = {
    "bad_spell": "Mean before the plan, without the months that stood out",
    "moved_before": "Mean just before the plan, since it had begun to move",
}


def _source(periods: Sequence[Period], telling: Telling) -> str:
    files = [one.file for one in periods if one.file]
    if not files:
        return telling.source
    named = files[0] if files[0] == files[-1] else f"{files[0]} to {files[-1]}"
    return f"{telling.source} ({named})"
