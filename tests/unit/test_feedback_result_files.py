"""Files of results: what is hidden on a page is in no file, and no cell is a formula."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from tests.helpers.feedback import make_instrument, make_sheets
from wholesystem.reviews.feedback import Results, make_results, write_results

INSTRUMENT = make_instrument()


def results_with_formulas() -> Results:
    cells = {("manager", "oak"): 5, ("nurse", "general"): 9, ("doctor", "general"): 3}
    sheets = [
        sheet
        for cell, count in cells.items()
        for sheet in make_sheets(
            INSTRUMENT,
            {cell: count},
            {"came": "yes", "on_time": "half", "why": f"=HYPERLINK({cell[0]})"},
        )
    ]
    return make_results(INSTRUMENT, sheets, {("nurse", "general"): 12}, [], {"oak": "@Oak"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_results(results_with_formulas(), tmp_path / "out")
    return tmp_path / "out"


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_a_file_for_each_table_and_a_sheet_for_each_in_one_workbook(folder: Path) -> None:
    names = ["answers", "comment_counts", "comments", "notes", "response", "shares"]

    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [*(f"{name}.csv" for name in names), "results.xlsx"]
    )
    book = openpyxl.load_workbook(folder / "results.xlsx")
    assert sorted(book.sheetnames) == names
    for name in names:
        assert book[name].max_row == len(rows_of(folder / f"{name}.csv")) + 1


def test_no_cell_begins_like_a_formula(folder: Path) -> None:
    texts = [
        text
        for path in folder.glob("*.csv")
        for row in csv.reader(path.read_text("utf-8").splitlines())
        for text in row
    ]
    book = openpyxl.load_workbook(folder / "results.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]

    assert any("HYPERLINK" in text for text in texts)
    assert not [text for text in texts if text.startswith(("=", "@", "+", "-"))]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [c.value for c in cells if str(c.value).startswith(("=", "@", "+", "-"))]


def test_hidden_groups_have_no_figure_in_any_file(folder: Path) -> None:
    figures = {
        "response": ("answered", "rate"),
        "answers": ("respondents",),
        "shares": ("answered", "with_a_score", "positive_share", "low_share", "low_upper95"),
        "comment_counts": ("comments",),
    }
    for name, columns in figures.items():
        rows = rows_of(folder / f"{name}.csv")
        hidden = [row for row in rows if row["shown"] == "no"]
        assert {row["group"] for row in hidden} >= {"nurse", "doctor"}
        assert {row[column] for row in hidden for column in columns} == {""}
    by_role = [row["role"] for row in rows_of(folder / "comments.csv")]
    assert sorted(by_role) == [""] * 12 + ["manager"] * 5


def test_small_and_guarding_groups_look_the_same(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        rows = [row for row in rows_of(path) if row.get("shown") == "no"]
        invited = ("invited", "group", "label", "within", "axis")
        kept = {
            name: [{k: v for k, v in row.items() if k not in invited} for row in rows
                   if row["group"] == name]
            for name in ("nurse", "doctor")
        }  # fmt: skip
        assert kept["nurse"] == kept["doctor"]


def test_shares_have_their_limits(folder: Path) -> None:
    rows = rows_of(folder / "shares.csv")
    (found,) = [r for r in rows if (r["question"], r["axis"]) == ("on_time", "all")]

    assert (found["low_answer"], found["low_respondents"], found["with_a_score"]) == (
        "half", "17", "17",
    )  # fmt: skip
    # Wilson: n / (n + z²) where everybody is in.
    assert float(found["low_lower95"]) == pytest.approx(17 / (17 + 1.959964**2), abs=1e-6)


def test_notes_say_the_rule_and_the_source(folder: Path) -> None:
    notes = " ".join(row["note"] for row in rows_of(folder / "notes.csv"))

    assert "fewer than 5 respondents" in notes
    assert "Board (board). Ours." in notes
    assert "illustrative" in notes
