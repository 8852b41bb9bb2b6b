"""Figures as a CSV file that other people's scripts can rely on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from wholesystem.errors import OurFault
from wholesystem.stays.io import write_csv

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FIXED_COLUMNS", "FURTHER_COLUMNS", "write_observations"]

FIXED_COLUMNS = (
    "indicator",
    "area_code",
    "area",
    "period_start",
    "period_end",
    "value",
    "numerator",
    "denominator",
    "unit",
    "source_file",
)
"""First columns of ``observations.csv``, always there and in this order."""

FURTHER_COLUMNS = (
    "area_kind",
    "geography",
    "of",
    "base",
    "publisher",
    "source",
    "sheet",
    "cell",
    "published",
    "revised",
    "note",
)
"""Columns after these, of which a file has those that its figures have."""

_DATES = ("period_start", "period_end", "published", "revised")
_NUMBERS = ("value", "numerator", "denominator")


def write_observations(figures: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write figures as CSV, whole or not at all.

    Parameters
    ----------
    figures : pandas.DataFrame
        Of `indicator_series` or of `Store.read`; a missing value, with its note, is a blank cell.
    path : path
        The file. Days are written as ISO text; text that a spreadsheet would take for a formula
        gets an apostrophe before it.

    Raises
    ------
    OutputError
        If it cannot be written there.
    """
    named = figures if "source_file" in figures else figures.rename(columns={"file": "source_file"})
    missing = [name for name in FIXED_COLUMNS if name not in named]
    if missing:
        raise OurFault(f"figures to be written lack the columns {', '.join(missing)}")
    names = [*FIXED_COLUMNS, *(name for name in FURTHER_COLUMNS if name in named)]
    write_csv(pa.table({name: _column(named[name], name) for name in names}), path)


def _column(values: pd.Series, name: str) -> pa.ChunkedArray:
    if name in _NUMBERS:
        column = pa.array(values, pa.float64(), from_pandas=True)
    elif name in _DATES:
        column = pc.strftime(pa.array(values, pa.timestamp("ms"), from_pandas=True), "%Y-%m-%d")
    else:
        column = pa.array(values.astype(object), pa.string(), from_pandas=True)
    return pa.chunked_array([column])
