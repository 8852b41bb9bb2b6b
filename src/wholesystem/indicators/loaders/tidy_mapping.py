"""The small table that says how the columns of somebody's own file are called.

::

    ours,theirs,constant,format,indicator
    area,Council,,,
    period,Month,,month MM/YYYY,
    value,Days lost,,number,dtoc_days
    publisher,,Somewhere Council,,

One row a column of ours: it is one of theirs, or the same text throughout. Figures of several
indicators that stand side by side have a row each, with the indicator's id. A table copied from
elsewhere says where each figure was published: file, sheet and cell may have columns of theirs in
braces, such as the cell ``H{row}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from pathlib import Path

from wholesystem.errors import Fault, UserError
from wholesystem.indicators.loaders.tidy_periods import PERIOD_KINDS, date_reader, period_reader
from wholesystem.tables.cells import closest
from wholesystem.tables.reading import read_csv_table

__all__ = ["Entry", "Mapping", "read_mapping", "same_names"]

NUMBERS = ("value", "numerator", "denominator")
_DATES = ("period_start", "period_end", "published", "revised")
_TEXTS = (
    "indicator",
    "area",
    "area_code",
    "area_kind",
    "geography",
    "of",
    "base",
    "unit",
    "publisher",
    "file",
    "sheet",
    "cell",
    "note",
)
_READING = ("skip", "read_sheet", "read_header_row")
OURS = (*_TEXTS, "period", *_DATES, *NUMBERS, *_READING)
NUMBER_FORMATS = {"": 1.0, "number": 1.0, "fraction": 100.0, "thousands": 1000.0}
_COLUMNS = ("ours", "theirs", "constant", "format", "indicator")
# Columns that may differ from one indicator to the next in a file where they stand side by side.
_PLACES = ("file", "sheet", "cell")
_BY_INDICATOR = (*NUMBERS, "unit", "base", "note", *_PLACES)
_IN_BRACES = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Entry:
    """One row of a mapping.

    Parameters
    ----------
    where : str
        Its place, for messages.
    ours : str
        Column of `OBSERVATIONS`, ``area``, ``period``, or one of ``skip``, ``read_sheet``,
        ``read_header_row``.
    theirs : str
        Their column; "" where it is the same text throughout.
    constant : str
        That text; with ``skip``, what stands in their column in rows to leave out. That of file,
        sheet or cell may have columns of theirs in braces.
    format : str
        Spelling of periods and dates, or scale of numbers.
    indicator : str
        Of which it is; "" for all.
    """

    where: str
    ours: str
    theirs: str
    constant: str = ""
    format: str = ""
    indicator: str = ""

    @property
    def in_braces(self) -> tuple[str, ...]:
        """Columns of theirs that the constant names."""
        return tuple(_IN_BRACES.findall(self.constant)) if self.ours in _PLACES else ()

    def filled(self, cells: Dictionary[str, str]) -> str:
        """The constant with what stands in those columns.

        Parameters
        ----------
        cells : mapping of str to str
            By column.

        Returns
        -------
        str
            Without braces.

        Examples
        --------
        >>> Entry("", "cell", "", "H{row}").filled({"row": "168"})
        'H168'
        """
        return _IN_BRACES.sub(lambda found: cells[found[1]], self.constant)


@dataclass(frozen=True)
class Mapping:
    """All rows of a mapping.

    Parameters
    ----------
    name : str
        Of its file, for messages.
    entries : tuple of Entry
        In order.
    """

    name: str
    entries: tuple[Entry, ...]

    def get(self, ours: str, indicator: str = "") -> Entry | None:
        """The entry of a column of ours.

        Parameters
        ----------
        ours : str
            The column.
        indicator : str, optional
            Of which; an entry for all is taken where it has none of its own.

        Returns
        -------
        Entry or None
            None where there is none.
        """
        found = [one for one in self.entries if one.ours == ours]
        own = [one for one in found if indicator and one.indicator == indicator]
        return next(iter(own or [one for one in found if not one.indicator]), None)

    @property
    def side_by_side(self) -> tuple[str, ...]:
        """Indicators that have a column of values each; () where one column has all."""
        return tuple(one.indicator for one in self.entries if one.ours == "value" and one.indicator)

    @property
    def their_columns(self) -> tuple[str, ...]:
        """Columns that their file must have."""
        named = (name for one in self.entries for name in (one.theirs, *one.in_braces))
        return tuple(dict.fromkeys(name for name in named if name))


def same_names(columns: Iterable[str]) -> Mapping:
    """The mapping of a file that has our own columns.

    Parameters
    ----------
    columns : iterable of str
        Of `OBSERVATIONS`, that it has.

    Returns
    -------
    Mapping
        Each column to itself; dates as YYYY-MM-DD.
    """
    entries = [
        Entry("the header", name, name, format="YYYY-MM-DD" if name in _DATES else "")
        for name in columns
    ]
    return Mapping("the header", tuple(entries))


def read_mapping(path: Path, faults: list[Fault]) -> Mapping:
    """A mapping from its file.

    Parameters
    ----------
    path : Path
        Of a CSV file with columns ours, theirs, constant, format and indicator; the last three
        may be missing.
    faults : list of Fault
        Added to, with every fault of the mapping.

    Returns
    -------
    Mapping
        Of the rows without a fault.

    Raises
    ------
    UserError
        If there is no such file.
    """
    if not path.is_file():
        raise UserError(
            f"{path} does not exist. A mapping says how the columns are called. Check the name."
        )
    table, found = read_csv_table(path)
    faults += found
    entries: list[Entry] = []
    for row in table.rows if table else ():
        cells = {name: row.cells.get(name, "") for name in _COLUMNS}
        cells["ours"] = cells["ours"].lower()
        entry = Entry(f"{path.name} row {row.number}", **cells)
        fault = _entry_fault(entry)
        if fault:
            faults.append(fault)
        else:
            entries.append(entry)
    for column in table.columns if table else ():
        if column not in _COLUMNS:
            rule = f"A mapping has the columns {', '.join(_COLUMNS)}."
            faults.append(Fault(f"{path.name} row 1", column, rule, "Remove or rename it."))
    mapping = Mapping(path.name, tuple(entries))
    faults += _lacking(mapping)
    faults += _twice(mapping)
    return mapping


def _entry_fault(entry: Entry) -> Fault | None:
    if entry.ours not in OURS:
        near = closest(entry.ours, OURS)
        rule = f"It is no column of ours. Known: {', '.join(OURS)}."
        remedy = f"Did you mean {near}?" if near else "Write one of these."
        return Fault(f"{entry.where}, column ours", entry.ours, rule, remedy)
    if entry.ours == "skip":
        if not (entry.theirs and entry.constant):
            rule = "A row to skip has a column of theirs and what stands in it."
            return Fault(entry.where, None, rule, "Write both.")
    elif bool(entry.theirs) == bool(entry.constant):
        rule = "A column of ours is one of theirs, or a constant: one of the two, not both."
        return Fault(entry.where, None, rule, "Write one, and clear the other.")
    if entry.ours in _PLACES and re.search(r"[{}]", _IN_BRACES.sub("", entry.constant)):
        rule = "Braces stand in pairs around a column of theirs: H{row}."
        return Fault(f"{entry.where}, column constant", entry.constant, rule, "Correct it.")
    if entry.ours.startswith("read_") and entry.theirs:
        return Fault(entry.where, entry.theirs, "This is a constant.", "Move it to constant.")
    if entry.indicator and entry.ours not in _BY_INDICATOR:
        rule = f"Only {', '.join(_BY_INDICATOR)} may be of one indicator."
        return Fault(f"{entry.where}, column indicator", entry.indicator, rule, "Clear it.")
    return _format_fault(entry)


def _format_fault(entry: Entry) -> Fault | None:
    where = f"{entry.where}, column format"
    remedy = "Correct the format."
    if entry.ours == "period":
        kind, _, pattern = entry.format.partition(" ")
        try:
            period_reader(kind, pattern.strip())
        except ValueError as error:
            rule = f"A period has one of {', '.join(PERIOD_KINDS)}, and may have a spelling"
            return Fault(where, entry.format, f"{rule} (month MM/YYYY); {error}.", remedy)
    elif entry.ours in _DATES:
        try:
            date_reader(entry.format)
        except ValueError as error:
            return Fault(where, entry.format, f"A date has a spelling; {error}.", remedy)
    elif entry.ours in NUMBERS:
        if entry.format not in NUMBER_FORMATS:
            rule = "A number has one of number, fraction (0.5 is 50), thousands, or nothing."
            return Fault(where, entry.format, rule, remedy)
    elif entry.format:
        return Fault(where, entry.format, f"{entry.ours} has no format.", "Clear it.")
    return None


def _lacking(mapping: Mapping) -> list[Fault]:
    has = {one.ours for one in mapping.entries}
    needed = [
        ({"value"}, "value"),
        ({"area", "area_code"}, "area (or area_code)"),
        ({"publisher"}, "publisher"),
    ]
    if not mapping.side_by_side:
        needed.append(({"indicator"}, "indicator"))
    lacking = [name for any_of, name in needed if not any_of & has]
    if "period" not in has and not {"period_start", "period_end"} <= has:
        lacking.append("period (or period_start and period_end)")
    if not lacking:
        return []
    rule = f"It has no row for {', '.join(lacking)}."
    return [Fault(mapping.name, None, rule, "Add it, with a column of theirs or a constant.")]


def _twice(mapping: Mapping) -> list[Fault]:
    seen: dict[tuple[str, str], Entry] = {}
    faults = []
    for one in mapping.entries:
        key = (one.ours, one.indicator)
        if key in seen and one.ours != "skip":
            rule = f"It is mapped in {seen[key].where} too."
            faults.append(Fault(one.where, one.ours, rule, "Keep one of them."))
        seen[key] = one
    return faults
