"""A&E tables: by provider and type, by trust, by integrated care board."""

from pathlib import Path

import pytest

from tests.helpers.published import faults_of, frame, load_table, one, skipped
from wholesystem.indicators.loaders import recognise
from wholesystem.indicators.loaders.opening import open_workbook

BY_TYPE = ("period", "org_code", "type", "attendances", "breaches", "admissions")
TRUST = (
    "nhs_trust22_code",
    "total_attendances",
    "attendances_over_4hours",
    "total_emergency_admissions",
    "emergency_admissions_over_4hours",
    "pct_attendance_over_4hours",
    "pct_emergency_admissions_over_4hours",
    "date",
)
ICB = ("icb22_code", *TRUST[1:])


def test_each_type_and_all_types_together(tmp_path: Path) -> None:
    rows = [
        ("2016-04-01", "RTH", "1", "9000.0", "900.0", "2000.0"),
        ("2016-04-01", "RTH", "2", "1000.0", "100.0", "0.0"),
        ("2016-04-01", "8J094", "other", "500.0", "0.0", "0.0"),
    ]
    loaded = load_table(tmp_path, "ae.csv", BY_TYPE, rows)
    assert loaded.format == "ae_by_type"
    assert loaded.rows_kept == 3
    first = one(loaded, indicator="ae_attendances_type_1", area_code="RTH")
    assert (first["value"], first["cell"], first["unit"]) == (9000, "D2", "attendances")
    assert (str(first["period_start"]), str(first["period_end"])) == ("2016-04-01", "2016-04-30")
    assert (first["area_kind"], first["of"], first["file"]) == ("trust", "trust", "ae.csv")
    whole = one(loaded, indicator="ae_over_4_hours", area_code="RTH")
    assert (whole["value"], whole["note"]) == (1000, "all types: sum of E2 + E3")
    alone = one(loaded, indicator="ae_emergency_admissions", area_code="8J094")
    assert (alone["value"], alone["cell"], alone["note"]) == (0, "F4", None)


def test_all_types_have_no_figure_where_one_type_has_none(tmp_path: Path) -> None:
    rows = [
        ("2016-04-01", "RTH", "1", "9000", "*", "2000"),
        ("2016-04-01", "RTH", "2", "1000", "100", "0"),
    ]
    loaded = load_table(tmp_path, "ae.csv", BY_TYPE, rows)
    whole = one(loaded, indicator="ae_over_4_hours")
    assert whole["value"] is None
    assert whole["note"] == "all types: not every one of E2, E3 has a figure"
    assert one(loaded, indicator="ae_over_4_hours_type_1")["note"] == "suppressed (*)"


def test_months_as_words_and_blanks_that_stay(tmp_path: Path) -> None:
    rows = [("RTH", "12475.0", "", "7150.0", "225.0", "", "0.03", "April 2021")]
    loaded = load_table(tmp_path, "trust.csv", TRUST, rows)
    assert loaded.format == "ae_trust"
    late = one(loaded, indicator="ae_over_4_hours")
    assert late["value"] is None
    assert late["note"] == "blank: no figure is given"
    assert (late["cell"], str(late["period_end"])) == ("C2", "2021-04-30")
    assert one(loaded, indicator="ae_admission_over_4_hours")["value"] == 225


def test_no_late_attendance_beside_late_admissions_is_not_submitted(tmp_path: Path) -> None:
    rows = [
        ("E54000034", "22797.0", "0.0", "5330.0", "1718.0", "0.0", "0.32", "April 2022"),
        ("E54000044", "22797.0", "0.0", "0.0", "0.0", "0.0", "", "April 2022"),
    ]
    loaded = load_table(tmp_path, "icb.csv", ICB, rows)
    assert loaded.format == "ae_icb"
    late = one(loaded, indicator="ae_over_4_hours", area_code="E54000034")
    assert late["value"] is None
    assert "1,718 people of the same month waited over four hours" in late["note"]
    assert one(loaded, indicator="ae_over_4_hours", area_code="E54000044")["value"] == 0
    assert late["area_kind"] == "icb"


def test_a_part_above_its_whole_is_not_used(tmp_path: Path) -> None:
    rows = [("RTH", "100", "101", "50", "5", "", "", "April 2022")]
    loaded = load_table(tmp_path, "trust.csv", TRUST, rows)
    both = frame(loaded).set_index("indicator")
    assert both.value.isna().to_dict() == {
        "ae_attendances": True,
        "ae_over_4_hours": True,
        "ae_emergency_admissions": False,
        "ae_admission_over_4_hours": False,
    }
    assert "total_attendances 100, attendances_over_4hours 101" in both.note["ae_attendances"]
    assert len(loaded.warnings) == 1


