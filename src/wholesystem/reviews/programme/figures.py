"""Indicators across the areas of a programme: value, place, funnel and chart of each.

Everything is worked out as in an area's profile; here the areas stand side by side, in one period.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from wholesystem.errors import ParameterError
from wholesystem.indicators.areas import area as area_of_code
from wholesystem.indicators.areas import areas_on
from wholesystem.indicators.catalogue import read_catalogue
from wholesystem.indicators.compare import Comparison, compare_areas
from wholesystem.indicators.compare_words import rank_words
from wholesystem.indicators.funnel import OUTSIDE_WORDS
from wholesystem.indicators.profile import (
    IndicatorProfile,
    ProfileData,
    ProfileOptions,
    StandOut,
    make_profile,
)
from wholesystem.reviews.programme.gathering import last_area_code
from wholesystem.reviews.programme.records import ProgrammeArea
from wholesystem.reviews.programme.tables import Programme
from wholesystem.tables.cells import closest

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator
    from wholesystem.indicators.store import Store

__all__ = ["AreaFigure", "ProgrammeFigures", "ProgrammeIndicator", "programme_indicators"]

POPULATION = "population_65_plus"
Period = tuple[date, date]


@dataclass(frozen=True)
class ProgrammeFigures:
    """Where a programme's figures are looked up, and which are wanted.

    Parameters
    ----------
    store : Store
        Of figures as published.
    indicators : tuple of str
        Ids of the catalogue; if empty, those by which the areas of 2017 were chosen.
    options : ProfileOptions
        Up to when, as known on which day, how many periods the charts have. Its comparators are
        not used.
    catalogue : mapping of str to Indicator, optional
        The packaged one if None.
    """

    store: Store
    indicators: tuple[str, ...] = ()
    options: ProfileOptions = field(default_factory=ProfileOptions)
    catalogue: Mapping[str, Indicator] | None = None


@dataclass(frozen=True)
class AreaFigure:
    """An indicator of one area, beside the others of the programme.

    Parameters
    ----------
    area_code, area : str
        As the programme has them.
    value, numerator, denominator : float or None
        In the period that all are held against each other in; None where there is none.
    missing_because : str
        Why there is no value; empty where there is one.
    place : int or None
        Among the areas of the programme with a figure, from 1.
    place_words : str
        The same as a part of a sentence; empty where there is no value.
    comparison : Comparison or None
        Against England and all areas that have a figure; None where there is no value.
    funnel_step : int or None
        -2 to 2; None where there is no funnel, and the indicator says why.
    profile : IndicatorProfile or None
        The area's own chart up to its latest figure; None where it has none.
    source : str
        File, sheet and cell of the value.
    """

    area_code: str
    area: str
    value: float | None
    numerator: float | None
    denominator: float | None
    missing_because: str
    place: int | None
    place_words: str
    comparison: Comparison | None
    funnel_step: int | None
    profile: IndicatorProfile | None
    source: str

    @property
    def funnel_words(self) -> str:
        """Where it stands in the funnel; empty where there is none."""
        return "" if self.funnel_step is None else OUTSIDE_WORDS[self.funnel_step]


@dataclass(frozen=True)
class ProgrammeIndicator:
    """An indicator across the areas of a programme.

    Parameters
    ----------
    indicator : Indicator
        Its row of the catalogue.
    period : (date, date) or None
        First and last day of the latest period of which at least half of the areas that have any
        figure have one; None where no area has.
    areas : tuple of AreaFigure
        Every area of the programme, in its order.
    no_funnel_because : str
        Why there is no funnel; empty where there is one.
    everyone : int
        Areas of England in the store that have a figure of the period.
    """

    indicator: Indicator
    period: Period | None
    areas: tuple[AreaFigure, ...]
    no_funnel_because: str
    everyone: int

    @property
    def councils(self) -> int:
        """Councils that England had at the end of the period; 0 where there is none."""
        if self.period is None:
            return 0
        return len(areas_on(self.period[1]))

    @property
    def known(self) -> tuple[AreaFigure, ...]:
        """Areas that have a value."""
        return tuple(one for one in self.areas if one.value is not None)


@dataclass(frozen=True)
class _Asked:
    data: ProfileData
    areas: tuple[ProgrammeArea, ...]
    profiles: Mapping[str, Mapping[str, IndicatorProfile]]


def programme_indicators(
    programme: Programme, figures: ProgrammeFigures
) -> tuple[tuple[ProgrammeIndicator, ...], dict[str, tuple[StandOut, ...]], dict[str, float]]:
    """The indicators across the areas.

    Parameters
    ----------
    programme : Programme
        Whose areas.
    figures : ProgrammeFigures
        Where they are looked up.

    Returns
    -------
    indicators : tuple of ProgrammeIndicator
        In the order of the catalogue; one of which the store has nothing is there, without values.
    stand_outs : dict of str to tuple of StandOut
        By area code, what the rules of the profile find in these indicators.
    older_people : dict of str to float
        People aged 65 and over by area code, the latest figure; areas without one are not there.

    Raises
    ------
    ParameterError
        If the catalogue has no such indicator.
    UserError
        If the store has been damaged.
    """
    catalogue = read_catalogue() if figures.catalogue is None else figures.catalogue
    wanted = _wanted(figures.indicators, catalogue)
    # A profile shows what its catalogue says; here, what is wanted and no more.
    shown = {
        name: one.model_copy(update={"profile": "yes" if name in wanted else "no"})
        for name, one in catalogue.items()
    }
    # Areas stand beside each other here; a list of comparators of one of them is not looked at.
    options = replace(figures.options, lists=(), list_name="")
    data = ProfileData(figures.store, options, shown)
    profiles: dict[str, dict[str, IndicatorProfile]] = {}
    found: dict[str, tuple[StandOut, ...]] = {}
    for area in programme.areas:
        try:
            profile = make_profile(data, area_of_code(last_area_code(area.area_code)))
        except ParameterError:
            continue  # no figure of the area at all: each indicator says so
        own = [one for one in profile.indicators if one.subject.kind != "trust"]
        profiles[area.area_code] = {one.indicator.indicator: one for one in own}
        ids = {one.id for one in own}
        found[area.area_code] = tuple(one for one in profile.stand_outs if one.id in ids)
    asked = _Asked(data, programme.areas, profiles)
    indicators = tuple(_indicator(asked, catalogue[name]) for name in wanted)
    return indicators, found, _older_people(asked)


def _wanted(names: Sequence[str], catalogue: Mapping[str, Indicator]) -> tuple[str, ...]:
    for name in names:
        if name not in catalogue:
            near = closest(name, catalogue)
            did = f"Did you mean {near}?" if near else "wholesystem indicators list shows all."
            raise ParameterError(f"The catalogue has no indicator {name!r}. {did}")
    chosen = set(names) or {one.indicator for one in catalogue.values() if one.selection_metric}
    return tuple(name for name in catalogue if name in chosen)


def _older_people(asked: _Asked) -> dict[str, float]:
    if POPULATION not in asked.data.catalogue:
        return {}
    panel = asked.data.panel(POPULATION)
    found = {}
    for area in asked.areas:
        row = panel.row(last_area_code(area.area_code))
        if row is not None and not np.isnan(row.values).all():
            found[area.area_code] = float(row.values[~np.isnan(row.values)][-1])
    return found


def _indicator(asked: _Asked, indicator: Indicator) -> ProgrammeIndicator:
    panel = asked.data.panel(indicator.indicator)
    rows = [panel.row(last_area_code(one.area_code)) for one in asked.areas]
    there = [row.values for row in rows if row is not None and not np.isnan(row.values).all()]
    if not there:
        gone = tuple(_no_figure(one, "The store has no figure of it.") for one in asked.areas)
        return ProgrammeIndicator(indicator, None, gone, "There are no figures.", 0)
    enough = np.flatnonzero((~np.isnan(np.array(there))).sum(axis=0) * 2 >= len(there))
    at = int(enough[-1]) if enough.size else int(np.flatnonzero(~np.isnan(there[0]))[-1])
    period = panel.periods[at]
    values = np.array([np.nan if row is None else row.values[at] for row in rows])
    areas = tuple(
        _area(asked, indicator, one, period, value, values, "" if row is None else row.sources[at])
        for one, row, value in zip(asked.areas, rows, values.tolist(), strict=True)
    )
    everyone = max((one.comparison.rank.of for one in areas if one.comparison
                    and one.comparison.rank), default=0)  # fmt: skip
    return ProgrammeIndicator(indicator, period, areas, _no_funnel(indicator, areas), everyone)


def _area(
    asked: _Asked,
    indicator: Indicator,
    area: ProgrammeArea,
    period: Period,
    value: float,
    values: np.ndarray,
    source: str,
) -> AreaFigure:
    code = last_area_code(area.area_code)
    here = asked.data.area_figures(indicator.indicator, period)
    profile = asked.profiles.get(area.area_code, {}).get(indicator.indicator)
    if np.isnan(value):
        why = here.why_missing(code) or "There is no figure of the period."
        return _no_figure(area, why, profile)
    numerator, denominator = here.counts(here.at[code])
    funnel = asked.data.funnel(indicator.indicator, period, code)
    step = None
    if funnel is not None:
        peers = [here.codes[i] for i in here.peers(code)]
        step = int(funnel.outside[peers.index(code)])
    place, words = _place(value, values, indicator)
    return AreaFigure(
        area.area_code,
        area.area,
        value,
        numerator,
        denominator,
        "",
        place,
        words,
        compare_areas(here, code, indicator),
        step,
        profile,
        source,
    )


def _no_figure(
    area: ProgrammeArea, why: str, profile: IndicatorProfile | None = None
) -> AreaFigure:
    return AreaFigure(
        area.area_code, area.area, None, None, None, why, None, "", None, None, profile, ""
    )


def _place(value: float, values: np.ndarray, indicator: Indicator) -> tuple[int, str]:
    known = values[~np.isnan(values)]
    better = indicator.better
    ahead = int((known < value).sum() if better == "low" else (known > value).sum())
    shared = int((known == value).sum()) - 1
    return ahead + 1, rank_words(ahead + 1, len(known), shared, better)


def _no_funnel(indicator: Indicator, areas: Sequence[AreaFigure]) -> str:
    if any(one.funnel_step is not None for one in areas):
        return ""
    if indicator.interval == "none":
        return indicator.interval_reason
    return "Too few areas have both counts."
