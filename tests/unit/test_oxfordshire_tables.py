"""The packaged Oxfordshire area: what its tables say, and where every number comes from."""

import csv
import re
from collections import defaultdict
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from wholesystem.examples.published import read_published
from wholesystem.flow import read_model

AREA = Path(str(files("wholesystem.examples") / "oxfordshire_2017"))
SOURCED = ("services", "arrivals", "capacity", "durations", "needs", "routes", "cohorts", "costs")
REASONS = {"A", "B", "C", "Di", "Dii", "E", "F", "G", "H", "I"}
FIGURE_ID = re.compile(r"\b[FD]\d{2,3}\b")
MONTHS = ("2017-02", "2017-03", "2017-04")
DAYS = (date(2017, 5, 1) - date(2017, 2, 1)).days


def rows(name: str) -> list[dict[str, str]]:
    with (AREA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def figures() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in rows("figures")}


def test_the_model_is_read_without_a_warning() -> None:
    assert read_model(AREA).warnings == ()


def test_it_has_the_services_of_the_report() -> None:
    needed = {
        "home", "care_home", "residential_home", "nursing_home", "ambulance", "triage", "ae",
        "eau", "emu", "racu", "aau", "hospital_at_home", "acute", "community_hospital",
        "interim_beds", "hart", "home_care",
    }  # fmt: skip
    assert needed <= {row["service"] for row in rows("services")}


@pytest.mark.parametrize("name", [*SOURCED, "start"])
def test_every_row_says_where_it_comes_from(name: str, figures: dict[str, dict[str, str]]) -> None:
    for row in rows(name):
        source = row["source"]
        assert len(source) > len("assumed: ") + 3, row
        ids = set(FIGURE_ID.findall(source))
        assert ids <= set(figures), row
        is_reference = re.search(r"\((19|20)\d\d\)|SALT|NHS England", source) is not None
        assert source.startswith(("assumed: ", "fitted")) or ids or is_reference, row


def test_every_figure_has_what_is_needed_to_use_it(figures: dict[str, dict[str, str]]) -> None:
    assert len(figures) == len(rows("figures"))
    for row in figures.values():
        float(row["value"])
        for column in ("topic", "indicator", "period", "geography", "unit", "base"):
            assert row[column], row["id"]
        assert row["source"], row["id"]
        assert row["licence"], row["id"]


def test_published_figures_repeat_the_table_of_figures(figures: dict[str, dict[str, str]]) -> None:
    for row in read_published(AREA):
        figure = figures[row.figure]
        if row.id == "P25":
            expected = 100 * float(figure["value"]) / float(figures["F123"]["value"])
        elif row.id == "P27":
            by_telephone = float(figures["F106"]["value"])
            expected = by_telephone + (100 - by_telephone) * float(figure["value"]) / 100
        else:
            expected = float(figure["value"])
        assert row.published == pytest.approx(expected, abs=0.051), row.id


def test_capacities_follow_from_the_figures(figures: dict[str, dict[str, str]]) -> None:
    places = {row["service"]: row["places"] for row in rows("services")}
    value = {name: float(row["value"]) for name, row in figures.items()}

    assert float(places["hart"]) == round(value["F127"] / 30 * 7)
    per_100k = value["D18"] / 100_000
    assert float(places["nursing_home"]) == pytest.approx(0.90 * value["F073"] * per_100k, rel=1e-3)
    assert float(places["residential_home"]) == pytest.approx(
        0.95 * value["F071"] * per_100k, rel=2e-3
    )


def test_reasons_and_bodies_are_those_of_the_published_tables() -> None:
    for row in rows("routes"):
        if row["reason"]:
            assert row["reason"] in REASONS, row
            assert row["responsible"] in {"nhs", "social_care", "both"}, row
        if row["reason"] in {"C", "I"}:
            assert row["responsible"] == "nhs", row
        if row["reason"] in {"Di", "G", "H"}:
            assert row["responsible"] != "both", row


def test_both_the_living_place_and_the_payer_make_cohorts() -> None:
    assert {row["cohort"] for row in rows("cohorts")} == {
        "home_council",
        "home_self",
        "care_council",
        "care_self",
    }


def delayed_days(folder: Path, table: str) -> dict[str, float]:
    """Delayed days of Oxfordshire over the three months, by column."""
    path = folder / "data" / "dtoc" / f"dtoc_la_by_{table}_2011-04_2019-12.csv"
    days: dict[str, float] = defaultdict(float)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["la_code"] == "608" and row["period"] in MONTHS:
                for column, text in row.items():
                    if re.fullmatch(r"\d+(\.\d+)?", text or ""):
                        days[column] += float(text)
    return days


def test_delays_of_spring_2017_follow_from_the_published_tables(
    shared_data: Path, figures: dict[str, dict[str, str]]
) -> None:
    by_body = delayed_days(shared_data, "responsible_org")
    by_care = delayed_days(shared_data, "type_of_care")
    by_reason = delayed_days(shared_data, "reason")
    expected = {
        "D01": by_body["Total"], "D02": by_body["NHS"], "D03": by_body["Both"],
        "D04": by_body["Social Care"], "D05": by_care["Acute"], "D16": by_care["Non-Acute"],
        "D06": by_reason["A_COMPLETION_ASSESSMENT"], "D07": by_reason["B_PUBLIC_FUNDING"],
        "D08": by_reason["C_FURTHER_NON_ACUTE_NHS"], "D09": by_reason["DI_RESIDENTIAL_HOME"],
        "D10": by_reason["DII_NURSING_HOME"], "D11": by_reason["E_CARE_PACKAGE_IN_HOME"],
        "D12": by_reason["F_COMMUNITY_EQUIP_ADAPT"], "D13": by_reason["G_PATIENT_FAMILY_CHOICE"],
        "D14": by_reason["H_DISPUTES"], "D15": by_reason["I_HOUSING"],
    }  # fmt: skip
    for name, days in expected.items():
        assert float(figures[name]["value"]) == pytest.approx(days / DAYS, abs=0.0501), name
