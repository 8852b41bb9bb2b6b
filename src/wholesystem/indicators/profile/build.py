"""The local data profile of an area: where it stands, which way it goes, which moves are real."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from wholesystem.errors import OurFault, ParameterError
from wholesystem.indicators.areas import Area, changes_of, same_area_codes
from wholesystem.indicators.areas import area as last_area
from wholesystem.indicators.compare import ENGLAND, Comparison, compare_areas
from wholesystem.indicators.periods import period_label
from wholesystem.indicators.profile.data import Comparators, ProfileData
from wholesystem.indicators.profile.options import ProfileOptions, Target
from wholesystem.indicators.profile.standouts import StandOut, stand_outs
from wholesystem.indicators.spc import Xmr, xmr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wholesystem.indicators.area_figures import AreaFigures
    from wholesystem.indicators.catalogue import Indicator
    from wholesystem.indicators.funnel import Funnel
    from wholesystem.indicators.profile.panel import Panel, Row

__all__ = ["AreaProfile", "IndicatorProfile", "Subject", "make_profile"]

#: A chart needs so many figures.
FEWEST_POINTS = 2


@dataclass(frozen=True)
class Subject:
    """Whose figure it is: the area's residents, or one of its trusts.

    Parameters
    ----------
    code, name : str
        Of the area or trust.
    kind : str
        ``area``, ``combined`` or ``trust``.
    note : str
        For a trust, how many of its patients live in the area; empty for the area.
    """

    code: str
    name: str
    kind: str
    note: str = ""


@dataclass(frozen=True)
class IndicatorProfile:
    """One indicator of an area, or of one of its trusts.

    Parameters
    ----------
    id : str
        Anchor within the profile: the indicator, and the trust where there is one.
    indicator : Indicator
        Its row of the catalogue.
    subject : Subject
        Whose figure it is.
    periods : tuple of (date, date), shape (n_periods,)
        The last periods of the subject, with those in between that have no figure.
    row : Row
        Its figures in those periods, with where they were read.
    england_row : Row or None
        Those of England; None where there are none.
    comparators : ndarray of float, shape (n_periods,)
        Figures of the comparators together; NaN where there is none.
    chart : Xmr or None
        None for fewer than two figures.
    target : Target or None
        That holds in the latest period.
    comparison : Comparison
        Of the latest period with a figure of the subject.
    areas : AreaFigures
        Figures of all areas in that period.
    funnel : Funnel or None
        Of the areas that the subject is ranked among, where counts allow it.
    missing_since : date or None
        First day of the first period, after the latest of the subject, of which others have a
        figure.
    """

    id: str
    indicator: Indicator
    subject: Subject
    periods: tuple[tuple[date, date], ...]
    row: Row
    england_row: Row | None
    comparators: NDArray[np.float64]
    chart: Xmr | None
    target: Target | None
    comparison: Comparison
    areas: AreaFigures = field(repr=False)
    funnel: Funnel | None
    missing_since: date | None

    @property
    def values(self) -> NDArray[np.float64]:
        """Figures of the periods; NaN where there is none."""
        return self.row.values

    @property
    def england(self) -> NDArray[np.float64]:
        """England's figures of the same periods; NaN where there is none."""
        if self.england_row is None:
            return np.full(len(self.periods), np.nan)
        return self.england_row.values

    @property
    def name(self) -> str:
        """Name of the indicator, with the trust where it is one's."""
        if self.subject.kind == "trust":
            return f"{self.indicator.name}: {self.subject.name}"
        return self.indicator.name

    @property
    def latest(self) -> int:
        """Place of the latest figure."""
        return int(np.flatnonzero(~np.isnan(self.values))[-1])

    @property
    def latest_value(self) -> float:
        """The latest figure, in the unit of the indicator."""
        return float(self.values[self.latest])

    @property
    def latest_period(self) -> str:
        """Its period in words."""
        return period_label(*self.periods[self.latest])

    @property
    def latest_when(self) -> str:
        """The same as a part of a sentence: ``in June 2017``, ``on 30 June 2017``."""
        start, end = self.periods[self.latest]
        return f"{'on' if start == end else 'in'} {self.latest_period}"

    @property
    def funnel_step(self) -> int:
        """Where the subject stands in the funnel: -2 to 2; 0 within, or where there is none."""
        if self.funnel is None:
            return 0
        peers = [self.areas.codes[i] for i in self.areas.peers(self.subject.code)]
        return int(self.funnel.outside[peers.index(self.subject.code)])

    @property
    def labels(self) -> tuple[str, ...]:
        """Periods in words."""
        return tuple(period_label(*period) for period in self.periods)


