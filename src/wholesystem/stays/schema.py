"""The stays table: its columns, and `Stays`, the table with the window it is measured over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from wholesystem.errors import Fault, ParameterError, TableError

__all__ = [
    "RESPONSIBLE",
    "SPELLS_SCHEMA",
    "STAYS_SCHEMA",
    "TIME_COLUMNS",
    "Stays",
    "as_stays",
    "known_window",
    "stamp",
]

_TIME = pa.timestamp("us")

STAYS_SCHEMA = pa.schema(
    [
        pa.field("person", pa.string(), nullable=False),
        pa.field("stay", pa.int64(), nullable=False),
        pa.field("service", pa.string(), nullable=False),
        pa.field("organisation", pa.string()),
        pa.field("cohort", pa.string()),
        pa.field("requested_at", _TIME),
        pa.field("started_at", _TIME, nullable=False),
        pa.field("ready_at", _TIME),
        pa.field("ended_at", _TIME),
        pa.field("next_service", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("responsible", pa.string()),
    ]
)
"""Columns of the stays table. Times are local, without a zone, in microseconds."""

SPELLS_SCHEMA = pa.schema(
    [
        pa.field("person", pa.string(), nullable=False),
        pa.field("stay", pa.int64(), nullable=False),
        pa.field("reason", pa.string()),
        pa.field("responsible", pa.string()),
        pa.field("from", _TIME, nullable=False),
        pa.field("to", _TIME),
    ]
)
"""Columns of the companion table that splits a stay's delay into dated reasons."""

TIME_COLUMNS = ("requested_at", "started_at", "ready_at", "ended_at")
"""The times of a stay, in the order in which they must fall."""

RESPONSIBLE = ("nhs", "social_care", "both")
"""Words allowed in the column `responsible`."""

_PREFIX = b"wholesystem."
_EMPTY_WINDOW = datetime(2000, 1, 1), datetime(2000, 1, 2)


@dataclass(frozen=True)
class Stays:
    """A stays table and what is needed to measure it.

    Parameters
    ----------
    table : pyarrow.Table
        Columns of `STAYS_SCHEMA` (in any order; more columns are refused). Kept in the order
        given; `wholesystem.stays.write_stays` orders by person and stay.
    window_start, window_end : datetime
        The measured window, local time: from the first instant up to, not including, the last.
    population : float, optional
        Base of rates per 100,000; > 0. Rates are missing where it is None.
    concurrent : frozenset of str
        Services that may run at the same time as each other, such as home care and living at
        home.
    spells : pyarrow.Table, optional
        Columns of `SPELLS_SCHEMA`. Delay not covered by a spell keeps the reason of its stay.
    simulated : bool
        Whether no real person is in the table: then small numbers are not hidden.

    Raises
    ------
    TableError
        If a column is absent, unknown or of the wrong type.
    ParameterError
        If the window is empty or backwards, or the population is not above 0.

    Notes
    -----
    The rows are not checked here, since a simulated table is right by construction. Reading,
    importing and writing check every row (`wholesystem.stays.check_stays`).
    """

    table: pa.Table
    window_start: datetime
    window_end: datetime
    population: float | None = None
    concurrent: frozenset[str] = frozenset()
    spells: pa.Table | None = None
    simulated: bool = False
    _cache: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_window(self.window_start, self.window_end, self.population)
        table = conform(self.table, STAYS_SCHEMA, "stays")
        object.__setattr__(self, "table", table.replace_schema_metadata(_metadata(self)))
        object.__setattr__(self, "concurrent", frozenset(self.concurrent))
        if self.spells is not None:
            spells = conform(self.spells, SPELLS_SCHEMA, "spells")
            object.__setattr__(self, "spells", spells)

    @classmethod
    def from_table(cls, table: pa.Table, **changes: Any) -> Stays:
        """Stays of a table whose schema metadata may hold the window and the rest.

        Parameters
        ----------
        table : pyarrow.Table
            Columns of `STAYS_SCHEMA`.
        **changes
            Fields of `Stays` that replace what the metadata says; None leaves them as they are.

        Returns
        -------
        Stays
            With the window of the metadata, else from the first start to the last known time.
        """
        known = _from_metadata(table.schema.metadata or {})
        known.update({name: value for name, value in changes.items() if value is not None})
        if "window_start" not in known or "window_end" not in known:
            start, end = known_window(conform(table, STAYS_SCHEMA, "stays"))
            known = {"window_start": start, "window_end": end} | known
        return cls(table, **known)

    @property
    def days(self) -> float:
        """Length of the window in days."""
        return (self.window_end - self.window_start).total_seconds() / 86_400

    def with_window(self, start: datetime, end: datetime) -> Stays:
        """Return the same stays measured over another window, from `start` up to `end`."""
        same = replace(self, window_start=start, window_end=end)
        object.__setattr__(same, "_cache", self._cache)  # of the rows alone: prepared once
        return same


def as_stays(stays: Stays | pa.Table) -> Stays:
    """Stays, from stays or from a table with its window in the metadata.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What a measure was given.

    Returns
    -------
    Stays
        The same object where it is one already.
    """
    return stays if isinstance(stays, Stays) else Stays.from_table(stays)


