"""What stands in a plan's workbook: sheets, columns and what they may be called, from a table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from wholesystem.errors import OurFault, TableError
from wholesystem.reviews.cells import Record
from wholesystem.reviews.plan.records import Action, ExpectedMovement, Milestone
from wholesystem.tables.reading import read_csv_table
from wholesystem.tables.rows import BlankText, OptionalId, Row, Text, choice, whole

__all__ = [
    "KINDS",
    "LISTS",
    "NOTES",
    "SHEETS",
    "WRONG",
    "Column",
    "SheetLayout",
    "plain_header",
    "sheet_layouts",
]

#: Sheets that are never read back, and a column that says what was wrong with a row.
LISTS, NOTES, WRONG = "Lists", "Notes", "What is wrong"
#: Class of the rows of each sheet, and the table that they go to.
SHEETS: Mapping[str, tuple[str, type[Record]]] = {
    "Action plan": ("actions", Action),
    "Milestones": ("milestones", Milestone),
    "Measures": ("expected_movements", ExpectedMovement),
}
KINDS = (
    "text", "date", "number", "ids", "organisation", "member", "priority", "direction", "how",
    "movement_kind", "indicator", "told",
)  # fmt: skip
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


class Column(Row):
    """A column of a sheet; a row of the packaged ``workbook_columns.csv``.

    `column` is that of the table, blank for one that is only told and never read. `also` holds
    other headers that councils use, parted by semicolons.
    """

    sheet: Annotated[str, choice(*SHEETS)]
    column: OptionalId
    header: Text
    also: BlankText
    kind: Annotated[str, choice(*KINDS)]
    width: Annotated[int, whole(5, 100)]
    help: Text

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that its header may be, the one that we write first."""
        others = (one.strip() for one in self.also.split(";"))
        return (self.header, *(one for one in others if one))


@dataclass(frozen=True)
class SheetLayout:
    """One sheet.

    Parameters
    ----------
    name : str
        As the workbook calls it.
    table : str
        That its rows go to.
    kind : type of Record
        Class of its rows.
    columns : tuple of Column
        In the order in which they are written.
    """

    name: str
    table: str
    kind: type[Record]
    columns: tuple[Column, ...]

    @property
    def key(self) -> str:
        """Column of the table by which a row is known."""
        return self.kind.columns()[0]

    def header_of(self, column: str) -> str:
        """Header of a column of the table.

        Parameters
        ----------
        column : str
            Its name.

        Returns
        -------
        str
            As we write it; the name itself where the sheet has no such column.
        """
        return next((one.header for one in self.columns if one.column == column), column)

    def column_of(self, header: str) -> Column | None:
        """The column that a header means.

        Parameters
        ----------
        header : str
            As it stands in a workbook; letter case, spaces and marks do not count.

        Returns
        -------
        Column or None
            The one that we write so before one that others call so; None for neither.
        """
        return self._column_by_name.get(plain_header(header))

    @cached_property
    def _column_by_name(self) -> dict[str, Column]:
        others = {plain_header(name): one for one in self.columns for name in one.names[1:]}
        return others | {plain_header(one.header): one for one in self.columns}

    def is_header(self, line: Sequence[str]) -> bool:
        """Whether a line of a sheet is its header.

        Parameters
        ----------
        line : sequence of str
            Cells.

        Returns
        -------
        bool
            True where three of them, or all that are filled, are headers that we know.
        """
        filled = [cell for cell in line if cell]
        known = sum(self.column_of(cell) is not None for cell in filled)
        return known >= 3 or (len(filled) > 1 and known == len(filled))


def plain_header(header: str) -> str:
    """A header as it is compared.

    Parameters
    ----------
    header : str
        As written.

    Returns
    -------
    str
        Letters and digits in lower case, one space between words.
    """
    return _NOT_LETTERS.sub(" ", header.casefold()).strip()


@cache
def sheet_layouts() -> Mapping[str, SheetLayout]:
    """The sheets of a plan's workbook.

    Returns
    -------
    mapping of str to SheetLayout
        By name, in the order in which they are written.
    """
    path = Path(str(files("wholesystem.reviews").joinpath("plan", "workbook_columns.csv")))
    table, faults = read_csv_table(path)
    if table is None or faults:
        raise OurFault(f"The packaged table {path.name} cannot be read. {TableError(faults)}")
    rows, faults = Column.read(table)
    if faults:
        raise OurFault(f"The packaged table {path.name} has faults. {TableError(faults)}")
    return {
        name: SheetLayout(name, target, kind, tuple(row for _, row in rows if row.sheet == name))
        for name, (target, kind) in SHEETS.items()
    }
