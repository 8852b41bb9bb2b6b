"""Charts against published worked examples, closed forms and documented behaviour of others.

Making Data Count rounds 3 / 1.128 = 2.6596 to 2.66, so XmR limits of books that do not round
agree to the ratio of the two.
"""

import itertools
from datetime import date, timedelta

import numpy as np
import pytest

from wholesystem.indicators import spc
from wholesystem.indicators.spc import rules


def days(count: int) -> list[date]:
    return [date(2017, 1, 1) + timedelta(days=i) for i in range(count)]


# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2, individuals control charts: flow rates
# of ten batches; mean 50.81, mean moving range 1.8778, limits 45.8159 and 55.8041 with 1.128.
FLOW_RATES = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def test_xmr_of_nist_flow_rates() -> None:
    chart = spc.xmr(days(10), FLOW_RATES)

    assert chart.summary.mean == pytest.approx(50.81)
    assert chart.mean_moving_ranges[0] == pytest.approx(1.8778, abs=5e-5)
    rounding = 2.66 / (3 / 1.128)
    assert chart.summary.upper == pytest.approx(50.81 + (55.8041 - 50.81) * rounding, abs=2e-4)
    assert chart.summary.lower == pytest.approx(50.81 - (50.81 - 45.8159) * rounding, abs=2e-4)


def test_the_constants_follow_from_normal_draws() -> None:
    # d2 for two draws is 2 / sqrt(pi); its standard deviation d3 = sqrt(2 - 4 / pi).
    d2, d3 = 2 / np.sqrt(np.pi), np.sqrt(2 - 4 / np.pi)

    assert pytest.approx(d2, abs=5e-4) == rules.D2
    assert pytest.approx(3 / d2, abs=2e-3) == rules.LIMIT
    assert pytest.approx(1 + 3 * d3 / d2, abs=2e-3) == rules.SCREEN
    near = rules.spread_limits(0.0, rules.LIMIT / 3, 1).near_upper
    assert near == pytest.approx([1.7733], abs=5e-5)


# The same handbook, 6.3.3.1: defects on 25 wafers; mean 16, limits 4 and 28.
WAFERS = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20]
WAFERS += [11, 19, 16, 31, 13]


def test_c_chart_of_nist_wafers() -> None:
    chart = spc.c_chart(days(25), WAFERS, better="low")

    assert (chart.summary.lower, chart.summary.mean, chart.summary.upper) == (4, 16, 28)
    outside = [place for place, word in enumerate(chart.special_causes) if word == "outside limits"]
    assert outside == [23]  # 31; the 28 lies on the limit and is not outside


# Montgomery, Introduction to Statistical Quality Control, example of orange juice cans (the same
# figures as in the handbook's 6.3.3.2): 30 samples of 50; mean 0.2313, limits 0.0524 and 0.4102.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9]
CANS += [12, 7, 13, 9, 6]


def test_p_chart_of_montgomery() -> None:
    chart = spc.p_chart(days(30), CANS, [50] * 30, per=1, better="low")

    assert chart.summary.mean == pytest.approx(0.2313, abs=5e-5)
    assert chart.summary.lower == pytest.approx(0.0524, abs=5e-5)
    assert chart.summary.upper == pytest.approx(0.4102, abs=5e-5)
    outside = [place for place, word in enumerate(chart.special_causes) if word == "outside limits"]
    assert outside == [14, 22]  # samples 15 and 23, as the book says


# Output of the R package qcc 2.7 (type "np") on defects in 50 lots of 200, published at
# rstudio-pubs-static 1407303: centre 7.14, upper limit 15.01184, lower limit 0.
LOTS = [8, 7, 11, 3, 6, 11, 4, 4, 5, 8, 8, 6, 7, 6, 10, 7, 9, 5, 6, 8, 8, 10, 4, 11, 4, 11, 6, 6]
LOTS += [9, 5, 4, 7, 5, 7, 8, 5, 10, 9, 7, 9, 4, 9, 4, 7, 11, 8, 10, 8, 7, 5]


def test_p_chart_of_qcc() -> None:
    chart = spc.p_chart(days(50), LOTS, [200] * 50, per=200)

    assert chart.summary.mean == pytest.approx(7.14)
    assert chart.summary.upper == pytest.approx(15.01184, abs=5e-6)
    assert chart.summary.lower == 0


def test_u_chart_is_a_c_chart_where_bases_are_one() -> None:
    of_rates = spc.u_chart(days(25), WAFERS, [1.0] * 25)
    of_counts = spc.c_chart(days(25), WAFERS)

    assert of_rates.rows() == of_counts.rows()


@pytest.mark.parametrize("kind", [spc.p_chart, spc.u_chart])
def test_laneys_chart_is_an_xmr_chart_where_bases_are_equal(kind) -> None:
    # With one base, standard deviation x mean moving range of the scores is the mean moving range
    # of the shares: limits are 3 / 1.128 of it either side (Laney 2002, section 3).
    base = [5000.0] * 30
    shares = kind(days(30), CANS, base, per=1, overdispersion=True)
    single = spc.xmr(days(30), [one / 5000 for one in CANS])

    width = (single.summary.upper - single.summary.mean) / 2.66 * 3 / 1.128
    assert shares.summary.upper == pytest.approx(shares.summary.mean + width)


