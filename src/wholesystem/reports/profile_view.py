"""The words and tables of a profile, the same in its page, its workbook and its CSV files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wholesystem.indicators.catalogue import Indicator, review_questions
from wholesystem.indicators.compare_words import compare_sentences
from wholesystem.indicators.spc.words import (
    ASSURANCE_ICONS,
    VARIATION_ICONS,
    format_value,
    with_unit,
)

if TYPE_CHECKING:
    from wholesystem.indicators.compare import Versus
    from wholesystem.indicators.profile.build import IndicatorProfile

__all__ = [
    "SummaryRow",
    "comparison_lines",
    "definition_rows",
    "figure",
    "summary_row",
]

_BETTER = {"low": "Low is better", "high": "High is better", "none": "Neither direction is better"}
_INTERVALS = {
    "wilson": "Wilson's method for a proportion, 95%",
    "byar": "Byar's method for a count (exact below 10), 95%",
}
_NOT_KNOWN = "\N{EN DASH}"


@dataclass(frozen=True)
class SummaryRow:
    """One row of the summary, as text.

    Parameters
    ----------
    id, group, name : str
        Anchor, heading and name of the indicator.
    whose : str
        ``residents`` or the trust.
    period, latest, unit : str
        Latest period and figure; its unit.
    comparators, england : str
        Their figures in the same period; a dash where there is none.
    rank : str
        Place among all areas; a dash where there is none.
    trend : str
        What the chart's rules say of the latest point.
    variation_icon, assurance_icon : str
        Names of the icons; empty for none.
    """

    id: str
    group: str
    name: str
    whose: str
    period: str
    latest: str
    unit: str
    comparators: str
    england: str
    rank: str
    trend: str
    variation_icon: str
    assurance_icon: str

    @property
    def variation_words(self) -> str:
        """Words in place of the icon of variation."""
        return VARIATION_ICONS.get(self.variation_icon, "Too few points")

    @property
    def assurance_words(self) -> str:
        """Words in place of the icon of assurance."""
        return ASSURANCE_ICONS[self.assurance_icon]


def figure(one: IndicatorProfile, value: float | None, *, unit: bool = False) -> str:
    """A figure of an indicator as text.

    Parameters
    ----------
    one : IndicatorProfile
        For its decimals and unit.
    value : float or None
        None or NaN = not known.
    unit : bool
        Whether to write a unit other than %, which is always written.

    Returns
    -------
    str
        A dash where not known.
    """
    if value is None or np.isnan(value):
        return _NOT_KNOWN
    text = format_value(value, one.indicator.decimals)
    return with_unit(text, one.indicator.unit) if unit or one.indicator.unit == "%" else text


def summary_row(one: IndicatorProfile) -> SummaryRow:
    """The row of an indicator in the summary.

    Parameters
    ----------
    one : IndicatorProfile
        Of an area or one of its trusts.

    Returns
    -------
    SummaryRow
        As text.
    """
    summary = one.chart.summary if one.chart else None
    rank = one.comparison.rank
    group = one.comparison.comparators
    return SummaryRow(
        one.id,
        one.indicator.group,
        one.indicator.name,
        one.subject.name if one.subject.kind == "trust" else "residents",
        one.latest_period,
        figure(one, one.latest_value),
        "" if one.indicator.unit == "%" else one.indicator.unit,
        figure(one, group.versus.value if group else None),
        figure(one, _value(one.comparison.england)),
        _NOT_KNOWN if rank is None else _rank_words(one),
        _trend(one),
        summary.variation_icon if summary else "too_few_points",
        summary.assurance_icon if summary else "",
    )


def _value(versus: Versus | None) -> float | None:
    return None if versus is None else versus.value


def _rank_words(one: IndicatorProfile) -> str:
    rank = one.comparison.rank
    if rank is None:
        return _NOT_KNOWN
    end = {"low": "1 = lowest, best", "high": "1 = highest, best"}
    shared = "joint " if rank.shared_with else ""
    return f"{shared}{rank.place} of {rank.of} ({end.get(one.indicator.better, '1 = highest')})"


def _trend(one: IndicatorProfile) -> str:
    """The rule that the latest point breaks, and which way."""
    if one.chart is None or one.chart.is_trial:
        return "Too few points to say"
    summary = one.chart.summary
    if not summary.special_cause:
        return "No rule broken"
    way = {"high": "high or rising", "low": "low or falling"}.get(summary.direction, "")
    if summary.special_cause.endswith("rising or falling"):
        way = {"high": "rising", "low": "falling"}.get(summary.direction, "")
    return f"{summary.special_cause[:1].upper()}{summary.special_cause[1:]}: {way}"


# ------------------------------------------------------------------------ one indicator


def definition_rows(one: IndicatorProfile) -> list[tuple[str, str]]:
    """What an indicator is, as term and text.

    Parameters
    ----------
    one : IndicatorProfile
        Of an area or one of its trusts.

    Returns
    -------
    list of (str, str)
        In reading order; rows with nothing to say are left out.
    """
    row = one.indicator
    rows = [
        ("What it means", row.meaning),
        ("Numerator", row.numerator),
        ("Denominator", row.denominator),
        ("Unit", row.unit),
        ("Whose figure", one.subject.note or "Of the people who live in the area."),
        ("Which direction is better", _BETTER[row.better]),
        ("Target", _target(one)),
        ("Interval", _interval_method(row)),
        ("Source", row.source),
        ("Informs", "; ".join(review_questions()[name].name for name in row.kloe)),
    ]
    return [(term, text) for term, text in rows if text]


def _target(one: IndicatorProfile) -> str:
    if one.target is None:
        return ""
    return f"{figure(one, one.target.target, unit=True)}: {one.target.name}. {one.target.source}"


def _interval_method(row: Indicator) -> str:
    return _INTERVALS.get(row.interval) or f"None. {row.interval_reason}"


def comparison_lines(one: IndicatorProfile) -> tuple[str, ...]:
    """All that the comparison says, as sentences.

    Parameters
    ----------
    one : IndicatorProfile
        Of an area or one of its trusts.

    Returns
    -------
    tuple of str
        In reading order.
    """
    unit = "%" if one.indicator.unit == "%" else ""
    return compare_sentences(one.comparison, one.indicator.decimals, unit)
