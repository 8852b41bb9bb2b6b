"""How far figures have come towards what a plan aimed at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from wholesystem.reviews.follow_up.observed import Period
from wholesystem.reviews.plan.records import ExpectedMovement

__all__ = ["Target", "make_target"]

Reached = Literal["yes", "sometimes", "no", "not told"]


@dataclass(frozen=True)
class Target:
    """What was aimed at, and how far it is.

    Parameters
    ----------
    value : float or None
        The figure aimed at; None where the plan gives no size, or its baseline has no figure.
    baseline : float or None
        From which the plan counts: what stands in it, else what is found for its period.
    found : float or None
        What is found for the baseline's period now; None where there is none.
    periods_met, periods : int
        Periods since the plan was agreed that are at the target or beyond, and how many there are.
    reached : str
        ``yes`` where the mean of all since is there, ``sometimes`` where single periods are,
        ``no``; ``not told`` without a target or figures.
    days_left : int or None
        To the day by which it was expected; negative where that has passed, None without one.
    """

    value: float | None
    baseline: float | None
    found: float | None
    periods_met: int
    periods: int
    reached: Reached
    days_left: int | None

    @property
    def is_revised(self) -> bool:
        """Whether the baseline in the plan is another figure than is found now."""
        if self.baseline is None or self.found is None:
            return False
        return not math.isclose(self.baseline, self.found, rel_tol=0.005, abs_tol=1e-9)


def make_target(
    movement: ExpectedMovement, found: float | None, since: Sequence[Period], as_of: date
) -> Target:
    """How far figures have come towards what a plan aimed at.

    Parameters
    ----------
    movement : ExpectedMovement
        The plan's row.
    found : float or None
        The figure of its baseline's period, as found now.
    since : sequence of Period
        Periods since the plan was agreed, with their figures.
    as_of : date
        The day on which it is looked at.

    Returns
    -------
    Target
        A mean is at the target before any one period need be beyond it.
    """
    value = movement.target(found)
    baseline = found if movement.baseline_value is None else movement.baseline_value
    figures = [one.value for one in since if one.value is not None]
    left = None if movement.by_when is None else (movement.by_when - as_of).days
    if value is None or not figures:
        return Target(value, baseline, found, 0, len(figures), "not told", left)
    sign = 1 if movement.direction == "up" else -1
    met = sum(sign * (one - value) >= 0 for one in figures)
    mean_met = sign * (sum(figures) / len(figures) - value) >= 0
    reached: Reached = "yes" if mean_met else "sometimes" if met else "no"
    return Target(value, baseline, found, met, len(figures), reached, left)
