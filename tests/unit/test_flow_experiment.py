"""Experiments: what is refused, what is warned of, and that nothing depends on who runs them."""

from __future__ import annotations

import math
import multiprocessing
import re
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from tests.helpers.models import make_model
from wholesystem.errors import ParameterError
from wholesystem.flow import Model, SimulationResult, compare, replicate_stays, simulate
from wholesystem.stays import Stays, as_stays

SERVICES = "service,places\nward,4\nteam,3"
ARRIVALS = "service,per_day\nward,3"
DURATIONS = 'service,days\nward,exponential(mean=1)\nteam,"lognormal(mean=2, sd=3)"'
ROUTES = "from,to,share\nward,team,0.4\nward,home,0.6\nteam,ward,0.1\nteam,home,0.9"


def model(**settings: Any) -> Model:
    made: Model = make_model(
        SERVICES, ARRIVALS, DURATIONS, ROUTES, **({"days": 30, "warm_up_days": 10} | settings)
    )
    return made


def assert_same_figures(found: SimulationResult, expected: SimulationResult) -> None:
    for measure, values in expected.replicates.items():
        np.testing.assert_array_equal(found.replicates[measure], values, err_msg=measure)
    np.testing.assert_array_equal(found.daily_values, expected.daily_values)
    np.testing.assert_array_equal(found.delayed, expected.delayed)


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"replications": 0}, "replications is 0"),
        ({"replications": -3}, "replications is -3"),
        ({"replications": 10_001}, "replications is 10001"),
        ({"replications": 2.5}, "whole number"),
        ({"replications": math.nan}, "replications is nan"),
        ({"days": 0}, "days is 0"),
        ({"days": -1}, "days is -1"),
        ({"days": math.nan}, "days is nan"),
        ({"days": math.inf}, "days is inf"),
        ({"days": 36_516}, "after a warm-up of 10"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**63}, "from 0 to"),
        ({"seed": 1.5}, "whole number"),
        ({"seed": math.nan}, "seed is nan"),
        ({"engine": "steam"}, "'steam'"),
    ],
)
def test_numbers_out_of_range_are_refused(given: dict[str, Any], named: str) -> None:
    with pytest.raises(ParameterError, match=named):
        simulate(model(), **given)


@pytest.mark.parametrize("replication", [-1, 0.5, math.nan])
def test_a_replication_that_cannot_be_is_refused(replication: Any) -> None:
    with pytest.raises(ParameterError, match="replication is"):
        replicate_stays(model(), replication)


def test_compare_refuses_the_same() -> None:
    with pytest.raises(ParameterError, match="replications is 0"):
        compare(model(), {"same": model()}, replications=0)


def test_the_models_own_settings_hold_where_none_are_given() -> None:
    result = simulate(model(replications=3, seed=7, days=12))

    assert result.run["replications"] == len(result.replicated) == 3
    assert result.run["seed"] == 7
    assert result.run["days"] == 12
    assert result.daily_values.shape[1] == 12


def test_a_whole_number_written_with_a_point_is_taken() -> None:
    result = simulate(model(), replications=2.0, seed=3.0, days=5)  # type: ignore[arg-type]

    assert result.run["replications"] == 2
    assert isinstance(result.run["replications"], int)
    assert result.run["seed"] == 3


def test_the_longest_run_allowed_is_a_hundred_years() -> None:
    rare = make_model(
        "service,places\nward,1",
        "service,per_day\nward,0.001",
        "service,days\nward,fixed(1)",
        "from,to,share\nward,home,1",
    )

    result = simulate(rare, replications=1, days=36_525)

    assert result.daily_values.shape[1] == 36_525


# --- the same, whoever runs it ------------------------------------------------------------------


def test_the_same_seed_gives_the_same_figures_and_another_does_not() -> None:
    first, again = (simulate(model(), replications=3, seed=5) for _ in range(2))
    other = simulate(model(), replications=3, seed=6)

    assert_same_figures(again, first)
    assert not np.array_equal(other.replicates["occupied"], first.replicates["occupied"])


@pytest.mark.parametrize("workers", [1, 3])
def test_threads_of_the_callers_give_the_same_figures(workers: int) -> None:
    expected = simulate(model(), replications=5)

    with ThreadPoolExecutor(workers) as executor:
        found = simulate(model(), replications=5, executor=executor)

    assert_same_figures(found, expected)


