"""The benchmark models in SimPy, written the way its users write: one process a person."""

from __future__ import annotations

import random  # noqa: TID251 - the peer's own way of drawing
from collections.abc import Generator
from typing import Any

import simpy

from benchmarks import parameters as p

Steps = Generator[Any, Any, None]


class FlowModel:
    """Acute beds with three step-down services that people wait for in their bed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.env = simpy.Environment()
        self.beds = simpy.Resource(self.env, p.ACUTE_BEDS)
        self.step_down = [simpy.Resource(self.env, places) for places in p.STEP_DOWN_PLACES]
        self.events = 0
        self.bed_days = 0.0
        self.delayed_days = 0.0
        # People still in a bed, or still waiting, when the run ends.
        self.in_bed_since: dict[int, float] = {}
        self.ready_since: dict[int, float] = {}

    def run(self) -> p.Outcome:
        """Run the whole horizon and close what is still open at its end."""
        self.env.process(self.arrivals())
        self.env.run(p.DAYS)
        self.bed_days += sum(p.overlap_days(t, p.DAYS) for t in self.in_bed_since.values())
        self.delayed_days += sum(p.overlap_days(t, p.DAYS) for t in self.ready_since.values())
        measured = p.DAYS - p.WARM_UP_DAYS
        figures = {
            "occupied": self.bed_days / measured,
            "delayed": self.delayed_days / measured,
        }
        return p.Outcome(figures, self.events)

    def arrivals(self) -> Steps:
        """Poisson arrivals."""
        number = 0
        while True:
            yield self.env.timeout(self.random.expovariate(p.ARRIVALS_PER_DAY))
            self.events += 1
            number += 1
            self.env.process(self.person(number))

    def person(self, number: int) -> Steps:
        """One person: a bed, then home or a step-down service."""
        bed = self.beds.request()
        yield bed
        self.in_bed_since[number] = self.env.now
        yield self.stay(p.ACUTE_DAYS)
        chosen = self.destination()
        if chosen is None:
            self.leave_bed(number, bed)
            return
        self.ready_since[number] = self.env.now
        place = self.step_down[chosen].request()
        yield place
        self.delayed_days += p.overlap_days(self.ready_since.pop(number), self.env.now)
        self.leave_bed(number, bed)
        yield self.stay(p.STEP_DOWN_DAYS[chosen])
        self.step_down[chosen].release(place)

    def stay(self, mean_days: float) -> Any:
        """A lognormal stay, counted as one event."""
        self.events += 1
        return self.env.timeout(self.random.lognormvariate(p.log_mean(mean_days), p.SIGMA))

    def destination(self) -> int | None:
        """Number of the step-down service, or None for home."""
        drawn = self.random.random()
        for number, share in enumerate(p.STEP_DOWN_SHARES):
            drawn -= share
            if drawn < 0:
                return number
        return None

    def leave_bed(self, number: int, bed: Any) -> None:
        """Free the bed and count its days."""
        self.beds.release(bed)
        self.bed_days += p.overlap_days(self.in_bed_since.pop(number), self.env.now)


def run_flow(seed: int) -> p.Outcome:
    """One replication of the flow model."""
    return FlowModel(seed).run()


def run_mm10(seed: int) -> p.Outcome:
    """One replication of M/M/10, with the mean wait of those who arrive after the warm-up."""
    numbers = random.Random(seed)
    env = simpy.Environment()
    ward = simpy.Resource(env, p.MM10_PLACES)
    waits: list[float] = []
    events = 0

    def person() -> Steps:
        nonlocal events
        asked = env.now
        with ward.request() as place:
            yield place
            if asked >= p.MM10_WARM_UP_DAYS:
                waits.append(env.now - asked)
            yield env.timeout(numbers.expovariate(1 / p.MM10_MEAN_DAYS))
        events += 1

    def arrivals() -> Steps:
        nonlocal events
        while True:
            yield env.timeout(numbers.expovariate(p.MM10_ARRIVALS_PER_DAY))
            events += 1
            env.process(person())

    env.process(arrivals())
    env.run(p.MM10_DAYS)
    return p.Outcome({"wait_days": sum(waits) / len(waits)}, events)
