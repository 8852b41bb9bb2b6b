"""Reading and writing workbooks: one sheet a table, of the same name."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault
from wholesystem.tables.cells import number_text
from wholesystem.tables.grid import MOST_COLUMNS, MOST_ROWS, escape_cell, make_table
from wholesystem.tables.raw import Layout, Table, Tables
from wholesystem.tables.reading import MOST_BYTES, unknown_table

__all__ = ["read_workbook", "write_workbook"]

MOST_UNPACKED_BYTES = 300_000_000
MOST_ABOVE = 20
# Sheets that people keep for themselves.
NOTES = ("readme", "notes")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_workbook(path: Path, layout: Layout) -> Tables:
    """All tables of a workbook, as text.

    Parameters
    ----------
    path : Path
        Of an .xlsx file.
    layout : Layout
        The format.

    Returns
    -------
    Tables
        Of the sheets; faults name the file and the sheet.
    """
    fault = _why_unreadable(path)
    if fault:
        return Tables(path, {}, (fault,))
    try:
        return _read_sheets(path, layout)
    except Exception as error:
        # Whatever a damaged file makes the library raise, the person can only save it again.
        return Tables(path, {}, (_damaged(path, f" ({type(error).__name__})"),))


def _damaged(path: Path, detail: str = "") -> Fault:
    return Fault(
        path.name,
        None,
        f"It cannot be read as a workbook{detail}.",
        "Open it in Excel and save it again as an Excel workbook (.xlsx).",
    )


def _why_unreadable(path: Path) -> Fault | None:
    try:
        if path.stat().st_size > MOST_BYTES:
            return Fault(
                path.name,
                None,
                f"It is larger than {MOST_BYTES // 1_000_000} MB.",
                "Keep only the sheets of the model.",
            )
        with path.open("rb") as file:
            if file.read(4) == b"\xd0\xcf\x11\xe0":
                return Fault(
                    path.name,
                    None,
                    "It is protected by a password, or in the old .xls format.",
                    "Save it as an Excel workbook (.xlsx) with no password.",
                )
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (OSError, zipfile.BadZipFile, ValueError):
        return _damaged(path)
    if unpacked > MOST_UNPACKED_BYTES:
        return Fault(
            path.name,
            None,
            f"It unpacks to more than {MOST_UNPACKED_BYTES // 1_000_000} MB.",
            "Keep only the sheets of the model.",
        )
    return None


def _read_sheets(path: Path, layout: Layout) -> Tables:
    tables: list[Table] = []
    faults: list[Fault] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of charts and formats, which do not matter here
        values = _open(path, data_only=True)
        formulas = _open(path, data_only=False) if _has_formulas(path) else values
        try:
            for sheet in values.worksheets:
                table, found = _read_sheet(path, sheet, formulas[sheet.title], layout)
                faults += found
                if table is not None:
                    tables.append(table)
        finally:
            values.close()
            formulas.close()
    if not tables and not faults:
        faults.append(
            Fault(path.name, None, "It has no tables.", f"Add sheets: {', '.join(layout.columns)}.")
        )
    return Tables(path, Tables.in_order(tables, layout), tuple(faults))


def _has_formulas(path: Path) -> bool:
    """Whether any sheet has a formula; most have none, and are then read only once."""
    with zipfile.ZipFile(path) as archive:
        return any(
            re.search(rb"<(\w+:)?f[ >/]", archive.read(entry))
            for entry in archive.infolist()
            if "worksheets/" in entry.filename
        )


def _open(path: Path, *, data_only: bool) -> Any:
    from openpyxl import load_workbook

    return load_workbook(path, read_only=True, data_only=data_only, keep_links=False)


def _read_sheet(
    path: Path, sheet: Any, formulas: Any, layout: Layout
) -> tuple[Table | None, list[Fault]]:
    name = sheet.title
    shown_as = f"{path.name} sheet {name}"
    if name.strip().lower() in NOTES:
        return None, []
    known = name == layout.settings or layout.columns_of(name)
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    formulas.reset_dimensions()
    if not known:
        used = any(any(line) for line in _lines(sheet))
        return None, [unknown_table(shown_as, name, "", layout)] if used else []
    faults = _formula_faults(shown_as, sheet, formulas)
    above = _lines_above(sheet, layout)
    lines = islice(_lines(sheet, above), above, None)
    table, found = make_table(name, shown_as, lines, first=above + 1)
    return table, faults + found


def _lines_above(sheet: Any, layout: Layout) -> int:
    """Lines above the header of a sheet: titles that people put there."""
    if layout.is_header is None:
        return 0
    for at, line in enumerate(islice(_lines(sheet), MOST_ABOVE)):
        if layout.is_header([cell.strip() for cell in line]):
            return at
    return 0


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1)
    return islice(rows, MOST_ROWS + 2)


def _lines(sheet: Any, above: int = 0) -> Iterator[list[str]]:
    """Lines of a sheet, each as long as the header at least, which is the one after `above`."""
    width = 0
    for at, row in enumerate(_rows(sheet)):
        line = [_cell_text(cell.value) for cell in row]
        width = width if at < above else width or len(line)
        # A row of a sheet ends at its last filled cell.
        yield line + [""] * (width - len(line))


def _formula_faults(shown_as: str, sheet: Any, formulas: Any) -> list[Fault]:
    """Formulas whose result is not stored, and results that are errors."""
    faults = []
    for value_row, formula_row in zip(_rows(sheet), _rows(formulas), strict=False):
        for value, formula in zip(value_row, formula_row, strict=False):
            if formula.data_type == "f" and value.value is None:
                faults.append(
                    Fault(
                        f"{shown_as} cell {formula.coordinate}",
                        None,
                        "The result of its formula is not stored in the file.",
                        "Open the workbook in Excel, save it, and try again.",
                    )
                )
            elif value.data_type == "e":
                faults.append(
                    Fault(
                        f"{shown_as} cell {value.coordinate}",
                        str(value.value),
                        "It holds an error of a formula.",
                        "Mend the formula, or write the value.",
                    )
                )
    return faults


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    # Workbooks write some letters as their number: _x000D_ for a line end, _x005F_ for _ itself.
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), str(value))


def write_workbook(tables: Tables, path: Path) -> None:
    """Write tables as a workbook: a sheet a table, of the same name.

    Parameters
    ----------
    tables : Tables
        As text. Numbers and dates become those of a spreadsheet where nothing is lost by it.
    path : Path
        Of the .xlsx file.
    """
    from xlsxwriter import Workbook

    options = {
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "constant_memory": True,
    }
    with Workbook(str(path), options) as book:
        # The same tables make the same file.
        book.set_properties({"created": datetime(2000, 1, 1)})
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for table in tables.tables.values():
            sheet = book.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            _set_widths(sheet, table)
            for j, column in enumerate(table.columns):
                sheet.write_string(0, j, escape_cell(column), bold)
            for i, row in enumerate(table.rows, start=1):
                for j, column in enumerate(table.columns):
                    _write_cell(sheet, i, j, row.cells.get(column, ""), day)


def _set_widths(sheet: Any, table: Table) -> None:
    for j, column in enumerate(table.columns):
        longest = max((len(row.cells.get(column, "")) for row in table.rows[:500]), default=0)
        sheet.set_column(j, j, min(max(longest, len(column)) + 2, 60))


def _write_cell(sheet: Any, i: int, j: int, text: str, day: Any) -> None:
    if not text:
        return
    number = _plain_number(text)
    moment = _plain_date(text)
    if number is not None:
        sheet.write_number(i, j, number)
    elif moment is not None:
        sheet.write_datetime(i, j, moment, day)
    else:
        sheet.write_string(i, j, escape_cell(text))


def _plain_number(text: str) -> float | None:
    """The number, where a spreadsheet gives back the same text; None otherwise."""
    try:
        number = float(text)
        # The library writes 16 digits.
        same = number_text(number) == text and float(f"{number:.16G}") == number
    except (ValueError, OverflowError):
        return None
    return number if same else None


def _plain_date(text: str) -> datetime | None:
    if not _ISO_DATE.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    # Spreadsheets count days from 1900 and get the first two months of it wrong.
    return moment if moment.year > 1900 else None
