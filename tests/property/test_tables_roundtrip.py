"""A folder of tables becomes a workbook and comes back the same, whatever stands in its cells."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from wholesystem.flow.model_files import LAYOUT, from_excel, to_excel
from wholesystem.flow.model_rows import ROWS
from wholesystem.tables import RawRow, Table, Tables, read_tables, write_folder
from wholesystem.tables.grid import escape_cell, unescape_cell

# What people and spreadsheets put into cells: formulas, guards, numbers in every spelling, dates.
TRICKY = st.sampled_from(
    [
        "=1+1", "'=1+1", "''=1", "+44", "-3", "-3.50", "- a list", "@here", "'", "''", "'hello",
        "007", "1.0", "1e5", "1E5", "0.1", "0.30000000000000004", "123456789.12345678", "1e-300",
        "9223372036854775807", "99999999999999999999", "TRUE", "true", "2017-04-01", "1900-02-29",
        "1899-01-01", "2017-13-01", "2017-04-01T00:00:00", "12:30", "50%", "_x0041_", "_x000D_",
        "a,b", 'say "no"', "two\nlines", "tab\there", "héllo", "日本", "\U0001f600", "#N/A", "NaN",
        "https://example.org", "a@b.org", "model.toml", "# no comment", "</t>", "&amp;",
    ]
)  # fmt: skip
TEXT = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"),
    max_size=12,
)
CELL = (TRICKY | TEXT | st.integers().map(str) | st.floats(allow_nan=False).map(repr)).map(
    str.strip
)


def table(name: str) -> st.SearchStrategy[Table]:
    columns = ROWS[name].columns()
    row = st.lists(CELL, min_size=len(columns), max_size=len(columns)).filter(any)
    return st.lists(row, max_size=4).map(lambda rows: make_table(name, columns, rows))


def make_table(name: str, columns: tuple[str, ...], rows: list[list[str]]) -> Table:
    numbered = [
        RawRow(i, dict(zip(columns, row, strict=True))) for i, row in enumerate(rows, start=2)
    ]
    return Table(name, f"{name}.csv", columns, tuple(numbered))


KEYS = st.lists(st.sampled_from(["name", "start", "days", "seed"]), unique=True, min_size=1)


@st.composite
def settings_tables(draw: st.DrawFn) -> Table:
    rows = [[key, draw(CELL), draw(CELL)] for key in draw(KEYS)]
    return make_table("model", ("key", "value", "note"), rows)


MODELS = st.tuples(settings_tables(), table("services"), table("needs"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@settings(max_examples=30, deadline=None)
@given(MODELS)
def test_folder_to_workbook_to_folder_is_the_same_to_the_byte(tables: tuple[Table, ...]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        write_folder(Tables(Path(), {t.name: t for t in tables}), LAYOUT, place / "first")

        to_excel(place / "first", place / "model.xlsx")
        from_excel(place / "model.xlsx", place / "second")

        assert contents(place / "second") == contents(place / "first")
        back = read_tables(place / "second", LAYOUT)
        for written in tables:
            read = back.tables[written.name]
            assert [row.cells for row in read.rows] == [row.cells for row in written.rows]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3).filter(any), max_size=6))
def test_any_table_keeps_its_cells_through_a_workbook(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        (place / "first").mkdir()
        with (place / "first" / "costs.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([["service", "payer", "notes"], *rows])

        to_excel(place / "first", place / "model.xlsx")
        from_excel(place / "model.xlsx", place / "second")

        before = read_tables(place / "first", LAYOUT).tables["costs"]
        after = read_tables(place / "second", LAYOUT).tables["costs"]
        assert after == before


@given(TRICKY | TEXT)
def test_an_escaped_cell_is_no_formula_and_comes_back(text: str) -> None:
    escaped = escape_cell(text)

    assert unescape_cell(escaped) == text
    try:
        float(escaped)
    except ValueError:
        assert not escaped.startswith(("=", "+", "-", "@", "\t", "\r"))
