"""Rows of one person that contradict each other: repeated, out of order, or overlapping."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["find_conflicts"]

_OPEN = np.iinfo(np.int64).max
_NEVER = np.iinfo(np.int64).min
_REMEDY = {
    "stay": "Number the person's stays 1, 2, 3 in order of started_at, or remove the repeat.",
    "started_at": "Correct the times, or mark both services as concurrent.",
    "ended_at": "Fill in when the stay ended, or mark both services as concurrent.",
}

Ints = NDArray[np.int64]
Conflict = tuple[str, Ints, list[str], str]


def find_conflicts(table: pa.Table, concurrent: frozenset[str], rows: Ints) -> list[Conflict]:
    """Rows that contradict an earlier or later row of the same person.

    Parameters
    ----------
    table : pyarrow.Table
        Rows of `wholesystem.stays.STAYS_SCHEMA` that are sound by themselves.
    concurrent : frozenset of str
        Services that may run at the same time as each other.
    rows : ndarray of int, shape (n_rows,)
        Number of each row as the user sees it.

    Returns
    -------
    list of tuple
        Column at fault, positions in `table`, rule broken by each, and remedy.

    Notes
    -----
    All persons are screened with array operations; only those with a conflict are then walked
    through row by row, to decide which of their rows go.
    """
    if not table.num_rows:
        return []
    frame = _frame(table, concurrent, rows)
    suspects = frame[frame["person"].isin(_persons_in_conflict(frame))]
    found: dict[str, list[tuple[int, str]]] = {column: [] for column in _REMEDY}
    for _, person in suspects.groupby("person", sort=False):
        walk = _Walk()
        for line in person.itertuples(index=False):
            walk.visit(_Row(*line[1:]))
        for column, position, rule in walk.faults:
            found[column].append((position, rule))
    return [
        (
            column,
            np.array([position for position, _ in faults], dtype=np.int64),
            [rule for _, rule in faults],
            _REMEDY[column],
        )
        for column, faults in found.items()
        if faults
    ]


def _frame(table: pa.Table, concurrent: frozenset[str], rows: Ints) -> pd.DataFrame:
    """Person code, stay, times as integers, whether concurrent, row and position; in order."""
    codes = table["person"].combine_chunks().dictionary_encode().indices.to_numpy()
    beside = pc.is_in(table["service"], value_set=pa.array(sorted(concurrent), pa.string()))
    ended = table["ended_at"].cast(pa.int64()).fill_null(_OPEN)
    frame = pd.DataFrame(
        {
            "person": codes,
            "stay": table["stay"].to_numpy(),
            "started": table["started_at"].cast(pa.int64()).to_numpy(),
            "ended": ended.to_numpy(),
            "concurrent": beside.to_numpy(),
            "row": rows,
            "position": np.arange(table.num_rows),
        }
    )
    order = np.lexsort((frame["row"], frame["stay"], frame["person"]))
    return frame.iloc[order]


def _persons_in_conflict(frame: pd.DataFrame) -> Ints:
    """Codes of the persons with at least one conflict."""
    same = frame["person"].eq(frame["person"].shift())
    bad = same & (
        frame["stay"].eq(frame["stay"].shift()) | frame["started"].lt(frame["started"].shift())
    )
    alone = ~frame["concurrent"]
    by_person = frame["person"]
    for watched, blocked in ((alone, np.ones(len(frame), dtype=bool)), (~alone, alone)):
        latest = frame["ended"].where(watched, _NEVER).groupby(by_person).cummax()
        latest = latest.shift(fill_value=_NEVER).where(same, _NEVER)
        bad |= blocked & (frame["started"] < latest)
    return np.asarray(by_person[bad].unique(), dtype=np.int64)


@dataclass(frozen=True)
class _Row:
    stay: int
    started: int
    ended: int
    concurrent: bool
    row: int
    position: int


@dataclass
class _Walk:
    """One person's rows in order of stay, keeping what can be kept."""

    faults: list[tuple[str, int, str]] = field(default_factory=list)
    last: _Row | None = None
    latest: dict[bool, _Row] = field(default_factory=dict)
    open: list[_Row] = field(default_factory=list)

    def visit(self, row: _Row) -> None:
        """Keep the row, or note why it or an earlier open one cannot stand."""
        if self.last is not None and row.stay == self.last.stay:
            rule = f"Row {self.last.row} is stay {row.stay} of the same person already."
            self.faults.append(("stay", row.position, rule))
            return
        if self.last is not None and row.started < self.last.started:
            rule = f"The stay before it, in row {self.last.row}, starts later."
            self.faults.append(("started_at", row.position, rule))
            return
        clash = self._closed_clash(row)
        if clash is not None:
            rule = f"The person is still in the stay of row {clash.row} at that time."
            self.faults.append(("started_at", row.position, rule))
            return
        self._reject_open(row)
        self._keep(row)

    def _closed_clash(self, row: _Row) -> _Row | None:
        """An earlier stay with an end that overlaps this one."""
        watched = [False] if row.concurrent else [False, True]
        for concurrent in watched:
            other = self.latest.get(concurrent)
            if other is not None and row.started < other.ended:
                return other
        return None

    def _reject_open(self, row: _Row) -> None:
        """Set aside earlier stays with no end that cannot run beside this one."""
        for other in list(self.open):
            if not (row.concurrent and other.concurrent):
                rule = f"The stay has no end, but the person's next stay starts in row {row.row}."
                self.faults.append(("ended_at", other.position, rule))
                self.open.remove(other)

    def _keep(self, row: _Row) -> None:
        self.last = row
        if row.ended == _OPEN:
            self.open.append(row)
        elif row.concurrent not in self.latest or row.ended > self.latest[row.concurrent].ended:
            self.latest[row.concurrent] = row
