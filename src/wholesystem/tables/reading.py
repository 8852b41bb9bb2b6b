"""Reading a folder of CSV files, or a workbook, as text tables.

Files are bounded before they are read, so that a huge or hostile one is refused in plain words
instead of filling the memory.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from wholesystem.errors import Fault, TableError
from wholesystem.tables.cells import closest
from wholesystem.tables.grid import make_table
from wholesystem.tables.raw import Layout, Table, Tables
from wholesystem.tables.settings import settings_from_toml

__all__ = ["MOST_BYTES", "parse_csv_table", "read_csv_table", "read_tables"]

MOST_BYTES = 50_000_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_tables(path: str | os.PathLike[str], layout: Layout) -> Tables:
    """All tables of a folder or workbook, as text.

    Parameters
    ----------
    path : path
        A folder of CSV files (and the TOML file of settings), or an .xlsx workbook.
    layout : Layout
        The format.

    Returns
    -------
    Tables
        With the faults of the files themselves; call `Tables.check` to raise them.

    Raises
    ------
    TableError
        If there is no such folder or workbook.
    """
    source = Path(path)
    if not source.exists():
        raise TableError([_no_such(source)])
    if source.is_dir():
        return _read_folder(source, layout)
    if source.suffix.lower() in (".xlsx", ".xlsm"):
        from wholesystem.tables.workbook import read_workbook

        return read_workbook(source, layout)
    remedy = f"Give a folder of CSV tables, or an .xlsx workbook, not {source.name}."
    if source.suffix.lower() in (".csv", ".toml"):
        remedy = f"Give the folder that it is in: {source.parent}."
    elif source.suffix.lower() == ".xls":
        remedy = "Open it in Excel and save it as an Excel workbook (.xlsx)."
    raise TableError([Fault(str(source), None, "It is neither a folder nor a workbook.", remedy)])


def _no_such(source: Path) -> Fault:
    try:
        siblings = [entry.name for entry in source.parent.iterdir()]
    except OSError:
        siblings = []
    near = closest(source.name, siblings)
    remedy = (
        f"Did you mean {source.parent / near}?"
        if near
        else f"Check the name, or make a small model there: wholesystem new {source}"
    )
    return Fault(str(source), None, "There is no such folder or workbook.", remedy)


def _read_folder(folder: Path, layout: Layout) -> Tables:
    tables: list[Table] = []
    faults: list[Fault] = []
    for path in sorted(folder.iterdir()):
        if _is_ignored(path, layout):
            continue
        name = path.stem
        if path.suffix == ".toml" and name == layout.settings:
            table, found = _read_settings(path, layout)
        elif path.suffix.lower() == ".csv" and layout.columns_of(name):
            table, found = read_csv_table(path)
        else:
            table, found = None, [unknown_table(path.name, name, ".csv", layout)]
        faults += found
        if table is not None:
            tables.append(table)
    if not tables and not faults:
        faults.append(
            Fault(
                str(folder),
                None,
                "There are no tables in this folder.",
                f"Give the folder of a model, or make one: wholesystem new {folder}",
            )
        )
    return Tables(folder, Tables.in_order(tables, layout), tuple(faults))


def _is_ignored(path: Path, layout: Layout) -> bool:
    if path.name.startswith((".", "~$")) or path.name.lower() in layout.ignored:
        return True
    return path.is_dir() or path.suffix.lower() not in (".csv", ".toml")


def unknown_table(shown_as: str, name: str, ending: str, layout: Layout) -> Fault:
    """Fault of a file or sheet that is no table of the format.

    Parameters
    ----------
    shown_as : str
        As messages call it.
    name : str
        Without its ending.
    ending : str
        ``.csv`` for files, empty for sheets.
    layout : Layout
        The format.

    Returns
    -------
    Fault
        With the nearest name, or all of them.
    """
    near = closest(name, (*layout.columns, layout.settings))
    full = f"{near}.toml" if ending and near == layout.settings else f"{near}{ending}"
    return Fault(
        shown_as,
        None,
        f"It is no table of {layout.of}.",
        f"Did you mean {full}? Rename it so."
        if near
        else f"Remove it; the tables are {', '.join(layout.columns)}.",
    )


def _read_text(path: Path) -> tuple[str, list[Fault]]:
    """Text of a file, or why it is none."""
    try:
        if not path.is_file():
            return "", [Fault(path.name, None, "It is no ordinary file.", "Replace it by a file.")]
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return "", [
            Fault(path.name, None, f"It cannot be read ({reason}).", "Check that you may open it.")
        ]
    return _decode(data, path.name)


def _decode(data: bytes, shown_as: str) -> tuple[str, list[Fault]]:
    rule, remedy = _not_text(data)
    if rule:
        return "", [Fault(shown_as, None, rule, remedy)]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        letter = data[error.start : error.start + 1].decode("cp1252", "replace")
        return "", [
            Fault(
                f"{shown_as} line {line}",
                None,
                f"The letter {letter!r} is not written in UTF-8 (it looks like Windows-1252).",
                "Save the file as CSV UTF-8 (comma delimited).",
            )
        ]


def _not_text(data: bytes) -> tuple[str, str]:
    """Rule and remedy where a file is no text at all; empty where it may be."""
    again = "Save the table as CSV UTF-8 (comma delimited)."
    if len(data) > MOST_BYTES:
        return (
            f"It is larger than {MOST_BYTES // 1_000_000} MB.",
            "Model tables are small: add people up before they enter the table.",
        )
    if not data.strip():
        return (
            "It is empty. A table starts with a header, the names of its columns.",
            "Write the header, or remove the table if it is not needed.",
        )
    if data.startswith((b"PK\x03\x04", _OLD_EXCEL)):
        return "It is an Excel workbook with the ending of a text file.", again
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "It is written in UTF-16; UTF-8 is needed.", again
    if b"\x00" in data:
        return "It is a binary file; text is needed.", again
    return "", ""


def _read_settings(path: Path, layout: Layout) -> tuple[Table | None, list[Fault]]:
    text, faults = _read_text(path)
    if faults:
        return None, faults
    return settings_from_toml(layout.settings, path.name, text)


def read_csv_table(path: Path) -> tuple[Table | None, list[Fault]]:
    """One CSV file as a text table.

    Parameters
    ----------
    path : Path
        Of the file.

    Returns
    -------
    table : Table or None
        None where it could not be read at all.
    faults : list of Fault
        Of the file and its header; empty if there is none.
    """
    text, faults = _read_text(path)
    return (None, faults) if faults else _table_of_text(text, path.stem, path.name)


def parse_csv_table(data: bytes, name: str, shown_as: str) -> tuple[Table | None, list[Fault]]:
    """The bytes of a CSV file as a text table.

    Parameters
    ----------
    data : bytes
        Of the whole file.
    name : str
        Of the table.
    shown_as : str
        As messages call it.

    Returns
    -------
    table : Table or None
        None where it could not be read at all.
    faults : list of Fault
        Of the file and its header; empty if there is none.
    """
    text, faults = _decode(data, shown_as)
    return (None, faults) if faults else _table_of_text(text, name, shown_as)


def _table_of_text(text: str, name: str, shown_as: str) -> tuple[Table | None, list[Fault]]:
    try:
        return make_table(name, shown_as, _csv_lines(text))
    except csv.Error as error:
        return None, [
            Fault(
                shown_as,
                None,
                f"It is no CSV table: {error}.",
                'Look for a double quote that is not closed; write "" for a quote inside text.',
            )
        ]


def _csv_lines(text: str) -> Iterator[list[str]]:
    reader: Iterable[list[str]] = csv.reader(io.StringIO(text, newline=""), strict=True)
    yield from reader
