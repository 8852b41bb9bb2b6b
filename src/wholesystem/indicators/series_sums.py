"""Figures of areas that are sums of others: England, regions, councils joined by us.

A sum of councils has all of them or is missing. A sum over trusts has those that reported, and
says how many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wholesystem.indicators.areas import ENGLAND, Area, combined_areas, every_area, same_area_codes
from wholesystem.indicators.series_parts import COLUMNS, KEYS

__all__ = ["LEAST_TRUSTS", "AreaSum", "last_code", "packaged_sums", "trust_sums", "with_sums"]

LEAST_TRUSTS = 100
"""England is summed over trusts only where at least so many have a row in the period.

England has about 120 acute trusts and 200 providers of urgent care; a file of some of them is
not England.
"""
OFTEN_LEFT_OUT = {"E06000053": "Isles of Scilly", "E09000001": "City of London"}
"""Councils of some 2,000 and 9,000 people that publishers leave out, or add to a neighbour.

Where an indicator has no row of one at all, sums are made without it, and say so.
"""
_PARTS = ("value", "numerator", "denominator")

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class AreaSum:
    """An area whose figures are the sums of others.

    Parameters
    ----------
    code, name : str
        Of the area.
    kind : str
        Of `AREA_KINDS`.
    sets : tuple of (members, first day, last day)
        Codes of the members in each time; every set is the whole area.
    """

    code: str
    name: str
    kind: str
    sets: tuple[tuple[tuple[str, ...], date, date], ...]


def last_code(code: str) -> str:
    """Return the last code of an area that took another; else the code itself."""
    return same_area_codes(code)[-1] if code in every_area() else code


# --------------------------------------------------------------------------- who is in whom


@cache
def packaged_sums() -> tuple[AreaSum, ...]:
    """Return England, the regions and the combinations, each with its councils over time.

    Returns
    -------
    tuple of AreaSum
        With the last code of councils that took another.
    """
    areas = every_area()
    councils = [one for one in areas.values() if one.kind == "area"]
    found = []
    for one in areas.values():
        if one.kind in ("country", "region"):
            own = [x for x in councils if one.kind == "country" or x.region_code == one.code]
            found.append(AreaSum(one.code, one.name, one.kind, tuple(_sets_over_time(own))))
    for combined in combined_areas().values():
        sets = tuple(
            (_last_codes(x.members), x.valid_from or date.min, x.valid_to or date.max)
            for x in combined.sets
        )
        found.append(AreaSum(combined.code, combined.name, "combined", sets))
    return tuple(found)


def _last_codes(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({last_code(code) for code in codes}))


def _sets_over_time(councils: Sequence[Area]) -> Iterator[tuple[tuple[str, ...], date, date]]:
    """The councils of each time between two changes."""
    spans: list[tuple[tuple[str, ...], date]] = []
    for start in sorted({one.valid_from or date.min for one in councils}):
        members = _last_codes(one.code for one in councils if one.is_valid(start))
        if not spans or spans[-1][0] != members:
            spans.append((members, start))
    for number, (members, start) in enumerate(spans):
        last = number == len(spans) - 1
        yield members, start, date.max if last else spans[number + 1][1] - timedelta(days=1)


# --------------------------------------------------------------------------- sums of councils


class _Grid:
    """Figures of councils: a row an area, a column a period; NaN and -1 where there is none."""

    def __init__(self, frame: pd.DataFrame) -> None:
        rows, codes = pd.factorize(frame["area_code"])
        start, end = (
            frame[name].to_numpy("datetime64[D]").astype(np.int64)
            for name in ("period_start", "period_end")
        )
        columns, periods = pd.factorize(start * 100_000 + (end - start))
        self.at = {code: number for number, code in enumerate(codes)}
        self.start = periods // 100_000
        self.end = self.start + periods % 100_000
        self.place = np.full((len(codes), len(periods)), -1)
        self.place[rows, columns] = np.arange(len(frame))
        numbers = {name: frame[name].to_numpy(np.float64) for name in _PARTS}
        numbers["both"] = numbers["numerator"] + numbers["denominator"]
        self.values = {name: np.append(x, np.nan)[self.place] for name, x in numbers.items()}
        files, self.files = pd.factorize(frame["file"], sort=True)
        self.file = np.append(files, -1)[self.place]
        self.dates = {
            name: np.append(_stamps(frame[name]), _NEVER)[self.place]
            for name in ("published", "revised")
        }
        self.words = {name: frame[name].to_numpy(object) for name in ("of", "base", "unit")}


_NEVER = np.iinfo(np.int64).min


def _stamps(days: pd.Series) -> NDArray[np.int64]:
    return np.asarray(days.to_numpy("datetime64[ms]").astype(np.int64))


def with_sums(
    frame: pd.DataFrame, sums: Sequence[AreaSum], *, is_count: bool, multiplier: float | None
) -> pd.DataFrame:
    """Return figures with those of areas that are sums of others, where none is published.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of one indicator, in the columns of `series_parts`.
    sums : sequence of AreaSum
        What to sum. Of its sets the one in force in the period is taken if all its members have
        a figure, else another of which all have; if there is none, the figure is missing.
    is_count : bool
        Whether values are added; else numerators and denominators are, and a figure without
        these has no sums.
    multiplier : float or None
        Of the ratio of these sums.

    Returns
    -------
    pandas.DataFrame
        The same rows and the sums.
    """
    councils = frame[frame["area_kind"] == "area"]
    if not is_count:
        has_both = councils["numerator"].notna() & councils["denominator"].notna()
        councils = councils if multiplier is not None and has_both.any() else councils[:0]
    if not len(councils) or not sums:
        return frame
    grid = _Grid(councils)
    made = [_sum(grid, one, None if is_count else multiplier) for one in sums]
    columns = {name: np.concatenate([one[name] for one in made]) for name in COLUMNS}
    found = pd.DataFrame({name: _series(values) for name, values in columns.items()}, copy=False)
    published = set(_keys(frame[frame["area_kind"] != "area"]))
    found = found[[key not in published for key in _keys(found)]]
    return pd.concat([frame, found], ignore_index=True) if len(found) else frame


def _keys(frame: pd.DataFrame) -> Iterator[tuple[str, int, int]]:
    """Area and period of each row; for a few thousand, faster than an index of three columns."""
    code, *days = (frame[name] for name in KEYS)
    return zip(code.to_numpy(object), *(_stamps(day).tolist() for day in days), strict=True)


def _series(values: NDArray[Any]) -> pd.Series:
    return pd.Series(values, dtype=values.dtype)


def _sum(grid: _Grid, one: AreaSum, multiplier: float | None) -> dict[str, NDArray[Any]]:
    """Columns of an area's sums; of values, or of numerators and denominators if multiplied."""
    sets = [_Members(grid, *members) for members in one.sets]
    every = sorted({number for members in sets for number in members.at})
    periods = np.flatnonzero((grid.place[every] >= 0).any(axis=0))
    judged = "value" if multiplier is None else "both"
    have = np.array([members.have(judged) for members in sets])
    sizes = np.array([members.size for members in sets])
    in_force = np.array([members.in_force for members in sets])
    best = np.argmax((have == sizes[:, np.newaxis]) * 2 + in_force, axis=0)[periods]

    def chosen(numbers: Sequence[NDArray[Any]]) -> NDArray[Any]:
        return np.asarray(np.array(numbers)[best, periods])

    both = chosen([members.have("both") for members in sets]) == sizes[best]
    totals = {name: chosen([members.total(name) for members in sets]) for name in _PARTS}
    if multiplier is not None:
        totals["value"] = multiplier * totals["numerator"] / _or_nan(totals["denominator"])
    found, size = chosen(list(have)), sizes[best]
    without = np.array([members.without for members in sets], dtype=object)[best]
    return {
        **_named(one, len(periods)),
        "period_start": grid.start[periods].astype("datetime64[D]").astype("datetime64[ms]"),
        "period_end": grid.end[periods].astype("datetime64[D]").astype("datetime64[ms]"),
        "value": np.where(found == size, totals["value"], np.nan),
        "numerator": np.where(both, totals["numerator"], np.nan),
        "denominator": np.where(both, totals["denominator"], np.nan),
        **_gathered(grid, _mask(grid, sets, every, best, found), periods, found),
        "note": _notes(found, size, without),
    }