def test_processes_give_the_same_figures_and_stays() -> None:
    expected = simulate(model(), replications=3, stays=True)

    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        found = simulate(model(), replications=3, stays=True, executor=executor)

    assert_same_figures(found, expected)
    assert found.stays is not None
    assert found.stays.equals(expected.stays, check_metadata=True)


def test_the_reference_engine_gives_the_figures_of_the_kernel() -> None:
    # The stays are those of the first replication even where a later one is done before it.
    kernel = simulate(model(), replications=6, stays=True)
    reference = simulate(model(), replications=6, stays=True, engine="reference")

    for measure, values in kernel.replicates.items():
        np.testing.assert_allclose(
            reference.replicates[measure], values, rtol=1e-9, atol=1e-9, err_msg=measure
        )
    assert reference.stays is not None
    assert reference.stays.num_rows == kernel.stays.num_rows
    for column in ("person", "stay", "service", "next_service"):
        assert reference.stays[column].equals(kernel.stays[column])


def test_days_may_be_lengthened_without_changing_the_first_ones() -> None:
    short, long = simulate(model(), replications=3), simulate(model(), replications=3, days=60)

    np.testing.assert_allclose(long.daily_values[:, :30], short.daily_values, rtol=1e-6, atol=1e-6)


# --- stays --------------------------------------------------------------------------------------


def test_stays_kept_are_those_of_the_first_replication() -> None:
    result = simulate(model(), replications=4, stays=True)
    alone = replicate_stays(model())
    second = replicate_stays(model(), 1)

    assert result.stays is not None
    assert result.stays.equals(alone, check_metadata=True)
    assert not second.equals(alone)


def test_stays_are_not_kept_unless_asked_for() -> None:
    assert simulate(model(), replications=1).stays is None


def test_stays_say_what_window_they_cover() -> None:
    table = replicate_stays(model(population=1000, begins="2024-03-01T06:00:00"))
    stays = as_stays(table)

    assert isinstance(stays, Stays)
    assert stays.window_start.isoformat() == "2024-03-11T06:00:00"
    assert stays.window_end.isoformat() == "2024-04-10T06:00:00"
    assert stays.population == 1000
    # Everybody who is there in the window, with the stays that they had before it.
    last = table.to_pandas().groupby("person").ended_at.agg(lambda ended: ended.iloc[-1])
    assert (last[last.notna()] >= stays.window_start).all()
    first = table.to_pandas().groupby("person").stay.min()
    assert (first == 1).all()
    assert (table["started_at"].to_pandas() < stays.window_end).all()


def test_the_seed_given_is_that_of_the_stays() -> None:
    assert replicate_stays(model(seed=9)).equals(replicate_stays(model(), seed=9))


# --- progress and interruption ------------------------------------------------------------------


def test_progress_is_told_after_every_replication() -> None:
    told: list[tuple[int, int]] = []

    simulate(model(), replications=3, progress=lambda done, n: told.append((done, n)))

    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_bar_is_shown_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    simulate(model(), replications=3, progress=True)

    shown = capsys.readouterr()
    assert shown.out == ""
    assert "3/3" in shown.err


