"""Which columns of a file hold the dates and the figures: named, or found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wholesystem.errors import Fault, TableError
from wholesystem.indicators.spc.dates import parse_day
from wholesystem.tables.cells import CellError, closest, parse_number

DATE_NAMES = ("date", "month", "period", "period_start", "week", "day", "quarter", "year")


@dataclass(frozen=True)
class Columns:
    """Which columns to read; None = find it.

    Parameters
    ----------
    date, value : str or None
        Day of each figure, and the figure (the count in P, U and C charts).
    group : str or None
        Name of the area or indicator; None = one chart.
    denominator : str or None
        Base of the count in P and U charts.
    needs_value : bool
        Whether there must be a figure; a T chart needs only dates.
    """

    date: str | None = None
    value: str | None = None
    group: str | None = None
    denominator: str | None = None
    needs_value: bool = True


def one_fault(where: str, rule: str, remedy: str, value: str | None = None) -> TableError:
    """An error of one fault.

    Parameters
    ----------
    where, rule, remedy : str
        As in `Fault`.
    value : str, optional
        What stands there.

    Returns
    -------
    TableError
        To be raised.
    """
    return TableError([Fault(where, value, rule, remedy)])


def find_columns(
    path: Path, header: list[str], body: Sequence[tuple[int, list[str]]], columns: Columns
) -> dict[str, int]:
    """Place of each column wanted.

    Parameters
    ----------
    path : Path
        Of the file, for messages.
    header : list of str
        Names of the columns.
    body : sequence of (int, list of str)
        Number and cells of each row.
    columns : Columns
        Which are named; the dates and figures are found if not.

    Returns
    -------
    dict of str to int
        By role: ``date``, ``value``, ``group``, ``denominator``.

    Raises
    ------
    TableError
        If a column is not there or cannot be told from the others.
    """
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        names = ", ".join(repr(name) for name in twice)
        raise one_fault(
            f"{path.name} row 1", f"The header has {names} more than once.", "Rename one."
        )
    places: dict[str, int] = {}
    faults = []
    for role in ("date", "value", "group", "denominator"):
        wanted = getattr(columns, role)
        if wanted is None:
            continue
        place = _place_of(wanted, header)
        if place is None:
            faults.append(_no_column(path, wanted, header, role))
        else:
            places[role] = place
    if faults:
        raise TableError(faults)
    if "date" not in places:
        places["date"] = _find_dates(path, header, body)
    if "value" not in places and columns.needs_value:
        places["value"] = _find_values(path, header, body, set(places.values()))
    return places


def _place_of(wanted: str, header: list[str]) -> int | None:
    if wanted in header:
        return header.index(wanted)
    lower = [name.lower() for name in header]
    return lower.index(wanted.lower()) if lower.count(wanted.lower()) == 1 else None


def _no_column(path: Path, wanted: str, header: list[str], role: str) -> Fault:
    near = closest(wanted, header)
    names = ", ".join(header[:12]) + (", ..." if len(header) > 12 else "")
    remedy = f"Did you mean {near}?" if near else f"The columns are {names}."
    return Fault(f"{path.name} row 1", None, f"There is no column {wanted!r} for --{role}.", remedy)


def _first_cells(body: Sequence[tuple[int, list[str]]], place: int) -> list[str]:
    cells = [row[place].strip() for _, row in body[:50] if place < len(row)]
    return [cell for cell in cells if cell]


def _is_day(cell: str) -> bool:
    try:
        return bool(parse_day(cell))
    except CellError:
        return False


def _find_dates(path: Path, header: list[str], body: Sequence[tuple[int, list[str]]]) -> int:
    for name in DATE_NAMES:
        place = _place_of(name, header)
        if place is not None:
            return place
    if any(map(_is_day, header)):
        raise one_fault(
            f"{path.name} row 1", "The file has no names of columns.", "Write date,value in row 1."
        )
    for place in range(len(header)):
        cells = _first_cells(body, place)
        if cells and all(map(_is_day, cells[:3])):
            return place
    raise one_fault(
        f"{path.name} row 1",
        "No column of dates is found.",
        "Name it with --date. The columns are " + ", ".join(header[:12]) + ".",
    )


def _find_values(
    path: Path, header: list[str], body: Sequence[tuple[int, list[str]]], taken: set[int]
) -> int:
    place = _place_of("value", header)
    if place is not None and place not in taken:
        return place
    others = [place for place in range(len(header)) if place not in taken]
    numeric = [place for place in others if _mostly_numbers(_first_cells(body, place))]
    if len(numeric) == 1:
        return numeric[0]
    if len(others) == 1:  # its faults are told cell by cell
        return others[0]
    names = ", ".join(header[place] for place in (numeric or others)[:12])
    what = "More than one column holds numbers" if numeric else "No column of figures is found"
    raise one_fault(f"{path.name} row 1", f"{what}: {names}.", "Name the one wanted with --value.")


def _mostly_numbers(cells: Sequence[str]) -> bool:
    return 2 * sum(_is_number(cell) for cell in cells) > len(cells)


def _is_number(cell: str) -> bool:
    try:
        parse_number(cell)
    except CellError:
        return False
    return True
