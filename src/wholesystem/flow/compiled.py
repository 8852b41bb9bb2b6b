"""A model as flat arrays: what both engines run, and nothing they have to look up by name."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from wholesystem.flow.calendar import capacity_steps, profile_weights, rate_steps
from wholesystem.flow.randomness import FAMILIES, stream_hash

if TYPE_CHECKING:
    from wholesystem.flow.durations import Distribution
    from wholesystem.flow.model import Model, Route, StartRow

__all__ = ["Compiled", "DelayGroup", "Distributions", "StartPart", "compile_model"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Orders of waiting, in the order of the kernel's codes.
ORDERS = ("fifo", "first_fit", "priority")


@dataclass(frozen=True)
class DelayGroup:
    """Delays that are counted together.

    Parameters
    ----------
    service : str
        Where the person is delayed.
    waiting_for : str
        Where they are to go.
    reason, responsible : str
        Of the route; blank where the route names none.
    """

    service: str
    waiting_for: str
    reason: str
    responsible: str


@dataclass(frozen=True)
class StartPart:
    """People of one cohort present in one service at time 0.

    Parameters
    ----------
    service, cohort : int
        Indices.
    ready, staying : ndarray of int
        Places in `Compiled.start_service` of those ready to leave, and of the others.
    """

    service: int
    cohort: int
    ready: Ints
    staying: Ints


@dataclass(frozen=True)
class Distributions:
    """Every distinct distribution of a model, by number.

    Parameters
    ----------
    items : tuple of Distribution
        As the reference engine reads them.
    values : tuple of tuple of float
        Sorted values of the empirical ones; empty for the others.
    family : ndarray of int, shape (n_distributions,)
        Place in `randomness.FAMILIES`.
    parameters : ndarray of float, shape (n_distributions, 3)
        Canonical parameters a, b, c.
    offset, count : ndarray of int, shape (n_distributions,)
        Where each empirical one's values stand in `pool`.
    pool : ndarray of float, shape (n_values,)
        All empirical values, one after the other.
    """

    items: tuple[Distribution, ...]
    values: tuple[tuple[float, ...], ...]
    family: Ints
    parameters: Floats
    offset: Ints
    count: Ints
    pool: Floats


@dataclass(frozen=True)
class Compiled:
    """A model ready to run. Times are days from time 0; indices count from 0; -1 is none.

    Parameters
    ----------
    services, cohorts : tuple of str
        Names by index; a model without cohorts has one, named with the empty text.
    horizon_days, warm_up_days : float
        Length of the whole run and of its unmeasured beginning.
    snapshots : ndarray of float, shape (n_snapshots,)
        When integrals are read: 0, every whole day counted from the end of the warm-up, and
        the horizon.
    warm_snapshot : int
        Index of the end of the warm-up in `snapshots`.
    is_left, in_place, hours_unit, revisited : ndarray of bool, shape (n_services,)
        Outcome; transfers wait in place for it; counted in hours a week; a person can be there
        more than once.
    places : ndarray of float, shape (n_services,)
        At time 0; inf = no limit.
    arrivals_wait : ndarray of int, shape (n_services,)
        -1 = any number.
    order : ndarray of int, shape (n_services,)
        Place in `ORDERS`.
    rank : ndarray of int, shape (n_cohorts,)
        Of the cohort's priority, 0 first.
    ring : ndarray of int, shape (n_services,)
        Number of the set of services among which rings can form, -1 outside any.
    change_time, change_service, change_places : ndarray, shape (n_changes,)
        Changes of capacity in the order in which they happen.
    capacity_days : ndarray of float, shape (n_services,)
        Places times days over the measured window; inf = no limit.
    stream_service, stream_cohort, stream_hashes : ndarray, shape (n_streams,)
        Arrival streams.
    rate_first : ndarray of int, shape (n_streams + 1,)
        Where each stream's steps begin in `rate_until` and `rate_value`.
    duration, need : ndarray of int, shape (n_services, n_cohorts)
        Number of the distribution, -1 where none.
    route_first : ndarray of int, shape (n_services * n_cohorts + 1,)
        Where the routes of a service and cohort begin.
    route_to, route_group, route_arranging, route_stream : ndarray of int, shape (n_routes,)
        Destination, delay group, distribution of the arranging time, its stream's number.
    route_share_to : ndarray of float, shape (n_routes,)
        Shares summed up to and including each route; exactly 1 at the last.
    groups : tuple of DelayGroup
        What delays are counted by.
    hash_duration, hash_route, hash_need : ndarray of uint64, shape (n_services,)
        Hashes of the streams' names.
    hash_arranging : ndarray of uint64, shape (n_arranging_streams,)
        One for every pair of services with an arranging time.
    start_service, start_waiting_for, start_cohort, start_group : ndarray of int
        One entry for each person present at time 0, in table order.
    start_stream, start_number : ndarray of int
        Which stream of people present at time 0 each belongs to, and which number.
    start_hashes : ndarray of uint64, shape (n_start_streams,)
        Hashes of the streams' names.
    start_parts : tuple of StartPart
        The same people by service and cohort, without those who wait outside.
    start_fresh : bool
        True: a whole new duration; False: the equilibrium residual.
    distributions : Distributions
        By number.
    """

    services: tuple[str, ...]
    cohorts: tuple[str, ...]
    horizon_days: float
    warm_up_days: float
    snapshots: Floats
    warm_snapshot: int
    is_left: NDArray[np.bool_]
    in_place: NDArray[np.bool_]
    hours_unit: NDArray[np.bool_]
    revisited: NDArray[np.bool_]
    places: Floats
    arrivals_wait: Ints
    order: Ints
    rank: Ints
    ring: Ints
    change_time: Floats
    change_service: Ints
    change_places: Floats
    capacity_days: Floats
    stream_service: Ints
    stream_cohort: Ints
    stream_hashes: NDArray[np.uint64]
    rate_first: Ints
    rate_until: Floats
    rate_value: Floats
    duration: Ints
    need: Ints
    route_first: Ints
    route_to: Ints
    route_group: Ints
    route_arranging: Ints
    route_stream: Ints
    route_share_to: Floats
    groups: tuple[DelayGroup, ...]
    hash_duration: NDArray[np.uint64]
    hash_route: NDArray[np.uint64]
    hash_need: NDArray[np.uint64]
    hash_arranging: NDArray[np.uint64]
    start_service: Ints
    start_waiting_for: Ints
    start_cohort: Ints
    start_group: Ints
    start_stream: Ints
    start_number: Ints
    start_hashes: NDArray[np.uint64]
    start_parts: tuple[StartPart, ...]
    start_fresh: bool
    distributions: Distributions

    @property
    def days(self) -> float:
        """Length of the measured window, in days."""
        return self.horizon_days - self.warm_up_days


def compile_model(model: Model) -> Compiled:
    """Flat arrays of a valid model.

    Parameters
    ----------
    model : Model
        Already checked: this function trusts it.

    Returns
    -------
    Compiled
        What the engines run.
    """
    return _Compiler(model).compile()


class _HasCohort(Protocol):
    @property
    def cohort(self) -> str: ...


_Row = TypeVar("_Row", bound=_HasCohort)


def _for_cohort(rows: Iterable[_Row], cohort: str) -> list[_Row]:
    """Rows that hold for a cohort: those that name it, else those that name none."""
    listed = list(rows)
    named = [row for row in listed if row.cohort == cohort and cohort]
    return named or [row for row in listed if not row.cohort]


class _Compiler:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.services = tuple(row.service for row in model.services)
        self.cohorts = tuple(row.cohort for row in model.cohorts) or ("",)
        self.index = {name: i for i, name in enumerate(self.services)}
        self.warm_up = float(model.settings.warm_up_days)
        self.horizon = self.warm_up + float(model.settings.days)
        self.items: dict[tuple[Any, ...], int] = {}
        self.distribution_list: list[Distribution] = []

    def compile(self) -> Compiled:
        services = self.model.services
        snapshots, warm_snapshot = self._snapshots()
        places, changes, capacity_days = self._capacity()
        rates = self._arrivals()
        routes = self._routes()
        edges = self._edges()
        duration = self._by_cohort(self.model.durations, "days")
        need = self._by_cohort(self.model.needs, "hours_per_week")
        start = self._start()
        return Compiled(
            services=self.services,
            cohorts=self.cohorts,
            horizon_days=self.horizon,
            warm_up_days=self.warm_up,
            snapshots=snapshots,
            warm_snapshot=warm_snapshot,
            is_left=np.array([s.stage == "left" for s in services]),
            in_place=np.array([s.transfers_wait == "in_place" for s in services]),
            hours_unit=np.array([s.unit == "hours_per_week" for s in services]),
            revisited=np.array([c >= 0 for c in _components(len(services), edges)]),
            places=places,
            arrivals_wait=np.array(
                [-1 if s.arrivals_wait is None else s.arrivals_wait for s in services]
            ),
            order=np.array([ORDERS.index(s.order) for s in services]),
            rank=self._ranks(),
            ring=self._rings(edges, places, changes),
            change_time=np.array([c[0] for c in changes]),
            change_service=np.array([c[1] for c in changes], dtype=np.int64),
            change_places=np.array([c[2] for c in changes]),
            capacity_days=capacity_days,
            **rates,
            duration=duration,
            need=need,
            **routes,
            hash_duration=self._hashes(f"duration:{s}" for s in self.services),
            hash_route=self._hashes(f"route:{s}" for s in self.services),
            hash_need=self._hashes(f"need:{s}" for s in self.services),
            **start,
            start_fresh=self.model.settings.start_residual == "fresh",
            distributions=self._distributions(),
        )

    def _snapshots(self) -> tuple[Floats, int]:
        # Counted in whole days, since stepping up to a rounded end can add a day of no length.
        before = self.warm_up - np.arange(math.ceil(self.warm_up))
        after = self.warm_up + np.arange(1, math.ceil(self.model.settings.days))
        times = np.concatenate([[0.0], before, after, [self.horizon]])
        times = np.unique(times)
        return times, int(np.searchsorted(times, self.warm_up))

    def _capacity(self) -> tuple[Floats, list[tuple[float, int, float]], Floats]:
        first, changes, totals = [], [], []
        for i, service in enumerate(self.model.services):
            rows = [row for row in self.model.capacity if row.service == service.service]
            places = np.inf if service.places is None else float(service.places)
            begins, value = capacity_steps(rows, places, self.model.settings.start, self.horizon)
            first.append(value[0])
            changes += [(float(t), i, float(v)) for t, v in zip(begins[1:], value[1:], strict=True)]
            ends = np.append(begins[1:], self.horizon)
            measured = np.clip(ends, self.warm_up, None) - np.clip(begins, self.warm_up, None)
            used = measured > 0
            totals.append(float((measured[used] * value[used]).sum()))
        changes.sort(key=lambda change: (change[0], change[1]))
        return np.array(first), changes, np.array(totals)

    def _arrivals(self) -> dict[str, Any]:
        weights = {
            name: profile_weights([r for r in self.model.profiles if r.profile == name])
            for name in {row.profile for row in self.model.profiles}
        }
        streams: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in self.model.arrivals:
            cohort = row.cohort or self.cohorts[0]
            streams[row.service, cohort].append(row)
        until, value, first = [], [], [0]
        for rows in streams.values():
            step_until, step_value = rate_steps(
                rows, weights, self.model.settings.start, self.horizon
            )
            until.append(step_until)
            value.append(step_value)
            first.append(first[-1] + len(step_until))
        empty = [np.zeros(0)]
        return {
            "stream_service": np.array([self.index[s] for s, _ in streams], dtype=np.int64),
            "stream_cohort": np.array([self.cohorts.index(c) for _, c in streams], dtype=np.int64),
            "stream_hashes": self._hashes(f"arrivals:{s}:{c}" for s, c in streams),
            "rate_first": np.array(first, dtype=np.int64),
            "rate_until": np.concatenate(until or empty),
            "rate_value": np.concatenate(value or empty),
        }

    def _routes_of(self, service: str, cohort: str) -> list[Route]:
        pairs: dict[str, list[Route]] = defaultdict(list)
        for row in self.model.routes:
            if row.from_service == service:
                pairs[row.to_service].append(row)
        chosen = [r for rows in pairs.values() for r in _for_cohort(rows, cohort)]
        return [row for row in chosen if row.share > 0]

    def _routes(self) -> dict[str, Any]:
        groups: dict[DelayGroup, int] = {}
        streams: dict[str, int] = {}
        first, to, group, arranging, stream, share_to = [0], [], [], [], [], []
        for service in self.services:
            for cohort in self.cohorts:
                rows = self._routes_of(service, cohort)
                shares = np.cumsum([row.share for row in rows])
                for row in rows:
                    key = DelayGroup(service, row.to_service, row.reason, row.responsible)
                    to.append(self.index[row.to_service])
                    group.append(groups.setdefault(key, len(groups)))
                    arranging.append(self._distribution(row.arranging_days))
                    name = f"arranging:{service}:{row.to_service}"
                    stream.append(streams.setdefault(name, len(streams)))
                if rows:
                    shares = shares / shares[-1]
                    shares[-1] = 1.0
                share_to += shares.tolist()
                first.append(len(to))
        self.groups = tuple(groups)
        return {
            "route_first": np.array(first, dtype=np.int64),
            "route_to": np.array(to, dtype=np.int64),
            "route_group": np.array(group, dtype=np.int64),
            "route_arranging": np.array(arranging, dtype=np.int64),
            "route_stream": np.array(stream, dtype=np.int64),
            "route_share_to": np.array(share_to, dtype=np.float64),
            "groups": self.groups,
            "hash_arranging": self._hashes(streams),
        }

    def _edges(self) -> set[tuple[int, int]]:
        return {
            (self.index[row.from_service], self.index[row.to_service])
            for row in self.model.routes
            if row.share > 0
        }

    def _rings(
        self,
        edges: set[tuple[int, int]],
        places: Floats,
        changes: list[tuple[float, int, float]],
    ) -> Ints:
        limited = np.isfinite(places)
        for _, service, value in changes:
            limited[service] |= np.isfinite(value)
        waits = {
            (a, b)
            for a, b in edges
            if limited[b] and self.model.services[b].transfers_wait == "in_place"
        }
        return np.array(_components(len(self.services), waits), dtype=np.int64)

    def _ranks(self) -> Ints:
        priorities = [row.priority for row in self.model.cohorts] or [1]
        levels = sorted(set(priorities))
        return np.array([levels.index(p) for p in priorities], dtype=np.int64)

    def _by_cohort(self, rows: Sequence[Any], column: str) -> Ints:
        table = np.full((len(self.services), len(self.cohorts)), -1, dtype=np.int64)
        for i, service in enumerate(self.services):
            of_service = [row for row in rows if row.service == service]
            for j, cohort in enumerate(self.cohorts):
                for row in _for_cohort(of_service, cohort):
                    table[i, j] = self._distribution(getattr(row, column))
        return table

    def _distribution(self, item: Distribution | None) -> int:
        if item is None:
            return -1
        key = (item.family, item.a, item.b, item.c, item.name)
        if key not in self.items:
            self.items[key] = len(self.distribution_list)
            self.distribution_list.append(item)
        return self.items[key]

    def _distributions(self) -> Distributions:
        values = tuple(
            tuple(sorted(self.model.empirical[d.name])) if d.family == "empirical" else ()
            for d in self.distribution_list
        )
        count = np.array([len(v) for v in values], dtype=np.int64)
        return Distributions(
            items=tuple(self.distribution_list),
            values=values,
            family=np.array([FAMILIES.index(d.family) for d in self.distribution_list], np.int64),
            parameters=np.array(
                [(d.a, d.b, d.c) for d in self.distribution_list], dtype=np.float64
            ).reshape(-1, 3),
            offset=np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64)
            if len(count)
            else count,
            count=count,
            pool=np.array([x for v in values for x in v], dtype=np.float64),
        )

    def _start(self) -> dict[str, Any]:
        people: dict[str, list[int]] = {
            name: [] for name in ("service", "waiting_for", "cohort", "group", "stream", "number")
        }
        names: dict[str, int] = {}
        counted: dict[int, int] = defaultdict(int)
        for row in self.model.start:
            cohort = self.cohorts.index(row.cohort or self.cohorts[0])
            name = f"start:{row.service}:{row.waiting_for}:{self.cohorts[cohort]}"
            stream = names.setdefault(name, len(names))
            for group in self._start_groups(row, cohort):
                counted[stream] += 1
                people["service"].append(self.index.get(row.service, -1))
                people["waiting_for"].append(self.index.get(row.waiting_for, -1))
                people["cohort"].append(cohort)
                people["group"].append(group)
                people["stream"].append(stream)
                people["number"].append(counted[stream])
        arrays: dict[str, Any] = {
            f"start_{name}": np.array(column, dtype=np.int64) for name, column in people.items()
        }
        return arrays | {
            "start_hashes": self._hashes(names),
            "start_parts": _start_parts(arrays),
        }

    def _start_groups(self, row: StartRow, cohort: int) -> list[int]:
        """Delay group of each person of a start row: shared out in proportion to the routes."""
        if not (row.service and row.waiting_for):
            return [-1] * row.people
        routes = [
            r
            for r in self._routes_of(row.service, self.cohorts[cohort])
            if r.to_service == row.waiting_for
        ]
        keys = [DelayGroup(row.service, row.waiting_for, r.reason, r.responsible) for r in routes]
        shares = np.cumsum([r.share for r in routes])
        # The k-th of n people takes the route in which the share (k + 1/2) / n falls.
        at = (np.arange(row.people) + 0.5) / row.people * shares[-1]
        chosen = np.minimum(np.searchsorted(shares, at), len(keys) - 1)
        return [self.groups.index(keys[i]) for i in chosen]

    @staticmethod
    def _hashes(names: Iterable[str]) -> NDArray[np.uint64]:
        return np.array([stream_hash(name) for name in names], dtype=np.uint64)


def _start_parts(arrays: dict[str, Any]) -> tuple[StartPart, ...]:
    service, cohort = arrays["start_service"], arrays["start_cohort"]
    ready = arrays["start_waiting_for"] >= 0
    parts = []
    for k, c in sorted(set(zip(service.tolist(), cohort.tolist(), strict=True))):
        if k >= 0:
            here = (service == k) & (cohort == c)
            parts.append(
                StartPart(k, c, np.flatnonzero(here & ready), np.flatnonzero(here & ~ready))
            )
    return tuple(parts)


def _components(n: int, edges: set[tuple[int, int]]) -> list[int]:
    """Number of the set of nodes that each can reach and return from; -1 for one in no cycle."""
    reach = np.zeros((n, n), dtype=bool)
    for a, b in edges:
        reach[a, b] = True
    before = -1
    while before < (now := int(reach.sum())):
        before = now
        # Paths of up to twice the length; a matrix of services is small.
        reach |= reach @ reach
    together = reach & reach.T
    return [int(row.argmax()) if row.any() else -1 for row in together]