def test_a_month_that_repeats_another_is_not_used(tmp_path: Path) -> None:
    rows = [
        (f"R{i:02}", 1000 + i, 100 + i, 200, 20, "", "", month)
        for month in ("February 2024", "March 2024", "February 2025")
        for i in range(10)
    ]
    rows[15] = ("R05", 1234, 105, 200, 20, "", "", "March 2024")
    loaded = load_table(tmp_path, "trust.csv", TRUST, rows)
    values = frame(loaded).groupby("period_start").value.count()
    assert [int(values.iloc[i]) for i in range(3)] == [40, 40, 0]
    assert one(loaded, cell="B22")["note"].startswith("1,000 stands in the file, as for February")
    assert one(loaded, cell="B2")["note"] == "the file repeats it under February 2025"
    assert one(loaded, cell="B12")["note"] is None
    assert loaded.warnings[0].startswith("All figures of February 2025 repeat those of Febr")


def test_nine_organisations_alike_are_too_few_to_say_a_month_is_repeated(tmp_path: Path) -> None:
    rows = [
        (f"R{i:02}", 1000, 100, 200, 20, "", "", month)
        for month in ("February 2024", "March 2024")
        for i in range(9)
    ]
    assert frame(load_table(tmp_path, "trust.csv", TRUST, rows)).value.notna().all()


def test_all_faults_of_a_file_are_told_with_their_cells(tmp_path: Path) -> None:
    rows = [
        ("2016-04-01", "RTH", "3", "9000", "900", "2000"),
        ("2016-04-02", "RTH", "1", "many", "900", "2000"),
        ("2016-04-01", "oxford", "1", "-5", "900", "#REF!"),
    ]
    told = faults_of(tmp_path, "ae.csv", BY_TYPE, rows)
    for cell, words in {
        "C2": "type must be 1, 2 or other",
        "A3": "A month is needed",
        "D3": "number is needed",
        "B4": "three to six capital letters",
        "D4": "0 or more",
        "F4": "error of a formula",
    }.items():
        assert any(f"ae.csv, cell {cell} is" in line and words in line for line in told), told
    assert len(told) == 6


def test_the_same_row_again_is_counted_and_another_is_a_fault(tmp_path: Path) -> None:
    row = ("2016-04-01", "RTH", "1", "9000", "900", "2000")
    loaded = load_table(tmp_path, "ae.csv", BY_TYPE, [row, row, row])
    assert skipped(loaded) == {
        "the same provider, month and type again with the same figures": 2,
    }
    other = ("2016-04-01", "RTH", "1", "9001", "900", "2000")
    told = faults_of(tmp_path, "ae.csv", BY_TYPE, [row, other])
    assert told == [
        "ae.csv, cell D3 is '9001'. The same provider, month and type stands in row 2 with 9000. "
        "Keep the row that is right."
    ]


def test_columns_in_another_order_below_a_title(tmp_path: Path) -> None:
    path = tmp_path / "ae.csv"
    path.write_text(
        "A&E attendances,,,,,\n,,,,,\nType,Org_code,Period,Breaches,Admissions,Attendances\n"
        "1,RTH,2016-04-01,900,2000,9000\n",
        encoding="utf-8-sig",
    )
    from tests.helpers.published import load_checked

    found = one(load_checked(path), indicator="ae_attendances_type_1")
    assert (found["value"], found["cell"]) == (9000, "F4")


def test_a_renamed_column_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ae.csv"
    path.write_text("period,org_code,type,attendances,late,admissions\n", encoding="utf-8")
    from wholesystem.indicators.loaders import LoadError

    with pytest.raises(LoadError, match=r"ae_by_type [^;]*: no column breaches"):
        recognise(open_workbook(path))


def test_a_header_alone_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "ae.csv", BY_TYPE, []) == [
        "ae.csv: It has no row of figures. Fetch the file again."
    ]


def test_a_line_cut_short_is_refused(tmp_path: Path) -> None:
    rows = [("2016-04-01", "RTH", "1", "9000", "900", "2000"), ("2016-05-01", "RTH")]
    assert faults_of(tmp_path, "ae.csv", BY_TYPE, rows) == [
        "ae.csv, row 3: The row has 2 cells, the header has 6. Fetch the file again, or mend "
        "the row."
    ]
