"""Durations: every spelling, against scipy's distributions; and those that cannot be."""

from __future__ import annotations

import math
from typing import Any

import pytest
from scipy import stats

from wholesystem.flow.durations import FAMILIES, Distribution, parse_duration


def frozen(found: Distribution) -> Any:
    """The same distribution in scipy's terms, which this package does not use to describe it."""
    a, b, c = found.a, found.b, found.c
    return {
        "exponential": lambda: stats.expon(scale=a),
        "lognormal": lambda: stats.lognorm(s=b, scale=math.exp(a)),
        "gamma": lambda: stats.gamma(a, scale=b),
        "weibull": lambda: stats.weibull_min(a, scale=b),
        "uniform": lambda: stats.uniform(a, b - a),
        "triangular": lambda: stats.triang((b - a) / (c - a), loc=a, scale=c - a),
    }[found.family]()


def figure(found: Distribution, name: str) -> float:
    """A named number of a distribution, by scipy."""
    same = frozen(found)
    if name in ("mean", "median"):
        return float(getattr(same, name)())
    if name == "sd":
        return float(same.std())
    if name[0] == "p":
        return float(same.ppf(int(name[1:]) / 100))
    return {
        "mu": found.a,
        "sigma": found.b,
        "shape": found.a,
        "scale": found.b,
        "rate": 1 / (found.b or found.a),
    }[name]


PAIRS = [
    "lognormal(median=2.45, p90=18)",
    "lognormal(mean=20, sd=20)",
    "lognormal(mu=0.897, sigma=1.556)",
    "lognormal(p25=1, p75=3)",
    "lognormal(mean=5, median=4)",
    "lognormal(mean=5, p95=15)",
    "lognormal(sd=5, mu=1)",
    "lognormal(sd=3, p10=0.4)",
    "lognormal(median=5, sigma=1)",
    "lognormal(mean=0.01, sd=0.2)",
    "gamma(mean=4, sd=2)",
    "gamma(shape=3.45, rate=0.07)",
    "gamma(shape=2, scale=3)",
    "gamma(mean=4, shape=0.5)",
    "gamma(mean=5, p95=20)",
    "gamma(median=5, sd=3)",
    "gamma(p10=1, p90=9)",
    "gamma(mean=300, sd=2)",
    "weibull(shape=1.4, scale=6)",
    "weibull(mean=5, sd=2)",
    "weibull(mean=5, p95=12)",
    "weibull(median=2, p90=18)",
    "weibull(sd=7, scale=6)",
    "weibull(shape=0.7, rate=0.2)",
    "exponential(mean=3.3)",
    "exponential(rate=0.5)",
    "exponential(median=2)",
    "exponential(p90=4)",
    "exponential(sd=4)",
]


@pytest.mark.parametrize("text", PAIRS)
def test_the_distribution_has_the_figures_that_were_written(text: str) -> None:
    found = parse_duration(text)

    for part in text[text.index("(") + 1 : -1].split(", "):
        name, _, value = part.partition("=")
        assert figure(found, name) == pytest.approx(float(value), rel=1e-9), part


@pytest.mark.parametrize("text", [*PAIRS, "uniform(0.2, 0.4)", "triangular(1, 2, 5)"])
def test_mean_sd_and_quantiles_agree_with_scipy(text: str) -> None:
    found = parse_duration(text)

    assert found.mean_days() == pytest.approx(float(frozen(found).mean()), rel=1e-9)
    assert found.sd_days() == pytest.approx(float(frozen(found).std()), rel=1e-7)
    for p in (0.01, 0.5, 0.9, 0.999):
        assert found.quantile_days(p) == pytest.approx(float(frozen(found).ppf(p)), rel=1e-9)


@pytest.mark.parametrize("text", [*PAIRS, "fixed(1.5)", "uniform(0, 2)", "triangular(1, 2, 5)"])
def test_a_distribution_is_written_and_read_back(text: str) -> None:
    found = parse_duration(text)

    assert parse_duration(str(found)) == found


def test_own_parameters_are_kept_to_the_last_bit() -> None:
    assert parse_duration("lognormal(mu=0.897, sigma=1.556)") == Distribution(
        "lognormal", 0.897, 1.556
    )
    assert parse_duration("gamma(shape=3.45, rate=0.07)") == Distribution("gamma", 3.45, 1 / 0.07)
    assert parse_duration("weibull(scale=6, shape=1.4)") == Distribution("weibull", 1.4, 6)


def test_spaces_and_names_of_ordered_numbers_are_allowed() -> None:
    assert parse_duration("  fixed ( 1 ) ") == Distribution("fixed", 1)
    assert parse_duration("triangular(high=5, low=1, mode=2)") == Distribution(
        "triangular", 1, 2, 5
    )
    assert parse_duration("empirical(ward-los_2)") == Distribution("empirical", name="ward-los_2")


