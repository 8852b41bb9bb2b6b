"""A review as one workbook for reading: a sheet a table."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from wholesystem.reviews.bundle_layout import FRAMEWORK_TABLES, REVIEW_TABLES
from wholesystem.reviews.bundle_writing import framework_tables
from wholesystem.reviews.history import Event
from wholesystem.reviews.review import Review
from wholesystem.tables import write_excel
from wholesystem.tables.raw import RawRow, Table, Tables
from wholesystem.tables.rows import Row

__all__ = ["write_review_workbook"]

# A cell holds 32,767, and counts an emoji as two.
MOST_UNITS = 32_000
_CUT = " [cut: the whole text is in the bundle]"


def write_review_workbook(review: Review, path: str | os.PathLike[str]) -> None:
    """Write a review as a workbook.

    Parameters
    ----------
    review : Review
        The review.
    path : path
        Of the workbook; the name must end in .xlsx.

    Raises
    ------
    OutputError
        If it cannot be written, or has another ending.
    """
    rows: dict[str, Iterable[Row]] = {"review": (review.info,), **review.tables()}
    sheets = [_table(name, REVIEW_TABLES[name], rows[name]) for name in REVIEW_TABLES]
    for name, of_framework in framework_tables(review.framework).items():
        called = "question_areas" if name == "areas" else name
        sheets.append(_table(called, FRAMEWORK_TABLES[name], of_framework))
    sheets.append(_table("history", Event, review.history))
    write_excel(Tables(Path(path), {one.name: one for one in sheets}), path)


def _table(name: str, kind: type[Row], rows: Iterable[Row]) -> Table:
    raw = (
        RawRow(number, {column: _fit(text) for column, text in row.cells().items()})
        for number, row in enumerate(rows, start=2)
    )
    return Table(name, name, kind.columns(), tuple(raw))


def _fit(text: str) -> str:
    """Text that fits a cell, with what was cut told."""
    if len(text) <= MOST_UNITS // 2 or len(text.encode("utf-16-le")) // 2 <= MOST_UNITS:
        return text
    return text[: MOST_UNITS // 2 - len(_CUT)] + _CUT
