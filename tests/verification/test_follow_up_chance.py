"""How often the rule of the verdict is wrong, on made-up series, as its page tells.

The page's numbers are from 4,000 series each; these are drawn again, fewer, from another seed.
Three standard errors of a share of 10% in 1,000 are 3%.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import ROOT
from wholesystem.reviews.follow_up import packaged_verdict_rules
from wholesystem.reviews.follow_up.signs import Points, find_sign
from wholesystem.reviews.rules_table import Rules

Floats = NDArray[np.float64]
Make = Callable[[np.random.Generator], Floats]
SERIES = 1000
RULES = packaged_verdict_rules()
WITHOUT = Rules(
    tuple(
        one.model_copy(update={"on": "no"})
        if one.rule in ("bad_spell", "moved_before", "season")
        else one
        for one in RULES.rows
    )
)


def noise(months: int) -> Make:
    return lambda draw: draw.normal(size=24 + months)


def step(size: float) -> Make:
    def make(draw: np.random.Generator) -> Floats:
        values = draw.normal(size=32)
        values[24:] -= size
        return values

    return make


def after_the_worst(draw: np.random.Generator) -> Floats:
    """Agreed after the three months, of three years of chances, whose mean is highest."""
    values = draw.normal(size=24 + 36 + 11)
    ends = range(27, 60)
    worst = max(ends, key=lambda at: float(values[at - 3 : at].mean()))
    return values[worst - 24 : worst + 8]


def winters(draw: np.random.Generator) -> Floats:
    """The worst of January two standard deviations above the mean of the year; from April on."""
    months = np.arange(32)
    return 2 * np.cos(2 * np.pi * (months - 9) / 12) + draw.normal(size=32)


def step_before(draw: np.random.Generator) -> Floats:
    values = draw.normal(size=32)
    values[14:] -= 2
    return values


def half_like_the_last(draw: np.random.Generator) -> Floats:
    values = np.zeros(82)
    for at in range(1, 82):
        values[at] = values[at - 1] / 2 + draw.normal()
    return values[50:]


def steady_fall(draw: np.random.Generator) -> Floats:
    return draw.normal(size=32) - 0.1 * np.arange(32)


def share_down(make: Make, rules: Rules) -> float:
    """Share of series, in per cent, that are found to have gone down."""
    draw = np.random.default_rng(918)
    found = 0
    for _ in range(SERIES):
        values = make(draw)
        places = np.arange(values.size)
        points = Points(
            values, places >= 24, (places + 3) % 12 + 1, np.zeros(values.size, dtype=bool)
        )
        found += find_sign(points, rules).direction < 0
    return 100 * found / SERIES


@pytest.mark.parametrize(
    ("make", "rules", "told", "within"),
    [
        (noise(8), RULES, 2.1, 1.5),
        (noise(12), RULES, 2.8, 1.6),
        (noise(18), RULES, 2.4, 1.6),
        (after_the_worst, RULES, 3.1, 1.7),
        (winters, RULES, 2.6, 1.7),
        (winters, WITHOUT, 25.4, 4.2),
        (step_before, RULES, 13.2, 3.4),
        (step_before, WITHOUT, 51.1, 4.8),
        (half_like_the_last, RULES, 7.7, 2.6),
        (half_like_the_last, WITHOUT, 12.8, 3.3),
        (steady_fall, RULES, 48.6, 4.8),
        (steady_fall, WITHOUT, 80.4, 3.9),
        (step(1.0), RULES, 38.1, 4.7),
        (step(1.5), RULES, 71.4, 4.4),
        (step(2.0), RULES, 90.7, 2.9),
        (step(3.0), RULES, 99.6, 0.9),
    ],
)
def test_shares_told_on_the_page_come_again(
    make: Make, rules: Rules, told: float, within: float
) -> None:
    assert share_down(make, rules) == pytest.approx(told, abs=within)


def test_the_page_tells_these() -> None:
    page = (ROOT / "docs" / "explanation" / "follow-up-verdict.md").read_text("utf-8")

    for line in (
        "| nothing changed, 8, 12 or 18 months since | 2% to 3% |",
        "agreed in spring | 3% (25% without the three checks) |",
        "ten months before the plan | 13% (51% without them) |",
        "each month half like the one before | 8% (13% without them) |",
        "before and since | 49% (80% without them) |",
        "8 months since | 38%, 71%, 91%, 100% |",
    ):
        assert line in page
