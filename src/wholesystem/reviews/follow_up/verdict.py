"""The verdict on an expected movement, by a written rule, with all that it rests on.

The rule, and why it is so, is in ``docs/explanation/follow-up-verdict.md``; its numbers are in
``verdict_rule.csv``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from wholesystem.reviews.follow_up.moved import (
    Moved,
    Window,
    gap_moved,
    make_window,
    mean_over,
    own_moved,
)
from wholesystem.reviews.follow_up.observed import Observed
from wholesystem.reviews.rules_table import Rules, packaged_rules

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator

__all__ = ["VERDICT_RULES", "Beside", "Judgement", "VerdictWord", "judge_movement"]

#: The table of the rule's numbers, in the package `reviews`.
VERDICT_RULES = "follow_up/verdict_rule.csv"
VerdictWord = Literal[
    "moved_as_intended", "moved_with_others", "no_sign_yet", "too_few_points",
    "moved_the_wrong_way",
]  # fmt: skip


def packaged_verdict_rules() -> Rules:
    """The numbers of the rule that come with the program.

    Returns
    -------
    Rules
        Checked; `read_rules` puts a user's own into them.
    """
    return packaged_rules(VERDICT_RULES)


@dataclass(frozen=True, eq=False)
class Beside:
    """What others did over the same periods.

    Parameters
    ----------
    observed : Observed
        Their figures.
    before, since : float
        Means over the periods of the area's own two means.
    share : float
        Their change as a share of the area's own: 1 = as much, negative = the other way; NaN where
        it cannot be told.
    gap : Moved
        Whether the gap between the area and them moved.
    moved_too : bool
        Whether by the rule they moved as well: at least the share of the table, and the gap shows
        no sign.
    """

    observed: Observed
    before: float
    since: float
    share: float
    gap: Moved
    moved_too: bool


@dataclass(frozen=True, eq=False)
class Judgement:
    """A verdict and what it rests on.

    Parameters
    ----------
    verdict : str
        A word of ``verdicts.csv``.
    why : str
        Where there is no sign, or too few points: why, as `Sign` has it; ``no_figures`` where
        there are none at all.
    window : Window
        The periods that were looked at.
    moved : Moved
        The area's own figures.
    beside : tuple of Beside
        Others of whom there are figures; the first decided.
    by_ratio : bool
        Whether changes are told in per cent, and the gap as a ratio; else as differences.
    """

    verdict: VerdictWord
    why: str
    window: Window
    moved: Moved
    beside: tuple[Beside, ...]
    by_ratio: bool


def judge_movement(
    own: Observed,
    direction: Literal["up", "down"],
    agreed_on: date,
    *,
    others: Sequence[Observed] = (),
    by_ratio: bool = True,
    recording: Sequence[date] = (),
    rules: Rules | None = None,
) -> Judgement:
    """The verdict on figures that were expected to move.

    Parameters
    ----------
    own : Observed
        The area's figures up to the day on which they are looked at.
    direction : str
        ``up`` or ``down``: what the plan expects, whichever is better.
    agreed_on : date
        From when on it is expected.
    others : sequence of Observed
        Those of others in the same periods; the first that has figures decides.
    by_ratio : bool
        Whether the gap is a ratio: for counts and rates, which are above 0; else a difference.
    recording : sequence of date
        Days on which what is counted was changed.
    rules : Rules, optional
        The packaged ones if not given.

    Returns
    -------
    Judgement
        Turning all figures upside down, and the direction, changes nothing but the signs of the
        numbers; likewise adding a number to all (where the gap is a difference).
    """
    rules = rules or packaged_verdict_rules()
    window = make_window(own, agreed_on, rules, recording=recording)
    moved = own_moved(window, rules)
    wanted = 1 if direction == "up" else -1
    beside = tuple(
        _beside(window, moved, one, rules, by_ratio=by_ratio) for one in others if one.periods
    )
    verdict = _verdict(moved, wanted, beside)
    why: str = moved.sign.why if verdict in ("no_sign_yet", "too_few_points") else ""
    if not window.periods:
        why = "no_figures"
    return Judgement(verdict, why, window, moved, beside, by_ratio)


def _verdict(moved: Moved, wanted: int, beside: Sequence[Beside]) -> VerdictWord:
    sign = moved.sign
    if sign.why in ("few_before", "few_since"):
        return "too_few_points"
    if sign.direction == 0:
        return "no_sign_yet"
    if sign.direction != wanted:
        return "moved_the_wrong_way"
    return "moved_with_others" if beside and beside[0].moved_too else "moved_as_intended"


def _beside(
    window: Window, moved: Moved, others: Observed, rules: Rules, *, by_ratio: bool
) -> Beside:
    figures = others.by_start()
    before = mean_over(figures, moved.of_level(moved.sign.before))
    since = mean_over(figures, moved.since_periods)
    gap = gap_moved(window, figures, rules, by_ratio=by_ratio)
    own, other = (
        change_of(a, b, by_ratio=by_ratio)
        for a, b in ((moved.before, moved.since), (before, since))
    )
    share = other / own if own and math.isfinite(own) else math.nan
    is_sign = gap.sign.direction != 0 and gap.sign.direction == moved.sign.candidate
    too = rules.is_on("others") and share >= rules.threshold("others") and not is_sign
    return Beside(others, before, since, share, gap, too)


def change_of(before: float, since: float, *, by_ratio: bool) -> float:
    """A change: as a share of the figure before, or in its unit.

    Parameters
    ----------
    before, since : float
        The two figures; NaN = not known.
    by_ratio : bool
        Whether as a share.

    Returns
    -------
    float
        -0.2 for a fifth less; NaN where it cannot be told.
    """
    if not by_ratio:
        return since - before
    return (since - before) / before if before > 0 else math.nan


def is_ratio(indicator: Indicator) -> bool:
    """Whether changes of an indicator are told in per cent.

    Parameters
    ----------
    indicator : Indicator
        Row of the catalogue.

    Returns
    -------
    bool
        True for counts and rates; shares and means change by points of their own unit.
    """
    return indicator.kind in ("count", "rate")
