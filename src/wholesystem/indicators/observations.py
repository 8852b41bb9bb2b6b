"""The observations table: one row is one published figure of one area and one period.

A figure that was suppressed or not given is a row without a value and with a note that says
which; it is never 0 and never left out. Every row names the file, sheet and cell that it stands
in. The columns are described in ``docs/reference/observations.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wholesystem.errors import Fault, OurFault
from wholesystem.indicators.loaders.loaded import LoadError
from wholesystem.tables.cells import closest

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator

__all__ = [
    "AREA_KINDS",
    "KEY",
    "OBSERVATIONS",
    "OF_WORDS",
    "check_observations",
    "conform_observations",
    "observation_faults",
    "place_of",
]

AREA_KINDS = ("area", "combined", "country", "icb", "region", "trust")
"""Upper-tier council, areas joined by us, country, integrated care board, region, trust."""

OF_WORDS = ("residents", "trust")
"""Whose figure it is: of the people who live in the area, or of a trust."""

OBSERVATIONS = pa.schema(
    [
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("area_code", pa.string(), nullable=False),
        pa.field("area", pa.string(), nullable=False),
        pa.field("area_kind", pa.string(), nullable=False),
        pa.field("geography", pa.string(), nullable=False),
        pa.field("of", pa.string(), nullable=False),
        pa.field("period_start", pa.date32(), nullable=False),
        pa.field("period_end", pa.date32(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("numerator", pa.float64()),
        pa.field("denominator", pa.float64()),
        pa.field("base", pa.string()),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("publisher", pa.string(), nullable=False),
        pa.field("file", pa.string(), nullable=False),
        pa.field("sheet", pa.string()),
        pa.field("cell", pa.string()),
        pa.field("published", pa.date32()),
        pa.field("revised", pa.date32()),
        pa.field("note", pa.string()),
    ]
)
"""Columns of the observations table, in order."""

KEY = ("indicator", "area_code", "period_start", "period_end")
"""What one figure is of; its revisions share it."""

MOST_FAULTS = 100
_NUMBERS = ("value", "numerator", "denominator")

Bools = NDArray[np.bool_]
Catalogue = Mapping[str, "Indicator"]


def conform_observations(table: pa.Table) -> pa.Table:
    """Return a table with exactly the columns and types of `OBSERVATIONS`.

    Parameters
    ----------
    table : pyarrow.Table
        With those columns, in any order; text may be dictionary-encoded.

    Returns
    -------
    pyarrow.Table
        In one chunk a column. Blank text of a column that may be empty is missing.

    Raises
    ------
    OurFault
        If a column is missing, unknown or of another type: a loader made it.
    """
    if sorted(table.column_names) != sorted(OBSERVATIONS.names):
        odd = sorted(set(table.column_names) ^ set(OBSERVATIONS.names))
        raise OurFault(f"observations must have the columns of OBSERVATIONS; check {odd}")
    columns = []
    for field in OBSERVATIONS:
        try:
            column = table[field.name].combine_chunks().cast(field.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise OurFault(f"observations, column {field.name}: {error}") from None
        if pa.types.is_string(field.type) and field.nullable:
            column = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
        columns.append(column)
    # Not by the schema itself: a missing cell is a fault to be told, not to be refused by Arrow.
    return pa.table(columns, names=OBSERVATIONS.names)


def check_observations(table: pa.Table, *, catalogue: Catalogue | None = None) -> pa.Table:
    """Check observations against the rules of the table and of the catalogue.

    Parameters
    ----------
    table : pyarrow.Table
        With the columns of `OBSERVATIONS`.
    catalogue : mapping of str to Indicator, optional
        By id; the packaged catalogue if None.

    Returns
    -------
    pyarrow.Table
        The same rows, conformed.

    Raises
    ------
    LoadError
        With every fault, each naming file, sheet and cell; of one rule at most 100, and how many
        more there are.
    """
    conformed = conform_observations(table)
    faults = observation_faults(conformed, packaged_unless(catalogue))
    if faults:
        raise LoadError(faults)
    return conformed


def packaged_unless(catalogue: Catalogue | None) -> Catalogue:
    """Return the catalogue given, or the packaged one."""
    if catalogue is not None:
        return catalogue
    from wholesystem.indicators.catalogue import read_catalogue

    return read_catalogue()


def place_of(row: Mapping[str, Any]) -> str:
    """Return where a figure stands, as a message shows it.

    Parameters
    ----------
    row : mapping
        With ``file``, ``sheet`` and ``cell``; the last two may be missing.

    Returns
    -------
    str
        File, sheet and cell.

    Examples
    --------
    >>> place_of({"file": "June_2017.xls", "sheet": "LA", "cell": "F12"})
    'June_2017.xls, sheet LA, cell F12'
    """
    sheet = f", sheet {row['sheet']}" if row.get("sheet") else ""
    cell = f", cell {row['cell']}" if row.get("cell") else ""
    return f"{row['file']}{sheet}{cell}"


def observation_faults(table: pa.Table, catalogue: Catalogue) -> list[Fault]:
    """Return every fault of conformed observations.

    Parameters
    ----------
    table : pyarrow.Table
        As `conform_observations` returns it.
    catalogue : mapping of str to Indicator
        By id.

    Returns
    -------
    list of Fault
        Empty if there is none.
    """
    faults = list(_unknown_indicators(table, catalogue))
    for check in (_required, _words, _numbers, _periods, _values, _by_catalogue):
        for bad, column, rule, remedy in check(table, catalogue):
            faults += _faults_of(table, bad, column, rule, remedy)
    return faults


Finding = tuple[Bools, str, str, str]


def _faults_of(table: pa.Table, bad: Bools, column: str, rule: str, remedy: str) -> Iterator[Fault]:
    at = np.flatnonzero(bad)
    for row in table.take(at[:MOST_FAULTS]).to_pylist():
        value = row[column]
        yield Fault(place_of(row), "" if value is None else str(value), rule, remedy)
    if len(at) > MOST_FAULTS:
        more = len(at) - MOST_FAULTS
        yield Fault(f"{more} more rows", None, f"They break the same rule: {rule}", remedy)


def _unknown_indicators(table: pa.Table, catalogue: Catalogue) -> Iterator[Fault]:
    """One fault for each unknown name, at the first row that has it."""
    column = table["indicator"].combine_chunks()
    for name in pc.unique(column).to_pylist():
        if not name or name in catalogue:
            continue
        first = table.slice(pc.index(column, name).as_py(), 1).to_pylist()[0]
        near = closest(name, catalogue)
        remedy = f"Did you mean {near}?" if near else "Give it a row in a catalogue of your own."
        yield Fault(place_of(first), name, "The catalogue has no such indicator.", remedy)


def _mask(column: pa.ChunkedArray) -> Bools:
    found: Bools = np.asarray(pc.fill_null(column, False))
    return found


def _required(table: pa.Table, _: Catalogue) -> Iterator[Finding]:
    for field in OBSERVATIONS:
        if field.nullable:
            continue
        column = table[field.name]
        bad = np.asarray(pc.is_null(column))
        if pa.types.is_string(field.type):
            bad = bad | _mask(pc.equal(pc.utf8_trim_whitespace(column), ""))
        if bad.any():
            rule = f"The column {field.name} is never blank."
            yield bad, field.name, rule, "Give it, or leave the row out and count it."


def _words(table: pa.Table, _: Catalogue) -> Iterator[Finding]:
    for column, words in (("area_kind", AREA_KINDS), ("of", OF_WORDS)):
        bad = ~np.asarray(pc.is_in(table[column], pa.array(words)))
        rule = f"The column {column} has one of {', '.join(words)}."
        yield bad, column, rule, "Write one of these."


def _numbers(table: pa.Table, _: Catalogue) -> Iterator[Finding]:
    for column in _NUMBERS:
        bad = _mask(pc.invert(pc.is_finite(table[column])))
        rule = f"A {column} is a finite number, or missing."
        yield bad, column, rule, "Correct it, or leave it missing with a note."


def _periods(table: pa.Table, _: Catalogue) -> Iterator[Finding]:
    bad = _mask(pc.less(table["period_end"], table["period_start"]))
    yield bad, "period_end", "A period ends on or after the day it starts.", "Correct the dates."


def _values(table: pa.Table, _: Catalogue) -> Iterator[Finding]:
    value, denominator = table["value"], table["denominator"]
    silent = np.asarray(pc.is_null(value)) & np.asarray(pc.is_null(table["note"]))
    yield silent, "value", "A figure without a value has a note that says why.", "Write the note."
    both = np.asarray(pc.is_valid(table["numerator"])) & np.asarray(pc.is_valid(denominator))
    under = both & _mask(pc.less(denominator, 0.0))
    yield under, "denominator", "A denominator is 0 or more.", "Correct it."
    nothing = both & np.asarray(pc.is_valid(value)) & _mask(pc.equal(denominator, 0.0))
    rule = "A figure out of nothing (a denominator of 0) has no value."
    yield nothing, "value", rule, "Leave the value missing with a note, or correct the denominator."


def _by_catalogue(table: pa.Table, catalogue: Catalogue) -> Iterator[Finding]:
    ids = table["indicator"].combine_chunks().dictionary_encode()
    known = [catalogue.get(name) for name in ids.dictionary.to_pylist()]

    def expected(tell: Callable[[Indicator], str | None]) -> pa.Array:
        words = [None if one is None else tell(one) for one in known]
        return pa.array(words, pa.string()).take(ids.indices)

    for column, tell in (
        ("unit", lambda one: one.unit),
        ("of", lambda one: None if one.of == "both" else one.of),
    ):
        wanted = expected(tell)
        bad = _mask(pc.not_equal(table[column], wanted))
        for name in pc.unique(wanted.filter(pa.array(bad))).to_pylist():
            here = bad & _mask(pc.equal(wanted, name))
            rule = f"The catalogue says {name!r} under {column} of this indicator."
            yield here, column, rule, "Correct it, or name another indicator."
    made = _mask(pc.equal(expected(lambda one: one.supplied_by), "computed"))
    rule = "This indicator is computed from others; it is not read from a file."
    yield made, "indicator", rule, "Supply the indicators that it is made of."
