"""The figures of the programme's areas are those of the published files, cell by cell."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from wholesystem.examples.extract import PROGRAMME_FIGURES
from wholesystem.indicators import Store
from wholesystem.indicators.loaders import load_files
from wholesystem.reviews.programme import read_programme

WORKBOOKS = "dtoc/raw_xls_psychty_DTOC_data.zip"
POPULATION = "population"
KEY = ["indicator", "area_code", "period_start", "period_end"]
SAME = ["value", "unit", "file", "sheet", "cell", "published", "revised", "publisher", "base"]


def held(paths: list[Path], folder: Path) -> pd.DataFrame:
    store = Store.open_or_create(folder)
    for path in paths:
        loaded, errors = load_files(path)
        assert errors == []
        assert store.add(loaded).refused == ()
    return store.read()


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return held([PROGRAMME_FIGURES], tmp_path_factory.mktemp("ours") / "store")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> pd.DataFrame:
    data = shared_data / "data"
    return held([data / WORKBOOKS, data / POPULATION], tmp_path_factory.mktemp("theirs") / "store")


def test_every_figure_is_the_published_one(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    both = ours.merge(theirs, on=KEY, how="left", suffixes=("", "_theirs"), validate="1:1")

    assert len(both) == len(ours) == 16 * (57 * 16 + 33) + 16 * 5 * 3
    for name in SAME:
        mine, published = both[name], both[f"{name}_theirs"]
        same = (mine == published) | (mine.isna() & published.isna())
        assert same.all(), both.loc[~same, [*KEY, name, f"{name}_theirs"]].head()


def test_nothing_published_of_these_areas_and_years_is_left_out(
    ours: pd.DataFrame, theirs: pd.DataFrame
) -> None:
    inside = (
        theirs["area_code"].isin(ours["area_code"].unique())
        & theirs["indicator"].isin(ours["indicator"].unique())
        & theirs["period_start"].between("2015-04-01", "2020-12-31")
    )
    missing = theirs[inside].merge(ours[KEY], on=KEY, how="left", indicator=True)
    left = missing[missing["_merge"] == "left_only"]

    assert left.empty, left[KEY].head()


def test_the_areas_are_the_rest_of_the_programme(ours: pd.DataFrame) -> None:
    there = {one.area_code for one in read_programme("local_system_reviews_2017").areas}
    elsewhere = {"E10000025", "E10000014", "E06000054", "E08000019"}

    assert set(ours["area_code"]) == there - elsewhere
