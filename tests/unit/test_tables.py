"""Files that are no tables: broken, binary, empty, huge, hostile. Each is told in plain words."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from wholesystem.errors import OutputError, TableError
from wholesystem.flow.model_files import LAYOUT
from wholesystem.tables import (
    Tables,
    grid,
    read_tables,
    reading,
    workbook,
    write_excel,
    write_folder,
)

COSTS = "service,state,per_day,source\nward,occupied,100,assumed\n"


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def faults(path: Path) -> list[str]:
    return [str(fault) for fault in read_tables(path, LAYOUT).faults]


def only_fault(path: Path) -> str:
    (fault,) = faults(path)
    return fault


def make_workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


# --------------------------------------------------------------------------- CSV files


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "costs.csv: It is empty."),
        (b"\n \n", "costs.csv: It is empty."),
        (b"\xef\xbb\xbf", "costs.csv: It is empty."),
        (b"\x00\x01\x02", "costs.csv: It is a binary file"),
        (b"PK\x03\x04 and so on", "costs.csv: It is an Excel workbook with the ending"),
        (COSTS.encode("utf-16"), "costs.csv: It is written in UTF-16"),
        ("a\nCafé".encode("cp1252"), "costs.csv line 2: The letter 'é' is not written in UTF-8"),
        (b",,,\na,b,c,d", "costs.csv row 1: The first row must be the header"),
        (b"a;b\n1;2", "Its cells are parted by semicolons"),
        (b"a\tb\n1\t2", "Its cells are parted by tabs"),
        (b"a,a\n1,2", "The column a is there twice."),
        (b"a,,c\n1,2,3", "costs.csv row 2 is '2'. Column 2 has no name in the header."),
        (b"a,b\n1,2,3", "costs.csv row 2: It has 3 cells and the header has 2."),
        (b"a,b\n1", "costs.csv row 2: It has 1 cell and the header has 2."),
        (b'a,b\n1,"2', "costs.csv: It is no CSV table: unexpected end of data."),
        (b'a,b\n1,"2"3\n', "costs.csv: It is no CSV table"),
        (b"a,b\n1,\x07", "costs.csv row 2, column b is '\\x07'. It must not contain control"),
        (b"a,b\n1," + b"x" * 33_000, "A cell may have at most 32,000 characters."),
        (b"a,b\n1," + b"x" * 200_000, "field larger than field limit"),
        (b",".join(b"c%d" % i for i in range(300)) + b"\n", "more than 256 columns"),
    ],
)
def test_a_file_that_is_no_table(tmp_path: Path, content: bytes, words: str) -> None:
    write(tmp_path, "costs.csv", content)

    assert words in only_fault(tmp_path)


def test_rows_are_numbered_as_in_a_spreadsheet(tmp_path: Path) -> None:
    write(tmp_path, "costs.csv", 'a,b\r\n1,"two\r\nlines"\r\n\r\n,\r\n5,6\r\n')

    table = read_tables(tmp_path, LAYOUT).tables["costs"]

    assert [(row.number, row.cells["b"]) for row in table.rows] == [(2, "two\nlines"), (5, "6")]


def test_a_byte_order_mark_spaces_and_trailing_commas_do_no_harm(tmp_path: Path) -> None:
    write(tmp_path, "costs.csv", "\ufeff a , b ,,\n 1 ,\u00a02,,\n")

    table = read_tables(tmp_path, LAYOUT).tables["costs"]

    assert table.columns == ("a", "b")
    assert table.rows[0].cells == {"a": "1", "b": "2"}


def test_too_many_rows_and_too_large_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "costs.csv", "a\n" + "1\n" * 12)
    monkeypatch.setattr(grid, "MOST_ROWS", 10)
    assert "more than 10 rows" in only_fault(tmp_path)

    monkeypatch.setattr(reading, "MOST_BYTES", 20)
    assert "larger than" in only_fault(tmp_path)


def test_a_file_that_is_no_table_of_the_format(tmp_path: Path) -> None:
    write(tmp_path, "costs.csv", COSTS)
    write(tmp_path, "route.csv", COSTS)
    write(tmp_path, "modle.toml", "a = 1")
    write(tmp_path, "budget.csv", COSTS)

    assert faults(tmp_path) == [
        "budget.csv: It is no table of a model. Remove it; the tables are services, arrivals,"
        " profiles, capacity, durations, needs, routes, cohorts, costs, start.",
        "modle.toml: It is no table of a model. Did you mean model.toml? Rename it so.",
        "route.csv: It is no table of a model. Did you mean routes.csv? Rename it so.",
    ]


def test_notes_hidden_files_lock_files_and_results_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "costs.csv", COSTS)
    for name in ("README.md", ".hidden.csv", "~$area.xlsx", "~$costs.csv", "summary.csv"):
        write(tmp_path, name, b"\x00")
    (tmp_path / "results.csv").mkdir()

    tables = read_tables(tmp_path, LAYOUT)

    assert tables.faults == ()
    assert list(tables.tables) == ["costs"]


def test_a_folder_without_tables(tmp_path: Path) -> None:
    assert "no tables in this folder" in only_fault(tmp_path)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("area.xls", "save it as an Excel workbook"),
        ("services.csv", "Give the folder that it is in"),
        ("area.ods", "Give a folder of CSV tables, or an .xlsx workbook"),
    ],
)
def test_a_path_that_is_neither_folder_nor_workbook(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(TableError) as caught:
        read_tables(write(tmp_path, name, COSTS), LAYOUT)

    assert words in str(caught.value)


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "anyshire").mkdir()

    with pytest.raises(TableError, match=r"Did you mean .*anyshire\?"):
        read_tables(tmp_path / "anyshrie", LAYOUT)
    with pytest.raises(TableError, match="wholesystem new"):
        read_tables(tmp_path / "nowhere" / "area", LAYOUT)


# --------------------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = A town", "model.toml: It is no TOML: Invalid value"),
        ("days = 1\ndays = 2", "model.toml: It is no TOML: Cannot overwrite a value"),
        ("\ndays = [1, 2]", "model.toml line 2, days: It must be a single number"),
        ("[days]\na = 1", "days: It must be a single number"),
        ("a = " + "[" * 5000, "model.toml: It is no TOML"),
    ],
)
def test_settings_that_cannot_be_read(tmp_path: Path, text: str, words: str) -> None:
    write(tmp_path, "model.toml", text)

    assert words in only_fault(tmp_path)


def test_notes_of_settings_are_the_comments_beside_them(tmp_path: Path) -> None:
    write(
        tmp_path,
        "model.toml",
        '# The name\n# of the area\nname = "A # town"  # short\n\n'
        'description = """\n# no comment\n"""\ndays = 2.50\n# The end\n',
    )

    rows = read_tables(tmp_path, LAYOUT).tables["model"].rows

    assert [tuple(row.cells.values()) for row in rows] == [
        ("name", "A # town", "The name\nof the area\nshort"),
        ("description", "# no comment", ""),
        ("days", "2.5", ""),
        ("", "", "The end"),
    ]


