"""The pages on programmes and markets name every table, column, measure and threshold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wholesystem.examples.market import read_example_market
from wholesystem.examples.programme import example_programme
from wholesystem.reviews.market import market_result
from wholesystem.reviews.market.records import MARKET_TABLES, market_measures
from wholesystem.reviews.programme import packaged_programme_rules
from wholesystem.reviews.programme.records import PROGRAMME_TABLES
from wholesystem.tables.cells import number_text

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def part(text: str, heading: str) -> str:
    """What stands under a heading, up to the next."""
    return re.split(r"\n#+ ", text.split(heading + "\n", 1)[1], maxsplit=1)[0]


@pytest.mark.parametrize("name", MARKET_TABLES)
def test_every_column_of_a_market_table_is_told(name: str) -> None:
    told = re.findall(r"^\| `(\w+)` \|", part(page("market-tables"), f"## {name}.csv"), re.M)

    assert told == list(MARKET_TABLES[name].columns())


@pytest.mark.parametrize("name", PROGRAMME_TABLES)
def test_every_column_of_a_programme_table_is_told(name: str) -> None:
    text = part(page("programme-tables"), f"### {name}.csv")

    assert [one for one in PROGRAMME_TABLES[name].columns() if f"`{one}`" not in text] == []


def test_the_measures_are_the_packaged_table() -> None:
    text = page("market-tables")

    for one in market_measures().values():
        cells = (one.measure, one.label, one.number_is, one.out_of_is, one.counts)
        line = "| `{}` | {} | {} | {} | {} |".format(*cells)
        assert f"{line} {one.interval} | {one.why} |" in text


def test_the_thresholds_are_the_packaged_table() -> None:
    told = re.findall(r"^\| `(.*)` \|", part(page("programme-tables"), "## Thresholds"), re.M)
    rules = packaged_programme_rules().rows

    assert told == [one.rule for one in rules]
    for one in rules:
        line = (
            f"| `{one.rule}` | {one.label} | {number_text(one.threshold)} {one.unit} | {one.why} |"
        )
        assert line in page("programme-tables")


def test_every_table_of_a_summary_is_told() -> None:
    text = part(page("programme-tables"), "## The tables of a summary")

    assert [one.name for one in example_programme().tables if f"`{one.name}`" not in text] == []


def test_every_table_of_a_market_is_told() -> None:
    text = page("market-tables")
    tables = market_result(read_example_market()).tables

    assert [one.name for one in tables if f"`{one.name}`" not in text] == []
