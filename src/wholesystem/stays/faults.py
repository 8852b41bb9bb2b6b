"""Faults of rows, gathered as columns so that millions of rows can be checked at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wholesystem.errors import Fault, TableError
from wholesystem.stays.times import as_text

__all__ = ["REJECTED_SCHEMA", "SHOWN_FAULTS", "RowFaults", "first_faults", "raise_faults"]

REJECTED_SCHEMA = pa.schema(
    [
        pa.field("row", pa.int64()),
        pa.field("column", pa.string()),
        pa.field("value", pa.string()),
        pa.field("rule", pa.string()),
        pa.field("remedy", pa.string()),
    ]
)
"""Columns of the table of rejected rows; one line for each fault of a row."""

SHOWN_FAULTS = 20
"""How many faults a message lists; the count of all of them is given too."""


@dataclass
class RowFaults:
    """Faults found so far in a table.

    Parameters
    ----------
    rows : ndarray of int, shape (n_rows,)
        Number of each row as the user sees it: the header of a file is row 1.
    """

    rows: NDArray[np.int64]
    _parts: list[pa.Table] = field(default_factory=list)

    def add(
        self,
        bad: NDArray[np.bool_],
        column: str,
        values: pa.Array | pa.ChunkedArray | None,
        rule: str,
        remedy: str,
    ) -> None:
        """Note one fault for each row that is True in `bad`.

        Parameters
        ----------
        bad : ndarray of bool, shape (n_rows,)
            Which rows.
        column : str
            The column at fault.
        values : pyarrow.Array of string, shape (n_rows,), or None
            What each row holds there; None shows nothing, as for a name that must not be shown.
        rule, remedy : str
            The rule broken and what to do.
        """
        index = np.flatnonzero(bad)
        if not len(index):
            return
        if values is None:
            shown = pa.nulls(len(index), pa.string())
        else:
            shown = as_text(values.take(pa.array(index)))
        self.add_rows(index, column, shown, [rule] * len(index), remedy)

    def add_rows(
        self,
        index: NDArray[np.int64],
        column: str,
        values: pa.Array | pa.ChunkedArray,
        rules: list[str],
        remedy: str,
    ) -> None:
        """Note faults whose rule differs from row to row.

        Parameters
        ----------
        index : ndarray of int, shape (n_faults,)
            Positions of the rows in the table.
        column : str
            The column at fault.
        values : pyarrow.Array of string, shape (n_faults,)
            What each row holds there.
        rules : list of str, length n_faults
            The rule each breaks.
        remedy : str
            What to do.
        """
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        part = [
            pa.array(self.rows[index]),
            pa.array([column] * len(index), pa.string()),
            values,
            pa.array(rules, pa.string()),
            pa.array([remedy] * len(index), pa.string()),
        ]
        self._parts.append(pa.table(part, schema=REJECTED_SCHEMA))

    def table(self) -> pa.Table:
        """All faults, in the order of the rows.

        Returns
        -------
        pyarrow.Table
            Columns of `REJECTED_SCHEMA`.
        """
        if not self._parts:
            return REJECTED_SCHEMA.empty_table()
        return pa.concat_tables(self._parts).sort_by([("row", "ascending")]).combine_chunks()


def first_faults(rejected: pa.Table, where: str, most: int = SHOWN_FAULTS) -> list[Fault]:
    """Return the first faults of a table of rejected rows.

    Parameters
    ----------
    rejected : pyarrow.Table
        Columns of `REJECTED_SCHEMA`.
    where : str
        Name of the file.
    most : int
        How many at most.

    Returns
    -------
    list of Fault
        A line with too few or too many cells has no column to name.
    """
    return [
        Fault(
            f"{where} row {line['row']}" + (f", column {line['column']}" if line["column"] else ""),
            line["value"],
            line["rule"],
            line["remedy"],
        )
        for line in rejected.slice(0, most).to_pylist()
    ]


def raise_faults(rejected: pa.Table, where: str, remedy: str, most: int = SHOWN_FAULTS) -> None:
    """Raise an error if any row was rejected.

    Parameters
    ----------
    rejected : pyarrow.Table
        Columns of `REJECTED_SCHEMA`.
    where : str
        Name of the table, for the message.
    remedy : str
        What to do to see all faults, where there are more than `most`.
    most : int
        How many are listed.

    Raises
    ------
    TableError
        With the first faults and the number of rows at fault.
    """
    if not rejected.num_rows:
        return
    faults = first_faults(rejected, where, most)
    if rejected.num_rows > most:
        rows = len(rejected["row"].unique())
        rule = f"{rows:,} rows break a rule; the first {most:,} faults are listed."
        faults.append(Fault(where, None, rule, remedy))
    raise TableError(faults)