def stamp(
    table: pa.Table,
    window_start: datetime,
    window_end: datetime,
    *,
    population: float | None = None,
    concurrent: Iterable[str] = (),
    simulated: bool = False,
) -> pa.Table:
    """Return the table with its window and the rest in the schema metadata.

    Parameters
    ----------
    table : pyarrow.Table
        Columns of `STAYS_SCHEMA`.
    window_start, window_end, population, concurrent, simulated
        As in `Stays`.

    Returns
    -------
    pyarrow.Table
        The same rows.
    """
    return Stays(
        table,
        window_start,
        window_end,
        population=population,
        concurrent=frozenset(concurrent),
        simulated=simulated,
    ).table


def known_window(table: pa.Table) -> tuple[datetime, datetime]:
    """Window from the first start to the last known time.

    Parameters
    ----------
    table : pyarrow.Table
        Columns of `STAYS_SCHEMA`.

    Returns
    -------
    tuple of datetime
        First `started_at` and the last of all times; where these are equal, one day. A table
        with no rows gets the day 1 January 2000, so that every measure of it is empty or 0.
    """
    start = pc.min(table["started_at"]).as_py()
    if start is None:
        return _EMPTY_WINDOW
    last = [pc.max(table[name]).as_py() for name in TIME_COLUMNS]
    end = max(time for time in last if time is not None)
    return (start, end) if end > start else (start, start + (_EMPTY_WINDOW[1] - _EMPTY_WINDOW[0]))


def conform(table: pa.Table, schema: pa.Schema, where: str) -> pa.Table:
    """Return the table with exactly the schema's columns, order and types.

    Parameters
    ----------
    table : pyarrow.Table
        Any table. Dictionary-encoded text is decoded and other time units become microseconds.
    schema : pyarrow.Schema
        What it must have.
    where : str
        Name of the table, for messages.

    Returns
    -------
    pyarrow.Table
        Without schema metadata.

    Raises
    ------
    TableError
        Naming every column that is absent, unknown or of a type that cannot be read.
    """
    faults = [
        Fault(f"{where}, column {name}", None, "The column is missing.", f"Add {name}.")
        for name in schema.names
        if name not in table.column_names
    ]
    faults += [
        Fault(
            f"{where}, column {name}",
            None,
            "The column is not one of the table's.",
            f"Its columns are {', '.join(schema.names)}. Remove or rename it.",
        )
        for name in table.column_names
        if name not in schema.names
    ]
    if faults:
        raise TableError(faults)
    columns = []
    for wanted in schema:
        try:
            columns.append(table[wanted.name].cast(wanted.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            faults.append(
                Fault(
                    f"{where}, column {wanted.name}",
                    str(table[wanted.name].type),
                    f"The column must hold {_plain_type(wanted.type)}.",
                    "Read the file with wholesystem.stays.import_stays, which names each cell.",
                )
            )
    if faults:
        raise TableError(faults)
    return pa.table(columns, schema=schema)


def _plain_type(type_: pa.DataType) -> str:
    if pa.types.is_timestamp(type_):
        return "local times without a zone"
    return "whole numbers" if pa.types.is_integer(type_) else "text"


def _check_window(start: datetime, end: datetime, population: float | None) -> None:
    if start.tzinfo is not None or end.tzinfo is not None:
        raise ParameterError(
            "The window has a time zone. Times are local, without a zone."
            " Remove the zone, as in 2017-04-01T00:00."
        )
    if not start < end:
        raise ParameterError(
            f"The window runs from {start} to {end}. It must end after it starts."
            " Correct window_start or window_end."
        )
    if population is not None and not 0 < population < float("inf"):
        raise ParameterError(
            f"The population is {population}. It must be above 0. Correct it, or leave it out."
        )


def _metadata(stays: Stays) -> dict[bytes, bytes]:
    found = {
        "window_start": stays.window_start.isoformat(),
        "window_end": stays.window_end.isoformat(),
        "population": None if stays.population is None else repr(float(stays.population)),
        "concurrent": "\n".join(sorted(stays.concurrent)) or None,
        "simulated": "true" if stays.simulated else None,
    }
    return {_PREFIX + k.encode(): v.encode() for k, v in found.items() if v is not None}


def _from_metadata(metadata: dict[bytes, bytes]) -> dict[str, Any]:
    """Fields of `Stays` found in schema metadata."""
    text = {
        key.removeprefix(_PREFIX).decode(): value.decode()
        for key, value in metadata.items()
        if key.startswith(_PREFIX)
    }
    found: dict[str, Any] = {}
    try:
        for name in ("window_start", "window_end"):
            if name in text:
                found[name] = datetime.fromisoformat(text[name])
        if text.get("population"):
            found["population"] = float(text["population"])
    except ValueError as error:
        raise ParameterError(
            f"The window or population in the file's metadata cannot be read: {error}."
            " Write the file again, or give window_start, window_end and population."
        ) from None
    if text.get("concurrent"):
        found["concurrent"] = frozenset(text["concurrent"].split("\n"))
    found["simulated"] = text.get("simulated") == "true"
    return found