@dataclass(frozen=True)
class AreaProfile:
    """The profile of an area.

    Parameters
    ----------
    area : Area
        Whose it is.
    options : ProfileOptions
        Up to when, and as known on which day.
    comparators : Comparators or None
        None where there is neither a list nor the population to find neighbours by.
    trusts : tuple of Subject
        Trusts whose figures are shown.
    indicators : tuple of IndicatorProfile
        In the order of the catalogue; the area's before its trusts'.
    stand_outs : tuple of StandOut
        What changed and what stands out, most weighty first.
    cautions : tuple of str
        What holds for the whole profile: a change of boundaries, a missing comparison.
    """

    area: Area
    options: ProfileOptions
    comparators: Comparators | None
    trusts: tuple[Subject, ...]
    indicators: tuple[IndicatorProfile, ...]
    stand_outs: tuple[StandOut, ...]
    cautions: tuple[str, ...]

    @property
    def latest_day(self) -> date:
        """Last day of the latest figure."""
        return max(one.periods[one.latest][1] for one in self.indicators)


def make_profile(data: ProfileData, area: Area) -> AreaProfile:
    """Return the profile of one area.

    Parameters
    ----------
    data : ProfileData
        Figures of a store, with the options.
    area : Area
        From `find_area`.

    Returns
    -------
    AreaProfile
        With every indicator of which the area, or one of its trusts, has a figure.

    Raises
    ------
    ParameterError
        If no indicator has a figure of the area.
    """
    # Figures stand under the last code that an area took.
    area = last_area(same_area_codes(area.code)[-1]) if area.kind == "area" else area
    if data.only not in (None, area.code):
        raise OurFault(f"Figures were made ready for {data.only} only, not for {area.code}.")
    comparators = data.comparators(area.code)
    trusts = _trusts(data, area)
    subjects = [Subject(area.code, area.name, area.kind), *trusts]
    found = [
        one
        for indicator in data.indicators()
        for subject in subjects
        if (one := _indicator_profile(data, indicator, subject, area, comparators)) is not None
    ]
    if not found:
        raise ParameterError(
            f"There is no figure of {area.name} ({area.code})"
            f"{f' up to {data.options.until}' if data.options.until else ''}."
            " Load files that have it, or ask for a later day."
        )
    return AreaProfile(
        area,
        data.options,
        comparators,
        tuple(t for t in trusts if any(one.subject.code == t.code for one in found)),
        tuple(found),
        stand_outs(found),
        _cautions(area, comparators),
    )


def _trusts(data: ProfileData, area: Area) -> list[Subject]:
    shares = data.trusts(area.code)
    if not shares:
        return []
    named = data.trust_names()
    return [
        Subject(
            one.trust_code,
            named.get(one.trust_code, one.trust_code),
            "trust",
            f"A figure of the trust, not of {area.name}: {one.share:.0%} of its patients live"
            " there.",
        )
        for one in shares
    ]


def _cautions(area: Area, comparators: Comparators | None) -> tuple[str, ...]:
    found = [f"{change.rule} {change.note}".strip() for change in changes_of(area.code)]
    if area.kind == "combined":
        found.append(_sum_words(area))
    if comparators is None:
        found.append(
            "There are no comparators: no list names this area, and no population by age is"
            " loaded from which its statistical neighbours could be found."
        )
    return tuple(found)


