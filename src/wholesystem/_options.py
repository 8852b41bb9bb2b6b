"""Values of the command line's options, each with its range, refused in plain words."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wholesystem.errors import shorten_value

__all__ = ["Scenario", "days", "port", "replications", "scenario", "seed", "split_sets"]

LAST_SEED = 2**63 - 1
# A hundred years: longer than any plan, short enough to count in microseconds.
MOST_DAYS = 36525
MOST_REPLICATIONS = 10_000


def _whole_number(name: str, low: int, high: int, example: str) -> Callable[[str], int]:
    def convert(text: str) -> int:
        try:
            # Digits only: int() would also take "1_000" and digits of other scripts.
            number = int(text) if text.isascii() and text.isdigit() else None
        except ValueError:  # more digits than Python converts
            number = None
        if number is None or not low <= number <= high:
            raise argparse.ArgumentTypeError(
                f"{shorten_value(text)} is not allowed. {name} must be a whole number from {low} to"
                f" {high}. For example: {example}"
            )
        return number

    return convert


replications = _whole_number("Replications", 1, MOST_REPLICATIONS, "--replications 30")
seed = _whole_number("The seed", 0, LAST_SEED, "--seed 1")
port = _whole_number("The port", 0, 65535, "--port 8000")


def days(text: str) -> float:
    """A number of days from an option.

    Parameters
    ----------
    text : str
        More than 0 and at most 36525 (a hundred years).

    Returns
    -------
    float
        Days.

    Raises
    ------
    argparse.ArgumentTypeError
        For anything else, infinity and NaN included.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= MOST_DAYS:
        raise argparse.ArgumentTypeError(
            f"{shorten_value(text)} is not allowed. Days must be a number above 0 and at most"
            f" {MOST_DAYS} (a hundred years). For example: --days 365"
        )
    return number


def split_sets(text: str) -> list[str]:
    """Settings parted at the commas that stand outside brackets.

    Parameters
    ----------
    text : str
        Such as ``services.acute.places=90,durations.acute.days=gamma(mean=4, sd=2)``.

    Returns
    -------
    list of str
        One setting each, without surrounding spaces; empty ones are kept.
    """
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth <= 0:
            parts.append(text[start:place].strip())
            start = place + 1
    return [*parts, text[start:].strip()]


@dataclass(frozen=True)
class Scenario:
    """A scenario as typed: another model, or settings on the one compared.

    Parameters
    ----------
    name : str
        What the results call it; not empty.
    model : Path or None
        The scenario's own model; None where it is the compared model with `sets`.
    sets : tuple of str
        Settings, as after ``--set``; empty where `model` is given.
    """

    name: str
    model: Path | None = None
    sets: tuple[str, ...] = ()


def scenario(text: str) -> Scenario:
    """A scenario from its spelling on the command line.

    Parameters
    ----------
    text : str
        A model's folder or workbook, ``NAME=MODEL``, or ``NAME=SET,SET...``. What exists as a
        file or folder is a model.

    Returns
    -------
    Scenario
        A bare model is named after its folder or file.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is none of these.
    """
    if Path(text).exists():
        return Scenario(name=Path(text).resolve().stem, model=Path(text))
    name, equals, rest = text.partition("=")
    name, rest = name.strip(), rest.strip()
    if name and rest and Path(rest).exists():
        return Scenario(name=name, model=Path(rest))
    if not equals:
        raise argparse.ArgumentTypeError(
            f"{shorten_value(text)} is no model folder or workbook. A scenario is a model, or a"
            " name and settings. For example: more=services.acute.places=+10"
        )
    sets = split_sets(rest)
    if not name or "." in name or not all("=" in one for one in sets):
        raise argparse.ArgumentTypeError(
            f"{shorten_value(text)} is not allowed. A scenario has a name without a dot, then"
            " one or more settings TABLE.KEY.COLUMN=VALUE with commas between them. For example:"
            " more=services.acute.places=+10"
        )
    return Scenario(name=name, sets=tuple(sets))
