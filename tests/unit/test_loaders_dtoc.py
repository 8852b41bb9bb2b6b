"""Workbooks of delayed transfers: every layout of the years, every sum, every spoilt cell."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.helpers.workbooks import (
    Cells,
    Formula,
    dtoc_cells,
    write_dtoc,
    write_xlsx,
    zip_files,
)
from wholesystem.errors import UserError
from wholesystem.indicators.loaders import LoadError, load_file, load_files, recognise

JULY = date(2017, 7, 1)
TYPE, ORG, REASON = "LA - by type of care", "LA - by responsible org", "LA - by reason"
# Rows of the helper's workbooks, from 0: header, England, then Oxfordshire.
HEADER, ENGLAND, OXFORDSHIRE = 13, 14, 16


def figures(folder: Path, month: date = JULY) -> pd.DataFrame:
    return load_file(write_dtoc(folder / "book.xlsx", month)).observations.to_pandas()


def one(table: pd.DataFrame, indicator: str, area: str = "E10000025") -> pd.Series:
    rows = table[(table.indicator == indicator) & (table.area_code == area)]
    assert len(rows) == 1
    return rows.iloc[0]


def faults_of(folder: Path, cells: dict[str, Cells], **options: Any) -> list[str]:
    with pytest.raises(LoadError) as raised:
        load_file(write_xlsx(folder / "July_17.xlsx", cells, **options))
    return [str(fault) for fault in raised.value.faults]


@pytest.mark.parametrize(
    ("month", "layout"),
    [
        (date(2011, 4, 1), "SHA, no ONS code"),
        (date(2013, 7, 1), "region, a column without heading"),
        (date(2016, 2, 1), "ONS code, capitals"),
        (date(2017, 7, 1), "people per day, reason O"),
        (date(2019, 12, 1), "new wording of reason I"),
    ],
)
def test_every_layout_gives_the_same_figures(tmp_path: Path, month: date, layout: str) -> None:
    table = figures(tmp_path, month)

    # The helper's own figures of Oxfordshire: 60 + 40 = 50 + 30 + 20.
    expected = {
        "dtoc_days": 100,
        "dtoc_days_acute": 60,
        "dtoc_days_non_acute": 40,
        "dtoc_days_nhs": 50,
        "dtoc_days_social_care": 30,
        "dtoc_days_both": 20,
        "dtoc_days_reason_c": 50,
        "dtoc_days_reason_e": 30,
        "dtoc_days_reason_dii": 20,
        "dtoc_days_reason_i": 0,
    }
    assert {name: one(table, name).value for name in expected} == expected
    assert ("dtoc_days_reason_o" in set(table.indicator)) == (month >= date(2017, 4, 1)), layout
    assert one(table, "dtoc_days", "E92000001").value == 146  # 100 + 31 + 12 + 3 (Wales)


def test_an_observation_says_where_it_stands(tmp_path: Path) -> None:
    row = one(figures(tmp_path), "dtoc_days")

    assert (row.file, row.sheet, row.cell) == ("book.xlsx", TYPE, "H17")
    assert (row.period_start, row.period_end) == (date(2017, 7, 1), date(2017, 7, 31))
    assert (row.published, row.revised) == (date(2017, 9, 14), date(2018, 6, 14))
    assert (row.area, row.area_kind, row.geography) == ("Oxfordshire", "area", "utla-2013-04")
    assert (row.of, row.unit, row.publisher) == ("residents", "days", "NHS England")


def test_england_has_reasons_by_care_and_body(tmp_path: Path) -> None:
    table = figures(tmp_path)

    assert one(table, "dtoc_days_acute_reason_e_social_care", "E92000001").value == 38
    assert one(table, "dtoc_days_non_acute_nhs", "E92000001").value == 34  # 88 - (100 - 38 - 8)
    not_so = one(table, "dtoc_days_acute_reason_c_both", "E92000001")
    assert pd.isna(not_so.value)
    assert "not applicable (NA)" in not_so.note


def test_rows_without_an_english_council_are_counted(tmp_path: Path) -> None:
    loaded = load_file(write_dtoc(tmp_path / "July_17.xlsx"))

    assert loaded.rows_read == loaded.rows_kept + sum(one.rows for one in loaded.skipped)
    # Four rows and England in three sheets; in England's own 10 and 11 reasons and two totals.
    assert loaded.rows_read == 3 * 5 + 10 + 11 + 2
    (wales,) = loaded.skipped
    assert (wales.reason, wales.rows) == ("no area code (resident in Wales)", 3)
    assert wales.first == "July_17.xlsx, sheet LA - by type of care, row 20"


def test_dorset_is_the_county_or_the_new_council_by_its_ons_code(tmp_path: Path) -> None:
    for ons, expected in (("E10000009", "utla-2013-04"), ("E06000059", "utla-2019-04")):
        cells = dtoc_cells(date(2019, 4, 1))
        for name in (TYPE, ORG, REASON):
            cells[name][OXFORDSHIRE][2:5] = [ons, "809", "Dorset"]
        table = load_file(write_xlsx(tmp_path / f"{ons}.xlsx", cells)).observations.to_pandas()

        assert one(table, "dtoc_days", ons).geography == expected


def test_a_code_without_ons_code_is_of_the_council_of_its_day(tmp_path: Path) -> None:
    # Gateshead had E08000020 until March 2013 (areas.csv); both have the older code 106.
    for month, code in ((date(2012, 5, 1), "E08000020"), (date(2013, 5, 1), "E08000037")):
        cells = dtoc_cells(month)
        for sheet in list(cells)[1:]:
            row = cells[sheet][OXFORDSHIRE]
            row[row.index("608")] = "106"
        table = load_file(write_xlsx(tmp_path / f"{code}.xlsx", cells)).observations.to_pandas()

        assert code in set(table.area_code)


def test_a_dash_is_no_figure_and_no_zero(tmp_path: Path) -> None:
    cells = dtoc_cells()
    for sheet, columns in ((TYPE, (5, 6)), (ORG, (5, 6, 7)), (REASON, range(5, 16))):
        _empty_city(cells[sheet], columns)
    _match_england(cells)
    row = one(
        load_file(write_xlsx(tmp_path / "a.xlsx", cells)).observations.to_pandas(),
        "dtoc_days_acute",
        "E09000001",
    )

    assert pd.isna(row.value)
    assert row.note == "no figure is given (-)"


def _empty_city(cells: Cells, columns: Any) -> None:
    """Make the City of London's days a dash with a total of 0, as in 2012; mend England."""
    city, england = cells[18], cells[ENGLAND]
    total = max(columns) + 1
    for j in columns:
        england[j] -= city[j]
        city[j] = "-"
    england[total] -= city[total]
    city[total] = 0
    for row in (city, england):
        for j in range(total + 2, len(row)):
            row[j] = "-" if row[j - total - 2 + 5] == "-" else row[j - total - 2 + 5] / 31