class _Members:
    """One set of members of a sum, as far as an indicator has rows of them."""

    def __init__(self, grid: _Grid, codes: tuple[str, ...], start: date, end: date) -> None:
        left_out = [code for code in codes if code in OFTEN_LEFT_OUT and code not in grid.at]
        self.grid = grid
        self.at = np.array([grid.at[code] for code in codes if code in grid.at], np.int64)
        self.size = len(codes) - len(left_out)
        self.without = " and ".join(OFTEN_LEFT_OUT[code] for code in left_out)
        first, last = ((day - date(1970, 1, 1)).days for day in (start, end))
        self.in_force: Bools = (grid.start >= first) & (grid.end <= last)

    def have(self, name: str) -> NDArray[np.int64]:
        """How many have a figure, a number a period."""
        return np.asarray(np.isfinite(self.grid.values[name][self.at]).sum(axis=0))

    def total(self, name: str) -> Floats:
        """Sum of those that have, a number a period."""
        return np.asarray(np.nansum(self.grid.values[name][self.at], axis=0))


def _mask(
    grid: _Grid,
    sets: Sequence[_Members],
    every: Sequence[int],
    best: NDArray[np.int64],
    have: NDArray[np.int64],
) -> Bools:
    """Which areas a sum is made of, a column a period; where none has a figure, those named."""
    found = np.zeros((len(grid.place), len(best)), dtype=np.bool_)
    for number, members in enumerate(sets):
        columns = np.flatnonzero((best == number) & (have > 0))
        found[np.ix_(members.at, columns)] = True
    found[np.ix_(np.array(every, np.int64), np.flatnonzero(have == 0))] = True
    return found


