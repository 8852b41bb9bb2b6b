"""Daily figures of a store, and what a month of them adds up to.

A store may hold a million daily figures and a series has a few thousand months of them. The
figures of one indicator are held as numbers, sorted by area and day; texts that many figures have
in common (file, unit, area: a book) once, and the cells as Arrow. Only what a month tells of its
first and last day is put into words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from wholesystem.errors import OurFault

__all__ = ["Days", "month_sums"]

# More than there are days from the year 1 to the year 9999.
_DAYS = 1 << 22
_FIRST_DAY = -719_162
_NEVER = np.iinfo(np.int64).min

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Days:
    """Current figures of one indicator, one a day and area, in order of area and day.

    Parameters
    ----------
    rows : pyarrow.Table
        Of `days_sql`: every revision.
    books : pyarrow.Table
        Of `books_sql`.
    """

    def __init__(self, rows: pa.Table, books: pa.Table) -> None:
        areas = rows["area_code"].combine_chunks().dictionary_encode()
        # In order of their codes, so that sums over areas come out alike to the last digit.
        order, self.codes = pd.factorize(np.array(areas.dictionary.to_pylist(), object), sort=True)
        day = rows["period_start"].cast(pa.int32()).to_numpy().astype(np.int64)
        key = order[areas.indices.to_numpy()] * _DAYS + (day - _FIRST_DAY)
        order = np.lexsort((rows["rank"].to_numpy(), key))
        key = key[order]
        is_last = np.append(key[1:] != key[:-1], True)[: len(key)]
        order, self.key = order[is_last], key[is_last]
        self.area, self.day = self.key // _DAYS, self.key % _DAYS + _FIRST_DAY
        self.numbers: dict[str, Floats] = {
            name: _floats(rows[name])[order] for name in ("value", "numerator", "denominator")
        }
        self.cells = rows["cell"].combine_chunks().take(pa.array(order))
        self.books = _Books(books)
        self.book = self.books.places(rows["book"].to_numpy()[order])

    def places_in(self, other: Days) -> Ints:
        """Where the same area and day is in another; -1 where it is not."""
        at = {code: number for number, code in enumerate(other.codes)}
        areas = np.array([at.get(code, -1) for code in self.codes], np.int64)
        key = areas[self.area] * _DAYS + self.key % _DAYS
        place = np.searchsorted(other.key, key)
        found = np.append(other.key, -1)[place] == key
        return np.where(found, place, -1)

    def sources(self, places: Ints) -> NDArray[Any]:
        """File, sheet and cell of some figures; None where the place is -1."""
        told = np.full(len(places), None, dtype=object)
        some = np.flatnonzero(places >= 0)
        cells = self.cells.take(pa.array(places[some])).to_pylist()
        sheets = self.books.sheets[self.book[places[some]]]
        told[some] = [
            sheet if cell is None else f"{sheet}, cell {cell}"
            for sheet, cell in zip(sheets, cells, strict=True)
        ]
        return told


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.cast(pa.float64()).fill_null(np.nan).to_numpy())


class _Books:
    """Texts and dates that many figures have in common."""

    def __init__(self, table: pa.Table) -> None:
        table = table.sort_by("book")
        self.numbers = table["book"].to_numpy()
        if (self.numbers[1:] == self.numbers[:-1]).any():  # else a figure could name another file
            raise OurFault(
                "Two texts of daily figures have one number, which is all but impossible."
                " Nothing was worked out. Load these files into several stores."
            )
        self.words: dict[str, NDArray[Any]] = {}
        self.dates: dict[str, Ints] = {}
        for name in table.column_names:
            if pa.types.is_string(table[name].type):
                self.words[name] = np.array([*table[name].to_pylist(), None], dtype=object)[:-1]
            elif pa.types.is_date(table[name].type):
                days = table[name].cast(pa.int32()).cast(pa.int64())
                self.dates[name] = days.fill_null(_NEVER).to_numpy()
        sheets = zip(self.words["file"], self.words["sheet"], strict=True)
        named = [file if sheet is None else f"{file}, sheet {sheet}" for file, sheet in sheets]
        self.sheets = np.array([*named, None], dtype=object)[:-1]

    def places(self, numbers: NDArray[Any]) -> Ints:
        return np.searchsorted(self.numbers, numbers)

    def ordered(self, name: str) -> tuple[Ints, NDArray[Any]]:
        """Number of each book's word in alphabetical order, -1 for none; and the words."""
        words = sorted({word for word in self.words[name] if word is not None})
        at = {word: number for number, word in enumerate(words)}
        places = np.array([at.get(word, -1) for word in self.words[name]], np.int64)
        return places, np.array([*words, None], dtype=object)


