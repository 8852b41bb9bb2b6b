"""The generated models reach what the engines must agree on.

A property over 500 models proves little if the models never form a ring or never tie in time, so
the same strategy is counted here.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings

from tests.helpers.generated_models import models
from wholesystem.flow.compiled import compile_model
from wholesystem.flow.reference import run_reference

MODELS = 150


def features(model: Any) -> set[str]:
    """What a model and one run of it exercise."""
    compiled = compile_model(model)
    result = run_reference(compiled, model.settings.seed, 0)
    found = {f"order {row.order}" for row in model.services}
    found |= {f"unit {row.unit}" for row in model.services}
    found |= {f"waits {row.transfers_wait}" for row in model.services if row.stage != "left"}
    found |= {f"arrivals_wait {row.arrivals_wait}" for row in model.services}
    found |= {f"duration {row.days.family}" for row in model.durations}
    found |= {f"{len(model.cohorts)} cohorts"}
    for name in ("capacity", "start"):
        if getattr(model, name):
            found.add(name)
    if model.start:
        found.add(f"start {model.settings.start_residual}")
    if any(row.waiting_for and row.service for row in model.start):
        found.add("start waiting in place")
    if any(row.arranging_days for row in model.routes):
        found.add("arranging")
    if any(row.profile for row in model.arrivals):
        found.add("profile")
    if any(row.from_date for row in model.arrivals):
        found.add("dated arrivals")
    stays = result.stays.ordered()
    if len(stays.numbers):
        found |= happened(compiled, result, stays)
    return found


def happened(compiled: Any, result: Any, stays: Any) -> set[str]:
    """What one run saw: returns, delays, people turned away, events at the same instant, rings."""
    found = set()
    people = Counter(map(tuple, stays.numbers[:, [0, 1, 3]]))
    if max(people.values()) > 1:
        found.add("a return")
    if result.delayed_days[-1].sum() > 0:
        found.add("a delay")
    if result.outside_days[-1].sum() > 0:
        found.add("a wait outside")
    if result.turned_away[-1].sum() > 0:
        found.add("somebody turned away")
    ended = stays.times[:, 3]
    ended = ended[~np.isnan(ended)]
    if len(ended) != len(np.unique(ended)):
        found.add("a cascade or a tie")
    found |= {"a ring moved"} if ring_moved(compiled, stays) else set()
    return found


def ring_moved(compiled: Any, stays: Any) -> bool:
    """Did two people change places at one instant, each having waited for the other's place?"""
    moves = set()
    numbers, times = stays.numbers, stays.times
    for i in range(len(numbers) - 1):
        same = tuple(numbers[i, :2]) == tuple(numbers[i + 1, :2])
        if same and times[i, 3] == times[i + 1, 1] and times[i, 2] < times[i, 3]:
            a, b = int(numbers[i, 3]), int(numbers[i + 1, 3])
            if compiled.ring[a] >= 0 and compiled.ring[a] == compiled.ring[b]:
                moves.add((times[i, 3], a, b))
    return any((t, b, a) in moves for t, a, b in moves if a != b)


WANTED = {
    "order fifo", "order first_fit", "order priority",
    "unit person", "unit hours_per_week",
    "waits in_place", "waits outside",
    "arrivals_wait None", "arrivals_wait 0", "arrivals_wait 1", "arrivals_wait 3",
    "duration fixed", "duration exponential", "duration lognormal", "duration gamma",
    "duration weibull", "duration uniform", "duration triangular", "duration empirical",
    "0 cohorts", "1 cohorts", "2 cohorts", "3 cohorts",
    "capacity", "start", "start fresh", "start equilibrium", "start waiting in place",
    "arranging", "profile", "dated arrivals",
    "a return", "a delay", "a wait outside", "somebody turned away", "a cascade or a tie",
    "a ring moved",
}  # fmt: skip


def test_generated_models_reach_every_feature() -> None:
    seen: Counter[str] = Counter()

    @settings(
        max_examples=MODELS,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(model=models())
    def count(model: Any) -> None:
        seen.update(features(model))

    count()

    rare = {name: seen[name] for name in WANTED if seen[name] < 5}
    assert not rare, f"too few of {MODELS} models have: {rare}"
