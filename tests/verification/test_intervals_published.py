"""Intervals and funnel limits against published figures and closed forms.

Origins
-------
Newcombe (1998a), Two-sided confidence intervals for the single proportion, Statistics in Medicine
17, 857-872, table I, method 3. Newcombe (1998b), Interval estimation for the difference between
independent proportions, Statistics in Medicine 17, 873-890, table II, method 10. Garwood (1936),
Fiducial limits for the Poisson distribution, Biometrika 28, 437-442. Public Health England (2018),
Technical guide: confidence intervals, appendix 1. UK Health Security Agency, package
PHEindicatormethods, figures of its tests of funnels (proportions of people who did not smoke by
primary care trust; rates over three years), which follow Public Health England (2017), Technical
guide: funnel plots. Package FunnelPlotR, test of its dispersion ratio. Colditz and others (1994),
JAMA 271, 698-702 (trials of BCG vaccine), as documented in package metafor: log risk ratios,
Q = 152.2330, tau squared by DerSimonian and Laird 0.3088.
"""

import numpy as np
import pytest
from scipy import stats

from wholesystem.indicators.differences import newcombe
from wholesystem.indicators.funnel import (
    between_variance,
    dispersion,
    funnel_limits,
    winsorise,
)
from wholesystem.indicators.intervals import byar, exact_count, wilson


