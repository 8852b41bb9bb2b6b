"""Durations as people write them: one readable expression in days.

``lognormal(median=2.45, p90=18)`` says what an analyst knows. It is read by a strict grammar (a
word, brackets, numbers; nothing is ever evaluated) and becomes a `Distribution` with canonical
parameters, which is all that the engines know.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from wholesystem.flow.families import (
    MOST_DAYS,
    SHAPES,
    Figure,
    gamma_quantile,
    normal_quantile,
    solve_two_figures,
)
from wholesystem.tables.cells import CellError, closest, number_text, parse_number

__all__ = ["FAMILIES", "Distribution", "parse_duration"]

LONGEST_EXPRESSION = 200
_CALL = re.compile(r"\s*([A-Za-z_]\w{0,30})\s*\(([^()]*)\)\s*", re.ASCII)
_NAMED = re.compile(r"\s*([A-Za-z_]\w{0,30})\s*=\s*(\S+)\s*", re.ASCII)
_EMPIRICAL = re.compile(r"\s*([A-Za-z0-9_-]{1,60})\s*", re.ASCII)

#: An example of each family, shown where an expression cannot be read.
FAMILIES: dict[str, str] = {
    "fixed": "fixed(1)",
    "exponential": "exponential(mean=3.3)",
    "lognormal": "lognormal(median=2.45, p90=18)",
    "gamma": "gamma(mean=4, sd=2)",
    "weibull": "weibull(shape=1.4, scale=6)",
    "uniform": "uniform(0.2, 0.4)",
    "triangular": "triangular(1, 2, 5)",
    "empirical": "empirical(name)",
}
_ORDERED = {
    "fixed": ("days",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
}
_CANONICAL = {
    **_ORDERED,
    "exponential": ("mean",),
    "lognormal": ("mu", "sigma"),
    "gamma": ("shape", "scale"),
    "weibull": ("shape", "scale"),
}


@dataclass(frozen=True)
class Distribution:
    """How long something takes (or how many hours a week someone needs), with its spread.

    Parameters
    ----------
    family : str
        One of `FAMILIES`.
    a, b, c : float
        Canonical parameters, in days (or hours a week); 0 where the family has fewer:
        fixed a = value; exponential a = mean; lognormal a = mu, b = sigma (of the logarithm);
        gamma a = shape, b = scale; weibull a = shape, b = scale; uniform a = low, b = high;
        triangular a = low, b = mode, c = high; empirical none.
    name : str
        Of the empirical table; otherwise empty.
    """

    family: str
    a: float = 0.0
    b: float = 0.0
    c: float = 0.0
    name: str = ""

    def __str__(self) -> str:
        """Expression that `parse_duration` reads back as this distribution."""
        if self.family == "empirical":
            return f"empirical({self.name})"
        names = _CANONICAL[self.family]
        numbers = [number_text(x) for x in (self.a, self.b, self.c)[: len(names)]]
        if self.family in _ORDERED:
            return f"{self.family}({', '.join(numbers)})"
        named = (f"{name}={text}" for name, text in zip(names, numbers, strict=True))
        return f"{self.family}({', '.join(named)})"

    def mean_days(self, values: Sequence[float] | None = None) -> float:
        """Mean.

        Parameters
        ----------
        values : sequence of float, optional
            Of an empirical distribution; otherwise not used.

        Returns
        -------
        float
            In the distribution's unit.

        Notes
        -----
        lognormal ``exp(mu + sigma**2 / 2)``; gamma ``shape * scale``; weibull
        ``scale * Gamma(1 + 1 / shape)``; uniform ``(low + high) / 2``; triangular
        ``(low + mode + high) / 3``; empirical the mean of its values.
        """
        match self.family:
            case "fixed" | "exponential":
                return self.a
            case "lognormal":
                return math.exp(self.a + self.b**2 / 2)
            case "gamma":
                return self.a * self.b
            case "weibull":
                return self.b * math.gamma(1 + 1 / self.a)
            case "uniform":
                return (self.a + self.b) / 2
            case "triangular":
                return (self.a + self.b + self.c) / 3
        sample = self._sample(values)
        return math.fsum(sample) / len(sample)

    def sd_days(self, values: Sequence[float] | None = None) -> float:
        """Standard deviation.

        Parameters
        ----------
        values : sequence of float, optional
            Of an empirical distribution; otherwise not used.

        Returns
        -------
        float
            In the distribution's unit.

        Notes
        -----
        lognormal ``mean * sqrt(exp(sigma**2) - 1)``; gamma ``scale * sqrt(shape)``; weibull
        ``scale * sqrt(Gamma(1 + 2 / shape) - Gamma(1 + 1 / shape)**2)``; uniform
        ``(high - low) / sqrt(12)``; triangular ``sqrt((l*l + m*m + h*h - l*m - l*h - m*h) / 18)``;
        empirical the root mean square distance from the mean.
        """
        match self.family:
            case "fixed":
                return 0.0
            case "exponential":
                return self.a
            case "lognormal":
                return self.mean_days() * math.sqrt(math.expm1(self.b**2))
            case "gamma":
                return self.b * math.sqrt(self.a)
            case "weibull":
                first, second = math.gamma(1 + 1 / self.a), math.gamma(1 + 2 / self.a)
                return self.b * math.sqrt(max(second - first**2, 0.0))
            case "uniform":
                return (self.b - self.a) / math.sqrt(12)
            case "triangular":
                low, mode, high = self.a, self.b, self.c
                squares = low * low + mode * mode + high * high
                return math.sqrt((squares - low * mode - low * high - mode * high) / 18)
        sample, mean = self._sample(values), self.mean_days(values)
        return math.sqrt(math.fsum((x - mean) ** 2 for x in sample) / len(sample))

    def quantile_days(self, p: float, values: Sequence[float] | None = None) -> float:
        """Value below which a share of people fall.

        Parameters
        ----------
        p : float
            The share, above 0 and below 1.
        values : sequence of float, optional
            Of an empirical distribution; otherwise not used.

        Returns
        -------
        float
            In the distribution's unit.

        Raises
        ------
        ValueError
            If `p` is not between 0 and 1.

        Notes
        -----
        exponential ``-mean * ln(1 - p)``; lognormal ``exp(mu + sigma * z(p))``; gamma the inverse
        of the regularised incomplete gamma function; weibull
        ``scale * (-ln(1 - p))**(1 / shape)``; empirical the smallest value with at least a share
        p of the values at or below it.
        """
        if not 0 < p < 1:
            raise ValueError(f"p is {p}. It must be above 0 and below 1. For example: 0.9")
        match self.family:
            case "fixed":
                return self.a
            case "exponential":
                return -self.a * math.log1p(-p)
            case "lognormal":
                return math.exp(self.a + self.b * normal_quantile(p))
            case "gamma":
                return self.b * gamma_quantile(self.a, p)
            case "weibull":
                return self.b * float((-math.log1p(-p)) ** (1 / self.a))
            case "uniform":
                return self.a + p * (self.b - self.a)
            case "triangular":
                return self._triangular_quantile(p)
        sample = sorted(self._sample(values))
        return sample[min(math.ceil(p * len(sample)) - 1, len(sample) - 1)]

    def scaled(self, factor: float) -> Distribution:
        """The same distribution with every time multiplied.

        Parameters
        ----------
        factor : float
            Above 0.

        Returns
        -------
        Distribution
            Of the same family.

        Raises
        ------
        CellError
            For an empirical distribution, whose values stand in a table.
        """
        match self.family:
            case "lognormal":
                return replace(self, a=self.a + math.log(factor))
            case "gamma" | "weibull":
                return replace(self, b=self.b * factor)
            case "empirical":
                raise CellError(f"The values of {self} stand in a table.", "Multiply them there.")
        return replace(self, a=self.a * factor, b=self.b * factor, c=self.c * factor)

    def lowest(self, values: Sequence[float] | None = None) -> float:
        """Lower bound: nobody is below it.

        Parameters
        ----------
        values : sequence of float, optional
            Of an empirical distribution; otherwise not used.

        Returns
        -------
        float
            In the distribution's unit; 0 for a family without a lower bound of its own.
        """
        if self.family in _ORDERED:
            return self.a
        return min(self._sample(values)) if self.family == "empirical" else 0.0

    def _triangular_quantile(self, p: float) -> float:
        low, mode, high = self.a, self.b, self.c
        if p <= (mode - low) / (high - low):
            return low + math.sqrt(p * (high - low) * (mode - low))
        return high - math.sqrt((1 - p) * (high - low) * (high - mode))

    def _sample(self, values: Sequence[float] | None) -> Sequence[float]:
        if values is None or not len(values):
            raise ValueError(f"The values of empirical({self.name}) are needed.")
        return values


def parse_duration(text: str) -> Distribution:
    """Distribution that an expression describes.

    Parameters
    ----------
    text : str
        Such as ``lognormal(median=2.45, p90=18)``; at most 200 characters. Families: ``fixed``,
        ``exponential``, ``lognormal``, ``gamma``, ``weibull``, ``uniform``, ``triangular``,
        ``empirical``. An exponential takes one named number, and a lognormal, gamma or weibull
        two, of ``mean``, ``median``, ``sd``, ``p1`` to ``p99`` and the family's own (``mu``,
        ``sigma``; ``shape``, ``scale``, ``rate`` = 1 / scale).

    Returns
    -------
    Distribution
        With canonical parameters.

    Raises
    ------
    CellError
        A ValueError with `rule` and `remedy`: for anything outside the grammar, for figures that
        no distribution of the family has together, for negative times and for a mean over 36,525
        days (a hundred years).

    Notes
    -----
    Where two distributions of a family share the two figures (a mean and a high percentile, for
    example), the one with less spread is taken.

    Examples
    --------
    >>> parse_duration("gamma(mean=4, sd=2)")
    Distribution(family='gamma', a=4.0, b=1.0, c=0.0, name='')
    """
    call = _CALL.fullmatch(text) if len(text) <= LONGEST_EXPRESSION else None
    if call is None:
        raise CellError(
            "A time must be one expression: a family, then its numbers in brackets.",
            _call_remedy(text),
        )
    family, inside = call.groups()
    if family not in FAMILIES:
        near = closest(family, FAMILIES)
        did = f"Did you mean {near}? For example {FAMILIES[near]}." if near else ""
        raise CellError(
            f"There is no family of times named {family}.",
            did or f"Use one of {', '.join(FAMILIES)}.",
        )
    if family == "empirical":
        return _parse_empirical(inside)
    if family in _ORDERED:
        return _parse_ordered(family, inside)
    return _check_mean(_parse_figures(family, inside))


def _call_remedy(text: str) -> str:
    try:
        number = parse_number(text.strip())
    except CellError:
        return "For example lognormal(median=2.45, p90=18), in days."
    return f"Write fixed({number_text(number)}) for a time that is always the same."


def _parse_empirical(inside: str) -> Distribution:
    name = _EMPIRICAL.fullmatch(inside)
    if name is None:
        raise CellError(
            "empirical takes the name of a table: letters, digits, - and _.",
            "Write empirical(name) and put the values in empirical_name.csv, column days.",
        )
    return Distribution("empirical", name=name[1])


def _parts(inside: str) -> list[str]:
    return [part.strip() for part in inside.split(",")] if inside.strip() else []


def _value(name: str, text: str) -> float:
    try:
        return parse_number(text)
    except CellError as error:
        raise CellError(
            f"{name} must be a finite number, not {text[:30]!r}.", error.remedy
        ) from None


def _parse_ordered(family: str, inside: str) -> Distribution:
    names = _ORDERED[family]
    parts = _parts(inside)
    if any("=" in part for part in parts):
        given = _named(family, parts)
        parts = [given.get(name, "") for name in names] if set(given) == set(names) else []
    if len(parts) != len(names):
        raise CellError(
            f"{family} takes {len(names)} number{'s' if len(names) > 1 else ''}:"
            f" {', '.join(names)}.",
            f"For example {FAMILIES[family]}.",
        )
    numbers = [_value(name, part) for name, part in zip(names, parts, strict=True)]
    _check_range(family, names, numbers)
    if len(numbers) > 1 and numbers[0] == numbers[-1]:
        numbers, family = numbers[:1], "fixed"
    a, b, c = [*numbers, 0.0, 0.0][:3]
    return Distribution(family, a, b, c)


def _check_range(family: str, names: Sequence[str], numbers: Sequence[float]) -> None:
    for name, number in zip(names, numbers, strict=True):
        if number < 0:
            raise CellError(f"{name} is {number_text(number)}; it must be 0 or more.", _SMALLEST)
        if number > MOST_DAYS:
            raise CellError(
                f"{name} is {number_text(number)}; it may be at most {MOST_DAYS:,} (a hundred"
                " years in days).",
                "Correct the number; times are in days.",
            )
    if list(numbers) != sorted(numbers):
        raise CellError(
            f"The numbers of {family} must rise: {', '.join(names)}.",
            f"For example {FAMILIES[family]}.",
        )


_SMALLEST = "Correct the number; fixed(0) is no time at all."


def _named(family: str, parts: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for part in parts:
        named = _NAMED.fullmatch(part)
        if named is None:
            raise CellError(
                f"{family} takes named numbers, not {part[:30]!r}.",
                f"For example {FAMILIES[family]}.",
            )
        if named[1] in given:
            raise CellError(f"{named[1]} is given twice.", "Give it once.")
        given[named[1]] = named[2]
    return given


def _parse_figures(family: str, inside: str) -> Distribution:
    given = _named(family, _parts(inside))
    count = 1 if family == "exponential" else 2
    allowed = ("mean", "median", "sd", "p1 to p99", *SHAPES[family].own)
    figures = [_figure(family, name, _value(name, text), allowed) for name, text in given.items()]
    if len(figures) != count:
        raise CellError(
            f"{family} takes {'one named number' if count == 1 else 'two named numbers'} of"
            f" {', '.join(allowed)}.",
            f"For example {FAMILIES[family]}.",
        )
    if count == 1:
        return Distribution("exponential", figures[0].scale(1.0))
    return Distribution(family, *solve_two_figures(family, figures[0], figures[1]))


def _figure(family: str, name: str, value: float, allowed: Sequence[str]) -> Figure:
    percentile = re.fullmatch(r"p([1-9]\d?)", name)
    known = {"mean", "median", "sd", *SHAPES[family].own}
    if percentile is None and name not in known:
        near = closest(name, known)
        raise CellError(
            f"{family} has no number named {name}.",
            f"Did you mean {near}?" if near else f"Use {', '.join(allowed)}.",
        )
    if value <= 0 and name != "mu":
        raise CellError(
            f"{name} is {number_text(value)}; it must be more than 0.",
            "Correct it; write fixed(1) for a time that never varies."
            if name == "sd"
            else "Correct the number.",
        )
    return Figure(family, name, value)


def _check_mean(found: Distribution) -> Distribution:
    try:
        mean = found.mean_days()
        fine = mean <= MOST_DAYS and mean >= 0
    except OverflowError:
        fine = False
    if not fine:
        raise CellError(
            f"Its mean is over {MOST_DAYS:,} days (a hundred years).",
            "Correct the numbers; times are in days.",
        )
    return found
