"""Reading a CSV file of figures in time, for the command `wholesystem spc`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from wholesystem.errors import Fault, TableError, UserError
from wholesystem.indicators.spc.columns import Columns, find_columns, one_fault
from wholesystem.indicators.spc.dates import parse_day, reads_month_first
from wholesystem.indicators.spc.series import FEWEST_POINTS
from wholesystem.tables.cells import CellError, parse_number
from wholesystem.tables.grid import unescape_cell

MOST_BYTES = 50_000_000
MOST_ROWS = 500_000
MOST_POINTS = 10_000
MOST_GROUPS = 500
#: What publishers write where a figure is withheld or not given; read as missing, and counted.
NOT_GIVEN = frozenset({"*", "-", "c", "..", ":", "[c]", "[x]", "[z]", "n/a", "na", "#n/a"})


@dataclass
class Rows:
    """The rows of one chart, in the order of the file.

    Parameters
    ----------
    days : list of date
        As read.
    values, bases : list of (float or None)
        None = missing.
    numbers : list of int
        Row of each in the file.
    """

    days: list[date] = field(default_factory=list)
    values: list[float | None] = field(default_factory=list)
    bases: list[float | None] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class SpcFile:
    """What was read of a file.

    Parameters
    ----------
    groups : dict of str to Rows
        One, named empty, where there is no column of groups.
    value_name : str
        Name of the column of figures; empty where only dates were read.
    notes : tuple of str
        What the reader should know: dates sorted, figures not given, encoding.
    """

    groups: dict[str, Rows]
    value_name: str
    notes: tuple[str, ...]


def read_file(path: Path, columns: Columns, rebases: Sequence[date] = ()) -> SpcFile:
    """Read a CSV file of figures in time, or tell every fault of it.

    Parameters
    ----------
    path : Path
        Text in UTF-8 or in Windows' Western encoding, with commas, semicolons or tabs; the names
        of the columns in row 1.
    columns : Columns
        Which columns to read.
    rebases : sequence of date
        Each must lie inside the series.

    Returns
    -------
    SpcFile
        Rows by group.

    Raises
    ------
    UserError
        If the file is not there, is too large, or may not be read.
    TableError
        With every fault.
    """
    text, notes = _text_of(path)
    lines = list(_lines(path, text))
    if not lines or not any(cell.strip() for cell in lines[0][1]):
        raise one_fault(
            path.name, "The file is empty.", "Give names of columns in row 1, then rows."
        )
    header = [unescape_cell(cell.strip()) for cell in lines[0][1]]
    body = [(number, cells) for number, cells in lines[1:] if any(cell.strip() for cell in cells)]
    while header and not header[-1]:
        header.pop()
    places = find_columns(path, header, body, columns)
    reader = _Reader(path.name, header, places)
    for number, cells in body:
        reader.take(number, cells)
    reader.finish(rebases)
    if reader.faults:
        raise TableError(reader.faults)
    value = places.get("value")
    return SpcFile(
        groups=reader.groups,
        value_name="" if value is None else header[value],
        notes=(*notes, *reader.notes()),
    )


# ------------------------------------------------------------------------------ text


def _text_of(path: Path) -> tuple[str, list[str]]:
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise UserError(f"{path} {what}. A CSV file of figures is needed. Check the name.")
    if path.suffix.lower() in (".xlsx", ".xls", ".ods", ".parquet"):
        raise UserError(
            f"{path} is no CSV file. Only CSV is read here. In Excel choose Save As, CSV UTF-8."
        )
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UserError(
                f"{path} has {path.stat().st_size / 1e6:,.0f} MB. At most"
                f" {MOST_BYTES // 1_000_000} MB are read. Keep the rows that belong in charts."
            )
        data = path.read_bytes()
    except PermissionError:
        raise UserError(f"{path} may not be read. Ask for the right to read it.") from None
    if b"\x00" in data:
        raise one_fault(
            path.name, "The file is not CSV text.", "In Excel choose Save As, CSV UTF-8."
        )
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        return text, [f"{path.name} is not in UTF-8: it was read in Windows' Western encoding."]


def _lines(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    marks = {mark: first.count(mark) for mark in ",;\t"}
    delimiter = "," if marks[","] else max(marks, key=lambda mark: marks[mark])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row, cells in enumerate(reader, start=1):
            if row > MOST_ROWS + 1:
                raise one_fault(
                    path.name,
                    f"The file has more than {MOST_ROWS:,} rows.",
                    "Keep the rows that belong in charts.",
                )
            yield row, cells
    except csv.Error:
        raise one_fault(
            f"{path.name} near row {reader.line_num}",
            "The file cannot be read as CSV: a quote is left open, or a cell is over 100,000"
            " letters.",
            "Save it again as CSV UTF-8.",
        ) from None


# ------------------------------------------------------------------------------ rows


class _Reader:
    """Takes the rows one by one, keeping those that are sound and every fault."""

    def __init__(self, file: str, header: list[str], places: dict[str, int]) -> None:
        self.file = file
        self.header = header
        self.places = places
        self.groups: dict[str, Rows] = {}
        self.faults: list[Fault] = []
        self.not_given: dict[str, int] = {}
        self.blank = 0
        self.texts: list[str] = []
        self.seen: dict[tuple[str, date], int] = {}

    def take(self, number: int, cells: list[str]) -> None:
        """Read one row."""
        extra = [cell for cell in cells[len(self.header) :] if cell.strip()]
        if extra or len(cells) <= max(self.places.values()):
            self._fault(
                number,
                None,
                None,
                f"The row has {len(cells)} cell{'s' * (len(cells) != 1)}; the header has"
                f" {len(self.header)}.",
                "A comma inside a cell needs quotes round the cell.",
            )
            return
        day = self._day(number, cells)
        value = self._figure(number, cells, "value")
        base = self._figure(number, cells, "denominator")
        group = ""
        if "group" in self.places:
            group = unescape_cell(cells[self.places["group"]].strip())
            if not group:
                self._fault(number, "group", "", "Each row needs its group.", "Write its name.")
                return
        if day is None:
            return
        if self._is_twice(number, group, day):
            return
        rows = self.groups.setdefault(group, Rows())
        rows.days.append(day)
        rows.values.append(value)
        rows.bases.append(base)
        rows.numbers.append(number)

    def _fault(
        self, number: int, role: str | None, value: str | None, rule: str, remedy: str
    ) -> None:
        column = "" if role is None else f", column {self.header[self.places[role]]}"
        self.faults.append(Fault(f"{self.file} row {number}{column}", value, rule, remedy))

    def _day(self, number: int, cells: list[str]) -> date | None:
        text = cells[self.places["date"]].strip()
        self.texts.append(text)
        try:
            return parse_day(text)
        except CellError as error:
            self._fault(number, "date", text, error.rule, error.remedy)
            return None

    def _figure(self, number: int, cells: list[str], role: str) -> float | None:
        if role not in self.places:
            return None
        text = unescape_cell(cells[self.places[role]].strip())
        if not text:
            self.blank += 1
            return None
        if text.lower() in NOT_GIVEN:
            self.not_given[text] = self.not_given.get(text, 0) + 1
            return None
        try:
            return parse_number(text)
        except CellError as error:
            remedy = error.remedy
            if text.endswith("%"):
                remedy = f"Write {text[:-1].strip()} without the sign, and give --unit %."
            self._fault(number, role, text, error.rule, remedy)
            return None

    def _is_twice(self, number: int, group: str, day: date) -> bool:
        if "value" not in self.places:  # events: more than one may fall on a day
            return False
        before = self.seen.setdefault((group, day), number)
        if before == number:
            return False
        hint = "" if "group" in self.places else ", or name the column of areas with --group"
        self._fault(
            number,
            "date",
            self.texts[-1],
            f"Row {before} has the same date. A chart has one figure a date.",
            f"Keep one{hint}.",
        )
        return True

    def finish(self, rebases: Sequence[date]) -> None:
        """Check what can be seen only when all rows are read."""
        if len(self.groups) > MOST_GROUPS:
            self.faults.append(
                Fault(
                    self.file,
                    None,
                    f"There are {len(self.groups):,} groups. At most {MOST_GROUPS} are charted.",
                    "Choose another column with --group, or fewer rows.",
                )
            )
            return
        if not self.groups and not self.faults:
            self.faults.append(Fault(self.file, None, "There are no rows.", "Give figures."))
        for group, rows in self.groups.items():
            self._check_size(group, rows)
        self._check_rebases(rebases)

    def _check_size(self, group: str, rows: Rows) -> None:
        where = f"{self.file}, {group}" if group else self.file
        known = rows.values if "value" in self.places else rows.days
        count = sum(one is not None for one in known)
        if len(rows.days) > MOST_POINTS:
            rule = f"There are {len(rows.days):,} points. A chart has at most {MOST_POINTS:,}."
            self.faults.append(Fault(where, None, rule, "Give fewer periods, or longer ones."))
        elif count < FEWEST_POINTS and not self.faults:
            what = "is 1 figure" if count == 1 else f"are {count} figures"
            rule = f"There {what}. A chart needs at least {FEWEST_POINTS}."
            self.faults.append(Fault(where, None, rule, "Give more periods."))

    def _check_rebases(self, rebases: Sequence[date]) -> None:
        spans = [(min(rows.days), max(rows.days)) for rows in self.groups.values() if rows.days]
        if not spans:
            return
        first, last = min(a for a, _ in spans), max(b for _, b in spans)
        for one in rebases:
            if not any(a < one <= b for a, b in spans):
                self.faults.append(
                    Fault(
                        f"--rebase {one}",
                        None,
                        "The date is outside the series: it must come after its first date,"
                        f" {first}, and not after its last, {last}.",
                        "Give the first date of the new phase.",
                    )
                )

    def notes(self) -> Iterator[str]:
        """What the reader should know."""
        unsorted = [name for name, rows in self.groups.items() if rows.days != sorted(rows.days)]
        if unsorted:
            yield "The dates are not in order: they were sorted."
        if reads_month_first(self.texts):
            yield (
                f"Dates with slashes are read day first: {self.texts[0]} is"
                f" {parse_day(self.texts[0])}. If the month comes first, write 2017-06."
            )
        if self.blank:
            yield f"Blank cells read as missing figures: {self.blank}."
        for sign, count in self.not_given.items():
            yield f"Cells with {sign!r} read as figures not given: {count}."