@pytest.mark.parametrize(
    ("x", "n", "lower", "upper"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_agrees_with_newcombes_table(x, n, lower, upper) -> None:
    found = wilson(x, n)

    assert [round(float(limit), 4) for limit in found] == [lower, upper]


@pytest.mark.parametrize(
    ("first", "second", "lower", "upper"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_differences_agree_with_newcombes_table(first, second, lower, upper) -> None:
    found = newcombe(*first, *second)

    assert found.lower == pytest.approx(lower, abs=5.1e-5)
    assert found.upper == pytest.approx(upper, abs=5.1e-5)


@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    [
        (0, 0.000, 3.689),
        (1, 0.025, 5.572),
        (2, 0.242, 7.225),
        (5, 1.623, 11.668),
        (10, 4.795, 18.390),
        (20, 12.217, 30.888),
    ],
)
def test_exact_limits_agree_with_garwoods_table(count, lower, upper) -> None:
    found = exact_count(count)

    assert float(found[0]) == pytest.approx(lower, abs=0.0006)
    assert float(found[1]) == pytest.approx(upper, abs=0.0006)


def test_byar_is_as_near_the_exact_limits_as_the_guide_says() -> None:
    # "within 0.2% of the exact value for numerators of 10 or more" at 95%.
    counts = np.unique(np.geomspace(10, 1e6, 400).round())

    for near, exact in zip(byar(counts), exact_count(counts), strict=True):
        assert np.max(np.abs(near / exact - 1)) < 0.002


@pytest.mark.parametrize("level", [0.95, 0.998])
def test_limits_agree_with_scipy(level) -> None:
    for x, n in ((0, 9), (4, 9), (150, 900), (899, 900)):
        theirs = stats.binomtest(x, n).proportion_ci(level, method="wilson")
        ours = [float(limit) for limit in wilson(x, n, level)]
        assert ours == pytest.approx([theirs.low, theirs.high], abs=1e-12)
    for x in (1, 8, 40):
        lower, upper = (float(limit) for limit in exact_count(x, level))
        # The definition: as few, or as many, as seen have half of the rest of the probability.
        assert stats.poisson.sf(x - 1, lower) == pytest.approx((1 - level) / 2)
        assert stats.poisson.cdf(x, upper) == pytest.approx((1 - level) / 2)


def test_wilson_lies_within_clopper_and_pearson_but_at_the_far_end() -> None:
    """The exact interval is conservative: it holds the score interval wherever x is not extreme."""
    for n in (20, 60, 200):
        for x in range(n // 5, n - n // 5 + 1):
            exact = stats.binomtest(x, n).proportion_ci(0.95, method="exact")
            lower, upper = (float(limit) for limit in wilson(x, n))
            assert exact.low < lower < upper < exact.high


def test_wilson_covers_as_often_as_it_says() -> None:
    """Mean coverage over evenly spread proportions, exact sums over the binomial distribution."""
    n = 50
    lower, upper = wilson(np.arange(n + 1), np.full(n + 1, n))
    shares = np.linspace(0.02, 0.98, 481)
    covered = [
        stats.binom.pmf(np.arange(n + 1), n, p)[(lower <= p) & (p <= upper)].sum() for p in shares
    ]

    # Newcombe (1998a), table II: mean coverage of the score method 0.952.
    assert np.mean(covered) == pytest.approx(0.95, abs=0.005)


# Population, 2-sigma limits, 3-sigma limits in per cent; all areas together 80.642448%.
PROPORTIONS = [
    (50, 69.691035, 91.593861, 63.375595, 97.909301),
    (1008, 78.203374, 83.081521, 76.796814, 84.488082),
    (5348, 79.583537, 81.701359, 78.972886, 82.312010),
    (110_000, 80.408963, 80.875933, 80.274317, 81.010578),
]


@pytest.mark.parametrize("row", PROPORTIONS, ids=lambda row: str(row[0]))
def test_funnel_of_proportions_agrees_with_the_agencys_figures(row) -> None:
    size, lower95, upper95, lower998, upper998 = row
    found = [
        100 * float(limit[0])
        for level in (0.95, 0.998)
        for limit in funnel_limits([size], 0.80642448, "proportion", level=level)
    ]

    assert found == pytest.approx([lower95, upper95, lower998, upper998], abs=2e-5)


def test_a_limit_of_more_than_the_whole_is_the_whole() -> None:
    # The agency's table: at 10 people 100 above and 42.03259 below (99.8%).
    lower, upper = funnel_limits([10], 0.80642448, "proportion", level=0.998)

    assert float(upper[0]) == 1.0
    assert float(lower[0]) == pytest.approx(0.4203259, abs=1e-6)


# Primary care trusts of the agency's test: people, of whom, and its word.
TRUSTS = [
    ("New Forest", 35078.488, 41980, "High (0.001)"),
    ("Norwich", 24803.6256, 31824, "Low (0.001)"),
    ("South Gloucestershire", 50050.7443, 61921, "Not significant"),
    ("West Norfolk", 26789.238, 33012, "High (0.025)"),
    ("North Devon", 30277.5312, 37828, "Low (0.025)"),
    ("East Devon", 21139.2936, 25992, "High (0.025)"),
    ("Kingston", 35795.6324, 45449, "Low (0.001)"),
]


@pytest.mark.parametrize("trust", TRUSTS, ids=lambda trust: trust[0])
def test_places_in_a_funnel_agree_with_the_agencys_words(trust) -> None:
    _, x, n, word = trust
    place = 0
    for level in (0.95, 0.998):
        lower, upper = funnel_limits([n], 0.80642448, "proportion", level=level)
        place += int(x / n > upper[0]) - int(x / n < lower[0])

    words = {2: "High (0.001)", 1: "High (0.025)", 0: "Not significant"}
    words |= {-1: "Low (0.025)", -2: "Low (0.001)"}
    assert words[place] == word


# Events over three years; population of a year and limit, lower and upper, at 95% and at 99.8%.
# All areas together: 116.1720835 per 100,000 a year.
RATES = [
    (10, 5276.757672, 63.17010446, 1375.943768, 242.2579623, 0.95),
    (10, 6924.776769, 48.13632908, 849.4639547, 392.4043292, 0.998),
    (110, 38041.18771, 96.38675572, 25940.42894, 141.3495003, 0.95),
    (110, 42013.76515, 87.27298431, 23073.38252, 158.91327, 0.998),
    (1360, 411529.9259, 110.158048, 369759.5622, 122.6021934, 0.95),
    (1360, 424043.2424, 106.9073359, 358342.3275, 126.5084525, 0.998),
]


@pytest.mark.parametrize("row", RATES, ids=lambda row: f"{row[0]} at {row[-1]}")
def test_funnel_of_rates_agrees_with_the_agencys_figures(row) -> None:
    _, low_people, low, high_people, high, level = row
    target = 116.1720835e-5
    lower = funnel_limits([3 * low_people], target, "rate", level=level)[0]
    upper = funnel_limits([3 * high_people], target, "rate", level=level)[1]

    # Theirs is Byar's approximation from 10 events; ours is exact.
    assert 1e5 * float(lower[0]) == pytest.approx(low, rel=1e-6)
    assert 1e5 * float(upper[0]) == pytest.approx(high, rel=1e-6)


def test_the_dispersion_ratio_agrees_with_funnelplotr() -> None:
    # Its test: observed and expected of six units, log transformation, phi 2.948033.
    observed = np.array([100.0, 150, 180, 80, 120, 225])
    expected = np.array([108.0, 112, 165, 95, 100, 220])
    scores = np.log(observed / expected) * np.sqrt(expected)

    found = dispersion(scores, 1 / expected, share=0.0)

    assert found.phi == pytest.approx(2.948033, abs=5e-7)


BCG = """
4 119 11 128; 6 300 29 274; 3 228 11 209; 62 13536 248 12619; 33 5036 47 5761; 180 1361 372 1079;
8 2537 10 619; 505 87886 499 87892; 29 7470 45 7232; 17 1699 65 1600; 186 50448 141 27197;
5 2493 3 2338; 27 16886 29 17825
"""


def test_the_variance_between_agrees_with_the_bcg_trials() -> None:
    a, b, c, d = np.array([row.split() for row in BCG.split(";")], dtype=float).T
    figures = np.log(a / (a + b)) - np.log(c / (c + d))
    variances = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    centre = (figures / variances).sum() / (1 / variances).sum()
    scores = (figures - centre) / np.sqrt(variances)

    assert (scores**2).sum() == pytest.approx(152.2330, abs=5e-5)
    assert between_variance(scores, variances) == pytest.approx(0.3088, abs=5e-5)


def test_winsorising_keeps_the_middle_and_brings_in_the_ends() -> None:
    scores = np.arange(-10.0, 11)  # quantiles at 10% and 90% are -8 and 8

    found = winsorise(scores)

    assert found.tolist() == [-8.0, -8.0, *range(-8, 9), 8.0, 8.0]
