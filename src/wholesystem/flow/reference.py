"""The slow engine: plain Python to be read beside the meaning of a model, line by line.

It keeps a heap of events and lists of people, and after each event it lets everybody move who
can. `kernel.py` does the same over flat arrays; on the same seed the two give the same stays.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from wholesystem.flow.randomness import (
    draw,
    exponential,
    person_key,
    replication_key,
    stream_key,
    uniform,
)
from wholesystem.flow.raw import TOTALS, RawResult, RawStays
from wholesystem.flow.start import people_at_start

if TYPE_CHECKING:
    from wholesystem.flow.compiled import Compiled

__all__ = ["run_reference"]

# Simultaneous events: ends before changes of capacity before arrivals, then the one that was
# scheduled first.
END, CAPACITY, ARRIVAL = 0, 1, 2

#: Hours a week that rounding may take beyond what is free.
SLACK = 1e-9


@dataclass(eq=False)
class Person:
    """One person, with the stay they are in and what they wait for."""

    stream: int  # arrival stream; people present at time 0: -1 - their stream
    number: int
    key: int
    cohort: int
    service: int = -1  # where they hold a place; -1 = nowhere
    stay: int = 0
    visits: dict[int, int] = field(default_factory=dict)
    requested: float = math.nan
    started: float = math.nan
    ready: float = math.nan
    need: float = 1.0  # places or hours a week that they hold
    route: int = -1
    group: int = -1
    delayed: bool = False  # ready, and still in the place
    asks_for: int = -1
    asked: float = math.nan
    asks_need: float = 1.0
    order: int = -1  # of having begun to wait
    outside: bool = False  # waits without having been in the model before


def run_reference(compiled: Compiled, seed: int, replication: int) -> RawResult:
    """Run one replication with the reference engine.

    Parameters
    ----------
    compiled : Compiled
        The model.
    seed : int
        >= 0.
    replication : int
        From 0.

    Returns
    -------
    RawResult
        Integrals and counts at every snapshot, and every stay.
    """
    return _Run(compiled, replication_key(seed, replication)).run()


class _Run:
    def __init__(self, compiled: Compiled, key: int) -> None:
        self.model = m = compiled
        n = len(m.services)
        self.key = key
        self.now = 0.0
        self.places = m.places.tolist()
        self.used = [0.0] * n
        self.people_in: list[int] = [0] * n
        self.people_outside: list[int] = [0] * n
        self.arrivals_waiting: list[int] = [0] * n
        self.people_delayed: list[int] = [0] * len(m.groups)
        self.queues: list[list[Person]] = [[] for _ in range(n)]
        self.events: list[tuple[float, int, int, object]] = []
        self.scheduled = 0
        self.began_waiting = 0
        self.event_count = 0
        self.freed: deque[int] = deque()
        self.present: dict[int, Person] = {}
        self.result = RawResult.zeros(m)
        self.tally = _Tally(m)
        self.stays: list[tuple[float, ...]] = []
        self.streams = [_Stream(self, i) for i in range(len(m.stream_service))]

    def run(self) -> RawResult:
        self._start()
        for stream in self.streams:
            self._schedule(stream.next_time(), ARRIVAL, stream)
        for time, service, places in zip(
            self.model.change_time,
            self.model.change_service,
            self.model.change_places,
            strict=True,
        ):
            self._schedule(float(time), CAPACITY, (int(service), float(places)))
        snapshots = deque(enumerate(self.model.snapshots.tolist()))
        while self.events and self.events[0][0] < self.model.horizon_days:
            time, kind, _, what = heapq.heappop(self.events)
            while snapshots and snapshots[0][1] <= time:
                self._snapshot(*snapshots.popleft())
            self._advance(time)
            self.event_count += 1
            self._happen(kind, what)
            self._settle()
        while snapshots:
            self._snapshot(*snapshots.popleft())
        for person in self.present.values():
            if person.service >= 0:
                self._write_stay(person, math.nan)
        self.result.events = self.event_count
        self.result.stays = RawStays.from_rows(self.stays)
        return self.result

    # --- events ---------------------------------------------------------------------------

    def _schedule(self, time: float, kind: int, what: object) -> None:
        self.scheduled += 1
        if time < self.model.horizon_days:
            heapq.heappush(self.events, (time, kind, self.scheduled, what))

    def _happen(self, kind: int, what: object) -> None:
        if isinstance(what, _Stream):
            self._arrive(what)
        elif isinstance(what, Person):
            self._end(what)
        elif isinstance(what, tuple):
            service, places = what
            self.places[service] = places
            self._free(service)

    def _arrive(self, stream: _Stream) -> None:
        person = Person(
            stream.index, stream.number, stream.person, int(self.model.stream_cohort[stream.index])
        )
        self._schedule(stream.next_time(), ARRIVAL, stream)
        service = int(self.model.stream_service[stream.index])
        person.outside = True
        self._ask(person, service)
        if self.model.is_left[service]:
            return
        self.present[id(person)] = person
        limit = int(self.model.arrivals_wait[service])
        if self._can_start(person, service):
            self._move(person)
        elif limit >= 0 and self.arrivals_waiting[service] >= limit:
            self.tally.count(service, "turned_away")
            del self.present[id(person)]
        else:
            self._wait(person)

    def _end(self, person: Person) -> None:
        """The duration, or after it the arranging time, has passed."""
        if person.route < 0:
            self._choose_route(person)
            arranging = int(self.model.route_arranging[person.route])
            if arranging >= 0:
                days = self._draw(
                    arranging,
                    self.model.hash_arranging[self.model.route_stream[person.route]],
                    person,
                    person.service,
                )
                self._delay(person)
                self._schedule(self.now + days, END, person)
                return
        service = int(self.model.route_to[person.route])
        self._ask(person, service)
        if self.model.is_left[service]:
            self._leave(person)
            del self.present[id(person)]
        elif self._can_start(person, service):
            self._move(person)
        elif self.model.in_place[service]:
            self._delay(person)
            self._wait(person)
        else:
            self._leave(person)
            self._wait(person)

    def _choose_route(self, person: Person) -> None:
        at = person.service * len(self.model.cohorts) + person.cohort
        first, last = int(self.model.route_first[at]), int(self.model.route_first[at + 1])
        key = stream_key(self.key, int(self.model.hash_route[person.service]))
        u = uniform(key, person.key, person.visits[person.service] - 1)
        person.route = next(
            r for r in range(first, last) if u < self.model.route_share_to[r] or r == last - 1
        )
        person.group = int(self.model.route_group[person.route])
        person.ready = self.now

    def _ask(self, person: Person, service: int) -> None:
        person.asks_for, person.asked = service, self.now
        self.tally.count(service, "asked")
        distribution = int(self.model.need[service, person.cohort])
        person.asks_need = 1.0
        if distribution >= 0:
            person.asks_need = self._draw(
                distribution, self.model.hash_need[service], person, service, asking=True
            )

    def _delay(self, person: Person) -> None:
        if not person.delayed:
            person.delayed = True
            self.people_delayed[person.group] += 1

    def _wait(self, person: Person) -> None:
        service = person.asks_for
        if person.service < 0:
            self.people_outside[service] += 1
            self.arrivals_waiting[service] += person.outside
        person.order = self.began_waiting
        self.began_waiting += 1
        self.queues[service].append(person)

    # --- places ---------------------------------------------------------------------------

    def _fits(self, person: Person, service: int) -> bool:
        return bool(self.used[service] + person.asks_need <= self.places[service] + SLACK)

    def _can_start(self, person: Person, service: int) -> bool:
        """Whether there is room, and nobody waiting whom the service's order puts first."""
        if not self._fits(person, service):
            return False
        order = self.model.order[service]
        if order == 0:
            return not self.queues[service]
        if order == 1:
            return True
        rank = self.model.rank[person.cohort]
        return all(bool(self.model.rank[p.cohort] > rank) for p in self.queues[service])

    def _next_waiting(self, service: int) -> Person | None:
        """Who takes a free place next, if they fit."""
        queue = self.queues[service]
        if self.model.order[service] == 1:
            return next((p for p in queue if self._fits(p, service)), None)
        ranked = queue
        if self.model.order[service] == 2:
            ranked = sorted(queue, key=lambda p: (self.model.rank[p.cohort], p.order))
        return next((p for p in ranked[:1] if self._fits(p, service)), None)

    def _settle(self) -> None:
        """Let everybody move who can, before the clock does."""
        while True:
            while self.freed:
                service = self.freed[0]
                person = self._next_waiting(service)
                if person is None:
                    self.freed.popleft()
                else:
                    self._stop_waiting(person)
                    self._move(person)
            ring = self._find_ring()
            if not ring:
                return
            self._exchange(ring)

    def _find_ring(self) -> list[Person]:
        """The shortest ring through the first person, in the order of waiting, who is in one.

        A person leads to everybody whose place they wait for and could take.
        """
        waiting = sorted(
            (
                p
                for queue in self.queues
                for p in queue
                if p.service >= 0 and self.model.ring[p.service] >= 0
            ),
            key=lambda p: p.order,
        )
        for first in waiting:
            paths = deque([[first]])
            seen = set()
            while paths:
                path = paths.popleft()
                last = path[-1]
                for other in waiting:
                    if other.order in seen or not self._could_replace(last, other):
                        continue
                    if other is first:
                        return path
                    seen.add(other.order)
                    paths.append([*path, other])
        return []

    def _could_replace(self, person: Person, other: Person) -> bool:
        service = person.asks_for
        if other.service != service:
            return False
        after = self.used[service] - other.need + person.asks_need
        return bool(after <= self.places[service] + SLACK)

    def _exchange(self, ring: list[Person]) -> None:
        for person in ring:
            self._stop_waiting(person)
        for person in ring:
            self._leave(person)
        for person in ring:
            self._begin(person)

    def _stop_waiting(self, person: Person) -> None:
        service = person.asks_for
        self.queues[service].remove(person)
        if person.service < 0:
            self.people_outside[service] -= 1
            self.arrivals_waiting[service] -= person.outside

    def _free(self, service: int) -> None:
        """Note that a place may be free; services are filled in the order noted."""
        if service not in self.freed:
            self.freed.append(service)

    def _move(self, person: Person) -> None:
        left = person.service
        if left >= 0:
            self._leave(person)
        self._begin(person)

    def _leave(self, person: Person) -> None:
        """Give up the place that the person holds."""
        service = person.service
        self._write_stay(person, self.now)
        self.tally.count(service, "ended")
        self.tally.count(service, "stay_days", self.now - person.started)
        self.tally.count(service, "delay_days", self.now - person.ready)
        if person.delayed:
            self.people_delayed[person.group] -= 1
        self.people_in[service] -= 1
        self.used[service] -= person.need
        if self.people_in[service] == 0:
            self.used[service] = 0.0
        self._free(service)
        person.service, person.delayed, person.route, person.group = -1, False, -1, -1
        person.ready = math.nan

    def _begin(self, person: Person) -> None:
        """Take a place of the service asked for."""
        service = person.asks_for
        person.service, person.need = service, person.asks_need
        person.requested, person.started = person.asked, self.now
        person.outside = False
        person.stay += 1
        self.people_in[service] += 1
        self.used[service] += person.need
        self.tally.count(service, "started")
        self.tally.count(service, "wait_days", self.now - person.requested)
        days = self._draw(
            int(self.model.duration[service, person.cohort]),
            self.model.hash_duration[service],
            person,
            service,
            asking=True,
        )
        person.visits[service] = person.visits.get(service, 0) + 1
        self._schedule(self.now + days, END, person)

    # --- draws ----------------------------------------------------------------------------

    def _draw(
        self,
        distribution: int,
        name_hash: np.uint64,
        person: Person,
        service: int,
        *,
        asking: bool = False,
    ) -> float:
        """A draw about a visit: the next one when asking or beginning, else the present one."""
        visit = person.visits.get(service, 0) - (0 if asking else 1)
        return draw(
            self.model.distributions.items[distribution],
            self.model.distributions.values[distribution],
            stream_key(self.key, int(name_hash)),
            person.key,
            visit,
        )

    # --- time 0 ---------------------------------------------------------------------------

    def _start(self) -> None:
        m = self.model
        drawn = people_at_start(m, self.key)
        people = []
        for i in range(len(m.start_service)):
            person = Person(
                -1 - int(m.start_stream[i]),
                int(m.start_number[i]),
                int(drawn.key[i]),
                int(m.start_cohort[i]),
            )
            people.append(person)
            self.present[id(person)] = person
            self._place_at_start(person, i, float(drawn.began[i]), float(drawn.ends[i]))
        for i, person in enumerate(people):
            service = int(m.start_waiting_for[i])
            if service >= 0:
                self._ask(person, service)
                if person.service >= 0:
                    person.ready = 0.0
                    person.group = int(m.start_group[i])
                    person.route = self._route_of_group(person)
                    self._delay(person)
                self._wait(person)
        self.freed.extend(range(len(m.services)))
        self._settle()

    def _place_at_start(self, person: Person, i: int, began: float, ends: float) -> None:
        service = int(self.model.start_service[i])
        if service < 0:
            return
        person.service, person.stay, person.started = service, 1, began
        distribution = int(self.model.need[service, person.cohort])
        if distribution >= 0:
            person.need = self._draw(
                distribution, self.model.hash_need[service], person, service, asking=True
            )
        person.visits[service] = 1
        self.people_in[service] += 1
        self.used[service] += person.need
        if self.model.start_waiting_for[i] < 0:
            self._schedule(ends, END, person)

    def _route_of_group(self, person: Person) -> int:
        at = person.service * len(self.model.cohorts) + person.cohort
        first, last = int(self.model.route_first[at]), int(self.model.route_first[at + 1])
        return next(r for r in range(first, last) if self.model.route_group[r] == person.group)

    # --- what is kept ---------------------------------------------------------------------

    def _advance(self, time: float) -> None:
        days = time - self.now
        self.tally.people_days += np.array(self.people_in) * days
        self.tally.unit_days += np.array(self.used) * days
        self.tally.outside_days += np.array(self.people_outside) * days
        self.tally.delayed_days += np.array(self.people_delayed, dtype=np.float64) * days
        self.now = time

    def _snapshot(self, index: int, time: float) -> None:
        self._advance(time)
        tally, result = self.tally, self.result
        result.people_days[index] = tally.people_days
        result.unit_days[index] = tally.unit_days
        result.outside_days[index] = tally.outside_days
        result.delayed_days[index] = tally.delayed_days
        result.asked[index] = tally.counts["asked"]
        result.turned_away[index] = tally.counts["turned_away"]
        totals = np.stack([tally.counts[name] for name in TOTALS], axis=1)
        if index == self.model.warm_snapshot:
            result.totals[0] = totals
        result.totals[1] = totals

    def _write_stay(self, person: Person, ended: float) -> None:
        self.stays.append(
            (
                person.stream,
                person.number,
                person.stay,
                person.service,
                person.cohort,
                person.requested,
                person.started,
                person.ready,
                ended,
                person.group,
            )
        )


