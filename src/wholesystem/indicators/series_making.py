"""From the figures of the parts to the series: matching, denominators, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wholesystem.indicators.series_parts import KEYS
from wholesystem.indicators.series_sums import trust_sums

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator

__all__ = ["SERIES_COLUMNS", "made_series", "stored_series"]

SERIES_COLUMNS = (
    "indicator",
    "area_code",
    "area",
    "area_kind",
    "of",
    "period_start",
    "period_end",
    "value",
    "numerator",
    "denominator",
    "base",
    "unit",
    "source_file",
    "source",
    "published",
    "revised",
    "note",
)

# More than there are days from the year 1 to the year 9999.
_DAYS = 1 << 22

_CARRIED = [
    *KEYS,
    *("area", "area_kind", "of", "base", "unit", "file", "published", "revised"),
    *("numerator", "denominator"),
]


def stored_series(one: Indicator, frame: pd.DataFrame, least_trusts: int) -> pd.DataFrame:
    """Return the series of an indicator that is read from files.

    Parameters
    ----------
    one : Indicator
        Its row of the catalogue.
    frame : pandas.DataFrame
        Its figures, sums of councils among them.
    least_trusts : int
        Trusts that must have a row in a period for England to be summed over them.

    Returns
    -------
    pandas.DataFrame
        In the columns of `SERIES_COLUMNS`, in no order.
    """
    rows = _rows_of(frame)
    rows = _with_trust_sums(rows, one, least_trusts)
    if one.kind != "count":
        ratio = (one.multiplier or 1.0) * rows["numerator"] / _not_zero(rows["denominator"])
        rows["x"] = rows["x"].where(~rows["ours"], ratio)
    return _finished(one, rows, rows["x"], rows["x_source"], rows["x_note"])


def made_series(
    one: Indicator, frames: Mapping[str, pd.DataFrame], least_trusts: int
) -> pd.DataFrame:
    """Return the series of an indicator that is computed from others.

    Parameters
    ----------
    one : Indicator
        Its row of the catalogue.
    frames : mapping of str to DataFrame
        Figures of its parts by role: (x - y) / z, y and z where there are any.
    least_trusts : int
        Trusts that must have a row in a period for England to be summed over them.

    Returns
    -------
    pandas.DataFrame
        In the columns of `SERIES_COLUMNS`, in no order.
    """
    rows = _rows_of(frames["x"])
    rows["usable"] = rows["x"].notna()
    for role in ("y", "z"):
        if role in frames:
            rows = _matched(rows, frames[role], role)
            if role == "z":
                rows = _nearest_mid_year(rows, frames["z"])
            rows["usable"] &= rows[role].notna()
    rows = _with_trust_sums(rows, one, least_trusts)
    return _computed(one, rows, frames)


def _computed(
    one: Indicator, rows: pd.DataFrame, frames: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    top = rows["x"] - rows["y"] if "y" in frames else rows["x"]
    over = _not_zero(rows["z"]) if "z" in frames else 1.0
    days = (rows["period_end"] - rows["period_start"]).dt.days + 1 if one.per_day == "yes" else 1
    value = (one.multiplier or 1.0) * top / over / days
    rows["numerator"] = top
    rows["denominator"] = rows["z"]
    rows["base"] = _same(one.base or None, rows)
    rows["unit"] = _same(one.unit, rows)
    return _finished(one, rows, value, _sources(rows, frames), _notes(one, rows, frames))


def _not_zero(numbers: pd.Series) -> pd.Series:
    return numbers.where(numbers != 0)


def _rows_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Figures of x, with room for the other parts."""
    columns: dict[str, Any] = {name: frame[name] for name in _CARRIED}
    columns |= {"x": frame["value"], "x_source": frame["source"], "x_note": frame["note"]}
    nothing = _same(None, frame)
    for role in ("y", "z"):
        columns |= {role: np.nan, f"{role}_source": nothing, f"{role}_note": nothing}
    columns["z_day"] = pd.Series(np.datetime64("NaT", "ms"), frame.index, dtype="datetime64[ms]")
    columns |= {"usable": frame["value"].notna(), "ours": False}
    # All at once: pandas takes as long for each column that is added.
    return pd.DataFrame(columns).reset_index(drop=True)


