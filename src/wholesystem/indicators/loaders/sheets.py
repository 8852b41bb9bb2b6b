"""Workbooks and CSV files as grids of cells, with the addresses that a spreadsheet shows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from wholesystem.errors import Fault
from wholesystem.indicators.loaders.cells import (
    UNSTORED,
    CellError,
    Figure,
    cell_text,
    column_letters,
    fold,
    read_date,
    read_figure,
)

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

__all__ = ["Columns", "Sheet", "Workbook", "cell_address"]

# Rows that are looked at for a header or a mark.
TOP_ROWS = 60


def cell_address(row: int, column: int) -> str:
    """Address of a cell as a spreadsheet shows it.

    Parameters
    ----------
    row, column : int
        From 0.

    Returns
    -------
    str
        Such as ``B14``.

    Examples
    --------
    >>> cell_address(13, 1)
    'B14'
    """
    return f"{column_letters(column)}{row + 1}"


@dataclass(frozen=True)
class Columns:
    """A long table below one header row, column by column.

    Parameters
    ----------
    table : pyarrow.Table
        Text columns, blank cells null, in the order of the sheet and with the names of the
        header (a name used twice has `` (2)`` after it, a blank one is ``column C``).
    rows : sequence of int
        Row of each line of the table, from 0 like those of a sheet; blank lines are left out.
    letters : dict of str to str
        Column letters of each column.
    misshapen : tuple of (int, int, int)
        Lines of a CSV file with fewer or more cells than the header: row from 0, cells, cells
        of the header. They are not in the table.
    """

    table: pa.Table
    rows: Sequence[int]
    letters: dict[str, str]
    misshapen: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or the whole of a CSV file.

    Rows and columns count from 0 here; messages show them as a spreadsheet does.

    Parameters
    ----------
    file : str
        Name of the file.
    name : str
        Name of the sheet; "" for a CSV file.
    rows : sequence of list
        Cells: text, float, bool, date or datetime; "" where blank. Each row may end early.
    is_hidden : bool
        Whether the workbook hides it.
    notes : tuple of str
        What a reader should know of it: hidden rows and columns that were read like the others.
    merged : tuple of (int, int, int, int)
        Merged cells: first row, first column, last row, last column, from 0. Only the first cell
        of them holds the value.
    """

    file: str
    name: str
    rows: Sequence[list[object]]
    is_hidden: bool = False
    notes: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def shown_as(self) -> str:
        """File and sheet as messages call them."""
        return f"{self.file}, sheet {self.name}" if self.name else self.file

    def where(self, row: int, column: int | None = None) -> str:
        """Place of a cell or row, for messages.

        Parameters
        ----------
        row : int
            From 0.
        column : int, optional
            From 0; without it the place is the row.

        Returns
        -------
        str
            Such as ``July_17.xls, sheet LA - by reason, cell D17``.
        """
        place = f"row {row + 1}" if column is None else f"cell {cell_address(row, column)}"
        return f"{self.shown_as}, {place}"

    def value(self, row: int, column: int) -> object:
        """What stands in a cell; "" beyond the filled part.

        Parameters
        ----------
        row, column : int
            From 0.

        Returns
        -------
        object
            Text, float, bool, date or datetime.
        """
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def text(self, row: int, column: int) -> str:
        """What stands in a cell, as text without space around it.

        Parameters
        ----------
        row, column : int
            From 0.

        Returns
        -------
        str
            "" where blank.
        """
        return cell_text(self.value(row, column))

    def fault(self, row: int, column: int | None, rule: str, remedy: str) -> Fault:
        """A fault of a cell, with its place and what stands there.

        Parameters
        ----------
        row : int
            From 0.
        column : int or None
            From 0; None for a fault of the row.
        rule, remedy : str
            Sentences.

        Returns
        -------
        Fault
            For a `LoadError`.
        """
        value = None if column is None else self.text(row, column)
        shown = None if value == UNSTORED else value
        return Fault(self.where(row, column), shown, rule, remedy)

    def figure(self, row: int, column: int, faults: list[Fault]) -> Figure | None:
        """The number of a cell.

        Parameters
        ----------
        row, column : int
            From 0.
        faults : list of Fault
            A fault is added where the cell holds no number and no mark for none, an error, or a
            formula without a stored result.

        Returns
        -------
        Figure or None
            None where a fault was added.
        """
        value = self.value(row, column)
        if type(value) is float and value - value == 0:
            return Figure(value)
        try:
            return read_figure(value)
        except CellError as error:
            faults.append(self.fault(row, column, error.rule, error.remedy))
            return None

    def date(self, row: int, column: int, faults: list[Fault]) -> date | None:
        """The date of a cell, also of text such as ``27th May 2011``.

        Parameters
        ----------
        row, column : int
            From 0.
        faults : list of Fault
            A fault is added where the cell holds no date.

        Returns
        -------
        date or None
            None where a fault was added.
        """
        try:
            return read_date(self.value(row, column))
        except CellError as error:
            faults.append(self.fault(row, column, error.rule, error.remedy))
            return None

    def notes_below(self, header_row: int, last_row: int | None = None) -> tuple[str, ...]:
        """What a reader should know of the table below a header row.

        Parameters
        ----------
        header_row : int
            From 0.
        last_row : int, optional
            Last row of the table, from 0; what is merged below it does not matter.

        Returns
        -------
        tuple of str
            Sentences with the place: hidden sheet, rows and columns, cells that are merged.
        """
        merged = [
            f"{cell_address(a, b)}:{cell_address(c, d)}"
            for a, b, c, d in self.merged
            if c > header_row and (last_row is None or a <= last_row)
        ]
        notes = list(self.notes)
        if self.is_hidden:
            notes.insert(0, "the sheet is hidden; it was read like the others")
        if merged:
            notes.append(
                f"merged cells {', '.join(merged)}: only the first cell of them holds the value"
            )
        return tuple(f"{self.shown_as}: {note}" for note in notes)

    def find(self, *texts: str, top: int = TOP_ROWS) -> tuple[int, int] | None:
        """First cell whose text is one of those given.

        Parameters
        ----------
        *texts : str
            Compared without regard to capitals and spaces.
        top : int, optional
            Rows that are looked at; >= 1.

        Returns
        -------
        tuple of int or None
            Row and column from 0; None where there is none.
        """
        wanted = {fold(text) for text in texts}
        for i in range(min(top, len(self.rows))):
            for j, value in enumerate(self.rows[i]):
                if isinstance(value, str) and value and fold(value) in wanted:
                    return i, j
        return None

    def right_of(self, label: str, top: int = TOP_ROWS) -> tuple[int, int] | None:
        """The cell right of a label such as ``Period:``.

        Parameters
        ----------
        label : str
            Compared without regard to capitals, spaces and a colon.
        top : int, optional
            Rows that are looked at; >= 1.

        Returns
        -------
        tuple of int or None
            Row and column from 0; None where there is no such label.
        """
        bare = label.rstrip(": ")
        place = self.find(bare, f"{bare}:", f"{bare} :", top=top)
        return None if place is None else (place[0], place[1] + 1)

    def header(self, row: int) -> list[str]:
        """Texts of a header row, folded: one space, small letters.

        Parameters
        ----------
        row : int
            From 0.

        Returns
        -------
        list of str
            "" where blank.
        """
        return [fold(cell_text(value)) for value in self.rows[row]]

    def top_headers(self) -> Iterator[list[str]]:
        """First rows as `header` gives them; a long file is not read beyond them.

        Yields
        ------
        list of str
            At most 60.
        """
        for row in range(TOP_ROWS):
            try:
                yield self.header(row)
            except IndexError:  # the number of rows is not asked for, since that reads them all
                return

    def columns(self, header_row: int = 0) -> Columns:
        """The table below a header row, column by column, as text.

        Parameters
        ----------
        header_row : int, optional
            From 0.

        Returns
        -------
        Columns
            Of 500,000 rows within seconds.
        """
        from wholesystem.indicators.loaders.columns import columns_of_rows

        return columns_of_rows(self, header_row)


