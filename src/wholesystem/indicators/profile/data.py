"""Everything that profiles are made from, each figure read once for all areas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wholesystem.errors import ParameterError
from wholesystem.indicators.area_figures import AreaFigures
from wholesystem.indicators.area_trusts import TrustShare, trusts_of_area
from wholesystem.indicators.areas import ENGLAND, every_area
from wholesystem.indicators.catalogue import Indicator, read_catalogue
from wholesystem.indicators.comparators import comparators_of
from wholesystem.indicators.funnel import Funnel, funnel
from wholesystem.indicators.intervals import value_scale
from wholesystem.indicators.neighbours import (
    Neighbours,
    neighbour_features,
    packaged_features,
    statistical_neighbours,
)
from wholesystem.indicators.profile.options import ProfileOptions
from wholesystem.indicators.profile.panel import Panel, make_panel
from wholesystem.indicators.series import Figures
from wholesystem.indicators.series_sums import last_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wholesystem.indicators.store import Store

__all__ = ["Comparators", "ProfileData"]

Period = tuple[date, date]
#: An area has so many statistical neighbours.
NEIGHBOURS = 15
#: A funnel needs so many areas.
FEWEST_AREAS = 10


@dataclass(frozen=True)
class Comparators:
    """The areas that an area is compared with, and how they were chosen.

    Parameters
    ----------
    label : str
        Name and date of the list.
    codes, names : tuple of str
        The areas.
    method : str
        How they were chosen; stands under every use.
    neighbours : Neighbours or None
        Distances and features, where they are our own statistical neighbours.
    """

    label: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    method: str
    neighbours: Neighbours | None = None


class ProfileData:
    """Figures of a store, ready for profiles of any area.

    Parameters
    ----------
    store : Store
        Observations and look-ups.
    options : ProfileOptions
        Up to when, and as known on which day.
    catalogue : mapping of str to Indicator, optional
        The packaged one if None.
    only : str, optional
        Code of the one area to profile, which takes less time: no figure of another area or its
        trusts tells its source. Of any area if None.
    """

    def __init__(
        self,
        store: Store,
        options: ProfileOptions,
        catalogue: Mapping[str, Indicator] | None = None,
        *,
        only: str | None = None,
    ) -> None:
        self.store = store
        self.options = options
        self.catalogue = read_catalogue() if catalogue is None else catalogue
        self._panels: dict[str, Panel] = {}
        self._figures: dict[tuple[str, Period], AreaFigures] = {}
        self._funnels: dict[tuple[str, Period, tuple[int, ...]], Funnel | None] = {}
        self._frames: dict[str, pd.DataFrame] = {}
        self._held: set[str] | None = None
        self._lookups: dict[str, pd.DataFrame] = {}
        self._features: pd.DataFrame | None = None
        self.only = None if only is None else last_code(only)
        self._source = Figures(
            store,
            catalogue=self.catalogue,
            known_on=options.known_on,
            until=options.until,
            sourced=self._sourced(),
        )

    def _sourced(self) -> set[str] | None:
        """Areas and trusts whose sources are shown or looked at; None for all."""
        if self.only is None:
            return None
        trusts = (one.trust_code for one in self.trusts(self.only))
        area = every_area().get(self.only)
        # Those of England and the region say whether a figure is published or a sum.
        return {self.only, *trusts, ENGLAND, *([area.region_code] if area else [])}

    def indicators(self) -> list[Indicator]:
        """Return the indicators that a profile shows and the store has figures of."""
        if self._held is None:
            self._held = set(self.store.indicators())
        held = self._held
        return [
            one
            for one in self.catalogue.values()
            if one.profile == "yes"
            and (set(one.parts) <= held if one.parts else one.indicator in held)
        ]

    def panel(self, indicator: str) -> Panel:
        """Return all figures of one indicator as matrices, read on first use.

        Parameters
        ----------
        indicator : str
            Id in the catalogue.

        Returns
        -------
        Panel
            Up to the last period asked for.
        """
        if indicator not in self._panels:
            self._panels[indicator] = make_panel(self.catalogue[indicator], self._series(indicator))
        return self._panels[indicator]

    def _series(self, indicator: str) -> pd.DataFrame:
        if indicator not in self._frames:
            # All at once on first use: one question takes less time than forty.
            self._source.prepare([indicator, *(one.indicator for one in self.indicators())])
            self._frames[indicator] = self._named(self._source.series(indicator))
        return self._frames[indicator]

    def _named(self, figures: pd.DataFrame) -> pd.DataFrame:
        """Trusts by their names: most files have the codes alone."""
        known = self.trust_names()
        is_trust = (figures["area_kind"] == "trust").to_numpy()
        if not known or not is_trust.any():
            return figures
        codes, called = figures["area_code"].to_numpy(), figures["area"].to_numpy(copy=True)
        called[is_trust] = [
            known.get(code, name)
            for code, name in zip(codes[is_trust], called[is_trust], strict=True)
        ]
        return figures.assign(area=called)

    def area_figures(self, indicator: str, period: Period) -> AreaFigures:
        """Return the figures of all areas in one period.

        Parameters
        ----------
        indicator : str
            Id in the catalogue.
        period : (date, date)
            First and last day, of a period of the panel.

        Returns
        -------
        AreaFigures
            Ready to compare any area.
        """
        key = (indicator, period)
        if key not in self._figures:
            frame = self._series(indicator)
            start, end = map(pd.Timestamp, period)
            rows = frame[(frame["period_start"] == start) & (frame["period_end"] == end)]
            self._figures[key] = AreaFigures(rows, self.catalogue[indicator])
        return self._figures[key]

    def funnel(self, indicator: str, period: Period, area_code: str) -> Funnel | None:
        """Return the funnel of the areas that an area is ranked among, in one period.

        Parameters
        ----------
        indicator : str
            Id in the catalogue.
        period : (date, date)
            First and last day.
        area_code : str
            The area.

        Returns
        -------
        Funnel or None
            Of the areas at ``peers(area_code)`` of the figures, in that order; None where the
            counts allow no interval, or too few areas have both of them.
        """
        figures = self.area_figures(indicator, period)
        rows = figures.peers(area_code)
        key = (indicator, period, tuple(rows))
        if key not in self._funnels:
            self._funnels[key] = self._make_funnel(figures, rows)
        return self._funnels[key]

    def _make_funnel(self, figures: AreaFigures, rows: NDArray[np.intp]) -> Funnel | None:
        method = figures.indicator.interval
        above, below = figures.numerators[rows], figures.denominators[rows]
        is_whole = ~np.isnan(above) & (below > 0)
        if method == "wilson":  # a part above its whole is a fault of the publication
            is_whole &= above <= below
        if method == "none" or is_whole.sum() < FEWEST_AREAS:
            return None
        above, below = (np.where(is_whole, part, np.nan) for part in (above, below))
        return funnel(
            above,
            below,
            "proportion" if method == "wilson" else "rate",
            multiplier=value_scale(figures.indicator, figures.days),
        )

    def comparators(self, area_code: str) -> Comparators | None:
        """Return the comparators of an area: the list asked for, else its neighbours.

        Parameters
        ----------
        area_code : str
            The area.

        Returns
        -------
        Comparators or None
            None where there is no list and the neighbours cannot be worked out.

        Raises
        ------
        ParameterError
            If a list was asked for that the area does not have.
        """
        found = comparators_of(self.options.lists, area_code, self.options.list_name)
        if found is not None:
            from wholesystem.indicators.geography import area

            names = tuple(area(code).name for code in found.codes)
            return Comparators(found.label, found.codes, names, f"{found.label}. {found.source}")
        try:
            near = statistical_neighbours(self._neighbour_features(), area_code, NEIGHBOURS)
        except ParameterError:
            return None
        return Comparators(near.label, near.codes, near.names, near.method, near)

    def _neighbour_features(self) -> pd.DataFrame:
        if self._features is None:
            parts = {"population"}
            for one in packaged_features():
                parts |= {part for part in (one.numerator, one.minus, one.denominator) if part}
            self._source.prepare(sorted(parts))
            frames = [self._source.series(name) for name in sorted(parts)]
            self._features = neighbour_features(pd.concat(frames, ignore_index=True))
        return self._features

    def trusts(self, area_code: str) -> list[TrustShare]:
        """Return the trusts whose patients come from an area, largest share first.

        Parameters
        ----------
        area_code : str
            The area.

        Returns
        -------
        list of TrustShare
            Empty where no look-up of trusts is loaded.
        """
        shares = self.lookup("trust_areas")
        if shares.empty:
            return []
        return trusts_of_area(shares, area_code, self.lookup("area_parts"))

    def trust_names(self) -> dict[str, str]:
        """Return the names of trusts by their codes; none where no look-up of them is loaded."""
        names = self.lookup("trust_names")
        return dict(zip(names["trust_code"], names["trust"], strict=True)) if len(names) else {}

    def lookup(self, name: str) -> pd.DataFrame:
        """Return a look-up of the store, read on first use.

        Parameters
        ----------
        name : str
            Such as ``trust_names``.

        Returns
        -------
        DataFrame
            Of no row where no file gave it.
        """
        if name not in self._lookups:
            self._lookups[name] = self.store.lookup(name)
        return self._lookups[name]
