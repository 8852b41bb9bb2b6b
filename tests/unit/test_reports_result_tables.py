"""Results as tables of a document: units, places, what is missing, and the notes."""

from __future__ import annotations

from datetime import date

import pytest

from wholesystem.errors import ParameterError
from wholesystem.examples.market import read_example_market
from wholesystem.examples.programme import example_programme
from wholesystem.reports.documents import Cell, Document, Heading, render_html
from wholesystem.reports.result_tables import document_table
from wholesystem.reviews.market import market_result
from wholesystem.reviews.result_tables import ResultColumn, ResultTable

MADE = ResultTable(
    "made",
    "Made up",
    (
        ResultColumn("pool", "Pool"),
        ResultColumn("budget_gbp", "Budget", "£", 0),
        ResultColumn("share_percent", "Share", "%", 1),
        ResultColumn("as_of", "As of"),
        ResultColumn("count", "Count"),
    ),
    (
        ("BCF", 1_234_567.8, 12.345, date(2017, 12, 31), 3),
        ("Other", None, None, None, 0),
    ),
    ("First note.", "Second note."),
)


def test_units_are_in_headings_and_figures_are_rounded() -> None:
    table = document_table(MADE)

    assert [one.heading for one in table.columns] == [
        "Pool", "Budget (£)", "Share (%)", "As of", "Count"
    ]  # fmt: skip
    assert [one.align for one in table.columns] == ["left", "right", "right", "left", "right"]
    assert table.rows[0] == (
        "BCF", Cell("1,234,568", 1_234_567.8), Cell("12.3", 12.345), "31 December 2017",
        Cell("3", 3.0),
    )  # fmt: skip


def test_what_is_missing_says_so_and_nought_is_nought() -> None:
    assert document_table(MADE).rows[1] == (
        "Other", "not known", "not known", "not known", Cell("0", 0.0)
    )  # fmt: skip


def test_what_does_not_apply_is_blank() -> None:
    made = ResultTable("x", "X", (ResultColumn("share", "Share", "%", 1),), ((1.25,), ("",)))
    table = document_table(made)

    assert table.columns[0].align == "right"
    assert table.rows == ((Cell("1.2", 1.25),), ("",))


def test_columns_and_rows_are_chosen() -> None:
    table = document_table(
        MADE, ("count", "pool"), keep=lambda row: row["count"] == 3, caption="One", anchor="one"
    )

    assert table.rows == ((Cell("3", 3.0), "BCF"),)
    assert (table.caption, table.anchor, table.source) == ("One", "one", "First note. Second note.")


def test_an_unknown_column_and_too_many_are_refused() -> None:
    wide = ResultTable("wide", "Wide", tuple(ResultColumn(f"c{x}", "C") for x in range(17)), ())

    with pytest.raises(ParameterError, match="Did you mean pool"):
        document_table(MADE, ("pol",))
    with pytest.raises(ParameterError, match="a page holds 16"):
        document_table(wide)


def test_every_table_of_a_market_and_a_programme_fits_a_document() -> None:
    tables = (*market_result(read_example_market()).tables, *example_programme().tables)
    blocks = [
        document_table(one, [column.name for column in one.columns[:16]])
        for one in tables
        if one.rows
    ]
    html = render_html(Document("All tables", (Heading(1, "Tables"), *blocks)))

    assert len(blocks) > 20
    assert "Home care agencies" in html
    assert "Delayed days a day per 100,000 adults" in html
