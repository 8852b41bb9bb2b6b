"""The fast engine: the meaning of `reference.py` over flat arrays, compiled by numba.

All functions that call each other stand in this one file, since numba's cache does not notice
edits in another. Everything is passed as an argument and all memory is the caller's (numba is
told to compile without a memory manager, so nothing here can allocate): when an array proves too
small the run stops, the caller doubles it and runs again, which gives the same result because
every draw is a function of what it decides.

What makes it fast: a queue of buckets over the whole horizon (linked lists in flat arrays),
recycled slots for people, a linked list for each queue, rows that hold together what is used
together, and integrals kept as ``sum of (leaving time - entering time)``, so that a change costs
one addition.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit, uint64

from wholesystem.flow.randomness import EDGES, EXPONENTIAL_EDGES, EXPONENTIAL_INSIDE, INSIDE

__all__ = ["LOG_FULL", "PEOPLE_FULL", "World", "run"]

# What `run` returns besides a number of events.
PEOPLE_FULL = -1
LOG_FULL = -2

NIL = np.uint32(0xFFFFFFFF)
SLACK = 1e-9

# Families of distribution: places in `randomness.FAMILIES`.
FIXED, EXPONENTIAL, LOGNORMAL, GAMMA, WEIBULL, UNIFORM, TRIANGULAR = range(7)
# Orders of waiting: places in `compiled.ORDERS`.
FIFO, FIRST_FIT, PRIORITY = range(3)

# --- the rows that the kernel works on -------------------------------------------------------

#: What a service is and how it stands. `acc_*`: an integral less what is in progress; `leads`:
#: people in it who wait in place for a service of the same `ring`.
SERVICE = np.dtype(
    [
        ("places", "f8"), ("used", "f8"),
        ("acc_people", "f8"), ("acc_units", "f8"), ("acc_outside", "f8"),
        ("asked_count", "f8"), ("turned_away", "f8"),
        ("started_count", "f8"), ("wait_days", "f8"),
        ("ended_count", "f8"), ("stay_days", "f8"), ("delay_days", "f8"),
        ("key_duration", "u8"), ("key_route", "u8"), ("key_need", "u8"),
        ("arrivals_wait", "i8"), ("people_in", "i8"), ("waiting", "i8"),
        ("people_outside", "i8"), ("arrivals_waiting", "i8"),
        ("is_left", "i4"), ("in_place", "i4"), ("hours_unit", "i4"), ("visit_column", "i4"),
        ("rule", "i4"), ("ring", "i4"), ("leads", "i4"), ("in_work", "i4"),
    ],
    align=True,
)  # fmt: skip
#: A service and cohort: number of the distributions, first and last route.
VISIT = np.dtype(
    [("duration", "i8"), ("need", "i8"), ("route_first", "i8"), ("route_last", "i8")], align=True
)
#: `share_to`: shares summed up to and including this route.
ROUTE = np.dtype(
    [
        ("share_to", "f8"), ("to", "i4"), ("group", "i4"), ("arranging", "i4"),
        ("arranging_stream", "i4"),
    ],
    align=True,
)  # fmt: skip
#: Delays counted together.
GROUP = np.dtype([("acc", "f8"), ("people", "i8")], align=True)
#: Arrivals from outside: `now` and `step`, how far the rate is used up; `number` and `person`,
#: who comes next.
STREAM = np.dtype(
    [
        ("key", "u8"), ("person", "u8"), ("now", "f8"), ("number", "i8"), ("step", "i8"),
        ("last_step", "i8"), ("service", "i4"), ("cohort", "i4"),
    ],
    align=True,
)  # fmt: skip
STEP = np.dtype([("until", "f8"), ("rate", "f8")], align=True)
CHANGE = np.dtype([("time", "f8"), ("places", "f8"), ("service", "i8")], align=True)
#: A distribution; `offset` and `count` of an empirical one's values.
DRAW = np.dtype(
    [("family", "i8"), ("a", "f8"), ("b", "f8"), ("c", "f8"), ("offset", "i8"), ("count", "i8")],
    align=True,
)
#: A person present at time 0.
START = np.dtype(
    [
        ("key", "u8"), ("began", "f8"), ("ends", "f8"), ("service", "i4"), ("waiting_for", "i4"),
        ("cohort", "i4"), ("route", "i4"), ("stream", "i4"), ("number", "i4"),
    ],
    align=True,
)  # fmt: skip
#: A person. `link` leads to the next in a bucket, in a queue or among the free slots: nobody is in
#: two of them. The first 64 bytes are what a move without a wait touches.
PERSON = np.dtype(
    [
        ("event_time", "f8"), ("link", "u4"), ("service", "i4"), ("cohort", "i4"),
        ("route", "i4"), ("delayed", "i4"), ("outside", "i4"), ("started", "f8"), ("ready", "f8"),
        ("need", "f8"), ("key", "u8"), ("asked", "f8"), ("asks_need", "f8"), ("requested", "f8"),
        ("asks", "i4"), ("order", "i4"), ("number", "i4"), ("stream", "i4"), ("stay", "i4"),
    ],
    align=True,
)  # fmt: skip
#: Ends of the queue of a service and rank.
QUEUE = np.dtype([("head", "u4"), ("tail", "u4")], align=True)
#: Working memory of the search for rings.
RING = np.dtype([("listed", "i8"), ("parent", "i8"), ("queued", "i8")], align=True)
# Columns of `World.daily`.
D_PEOPLE, D_UNITS, D_OUTSIDE, D_ASKED, D_TURNED_AWAY = range(5)


class World(NamedTuple):
    """A compiled model, the keys of one replication, and all the memory of its run."""

    horizon: float
    buckets_per_day: float
    warm_snapshot: int
    n_cohorts: int
    snapshots: Any  # float (n_snapshots,)
    services: Any  # SERVICE (n_services,)
    visits_to: Any  # VISIT (n_services * n_cohorts,)
    rank: Any  # int (n_cohorts,)
    routes: Any  # ROUTE (n_routes,)
    arranging_keys: Any  # uint64 (n_arranging_streams,)
    groups: Any  # GROUP (n_groups,)
    streams: Any  # STREAM (n_streams,)
    rates: Any  # STEP (n_steps,)
    changes: Any  # CHANGE (n_changes,)
    draws: Any  # DRAW (n_distributions,)
    draw_values: Any  # float (n_values,)
    start: Any  # START (n_start,)
    queues: Any  # QUEUE (n_services, n_ranks)
    edges: Any  # int (n_services, n_services): in a, wait in place for b, where rings can form
    work: Any  # int (n_services,): services whose places are still to be looked at
    head: Any  # uint32 (n_buckets,)
    people: Any  # PERSON (n_slots,)
    visits: Any  # uint32 (n_slots, n_services that can be visited again)
    rings: Any  # RING (n_slots,)
    daily: Any  # float (n_snapshots, n_services, 5)
    daily_delayed: Any  # float (n_snapshots, n_groups)
    totals: Any  # float (2, n_services, 5)
    log_numbers: Any  # int (n_log, 6)
    log_times: Any  # float (n_log, 4)
    log_length: Any  # int (1,)


_JIT: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "fastmath": False,
    "boundscheck": False,
    "error_model": "numpy",
    "_nrt": False,
}


@njit(**_JIT)
def mix(z):
    """64-bit finaliser; see `randomness`."""
    z = (z ^ (z >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> uint64(27))) * uint64(0x94D049BB133111EB)
    return z ^ (z >> uint64(31))


@njit(**_JIT)
def bits(key, person, visit, attempt):
    """64 random bits of one decision; see `randomness`."""
    return mix(
        key
        ^ (
            person
            + uint64(visit) * uint64(0xD1342543DE82EF95)
            + uint64(attempt) * uint64(0xAF251AF3B0F025B5)
        )
    )


@njit(**_JIT)
def uniform(key, person, visit, attempt):
    """Uniform number in (0, 1); see `randomness.uniform`."""
    z = bits(key, person, visit, attempt)
    return (np.float64(z >> uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)


@njit(**_JIT)
def normal(key, person, visit, attempt):
    """Standard normal number and the next unused proposal; see `randomness.normal`."""
    while True:
        z = bits(key, person, visit, attempt)
        attempt += 1
        layer = z & uint64(0xFF)
        x = (np.float64(z >> uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)
        inside = x < INSIDE[layer]
        x *= EDGES[layer]
        sign = -1.0 if z & uint64(0x100) else 1.0
        if inside:
            return sign * x, attempt
        x, attempt = normal_edge(layer, x, key, person, visit, attempt)
        if x >= 0.0:
            return sign * x, attempt


@njit(**_JIT)
def normal_edge(layer, x, key, person, visit, attempt):
    """The one draw in a hundred that needs a closer look; negative where it is refused."""
    if layer == 0:
        while True:
            x = -math.log(uniform(key, person, visit, attempt)) / EDGES[1]
            y = -math.log(uniform(key, person, visit, attempt + 1))
            attempt += 2
            if y + y >= x * x:
                return EDGES[1] + x, attempt
    high = math.exp(-0.5 * (EDGES[layer] * EDGES[layer] - x * x))
    low = math.exp(-0.5 * (EDGES[layer + uint64(1)] * EDGES[layer + uint64(1)] - x * x))
    v = uniform(key, person, visit, attempt)
    if low + v * (high - low) < 1.0:
        return x, attempt + 1
    return -1.0, attempt + 1


@njit(**_JIT)
def exponential(key, person, visit):
    """Exponential number of mean 1; see `randomness.exponential`."""
    attempt = 0
    while True:
        z = bits(key, person, visit, attempt)
        layer = z & uint64(0xFF)
        x = (np.float64(z >> uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)
        inside = x < EXPONENTIAL_INSIDE[layer]
        x *= EXPONENTIAL_EDGES[layer]
        if inside:
            return x
        x = exponential_edge(layer, x, key, person, visit, attempt + 1)
        if x >= 0.0:
            return x
        attempt += 2


@njit(**_JIT)
def exponential_edge(layer, x, key, person, visit, attempt):
    """The one draw in fifty that needs a closer look; negative where it is refused."""
    v = uniform(key, person, visit, attempt)
    if layer == 0:
        return EXPONENTIAL_EDGES[1] - math.log(v)
    high = math.exp(x - EXPONENTIAL_EDGES[layer])
    low = math.exp(x - EXPONENTIAL_EDGES[layer + uint64(1)])
    return x if low + v * (high - low) < 1.0 else -1.0


@njit(**_JIT)
def gamma_draw(shape, scale, key, person, visit):
    """Gamma draw; see `randomness` (Marsaglia and Tsang 2000)."""
    d = (shape if shape >= 1.0 else shape + 1.0) - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    attempt = 0
    while True:
        x, attempt = normal(key, person, visit, attempt)
        u = uniform(key, person, visit, attempt)
        attempt += 1
        v = 1.0 + c * x
        if v <= 0.0:
            continue
        v = v * v * v
        if math.log(u) < 0.5 * x * x + d - d * v + d * math.log(v):
            break
    value = d * v * scale
    if shape < 1.0:
        value *= math.exp(math.log(uniform(key, person, visit, attempt)) / shape)
    return value


@njit(**_JIT)
def rare_draw(family, a, b, c, values, key, person, visit):
    """Families that are seldom used, kept out of the way of the others."""
    if family == GAMMA:
        return gamma_draw(a, b, key, person, visit)
    if family == WEIBULL:
        return b * math.exp(math.log(exponential(key, person, visit)) / a)
    u = uniform(key, person, visit, 0)
    if family == UNIFORM:
        return a + (b - a) * u
    if family == TRIANGULAR:
        if c <= a:
            return a
        if u < (b - a) / (c - a):
            return a + math.sqrt(u * (c - a) * (b - a))
        return c - math.sqrt((1.0 - u) * (c - a) * (c - b))
    return values[int(u * values.shape[0])]


@njit(inline="always", **_JIT)
def draw(draws, values, number, key, person, visit):
    """One draw from distribution `number`; see `randomness.draw`."""
    family = draws[number].family
    if family == LOGNORMAL:
        z, _ = normal(key, person, visit, 0)
        value = math.exp(draws[number].a + draws[number].b * z)
    elif family == EXPONENTIAL:
        value = exponential(key, person, visit) * draws[number].a
    elif family == FIXED:
        value = draws[number].a
    else:
        value = rare_draw(
            family,
            draws[number].a,
            draws[number].b,
            draws[number].c,
            values[draws[number].offset : draws[number].offset + draws[number].count],
            key,
            person,
            visit,
        )
    return value


@njit(inline="always", **_JIT)
def next_arrival(i, streams, rates):
    """When the next person of stream `i` comes, infinity for never; sets their number and key."""
    streams[i].number += 1
    key = streams[i].key
    person = mix(key + uint64(streams[i].number) * uint64(0x9E3779B97F4A7C15))
    streams[i].person = person
    wanted = exponential(key, person, 0)
    step = streams[i].step
    last = streams[i].last_step
    now = streams[i].now
    found = math.inf
    while step < last:
        rate = rates[step].rate
        until = rates[step].until
        available = rate * (until - now)
        if available >= wanted and rate > 0.0:
            now += wanted / rate
            found = now
            break
        wanted -= available
        now = until
        step += 1
    streams[i].step = step
    streams[i].now = now
    return found


@njit(**_JIT)
def log_stay(people, routes, log_numbers, log_times, log_length, e, ended):
    """Write down the stay of person `e`; too many are only counted."""
    n = log_length[0]
    log_length[0] = n + 1
    if n < log_times.shape[0]:
        log_numbers[n, 0] = people[e].stream
        log_numbers[n, 1] = people[e].number
        log_numbers[n, 2] = people[e].stay
        log_numbers[n, 3] = people[e].service
        log_numbers[n, 4] = people[e].cohort
        route = people[e].route
        log_numbers[n, 5] = -1 if route < 0 else routes[route].group
        log_times[n, 0] = people[e].requested
        log_times[n, 1] = people[e].started
        log_times[n, 2] = people[e].ready if route >= 0 else math.nan
        log_times[n, 3] = ended


@njit(inline="always", **_JIT)
def leave(services, groups, people, routes, e, t):
    """Give up the place of person `e`."""
    a = people[e].service
    services[a].ended_count += 1.0
    services[a].stay_days += t - people[e].started
    services[a].delay_days += t - people[e].ready
    if people[e].delayed != 0:
        g = routes[people[e].route].group
        groups[g].people -= 1
        groups[g].acc += t
        people[e].delayed = 0
    services[a].people_in -= 1
    services[a].acc_people += t
    services[a].used -= people[e].need
    if services[a].hours_unit != 0:
        services[a].acc_units += people[e].need * t
    if services[a].people_in == 0:
        services[a].used = 0.0
    people[e].service = -1
    people[e].route = -1


@njit(inline="always", **_JIT)
def fits(services, people, e, service):
    """Whether there is room for what person `e` needs."""
    room = services[service].places + SLACK
    return services[service].used + people[e].asks_need <= room


@njit(**_JIT)
def goes_first(services, rank, queues, people, e, service):
    """Whether the service's order puts person `e` before everybody who waits for it."""
    if services[service].rule == PRIORITY:
        for r in range(rank[people[e].cohort] + 1):
            if queues[service, r].head != NIL:
                return False
        return True
    # First fit: whoever waits does not fit, or would have started.
    return services[service].rule == FIRST_FIT


