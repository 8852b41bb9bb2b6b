"""What an engine hands back from one replication, before it is given names and dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

    from wholesystem.flow.compiled import Compiled

__all__ = ["TOTALS", "RawResult", "RawStays"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Columns of `RawResult.totals`: people who started, their days waited, people who ended, their
#: days in the place, their days from ready to leaving.
TOTALS = ("started", "wait_days", "ended", "stay_days", "delay_days")

_MICROSECONDS = 86_400_000_000


@dataclass(frozen=True)
class RawStays:
    """Every stay of one replication, in no stated order.

    Parameters
    ----------
    numbers : ndarray of int, shape (n_stays, 6)
        Arrival stream (-1 - stream for people present at time 0), number of the person in it,
        order of the stay within the person, service, cohort, delay group (-1 = not ready).
    times : ndarray of float, shape (n_stays, 4)
        Requested, started, ready and ended, in days from time 0; NaN = not, or not yet.
    """

    numbers: Ints
    times: Floats

    @classmethod
    def from_rows(cls, rows: Sequence[tuple[float, ...]]) -> RawStays:
        """Stays from the reference engine's rows."""
        table = np.array(rows, dtype=np.float64).reshape(-1, 10)
        return cls(table[:, [0, 1, 2, 3, 4, 9]].astype(np.int64), table[:, 5:9])

    def ordered(self) -> RawStays:
        """The same stays by stream, person and order of the stay."""
        order = np.lexsort((self.numbers[:, 2], self.numbers[:, 1], self.numbers[:, 0]))
        return RawStays(self.numbers[order], self.times[order])

    def _of_measured_people(self, warm_up_days: float) -> tuple[RawStays, Ints, Ints]:
        """Of ordered stays, those of people with one that overlaps the measured window.

        Earlier stays of the same people belong to it: a stay in hospital may have begun in the
        warm-up.
        """
        if not len(self.numbers):
            return self, np.zeros(0, np.int64), np.zeros((0, 2), np.int64)
        ended = self.times[:, 3]
        overlaps = np.isnan(ended) | (ended >= warm_up_days)
        new = np.any(self.numbers[1:, :2] != self.numbers[:-1, :2], axis=1)
        first = np.concatenate([[0], np.flatnonzero(new) + 1])
        wanted = np.logical_or.reduceat(overlaps, first)
        person = np.concatenate([[0], np.cumsum(new)])
        rows = wanted[person]
        kept = RawStays(self.numbers[rows], self.times[rows])
        return kept, (np.cumsum(wanted) - 1)[person[rows]], self.numbers[first[wanted], :2]

    def to_arrow(self, compiled: Compiled, start: datetime) -> pa.Table:
        """All stays of people who are there in the measured window, as the stays table.

        Parameters
        ----------
        compiled : Compiled
            The model, for names.
        start : datetime
            Local date-time of time 0.

        Returns
        -------
        pyarrow.Table
            With the columns of `wholesystem.stays.STAYS_SCHEMA`, by person and stay.
        """
        import pyarrow as pa

        from wholesystem.stays import STAYS_SCHEMA

        kept, person, people = self.ordered()._of_measured_people(compiled.warm_up_days)
        _, _, stay, service, cohort, group = kept.numbers.T
        names = [_pseudonym(int(s), int(n)) for s, n in people]
        groups = compiled.groups
        columns = {
            "person": pa.array(names, pa.string()).take(pa.array(person)),
            "stay": pa.array(stay),
            "service": _named(service, compiled.services),
            "organisation": pa.nulls(len(stay), pa.string()),
            "cohort": _named(cohort, [c or None for c in compiled.cohorts]),
            "requested_at": _dates(kept.times[:, 0], start),
            "started_at": _dates(kept.times[:, 1], start),
            "ready_at": _dates(kept.times[:, 2], start),
            "ended_at": _dates(kept.times[:, 3], start),
            "next_service": _named(group, [g.waiting_for for g in groups]),
            "reason": _named(group, [g.reason or None for g in groups]),
            "responsible": _named(group, [g.responsible or None for g in groups]),
        }
        return pa.table([columns[name] for name in STAYS_SCHEMA.names], schema=STAYS_SCHEMA)


def _pseudonym(stream: int, number: int) -> str:
    return f"p{stream}-{number}" if stream >= 0 else f"s{-1 - stream}-{number}"


def _named(index: Ints, names: Sequence[str | None]) -> pa.Array:
    """Names by index; null for -1."""
    import pyarrow as pa

    dictionary = pa.array([*names, None], pa.string())
    return dictionary.take(pa.array(np.where(index < 0, len(names), index)))


def _dates(days: Floats, start: datetime) -> pa.Array:
    import pyarrow as pa

    missing = np.isnan(days)
    micro = np.round(np.where(missing, 0.0, days) * _MICROSECONDS).astype("timedelta64[us]")
    return pa.array(np.datetime64(start, "us") + micro, pa.timestamp("us"), mask=missing)


@dataclass
class RawResult:
    """Integrals and counts of one replication, cumulated from time 0.

    Parameters
    ----------
    people_days, unit_days, outside_days : ndarray of float, shape (n_snapshots, n_services)
        People in places times days; hours a week (or people) used times days; people waiting
        with no place times days.
    delayed_days : ndarray of float, shape (n_snapshots, n_groups)
        People ready but still in a place times days, by delay group.
    asked, turned_away : ndarray of float, shape (n_snapshots, n_services)
        People who asked for the service, and who were turned away.
    totals : ndarray of float, shape (2, n_services, 5)
        The columns of `TOTALS` at the end of the warm-up and at the end of the run.
    events : int
        Arrivals, ends of durations and of arranging times, and changes of capacity.
    stays : RawStays or None
        Where they were asked for.
    """

    people_days: Floats
    unit_days: Floats
    outside_days: Floats
    delayed_days: Floats
    asked: Floats
    turned_away: Floats
    totals: Floats
    events: int = 0
    stays: RawStays | None = None

    @classmethod
    def zeros(cls, compiled: Compiled) -> RawResult:
        """Room for a replication of a model."""
        n, k, g = len(compiled.snapshots), len(compiled.services), len(compiled.groups)
        return cls(
            people_days=np.zeros((n, k)),
            unit_days=np.zeros((n, k)),
            outside_days=np.zeros((n, k)),
            delayed_days=np.zeros((n, g)),
            asked=np.zeros((n, k)),
            turned_away=np.zeros((n, k)),
            totals=np.zeros((2, k, len(TOTALS))),
        )