class _Tally:
    """Adds up interval by interval, as the definition of a time integral reads."""

    def __init__(self, compiled: Compiled) -> None:
        n = len(compiled.services)
        self.people_days, self.unit_days, self.outside_days = (np.zeros(n) for _ in range(3))
        self.delayed_days = np.zeros(len(compiled.groups))
        self.counts = {name: np.zeros(n) for name in ("asked", "turned_away", *TOTALS)}

    def count(self, service: int, name: str, amount: float = 1.0) -> None:
        """Add to a count of a service."""
        self.counts[name][service] += amount


class _Stream:
    """Arrivals from outside to one service and cohort: a Poisson process whose rate steps.

    The time to the next arrival is found by inverting the cumulated rate: exact, and a person
    keeps their number when the rate changes a little.
    """

    def __init__(self, run: _Run, index: int) -> None:
        m = run.model
        self.index = index
        self.arrivals = stream_key(run.key, int(m.stream_hashes[index]))
        self.step = int(m.rate_first[index])
        self.last = int(m.rate_first[index + 1])
        self.until, self.rate = m.rate_until, m.rate_value
        self.time = 0.0
        self.number = 0
        self.person = 0

    def next_time(self) -> float:
        """When the next person comes; infinity when nobody more does."""
        self.number += 1
        self.person = person_key(self.arrivals, self.number)
        wanted = exponential(self.arrivals, self.person)
        while self.step < self.last:
            rate = float(self.rate[self.step])
            until = float(self.until[self.step])
            available = rate * (until - self.time)
            if available >= wanted and rate > 0.0:
                self.time += wanted / rate
                return self.time
            wanted -= available
            self.time = until
            self.step += 1
        return math.inf
