"""Counter-based draws: stable, uniform, unrelated to each other, and the same in the kernel.

Seeds are fixed, so that nothing here flickers. The thresholds are what a sound generator would pass
for all but about 1 seed in 10,000, each explained where it stands.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from wholesystem.flow import kernel
from wholesystem.flow.durations import parse_duration
from wholesystem.flow.randomness import (
    EDGES,
    EXPONENTIAL_EDGES,
    EXPONENTIAL_INSIDE,
    FAMILIES,
    INSIDE,
    draw,
    exponential,
    normal,
    person_key,
    replication_key,
    stream_hash,
    stream_key,
    uniform,
    uniform_array,
)

N = 10_000
REPLICATION = replication_key(1, 0)
STREAM = stream_key(REPLICATION, stream_hash("duration:acute"))
PEOPLE = [
    person_key(stream_key(REPLICATION, stream_hash("arrivals:acute:")), n) for n in range(1, N + 1)
]

EMPIRICAL = (0.5, 1.0, 2.0, 7.0)
EXPRESSIONS = {
    "fixed": "fixed(3.5)",
    "exponential": "exponential(mean=2.5)",
    "lognormal": "lognormal(median=2.45, p90=18)",
    "gamma": "gamma(shape=3.45, scale=1.7)",
    "gamma below 1": "gamma(shape=0.3, scale=4)",
    "weibull": "weibull(shape=1.4, scale=6)",
    "uniform": "uniform(0.2, 0.4)",
    "triangular": "triangular(1, 2, 5)",
    "triangular at its lowest": "triangular(1, 1, 5)",
    "triangular at its highest": "triangular(1, 5, 5)",
    "triangular of one value": "triangular(2, 2, 2)",
    "empirical": "empirical(los)",
}


def values_of(name: str) -> tuple[float, ...]:
    return EMPIRICAL if name == "empirical" else ()


def draws_of(name: str, visit: int = 0) -> np.ndarray:
    item = parse_duration(EXPRESSIONS[name])
    return np.array([draw(item, values_of(name), STREAM, p, visit) for p in PEOPLE])


# --- stable -------------------------------------------------------------------------------------


def test_the_counter_is_the_published_splitmix64() -> None:
    # The first three outputs of SplitMix64 from state 0, as every implementation of it gives them.
    expected = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]

    assert [person_key(0, n) for n in (1, 2, 3)] == expected


def test_hashes_keys_and_draws_are_those_of_earlier_versions() -> None:
    # If this fails, every result of every model changes: say so in the changelog, or undo it.
    assert stream_hash("duration:acute") == 0x2F28A8A386E2D117
    assert stream_hash("arrivals:ae:frail") == 0xC9A4D01351BE07AA
    assert replication_key(1, 0) == 0x5E41AB087439611E
    assert replication_key(1, 1) == 0xF18D6CE93D6CF1EE
    assert replication_key(2, 0) == 0x64684C4F0FD784B4
    assert STREAM == 0x43BED9911B7D3C57
    person = person_key(stream_key(REPLICATION, stream_hash("arrivals:ae:frail")), 1)
    assert person == 0xD0DAAF9DFF25A60E
    assert uniform(STREAM, person) == pytest.approx(0.014854666202280209, rel=1e-14)
    assert uniform(STREAM, person, 1) == pytest.approx(0.6346311078855766, rel=1e-14)
    assert uniform(STREAM, person, 0, 1) == pytest.approx(0.29502229887227, rel=1e-14)
    assert normal(STREAM, person)[0] == pytest.approx(-0.011625484936005183, rel=1e-13)
    assert exponential(STREAM, person) == pytest.approx(0.008122830431990117, rel=1e-13)


def test_the_largest_seed_and_replication_have_keys() -> None:
    for seed in (0, 2**63 - 1):
        for replication in (0, 9_999):
            assert 0 <= replication_key(seed, replication) < 2**64


# --- the kernel draws the same ------------------------------------------------------------------


@pytest.mark.parametrize("visit", [0, 3])
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_the_kernel_draws_what_python_draws(name: str, visit: int) -> None:
    item = parse_duration(EXPRESSIONS[name])
    rows = np.zeros(1, kernel.DRAW)
    rows["family"] = FAMILIES.index(item.family)
    rows["a"], rows["b"], rows["c"] = item.a, item.b, item.c
    rows["count"] = len(values_of(name))
    values, key = np.array(values_of(name), dtype=np.float64), np.uint64(STREAM)

    found = [kernel.draw(rows, values, 0, key, np.uint64(p), visit) for p in PEOPLE]

    np.testing.assert_allclose(found, draws_of(name, visit), rtol=1e-12)


def test_the_kernel_knows_the_families_by_the_same_numbers() -> None:
    named = (
        kernel.FIXED,
        kernel.EXPONENTIAL,
        kernel.LOGNORMAL,
        kernel.GAMMA,
        kernel.WEIBULL,
        kernel.UNIFORM,
        kernel.TRIANGULAR,
    )

    assert [FAMILIES[n] for n in named] == [*FAMILIES[:-1]]
    assert FAMILIES[-1] == "empirical"


def test_the_kernel_has_the_same_uniforms_and_normals() -> None:
    key = np.uint64(STREAM)
    for person in PEOPLE[:2000]:
        for visit, attempt in ((0, 0), (2, 0), (0, 5), (7, 3)):
            place = (np.uint64(person), visit, attempt)
            assert kernel.uniform(key, *place) == uniform(STREAM, person, visit, attempt)
            found, used = kernel.normal(key, *place)
            value, next_attempt = normal(STREAM, person, visit, attempt)
            assert found == pytest.approx(value, rel=1e-15)
            assert used == next_attempt


def test_the_kernel_has_the_same_exponentials() -> None:
    key = np.uint64(STREAM)
    for person in PEOPLE:
        for visit in (0, 3):
            found = kernel.exponential(key, np.uint64(person), visit)
            assert found == pytest.approx(exponential(STREAM, person, visit), rel=1e-15)


def test_many_people_at_once_have_the_same_uniforms() -> None:
    people = np.array(PEOPLE, dtype=np.uint64)

    for attempt in (0, 3):
        found = uniform_array(STREAM, people, attempt)
        assert found.tolist() == [uniform(STREAM, p, 0, attempt) for p in PEOPLE]


# --- uniform and unrelated ----------------------------------------------------------------------


@cache
def by_person() -> np.ndarray:
    return np.array([uniform(STREAM, p) for p in PEOPLE])


@cache
def other_sequences() -> dict[str, np.ndarray]:
    """Uniforms that differ from those of `by_person` in one part of the key."""
    elsewhere = stream_key(REPLICATION, stream_hash("duration:acutf"))
    next_run = stream_key(replication_key(1, 1), stream_hash("duration:acute"))
    next_seed = stream_key(replication_key(2, 0), stream_hash("duration:acute"))
    return {
        "another stream": np.array([uniform(elsewhere, p) for p in PEOPLE]),
        "the next replication": np.array([uniform(next_run, p) for p in PEOPLE]),
        "the next seed": np.array([uniform(next_seed, p) for p in PEOPLE]),
        "the next visit": np.array([uniform(STREAM, p, 1) for p in PEOPLE]),
        "the next attempt": np.array([uniform(STREAM, p, 0, 1) for p in PEOPLE]),
        "the next person": np.roll(by_person(), -1),
    }


@cache
def one_person_over_and_over() -> dict[str, np.ndarray]:
    """Sequences in which only one counter moves."""
    hashes = [stream_key(REPLICATION, stream_hash(f"duration:s{i}")) for i in range(N)]
    seeds = [stream_key(replication_key(s, 0), 12345) for s in range(N)]
    runs = [stream_key(replication_key(1, r), 12345) for r in range(N)]
    person = PEOPLE[0]
    return {
        "people": by_person(),
        "visits": np.array([uniform(STREAM, person, v) for v in range(N)]),
        "attempts": np.array([uniform(STREAM, person, 0, a) for a in range(N)]),
        "streams": np.array([uniform(k, person) for k in hashes]),
        "seeds": np.array([uniform(k, person) for k in seeds]),
        "replications": np.array([uniform(k, person) for k in runs]),
    }


@pytest.mark.parametrize("counter", one_person_over_and_over())
def test_draws_are_uniform_along_every_counter(counter: str) -> None:
    u = one_person_over_and_over()[counter]

    # Chi-square of 100 cells: mean 99, standard deviation 14.1; 4 of them either way, since too
    # even a spread is as wrong as an uneven one.
    counts = np.histogram(u, bins=100, range=(0, 1))[0]
    chi_square = ((counts - N / 100) ** 2 / (N / 100)).sum()
    assert abs(chi_square - 99) < 4 * math.sqrt(2 * 99)
    # Pairs of neighbours over a grid of 10 by 10, the same.
    pairs = np.histogram2d(u[:-1], u[1:], bins=10, range=[(0, 1), (0, 1)])[0]
    expected = (N - 1) / 100
    assert abs(((pairs - expected) ** 2 / expected).sum() - 99) < 4 * math.sqrt(2 * 99)
    assert u.min() > 0
    assert u.max() < 1


@pytest.mark.parametrize("part", other_sequences())
def test_draws_that_differ_in_one_part_of_the_key_are_unrelated(part: str) -> None:
    u, other = by_person(), other_sequences()[part]

    # A correlation of independent sequences of n has standard deviation 1 / sqrt(n).
    assert abs(np.corrcoef(u, other)[0, 1]) < 4 / math.sqrt(N)
    # Nor do large deviations come together.
    assert abs(np.corrcoef((u - 0.5) ** 2, (other - 0.5) ** 2)[0, 1]) < 4 / math.sqrt(N)


# --- families -----------------------------------------------------------------------------------


def frozen(name: str) -> Any:
    """The same distribution in SciPy, from the canonical parameters."""
    d = parse_duration(EXPRESSIONS[name])
    match d.family:
        case "exponential":
            return stats.expon(scale=d.a)
        case "lognormal":
            return stats.lognorm(d.b, scale=math.exp(d.a))
        case "gamma":
            return stats.gamma(d.a, scale=d.b)
        case "weibull":
            return stats.weibull_min(d.a, scale=d.b)
        case "uniform":
            return stats.uniform(d.a, d.b - d.a)
        case _:
            return stats.triang((d.b - d.a) / (d.c - d.a), loc=d.a, scale=d.c - d.a)


CONTINUOUS = [
    name for name in EXPRESSIONS if name not in ("fixed", "empirical", "triangular of one value")
]


@pytest.mark.parametrize("name", CONTINUOUS)
def test_draws_follow_their_distribution(name: str) -> None:
    # Kolmogorov-Smirnov: 1 seed in 10,000 would give a p below 0.0001.
    assert stats.kstest(draws_of(name), frozen(name).cdf).pvalue > 1e-4


INVERTED = ["uniform", "triangular"]


@pytest.mark.parametrize("name", INVERTED)
def test_one_uniform_is_turned_into_one_time(name: str) -> None:
    # So a scenario with another mean moves every person's time in step.
    np.testing.assert_allclose(draws_of(name), frozen(name).ppf(by_person()), rtol=1e-9)


def test_exponentials_and_weibulls_of_one_person_share_the_exponential() -> None:
    short = parse_duration("exponential(mean=2)")
    long = parse_duration("exponential(mean=4)")
    weibull = parse_duration("weibull(shape=1.4, scale=6)")

    for person in PEOPLE[:1000]:
        x = exponential(STREAM, person)
        assert draw(short, (), STREAM, person) == 2 * x
        assert draw(long, (), STREAM, person) == 4 * x
        found = draw(weibull, (), STREAM, person)
        assert found == pytest.approx(6 * x ** (1 / 1.4), rel=1e-12)


def test_lognormals_of_one_person_share_the_normal() -> None:
    short = parse_duration("lognormal(mu=0, sigma=1)")
    long = parse_duration("lognormal(mu=1, sigma=2)")

    for person in PEOPLE[:100]:
        z = math.log(draw(short, (), STREAM, person))
        assert z == pytest.approx(normal(STREAM, person)[0], rel=1e-12)
        assert math.log(draw(long, (), STREAM, person)) == pytest.approx(1 + 2 * z, rel=1e-12)


def test_values_without_chance_are_themselves() -> None:
    assert set(draws_of("fixed")) == {3.5}
    assert set(draws_of("triangular of one value")) == {2.0}


def test_empirical_values_are_drawn_evenly() -> None:
    found, counts = np.unique(draws_of("empirical"), return_counts=True)

    assert tuple(found) == EMPIRICAL
    # Each a quarter: standard deviation sqrt(n / 4 x 3 / 4).
    assert np.abs(counts - N / 4).max() < 4 * math.sqrt(N * 3 / 16)


def test_normals_are_normal_in_the_middle_and_in_the_tails() -> None:
    z = np.array([kernel.normal(np.uint64(STREAM), np.uint64(i), 0, 0)[0] for i in range(200_000)])

    assert stats.kstest(z, stats.norm.cdf).pvalue > 1e-4
    # The tail begins at 3.654: 51.6 of 200,000 are expected beyond it (2 x 0.000129), 4 standard
    # deviations of a Poisson number being 29; and beyond it the law is the normal's.
    tail = np.abs(z[np.abs(z) > 3.6541528853610088])
    share = 2 * stats.norm.sf(3.6541528853610088)
    assert abs(len(tail) - 200_000 * share) < 4 * math.sqrt(200_000 * share)
    assert stats.kstest(2 * stats.norm.sf(tail) / share, stats.uniform.cdf).pvalue > 1e-4


# --- ziggurats ----------------------------------------------------------------------------------

ZIGGURATS = {
    # Edges, shares inside, the curve, and the area under its tail from x on.
    "normal": (
        EDGES,
        INSIDE,
        lambda x: np.exp(-0.5 * x**2),
        lambda x: math.sqrt(2 * math.pi) * stats.norm.sf(x),
    ),
    "exponential": (
        EXPONENTIAL_EDGES,
        EXPONENTIAL_INSIDE,
        lambda x: np.exp(-x),
        lambda x: math.exp(-x),
    ),
}


@pytest.mark.parametrize("name", ZIGGURATS)
def test_the_layers_of_a_ziggurat_have_one_area_and_end_at_the_top(name: str) -> None:
    edges, inside, curve, tail = ZIGGURATS[name]

    assert len(edges) == 257
    assert edges[256] == 0
    # The lowest layer is a box up to where the tail begins, and the tail. Of the others each is
    # as wide as its right edge and as high as the curve rises from there to the next edge: that
    # of the top, whose height nothing in the derivation fixes, tells whether it closes.
    areas = edges[1:-1] * np.diff(curve(edges[1:]))
    lowest = edges[1] * curve(edges[1]) + tail(edges[1])
    np.testing.assert_allclose(areas, lowest, rtol=1e-8)
    # The lowest is drawn from as if it were a box of that area, what falls beyond the edge
    # standing for the tail.
    assert edges[0] * curve(edges[1]) == pytest.approx(lowest, rel=1e-8)
    np.testing.assert_allclose(inside, edges[1:] / edges[:-1], rtol=1e-15)


def test_the_tail_of_the_exponential_ziggurat_begins_where_it_was_published() -> None:
    # Marsaglia and Tsang (2000), section 3: r and v of 256 layers under exp(-x).
    assert EXPONENTIAL_EDGES[1] == pytest.approx(7.69711747013104972, rel=1e-15)
    assert EXPONENTIAL_EDGES[0] * math.exp(-EXPONENTIAL_EDGES[1]) == pytest.approx(
        0.0039496598225815571993, rel=1e-12
    )


@cache
def many_exponentials() -> np.ndarray:
    key = np.uint64(STREAM)
    return np.array([kernel.exponential(key, np.uint64(i), 0) for i in range(1_000_000)])


def test_exponentials_have_the_moments_of_the_exponential() -> None:
    x = many_exponentials()

    # The k-th moment is k!, and the variance of x**k is (2k)! - (k!)**2; 4 standard errors.
    for k in (1, 2, 3, 4):
        expected, square = math.factorial(k), math.factorial(2 * k)
        error = math.sqrt((square - expected**2) / len(x))
        assert abs((x**k).mean() - expected) < 4 * error
    assert x.min() > 0


def test_exponentials_are_exponential_in_the_middle_and_in_the_tail() -> None:
    x = many_exponentials()

    assert stats.kstest(x, stats.expon.cdf).pvalue > 1e-4
    # The tail begins at 7.697: 454 of a million are expected beyond it (exp(-7.697)), 4 standard
    # deviations of a Poisson number being 85; and beyond it the law is the same again.
    tail = x[x > EXPONENTIAL_EDGES[1]] - EXPONENTIAL_EDGES[1]
    expected = len(x) * math.exp(-EXPONENTIAL_EDGES[1])
    assert abs(len(tail) - expected) < 4 * math.sqrt(expected)
    assert stats.kstest(tail, stats.expon.cdf).pvalue > 1e-4


def test_exponentials_fall_evenly_within_and_between_the_layers() -> None:
    # Cells bounded by the edges of the layers, so that a wrong box or wedge shows: chi-square of
    # 256 cells has mean 255 and standard deviation sqrt(2 x 255); 4 of them either way.
    x = many_exponentials()
    bounds = np.append(EXPONENTIAL_EDGES[:0:-1], np.inf)
    expected = len(x) * -np.diff(np.exp(-bounds))
    counts = np.histogram(x, bounds)[0]
    chi_square = ((counts - expected) ** 2 / expected).sum()

    assert abs(chi_square - 255) < 4 * math.sqrt(2 * 255)