# --------------------------------------------------------------------------- workbooks


def test_cells_of_a_workbook_become_the_text_of_a_csv_file(tmp_path: Path) -> None:
    from datetime import date, datetime

    path = make_workbook(
        tmp_path / "area.xlsx",
        {
            "costs": [
                ["a", "b", "c", "d", "e"],
                [3.0, 0.1, True, date(2017, 4, 1), datetime(2017, 4, 1, 8, 30)],
                [],
                [None, "x", None],
            ],
            "Sheet1": [],
            "notes": [["anything"]],
        },
    )

    tables = read_tables(path, LAYOUT)

    assert tables.faults == ()
    assert [(row.number, tuple(row.cells.values())) for row in tables.tables["costs"].rows] == [
        (2, ("3", "0.1", "TRUE", "2017-04-01", "2017-04-01T08:30:00")),
        (4, ("", "x", "", "", "")),
    ]


def test_sheets_formulas_and_errors_are_told_by_sheet_and_cell(tmp_path: Path) -> None:
    path = make_workbook(
        tmp_path / "area.xlsx",
        {
            "costs": [["a", "b"], ["=1+1", "#N/A"]],
            "rotes": [["a"], [1]],
            "start": [[], ["service"]],
        },
    )

    assert faults(path) == [
        "area.xlsx sheet costs cell A2: The result of its formula is not stored in the file."
        " Open the workbook in Excel, save it, and try again.",
        "area.xlsx sheet costs cell B2 is '#N/A'. It holds an error of a formula. Mend the"
        " formula, or write the value.",
        "area.xlsx sheet rotes: It is no table of a model. Did you mean routes? Rename it so.",
        "area.xlsx sheet start row 1: The first row must be the header, the names of the columns;"
        " it is blank. Remove the blank row, or write the header there.",
    ]


