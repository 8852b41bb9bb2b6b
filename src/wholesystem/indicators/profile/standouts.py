"""What changed and what stands out, by rules that are written down in standout_rules.csv."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np

from wholesystem.indicators.small_tables import packaged_rows
from wholesystem.indicators.spc.words import format_value, with_unit
from wholesystem.tables.rows import Id, Row, Text, choice, number

if TYPE_CHECKING:
    from wholesystem.indicators.profile.build import IndicatorProfile

__all__ = ["PARTS", "Rule", "StandOut", "rules", "stand_outs"]

Part = Literal["changed", "stands_out", "data"]
#: Headings of the parts of the list.
PARTS = {
    "changed": "What changed",
    "stands_out": "What stands out",
    "data": "What is missing",
}


class Rule(Row):
    """One rule of the list.

    Attributes
    ----------
    rule : str
        Id.
    part : str
        ``changed``, ``stands_out`` or ``data``.
    weight : float
        The weightiest comes first.
    threshold : float or None
        What the figure is held against; None where the rule needs none.
    least_numerator : float or None
        The rule is silent where the figure rests on fewer than this.
    words : str
        The rule in words.
    why : str
        Why it is worth a reader's time.
    """

    rule: Id
    part: Annotated[Part, choice("changed", "stands_out", "data")]
    weight: Annotated[float, number(0, 100)]
    threshold: Annotated[float | None, number(0, 1e9, blank=None)]
    least_numerator: Annotated[float | None, number(0, 1e9, blank=None)]
    words: Text
    why: Text


@dataclass(frozen=True)
class StandOut:
    """A sentence of the list.

    Parameters
    ----------
    rule : str
        Id of the rule that it was drawn by.
    part : str
        ``changed``, ``stands_out`` or ``data``.
    id : str
        Anchor of the indicator's own part of the profile.
    name : str
        The indicator, with the trust where it is one's.
    sentence : str
        What is to be seen, with its figures.
    weight : float
        The weightiest comes first.
    """

    rule: str
    part: Part
    id: str
    name: str
    sentence: str
    weight: float


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules of the list, in the order of the table."""
    return packaged_rows("profile/standout_rules", Rule)


def stand_outs(indicators: Sequence[IndicatorProfile]) -> tuple[StandOut, ...]:
    """Return what the rules find in a profile.

    Parameters
    ----------
    indicators : sequence of IndicatorProfile
        All of them.

    Returns
    -------
    tuple of StandOut
        By weight; those of one weight in the order of the indicators.
    """
    found = [
        StandOut(rule.rule, rule.part, one.id, one.name, sentence, rule.weight)
        for one in indicators
        for rule in rules()
        if (sentence := _CHECKS[rule.rule](one, rule))
    ]
    return tuple(sorted(found, key=lambda one: -one.weight))


# ------------------------------------------------------------------------ the rules


def _latest(one: IndicatorProfile) -> str:
    """The latest figure with its unit and period."""
    text = format_value(one.latest_value, one.indicator.decimals)
    return f"{with_unit(text, one.indicator.unit)} {one.latest_when}"


def _figure(one: IndicatorProfile, value: float | None) -> str:
    """Another figure beside it: the unit is said already, but for the sign of per cent."""
    text = format_value(value, one.indicator.decimals)
    return f"{text}%" if one.indicator.unit == "%" else text


def _special_cause(word: str) -> Callable[[IndicatorProfile, Rule], str]:
    def check(one: IndicatorProfile, rule: Rule) -> str:
        if one.chart is None or one.chart.is_trial or one.chart.summary.variation != word:
            return ""
        summary = one.chart.summary
        return (
            f"{_latest(one)}: {summary.special_cause}"
            f" ({_towards(summary.direction)}; mean {_figure(one, summary.mean)})."
        )

    return check


def _towards(direction: str) -> str:
    return {"high": "upwards", "low": "downwards"}.get(direction, "no direction")


def _target_fails(one: IndicatorProfile, rule: Rule) -> str:
    if one.chart is None or one.chart.is_trial or one.target is None:
        return ""
    if one.chart.assurance != "consistently fails":
        return ""
    return (
        f"{_latest(one)} against"
        f" {one.target.name} of {_figure(one, one.target.target)}: beyond the limits of its chart,"
        " so it will not be met unless the way of working changes."
    )


def _has_counts(one: IndicatorProfile, rule: Rule) -> bool:
    count = one.row.numerators[one.latest]
    return rule.least_numerator is None or np.isnan(count) or bool(count >= rule.least_numerator)


def _tenth(end: str) -> Callable[[IndicatorProfile, Rule], str]:
    def check(one: IndicatorProfile, rule: Rule) -> str:
        rank = one.comparison.rank
        if rank is None or rank.of < 20 or one.indicator.better == "none":
            return ""
        if one.indicator.kind == "count" or not _has_counts(one, rule):
            return ""
        share = (rule.threshold or 0) / 100 * rank.of
        ahead, behind = rank.place - 1, rank.of - rank.place - rank.shared_with
        # All that share the place must lie within the tenth.
        if (behind if end == "worst" else ahead) + rank.shared_with + 1 > share:
            return ""
        return f"{_latest(one)}: {rank.words}."

    return check


def _against_england(one: IndicatorProfile, rule: Rule) -> str:
    england = one.comparison.england
    if england is None or england.ratio is None or one.indicator.kind == "count":
        return ""
    threshold = rule.threshold or 1.0
    is_far = england.ratio >= threshold if threshold > 1 else england.ratio <= threshold
    if not is_far or not _has_counts(one, rule):
        return ""
    return f"{_latest(one)}, {england.ratio:.1f} times England's {_figure(one, england.value)}."


def _outside_funnel(one: IndicatorProfile, rule: Rule) -> str:
    if one.funnel is None or abs(one.funnel_step) < 2:
        return ""
    side = "above" if one.funnel_step > 0 else "below"
    return (
        f"{_latest(one)}, {side} the outer limits of the"
        f" funnel around {_figure(one, one.funnel.baseline)}."
    )


def _no_figure(one: IndicatorProfile, rule: Rule) -> str:
    if one.missing_since is None:
        return ""
    return (
        f"No figure after {one.latest_period}, though most others have one"
        f" from {one.missing_since:%B %Y}."
    )


_CHECKS: dict[str, Callable[[IndicatorProfile, Rule], str]] = {
    "concern": _special_cause("concern"),
    "improvement": _special_cause("improvement"),
    "neutral": _special_cause("neutral change"),
    "target_fails": _target_fails,
    "worst_tenth": _tenth("worst"),
    "best_tenth": _tenth("best"),
    "above_england": _against_england,
    "below_england": _against_england,
    "outside_funnel": _outside_funnel,
    "no_figure": _no_figure,
}