def _sum_words(area: Area) -> str:
    """Which councils a combination is the sum of, before and after its change."""
    from wholesystem.indicators.geography import combined_areas, every_area

    parts = []
    for one in combined_areas()[area.code].sets:
        names = " + ".join(f"{every_area()[code].name} ({code})" for code in one.members)
        last, first = one.valid_to, one.valid_from
        days = [f"from {period_label(first, first)}"] if first else []
        days += [f"to {period_label(last, last)}"] if last else []
        parts.append(f"{' '.join(days)}, {names}")
    return f"The same ground before and after, as a sum of councils: {'; '.join(parts)}."


# ------------------------------------------------------------------------ one indicator


def _indicator_profile(
    data: ProfileData,
    indicator: Indicator,
    subject: Subject,
    area: Area,
    comparators: Comparators | None,
) -> IndicatorProfile | None:
    if indicator.of == ("trust" if subject.kind != "trust" else "residents"):
        return None
    panel = data.panel(indicator.indicator)
    row = panel.row(subject.code)
    if row is None or np.isnan(row.values).all():
        return None
    shown = _shown(row.values, data.options.periods)
    latest = int(np.flatnonzero(~np.isnan(row.values))[-1])
    period = panel.periods[latest]
    group = comparators if subject.kind != "trust" else None
    target = data.options.target_of(indicator.indicator, subject.code, period[1])
    return IndicatorProfile(
        indicator.indicator + (f"-{subject.code}" if subject.kind == "trust" else ""),
        indicator,
        subject,
        panel.periods[shown],
        row.part(shown),
        None if (england := panel.row(ENGLAND)) is None else england.part(shown),
        panel.group(group.codes if group else ())[shown],
        _chart(data.options, indicator, subject, panel, shown, target),
        target,
        _compare(data, indicator, subject, area, group, period),
        data.area_figures(indicator.indicator, period),
        data.funnel(indicator.indicator, period, subject.code),
        _missing_since(panel, subject, latest),
    )


def _shown(values: NDArray[np.float64], periods: int) -> slice:
    """The last periods up to the latest figure, from the first figure among them."""
    known = np.flatnonzero(~np.isnan(values))
    last = int(known[-1])
    first = int(known[known > last - periods][0])
    return slice(first, last + 1)


def _chart(
    options: ProfileOptions,
    indicator: Indicator,
    subject: Subject,
    panel: Panel,
    shown: slice,
    target: Target | None,
) -> Xmr | None:
    row = panel.row(subject.code)
    if row is None or (~np.isnan(row.values[shown])).sum() < FEWEST_POINTS:
        return None
    first = panel.periods[shown][0][0]
    last = panel.periods[shown][-1][0]
    rebases = options.rebases_of(indicator.indicator, subject.code)
    return xmr(
        [start for start, _ in panel.periods[shown]],
        row.values[shown],
        target=None if target is None else target.target,
        better="neither" if indicator.better == "none" else indicator.better,
        rebase=[one for one in rebases if first < one.on <= last],
        screen_outliers=options.screen_outliers,
        title=indicator.name,
        unit=indicator.unit,
        decimals=indicator.decimals,
    )


def _compare(
    data: ProfileData,
    indicator: Indicator,
    subject: Subject,
    area: Area,
    comparators: Comparators | None,
    period: tuple[date, date],
) -> Comparison:
    return compare_areas(
        data.area_figures(indicator.indicator, period),
        subject.code,
        indicator,
        comparators.codes if comparators else None,
        comparators_name=comparators.label if comparators else "",
        region_code=(area.region_code or None) if subject.kind == "area" else None,
    )


def _missing_since(panel: Panel, subject: Subject, latest: int) -> date | None:
    """Where others of the same kind have a later figure: the day from which this one has none."""
    same = [i for i, kind in enumerate(panel.kinds) if kind == subject.kind]
    later = ~np.isnan(panel.values[same, latest + 1 :])
    # A few early returns are no publication.
    full = np.flatnonzero(later.sum(axis=0) * 2 > len(same))
    return panel.periods[latest + 1 + int(full[0])][0] if full.size else None