def _match_england(cells: dict[str, Cells]) -> None:
    """Take the City's 7 + 5 days (4 NHS, 8 social care) out of the table of England."""
    acute, other = cells["England"][14], cells["England"][15]
    acute[3:6], other[3:6] = [55, 30, 8], [29, 0, 12]
    for row in cells["England"][17:]:
        block = acute if row[0:1] and cells["England"].index(row) < 27 else other
        if row[2].startswith("C)"):
            row[3] = block[3]
        elif row[2].startswith("E)"):
            row[4] = block[4]


# ------------------------------------------------------------------ spoilt on purpose

Spoil = Callable[[dict[str, Cells]], None]


def put(sheet: str, row: int, column: int, value: Any) -> Spoil:
    def spoil(cells: dict[str, Cells]) -> None:
        cells[sheet][row][column] = value

    return spoil


SPOILT: dict[str, tuple[Spoil, str, str]] = {
    "a part that does not add up": (
        put(TYPE, OXFORDSHIRE, 5, 61),
        "sheet LA - by type of care, cell H17 is '100'",
        "The total of Oxfordshire is 100, but F17, G17 add to 101.",
    ),
    "areas that do not add to England": (
        put(ORG, ENGLAND, 5, 89),
        "sheet LA - by responsible org, cell F15 is '89'",
        "England is 89, but the areas in F17 to F20 add to 88.",
    ),
    "totals that differ between sheets": (
        put(ORG, OXFORDSHIRE, 8, 101),
        "sheet LA - by responsible org, cell I17 is '101'",
        "The total of Oxfordshire by responsible organisation is not that of July_17.xlsx, sheet"
        " LA - by type of care, cell H17.",
    ),
    "people per day that are not days / days of the month": (
        put(TYPE, OXFORDSHIRE, 11, 3.0),
        "sheet LA - by type of care, cell L17 is '3'",
        "People delayed per day must be days / days of the month: 100 / 31 = 3.23 (Oxfordshire).",
    ),
    "England's table against the areas": (
        put("England", 14, 3, 55),
        "sheet England, cell D15 is '55'",
        "The total is 55, but the reasons below add to 54.",
    ),
    "a word where a number belongs": (
        put(REASON, OXFORDSHIRE, 5, "lots"),
        "sheet LA - by reason, cell F17 is 'lots'",
        "A number is needed",
    ),
    "half a day": (
        put(TYPE, OXFORDSHIRE, 5, 59.5),
        "sheet LA - by type of care, cell F17 is '59.5'",
        "Days are a whole number of 0 or more.",
    ),
    "fewer than no days": (
        put(TYPE, OXFORDSHIRE, 5, -1),
        "sheet LA - by type of care, cell F17 is '-1'",
        "Days are a whole number of 0 or more.",
    ),
    "an error of a formula": (
        put(TYPE, OXFORDSHIRE, 5, Formula("=1/0", "#REF!")),
        "sheet LA - by type of care, cell F17 is '#REF!'",
        "It holds an error of a formula.",
    ),
    "a formula without a stored result": (
        put(TYPE, OXFORDSHIRE, 5, Formula("=A1+60")),
        "sheet LA - by type of care, cell F17: ",
        "The result of its formula is not stored in the file. Open the file in Excel, save it",
    ),
    "an unknown ONS code": (
        put(TYPE, OXFORDSHIRE, 2, "E10000099"),
        "sheet LA - by type of care, row 17 (Oxfordshire), ONS Geography is 'E10000099'",
        "The code is that of no council.",
    ),
    "two codes of different councils": (
        put(TYPE, OXFORDSHIRE, 2, "E10000006"),
        "sheet LA - by type of care, row 17 (Oxfordshire), ONS Geography is 'E10000006'",
        "It is Cumbria, whose code is 102; the row has 608.",
    ),
    "a month that is none": (
        put(TYPE, 4, 2, "Summer 2017"),
        "sheet LA - by type of care, cell C5 is 'Summer 2017'",
        "A month is needed.",
    ),
    "a sheet of another month": (
        put(TYPE, 4, 2, "June 2017"),
        "July_17.xlsx: Its sheets are of different months (LA - by type of care: June 2017,",
        "Fetch the workbook of each month again.",
    ),
    "published before the month ended": (
        put(TYPE, 7, 2, "14th July 2017"),
        "sheet LA - by type of care, cell C8 is '14th July 2017'",
        "Published must be after 2017-07-31.",
    ),
    "revised before it was published": (
        put(TYPE, 8, 2, "1st August 2017"),
        "sheet LA - by type of care, cell C9 is '1st August 2017'",
        "Revised must be after 2017-09-14.",
    ),
    "a date that is none": (
        put(TYPE, 8, 2, "soon"),
        "sheet LA - by type of care, cell C9 is 'soon'",
        "A date is needed.",
    ),
    "a column that is not known": (
        put(TYPE, HEADER, 8, "Unclear"),
        "sheet LA - by type of care, cell I14 is 'Unclear'",
        "This column is not known here.",
    ),
}


