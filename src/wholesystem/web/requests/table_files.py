"""A table as a file to take away."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from wholesystem.tables.raw import RawRow, Table, Tables
from wholesystem.tables.writing import csv_bytes, write_excel

__all__ = ["write_csv", "write_xlsx"]

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME = "answers"


def write_csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[bytes, str]:
    """A table as CSV that a spreadsheet opens with all its letters.

    Parameters
    ----------
    columns : sequence of str
        Names.
    rows : sequence of sequence of str
        Cells in the order of the columns.

    Returns
    -------
    (bytes, str)
        Content and its media type. No cell is taken for a formula.
    """
    content = csv_bytes(columns, (dict(zip(columns, row, strict=True)) for row in rows))
    # Excel takes UTF-8 for another encoding where no mark says that it is.
    return "\ufeff".encode() + content, CSV_TYPE


def write_xlsx(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[bytes, str]:
    """A table as a workbook, every cell as text.

    Parameters
    ----------
    columns : sequence of str
        Names.
    rows : sequence of sequence of str
        Cells in the order of the columns.

    Returns
    -------
    (bytes, str)
        Content and its media type.
    """
    raw = tuple(
        RawRow(at, dict(zip(columns, row, strict=True))) for at, row in enumerate(rows, start=2)
    )
    with tempfile.TemporaryDirectory(prefix="wholesystem-") as passing:
        path = Path(passing) / f"{NAME}.xlsx"
        table = Table(NAME, NAME, tuple(columns), raw)
        write_excel(Tables(path, {NAME: table}), path)
        return path.read_bytes(), XLSX_TYPE