@njit(inline="always", **_JIT)
def enqueue(services, rank, queues, edges, people, e, service, t, order):
    """Let person `e` wait for a service; true where a ring may have formed."""
    r = rank[people[e].cohort] if services[service].rule == PRIORITY else 0
    services[service].waiting += 1
    people[e].order = order
    people[e].link = NIL
    tail = queues[service, r].tail
    if tail == NIL:
        queues[service, r].head = e
    else:
        people[tail].link = e
    queues[service, r].tail = e
    a = people[e].service
    if a < 0:
        services[service].people_outside += 1
        services[service].acc_outside -= t
        services[service].arrivals_waiting += people[e].outside
        return False
    if services[a].ring >= 0 and services[a].ring == services[service].ring:
        edges[a, service] += 1
        services[a].leads += 1
        return True
    return False


@njit(inline="always", **_JIT)
def dequeue(services, queues, edges, people, e, before, service, r, t):
    """Take person `e`, who stands behind `before`, out of the queue of a service."""
    after = people[e].link
    if before == NIL:
        queues[service, r].head = after
    else:
        people[before].link = after
    if after == NIL:
        queues[service, r].tail = before
    services[service].waiting -= 1
    a = people[e].service
    if a < 0:
        services[service].people_outside -= 1
        services[service].acc_outside += t
        services[service].arrivals_waiting -= people[e].outside
    elif services[a].ring >= 0 and services[a].ring == services[service].ring:
        edges[a, service] -= 1
        services[a].leads -= 1


