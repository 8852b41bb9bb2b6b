"""Figures out of the folders of stays measures that a review keeps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wholesystem.errors import TableError
from wholesystem.reviews.contents import Content, UnreadableError, read_content
from wholesystem.tables.raw import Table
from wholesystem.tables.reading import parse_csv_table

__all__ = ["MeasureFolders", "MeasureTables", "MeasureValue", "key_parts", "measure_folders"]

MOST_BYTES = 50_000_000

MeasureFolders = Mapping[str, Mapping[str, Content | str]]


@dataclass(frozen=True)
class MeasureValue:
    """What stands in a cell of a measure.

    Parameters
    ----------
    value : float or None
        None where there is none; `why` says why.
    place : str
        File, row and column.
    why : str
        Empty where there is a value.
    is_there : bool
        Whether the folder and the file are there, so that what is not in them is gone.
    """

    value: float | None
    place: str
    why: str = ""
    is_there: bool = True


def measure_folders(folder: Path) -> dict[str, dict[str, Content | str]]:
    """Folders of measures on disk.

    Parameters
    ----------
    folder : Path
        That holds a folder for each; of a bundle the one called ``measures``.

    Returns
    -------
    dict of str to dict of str to Path
        CSV files by name, by folder; empty where there is none.
    """
    if not folder.is_dir():
        return {}
    return {
        one.name: {file.name: file for file in sorted(one.glob("*.csv"))}
        for one in sorted(folder.iterdir())
        if one.is_dir()
    }


class MeasureTables:
    """The tables of folders of measures, each read once; for one thread.

    Parameters
    ----------
    folders : mapping of str to mapping of str to Content or str
        As `measure_folders` and a bundle's files give them; text is that of the CSV file.
    """

    def __init__(self, folders: MeasureFolders) -> None:
        self._folders = folders
        self._read: dict[tuple[str, str], tuple[Table | None, str]] = {}

    def look_up(self, folder: str, measure: str, key: str, column: str) -> MeasureValue:
        """The value of a cell.

        Parameters
        ----------
        folder, measure : str
            Name of the folder, and of the measure: of its file, without the ending.
        key : str
            Of the row: ``service=acute; reason=E``; blank for the only row.
        column : str
            Its name.

        Returns
        -------
        MeasureValue
            With why, where there is no value.
        """
        name = f"{measure}.csv"
        shown = f"measures/{folder}/{name}"
        if folder not in self._folders:
            why = f"the folder of measures {folder} is not kept with the review"
            return MeasureValue(None, shown, why, is_there=False)
        if name not in self._folders[folder]:
            return MeasureValue(None, shown, f"the folder {folder} has no {name}", is_there=False)
        table, why = self._table(folder, name)
        if table is None:
            return MeasureValue(None, shown, why, is_there=False)
        return _cell(table, shown, key, column)

    def table(self, folder: str, measure: str) -> Table | None:
        """A whole measure, as text.

        Parameters
        ----------
        folder, measure : str
            Name of the folder, and of the measure: of its file, without the ending.

        Returns
        -------
        Table or None
            None where it is not there, or cannot be read.
        """
        name = f"{measure}.csv"
        return self._table(folder, name)[0] if name in self._folders.get(folder, {}) else None

    def _table(self, folder: str, name: str) -> tuple[Table | None, str]:
        if (folder, name) not in self._read:
            self._read[folder, name] = _read(self._folders[folder][name], name)
        return self._read[folder, name]


def _read(content: Content | str, name: str) -> tuple[Table | None, str]:
    try:
        data = content.encode() if isinstance(content, str) else read_content(content, MOST_BYTES)
    except UnreadableError as error:
        return None, f"{name}: {error}"
    table, faults = parse_csv_table(data, name.removesuffix(".csv"), name)
    return (table, "") if table is not None and not faults else (None, str(TableError(faults)))


def _cell(table: Table, shown: str, key: str, column: str) -> MeasureValue:
    wanted = dict(key_parts(key))
    unknown = next((name for name in (*wanted, column) if name not in table.columns), None)
    if unknown is not None:
        return MeasureValue(None, shown, f"it has no column {unknown}")
    rows = [
        row
        for row in table.rows
        if all(row.cells.get(name, "") == value for name, value in wanted.items())
    ]
    if len(rows) != 1:
        said = "no row has" if not rows else f"{len(rows)} rows have"
        return MeasureValue(None, shown, f"{said} the key {key or '(blank)'}")
    place = f"{shown}, row {rows[0].number}, column {column}"
    text = rows[0].cells.get(column, "")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return MeasureValue(value, place)
    hidden = rows[0].cells.get("hidden") == "yes"
    return MeasureValue(None, place, "it is hidden as a small number" if hidden else "it is blank")


def key_parts(key: str) -> Iterator[tuple[str, str]]:
    """Columns and cells that a row's key names.

    Parameters
    ----------
    key : str
        As ``service=acute; reason=E``.

    Yields
    ------
    tuple of (str, str)
        Column and text.
    """
    for part in key.split(";"):
        name, _, value = part.partition("=")
        if name.strip():
            yield name.strip(), value.strip()
