"""A plan as a workbook in a layout that councils use: a row an action, by area for improvement."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wholesystem.errors import OutputError
from wholesystem.files import atomic_path
from wholesystem.reviews.plan.plan import ActionPlan
from wholesystem.reviews.plan.records import PRIORITIES, Action, day_words
from wholesystem.reviews.plan.workbook_layout import (
    LISTS,
    NOTES,
    WRONG,
    Column,
    SheetLayout,
    sheet_layouts,
)
from wholesystem.reviews.plan.workbook_names import Names
from wholesystem.reviews.review import Review
from wholesystem.tables.cells import number_text
from wholesystem.tables.grid import escape_cell
from wholesystem.tables.rows import Row

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from wholesystem.indicators.catalogue import Indicator

__all__ = ["names_of", "write_plan_workbook", "write_sheets"]

# A cell holds so many, and counts an emoji as two.
MOST_UNITS = 32_767
# Rows below the last one that offer the lists too.
SPARE_ROWS = 300
# Spreadsheets count days from 1900 and get the first two months of it wrong.
FIRST_DATE_YEAR = 1901

#: Cells of a row by header.
Cells = Mapping[str, str | float | date]

_NOTES = (
    "This workbook holds an action plan. Edit it, save it, and import it again.",
    "One row of the sheet Action plan is one action; rows that answer the same area for improvement"
    " stand together. Milestones and Measures name their action by its number.",
    "Keep the numbers of rows: a row is known by its number, wherever it stands. A row that is"
    " removed here stays in the plan: to give an action up, say why in the column Withdrawn.",
    "Columns may be moved, and rows sorted. A column that is added is not read. Lines above the"
    " header are passed over.",
    "Dates are dates of the spreadsheet, or text such as 2018-04-01.",
    "Cells with a list offer what the review knows; the sheet Lists has all of it.",
    "Columns that are grey are for reading and are not read back.",
)


def names_of(review: Review, catalogue: Mapping[str, Indicator] | None = None) -> Names:
    """Names of everything that a plan's workbook may name.

    Parameters
    ----------
    review : Review
        That the plan answers.
    catalogue : mapping of str to Indicator, optional
        The packaged one if not given.

    Returns
    -------
    Names
        For writing and reading.
    """
    from wholesystem.indicators.catalogue import read_catalogue

    known = read_catalogue() if catalogue is None else catalogue
    return Names(review, {key: one.name for key, one in known.items()})


def write_plan_workbook(
    plan: ActionPlan,
    path: str | os.PathLike[str],
    catalogue: Mapping[str, Indicator] | None = None,
) -> None:
    """Write a plan as a workbook, whole or not at all.

    Parameters
    ----------
    plan : ActionPlan
        The plan; one with no action makes a form to fill in.
    path : path
        Of the workbook; the name must end in .xlsx.
    catalogue : mapping of str to Indicator, optional
        Whose indicators are offered; the packaged one if not given.

    Raises
    ------
    OutputError
        If it cannot be written, has another ending, or a text is longer than a cell can hold.
    """
    names = names_of(plan.review, catalogue)
    rows: dict[str, list[Cells]] = {}
    for layout in sheet_layouts().values():
        table: Sequence[Row] = getattr(plan, layout.table)
        if layout.table == "actions":
            table = _by_area(plan)
        rows[layout.name] = [_cells(row, layout, names) for row in table]
    write_sheets(rows, names, path, _title(plan))


def _title(plan: ActionPlan) -> str:
    if plan.info is None:
        return f"Action plan: {plan.review.info.area}"
    agreed = plan.info.agreed_on
    return plan.info.title + (f", agreed on {day_words(agreed)}" if agreed else "")


def _by_area(plan: ActionPlan) -> list[Action]:
    """Actions in the order of the areas for improvement that they answer first."""
    areas = sorted(plan.review.areas_for_improvement, key=lambda one: one.order)
    place = {one.area_for_improvement: at for at, one in enumerate(areas)}
    return sorted(
        plan.actions,
        key=lambda one: (
            place[one.areas_for_improvement[0]] if one.areas_for_improvement else len(place)
        ),
    )


def _cells(row: Row, layout: SheetLayout, names: Names) -> dict[str, str | float | date]:
    found: dict[str, str | float | date] = {}
    text = row.cells()
    for one in layout.columns:
        if one.kind == "told":
            found[one.header] = _told(text, layout, names)
            continue
        value = getattr(row, one.column)
        is_plain = isinstance(value, date | float)
        found[one.header] = value if is_plain else names.show(one.kind, text[one.column])
    return found


def _told(text: Mapping[str, str], layout: SheetLayout, names: Names) -> str:
    """What a row is of, in words that nobody need type."""
    if layout.table == "actions":
        first = text["areas_for_improvement"].partition(";")[0]
        return names.areas.get(first, "")
    return names.indicators.get(text["name"], "") if text["kind"] == "indicator" else ""


# ------------------------------------------------------------------------ the workbook


@dataclass(frozen=True)
class _Formats:
    header: Any
    told_header: Any
    text: Any
    told: Any
    day: Any
    first: Any
    first_told: Any
    first_day: Any
    wrong: Any

    @classmethod
    def of(cls, book: Workbook) -> _Formats:
        plain = {"valign": "top", "text_wrap": True}
        line = {**plain, "top": 2}
        told = {"font_color": "#4c6272", "bg_color": "#f0f4f5"}
        day = {"num_format": "d mmm yyyy", "align": "left"}
        head = {**plain, "bold": True, "bg_color": "#005eb8", "font_color": "#ffffff"}
        return cls(
            book.add_format(head),
            book.add_format({**head, "bg_color": "#4c6272"}),
            book.add_format(plain),
            book.add_format({**plain, **told}),
            book.add_format({**plain, **day}),
            book.add_format(line),
            book.add_format({**line, **told}),
            book.add_format({**line, **day}),
            book.add_format({**plain, "font_color": "#d5281b"}),
        )


def write_sheets(
    rows: Mapping[str, Sequence[Cells]],
    names: Names,
    path: str | os.PathLike[str],
    title: str,
) -> None:
    """Write rows into the sheets of a plan's workbook.

    Parameters
    ----------
    rows : mapping of str to sequence of Cells
        By sheet: what stands under each header; ``What is wrong`` makes a last column of it.
    names : Names
        What the lists offer.
    path : path
        Of the workbook; the name must end in .xlsx.
    title : str
        Of the workbook's properties and printed pages.

    Raises
    ------
    OutputError
        If it cannot be written, has another ending, or a text is longer than a cell can hold.
    """
    from xlsxwriter import Workbook

    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise OutputError(
            f"{target} does not end in .xlsx. A workbook is written. Name it"
            f" {target.with_suffix('.xlsx').name}."
        )
    options = {
        # Cells in the order of rows: strings then stand in their cells, where the reader finds
        # even those that look like a letter written as its number (_x0041_).
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with atomic_path(target) as part, Workbook(str(part), options) as book:
        # The same plan makes the same file.
        book.set_properties({"title": title, "created": datetime(2000, 1, 1)})
        formats = _Formats.of(book)
        lists = _Lists(names)
        for layout in sheet_layouts().values():
            sheet = book.add_worksheet(layout.name)
            _write_sheet(sheet, layout, rows[layout.name], formats, lists, title)
        lists.write(book.add_worksheet(LISTS), formats)
        _write_notes(book.add_worksheet(NOTES), formats)


def _write_sheet(
    sheet: Worksheet,
    layout: SheetLayout,
    rows: Sequence[Cells],
    formats: _Formats,
    lists: _Lists,
    title: str,
) -> None:
    headers = [one.header for one in layout.columns]
    wrong = any(WRONG in row for row in rows)
    for at, one in enumerate(layout.columns):
        is_told = one.kind == "told"
        sheet.set_column(at, at, one.width, formats.told if is_told else formats.text)
        sheet.write_string(0, at, one.header, formats.told_header if is_told else formats.header)
        lists.offer(sheet, at, one, len(rows) + SPARE_ROWS)
    if wrong:
        sheet.set_column(len(headers), len(headers), 60, formats.wrong)
        sheet.write_string(0, len(headers), WRONG, formats.header)
    before = None
    for number, row in enumerate(rows, start=1):
        group = str(row.get(headers[0], "")).partition(";")[0] if layout.table == "actions" else ""
        starts = group != before and number > 1 and layout.table == "actions"
        before = group
        for at, one in enumerate(layout.columns):
            value = row.get(one.header, "")
            _write_cell(sheet, (number, at), value, _format(one, value, formats, starts=starts))
        if wrong:
            _write_cell(sheet, (number, len(headers)), row.get(WRONG, ""), formats.wrong)
    _set_up(sheet, len(rows), len(headers) - 1 + wrong, title)


def _set_up(sheet: Worksheet, rows: int, last: int, title: str) -> None:
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(rows, 1), last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    # An ampersand starts a command of the footer.
    sheet.set_footer(f"&L{title.replace('&', '&&')[:200]}&RPage &P of &N")


def _format(column: Column, value: Any, formats: _Formats, *, starts: bool) -> Any:
    if column.kind == "told":
        return formats.first_told if starts else formats.told
    if isinstance(value, date):
        return formats.first_day if starts else formats.day
    return formats.first if starts else formats.text


def _write_cell(sheet: Worksheet, at: tuple[int, int], value: Any, form: Any) -> None:
    if isinstance(value, date) and value.year >= FIRST_DATE_YEAR:
        sheet.write_datetime(*at, datetime(value.year, value.month, value.day), form)
        return
    # The library writes 16 digits; a number that needs more is written as text.
    if isinstance(value, float) and float(f"{value:.16G}") == value:
        sheet.write_number(*at, value, form)
        return
    text = number_text(value) if isinstance(value, float) else str(value)
    text = escape_cell(text)
    if len(text.encode("utf-16-le")) // 2 > MOST_UNITS:
        raise OutputError(
            f"A text of {len(text):,} characters does not fit into a cell of a workbook"
            f" ({text[:40]!r}...). Shorten it, or write the plan as a folder."
        )
    if text:
        sheet.write_string(*at, text, form)
    else:
        sheet.write_blank(*at, None, form)


def _write_notes(sheet: Worksheet, formats: _Formats) -> None:
    sheet.set_column(0, 0, 30, formats.text)
    sheet.set_column(1, 1, 20, formats.text)
    sheet.set_column(2, 2, 90, formats.text)
    for at, line in enumerate(_NOTES):
        sheet.write_string(at, 2, line, formats.text)
    row = len(_NOTES) + 1
    for at, head in enumerate(("Sheet", "Column", "What stands there")):
        sheet.write_string(row, at, head, formats.header)
    for layout in sheet_layouts().values():
        for one in layout.columns:
            row += 1
            for at, text in enumerate((layout.name, one.header, one.help)):
                sheet.write_string(row, at, text, formats.text)


class _Lists:
    """The sheet of lists, and the cells that offer them."""

    def __init__(self, names: Names) -> None:
        organisations, members = names.organisations, names.members
        self._columns: list[tuple[str, str, list[str]]] = [
            ("ids", "Area for improvement", list(names.areas)),
            ("", "What must improve", list(names.areas.values())),
            ("organisation", "Organisation", [organisations.show(x) for x in organisations.names]),
            ("member", "Member", [members.show(x) for x in members.names]),
            ("priority", "Priority", list(PRIORITIES.values())),
            ("direction", "Direction", ["down", "up"]),
            ("how", "How", ["absolute", "percent"]),
            ("movement_kind", "Kind", ["indicator", "measure"]),
            ("indicator", "Indicator", list(names.indicators)),
            ("", "Indicator name", list(names.indicators.values())),
        ]

    def write(self, sheet: Worksheet, formats: _Formats) -> None:
        for at, (_, header, values) in enumerate(self._columns):
            longest = max((len(one) for one in values), default=0)
            sheet.set_column(at, at, min(max(longest, len(header)) + 2, 60), formats.text)
        for at, (_, header, _) in enumerate(self._columns):
            sheet.write_string(0, at, header, formats.header)
        for row in range(max(len(values) for _, _, values in self._columns)):
            for at, (_, _, values) in enumerate(self._columns):
                if row < len(values):
                    _write_cell(sheet, (row + 1, at), values[row], formats.text)
        sheet.freeze_panes(1, 0)

    def offer(self, sheet: Worksheet, at: int, column: Column, last: int) -> None:
        """Let the cells of a column offer their list, or ask for a date or number."""
        rule = self._rule(column)
        if rule is not None:
            sheet.data_validation(1, at, last, at, rule)

    def _rule(self, column: Column) -> dict[str, Any] | None:
        title, told = column.header[:32], column.help[:255]
        about = {"input_title": title, "input_message": told, "error_title": title}
        if column.kind == "date":
            return {
                "validate": "date",
                "criteria": ">=",
                "value": date(FIRST_DATE_YEAR, 1, 1),
                "error_message": "Write a date.",
                "error_type": "warning",
                **about,
            }
        for place, (kind, _, values) in enumerate(self._columns):
            if kind == column.kind and values:
                letter = _letter(place)
                return {
                    "validate": "list",
                    "source": f"={LISTS}!${letter}$2:${letter}${len(values) + 1}",
                    "error_message": "It is not in the list. The sheet Lists has all of it.",
                    # Several areas may stand in one cell, and an import tells what is wrong.
                    "error_type": "information" if kind in ("ids", "indicator") else "warning",
                    **about,
                }
        return None


def _letter(place: int) -> str:
    return "ABCDEFGHIJ"[place]


def described_columns() -> Iterator[tuple[str, str, str]]:
    """Sheets, headers and what stands there, for the documentation.

    Yields
    ------
    tuple of (str, str, str)
        In the order of the workbook.
    """
    for layout in sheet_layouts().values():
        for one in layout.columns:
            yield layout.name, one.header, one.help
