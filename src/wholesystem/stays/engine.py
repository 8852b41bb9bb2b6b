"""Where the measures run: Ibis expressions on an embedded DuckDB.

Every measure is an Ibis expression over one of the relations made here, so that it can also be
compiled for another database. DuckDB reads the Arrow tables in place; nothing is copied but the
columns that a measure uses.
"""

from __future__ import annotations

import os
import threading
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wholesystem.stays.schema import Stays

__all__ = ["delay_spells", "fetch", "relation", "services_of"]

_LOCK = threading.RLock()
_CONNECTIONS: dict[int, Any] = {}


def relation(stays: Stays) -> ir.Table:
    """Return the stays as an Ibis table.

    Parameters
    ----------
    stays : Stays
        What is to be measured.

    Returns
    -------
    ibis.expr.types.Table
        Columns of `wholesystem.stays.STAYS_SCHEMA`, and ``who``, a number for each person, which
        sorts twice as fast as the name.
    """
    return _memory(stays, "stays", stays.table)


def delay_spells(stays: Stays) -> ir.Table | None:
    """Return the companion table of delay spells as an Ibis table; None where there is none."""
    return None if stays.spells is None else _memory(stays, "spells", stays.spells)


def services_of(stays: Stays) -> list[str]:
    """Return the services in which the table has a stay, in alphabetical order."""
    if "services" not in stays._cache:
        found = pc.unique(stays.table["service"]).to_pylist()
        stays._cache["services"] = sorted(found)
    names: list[str] = stays._cache["services"]
    return names


def fetch(expression: ir.Table) -> pd.DataFrame:
    """Run an expression and return its rows.

    Parameters
    ----------
    expression : ibis.expr.types.Table
        Already aggregated: what comes back is held in memory.

    Returns
    -------
    pandas.DataFrame
        Text as Python strings, counts as integers, missing numbers as NaN.
    """
    with _LOCK:
        return _connection().to_pyarrow(expression).to_pandas()


def _memory(stays: Stays, name: str, table: pa.Table) -> ir.Table:
    """Register an Arrow table once for each `Stays`.

    Text is dictionary-encoded: DuckDB groups by the codes, which took a quarter less time on
    300,000 stays than plain text.
    """
    cache = stays._cache
    with _LOCK:
        if name not in cache:
            columns = [
                c.dictionary_encode() if pa.types.is_string(c.type) else c for c in table.columns
            ]
            encoded = pa.table(columns, names=table.column_names)
            encoded = encoded.append_column("who", encoded["person"].combine_chunks().indices)
            cache[name] = ibis.memtable(encoded)
        found: ir.Table = cache[name]
    return found


def _connection() -> Any:
    """One embedded DuckDB for each process: a forked child must not share its parent's."""
    process = os.getpid()
    if process not in _CONNECTIONS:
        _CONNECTIONS[process] = ibis.duckdb.connect()
    return _CONNECTIONS[process]
