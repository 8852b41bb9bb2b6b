"""A plan as a folder of CSV files, and a set of tables read against a review."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault, TableError
from wholesystem.files import staged_folder
from wholesystem.reviews.bundle_reading import ReadTables, read_tables
from wholesystem.reviews.checks import Places
from wholesystem.reviews.plan.plan import ActionPlan, plan_faults
from wholesystem.reviews.plan.records import PLAN_TABLES
from wholesystem.reviews.review import Review
from wholesystem.tables.rows import Row
from wholesystem.tables.writing import csv_bytes

__all__ = ["header_only", "read_folder_tables", "read_plan", "write_plan", "write_rows"]


def header_only(kind: type[Row]) -> bytes:
    """A table with no rows.

    Parameters
    ----------
    kind : type of Row
        Of its rows.

    Returns
    -------
    bytes
        Of the CSV file.
    """
    return csv_bytes(kind.columns(), ())


def read_folder_tables(folder: Path, kinds: Mapping[str, type[Row]]) -> ReadTables:
    """Typed rows of a folder's tables.

    Parameters
    ----------
    folder : Path
        Of CSV files; a table that is not there has no rows.
    kinds : mapping of str to type of Row
        Tables wanted.

    Returns
    -------
    ReadTables
        With the faults of files, headers and cells.

    Raises
    ------
    TableError
        If there is no such folder.
    """
    if not folder.is_dir():
        rule = "There is no such folder."
        raise TableError([Fault(str(folder), None, rule, "Check the name.")])

    def get(name: str) -> bytes:
        path = folder / name
        if not path.exists():
            return header_only(kinds[path.stem])
        try:
            return path.read_bytes()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            fault = Fault(name, None, f"It cannot be read ({reason}).", "Look what is there.")
            raise TableError([fault]) from None

    return read_tables(dict(kinds), get)


def checked(
    read: ReadTables, check: Callable[[Mapping[str, Any], Places], list[Fault]]
) -> dict[str, tuple[Any, ...]]:
    """Rows that were read, checked together.

    Parameters
    ----------
    read : ReadTables
        Rows and faults.
    check : callable
        Faults between the rows; not asked where cells have faults, since a row that could not be
        read would be told as missing.

    Returns
    -------
    dict of str to tuple of Row
        By table.

    Raises
    ------
    TableError
        With every fault.
    """
    faults = read.faults or check(read.rows, Places(read.numbers))
    if faults:
        raise TableError(faults)
    return {name: tuple(rows) for name, rows in read.rows.items()}


def read_plan(folder: str | os.PathLike[str], review: Review) -> ActionPlan:
    """A plan from a folder.

    Parameters
    ----------
    folder : path
        Of the CSV files of `PLAN_TABLES`; one that is missing has no rows. Other files are left
        alone.
    review : Review
        That the plan answers.

    Returns
    -------
    ActionPlan
        Checked.

    Raises
    ------
    TableError
        With every fault of the cells, or, where they have none, of the rows together.
    """
    read = read_folder_tables(Path(folder), PLAN_TABLES)
    rows = checked(read, lambda tables, where: plan_faults(review, tables, where))
    infos = rows.pop("action_plan")
    return ActionPlan(review, infos[0] if infos else None, **rows)


def write_plan(plan: ActionPlan, folder: str | os.PathLike[str]) -> None:
    """Write a plan as a folder of CSV files, so that it reads again.

    Parameters
    ----------
    plan : ActionPlan
        The plan.
    folder : path
        Made if it does not exist; tables of the same names are replaced, all or none.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    write_rows(plan.tables(), PLAN_TABLES, Path(folder))


def write_rows(
    rows: Mapping[str, tuple[Row, ...]], kinds: Mapping[str, type[Row]], folder: Path
) -> None:
    """Write tables into a folder, all or none.

    Parameters
    ----------
    rows : mapping of str to tuple of Row
        By table.
    kinds : mapping of str to type of Row
        Of each table.
    folder : Path
        Made if it does not exist.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    with staged_folder(folder) as stage:
        for name, kind in kinds.items():
            data = csv_bytes(kind.columns(), (row.cells() for row in rows[name]))
            (stage / f"{name}.csv").write_bytes(data)
