"""What the fast engine counts as it runs is what its stays add up to, whatever the model."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.generated_models import models
from wholesystem.flow.compiled import compile_model
from wholesystem.flow.fast import FastEngine
from wholesystem.flow.raw import TOTALS

REQUESTED, STARTED, READY, ENDED = range(4)
SERVICE, GROUP = 3, 5

generated = settings(
    max_examples=300,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def by_index(index: np.ndarray, values: Any, length: int) -> np.ndarray:
    """Sum of values by index."""
    return np.bincount(index, weights=np.broadcast_to(values, index.shape), minlength=length)


def assert_days(measured: np.ndarray, expected: np.ndarray) -> None:
    """Equal to rounding: a billionth of a day for each of a few hundred stays."""
    np.testing.assert_allclose(measured, expected, rtol=1e-9, atol=1e-7)


@generated
@given(model=models(), replication=st.integers(0, 3))
def test_integrals_and_totals_are_those_of_the_stays(model: Any, replication: int) -> None:
    compiled = compile_model(model)
    result = FastEngine(compiled).run(model.settings.seed, replication, stays=True)
    service, group = result.stays.numbers[:, SERVICE], result.stays.numbers[:, GROUP]
    times = result.stays.times
    n = len(compiled.services)
    here = np.where(np.isnan(times[:, ENDED]), compiled.horizon_days, times[:, ENDED])

    present = here - np.clip(times[:, STARTED], 0, None)
    assert_days(result.people_days[-1], by_index(service, present, n))

    ready = ~np.isnan(times[:, READY])
    late = (here - times[:, READY])[ready]
    assert_days(result.delayed_days[-1], by_index(group[ready], late, len(compiled.groups)))

    totals = {name: result.totals[-1][:, k] for k, name in enumerate(TOTALS)}
    came = ~np.isnan(times[:, REQUESTED])
    left = ~np.isnan(times[:, ENDED])
    waited = (times[:, STARTED] - times[:, REQUESTED])[came]
    assert np.array_equal(totals["started"], by_index(service[came], 1.0, n))
    assert np.array_equal(totals["ended"], by_index(service[left], 1.0, n))
    assert_days(totals["wait_days"], by_index(service[came], waited, n))
    assert_days(
        totals["stay_days"],
        by_index(service[left], (times[:, ENDED] - times[:, STARTED])[left], n),
    )


@generated
@given(model=models(), replication=st.integers(0, 3))
def test_nobody_is_lost(model: Any, replication: int) -> None:
    compiled = compile_model(model)
    result = FastEngine(compiled).run(model.settings.seed, replication, stays=True)
    stays = result.stays.ordered()
    numbers, times = stays.numbers, stays.times

    # Each person's stays follow one another: where one ends the next begins, in the service that
    # the first one names, and only the last may be open.
    follows = (numbers[1:, :2] == numbers[:-1, :2]).all(axis=1)
    before, after = np.flatnonzero(follows), np.flatnonzero(follows) + 1
    assert (numbers[after, 2] == numbers[before, 2] + 1).all()
    assert (times[before, ENDED] <= times[after, STARTED]).all()
    onward = np.array([compiled.services.index(g.waiting_for) for g in compiled.groups] or [0])
    assert (onward[numbers[before, GROUP]] == numbers[after, SERVICE]).all()
    assert (numbers[np.setdiff1d(np.arange(len(numbers)), after), 2] == 1).all()

    # Nobody starts unasked: those who asked have started, were turned away or still wait.
    waiting = (
        result.asked[-1] - result.turned_away[-1] - result.totals[-1][:, TOTALS.index("started")]
    )
    limited = ~compiled.is_left
    assert (waiting[limited] >= 0).all()
    # And no stay runs backwards: what is missing is not compared.
    for earlier, later in ((REQUESTED, STARTED), (STARTED, READY), (READY, ENDED)):
        known = ~np.isnan(times[:, earlier]) & ~np.isnan(times[:, later])
        assert (times[known, earlier] <= times[known, later]).all()


@generated
@given(model=models())
def test_places_are_never_overfilled_by_newcomers(model: Any) -> None:
    # Where neither a calendar nor a start can hold more than there is room for, the people in a
    # service never exceed its places.
    compiled = compile_model(model)
    result = FastEngine(compiled).run(model.settings.seed, 0, stays=True)
    numbers, times = result.stays.numbers, result.stays.times
    changed = set(compiled.change_service.tolist())
    for service in np.flatnonzero(np.isfinite(compiled.places) & ~compiled.hours_unit):
        if service in changed:
            continue
        mine = times[numbers[:, SERVICE] == service]
        ended = mine[:, ENDED][~np.isnan(mine[:, ENDED])]
        # Ends before starts at the same instant: a place is free before it is taken.
        moments = np.concatenate([mine[:, STARTED].clip(0), ended])
        changes = np.concatenate([np.ones(len(mine)), -np.ones(len(ended))])
        people = np.cumsum(changes[np.lexsort((changes, moments))])
        assert people.max(initial=0) <= compiled.places[service]
