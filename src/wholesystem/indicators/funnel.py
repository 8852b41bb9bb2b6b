"""Funnel limits: how far areas of each size may differ from the whole by chance alone.

Proportions by the score test (the Wilson interval turned round), rates and counts by the Poisson
distribution. Where areas differ more than chance explains, the limits are widened by the variance
between areas, or by a factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from wholesystem.errors import ParameterError
from wholesystem.indicators.intervals import LEVELS, z_score

__all__ = [
    "FEWEST_AREAS",
    "OUTSIDE_WORDS",
    "Dispersion",
    "Funnel",
    "between_variance",
    "dispersion",
    "funnel",
    "funnel_limits",
    "winsorise",
]

Floats = NDArray[np.float64]
Kind = Literal["proportion", "rate"]
Adjust = Literal["additive", "multiplicative", "none"]

# Over-dispersion is not judged on fewer: 10% of each end would be less than one area.
FEWEST_AREAS = 10
# Where an area stands, by steps beyond the limits.
OUTSIDE_WORDS = {
    -2: "below the 99.8% limit",
    -1: "below the 95% limit",
    0: "within the limits",
    1: "above the 95% limit",
    2: "above the 99.8% limit",
}


@dataclass(frozen=True)
class Dispersion:
    """How much more areas differ than chance explains.

    Parameters
    ----------
    phi : float
        Mean of the squared winsorised z scores; 1 if chance explains all.
    areas : int
        Number of areas that it is of.
    significant : bool
        Whether phi times the areas passes the 95% point of chi-square with that many degrees of
        freedom.
    tau : float
        Standard deviation between areas, as a proportion or rate (not multiplied); 0 if none.
    adjust : str
        What widens the limits: ``additive``, ``multiplicative`` or ``none``.
    """

    phi: float
    areas: int
    significant: bool
    tau: float
    adjust: Adjust

    @property
    def words(self) -> str:
        """What a reader must know of it, as a sentence."""
        if not self.significant:
            return (
                f"The areas differ no more than chance explains (phi {self.phi:.2f},"
                f" {self.areas} areas); the limits are not widened."
            )
        how = {
            "additive": "the limits are widened by the variance between areas",
            "multiplicative": "the limits are widened by the square root of phi",
            "none": "the limits are not widened, by choice, and too many areas lie outside",
        }[self.adjust]
        return (
            f"The areas differ more than chance explains (phi {self.phi:.2f}, {self.areas} areas):"
            f" {how}."
        )


@dataclass(frozen=True)
class Funnel:
    """Limits over a range of sizes, and where each area stands.

    Parameters
    ----------
    kind : str
        ``proportion`` or ``rate``.
    baseline : float
        Sum of numerators over sum of denominators, multiplied.
    multiplier : float
        From numerator over denominator to the unit of the value, such as 100 or 100,000.
    sizes : ndarray, shape (n_sizes,)
        Denominators of the lines, rising.
    limits : dict of float to tuple of ndarray
        For 0.95 and 0.998: lower and upper limits at `sizes`, in the unit of the value.
    outside : ndarray of int, shape (n_areas,)
        -2 and 2 beyond the 99.8% limit, -1 and 1 beyond the 95% limit, 0 within; 0 also for an
        area with no figure.
    dispersion : Dispersion or None
        None for fewer than 10 areas.
    """

    kind: Kind
    baseline: float
    multiplier: float
    sizes: Floats
    limits: dict[float, tuple[Floats, Floats]]
    outside: NDArray[np.int64]
    dispersion: Dispersion | None

    @property
    def words(self) -> tuple[str, ...]:
        """For each area, where it stands in words."""
        return tuple(OUTSIDE_WORDS[int(step)] for step in self.outside)


def winsorise(scores: ArrayLike, share: float = 0.1) -> Floats:
    """Scores with the lowest and highest share brought in to the next quantile.

    Parameters
    ----------
    scores : array of float
        z scores, none missing.
    share : float
        Of each end, 0 to less than 0.5.

    Returns
    -------
    ndarray
        Same shape; extreme scores are moved, not dropped.

    References
    ----------
    Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202, section 6.

    Examples
    --------
    >>> winsorise([-9.0, -1, 0, 1, 2, 1, 0, -1, 0, 1, 12]).tolist()
    [-1.0, -1.0, 0.0, 1.0, 2.0, 1.0, 0.0, -1.0, 0.0, 1.0, 2.0]
    """
    z = np.asarray(scores, dtype=np.float64)
    if not 0 <= share < 0.5:
        raise ParameterError(
            f"The share to winsorise is {share}. It must be at least 0 and less than 0.5. Use 0.1."
        )
    low, high = np.quantile(z, [share, 1 - share])
    return np.clip(z, low, high)


def between_variance(scores: ArrayLike, variances: ArrayLike) -> float:
    """Variance between areas, by the method of moments.

    Parameters
    ----------
    scores : array of float, shape (n_areas,)
        z scores, winsorised or not.
    variances : array of float, shape (n_areas,)
        Variance of each area's figure by chance, > 0.

    Returns
    -------
    float
        tau squared, >= 0, in the square of the unit of the figures.

    Notes
    -----
    (sum z^2 - (n - 1)) / (sum w - sum w^2 / sum w) with w = 1 / variance, or 0 if negative.

    References
    ----------
    DerSimonian and Laird (1986), Controlled Clinical Trials 7, 177-188; Spiegelhalter (2005),
    Quality and Safety in Health Care 14, 347-351.
    """
    z = np.asarray(scores, dtype=np.float64)
    weight = 1 / np.asarray(variances, dtype=np.float64)
    room = weight.sum() - (weight**2).sum() / weight.sum()
    if len(z) < 2 or room <= 0:
        return 0.0
    return float(max(0.0, ((z**2).sum() - (len(z) - 1)) / room))


def dispersion(
    scores: ArrayLike, variances: ArrayLike, *, share: float = 0.1, adjust: Adjust = "additive"
) -> Dispersion:
    """Whether areas differ more than chance explains, and by how much.

    Parameters
    ----------
    scores : array of float, shape (n_areas,)
        z scores by chance alone.
    variances : array of float, shape (n_areas,)
        Variance of each area's figure by chance, > 0.
    share : float
        Of each end to winsorise.
    adjust : str
        What is wanted where areas do differ more.

    Returns
    -------
    Dispersion
        With ``adjust`` ``none`` where phi is not significantly above 1.

    Notes
    -----
    Winsorising lowers phi, so the test errs towards not widening.
    """
    z = winsorise(scores, share)
    phi = float((z**2).mean())
    # chdtri gives the point that chi-square passes with the given probability.
    significant = phi * len(z) > float(special.chdtri(len(z), 0.05))
    tau = between_variance(z, variances) ** 0.5 if significant else 0.0
    return Dispersion(phi, len(z), significant, tau, adjust if significant else "none")


def funnel_limits(
    sizes: ArrayLike,
    target: float,
    kind: Kind,
    *,
    level: float = 0.95,
    phi: float = 1.0,
    tau: float = 0.0,
) -> tuple[Floats, Floats]:
    """Limits at given denominators.

    Parameters
    ----------
    sizes : array of float
        Denominators, > 0.
    target : float
        The proportion (0 to 1) or rate (events for one of the denominator) of the whole.
    kind : str
        ``proportion`` or ``rate``.
    level : float
        0.95 or 0.998.
    phi, tau : float
        Over-dispersion: a factor of the variance (1 for none), and a standard deviation between
        areas (0 for none).

    Returns
    -------
    tuple of ndarray
        Lower and upper limits, as a proportion or rate.

    Notes
    -----
    Without over-dispersion: a proportion lies beyond a limit where its Wilson interval leaves the
    target out, p -/+ z sqrt(p(1 - p)/n); a rate where its exact Poisson interval does. With it:
    target -/+ z sqrt(phi V + tau^2). Never below 0, nor above 1 for a proportion.

    References
    ----------
    Public Health England (2017), Technical guide: funnel plots; Spiegelhalter (2005), Statistics
    in Medicine 24, 1185-1202.
    """
    n = np.asarray(sizes, dtype=np.float64)
    top = 1.0 if kind == "proportion" else np.inf
    if kind == "rate" and phi == 1.0 and tau == 0.0 and target > 0:
        return _poisson_limits(n, target, level)
    spread = z_score(level) * np.sqrt(phi * _variance(n, target, kind) + tau**2)
    return np.maximum(target - spread, 0.0), np.minimum(target + spread, top)


def _variance(sizes: Floats, target: float, kind: Kind) -> Floats:
    return np.asarray(target * ((1 - target) if kind == "proportion" else 1.0) / sizes)


def _poisson_limits(sizes: Floats, target: float, level: float) -> tuple[Floats, Floats]:
    z_score(level)  # refuses a level out of range
    expected, tail = target * sizes, (1 - level) / 2
    # pdtrik turns the Poisson distribution round without steps: the count whose exact interval
    # ends at the expected count. It is NaN where even a count of 0 is not that unlikely.
    lower = np.where(np.exp(-expected) >= tail, 0.0, special.pdtrik(tail, expected))
    upper = np.where(
        np.exp(-expected) >= 1 - tail,
        _upper_of_few(expected, tail),
        special.pdtrik(1 - tail, expected) + 1,
    )
    return lower / sizes, upper / sizes


def _upper_of_few(expected: Floats, tail: float) -> Floats:
    """The count between 0 and 1 whose exact lower limit is a very small expected count."""
    low, high = np.full_like(expected, 1e-9), np.ones_like(expected)
    for _ in range(50):
        middle = (low + high) / 2
        beyond = special.gammaincinv(middle, tail) > expected
        high, low = np.where(beyond, middle, high), np.where(beyond, low, middle)
    return high


def funnel(
    numerators: ArrayLike,
    denominators: ArrayLike,
    kind: Kind,
    *,
    multiplier: float = 1.0,
    adjust: Adjust = "additive",
    share: float = 0.1,
    points: int = 60,
) -> Funnel:
    """A funnel of areas.

    Parameters
    ----------
    numerators, denominators : array of float, shape (n_areas,)
        NaN where not known. Numerators of independent people or events: not bed days.
    kind : str
        ``proportion`` (a part of a whole) or ``rate`` (events for so many people).
    multiplier : float
        To the unit of the value, > 0.
    adjust : str
        What widens the limits where phi is significant: ``additive`` (the default, variance
        between areas), ``multiplicative`` or ``none``.
    share : float
        Of each end of the z scores to winsorise.
    points : int
        Number of sizes at which limits are given.

    Returns
    -------
    Funnel
        With every area's place.

    Raises
    ------
    ParameterError
        If kind or adjust is unknown, no area has a figure, or a figure is out of range.
    """
    x, n = _checked(numerators, denominators, kind, adjust)
    known = np.isfinite(x) & np.isfinite(n)
    target = float(x[known].sum() / n[known].sum())
    spread = _dispersion_of(x[known], n[known], target, kind, adjust, share)
    widen = _widening(spread)
    sizes = np.geomspace(n[known].min() * 0.9, n[known].max() * 1.05, points)
    limits = {}
    for level in LEVELS:
        lower, upper = funnel_limits(sizes, target, kind, level=level, **widen)
        limits[level] = (lower * multiplier, upper * multiplier)
    outside = np.zeros(len(x), dtype=np.int64)
    outside[known] = _steps(x[known], n[known], target, kind, widen)
    return Funnel(kind, target * multiplier, multiplier, sizes, limits, outside, spread)


def _checked(
    numerators: ArrayLike, denominators: ArrayLike, kind: Kind, adjust: Adjust
) -> tuple[Floats, Floats]:
    if kind not in ("proportion", "rate"):
        raise ParameterError(
            f"The kind is {kind!r}. It must be proportion or rate. Choose one of them."
        )
    if adjust not in ("additive", "multiplicative", "none"):
        raise ParameterError(
            f"The adjustment is {adjust!r}. It must be additive, multiplicative or none."
            " Choose one of them."
        )
    x = np.asarray(numerators, dtype=np.float64)
    n = np.asarray(denominators, dtype=np.float64)
    known = np.isfinite(x) & np.isfinite(n)
    if not known.any():
        raise ParameterError("No area has a figure. A funnel needs at least one. Give the counts.")
    wrong = (x < 0) | (n <= 0) | ((x > n) if kind == "proportion" else np.zeros(len(x), bool))
    if np.any(wrong & known):
        at = int(np.flatnonzero(wrong & known)[0])
        raise ParameterError(
            f"Area {at + 1} has {x[at]:g} of {n[at]:g}. Counts are 0 or more, denominators above 0,"
            " and a part is never more than the whole. Correct the figure."
        )
    return x, n


def _dispersion_of(
    x: Floats, n: Floats, target: float, kind: Kind, adjust: Adjust, share: float
) -> Dispersion | None:
    variance = _variance(n, target, kind)
    if len(x) < FEWEST_AREAS or not np.all(variance > 0):
        return None
    return dispersion((x / n - target) / np.sqrt(variance), variance, share=share, adjust=adjust)


def _widening(spread: Dispersion | None) -> dict[str, float]:
    if spread is None or spread.adjust == "none":
        return {}
    return {"tau": spread.tau} if spread.adjust == "additive" else {"phi": spread.phi}


def _steps(
    x: Floats, n: Floats, target: float, kind: Kind, widen: dict[str, float]
) -> NDArray[np.int64]:
    steps = np.zeros(len(x), dtype=np.int64)
    for level in LEVELS:
        lower, upper = funnel_limits(n, target, kind, level=level, **widen)
        # A figure on its limit is within it; rounding must not tip it over.
        steps += (x / n > upper * (1 + 1e-12)).astype(np.int64)
        steps -= (x / n < lower * (1 - 1e-12)).astype(np.int64)
    return steps
