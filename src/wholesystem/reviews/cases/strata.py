"""The strata of a sample of cases, as a table: parameters are changed there, not in code."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.cells import Id, Ids, Record, Text
from wholesystem.tables.reading import read_csv_table
from wholesystem.tables.rows import check_columns, choice, number, whole

__all__ = ["RULES", "Stratum", "packaged_strata", "read_strata", "require_strata"]

#: Parameters that each rule needs; any other it must leave blank.
RULES = {
    "long_delay": ("days",),
    "night_discharge": ("from_hour", "to_hour", "services"),
    "readmitted": ("days", "services"),
    "ordinary": (),
    "random": (),
}
_MAY_HAVE = {"long_delay": ("services",), "night_discharge": ("not_to",)}
_PARAMETERS = ("days", "from_hour", "to_hour", "services", "not_to")


class Stratum(Record):
    """One stratum; a row of ``strata.csv``.

    Parameters
    ----------
    stratum : str
        Id.
    label : str
        What it is, in words.
    rule : str
        One of `RULES`.
    cases : int
        How many to draw; 0 to 1,000.
    days : float, optional
        Least delay, or days within which somebody comes back; > 0.
    from_hour, to_hour : int, optional
        Hours of the clock, the first included and the second not; they may run over midnight.
    services : tuple of str
        Those that count as hospital; blank for all, where the rule allows it.
    not_to : tuple of str
        Next services after which nobody left, such as ``died``.
    source : str
        Where the stratum and its thresholds come from.
    """

    stratum: Id
    label: Text
    rule: Annotated[str, choice(*RULES)]
    cases: Annotated[int, whole(0, 1000)]
    days: Annotated[float | None, number(0, 3660, blank=None, above=True)] = None
    from_hour: Annotated[int | None, whole(0, 23, blank=None)] = None
    to_hour: Annotated[int | None, whole(0, 24, blank=None)] = None
    services: Ids = ()
    not_to: Ids = ()
    source: Text


def read_strata(path: str | os.PathLike[str]) -> tuple[Stratum, ...]:
    """Strata of a CSV file.

    Parameters
    ----------
    path : path
        With the columns of `Stratum`; parameters that no row uses may be left out.

    Returns
    -------
    tuple of Stratum
        In the table's order, which decides who belongs where.

    Raises
    ------
    TableError
        With every fault of the table.
    """
    table, faults = read_csv_table(Path(path))
    if table is None:
        raise TableError(faults)
    faults = faults + check_columns(table, Stratum.columns(), Stratum.needed_columns())
    rows, found = Stratum.read(table)
    faults += found
    faults += _faults_between([(table.where(at), one) for at, one in rows])
    if not rows and not faults:
        faults.append(Fault(table.shown_as, None, "It has no stratum.", "Add a row."))
    if faults:
        raise TableError(faults)
    return tuple(one for _, one in rows)


@cache
def packaged_strata() -> tuple[Stratum, ...]:
    """The strata that come with the program, made for the services of the packaged model.

    Returns
    -------
    tuple of Stratum
        Illustrative: thresholds are assumed, and the table says so.
    """
    return read_strata(Path(str(files("wholesystem.reviews.cases").joinpath("strata.csv"))))


def require_strata(strata: Iterable[Stratum]) -> tuple[Stratum, ...]:
    """Strata made by a program, checked together as those of a file are.

    Parameters
    ----------
    strata : iterable of Stratum
        In order.

    Returns
    -------
    tuple of Stratum
        The same.

    Raises
    ------
    TableError
        If there is none, one stands twice, or a rule lacks a parameter or has one too many.
    """
    rows = tuple(strata)
    faults = _faults_between([(f"strata row {at}", one) for at, one in enumerate(rows, start=2)])
    if not rows:
        faults.append(Fault("strata", None, "There is no stratum.", "Give at least one."))
    if faults:
        raise TableError(faults)
    return rows


def _faults_between(rows: list[tuple[str, Stratum]]) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[str] = set()
    for where, one in rows:
        if one.stratum in seen:
            faults.append(
                Fault(where, one.stratum, "The stratum stands there already.", "Name each once.")
            )
        seen.add(one.stratum)
        faults += _parameter_faults(where, one)
    return faults


def _parameter_faults(where: str, one: Stratum) -> Iterator[Fault]:
    needed = RULES[one.rule]
    allowed = (*needed, *_MAY_HAVE.get(one.rule, ()))
    for name in _PARAMETERS:
        value = getattr(one, name)
        blank = value is None or value == ()
        if blank and name in needed:
            yield Fault(
                f"{where}, column {name}",
                "",
                f"The rule {one.rule} needs {name}.",
                "Fill the cell.",
            )
        elif not blank and name not in allowed:
            yield Fault(
                f"{where}, column {name}",
                one.cells()[name],
                f"The rule {one.rule} has no {name}.",
                "Clear the cell.",
            )
    if one.from_hour is not None and one.to_hour in (one.from_hour, one.from_hour + 24):
        rule = "The hours from and to are the same, so no time lies between."
        yield Fault(f"{where}, column to_hour", str(one.to_hour), rule, "Write a later hour.")
