"""How much a run would simulate: bounded before it begins, since a kernel cannot be hurried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wholesystem.errors import Fault
from wholesystem.flow.families import MOST_DAYS
from wholesystem.flow.model_graph import list_cohorts, list_ways
from wholesystem.tables.cells import number_text

if TYPE_CHECKING:
    from wholesystem.flow.model_unchecked import Rows

__all__ = ["MOST_PEOPLE", "MOST_START_PEOPLE", "MOST_STAYS", "check_size"]

MOST_PEOPLE = 200_000_000
MOST_START_PEOPLE = 1_000_000
# At ten million events a second, some minutes a run.
MOST_STAYS = 2_000_000_000


def check_size(found: Rows) -> Iterator[Fault]:
    """Faults of models too large to simulate.

    Parameters
    ----------
    found : Rows
        Rows that are sound by themselves.

    Yields
    ------
    Fault
        Of a horizon over a hundred years, and of too many people or stays.
    """
    settings = found.settings
    if settings is None:
        return
    horizon = settings.warm_up_days + settings.days
    rate = sum(row.per_day for _, row in found.rows.get("arrivals", []))
    present = sum(row.people for _, row in found.rows.get("start", []))
    if horizon > MOST_DAYS:
        yield Fault(
            found.tables["model"].shown_as,
            None,
            f"warm_up_days and days are {number_text(horizon)} together; they may be at most"
            f" {MOST_DAYS:,} (a hundred years).",
            "Shorten one of them.",
        )
    if rate * horizon > MOST_PEOPLE:
        yield Fault(
            found.tables["arrivals"].shown_as,
            None,
            f"{number_text(rate)} people a day over {number_text(horizon)} days are more than"
            f" {MOST_PEOPLE:,} people in one run.",
            "Lower per_day, or days in model.toml; for a sample, model one person in ten.",
        )
    elif present > MOST_START_PEOPLE:
        yield Fault(
            found.tables["start"].shown_as,
            None,
            f"{present:,} people are present at the start; there may be {MOST_START_PEOPLE:,}.",
            "Lower people.",
        )
    elif not found.faults and {"routes", "durations", "services"} <= set(found.tables):
        yield from _too_many_stays(found, horizon)


def _too_many_stays(found: Rows, horizon: float) -> Iterator[Fault]:
    """Loops that people go round so often or so fast that the run would not end."""
    ways = list_ways(found)
    for cohort in list_cohorts(found):
        stays = _expected_stays(found, ways, cohort, horizon)
        if sum(stays.values()) > MOST_STAYS:
            service = max(stays, key=lambda name: stays[name])
            yield Fault(
                found.tables["routes"].shown_as,
                None,
                f"People would stay in {service} more than {MOST_STAYS:,} times in one run, as"
                " they go round a loop that they seldom leave.",
                "Raise the share of the routes that leave the loop, or the times in it.",
            )


def _expected_stays(found: Rows, ways: Any, cohort: str, horizon: float) -> dict[str, float]:
    """At least as many stays as are expected in each service over a run.

    Two bounds, the lower of which holds: everybody goes the whole way (the traffic equations
    ``visits = people + visits @ shares``), or everybody stays there again and again.
    """
    import numpy as np

    names = [s.service for _, s in found.rows["services"]]
    index = {name: i for i, name in enumerate(names)}
    people = np.zeros(len(names))
    for _, row in found.rows.get("arrivals", []):
        if row.service in index and row.cohort in (cohort, ""):
            people[index[row.service]] += row.per_day * horizon
    for _, row in found.rows.get("start", []):
        name = row.service or row.waiting_for
        if name in index and row.cohort in (cohort, ""):
            people[index[name]] += row.people
    shares = np.zeros((len(names), len(names)))
    for name in names:
        for _, row in ways.get((name, cohort), []):
            if row.to_service in index:
                shares[index[name], index[row.to_service]] += row.share
    try:
        visits = np.linalg.solve((np.eye(len(names)) - shares).T, people)
    except np.linalg.LinAlgError:
        return {}  # a loop that nobody leaves, which is told by itself
    again = [
        people.sum() * (1 + horizon / max(_mean(found, name, cohort), 1e-12)) for name in names
    ]
    return {name: min(float(visits[i]), float(again[i])) for name, i in index.items()}


def _mean(found: Rows, service: str, cohort: str) -> float:
    """Shortest mean stay in a service, in days."""
    means = [
        row.days.mean_days(found.empirical.get(row.days.name))
        for _, row in found.rows["durations"]
        if row.service == service
        and row.cohort in (cohort, "")
        and (row.days.family != "empirical" or found.empirical.get(row.days.name))
    ]
    return min(means, default=0.0)