def test_a_spread_of_nothing_is_a_fixed_time() -> None:
    assert parse_duration("uniform(3, 3)") == Distribution("fixed", 3)


def test_two_answers_give_the_one_with_less_spread() -> None:
    # mean 5, p95 15: sigma**2 / 2 - 1.645 sigma + ln 3 = 0 has the roots 0.93 and 2.36.
    assert parse_duration("lognormal(mean=5, p95=15)").b == pytest.approx(0.9327, abs=1e-3)


def test_an_empirical_distribution_takes_its_values() -> None:
    found = parse_duration("empirical(los)")
    values = [4.0, 1.0, 2.0, 9.0]

    assert found.mean_days(values) == 4
    assert found.sd_days(values) == pytest.approx(math.sqrt((0 + 9 + 4 + 25) / 4))
    assert [found.quantile_days(p, values) for p in (0.25, 0.26, 0.5, 0.99)] == [1, 2, 2, 9]
    assert found.lowest(values) == 1
    with pytest.raises(ValueError, match="values of empirical"):
        found.mean_days()


@pytest.mark.parametrize("text", [*PAIRS, "fixed(2)", "uniform(1, 2)", "triangular(1, 2, 5)"])
def test_scaling_multiplies_every_quantile(text: str) -> None:
    found = parse_duration(text)

    assert found.scaled(1.5).family == found.family
    for p in (0.1, 0.5, 0.95):
        expected = 1.5 * found.quantile_days(p)
        assert found.scaled(1.5).quantile_days(p) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("p", [0, 1, -0.1, math.nan])
def test_a_quantile_is_of_a_share(p: float) -> None:
    with pytest.raises(ValueError, match="above 0 and below 1"):
        parse_duration("fixed(1)").quantile_days(p)


REFUSED = [
    ("__import__('os')", "no family of times named __import__"),
    ("().__class__", "must be one expression"),
    ("fixed(1)(2)", "must be one expression"),
    ("fixed(1) + fixed(2)", "must be one expression"),
    ("fixed(2**9999)", "must be a finite number"),
    ("gamma(mean=1, sd=" + "9" * 300 + ")", "must be one expression"),
    ("", "must be one expression"),
    ("3", "Write fixed(3)"),
    ("Fixed(1)", "Did you mean fixed?"),
    ("logn(mean=1, sd=1)", "Did you mean lognormal?"),
    ("zzz(1)", "Use one of fixed, exponential"),
    ("fixed()", "takes 1 number"),
    ("fixed(1, 2)", "takes 1 number"),
    ("uniform(low=1, hi=2)", "takes 2 numbers: low, high"),
    ("fixed(-1)", "must be 0 or more"),
    ("fixed(nan)", "finite number"),
    ("fixed(1e400)", "finite number"),
    ("fixed(40000)", "a hundred years"),
    ("fixed(1_000)", "finite number"),
    ("fixed(١)", "finite number"),
    ("uniform(2, 1)", "must rise"),
    ("triangular(1, 6, 5)", "must rise"),
    ("exponential(mean=0)", "more than 0"),
    ("exponential(mean=3, rate=1)", "one named number"),
    ("gamma(mean=4)", "two named numbers"),
    ("gamma(mean=4, sd=2, p90=8)", "two named numbers"),
    ("gamma(mean=4, mean=5)", "given twice"),
    ("gamma(mean=4, sigma=1)", "no number named sigma"),
    ("lognormal(mean=4, shape=1)", "no number named shape"),
    ("lognormal(median=4, p0=1)", "no number named p0"),
    ("lognormal(median=4, p100=9)", "no number named p100"),
    ("lognormal(median=20, p90=18)", "median must be less than p90"),
    ("lognormal(p90=18, median=20)", "median must be less than p90"),
    ("lognormal(median=4, p50=5)", "say the same thing"),
    ("lognormal(median=4, p50=4)", "say the same thing"),
    ("lognormal(mean=3, median=4)", "above its median"),
    ("lognormal(mean=4, sd=-2)", "sd is -2"),
    ("lognormal(mean=4, sd=0)", "write fixed(1)"),
    ("lognormal(mean=4, p99=4000000)", "No lognormal has mean=4 and p99=4000000 together"),
    ("lognormal(mu=700, sigma=1)", "a hundred years"),
    ("lognormal(mu=7000, sigma=1)", "a hundred years"),
    ("lognormal(mean=4, sigma=90)", "outside 0.0001 to 8"),
    ("weibull(scale=2, rate=0.5)", "say the same thing"),
    ("weibull(mean=1e300, sd=1)", "No weibull has"),
    ("empirical()", "takes the name of a table"),
    ("empirical(../../etc/passwd)", "takes the name of a table"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_what_cannot_be_is_refused_with_the_rule(text: str, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_duration(text)

    assert words in str(caught.value)


def test_the_examples_in_messages_can_be_read() -> None:
    for family, example in FAMILIES.items():
        assert parse_duration(example).family == family