@njit(**_JIT)
def next_waiting(services, queues, edges, people, service, t):
    """Take from the queue whoever may have a free place next, or nobody."""
    if services[service].rule == FIRST_FIT:
        before = NIL
        e = queues[service, 0].head
        while e != NIL:
            if fits(services, people, e, service):
                dequeue(services, queues, edges, people, e, before, service, 0, t)
                return e
            before = e
            e = people[e].link
        return NIL
    n_ranks = queues.shape[1] if services[service].rule == PRIORITY else 1
    for r in range(n_ranks):
        e = queues[service, r].head
        if e != NIL:
            if fits(services, people, e, service):
                dequeue(services, queues, edges, people, e, NIL, service, r, t)
                return e
            return NIL
    return NIL


@njit(**_JIT)
def leads_back(services, edges, work, a, b):
    """Whether people wait in place from service to service all the way from `b` to `a`."""
    if a == b:
        return True
    if services[b].leads == 0:
        return False
    # No service is in work here: the list is the stack, and the mark says what was on it.
    work[0] = b
    services[b].in_work = 1
    n = 1
    found = False
    while n > 0 and not found:
        n -= 1
        x = work[n]
        for y in range(edges.shape[0]):
            if edges[x, y] > 0 and services[y].in_work == 0:
                if y == a:
                    found = True
                    break
                if services[y].leads > 0:
                    services[y].in_work = 1
                    work[n] = y
                    n += 1
    for x in range(edges.shape[0]):
        services[x].in_work = 0
    return found


