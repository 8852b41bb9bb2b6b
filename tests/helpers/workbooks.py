"""Small workbooks in the layouts that NHS England used for delayed transfers, 2011 to 2019.

Three councils, people from Wales, and England as their sum. A test takes the cells, spoils some,
and writes them. Only layouts are copied; the figures are made up here.
"""

from __future__ import annotations

import zipfile
from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

Cells = list[list[Any]]

# Code, ONS code, name, acute, non-acute, NHS, social care, both, and days by reason A, B, C ...
COUNCILS = (
    ("608", "E10000025", "Oxfordshire", "South East", 60, 40, 50, 30, 20),
    ("102", "E10000006", "Cumbria", "North West", 31, 0, 31, 0, 0),
    ("714", "E09000001", "City Of London", "London", 7, 5, 4, 8, 0),
    ("9900", "-", "Resident In Wales", "-", 2, 1, 3, 0, 0),
)
WORDS = {
    "A": "Awaiting completion of assessment",
    "B": "Awaiting public funding",
    "C": "Awaiting further non-acute NHS care",
    "Di": "Awaiting residential home placement or availability",
    "Dii": "Awaiting nursing home placement or availability",
    "E": "Awaiting care package in own home",
    "F": "Awaiting community equipment and adaptations",
    "G": "Patient or family choice",
    "H": "Disputes",
    "I": "Housing - patients not covered by Care Act",
    "O": "Other",
}


def dtoc_cells(month: date = date(2017, 7, 1)) -> dict[str, Cells]:
    """Sheets of a workbook as its publisher laid it out in that year; row and column from 0."""
    return {
        "England": _england(month),
        f"LA - by {'Type of Care' if month < date(2017, 4, 1) else 'type of care'}": _areas(
            month, ("Acute", "Non-Acute"), lambda c: c[4:6]
        ),
        "LA - by responsible org": _areas(month, ("NHS", "Social Care", "Both"), lambda c: c[6:9]),
        "LA - by reason": _areas(month, _reason_headings(month), lambda c: _reasons(c, month)),
    }


def _codes(month: date) -> list[str]:
    return [code for code in WORDS if code != "O" or month >= date(2017, 4, 1)]


def _reason_headings(month: date) -> tuple[str, ...]:
    words = dict(WORDS)
    if month < date(2018, 1, 1):
        words["I"] = "Housing - patients not covered by NHS and Community Care Act"
    shown = {code: f"{code}) {text}" for code, text in words.items()}
    if month < date(2017, 4, 1):
        shown = {code: text.upper() for code, text in shown.items()}
    return tuple(shown[code] for code in _codes(month))


def _reasons(council: tuple[Any, ...], month: date) -> list[int]:
    """NHS days are of reason C, those of social care of E, those of both of Dii."""
    days = dict.fromkeys(_codes(month), 0)
    days["C"], days["E"], days["Dii"] = council[6:9]
    return list(days.values())


def _top(month: date, title: str) -> Cells:
    return [
        [],
        ["", "Title:", title],
        ["", "Summary:", "Number of Delayed Days during the reporting period"],
        [],
        ["", "Period:", f"{month:%B %Y}"],
        ["", "Source:", "Unify2 Data Collection - MSitDT"],
        ["", "Basis:", "Local Authority"],
        ["", "Published:", f"14th {_after(month, 2):%B %Y}"],
        ["", "Revised:", f"14th {_after(month, 11):%B %Y}"],
        ["", "Status:", "Published"],
        [],
        [],
    ]


def _after(month: date, months: int) -> date:
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 14)


