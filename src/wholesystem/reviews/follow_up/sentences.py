"""The verdict in plain words, every figure in it with its unit and period."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from wholesystem.indicators.periods import period_label
from wholesystem.indicators.spc.words import cause_words, count_word, format_value, with_unit
from wholesystem.reviews.follow_up.moved import Moved
from wholesystem.reviews.follow_up.observed import Period
from wholesystem.reviews.follow_up.signs import Check
from wholesystem.reviews.follow_up.statements import Telling, noun, span
from wholesystem.reviews.follow_up.target import Target
from wholesystem.reviews.follow_up.verdict import Beside, Judgement, change_of
from wholesystem.reviews.plan.records import ExpectedMovement, day_words
from wholesystem.reviews.rules_table import Rules

__all__ = ["sentences_of"]


def sentences_of(
    judged: Judgement, movement: ExpectedMovement, telling: Telling, target: Target, rules: Rules
) -> tuple[str, ...]:
    """The verdict in plain words.

    Parameters
    ----------
    judged : Judgement
        The verdict.
    movement : ExpectedMovement
        What the plan expected.
    telling : Telling
        Name, unit and source.
    target : Target
        What was aimed at.
    rules : Rules
        Of the verdict.

    Returns
    -------
    tuple of str
        What moved, why that is or is no sign, what others did, and what was aimed at.
    """
    found = [*_own(judged, telling, rules), *_why(judged, telling, rules)]
    found += _others(judged, telling, rules)
    found += _target(judged, movement, telling, target)
    return tuple(found)


def _own(judged: Judgement, telling: Telling, rules: Rules) -> Iterator[str]:
    moved, sign = judged.moved, judged.moved.sign
    since = moved.since_periods
    if judged.why == "no_figures":
        yield f"There are no figures of {telling.name} to look at."
        return
    if sign.reference is None:
        before = [one for one in judged.window.before if one.value is not None]
        least = rules.threshold("fewest_reference")
        yield (f"There are {_count(before)} before the plan was agreed; limits need {least:g}.")
    else:
        level = sign.reference
        yield (
            f"{telling.name}: mean {telling.figure(level.mean)} in"
            f" {span(moved.of_level(level))}, before the plan was agreed, varying between"
            f" {telling.number(level.lower)} and {telling.number(level.upper)}."
        )
    if since:
        yield f"Mean since, in {span(since)}: {telling.figure(moved.since)}."
    if sign.why == "few_since":
        least = rules.threshold("fewest_after")
        yield f"There are {_count(since)} since it was agreed; a verdict needs {least:g}."


def _count(periods: Sequence[Period]) -> str:
    return f"{len(periods)} figures" if len(periods) != 1 else "1 figure"


def _why(judged: Judgement, telling: Telling, rules: Rules) -> Iterator[str]:
    moved, sign = judged.moved, judged.moved.sign
    if sign.reference is None or sign.why == "few_since":
        return
    yield from _flags(moved, rules)
    if sign.why == "one_figure":
        yield "One figure that stands out is an event, not a change."
    elif sign.why == "both_ways":
        yield "The figures do not agree on one way."
    elif sign.why == "gone":
        yield "The latest figures show it no more."
    for check in sign.checks:
        yield _check(check, moved, telling)


def _flags(moved: Moved, rules: Rules) -> Iterator[str]:
    """Which figures since break a rule, held against the reference."""
    sign = moved.sign
    words = cause_words(int(rules.threshold("run_length")))
    for way, called in ((1, "high"), (-1, "low")):
        places = [at for at in range(sign.causes.size) if sign.directions[at] == way]
        if not places:
            continue
        named = sorted({int(sign.causes[at]) for at in places})
        rules_named = " and ".join(words[code] for code in named)
        periods = [moved.periods[at] for at in places]
        yield (
            f"Held against the {noun(moved.periods, 2)} before, {len(places)} of"
            f" {len(moved.since_periods)} {noun(moved.since_periods)} since break a rule"
            f" ({called}: {rules_named}): {span(periods)}."
        )
    if not sign.directions.any():
        yield (
            f"Held against the {noun(moved.periods, 2)} before, no {noun(moved.periods, 1)} since"
            " breaks a rule: they vary as they did."
        )


def _check(check: Check, moved: Moved, telling: Telling) -> str:
    stands = "the sign stands" if check.passed else "no sign is left"
    if check.rule == "season":
        share = format_value(100 * (check.share or 0.0), 0)
        return f"Against the same months of the year {share}% of the change is left: {stands}."
    if check.level is None:
        return (
            "Before the plan there was a spell that stood out the other way, and too few other"
            f" figures are left to hold against: {stands}."
        )
    periods = moved.of_level(check.level)
    against = f"the mean of {telling.figure(check.level.mean)} in {span(periods)}"
    if check.rule == "bad_spell":
        return (
            f"Some {noun(moved.periods, 2)} before stood out the other way and would have ended by"
            f" themselves. Without them, against {against}: {stands}."
        )
    caution = " A steady move that only went on would look the same." if check.passed else ""
    return f"It had begun to move before the plan was agreed. Against {against}: {stands}.{caution}"


# ------------------------------------------------------------------------ others

# A share that falls from 90% to 45% has fallen by 45 points, and by half.
_POINTS = {"%": "percentage points"}


def _others(judged: Judgement, telling: Telling, rules: Rules) -> Iterator[str]:
    """What others did over the same periods."""
    if judged.verdict == "too_few_points":
        return
    if not judged.beside:
        yield (
            "Nobody else has these figures, so what moved everywhere cannot be told from what the"
            " plan did."
        )
        return
    moved = judged.moved
    own = _change(moved.before, moved.since, judged, telling)
    for at, one in enumerate(judged.beside):
        theirs = _change(one.before, one.since, judged, telling)
        if not theirs or not own:
            continue
        also = f"over the same {noun(moved.periods, 2)} {theirs}; this area {own}"
        yield f"{one.observed.label}: {also}. {_gap_words(one, judged, decides=at == 0)}"
        if one.observed.left_out:
            yield (
                f"Left out of {one.observed.label} for want of figures in every"
                f" {noun(moved.periods, 1)}: {', '.join(one.observed.left_out)}."
            )
    yield from _disagreement(judged, rules)


def _change(before: float, since: float, judged: Judgement, telling: Telling) -> str:
    change = change_of(before, since, by_ratio=judged.by_ratio)
    if not math.isfinite(change):
        return ""
    way = "rose" if change > 0 else "fell" if change < 0 else "stayed"
    size = with_unit(telling.number(abs(change)), _POINTS.get(telling.unit, telling.unit))
    if judged.by_ratio:
        size = f"{format_value(abs(100 * change), 1)}%"
    ends = f"from {telling.number(before)} to {telling.number(since)}"
    return f"{way} by {size} ({ends})" if change else f"stayed at {telling.number(before)}"


def _gap_words(one: Beside, judged: Judgement, *, decides: bool) -> str:
    sign = one.gap.sign
    lead = "These decide. " if decides else ""
    if sign.direction:
        wider = "rose" if sign.direction > 0 else "fell"
        return f"{lead}The area's figure held against theirs {wider}, by the same rules."
    if sign.why in ("few_before", "few_since"):
        return f"{lead}Too few of their figures for the gap to be judged."
    return f"{lead}The area's figure held against theirs shows no sign of its own."


def _disagreement(judged: Judgement, rules: Rules) -> Iterator[str]:
    """Others against whom the verdict would be another."""
    if judged.verdict not in ("moved_as_intended", "moved_with_others"):
        return
    first = judged.beside[0]
    other = [one.observed.label for one in judged.beside if one.moved_too != first.moved_too]
    if other:
        would = "did not move as much" if first.moved_too else "moved too"
        share = format_value(100 * rules.threshold("others"), 0)
        yield (
            f"Against {' and '.join(other)} the verdict would be another: they {would} (at least"
            f" {share}% as much, with no sign in the gap, counts as having moved too)."
        )


# ------------------------------------------------------------------------ the target


def _target(
    judged: Judgement, movement: ExpectedMovement, telling: Telling, target: Target
) -> Iterator[str]:
    if target.value is None:
        return
    yield _aim(movement, telling, target)
    since = judged.moved.since_periods
    if target.reached == "yes":
        yield "The mean since has reached it."
    elif target.reached == "sometimes":
        text = (
            f"{_small(target.periods_met)} of {target.periods} {noun(since)} since"
            f" {'has' if target.periods_met == 1 else 'have'} reached it; their mean has not."
        )
        if judged.moved.sign.candidate == 0:
            text += " That is common cause: such figures come and go by chance."
        yield text
    elif target.reached == "no":
        yield f"No {noun(since, 1)} since has reached it."
    if target.is_revised and target.baseline is not None and target.found is not None:
        yield (
            f"The plan counts from {telling.figure(target.baseline)}; what is published for that"
            f" period is now {telling.figure(target.found)}."
        )


def _small(count: int) -> str:
    return count_word(count).capitalize()


def _aim(movement: ExpectedMovement, telling: Telling, target: Target) -> str:
    size = with_unit(telling.number(movement.by_how_much or 0.0), _POINTS.get(telling.unit, ""))
    if movement.how == "percent":
        size = f"{format_value(movement.by_how_much)}%"
    text = f"Aimed at: {telling.figure(target.value or 0.0)}, {movement.direction} by {size}"
    if target.baseline is not None:
        text += f" from {telling.number(target.baseline)}"
    if movement.baseline_start and movement.baseline_end:
        text += f" ({period_label(movement.baseline_start, movement.baseline_end)})"
    if movement.by_when:
        text += f", by {day_words(movement.by_when)}"
    return text + "."
