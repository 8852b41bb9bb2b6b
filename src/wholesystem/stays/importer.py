"""Bringing an extract into the stays table, with nothing dropped in silence."""

from __future__ import annotations

import csv
import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wholesystem.errors import Fault, TableError, UserError
from wholesystem.files import staged_folder
from wholesystem.stays.checks import unknown_reasons
from wholesystem.stays.faults import SHOWN_FAULTS, first_faults, raise_faults
from wholesystem.stays.io import typed_rows, write_csv
from wholesystem.stays.lists import reason_codes
from wholesystem.stays.quality import quality_table
from wholesystem.stays.schema import STAYS_SCHEMA, TIME_COLUMNS, Stays
from wholesystem.stays.tabular import RawRows, read_rows

__all__ = ["ImportResult", "check_file", "import_stays"]

PathLike = str | os.PathLike[str]


@dataclass(frozen=True)
class ImportResult:
    """What was found in an extract.

    Parameters
    ----------
    source : str
        Name of the file.
    rows_read, rows_kept, rows_rejected : int
        The first is the sum of the others. Blank lines are not rows.
    blank_lines : int
        Lines with nothing in them.
    unused_columns : tuple of str
        Columns of the file that no column of stays was made of.
    kept : pyarrow.Table
        Sound rows, ordered by person and stay.
    rejected : pyarrow.Table
        One line for each fault of a rejected row: ``row, column, value, rule, remedy``.
    quality : pyarrow.Table
        Columns ``check, column, count, share, note``.
    warnings : tuple of str
        What is not wrong but should be known.
    """

    source: str
    rows_read: int
    rows_kept: int
    rows_rejected: int
    blank_lines: int
    unused_columns: tuple[str, ...]
    kept: pa.Table
    rejected: pa.Table
    quality: pa.Table
    warnings: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return the counts, the first faults and the warnings as lines to print."""
        found = [
            f"{self.source}: {self.rows_read:,} rows read, {self.rows_kept:,} kept,"
            f" {self.rows_rejected:,} rejected."
        ]
        found += [f"  {fault}" for fault in first_faults(self.rejected, self.source)]
        more = self.rejected.num_rows - SHOWN_FAULTS
        if more > 0:
            found.append(f"  ... and {more:,} more faults.")
        return [*found, *(f"Note: {warning}" for warning in self.warnings)]


def check_file(
    path: PathLike, *, mapping: PathLike | None = None, concurrent: Collection[str] = ()
) -> ImportResult:
    """Check an extract or a stays file without writing anything.

    Parameters
    ----------
    path : path
        Ending in .csv, .parquet or .xlsx (its first sheet).
    mapping : path, optional
        As in `import_stays`.
    concurrent : collection of str
        Services that may run at the same time; those that a Parquet file names if none are given.

    Returns
    -------
    ImportResult
        What would be kept and rejected.

    Raises
    ------
    UserError
        If the file does not exist or is of another kind.
    TableError
        If it cannot be read, or lacks a column that it must have.
    """
    source = Path(path)
    raw = read_rows(source)
    table = raw.table
    formats: dict[str, str] = {}
    if mapping is not None:
        table, formats = _renamed(table, Path(mapping), source.name)
    unused = tuple(name for name in table.column_names if name not in STAYS_SCHEMA.names)
    table = table.drop_columns(list(unused))
    numbered = "stay" in table.column_names
    raw = replace(raw, table=table)
    beside = frozenset(concurrent) or _marks(raw).concurrent
    kept, rejected = typed_rows(raw, source.name, beside, formats, number_stays=not numbered)
    warnings = _warnings(kept, unused, numbered)
    bad_rows = len(rejected["row"].unique())
    counts = {
        "rows read": raw.read,
        "rows kept": kept.num_rows,
        "rows rejected": bad_rows,
        "blank lines": raw.blank_lines,
    }
    return ImportResult(
        source.name,
        raw.read,
        kept.num_rows,
        bad_rows,
        raw.blank_lines,
        unused,
        kept,
        rejected,
        quality_table(kept, rejected, counts),
        warnings,
    )


def import_stays(
    path: PathLike,
    out: PathLike,
    mapping: PathLike | None = None,
    *,
    window_start: datetime | None = None,
    window_end: datetime | None = None,
    population: float | None = None,
    concurrent: Collection[str] = (),
) -> ImportResult:
    """Bring an extract into a stays file.

    Parameters
    ----------
    path : path
        Ending in .csv, .parquet or .xlsx (its first sheet). Columns in any order under the names
        of `wholesystem.stays.STAYS_SCHEMA`; ``person``, ``service`` and ``started_at`` must be
        there. Without ``stay`` a person's stays are numbered in order of ``started_at``.
    out : path
        Stays file to write, ending in .parquet or .csv. Beside it ``rejected.csv`` (every fault
        of every rejected row) and ``quality.csv`` are written.
    mapping : path, optional
        CSV with the columns ``column`` (ours), ``from`` (the extract's) and, if wanted,
        ``format`` (of a time that is not ISO, such as ``%d/%m/%Y %H:%M``).
    window_start, window_end : datetime, optional
        The measured window; from the first start to the last known time if None.
    population : float, optional
        Base of rates per 100,000, > 0.
    concurrent : collection of str
        Services that may run at the same time as each other.

    Returns
    -------
    ImportResult
        Counts, faults and warnings; its `lines` are to be printed.

    Raises
    ------
    UserError
        If the file does not exist or is of another kind.
    TableError
        If it cannot be read, lacks a column that it must have, or no row of it can be kept (the
        two CSVs are written then; an earlier stays file is untouched).
    OutputError
        If the files cannot be written.
    """
    target = Path(out)
    if target.suffix.lower() not in (".parquet", ".csv"):
        raise UserError(
            f"{target} does not end in .parquet or .csv. Stays are kept as one of these."
            " Change the end of the name."
        )
    result = check_file(path, mapping=mapping, concurrent=concurrent)
    found = Stays.from_table(
        result.kept,
        window_start=window_start,
        window_end=window_end,
        population=population,
        concurrent=frozenset(concurrent),
    )
    nothing_kept = result.rows_read > 0 and result.rows_kept == 0
    with staged_folder(target.parent) as folder:
        write_csv(result.rejected, folder / "rejected.csv")
        write_csv(result.quality, folder / "quality.csv")
        if not nothing_kept and target.suffix.lower() == ".csv":
            write_csv(found.table, folder / target.name)
        elif not nothing_kept:
            pq.write_table(found.table, folder / target.name, compression="zstd")
    if nothing_kept:
        see_all = f"See {target.with_name('rejected.csv')} for all of them."
        raise_faults(result.rejected, result.source, see_all)
    return result


def _marks(raw: RawRows) -> Stays:
    """What a Parquet file's metadata say."""
    return Stays.from_table(STAYS_SCHEMA.empty_table().replace_schema_metadata(raw.metadata))


def _warnings(kept: pa.Table, unused: tuple[str, ...], numbered: bool) -> tuple[str, ...]:
    found = []
    if unused:
        found.append(f"Columns not used: {', '.join(unused)}.")
    if not numbered:
        found.append("There is no column stay: stays are numbered in order of started_at.")
    unknown = unknown_reasons(kept, reason_codes())
    if unknown:
        codes = ", ".join(f"{code} ({count:,} stays)" for code, count in sorted(unknown.items()))
        found.append(f"Reasons not in the packaged list A to O: {codes}.")
    return tuple(found)


# ----------------------------------------------------------------------- the mapping


def _renamed(table: pa.Table, path: Path, where: str) -> tuple[pa.Table, dict[str, str]]:
    """The table under our column names, and the formats of its times."""
    lines = _mapping_lines(path)
    faults: list[Fault] = []
    names, formats = dict.fromkeys(table.column_names), {}
    wanted: dict[str, str] = {}
    for row, line in lines:
        ours, theirs = line.get("column") or "", line.get("from") or ""
        place = f"{path.name} row {row}"
        if ours not in STAYS_SCHEMA.names:
            remedy = f"The columns are {', '.join(STAYS_SCHEMA.names)}."
            faults.append(
                Fault(f"{place}, column column", ours, "Stays have no such column.", remedy)
            )
        elif ours in wanted:
            faults.append(
                Fault(f"{place}, column column", ours, "The column is mapped twice.", "Keep one.")
            )
        elif theirs not in names:
            remedy = f"Its columns are {', '.join(table.column_names)}."
            faults.append(
                Fault(f"{place}, column from", theirs, f"{where} has no such column.", remedy)
            )
        wanted[ours] = theirs
        if line.get("format"):
            formats[ours] = str(line["format"])
            if ours not in TIME_COLUMNS:
                faults.append(
                    Fault(
                        f"{place}, column format",
                        formats[ours],
                        "Only times have a format.",
                        "Leave it empty.",
                    )
                )
    if faults:
        raise TableError(faults)
    columns = {ours: table[theirs] for ours, theirs in wanted.items()}
    taken = set(wanted.values())
    for name in table.column_names:
        if name not in columns and name not in taken:
            columns[name] = table[name]
    return pa.table(columns), formats


def _mapping_lines(path: Path) -> list[tuple[int, dict[str, str | None]]]:
    if not path.is_file():
        raise UserError(f"{path} does not exist. A mapping CSV is needed. Check the name.")
    try:
        text = path.read_text(encoding="utf-8-sig")
        reader = csv.DictReader(text.splitlines())
        found = [(number, line) for number, line in enumerate(reader, start=2) if any(line)]
    except (UnicodeDecodeError, csv.Error):
        raise TableError(
            [Fault(path.name, None, "The mapping is not CSV text.", "Save it as CSV UTF-8.")]
        ) from None
    missing = {"column", "from"} - set(reader.fieldnames or [])
    if missing:
        raise TableError(
            [
                Fault(path.name, None, f"The column {name} is missing.", "Name it in row 1.")
                for name in sorted(missing)
            ]
        )
    return found
