"""Writing ``points.csv`` and ``summary.csv``."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from wholesystem.indicators.spc.chart import COLUMNS, Chart
from wholesystem.indicators.spc.groups import SUMMARY_COLUMNS, summary_row
from wholesystem.tables.grid import escape_cell


def write_points(charts: Mapping[str, Chart], path: Path, *, grouped: bool) -> None:
    """Write the points of every chart, one under the other.

    Parameters
    ----------
    charts : mapping of str to Chart
        By name of the group.
    path : Path
        The file.
    grouped : bool
        Whether to write the name of the group in a first column, ``group``.
    """
    rows = (
        ([name] if grouped else []) + list(row)
        for name, chart in charts.items()
        for row in chart.rows()
    )
    _write(path, [*(["group"] if grouped else []), *COLUMNS], rows)


def write_summary(charts: Mapping[str, Chart], path: Path, *, grouped: bool) -> None:
    """Write the verdict of every chart, a row each.

    Parameters
    ----------
    charts : mapping of str to Chart
        By name of the group.
    path : Path
        The file.
    grouped : bool
        Whether to write the name of the group in a first column, ``group``.
    """
    rows = (
        ([name] if grouped else []) + [summary_row(chart)[one] for one in SUMMARY_COLUMNS]
        for name, chart in charts.items()
    )
    _write(path, [*(["group"] if grouped else []), *SUMMARY_COLUMNS], rows)


def _write(path: Path, header: list[str], rows: Iterable[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_cell(one) for one in row] for row in rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, int | date):
        return str(value)
    return escape_cell(str(value))
