"""A plan from a workbook: good rows taken, the others kept with what is wrong, all at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wholesystem.errors import Fault, ParameterError, TableError
from wholesystem.reviews.cells import Record
from wholesystem.reviews.plan.plan import ActionPlan, movement_rules
from wholesystem.reviews.plan.records import PLAN_TABLES, ExpectedMovement
from wholesystem.reviews.plan.workbook_layout import WRONG, SheetLayout, sheet_layouts
from wholesystem.reviews.plan.workbook_names import Names
from wholesystem.reviews.plan.workbook_sheets import (
    OF_RECORDING,
    file_faults,
    find_sheets,
    read_sheets,
    row_faults,
    sheet_notes,
)
from wholesystem.reviews.plan.workbook_writing import names_of, write_sheets
from wholesystem.reviews.review import Review
from wholesystem.tables.cells import CellError, closest
from wholesystem.tables.raw import RawRow, Table

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator

__all__ = [
    "PlanImport",
    "RejectedRow",
    "SheetCount",
    "read_plan_workbook",
    "write_rejected_rows",
]


@dataclass(frozen=True)
class RejectedRow:
    """A row of a workbook that was not taken.

    Parameters
    ----------
    sheet : str
        Its name.
    row : int
        Number, as the spreadsheet shows it.
    cells : mapping of str to str
        What stands there, by header as we write it; empty where it could not be read as a row.
    faults : tuple of Fault
        Everything that is wrong with it.
    """

    sheet: str
    row: int
    cells: Mapping[str, str]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class SheetCount:
    """What became of the rows of a sheet.

    Parameters
    ----------
    sheet : str
        Its name.
    read, rejected : int
        Rows with anything in them, and those of them that were not taken.
    added, changed, unchanged : tuple of str
        Ids of the rows that were taken.
    left_out : tuple of str
        Ids of rows of the plan that the sheet does not have; they stay as they are.
    """

    sheet: str
    read: int
    rejected: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def kept(self) -> int:
        """Rows that were taken."""
        return self.read - self.rejected


@dataclass(frozen=True)
class PlanImport:
    """A plan with the rows of a workbook taken into it.

    Parameters
    ----------
    plan : ActionPlan
        The plan before, with each good row of the workbook added or put in place of its own.
    counts : tuple of SheetCount
        By sheet.
    rejected : tuple of RejectedRow
        Every other row, with what is wrong with it.
    notes : tuple of str
        What was passed over: sheets and columns that are no part of a plan.
    """

    plan: ActionPlan
    counts: tuple[SheetCount, ...]
    rejected: tuple[RejectedRow, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong with the rejected rows, in the order of sheets and rows."""
        return tuple(fault for row in self.rejected for fault in row.faults)


def read_plan_workbook(
    path: str | os.PathLike[str],
    review: Review,
    *,
    by: str,
    at: datetime,
    before: ActionPlan | None = None,
    catalogue: Mapping[str, Indicator] | None = None,
) -> PlanImport:
    """Take the rows of a workbook into a plan.

    Parameters
    ----------
    path : path
        Of an .xlsx file; sheets in any order, columns too, other sheets beside them.
    review : Review
        That the plan answers.
    by : str
        Id of the person who imports: what is added or changed was recorded by them.
    at : datetime
        When.
    before : ActionPlan, optional
        The plan that the rows are taken into; an empty one if not given. Rows that the workbook
        does not have stay as they are.
    catalogue : mapping of str to Indicator, optional
        Whose indicators may be named; the packaged one if not given.

    Returns
    -------
    PlanImport
        With every row that was not taken, and why. Nothing is dropped silently.

    Raises
    ------
    TableError
        If the file is no workbook, has no sheet ``Action plan``, or a sheet lacks a column that
        every row needs.
    ParameterError
        If the review has no such person.
    """
    if by not in {one.person for one in review.people}:
        raise ParameterError(
            f"{by!r} is no person of the review, and rows say who recorded them. Give the id of"
            " one."
        )
    before = before or ActionPlan(review)
    names = names_of(review, catalogue)
    layouts = sheet_layouts()
    read = read_sheets(Path(path), layouts)
    sheets = find_sheets(read, layouts)
    faults = file_faults(read, sheets, layouts)
    if faults:
        raise TableError(faults)
    reading = _Reading(names, before, by, at)
    for name, layout in layouts.items():
        table = sheets[name]
        if table is not None:
            reading.take(layout, table, row_faults(read.faults, table))
    return reading.result(tuple(sheet_notes(read, sheets, layouts)))


