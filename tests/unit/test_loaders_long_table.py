"""The long table that published tables are read by: texts, figures, rows, periods."""

from datetime import date

import numpy as np
import pytest

from wholesystem.indicators.loaders.loaded import LoadError
from wholesystem.indicators.loaders.long_table import Figures, LongTable, Texts, lacks_columns
from wholesystem.indicators.loaders.opening import open_workbook
from wholesystem.indicators.loaders.spans import financial_year, month_of, one_day, whole_month


def table(text: str, *needed: str) -> LongTable:
    return LongTable.open(open_workbook("t.csv", text.encode()), "A publisher", needed)


def test_texts_are_held_once_and_cleaned() -> None:
    texts = table("name,value\n Oxford\u00a0 City ,1\n,2\nOxford City,3\n", "name").texts("NAME")
    assert texts.array().tolist() == ["Oxford City", "", "Oxford City"]
    assert sorted(texts.values) == ["", "Oxford City"]
    assert texts.map(str.upper).arrow().to_pylist() == ["OXFORD CITY", "", "OXFORD CITY"]
    rows = texts.mask(bool)
    assert rows.tolist() == [True, False, True]
    assert texts.replaced(rows, "x").array().tolist() == ["x", "", "x"]
    assert Texts.same("a", 2).array().tolist() == ["a", "a"]


def test_figures_as_publishers_write_them() -> None:
    read = table('n,v\na,"1,234 (r)"\nb,*\nc,86.1\nd,\n', "n", "v").figures("v")
    np.testing.assert_array_equal(read.values, [1234, np.nan, 86.1, np.nan])
    assert read.notes.tolist() == [
        "marked (r)",
        "suppressed (*)",
        None,
        "blank: no figure is given",
    ]
    assert read.letters == "B"


def test_a_bad_figure_is_told_once_with_its_first_cell() -> None:
    read = table("n,v\na,1\nb,x1\nc,x1\n", "n", "v")
    read.figures("v")
    assert [fault.where for fault in read.faults] == ["t.csv, cell B3"]
    with pytest.raises(LoadError, match="cell B3 is 'x1'"):
        read.loaded("any")


def test_a_code_that_is_wrong_in_many_cells_is_told_once() -> None:
    read = table("code,v\nab,1\nab,2\nAB,3\n", "code")
    read.checked("code", str.isupper, "Capitals.", "Write capitals.")
    assert str(read.faults[0]) == (
        "t.csv, cell A2 is 'ab'. Capitals. Write capitals. 2 cells hold it."
    )
    assert len(read.faults) == 1


def test_rows_are_skipped_once() -> None:
    read = table("code,v\na,1\nb,2\nc,3\n", "code")
    first = np.array([True, True, False])
    assert read.skip(first, "one reason") == 2
    assert read.skip(np.array([False, True, True]), "another") == 1
    assert read.skip(first, "a third") == 0
    loaded = read.loaded("any")
    assert [(one.reason, one.rows, one.first) for one in loaded.skipped] == [
        ("one reason", 2, "t.csv, row 2"),
        ("another", 1, "t.csv, row 4"),
    ]
    assert (loaded.rows_read, loaded.rows_kept) == (3, 0)


def test_blank_lines_keep_the_numbers_of_the_rows() -> None:
    read = table("code,v\na,1\n,\nb,zz\n", "code")
    assert len(read) == 2
    read.figures("v")
    assert read.faults[0].where == "t.csv, cell B4"


def test_what_a_header_lacks() -> None:
    book = open_workbook("t.csv", b"a note\nCode,Value\nx,1\n")
    assert lacks_columns(book, ["code", "VALUE"]) == ""
    assert lacks_columns(book, ["code", "date"]) == "no column date"


def test_withdrawn_figures_say_what_stood_there() -> None:
    figures = Figures("v", "B", np.array([1234.0, np.nan]), np.array([None, "blank"], object))
    assert figures.withdraw(np.array([True, True]), "{value} is wrong") == 1
    assert figures.notes.tolist() == ["1,234 is wrong", "blank"]
    assert np.isnan(figures.values).all()
    figures.remark(np.array([True, False]), "and odd")
    assert figures.notes.tolist() == ["1,234 is wrong; and odd", "blank"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("April 2021", date(2021, 4, 1)),
        ("Sept-24", date(2024, 9, 1)),
        ("2021-04", date(2021, 4, 1)),
        ("01/04/2021", date(2021, 4, 1)),
    ],
)
def test_months(text: str, first: date) -> None:
    assert month_of(text) == first


@pytest.mark.parametrize("text", ["2021-04-02", "Aprilish 2021", "April 1821", "2021-13", ""])
def test_no_months(text: str) -> None:
    with pytest.raises(ValueError, match="needed|from 1990|is called"):
        month_of(text)


def test_other_periods() -> None:
    assert whole_month("February 2023")[1] == date(2023, 2, 28)
    assert one_day("2021-04-02") == (date(2021, 4, 2), date(2021, 4, 2))
    assert financial_year("2016/2017") == (date(2016, 4, 1), date(2017, 3, 31))
    assert financial_year("1999-00")[1] == date(2000, 3, 31)
    for text in ("2016-18", "2016", "2016/2018"):
        with pytest.raises(ValueError, match="financial year"):
            financial_year(text)