def _areas(month: date, headings: tuple[str, ...], days_of: Any) -> Cells:
    before = ["SHA"] if month < date(2013, 4, 1) else ["Region", ""]
    has_ons = month >= date(2015, 7, 1)
    if has_ons:
        before[1] = "ONS Geography"
    has_beds = month >= date(2017, 4, 1) and headings[0] in ("Acute", "NHS")
    columns = [*headings, "Total"]
    cells = _top(month, "Delayed Transfer of Care, NHS Organisations, England")
    gap = [""] * (len(before) + 2)
    cells.append(
        ["", *gap, "Delayed Days", *[""] * len(headings), "", "DTOC Beds"] if has_beds else []
    )
    cells.append(["", *before, "Code", "Name", *columns, *(["", *columns] if has_beds else [])])
    every = [list(map(int, days_of(c))) for c in COUNCILS]
    rows = [["-", "-", "England", [sum(column) for column in zip(*every, strict=True)]]]
    rows += [[c[1], c[0], c[2], days] for c, days in zip(COUNCILS, every, strict=True)]
    for i, (ons, code, name, days) in enumerate(rows):
        region = "-" if i == 0 or month < date(2013, 4, 1) else COUNCILS[i - 1][3]
        left = [region] if len(before) == 1 else [region, ons if has_ons else ""]
        figures = [*days, sum(days)]
        length = monthrange(month.year, month.month)[1]
        beds = ["", *(number / length for number in figures)] if has_beds else []
        cells.append(["", *left, code, name, *figures, *beds])
        if i == 0:
            cells.append([])
    return cells


def _england(month: date) -> Cells:
    """Acute days are those of reason C and E as far as they go; the rest is non-acute."""
    nhs, care, both = (sum(c[j] for c in COUNCILS) for j in (6, 7, 8))
    acute = sum(c[4] for c in COUNCILS)
    # 54 acute NHS days of 88, all 38 of social care, and 8 of both make the 100 acute days
    split = {"Acute": (acute - care - 8, care, 8)}
    split["Non-Acute"] = (nhs - split["Acute"][0], 0, both - 8)
    cells = _top(month, "Delayed Transfers of Care (DTOC) by Reason, England")
    cells.append(["", "England Level Data", "", "Number of Delayed Days"])
    cells.append(["", "Type of Care", "Reason for Delay", "NHS", "Social Care", "Both"])
    cells += [["", name, "-", *days] for name, days in split.items()]
    cells.append([])
    for name, days in split.items():
        for i, heading in enumerate(_reason_headings(month)):
            code = heading.partition(")")[0].lower()
            if code == "o" and name == "Acute":
                continue  # reason O is of non-acute care only
            row = [
                days[0] if code == "c" else 0,
                days[1] if code == "e" else 0,
                days[2] if code == "dii" else ("NA" if code in ("c", "g", "h", "i") else 0),
            ]
            cells.append(["", name if i == 0 else "", heading, *row])
    return cells


def write_xlsx(path: Path, sheets: dict[str, Cells], **options: Any) -> Path:
    """Write sheets of cells; a text that starts with = is a formula without a stored result.

    Options: hidden (names of sheets), hidden_rows and hidden_columns and merged (by sheet).
    """
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, cells in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(cells):
                for j, value in enumerate(row):
                    _write(sheet, i, j, value, day)
            if name in options.get("hidden", ()):
                sheet.hide()
            for row in options.get("hidden_rows", {}).get(name, ()):
                sheet.set_row(row, None, None, {"hidden": True})
            for column in options.get("hidden_columns", {}).get(name, ()):
                sheet.set_column(column, column, None, None, {"hidden": True})
            for first, left, last, right in options.get("merged", {}).get(name, ()):
                sheet.merge_range(first, left, last, right, cells[first][left])
    return path


def _write(sheet: Any, i: int, j: int, value: Any, day: Any) -> None:
    if isinstance(value, Formula):
        sheet.write_formula(i, j, value.text, None, value.result)
    elif isinstance(value, date):
        sheet.write_datetime(i, j, value, day)
    elif isinstance(value, str):
        if value:
            sheet.write_string(i, j, value)
    else:
        sheet.write_number(i, j, value)


class Formula:
    """A formula, and the result that is stored for it: "" stands for none."""

    def __init__(self, text: str, result: Any = "") -> None:
        self.text = text
        self.result = result


def write_dtoc(path: Path, month: date = date(2017, 7, 1), **options: Any) -> Path:
    """A whole workbook of a month."""
    return write_xlsx(path, dtoc_cells(month), **options)


def zip_files(path: Path, files: dict[str, bytes]) -> Path:
    """A zip file of files by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