# ------------------------------------------------------------------------ rows


@dataclass
class _Reading:
    """Rows taken so far, sheet by sheet: actions before what names them."""

    names: Names
    before: ActionPlan
    by: str
    at: datetime
    rows: dict[str, list[Any]] = field(default_factory=dict)
    counts: list[SheetCount] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)

    @cached_property
    def actions(self) -> set[str]:
        """Ids of actions, once their sheet is taken."""
        return {one.action for one in self.rows.get("actions", self.before.actions)}

    def result(self, notes: tuple[str, ...]) -> PlanImport:
        kept = {
            name: tuple(self.rows.get(name, getattr(self.before, name)))
            for name in PLAN_TABLES
            if name != "action_plan"
        }
        plan = ActionPlan(self.before.review, self.before.info, **kept)
        return PlanImport(plan, tuple(self.counts), tuple(self.rejected), notes)

    def take(
        self, layout: SheetLayout, table: Table, unreadable: Mapping[int, list[Fault]]
    ) -> None:
        """Take the rows of a sheet, and keep those that are refused."""
        old = {getattr(row, layout.key): row for row in getattr(self.before, layout.table)}
        new: dict[str, Record] = {}
        readable = {raw.number for raw in table.rows}
        rejected = [
            RejectedRow(layout.name, number, {}, tuple(faults))
            for number, faults in unreadable.items()
            if number not in readable
        ]
        many = len(table.rows) + len(rejected)
        for raw in table.rows:
            cells, faults = self._cells(layout, table, raw)
            faults += unreadable.get(raw.number, [])
            row, found = self._row(layout, table, raw.number, cells, old)
            faults += found
            if row is not None and not faults:
                faults += self._faults_of(layout, table, raw.number, row, new)
            if row is None or faults:
                rejected.append(
                    RejectedRow(layout.name, raw.number, _shown(layout, raw), tuple(faults))
                )
                if layout.table == "actions" and cells.get("action"):
                    self.refused.setdefault(cells["action"], raw.number)
            else:
                new[getattr(row, layout.key)] = row
        rejected.sort(key=lambda one: one.row)
        self.rejected += rejected
        self.rows[layout.table] = [*(new.get(key, row) for key, row in old.items())]
        self.rows[layout.table] += [row for key, row in new.items() if key not in old]
        self.counts.append(_counted(layout, many, rejected, old, new))

    def _cells(
        self, layout: SheetLayout, table: Table, raw: RawRow
    ) -> tuple[dict[str, str], list[Fault]]:
        """Cells as the table has them, by its columns; and names that nobody knows."""
        cells: dict[str, str] = {}
        faults = []
        for header in table.columns:
            column = layout.column_of(header)
            if column is None or not column.column:
                continue
            text = raw.cells.get(header, "")
            try:
                cells[column.column] = self.names.read(column.kind, text)
            except CellError as error:
                cells[column.column] = ""
                where = table.where(raw.number, header)
                faults.append(Fault(where, text, error.rule, error.remedy))
        return cells, faults

    def _row(
        self,
        layout: SheetLayout,
        table: Table,
        number: int,
        cells: Mapping[str, str],
        old: Mapping[str, Record],
    ) -> tuple[Record | None, list[Fault]]:
        """The typed row, recorded anew if it says anything new."""
        recorded = {"recorded_by": self.by, "recorded_at": self.at.isoformat()}
        given = RawRow(number, {**cells, **recorded})
        bare = Table(table.name, table.shown_as, tuple(given.cells), (given,))
        rows, faults = layout.kind.read(bare)
        faults = [_in_header_words(fault, layout, table) for fault in faults]
        if not rows:
            return None, faults
        row: Record = rows[0][1]
        before = old.get(getattr(row, layout.key))
        if before is not None:
            # What a sheet has no column for stays: an older workbook must not blank a newer field.
            told = {name: getattr(row, name) for name in cells}
            merged = before.model_copy(update=told)
            if merged == before:
                return before, faults
            row = merged.model_copy(update={name: getattr(row, name) for name in OF_RECORDING})
        return row, faults

    def _faults_of(
        self,
        layout: SheetLayout,
        table: Table,
        number: int,
        row: Record,
        new: Mapping[str, Record],
    ) -> Iterator[Fault]:
        """What is wrong between a row and others."""
        key = getattr(row, layout.key)
        header = _header_in(table, layout, layout.key)
        if key in new:
            yield Fault(
                table.where(number, header),
                key,
                "It stands in an earlier row too. Each must be there once.",
                "Remove one of the rows, or give it another number.",
            )
        if layout.table != "actions":
            yield from self._action_fault(layout, table, number, row)
        if isinstance(row, ExpectedMovement):
            for column, rule, remedy in movement_rules(row):
                where = table.where(number, _header_in(table, layout, column))
                yield Fault(where, row.cells()[column], rule, remedy)

    def _action_fault(
        self, layout: SheetLayout, table: Table, number: int, row: Any
    ) -> Iterator[Fault]:
        actions = self.actions
        if row.action in actions:
            return
        where = table.where(number, _header_in(table, layout, "action"))
        if row.action in self.refused:
            yield Fault(
                where,
                row.action,
                f"Its action was not taken (row {self.refused[row.action]} of the sheet Action"
                " plan).",
                "Mend that row first.",
            )
            return
        near = closest(row.action, actions)
        yield Fault(
            where,
            row.action,
            "There is no such action.",
            f"Did you mean {near}?" if near else "Write the number of an action.",
        )


