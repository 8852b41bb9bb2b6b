"""Figures of the parts of a series: fetched from a store, daily ones made months of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wholesystem.indicators.areas import every_area, same_area_codes
from wholesystem.indicators.queries import ASKED, PART_COLUMNS, query
from wholesystem.indicators.series_days import Days, month_sums

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator
    from wholesystem.indicators.store import Store

__all__ = ["COLUMNS", "KEYS", "fetch_days", "fetch_parts", "joined", "paired_months"]

# Indicators fetched by one query: more take more memory and no less time.
AT_ONCE = 8

KEYS = ["area_code", "period_start", "period_end"]
COLUMNS = [
    *(name for name in PART_COLUMNS if name not in ("indicator", "sheet", "cell")),
    "source",
]

_ARROW = {"string": pa.string(), "boolean": pa.bool_(), "int64": pa.int64(), "date": pa.date32()}
_BOTH = ("numerator", "denominator")


def fetch_parts(
    store: Store,
    indicators: Sequence[Indicator],
    known_on: date,
    *,
    months: bool = True,
    sourced: Collection[str] | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the current figures of stored indicators, daily ones as months.

    Parameters
    ----------
    store : Store
        That holds them.
    indicators : sequence of Indicator
        Read from files.
    known_on : date
        As known at the end of that day.
    months : bool
        Whether daily figures are made months of; else they are left out.
    sourced : collection of str, optional
        Codes of the areas and trusts of which ``source`` is told; all if None.

    Returns
    -------
    dict of str to DataFrame
        By id: `COLUMNS`, a row an area and period; empty where the store has none.
    """
    found: dict[str, pd.DataFrame] = {}
    for first in range(0, len(indicators), AT_ONCE):
        some = indicators[first : first + AT_ONCE]
        found |= _fetch(store, some, known_on, sourced)
        for one in some:
            if one.monthly != "as_is" and months:
                [days] = fetch_days(store, [(one, one.monthly)], known_on, sourced=sourced)
                sums = month_sums(days, more=_BOTH)
                made = _months_of_one(sums, one.monthly, sourced)
                found[one.indicator] = joined([found[one.indicator], made])
    return found


def _fetch(
    store: Store,
    indicators: Sequence[Indicator],
    known_on: date,
    sourced: Collection[str] | None,
) -> dict[str, pd.DataFrame]:
    asked = [_row(one, one.monthly, known_on) for one in indicators]
    daily = [row for row in asked if row["monthly"] != "as_is"]
    if daily:
        # Few of these stand as published too, and to find none reads the cells of every day.
        names = _run(store, "standing_names", daily)["indicator"].to_pylist()
        asked = [row for row in asked if row not in daily or row["indicator"] in names]
    return _split(_run(store, "standing", asked), indicators, sourced)


def fetch_days(
    store: Store,
    parts: Iterable[tuple[Indicator, str]],
    known_on: date,
    *,
    sourced: Collection[str] | None = None,
) -> list[Days]:
    """Return the daily figures of stored indicators.

    Parameters
    ----------
    store : Store
        That holds them.
    parts : iterable of (Indicator, str)
        Read from files, each with what its days are made months by; none are daily if ``as_is``.
    known_on : date
        As known at the end of that day.
    sourced : collection of str, optional
        Codes of the areas and trusts of which cells are told; all if None.

    Returns
    -------
    list of Days
        Of all areas; one a part, in that order.
    """
    asked = [_row(part, monthly, known_on) for part, monthly in parts]
    books = _run(store, "books", asked)
    if sourced is None:
        days = (_run(store, "days_with_cells", [row]) for row in asked)
    else:
        # Cells take most of the time of reading, and few of them are shown.
        told = _run(store, "days_of_areas", asked, sourced)
        days = (_with_cells(_run(store, "days", [row]), _of(told, row)) for row in asked)
    return [Days(rows, _of(books, row)) for rows, row in zip(days, asked, strict=True)]


def _of(table: pa.Table, row: Mapping[str, Any]) -> pa.Table:
    """Rows of one of the indicators asked for."""
    names = ["indicator", "monthly"]
    is_its = pc.and_(*(pc.equal(table[name], row[name]) for name in names))
    return table.filter(is_its).drop_columns(names)


def _with_cells(rows: pa.Table, told: pa.Table) -> pa.Table:
    """Daily figures of all areas, of which some have their cells."""
    others = rows.filter(pc.invert(pc.is_in(rows["area_code"], pc.unique(told["area_code"]))))
    return pa.concat_tables([others, told], promote_options="default")