@pytest.mark.parametrize("case", SPOILT)
def test_spoilt_cell_is_told_with_its_place(tmp_path: Path, case: str) -> None:
    spoil, where, rule = SPOILT[case]
    cells = dtoc_cells()
    if case == "an unknown ONS code" or case.startswith("two codes"):
        for sheet in (TYPE, ORG, REASON):  # all sheets, else they differ in areas as well
            cells[sheet][OXFORDSHIRE][2] = "E10000099" if "unknown" in case else "E10000006"
    spoil(cells)

    told = faults_of(tmp_path, cells)

    assert any(where in fault and rule in fault for fault in told), told


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    cells = dtoc_cells()
    for case in ("a word where a number belongs", "fewer than no days", "a date that is none"):
        SPOILT[case][0](cells)

    told = "\n".join(faults_of(tmp_path, cells))

    assert "lots" in told
    assert "'-1'" in told
    assert "'soon'" in told


def test_the_same_council_twice_is_told(tmp_path: Path) -> None:
    cells = dtoc_cells()
    cells[TYPE].append(list(cells[TYPE][OXFORDSHIRE]))

    told = faults_of(tmp_path, cells)

    assert any("row 21: Oxfordshire stands in row 17 too." in fault for fault in told)


def test_a_council_missing_from_one_sheet_is_told(tmp_path: Path) -> None:
    cells = dtoc_cells()
    del cells[REASON][17]

    told = faults_of(tmp_path, cells)

    assert any("Cumbria is not in sheet LA - by reason." in fault for fault in told)


