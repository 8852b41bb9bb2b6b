"""What a plan lacks, each gap by a rule that says why.

A gap stops nothing. It says what was found, of which row, and what can be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from wholesystem.reviews.plan.plan import ActionPlan
from wholesystem.reviews.plan.records import Action, ExpectedMovement, day_words
from wholesystem.reviews.rules import ReviewWarning
from wholesystem.reviews.rules_table import Rules, packaged_rules
from wholesystem.tables.cells import closest

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator

__all__ = ["GAP_RULES", "packaged_gap_rules", "plan_gaps"]

#: The table of rules, in the package `reviews`.
GAP_RULES = "plan/gaps.csv"
_DAYS_A_MONTH = 365.25 / 12

Found = Iterator[tuple[str, str, str, str]]


def packaged_gap_rules() -> Rules:
    """The rules of gaps that come with the program.

    Returns
    -------
    Rules
        Checked; `read_rules` puts a user's own thresholds into them.
    """
    return packaged_rules(GAP_RULES)


@dataclass(frozen=True)
class _Asked:
    plan: ActionPlan
    today: date
    done: frozenset[str]
    catalogue: Mapping[str, Indicator]
    rules: Rules

    @cached_property
    def open(self) -> tuple[Action, ...]:
        """Actions that stand and of which nobody has said that they are done."""
        return tuple(one for one in self.plan.standing if one.action not in self.done)

    @cached_property
    def movements(self) -> tuple[ExpectedMovement, ...]:
        """Expected movements of actions that stand."""
        standing = {one.action for one in self.plan.standing}
        return tuple(m for m in self.plan.expected_movements if m.action in standing)


def plan_gaps(
    plan: ActionPlan,
    today: date,
    *,
    done: frozenset[str] = frozenset(),
    catalogue: Mapping[str, Indicator] | None = None,
    rules: Rules | None = None,
) -> tuple[ReviewWarning, ...]:
    """What a plan lacks.

    Parameters
    ----------
    plan : ActionPlan
        The plan.
    today : date
        From which it is counted what is past.
    done : frozenset of str
        Actions that are done, by their last row of progress; no date of theirs is past.
    catalogue : mapping of str to Indicator, optional
        The packaged one if not given.
    rules : Rules, optional
        The packaged ones if not given.

    Returns
    -------
    tuple of ReviewWarning
        In the order of the rules, the gravest first; within a rule in order of entry.
    """
    from wholesystem.indicators.catalogue import read_catalogue

    rules = rules or packaged_gap_rules()
    known = read_catalogue() if catalogue is None else catalogue
    asked = _Asked(plan, today, done, known, rules)
    return tuple(
        ReviewWarning(rule, *found)
        for rule in rules.rows
        if rule.on == "yes"
        for found in _FINDERS[rule.rule](asked)
    )


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _only(count: int, word: str) -> str:
    return f"only {_plural(count, word)}" if count else f"no {word}"


# ------------------------------------------------------------------------ actions


def _no_action(asked: _Asked) -> Found:
    least = asked.rules.threshold("no_action")
    counts = Counter(name for one in asked.plan.standing for name in one.areas_for_improvement)
    for area in asked.plan.review.areas_for_improvement:
        many = counts[area.area_for_improvement]
        if many < least:
            yield (
                "areas_for_improvement",
                area.area_for_improvement,
                f"It has {_only(many, 'action')}.",
                "Agree on an action, or say in the plan's note why there is none.",
            )


def _no_owner(asked: _Asked) -> Found:
    for one in asked.plan.standing:
        if not one.owner and asked.rules.threshold("no_owner") >= 1:
            who = one.owner_role or one.owner_member
            yield (
                "actions",
                one.action,
                f"No organisation owns it{f'; only {who} is named' if who else ''}.",
                "Name the organisation that answers for it.",
            )


def _no_measure(asked: _Asked) -> Found:
    least = asked.rules.threshold("no_measure")
    for one in asked.plan.standing:
        many = len(asked.plan.movements_by_action[one.action])
        if many < least:
            yield (
                "actions",
                one.action,
                f"It has {_only(many, 'measure')} that should move.",
                "Name an indicator that it should move, by how much and by when.",
            )


def _no_due(asked: _Asked) -> Found:
    for one in asked.plan.standing:
        if one.due is None and asked.rules.threshold("no_due") >= 1:
            yield "actions", one.action, "It has no due date.", "Agree on one."


def _due_before_start(asked: _Asked) -> Found:
    most = asked.rules.threshold("due_before_start")
    for one in asked.plan.standing:
        if one.due and one.start and (one.start - one.due).days > most:
            yield (
                "actions",
                one.action,
                f"It is due on {day_words(one.due)} and starts on {day_words(one.start)}.",
                "Correct one of the two dates.",
            )


def _past_due(asked: _Asked) -> Found:
    most = asked.rules.threshold("past_due")
    for one in asked.open:
        if one.due and (asked.today - one.due).days > most:
            yield (
                "actions",
                one.action,
                f"It was due on {day_words(one.due)},"
                f" {_plural((asked.today - one.due).days, 'day')} ago.",
                "Record that it is done, or agree on another date and say why.",
            )


def _milestone_past(asked: _Asked) -> Found:
    most = asked.rules.threshold("milestone_past")
    for action in asked.open:
        for one in asked.plan.milestones_by_action[action.action]:
            if one.due and not one.done_on and (asked.today - one.due).days > most:
                yield (
                    "milestones",
                    one.milestone,
                    f"It was due on {day_words(one.due)},"
                    f" {_plural((asked.today - one.due).days, 'day')} ago.",
                    "Tick it off, or give it another date.",
                )


def _milestone_late(asked: _Asked) -> Found:
    most = asked.rules.threshold("milestone_late")
    for action in asked.plan.standing:
        for one in asked.plan.milestones_by_action[action.action]:
            if one.due and action.due and (one.due - action.due).days > most:
                yield (
                    "milestones",
                    one.milestone,
                    f"It is due on {day_words(one.due)}, after its action {action.action}"
                    f" ({day_words(action.due)}).",
                    "Correct one of the two dates.",
                )


def _owner_with_many(asked: _Asked) -> Found:
    most = asked.rules.threshold("owner_with_many")
    owned: dict[str, list[str]] = {}
    for one in asked.open:
        if one.owner:
            owned.setdefault(one.owner, []).append(one.action)
    for organisation in asked.plan.review.organisations:
        actions = owned.get(organisation.organisation, [])
        if len(actions) > most:
            yield (
                "organisations",
                organisation.organisation,
                f"{organisation.name} owns {len(actions)} of {len(asked.open)} actions that are"
                f" not done: {', '.join(actions)}.",
                "Share them out, or put them in an order.",
            )


# ------------------------------------------------------------------------ expected movements


def _movement(one: ExpectedMovement) -> tuple[str, str]:
    return "expected_movements", one.expected_movement


def _no_size(asked: _Asked) -> Found:
    for one in asked.movements:
        if one.by_how_much is None and asked.rules.threshold("no_size") >= 1:
            yield (
                *_movement(one),
                f"{one.name} should go {one.direction}, and nobody said by how much.",
                "Say by how much.",
            )


def _no_baseline(asked: _Asked) -> Found:
    for one in asked.movements:
        is_given = one.baseline_start is not None or one.baseline_value is not None
        if not is_given and asked.rules.threshold("no_baseline") >= 1:
            yield (
                *_movement(one),
                f"{one.name} should go {one.direction}, and nobody said from where.",
                "Give the period that it is counted from: a year or more.",
            )


def _no_by_when(asked: _Asked) -> Found:
    for one in asked.movements:
        if one.by_when is None and asked.rules.threshold("no_by_when") >= 1:
            yield (
                *_movement(one),
                f"{one.name} should go {one.direction}, and nobody said by when.",
                "Agree on a date.",
            )


def _short_baseline(asked: _Asked) -> Found:
    least = asked.rules.threshold("short_baseline")
    for one in asked.movements:
        if one.baseline_start is None or one.baseline_end is None:
            continue
        months = round(((one.baseline_end - one.baseline_start).days + 1) / _DAYS_A_MONTH)
        if months < least:
            yield (
                *_movement(one),
                f"{one.name} is counted from {day_words(one.baseline_start)} to"
                f" {day_words(one.baseline_end)}: {_plural(months, 'month')}.",
                f"Count from {least:g} months or more.",
            )


def _worse_expected(asked: _Asked) -> Found:
    worse = {"low": "up", "high": "down"}
    for one in asked.movements:
        indicator = asked.catalogue.get(one.name) if one.kind == "indicator" else None
        if indicator is not None and worse.get(indicator.better) == one.direction:
            yield (
                *_movement(one),
                f"{indicator.name} should go {one.direction}; {indicator.better} is better.",
                "Correct the direction, or say in the note why it should.",
            )


def _not_published(asked: _Asked) -> Found:
    for one in asked.movements:
        if one.kind == "measure":
            said = f"{one.name} is measured from the area's own stays."
        elif one.name in asked.catalogue and not _is_open(one.name, asked.catalogue):
            said = f"{asked.catalogue[one.name].name} is in no open publication that we know."
        else:
            continue
        yield (
            *_movement(one),
            said,
            "Agree who supplies the figures and when, or add an indicator that is published.",
        )


def _is_open(name: str, catalogue: Mapping[str, Indicator]) -> bool:
    """Whether published files give an indicator, or all that it is computed from."""
    one = catalogue.get(name)
    if one is None or one.supplied_by == "user":
        return False
    return not one.is_computed or all(_is_open(part, catalogue) for part in one.parts)


def _unknown_measure(asked: _Asked) -> Found:
    for one in asked.movements:
        if one.kind == "indicator" and one.name not in asked.catalogue:
            near = closest(one.name, asked.catalogue)
            yield (
                *_movement(one),
                f"The catalogue has no indicator {one.name}.",
                f"Did you mean {near}?" if near else "wholesystem indicators list shows all.",
            )


_FINDERS: Mapping[str, Callable[[_Asked], Found]] = {
    "no_action": _no_action,
    "no_owner": _no_owner,
    "no_measure": _no_measure,
    "no_due": _no_due,
    "due_before_start": _due_before_start,
    "past_due": _past_due,
    "milestone_past": _milestone_past,
    "milestone_late": _milestone_late,
    "owner_with_many": _owner_with_many,
    "no_size": _no_size,
    "no_baseline": _no_baseline,
    "no_by_when": _no_by_when,
    "short_baseline": _short_baseline,
    "worse_expected": _worse_expected,
    "not_published": _not_published,
    "unknown_measure": _unknown_measure,
}
