"""Whether figures moved after a day, by the written rule: arithmetic on arrays, no words.

Two things are never done here. The figures since the day never set their own limits: they are held
against the months before, since a chart that is rebased shows no change however large. And no
month before is chosen because it suits: the reference ends at the day and is as long as the table
says. See ``docs/explanation/follow-up-verdict.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from wholesystem.indicators.spc.rules import LIMIT, judge, mean_moving_range, spread_limits
from wholesystem.reviews.rules_table import Rules

__all__ = ["Check", "Level", "Points", "Sign", "find_sign"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

Why = Literal[
    "", "few_before", "few_since", "common_cause", "one_figure", "both_ways", "gone", "bad_spell",
    "moved_before", "season",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Points:
    """Figures in time about a day.

    Parameters
    ----------
    values : ndarray of float, shape (n_points,)
        In order of time; NaN = missing.
    since : ndarray of bool, shape (n_points,)
        Whether a point lies after the day; all those before come first.
    seasons : ndarray of int, shape (n_points,)
        The same number for the same part of the year: 1 to 12 for months.
    gap : ndarray of bool, shape (n_points,)
        Whether periods are absent just before a point.
    """

    values: Floats
    since: Bools
    seasons: NDArray[np.int64]
    gap: Bools

    def follows(self, used: Bools) -> Bools:
        """Whether a point follows the one before with nothing between, and both are used."""
        found = used.copy()
        found[1:] &= used[:-1] & ~self.gap[1:]
        found[:1] = False
        return found


@dataclass(frozen=True, eq=False)
class Level:
    """A level that figures since the day are held against.

    Parameters
    ----------
    used : ndarray of bool, shape (n_points,)
        Points before the day whose mean it is.
    mean, lower, upper : float
        Centre and limits, in the unit of the values.
    """

    used: Bools
    mean: float
    lower: float
    upper: float


@dataclass(frozen=True, eq=False)
class Check:
    """One of the other explanations that come first, and what it found.

    Parameters
    ----------
    rule : str
        ``bad_spell``, ``moved_before`` or ``season``.
    passed : bool
        Whether the sign stands.
    level : Level or None
        Against which the sign was looked for again; None for the season.
    share : float or None
        Of the season: share of the change that is left, against the same months of the year.
    """

    rule: str
    passed: bool
    level: Level | None = None
    share: float | None = None


@dataclass(frozen=True, eq=False)
class Sign:
    """Whether figures moved, and what that rests on.

    Parameters
    ----------
    direction : int
        1 up, -1 down, 0 no sign.
    why : str
        Where there is none, why; empty where there is one.
    candidate : int
        Direction in which the rules of special cause were broken, whatever the checks said.
    reference : Level or None
        The months before; None where they are too few.
    since : ndarray of bool, shape (n_points,)
        Points after the day that are known.
    since_mean : float
        Their mean; NaN where there is none.
    causes : ndarray of int8, shape (n_points,)
        Rule of special cause that a point since breaks, against the reference; 0 = none.
    directions : ndarray of int8, shape (n_points,)
        1 high or rising, -1 low or falling.
    checks : tuple of Check
        Those that were asked, in order.
    """

    direction: int
    why: Why
    candidate: int
    reference: Level | None
    since: Bools
    since_mean: float
    causes: NDArray[np.int8]
    directions: NDArray[np.int8]
    checks: tuple[Check, ...] = ()

    @property
    def before(self) -> Level | None:
        """The level that changes are counted from: just before, where it had moved already."""
        for rule in ("moved_before", "bad_spell"):
            for one in self.checks:
                if one.rule == rule and one.level is not None:
                    return one.level
        return self.reference


def find_sign(points: Points, rules: Rules) -> Sign:
    """Whether figures moved after a day.

    Parameters
    ----------
    points : Points
        The reference and the figures since; nothing else.
    rules : Rules
        Of the verdict.

    Returns
    -------
    Sign
        The same with up and down exchanged for figures turned upside down.
    """
    known = ~np.isnan(points.values)
    before, since = known & ~points.since, known & points.since
    nothing = np.zeros(known.size, dtype=np.int8)
    mean = float(points.values[since].mean()) if since.any() else float("nan")
    reference = _level(points, before)
    if before.sum() < rules.threshold("fewest_reference") or reference is None:
        return Sign(0, "few_before", 0, None, since, mean, nothing, nothing)
    if since.sum() < rules.threshold("fewest_after"):
        return Sign(0, "few_since", 0, reference, since, mean, nothing, nothing)
    causes, directions = _judged(points, since, reference, rules)
    candidate, why = _candidate(directions, since, mean, reference, rules)
    found = Sign(candidate, why, candidate, reference, since, mean, causes, directions)
    return _checked(found, points, rules) if candidate else found


def _level(points: Points, used: Bools, spread: float | None = None) -> Level | None:
    """Mean and limits of some points; with the mean moving range given, or their own."""
    if not used.any():
        return None
    if spread is None:
        spread = mean_moving_range(points.values, points.follows(used), screen=False)
    if np.isnan(spread):
        return None
    mean = float(points.values[used].mean())
    return Level(used, mean, mean - LIMIT * spread, mean + LIMIT * spread)


def _judged(
    points: Points, used: Bools, level: Level, rules: Rules
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """The rules of special cause, for some points held against a level."""
    limits = spread_limits(level.mean, (level.upper - level.mean) / 3, points.values.size)
    length = int(rules.threshold("run_length"))
    return judge(points.values, limits, used, points.follows(used), length)


def _candidate(
    directions: NDArray[np.int8], since: Bools, mean: float, level: Level, rules: Rules
) -> tuple[int, Why]:
    """Direction in which rules are broken, by enough figures, and still."""
    least = rules.threshold("least_flagged")
    up, down = int((directions > 0).sum()), int((directions < 0).sum())
    if up >= least and down >= least:
        return 0, "both_ways"
    for many, sign in ((up, 1), (down, -1)):
        if many < least:
            continue
        # A fall from a peak that stays above the mean before is a return, not a change.
        if sign * (mean - level.mean) <= 0:
            return 0, "both_ways"
        # In a long time seven on one side come by chance somewhere; a change is there still.
        latest = np.flatnonzero(since)[-int(rules.threshold("lasting")) :]
        return (sign, "") if (directions[latest] == sign).any() else (0, "gone")
    return 0, "one_figure" if up or down else "common_cause"


# ------------------------------------------------------------------------ other explanations


def _checked(found: Sign, points: Points, rules: Rules) -> Sign:
    checks = []
    for rule, check in (
        ("bad_spell", _bad_spell),
        ("moved_before", _moved_before),
        ("season", _season),
    ):
        made = check(found, points, rules) if rules.is_on(rule) else None
        if made is not None:
            checks.append(made)
    failed = next((one.rule for one in checks if not one.passed), "")
    why: dict[str, Why] = {
        "": "", "bad_spell": "bad_spell", "moved_before": "moved_before", "season": "season"
    }  # fmt: skip
    return Sign(
        0 if failed else found.candidate,
        why[failed],
        found.candidate,
        found.reference,
        found.since,
        found.since_mean,
        found.causes,
        found.directions,
        tuple(checks),
    )


def _stands(found: Sign, points: Points, level: Level, rules: Rules) -> bool:
    _, directions = _judged(points, found.since, level, rules)
    again, _ = _candidate(directions, found.since, found.since_mean, level, rules)
    return again == found.candidate


def _before(found: Sign, points: Points, rules: Rules) -> tuple[Level, NDArray[np.int8]]:
    """The reference, and the direction of each of its points that breaks a rule."""
    reference = found.reference
    if reference is None:  # a candidate has one
        raise ValueError("There is no reference.")
    return reference, _judged(points, reference.used, reference, rules)[1]


def _bad_spell(found: Sign, points: Points, rules: Rules) -> Check | None:
    """Regression to the mean: a spell on the other side that would have ended by itself."""
    reference, directions = _before(found, points, rules)
    spell = directions == -found.candidate
    left = reference.used & ~spell
    many = int(spell.sum())
    # Twelve or more are no spell but a level: months of their own right.
    if not many or many >= rules.threshold("bad_spell"):
        return None
    level = _level(points, left)
    if level is None or left.sum() < rules.threshold("fewest_reference"):
        return Check("bad_spell", passed=False)
    return Check("bad_spell", _stands(found, points, level, rules), level)


def _moved_before(found: Sign, points: Points, rules: Rules) -> Check | None:
    """A move the same way that had begun before the day.

    From the first month that stood out so after the last that stood out the other way: a month
    between that did not stand out, as a level always has, ends nothing.
    """
    reference, directions = _before(found, points, rules)
    places = np.flatnonzero(reference.used)
    other = np.flatnonzero(directions[places] == -found.candidate)
    same = np.flatnonzero(directions[places] == found.candidate)
    same = same[same > (other[-1] if other.size else -1)]
    if not same.size:
        return None
    used = np.zeros(reference.used.size, dtype=bool)
    used[places[same[0] :]] = True
    # Its own ranges are too few; the reference's are not widened by where its level lies.
    level = _level(points, used, (reference.upper - reference.mean) / LIMIT)
    if level is None:  # it has a month
        return None
    return Check("moved_before", _stands(found, points, level, rules), level)


def _season(found: Sign, points: Points, rules: Rules) -> Check | None:
    """What is left of the change against the same part of the year."""
    reference = found.reference
    if reference is None:
        return None
    seasons, values = points.seasons, points.values
    changes = []
    for place in np.flatnonzero(found.since):
        same = reference.used & (seasons == seasons[place])
        if same.any():
            changes.append(float(values[place] - values[same].mean()))
    plain = found.since_mean - reference.mean
    # With fewer than half of them matched the months left would be a season of their own.
    if len(changes) * 2 < found.since.sum() or not plain:
        return None
    share = float(np.mean(changes)) / plain
    return Check("season", share >= rules.threshold("season"), share=share)