def paired_months(
    one: Indicator, days: Mapping[str, Days], *, sourced: Collection[str] | None = None
) -> dict[str, pd.DataFrame]:
    """Return the parts of a ratio of daily figures, over the days that have all of them.

    Parameters
    ----------
    one : Indicator
        Computed.
    days : mapping of str to Days
        By role: x, z, and y where something is taken off.
    sourced : collection of str, optional
        As of `fetch_parts`.

    Returns
    -------
    dict of str to DataFrame
        By role: months of the daily figures.
    """
    beside = {role: part for role, part in days.items() if role != "x"}
    sums = month_sums(days["x"], beside)
    months = _with_periods(sums)
    enough = months["days"] * 2 >= months["all_days"]
    note = _short_months(months, enough, "; fewer than half")
    over = months["days"].where(months["days"] > 0) if one.monthly == "mean" else 1
    found = {}
    for role in days:
        frame = months.assign(
            value=(months[role] / over).where(enough),
            numerator=np.nan,
            denominator=np.nan,
            source=_span(months, f"{role}_source", sourced),
            note=note if role == "x" else None,
        )
        found[role] = frame[COLUMNS]
    return found


def _row(part: Indicator, monthly: str, known_on: date) -> dict[str, Any]:
    return {"indicator": part.indicator, "monthly": monthly, "known_on": known_on}


def _run(
    store: Store, name: str, asked: Iterable[Mapping[str, Any]], areas: Iterable[str] = ()
) -> pa.Table:
    """Rows of a query, of the indicators and areas asked for."""
    codes = {code for area in areas for code in same_area_codes(area)}
    tables = {
        "asked_parts": _table("asked_parts", asked),
        "asked_codes": _codes(),
        "asked_areas": _table("asked_areas", ({"area_code": code} for code in sorted(codes))),
    }
    return store.run_with(query(name), tables).combine_chunks()


def _table(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    fields = [(column, _ARROW[kind]) for column, kind in ASKED[name].items()]
    return pa.Table.from_pylist(list(rows), schema=pa.schema(fields))


@cache
def _codes() -> pa.Table:
    """Codes of areas that took another code, with the last one."""
    rows = []
    for code in every_area():
        codes = same_area_codes(code)
        if len(codes) > 1:
            rows.append({"code": code, "last_code": codes[-1], "place": codes.index(code)})
    return _table("asked_codes", rows)


def _split(
    table: pa.Table, indicators: Iterable[Indicator], sourced: Collection[str] | None
) -> dict[str, pd.DataFrame]:
    """Current figures of each indicator, in order of area and period."""
    numbers, names = _encoded(table["indicator"])
    order = _current(table, numbers)
    whole = _frame(table.select([name for name in COLUMNS if name != "source"]), order)
    whole["source"] = _sources(table, order, sourced)
    found = {}
    for one in indicators:
        number = names.get(one.indicator, len(names))
        first, end = np.searchsorted(numbers[order], [number, number + 1])
        found[one.indicator] = whole.iloc[first:end].reset_index(drop=True)
    return found


def _encoded(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], dict[str, int]]:
    """Text as numbers in alphabetical order, and the number of each."""
    encoded = column.combine_chunks().dictionary_encode()
    words = np.array(encoded.dictionary.to_pylist(), dtype=object)
    places = np.argsort(np.argsort(words))
    return places[encoded.indices.to_numpy()], dict(zip(words, places.tolist(), strict=True))