class _Months:
    """Runs of days of one area and month."""

    def __init__(self, days: Days, at: Ints, whole: Bools) -> None:
        self.days, self.at, self.whole = days, at, whole
        self.area = days.area[at]
        self.month = days.day[at].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        is_first = (np.diff(self.area) != 0) | (np.diff(self.month) != 0)
        is_first = np.append(True, is_first)[: len(at)]
        self.first, self.number = np.flatnonzero(is_first), np.cumsum(is_first) - 1
        self.last = np.append(self.first[1:], len(at))[: len(self.first)] - 1
        self.book = days.book[at]
        self.first_whole, self.last_whole = self.first_where(whole), self.last_where(whole)

    def named(self) -> dict[str, Any]:
        """Area and month of each, and how many days are whole."""
        month = self.month[self.first].astype("datetime64[M]")
        return {
            "area_code": _texts(self.days.codes[self.area[self.first]]),
            "month": month.astype("datetime64[ms]"),
            "days": np.add.reduceat(self.whole.astype(np.int64), self.first),
        }

    def said(self) -> dict[str, Any]:
        """Texts and dates of each."""
        return {
            **{name: self.words(name, self.last) for name in ("area", "area_kind", "of")},
            **{name: self.greatest(name) for name in ("base", "unit")},
            **self.files(),
            **{name: self.latest(name) for name in ("published", "revised")},
            "note": self.words("note", self.first_where(~self.whole)),
        }

    def total(self, numbers: Floats) -> Floats:
        """Sum over the whole days; NaN where none has a number."""
        counts = self.whole & ~np.isnan(numbers)
        sums = np.add.reduceat(np.where(counts, numbers, 0.0), self.first)
        return np.where(np.logical_or.reduceat(counts, self.first), sums, np.nan)

    def first_where(self, mask: Bools) -> Ints:
        """Number of the first day of each month that is so; -1 where none is."""
        number = np.where(mask, np.arange(len(mask)), len(mask))
        found = np.minimum.reduceat(number, self.first)
        return np.where(found < len(mask), found, -1)

    def last_where(self, mask: Bools) -> Ints:
        """Number of the last day of each month that is so; -1 where none is."""
        return np.maximum.reduceat(np.where(mask, np.arange(len(mask)), -1), self.first)

    def latest(self, name: str) -> NDArray[np.datetime64]:
        days = np.maximum.reduceat(self.days.books.dates[name][self.book], self.first)
        return days.astype("datetime64[D]").astype("datetime64[ms]")

    def greatest(self, name: str) -> pd.Series:
        places, words = self.days.books.ordered(name)
        return _texts(words[np.maximum.reduceat(places[self.book], self.first)])

    def files(self) -> dict[str, Any]:
        """First and last name of a file in alphabetical order, and how many there are."""
        places, words = self.days.books.ordered("file")
        file = places[self.book]
        pairs = np.unique(self.number * len(words) + file) // len(words)
        return {
            "file": _texts(words[np.minimum.reduceat(file, self.first)]),
            "last_file": _texts(words[np.maximum.reduceat(file, self.first)]),
            "files": np.bincount(pairs, minlength=len(self.first)),
        }

    def words(self, name: str, number: Ints) -> pd.Series:
        """Return a text of one day of each month; None where the number is -1."""
        words = np.append(self.days.books.words[name], [None])
        return _texts(words[np.append(self.book, -1)[number]])


def month_sums(
    days: Days, beside: Mapping[str, Days] | None = None, more: Sequence[str] = ()
) -> pd.DataFrame:
    """Return sums over the days of each month that are whole, and how many these are.

    Parameters
    ----------
    days : Days
        The figures: x.
    beside : mapping of str to Days, optional
        Other parts by role, y and z. A day counts if z has a row of it, and is whole if all
        parts have a figure.
    more : sequence of str
        Columns to sum besides the values of the parts: ``numerator``, ``denominator``.

    Returns
    -------
    pandas.DataFrame
        A row an area and ``month`` (its first day): ``days``, the sums, ``file``, ``last_file``
        and ``files``; of each part ``<role>_source_first`` and ``_last``; texts of the last day;
        ``note`` of the first day that is not whole.
    """
    parts = {"x": days, **(beside or {})}
    places = {role: days.places_in(other) for role, other in parts.items()}
    at = np.flatnonzero(places["z"] >= 0) if "z" in places else places["x"]
    places = {role: place[at] for role, place in places.items()}
    numbers = {role: _at(parts[role].numbers["value"], place) for role, place in places.items()}
    whole = np.logical_and.reduce([~np.isnan(column) for column in numbers.values()])
    numbers |= {name: days.numbers[name][at] for name in more}
    months = _Months(days, at, whole)
    return pd.DataFrame(
        {
            **months.named(),
            **{name: months.total(column) for name, column in numbers.items()},
            **_sources(months, parts, places),
            **months.said(),
        }
    )


def _at(numbers: Floats, places: Ints) -> Floats:
    return np.append(numbers, np.nan)[places]


def _sources(
    months: _Months, parts: Mapping[str, Days], places: Mapping[str, Ints]
) -> dict[str, pd.Series]:
    """Of each part that of the first and that of the last whole day."""
    found = {}
    for end, number in (("first", months.first_whole), ("last", months.last_whole)):
        for role, place in places.items():
            chosen = np.append(place, -1)[number]
            found[f"{role}_source_{end}"] = _texts(parts[role].sources(chosen))
    return found


def _texts(words: NDArray[Any]) -> pd.Series:
    return pd.Series(words, dtype=object)
