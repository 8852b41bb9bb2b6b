"""What a comparison holds: a rank, the figures compared with, and a word for each difference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from wholesystem.indicators.intervals import Interval, NoInterval

__all__ = ["Comparison", "Group", "Rank", "Verdict", "Versus"]

Verdict = Literal["better", "worse", "higher", "lower", "similar", "not tested"]


@dataclass(frozen=True)
class Rank:
    """The place of an area among all areas with a figure.

    Parameters
    ----------
    place : int
        From 1; the best, or the highest where neither direction is better.
    of : int
        Areas with a figure, this one included.
    shared_with : int
        Other areas with the same figure.
    fifth : int or None
        1 to 5, from the same end; None for fewer than five areas.
    words : str
        The place as a sentence's part: ``joint 4th of 151 (1st is lowest, which is best)``.
    fifth_words : str
        ``best fifth``, ``highest fifth``, ``second best fifth`` and so on; empty where there is
        none.
    """

    place: int
    of: int
    shared_with: int
    fifth: int | None
    words: str
    fifth_words: str


@dataclass(frozen=True)
class Versus:
    """An area against one figure: England's, a region's or that of its comparators.

    Parameters
    ----------
    name : str
        Whose figure it is.
    value : float or None
        The figure, in the unit of the indicator; None where there is none.
    basis : str
        How it was made: ``published``, ``sum of numerators over sum of denominators`` or
        ``mean of the areas, each counted once``.
    difference : float or None
        The area's figure less this one.
    ratio : float or None
        The area's figure over this one; None where that is 0 or negative.
    interval : Interval or NoInterval
        Of the difference (proportions) or of the ratio (rates); else why there is none.
    of_ratio : bool
        Whether the interval is of the ratio.
    verdict : str
        ``better``, ``worse``, ``higher``, ``lower``, ``similar`` or ``not tested``.
    """

    name: str
    value: float | None
    basis: str
    difference: float | None
    ratio: float | None
    interval: Interval | NoInterval
    of_ratio: bool
    verdict: Verdict

    @property
    def direction(self) -> str:
        """``higher``, ``lower`` or ``the same``, tested or not; empty where not known."""
        if self.difference is None:
            return ""
        return "higher" if self.difference > 0 else "lower" if self.difference < 0 else "the same"


@dataclass(frozen=True)
class Group:
    """The comparators of an area, and how they spread.

    Parameters
    ----------
    name : str
        Name of the list, with its date.
    codes : tuple of str
        Every area of the list.
    names : tuple of str
        Their names; the code where the name is not known.
    missing : tuple of (str, str)
        Areas of the list without a figure: name and why.
    mean, median : float or None
        Of the figures, each area counted once.
    lowest, highest : tuple of (str, float) or None
        Name and figure.
    versus : Versus
        The area against the group as a whole.
    """

    name: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    mean: float | None
    median: float | None
    lowest: tuple[str, float] | None
    highest: tuple[str, float] | None
    versus: Versus

    @property
    def with_figure(self) -> int:
        """Number of comparators that have a figure."""
        return len(self.codes) - len(self.missing)


@dataclass(frozen=True)
class Comparison:
    """One indicator of one area in one period, compared.

    Parameters
    ----------
    indicator, area_code, area : str
        What and whose.
    period_start, period_end : date
        First and last day.
    value : float or None
        The figure; None where it is missing, and `missing_because` says why.
    interval : Interval or NoInterval
        Of the figure itself.
    rank : Rank or None
        None without a figure, or where no other area has one.
    england, region : Versus or None
        None where there is no such row.
    comparators : Group or None
        None where no list was given.
    areas : int
        Areas of the same kind that were looked at.
    without_figure : tuple of (str, int)
        Reasons why areas have no figure, and how many.
    missing_because : str
        Why this area has none; empty where it has one.
    cautions : tuple of str
        Sentences that must stand beside the figure.
    small_number : bool
        Whether the figure is the user's own and rests on so few people that it may not be
        published.
    level : float
        Of the intervals.
    """

    indicator: str
    area_code: str
    area: str
    period_start: date
    period_end: date
    value: float | None
    interval: Interval | NoInterval
    rank: Rank | None
    england: Versus | None
    region: Versus | None
    comparators: Group | None
    areas: int
    without_figure: tuple[tuple[str, int], ...]
    missing_because: str
    cautions: tuple[str, ...]
    small_number: bool
    level: float = 0.95
