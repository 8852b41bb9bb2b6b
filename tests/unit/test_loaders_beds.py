"""Beds by trust and month."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.helpers.published import faults_of, frame, load_checked, load_table, one
from wholesystem.indicators.loaders import LoadError, load_file

HEADER = (
    "nhs_trust22_code",
    "date",
    "general_acute_beds_available",
    "general_acute_beds_occupied",
    "general_acute_beds_occupancy_rate",
    "adult_critical_care_beds_available",
    "adult_critical_care_beds_occupied",
)


def test_beds_with_their_cells(tmp_path: Path) -> None:
    rows = [("RTH", "August 2025", "1007.0", "938.0", "0.931", "58.0", "")]
    loaded = load_table(tmp_path, "beds.csv", HEADER, rows)
    assert loaded.format == "beds"
    found = one(loaded, indicator="ga_beds_occupied")
    assert (found["value"], found["cell"], found["unit"]) == (938, "D2", "beds")
    assert (str(found["period_start"]), str(found["period_end"])) == ("2025-08-01", "2025-08-31")
    assert one(loaded, indicator="adult_critical_care_beds_occupied")["value"] is None
    assert len(frame(loaded)) == 4


def test_a_trust_without_any_general_bed_has_not_submitted(tmp_path: Path) -> None:
    rows = [
        ("RA4", "May 2023", "0.0", "0.0", "", "0.0", "0.0"),
        ("RBS", "May 2023", "200.0", "150.0", "0.75", "0.0", "0.0"),
    ]
    loaded = load_table(tmp_path, "beds.csv", HEADER, rows)
    found = frame(loaded).set_index(["area_code", "indicator"])
    assert found.loc["RA4"].value.isna().all()
    assert "no general and acute bed" in found.loc["RA4"].note.iloc[0]
    assert found.loc[("RBS", "adult_critical_care_beds_available")].value == 0


def test_a_month_that_repeats_another_is_not_used(tmp_path: Path) -> None:
    rows = [
        (f"R{i:02}", month, 500 + i, 450 + i, "", 10, 9)
        for month in ("July 2022", "August 2022")
        for i in range(12)
    ]
    loaded = load_table(tmp_path, "beds.csv", HEADER, rows)
    assert frame(loaded).groupby("period_start").value.count().tolist() == [48, 0]
    assert "August 2022 repeat those of July 2022" in loaded.warnings[0]


def test_a_date_that_is_no_month(tmp_path: Path) -> None:
    told = faults_of(tmp_path, "beds.csv", HEADER, [("RTH", "2025-08-15", 1, 1, "", 1, 1)])
    assert told == [
        "beds.csv, cell B2 is '2025-08-15'. A month is needed. Write it as April 2021 or "
        "2021-04-01."
    ]


def workbook(*rows: tuple[object, ...]) -> openpyxl.Workbook:
    """The table as a person saves it from Excel, below a title, with months as dates."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Beds, as at 31 August 2025"])
    for row in (HEADER, *rows):
        sheet.append(list(row))
    return book


def test_the_table_as_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "beds.xlsx"
    book = workbook(("RTH", date(2025, 8, 1), 1007, 938, 0.931, 58, "12*"))
    book.active.row_dimensions[3].hidden = True
    book.save(path)
    loaded = load_checked(path)
    found = one(loaded, indicator="ga_beds_available")
    assert (found["value"], found["sheet"], found["cell"]) == (1007, "Sheet", "C3")
    assert one(loaded, indicator="adult_critical_care_beds_occupied")["note"] == "marked *"
    assert len(loaded.warnings) == 1
    assert "hidden row 3" in loaded.warnings[0]


def test_a_formula_without_its_result_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "beds.xlsx"
    workbook(("RTH", date(2025, 8, 1), "=1000+7", 938, 0.931, 58, 12)).save(path)
    with pytest.raises(LoadError, match="beds.xlsx, sheet Sheet, cell C3"):
        load_file(path)