@njit(**_JIT)
def cycle_of_services(services, edges):
    """Whether there is any cycle among the services that people wait in and wait for."""
    k = edges.shape[0]
    left = 0
    # No service is in work here: the mark says which of them lead nowhere.
    for a in range(k):
        services[a].in_work = 1 if services[a].leads == 0 else 0
        left += 1 - services[a].in_work
    changed = left > 0
    while changed:
        changed = False
        for a in range(k):
            if services[a].in_work == 0:
                leads = False
                for b in range(k):
                    if edges[a, b] > 0 and services[b].in_work == 0:
                        leads = True
                        break
                if not leads:
                    services[a].in_work = 1
                    left -= 1
                    changed = True
    for a in range(k):
        services[a].in_work = 0
    return left > 0


@njit(**_JIT)
def list_waiting_in_place(services, queues, people, rings):
    """List people who wait in place where rings can form, in the order of waiting."""
    n = 0
    for service in range(queues.shape[0]):
        for r in range(queues.shape[1]):
            e = queues[service, r].head
            while e != NIL:
                a = people[e].service
                if a >= 0 and services[a].ring >= 0:
                    i = n
                    while i > 0 and people[rings[i - 1].listed].order > people[e].order:
                        rings[i].listed = rings[i - 1].listed
                        i -= 1
                    rings[i].listed = e
                    n += 1
                e = people[e].link
    return n