def test_p_limits_by_hand_with_unequal_bases() -> None:
    # 30 of 100 in all; sd = sqrt(0.3 x 0.7 / n): 0.0917 for 25, so 0.3 +/- 0.275; 0.0648 for 50.
    chart = spc.p_chart(days(3), [6, 16, 8], [25, 50, 25], per=1)

    assert chart.limits.upper == pytest.approx([0.574955, 0.494422, 0.574955], abs=1e-6)
    assert chart.limits.lower == pytest.approx([0.025045, 0.105578, 0.025045], abs=1e-6)


def test_t_chart_by_hand() -> None:
    # Times whose power 1/3.6 is 2 and 3 in turn: mean 2.5, moving ranges 1; limits 2.5 -/+ 2.66,
    # of which the lower is below 0.
    times = [2**3.6, 3**3.6] * 6
    chart = spc.t_chart(days(12), times)

    assert chart.summary.mean == pytest.approx(2.5**3.6)
    assert chart.summary.upper == pytest.approx(5.16**3.6)
    assert chart.summary.lower == 0
    assert chart.summary.variation == "common cause"


def test_the_power_of_a_t_chart_makes_chance_times_symmetric() -> None:
    # Nelson (1994): the 1/3.6 power of exponential times is nearly normal: median near mean.
    quantiles = (np.arange(10_000) + 0.5) / 10_000
    bent = (-np.log1p(-quantiles)) ** (1 / 3.6)

    assert np.median(bent) == pytest.approx(bent.mean(), rel=0.005)


# Swed and Eisenhart (1943) as reprinted in Siegel (1956), tables F1 and F2: with so many points
# on each side, at most the first or at least the second number of runs is a sign at 0.05.
SWED_EISENHART = [
    (5, 5, 2, 10),
    (8, 8, 4, 14),
    (10, 10, 6, 16),
    (12, 12, 7, 19),
    (15, 15, 10, 22),
    (20, 20, 14, 28),
]


@pytest.mark.parametrize(("above", "below", "few", "many"), SWED_EISENHART)
def test_runs_against_the_published_table(above: int, below: int, few: int, many: int) -> None:
    assert spc.runs_limits(above, below) == (few + 1, many - 1)


def test_runs_against_every_order_of_a_few_points() -> None:
    above, below = 6, 5
    counts = []
    for places in itertools.combinations(range(above + below), above):
        side = np.isin(np.arange(above + below), places)
        counts.append(1 + int((side[1:] != side[:-1]).sum()))
    fewest, most = spc.runs_limits(above, below)

    assert np.mean(np.array(counts) < fewest) <= 0.025 < np.mean(np.array(counts) <= fewest)
    assert np.mean(np.array(counts) > most) <= 0.025 < np.mean(np.array(counts) >= most)


# The R package NHSRplotthedots, tests of ptd_part_of_two_in_three (facts, not code): which of the
# points near a limit are marked, all points being on one side.
TWO_OF_THREE = [
    ([1, 0, 1], [1, 0, 1]),
    ([0, 1, 1], [0, 1, 1]),
    ([1, 1, 0], [1, 1, 0]),
    ([0, 0, 1, 0, 1, 0, 0], [0, 0, 1, 0, 1, 0, 0]),
    ([0, 0, 1, 1, 0, 0, 0], [0, 0, 1, 1, 0, 0, 0]),
    ([1, 0, 0, 1], [0, 0, 0, 0]),
    ([1, 0, 0, 1, 1], [0, 0, 0, 1, 1]),
]


@pytest.mark.parametrize(("near", "marked"), TWO_OF_THREE)
def test_two_of_three_as_the_r_package(near: list[int], marked: list[int]) -> None:
    follows = np.array([False] + [True] * (len(near) - 1))
    side = np.ones(len(near), dtype=np.int8)

    found = rules.two_of_three(np.array(near, dtype=np.int8), side, follows)

    assert found.tolist() == marked


# The same package's tests of ptd_seven_point_trend: the point at which a trend of seven is there.
# Ours marks all seven, as ptd_part_of_seven_trend does after it.
TRENDS = [
    ([1, 2, 3, 4, 5, 6], [0] * 6),
    ([1, 2, 3, 3, 4, 5, 6], [0] * 7),
    ([1, 2, 3, 4, 5, 6, 7], [1] * 7),
    ([2, 1, 2, 3, 4, 5, 6, 7, 3], [0] + [1] * 7 + [0]),
    ([7, 6, 5, 4, 3, 2, 1], [-1] * 7),
    ([2, 7, 6, 5, 4, 3, 2, 1, 3], [0] + [-1] * 7 + [0]),
]


@pytest.mark.parametrize(("values", "marked"), TRENDS)
def test_trends_as_the_r_package(values: list[int], marked: list[int]) -> None:
    steps = np.array([0, *np.sign(np.diff(values))], dtype=np.int8)

    assert rules.trend(steps, 7).tolist() == marked


# And of ptd_seven_point_one_side_mean, marked through by ptd_part_of_seven_trend.
SIDES = [
    ([1] * 6, [0] * 6),
    ([1] * 6 + [-1], [0] * 7),
    ([1] * 8 + [-1], [1] * 8 + [0]),
    ([-1] * 8 + [1], [-1] * 8 + [0]),
    ([1] * 3 + [0] + [1] * 4, [0] * 8),
]


@pytest.mark.parametrize(("side", "marked"), SIDES)
def test_runs_of_one_side_as_the_r_package(side: list[int], marked: list[int]) -> None:
    follows = np.array([False] + [True] * (len(side) - 1))

    assert rules.run_of_one_side(np.array(side, dtype=np.int8), follows, 7).tolist() == marked