@dataclass
class Workbook:
    """A file of sheets: .xls, .xlsx, .xlsm, .ods, or one CSV file as a single sheet.

    Made by `wholesystem.indicators.loaders.opening.open_workbook`.

    Parameters
    ----------
    file : str
        Its name as published, without folder.
    content : bytes
        Of the file.
    kind : str
        ``xls``, ``xlsx``, ``ods`` or ``csv``, by content and not by the ending of the name.
    sheet_names : tuple of str
        In order; ("",) for a CSV file.
    read_sheet : callable
        Given a name, the `Sheet`.
    path : Path, optional
        Where it lies; None for a member of a zip file.
    """

    file: str
    content: bytes
    kind: str
    sheet_names: tuple[str, ...]
    read_sheet: Callable[[str], Sheet]
    path: Path | None = None
    _read: dict[str, Sheet] = field(default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    def sheet(self, name: str) -> Sheet:
        """A sheet by its exact name.

        Parameters
        ----------
        name : str
            One of `sheet_names`.

        Returns
        -------
        Sheet
            Read on first use.
        """
        if name not in self._read:
            self._read[name] = self.read_sheet(name)
        return self._read[name]

    def first(self) -> Sheet:
        """The first sheet, or the CSV file.

        Returns
        -------
        Sheet
            Read on first use.
        """
        return self.sheet(self.sheet_names[0])

    def sheets(self) -> Iterator[Sheet]:
        """All sheets in order.

        Yields
        ------
        Sheet
            Read on first use.
        """
        for name in self.sheet_names:
            yield self.sheet(name)
