"""The chart of a movement: all its figures, rebased only where somebody said so and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wholesystem.indicators.spc.chart import Xmr
from wholesystem.indicators.spc.individuals import xmr
from wholesystem.reviews.follow_up.observed import Observed
from wholesystem.reviews.follow_up.records import Rebase
from wholesystem.reviews.follow_up.statements import Telling
from wholesystem.reviews.follow_up.target import Target
from wholesystem.reviews.plan.records import day_words

__all__ = ["FollowChart", "follow_chart"]

FEWEST = 2


@dataclass(frozen=True, eq=False)
class FollowChart:
    """A chart of a movement.

    Parameters
    ----------
    chart : Xmr
        All figures, with the target from the agreed date on.
    agreed_on : date or None
        Where a line is drawn.
    rebases : tuple of Rebase
        Those that are in the chart.
    cautions : tuple of str
        What a reader of the chart must know.
    """

    chart: Xmr
    agreed_on: date | None
    rebases: tuple[Rebase, ...]
    cautions: tuple[str, ...]


def follow_chart(
    own: Observed,
    telling: Telling,
    agreed_on: date | None,
    rebases: Sequence[Rebase],
    target: Target,
    better: str,
) -> FollowChart | None:
    """The chart of a movement.

    Parameters
    ----------
    own : Observed
        The figures.
    telling : Telling
        Their name and unit.
    agreed_on : date or None
        From when on there is a target.
    rebases : sequence of Rebase
        By hand. One that lies outside the figures, or starts with the same figure as another, is
        told and left out.
    target : Target
        What was aimed at.
    better : str
        ``low``, ``high`` or ``none``.

    Returns
    -------
    FollowChart or None
        None for fewer than two figures.
    """
    known = [one for one in own.periods if one.value is not None]
    if len(known) < FEWEST:
        return None
    dates = [one.start for one in own.periods]
    kept, cautions = _usable(rebases, dates)
    aims = agreed_on is not None and target.value is not None
    chart = xmr(
        dates,
        [one.value for one in own.periods],
        target=[(agreed_on, target.value)] if aims else None,
        better="neither" if better == "none" else better,
        rebase=[(one.on, one.reason) for one in kept],
        title=f"{telling.name}, {own.label}",
        unit=telling.unit,
        decimals=telling.decimals,
    )
    if kept:
        cautions.append(
            "Mean and limits start anew where somebody rebased the chart; a chart that is rebased"
            " shows no change across that day. The verdict holds the figures against those before."
        )
    return FollowChart(chart, agreed_on, tuple(kept), tuple(cautions))


def _usable(rebases: Sequence[Rebase], dates: Sequence[date]) -> tuple[list[Rebase], list[str]]:
    kept: list[Rebase] = []
    cautions = []
    taken: set[int] = set()
    for one in sorted(rebases, key=lambda row: row.on):
        at = next((i for i, day in enumerate(dates) if day >= one.on), len(dates))
        if not 0 < at < len(dates) or at in taken:
            said = "another starts there" if at in taken else "it lies outside the figures"
            cautions.append(f"The chart is not rebased on {day_words(one.on)}: {said}.")
            continue
        taken.add(at)
        kept.append(one)
    return kept, cautions
