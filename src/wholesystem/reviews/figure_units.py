"""Whether a cited figure and a live one are the same: decimals as cited, and units that convert."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache

from wholesystem.tables.cells import number_text

__all__ = ["cited_decimals", "convert_units", "is_same", "unit_of_column"]

# A twelve-digit number has no more that are not noise.
MOST_DECIMALS = 12
# Sums of floats differ in the last bits.
_TINY = 1e-9

_NUMBER = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?![\d]|[.,]\d)")
_PER = re.compile(r"(.*?) ?\bper ([\d,]+) ?(.*)")
_SPELT = {
    "per cent": "%",
    "percent": "%",
    "percentage": "%",
    "pct": "%",
    "proportion": "share",
    "fraction": "share",
    "day": "days",
    "hour": "hours",
    "minute": "minutes",
    "week": "weeks",
    "person": "people",
}
# What one of each is in a unit that both have in common; weeks and months of no fixed length are
# left out.
_PARTS = {
    "%": ("of 1", 0.01),
    "share": ("of 1", 1.0),
    "minutes": ("time", 1.0),
    "hours": ("time", 60.0),
    "days": ("time", 1440.0),
    "weeks": ("time", 10080.0),
}


@dataclass(frozen=True)
class _Unit:
    of: str
    factor: float


def cited_decimals(value: float, text: str = "") -> int:
    """Decimals to which a figure was cited.

    Parameters
    ----------
    value : float
        As cited.
    text : str
        Of the evidence. Where the number stands in it, its decimals count, so that ``13.0`` has
        one; of several the most.

    Returns
    -------
    int
        0 to 12.
    """
    shown = number_text(value)
    at_least = len(shown.partition(".")[2]) if "e" not in shown.lower() else MOST_DECIMALS
    written = [
        len(word.partition(".")[2])
        for word in _NUMBER.findall(text)
        if math.isclose(float(word.replace(",", "")), abs(value), rel_tol=1e-12)
    ]
    return min(max([at_least, *written]), MOST_DECIMALS)


def convert_units(value: float, unit: str, to: str) -> float | None:
    """A value in another unit.

    Parameters
    ----------
    value : float
        In `unit`.
    unit, to : str
        As written in tables: ``%``, ``share``, ``days``, ``per 100,000 aged 65 and over``.

    Returns
    -------
    float or None
        None where the two are not of one kind. The same unit in other letters, spaces or words
        (``per cent``) is the same.

    Examples
    --------
    >>> convert_units(0.861, "share", "%")
    86.1
    >>> convert_units(12.0, "per 1,000 people", "per 100,000 people")
    1200.0
    >>> convert_units(1.0, "beds", "days") is None
    True
    """
    one, other = _read(unit), _read(to)
    if one.of != other.of:
        return None
    if one.factor == other.factor:
        return value
    # Of two factors the quotient that is whole is exact: 0.01 is not.
    if one.factor > other.factor:
        return value * round(one.factor / other.factor, 9)
    return value / round(other.factor / one.factor, 9)


@cache
def _read(unit: str) -> _Unit:
    plain = " ".join(unit.casefold().split())
    plain = _SPELT.get(plain, plain)
    if plain in _PARTS:
        return _Unit(*_PARTS[plain])
    rate = _PER.fullmatch(plain)
    if rate and (per := int(rate[2].replace(",", "") or 0)):
        return _Unit(f"{rate[1]} per population {rate[3]}", 1.0 / per)
    return _Unit(plain, 1.0)


def is_same(cited: float, live: float, decimals: int) -> bool:
    """Whether a live figure, rounded as the cited one was, is the cited one.

    Parameters
    ----------
    cited, live : float
        In one unit.
    decimals : int
        Of the cited one.

    Returns
    -------
    bool
        True within half a step of the last decimal; a figure right in the middle may have been
        rounded either way.
    """
    return abs(live - cited) <= 0.5 * 10.0**-decimals * (1 + _TINY) + abs(live) * _TINY * 1e-3


def unit_of_column(column: str) -> str:
    """Unit of a column of a measure.

    Parameters
    ----------
    column : str
        As in ``docs/reference/measures.md``.

    Returns
    -------
    str
        ``days``, ``hours``, ``share``, ``people``, ``people a day``, ``per 100,000 people a day``.
    """
    if column.endswith("_per_100k"):
        return "per 100,000 people a day"
    for ending, unit in (("_days", "days"), ("_hours", "hours"), ("_minutes", "minutes")):
        if f"_{column}".endswith(ending) and not column.startswith("share_"):
            return unit
    if column.startswith("share"):
        return "share"
    return "people a day" if column == "per_day" else "people"
