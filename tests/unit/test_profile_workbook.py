"""The workbook of a profile, read back: one table a sheet, words for icons, no formula."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.helpers import profiles
from wholesystem.indicators import find_area
from wholesystem.indicators.profile import AreaProfile, make_profile
from wholesystem.indicators.spc.words import ASSURANCE_ICONS, VARIATION_ICONS
from wholesystem.reports.profile_page import LoadedFile
from wholesystem.reports.profile_view import summary_row
from wholesystem.reports.profile_workbook import _sheet_name, write_profile_workbook

FILES = (LoadedFile("June_17.xls", "dtoc", 153, 150, "3 rows: no area code"),)


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> AreaProfile:
    store = profiles.make_store(tmp_path_factory.mktemp("book") / "store")
    return make_profile(profiles.make_data(store), find_area("Oxfordshire"))


@pytest.fixture(scope="module")
def book(profile: AreaProfile, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("book") / "profile.xlsx"
    write_profile_workbook(profile, path, FILES)
    return openpyxl.load_workbook(path)


def table_of(sheet: Any) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of the only table of a sheet."""
    (table,) = sheet.tables.values()
    head, *rows = sheet[table.ref]
    return [cell.value for cell in head], [[cell.value for cell in row] for row in rows]


def check_book(book: Any) -> None:
    """Everything that people who listen to a spreadsheet need, and nothing that runs."""
    names = book.sheetnames
    assert len({name.casefold() for name in names}) == len(names)
    displayed = []
    for sheet in book:
        assert 1 <= len(sheet.title) <= 31
        assert not re.search(r"[\[\]:*?/\\]", sheet.title)
        assert not sheet.title.startswith("'")
        assert not sheet.title.endswith("'")
        assert sheet.sheet_state == "visible"
        assert list(sheet.merged_cells.ranges) == []
        assert sheet["A1"].value
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
        if sheet.title == "Contents":
            continue
        (table,) = sheet.tables.values()
        displayed.append(table.displayName)
        assert table.ref.startswith("A3:")
        assert table.headerRowCount == 1
        head, _ = table_of(sheet)
        assert all(head)
        assert len(set(head)) == len(head)
        assert [column.name for column in table.tableColumns] == head
        assert sheet.freeze_panes == "B4"
    assert len(set(displayed)) == len(displayed)


def test_each_sheet_has_one_table_with_a_header_and_nothing_merged(book: Any) -> None:
    check_book(book)
    assert book.sheetnames[:7] == [
        "Contents",
        "Summary",
        "What stands out",
        "Comparators",
        "Across areas",
        "Definitions",
        "Files",
    ]
    assert book.properties.title == "Oxfordshire: local data profile"


def test_no_table_has_a_blank_row(book: Any) -> None:
    for sheet in book.worksheets[1:]:
        _, rows = table_of(sheet)
        assert rows
        assert all(any(cell is not None for cell in row) for row in rows)


def test_the_contents_lead_to_every_sheet(book: Any) -> None:
    page = book["Contents"]
    links = [row[0].hyperlink for row in page.iter_rows(min_row=4) if row[0].hyperlink]
    led = [re.fullmatch(r"'(.*)'!A1", link.location)[1].replace("''", "'") for link in links]
    assert led == book.sheetnames[1:]
    told = {row[0].value: row[2].value for row in page.iter_rows(min_row=4) if row[0].hyperlink}
    assert told == {sheet.title: len(table_of(sheet)[1]) for sheet in book.worksheets[1:]}
    notes = [row[0].value for row in page.iter_rows(min_row=4) if not row[0].hyperlink]
    assert any("Open Government Licence v3.0" in (note or "") for note in notes)


def test_the_summary_has_words_in_place_of_icons(profile: AreaProfile, book: Any) -> None:
    head, rows = table_of(book["Summary"])
    named = [dict(zip(head, row, strict=True)) for row in rows]
    assert len(named) == len(profile.indicators)
    for one, row in zip(profile.indicators, named, strict=True):
        text = summary_row(one)
        assert row["Indicator"] == one.indicator.name
        assert row["Whose"] == text.whose
        assert row["Latest"] == pytest.approx(one.latest_value, abs=0.5 * 10 ** -(
            one.indicator.decimals + 2))  # fmt: skip
        assert row["Variation"] == text.variation_words
        assert row["Variation"] in VARIATION_ICONS.values()
        assert row["Target"] == text.assurance_words
        assert row["Target"] in ASSURANCE_ICONS.values()
        rank = one.comparison.rank
        assert (row["Place"], row["Of"]) == ((rank.place, rank.of) if rank else (None, None))


