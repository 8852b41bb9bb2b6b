"""Reading and writing stays as Parquet and CSV."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from wholesystem.errors import UserError
from wholesystem.files import atomic_path
from wholesystem.stays.cells import escape_cells, parse_cells
from wholesystem.stays.checks import check_delay_spells, check_stays, require_sound
from wholesystem.stays.faults import SHOWN_FAULTS, RowFaults, raise_faults
from wholesystem.stays.schema import SPELLS_SCHEMA, STAYS_SCHEMA, Stays, as_stays, conform
from wholesystem.stays.tabular import RawRows, read_rows
from wholesystem.stays.times import write_times

__all__ = ["read_stays", "write_csv", "write_stays"]

_SPELLS_KEY = b"wholesystem.spells"
_SEE_ALL = "Run wholesystem stays check on the file to see all of them."

PathLike = str | os.PathLike[str]


def write_stays(stays: Stays | pa.Table, path: PathLike) -> None:
    """Check stays and write them as Parquet or CSV, whole or not at all.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to write. A table's window is taken from its metadata.
    path : path
        Ending in .parquet or .csv. Delay spells go to a file beside it, whose name ends in
        ``_spells``. Parquet keeps the window, the population and the concurrent services; CSV
        has no place for them.

    Raises
    ------
    TableError
        If a row breaks a rule: the first 20 faults and their number. Nothing is written.
    OutputError
        If the file cannot be written there.
    UserError
        If the name ends in neither.
    """
    stays, target = as_stays(stays), Path(path)
    _check_kind(target)
    table = require_sound(stays.table, concurrent=stays.concurrent, where="stays")
    metadata = dict(stays.table.schema.metadata or {})
    if stays.spells is not None:
        raise_faults(check_delay_spells(stays.spells, table), "spells", _SEE_ALL)
        beside = _beside(target)
        metadata[_SPELLS_KEY] = beside.name.encode()
        _write(stays.spells, beside)
    _write(table.replace_schema_metadata(metadata), target)


def read_stays(
    path: PathLike,
    *,
    window_start: datetime | None = None,
    window_end: datetime | None = None,
    population: float | None = None,
    concurrent: frozenset[str] | None = None,
    spells: PathLike | None = None,
    most_faults: int = SHOWN_FAULTS,
) -> Stays:
    """Read stays from Parquet or CSV and check every row.

    Parameters
    ----------
    path : path
        Ending in .parquet or .csv, with the columns of `wholesystem.stays.STAYS_SCHEMA`; those
        that may be empty may be absent.
    window_start, window_end : datetime, optional
        The measured window; that of the file, else from the first start to the last known time.
    population : float, optional
        Base of rates per 100,000, > 0; that of the file if None.
    concurrent : frozenset of str, optional
        Services that may run at the same time; those of the file if None.
    spells : path, optional
        File of delay spells; the one that the Parquet file names if None.
    most_faults : int
        How many faults an error lists.

    Returns
    -------
    Stays
        Ordered by person and stay.

    Raises
    ------
    UserError
        If the file does not exist or is of another kind.
    TableError
        If a row breaks a rule: the first faults and their number.
    """
    source = Path(path)
    _check_kind(source)
    raw = read_rows(source)
    given = {
        "window_start": window_start,
        "window_end": window_end,
        "population": population,
        "concurrent": concurrent,
    }
    empty = STAYS_SCHEMA.empty_table().replace_schema_metadata(raw.metadata)
    marks = Stays.from_table(empty, **given)
    table, rejected = typed_rows(raw, source.name, marks.concurrent)
    raise_faults(rejected, source.name, _SEE_ALL, most_faults)
    named = (raw.metadata or {}).get(_SPELLS_KEY)
    if spells is None and named is not None:
        # Of the name alone: a file from elsewhere must not lead out of its folder.
        beside = Path(named.decode("utf-8", "replace")).name
        spells = source.with_name(beside) if beside else None
    found = None if spells is None else _read_spells(Path(spells), table)
    return Stays.from_table(table.replace_schema_metadata(raw.metadata), **given, spells=found)


def typed_rows(
    raw: RawRows,
    where: str,
    concurrent: frozenset[str] = frozenset(),
    formats: dict[str, str] | None = None,
    *,
    number_stays: bool = False,
) -> tuple[pa.Table, pa.Table]:
    """Split a file's rows into sound stays and faults.

    Parameters
    ----------
    raw : RawRows
        Rows as they stand, under our column names.
    where : str
        Name of the file, for messages.
    concurrent : frozenset of str
        Services that may run at the same time.
    formats : dict of str to str, optional
        Formats of time columns that are not ISO.
    number_stays : bool
        Whether to number each person's stays in order of start, the file having no such column.

    Returns
    -------
    kept, rejected : pyarrow.Table
        As `wholesystem.stays.check_stays` returns them.

    Raises
    ------
    TableError
        If a column is absent or unknown.
    """
    wanted = [f for f in STAYS_SCHEMA if not (number_stays and f.name == "stay")]
    parsed, rows, faults = _typed(raw, pa.schema(wanted), where, formats)
    if number_stays:
        parsed = parsed.append_column(STAYS_SCHEMA.field("stay"), _numbered(parsed))
    kept, rejected = check_stays(parsed, concurrent=concurrent, rows=rows)
    both = pa.concat_tables([faults, rejected]).sort_by([("row", "ascending")])
    return kept, both.combine_chunks()


def _typed(
    raw: RawRows, schema: pa.Schema, where: str, formats: dict[str, str] | None = None
) -> tuple[pa.Table, Any, pa.Table]:
    """Rows whose every cell can be read, their numbers, and the faults of the others."""
    table = raw.table
    for wanted in schema:
        if wanted.nullable and wanted.name not in table.column_names:
            table = table.append_column(wanted, pa.nulls(table.num_rows, wanted.type))
    _check_columns(table, schema, where)
    faults = RowFaults(raw.rows)
    parsed, bad = parse_cells(table, schema, faults, formats)
    shape = RowFaults(np.array([row for row, _ in raw.misshapen], dtype=np.int64))
    if raw.misshapen:
        shape.add_rows(
            np.arange(len(raw.misshapen)),
            "",
            pa.nulls(len(raw.misshapen), pa.string()),
            [rule for _, rule in raw.misshapen],
            "Put cells that hold a comma in double quotes.",
        )
    noted = pa.concat_tables([shape.table(), faults.table()])
    return parsed.filter(pa.array(~bad)), raw.rows[~bad], noted


def _numbered(table: pa.Table) -> pa.Array:
    """Number of each row within its person, in order of start and end."""
    frame = table.select(["person", "started_at", "ended_at"]).to_pandas()
    order = frame.sort_values(["started_at", "ended_at"], kind="stable", na_position="last")
    return pa.array(order.groupby("person", dropna=False).cumcount().sort_index() + 1, pa.int64())


def _check_columns(table: pa.Table, schema: pa.Schema, where: str) -> None:
    """Refuse absent and unknown columns, telling all of them."""
    names = [name for name in table.column_names if name in schema.names]
    wanted = pa.schema([schema.field(name) for name in schema.names])
    empty = wanted.empty_table().select(names)
    extra = [name for name in table.column_names if name not in schema.names]
    for name in extra:
        empty = empty.append_column(name, pa.nulls(0, pa.string()))
    conform(empty, wanted, where)


def _read_spells(path: Path, stays: pa.Table) -> pa.Table:
    parsed, _, faults = _typed(read_rows(path), SPELLS_SCHEMA, path.name)
    raise_faults(faults, path.name, "Correct these first.")
    raise_faults(check_delay_spells(parsed, stays), path.name, "Correct these first.")
    return parsed


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.stem}_spells{path.suffix}")


def _check_kind(path: Path) -> None:
    if path.suffix.lower() not in (".parquet", ".csv"):
        raise UserError(
            f"{path} does not end in .parquet or .csv. Stays are kept as one of these."
            " Change the end of the name."
        )


def _write(table: pa.Table, path: Path) -> None:
    if path.suffix.lower() == ".csv":
        write_csv(table, path)
        return
    with atomic_path(path) as part:
        pq.write_table(table, part, compression="zstd")


def write_csv(table: pa.Table, path: PathLike) -> None:
    """Write a table as CSV, whole or not at all.

    Parameters
    ----------
    table : pyarrow.Table
        Text, numbers and times. Times are written as ISO text; text that Excel would take for a
        formula gets an apostrophe before it, which `read_stays` takes off again.
    path : path
        Where to.

    Raises
    ------
    OutputError
        If the file cannot be written there.
    """
    columns = []
    for column in table.columns:
        if pa.types.is_timestamp(column.type):
            columns.append(write_times(column))
        elif pa.types.is_string(column.type):
            columns.append(escape_cells(column))
        else:
            columns.append(column)
    plain = pa.table(columns, names=table.column_names)
    options = arrow_csv.WriteOptions(quoting_style="needed")
    with atomic_path(path) as part:
        arrow_csv.write_csv(plain, part, options)
