"""Reading a CSV of figures: forms of dates, columns found or named, and every bad input."""

from datetime import date
from pathlib import Path

import pytest

from wholesystem.errors import TableError, UserError
from wholesystem.indicators.spc import reading
from wholesystem.indicators.spc.columns import Columns
from wholesystem.indicators.spc.dates import parse_day, reads_month_first
from wholesystem.indicators.spc.reading import read_file
from wholesystem.tables.cells import CellError


def write(tmp_path: Path, text: str | bytes, name: str = "f.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(path: Path, columns: Columns | None = None, rebases=()) -> list[str]:
    with pytest.raises(TableError) as caught:
        read_file(path, columns or Columns(), rebases)
    return [str(fault) for fault in caught.value.faults]


# ------------------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    "text",
    [
        "2017-06",
        "2017-6",
        "2017-06-01",
        "2017/06/01",
        "2017-06-01T00:00:00",
        "2017-06-01 00:00",
        "01/06/2017",
        "1/6/2017",
        "01-06-2017",
        "01.06.2017",
        "01/06/2017 00:00",
        "Jun 2017",
        "June 2017",
        "jun-2017",
        "Jun-17",
        "1 June 2017",
        "01-Jun-17",
        " Jun. 2017 ",
    ],
)
def test_forms_of_one_day(text: str) -> None:
    assert parse_day(text) == date(2017, 6, 1)


def test_years_and_september() -> None:
    assert parse_day("2017") == date(2017, 1, 1)
    assert parse_day("Sept 2017") == date(2017, 9, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("13/13/2017", "There is no month 13. The day comes first."),
        ("06/13/2017", "There is no month 13. The day comes first."),
        ("2017-13", "There is no month 13."),
        ("31/06/2017", "There is no such day"),
        ("42887", "Excel's number for 2017-06-01"),
        ("01/06/17", "A date is needed here."),
        ("Juin 2017", "A date is needed here."),
        ("June 1, 2017", "A date is needed here."),
        ("2017-06-01T08:00", "A date is needed here."),
        ("1066-10-14", "from 1900 to 2300"),
        ("", "A date is needed here."),
    ],
)
def test_no_date(text: str, message: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_day(text)

    assert message in str(caught.value)


def test_dates_that_look_american_are_noticed() -> None:
    assert reads_month_first(["01/01/2017", "02/01/2017", "03/01/2017"])
    assert not reads_month_first(["01/01/2017", "01/02/2017", "01/03/2017"])
    assert not reads_month_first(["01/01/2017", "02/01/2017"])
    assert not reads_month_first(["2017-01", "02/01/2017", "03/01/2017", "04/01/2017"])


# ------------------------------------------------------------------------------ columns


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("date,value\n2017-01,1\n2017-02,2\n", Columns()),
        ("Month;Bed days\n2017-01;1\n2017-02;2\n", Columns()),
        ("area\twhen\tdays\nx\t2017-01\t1\nx\t2017-02\t2\n", Columns()),
        ("a,b,c\n2017-01,1,9\n2017-02,2,9\n", Columns(value="B")),
        ("a,b,c\n1,2017-01,9\n2,2017-02,9\n", Columns(date="b", value="a")),
        ('\ufeffdate,"the, value"\n\n2017-01,1\n,\n2017-02,2\n', Columns()),
        ("date,value,,\r\n2017-01,1,,\r\n2017-02,2,,\r\n", Columns()),
    ],
)
def test_columns_are_found_or_named(tmp_path: Path, text: str, columns: Columns) -> None:
    read = read_file(write(tmp_path, text), columns)

    rows = read.groups[""]
    assert rows.days == [date(2017, 1, 1), date(2017, 2, 1)]
    assert rows.values == [1, 2]


def test_text_of_windows_is_read_and_said(tmp_path: Path) -> None:
    path = write(
        tmp_path, "date,value,area\n2017-01,1,Caf\xe9\n2017-02,2,Caf\xe9\n".encode("cp1252")
    )
    read = read_file(path, Columns(group="area", value="value"))

    assert list(read.groups) == ["Caf\xe9"]
    assert "Windows' Western encoding" in read.notes[0]


def test_missing_and_withheld_figures_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "date,value\n2017-01,1\n2017-02,\n2017-03,*\n2017-04,c\n2017-05,2\n")
    read = read_file(path, Columns())

    assert read.groups[""].values == [1, None, None, None, 2]
    assert read.notes == (
        "Blank cells read as missing figures: 1.",
        "Cells with '*' read as figures not given: 1.",
        "Cells with 'c' read as figures not given: 1.",
    )


def test_unsorted_and_american_dates_are_said(tmp_path: Path) -> None:
    path = write(tmp_path, "date,value\n03/01/2017,1\n02/01/2017,2\n01/01/2017,3\n")
    notes = " ".join(read_file(path, Columns()).notes)

    assert "they were sorted" in notes
    assert "read day first: 03/01/2017 is 2017-01-03" in notes


