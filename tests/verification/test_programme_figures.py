"""The programme's delays, worked out again from tables that another program made.

The tables of delays were reshaped from NHS England's workbooks apart from our loaders; the people
are those of the Office for National Statistics. November 2018 has 30 days, and its people are those
of mid-2019, the nearest estimate that the data have.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from wholesystem.examples.extract import open_programme_extract
from wholesystem.indicators.profile import ProfileOptions
from wholesystem.reviews.programme import ProgrammeFigures, read_programme, summarise

DELAYS = "dtoc/dtoc_la_by_type_of_care_2011-04_2019-12.csv"
POPULATION = "population/utla_england_single_year_of_age_2017_2019_2020.csv"
MONTH, DAYS = "2018-11", 30


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, Any]]:
    options = ProfileOptions(until=date(2018, 11, 30))
    with open_programme_extract() as loading:
        summary = summarise(
            read_programme("local_system_reviews_2017"),
            on=date(2018, 12, 1),
            figures=ProgrammeFigures(loading.store, ("dtoc_rate",), options),
        )
    return {str(row["area_code"]): row for row in summary.table("indicators").records()}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def delayed_days(path: Path) -> dict[str, float]:
    return {row["ons_code"]: float(row["Total"]) for row in rows(path) if row["period"] == MONTH}


def adults(path: Path) -> dict[str, float]:
    return {
        row["utla_code"]: float(row["age_18_plus"]) for row in rows(path) if row["year"] == "2019"
    }


def test_rates_and_places(found: dict[str, dict[str, Any]], shared_data: Path) -> None:
    days = delayed_days(shared_data / "data" / DELAYS)
    people = adults(shared_data / "data" / POPULATION)
    rates = {code: days[code] / DAYS / people[code] * 100_000 for code in found}
    order = sorted(rates, key=lambda code: rates[code])

    assert len(found) == 20
    for code, row in found.items():
        assert row["value"] == pytest.approx(rates[code], rel=1e-12), row["area"]
        assert row["place"] == order.index(code) + 1, row["area"]
        assert row["numerator"] == days[code]