@njit(**_JIT)
def find_ring(services, queues, people, rings):
    """Put the ring to be exchanged at the front of the queued; returns its length or 0.

    The shortest ring through the first person, in the order of waiting, who is in one; see
    `reference._Run._find_ring`.
    """
    n = list_waiting_in_place(services, queues, people, rings)
    for first in range(n):
        for i in range(n):
            rings[i].parent = -2
        rings[0].queued = first
        rings[first].parent = -1
        read, written = 0, 1
        closing = -1
        while read < written and closing < 0:
            i = rings[read].queued
            read += 1
            e = rings[i].listed
            service = people[e].asks
            for j in range(n):
                other = rings[j].listed
                if people[other].service != service:
                    continue
                if rings[j].parent != -2 and j != first:
                    continue
                after = services[service].used - people[other].need + people[e].asks_need
                if not after <= services[service].places + SLACK:
                    continue
                if j == first:
                    closing = i
                    break
                rings[j].parent = i
                rings[written].queued = j
                written += 1
        if closing >= 0:
            length = 0
            i = closing
            while i >= 0:
                length += 1
                i = rings[i].parent
            i = closing
            for place in range(length - 1, -1, -1):
                rings[place].queued = i
                i = rings[i].parent
            for place in range(length):
                rings[place].queued = rings[rings[place].queued].listed
            return length
    return 0


@njit(**_JIT)
def leave_queues(services, rank, queues, edges, people, rings, length, t):
    """Take everybody of the ring out of the queues."""
    for place in range(length):
        e = np.uint32(rings[place].queued)
        service = people[e].asks
        r = rank[people[e].cohort] if services[service].rule == PRIORITY else 0
        before = NIL
        x = queues[service, r].head
        while x != e:
            before = x
            x = people[x].link
        dequeue(services, queues, edges, people, e, before, service, r, t)


@njit(**_JIT)
def read_totals(services, totals, which, k):
    """Copy the counts of a service in the order of `raw.TOTALS`."""
    totals[which, k, 0] = services[k].started_count
    totals[which, k, 1] = services[k].wait_days
    totals[which, k, 2] = services[k].ended_count
    totals[which, k, 3] = services[k].stay_days
    totals[which, k, 4] = services[k].delay_days


@njit(**_JIT)
def take_snapshot(snapshots, index, warm, services, groups, daily, daily_delayed,
                  totals):  # fmt: skip
    """Read every integral and count at a snapshot."""
    t = snapshots[index]
    for k in range(services.shape[0]):
        people = services[k].acc_people + services[k].people_in * t
        units = people
        if services[k].hours_unit != 0:
            units = services[k].acc_units + services[k].used * t
        daily[index, k, D_PEOPLE] = people
        daily[index, k, D_UNITS] = units
        daily[index, k, D_OUTSIDE] = services[k].acc_outside + services[k].people_outside * t
        daily[index, k, D_ASKED] = services[k].asked_count
        daily[index, k, D_TURNED_AWAY] = services[k].turned_away
        if index == warm:
            read_totals(services, totals, 0, k)
        if index == snapshots.shape[0] - 1:
            read_totals(services, totals, 1, k)
    for g in range(groups.shape[0]):
        daily_delayed[index, g] = groups[g].acc + groups[g].people * t


@njit(**_JIT)
def place_at_start(w, i):
    """Put the `i`-th person present at time 0 into the `i`-th slot after the streams'."""
    people = w.people
    e = np.uint32(w.streams.shape[0] + i)
    people[e].number = w.start[i].number
    people[e].stream = -1 - w.start[i].stream
    people[e].cohort = w.start[i].cohort
    people[e].stay = 0
    people[e].route = -1
    people[e].delayed = 0
    people[e].outside = 0
    people[e].service = -1
    people[e].key = w.start[i].key
    for column in range(w.visits.shape[1]):
        w.visits[e, column] = 0
    a = w.start[i].service
    if a < 0:
        return
    people[e].service = a
    people[e].stay = 1
    people[e].requested = math.nan
    people[e].started = w.start[i].began
    people[e].need = 1.0
    number = w.visits_to[a * w.n_cohorts + people[e].cohort].need
    if number >= 0:
        people[e].need = draw(w.draws, w.draw_values, number,
                              w.services[a].key_need, people[e].key, 0)  # fmt: skip
    if w.services[a].visit_column >= 0:
        w.visits[e, w.services[a].visit_column] = 1
    w.services[a].people_in += 1
    w.services[a].used += people[e].need
    ends = w.start[i].ends
    if w.start[i].waiting_for < 0 and ends < w.horizon:
        b = np.uint32(ends * w.buckets_per_day)
        people[e].event_time = ends
        people[e].link = w.head[b]
        w.head[b] = e


