"""Named, dated lists of areas to compare an area with.

The packaged lists are those that are published openly; a user adds others as a table. A list is
always named with its date, since lists change and two lists give two pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Annotated

from wholesystem.errors import Fault, ParameterError, TableError
from wholesystem.indicators.areas import every_area, same_area_codes
from wholesystem.indicators.periods import MONTHS
from wholesystem.indicators.small_tables import packaged_rows, row_of_fault, table_rows, user_table
from wholesystem.tables import Table
from wholesystem.tables.cells import CellError, closest
from wholesystem.tables.rows import Row, Text, reader

__all__ = ["ComparatorList", "comparators_of", "packaged_comparators", "read_comparators"]

_DATED = re.compile(r"(\d{4})(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_TRUST = re.compile(r"[A-Z][A-Z0-9]{2,4}", re.ASCII)


def _parse_dated(text: str) -> str:
    if not _DATED.fullmatch(text):
        raise CellError(
            "It must be the date of the list: a year, a month or a day, year first.",
            "Write it like 2024, 2024-11 or 2024-11-05.",
        )
    return text


_parse_dated.blank_remedy = "Write the date of the list, like 2024-11."  # type: ignore[attr-defined]


class ComparatorRow(Row):
    """One comparator of one area in one list.

    Attributes
    ----------
    list : str
        Name of the list.
    dated : str
        Its date: ``2024``, ``2024-11`` or ``2024-11-05``.
    area_code, comparator_code : str
        ONS codes, or codes of trusts.
    source : str
        Where the list is from.
    """

    list: Text
    dated: Annotated[str, reader(_parse_dated)]
    area_code: Text
    comparator_code: Text
    source: Text


@dataclass(frozen=True)
class ComparatorList:
    """The areas that a list compares one area with.

    Parameters
    ----------
    name : str
        Of the list.
    dated : str
        Its date, as written.
    area_code : str
        The area.
    codes : tuple of str
        Its comparators, in the order of the list.
    source : str
        Where the list is from.
    """

    name: str
    dated: str
    area_code: str
    codes: tuple[str, ...]
    source: str

    @property
    def label(self) -> str:
        """Name and date as a chart shows them: ``Oflog tool, November 2024``."""
        year, *rest = self.dated.split("-")
        words = [str(int(rest[1]))] if len(rest) > 1 else []
        words += [MONTHS[int(rest[0]) - 1]] if rest else []
        return f"{self.name}, {' '.join([*words, year])}"


def packaged_comparators() -> tuple[ComparatorList, ...]:
    """Lists that come with the package.

    Returns
    -------
    tuple of ComparatorList
        Those of the tool of the Office for Local Government for two areas, November 2024.
    """
    rows = packaged_rows("comparators", ComparatorRow)
    return _lists(rows)


def read_comparators(
    path: str | PathLike[str], areas: Mapping[str, str] | None = None
) -> tuple[ComparatorList, ...]:
    """Lists of a user's table.

    Parameters
    ----------
    path : path
        A CSV file, or a workbook with a sheet ``comparators``: columns ``list``, ``dated``,
        ``area_code``, ``comparator_code``, ``source``.
    areas : mapping of str to str, optional
        Codes that may stand there, with their names. Where not given: every council since 2011,
        and what has the form of a trust's code.

    Returns
    -------
    tuple of ComparatorList
        A list for each name and area.

    Raises
    ------
    TableError
        With every fault: unknown codes, an area compared with itself, a comparator twice, a list
        without a date or with two dates or sources.
    """
    table = user_table(Path(path), "comparators", ComparatorRow)
    rows, faults = table_rows(table, ComparatorRow)
    known = {code: one.name for code, one in every_area().items()} if areas is None else areas
    for number, row in rows:
        faults += _code_faults(table, number, row, known, areas is not None)
    faults += _twice(table, rows) + _two_dates(table, rows)
    if not faults and not rows:
        rule = "The table has no rows."
        faults = [Fault(table.shown_as, None, rule, "Write one row for each comparator.")]
    if faults:
        raise TableError(sorted(faults, key=row_of_fault))
    return _lists(row for _, row in rows)


def comparators_of(
    lists: Iterable[ComparatorList], area_code: str, name: str = ""
) -> ComparatorList | None:
    """The list to use for an area.

    Parameters
    ----------
    lists : iterable of ComparatorList
        Of any areas.
    area_code : str
        The area; a list of it under another code of the same ground counts.
    name : str
        Of the list; empty takes the first that the area has.

    Returns
    -------
    ComparatorList or None
        None where no list is of that area and no name was asked for.

    Raises
    ------
    ParameterError
        If there is no list of that name, or it has no row of the area.
    """
    lists = tuple(lists)
    mine = [one for one in lists if one.area_code in same_area_codes(area_code)]
    if not name:
        return mine[0] if mine else None
    for one in mine:
        if one.name.casefold() == name.casefold():
            return one
    raise ParameterError(_no_such_list(name, area_code, lists, mine))


def _no_such_list(
    name: str, area_code: str, lists: tuple[ComparatorList, ...], mine: list[ComparatorList]
) -> str:
    names = sorted({one.name for one in lists})
    if name.casefold() in {one.casefold() for one in names}:
        own = ", ".join(one.name for one in mine) or "none"
        return (
            f"The list {name!r} has no comparators of {area_code}. The lists of that area:"
            f" {own}. Name one of them, or add rows for the area to your table."
        )
    near = closest(name, names)
    remedy = f"Did you mean {near!r}?" if near else f"There are: {', '.join(names) or 'none'}."
    return f"There is no list of comparators named {name!r}. {remedy}"


def _lists(rows: Iterable[ComparatorRow]) -> tuple[ComparatorList, ...]:
    found: dict[tuple[str, str], list[ComparatorRow]] = {}
    for row in rows:
        found.setdefault((row.list, row.area_code), []).append(row)
    return tuple(
        ComparatorList(
            name, some[0].dated, code, tuple(row.comparator_code for row in some), some[0].source
        )
        for (name, code), some in found.items()
    )


# ------------------------------------------------------------------------------- faults


def _code_faults(
    table: Table, number: int, row: ComparatorRow, areas: Mapping[str, str], checked: bool
) -> list[Fault]:
    found = []
    for column in ("area_code", "comparator_code"):
        code = getattr(row, column)
        if code not in areas and (checked or not _TRUST.fullmatch(code)):
            where = table.where(number, column)
            rule = "No area has this code."
            found.append(Fault(where, code, rule, _meant(code, areas)))
    if row.area_code == row.comparator_code:
        where = table.where(number, "comparator_code")
        rule = "An area is not a comparator of itself."
        found.append(Fault(where, row.comparator_code, rule, "Remove the row."))
    return found


def _meant(code: str, areas: Mapping[str, str]) -> str:
    """What a wrong code may have meant: the code of a name, or the nearest code."""
    by_name = {name: one for one, name in areas.items()}
    named = closest(code, by_name)
    if named is not None:
        return f"Did you mean {by_name[named]} ({named})?"
    near = closest(code, areas)
    if near is not None:
        return f"Did you mean {near} ({areas[near]})?"
    return "Write the ONS code, such as E10000025."


def _twice(table: Table, rows: list[tuple[int, ComparatorRow]]) -> list[Fault]:
    first: dict[tuple[str, str, str], int] = {}
    found = []
    for number, row in rows:
        key = (row.list, row.area_code, row.comparator_code)
        if key in first:
            rule = f"This comparator of {row.area_code} stands already in row {first[key]}."
            where = table.where(number, "comparator_code")
            found.append(Fault(where, row.comparator_code, rule, "Remove one of the two rows."))
        first.setdefault(key, number)
    return found


def _two_dates(table: Table, rows: list[tuple[int, ComparatorRow]]) -> list[Fault]:
    first: dict[tuple[str, str], tuple[int, ComparatorRow]] = {}
    found = []
    for number, row in rows:
        at, before = first.setdefault((row.list, row.area_code), (number, row))
        for column in ("dated", "source"):
            if getattr(row, column) != getattr(before, column):
                rule = f"The same list has another {_NOUN[column]} in row {at}."
                remedy = "Give each edition of a list its own name, or correct the cell."
                found.append(Fault(table.where(number, column), getattr(row, column), rule, remedy))
    return found


_NOUN = {"dated": "date", "source": "source"}