def test_a_workbook_without_one_of_its_tables_says_which(tmp_path: Path) -> None:
    for name in (TYPE, ORG, REASON, "England"):
        cells = dtoc_cells()
        del cells[name]
        told = faults_of(tmp_path, cells)
        words = "table of England" if name == "England" else f"areas {name.removeprefix('LA - ')}"
        words = words.replace("responsible org", "responsible organisation")
        assert any(words in fault for fault in told), (name, told)


# ------------------------------------------------------------- odd, and read all the same


def test_shifted_header_and_renamed_sheets_are_found(tmp_path: Path) -> None:
    cells = {f"Table {i}": rows for i, rows in enumerate(dtoc_cells().values())}
    cells["Table 1"] = [[], [], *([""] + row for row in cells["Table 1"])]
    row = one(
        load_file(write_xlsx(tmp_path / "a.xlsx", cells)).observations.to_pandas(), "dtoc_days"
    )

    assert (row.value, row.sheet, row.cell) == (100, "Table 1", "I19")


def test_hidden_and_merged_cells_are_read_and_said(tmp_path: Path) -> None:
    path = write_dtoc(
        tmp_path / "a.xlsx",
        hidden=(ORG,),
        hidden_rows={TYPE: (OXFORDSHIRE, OXFORDSHIRE + 1)},
        hidden_columns={TYPE: (5,)},
        merged={TYPE: [(1, 2, 1, 5)], REASON: [(17, 1, 18, 1)]},
    )
    loaded = load_file(path)

    assert one(loaded.observations.to_pandas(), "dtoc_days_acute").value == 60
    assert loaded.warnings == (
        f"a.xlsx, sheet {TYPE}: hidden rows 17 to 18 were read like the others",
        f"a.xlsx, sheet {TYPE}: hidden column F was read like the others",
        f"a.xlsx, sheet {ORG}: the sheet is hidden; it was read like the others",
        f"a.xlsx, sheet {REASON}: merged cells B18:B19: only the first cell of them holds the"
        " value",
    )


def test_footnote_marks_go_to_the_note(tmp_path: Path) -> None:
    cells = dtoc_cells()
    cells[TYPE][OXFORDSHIRE][5] = "60 (r)"
    row = one(
        load_file(write_xlsx(tmp_path / "a.xlsx", cells)).observations.to_pandas(),
        "dtoc_days_acute",
    )

    assert (row.value, row.note) == (60, "marked (r)")


def test_a_suppressed_figure_stays_without_a_value(tmp_path: Path) -> None:
    cells = dtoc_cells()
    cells[TYPE][OXFORDSHIRE][5] = "*"
    row = one(
        load_file(write_xlsx(tmp_path / "a.xlsx", cells)).observations.to_pandas(),
        "dtoc_days_acute",
    )

    assert pd.isna(row.value)
    assert row.note == "suppressed (*)"


def test_a_file_named_after_another_month_is_a_warning_only(tmp_path: Path) -> None:
    loaded = load_file(write_dtoc(tmp_path / "June_17.xlsx"))

    assert loaded.warnings == (
        "June_17.xlsx: its name says June 2017, its cells say July 2017; the cells were believed",
    )


def test_a_stored_result_of_a_formula_is_read(tmp_path: Path) -> None:
    cells = dtoc_cells()
    cells[TYPE][OXFORDSHIRE][7] = Formula("=F17+G17", 100)
    table = load_file(write_xlsx(tmp_path / "a.xlsx", cells)).observations.to_pandas()

    assert one(table, "dtoc_days").value == 100


# ---------------------------------------------------------------------- folders and zips


def test_good_files_of_a_folder_load_beside_bad_ones(tmp_path: Path) -> None:
    write_dtoc(tmp_path / "July_17.xlsx")
    write_dtoc(tmp_path / "August_17.xlsx", date(2017, 8, 1))
    (tmp_path / "broken.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more")
    (tmp_path / "page.xls").write_text("<html><body>Not found</body></html>")
    (tmp_path / "notes.md").write_text("where the files are from")
    (tmp_path / "~$July_17.xlsx").write_bytes(b"held open")
    seen: list[tuple[int, int, str]] = []

    loaded, errors = load_files(tmp_path, lambda *step: seen.append(step))

    assert [one.file for one in loaded] == ["August_17.xlsx", "July_17.xlsx"]
    assert [str(error).partition(":")[0] for error in errors] == ["broken.xls", "page.xls"]
    assert seen[-1] == (4, 4, "page.xls")


