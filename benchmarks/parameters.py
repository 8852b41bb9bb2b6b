"""Numbers of the two benchmark models, for the peers; `models/` holds the same as our tables."""

from __future__ import annotations

import math
from dataclasses import dataclass

DAYS = 1095.0
WARM_UP_DAYS = 365.0
ARRIVALS_PER_DAY = 100.0
ACUTE_BEDS = 500
ACUTE_DAYS = 4.0
STEP_DOWN = ("reablement", "package", "care_home")
STEP_DOWN_PLACES = (300, 600, 450)
STEP_DOWN_DAYS = (20.0, 60.0, 90.0)
STEP_DOWN_SHARES = (0.15, 0.10, 0.05)
"""Shares of people who leave acute beds for each step-down service; the other 0.70 go home."""

SIGMA = math.sqrt(math.log(2.0))
"""Log standard deviation of a lognormal whose standard deviation equals its mean."""

MM10_DAYS, MM10_WARM_UP_DAYS = 10_000.0, 1000.0
MM10_PLACES, MM10_ARRIVALS_PER_DAY, MM10_MEAN_DAYS = 10, 9.0, 1.0


def log_mean(mean_days: float) -> float:
    """Log mean of the lognormal with this mean and `SIGMA`."""
    return math.log(mean_days) - SIGMA**2 / 2


@dataclass(frozen=True)
class Outcome:
    """What one replication of one simulator gave.

    Parameters
    ----------
    figures : dict of str to float
        ``flow``: mean people ``occupied`` in acute beds and ``delayed`` there; ``mm10``:
        ``wait_days``.
    events : int
        Arrivals and ends of stays.
    """

    figures: dict[str, float]
    events: int


def overlap_days(begin: float, end: float) -> float:
    """Days of an interval that fall in the measured window of the flow model."""
    return max(0.0, min(end, DAYS) - max(begin, WARM_UP_DAYS))
