"""One indicator of all areas and periods as matrices, from which profiles take their rows.

A profile of one area needs its own series, England's, that of its comparators, and the figures of
all areas in one period. All 150 profiles need the same figures, so each indicator is read once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wholesystem.indicators.area_figures import together
from wholesystem.indicators.periods import period_days

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wholesystem.indicators.catalogue import Indicator

__all__ = ["Panel", "Row", "make_panel"]

# More than there are days from the year 1, whose first day this is, to the year 9999.
_DAYS = 1 << 22
_FIRST_DAY = -719_162

_TEXTS = ("source_file", "source", "note")


@dataclass(frozen=True)
class Row:
    """One indicator of one area, period by period.

    Parameters
    ----------
    values, numerators, denominators : ndarray of float, shape (n_periods,)
        NaN where there is no figure, or no such part.
    files, sources, notes : sequence of str, shape (n_periods,)
        File of each figure; its file, sheet and cell; what is to be known of it. Empty where
        there is nothing.
    """

    values: NDArray[np.float64]
    numerators: NDArray[np.float64]
    denominators: NDArray[np.float64]
    files: Sequence[str]
    sources: Sequence[str]
    notes: Sequence[str]

    def part(self, periods: slice) -> Row:
        """Return the same of some of the periods.

        Parameters
        ----------
        periods : slice
            Which of them.

        Returns
        -------
        Row
            Of those periods alone.
        """
        return Row(
            self.values[periods],
            self.numerators[periods],
            self.denominators[periods],
            self.files[periods],
            self.sources[periods],
            self.notes[periods],
        )


@dataclass(frozen=True)
class Panel:
    """One indicator of all areas and periods.

    Parameters
    ----------
    indicator : Indicator
        Its row of the catalogue.
    codes, names, kinds : tuple of str, shape (n_areas,)
        Areas, in the order of their codes.
    periods : tuple of (date, date), shape (n_periods,)
        First and last day of each period that any area has, in order.
    values, numerators, denominators : ndarray of float, shape (n_areas, n_periods)
        NaN where there is none.
    places : ndarray of int, shape (n_areas, n_periods)
        Row of the figures that each was taken from; -1 where there is none.
    texts : mapping of str to ndarray of object, shape (n_rows,)
        ``source_file``, ``source`` (file, sheet and cell) and ``note`` of those rows. A profile
        needs a few areas' of them, so they are put in order when a row is asked for.
    """

    indicator: Indicator
    codes: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    periods: tuple[tuple[date, date], ...]
    values: NDArray[np.float64]
    numerators: NDArray[np.float64]
    denominators: NDArray[np.float64]
    places: NDArray[np.int64] = field(repr=False)
    texts: dict[str, NDArray[Any]] = field(repr=False)

    def index(self, code: str) -> int | None:
        """Row of an area; None where the indicator has no figure of it."""
        return self._index.get(code)

    @property
    def _index(self) -> dict[str, int]:
        # A frozen object keeps what it worked out in its own dictionary.
        if "_rows" not in self.__dict__:
            self.__dict__["_rows"] = {code: i for i, code in enumerate(self.codes)}
        found: dict[str, int] = self.__dict__["_rows"]
        return found

    def row(self, code: str) -> Row | None:
        """Return the series of one area; None where there is no figure of it.

        Parameters
        ----------
        code : str
            Code of the area or trust.

        Returns
        -------
        Row or None
            One figure a period of the panel.
        """
        i = self.index(code)
        if i is None:
            return None
        return Row(
            self.values[i],
            self.numerators[i],
            self.denominators[i],
            *(self._texts_of(i, name) for name in _TEXTS),
        )

    def _texts_of(self, i: int, name: str) -> list[str]:
        column = self.texts[name]
        found = (column[place] if place >= 0 else "" for place in self.places[i].tolist())
        return [text if isinstance(text, str) else "" for text in found]

    def group(self, codes: Sequence[str]) -> NDArray[np.float64]:
        """Return the figure of several areas together in each period.

        Parameters
        ----------
        codes : sequence of str
            Areas; those without a figure in a period are left out of that period.

        Returns
        -------
        ndarray of float, shape (n_periods,)
            The sum of the numerators over the sum of the denominators, where the figure is made of
            them; else the mean of the areas' figures, each counting the same. NaN where no area
            has a figure.
        """
        rows = [i for i in map(self.index, codes) if i is not None]
        days = [period_days(*period) for period in self.periods]
        found = together(
            self.indicator, self.values[rows], self.numerators[rows], self.denominators[rows], days
        )
        return found.values


def make_panel(indicator: Indicator, figures: pd.DataFrame) -> Panel:
    """Return the matrices of one indicator.

    Parameters
    ----------
    indicator : Indicator
        Its row of the catalogue.
    figures : DataFrame
        From `indicator_series`: one row an area and period.

    Returns
    -------
    Panel
        Of no area where there is no figure.
    """
    at_area, codes = pd.factorize(figures["area_code"].to_numpy(dtype=object), sort=True)
    at_period, periods = _periods(figures)
    shape = (len(codes), len(periods))

    def numbers(column: str) -> NDArray[np.float64]:
        matrix = np.full(shape, np.nan)
        matrix[at_area, at_period] = figures[column].to_numpy(dtype=float, na_value=np.nan)
        return matrix

    places = np.full(shape, -1)
    places[at_area, at_period] = np.arange(len(figures))
    # The last row of an area has its name.
    last = np.zeros(len(codes), dtype=int)
    np.maximum.at(last, at_area, np.arange(len(figures)))
    name, kind = (figures[column].to_numpy(dtype=object)[last] for column in ("area", "area_kind"))
    return Panel(
        indicator,
        tuple(map(str, codes)),
        tuple(map(str, name)),
        tuple(map(str, kind)),
        periods,
        numbers("value"),
        numbers("numerator"),
        numbers("denominator"),
        places,
        {column: figures[column].to_numpy(dtype=object) for column in _TEXTS},
    )


def _periods(figures: pd.DataFrame) -> tuple[NDArray[np.int64], tuple[tuple[date, date], ...]]:
    """Number of the period of each row, and the periods in order."""
    first, last = (_days(figures[column]) for column in ("period_start", "period_end"))
    whole, at_period = np.unique(first * _DAYS + (last - _FIRST_DAY), return_inverse=True)
    days = (whole // _DAYS, whole % _DAYS + _FIRST_DAY)
    starts, ends = (part.astype("datetime64[D]").tolist() for part in days)
    return at_period, tuple(zip(starts, ends, strict=True))


def _days(column: pd.Series) -> NDArray[np.int64]:
    return np.asarray(column.to_numpy(dtype="datetime64[D]").astype(np.int64))
