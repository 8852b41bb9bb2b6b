"""What a profile is asked to show: its period, comparators, targets and rebasings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Annotated

from pydantic import Field

from wholesystem.errors import Fault, ParameterError, TableError
from wholesystem.indicators.areas import every_area
from wholesystem.indicators.comparators import ComparatorList
from wholesystem.indicators.small_tables import packaged_rows, table_rows, user_table
from wholesystem.indicators.spc import Rebase
from wholesystem.tables import Table
from wholesystem.tables.cells import closest
from wholesystem.tables.rows import BlankDate, BlankText, Date, Id, Row, Text, number

__all__ = [
    "ProfileOptions",
    "RebaseRow",
    "Target",
    "packaged_targets",
    "read_rebases",
    "read_targets",
]

#: Periods shown in a chart and counted in its limits, unless told otherwise.
PERIODS = 36
FEWEST_PERIODS, MOST_PERIODS = 12, 600
TRUST_CODE = re.compile(r"[A-Z][A-Z0-9]{2,4}", re.ASCII)


class Target(Row):
    """A target that holds for an indicator, in one area or all.

    Parameters
    ----------
    indicator : str
        Id.
    area_code : str
        Area or trust; blank = every one.
    starts : date or None
        Column ``from``: first day that it holds; None = always before.
    to : date or None
        Last day that it holds; None = no end.
    target : float
        In the unit of the indicator.
    name : str
        What it is called.
    source : str
        Who set it, and where that stands.
    """

    indicator: Id
    area_code: BlankText
    starts: BlankDate = Field(alias="from")
    to: BlankDate
    target: Annotated[float, number(-1e12, 1e12)]
    name: Text
    source: Text


class RebaseRow(Row):
    """A day from which an indicator's limits are worked out anew, by hand.

    Parameters
    ----------
    indicator : str
        Id.
    area_code : str
        Area or trust.
    date : date
        Attribute `on`. The first period that starts on it or later begins the new phase.
    reason : str
        The change that is known and understood.
    """

    indicator: Id
    area_code: Text
    on: Date = Field(alias="date")
    reason: Text


@cache
def packaged_targets() -> tuple[Target, ...]:
    """Return the targets that come with the package: only those whose source was read."""
    return packaged_rows("profile/targets", Target)


@dataclass(frozen=True)
class ProfileOptions:
    """What a profile is asked to show.

    Parameters
    ----------
    until : date, optional
        No period that ends later is shown.
    known_on : date, optional
        Figures as they were known on that day; as last revised if None.
    periods : int
        The last so many periods are drawn and counted in the limits of the chart, 12 to 600.
    lists : tuple of ComparatorList
        Named comparator lists of any areas.
    list_name : str
        Which list to use; empty takes the area's first, else the statistical neighbours.
    targets : tuple of Target
        Those of the package if not given.
    rebases : tuple of RebaseRow
        None if empty.
    screen_outliers : bool
        Whether the limits leave out moving ranges above 3.267 times their mean.
    """

    until: date | None = None
    known_on: date | None = None
    periods: int = PERIODS
    lists: tuple[ComparatorList, ...] = ()
    list_name: str = ""
    targets: tuple[Target, ...] = field(default_factory=packaged_targets)
    rebases: tuple[RebaseRow, ...] = ()
    screen_outliers: bool = False

    def __post_init__(self) -> None:
        """Refuse a number of periods out of range."""
        if not FEWEST_PERIODS <= self.periods <= MOST_PERIODS:
            raise ParameterError(
                f"periods is {self.periods}. It must be {FEWEST_PERIODS} to {MOST_PERIODS}."
                " Correct it."
            )

    def target_of(self, indicator: str, code: str, on: date) -> Target | None:
        """Return the target of an area on a day: its own before that of all areas."""
        found = [
            one
            for one in self.targets
            if one.indicator == indicator
            and one.area_code in ("", code)
            and (one.starts is None or one.starts <= on)
            and (one.to is None or on <= one.to)
        ]
        return max(found, key=lambda one: bool(one.area_code), default=None)

    def rebases_of(self, indicator: str, code: str) -> list[Rebase]:
        """Return the rebasings of an area's indicator, in order of time."""
        found = [r for r in self.rebases if (r.indicator, r.area_code) == (indicator, code)]
        return [Rebase(one.on, one.reason) for one in sorted(found, key=lambda one: one.on)]


def read_targets(path: str | PathLike[str], catalogue: Mapping[str, object]) -> tuple[Target, ...]:
    """Return the targets of a user's table.

    Parameters
    ----------
    path : path
        A CSV file, or a workbook with a sheet ``targets``.
    catalogue : mapping
        Ids of the indicators.

    Returns
    -------
    tuple of Target
        In the order of the table.

    Raises
    ------
    TableError
        With every fault: an unknown indicator or area, a target that is no number, an end before
        its start.
    """
    table = user_table(Path(path), "targets", Target)
    rows, faults = table_rows(table, Target)
    for at, row in rows:
        faults += _unknown(table, at, row.indicator, catalogue)
        faults += _unknown_area(table, at, row.area_code)
        if row.starts and row.to and row.to < row.starts:
            rule = f"The target ends before it starts ({row.starts})."
            faults.append(Fault(table.where(at, "to"), str(row.to), rule, "Correct one of them."))
    if faults:
        raise TableError(faults)
    return tuple(row for _, row in rows)


def read_rebases(
    path: str | PathLike[str], catalogue: Mapping[str, object]
) -> tuple[RebaseRow, ...]:
    """Return the rebasings of a user's table, each with its reason.

    Parameters
    ----------
    path : path
        A CSV file, or a workbook with a sheet ``rebases``.
    catalogue : mapping
        Ids of the indicators.

    Returns
    -------
    tuple of RebaseRow
        In the order of the table.

    Raises
    ------
    TableError
        With every fault: an unknown indicator or area, a missing reason, a date that is none.
    """
    table = user_table(Path(path), "rebases", RebaseRow)
    rows, faults = table_rows(table, RebaseRow)
    for at, row in rows:
        faults += _unknown(table, at, row.indicator, catalogue)
        faults += _unknown_area(table, at, row.area_code)
    if faults:
        raise TableError(faults)
    return tuple(row for _, row in rows)


def _unknown(table: Table, at: int, name: str, catalogue: Mapping[str, object]) -> list[Fault]:
    if name in catalogue:
        return []
    near = closest(name, list(catalogue))
    rule = "There is no such indicator in the catalogue."
    remedy = f"Did you mean {near}?" if near else "See wholesystem indicators list."
    return [Fault(table.where(at, "indicator"), name, rule, remedy)]


def _unknown_area(table: Table, at: int, code: str) -> list[Fault]:
    # A wrong code would never hold, and nobody would be told.
    if not code or code in every_area() or TRUST_CODE.fullmatch(code):
        return []
    near = closest(code, list(every_area()))
    rule = "No area has this code, and it has not the form of a trust's."
    remedy = f"Did you mean {near}?" if near else "Write a code such as E10000025 or RTH."
    return [Fault(table.where(at, "area_code"), code, rule, remedy)]
