"""Instruments to read and write: the packaged ones, and those that a user brings as tables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault, OurFault, TableError
from wholesystem.reviews.feedback.instrument import INSTRUMENT_TABLES, Instrument
from wholesystem.reviews.feedback.instrument_checks import InstrumentRows, faults_of_rows
from wholesystem.reviews.table_sets import TableSet
from wholesystem.tables import Tables
from wholesystem.tables.rows import Row, check_columns

__all__ = ["make_instrument", "packaged_instruments", "read_instrument", "write_instrument"]

_SET = TableSet(
    "instrument",
    "an",
    INSTRUMENT_TABLES,
    Path(str(files("wholesystem.reviews.feedback").joinpath("instruments"))),
)


def packaged_instruments() -> tuple[str, ...]:
    """Ids of the instruments that come with the program.

    Returns
    -------
    tuple of str
        In the order of the alphabet.
    """
    return _SET.packaged


def read_instrument(name_or_path: str | os.PathLike[str]) -> Instrument:
    """An instrument: a packaged one by its id, or a user's tables.

    Parameters
    ----------
    name_or_path : str or path
        Id of a packaged instrument; or a folder of ``instrument.csv``, ``questions.csv``,
        ``scales.csv`` and ``roles.csv``; or an .xlsx workbook whose sheets bear those names. A
        packaged id comes before a folder of the same name: write ``./name`` for the folder.

    Returns
    -------
    Instrument
        Checked.

    Raises
    ------
    TableError
        With every fault of every table: unknown and missing tables and columns, cells, and rows
        that do not fit together.
    """
    name = os.fspath(name_or_path)
    if isinstance(name_or_path, str) and name in packaged_instruments():
        return _packaged(name)
    return make_instrument(_SET.read(Path(name)))


@cache
def _packaged(name: str) -> Instrument:
    try:
        return make_instrument(_SET.read_packaged(name))
    except TableError as error:
        raise OurFault(f"The packaged instrument {name} has faults. {error}") from None


# --------------------------------------------------------------------------- typed rows


def make_instrument(tables: Tables) -> Instrument:
    """An instrument of tables that were read as text.

    Parameters
    ----------
    tables : Tables
        With the faults of their files.

    Returns
    -------
    Instrument
        Checked.

    Raises
    ------
    TableError
        With every fault of every table.
    """
    faults = list(tables.faults)
    rows: dict[str, list[Any]] = {}
    numbers: dict[str, list[int]] = {}
    unsure = set()
    for name in INSTRUMENT_TABLES:
        rows[name], numbers[name], found = _read_rows(name, tables)
        faults += found
        unsure |= {name} if found or name not in tables.tables else set()
    faults += _between(tables, rows, numbers, unsure)
    if faults:
        raise TableError(faults)
    return Instrument(
        rows["instrument"][0],
        tuple(rows["questions"]),
        tuple(rows["scales"]),
        tuple(rows["roles"]),
    )


def _read_rows(name: str, tables: Tables) -> tuple[list[Any], list[int], list[Fault]]:
    kind, table = INSTRUMENT_TABLES[name], tables.tables.get(name)
    if table is None:
        return [], [], [] if tables.faults else [_SET.missing(name, tables)]
    found = check_columns(table, kind.columns(), kind.needed_columns())
    read, of_rows = kind.read(table)
    found += of_rows
    if name == "instrument":
        found += _SET.not_one_row(table)
    return [row for _, row in read], [number for number, _ in read], found


def _between(
    tables: Tables,
    rows: Mapping[str, list[Any]],
    numbers: Mapping[str, list[int]],
    unsure: set[str],
) -> list[Fault]:
    def place(name: str, at: int | None, column: str) -> str:
        return tables.tables[name].where(None if at is None else numbers[name][at], column)

    return faults_of_rows(
        InstrumentRows(rows["questions"], rows["scales"], rows["roles"], place, unsure)
    )


# --------------------------------------------------------------------------- writing


def write_instrument(instrument: Instrument, out: str | os.PathLike[str]) -> None:
    """Write an instrument as tables that `read_instrument` reads again.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    out : path
        A folder, made if it does not exist; or a workbook, where the name ends in ``.xlsx``.
        Tables of the same names are replaced, all or none.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    rows: dict[str, tuple[Row, ...]] = {
        "instrument": (instrument.info,),
        "questions": instrument.questions,
        "scales": instrument.scales,
        "roles": instrument.roles,
    }
    _SET.write(rows, out)
