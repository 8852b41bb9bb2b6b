"""The few words that a review's tables may hold, each from the packaged table that explains it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from wholesystem.errors import OurFault, TableError
from wholesystem.tables.reading import read_csv_table

__all__ = ["ROLES", "SOURCE_KINDS", "STAGES", "word_labels"]


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    path = Path(str(files("wholesystem.reviews").joinpath(f"{name}.csv")))
    table, faults = read_csv_table(path)
    if table is None or faults:
        raise OurFault(f"The packaged table {path.name} cannot be read: {TableError(faults)}")
    return tuple(dict(row.cells) for row in table.rows)


def word_labels(name: str) -> dict[str, tuple[str, str]]:
    """Words of a packaged table with what people call them and what they mean.

    Parameters
    ----------
    name : str
        ``source_kinds``, ``roles`` or ``stages``.

    Returns
    -------
    dict of str to (str, str)
        Label and meaning by word, in the table's order.
    """
    key = next(iter(_rows(name)[0]))
    return {row[key]: (row["label"], row["meaning"]) for row in _rows(name)}


SOURCE_KINDS = tuple(word_labels("source_kinds"))
ROLES = tuple(word_labels("roles"))
STAGES = tuple(word_labels("stages"))