def _current(table: pa.Table, indicator: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of the highest rank, in order of indicator, area and period."""
    area, names = _encoded(table["area_code"])
    start, end = (
        table[name].cast(pa.int32()).to_numpy().astype(np.int64)
        for name in ("period_start", "period_end")
    )
    keys = (table["rank"].to_numpy(), end, start, indicator * (len(names) + 1) + area)
    order = np.lexsort(keys)
    changes = [np.diff(key[order]) != 0 for key in keys[1:]]
    is_last = np.append(np.logical_or.reduce(changes), True)[: len(order)]
    return np.asarray(order[is_last])


def _frame(table: pa.Table, order: NDArray[np.int64]) -> pd.DataFrame:
    """Text as Python objects: rows are taken and put together in a tenth of the time of Arrow's."""
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_string(column.type):
            columns[name] = pd.Series(_shared(column, order), dtype=object)
        else:
            columns[name] = column.take(pa.array(order)).to_pandas(date_as_object=False)
    return pd.DataFrame(columns, copy=False)


def _sources(
    table: pa.Table, order: NDArray[np.int64], sourced: Collection[str] | None
) -> pd.Series:
    """File, sheet and cell of some rows, without what is missing; None where it is not told."""
    told = np.full(len(order), None, dtype=object)
    some = np.flatnonzero(_is_told(table["area_code"], sourced)[order])
    rows = table.select(["file", "sheet", "cell"]).take(pa.array(order[some]))
    sheet, cell = (pc.binary_join_element_wise(name, rows[name], " ") for name in ("sheet", "cell"))
    joined = pc.binary_join_element_wise(rows["file"], sheet, cell, ", ", null_handling="skip")
    told[some] = joined.to_numpy(zero_copy_only=False)
    return pd.Series(told, dtype=object)


def _is_told(codes: Any, sourced: Collection[str] | None) -> NDArray[np.bool_]:
    """Whether the source of each figure is told."""
    if sourced is None:
        return np.ones(len(codes), dtype=np.bool_)
    found = pc.is_in(codes, pa.array(sorted(sourced), pa.string()))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def _shared(column: pa.ChunkedArray, order: NDArray[np.int64]) -> NDArray[Any]:
    """Text of some rows, of which equal ones are one object; None where there is none."""
    encoded = column.combine_chunks().dictionary_encode()
    words = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    return np.asarray(words[encoded.indices.fill_null(len(words) - 1).to_numpy()[order]])


def joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return frames one below the other; empty ones say nothing of types."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]


# --------------------------------------------------------------------------- months of days


def _months_of_one(
    sums: pd.DataFrame, monthly: str, sourced: Collection[str] | None
) -> pd.DataFrame:
    months = _with_periods(sums)
    strict = monthly == "sum"
    # A sum that lacks days is too small; a mean of half the days may stand for the month.
    enough = months["days"] >= months["all_days"] * (1.0 if strict else 0.5)
    over = 1 if strict else months["days"].where(months["days"] > 0)
    lacking = "; a sum needs all" if strict else "; fewer than half"
    return months.assign(
        value=(months["x"] / over).where(enough),
        numerator=(months["numerator"] / over).where(enough),
        denominator=(months["denominator"] / over).where(enough),
        source=_span(months, "x_source", sourced),
        note=_short_months(months, enough, lacking),
    )[COLUMNS]


def _with_periods(sums: pd.DataFrame) -> pd.DataFrame:
    start = sums["month"].astype("datetime64[ms]")
    end = (start + pd.offsets.MonthEnd(0)).astype("datetime64[ms]")
    return sums.assign(
        period_start=start,
        period_end=end,
        all_days=end.dt.day,
        file=_files_in_words(sums),
    )


def _files_in_words(sums: pd.DataFrame) -> pd.Series:
    rows = zip(sums["file"], sums["last_file"], sums["files"], strict=True)
    return _texts(sums, (_some_files(*row) for row in rows))


def _some_files(first: str, last: str, count: int) -> str:
    if count == 1:
        return first
    more = f"; {count - 2} more file{'' if count == 3 else 's'}" if count > 2 else ""
    return f"{first}; {last}{more}"


def _span(months: pd.DataFrame, name: str, sourced: Collection[str] | None) -> pd.Series:
    """Cells of the first and the last day that count; the file where none does."""
    told = _is_told(pa.array(months["area_code"], pa.string()), sourced)
    columns = (months[x].to_numpy(object) for x in ("file", f"{name}_first", f"{name}_last"))
    rows = zip(told, *columns, strict=True)
    return _texts(months, (_from_to(*row) if is_told else None for is_told, *row in rows))


def _from_to(file: str, first: str | None, last: str | None) -> str:
    if first is None or last is None:
        return file
    return first if first == last else f"{first} to {last}"


def _texts(frame: pd.DataFrame, texts: Iterable[str | None]) -> pd.Series:
    return pd.Series(list(texts), frame.index, dtype=object)


def _short_months(months: pd.DataFrame, enough: pd.Series, lacking: str) -> pd.Series:
    """What is said of a month that lacks days; nothing of a whole one."""
    rows = zip(months["days"], months["all_days"], enough, months["note"], strict=True)
    return _texts(months, (_said_of(*row, lacking) for row in rows))


def _said_of(days: int, all_days: int, enough: bool, why: str | None, lacking: str) -> str | None:
    if days == all_days:
        return None
    because = f"; {why}" if why else ""
    return f"{days} of {all_days} days have a figure{'' if enough else lacking}{because}"