def test_each_indicator_has_its_series_with_its_cells(profile: AreaProfile, book: Any) -> None:
    sheets = book.worksheets[7:]
    assert len(sheets) == len(profile.indicators)
    for one, sheet in zip(profile.indicators, sheets, strict=True):
        head, rows = table_of(sheet)
        assert sheet["A1"].value == f"{one.name} ({one.indicator.unit})"
        assert len(rows) == len(one.periods)
        named = [dict(zip(head, row, strict=True)) for row in rows]
        assert [row["Period start"] for row in named] == [p.isoformat() for p, _ in one.periods]
        assert [row["Figure"] for row in named] == pytest.approx(
            one.values.tolist(), abs=1e-3, nan_ok=True
        )
        assert [row["Numerator"] for row in named] == one.row.numerators.tolist()
        assert [row["Where it was read"] for row in named] == list(one.row.sources)


def test_a_gap_is_a_blank_cell(tmp_path: Path) -> None:
    store = profiles.make_store(tmp_path / "store")
    kent = make_profile(profiles.make_data(store), find_area("Kent"))
    write_profile_workbook(kent, tmp_path / "kent.xlsx")
    book = openpyxl.load_workbook(tmp_path / "kent.xlsx")
    check_book(book)
    (sheet,) = [
        s for s in book if s["A1"].value.startswith("Delayed days a day per 100,000 adults (")
    ]
    head, rows = table_of(sheet)
    gap = dict(zip(head, rows[profiles.KENT_GAP], strict=True))
    assert gap["Figure"] is None
    assert gap["Numerator"] is None
    assert gap["England"] > 0


def test_across_areas_says_who_is_a_comparator(profile: AreaProfile, book: Any) -> None:
    head, rows = table_of(book["Across areas"])
    named = [dict(zip(head, row, strict=True)) for row in rows]
    rate = [row for row in named if row["Indicator"] == "Delayed days a day per 100,000 adults"]
    assert [row["Area or trust"] for row in rate if row["Role"] == "this one"] == ["Oxfordshire"]
    assert profile.comparators is not None
    # Surrey has no figure of that month.
    assert {row["Code"] for row in rate if row["Role"] == "comparator"} == {
        code for code in profile.comparators.codes if code != profiles.SURREY
    }


def test_hostile_words_are_text_and_no_formula(tmp_path: Path) -> None:
    found = profiles.hostile_profile(tmp_path / "store")
    path = tmp_path / "hostile.xlsx"
    write_profile_workbook(found, path, (LoadedFile("=x.csv", "+a", 1, 1, "@b"),))
    book = openpyxl.load_workbook(path)
    check_book(book)
    _, ((group, name, *_),) = table_of(book["Summary"])
    assert (group, name) == (f"+group {profiles.HOSTILE}", f"=1+1 {profiles.HOSTILE}")
    assert book.worksheets[-1].title == f"1 =1+1 {profiles.HOSTILE}"[:31].replace("/", " ")


@pytest.mark.parametrize(
    "name", ["Home [new]: a/b\\c?*", "'Quoted'", "x" * 60, "Ends at a quote " + "y" * 12 + "'z",
             "History", "été: ½"]
)  # fmt: skip
def test_sixty_indicators_of_one_name_have_sixty_sheets(
    profile: AreaProfile, tmp_path: Path, name: str
) -> None:
    one = profile.indicators[3]
    same = replace(one, indicator=one.indicator.model_copy(update={"name": name}))
    many = replace(profile, indicators=(same,) * 60, stand_outs=())
    if name == "x" * 60:
        write_profile_workbook(many, tmp_path / "many.xlsx")
        check_book(openpyxl.load_workbook(tmp_path / "many.xlsx"))
    names = [_sheet_name(number, name) for number in range(1, 61)]
    assert len(set(names)) == 60
    assert all(len(one) <= 31 and not re.search(r"[\[\]:*?/\\]", one) for one in names)
    assert not any(one.endswith("'") for one in names)


def test_nothing_that_stands_out_leaves_a_table_of_no_rows(
    profile: AreaProfile, tmp_path: Path
) -> None:
    bare = replace(profile, stand_outs=(), comparators=None)
    write_profile_workbook(bare, tmp_path / "bare.xlsx")
    book = openpyxl.load_workbook(tmp_path / "bare.xlsx")
    assert "Comparators" not in book.sheetnames
    head, rows = table_of(book["What stands out"])
    assert len(head) == 4
    assert all(cell is None for row in rows for cell in row)
