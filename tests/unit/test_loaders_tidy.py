"""Figures of one's own through a mapping: periods, places, wide and long, dry run, every fault."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pytest

from tests.helpers.workbooks import write_dtoc, write_xlsx
from wholesystem.errors import UserError
from wholesystem.indicators.catalogue import read_catalogue
from wholesystem.indicators.loaders import LoadError, load_file, load_files, load_tidy
from wholesystem.indicators.loaders.tidy_periods import date_reader, period_reader

LONG = "Council,Month,Measure,Figure\nOxfordshire,07/2017,dtoc_days,5810\n"
MAPPING = """ours,theirs,constant,format,indicator
area,Council,,,
period,Month,,month MM/YYYY,
indicator,Measure,,,
value,Figure,,,
publisher,,Oxfordshire County Council,,
"""
WIDE = 'Title\n\nCode,Month,All days,Social care\n608,Jul-17,"5,810 (r)",*\n714,Jul-17,1,0\n'
WIDE_MAPPING = """ours,theirs,constant,format,indicator
area_code,Code,,,
period,Month,,month,
value,All days,,,dtoc_days
value,Social care,,,dtoc_days_social_care
publisher,,Somebody,,
published,,2018-01-02,,
"""


def files(folder: Path, table: str, mapping: str) -> tuple[Path, Path]:
    path, mapped = folder / "figures.csv", folder / "figures.mapping.csv"
    path.write_text(table, "utf-8")
    mapped.write_text(mapping, "utf-8")
    return path, mapped


def observations(folder: Path, table: str, mapping: str) -> pd.DataFrame:
    return load_tidy(*files(folder, table, mapping)).observations.to_pandas()


def faults(folder: Path, table: str, mapping: str) -> list[str]:
    """Faults of a load, which are those of a dry run too."""
    paths = files(folder, table, mapping)
    report = load_tidy(*paths, dry_run=True)
    with pytest.raises(LoadError) as raised:
        load_tidy(*paths)
    assert raised.value.faults == report.faults
    return [str(fault) for fault in report.faults]


def test_a_long_table(tmp_path: Path) -> None:
    (row,) = observations(tmp_path, LONG, MAPPING).to_dict("records")

    assert (row["indicator"], row["area_code"], row["value"]) == ("dtoc_days", "E10000025", 5810)
    assert (row["period_start"], row["period_end"]) == (date(2017, 7, 1), date(2017, 7, 31))
    assert (row["file"], row["cell"]) == ("figures.csv", "D2")
    assert (row["of"], row["area_kind"], row["unit"]) == ("residents", "area", "days")


def test_indicators_side_by_side_below_a_title(tmp_path: Path) -> None:
    table = observations(tmp_path, WIDE, WIDE_MAPPING)

    found = table[table.area_code == "E10000025"].set_index("indicator")
    assert found.loc["dtoc_days", "value"] == 5810
    assert found.loc["dtoc_days", "note"] == "marked (r)"
    assert pd.isna(found.loc["dtoc_days_social_care", "value"])
    assert found.loc["dtoc_days_social_care", "note"] == "suppressed (*)"
    assert list(found["cell"]) == ["C4", "D4"]
    assert set(table["published"]) == {date(2018, 1, 2)}


def test_a_sheet_of_a_workbook_with_true_dates(tmp_path: Path) -> None:
    cells = [["Council", "Month", "Measure", "Figure"], ["608", date(2017, 7, 1), "dtoc_days", 5.0]]
    path = write_xlsx(tmp_path / "a.xlsx", {"Notes": [["x"]], "Data": cells})
    mapping = tmp_path / "m.csv"
    mapping.write_text(MAPPING + "read_sheet,,Data,,\nread_header_row,,1,,\n", "utf-8")

    (row,) = load_tidy(path, mapping).observations.to_pylist()

    assert (row["sheet"], row["cell"], row["value"]) == ("Data", "D2", 5)
    assert row["period_start"] == date(2017, 7, 1)


def test_trusts_are_taken_by_their_codes(tmp_path: Path) -> None:
    table = "Trust,Name,Month,Figure\nrth,Oxford University Hospitals,2017-07,5\n"
    mapping = MAPPING.replace("area,Council", "area_code,Trust").replace(
        "indicator,Measure,,", "indicator,,ae_attendances,"
    ).replace("month MM/YYYY", "month") + "area,Name,,,\narea_kind,,trust,,\n"  # fmt: skip

    (row,) = observations(tmp_path, table, mapping).to_dict("records")

    assert (row["area_code"], row["area_kind"], row["of"]) == ("RTH", "trust", "trust")
    assert (row["area"], row["geography"]) == (
        "Oxford University Hospitals",
        "trust-as-published",
    )


def test_scales_constants_and_blank_cells(tmp_path: Path) -> None:
    table = "Council,Year,Share,Top,Bottom\nOxfordshire,2017-18,0.25,1,4\nCumbria,2017-18,,1,4\n"
    mapping = """ours,theirs,constant,format
