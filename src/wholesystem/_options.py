"""What commands are declared with: their options, each with its range, refused in plain words."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from wholesystem.errors import shorten_value

__all__ = [
    "DAYS",
    "MODEL",
    "OUT",
    "PROGRESS",
    "REPLICATIONS",
    "SEED",
    "Command",
    "Option",
    "Scenario",
    "argument",
    "date_time",
    "day",
    "days",
    "option",
    "periods",
    "population",
    "port",
    "processes",
    "replications",
    "role",
    "scenario",
    "seed",
    "split_sets",
]

LAST_SEED = 2**63 - 1
# A hundred years: longer than any plan, short enough to count in microseconds.
MOST_DAYS = 36525
MOST_PEOPLE = 1e10
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
periods = _whole_number("Periods", 12, 600, "--periods 36")
processes = _whole_number("Processes", 1, 64, "--processes 2")


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


def population(text: str) -> float:
    """A number of people, the base of rates per 100,000.

    Parameters
    ----------
    text : str
        Above 0 and at most 10 billion.

    Returns
    -------
    float
        People.

    Raises
    ------
    argparse.ArgumentTypeError
        For anything else, infinity and NaN included.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= MOST_PEOPLE:
        raise argparse.ArgumentTypeError(
            f"{shorten_value(text)} is not allowed. The population must be a number above 0."
            " For example: --population 123177"
        )
    return number


def date_time(text: str) -> datetime:
    """A local date or date and time.

    Parameters
    ----------
    text : str
        In ISO form, such as ``2017-04-01`` or ``2017-04-01T08:00``, with no time zone.

    Returns
    -------
    datetime
        Naive; midnight where no time is given.

    Raises
    ------
    argparse.ArgumentTypeError
        For anything else.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None:
        raise argparse.ArgumentTypeError(
            f"{shorten_value(text)} is not allowed. A time is written as year-month-day, with a"
            " time of day if wanted and no time zone. For example: 2017-04-01T08:00"
        )
    return moment


def day(text: str) -> date:
    """A day.

    Parameters
    ----------
    text : str
        Such as ``2018-02-12``.

    Returns
    -------
    date
        The day.

    Raises
    ------
    argparse.ArgumentTypeError
        For anything else.
    """
    from wholesystem.tables.cells import CellError, parse_date

    try:
        return parse_date(text)
    except CellError as error:
        raise argparse.ArgumentTypeError(
            f"{shorten_value(text)} is not allowed. {error.rule} For example: 2018-02-12"
        ) from None


def role(text: str) -> tuple[str, tuple[str, ...]]:
    """A role and the services that have it.

    Parameters
    ----------
    text : str
        ``ROLE=SERVICE[,SERVICE...]``.

    Returns
    -------
    tuple of (role, services)
        As typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If a role or service is missing. That the role is known is checked with the measures.
    """
    name, _, rest = text.partition("=")
    services = tuple(one.strip() for one in rest.split(","))
    if not name.strip() or not all(services):
        raise argparse.ArgumentTypeError(
            f"{shorten_value(text)} is not allowed. A role is given its services, with commas"
            " between them. For example: --role hospital=acute,community_hospital"
        )
    return name.strip(), services


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
    if os.path.exists(text):
        return Scenario(name=Path(text).resolve().stem, model=Path(text))
    name, equals, rest = text.partition("=")
    name, rest = name.strip(), rest.strip()
    if name and rest and os.path.exists(rest):
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


# --------------------------------------------------------------------------- how they are declared


Option = tuple[tuple[str, ...], dict[str, Any]]


@dataclass(frozen=True)
class Command:
    """One command: what it is called, what it takes and the function that does it.

    Parameters
    ----------
    words : str
        One word, or a group and a word such as ``model check``.
    summary : str
        One line for ``--help``.
    run : callable
        Takes the options as keywords, by their `dest`.
    options : tuple of (flags, settings)
        As given to argparse's ``add_argument``.
    """

    words: str
    summary: str
    run: Callable[..., None]
    options: tuple[Option, ...] = ()


def option(*flags: str, **settings: Any) -> Option:
    """An option or several arguments, as argparse takes them.

    Parameters
    ----------
    *flags : str
        Such as ``--out``; or the `dest` of arguments without a flag.
    **settings : object
        Keywords of argparse's ``add_argument``.

    Returns
    -------
    tuple of (flags, settings)
        For `Command`.
    """
    return flags, settings


def argument(name: str, *, dest: str, **settings: Any) -> Option:
    """A file or folder given by its place on the command line.

    Parameters
    ----------
    name : str
        As shown in the help, such as ``MODEL``.
    dest : str
        Keyword of the command's function.
    **settings : object
        Keywords of argparse's ``add_argument``.

    Returns
    -------
    tuple of (flags, settings)
        For `Command`.
    """
    return (dest,), {"metavar": name, "type": Path, **settings}


MODEL = argument("MODEL", dest="model", help="the model's folder, or its Excel workbook")
OUT = option(
    "--out", type=Path, metavar="DIR", required=True, help="folder of the results; made if absent"
)
REPLICATIONS = option(
    "--replications",
    type=replications,
    metavar="N",
    help="how many times to run it, 1 to 10000 (the model's own number if not given)",
)
PROGRESS = option(
    "--progress",
    action=argparse.BooleanOptionalAction,
    default=None,
    help="show a progress bar (shown on a terminal if not given)",
)
DAYS = option(
    "--days",
    type=days,
    metavar="D",
    help="measured days, above 0 and at most 36525 (the model's own if not given)",
)
SEED = option(
    "--seed",
    type=seed,
    metavar="S",
    help="whole number from 0 that fixes every draw (the model's own if not given)",
)