def _same(word: str | None, rows: pd.DataFrame) -> pd.Series:
    return pd.Series(np.full(len(rows), word, dtype=object), rows.index, dtype=object)


def _matched(rows: pd.DataFrame, other: pd.DataFrame, role: str) -> pd.DataFrame:
    """Put beside each row what another part has of the same area and period."""
    at = _places(rows, other)
    found = at >= 0
    return rows.assign(
        **{
            role: np.append(other["value"].to_numpy(np.float64), np.nan)[at],
            f"{role}_source": _texts_at(other["source"], at),
            f"{role}_note": _texts_at(other["note"], at),
            "found": found,
        }
    )


def _texts_at(texts: pd.Series, at: NDArray[np.int64]) -> pd.Series:
    return pd.Series(np.append(texts.to_numpy(object), [None])[at], dtype=object)


def _places(rows: pd.DataFrame, other: pd.DataFrame) -> NDArray[np.int64]:
    """Where the area and period of each row is in another frame; -1 where it is not."""
    numbers, codes = pd.factorize(other["area_code"].to_numpy(object))
    areas = pd.Index(codes, dtype=object).get_indexer(
        pd.Index(rows["area_code"].to_numpy(object), dtype=object)
    )
    theirs, ours = _key(numbers, other), _key(areas, rows)
    return np.asarray(pd.Index(theirs).get_indexer(pd.Index(ours)))


def _key(areas: NDArray[np.int64], rows: pd.DataFrame) -> NDArray[np.int64]:
    """One number of area, first day and length; negative for no area."""
    start = _days(rows["period_start"]) + _DAYS
    length = _days(rows["period_end"]) + _DAYS - start
    return np.asarray((areas * 2 * _DAYS + start) * _DAYS + length)


