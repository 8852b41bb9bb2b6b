"""A plan goes out as a workbook and comes back the same; an edit comes back as that edit alone."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.any_plan import CATALOGUE, REVIEW, TEXTS, plans
from tests.helpers.plans import make_action, make_milestone, make_movement, make_plan
from wholesystem.errors import TableError
from wholesystem.reviews.plan import (
    ActionPlan,
    PlanImport,
    read_plan,
    read_plan_workbook,
    write_plan,
    write_plan_workbook,
)
from wholesystem.tables.grid import escape_cell

LATER = datetime(2018, 12, 1, 12)
FULL = make_plan(
    REVIEW,
    actions=[make_action(), make_action(action="A2")],
    milestones=[make_milestone(), make_milestone(milestone="M2", action="A2")],
    movements=[make_movement(), make_movement(expected_movement="X2", action="A2")],
)


def type_in(cell: Any, value: Any) -> None:
    """Put a value into a cell as a person does: what is text stays text."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def is_kept(plan: ActionPlan) -> bool:
    """The library that edits the workbook here takes _x0041_ for a letter; Excel does not."""
    return "_x0" not in repr(plan)


def imported(path: Path, plan: ActionPlan, before: ActionPlan | None) -> PlanImport:
    return read_plan_workbook(
        path, plan.review, by="ben", at=LATER, before=before, catalogue=CATALOGUE
    )


@settings(max_examples=60, deadline=None)
@given(plan=plans())
def test_a_plan_comes_back_the_same(plan: ActionPlan) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        write_plan_workbook(plan, path, CATALOGUE)
        found = imported(path, plan, plan)

    assert found.plan == plan
    assert found.rejected == ()
    assert found.notes == ()
    for count in found.counts:
        assert (count.added, count.changed, count.left_out, count.rejected) == ((), (), (), 0)
        assert count.read == count.kept == len(count.unchanged)


@settings(max_examples=40, deadline=None)
@given(plan=plans().filter(is_kept), order=st.permutations(range(20)))
def test_columns_may_move_and_rows_be_sorted(plan: ActionPlan, order: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        write_plan_workbook(plan, path, CATALOGUE)
        shuffle(path, order)
        found = imported(path, plan, plan)

    assert found.plan == plan
    assert found.rejected == ()


def shuffle(path: Path, order: list[int]) -> None:
    """Move columns and rows of every sheet, and put a title above."""
    book = openpyxl.load_workbook(path)
    for name in ("Action plan", "Milestones", "Measures"):
        sheet = book[name]
        lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
        places = [at for at in order if at < len(lines[0])]
        rows = [lines[at + 1] for at in order if at + 1 < len(lines)]
        fresh = book.create_sheet(f"{name} ")
        fresh.append(["Plan of the county, draft 3"])
        fresh.append([])
        for number, line in enumerate((lines[0], *rows), start=3):
            for column, at in enumerate(places, start=1):
                type_in(fresh.cell(number, column), line[at])
        book.remove(sheet)
        fresh.title = name.upper()
    book.save(path)


@settings(max_examples=30, deadline=None)
@given(
    plan=plans().filter(lambda plan: bool(plan.actions) and is_kept(plan)),
    text=TEXTS.filter(lambda text: "_x0" not in text),
    pick=st.integers(0, 3),
)
def test_one_edit_comes_back_as_one_change(plan: ActionPlan, text: str, pick: int) -> None:
    action = plan.actions[pick % len(plan.actions)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        write_plan_workbook(plan, path, CATALOGUE)
        edit(path, action.action, "Action", escape_cell(text))
        found = imported(path, plan, plan)

    changed = {
        "text": text, "recorded_by": "ben", "recorded_at": LATER,
    } if text != action.text else {}  # fmt: skip
    expected = tuple(
        one.model_copy(update=changed) if one.action == action.action else one
        for one in plan.actions
    )
    assert found.rejected == ()
    assert found.plan.actions == expected
    assert found.plan.milestones == plan.milestones
    assert found.plan.expected_movements == plan.expected_movements
    assert found.counts[0].changed == ((action.action,) if changed else ())


def edit(path: Path, action: str, header: str, value: Any) -> None:
    """Type into the cell of an action."""
    book = openpyxl.load_workbook(path)
    sheet = book["Action plan"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if str(sheet.cell(row, columns["Action no."]).value) == action:
            type_in(sheet.cell(row, columns[header]), value)
    book.save(path)


@settings(max_examples=30, deadline=None)
@given(plan=plans())
def test_without_a_plan_before_everything_is_new(plan: ActionPlan) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        write_plan_workbook(plan, path, CATALOGUE)
        found = imported(path, plan, None)

    def bare(rows: Any) -> set[str]:
        return {str({**row.cells(), "recorded_by": "", "recorded_at": ""}) for row in rows}

    assert found.rejected == ()
    assert found.plan.info is None
    for name in ("actions", "milestones", "expected_movements"):
        assert bare(getattr(found.plan, name)) == bare(getattr(plan, name))
    assert all(one.recorded_by == "ben" for one in found.plan.actions)


@settings(max_examples=30, deadline=None)
@given(plan=plans())
def test_a_folder_brings_any_plan_back(plan: ActionPlan) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_plan(plan, folder)

        assert read_plan(folder, plan.review) == plan


ANYTHING = TEXTS | st.integers(-5, 10**9) | st.floats(-1e9, 1e9) | st.booleans() | st.dates()


@settings(max_examples=40, deadline=None)
@given(
    sheet=st.sampled_from(["Action plan", "Milestones", "Measures"]),
    row=st.integers(1, 6),
    column=st.integers(1, 21),
    value=ANYTHING,
)
def test_whatever_stands_in_a_cell_is_taken_or_told(
    sheet: str, row: int, column: int, value: Any
) -> None:
    """Of a full plan, in the header too: no row is lost, and what was there before stays."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        write_plan_workbook(FULL, path, CATALOGUE)
        book = openpyxl.load_workbook(path)
        type_in(book[sheet].cell(row, column), value)
        book.save(path)
        try:
            found = imported(path, FULL, FULL)
        except TableError:
            assert row == 1, "only a header may refuse a workbook"
            return

    for count in found.counts:
        assert count.read == count.kept + count.rejected
        assert count.kept == len(count.added) + len(count.changed) + len(count.unchanged)
    assert all(one.faults for one in found.rejected)
    for name in ("actions", "milestones", "expected_movements"):
        keys = {next(iter(one.cells().values())) for one in getattr(FULL, name)}
        assert keys <= {next(iter(one.cells().values())) for one in getattr(found.plan, name)}
