"""What becomes of new observations beside those of a store: new, known already, or at odds.

Rows are put in order of figure (indicator, area and period) and of known date, so that a row
need only be compared with the one before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wholesystem.errors import Fault
from wholesystem.indicators.observations import KEY, MOST_FAULTS, place_of

__all__ = ["Sorted", "encoded", "in_order", "known_days", "last_known", "sort_new"]

EARLIEST = -(2**31)
_VALUES = ("value", "numerator", "denominator")
# Two readings of one published number may differ in the last bits, no more.
_SAME = 1e-9
_FIND_OUT = "Find out which is right, and leave the other file out or give it its revised date."

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Sorted:
    """New rows, told apart.

    Parameters
    ----------
    kept : pyarrow.Table
        To be written, in order.
    duplicates : ndarray of int, shape (n_duplicates,)
        Load of each row whose figure and known date were there already, with the same value.
    revisions : int
        Rows kept that change the figure known just before them.
    conflicts : dict of int to list of Fault
        By load: figures at odds with one that stands before; at most 100 of a load, and how many
        more there are.
    """

    kept: pa.Table
    duplicates: NDArray[np.int64]
    revisions: int
    conflicts: dict[int, list[Fault]]


def known_days(table: pa.Table) -> NDArray[np.int64]:
    """Return the date on which each row became known, in days since 1970.

    Parameters
    ----------
    table : pyarrow.Table
        With ``revised`` and ``published``.

    Returns
    -------
    ndarray of int, shape (n_rows,)
        Revised, else published, else earlier than any date.
    """
    known = pc.coalesce(table["revised"], table["published"]).cast(pa.int32())
    return np.asarray(pc.fill_null(known, EARLIEST)).astype(np.int64)


def in_order(table: pa.Table) -> pa.Table:
    """Return rows in order of indicator, area, period and known date, else as they stand.

    Parameters
    ----------
    table : pyarrow.Table
        With the columns of `OBSERVATIONS`.

    Returns
    -------
    pyarrow.Table
        The same rows.
    """
    keys = {name: pa.array(_ranks(table[name])) for name in KEY}
    keys |= {"known": pa.array(known_days(table)), "tie": pa.array(np.arange(table.num_rows))}
    order = pc.sort_indices(pa.table(keys), [(name, "ascending") for name in keys])
    return table.take(order)


def encoded(table: pa.Table) -> pa.Table:
    """Return the same rows with each text held once, which takes a third of the memory.

    Parameters
    ----------
    table : pyarrow.Table
        Conformed.

    Returns
    -------
    pyarrow.Table
        Its text dictionary-encoded.
    """
    columns = [c.dictionary_encode() if pa.types.is_string(c.type) else c for c in table.columns]
    return pa.table(columns, names=table.column_names)


def _ranks(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Numbers in the order of the values of a key column, which has no missing ones."""
    whole = column.combine_chunks()
    if not (pa.types.is_string(whole.type) or pa.types.is_dictionary(whole.type)):
        return np.asarray(whole.cast(pa.int32())).astype(np.int64)
    if pa.types.is_string(whole.type):
        whole = whole.dictionary_encode()
    words = pc.rank(whole.dictionary, tiebreaker="dense").to_numpy()
    return np.asarray(words[whole.indices.to_numpy()]).astype(np.int64)


def last_known(table: pa.Table) -> pa.Table:
    """Return of each figure the row that was known last, in order of indicator, area and period.

    Parameters
    ----------
    table : pyarrow.Table
        With the columns of `OBSERVATIONS`, one row a figure and known date.

    Returns
    -------
    pyarrow.Table
        Without the rows that a later one revises.
    """
    ordered = in_order(table)
    is_last = np.ones(table.num_rows, dtype=np.bool_)
    is_last[:-1] = ~_all_equal(ordered, KEY)[1:]
    return ordered.filter(pa.array(is_last))


