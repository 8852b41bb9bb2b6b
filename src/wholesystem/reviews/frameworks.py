"""Frameworks to read: the packaged ones, and those that a user brings as tables."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault, OurFault, TableError
from wholesystem.files import staged_folder
from wholesystem.reviews.bundle_layout import FRAMEWORK_TABLES
from wholesystem.reviews.framework import Framework, faults_between_questions
from wholesystem.tables import Layout, RawRow, Table, Tables
from wholesystem.tables.cells import closest
from wholesystem.tables.reading import read_csv_table
from wholesystem.tables.rows import Row, check_columns

__all__ = ["packaged_frameworks", "read_framework", "write_framework"]

_NAMES = tuple(FRAMEWORK_TABLES)
_WORKBOOKS = (".xlsx", ".xlsm")
_LAYOUT = Layout(
    {name: kind.columns() for name, kind in FRAMEWORK_TABLES.items()},
    frozenset(),
    lambda _: None,
    "",
)


def _packaged_folder() -> Path:
    return Path(str(files("wholesystem.reviews").joinpath("frameworks")))


@cache
def packaged_frameworks() -> tuple[str, ...]:
    """Ids of the frameworks that come with the program.

    Returns
    -------
    tuple of str
        In the order of the alphabet.
    """
    return tuple(sorted(one.name for one in _packaged_folder().iterdir() if one.is_dir()))


def read_framework(name_or_path: str | os.PathLike[str]) -> Framework:
    """A framework: a packaged one by its id, or a user's tables.

    Parameters
    ----------
    name_or_path : str or path
        Id of a packaged framework; or a folder of the tables ``framework.csv``, ``areas.csv``,
        ``questions.csv`` and ``prompts.csv``; or an .xlsx workbook whose sheets bear those names.
        A packaged id comes before a folder of the same name: write ``./name`` for the folder.

    Returns
    -------
    Framework
        Areas and questions in the order that their tables give.

    Raises
    ------
    TableError
        With every fault of every table: unknown and missing tables and columns, cells, ids that
        stand twice, rows that name others that are not there.
    """
    name = os.fspath(name_or_path)
    if isinstance(name_or_path, str) and name in packaged_frameworks():
        return _packaged(name)
    return _checked(_read(Path(name)))


@cache
def _packaged(name: str) -> Framework:
    try:
        return _checked(_read(_packaged_folder() / name))
    except TableError as error:
        raise OurFault(f"The packaged framework {name} has faults. {error}") from None


# --------------------------------------------------------------------------- tables as text


def _read(path: Path) -> Tables:
    if path.is_dir():
        return _read_folder(path)
    if path.is_file() and path.suffix.lower() in _WORKBOOKS:
        return _read_workbook(path)
    raise TableError([_neither(path)])


def _neither(path: Path) -> Fault:
    listed = f"the packaged ones are {', '.join(packaged_frameworks())}"
    if path.is_file():
        remedy = "Give the folder of its tables, or an .xlsx workbook."
        if path.suffix.lower() == ".csv":
            remedy = f"Give the folder that it is in: {path.parent}."
        elif path.suffix.lower() == ".xls":
            remedy = "Open it in Excel and save it as an Excel workbook (.xlsx)."
        return Fault(str(path), None, "It is neither a folder nor a workbook.", remedy)
    near = closest(path.name, packaged_frameworks())
    return Fault(
        str(path),
        None,
        "There is no such framework, folder or workbook.",
        f"Did you mean {near}?" if near else f"Check the name; {listed}.",
    )


def _read_folder(folder: Path) -> Tables:
    tables, faults = [], []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != ".csv" or path.name.startswith((".", "~$")):
            continue
        if path.stem not in _NAMES:
            faults.append(_unknown(path.name, path.stem, ".csv"))
            continue
        table, found = read_csv_table(path)
        faults += found
        tables += [table] if table is not None else []
    return Tables(folder, Tables.in_order(tables, _LAYOUT), tuple(faults))


def _read_workbook(path: Path) -> Tables:
    from wholesystem.tables.workbook import read_workbook

    read = read_workbook(path, _LAYOUT)
    return Tables(path, read.tables, tuple(_in_our_words(one, path) for one in read.faults))


def _in_our_words(fault: Fault, path: Path) -> Fault:
    """A sheet that is no table, told as one of a framework."""
    before, between, name = fault.where.partition(f"{path.name} sheet ")
    if before or not between or name.partition(" ")[0] in _NAMES:
        return fault
    return _unknown(fault.where, name, "")


def _unknown(shown_as: str, name: str, ending: str) -> Fault:
    near = closest(name, _NAMES)
    return Fault(
        shown_as,
        None,
        "It is no table of a framework.",
        f"Did you mean {near}{ending}? Rename it so."
        if near
        else f"Remove it; the tables are {', '.join(_NAMES)}.",
    )


# --------------------------------------------------------------------------- typed rows


@dataclass
class _Typed:
    """Rows of the tables, which rows they are, and the ids of those that have faults."""

    rows: dict[str, list[Any]] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    unread: dict[str, set[str] | None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def _checked(tables: Tables) -> Framework:
    typed = _typed(tables)
    rows = typed.rows
    between = faults_between_questions(
        rows["areas"], rows["questions"], rows["prompts"], typed.unread
    )
    faults = [*tables.faults, *typed.faults, *(_placed(one, tables, typed) for one in between)]
    if faults:
        raise TableError(faults)
    return Framework(
        rows["framework"][0],
        tuple(sorted(rows["areas"], key=lambda one: one.order)),
        tuple(sorted(rows["questions"], key=lambda one: one.order)),
        tuple(rows["prompts"]),
    )


def _typed(tables: Tables) -> _Typed:
    typed = _Typed()
    for name, kind in FRAMEWORK_TABLES.items():
        table = tables.tables.get(name)
        typed.rows[name], typed.numbers[name], typed.unread[name] = [], [], None
        if table is None:
            typed.faults += [] if _is_told(name, tables) else [_missing(name, kind, tables)]
        else:
            _read_rows(table, kind, typed)
    return typed


def _is_told(name: str, tables: Tables) -> bool:
    """Whether a fault of its file, or of the whole workbook, says why a table is not there."""
    shown_as = _shown_as(name, tables)
    return any(
        one.where == tables.source.name or f"{one.where} ".startswith(f"{shown_as} ")
        for one in tables.faults
    )


def _shown_as(name: str, tables: Tables) -> str:
    is_workbook = tables.source.suffix.lower() in _WORKBOOKS and not tables.source.is_dir()
    return f"{tables.source.name} sheet {name}" if is_workbook else f"{name}.csv"


def _missing(name: str, kind: type[Row], tables: Tables) -> Fault:
    return Fault(
        _shown_as(name, tables),
        None,
        "This table is missing.",
        f"Add it; its columns are {', '.join(kind.columns())}.",
    )


def _read_rows(table: Table, kind: type[Row], typed: _Typed) -> None:
    name, key = table.name, kind.columns()[0]
    of_columns = check_columns(table, kind.columns(), kind.needed_columns())
    rows, of_rows = kind.read(table)
    typed.faults += [*of_columns, *of_rows]
    typed.rows[name] = [row for _, row in rows]
    typed.numbers[name] = [number for number, _ in rows]
    good = set(typed.numbers[name])
    if table.is_whole and not of_columns:
        typed.unread[name] = {r.cells.get(key, "") for r in table.rows if r.number not in good}
        if name == "framework":
            typed.faults += _not_one_row(table)


def _not_one_row(table: Table) -> Iterator[Fault]:
    count = len(table.rows)
    if count != 1:
        yield Fault(
            table.shown_as,
            None,
            f"It must have one row under its header; it has {count}.",
            "Keep the row of this framework." if count else "Add the row.",
        )


_PLACE = re.compile(r"^(\w+)\.csv(?: row (\d+))?")


def _placed(fault: Fault, tables: Tables, typed: _Typed) -> Fault:
    """A fault between rows, at the place where it stands in the user's file."""

    def place(match: re.Match[str]) -> str:
        table = tables.tables[match[1]]
        number = typed.numbers[match[1]][int(match[2]) - 2] if match[2] else None
        return table.where(number)

    return Fault(_PLACE.sub(place, fault.where), fault.value, fault.rule, fault.remedy)


