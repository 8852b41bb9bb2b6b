"""Figures of one's own: any long table, or one with indicators side by side, through a mapping."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, overload

import pyarrow as pa

from wholesystem.errors import Fault
from wholesystem.indicators.loaders.cells import fold
from wholesystem.indicators.loaders.loaded import Loaded, LoadError, Skipped
from wholesystem.indicators.loaders.long_table import LongTable
from wholesystem.indicators.loaders.opening import open_workbook
from wholesystem.indicators.loaders.sheets import Sheet, Workbook
from wholesystem.indicators.loaders.tidy_mapping import Mapping, read_mapping
from wholesystem.indicators.loaders.tidy_rows import observe_rows
from wholesystem.indicators.observations import (
    OBSERVATIONS,
    Catalogue,
    observation_faults,
    packaged_unless,
)
from wholesystem.tables.cells import closest

__all__ = ["TidyReport", "load_mapped", "load_tidy"]

_FIRST_ROWS = 5


@dataclass(frozen=True)
class TidyReport:
    """What a load through a mapping would add, and every fault that stands against it.

    Parameters
    ----------
    file : str
        Name of the file.
    sheet : str
        Name of the sheet; "" for a CSV file.
    rows_read, rows_kept : int
        Rows of the table, and those that would become observations.
    skipped : tuple of Skipped
        The others, by reason.
    observations : pyarrow.Table
        What would be added were there no faults.
    faults : tuple of Fault
        Of mapping, header and cells; empty where the load would go through.
    warnings : tuple of str
        What a reader should know: hidden rows, merged cells.
    """

    file: str
    sheet: str
    rows_read: int
    rows_kept: int
    skipped: tuple[Skipped, ...]
    observations: pa.Table
    faults: tuple[Fault, ...]
    warnings: tuple[str, ...] = ()

    @property
    def first(self) -> list[dict[str, Any]]:
        """The first five observations."""
        rows: list[dict[str, Any]] = self.observations.slice(0, _FIRST_ROWS).to_pylist()
        return rows

    def __str__(self) -> str:
        """For people: counts, first rows, reasons for skipping, and every fault."""
        place = f"{self.file}, sheet {self.sheet}" if self.sheet else self.file
        lines = [
            f"{place}: {self.rows_read:,} rows read, {self.rows_kept:,} kept,"
            f" {self.observations.num_rows:,} observations."
        ]
        counts = self.observations["indicator"].combine_chunks().value_counts().to_pylist()
        lines += [f"  {one['values']}: {one['counts']:,}" for one in counts]
        lines += [f"  skipped {one.rows:,}: {one.reason} ({one.first})" for one in self.skipped]
        lines += [f"  note: {one}" for one in self.warnings]
        lines += [f"  {_one_line(row)}" for row in self.first]
        if self.faults:
            lines += ["Nothing would be added:", str(LoadError(self.faults))]
        return "\n".join(lines)


def _one_line(row: dict[str, Any]) -> str:
    value = "no figure" if row["value"] is None else f"{row['value']:.12g}"
    note = f" ({row['note']})" if row["note"] else ""
    return (
        f"{row['indicator']}, {row['area']}, {row['period_start']} to {row['period_end']}:"
        f" {value} {row['unit']}{note} [{row['cell']}]"
    )


@overload
def load_tidy(
    file: str | os.PathLike[str],
    mapping: str | os.PathLike[str],
    *,
    dry_run: Literal[False] = False,
    catalogue: Catalogue | None = None,
) -> Loaded: ...
@overload
def load_tidy(
    file: str | os.PathLike[str],
    mapping: str | os.PathLike[str],
    *,
    dry_run: Literal[True],
    catalogue: Catalogue | None = None,
) -> TidyReport: ...
def load_tidy(
    file: str | os.PathLike[str],
    mapping: str | os.PathLike[str],
    *,
    dry_run: bool = False,
    catalogue: Catalogue | None = None,
) -> Loaded | TidyReport:
    """Read a file of one's own through a mapping of its columns.

    Parameters
    ----------
    file : path
        CSV file or workbook: one row a figure, or one row a place and period with the figures of
        several indicators side by side.
    mapping : path
        CSV file that says which of its columns is which
        (``docs/how-to/bring-your-own-figures.md``).
    dry_run : bool, optional
        True to be told what would be added and every fault, whatever is wrong with the cells.
    catalogue : mapping of str to Indicator, optional
        By id, where there are indicators of one's own; the packaged one if None.

    Returns
    -------
    Loaded or TidyReport
        The report for a dry run.

    Raises
    ------
    LoadError
        If there is any fault and it is no dry run; in a dry run only where the file cannot be
        opened at all.
    UserError
        If there is no such mapping.
    """
    faults: list[Fault] = []
    read = read_mapping(Path(mapping), faults)
    workbook = open_workbook(Path(file))
    report = _report(workbook, read, faults, packaged_unless(catalogue))
    if dry_run:
        return report
    return _as_loaded(workbook, "tidy", report)


def load_mapped(
    workbook: Workbook, format_id: str, mapping: Mapping, catalogue: Catalogue | None = None
) -> Loaded:
    """Read a workbook through a mapping that is known.

    Parameters
    ----------
    workbook : Workbook
        The file.
    format_id : str
        Of the format.
    mapping : Mapping
        Of its columns.
    catalogue : mapping of str to Indicator, optional
        By id; the packaged one if None.

    Returns
    -------
    Loaded
        Its observations.

    Raises
    ------
    LoadError
        With every fault.
    """
    report = _report(workbook, mapping, [], packaged_unless(catalogue))
    return _as_loaded(workbook, format_id, report)


def _as_loaded(workbook: Workbook, format_id: str, report: TidyReport) -> Loaded:
    if report.faults:
        raise LoadError(report.faults)
    return Loaded(
        workbook.file,
        format_id,
        rows_read=report.rows_read,
        rows_kept=report.rows_kept,
        skipped=report.skipped,
        observations=report.observations,
        sha256=workbook.sha256,
        warnings=report.warnings,
    )


def _report(
    workbook: Workbook, mapping: Mapping, faults: list[Fault], catalogue: Catalogue
) -> TidyReport:
    found = None if faults else _find_table(workbook, mapping, faults)
    if found is None:
        nothing = OBSERVATIONS.empty_table()
        return TidyReport(workbook.file, "", 0, 0, (), nothing, tuple(faults))
    sheet, row = found
    table = LongTable(workbook, "", sheet, sheet.columns(row))
    observe_rows(table, mapping, catalogue)
    parts = table.parts or [OBSERVATIONS.empty_table()]
    observations = pa.concat_tables(parts).combine_chunks()
    if not table.faults:
        table.faults += observation_faults(observations, catalogue)
    return TidyReport(
        workbook.file,
        sheet.name,
        rows_read=len(table) + len(table.columns.misshapen),
        rows_kept=int(table.kept.sum()),
        skipped=table.skipped(),
        observations=observations,
        faults=tuple(table.faults),
        warnings=sheet.notes_below(row),
    )


def _find_table(
    workbook: Workbook, mapping: Mapping, faults: list[Fault]
) -> tuple[Sheet, int] | None:
    """The sheet, and its header row from 0."""
    sheet = _find_sheet(workbook, mapping, faults)
    if sheet is None:
        return None
    given = mapping.get("read_header_row")
    if given is not None:
        return _given_header(sheet, given.constant, given.where, mapping, faults)
    return _found_header(sheet, mapping, faults)


def _find_sheet(workbook: Workbook, mapping: Mapping, faults: list[Fault]) -> Sheet | None:
    given = mapping.get("read_sheet")
    names = workbook.sheet_names
    if workbook.kind == "csv" or (given is None and len(names) == 1):
        return workbook.first()
    told = ", ".join(names)
    if given is None:
        rule = f"It has several sheets: {told}."
        remedy = "Say which in the mapping: ours read_sheet, constant its name."
        faults.append(Fault(workbook.file, None, rule, remedy))
        return None
    if given.constant in names:
        return workbook.sheet(given.constant)
    rule = f"{workbook.file} has no such sheet. It has {told}."
    faults.append(Fault(given.where, given.constant, rule, "Write the name of one of them."))
    return None


def _given_header(
    sheet: Sheet, text: str, where: str, mapping: Mapping, faults: list[Fault]
) -> tuple[Sheet, int] | None:
    if not text.isdecimal() or not 1 <= int(text) <= len(sheet.rows):
        rule = f"The header row is a number from 1 to {len(sheet.rows):,}."
        faults.append(Fault(where, text, rule, "Write the row that a spreadsheet shows."))
        return None
    row = int(text) - 1
    faults += _lacking(sheet, row, mapping)
    return None if faults else (sheet, row)


def _found_header(sheet: Sheet, mapping: Mapping, faults: list[Fault]) -> tuple[Sheet, int] | None:
    """The first row that has all columns; if none has, the one that has most tells what lacks."""
    best: tuple[int, int] | None = None
    for row, header in enumerate(sheet.top_headers()):
        if not any(header):
            continue
        lacking = len(_lacking(sheet, row, mapping))
        if not lacking:
            return sheet, row
        if best is None or lacking < best[0]:
            best = (lacking, row)
    if best is None:
        faults.append(Fault(sheet.shown_as, None, "It is empty.", "Give the table."))
    else:
        faults += _lacking(sheet, best[1], mapping)
    return None


def _lacking(sheet: Sheet, row: int, mapping: Mapping) -> list[Fault]:
    header = sheet.header(row)
    shown = [sheet.text(row, j) for j in range(len(header)) if header[j]]
    faults = []
    for column in mapping.their_columns:
        if fold(column) in header:
            continue
        near = closest(column, shown)
        remedy = f"Did you mean {near}?" if near else "Correct the mapping, or the header."
        rule = f"The mapping needs a column {column}. The header has {', '.join(shown)[:300]}."
        faults.append(Fault(sheet.where(row), None, rule, remedy))
    return faults
