"""Runs the kernel: gives it its memory, and more when a run proves it too small."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from wholesystem.flow import kernel as k
from wholesystem.flow.randomness import replication_key, stream_keys
from wholesystem.flow.raw import TOTALS, RawResult, RawStays
from wholesystem.flow.start import people_at_start

if TYPE_CHECKING:
    from wholesystem.flow.compiled import Compiled

__all__ = ["FastEngine"]

# Memory to begin with; both double as often as needed.
_PEOPLE = 1 << 12
_STAYS = 1 << 14
# Buckets of the event queue: about one for every two events, within these bounds.
_BUCKETS_PER_DAY = (8, 1024)
_BUCKETS = 1 << 23


@dataclass
class FastEngine:
    """The kernel with the memory that one model needs.

    Parameters
    ----------
    compiled : Compiled
        The model. One engine may be used by several threads at once.
    """

    compiled: Compiled
    _people: int = field(default=_PEOPLE, init=False)
    _stays: int = field(default=_STAYS, init=False)
    _local: threading.local = field(default_factory=threading.local, init=False)

    def __post_init__(self) -> None:
        """Size the memory by what is known beforehand."""
        present = len(self.compiled.start_service) + len(self.compiled.stream_service)
        self._people = max(self._people, 2 * present)
        self._fixed = _fixed_fields(self.compiled)
        self._before = _state_rows(self.compiled)

    def run(self, seed: int, replication: int, *, stays: bool = False) -> RawResult:
        """Run one replication.

        Parameters
        ----------
        seed : int
            >= 0.
        replication : int
            From 0.
        stays : bool
            Whether to keep every stay.

        Returns
        -------
        RawResult
            Integrals and counts at every snapshot, and the stays where asked for.
        """
        key = replication_key(seed, replication)
        while True:
            world = k.World(
                **self._fixed,
                **_state_fields(self.compiled, self._before, key),
                **self._slots(),
                **_output_fields(self.compiled, self._stays if stays else 0),
            )
            events = int(k.run(world, stays))
            if events == k.PEOPLE_FULL:
                self._people *= 2
            elif events == k.LOG_FULL:
                self._stays = max(2 * self._stays, int(world.log_length[0]))
            else:
                return _result(world, events, stays)

    def _slots(self) -> dict[str, Any]:
        """Memory of this thread for people and events, made anew when it is too small."""
        slots: dict[str, Any] | None = getattr(self._local, "slots", None)
        if slots is None or len(slots["people"]) < self._people:
            buckets = math.ceil(self.compiled.horizon_days * self._fixed["buckets_per_day"]) + 1
            n = self._people
            slots = {
                "head": np.empty(buckets, np.uint32),
                "people": np.empty(n, k.PERSON),
                "visits": np.empty((n, int(self.compiled.revisited.sum())), np.uint32),
                "rings": np.empty(n, k.RING),
            }
            self._local.slots = slots
        return slots


def _result(world: k.World, events: int, stays: bool) -> RawResult:
    result = RawResult(
        people_days=world.daily[:, :, k.D_PEOPLE],
        unit_days=world.daily[:, :, k.D_UNITS],
        outside_days=world.daily[:, :, k.D_OUTSIDE],
        delayed_days=world.daily_delayed,
        asked=world.daily[:, :, k.D_ASKED],
        turned_away=world.daily[:, :, k.D_TURNED_AWAY],
        totals=world.totals,
        events=events,
    )
    if stays:
        n = int(world.log_length[0])
        result.stays = RawStays(world.log_numbers[:n], world.log_times[:n])
    return result


def _buckets_per_day(m: Compiled) -> float:
    """A power of two, so that a time's bucket is exact."""
    per_day = len(m.change_time) / m.horizon_days
    for i in range(len(m.stream_service)):
        steps = slice(m.rate_first[i], m.rate_first[i + 1])
        lengths = np.diff(m.rate_until[steps], prepend=0.0)
        per_day += float((lengths * m.rate_value[steps]).sum()) / m.horizon_days
    low, high = _BUCKETS_PER_DAY
    wanted = min(max(2.0 ** round(math.log2(max(per_day * 1.25, 1.0))), low), high)
    while wanted > 1 and wanted * m.horizon_days > _BUCKETS:
        wanted /= 2
    return wanted


def _rows(dtype: np.dtype[Any], n: int, **columns: Any) -> Any:
    """Rows of a structured array; fields not named are 0."""
    rows = np.zeros(n, dtype)
    for name, column in columns.items():
        rows[name] = column
    return rows


