"""Writing tables as a folder of CSV files with the settings as TOML."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from wholesystem.errors import OutputError
from wholesystem.files import atomic_path, staged_folder
from wholesystem.tables.grid import escape_cell
from wholesystem.tables.raw import Layout, Table, Tables
from wholesystem.tables.settings import settings_to_toml

__all__ = ["csv_bytes", "write_excel", "write_folder"]


def write_folder(tables: Tables, layout: Layout, out: str | os.PathLike[str]) -> None:
    """Write tables as a folder: a CSV file each, and the settings as TOML.

    Parameters
    ----------
    tables : Tables
        As text.
    layout : Layout
        The format.
    out : path
        The folder; made if it does not exist. Tables of the same names are replaced, all or none.

    Raises
    ------
    OutputError
        If it cannot be written, or holds a table that is not among these: two models would mix.
    """
    folder = Path(out)
    _check_no_others(tables, layout, folder)
    with staged_folder(folder) as stage:
        for table in tables.tables.values():
            if table.name == layout.settings:
                text = settings_to_toml(table)
                (stage / f"{table.name}.toml").write_text(text, encoding="utf-8", newline="\n")
            else:
                _write_csv(table, stage / f"{table.name}.csv")


def _check_no_others(tables: Tables, layout: Layout, folder: Path) -> None:
    if not folder.is_dir():
        return
    for path in sorted(folder.glob("*.csv")):
        if layout.columns_of(path.stem) and path.stem not in tables.tables:
            raise OutputError(
                f"{path} is a table that is not among those to be written. The tables of two"
                " models must not mix. Remove it, or choose another folder."
            )


def _write_csv(table: Table, path: Path) -> None:
    path.write_bytes(csv_bytes(table.columns, (row.cells for row in table.rows)))


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A table as the bytes of a CSV file.

    Parameters
    ----------
    columns : sequence of str
        In order.
    rows : iterable of mapping of str to str
        Cells by column; a column that is not there is blank.

    Returns
    -------
    bytes
        UTF-8 with one kind of line end; no cell is taken for a formula by a spreadsheet.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([escape_cell(column) for column in columns])
    writer.writerows([escape_cell(row.get(column, "")) for column in columns] for row in rows)
    return file.getvalue().encode("utf-8")


def write_excel(tables: Tables, path: str | os.PathLike[str]) -> None:
    """Write tables as a workbook, whole or not at all.

    Parameters
    ----------
    tables : Tables
        As text.
    path : path
        Of the workbook; the name must end in .xlsx.

    Raises
    ------
    OutputError
        If it cannot be written, or has another ending.
    """
    from wholesystem.tables.workbook import write_workbook

    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise OutputError(
            f"{target} does not end in .xlsx. A workbook is written. Name it"
            f" {target.with_suffix('.xlsx').name}."
        )
    with atomic_path(target) as part:
        write_workbook(tables, part)
