"""Small published tables, written as their publishers write them, and what loading them gave."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from wholesystem.indicators.loaders import Loaded, LoadError, load_file

Row = Sequence[object]


def csv_text(header: Row, rows: Iterable[Row]) -> str:
    """A CSV table as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def load_table(folder: Path, name: str, header: Row, rows: Iterable[Row]) -> Loaded:
    """Write a table and load it; every row must be accounted for."""
    path = folder / name
    path.write_text(csv_text(header, rows), encoding="utf-8")
    return load_checked(path)


def load_checked(path: Path) -> Loaded:
    """Load a file; every row must be accounted for, and every observation have file and cell."""
    loaded = load_file(path)
    assert loaded.rows_read == loaded.rows_kept + sum(one.rows for one in loaded.skipped)
    assert loaded.observations.column("cell").null_count == 0
    assert set(loaded.observations.column("file").to_pylist()) <= {path.name}
    return loaded


def faults_of(folder: Path, name: str, header: Row, rows: Iterable[Row]) -> list[str]:
    """Write a table that cannot be loaded; its faults, one text each."""
    path = folder / name
    path.write_text(csv_text(header, rows), encoding="utf-8")
    with pytest.raises(LoadError) as error:
        load_file(path)
    return [str(fault) for fault in error.value.faults]


def frame(loaded: Loaded) -> pd.DataFrame:
    """The observations, as a data frame."""
    return loaded.observations.to_pandas()


def one(loaded: Loaded, **wanted: object) -> dict[str, Any]:
    """The only observation with certain values; dates may be given as text."""
    found = [
        row
        for row in loaded.observations.to_pylist()
        if all(str(row[name]) == str(value) for name, value in wanted.items())
    ]
    assert len(found) == 1, f"{len(found)} observations have {wanted}"
    return found[0]


def skipped(loaded: Loaded) -> dict[str, int]:
    """Rows left out, by reason."""
    return {one.reason: one.rows for one in loaded.skipped}
