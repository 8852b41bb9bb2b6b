"""Reading a model from its tables, and writing one: folders and workbooks.

Every fault of every table is told at once, in the order of the tables and rows.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from wholesystem.errors import Fault, TableError
from wholesystem.flow.model import Model
from wholesystem.flow.model_checks import check_rows
from wholesystem.flow.model_rows import ROWS, EmpiricalRow, Settings
from wholesystem.flow.model_unchecked import Rows
from wholesystem.flow.model_warnings import find_warnings
from wholesystem.tables import Layout, RawRow, Table, Tables, read_tables, write_excel, write_folder
from wholesystem.tables.cells import closest, number_text
from wholesystem.tables.rows import Row, check_columns
from wholesystem.tables.settings import SETTINGS_COLUMNS

__all__ = [
    "LAYOUT",
    "REQUIRED",
    "build_model",
    "from_excel",
    "model_to_tables",
    "read_model",
    "to_excel",
    "write_model_folder",
]

REQUIRED = ("services", "arrivals", "durations", "routes")
SETTINGS = "model"
EMPIRICAL = "empirical_"
EMPIRICAL_COLUMNS = ("days", "hours_per_week")

# The results, so that a model's folder may be the folder of its results too.
RESULTS = {
    "delays.csv",
    "differences.csv",
    "daily.csv",
    "flows.csv",
    "length_of_stay.csv",
    "occupancy.csv",
    "quality.csv",
    "rejected.csv",
    "stays.csv",
    "summary.csv",
}
# Companions of a packaged model: the figures that its sources name, and the words of its page.
COMPANIONS = {"figures.csv", "page.toml", "published.csv"}


def _empirical_columns(name: str) -> tuple[str, ...] | None:
    return EMPIRICAL_COLUMNS if name.startswith(EMPIRICAL) and name != EMPIRICAL else None


LAYOUT = Layout(
    columns={name: row.columns() for name, row in ROWS.items()},
    ignored=frozenset(RESULTS | COMPANIONS),
    extra=_empirical_columns,
    settings=SETTINGS,
)


def read_model(path: str | os.PathLike[str]) -> Model:
    """Model of a folder of tables, or of a workbook.

    Parameters
    ----------
    path : path
        A folder with ``model.toml`` and CSV tables, or an .xlsx workbook with sheets of the same
        names.

    Returns
    -------
    Model
        Valid; see its `warnings`.

    Raises
    ------
    TableError
        With every fault of every table.
    """
    return build_model(read_tables(path, LAYOUT))


def build_model(tables: Tables) -> Model:
    """Model of tables that are already text.

    Parameters
    ----------
    tables : Tables
        As read from a folder or workbook.

    Returns
    -------
    Model
        Valid.

    Raises
    ------
    TableError
        With every fault of every table, in table and row order.
    """
    found = Rows(tables.tables)
    if tables.tables:
        found.faults += _missing_tables(tables)
    for name, table in tables.tables.items():
        if name == SETTINGS:
            _read_settings(found, table)
        elif name in ROWS:
            _read_rows(found, table, ROWS[name])
        else:
            _read_empirical(found, table)
    found.faults += check_rows(found)
    faults = _in_order([*tables.faults, *found.faults])
    if tables.source.suffix.lower().startswith(".xls"):
        faults = [_as_sheets(fault) for fault in faults]
    if faults or found.settings is None:
        raise TableError(faults)
    values = {name: tuple(row for _, row in found.rows.get(name, [])) for name in ROWS}
    return Model(
        settings=found.settings,
        empirical=found.empirical,
        warnings=tuple(find_warnings(found)),
        **values,
    )


def _missing_tables(tables: Tables) -> list[Fault]:
    unread = " ".join(fault.where for fault in tables.faults)
    is_folder = not tables.source.suffix.lower().startswith(".xls")
    faults = []
    for name in (SETTINGS, *REQUIRED):
        shown = f"{name}{'.toml' if name == SETTINGS else '.csv'}" if is_folder else f"sheet {name}"
        if name not in tables.tables and shown not in unread:
            faults.append(
                Fault(
                    shown if is_folder else f"{tables.source.name} {shown}",
                    None,
                    "It is missing; a model needs it.",
                    _missing_remedy(name),
                )
            )
    return faults


def _missing_remedy(name: str) -> str:
    if name == SETTINGS:
        return f"Add it, with the lines {'; '.join(_SETTING_EXAMPLES.values())}."
    return f"Add it; its columns are {', '.join(ROWS[name].columns())}."


def _read_rows(found: Rows, table: Table, row_class: type[Row]) -> None:
    found.faults += check_columns(table, row_class.columns(), row_class.needed_columns())
    rows, faults = row_class.read(table)
    found.rows[table.name] = rows
    found.faults += faults


def _read_settings(found: Rows, table: Table) -> None:
    found.faults += check_columns(table, SETTINGS_COLUMNS, SETTINGS_COLUMNS[:2])
    given: dict[str, str] = {}
    numbers: dict[str, int] = {}
    columns = Settings.columns()
    for row in table.rows:
        key = row.cells.get("key", "")
        where = f"{table.where(row.number)}, {key}"
        if not key:
            continue
        if key not in columns:
            near = closest(key, columns)
            remedy = f"Did you mean {near}?" if near else f"The settings are {', '.join(columns)}."
            found.faults.append(Fault(where, None, "There is no such setting.", remedy))
        elif key in given:
            found.faults.append(Fault(where, None, "It is set twice.", "Remove one of them."))
        else:
            given[key], numbers[key] = row.cells.get("value", ""), row.number
    for key in Settings.needed_columns():
        if key not in given:
            found.faults.append(
                Fault(
                    table.shown_as,
                    None,
                    f"The setting {key} is missing.",
                    f"Add {_SETTING_EXAMPLES[key]}",
                )
            )
    _make_settings(found, table, given, numbers)


_SETTING_EXAMPLES = {
    "name": 'name = "My area"',
    "start": "start = 2024-04-01T00:00:00",
    "days": "days = 365",
}


def _make_settings(
    found: Rows, table: Table, given: dict[str, str], numbers: dict[str, int]
) -> None:
    raw = Table(table.name, table.shown_as, tuple(given), (RawRow(1, given),), table.row_word)
    rows, faults = Settings.read(raw)
    for fault in faults:
        key = fault.where.rpartition(", column ")[2]
        where = f"{table.where(numbers.get(key))}, {key}"
        found.faults.append(Fault(where, fault.value, fault.rule, fault.remedy))
    if rows and not [key for key in Settings.needed_columns() if key not in given]:
        found.settings = rows[0][1]


def _read_empirical(found: Rows, table: Table) -> None:
    column = next((name for name in EMPIRICAL_COLUMNS if name in table.columns), "days")
    found.faults += check_columns(table, (column,), (column,))
    rows = tuple(
        RawRow(row.number, {"days": row.cells[column]}) for row in table.rows if column in row.cells
    )
    read, faults = EmpiricalRow.read(
        Table(table.name, table.shown_as, ("days",), rows, table.row_word)
    )
    for fault in faults:
        where = fault.where.removesuffix("days") + column
        found.faults.append(Fault(where, fault.value, fault.rule, fault.remedy))
    if not table.rows:
        found.faults.append(
            Fault(table.shown_as, None, "It has no values.", "Add one value a row, or remove it.")
        )
    found.empirical[table.name.removeprefix(EMPIRICAL)] = tuple(row.days for _, row in read)


def _as_sheets(fault: Fault) -> Fault:
    """A fault in the words of a workbook, which has sheets for files."""
    rule, remedy = (
        _FILE.sub(lambda match: f"sheet {match[1]}", text) for text in (fault.rule, fault.remedy)
    )
    return Fault(fault.where, fault.value, rule, remedy)


_FILE = re.compile(r"\b(\w+)\.(?:csv|toml)\b")
_PLACE = re.compile(r"(?:.* sheet )?([\w-]+)(?:\.csv|\.toml)?(?:.*?(?:rows?|line) (\d+))?")


def _in_order(faults: list[Fault]) -> list[Fault]:
    order = {name: i for i, name in enumerate((SETTINGS, *ROWS))}

    def place(fault: Fault) -> tuple[int, str, int]:
        match = _PLACE.match(fault.where)
        name, number = match.groups() if match else ("", None)
        return order.get(name, len(order)), name, int(number or 0)

    return list(dict.fromkeys(sorted(faults, key=place)))


def model_to_tables(model: Model) -> Tables:
    """A model as text tables, ready to be written or changed.

    Parameters
    ----------
    model : Model
        Any.

    Returns
    -------
    Tables
        Numbered as if written without blank rows. Empty tables that are not required are left
        out.
    """
    settings = [
        {"key": key, "value": text, "note": ""}
        for key, text in model.settings.cells().items()
        if text
    ]
    tables = [_table(SETTINGS, "model.toml", SETTINGS_COLUMNS, settings)]
    for name, row_class in ROWS.items():
        rows = [row.cells() for row in getattr(model, name)]
        if rows or name in REQUIRED:
            tables.append(_table(name, f"{name}.csv", row_class.columns(), rows))
    hours = {row.hours_per_week.name for row in model.needs}
    for name, values in model.empirical.items():
        column = "hours_per_week" if name in hours else "days"
        cells = [{column: number_text(value)} for value in values]
        tables.append(_table(f"{EMPIRICAL}{name}", f"{EMPIRICAL}{name}.csv", (column,), cells))
    return Tables(Path(), Tables.in_order(tables, LAYOUT))


def _table(name: str, shown_as: str, columns: tuple[str, ...], rows: list[dict[str, str]]) -> Table:
    numbered = tuple(RawRow(i, cells) for i, cells in enumerate(rows, start=2))
    return Table(name, shown_as, columns, numbered)


def write_model_folder(model: Model | Tables, out: str | os.PathLike[str]) -> None:
    """Write a model as a folder of tables.

    Parameters
    ----------
    model : Model or Tables
        What to write.
    out : path
        The folder; made if it does not exist.

    Raises
    ------
    OutputError
        If it cannot be written, or holds tables of another model.
    """
    tables = model_to_tables(model) if isinstance(model, Model) else model
    write_folder(tables, LAYOUT, out)


def to_excel(path: str | os.PathLike[str], workbook: str | os.PathLike[str]) -> None:
    """Write a model's folder as one workbook with a sheet a table.

    Parameters
    ----------
    path : path
        The model's folder. Its rows may have faults: a workbook is a place to mend them.
    workbook : path
        The .xlsx file to write.

    Raises
    ------
    TableError
        If a file is no table at all.
    OutputError
        If the workbook cannot be written.
    """
    tables = read_tables(path, LAYOUT)
    tables.check()
    write_excel(tables, workbook)


def from_excel(workbook: str | os.PathLike[str], out: str | os.PathLike[str]) -> None:
    """Write a workbook's sheets as a model's folder; the opposite of `to_excel`.

    Parameters
    ----------
    workbook : path
        The .xlsx file.
    out : path
        The folder; made if it does not exist.

    Raises
    ------
    TableError
        If a sheet is no table at all.
    OutputError
        If the folder cannot be written.
    """
    tables = read_tables(workbook, LAYOUT)
    tables.check()
    write_model_folder(tables, out)
