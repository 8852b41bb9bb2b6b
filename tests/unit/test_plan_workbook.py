"""The workbook of a plan: what stands in it, and what an edited one may have wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.helpers.plans import make_action, make_milestone, make_plan
from wholesystem.errors import OutputError, ParameterError, TableError
from wholesystem.reviews.plan import (
    ActionPlan,
    PlanImport,
    read_plan_workbook,
    write_plan_workbook,
    write_rejected_rows,
)
from wholesystem.reviews.plan.workbook_layout import plain_header, sheet_layouts

AT = datetime(2018, 12, 1, 9)
PLAN = make_plan(
    actions=[
        make_action(),
        make_action(action="A2", areas_for_improvement=("should_1",), owner="trust"),
        make_action(action="A3", areas_for_improvement=("must_1",), owner=""),
    ],
    milestones=[make_milestone()],
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "plan.xlsx"
    write_plan_workbook(PLAN, path)
    return path


@pytest.fixture
def path(written: Path, tmp_path: Path) -> Path:
    """A copy to edit."""
    return Path(shutil.copy(written, tmp_path / "plan.xlsx"))


def read(path: Path, before: ActionPlan | None = PLAN) -> PlanImport:
    return read_plan_workbook(path, PLAN.review, by="ada", at=AT, before=before)


def edit(path: Path, change: Callable[[Any], object]) -> None:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def set_cell(path: Path, sheet: str, row: int, header: str, value: Any) -> None:
    def change(book: Any) -> None:
        place = next(cell.column for cell in book[sheet][1] if cell.value == header)
        book[sheet].cell(row, place).value = value

    edit(path, change)


def refused(path: Path) -> list[str]:
    with pytest.raises(TableError) as error:
        read(path)
    return [str(fault) for fault in error.value.faults]


def rejected(found: PlanImport) -> list[tuple[str, int, list[str]]]:
    return [(one.sheet, one.row, [str(fault) for fault in one.faults]) for one in found.rejected]


# --------------------------------------------------------------------------- what is written


def test_one_row_is_one_action_and_those_of_an_area_stand_together(written: Path) -> None:
    rows = list(openpyxl.load_workbook(written)["Action plan"].iter_rows(values_only=True))

    assert [row[2] for row in rows] == ["Action no.", "A1", "A3", "A2"]
    assert [row[0] for row in rows[1:]] == ["must_1; should_1", "must_1", "should_1"]
    assert rows[1][1] == "Do must_1."
    assert rows[1][4] == "The council"
    assert rows[1][7] == "High"
    assert rows[1][8] == datetime(2018, 4, 1)


def test_a_new_area_starts_with_a_line(written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["Action plan"]

    assert [sheet.cell(row, 3).border.top.style for row in (2, 3, 4)] == [None, None, "medium"]


def test_cells_offer_what_the_review_knows(written: Path) -> None:
    book = openpyxl.load_workbook(written)
    offered = {
        (name, sheet.cell(1, next(iter(rule.sqref.ranges)).min_col).value): rule.formula1
        for name in sheet_layouts()
        for sheet in [book[name]]
        for rule in sheet.data_validations.dataValidation
    }
    lists = book["Lists"]
    column = {cell.value: cell.column for cell in lists[1]}

    assert offered["Action plan", "Owner organisation"] == "Lists!$C$2:$C$3"
    assert lists.cell(2, column["Organisation"]).value == "The council"
    assert offered["Action plan", "Priority"] == "Lists!$E$2:$E$4"
    assert offered["Measures", "Measure"].startswith("Lists!$I$2:$I$")
    assert ("Action plan", "Due") in offered
    assert ("Action plan", "Action") not in offered


def test_nothing_in_it_runs(tmp_path: Path) -> None:
    plan = make_plan(actions=[make_action(text="=HYPERLINK(1)", resources="+44 1865 1")])
    write_plan_workbook(plan, tmp_path / "plan.xlsx")
    cells = [
        cell
        for sheet in openpyxl.load_workbook(tmp_path / "plan.xlsx")
        for row in sheet.iter_rows()
        for cell in row
    ]

    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert "'=HYPERLINK(1)" in {cell.value for cell in cells}


def test_the_same_plan_makes_the_same_file(written: Path, tmp_path: Path) -> None:
    write_plan_workbook(PLAN, tmp_path / "again.xlsx")

    assert (tmp_path / "again.xlsx").read_bytes() == written.read_bytes()


def test_a_text_that_no_cell_can_hold_is_refused_and_nothing_written(tmp_path: Path) -> None:
    plan = make_plan(actions=[make_action(text="\U0001f3e5" * 20_000)])

    with pytest.raises(OutputError, match="does not fit into a cell"):
        write_plan_workbook(plan, tmp_path / "plan.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not end in .xlsx"):
        write_plan_workbook(PLAN, tmp_path / "plan.xls")


def test_no_header_means_two_columns() -> None:
    for layout in sheet_layouts().values():
        for column in layout.columns:
            for name in column.names:
                same = [
                    one.header
                    for one in layout.columns
                    if plain_header(name) in map(plain_header, one.names)
                ]
                assert same == [column.header], (layout.name, name)


# --------------------------------------------------------------------------- an edited one


def test_edits_rows_that_are_new_and_rows_that_are_missing(path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["Action plan"]
        sheet.cell(2, 4).value = "Open two hubs."
        sheet.delete_rows(3)
        sheet.append(["must_1", None, "A9", "Train everyone.", "the COUNCIL", "Trainer"])

    edit(path, change)
    found = read(path)
    count = found.counts[0]

    assert (count.read, count.kept, count.rejected) == (3, 3, 0)
    assert (count.added, count.changed, count.unchanged) == (("A9",), ("A1",), ("A2",))
    # A row that is not there stays: nothing is ever lost by an import.
    assert count.left_out == ("A3",)
    assert [one.action for one in found.plan.actions] == ["A1", "A2", "A3", "A9"]
    assert found.plan.action_by_id["A9"].owner == "council"
    assert found.plan.action_by_id["A1"].recorded_at == AT
    assert found.plan.action_by_id["A2"] == PLAN.action_by_id["A2"]


def test_everything_wrong_is_told_at_once_by_sheet_row_and_column(path: Path) -> None:
    set_cell(path, "Action plan", 2, "Due", "31/12/2018")
    set_cell(path, "Action plan", 2, "Owner organisation", "The counsil")
    set_cell(path, "Action plan", 3, "Area for improvement", "must_1; mist_1")
    set_cell(path, "Action plan", 4, "Priority", "urgent")
    set_cell(path, "Milestones", 2, "Done on", "soon")
    set_cell(path, "Measures", 2, "By how much", "a quarter")
    found = read(path)

    assert rejected(found) == [
        ("Action plan", 2, [
            "plan.xlsx sheet Action plan row 2, column Owner organisation is 'The counsil'. The"
            " review has no such organisation. Did you mean The council?",
            "plan.xlsx sheet Action plan row 2, column Due is '31/12/2018'. A date is needed here,"
            " written year first. Write it like 2017-04-01 (1 April 2017).",
        ]),
        ("Action plan", 3, [
            "plan.xlsx sheet Action plan row 3, column Area for improvement is 'must_1; mist_1'."
            " The review has no area for improvement mist_1. Did you mean must_1?",
        ]),
        ("Action plan", 4, [
            "plan.xlsx sheet Action plan row 4, column Priority is 'urgent'. It must be one of"
            " high, medium, low. Write high.",
        ]),
        ("Milestones", 2, [
            "plan.xlsx sheet Milestones row 2, column Done on is 'soon'. A date is needed here,"
            " written year first. Write it like 2017-04-01 (1 April 2017).",
        ]),
        ("Measures", 2, [
            "plan.xlsx sheet Measures row 2, column By how much is 'a quarter'. A finite number is"
            " needed here. Write it in digits, such as 12.5.",
        ]),
    ]  # fmt: skip
    # What was there before stays as it was.
    assert found.plan == PLAN
    assert [(one.read, one.rejected) for one in found.counts] == [(3, 3), (1, 1), (1, 1)]


def test_rejected_rows_are_kept_whole_and_come_back_mended(path: Path, tmp_path: Path) -> None:
    set_cell(path, "Action plan", 2, "Owner organisation", "Nobody at all")
    set_cell(path, "Action plan", 2, "Action", "Open three hubs.")
    found = read(path)
    (one,) = found.rejected
    assert one.cells["Owner organisation"] == "Nobody at all"
    assert one.cells["Action"] == "Open three hubs."

    again = tmp_path / "rejected.xlsx"
    write_rejected_rows(found, again)
    sheet = openpyxl.load_workbook(again)["Action plan"]
    assert sheet.max_row == 2
    assert "Row 2. Owner organisation: The review has no such" in sheet.cell(2, 13).value
    set_cell(again, "Action plan", 2, "Owner organisation", "The hospital trust")
    mended = read(again)

    assert mended.rejected == ()
    assert mended.notes == ()
    assert mended.plan.action_by_id["A1"].text == "Open three hubs."
    assert mended.plan.action_by_id["A1"].owner == "trust"


def test_what_hangs_on_a_rejected_action_is_rejected_with_it(path: Path) -> None:
    set_cell(path, "Action plan", 2, "Action", None)
    found = read(path, before=None)

    assert [(one.sheet, one.row) for one in found.rejected] == [
        ("Action plan", 2), ("Milestones", 2), ("Measures", 2),
    ]  # fmt: skip
    assert "Its action was not taken (row 2 of the sheet Action plan)." in str(found.faults[1])
    assert [one.action for one in found.plan.actions] == ["A3", "A2"]


def test_a_milestone_of_an_action_that_was_never_there(path: Path) -> None:
    set_cell(path, "Milestones", 2, "Action no.", "A22")

    (one,) = read(path).rejected
    assert str(one.faults[0]).endswith("There is no such action. Did you mean A2?")


def test_the_same_number_twice(path: Path) -> None:
    set_cell(path, "Action plan", 3, "Action no.", "A1")

    (one,) = read(path).rejected
    assert (one.row, one.faults[0].where) == (
        3,
        "plan.xlsx sheet Action plan row 3, column Action no.",
    )


def test_a_measure_that_contradicts_itself(path: Path) -> None:
    set_cell(path, "Measures", 2, "How", None)
    set_cell(path, "Measures", 2, "Baseline to", None)

    (one,) = read(path).rejected
    assert [fault.where.rpartition("column ")[2] for fault in one.faults] == ["How", "Baseline to"]


def test_words_in_any_letters(path: Path) -> None:
    for header, value in (("Direction", "DOWN"), ("How", "%"), ("Kind", None)):
        set_cell(path, "Measures", 2, header, value)
    set_cell(path, "Measures", 2, "Measure", "delayed days a day per 100,000 ADULTS")
    set_cell(path, "Action plan", 2, "Priority", "HIGH")
    set_cell(path, "Action plan", 2, "Area for improvement", "MUST_1,should_1")

    assert read(path).plan == PLAN


# --------------------------------------------------------------------------- other layouts


def test_other_headers_columns_and_sheets_that_councils_have(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "action  PLAN"
    sheet.append(["Oxfordshire: our plan"])
    sheet.append([])
    sheet.append(
        ["Ref", "RAG", "Action to be taken", "Lead organisation", "Lead officer", "Deadline"]
    )
    sheet.append(["1.1", "Green", "Open a hub.", "The council", "Head of flow", date(2018, 12, 31)])
    sheet.append(["2", "Red", "Close the others.", "trust", None, None])
    book.create_sheet("Contacts").append(["Somebody", "a telephone number"])
    path = tmp_path / "council.xlsx"
    book.save(path)
    found = read(path, before=None)

    assert [(one.sheet, one.row) for one in found.rejected] == [("Action plan", 4)]
    assert found.faults[0].where == "council.xlsx sheet action  PLAN row 4, column Ref"
    assert found.plan.actions == (
        found.plan.actions[0].model_copy(update={"owner": "trust", "text": "Close the others."}),
    )
    assert found.notes == (
        "The sheet Contacts is no part of a plan and was not read.",
        "There is no sheet Milestones: what the plan has of it stays as it is.",
        "There is no sheet Measures: what the plan has of it stays as it is.",
        "The column RAG of the sheet action  PLAN is not read.",
    )


def test_a_column_that_is_gone_leaves_what_was_there(path: Path) -> None:
    edit(path, lambda book: book["Action plan"].delete_cols(11))
    found = read(path)

    assert found.plan == PLAN


def test_a_cell_that_is_emptied_is_emptied(path: Path) -> None:
    set_cell(path, "Action plan", 2, "Owner role", None)

    assert read(path).plan.action_by_id["A1"].owner_role == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda book: book.remove(book["Action plan"]),
            "plan.xlsx: It has no sheet Action plan. Start from the workbook that is exported here,"
            " or rename your sheet so.",
        ),
        (
            lambda book: setattr(book["Action plan"], "title", "Action plans"),
            "plan.xlsx: It has no sheet Action plan. Did you mean Action plans? Rename it so.",
        ),
        (
            lambda book: setattr(book["Action plan"]["C1"], "value", "Numbering"),
            "plan.xlsx sheet Action plan: The column Action no. is missing. Add it; it may also be"
            " called Action ref, Ref, No, Action id, ID.",
        ),
        (
            lambda book: setattr(book["Action plan"]["B1"], "value", "Ref"),
            "plan.xlsx sheet Action plan: Several columns mean Action no.: Ref, Action no.. Rename"
            " all but one, such as to My notes.",
        ),
        (
            lambda book: setattr(book["Action plan"]["B1"], "value", "Action"),
            "plan.xlsx sheet Action plan row 1: The column Action is there twice. Remove one of"
            " them.",
        ),
    ],
)
def test_a_workbook_that_is_no_plan_is_refused(
    path: Path, change: Callable[[Any], object], said: str
) -> None:
    edit(path, change)

    assert said in refused(path)


def test_a_formula_without_a_result_and_an_error_reject_their_rows(path: Path) -> None:
    def change(book: Any) -> None:
        book["Action plan"]["D2"].value = '="Open "&"one"'
        book["Action plan"]["K3"].value = "#REF!"

    edit(path, change)
    found = read(path)

    assert [(one.sheet, one.row) for one in found.rejected] == [
        ("Action plan", 2), ("Action plan", 3),
    ]  # fmt: skip
    assert "The result of its formula is not stored" in str(found.rejected[0].faults)
    assert found.counts[0].read == 3


def test_a_cell_beyond_the_header_rejects_its_row(path: Path) -> None:
    edit(path, lambda book: setattr(book["Action plan"]["N3"], "value", "?"))
    found = read(path)

    assert [(one.row, one.cells) for one in found.rejected] == [(3, {})]
    assert found.counts[0].read == 3


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("plan.xlsx", b"no workbook", "It cannot be read as a workbook"),
        ("plan.xlsx", b"\xd0\xcf\x11\xe0 old", "in the old .xls format"),
        ("plan.xlsx", b"", "It cannot be read as a workbook"),
    ],
)
def test_a_file_that_is_no_workbook(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)

    (fault,) = refused(tmp_path / name)
    assert said in fault


def test_no_such_file(tmp_path: Path) -> None:
    (fault,) = refused(tmp_path / "none.xlsx")
    assert "There is no such file." in fault


def test_who_imports_is_a_person_of_the_review(path: Path) -> None:
    with pytest.raises(ParameterError, match="'eve' is no person of the review"):
        read_plan_workbook(path, PLAN.review, by="eve", at=AT)


def test_an_empty_plan_is_a_form_to_fill_in(tmp_path: Path) -> None:
    empty = ActionPlan(PLAN.review)
    write_plan_workbook(empty, tmp_path / "plan.xlsx")
    found = read(tmp_path / "plan.xlsx", before=None)

    assert found.plan == empty
    assert [one.read for one in found.counts] == [0, 0, 0]