@njit(**_JIT)
def wait_at_start(w, i, order):
    """Let the `i`-th person present at time 0 wait for what they wait for."""
    people = w.people
    e = np.uint32(w.streams.shape[0] + i)
    service = w.start[i].waiting_for
    people[e].asks = service
    people[e].asked = 0.0
    people[e].asks_need = 1.0
    w.services[service].asked_count += 1.0
    number = w.visits_to[service * w.n_cohorts + people[e].cohort].need
    if number >= 0:
        visit = 0
        if w.services[service].visit_column >= 0:
            visit = np.int64(w.visits[e, w.services[service].visit_column])
        people[e].asks_need = draw(w.draws, w.draw_values, number,
                                   w.services[service].key_need, people[e].key,
                                   visit)  # fmt: skip
    if people[e].service >= 0:
        people[e].ready = 0.0
        people[e].route = w.start[i].route
        people[e].delayed = 1
        w.groups[w.routes[people[e].route].group].people += 1
    return enqueue(w.services, w.rank, w.queues, w.edges, people, e,
                   service, 0.0, order)  # fmt: skip


@njit(**_JIT)
def set_up(w):
    """Put everybody present at time 0 where they are; true where somebody waits."""
    w.head[:] = NIL
    n_start = w.start.shape[0]
    for i in range(n_start):
        place_at_start(w, i)
    order = 0
    for i in range(n_start):
        if w.start[i].waiting_for >= 0:
            wait_at_start(w, i, order)
            order += 1
    for i in range(w.streams.shape[0]):
        time = next_arrival(i, w.streams, w.rates)
        if time < w.horizon:
            b = np.uint32(time * w.buckets_per_day)
            w.people[i].event_time = time
            w.people[i].link = w.head[b]
            w.head[b] = np.uint32(i)
    return order > 0


