"""The urology case in a small simulation of its own, by our rules or by PathSimR's.

It shares no code with the engines, so by our rules it checks them. By PathSimR's rules it shows
what the differences between the two tools come from. The rules were read from that tool's source:

- It starts empty and runs a warm-up, then the measured week. The calendar is moved so that the
  measured week begins at midnight; a period of the calendar that lies across a multiple of 24 hours
  of the run is cut in two there.
- Every change of places is put on the list of events once less than the service has periods a day,
  so two or three times, and each time lets one waiting person start. The other places stay empty
  until somebody ends, or somebody arrives and walks past the queue.
- Mean occupancy and mean queue are taken between the first and the last event of a service in the
  measured week, so closed hours at either end of the week are left out.
- Waits are averaged over people who both asked and started in the week.

The length of the warm-up is not published. Nobody waits in place in this case, so the simulation
does not know how.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np

WEEK = 7.0
HOURS = 24
AS_MANY_AS_FIT = 10**6


def calendar(model: Any) -> dict[str, dict[float, float]]:
    """Places by the hour a period begins, for every service with a calendar."""
    periods: dict[str, dict[float, float]] = defaultdict(dict)
    for row in model.capacity:
        periods[row.service][row.start_hour] = row.places
    return periods


def changes(
    periods: dict[float, float], warm_up_hours: int | None
) -> list[tuple[float, float, int]]:
    """Hour of the run's day, places from then on, and how many times the change is made.

    By our rules (no warm-up given) the calendar is as it stands and a change is made once.
    """
    if warm_up_hours is None:
        return [(hour, places, 1) for hour, places in periods.items()]
    begins = {(hour + warm_up_hours) % HOURS: places for hour, places in periods.items()}
    if 0 not in begins:
        begins[0] = begins[max(begins)]
    return [(hour, places, len(begins) - 1) for hour, places in sorted(begins.items())]


@dataclass
class Clinic:
    """One service: people inside and waiting, and what happened when."""

    places: float
    inside: int = 0
    queue: deque[float] = field(default_factory=deque)
    occupancy: list[tuple[float, int]] = field(default_factory=list)
    waiting: list[tuple[float, int]] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)


class Run:
    """One run.

    Parameters
    ----------
    model : wholesystem.flow.Model
        The urology case.
    seed : int
        Of NumPy's generator.
    days : float
        Length of the run.
    warm_up_hours : int, optional
        By PathSimR's rules, with this warm-up. Without it, by ours: places open once, at the hours
        of the calendar, to as many people as fit.
    """

    def __init__(
        self, model: Any, seed: int, days: float, warm_up_hours: int | None = None
    ) -> None:
        self.random = np.random.default_rng(seed)
        self.days = days
        self.most = AS_MANY_AS_FIT if warm_up_hours is None else 1
        self.clinics = {
            s.service: Clinic(float(s.places)) for s in model.services if s.stage != "left"
        }
        self.durations = {row.service: row.days for row in model.durations}
        self.routes: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for row in model.routes:
            self.routes[row.from_service].append((row.to_service, row.share))
        self.events: list[tuple[float, int, str, str, float]] = []
        self.planned = 0
        for service, periods in calendar(model).items():
            for hour, places, times in changes(periods, warm_up_hours):
                for day in range(math.ceil(days)):
                    for _ in range(times):
                        self.plan(day + hour / HOURS, "places", service, places)
        for row in model.arrivals:
            count = self.random.poisson(row.per_day * days)
            for time in self.random.uniform(0, days, count):
                self.plan(time, "arrive", row.service)

    def plan(self, time: float, kind: str, service: str, places: float = 0) -> None:
        """Put an event into the queue of events."""
        self.planned += 1
        heapq.heappush(self.events, (time, self.planned, kind, service, places))

    def run(self) -> None:
        """Run to the end."""
        while self.events and self.events[0][0] < self.days:
            time, _, kind, service, places = heapq.heappop(self.events)
            clinic = self.clinics[service]
            if kind == "arrive":
                self.arrive(time, service)
            elif kind == "end":
                clinic.inside -= 1
                clinic.occupancy.append((time, clinic.inside))
                self.take_waiting(time, service, 1)
                self.send_on(time, service)
            else:
                clinic.places = places
                self.take_waiting(time, service, self.most)

    def arrive(self, time: float, service: str) -> None:
        """Start at once if a place is free, whoever waits; else wait."""
        clinic = self.clinics[service]
        clinic.waiting.append((time, len(clinic.queue) + 1))
        if clinic.inside < clinic.places:
            self.start(time, service, time)
        else:
            clinic.queue.append(time)

    def start(self, time: float, service: str, asked: float) -> None:
        """Take a place."""
        clinic = self.clinics[service]
        clinic.inside += 1
        clinic.occupancy.append((time, clinic.inside))
        clinic.waiting.append((time, len(clinic.queue)))
        clinic.waits.append((asked, time))
        self.plan(time + self.draw(service), "end", service)

    def take_waiting(self, time: float, service: str, most: int) -> None:
        """Let people start from the queue, in turn."""
        clinic = self.clinics[service]
        while most and clinic.queue and clinic.inside < clinic.places:
            self.start(time, service, clinic.queue.popleft())
            most -= 1

    def send_on(self, time: float, service: str) -> None:
        """Draw where a person goes who has ended."""
        drawn = self.random.uniform()
        for to, share in self.routes[service]:
            drawn -= share
            if drawn < 0:
                if to in self.clinics:
                    self.arrive(time, to)
                return

    def draw(self, service: str) -> float:
        """Draw a duration in days: all of this case are uniform or exponential."""
        days = self.durations[service]
        if days.family == "uniform":
            return float(self.random.uniform(days.a, days.b))
        return float(self.random.exponential(days.a))


def between_events(times: np.ndarray, levels: np.ndarray) -> float:
    """Mean level between the first and the last change."""
    return float(np.diff(times) @ levels[:-1] / (times[-1] - times[0]))


def over_time(
    times: np.ndarray, levels: np.ndarray, before: float, begin: float, end: float
) -> float:
    """Mean level from `begin` to `end`, `before` being the level until the first change."""
    edges = np.array([begin, *times, end])
    return float(np.diff(edges) @ np.array([before, *levels]) / (end - begin))


def weekly_figures(run: Run, warm_up_days: float) -> dict[tuple[str, str], np.ndarray]:
    """Figures of every service for each whole week after the warm-up.

    Parameters
    ----------
    run : Run
        Finished.
    warm_up_days : float
        Days left out at the beginning.

    Returns
    -------
    dict of (str, str) to ndarray of float, shape (n_weeks,)
        By service and figure: ``occupied`` and ``waiting`` as PathSimR averages them, ``occupied
        over time`` and ``waiting over time`` as we do, ``wait hours`` and ``wait hours sd``.
    """
    figures: dict[tuple[str, str], list[float]] = defaultdict(list)
    for name, clinic in run.clinics.items():
        asked, started = np.array(clinic.waits).T
        logs = {
            what: (np.array([t for t, _ in log]), np.array([n for _, n in log]))
            for what, log in (("occupied", clinic.occupancy), ("waiting", clinic.waiting))
        }
        for begin in np.arange(warm_up_days, run.days - WEEK + 1e-9, WEEK):
            end = begin + WEEK
            for what, (times, levels) in logs.items():
                first, last = np.searchsorted(times, [begin, end])
                mine = times[first:last], levels[first:last]
                figures[name, what].append(between_events(*mine))
                figures[name, f"{what} over time"].append(
                    over_time(*mine, levels[first - 1], begin, end)
                )
            hours = HOURS * (started - asked)[(asked >= begin) & (started < end)]
            figures[name, "wait hours"].append(float(hours.mean()))
            figures[name, "wait hours sd"].append(float(hours.std(ddof=1)))
    return {key: np.array(values) for key, values in figures.items()}
