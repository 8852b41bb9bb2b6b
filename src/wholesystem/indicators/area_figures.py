"""One indicator of all areas in one period: the figures that a comparison is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wholesystem.errors import ParameterError
from wholesystem.indicators.areas import every_area, successors
from wholesystem.indicators.intervals import (
    Interval,
    NoInterval,
    indicator_interval,
    value_scale,
)
from wholesystem.indicators.periods import period_days

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator

__all__ = ["AreaFigures", "Together", "latest_period", "together"]

Floats = NDArray[np.float64]
# How series, and the notes of files, tell of a figure made of others.
_SUM = re.compile(r"\bsum (of|over)\b")


class AreaFigures:
    """One indicator of all areas in one period, ready to compare any of them.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of one indicator and one period with the columns of `indicator_series`:
        ``area_code``, ``area``, ``area_kind``, ``period_start``, ``period_end``, ``value`` (NaN =
        none), ``numerator``, ``denominator``, ``note``.
    indicator : Indicator
        Its row of the catalogue.

    Raises
    ------
    ParameterError
        If the rows are of several periods or indicators, or an area has two.
    """

    def __init__(self, frame: pd.DataFrame, indicator: Indicator) -> None:
        _check_frame(frame, indicator)
        self.indicator = indicator
        self.codes = tuple(frame["area_code"].astype(object))
        self.at = {code: position for position, code in enumerate(self.codes)}
        self.names = tuple(
            str(name) if isinstance(name, str) and name else str(code)
            for name, code in zip(frame["area"], self.codes, strict=True)
        )
        self.kinds = np.asarray(frame["area_kind"].astype(object))
        self.values = _column(frame, "value")
        self.numerators = _column(frame, "numerator")
        self.denominators = _column(frame, "denominator")
        sources = frame["source"] if "source" in frame else [""] * len(frame)
        self.is_sum = tuple(
            any(isinstance(text, str) and _SUM.search(text) for text in pair)
            for pair in zip(sources, frame["note"], strict=True)
        )
        self.notes = tuple(note if isinstance(note, str) else "" for note in frame["note"])
        self.supplied = _supplied(frame)
        self.start = pd.Timestamp(frame["period_start"].iloc[0]).date()
        self.end = pd.Timestamp(frame["period_end"].iloc[0]).date()
        self.days = period_days(self.start, self.end)

    def name(self, code: str) -> str:
        """Name of an area, or its code where no table names it.

        Parameters
        ----------
        code : str
            Of the area.

        Returns
        -------
        str
            Name.
        """
        if code in self.at:
            return self.names[self.at[code]]
        known = every_area().get(code)
        return known.name if known else code

    def value(self, code: str) -> float | None:
        """Figure of an area.

        Parameters
        ----------
        code : str
            Of the area.

        Returns
        -------
        float or None
            None where it has no row or no figure.
        """
        if code not in self.at or np.isnan(self.values[self.at[code]]):
            return None
        return float(self.values[self.at[code]])

    def why_missing(self, code: str) -> str:
        """Why an area has no figure.

        Parameters
        ----------
        code : str
            Of the area.

        Returns
        -------
        str
            The note of its row, ``not given``, ``no row in this period``, or what became of the
            area; empty where it has a figure.
        """
        if code not in self.at:
            return _why_no_row(code, self.end)
        if not np.isnan(self.values[self.at[code]]):
            return ""
        return self.notes[self.at[code]] or "not given"

    def counts(self, position: int) -> tuple[float | None, float | None]:
        """Numerator and denominator of a row.

        Parameters
        ----------
        position : int
            Of the row.

        Returns
        -------
        tuple of float or None
            None where not published.
        """
        x, n = float(self.numerators[position]), float(self.denominators[position])
        return (None if np.isnan(x) else x), (None if np.isnan(n) else n)

    def interval(self, position: int, level: float = 0.95) -> Interval | NoInterval:
        """Interval of a row's figure.

        Parameters
        ----------
        position : int
            Of the row.
        level : float
            Confidence.

        Returns
        -------
        Interval or NoInterval
            In the unit of the figure; none, with the reason, where its counts are out of range.
        """
        if np.isnan(self.values[position]):
            return NoInterval("No interval: there is no figure.")
        x, n = self.counts(position)
        try:
            return indicator_interval(self.indicator, x, n, days=self.days, level=level)
        except ParameterError as error:
            return NoInterval(f"No interval. {error}")

    def peers(self, code: str) -> NDArray[np.intp]:
        """Positions of the areas that an area is ranked among, itself included.

        Parameters
        ----------
        code : str
            Of the area; a combined area is ranked among councils.

        Returns
        -------
        ndarray of int
            Areas of the same kind.
        """
        kind = self.kinds[self.at[code]] if code in self.at else "area"
        same = self.kinds == ("area" if kind == "combined" else kind)
        if code in self.at:
            same[self.at[code]] = True
        return np.flatnonzero(same)


def _why_no_row(code: str, end: date) -> str:
    known = every_area().get(code)
    if known is not None and known.valid_to is not None and known.valid_to < end:
        heirs = " and ".join(one.name for one in successors(code))
        return f"replaced by {heirs}"
    if known is not None and known.valid_from is not None and known.valid_from > end:
        return f"exists from {known.valid_from.isoformat()} only"
    return "no row in this period"


def _check_frame(frame: pd.DataFrame, indicator: Indicator) -> None:
    if frame.empty:
        raise ParameterError(
            f"{indicator.indicator} has no row in this period. Choose a period that has figures."
        )
    periods = frame[["period_start", "period_end"]].drop_duplicates()
    if len(periods) > 1:
        shown = ", ".join(f"{a} to {b}" for a, b in periods.head(3).itertuples(index=False))
        raise ParameterError(
            f"The rows are of {len(periods)} periods ({shown}). A comparison is of one period."
            " Keep the rows of one."
        )
    if "indicator" in frame and frame["indicator"].nunique() > 1:
        found = ", ".join(sorted(frame["indicator"].unique())[:3])
        raise ParameterError(
            f"The rows are of several indicators ({found}). A comparison is of one."
            " Keep the rows of one."
        )
    twice = frame["area_code"][frame["area_code"].duplicated() & frame["area_code"].notna()]
    if len(twice):
        raise ParameterError(
            f"{twice.iloc[0]} has two rows in one period. An area has one figure in a period."
            " Keep one of them."
        )


def _column(frame: pd.DataFrame, name: str) -> Floats:
    if name not in frame:
        return np.full(len(frame), np.nan)
    return np.asarray(frame[name].to_numpy(dtype=np.float64, na_value=np.nan))


def _supplied(frame: pd.DataFrame) -> NDArray[np.bool_]:
    if "supplied_by_user" not in frame:
        return np.zeros(len(frame), dtype=bool)
    return np.asarray(frame["supplied_by_user"].to_numpy(dtype=bool))


@dataclass(frozen=True)
class Together:
    """The figure of several areas as one, in each period.

    Parameters
    ----------
    values : ndarray of float, shape (n_periods,)
        NaN where no area has a figure.
    is_pooled : ndarray of bool, shape (n_periods,)
        Whether it is the sum of numerators over the sum of denominators; else it is the mean of
        the areas, each counted once.
    numerators, denominators : ndarray of float, shape (n_periods,)
        Sums over the areas with a figure; NaN where one of them lacks its part.
    """

    values: Floats
    is_pooled: NDArray[np.bool_]
    numerators: Floats
    denominators: Floats


def together(
    indicator: Indicator,
    values: Floats,
    numerators: Floats,
    denominators: Floats,
    days: Sequence[int],
) -> Together:
    """Return the figure of several areas as one.

    Parameters
    ----------
    indicator : Indicator
        Row of the catalogue.
    values, numerators, denominators : ndarray of float, shape (n_areas, n_periods)
        NaN where there is none; an area without a figure in a period is left out of it.
    days : sequence of int, shape (n_periods,)
        Days of each period.

    Returns
    -------
    Together
        Pooled where it is a share or rate and every area has both of its parts.
    """
    known = ~np.isnan(values)
    above, below = (np.where(known, part, 0.0).sum(axis=0) for part in (numerators, denominators))
    scale = np.array([value_scale(indicator, length) for length in days])
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, values, 0.0).sum(axis=0) / known.sum(axis=0)
        ratio = above / below * scale
    is_ratio = indicator.kind in ("share", "rate")
    is_pooled = is_ratio & ~np.isnan(above + below) & (below > 0)
    return Together(np.where(is_pooled, ratio, mean), is_pooled, above, below)


def latest_period(frame: pd.DataFrame, codes: Iterable[str]) -> tuple[date, date] | None:
    """Latest period in which any of some areas has a figure.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns of `indicator_series`.
    codes : iterable of str
        Areas.

    Returns
    -------
    tuple or None
        First and last day; None where none has a figure.
    """
    known = frame[frame["area_code"].isin(list(codes)) & frame["value"].notna()]
    if known.empty:
        return None
    last = known.loc[known["period_end"].idxmax()]
    return pd.Timestamp(last["period_start"]).date(), pd.Timestamp(last["period_end"]).date()
