"""Whether a warm-up was long enough, told neither too late nor too often."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wholesystem.flow.randomness import normal, stream_hash
from wholesystem.flow.warmup import differs_before, mser5_days


def noise(n_days: int, stream: str = "noise") -> np.ndarray:
    """Standard normal numbers, unrelated from day to day."""
    key = stream_hash(stream)
    return np.array([normal(key, day)[0] for day in range(n_days)])


def filling(n_days: int, days: float) -> np.ndarray:
    """A system of 100 people that fills from empty with a time constant."""
    return 100 * (1 - np.exp(-np.arange(n_days) / days))


def test_a_worked_series() -> None:
    # Sums of squared distances from the mean, over the square of the batches left: all eight
    # 112 / 64 = 1.75; without the first 38.86 / 49 = 0.79; without two 8 / 36 = 0.22; without three
    # 8 / 25 = 0.32; without four 8 / 16 = 0.5. So two batches go: ten days.
    batches = [0, 4, 10, 10, 12, 8, 10, 10]

    assert mser5_days(np.repeat(batches, 5).astype(float)) == 10


def test_days_after_the_last_whole_batch_do_not_count() -> None:
    series = np.repeat([0, 4, 10, 10, 12, 8, 10, 10], 5).astype(float)

    assert mser5_days(np.concatenate([series, [1e6] * 4])) == 10


@pytest.mark.parametrize("level", [0.0, 7.3, 1e-3, 123_456.789, 0.1 + 0.2])
@pytest.mark.parametrize("n_days", [20, 50, 100, 365, 3650])
def test_a_constant_series_needs_no_warm_up(level: float, n_days: int) -> None:
    assert mser5_days(np.full(n_days, level)) == 0
    # Nor does one whose constant is blurred by adding up.
    assert mser5_days(np.diff(np.arange(n_days + 1) * level)) == 0


@pytest.mark.parametrize("days", [3, 10, 20])
def test_the_transient_of_a_filling_system_is_left_out(days: float) -> None:
    # What is left after the cut lies within about one standard deviation of the noise, 2 people.
    cut = mser5_days(filling(365, days) + 2 * noise(365))

    assert cut is not None
    assert 100 * math.exp(-cut / days) < 2
    assert cut <= 8 * days


def test_a_series_that_has_settled_is_hardly_cut() -> None:
    cuts = [mser5_days(100 + noise(365, f"settled {i}")) for i in range(100)]

    assert None not in cuts
    assert sum(1 for cut in cuts if cut) < 50
    assert sum(1 for cut in cuts if cut is not None and cut > 100) < 10


def test_a_series_that_never_settles_is_too_short_to_tell() -> None:
    assert mser5_days(np.arange(365.0)) is None
    assert mser5_days(filling(365, 200) + 2 * noise(365)) is None


def test_a_step_is_cut_in_the_first_half_and_not_told_in_the_second() -> None:
    for day, expected in ((50, 50), (150, 150), (250, None)):
        assert mser5_days(np.where(np.arange(365) < day, 0.0, 50.0)) == expected


@pytest.mark.parametrize("n_days", [0, 1, 19])
def test_fewer_than_four_batches_are_too_short_to_tell(n_days: int) -> None:
    assert mser5_days(np.zeros(n_days)) is None


# --- and whether it matters ---------------------------------------------------------------------


def replications(level_before: float, n: int = 10) -> np.ndarray:
    """100 days: 30 of one level, the rest of 100, each replication with noise of its own."""
    levels = np.where(np.arange(100) < 30, level_before, 100.0)
    return np.stack([levels + noise(100, f"replication {i}") for i in range(n)])


def test_a_difference_beyond_chance_is_found() -> None:
    assert differs_before(replications(95), 10, 30)
    assert differs_before(replications(105), 0, 30)
    assert not differs_before(replications(100), 10, 30)


def test_the_warm_up_itself_is_not_looked_at() -> None:
    assert not differs_before(replications(0), 30, 50)
    assert not differs_before(replications(0), 29.5, 50)
    assert differs_before(replications(0), 29, 50)


def test_without_a_cut_the_first_half_is_held_against_the_second() -> None:
    drift = np.stack([np.arange(100) / 10 + noise(100, f"drift {i}") for i in range(10)])

    assert differs_before(drift, 20, None)
    assert not differs_before(replications(100), 20, None)


def test_a_cut_with_nothing_on_one_side_says_nothing() -> None:
    assert not differs_before(replications(0), 30, 30)
    assert not differs_before(replications(0), 30, 25)
    assert not differs_before(replications(0), 0, 100)


def test_one_replication_cannot_clear_the_warm_up() -> None:
    assert differs_before(replications(100, n=1), 10, 30)