@njit(**_JIT)
def run(w, logging):
    """Run one replication; returns the number of events, `PEOPLE_FULL` or `LOG_FULL`."""
    limit = np.uint32(w.people.shape[0])
    # The first slots stand for the streams: their event is that somebody comes.
    n_streams = np.uint32(w.streams.shape[0])
    if n_streams + w.start.shape[0] > limit:
        return PEOPLE_FULL
    # Whether a ring may have formed: 0 no, 1 by somebody in `ring_a` who waits for `ring_b`,
    # 2 anywhere.
    ring_check = 2 if set_up(w) else 0
    ring_a = np.int64(0)
    ring_b = np.int64(0)
    horizon, buckets_per_day, n_cohorts = w.horizon, w.buckets_per_day, w.n_cohorts
    services, visits_to, rank, routes, groups = (
        w.services, w.visits_to, w.rank, w.routes, w.groups,
    )  # fmt: skip
    streams, rates, draws, values = w.streams, w.rates, w.draws, w.draw_values
    queues, edges, work, rings = w.queues, w.edges, w.work, w.rings
    head, people, visits = w.head, w.people, w.visits

    free = NIL
    fresh = np.uint32(n_streams + w.start.shape[0])
    n_events = 0
    n_waits = np.int32(w.start.shape[0])
    n_changes = w.changes.shape[0]
    n_snapshots = w.snapshots.shape[0]
    change = 0
    change_time = w.changes[0].time if n_changes > 0 else math.inf
    snapshot = 0
    snapshot_time = w.snapshots[0]
    t = 0.0
    bucket = np.uint32(0)
    n_buckets = np.uint32(head.shape[0])
    bucket_days = 1.0 / buckets_per_day
    bucket_end = bucket_days
    # At time 0 every service is looked at once, in order.
    first = 0
    n_work = services.shape[0]
    for k in range(n_work):
        work[k] = k
        services[k].in_work = 1
    at_start = True
    while True:
        mover = NIL  # leaves their place, if any, and takes one of `service`, or `departs`
        waiter = NIL  # starts to wait for `service`
        departs = False  # leaves the system, or waits with no place
        needs = 1.0  # what the mover asks for
        asked = t  # and since when
        service = np.uint32(0)
        if at_start:
            at_start = False
        else:
            # --- the next event ---
            best = NIL
            before_best = NIL
            best_time = bucket_end
            before = NIL
            x = head[bucket]
            while x != NIL:
                time = people[x].event_time
                # Newest first: of equal times the last met was scheduled first, but ends come
                # before arrivals.
                if time < best_time or (time == best_time and (x >= n_streams or best < n_streams)):
                    best_time = time
                    best = x
                    before_best = before
                before = x
                x = people[x].link
            is_change = change_time < best_time or (change_time == best_time and best < n_streams)
            if best == NIL and not is_change:
                bucket += np.uint32(1)
                if bucket >= n_buckets:
                    break
                bucket_end = (bucket + 1.0) * bucket_days
                continue
            t = change_time if is_change else best_time
            while snapshot_time <= t:
                take_snapshot(w.snapshots, snapshot, w.warm_snapshot, services, groups,
                              w.daily, w.daily_delayed, w.totals)  # fmt: skip
                snapshot += 1
                snapshot_time = w.snapshots[snapshot] if snapshot < n_snapshots else math.inf
            n_events += 1
            if not is_change:
                if before_best == NIL:
                    head[bucket] = people[best].link
                else:
                    people[before_best].link = people[best].link
            if is_change:
                # --- capacity changes ---
                a = np.uint32(w.changes[change].service)
                services[a].places = w.changes[change].places
                work[0] = a
                n_work = 1
                services[a].in_work = 1
                if services[a].ring >= 0:
                    ring_check = 2
                change += 1
                change_time = w.changes[change].time if change < n_changes else math.inf
            elif best >= n_streams:
                # --- the duration, or after it the arranging time, has passed ---
                e = best
                a = np.uint32(people[e].service)
                route = np.int64(people[e].route)
                if route < 0:
                    visit = 0
                    if services[a].visit_column >= 0:
                        visit = visits[e, services[a].visit_column] - 1
                    at = np.uint32(a * n_cohorts + people[e].cohort)
                    route = visits_to[at].route_first
                    last = visits_to[at].route_last
                    if route < last:
                        u = uniform(services[a].key_route, people[e].key, visit, 0)
                        while route < last and u >= routes[route].share_to:
                            route += 1
                    people[e].route = route
                    people[e].ready = t
                    number = routes[route].arranging
                    if number >= 0:
                        people[e].delayed = 1
                        g = routes[route].group
                        groups[g].people += 1
                        groups[g].acc -= t
                        key = w.arranging_keys[routes[route].arranging_stream]
                        time = t + draw(draws, values, number, key, people[e].key,
                                        visit)  # fmt: skip
                        if time < horizon:
                            b = np.uint32(time * buckets_per_day)
                            people[e].event_time = time
                            people[e].link = head[b]
                            head[b] = e
                        continue
                service = np.uint32(routes[route].to)
                mover = e
            else:
                # --- somebody arrives from outside ---
                stream = best
                e = free
                if e != NIL:
                    free = people[e].link
                else:
                    e = fresh
                    fresh += np.uint32(1)
                    if e >= limit:
                        return PEOPLE_FULL
                if logging:
                    people[e].number = streams[stream].number
                    people[e].stream = stream
                    people[e].stay = 0
                people[e].service = -1
                people[e].cohort = streams[stream].cohort
                people[e].route = -1
                people[e].delayed = 0
                people[e].outside = 1
                people[e].key = streams[stream].person
                for column in range(visits.shape[1]):
                    visits[e, column] = 0
                service = np.uint32(streams[stream].service)
                mover = e
                time = next_arrival(stream, streams, rates)
                if time < horizon:
                    b = np.uint32(time * buckets_per_day)
                    people[stream].event_time = time
                    people[stream].link = head[b]
                    head[b] = stream
            if mover != NIL:
                # --- they ask for the service ---
                services[service].asked_count += 1.0
                departs = services[service].is_left != 0
            if mover != NIL and not departs:
                number = visits_to[service * n_cohorts + people[mover].cohort].need
                if number >= 0:
                    visit = 0
                    if services[service].visit_column >= 0:
                        visit = np.int64(visits[mover, services[service].visit_column])
                    needs = draw(draws, values, number, services[service].key_need,
                                 people[mover].key, visit)  # fmt: skip
                asked = t
                room = services[service].used + needs <= services[service].places + SLACK
                if room and services[service].waiting > 0:
                    room = goes_first(services, rank, queues, people, mover, service)
                if not room:
                    people[mover].asks = service
                    people[mover].asked = t
                    people[mover].asks_need = needs
                    if people[mover].service < 0:
                        at_most = services[service].arrivals_wait
                        if 0 <= at_most <= services[service].arrivals_waiting:
                            services[service].turned_away += 1.0
                            people[mover].link = free
                            free = mover
                        else:
                            waiter = mover
                        mover = NIL
                    elif services[service].in_place != 0:
                        if people[mover].delayed == 0:
                            people[mover].delayed = 1
                            g = routes[people[mover].route].group
                            groups[g].people += 1
                            groups[g].acc -= t
                        waiter = mover
                        mover = NIL
                    else:
                        departs = True
        # --- everybody moves who can, before the clock does ---
        n_ring = 0
        ring_place = 0
        while True:
            if waiter != NIL:
                if enqueue(services, rank, queues, edges, people, waiter, service, t, n_waits):
                    ring_a = np.int64(people[waiter].service)
                    ring_b = np.int64(service)
                    ring_check |= 1
                n_waits += np.int32(1)
                waiter = NIL
            if mover == NIL:
                if ring_place < n_ring:
                    # Places of a ring: everybody has left theirs.
                    mover = np.uint32(rings[ring_place].queued)
                    ring_place += 1
                    service = np.uint32(people[mover].asks)
                    needs = people[mover].asks_need
                    asked = people[mover].asked
                elif first < n_work:
                    service = np.uint32(work[first])
                    if services[service].waiting > 0:
                        if services[service].rule == FIFO:
                            e = queues[service, 0].head
                            if fits(services, people, e, service):
                                dequeue(services, queues, edges, people, e, NIL, service, 0, t)
                                mover = e
                        else:
                            mover = next_waiting(services, queues, edges, people, service, t)
                    if mover == NIL:
                        services[service].in_work = 0
                        first += 1
                        if first == n_work:
                            first = 0
                            n_work = 0
                        continue
                    needs = people[mover].asks_need
                    asked = people[mover].asked
                elif ring_check != 0:
                    if ring_check == 1:
                        found = leads_back(services, edges, work, ring_a, ring_b)
                    else:
                        found = cycle_of_services(services, edges)
                    n_ring = find_ring(services, queues, people, rings) if found else 0
                    ring_place = 0
                    if n_ring == 0:
                        ring_check = 0
                        break
                    ring_check = 2
                    leave_queues(services, rank, queues, edges, people, rings, n_ring,
                                 t)  # fmt: skip
                    for place in range(n_ring):
                        e = np.uint32(rings[place].queued)
                        a = np.uint32(people[e].service)
                        if logging:
                            log_stay(people, routes, w.log_numbers, w.log_times,
                                     w.log_length, e, t)  # fmt: skip
                        leave(services, groups, people, routes, e, t)
                        if services[a].in_work == 0:
                            services[a].in_work = 1
                            work[n_work] = a
                            n_work += 1
                    continue
                else:
                    break
            e = mover
            mover = NIL
            if people[e].service >= 0:
                # --- they give up their place ---
                a = np.uint32(people[e].service)
                if logging:
                    log_stay(people, routes, w.log_numbers, w.log_times, w.log_length, e,
                             t)  # fmt: skip
                if services[a].ring >= 0 and (
                    services[a].hours_unit != 0 or services[a].used > services[a].places + SLACK
                ):
                    # There may be room now for an exchange that did not fit before.
                    ring_check = 2
                leave(services, groups, people, routes, e, t)
                # Nobody waits for it, unless they are about to: then there is nothing to note.
                noted = services[a].waiting > 0 or a == service
                if noted and services[a].in_work == 0:
                    services[a].in_work = 1
                    if n_work == work.shape[0]:
                        # What is left moves to the front: each service is noted once.
                        for i in range(first, n_work):
                            work[i - first] = work[i]
                        n_work -= first
                        first = 0
                    work[n_work] = a
                    n_work += 1
            if departs:
                departs = False
                if services[service].is_left == 0:
                    waiter = e
                    continue
                people[e].link = free
                free = e
                if first == n_work and ring_check == 0:
                    break
                continue
            # --- they take the place ---
            if logging:
                people[e].stay += 1
                people[e].requested = asked
            people[e].service = service
            people[e].outside = 0
            people[e].started = t
            people[e].need = needs
            services[service].people_in += 1
            services[service].acc_people -= t
            services[service].used += needs
            if services[service].hours_unit != 0:
                services[service].acc_units -= needs * t
            services[service].started_count += 1.0
            services[service].wait_days += t - asked
            visit = 0
            if services[service].visit_column >= 0:
                visit = np.int64(visits[e, services[service].visit_column])
                visits[e, services[service].visit_column] = visit + 1
            number = visits_to[service * n_cohorts + people[e].cohort].duration
            time = t + draw(draws, values, number, services[service].key_duration,
                            people[e].key, visit)  # fmt: skip
            if time < horizon:
                b = np.uint32(time * buckets_per_day)
                people[e].event_time = time
                people[e].link = head[b]
                head[b] = e
            if first == n_work and ring_check == 0 and ring_place == n_ring:
                break
    # --- the end ---
    while snapshot < n_snapshots:
        take_snapshot(w.snapshots, snapshot, w.warm_snapshot, services, groups,
                              w.daily, w.daily_delayed, w.totals)  # fmt: skip
        snapshot += 1
    if logging:
        for e in range(n_streams, fresh):
            if people[e].service >= 0:
                log_stay(people, routes, w.log_numbers, w.log_times, w.log_length, e,
                         math.nan)  # fmt: skip
        if w.log_length[0] > w.log_times.shape[0]:
            return LOG_FULL
    return n_events
