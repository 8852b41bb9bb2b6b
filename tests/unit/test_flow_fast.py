"""The memory of the fast engine: too little is mended, and nothing is left from run to run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from tests.helpers.models import make_model
from wholesystem.flow.compiled import Compiled, compile_model
from wholesystem.flow.fast import FastEngine
from wholesystem.flow.raw import RawResult
from wholesystem.flow.reference import run_reference

ARRAYS = ("people_days", "unit_days", "outside_days", "delayed_days", "asked", "turned_away")


def crowded(**changes: Any) -> Compiled:
    """A ward and a team with returns, hours, a queue and people there at the start."""
    given: dict[str, Any] = {
        "services": "service,places,unit\nward,6,person\nteam,30,hours_per_week",
        "arrivals": "service,per_day\nward,4",
        "durations": 'service,days\nward,exponential(mean=1)\nteam,"lognormal(mean=3, sd=3)"',
        "routes": "from,to,share\nward,team,0.5\nward,home,0.5\nteam,ward,0.2\nteam,home,0.8",
        "needs": 'service,hours_per_week\nteam,"uniform(2, 14)"',
        "start": "service,waiting_for,people\nward,,4\nward,team,2\n,ward,5",
        "days": 60,
    }
    return compile_model(make_model(**(given | changes)))


def assert_identical(found: RawResult, expected: RawResult) -> None:
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)
    np.testing.assert_array_equal(found.totals, expected.totals)
    assert found.events == expected.events
    if expected.stays is not None and found.stays is not None:
        mine, theirs = found.stays.ordered(), expected.stays.ordered()
        np.testing.assert_array_equal(mine.numbers, theirs.numbers)
        np.testing.assert_array_equal(mine.times, theirs.times)


def test_memory_that_grows_gives_what_enough_memory_gives() -> None:
    compiled = crowded()
    expected = FastEngine(compiled).run(1, 0, stays=True)

    small = FastEngine(compiled)
    small._people, small._stays = 1, 1
    found = small.run(1, 0, stays=True)

    assert small._people > 1
    assert expected.stays is not None
    assert small._stays >= len(expected.stays.times) > 100
    assert_identical(found, expected)


def test_a_queue_that_never_ends_finds_memory() -> None:
    # 200 arrive a day and 1 may leave: thousands wait at the end, more than the first memory holds.
    compiled = crowded(
        services="service,places,unit\nward,1,person\nteam,30,hours_per_week",
        arrivals="service,per_day\nward,200",
        days=40,
        start="",
    )
    engine = FastEngine(compiled)
    before = engine._people

    result = engine.run(1, 0)

    waiting = result.outside_days[-1] - result.outside_days[-2]
    assert waiting[0] > before
    assert engine._people > before


def test_an_engine_can_be_used_again() -> None:
    engine = FastEngine(crowded())

    first = engine.run(1, 0, stays=True)
    engine.run(1, 1, stays=True)
    engine.run(2, 0)
    again = engine.run(1, 0, stays=True)

    assert_identical(again, first)


def test_keeping_stays_changes_no_figure() -> None:
    engine = FastEngine(crowded())

    with_stays, without = engine.run(1, 0, stays=True), engine.run(1, 0)

    assert without.stays is None
    assert_identical(without, with_stays)


def test_one_engine_serves_many_threads() -> None:
    compiled = crowded()
    expected = [FastEngine(compiled).run(1, r, stays=True) for r in range(12)]
    shared = FastEngine(compiled)
    shared._people = 8  # so that threads let it grow at the same time

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda r: shared.run(1, r, stays=True), range(12)))

    for mine, theirs in zip(found, expected, strict=True):
        assert_identical(mine, theirs)


@pytest.mark.parametrize(
    "changes",
    [
        {"days": 0.001, "start": ""},
        {"arrivals": "", "days": 20},
        {"arrivals": "service,per_day\nward,0", "days": 20, "start": ""},
        {"arrivals": "service,per_day\nward,900", "days": 2},
        {"arrivals": "service,per_day\nward,0.001", "days": 3000, "start": ""},
        {"durations": "service,days\nward,fixed(0)\nteam,fixed(0.00001)", "days": 10},
        {"warm_up_days": 0.3, "days": 0.4},
    ],
    ids=["an instant", "start only", "nobody", "busy", "rare", "no time", "parts of days"],
)
def test_unusual_models_run_alike_in_both_engines(changes: dict[str, Any]) -> None:
    compiled = crowded(**changes)

    fast = FastEngine(compiled).run(1, 0, stays=True)
    slow = run_reference(compiled, 1, 0)

    for name in ARRAYS:
        np.testing.assert_allclose(
            getattr(fast, name), getattr(slow, name), rtol=1e-9, atol=1e-9, err_msg=name
        )
    np.testing.assert_allclose(fast.totals, slow.totals, rtol=1e-9, atol=1e-9)
    assert fast.events == slow.events
    assert fast.stays is not None
    assert slow.stays is not None
    mine, theirs = fast.stays.ordered(), slow.stays.ordered()
    np.testing.assert_array_equal(mine.numbers, theirs.numbers)
    np.testing.assert_allclose(mine.times, theirs.times, rtol=1e-12, atol=1e-12)


def test_the_order_of_stays_is_by_person_and_stay() -> None:
    stays = run_reference(crowded(), 1, 0).stays

    assert stays is not None
    rows = [tuple(row) for row in stays.ordered().numbers[:, :3].tolist()]
    assert rows == sorted(rows)
    assert len(set(rows)) == len(rows)


def test_a_person_may_come_back_more_often_than_65535_times() -> None:
    # Visits number the draws: if their count began anew, durations would repeat.
    compiled = compile_model(
        make_model(
            "service,places\nward,1",
            durations="service,days\nward,exponential(mean=0.001)",
            routes="from,to,share\nward,ward,0.9999999\nward,home,0.0000001",
            start="service,people\nward,1",
            days=100,
        )
    )

    stays = FastEngine(compiled).run(1, 0, stays=True).stays

    assert stays is not None
    started, ended = stays.ordered().times[:-1, [1, 3]].T
    lengths = (ended - started)[1:]
    assert len(lengths) > 70_000
    assert np.abs(lengths[65_536:] - lengths[:-65_536]).min() > 0
    assert np.corrcoef(lengths[65_536:], lengths[:-65_536])[0, 1] < 0.1
