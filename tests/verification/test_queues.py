"""Single services and open networks against the closed forms of queueing theory."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.helpers.checks import assert_agrees, replicate_values
from tests.helpers.models import make_model
from tests.verification.closed_forms import (
    cobham_waits,
    erlang_b,
    erlang_c,
    erlang_c_wait,
    finite_queue,
    lognormal,
    pollaczek_khinchine_wait,
)
from wholesystem.flow import replicate_stays, simulate


def test_the_closed_forms_give_textbook_values() -> None:
    # Two servers and one erlang: B = 1/5, C = 1/3 by hand from the definitions.
    assert erlang_b(2, 1.0) == pytest.approx(1 / 5)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    # One server: the M/M/1 wait is load x mean / (1 - load); M/M/c/c is Erlang B.
    assert erlang_c_wait(1, 0.5, 1.0) == pytest.approx(1.0)
    assert pollaczek_khinchine_wait(0.5, 1.0, 2.0) == pytest.approx(1.0)
    assert finite_queue(4, 4, 3.0, 1.0).turned_away_share == pytest.approx(erlang_b(4, 3.0))
    assert cobham_waits([0.5], [1.0], [2.0]) == pytest.approx([1.0])


def test_mmc_waits_follow_erlang_c() -> None:
    model = make_model(
        "service,places\nward,10",
        "service,per_day\nward,9",
        "service,days\nward,exponential(mean=1)",
        "from,to,share\nward,home,1",
        days=9000,
        warm_up_days=1000,
        seed=11,
    )
    wait = erlang_c_wait(10, 9.0, 1.0)

    result = simulate(model, replications=30)

    assert_agrees(replicate_values(result, "wait_days", "ward"), wait)
    assert_agrees(replicate_values(result, "waiting_outside", "ward"), 9 * wait, precision=0.03)
    assert_agrees(replicate_values(result, "occupied", "ward"), 9.0)
    assert_agrees(replicate_values(result, "used_share", "ward"), 0.9)
    assert_agrees(replicate_values(result, "stay_days", "ward"), 1.0)


def test_hours_of_equal_needs_behave_as_places() -> None:
    # 70 hours a week at 7 hours a person is 10 places: the same Erlang C.
    model = make_model(
        "service,places,unit\ncare,70,hours_per_week",
        "service,per_day\ncare,9",
        "service,days\ncare,exponential(mean=1)",
        "from,to,share\ncare,home,1",
        needs="service,hours_per_week\ncare,fixed(7)",
        days=9000,
        warm_up_days=1000,
        seed=12,
    )

    result = simulate(model, replications=30)

    assert_agrees(replicate_values(result, "wait_days", "care"), erlang_c_wait(10, 9.0, 1.0))
    assert_agrees(replicate_values(result, "occupied", "care"), 9.0)
    assert_agrees(replicate_values(result, "used_share", "care"), 0.9)


def test_mg1_waits_follow_pollaczek_khinchine() -> None:
    stay = lognormal(0.8, 0.8)
    wait = pollaczek_khinchine_wait(1.0, 0.8, stay.var() + stay.mean() ** 2)
    model = make_model(
        "service,places\nclinic,1",
        "service,per_day\nclinic,1",
        'service,days\nclinic,"lognormal(mean=0.8, sd=0.8)"',
        "from,to,share\nclinic,home,1",
        days=30_000,
        warm_up_days=1000,
        seed=13,
    )

    result = simulate(model, replications=40)

    assert_agrees(replicate_values(result, "wait_days", "clinic"), wait)
    assert_agrees(replicate_values(result, "occupied", "clinic"), 0.8)


def test_arranging_keeps_the_place() -> None:
    # The place is held for the stay and then for the arranging time: M/G/1 on their sum.
    mean, mean_square = 0.5 + 0.3, (0.5**2 + 0.3**2) + 0.8**2
    model = make_model(
        "service,places\nward,1",
        "service,per_day\nward,1",
        "service,days\nward,exponential(mean=0.5)",
        "from,to,share,arranging_days,reason,responsible\n"
        "ward,home,1,exponential(mean=0.3),assessment,nhs",
        days=30_000,
        warm_up_days=1000,
        seed=14,
    )

    result = simulate(model, replications=40)

    assert_agrees(
        replicate_values(result, "wait_days", "ward"),
        pollaczek_khinchine_wait(1.0, mean, mean_square),
    )
    assert_agrees(replicate_values(result, "delayed", "ward"), 0.3)
    assert_agrees(replicate_values(result, "delay_days", "ward"), 0.3)
    assert_agrees(replicate_values(result, "stay_days", "ward"), mean)


@pytest.mark.parametrize("waiting_room", [0, 3])
def test_mmck_turns_people_away(waiting_room: int) -> None:
    exact = finite_queue(5, 5 + waiting_room, 6.0, 0.9)
    model = make_model(
        f"service,places,arrivals_wait\nunit,5,{waiting_room}",
        "service,per_day\nunit,6",
        "service,days\nunit,exponential(mean=0.9)",
        "from,to,share\nunit,home,1",
        days=5000,
        warm_up_days=100,
        seed=15,
    )

    result = simulate(model, replications=30)

    turned_away = 6.0 * exact.turned_away_share
    assert_agrees(replicate_values(result, "turned_away_per_day", "unit"), turned_away)
    assert_agrees(replicate_values(result, "occupied", "unit"), exact.occupied)
    assert_agrees(replicate_values(result, "waiting_outside", "unit"), exact.waiting)
    assert_agrees(replicate_values(result, "arrivals_per_day", "unit"), 6.0)


@pytest.mark.parametrize(
    "duration",
    [
        "lognormal(mean=3, sd=4)",
        "gamma(mean=3, sd=2)",
        "weibull(shape=1.4, scale=3.2917)",
        "uniform(1, 5)",
        "triangular(1, 2, 6)",
        "fixed(3)",
        "empirical(seen)",
    ],
)
def test_an_unlimited_service_holds_arrivals_times_mean_stay(duration: str) -> None:
    # M/G/infinity: Poisson with mean rate x mean stay, whatever the law of the stay.
    # 3.2917 x Gamma(1 + 1/1.4) = 3.0001, as near 3 as four decimals allow.
    model = make_model(
        "service\nathome",
        "service,per_day\nathome,10",
        [{"service": "athome", "days": duration}],
        "from,to,share\nathome,away,1",
        empirical={"seen": [0.5, 1, 2, 8.5]} if "empirical" in duration else None,
        days=1000,
        warm_up_days=100,
        seed=16,
    )

    result = simulate(model, replications=20)

    edge = 0.01 if "weibull" in duration else 0.0
    assert_agrees(replicate_values(result, "occupied", "athome"), 30.0, edge=edge)
    assert np.all(replicate_values(result, "wait_days", "athome") == 0)


def test_an_unlimited_service_is_poisson() -> None:
    # One look a replication, so looks are independent; the variance of a Poisson is its mean.
    model = make_model(
        "service\nathome",
        "service,per_day\nathome,10",
        "service,days\nathome,fixed(0.5)",
        "from,to,share\nathome,away,1",
        days=2,
        seed=17,
    )
    replications = 400

    people = []
    for replication in range(replications):
        stays = replicate_stays(model, replication)
        started = stays.column("started_at").to_numpy()
        look = np.datetime64("2024-01-02T12:00:00", "us")
        within = (started <= look) & (started > look - np.timedelta64(12, "h"))
        people.append(int(within.sum()))

    # Standard errors of the mean and of the variance of a Poisson with mean m over n looks:
    # sqrt(m / n) and sqrt((m + 2 m^2) / n) (fourth central moment m + 3 m^2).
    mean = 5.0
    assert abs(np.mean(people) - mean) < 4 * math.sqrt(mean / replications)
    variance_error = math.sqrt((mean + 2 * mean**2) / replications)
    assert abs(np.var(people, ddof=1) - mean) < 4 * variance_error


def test_priority_waits_follow_cobham() -> None:
    rates, means = [0.6, 0.2], [0.5, 2.0]
    exact = cobham_waits(rates, means, [2 * mean**2 for mean in means])
    model = make_model(
        "service,places,order\nclinic,1,priority",
        "service,cohort,per_day\nclinic,urgent,0.6\nclinic,routine,0.2",
        "service,cohort,days\n"
        "clinic,urgent,exponential(mean=0.5)\nclinic,routine,exponential(mean=2)",
        "from,to,share\nclinic,home,1",
        cohorts="cohort,priority\nurgent,1\nroutine,2",
        days=30_000,
        warm_up_days=1000,
        seed=18,
    )

    waits = {"urgent": [], "routine": []}
    for replication in range(20):
        stays = replicate_stays(model, replication).to_pandas()
        wait = (stays.started_at - stays.requested_at) / np.timedelta64(1, "D")
        for cohort, mean in wait.groupby(stays.cohort).mean().items():
            waits[cohort].append(mean)

    assert_agrees(np.array(waits["urgent"]), exact[0], precision=0.03)
    assert_agrees(np.array(waits["routine"]), exact[1], precision=0.03)
    overall = (rates[0] * exact[0] + rates[1] * exact[1]) / sum(rates)
    result = simulate(model, replications=40)
    assert_agrees(replicate_values(result, "wait_days", "clinic"), overall, precision=0.03)


def test_a_network_with_returns_has_product_form() -> None:
    # Jackson (1957): people who wait outside leave each service an M/M/c with the rate that the
    # routes imply. Ward: x = 4 + 0.2 y; rehab: y = 0.5 x, so x = 4 / 0.9, y = 2 / 0.9.
    ward_rate, rehab_rate = 4 / 0.9, 2 / 0.9
    model = make_model(
        "service,places,transfers_wait\nward,6,outside\nrehab,3,outside",
        "service,per_day\nward,4",
        "service,days\nward,exponential(mean=1.1)\nrehab,exponential(mean=1)",
        "from,to,share\nward,rehab,0.5\nward,home,0.5\nrehab,ward,0.2\nrehab,home,0.8",
        days=9000,
        warm_up_days=500,
        seed=19,
    )

    result = simulate(model, replications=40)

    assert_agrees(replicate_values(result, "arrivals_per_day", "rehab"), rehab_rate)
    for service, places, rate, mean in (("ward", 6, ward_rate, 1.1), ("rehab", 3, rehab_rate, 1.0)):
        assert_agrees(
            replicate_values(result, "wait_days", service), erlang_c_wait(places, rate, mean)
        )
        assert_agrees(replicate_values(result, "occupied", service), rate * mean)
        assert np.all(replicate_values(result, "delayed", service) == 0)