def test_a_zip_file_is_read_in_memory(tmp_path: Path) -> None:
    book = write_dtoc(tmp_path / "book.xlsx").read_bytes()
    inner = io.BytesIO()
    zip_files(inner, {"x.csv": b"a,b\n"})  # type: ignore[arg-type]
    members = {
        "2017/July_17.xlsx": book,
        "../../escape.xlsx": book,
        "nested.zip": inner.getvalue(),
        "__MACOSX/._July_17.xlsx": b"x",
        "readme.txt": b"about",
    }
    folder = tmp_path / "zips"
    folder.mkdir()
    zip_files(folder / "all.zip", members)

    loaded, errors = load_files(folder / "all.zip")

    assert [one.file for one in loaded] == ["escape.xlsx", "July_17.xlsx"]
    assert [str(error) for error in errors] == [
        "all.zip, nested.zip: It is a zip file in a zip file. Unpack it, and load the files in it."
    ]
    assert [path.name for path in folder.iterdir()] == ["all.zip"]


def test_the_same_month_twice_with_the_same_figures_is_said(tmp_path: Path) -> None:
    write_dtoc(tmp_path / "a.xlsx")
    write_dtoc(tmp_path / "b.xlsx")

    loaded, errors = load_files(tmp_path)

    assert not errors
    assert loaded[0].warnings == ()
    assert loaded[1].warnings == (
        "b.xlsx: 137 of its 137 figures stand in a.xlsx too, with the same values and day of"
        " publication",
    )


def test_a_month_twice_with_different_figures_refuses_both(tmp_path: Path) -> None:
    write_dtoc(tmp_path / "a.xlsx")
    write_dtoc(tmp_path / "ok.xlsx", date(2017, 8, 1))
    cells = dtoc_cells()
    for row in (OXFORDSHIRE, ENGLAND):  # ten days of another care: all sums still hold
        cells[TYPE][row][5] -= 10
        cells[TYPE][row][6] += 10
        cells[TYPE][row][9] -= 10 / 31
        cells[TYPE][row][10] += 10 / 31
    cells["England"][14][3] -= 10
    cells["England"][15][3] += 10
    for row in cells["England"][17:]:
        if row[2].startswith("C)"):
            row[3] += -10 if row[3] == 54 else 10
    write_xlsx(tmp_path / "b.xlsx", cells)

    loaded, errors = load_files(tmp_path)

    assert [one.file for one in loaded] == ["ok.xlsx"]
    assert len(errors) == 2
    assert (
        "a.xlsx, sheet LA - by type of care, cell F17 is '60'. dtoc_days_acute of Oxfordshire,"
        " 2017-07-01 to 2017-07-31, is 50 in b.xlsx, sheet LA - by type of care, cell F17, and"
        " both have the same day of publication. Keep the file that is right."
    ) in [str(fault) for fault in errors[0].faults]


def test_a_later_revision_of_a_month_is_no_contradiction(tmp_path: Path) -> None:
    write_dtoc(tmp_path / "a.xlsx")
    cells = dtoc_cells()
    for sheet in cells.values():
        sheet[8][2] = "14th July 2018"
    for row in (OXFORDSHIRE, ENGLAND):
        cells[TYPE][row][5] += 0
    write_xlsx(tmp_path / "b.xlsx", cells)

    loaded, errors = load_files(tmp_path)

    assert (len(loaded), errors, loaded[1].warnings) == (2, [], ())


def test_a_folder_with_nothing_to_read_is_an_error_of_the_person(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no file of figures"):
        load_files(tmp_path)
    with pytest.raises(UserError, match="does not exist"):
        load_files(tmp_path / "nowhere")


def test_another_workbook_is_refused_with_what_was_seen_and_expected(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "budget.xlsx", {"Costs": [["Item", "Pounds"], ["Tea", 3]]})

    with pytest.raises(LoadError) as raised:
        recognise(path)

    told = str(raised.value)
    assert told.startswith("budget.xlsx: Its format is not known. Seen: sheets Costs.")
    assert "Expected one of: dtoc, dtoc_england," in told