def _header_in(table: Table, layout: SheetLayout, column: str) -> str:
    """What a sheet calls a column of the table."""
    for header in table.columns:
        found = layout.column_of(header)
        if found is not None and found.column == column:
            return header
    return layout.header_of(column)


def _in_header_words(fault: Fault, layout: SheetLayout, table: Table) -> Fault:
    place, comma, column = fault.where.rpartition(", column ")
    header = _header_in(table, layout, column)
    return Fault(f"{place}{comma}{header}", fault.value, fault.rule, fault.remedy)


def _shown(layout: SheetLayout, raw: RawRow) -> dict[str, str]:
    """Cells of a row by header as we write it; those of columns that are not read by their own."""
    found = {}
    for header, text in raw.cells.items():
        column = layout.column_of(header)
        if header != WRONG:
            found[header if column is None else column.header] = text
    return found


def _counted(
    layout: SheetLayout,
    read: int,
    rejected: Sequence[RejectedRow],
    old: Mapping[str, Record],
    new: Mapping[str, Record],
) -> SheetCount:
    named = {one.cells.get(layout.header_of(layout.key), "") for one in rejected}
    return SheetCount(
        layout.name,
        read,
        len(rejected),
        tuple(key for key in new if key not in old),
        tuple(key for key, row in new.items() if key in old and row != old[key]),
        tuple(key for key, row in new.items() if row == old.get(key)),
        tuple(key for key in old if key not in new and key not in named),
    )


# ------------------------------------------------------------------------ what was refused


def write_rejected_rows(
    imported: PlanImport,
    path: str | os.PathLike[str],
    catalogue: Mapping[str, Indicator] | None = None,
) -> None:
    """Write the rows that were not taken as a workbook to mend and import again.

    Parameters
    ----------
    imported : PlanImport
        From `read_plan_workbook`.
    path : path
        Of the workbook; the name must end in .xlsx.
    catalogue : mapping of str to Indicator, optional
        Whose indicators are offered; the packaged one if not given.

    Raises
    ------
    OutputError
        If it cannot be written, or has another ending.
    """
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in sheet_layouts()}
    for one in imported.rejected:
        told = "\n".join(
            f"{fault.where.rpartition(', column ')[2]}: {fault.rule} {fault.remedy}"
            for fault in one.faults
        )
        rows[one.sheet].append({**one.cells, WRONG: f"Row {one.row}. {told}"})
    names = names_of(imported.plan.review, catalogue)
    write_sheets(rows, names, path, "Rows of an action plan that were not taken")