area,Council,,
period,Year,,financial_year
indicator,,reablement_offered,
value,Share,,fraction
numerator,Top,,thousands
denominator,Bottom,,
publisher,,Somebody,
note,,from our own records,
"""
    first, second = observations(tmp_path, table, mapping).to_dict("records")

    assert (first["value"], first["numerator"], first["denominator"]) == (25, 1000, 4)
    assert (first["note"], first["unit"]) == ("from our own records", "%")
    assert pd.isna(second["value"])
    assert second["note"] == "from our own records"


def test_rows_to_skip_are_counted(tmp_path: Path) -> None:
    mapping = MAPPING + "skip,Council,Wales,,\n"
    loaded = load_tidy(*files(tmp_path, LONG + "Wales,07/2017,dtoc_days,1\n", mapping))

    assert (loaded.rows_read, loaded.rows_kept) == (2, 1)
    (skipped,) = loaded.skipped
    assert skipped.reason == "Council is Wales (figures.mapping.csv row 7)"
    assert (skipped.rows, skipped.first) == (1, "figures.csv, row 3")


def test_a_row_given_twice_is_counted_or_told(tmp_path: Path) -> None:
    again = LONG + "608,07/2017,dtoc_days,5810\n"
    loaded = load_tidy(*files(tmp_path, again.replace("608", "Oxfordshire"), MAPPING))

    assert (loaded.rows_kept, loaded.skipped[0].rows) == (1, 1)
    other = faults(tmp_path, LONG + "Oxfordshire,07/2017,dtoc_days,9\n", MAPPING)
    assert "figures.csv, cell D3 is '9'" in other[0]
    assert "stands in row 2 with 5810" in other[0]


def test_one_area_by_name_and_by_code_is_one_area(tmp_path: Path) -> None:
    told = faults(tmp_path, LONG + "608,07/2017,dtoc_days,9\n", MAPPING)

    assert "stands in row 2 with 5810" in told[0]


def test_a_dry_run_tells_what_would_be_added(tmp_path: Path) -> None:
    report = load_tidy(*files(tmp_path, WIDE, WIDE_MAPPING), dry_run=True)

    assert report.faults == ()
    assert [row["value"] for row in report.first] == [5810, 1, None, 0]
    assert str(report).splitlines() == [
        "figures.csv: 2 rows read, 2 kept, 4 observations.",
        "  dtoc_days: 2",
        "  dtoc_days_social_care: 2",
        "  dtoc_days, Oxfordshire, 2017-07-01 to 2017-07-31: 5810 days (marked (r)) [C4]",
        "  dtoc_days, City of London, 2017-07-01 to 2017-07-31: 1 days [C5]",
        "  dtoc_days_social_care, Oxfordshire, 2017-07-01 to 2017-07-31: no figure days"
        " (suppressed (*)) [D4]",
        "  dtoc_days_social_care, City of London, 2017-07-01 to 2017-07-31: 0 days [D5]",
    ]


def test_a_dry_run_of_a_bad_file_says_that_nothing_would_be_added(tmp_path: Path) -> None:
    report = load_tidy(*files(tmp_path, LONG.replace("5810", "many"), MAPPING), dry_run=True)

    assert "Nothing would be added:\nfigures.csv, cell D2 is 'many'." in str(report)


CELLS: dict[str, tuple[str, str, str]] = {
    "a word for a number": ("5810", "many", "cell D2 is 'many'. A number is needed"),
    "an error": ("5810", "#N/A", "cell D2 is '#N/A'. It holds an error of a formula."),
    "another month": ("07/2017", "13/2017", "cell B2 is '13/2017'. The period must be month like"),
    "an impossible year": ("07/2017", "07/0017", "cell B2 is '07/0017'. The period must be"),
    "an unknown area": ("Oxfordshire", "Oxfordshir", "cell A2 is 'Oxfordshir'. The area"),
    "no area": ("Oxfordshire", "", "cell A2 is blank. Each row has an area."),
    "an unknown code": ("Oxfordshire", "E10000099", "cell A2 is 'E10000099'. The area"),
    "an unknown indicator": ("dtoc_days", "dtoc_day", "Did you mean dtoc_days?"),
    "a computed indicator": ("dtoc_days", "dtoc_rate", "This indicator is computed from others"),
    "a council that had ended": ("Oxfordshire,07/2017", "Poole,07/2021", "did not exist on 2021"),
    "a line with too many cells": ("5810", "5,810", "row 2: The row has 5 cells, the header has 4"),
}


@pytest.mark.parametrize("case", CELLS)
def test_faults_of_cells(tmp_path: Path, case: str) -> None:
    old, new, expected = CELLS[case]

    told = faults(tmp_path, LONG.replace(old, new), MAPPING)

    assert any(expected in fault for fault in told), told
    assert all(fault.startswith("figures.csv") for fault in told)


ROWS: dict[str, tuple[str, str, str]] = {
    "unknown column of ours": ("area,Council", "aera,Council", "Did you mean area?"),
    "missing column of theirs": ("Figure", "Figures", "The mapping needs a column Figures. The"),
    "both": ("area,Council,", "area,Council,Oxfordshire", "a column of ours is one of theirs"),
    "neither": ("area,Council,", "area,,", "a column of ours is one of theirs"),
    "no kind of period": ("month MM/YYYY", "monthly", "monthly is no kind of period"),
    "a spelling without a year": ("month MM/YYYY", "month MM", "has no year (YYYY)"),
    "a spelling with a month twice": ("month MM/YYYY", "month MM/MMM/MM YYYY", "twice"),
    "no value": ("value,Figure,,,\n", "", "It has no row for value."),
    "no period": ("period,Month,,month MM/YYYY,\n", "", "period_start and period_end"),
    "no publisher": ("publisher,,Oxfordshire County Council,,\n", "", "no row for publisher"),
    "a column twice": ("area,Council,,,\n", "area,Council,,,\narea,Month,,,\n", "is mapped in"),
    "a scale that is none": ("value,Figure,,,", "value,Figure,,dozens,", "A number has one of"),
    "a format of a text": ("area,Council,,,", "area,Council,,month,", "area has no format."),
    "an indicator of an area": ("area,Council,,,", "area,Council,,,dtoc_days", "may be of one"),
    "an unknown column of the mapping": ("format,indicator", "format,which", "A mapping has the"),
    "a skip without what": ("area,Council,,,", "skip,Council,,,", "A row to skip has"),
    "a constant that is no period": ("period,Month,", "period,,soon", "The period must be"),
    "a constant that is no number": ("value,Figure,", "value,,many", "A number is needed"),
}


@pytest.mark.parametrize("case", ROWS)
def test_faults_of_the_mapping(tmp_path: Path, case: str) -> None:
    old, new, expected = ROWS[case]

    told = faults(tmp_path, LONG, MAPPING.replace(old, new))

    assert any(expected.lower() in fault.lower() for fault in told), told


def test_faults_of_the_mapping_are_told_all_at_once(tmp_path: Path) -> None:
    bad = MAPPING.replace("area,Council", "aera,Council").replace("month MM", "monat MM")

    told = "\n".join(faults(tmp_path, LONG, bad))

    assert "'aera'" in told
    assert "monat" in told
    assert "It has no row for area (or area_code), period" in told


def test_a_sheet_must_be_named_where_there_are_several(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"One": [["x"]], "Two": [["y"]]})
    mapping = tmp_path / "m.csv"
    for more, expected in (
        ("", "It has several sheets: One, Two. Say which in the mapping"),
        ("read_sheet,,Three,,\n", "a.xlsx has no such sheet. It has One, Two."),
        ("read_sheet,,One,,\nread_header_row,,9,,\n", "The header row is a number from 1 to 1."),
    ):
        mapping.write_text(MAPPING + more, "utf-8")
        assert expected in str(load_tidy(path, mapping, dry_run=True))


def test_no_mapping_and_no_file(tmp_path: Path) -> None:
    path, mapping = files(tmp_path, LONG, MAPPING)
    with pytest.raises(UserError, match="A mapping says how the columns are called"):
        load_tidy(path, tmp_path / "none.csv")
    with pytest.raises(LoadError, match="There is no such file"):
        load_tidy(tmp_path / "none.csv", mapping)


def test_a_mapping_beside_a_file_is_used_in_a_folder(tmp_path: Path) -> None:
    files(tmp_path, LONG, MAPPING)
    (loaded,), errors = load_files(tmp_path)

    assert (loaded.format, loaded.rows_kept, errors) == ("tidy", 1, [])


@pytest.mark.parametrize(
    ("kind", "text", "start", "end"),
    [
        ("month", "April 2021", date(2021, 4, 1), date(2021, 4, 30)),
        ("month", "Feb-24", date(2024, 2, 1), date(2024, 2, 29)),
        ("month", "2021-04", date(2021, 4, 1), date(2021, 4, 30)),
        ("month MM/YYYY", "02/2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("month MMM YY", "Sept 17", date(2017, 9, 1), date(2017, 9, 30)),
        ("quarter", "2017 Q4", date(2017, 10, 1), date(2017, 12, 31)),
        ("quarter", "Q1 2017", date(2017, 1, 1), date(2017, 3, 31)),
        ("financial_quarter", "2017-18 Q1", date(2017, 4, 1), date(2017, 6, 30)),
        ("financial_quarter", "Q3 2017/18", date(2017, 10, 1), date(2017, 12, 31)),
        ("financial_quarter", "2017/2018 Q4", date(2018, 1, 1), date(2018, 3, 31)),
        ("financial_year", "2016-17", date(2016, 4, 1), date(2017, 3, 31)),
        ("financial_year YYYY", "2016", date(2016, 4, 1), date(2017, 3, 31)),
        ("calendar_year", "2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("mid_year", "2016", date(2016, 6, 30), date(2016, 6, 30)),
        ("mid_year", "Mid-2016", date(2016, 6, 30), date(2016, 6, 30)),
        ("day", "30/09/2017", date(2017, 9, 30), date(2017, 9, 30)),
        ("day MM/DD/YYYY", "09/30/2017", date(2017, 9, 30), date(2017, 9, 30)),
        ("week", "2017-12-28", date(2017, 12, 28), date(2018, 1, 3)),
    ],
)
def test_periods(kind: str, text: str, start: date, end: date) -> None:
    name, _, pattern = kind.partition(" ")
    read, _ = period_reader(name, pattern)

    assert read(text) == (start, end)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("month", "2017"),
        ("month", "07/2017"),
        ("month", "2 July 2017"),
        ("quarter", "2017 Q5"),
        ("quarter", "2017-18 Q1"),
        ("financial_quarter", "2017 Q1"),
        ("financial_year", "2016-18"),
        ("calendar_year", "16"),
        ("mid_year", "June 2016"),
        ("day", "2017"),
        ("day MM/DD/YYYY", "30/09/2017"),
        ("week", ""),
    ],
)
def test_what_is_no_such_period(kind: str, text: str) -> None:
    name, _, pattern = kind.partition(" ")
    read, _ = period_reader(name, pattern)

    with pytest.raises(ValueError, match="."):
        read(text)


def test_a_date_of_a_workbook_is_read_whatever_the_spelling() -> None:
    assert date_reader("DD/MM/YYYY")("2017-09-30") == date(2017, 9, 30)


def test_indicators_of_a_catalogue_of_ones_own(tmp_path: Path) -> None:
    packaged = read_catalogue()
    own = {**packaged, "our_days": packaged["dtoc_days"]}
    path, mapping = files(tmp_path, LONG.replace("dtoc_days", "our_days"), MAPPING)

    assert "The catalogue has no such indicator." in str(load_tidy(path, mapping, dry_run=True))
    loaded = load_tidy(path, mapping, catalogue=own)
    assert loaded.observations["indicator"].to_pylist() == ["our_days"]
    assert len(load_files(tmp_path, catalogue=own)[0]) == 1

    arrow_csv.write_csv(loaded.observations, tmp_path / "extract.csv")
    assert load_file(tmp_path / "extract.csv", catalogue=own).rows_kept == 1


# ------------------------------------------------------------------- our own columns


def test_observations_written_as_csv_are_read_back_the_same(tmp_path: Path) -> None:
    loaded = load_file(write_dtoc(tmp_path / "July_17.xlsx"))
    arrow_csv.write_csv(loaded.observations, tmp_path / "extract.csv")

    again = load_file(tmp_path / "extract.csv")

    assert again.format == "observations"
    assert again.rows_kept == loaded.observations.num_rows
    assert again.observations.equals(loaded.observations.combine_chunks())


def test_our_own_columns_are_checked_too(tmp_path: Path) -> None:
    table: Any = load_file(write_dtoc(tmp_path / "July_17.xlsx")).observations.slice(0, 2)
    for column, value, expected in (
        ("area_kind", "region", "England is of kind country, not region."),
        ("unit", "beds", "The catalogue says 'days' under unit of this indicator."),
        ("area_code", "E99999999", "The area 'E99999999' is not known."),
    ):
        spoilt = table.set_column(
            table.column_names.index(column), column, pa.array([value, value])
        )
        arrow_csv.write_csv(spoilt, tmp_path / "extract.csv")
        with pytest.raises(LoadError) as raised:
            load_file(tmp_path / "extract.csv")
        assert expected in str(raised.value)


COPIED = "Code,Month,Workbook,Row,Days,Social care\n608,Jul-17,July_17.xls,168,5810,700\n"
COPIED_MAPPING = """ours,theirs,constant,format,indicator
area_code,Code,,,
period,Month,,month,
value,Days,,,dtoc_days
value,Social care,,,dtoc_days_social_care
publisher,,NHS England,,
file,Workbook,,,
sheet,,LA - by type of care,,dtoc_days
sheet,,LA - by responsible org,,dtoc_days_social_care
cell,,H{Row},,dtoc_days
cell,,G{Row}:G{Row},,dtoc_days_social_care
"""


def test_a_copied_table_names_the_published_cell_of_each_figure(tmp_path: Path) -> None:
    table = observations(tmp_path, COPIED, COPIED_MAPPING).set_index("indicator")

    assert set(table["file"]) == {"July_17.xls"}
    assert table.loc["dtoc_days", "sheet"] == "LA - by type of care"
    assert table.loc["dtoc_days", "cell"] == "H168"
    assert table.loc["dtoc_days_social_care", "sheet"] == "LA - by responsible org"
    assert table.loc["dtoc_days_social_care", "cell"] == "G168:G168"


def test_columns_in_braces_are_columns_of_the_table(tmp_path: Path) -> None:
    (unknown,) = faults(tmp_path, COPIED, COPIED_MAPPING.replace("H{Row}", "H{Rows}"))
    assert "The mapping needs a column Rows." in unknown
    assert "Did you mean Row?" in unknown

    (broken,) = faults(tmp_path, COPIED, COPIED_MAPPING.replace("H{Row}", "H{Row"))
    assert "figures.mapping.csv row 10, column constant is 'H{Row'" in broken
    assert "Braces stand in pairs around a column of theirs" in broken