def zip_of(**files: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(name, text)

    return make


BROKEN: list[tuple[Callable[[Path], Any], str]] = [
    (lambda path: path.write_bytes(b""), "cannot be read as a workbook"),
    (lambda path: path.write_bytes(b"service,stage\n"), "cannot be read as a workbook"),
    (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0 old"), "protected by a password, or in"),
    (zip_of(a="b"), "cannot be read as a workbook"),
    (zip_of(**{"xl/workbook.xml": "<broken"}), "cannot be read as a workbook"),
    (lambda path: path.mkdir(), "no tables in this folder"),
]


@pytest.mark.parametrize(("make", "words"), BROKEN)
def test_a_file_that_is_no_workbook(
    tmp_path: Path, make: Callable[[Path], Any], words: str
) -> None:
    path = tmp_path / "area.xlsx"
    make(path)

    assert words in only_fault(path)


def test_a_workbook_cut_off_in_the_middle(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "area.xlsx", {"costs": [["a"], [1]]})
    path.write_bytes(path.read_bytes()[:-300])

    assert "cannot be read as a workbook" in only_fault(path)


def test_a_workbook_that_would_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.xlsx"
    zip_of(**{"xl/workbook.xml": "0" * 2_000_000})(path)
    assert path.stat().st_size < 10_000
    monkeypatch.setattr(workbook, "MOST_UNPACKED_BYTES", 1_000_000)

    assert "unpacks to more than 1 MB" in only_fault(path)


def test_a_workbook_without_tables(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "area.xlsx", {"Sheet1": []})

    assert "It has no tables" in only_fault(path)


# --------------------------------------------------------------------------- writing


def test_a_formula_is_guarded_in_files_and_plain_in_memory(tmp_path: Path) -> None:
    write(tmp_path, "costs.csv", 'a,b\n"\'=1+1",-5\n')
    tables = read_tables(tmp_path, LAYOUT)

    write_folder(tables, LAYOUT, tmp_path / "again")

    assert tables.tables["costs"].rows[0].cells == {"a": "=1+1", "b": "-5"}
    assert (tmp_path / "again" / "costs.csv").read_text() == "a,b\n'=1+1,-5\n"


def test_tables_of_two_models_do_not_mix(tmp_path: Path) -> None:
    write(tmp_path, "costs.csv", COSTS)
    write(tmp_path, "start.csv", COSTS)
    tables = read_tables(tmp_path, LAYOUT)
    fewer = Tables(tables.source, {"costs": tables.tables["costs"]})

    with pytest.raises(OutputError, match="start.csv is a table that is not among"):
        write_folder(fewer, LAYOUT, tmp_path)


def test_a_workbook_has_the_ending_xlsx(tmp_path: Path) -> None:
    write(tmp_path, "costs.csv", COSTS)

    with pytest.raises(OutputError, match=r"Name it area\.xlsx"):
        write_excel(read_tables(tmp_path, LAYOUT), tmp_path / "area.csv")


def test_the_same_tables_make_the_same_workbook(tmp_path: Path) -> None:
    write(tmp_path, "costs.csv", COSTS)
    tables = read_tables(tmp_path, LAYOUT)

    write_excel(tables, tmp_path / "one.xlsx")
    write_excel(tables, tmp_path / "two.xlsx")

    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
