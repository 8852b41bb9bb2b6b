"""Figures that two files give differently, both on one day of publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wholesystem.errors import Fault
from wholesystem.indicators.loaders.loaded import Loaded, LoadError
from wholesystem.indicators.observations import MOST_FAULTS, place_of

__all__ = ["part_conflicts"]

_KEY = ("indicator", "area_code", "period_start", "period_end", "known")


def part_conflicts(loaded: Sequence[Loaded]) -> tuple[list[Loaded], list[LoadError]]:
    """Part files that contradict each other from the others.

    Parameters
    ----------
    loaded : sequence of Loaded
        Of one load.

    Returns
    -------
    good : list of Loaded
        Those that contradict none. One whose figures all stand in an earlier file, with the same
        values, has a warning that says so.
    errors : list of LoadError
        One for each file that does, with the cells of both.
    """
    faults: dict[int, list[Fault]] = {}
    copies: dict[int, tuple[int, str]] = {}
    for rows in _repeated_figures(loaded):
        _look_at_group(rows, loaded, faults, copies)
    errors = [LoadError(_cut(faults[i], loaded[i].file)) for i in sorted(faults)]
    good = [_with_warning(one, copies.get(i)) for i, one in enumerate(loaded) if i not in faults]
    return good, errors


def _repeated_figures(loaded: Sequence[Loaded]) -> list[list[tuple[int, int]]]:
    """File and row of each figure that stands in the load more than once, figure by figure."""
    tables = [one.observations for one in loaded]
    sizes = np.array([table.num_rows for table in tables], dtype=np.int64)
    if len(tables) < 2 or not sizes.sum():
        return []
    _, number, count = np.unique(_keys(tables), return_inverse=True, return_counts=True)
    places = np.flatnonzero(count[number] > 1)
    order = places[np.argsort(number[places], kind="stable")]
    starts = np.cumsum(sizes) - sizes
    loads = np.searchsorted(starts, order, side="right") - 1
    # a file without a row starts where the next one does; the last of equals is the one with rows
    pairs = list(zip(loads.tolist(), (order - starts[loads]).tolist(), strict=True))
    edges = np.flatnonzero(np.diff(number[order])) + 1
    bounds = [0, *edges.tolist(), len(pairs)] if pairs else []
    return [pairs[a:b] for a, b in pairwise(bounds)]


def _keys(tables: Sequence[pa.Table]) -> NDArray[np.int64]:
    """One number a figure and day of publication, over all tables."""
    joined = np.zeros(sum(table.num_rows for table in tables), dtype=np.int64)
    for name in _KEY:
        chunks = [chunk for table in tables for chunk in _column(table, name).chunks]
        coded = pc.dictionary_encode(pa.chunked_array(chunks)).combine_chunks()
        codes = np.asarray(coded.indices, dtype=np.int64)
        joined = joined * len(coded.dictionary) + codes
        _, joined = np.unique(joined, return_inverse=True)
    return joined


def _column(table: pa.Table, name: str) -> pa.ChunkedArray:
    if name != "known":
        return table[name]
    # a day without a date is one that never was
    none = pa.scalar(0, pa.int32()).cast(pa.date32())
    return pc.coalesce(table["revised"], table["published"], none)


def _look_at_group(
    rows: list[tuple[int, int]],
    loaded: Sequence[Loaded],
    faults: dict[int, list[Fault]],
    copies: dict[int, tuple[int, str]],
) -> None:
    first_load, first_row = rows[0]
    first = _value(loaded, first_load, first_row)
    for load, row in rows[1:]:
        if load == first_load:
            continue  # one file's own repeats are its loader's business
        if _value(loaded, load, row) == first:
            copies[load] = (copies.get(load, (0, ""))[0] + 1, loaded[first_load].file)
            continue
        one, two = (first_load, first_row), (load, row)
        for place, other in ((one, two), (two, one)):
            faults.setdefault(place[0], []).append(_fault(loaded, place, other))


def _value(loaded: Sequence[Loaded], load: int, row: int) -> float | None:
    value: float | None = loaded[load].observations["value"][row].as_py()
    return value


def _fault(loaded: Sequence[Loaded], place: tuple[int, int], other: tuple[int, int]) -> Fault:
    here, there = (_row(loaded, *one) for one in (place, other))
    rule = (
        f"{here['indicator']} of {here['area']}, {here['period_start']} to {here['period_end']},"
        f" is {_shown(there['value'])} in {place_of(there)}, and both have the same day of"
        " publication."
    )
    return Fault(place_of(here), _shown(here["value"]), rule, "Keep the file that is right.")


def _row(loaded: Sequence[Loaded], load: int, row: int) -> dict[str, object]:
    found: dict[str, object] = loaded[load].observations.slice(row, 1).to_pylist()[0]
    return found


def _shown(value: object) -> str:
    return "no figure" if value is None else f"{value:.12g}"


def _cut(faults: list[Fault], file: str) -> list[Fault]:
    if len(faults) <= MOST_FAULTS:
        return faults
    more = len(faults) - MOST_FAULTS
    rest = Fault(file, None, f"{more:,} more figures differ.", "Keep the file that is right.")
    return [*faults[:MOST_FAULTS], rest]


def _with_warning(one: Loaded, copy: tuple[int, str] | None) -> Loaded:
    if copy is None:
        return one
    count, other = copy
    note = (
        f"{one.file}: {count:,} of its {one.observations.num_rows:,} figures stand in {other} too,"
        " with the same values and day of publication"
    )
    return replace(one, warnings=(*one.warnings, note))