def _or_nan(numbers: Floats) -> Floats:
    return np.where(numbers == 0, np.nan, numbers)


def _named(one: AreaSum, count: int) -> dict[str, NDArray[Any]]:
    words = {"area_code": one.code, "area": one.name, "area_kind": one.kind}
    return {name: np.full(count, word, dtype=object) for name, word in words.items()}


def _notes(have: NDArray[np.int64], size: NDArray[np.int64], without: NDArray[Any]) -> NDArray[Any]:
    told = np.full(len(have), None, dtype=object)
    for place in np.flatnonzero((have < size) | (without != "")):
        if have[place] < size[place]:
            areas = _counted(size[place], "area")
            told[place] = f"{have[place]} of {areas} have a figure; a sum needs all"
        else:
            told[place] = f"without {without[place]}, of which nothing is published"
    return told


def _gathered(
    grid: _Grid, chosen: NDArray[np.bool_], periods: NDArray[np.int64], have: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """What sums say of the rows that they are made of: files, dates, unit."""
    number = np.where(chosen, grid.file[:, periods], -1)
    last = number.max(axis=0)
    first = np.where(number < 0, last, number).min(axis=0)
    files = np.asarray(grid.files, dtype=object)[last]
    for place in np.flatnonzero(first != last):
        named = np.unique(number[:, place])
        files[place] = _files(grid.files, named[named >= 0])
    sources = [f"sum of {_counted(n, 'area')} in {x}" for n, x in zip(have, files, strict=True)]
    row = np.where(chosen, grid.place[:, periods], -1).max(axis=0)
    dates = {
        name: np.where(chosen, stamps[:, periods], _NEVER).max(axis=0).astype("datetime64[ms]")
        for name, stamps in grid.dates.items()
    }
    words = {name: words[row] for name, words in grid.words.items()}
    return {**dates, **words, "file": files, "source": np.array(sources, dtype=object)}


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _files(names: Sequence[str], numbers: NDArray[np.int64]) -> str:
    """Names of up to two files, and how many more there are."""
    words = [str(names[number]) for number in numbers[:2]]
    if len(numbers) > 2:
        words.append(_counted(len(numbers) - 2, "more file"))
    return "; ".join(words)


# --------------------------------------------------------------------------- sums over trusts


def trust_sums(rows: pd.DataFrame, *, computed: bool, is_count: bool, least: int) -> pd.DataFrame:
    """Return England's rows as sums over the trusts that reported.

    Parameters
    ----------
    rows : pandas.DataFrame
        A row a figure with x, y, z, numerator, denominator and ``usable``.
    computed, is_count : bool
        What the indicator is; a ratio that is not computed is summed by numerator and
        denominator.
    least : int
        Trusts that must have a row in the period.

    Returns
    -------
    pandas.DataFrame
        In the same columns; empty where there are too few trusts, or none reported.
    """
    trusts = rows[rows["area_kind"] == "trust"]
    if len(trusts) < least:
        return rows[:0]
    usable = trusts["usable"]
    if not computed and not is_count:
        usable = usable & trusts["numerator"].notna() & trusts["denominator"].notna()
    period = ["period_start", "period_end"]
    counted = trusts.groupby(period)["usable"].transform("size") >= least
    trusts, usable = trusts[counted], usable[counted]
    if not usable.any():
        return rows[:0]
    every = trusts.groupby(period).size()
    kept = trusts[usable].groupby(period)
    numbers = ["x", "y", "z", "numerator", "denominator"]
    found = kept[numbers].sum(min_count=1)
    for name in ("of", "base", "unit"):
        found[name] = kept[name].first()
    for name in ("published", "revised", "z_day"):
        found[name] = kept[name].max()
    found["file"] = kept["file"].agg(
        lambda names: _files(sorted(set(names)), np.arange(len(set(names))))
    )
    reported = kept.size()
    found["x_source"] = [
        f"sum over {_counted(n, 'trust')} in {file}"
        for n, file in zip(reported, found["file"], strict=True)
    ]
    found["x_note"] = [
        f"sum over the {n} of {m} trusts that reported"
        for n, m in zip(reported, every[reported.index], strict=True)
    ]
    found = found.reset_index().assign(
        area_code=ENGLAND, area="England", area_kind="country", usable=True, ours=True
    )
    return found.reindex(columns=rows.columns)
