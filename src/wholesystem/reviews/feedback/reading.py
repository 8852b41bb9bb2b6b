"""Instruments to read and write: the packaged ones, and those that a user brings as tables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault, OurFault, TableError
from wholesystem.files import staged_folder
from wholesystem.reviews.feedback.instrument import INSTRUMENT_TABLES, Instrument
from wholesystem.reviews.feedback.instrument_checks import InstrumentRows, faults_of_rows
from wholesystem.tables import Layout, RawRow, Table, Tables
from wholesystem.tables.cells import closest
from wholesystem.tables.reading import read_csv_table
from wholesystem.tables.rows import Row, check_columns

__all__ = ["packaged_instruments", "read_instrument", "write_instrument"]

_NAMES = tuple(INSTRUMENT_TABLES)
_WORKBOOKS = (".xlsx", ".xlsm")
_LAYOUT = Layout(
    {name: kind.columns() for name, kind in INSTRUMENT_TABLES.items()},
    frozenset(),
    lambda _: None,
    "",
)
_NO_TABLE = "It is no table of an instrument."


def _packaged_folder() -> Path:
    return Path(str(files("wholesystem.reviews.feedback").joinpath("instruments")))


@cache
def packaged_instruments() -> tuple[str, ...]:
    """Ids of the instruments that come with the program.

    Returns
    -------
    tuple of str
        In the order of the alphabet.
    """
    return tuple(sorted(one.name for one in _packaged_folder().iterdir() if one.is_dir()))


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
    return _checked(_read(Path(name)))


@cache
def _packaged(name: str) -> Instrument:
    try:
        return _checked(_read(_packaged_folder() / name))
    except TableError as error:
        raise OurFault(f"The packaged instrument {name} has faults. {error}") from None


# --------------------------------------------------------------------------- tables as text


def _read(path: Path) -> Tables:
    if path.is_dir():
        return _read_folder(path)
    if path.is_file() and path.suffix.lower() in _WORKBOOKS:
        return _read_workbook(path)
    raise TableError([_neither(path)])


def _neither(path: Path) -> Fault:
    if path.is_file():
        is_csv = path.suffix.lower() == ".csv"
        remedy = f"Give the folder that it is in: {path.parent}." if is_csv else ""
        return Fault(
            str(path),
            None,
            "It is neither a folder nor a workbook.",
            remedy or "Give the folder of its tables, or save it as an .xlsx workbook.",
        )
    near = closest(path.name, packaged_instruments())
    listed = ", ".join(packaged_instruments())
    return Fault(
        str(path),
        None,
        "There is no such instrument, folder or workbook.",
        f"Did you mean {near}?" if near else f"Check the name; the packaged ones are {listed}.",
    )


def _read_folder(folder: Path) -> Tables:
    tables, faults = [], []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != ".csv" or path.name.startswith((".", "~$")):
            continue
        if path.stem not in _NAMES:
            near = closest(path.stem, _NAMES)
            remedy = f"Did you mean {near}.csv? Rename it so." if near else _which_tables()
            faults.append(Fault(path.name, None, _NO_TABLE, remedy))
            continue
        table, found = read_csv_table(path)
        faults += found
        tables += [table] if table is not None else []
    return Tables(folder, Tables.in_order(tables, _LAYOUT), tuple(faults))


def _which_tables() -> str:
    return f"Remove it; the tables are {', '.join(_NAMES)}."


def _read_workbook(path: Path) -> Tables:
    from wholesystem.tables.workbook import read_workbook

    read = read_workbook(path, _LAYOUT)
    # The reader of workbooks is shared with models, and calls every unknown sheet one of theirs.
    faults = [
        replace(one, rule=_NO_TABLE) if one.rule == "It is no table of a model." else one
        for one in read.faults
    ]
    return Tables(path, read.tables, tuple(faults))


# --------------------------------------------------------------------------- typed rows


def _checked(tables: Tables) -> Instrument:
    faults = list(tables.faults)
    rows: dict[str, list[Any]] = {}
    numbers: dict[str, list[int]] = {}
    unsure = set()
    for name in _NAMES:
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
        return [], [], [] if tables.faults else [_missing(name, tables)]
    found = check_columns(table, kind.columns(), kind.needed_columns())
    read, of_rows = kind.read(table)
    found += of_rows
    if name == "instrument":
        found += _not_one_row(table)
    return [row for _, row in read], [number for number, _ in read], found


def _missing(name: str, tables: Tables) -> Fault:
    is_workbook = tables.source.suffix.lower() in _WORKBOOKS and not tables.source.is_dir()
    return Fault(
        f"{tables.source.name} sheet {name}" if is_workbook else f"{name}.csv",
        None,
        "This table is missing.",
        f"Add it; its columns are {', '.join(INSTRUMENT_TABLES[name].columns())}.",
    )


def _not_one_row(table: Table) -> list[Fault]:
    count = len(table.rows)
    if count == 1:
        return []
    return [
        Fault(
            table.shown_as,
            None,
            f"It must have one row under its header; it has {count}.",
            "Keep the row of this instrument." if count else "Add the row.",
        )
    ]


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
    from wholesystem.tables.writing import csv_bytes, write_excel

    target = Path(out)
    tables = _tables_of(instrument)
    if target.suffix.lower() == ".xlsx":
        write_excel(Tables(target, tables), target)
        return
    with staged_folder(target) as stage:
        for name, table in tables.items():
            data = csv_bytes(table.columns, (row.cells for row in table.rows))
            (stage / f"{name}.csv").write_bytes(data)


def _tables_of(instrument: Instrument) -> dict[str, Table]:
    rows: dict[str, tuple[Row, ...]] = {
        "instrument": (instrument.info,),
        "questions": instrument.questions,
        "scales": instrument.scales,
        "roles": instrument.roles,
    }
    return {
        name: Table(
            name,
            name,
            kind.columns(),
            tuple(RawRow(at, one.cells()) for at, one in enumerate(rows[name], start=2)),
        )
        for name, kind in INSTRUMENT_TABLES.items()
    }
