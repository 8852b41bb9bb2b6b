"""Funnels: limits, over-dispersion and what is refused."""

import numpy as np
import pytest

from wholesystem.errors import ParameterError
from wholesystem.indicators.funnel import dispersion, funnel, funnel_limits, winsorise

# 40 councils of rising size whose shares swing by 2 in 100 around 20%: far more than chance.
SIZES = np.linspace(20_000, 400_000, 40)
SWINGING = SIZES * (0.20 + 0.02 * np.where(np.arange(40) % 2, 1, -1))


def test_the_baseline_is_a_ratio_of_sums() -> None:
    found = funnel([10, 90], [100, 200], "proportion", multiplier=100)

    assert found.baseline == pytest.approx(100 * 100 / 300)


def test_chance_alone_leaves_the_limits_as_they_are() -> None:
    rng = np.random.default_rng(20170701)
    sizes = np.linspace(500, 5_000, 60).round()
    found = funnel(rng.binomial(sizes.astype(int), 0.3), sizes, "proportion")

    assert found.dispersion is not None
    assert not found.dispersion.significant
    assert (found.dispersion.adjust, found.dispersion.tau) == ("none", 0.0)
    assert "no more than chance explains" in found.dispersion.words
    # 60 areas: about 3 beyond 95% limits are expected.
    assert np.count_nonzero(found.outside) <= 8


def test_more_than_chance_widens_the_limits_by_the_variance_between_areas() -> None:
    found = funnel(SWINGING, SIZES, "proportion")

    assert found.dispersion is not None
    assert found.dispersion.significant
    assert found.dispersion.adjust == "additive"
    # The areas lie 0.02 either side: that is their standard deviation.
    assert found.dispersion.tau == pytest.approx(0.02, rel=0.02)
    assert not found.outside.any()
    assert "widened by the variance between areas" in found.dispersion.words


def test_the_limits_of_large_areas_stay_apart_when_the_variance_is_added() -> None:
    added = funnel_limits([1e12], 0.2, "proportion", tau=0.02)
    multiplied = funnel_limits([1e12], 0.2, "proportion", phi=50.0)

    assert float(added[1][0]) == pytest.approx(0.2 + 1.959964 * 0.02, abs=1e-6)
    assert float(multiplied[1][0]) == pytest.approx(0.2, abs=1e-4)


def test_multiplying_is_a_switch() -> None:
    found = funnel(SWINGING, SIZES, "proportion", adjust="multiplicative")

    assert found.dispersion is not None
    assert found.dispersion.adjust == "multiplicative"
    assert "square root of phi" in found.dispersion.words
    plain = funnel_limits(found.sizes, found.baseline, "proportion")
    wide = found.limits[0.95]
    ratio = (wide[1] - found.baseline) / (plain[1] - found.baseline)
    assert ratio[-1] == pytest.approx(found.dispersion.phi**0.5, rel=0.01)


def test_no_widening_is_a_switch_and_is_said() -> None:
    found = funnel(SWINGING, SIZES, "proportion", adjust="none")

    assert found.dispersion is not None
    assert found.dispersion.significant
    assert "by choice" in found.dispersion.words
    assert set(found.outside.tolist()) == {-2, 2}


def test_words_of_places() -> None:
    found = funnel([100, 20, 20, 20, 2], [200, 200, 200, 200, 200], "proportion")

    assert found.dispersion is None  # fewer than 10 areas
    assert found.words == (
        "above the 99.8% limit",
        "below the 95% limit",
        "below the 95% limit",
        "below the 95% limit",
        "below the 99.8% limit",
    )


def test_areas_without_a_figure_stay_in_their_place() -> None:
    found = funnel([10, np.nan, 12], [100, 100, 100], "rate")

    assert found.outside.tolist() == [0, 0, 0]
    assert found.baseline == pytest.approx(0.11)


def test_small_sizes_may_expect_none_and_have_a_lower_limit_of_0() -> None:
    lower, upper = funnel_limits([0.01, 1.0, 3.0, 1_000.0], 1.0, "rate")

    assert lower[:3].tolist() == [0.0, 0.0, 0.0]
    assert lower[3] > 0.9
    assert np.all(np.diff(upper) < 0)


def test_a_rate_of_nothing_has_limits_of_0() -> None:
    found = funnel([0.0, 0.0], [10.0, 20.0], "rate")

    assert found.baseline == 0
    assert not found.outside.any()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: funnel([1], [2], "mean"), "must be proportion or rate"),
        (lambda: funnel([1], [2], "rate", adjust="more"), "additive, multiplicative or none"),
        (lambda: funnel([np.nan], [2], "rate"), "No area has a figure"),
        (lambda: funnel([1, 3], [2, 2], "proportion"), "Area 2 has 3 of 2"),
        (lambda: funnel([1, -3], [2, 2], "rate"), "Area 2 has -3 of 2"),
        (lambda: funnel([1, 3], [2, 0], "rate"), "Area 2 has 3 of 0"),
        (lambda: winsorise([1.0], 0.5), "less than 0.5"),
        (lambda: funnel_limits([10], 0.5, "rate", level=2.0), "between 0 and 1"),
        (lambda: funnel_limits([10], 0.5, "proportion", level=2.0), "between 0 and 1"),
    ],
)
def test_what_makes_no_funnel_is_refused(call, told) -> None:
    with pytest.raises(ParameterError, match=told):
        call()


def test_significance_follows_chi_square() -> None:
    # 20 areas: 95% point of chi-square with 20 degrees of freedom 31.41, so phi of 1.5705.
    below, above = np.full(20, 1.57**0.5), np.full(20, 1.571**0.5)

    assert not dispersion(below, np.ones(20)).significant
    assert dispersion(above, np.ones(20)).significant