def _nearest_mid_year(rows: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Put the estimate of the nearest mid-year where the period itself has no denominator.

    A mid-year estimate is a figure of one 30 June. Of two that are equally near, the earlier.
    """
    day = other["period_start"]
    is_mid_year = (day == other["period_end"]) & (day.dt.month == 6) & (day.dt.day == 30)
    estimates = other[is_mid_year & other["value"].notna()]
    lacking = np.flatnonzero(~rows["found"].to_numpy())
    if not len(estimates) or not len(lacking):
        return rows
    at = _nearest(rows.iloc[lacking], estimates)
    lacking, at = lacking[at >= 0], at[at >= 0]
    for column, source in (("z", "value"), ("z_source", "source"), ("z_note", "note")):
        values = rows[column].to_numpy(object).copy()
        values[lacking] = estimates[source].to_numpy(object)[at]
        # As objects: pandas would make Arrow's texts of them, which are slow to go through.
        rows[column] = pd.Series(values, rows.index, dtype=np.float64 if column == "z" else object)
    days = rows["z_day"].to_numpy("datetime64[ms]").copy()
    days[lacking] = estimates["period_start"].to_numpy("datetime64[ms]")[at]
    rows["z_day"] = days
    return rows


def _nearest(rows: pd.DataFrame, estimates: pd.DataFrame) -> NDArray[np.int64]:
    """Which estimate is nearest to the middle of each row's period; -1 where the area has none."""
    areas, codes = pd.factorize(estimates["area_code"])
    years, days = pd.factorize(estimates["period_start"], sort=True)
    place = np.full((len(codes) + 1, len(days)), -1)
    place[areas, years] = np.arange(len(estimates))
    of_row = place[pd.Index(codes).get_indexer(pd.Index(rows["area_code"]))]
    middle = _days(rows["period_start"]) + _days(rows["period_end"])
    away = np.abs(2 * _days(pd.Series(days))[np.newaxis, :] - middle[:, np.newaxis])
    away = np.where(of_row >= 0, away, np.iinfo(np.int64).max)
    # The first of equal ones is the earlier year.
    return np.asarray(of_row[np.arange(len(rows)), np.argmin(away, axis=1)])


def _days(days: pd.Series) -> NDArray[np.int64]:
    return np.asarray(days.to_numpy("datetime64[D]").astype(np.int64))


def _with_trust_sums(rows: pd.DataFrame, one: Indicator, least_trusts: int) -> pd.DataFrame:
    """Add England's sums over trusts where no whole figure of England is published."""
    sums = trust_sums(
        rows, computed=one.is_computed, is_count=one.kind == "count", least=least_trusts
    )
    if not len(sums):
        return rows
    sums = sums[_places(sums, rows[rows["usable"]]) < 0]
    replaced = _places(rows, sums) >= 0
    return pd.concat([rows[~replaced], sums], ignore_index=True) if len(sums) else rows


# --------------------------------------------------------------------------- what is said


def _sources(rows: pd.DataFrame, frames: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Where the parts were read; None where that is not told of the numerator."""
    told = np.flatnonzero(rows["x_source"].notna())
    x, y, z = (rows[f"{role}_source"].to_numpy(object)[told] for role in "xyz")
    said = [f"numerator: {source}" for source in x]
    if "y" in frames:
        beside = zip(said, y, strict=True)
        said = [f"{one} less {y}" if isinstance(y, str) else one for one, y in beside]
    if "z" in frames:
        of_day = _days_in_words(rows["z_day"].iloc[told])
        three = zip(said, z, of_day, strict=True)
        said = [
            f"{one}; denominator: {z}{day}" if isinstance(z, str) else one for one, z, day in three
        ]
    whole = np.full(len(rows), None, dtype=object)
    whole[told] = said
    return pd.Series(whole, rows.index, dtype=object)


def _days_in_words(days: pd.Series) -> list[str]:
    numbers, known = pd.factorize(days)
    words = [*(f" ({day.day} {day:%B %Y})" for day in known), ""]
    return [words[number] for number in numbers]


def _notes(one: Indicator, rows: pd.DataFrame, frames: Mapping[str, pd.DataFrame]) -> pd.Series:
    notes = [rows["x_note"]]
    for role, name in (("y", one.numerator_minus), ("z", one.denominator_indicator)):
        if role not in frames:
            continue
        known = rows[f"{role}_note"]
        told = known.notna().to_numpy()
        said = np.full(len(rows), None, dtype=object)
        said[told] = [f"{name}: {note}" for note in known.to_numpy(object)[told]]
        notes.append(pd.Series(said, rows.index, dtype=object))
        silent = rows["x"].notna() & rows[role].isna() & known.isna()
        notes.append(_where(silent, f"no figure of {name}"))
    if "z" in frames:
        notes.append(_where(rows["z"] == 0, "the denominator is 0"))
    return _joined(notes)


def _where(mask: pd.Series, words: str) -> pd.Series:
    told = np.full(len(mask), None, dtype=object)
    told[mask.to_numpy(np.bool_)] = words
    return pd.Series(told, mask.index, dtype=object)


def _joined(notes: Sequence[pd.Series]) -> pd.Series:
    """Notes of a row with a semicolon between two; few rows have any."""
    told = np.logical_or.reduce([note.notna() for note in notes])
    whole = np.full(len(told), None, dtype=object)
    columns = [note.to_numpy(object) for note in notes]
    for place in np.flatnonzero(told):
        words = [column[place] for column in columns]
        whole[place] = "; ".join(word for word in words if isinstance(word, str))
    return pd.Series(whole, notes[0].index, dtype=object)


def _finished(
    one: Indicator, rows: pd.DataFrame, value: pd.Series, source: pd.Series, note: pd.Series
) -> pd.DataFrame:
    done = rows.assign(
        indicator=_same(one.indicator, rows),
        value=value.astype(np.float64),
        source_file=rows["file"],
        source=source,
        note=note,
    )
    return done[list(SERIES_COLUMNS)]
