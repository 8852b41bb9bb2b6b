"""From a grid of text (the cells of one CSV file or sheet) to a table with its header checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from wholesystem.errors import Fault
from wholesystem.tables.raw import RawRow, Table

__all__ = [
    "LONGEST_CELL",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "escape_cell",
    "make_table",
    "unescape_cell",
]

MOST_ROWS = 200_000
MOST_COLUMNS = 256
# A spreadsheet's cell holds 32,767 characters.
LONGEST_CELL = 32_000

_STARTS_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
# Line ends and tabs are fine; the rest cannot stand in a workbook.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def escape_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula.

    Parameters
    ----------
    text : str
        Of a cell.

    Returns
    -------
    str
        With an apostrophe before it where it starts like a formula and is no number.
        `unescape_cell` takes it away again.
    """
    if _STARTS_FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def unescape_cell(text: str) -> str:
    """Text as it was before `escape_cell`.

    Parameters
    ----------
    text : str
        As it stands in a file.

    Returns
    -------
    str
        Without the apostrophe that guards a formula.
    """
    return text[1:] if _ESCAPED.match(text) else text


def _clean(cell: str) -> str:
    """Cell without surrounding space, and with one kind of line end."""
    if "\r" in cell:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return unescape_cell(cell.strip())


def make_table(
    name: str, shown_as: str, lines: Iterable[Sequence[str]], *, first: int = 1
) -> tuple[Table | None, list[Fault]]:
    """Table of a grid of text.

    Parameters
    ----------
    name : str
        Of the table.
    shown_as : str
        As messages call it.
    lines : iterable of sequence of str
        The header first. They are read no further than 200,000 rows.
    first : int
        Number of the header's row, as a spreadsheet counts.

    Returns
    -------
    table : Table or None
        None where the header cannot be used.
    faults : list of Fault
        Of the header, and of rows that have too few or too many cells.
    """
    header: list[str] | None = None
    faults: list[Fault] = []
    rows: list[RawRow] = []
    is_whole = True
    for i, line in enumerate(lines, start=first):
        cells = [_clean(cell) for cell in line]
        if header is None:
            header, faults = _read_header(f"{shown_as} row {i}", cells)
            if header is None:
                return None, faults
            continue
        if not any(cells):
            continue
        if i > MOST_ROWS + first:
            faults.append(_too_many_rows(shown_as))
            is_whole = False
            break
        fault = _row_fault(f"{shown_as} row {i}", header, cells)
        if fault:
            faults.append(fault)
            is_whole = False
        else:
            named = {n: c for n, c in zip(header, cells, strict=False) if n}
            rows.append(RawRow(i, {**dict.fromkeys(filter(None, header), ""), **named}))
    if header is None:
        return None, [_empty(shown_as)]
    columns = tuple(filter(None, header))
    return Table(name, shown_as, columns, tuple(rows), is_whole=is_whole), faults


def _empty(shown_as: str) -> Fault:
    return Fault(
        shown_as,
        None,
        "It is empty. A table starts with a header, the names of its columns.",
        "Write the header, or remove the table if it is not needed.",
    )


def _too_many_rows(shown_as: str) -> Fault:
    return Fault(
        shown_as,
        None,
        f"It has more than {MOST_ROWS:,} rows.",
        "Model tables are small: add people up before they enter the table.",
    )


def _read_header(where: str, cells: list[str]) -> tuple[list[str] | None, list[Fault]]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if not cells:
        return None, [
            Fault(
                where,
                None,
                "The first row must be the header, the names of the columns; it is blank.",
                "Remove the blank row, or write the header there.",
            )
        ]
    if len(cells) > MOST_COLUMNS:
        return None, [
            Fault(where, None, f"It has more than {MOST_COLUMNS} columns.", "Remove the others.")
        ]
    for mark, called in ((";", "semicolons"), ("\t", "tabs")):
        if len(cells) == 1 and mark in cells[0]:
            return None, [
                Fault(
                    where,
                    None,
                    f"Its cells are parted by {called}; commas are needed.",
                    "Save it as CSV UTF-8 (comma delimited).",
                )
            ]
    faults = []
    for i, cell in enumerate(cells):
        if cell and cell in cells[:i]:
            faults.append(
                Fault(where, None, f"The column {cell} is there twice.", "Remove one of them.")
            )
    return cells, faults


def _row_fault(where: str, header: list[str], cells: list[str]) -> Fault | None:
    filled = max(i for i, cell in enumerate(cells) if cell) + 1
    if len(cells) < len(header) or filled > len(header):
        few = len(cells) < len(header)
        count = len(cells) if few else filled
        return Fault(
            where,
            None,
            f"It has {count} cell{'' if count == 1 else 's'} and the header has {len(header)}.",
            "Write a comma for each blank cell."
            if few
            else "Put text that contains a comma in double quotes.",
        )
    for i, cell in enumerate(cells):
        if cell and not header[i]:
            return Fault(
                where, cell, f"Column {i + 1} has no name in the header.", "Name it, or clear it."
            )
        if len(cell) > LONGEST_CELL:
            return Fault(
                f"{where}, column {header[i]}",
                None,
                f"A cell may have at most {LONGEST_CELL:,} characters.",
                "Shorten it.",
            )
        if cell and _CONTROL.search(cell):
            return Fault(
                f"{where}, column {header[i]}",
                cell,
                "It must not contain control characters.",
                "Type the text again.",
            )
    return None
