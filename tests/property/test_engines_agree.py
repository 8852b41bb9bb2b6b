"""The slow engine and the fast one give the same stays and the same counts, whatever the model.

The slow engine is written to be read against the meaning of the tables; the fast one is trusted
because it agrees with it here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.generated_models import models
from wholesystem.flow.compiled import compile_model
from wholesystem.flow.fast import FastEngine
from wholesystem.flow.reference import run_reference

MODELS = 500

# The two add up time integrals in another order: days may differ by rounding, 1e-9 of a day
# being a tenth of a millisecond. Counts and the order of stays may not differ at all.
DAYS_TOLERANCE = 1e-9
COUNTS = ("asked", "turned_away")
DAYS = ("people_days", "unit_days", "outside_days", "delayed_days", "totals")


def assert_same(fast: Any, slow: Any) -> None:
    """Two raw results agree: every stay, every count, every integral at every snapshot."""
    mine, theirs = fast.stays.ordered(), slow.stays.ordered()
    np.testing.assert_array_equal(mine.numbers, theirs.numbers)
    np.testing.assert_allclose(mine.times, theirs.times, rtol=0, atol=DAYS_TOLERANCE)
    for name in COUNTS:
        np.testing.assert_array_equal(getattr(fast, name), getattr(slow, name), err_msg=name)
    for name in DAYS:
        np.testing.assert_allclose(
            getattr(fast, name), getattr(slow, name), rtol=1e-9, atol=1e-7, err_msg=name
        )
    assert fast.events == slow.events


@settings(
    max_examples=MODELS,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(model=models(), replication=st.integers(0, 3))
def test_the_engines_give_the_same_stays_and_counts(model: Any, replication: int) -> None:
    compiled = compile_model(model)
    seed = model.settings.seed

    fast = FastEngine(compiled).run(seed, replication, stays=True)
    slow = run_reference(compiled, seed, replication)

    assert_same(fast, slow)