def test_an_escaped_cell_is_read_as_it_was(tmp_path: Path) -> None:
    path = write(tmp_path, "date,value,area\n2017-01,'-5,'=Kent\n2017-02,2,'=Kent\n")
    read = read_file(path, Columns(group="area", value="value"))

    assert read.groups["=Kent"].values == [-5, 2]


def test_events_need_no_figures_and_may_share_a_day(tmp_path: Path) -> None:
    path = write(tmp_path, "date,what\n2017-01-01,fall\n2017-01-01,fall\n2017-02-01,fall\n")
    read = read_file(path, Columns(needs_value=False))

    assert len(read.groups[""].days) == 3


# ------------------------------------------------------------------------------ faults


def test_every_fault_of_every_row_is_told(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "date,value\n2017-13,5\n2017-01,twelve\n2017-01,6\n2017-02,inf\n2017-03,1e999\n"
        '2017-04,95%\n2017-05\n2017-06,"1,234"\n2017-07,1,2\n42887,1\n',
    )
    found = faults(path, rebases=[date(2019, 1, 1)])

    assert len(found) == 11
    for part in (
        "row 2, column date is '2017-13'. There is no month 13.",
        "row 3, column value is 'twelve'. A finite number is needed here.",
        "row 4, column date is '2017-01'. Row 3 has the same date.",
        "row 5, column value is 'inf'.",
        "row 6, column value is '1e999'.",
        "Write 95 without the sign, and give --unit %.",
        "row 8: The row has 1 cell; the header has 2.",
        "Write 1234, without a thousands separator.",
        "row 10: The row has 3 cells; the header has 2.",
        "It looks like Excel's number for 2017-06-01",
        "--rebase 2019-01-01: The date is outside the series",
    ):
        assert any(part in fault for fault in found), part


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is empty."),
        ("\n\n", "The file is empty."),
        ("date,value\n", "There are no rows."),
        ("date,value\n2017-01,1\n", "There is 1 figure. A chart needs at least 2."),
        ("date,value\n2017-01,\n2017-02,*\n", "There are 0 figures."),
        ("date,value,value\n2017-01,1,1\n", "'value' more than once"),
        ("2017-01,5\n2017-02,6\n", "The file has no names of columns."),
        ("place,value\nKent,1\nLeeds,2\n", "No column of dates is found."),
        ("date,a,b\n2017-01,1,2\n2017-02,1,2\n", "More than one column holds numbers: a, b."),
        ("date,a\n2017-01,x\n2017-02,1\n", "column a is 'x'. A finite number"),
        ("date,a,b\n2017-01,x,y\n", "No column of figures is found: a, b."),
        ('date,value\n2017-01,1\n2017-02,"2\n2017-03,3\n', "a quote is left open"),
        ("date,value\n2017-01," + "9" * 200_000 + "\n", "cannot be read as CSV"),
        (b"date,value\n2017-01,\x00\n", "not CSV text"),
        ("date,value\n2017-01,1\n".encode("utf-16"), "not CSV text"),
    ],
)
def test_a_file_that_cannot_be_charted(tmp_path: Path, text: str | bytes, message: str) -> None:
    found = faults(write(tmp_path, text))

    assert any(message in fault for fault in found), found


def test_a_column_not_there_suggests_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path, "month,bed days\n2017-01,1\n")
    found = faults(path, Columns(date="moth", value="beddays", group="area"))

    assert [fault.rpartition(". ")[2] for fault in found] == [
        "Did you mean month?",
        "Did you mean bed days?",
        "The columns are month, bed days.",
    ]


def test_a_row_without_its_group_is_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path, "date,value,area\n2017-01,1,Kent\n2017-02,2,\n2017-03,2,Kent\n")

    assert "Each row needs its group." in faults(path, Columns(group="area", value="value"))[0]


def test_groups_too_many_or_too_long_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_GROUPS", 2)
    monkeypatch.setattr(reading, "MOST_POINTS", 3)
    lines = [f"2017-{month:02d},1,{area}" for area in "ab" for month in (1, 2, 3, 4)]
    path = write(tmp_path, "date,value,area\n" + "\n".join(lines))
    columns = Columns(group="area", value="value")

    found = faults(path, columns)
    assert len(found) == 2
    assert "f.csv, a: There are 4 points. A chart has at most 3." in found[0]
    other = write(tmp_path, "date,value,area\n2017-01,1,a\n2017-01,1,b\n2017-01,1,c\n")
    assert "There are 3 groups. At most 2 are charted." in faults(other, columns)[0]


def test_a_huge_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:  # a hole of 60 MB takes no room on the disk
        file.truncate(60_000_000)
    with pytest.raises(UserError, match="At most 50 MB are read"):
        read_file(path, Columns())
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    assert "more than 2 rows" in faults(write(tmp_path, "date,value\n" + "2017-01,1\n" * 3))[0]


@pytest.mark.parametrize(
    ("name", "message"),
    [("none.csv", "does not exist"), ("", "is a folder"), ("book.xlsx", "Only CSV is read here")],
)
def test_no_file_to_read(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"PK")
    with pytest.raises(UserError, match=message):
        read_file(tmp_path / name, Columns())