def sort_new(new: pa.Table, stored: pa.Table, loads: NDArray[np.int64]) -> Sorted:
    """Tell new rows from those that are known already, and find those at odds.

    Parameters
    ----------
    new : pyarrow.Table
        Conformed and encoded, in the order in which the files were given.
    stored : pyarrow.Table
        Every row of the store that is of one of the same figures, conformed.
    loads : ndarray of int, shape (n_new,)
        Which file each new row is of.

    Returns
    -------
    Sorted
        A row that is at odds is not among `kept`.
    """
    both = pa.concat_tables([encoded(stored), new]).unify_dictionaries()
    numbered = both.append_column("place", pa.array(np.arange(both.num_rows)))
    both = in_order(numbered)
    place = np.asarray(both["place"]) - stored.num_rows
    is_new = place >= 0
    one_figure = _all_equal(both, KEY)
    one_date = one_figure & _follows(known_days(both))
    same = _same_values(both, one_date)
    keep = is_new & ~one_date
    at_odds = np.flatnonzero(one_date & ~same)
    return Sorted(
        kept=both.drop_columns("place").filter(pa.array(keep)),
        duplicates=loads[place[is_new & one_date & same]],
        revisions=int((keep & one_figure & ~same).sum()),
        conflicts=_conflicts(both, one_date, at_odds, loads[place[at_odds]]),
    )


def _follows(numbers: NDArray[np.int64]) -> Bools:
    """Whether each number equals the one before it."""
    found = np.zeros(len(numbers), dtype=np.bool_)
    found[1:] = numbers[1:] == numbers[:-1]
    return found


def _all_equal(table: pa.Table, columns: Sequence[str]) -> Bools:
    """Whether each row equals the one before it in some columns."""
    found = np.zeros(table.num_rows, dtype=np.bool_)
    found[1:] = True
    for name in columns:
        ranks = _ranks(table[name])
        found[1:] &= ranks[1:] == ranks[:-1]
    return found


def _same_values(table: pa.Table, one_date: Bools) -> Bools:
    """Whether each row's figures are those of its figure and date, or of the date before.

    A row is compared with the first of a date, since one that is at odds with that does not stand.
    """
    places = np.arange(table.num_rows)
    first_of_date = np.maximum.accumulate(np.where(one_date, 0, places))
    found = np.zeros(table.num_rows, dtype=np.bool_)
    found[1:] = True
    for name in _VALUES:
        numbers = table[name].to_numpy()
        before = numbers[first_of_date[:-1]]
        found[1:] &= np.isclose(numbers[1:], before, rtol=_SAME, atol=0, equal_nan=True)
    return found


def _conflicts(
    table: pa.Table, one_date: Bools, at: NDArray[np.int64], loads: NDArray[np.int64]
) -> dict[int, list[Fault]]:
    first_of_date = np.maximum.accumulate(np.where(one_date, 0, np.arange(table.num_rows)))
    found = {}
    for load in np.unique(loads).tolist():
        here = at[loads == load]
        shown = here[:MOST_FAULTS]
        firsts = table.take(first_of_date[shown]).to_pylist()
        pairs = zip(firsts, table.take(shown).to_pylist(), strict=True)
        found[load] = [_conflict(first, second) for first, second in pairs]
        if len(here) > MOST_FAULTS:
            more = f"{len(here) - MOST_FAULTS} more figures"
            rule = "They too have two values known on one date."
            found[load].append(Fault(more, None, rule, _FIND_OUT))
    return found


def _conflict(first: dict[str, Any], second: dict[str, Any]) -> Fault:
    period = f"{first['period_start']} to {first['period_end']}"
    figures = " and ".join(_figure_of(row) for row in (first, second))
    return Fault(
        f"{place_of(first)} and {place_of(second)}",
        None,
        f"One figure known on one date has one value, and {first['indicator']} of"
        f" {first['area']} ({first['area_code']}), {period}, has two: {figures}.",
        _FIND_OUT,
    )


def _figure_of(row: dict[str, Any]) -> str:
    """Value of a row, with numerator and denominator where it has them."""
    value = "none" if row["value"] is None else f"{row['value']:.12g}"
    if row["numerator"] is None and row["denominator"] is None:
        return value
    parts = ("none" if row[name] is None else f"{row[name]:.12g}" for name in _VALUES[1:])
    return f"{value} ({' of '.join(parts)})"
