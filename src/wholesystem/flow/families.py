"""Finding a two-parameter family of times from the two figures that are known of it.

Every figure (mean, sd, a percentile) of a lognormal, gamma or weibull is ``scale * g(shape)``.
Two such figures v1 and v2 therefore fix the shape by ``ln g2 - ln g1 = ln(v2 / v1)``, one
equation in one unknown, and then the scale. For the lognormal the shape is sigma and the scale
is exp(mu), its median.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

from wholesystem.tables.cells import CellError, number_text

__all__ = [
    "MOST_DAYS",
    "SHAPES",
    "Family",
    "Figure",
    "gamma_quantile",
    "normal_quantile",
    "solve_two_figures",
]

#: The longest mean, and the longest horizon: a hundred years.
MOST_DAYS = 36_525


def normal_quantile(p: float) -> float:
    """Quantile of the standard normal distribution.

    Parameters
    ----------
    p : float
        Above 0 and below 1.

    Returns
    -------
    float
        z(p).
    """
    return NormalDist().inv_cdf(p)


def gamma_quantile(shape: float, p: float) -> float:
    """Quantile of the gamma distribution with scale 1.

    Parameters
    ----------
    shape : float
        Above 0.
    p : float
        Above 0 and below 1.

    Returns
    -------
    float
        The value with a share p below it.
    """
    # Imported on use: most models need no gamma percentile and scipy takes a while to load.
    from scipy.special import gammaincinv

    return float(gammaincinv(shape, p))


@dataclass(frozen=True)
class Family:
    """What a family of times is called to solve.

    Parameters
    ----------
    own : tuple of str
        Its own numbers, beside mean, median, sd and percentiles.
    shape : str
        Which of them is its shape; empty where it has none.
    shapes : tuple of (float, float)
        Shapes searched, from the least spread to the most.
    """

    own: tuple[str, ...]
    shape: str
    shapes: tuple[float, float]


#: By family. A shape outside these would give times that differ by more than 10**12.
SHAPES: dict[str, Family] = {
    "exponential": Family(("rate",), "", (1.0, 1.0)),
    "lognormal": Family(("mu", "sigma"), "sigma", (1e-4, 8.0)),
    "gamma": Family(("shape", "scale", "rate"), "shape", (1e7, 0.01)),
    "weibull": Family(("shape", "scale", "rate"), "shape", (1e4, 0.08)),
}


@dataclass(frozen=True)
class Figure:
    """One named number of an expression, such as ``median=2.45``.

    Parameters
    ----------
    family : str
        A key of `SHAPES`.
    name : str
        ``mean``, ``median``, ``sd``, ``p1`` to ``p99``, or one of the family's own.
    value : float
        In days, above 0 (``mu`` any; ``rate`` per day).
    """

    family: str
    name: str
    value: float

    @property
    def is_shape(self) -> bool:
        """Whether this is the family's shape itself."""
        return self.name == SHAPES[self.family].shape

    @property
    def kind(self) -> str:
        """What it is a figure of: ``rate`` says the same as ``scale``, ``mu`` as ``median``."""
        same = {"p50": "median", "mu": "median", "rate": "scale"}
        return same.get(self.name, self.name)

    @property
    def log_value(self) -> float:
        """Logarithm of the figure as a time."""
        if self.name == "mu":
            return self.value
        return -math.log(self.value) if self.name == "rate" else math.log(self.value)

    def log_multiple(self, shape: float) -> float:
        """Logarithm of g(shape): the figure where the scale is 1.

        Parameters
        ----------
        shape : float
            Above 0.

        Returns
        -------
        float
            No unit.
        """
        if self.name in ("mu", "scale", "rate"):
            return 0.0
        if self.name in ("mean", "sd"):
            return _MOMENTS[self.family, self.name](shape)
        p = 0.5 if self.name == "median" else int(self.name[1:]) / 100
        return _log_quantile(self.family, shape, p)

    def log_scale(self, shape: float) -> float:
        """Logarithm of `scale`: the mu of a lognormal.

        Parameters
        ----------
        shape : float
            Above 0.

        Returns
        -------
        float
            No unit.
        """
        return self.log_value - self.log_multiple(shape)

    def scale(self, shape: float) -> float:
        """Scale of the distribution that has this figure and this shape.

        Parameters
        ----------
        shape : float
            Above 0.

        Returns
        -------
        float
            Days.

        Raises
        ------
        CellError
            If it is too large for a number.
        """
        if self.name == "scale":
            return self.value
        if self.name == "rate":
            return 1 / self.value
        try:
            return math.exp(self.log_scale(shape))
        except OverflowError:
            raise CellError(
                f"{self} is too large a time.", "Correct the number; times are in days."
            ) from None

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.name}={number_text(self.value)}"


def _log_sd_weibull(shape: float) -> float:
    first, second = math.lgamma(1 + 1 / shape), math.lgamma(1 + 2 / shape)
    # expm1 keeps the small difference of two numbers near 1, where the shape is large.
    return first + 0.5 * math.log(math.expm1(second - 2 * first))


