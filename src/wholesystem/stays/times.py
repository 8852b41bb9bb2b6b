"""Times of a column as numbers and as text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["as_text", "times_of", "write_times"]


def times_of(column: pa.ChunkedArray) -> NDArray[np.datetime64]:
    """Times of a column, NaT where missing: comparisons with NaT are False.

    Parameters
    ----------
    column : pyarrow.ChunkedArray of timestamp
        Local times.

    Returns
    -------
    ndarray of datetime64, shape (n_rows,)
        In microseconds.
    """
    return np.asarray(column.to_numpy(), dtype="datetime64[us]")


def write_times(column: Any) -> Any:
    """Times as ISO text, with no fraction where no time of the column has one.

    Parameters
    ----------
    column : pyarrow.Array or pyarrow.ChunkedArray of timestamp
        Local times.

    Returns
    -------
    pyarrow.Array or pyarrow.ChunkedArray of string
        Such as ``2017-09-30T14:05:00``; null stays null.
    """
    text = pc.replace_substring(column.cast(pa.string()), " ", "T", max_replacements=1)
    micro = column.cast(pa.int64()).drop_null().to_numpy(zero_copy_only=False)
    whole = bool((micro % 1_000_000 == 0).all())
    return pc.replace_substring_regex(text, r"\.0*$", "") if whole else text


def as_text(column: Any) -> Any:
    """A column as the text to show to a person.

    Parameters
    ----------
    column : pyarrow.Array or pyarrow.ChunkedArray
        Of any type of the stays table.

    Returns
    -------
    pyarrow.Array or pyarrow.ChunkedArray of string
        Times as `write_times` has them.
    """
    if pa.types.is_timestamp(column.type) and column.type.tz is None:
        return write_times(column)
    return column.cast(pa.string())