def _fixed_fields(m: Compiled) -> dict[str, Any]:
    """The fields of `kernel.World` that every replication shares and none changes."""
    d = m.distributions
    return {
        "horizon": m.horizon_days,
        "buckets_per_day": _buckets_per_day(m),
        "warm_snapshot": m.warm_snapshot,
        "n_cohorts": len(m.cohorts),
        "snapshots": m.snapshots,
        "visits_to": _rows(
            k.VISIT,
            m.duration.size,
            duration=m.duration.ravel(),
            need=m.need.ravel(),
            route_first=m.route_first[:-1],
            route_last=m.route_first[1:] - 1,
        ),
        "rank": m.rank,
        "routes": _rows(
            k.ROUTE,
            len(m.route_to),
            share_to=m.route_share_to,
            to=m.route_to,
            group=m.route_group,
            arranging=m.route_arranging,
            arranging_stream=m.route_stream,
        ),
        "rates": _rows(k.STEP, len(m.rate_until), until=m.rate_until, rate=m.rate_value),
        "changes": _rows(
            k.CHANGE,
            len(m.change_time),
            time=m.change_time,
            service=m.change_service,
            places=m.change_places,
        ),
        "draws": _rows(
            k.DRAW,
            len(d.family),
            family=d.family,
            a=d.parameters[:, 0],
            b=d.parameters[:, 1],
            c=d.parameters[:, 2],
            offset=d.offset,
            count=d.count,
        ),
        "draw_values": d.pool,
    }


def _state_rows(m: Compiled) -> dict[str, Any]:
    """Services, streams and queues as they stand before time 0, but for a replication's keys."""
    n, ranks = len(m.services), int(m.rank.max()) + 1
    return {
        "services": _rows(
            k.SERVICE,
            n,
            places=m.places,
            arrivals_wait=m.arrivals_wait,
            is_left=m.is_left,
            in_place=m.in_place,
            hours_unit=m.hours_unit,
            visit_column=np.where(m.revisited, np.cumsum(m.revisited) - 1, -1),
            rule=m.order,
            ring=m.ring,
        ),
        "streams": _rows(
            k.STREAM,
            len(m.stream_service),
            step=m.rate_first[:-1],
            last_step=m.rate_first[1:],
            service=m.stream_service,
            cohort=m.stream_cohort,
        ),
        "start": _rows(
            k.START,
            len(m.start_service),
            service=m.start_service,
            waiting_for=m.start_waiting_for,
            cohort=m.start_cohort,
            route=_start_routes(m),
            stream=m.start_stream,
            number=m.start_number,
        ),
        "groups": np.zeros(len(m.groups), k.GROUP),
        "queues": _rows(k.QUEUE, n * ranks, head=k.NIL, tail=k.NIL).reshape(n, ranks),
        "edges": np.zeros((n, n), np.int64),
        "work": np.zeros(n, np.int64),
    }


def _state_fields(m: Compiled, before: dict[str, Any], key: int) -> dict[str, Any]:
    """A copy of the rows of `_state_rows` with a replication's keys and draws."""
    state = {name: rows.copy() for name, rows in before.items()}
    state["services"]["key_duration"] = stream_keys(key, m.hash_duration)
    state["services"]["key_route"] = stream_keys(key, m.hash_route)
    state["services"]["key_need"] = stream_keys(key, m.hash_need)
    state["streams"]["key"] = stream_keys(key, m.stream_hashes)
    if len(m.start_service):
        drawn, start = people_at_start(m, key), state["start"]
        start["key"], start["began"], start["ends"] = drawn.key, drawn.began, drawn.ends
    return state | {"arranging_keys": stream_keys(key, m.hash_arranging)}


def _start_routes(m: Compiled) -> Any:
    """A route of the delay group of each person who is ready at time 0."""
    routes = np.full(len(m.start_service), -1, dtype=np.int64)
    for i in np.flatnonzero(m.start_group >= 0):
        at = m.start_service[i] * len(m.cohorts) + m.start_cohort[i]
        mine = np.arange(m.route_first[at], m.route_first[at + 1])
        routes[i] = mine[m.route_group[mine] == m.start_group[i]][0]
    return routes


def _output_fields(m: Compiled, n_log: int) -> dict[str, Any]:
    n, groups, n_snapshots = len(m.services), len(m.groups), len(m.snapshots)
    return {
        "daily": np.zeros((n_snapshots, n, 5)),
        "daily_delayed": np.zeros((n_snapshots, groups)),
        "totals": np.zeros((2, n, len(TOTALS))),
        "log_numbers": np.empty((n_log, 6), np.int64),
        "log_times": np.empty((n_log, 4)),
        "log_length": np.zeros(1, np.int64),
    }
