"""The packaged extract of published figures: what it holds, and that each figure names its cell.

Expected figures are those of the published workbooks (the known ones of June to August 2017 and of
the years are in the review's record), of NHS England's A&E statistics and of the estimates of the
Office for National Statistics.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from wholesystem.examples.extract import (
    COMPARATORS,
    EXTRACT,
    FIGURES,
    extract_comparators,
    open_extract,
)
from wholesystem.indicators import Store
from wholesystem.indicators.areas import same_area_codes
from wholesystem.indicators.loaders import load_tidy

AREA, ENGLAND, TRUST = "E10000025", "E92000001", "RTH"
TABLES = sorted(
    path.name
    for path in FIGURES.glob("*.csv")
    if path.with_name(f"{path.stem}.mapping.csv").exists()
)
BODIES = ("dtoc_days_nhs", "dtoc_days_social_care", "dtoc_days_both")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_extract(tmp_path_factory.mktemp("extract") / "store") as loading:
        assert loading.errors == ()
        yield loading.store


@pytest.fixture(scope="module")
def figures(store: Store) -> pd.DataFrame:
    return store.read()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def one(figures: pd.DataFrame, indicator: str, area: str, start: str) -> pd.Series:
    found = figures[
        (figures.indicator == indicator)
        & (figures.area_code == area)
        & (figures.period_start == start)
    ]
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_every_table_is_kept(name: str) -> None:
    table = FIGURES / name
    loaded = load_tidy(table, table.with_name(f"{table.stem}.mapping.csv"))

    assert loaded.rows_read == loaded.rows_kept == len(rows(table)) > 0
    assert loaded.skipped == ()


@pytest.mark.parametrize(
    ("start", "days", "place"),
    [
        ("2017-06-01", 6414, ("June_17.xls", "LA - by type of care", "H114")),
        ("2017-07-01", 5810, ("July_17.xls", "LA - by type of care", "H114")),
        ("2017-08-01", 4400, ("Aug_17.xls", "LA - by type of care", "H114")),
        ("2016-06-01", None, ("June_16.xls", "LA - by Type of Care", "H114")),
    ],
)
def test_known_days_and_their_cells(
    figures: pd.DataFrame, start: str, days: float | None, place: tuple[str, str, str]
) -> None:
    found = one(figures, "dtoc_days", AREA, start)

    assert (found["file"], found["sheet"], found["cell"]) == place
    assert days is None or found["value"] == days
    assert found["publisher"] == "NHS England"


def test_days_that_a_workbook_states(figures: pd.DataFrame) -> None:
    found = one(figures, "dtoc_days", AREA, "2017-06-01")

    assert found["published"] == pd.Timestamp(2017, 8, 10)
    assert found["revised"] == pd.Timestamp(2018, 6, 14)


@pytest.mark.parametrize(("year", "days"), [(2015, 59_435), (2016, 52_236)])
def test_days_of_a_year(figures: pd.DataFrame, year: int, days: float) -> None:
    mine = figures[(figures.indicator == "dtoc_days") & (figures.area_code == AREA)]
    inside = mine.period_start.between(f"{year}-04-01", f"{year + 1}-03-31")

    assert inside.sum() == 12
    assert mine[inside]["value"].sum() == days


@pytest.mark.parametrize("parts", [("dtoc_days_acute", "dtoc_days_non_acute"), BODIES, "reason"])
def test_types_bodies_and_reasons_add_up(figures: pd.DataFrame, parts: tuple[str, ...]) -> None:
    wide = figures.pivot_table("value", ["area_code", "period_start"], "indicator")
    wide = wide[wide["dtoc_days"].notna()]
    names = [x for x in wide if x.startswith("dtoc_days_reason")] if parts == "reason" else parts

    assert len(wide) == 19 * 57  # 18 councils and England, April 2015 to December 2019
    assert (wide[list(names)].sum(axis=1) == wide["dtoc_days"]).all()


@pytest.mark.parametrize(
    ("code", "attendances", "percent"), [(TRUST, 151_073, 86.07), (ENGLAND, 23_362_301, 89.13)]
)
def test_four_hours_in_2016_17(
    figures: pd.DataFrame, code: str, attendances: float, percent: float
) -> None:
    year = figures.period_start.between("2016-04-01", "2017-03-31")
    mine = figures[year & (figures.area_code == code)].groupby("indicator")["value"].sum()

    assert mine["ae_attendances"] == attendances
    within = 1 - mine["ae_over_4_hours"] / mine["ae_attendances"]
    assert 100 * within == pytest.approx(percent, abs=0.005)


def test_a_sum_over_providers_names_all_its_cells(figures: pd.DataFrame) -> None:
    found = one(figures, "ae_over_4_hours", ENGLAND, "2016-04-01")

    assert (found["file"], found["cell"]) == ("ae_attendances.csv", "E3799:E4142")
    assert found["of"] == "trust"
    assert "sum of the cells named" in found["note"]


def test_people_of_mid_2017(figures: pd.DataFrame) -> None:
    """Totals of the Office for National Statistics, mid-2017 estimates."""
    for area, people, adults in ((AREA, 682_444, 539_000), (ENGLAND, 55_619_430, 43_752_473)):
        assert one(figures, "population", area, "2017-06-30")["value"] == people
        assert one(figures, "population_18_plus", area, "2017-06-30")["value"] == adults
    assert one(figures, "population_18_plus", AREA, "2017-06-30")["cell"] == "AA145:CU145"


def test_every_figure_has_a_cell_a_day_and_a_reason_where_it_is_missing(
    figures: pd.DataFrame,
) -> None:
    pattern = re.compile(r"[A-Z]{1,2}\d+(:[A-Z]{1,2}\d+)?")

    assert figures["cell"].map(lambda cell: bool(pattern.fullmatch(cell))).all()
    assert set(figures["publisher"]) == {"NHS England", "Office for National Statistics"}
    assert figures.loc[figures["value"].isna(), "note"].notna().all()
    is_delay = figures["indicator"].str.startswith("dtoc")
    assert figures.loc[is_delay, "sheet"].notna().all()
    assert figures.loc[is_delay, ["published", "revised"]].notna().any(axis=1).all()


def test_a_figure_that_cannot_be_true_is_missing_and_says_what_stood_there(
    figures: pd.DataFrame,
) -> None:
    """Beds in use are 102 in one cell of the file, between days of about 1,009."""
    doubted = figures[
        (figures.indicator == "winter_ga_beds_occupied") & (figures.cell == "G2881")
    ].iloc[0]

    assert pd.isna(doubted["value"])
    assert doubted["note"].startswith("102 stands in cell G2881; taken as an error")


def test_comparators_are_in_the_extract(figures: pd.DataFrame) -> None:
    held = set(figures.loc[figures.indicator == "dtoc_days", "area_code"])
    mine = [one for one in extract_comparators() if one.area_code == AREA]

    assert [len(one.codes) for one in mine] == [15, 15]
    assert mine[0].name == "Statistical neighbours, own open method"
    assert "not the list used in any review" in mine[0].source
    for chosen in mine:
        assert all(held & set(same_area_codes(code)) for code in chosen.codes)
    assert len(held) == 19


def test_the_trust_is_that_of_the_area(store: Store) -> None:
    shares = store.lookup("trust_areas")
    districts = set(store.lookup("area_parts")["ltla_code"])

    assert shares["share"].sum() == pytest.approx(1, abs=1e-6)
    assert shares.loc[shares["area_code"].isin(districts), "share"].sum() > 0.2
    assert list(store.lookup("trust_names")["trust"]) == [
        "Oxford University Hospitals NHS Foundation Trust"
    ]


def test_the_readme_names_every_table_and_the_licence() -> None:
    text = (EXTRACT / "README.md").read_text(encoding="utf-8")

    for path in [*FIGURES.glob("*.csv"), COMPARATORS, EXTRACT / "reperformance.csv"]:
        stem = path.name.partition(".")[0]
        assert f"`{stem}" in text or (stem.startswith("winter_") and "`winter_...`" in text), stem
    assert "Open Government Licence v3.0" in text


def test_the_extract_is_small() -> None:
    files = [path for path in EXTRACT.rglob("*") if path.is_file()]

    assert sum(path.stat().st_size for path in files) < 220_000


def test_derived_figures_of_the_model_follow_from_the_extract(figures: pd.DataFrame) -> None:
    """D01 to D16 of figures.csv: people delayed each day, February to April 2017 (89 days)."""
    model = {row["id"]: float(row["value"]) for row in rows(EXTRACT.parent / "figures.csv")
             if row["id"].startswith("D")}  # fmt: skip
    reasons = "a b c di dii e f g h i".split()
    names = ["", "_nhs", "_both", "_social_care", "_acute"]
    names += [f"_reason_{reason}" for reason in reasons] + ["_non_acute"]
    mine = figures[(figures.area_code == AREA) & figures.period_start.between(
        pd.Timestamp(date(2017, 2, 1)), pd.Timestamp(date(2017, 4, 30)))]  # fmt: skip
    days = mine.groupby("indicator")["value"].sum()

    for number, name in enumerate(names, start=1):
        value = model[f"D{number:02d}"]
        decimals = 2 if number == 7 else 1
        assert days[f"dtoc_days{name}"] / 89 == pytest.approx(value, abs=0.51 * 10**-decimals), name