# --------------------------------------------------------------------------- writing


def write_framework(framework: Framework, out: str | os.PathLike[str]) -> None:
    """Write a framework as tables that `read_framework` reads again.

    Parameters
    ----------
    framework : Framework
        The questions.
    out : path
        A folder, made if it does not exist; or a workbook, where the name ends in ``.xlsx``.
        Tables of the same names are replaced, all or none.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    from wholesystem.tables.writing import csv_bytes, write_excel

    target = Path(out)
    tables = Tables(target, _tables_of(framework))
    if target.suffix.lower() == ".xlsx":
        write_excel(tables, target)
        return
    with staged_folder(target) as stage:
        for name, table in tables.tables.items():
            data = csv_bytes(table.columns, (row.cells for row in table.rows))
            (stage / f"{name}.csv").write_bytes(data)


def _tables_of(framework: Framework) -> dict[str, Table]:
    rows: dict[str, tuple[Row, ...]] = {
        "framework": (framework.info,),
        "areas": framework.areas,
        "questions": framework.questions,
        "prompts": framework.prompts,
    }
    return {
        name: Table(
            name,
            name,
            FRAMEWORK_TABLES[name].columns(),
            tuple(RawRow(at, one.cells()) for at, one in enumerate(rows[name], start=2)),
        )
        for name in _NAMES
    }
