"""Cells of text and what they mean: times, whole numbers, and cells that Excel would run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wholesystem.stays.faults import RowFaults

__all__ = ["escape_cells", "parse_cells", "unescape_cells"]

# A cell that begins so is a formula to Excel. A leading apostrophe makes it text; cells that
# already begin with apostrophes get one more, so that reading back always restores them.
_RISKY = r"^'*[=+\-@\t\r]"
_ESCAPED = r"^'+[=+\-@\t\r]"

_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?$"
_WHOLE = r"^[+-]?[0-9]{1,18}$"
_TIME_RULE = "A time is written as year-month-day and hour:minute, local, without a zone."
_TIME_REMEDY = "Write it like 2017-09-30T14:05, or name the format in the mapping."


def escape_cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return text in which no cell begins as a formula of Excel.

    Parameters
    ----------
    column : pyarrow.ChunkedArray of string
        Any text.

    Returns
    -------
    pyarrow.ChunkedArray of string
        With an apostrophe before ``= + - @``, tab and return. `unescape_cells` takes it off.
    """
    return _marked(column, _RISKY, lambda text: pc.binary_join_element_wise("'", text, ""))


def unescape_cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return text without the apostrophes that `escape_cells` put there."""
    return _marked(column, _ESCAPED, lambda text: pc.utf8_slice_codeunits(text, 1))


def _marked(
    column: pa.ChunkedArray, pattern: str, change: Callable[[pa.ChunkedArray], pa.ChunkedArray]
) -> pa.ChunkedArray:
    """The column with each cell changed that matches the pattern."""
    mask = pc.fill_null(pc.match_substring_regex(column, pattern), False)
    return pc.if_else(mask, change(column), column) if pc.any(mask).as_py() else column


def parse_cells(
    raw: pa.Table,
    schema: pa.Schema,
    faults: RowFaults,
    formats: Mapping[str, str] | None = None,
) -> tuple[pa.Table, NDArray[np.bool_]]:
    """Give each column the type of the schema.

    Parameters
    ----------
    raw : pyarrow.Table
        Columns of the schema, as text or already typed.
    schema : pyarrow.Schema
        Text, whole numbers and times.
    faults : RowFaults
        Where each cell that cannot be read is noted.
    formats : mapping of str to str, optional
        Format of a time column that is not ISO, as for `datetime.strptime`.

    Returns
    -------
    table : pyarrow.Table
        With the schema's types; a cell that cannot be read is null.
    bad : ndarray of bool, shape (n_rows,)
        Rows with such a cell.
    """
    bad = np.zeros(raw.num_rows, dtype=bool)
    columns = []
    for wanted in schema:
        column = raw[wanted.name]
        text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        if pa.types.is_timestamp(wanted.type):
            time_format = (formats or {}).get(wanted.name)
            parsed = _parse_times(column.cast(pa.string()), time_format) if text else column
            rule, remedy = _TIME_RULE, _TIME_REMEDY
        elif pa.types.is_integer(wanted.type):
            parsed = _parse_whole(column.cast(pa.string())) if text else column
            rule, remedy = "The cell holds a whole number.", "Write it in digits, such as 1."
        else:
            parsed, rule, remedy = column, "The cell holds text.", "Write it as text."
        parsed = _cast(parsed, wanted.type)
        wrong = _null(parsed) & ~_null(column)
        faults.add(wrong, wanted.name, column, rule, remedy)
        bad |= wrong
        columns.append(parsed)
    return pa.table(columns, schema=schema), bad


def _cast(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    """The column in the wanted type; all null where it cannot be."""
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        return pa.chunked_array([pa.nulls(len(column), wanted)])
    try:
        return column.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.chunked_array([pa.nulls(len(column), wanted)])


def _parse_times(column: pa.ChunkedArray, time_format: str | None) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(column)
    if time_format is None:
        shaped = pc.match_substring_regex(trimmed, _ISO)
        trimmed = pc.if_else(pc.fill_null(shaped, False), trimmed, None)
        try:
            return trimmed.cast(pa.timestamp("us"))
        except pa.ArrowInvalid:  # the shape is right but there is no such day or hour
            pass
    values = pd.to_datetime(
        pd.Series(trimmed.to_pylist(), dtype="object"),
        format=time_format or "ISO8601",
        errors="coerce",
    )
    micro = values.to_numpy(dtype="datetime64[us]")
    return pa.chunked_array([pa.array(micro, pa.timestamp("us"), mask=np.isnat(micro))])


def _parse_whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(column)
    shaped = pc.fill_null(pc.match_substring_regex(trimmed, _WHOLE), False)
    return pc.if_else(shaped, trimmed, None).cast(pa.int64())


def _null(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    return np.array(pc.is_null(column).to_numpy(), dtype=bool)
