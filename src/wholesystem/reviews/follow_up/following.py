"""A follow-up: what is said of each action, and beside every claim what the figures say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from wholesystem.reviews.figure_measures import MeasureTables
from wholesystem.reviews.figure_series import PublishedFigures, over_period
from wholesystem.reviews.follow_up.charting import FollowChart, follow_chart
from wholesystem.reviews.follow_up.measured import measure_figures
from wholesystem.reviews.follow_up.observed import Against, Observed, of_others, own_figures
from wholesystem.reviews.follow_up.others import held_against
from wholesystem.reviews.follow_up.recorded import FollowUp
from wholesystem.reviews.follow_up.records import Progress, VerdictWords, statuses, verdict_words
from wholesystem.reviews.follow_up.sentences import sentences_of
from wholesystem.reviews.follow_up.statements import RestsOn, Telling, figures_of
from wholesystem.reviews.follow_up.target import Target, make_target
from wholesystem.reviews.follow_up.verdict import (
    Judgement,
    is_ratio,
    judge_movement,
    packaged_verdict_rules,
)
from wholesystem.reviews.plan.records import Action, ExpectedMovement
from wholesystem.reviews.rules_table import Rules

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator
    from wholesystem.indicators.comparators import ComparatorList

__all__ = [
    "FollowUpFigures",
    "FollowUpResult",
    "FollowedAction",
    "FollowedMovement",
    "follow_up",
]


@dataclass(frozen=True)
class FollowUpFigures:
    """Where the figures of a follow-up are looked up.

    Parameters
    ----------
    published : PublishedFigures or None
        Of a store; None where there is none.
    measures : MeasureTables or None
        Folders of measures kept with the review.
    lists : tuple of ComparatorList
        Lists of areas to hold others against; of those of an area the first decides.
    neighbours : Against or None
        Statistical neighbours of the review's area.
    """

    published: PublishedFigures | None = None
    measures: MeasureTables | None = None
    lists: tuple[ComparatorList, ...] = ()
    neighbours: Against | None = None


@dataclass(frozen=True, eq=False)
class FollowedMovement:
    """An expected movement, and what the figures say of it.

    Parameters
    ----------
    movement : ExpectedMovement
        What the plan expects.
    name, unit, area : str
        Of the indicator or measure, and whose figures they are.
    verdict : VerdictWords
        In words, with what they mean.
    why : str
        Where there is no sign, or too few points: why, as a word of the rule.
    sentences : tuple of str
        The verdict in plain words, with every figure.
    rests_on : tuple of RestsOn
        The figures that it rests on, with unit, period and source.
    target : Target
        What was aimed at, and how far it is.
    cautions : tuple of str
        What must be said beside it.
    judged : Judgement or None
        The arithmetic; None where the plan is not agreed, or there is no such indicator.
    chart : FollowChart or None
        The chart since the agreed date; None where there are too few figures to draw one.
    """

    movement: ExpectedMovement
    name: str
    unit: str
    area: str
    verdict: VerdictWords
    why: str
    sentences: tuple[str, ...]
    rests_on: tuple[RestsOn, ...]
    target: Target
    cautions: tuple[str, ...]
    judged: Judgement | None
    chart: FollowChart | None


@dataclass(frozen=True, eq=False)
class FollowedAction:
    """An action with what is said of it and what the figures say.

    Parameters
    ----------
    action : Action
        The plan's row.
    progress : tuple of Progress
        What was said, the latest first.
    milestones_done, milestones : int
        Steps done, and all of them.
    movements : tuple of FollowedMovement
        What should move.
    """

    action: Action
    progress: tuple[Progress, ...]
    milestones_done: int
    milestones: int
    movements: tuple[FollowedMovement, ...]

    @property
    def status(self) -> str:
        """Word of the latest progress; empty where nothing was said."""
        return self.progress[0].status if self.progress else ""


@dataclass(frozen=True, eq=False)
class FollowUpResult:
    """A follow-up with the figures: everything that a page or report of progress shows.

    Parameters
    ----------
    recorded : FollowUp
        Plan, progress and rebases.
    as_of : date
        The day on which it was looked at; no later figure counts.
    actions : tuple of FollowedAction
        Those that stand, in the plan's order.
    """

    recorded: FollowUp
    as_of: date
    actions: tuple[FollowedAction, ...]

    @cached_property
    def by_verdict(self) -> dict[str, int]:
        """Expected movements by verdict, zeros included, in the order of the table."""
        found = Counter(m.verdict.verdict for one in self.actions for m in one.movements)
        return {word: found[word] for word in verdict_words()}

    @cached_property
    def by_status(self) -> dict[str, int]:
        """Actions by status, zeros included; those of which nothing was said under an empty one."""
        found = Counter(one.status for one in self.actions)
        return {word: found[word] for word in (*statuses(), "")}

    @cached_property
    def of_areas(self) -> dict[str, tuple[FollowedAction, ...]]:
        """Actions by the area for improvement that they answer; every one is there."""
        areas = self.recorded.plan.review.areas_for_improvement
        return {
            area.area_for_improvement: tuple(
                one
                for one in self.actions
                if area.area_for_improvement in one.action.areas_for_improvement
            )
            for area in areas
        }


def follow_up(
    recorded: FollowUp, figures: FollowUpFigures, as_of: date, *, rules: Rules | None = None
) -> FollowUpResult:
    """Hold what is said of a plan against the figures.

    Parameters
    ----------
    recorded : FollowUp
        Plan, progress and rebases.
    figures : FollowUpFigures
        Where figures are looked up.
    as_of : date
        The day; only periods that end on it or earlier, and progress up to it, count.
    rules : Rules, optional
        Of the verdict; the packaged ones if not given.

    Returns
    -------
    FollowUpResult
        Every action that stands, with each movement that it should bring.

    Raises
    ------
    UserError
        If the store of figures has been damaged.
    """
    asked = _Asked(recorded, figures, as_of, rules or packaged_verdict_rules())
    plan = recorded.plan
    asked.fetch(plan.expected_movements)
    return FollowUpResult(
        recorded,
        as_of,
        tuple(
            FollowedAction(
                one,
                tuple(p for p in recorded.progress_of(one.action) if p.on <= as_of),
                sum(
                    bool(m.done_on and m.done_on <= as_of)
                    for m in plan.milestones_by_action[one.action]
                ),
                len(plan.milestones_by_action[one.action]),
                tuple(asked.followed(m) for m in plan.movements_by_action[one.action]),
            )
            for one in plan.standing
        ),
    )


@dataclass(frozen=True)
class _Asked:
    recorded: FollowUp
    figures: FollowUpFigures
    as_of: date
    rules: Rules

    @cached_property
    def agreed_on(self) -> date | None:
        info = self.recorded.plan.info
        return info.agreed_on if info else None

    def _area(self, movement: ExpectedMovement) -> str:
        return movement.area_code or self.recorded.plan.review.info.area_code

    def _indicator(self, movement: ExpectedMovement) -> Indicator | None:
        published = self.figures.published
        if movement.kind != "indicator" or published is None:
            return None
        return published.catalogue.get(movement.name)

    def _others(self, movement: ExpectedMovement) -> tuple[tuple[Against, ...], str]:
        area = self._area(movement)
        is_here = area == self.recorded.plan.review.info.area_code
        near = self.figures.neighbours if is_here else None
        return held_against(area, self.figures.lists, named=movement.comparators, neighbours=near)

    def fetch(self, movements: Iterable[ExpectedMovement]) -> None:
        """Have all series in memory: together they take less time than one by one."""
        if self.figures.published is None:
            return
        wanted = []
        for one in movements:
            if self._indicator(one) is not None:
                codes = [code for against in self._others(one)[0] for code in against.codes]
                wanted += [(one.name, code) for code in (self._area(one), *codes)]
        self.figures.published.fetch(wanted)

    def followed(self, movement: ExpectedMovement) -> FollowedMovement:
        indicator = self._indicator(movement)
        own, others, telling, cautions = (
            self._published(movement, indicator)
            if indicator is not None
            else self._measured(movement)
        )
        found = self._baseline(movement, indicator, own)
        by_ratio = indicator is not None and is_ratio(indicator)
        judged = self._judged(movement, own, others, by_ratio=by_ratio)
        since = judged.moved.since_periods if judged is not None else ()
        target = make_target(movement, found, since, self.as_of)
        better = indicator.better if indicator is not None else "none"
        rebases = tuple(
            one
            for one in self.recorded.rebases
            if one.expected_movement == movement.expected_movement
        )
        chart = follow_chart(own, telling, self.agreed_on, rebases, target, better)
        word = judged.verdict if judged is not None else "too_few_points"
        sentences = (
            sentences_of(judged, movement, telling, target, self.rules)
            if judged is not None
            else ("The plan has no agreed date, so nothing can have moved since.",)
        )
        return FollowedMovement(
            movement=movement,
            name=telling.name,
            unit=telling.unit,
            area=own.label,
            verdict=verdict_words()[word],
            why=judged.why if judged is not None else "not_agreed",
            sentences=sentences,
            rests_on=() if judged is None else figures_of(judged, telling, target),
            target=target,
            cautions=(*cautions, *(chart.cautions if chart else ())),
            judged=judged,
            chart=chart,
        )

    def _judged(
        self,
        movement: ExpectedMovement,
        own: Observed,
        others: Sequence[Observed],
        *,
        by_ratio: bool,
    ) -> Judgement | None:
        if self.agreed_on is None:
            return None
        recording = [
            one.on
            for one in self.recorded.rebases
            if one.expected_movement == movement.expected_movement and one.because == "recording"
        ]
        return judge_movement(
            own,
            "up" if movement.direction == "up" else "down",
            self.agreed_on,
            others=others,
            by_ratio=by_ratio,
            recording=recording,
            rules=self.rules,
        )

    def _published(
        self, movement: ExpectedMovement, indicator: Indicator
    ) -> tuple[Observed, list[Observed], Telling, list[str]]:
        published = self.figures.published
        if published is None:  # an indicator was found in it
            raise ValueError("There are no published figures.")
        own = own_figures(published, indicator.indicator, self._area(movement), self.as_of)
        against, caution = self._others(movement)
        others = [of_others(published, indicator, one, own) for one in against]
        source = indicator.source.partition(":")[0].partition(". ")[0]
        telling = Telling(indicator.name, indicator.unit, max(indicator.decimals, 1), source)
        cautions = [caution] if caution else []
        return own, others, telling, [*cautions, indicator.caveats]

    def _measured(
        self, movement: ExpectedMovement
    ) -> tuple[Observed, list[Observed], Telling, list[str]]:
        from wholesystem.reviews.figure_units import unit_of_column

        if movement.kind == "indicator":
            why = (
                "No figures are loaded."
                if self.figures.published is None
                else f"The catalogue has no indicator {movement.name}."
            )
            own = Observed(self._area(movement), ())
            return own, [], Telling(movement.name, "", None, ""), [why]
        tables = self.figures.measures or MeasureTables({})
        own, why = measure_figures(tables, movement, self.as_of)
        unit = unit_of_column(movement.column)
        telling = Telling(movement.name, unit, None, "the area's own stays")
        return own, [], telling, [why] if why else []

    def _baseline(
        self, movement: ExpectedMovement, indicator: Indicator | None, own: Observed
    ) -> float | None:
        """The figure of the plan's baseline period, as it is found now."""
        start, end = movement.baseline_start, movement.baseline_end
        if start is None or end is None:
            return None
        if indicator is not None and self.figures.published is not None:
            series = self.figures.published.series(indicator.indicator, self._area(movement))
            found = over_period(indicator, series, start, end)
            if found is not None and found.value is not None:
                return found.value
        inside = [one for one in own.periods if start <= one.start and one.end <= end]
        values = [one.value for one in inside if one.value is not None]
        whole = inside and inside[0].start == start and inside[-1].end == end
        return sum(values) / len(values) if whole and len(values) == len(inside) else None