class FirstOnly(Executor):
    """Runs the first job and leaves the others waiting."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, job: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if not self.futures:
            future.set_result(job(*args, **kwargs))
        self.futures.append(future)
        return future


def test_an_interruption_cancels_what_has_not_begun() -> None:
    def interrupt(done: int, n: int) -> None:
        raise KeyboardInterrupt

    executor = FirstOnly()
    with pytest.raises(KeyboardInterrupt):
        simulate(model(), replications=4, executor=executor, progress=interrupt)

    assert [future.cancelled() for future in executor.futures] == [False, True, True, True]


# --- warnings -----------------------------------------------------------------------------------


def ward(places: int, per_day: float, *, arrivals_wait: str = "", **settings: Any) -> Model:
    """A ward with stays of 2 days on average."""
    made: Model = make_model(
        f"service,places,arrivals_wait\nward,{places},{arrivals_wait}",
        f"service,per_day\nward,{per_day}",
        "service,days\nward,exponential(mean=2)",
        "from,to,share\nward,home,1",
        **settings,
    )
    return made


def test_fewer_than_ten_replications_are_warned_of() -> None:
    nine = simulate(ward(30, 5, days=200, warm_up_days=40), replications=9)
    ten = simulate(ward(30, 5, days=200, warm_up_days=40), replications=10)

    assert nine.warnings == ["Only 9 replications: the intervals are unreliable. Run at least 10."]
    assert ten.warnings == []
    assert nine.run["warnings"] == nine.warnings


def test_offered_load_at_capacity_is_warned_of() -> None:
    # 6 arrive a day and need 2 days each: 12 places, and there are 10.
    result = simulate(ward(10, 6, days=300, warm_up_days=20), replications=10)

    found = [text for text in result.warnings if "offered load" in text]
    assert len(found) == 1
    assert re.search(r"ward: offered load is 1(1[5-9]|2[0-5])% of its capacity", found[0])
    assert "grows for as long as the model runs" in found[0]
    # The growing queue never settles either.
    assert any("MSER-5" in text for text in result.warnings)


def test_a_queue_that_is_kept_short_is_told_apart() -> None:
    result = simulate(ward(10, 6, arrivals_wait="3", days=300, warm_up_days=20), replications=10)

    (text,) = result.warnings
    assert "Its queue is kept short" in text
    away = float(np.mean(result.replicates["turned_away_per_day"][:, 0]))
    assert f"{away:.2g} people a day turn away" in text


def test_delay_counts_as_load() -> None:
    # The ward's own stays need 4 x 1 of 5 places; the delays for a slow team fill it.
    slow = make_model(
        "service,places\nward,5\nteam,4",
        "service,per_day\nward,4",
        "service,days\nward,exponential(mean=1)\nteam,exponential(mean=2)",
        "from,to,share\nward,team,1\nteam,home,1",
        days=300,
        warm_up_days=20,
    )

    texts = " ".join(simulate(slow, replications=10).warnings)

    assert "ward: offered load" in texts


def test_load_in_hours_is_of_hours() -> None:
    # 6 a day for 2 days at 5 hours a week: 60 hours of 50, though 12 people are no 50.
    hours = make_model(
        "service,places,unit\nteam,50,hours_per_week",
        "service,per_day\nteam,6",
        "service,days\nteam,exponential(mean=2)",
        "from,to,share\nteam,home,1",
        needs="service,hours_per_week\nteam,fixed(5)",
        days=300,
        warm_up_days=20,
    )

    (text,) = [t for t in simulate(hours, replications=10).warnings if "offered load" in t]

    assert re.search(r"team: offered load is 1(1[5-9]|2[0-5])% of its capacity", text)


def test_a_service_with_no_places_at_all_has_no_load() -> None:
    result = simulate(ward(0, 1, days=20), replications=10)

    assert not any("offered load" in text for text in result.warnings)
    assert any("never has a place" in text for text in result.warnings)


def test_a_short_warm_up_is_warned_of_and_a_long_one_is_not() -> None:
    # Stays of 10 days fill a ward over weeks.
    def filling(warm_up_days: int) -> list[str]:
        made = make_model(
            "service,places\nward,100",
            "service,per_day\nward,9",
            "service,days\nward,exponential(mean=10)",
            "from,to,share\nward,home,1",
            days=365,
            warm_up_days=warm_up_days,
        )
        # About one seed in ten hides so small a bias in the noise; this one does not.
        return simulate(made, replications=20, seed=2).warnings

    (text,) = filling(5)
    assert "The warm-up of 5 days is too short" in text
    wanted = re.search(r"Set warm_up_days to (\d+) or more", text)
    assert wanted is not None
    assert 20 <= int(wanted[1]) <= 150
    assert filling(150) == []


def test_a_stated_start_needs_no_warm_up() -> None:
    made = ward(30, 5, start="service,people\nward,10", days=200)

    assert simulate(made, replications=10).warnings == []


def test_an_ample_warm_up_is_seldom_warned_of() -> None:
    # 30 days for stays of 5: a full settling. 95% intervals let a few slip through.
    made = make_model(
        "service,places\nward,20",
        "service,per_day\nward,3.4",
        "service,days\nward,exponential(mean=5)",
        "from,to,share\nward,home,1",
        days=365,
        warm_up_days=30,
    )

    warned = [bool(simulate(made, replications=20, seed=seed).warnings) for seed in range(20)]

    assert sum(warned) <= 4
