"""Frameworks to read: the packaged ones, and those that a user brings as tables."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault, OurFault, TableError
from wholesystem.reviews.bundle_layout import FRAMEWORK_TABLES
from wholesystem.reviews.framework import Framework, faults_between_questions
from wholesystem.reviews.table_sets import TableSet
from wholesystem.tables import Table, Tables
from wholesystem.tables.rows import Row, check_columns

__all__ = ["packaged_frameworks", "read_framework", "write_framework"]

_SET = TableSet(
    "framework",
    "a",
    FRAMEWORK_TABLES,
    Path(str(files("wholesystem.reviews").joinpath("frameworks"))),
)


def packaged_frameworks() -> tuple[str, ...]:
    """Ids of the frameworks that come with the program.

    Returns
    -------
    tuple of str
        In the order of the alphabet.
    """
    return _SET.packaged


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
    return _checked(_SET.read(Path(name)))


@cache
def _packaged(name: str) -> Framework:
    try:
        return _checked(_SET.read_packaged(name))
    except TableError as error:
        raise OurFault(f"The packaged framework {name} has faults. {error}") from None


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
            typed.faults += [] if _is_told(name, tables) else [_SET.missing(name, tables)]
        else:
            _read_rows(table, kind, typed)
    return typed


def _is_told(name: str, tables: Tables) -> bool:
    """Whether a fault of its file, or of the whole workbook, says why a table is not there."""
    shown_as = _SET.shown_as(name, tables)
    return any(
        one.where == tables.source.name or f"{one.where} ".startswith(f"{shown_as} ")
        for one in tables.faults
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
            typed.faults += _SET.not_one_row(table)


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
    rows: dict[str, tuple[Row, ...]] = {
        "framework": (framework.info,),
        "areas": framework.areas,
        "questions": framework.questions,
        "prompts": framework.prompts,
    }
    _SET.write(rows, out)
