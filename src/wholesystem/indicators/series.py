"""The one door to figures: the series of an indicator, stored or computed, of all areas.

Rates and shares are computed from the counts as published; England, the regions and joined areas
from their members where nothing is published for them. Each figure tells the file, sheet and cell
that it comes from. The rules are told in ``docs/reference/observations.md``.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wholesystem.errors import ParameterError
from wholesystem.indicators.observations import packaged_unless
from wholesystem.indicators.series_making import SERIES_COLUMNS, made_series, stored_series
from wholesystem.indicators.series_parts import fetch_days, fetch_parts, joined, paired_months
from wholesystem.indicators.series_sums import (
    LEAST_TRUSTS,
    AreaSum,
    last_code,
    packaged_sums,
    with_sums,
)
from wholesystem.tables.cells import closest

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator
    from wholesystem.indicators.series_days import Days
    from wholesystem.indicators.store import Store

__all__ = ["LEAST_TRUSTS", "SERIES_COLUMNS", "AreaSum", "Figures", "indicator_series"]


def indicator_series(
    store: Store,
    indicator: str,
    *,
    catalogue: Mapping[str, Indicator] | None = None,
    areas: Sequence[str] | None = None,
    known_on: date | None = None,
    until: date | None = None,
) -> pd.DataFrame:
    """Return the figures of one indicator, stored or computed.

    Parameters
    ----------
    store : Store
        That holds the figures as published.
    indicator : str
        Id of the catalogue.
    catalogue : mapping of str to Indicator, optional
        The packaged one if None.
    areas : sequence of str, optional
        Codes; all areas if None. An area that took a new code has the last one.
    known_on : date, optional
        As known at the end of that day; as known now if None.
    until : date, optional
        Last day of the last period; all if None.

    Returns
    -------
    pandas.DataFrame
        In order of area and period: ``indicator``, ``area_code``, ``area``, ``area_kind``,
        ``of``, ``period_start``, ``period_end`` (datetime64), ``value``, ``numerator``,
        ``denominator`` (NaN = none; ``note`` says why), ``base``, ``unit``, ``source_file``,
        ``source`` (file, sheet and cell of what it is made of), ``published``, ``revised`` (of
        the numerator; NaT = not known), ``note``.

    Raises
    ------
    ParameterError
        If the catalogue has no such indicator.
    UserError
        If the store has been damaged.
    """
    figures = Figures(store, catalogue=catalogue, known_on=known_on, until=until)
    return figures.series(indicator, areas=areas)


class Figures:
    """Series of one store as known on one date, each computed once.

    Many profiles take the same series; they are computed for all areas at once and kept, about
    2 MB for a monthly indicator of all councils over nine years.

    Parameters
    ----------
    store : Store
        That holds the figures as published.
    catalogue : mapping of str to Indicator, optional
        The packaged one if None.
    known_on, until : date, optional
        As of `indicator_series`.
    sums : sequence of AreaSum, optional
        Areas that are sums of others; England, the regions and the packaged combinations if None.
    least_trusts : int
        Trusts that must have a row in a period for England to be summed over them; >= 1.
    sourced : collection of str, optional
        Codes of areas and trusts whose figures tell their ``source``; all if None. To put it into
        words for all takes a good part of the time.
    """

    def __init__(
        self,
        store: Store,
        *,
        catalogue: Mapping[str, Indicator] | None = None,
        known_on: date | None = None,
        until: date | None = None,
        sums: Sequence[AreaSum] | None = None,
        least_trusts: int = LEAST_TRUSTS,
        sourced: Collection[str] | None = None,
    ) -> None:
        self.store = store
        self.catalogue = packaged_unless(catalogue)
        self.sums = packaged_sums() if sums is None else tuple(sums)
        self.known_on = known_on or date.max
        self.until = until
        self.least_trusts = least_trusts
        self.sourced = None if sourced is None else {last_code(code) for code in sourced}
        self._lock = threading.RLock()
        self._parts: dict[tuple[str, bool], pd.DataFrame] = {}
        self._daily: dict[tuple[str, bool], Days] = {}
        self._found: dict[str, pd.DataFrame] = {}

    def series(self, indicator: str, *, areas: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the figures of one indicator.

        Parameters
        ----------
        indicator : str
            Id of the catalogue.
        areas : sequence of str, optional
            Codes; all areas if None.

        Returns
        -------
        pandas.DataFrame
            As `indicator_series` returns it; yours to change.

        Raises
        ------
        ParameterError
            If the catalogue has no such indicator.
        UserError
            If the store has been damaged.
        """
        self.prepare([indicator])
        frame = self._found[indicator]
        if areas is not None:
            frame = frame[frame["area_code"].isin([last_code(code) for code in areas])]
        return frame.copy()

    def prepare(self, indicators: Iterable[str]) -> None:
        """Compute several series at once, which takes less time than one after another.

        Parameters
        ----------
        indicators : iterable of str
            Ids of the catalogue; those computed before are left as they are.

        Raises
        ------
        ParameterError
            If the catalogue has no such indicator.
        UserError
            If the store has been damaged.
        """
        with self._lock:
            made = [self._indicator(x) for x in dict.fromkeys(indicators) if x not in self._found]
            for months in (True, False):
                parts = (
                    self._parts_of(one).values() for one in made if months != self._is_paired(one)
                )
                self._fetch([part for some in parts for part in some], months=months)
            self._fetch_days(made)
            for one in made:
                self._found[one.indicator] = _in_order(self._compute(one))
            self._daily = {}
            if len(made) > 1:
                self._forget()

    def _indicator(self, name: str) -> Indicator:
        if name not in self.catalogue:
            near = closest(name, self.catalogue)
            did = f"Did you mean {near}?" if near else "wholesystem indicators list shows all."
            raise ParameterError(f"The catalogue has no indicator {name!r}. {did}")
        one = self.catalogue[name]
        for part in self._parts_of(one).values():
            if one.is_computed and part.is_computed:
                raise ParameterError(
                    f"{name} is computed from {part.indicator}, which is itself computed. An"
                    " indicator is computed from figures as published. Name those in the catalogue."
                )
        return one

    def _parts_of(self, one: Indicator) -> dict[str, Indicator]:
        """By role: x and y of the numerator (x less y), z of the denominator."""
        if not one.is_computed:
            return {"x": one}
        names = (one.numerator_indicator, one.numerator_minus, one.denominator_indicator)
        roles = zip("xyz", names, strict=True)
        return {role: self.catalogue[name] for role, name in roles if name}

    def _forget(self) -> None:
        """Let go of all parts but denominators, which others are likely to need."""
        below = {one.denominator_indicator for one in self.catalogue.values()}
        self._parts = {key: part for key, part in self._parts.items() if key[0] in below}

    def _is_paired(self, one: Indicator) -> bool:
        """Whether two daily figures are matched day by day, not month by month."""
        below = self._parts_of(one).get("z")
        return below is not None and below.monthly != "as_is"

    def _fetch(self, parts: Iterable[Indicator], *, months: bool) -> None:
        """Fetch what is not there yet, all at once; daily figures as months or not at all."""
        missing = {x.indicator: x for x in parts if (x.indicator, months) not in self._parts}
        if not missing:
            return
        wanted = list(missing.values())
        found = fetch_parts(self.store, wanted, self.known_on, months=months, sourced=self.sourced)
        for name, frame in found.items():
            self._parts[name, months] = self._summed(frame, missing[name])

    def _fetch_days(self, made: Iterable[Indicator]) -> None:
        """Fetch the daily figures that are matched day by day, all at once."""
        asked = {
            (part.indicator, one.monthly == "as_is"): (part, one.monthly)
            for one in made
            if self._is_paired(one)
            for part in self._parts_of(one).values()
        }
        if asked:
            days = fetch_days(self.store, asked.values(), self.known_on, sourced=self.sourced)
            self._daily = dict(zip(asked, days, strict=True))

    def _summed(self, frame: pd.DataFrame, part: Indicator) -> pd.DataFrame:
        is_count = part.kind == "count"
        return with_sums(frame, self.sums, is_count=is_count, multiplier=part.multiplier)

    def _compute(self, one: Indicator) -> pd.DataFrame:
        parts = self._parts_of(one)
        paired = self._is_paired(one)
        frames = {role: self._parts[part.indicator, not paired] for role, part in parts.items()}
        if paired:
            kind = one.monthly == "as_is"
            days = {role: self._daily[part.indicator, kind] for role, part in parts.items()}
            months = paired_months(one, days, sourced=self.sourced)
            for role, part in parts.items():
                frames[role] = joined([frames[role], self._summed(months[role], part)])
        if one.is_computed:
            found = made_series(one, frames, self.least_trusts)
        else:
            found = stored_series(one, frames["x"], self.least_trusts)
        if self.until is not None:
            found = found[found["period_end"] <= pd.Timestamp(self.until)]
        return found


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows in order of area and period."""
    areas, _ = pd.factorize(frame["area_code"], sort=True)
    order = np.lexsort((frame["period_end"], frame["period_start"], areas))
    return frame.take(order).reset_index(drop=True)
