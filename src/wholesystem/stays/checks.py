"""The rules that every stay must keep, checked on a whole table at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wholesystem.stays.faults import RowFaults, raise_faults
from wholesystem.stays.overlaps import find_conflicts
from wholesystem.stays.persons import nhs_numbers
from wholesystem.stays.schema import (
    RESPONSIBLE,
    SPELLS_SCHEMA,
    STAYS_SCHEMA,
    TIME_COLUMNS,
    conform,
)
from wholesystem.stays.times import as_text, times_of

__all__ = ["check_delay_spells", "check_stays", "order_stays", "require_sound", "unknown_reasons"]

_FIRST_TIME = np.datetime64("1900-01-01", "us")
_LAST_TIME = np.datetime64("2200-01-01", "us")
_ORDER = {
    "started_at": (("requested_at",), "A stay starts when, or after, it was requested."),
    "ready_at": (("started_at",), "A person is ready to leave when, or after, the stay starts."),
    "ended_at": (
        ("started_at", "ready_at"),
        "A stay ends when, or after, it starts and the person is ready.",
    ),
}

Bools = NDArray[np.bool_]


def check_stays(
    table: pa.Table,
    *,
    concurrent: Collection[str] = (),
    rows: NDArray[np.int64] | None = None,
) -> tuple[pa.Table, pa.Table]:
    """Split a stays table into the rows that keep every rule and the faults of the others.

    Parameters
    ----------
    table : pyarrow.Table
        Columns of `wholesystem.stays.STAYS_SCHEMA`, in any order of rows.
    concurrent : collection of str
        Services that may run at the same time as each other.
    rows : ndarray of int, shape (n_rows,), optional
        Number of each row as the user sees it; counted from 2 (the header is row 1) if None.

    Returns
    -------
    kept : pyarrow.Table
        Rows with no fault, ordered by person and stay.
    rejected : pyarrow.Table
        Columns ``row, column, value, rule, remedy``; one line for each fault of a row. A person
        name that is an NHS number is not repeated here.

    Raises
    ------
    TableError
        If the table lacks a column or has one that it should not have.

    Notes
    -----
    Rows at fault by themselves are set aside first; then each person's rows are compared. Of two
    rows with the same stay number the second is rejected; of two that overlap the one with the
    higher number, except that a stay with no end, followed by another, is itself rejected.
    """
    table = conform(table, STAYS_SCHEMA, "stays")
    rows = np.arange(2, table.num_rows + 2) if rows is None else np.asarray(rows, dtype=np.int64)
    faults = RowFaults(rows)
    sound = _check_rows(table, faults)
    kept = np.flatnonzero(sound)
    conflicting = find_conflicts(table.take(pa.array(kept)), frozenset(concurrent), rows[kept])
    for column, index, rules, remedy in conflicting:
        positions = kept[index]
        shown = as_text(table[column].take(pa.array(positions)))
        faults.add_rows(positions, column, shown, rules, remedy)
        sound[positions] = False
    return order_stays(table.filter(pa.array(sound))), faults.table()


def require_sound(table: pa.Table, *, concurrent: Collection[str] = (), where: str) -> pa.Table:
    """Return the table in order, or refuse it if any row breaks a rule.

    Parameters
    ----------
    table : pyarrow.Table
        Columns of `wholesystem.stays.STAYS_SCHEMA`.
    concurrent : collection of str
        Services that may run at the same time as each other.
    where : str
        Name of the table, for the message.

    Returns
    -------
    pyarrow.Table
        All its rows, ordered by person and stay.

    Raises
    ------
    TableError
        With the first 20 faults and the number of rows at fault.
    """
    kept, rejected = check_stays(table, concurrent=concurrent)
    raise_faults(
        rejected, where, "Run wholesystem stays check on the file to see all of them by row."
    )
    return kept


def order_stays(table: pa.Table) -> pa.Table:
    """Return the rows ordered by person and stay.

    Parameters
    ----------
    table : pyarrow.Table
        Columns of `wholesystem.stays.STAYS_SCHEMA`.

    Returns
    -------
    pyarrow.Table
        The same rows.
    """
    if table.num_rows < 2:
        return table
    order = np.lexsort((_numbers(table["stay"]), person_ranks(table["person"])))
    if bool((order[1:] > order[:-1]).all()):
        return table
    return table.take(pa.array(order))


def unknown_reasons(table: pa.Table, codes: Iterable[str]) -> dict[str, int]:
    """Reason codes that are in no list, with the number of stays that bear each.

    Parameters
    ----------
    table : pyarrow.Table
        With a column `reason`.
    codes : iterable of str
        The codes of the list, such as those of `wholesystem.stays.reason_codes`.

    Returns
    -------
    dict of str to int
        Empty where every reason is known. Unknown codes are a warning, never a fault: lists
        differ between places and years.
    """
    counts = pc.value_counts(table["reason"].drop_null()).to_pylist()
    known = set(codes)
    return {c["values"]: c["counts"] for c in counts if c["values"] not in known}


def check_delay_spells(spells: pa.Table, stays: pa.Table) -> pa.Table:
    """Faults of the companion table of delay spells.

    Parameters
    ----------
    spells : pyarrow.Table
        Columns of `wholesystem.stays.SPELLS_SCHEMA`.
    stays : pyarrow.Table
        The stays that they belong to.

    Returns
    -------
    pyarrow.Table
        Columns ``row, column, value, rule, remedy``; empty where all is right.

    Raises
    ------
    TableError
        If the table lacks a column or has one that it should not have.
    """
    spells = conform(spells, SPELLS_SCHEMA, "spells")
    faults = RowFaults(np.arange(2, spells.num_rows + 2))
    _check_required(spells, ("person", "stay", "from"), faults)
    _check_responsible(spells, faults)
    frame = spells.to_pandas().rename(columns={"from": "began", "to": "ceased"})
    keys = stays.select(["person", "stay", "ready_at", "ended_at"]).to_pandas()
    frame = frame.merge(keys, on=["person", "stay"], how="left", indicator="found")
    absent = (frame["found"] == "left_only").to_numpy()
    faults.add(
        absent,
        "stay",
        spells["stay"],
        "A spell belongs to a stay of the table.",
        "Correct the person or the stay, or remove the row.",
    )
    ceased = frame["ceased"].fillna(pd.Timestamp.max.as_unit("us"))
    ended = frame["ended_at"].fillna(pd.Timestamp.max.as_unit("us"))
    outside = ~absent & ~(
        (frame["began"] >= frame["ready_at"]) & (ceased <= ended) & (frame["began"] <= ceased)
    ).to_numpy(dtype=bool)
    faults.add(
        outside,
        "from",
        spells["from"],
        "A spell lies between the stay's ready_at and its ended_at, and ends after it begins.",
        "Correct the spell's dates, or the stay's.",
    )
    ordered = frame.assign(ceased=ceased).sort_values(["person", "stay", "began", "ceased"])
    before = ordered.groupby(["person", "stay"])["ceased"].cummax()
    before = before.groupby([ordered["person"], ordered["stay"]]).shift()
    overlap = (before > ordered["began"]).sort_index().to_numpy()
    faults.add(
        overlap,
        "from",
        spells["from"],
        "The spells of a stay do not overlap.",
        "End the one before it first: each delayed day has one reason.",
    )
    return faults.table()


def person_ranks(persons: pa.ChunkedArray) -> NDArray[np.int64]:
    """Place of each row's person in the alphabetical order of persons.

    Parameters
    ----------
    persons : pyarrow.ChunkedArray of string
        No nulls.

    Returns
    -------
    ndarray of int, shape (n_rows,)
        Equal for equal persons.
    """
    encoded = persons.combine_chunks().dictionary_encode()
    names, codes = encoded.dictionary, encoded.indices.to_numpy()
    rank = np.empty(len(names), dtype=np.int64)
    rank[pc.sort_indices(names).to_numpy()] = np.arange(len(names))
    return np.asarray(rank[codes], dtype=np.int64)


# ------------------------------------------------------------------- rules of one row


def _check_rows(table: pa.Table, faults: RowFaults) -> Bools:
    """Note the rows that break a rule by themselves; return which are sound."""
    bad = _check_required(table, ("person", "stay", "service", "started_at"), faults)
    bad |= _check_persons(table, faults)
    low = _true(pc.less(table["stay"], 1))
    faults.add(
        low,
        "stay",
        table["stay"],
        "Stays of a person are numbered from 1.",
        "Number them 1, 2, 3 in order of started_at.",
    )
    bad |= low | _check_responsible(table, faults) | _check_times(table, faults)
    return ~bad


def _check_required(table: pa.Table, columns: Collection[str], faults: RowFaults) -> Bools:
    bad = np.zeros(table.num_rows, dtype=bool)
    for name in columns:
        absent = _true(pc.is_null(table[name]))
        if pa.types.is_string(table[name].type):
            absent |= _true(pc.equal(pc.utf8_trim_whitespace(table[name]), ""))
        faults.add(absent, name, None, "The cell is empty.", f"Fill in {name}.")
        bad |= absent
    return bad


def _check_persons(table: pa.Table, faults: RowFaults) -> Bools:
    encoded = table["person"].combine_chunks().dictionary_encode()
    names = nhs_numbers(encoded.dictionary)
    codes = encoded.indices.fill_null(0).to_numpy()
    bad = names[codes] if len(names) else np.zeros(table.num_rows, dtype=bool)
    bad &= ~_true(pc.is_null(table["person"]))
    faults.add(
        bad,
        "person",
        None,
        "The person is an NHS number (ten digits with a right check digit; not shown here).",
        "Replace NHS numbers by pseudonyms before the file leaves its owner.",
    )
    return bad


def _check_responsible(table: pa.Table, faults: RowFaults) -> Bools:
    known = pc.is_in(table["responsible"], value_set=pa.array(RESPONSIBLE))
    bad = ~_true(pc.or_(known, pc.is_null(table["responsible"])))
    faults.add(
        bad,
        "responsible",
        table["responsible"],
        "The responsible body is nhs, social_care or both.",
        "Write one of these three words, or leave the cell empty.",
    )
    return bad


def _check_times(table: pa.Table, faults: RowFaults) -> Bools:
    """Times within sense and in order: requested, started, ready, ended."""
    times = {name: times_of(table[name]) for name in TIME_COLUMNS}
    bad = np.zeros(table.num_rows, dtype=bool)
    for name, values in times.items():
        absurd = (values < _FIRST_TIME) | (values >= _LAST_TIME)
        faults.add(
            absurd,
            name,
            _shown_times(table[name], absurd),
            "Times lie in the years 1900 to 2199.",
            "Correct the date.",
        )
        bad |= absurd
    for name, (earlier, rule) in _ORDER.items():
        wrong = np.zeros(table.num_rows, dtype=bool)
        for other in earlier:
            wrong |= times[name] < times[other]
        wrong &= ~bad
        faults.add(wrong, name, table[name], rule, f"Correct {' or '.join((name, *earlier))}.")
        bad |= wrong
    return bad


def _shown_times(column: pa.ChunkedArray, absurd: Bools) -> pa.Array:
    """Text of times that Arrow may be unable to write out, being out of range."""
    if not absurd.any():
        return pa.nulls(len(column), pa.string())
    text = times_of(column).astype(str)
    return pa.array(text, mask=~absurd)


def _numbers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.asarray(column.to_numpy(), dtype=np.int64)


def _true(mask: Any) -> Bools:
    """A mask as booleans; null is False."""
    filled = pc.fill_null(mask, False)
    return np.array(filled.to_numpy(), dtype=bool)
