"""The benchmark models in Ciw: a network given by arrays, measured from its records."""

from __future__ import annotations

import math
import random  # noqa: TID251 - the peer's own way of drawing
from typing import Any

import ciw

from benchmarks import parameters as p

ACUTE = 1
"""Ciw numbers its nodes from 1; node 0 is where people come from and node -1 where they go."""


class Stay(ciw.dists.Distribution):
    """Lognormal stay whose standard deviation equals its mean."""

    def __init__(self, mean_days: float) -> None:
        self.log_mean = p.log_mean(mean_days)

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        """Draw one stay, in days; `ciw.seed` seeds the module that this draws from."""
        return random.lognormvariate(self.log_mean, p.SIGMA)


def flow_network() -> Any:
    """Acute beds with any number waiting, and step-down services where nobody may queue.

    With no queue at a step-down service, Ciw keeps people at the acute node: waiting in place.
    """
    nobody = [0.0] * 4
    return ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(p.ARRIVALS_PER_DAY), None, None, None],
        service_distributions=[Stay(mean) for mean in (p.ACUTE_DAYS, *p.STEP_DOWN_DAYS)],
        number_of_servers=[p.ACUTE_BEDS, *p.STEP_DOWN_PLACES],
        queue_capacities=[math.inf, 0, 0, 0],
        routing=[[0.0, *p.STEP_DOWN_SHARES], nobody, nobody, nobody],
    )


def run_flow(seed: int) -> p.Outcome:
    """One replication of the flow model."""
    ciw.seed(seed)
    simulation = ciw.Simulation(flow_network())
    simulation.simulate_until_max_time(p.DAYS)
    bed_days = delayed_days = 0.0
    events = int(simulation.nodes[0].number_of_individuals)
    for record in simulation.get_all_records(only=["service"]):
        events += 1
        if record.node == ACUTE:
            bed_days += p.overlap_days(record.service_start_date, record.exit_date)
            if record.destination > ACUTE:
                delayed_days += p.overlap_days(record.service_end_date, record.exit_date)
    # People still in a bed at the end have no record yet.
    for person in simulation.nodes[ACUTE].all_individuals:
        if person.server:
            bed_days += p.overlap_days(person.service_start_date, p.DAYS)
            if person.is_blocked:
                delayed_days += p.overlap_days(person.service_end_date, p.DAYS)
    measured = p.DAYS - p.WARM_UP_DAYS
    return p.Outcome({"occupied": bed_days / measured, "delayed": delayed_days / measured}, events)


def run_mm10(seed: int) -> p.Outcome:
    """One replication of M/M/10, with the mean wait of those who arrive after the warm-up."""
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(p.MM10_ARRIVALS_PER_DAY)],
        service_distributions=[ciw.dists.Exponential(1 / p.MM10_MEAN_DAYS)],
        number_of_servers=[p.MM10_PLACES],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(p.MM10_DAYS)
    records = simulation.get_all_records(only=["service"])
    waits = [r.waiting_time for r in records if r.arrival_date >= p.MM10_WARM_UP_DAYS]
    events = len(records) + int(simulation.nodes[0].number_of_individuals)
    return p.Outcome({"wait_days": sum(waits) / len(waits)}, events)