_MOMENTS: dict[tuple[str, str], Callable[[float], float]] = {
    ("exponential", "mean"): lambda shape: 0.0,
    ("exponential", "sd"): lambda shape: 0.0,
    ("lognormal", "mean"): lambda sigma: sigma**2 / 2,
    ("lognormal", "sd"): lambda sigma: sigma**2 / 2 + 0.5 * math.log(math.expm1(sigma**2)),
    ("gamma", "mean"): math.log,
    ("gamma", "sd"): lambda shape: 0.5 * math.log(shape),
    ("weibull", "mean"): lambda shape: math.lgamma(1 + 1 / shape),
    ("weibull", "sd"): _log_sd_weibull,
}


def _log_quantile(family: str, shape: float, p: float) -> float:
    if family == "lognormal":
        return shape * normal_quantile(p)
    if family == "gamma":
        value = gamma_quantile(shape, p)
        return math.log(value) if value > 0 else -math.inf
    return math.log(-math.log1p(-p)) / shape


def solve_two_figures(family: str, first: Figure, second: Figure) -> tuple[float, float]:
    """Canonical parameters of the distribution that has two figures.

    Parameters
    ----------
    family : str
        ``lognormal``, ``gamma`` or ``weibull``.
    first, second : Figure
        Different ones.

    Returns
    -------
    a, b : float
        mu and sigma of a lognormal; shape and scale (in days) of the others. Where two
        distributions have both figures, the one with less spread.

    Raises
    ------
    CellError
        If no distribution of the family has both.
    """
    if first.kind == second.kind:
        raise CellError(
            f"{first} and {second} say the same thing of a {family}.",
            "Give another figure beside one of them, such as the sd.",
        )
    if second.is_shape:
        first, second = second, first
    if first.is_shape:
        _check_shape(first)
        shape = first.value
    else:
        shape = _closed_form(family, first, second) or _search(family, first, second)
        second = first if first.name in ("mu", "scale", "rate") else second
    if family == "lognormal":
        return second.log_scale(shape), shape
    return shape, second.scale(shape)


def _check_shape(figure: Figure) -> None:
    low, high = sorted(SHAPES[figure.family].shapes)
    if not low <= figure.value <= high:
        raise CellError(
            f"{figure} is outside {number_text(low)} to {number_text(high)}.",
            "Correct the number.",
        )


def _closed_form(family: str, first: Figure, second: Figure) -> float | None:
    """Shape where a formula gives it exactly; None where there is none, or no solution."""
    figures = {f.kind: f for f in (first, second)}
    logs = {name: figure.log_value for name, figure in figures.items()}
    if family == "lognormal":
        found = _lognormal_shape(first, second)
        if found is not None:
            return found
    if set(logs) == {"mean", "sd"}:
        ratio = 2 * (logs["sd"] - logs["mean"])  # of the variance to the mean squared
        if family == "lognormal" and ratio < 64:
            return math.sqrt(math.log1p(math.exp(ratio)))
        if family == "gamma" and abs(ratio) < 64:
            return math.exp(-ratio)
    return None


def _lognormal_shape(first: Figure, second: Figure) -> float | None:
    """Sigma of two percentiles, or of the mean and the median; None for other figures."""
    levels = [_percentile(figure) for figure in (first, second)]
    logs = [figure.log_value for figure in (first, second)]
    if first.kind == "mean" and levels[1] == 50:
        square = 2 * (logs[0] - logs[1])
    elif second.kind == "mean" and levels[0] == 50:
        square = 2 * (logs[1] - logs[0])
    elif levels[0] is not None and levels[1] is not None and levels[0] != levels[1]:
        low, high = (normal_quantile(level / 100) for level in levels if level is not None)
        shape = (logs[1] - logs[0]) / (high - low)
        return shape if shape > 0 else None
    else:
        return None
    return math.sqrt(square) if square > 0 else None


def _search(family: str, first: Figure, second: Figure) -> float:
    from scipy.optimize import brentq

    target = second.log_value - first.log_value

    def gap(log_shape: float) -> float:
        shape = math.exp(log_shape)
        return second.log_multiple(shape) - first.log_multiple(shape) - target

    start, stop = (math.log(shape) for shape in SHAPES[family].shapes)
    steps = 400
    before, gap_before = start, gap(start)
    for i in range(1, steps + 1):
        here = start + (stop - start) * i / steps
        gap_here = gap(here)
        if gap_before == 0:
            return math.exp(before)
        if gap_before * gap_here <= 0 and math.isfinite(gap_before - gap_here):
            return math.exp(float(brentq(gap, before, here, xtol=1e-15, rtol=1e-14)))
        before, gap_before = here, gap_here
    raise CellError(
        f"No {family} has {first} and {second} together.", _why_impossible(first, second)
    )


def _percentile(figure: Figure) -> float | None:
    if figure.name in ("median", "mu"):
        return 50
    return float(figure.name[1:]) if figure.name[1:].isdigit() else None


def _why_impossible(first: Figure, second: Figure) -> str:
    low, high = _percentile(first), _percentile(second)
    if low is not None and high is not None:
        if low > high:
            first, second = second, first
        return f"{first.name} must be less than {second.name}. Correct one of them."
    if {first.name, second.name} == {"mean", "median"} and first.family == "lognormal":
        return "The mean of a lognormal is above its median. Correct one of them."
    return "Check both numbers and their units (days)."
