"""The verdict of a chart on its last point: figures, words, icons and sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from wholesystem.indicators.spc.series import TRIAL_POINTS, day_text
from wholesystem.indicators.spc.words import (
    ASSURANCE_ICONS,
    CONCERN,
    FAILS,
    IMPROVEMENT,
    OUTSIDE,
    PASSES,
    TREND,
    TWO_OF_THREE,
    VARIATION_ICONS,
    assurance_icon,
    count_word,
    date_words,
    format_value,
    variation_icon,
    with_unit,
)

if TYPE_CHECKING:
    from wholesystem.indicators.spc.chart import Chart

_MOST_NAMED = 6


@dataclass(frozen=True)
class Summary:
    """What a chart says of its last point.

    Parameters
    ----------
    n_points : int
        Points that count.
    n_base : int
        Points on which the limits of the last point rest.
    latest_date : date
        Of the last point that counts.
    latest : float
        Its value.
    mean, lower, upper : float
        Centre line (the median of a run chart) and limits there; NaN = none.
    target : float
        NaN = none.
    special_cause : str
        Words of the rule that it breaks; empty for none.
    variation : str
        ``common cause``, ``improvement``, ``concern`` or ``neutral change``.
    direction : str
        ``high`` or ``low`` (or rising and falling); empty for common cause.
    assurance : str
        ``consistently passes``, ``consistently fails``, ``hit or miss`` or empty.
    variation_icon, assurance_icon : str
        Names of icons; ``too_few_points`` on fewer than 12 points, empty where there is none.
    is_trial : bool
        Whether the limits are trial limits: on fewer than 12 points.
    sentences : tuple of str
        The same in plain words.
    """

    n_points: int
    n_base: int
    latest_date: date
    latest: float
    mean: float
    lower: float
    upper: float
    target: float
    special_cause: str
    variation: str
    direction: str
    assurance: str
    variation_icon: str
    assurance_icon: str
    is_trial: bool
    sentences: tuple[str, ...]

    @property
    def variation_words(self) -> str:
        """Words of a cell in place of the icon of variation."""
        return VARIATION_ICONS[self.variation_icon]

    @property
    def assurance_words(self) -> str:
        """Words of a cell in place of the icon of assurance."""
        return ASSURANCE_ICONS[self.assurance_icon]


def summarise(chart: Chart) -> Summary:
    """The verdict of a chart.

    Parameters
    ----------
    chart : Chart
        Worked out.

    Returns
    -------
    Summary
        Of its last point that counts.
    """
    here = chart.last
    series, limits = chart.series, chart.limits
    sign = int(chart.directions[here])
    word = chart.variations[here]
    trial = chart.is_trial
    shown = "too_few_points" if trial else variation_icon(word, sign)
    assured = assurance_icon(chart.assurance)
    day: date = series.dates[here].astype(date)
    return Summary(
        n_points=int(series.used.sum()),
        n_base=chart.n_base,
        latest_date=day,
        latest=float(series.values[here]),
        mean=float(limits.centre[here]),
        lower=float(limits.lower[here]),
        upper=float(limits.upper[here]),
        target=float(series.target[here]),
        special_cause=chart.special_causes[here],
        variation=word,
        direction={1: "high", -1: "low"}.get(sign, ""),
        assurance=chart.assurance,
        variation_icon=shown,
        assurance_icon="too_few_points" if trial and assured else assured,
        is_trial=trial,
        sentences=tuple(_sentences(chart)),
    )


def _sentences(chart: Chart) -> list[str]:
    return [
        _latest(chart),
        _variation(chart),
        *_assurance(chart),
        *_trial(chart),
        *_rebases(chart),
        *_exclusions(chart),
        *_missing(chart),
        *chart.notes,
    ]


def _figure(chart: Chart, value: float) -> str:
    """A target as it was given: no more decimals than it has, or than the chart is told."""
    return with_unit(format_value(value, chart.decimals), chart.unit)


def _latest(chart: Chart) -> str:
    here, limits = chart.last, chart.limits
    day = day_text(chart.series.dates[here], chart.series.by_month)

    def line(figure: float) -> str:
        return format_value(float(figure), chart.line_decimals)

    latest = format_value(float(chart.series.values[here]), chart.value_decimals)
    middle = with_unit(line(limits.centre[here]), chart.unit)
    text = f"Latest, {day}: {with_unit(latest, chart.unit)}; {chart.centre_name} {middle}"
    if np.isnan(limits.lower[here]):
        return text + "."
    high = with_unit(line(limits.upper[here]), chart.unit)
    return f"{text}, limits {line(limits.lower[here])} to {high}."


def _variation(chart: Chart) -> str:
    here = chart.last
    cause, sign = int(chart.causes[here]), int(chart.directions[here])
    if cause == 0:
        return (
            "Common cause: the latest point breaks no rule. It varies as this process varies;"
            " do not read a change into it."
        )
    side = "above" if sign > 0 else "below"
    count = count_word(chart.run_length)
    trend = count_word(chart.trend_length or chart.run_length)
    limit = "upper" if sign > 0 else "lower"
    causes = {
        OUTSIDE: f"the latest point is {side} the {limit} limit",
        TREND: f"{trend} or more points in a row {'rise' if sign > 0 else 'fall'}",
        TWO_OF_THREE: f"two of three points in a row lie near the {limit} limit",
    }
    cause_text = causes.get(
        cause, f"{count} or more points in a row lie {side} the {chart.centre_name}"
    )
    if cause > TWO_OF_THREE + 1:
        cause_text = "the latest point was marked by hand as astronomical"
    word = chart.variations[here]
    kind = {
        IMPROVEMENT: f"Improvement: {chart.better} is better, and",
        CONCERN: f"Concern: {chart.better} is better, and",
    }.get(word, "Change, neither better nor worse:")
    return f"{kind} {cause_text}."


def _assurance(chart: Chart) -> list[str]:
    target = float(chart.series.target[chart.last])
    if not chart.assurance:
        return []
    text = f"the target of {_figure(chart, target)}"
    if chart.assurance == PASSES:
        return [f"Consistently passes: unless the process changes it will meet {text}."]
    if chart.assurance == FAILS:
        return [f"Consistently fails: unless the process changes it will not meet {text}."]
    return [f"Hit or miss: {text} lies within the limits, so chance decides whether it is met."]


def _trial(chart: Chart) -> list[str]:
    if not chart.is_trial:
        return []
    kind = "The median is provisional" if chart.kind == "run" else "These are trial limits"
    return [
        f"{kind}: they rest on {chart.n_base} points, fewer than {TRIAL_POINTS}."
        if kind.startswith("These")
        else f"{kind}: it rests on {chart.n_base} points, fewer than {TRIAL_POINTS}."
    ]


def _rebases(chart: Chart) -> list[str]:
    name = chart.centre_name.capitalize()
    what = name if chart.kind == "run" else f"{name} and limits"
    return [
        f"{what} start{'s' * (chart.kind == 'run')} anew from"
        f" {date_words(one.on, by_month=chart.series.by_month)}: {one.reason}."
        for one in chart.series.rebases
    ]


def _exclusions(chart: Chart) -> list[str]:
    return [
        f"The point of {date_words(one.on, by_month=chart.series.by_month)} is drawn but not"
        f" counted: {one.reason}."
        for one in chart.series.exclusions
    ]


def _missing(chart: Chart) -> list[str]:
    series = chart.series
    sentences = []
    blank = series.dates[np.isnan(series.values)]
    if blank.size:
        sentences.append(f"No figure is given for {_named(blank, series.by_month)}: a gap.")
    if series.gaps_after.size:
        sentences.append(
            f"Periods are absent after {_named(series.gaps_after, series.by_month)}: a gap."
        )
    if sentences:
        sentences.append("Runs, trends and moving ranges do not reach across a gap.")
    return sentences


def _named(days: np.ndarray, by_month: bool) -> str:
    words = [day_text(day, by_month) for day in days[:_MOST_NAMED]]
    more = days.size - len(words)
    if more:
        return f"{', '.join(words)} and {more} more"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
