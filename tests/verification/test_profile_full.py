"""Profiles from the national files as published: figures that are known from elsewhere.

Counts of delayed days are read in the workbooks; the four-hour shares and "1.9 times" are worked
out in the notes on the reference data from the same files by other means.
"""

import csv
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.helpers.pages import check_page
from wholesystem.indicators import Store, find_area
from wholesystem.indicators.loaders import load_files
from wholesystem.indicators.profile import (
    AreaProfile,
    IndicatorProfile,
    ProfileData,
    ProfileOptions,
    make_profile,
)
from wholesystem.reports.profile_files import write_profile
from wholesystem.reports.profile_run import files_of

FILES = (
    "dtoc/raw_xls_psychty_DTOC_data.zip",
    "population/utla_england_single_year_of_age_2017_2019_2020.csv",
    "nhsrdatasets/ae_attendances.csv",
    "geography/lookup_nhs_trusts22_ltla21.csv",
    "geography/lookup_ltla21_utla21.csv",
    "geography/points_nhs_trusts22.csv",
)
AREAS = ("Oxfordshire", "Cumbria", "Camden", "combined-dorset", "E06000059")
MONTHS_SHOWN = 120


@pytest.fixture(scope="module")
def store(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("national")
    data = folder / "data"
    data.mkdir()
    for name in FILES:
        (data / Path(name).name).symlink_to(shared_data / "data" / name)
    loaded, errors = load_files(data)
    assert errors == []
    store = Store.create(folder / "store")
    store.add(loaded)
    return store


@pytest.fixture(scope="module")
def data(store: Store) -> ProfileData:
    return ProfileData(store, ProfileOptions(periods=MONTHS_SHOWN))


@pytest.fixture(scope="module")
def profiles(data: ProfileData) -> dict[str, AreaProfile]:
    return {name: make_profile(data, find_area(name)) for name in AREAS}


def only(profile: AreaProfile, name: str) -> IndicatorProfile:
    (found,) = [one for one in profile.indicators if one.id == name]
    return found


def counts(one: IndicatorProfile) -> dict[str, float]:
    """Numerators by month, such as 2017-06."""
    return {
        f"{start:%Y-%m}": float(count)
        for (start, _), count in zip(one.periods, one.row.numerators, strict=True)
    }


def year(one: IndicatorProfile, first: int) -> slice:
    """Months of a year from April."""
    start = [f"{start:%Y-%m}" for start, _ in one.periods].index(f"{first}-04")
    return slice(start, start + 12)


@pytest.mark.parametrize("name", AREAS)
def test_a_profile_is_whole(
    profiles: dict[str, AreaProfile], store: Store, tmp_path: Path, name: str
) -> None:
    profile = profiles[name]
    write_profile(profile, tmp_path, files_of(store))
    page = (tmp_path / "index.html").read_text("utf-8")
    check_page(page)
    assert page.count("<article") == len(profile.indicators)
    for one in profile.indicators:
        # Every figure names its file, and its cell where it is not a sum of areas.
        known = ~np.isnan(one.values)
        told = "sum of " if one.subject.kind == "combined" else "cell "
        assert all(told in s for s, k in zip(one.row.sources, known, strict=True) if k)
    book = openpyxl.load_workbook(tmp_path / "profile.xlsx", read_only=True)
    assert "Summary" in book.sheetnames
    with (tmp_path / "indicators.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(profile.indicators)


def test_oxfordshires_days_are_those_of_the_workbooks(profiles: dict[str, AreaProfile]) -> None:
    one = only(profiles["Oxfordshire"], "dtoc_rate")
    days = counts(one)
    assert (days["2017-06"], days["2017-07"], days["2017-08"]) == (6414, 5810, 4400)
    assert one.latest_period == "December 2019"
    assert len(days) == 105
    (place,) = [i for i, (start, _) in enumerate(one.periods) if f"{start:%Y-%m}" == "2017-06"]
    assert "June_17" in one.row.files[place].replace("June-17", "June_17")


def test_oxfordshires_delays_were_about_twice_englands(profiles: dict[str, AreaProfile]) -> None:
    """2016/17: 1.9 times England's rate, not "nearly three times"."""
    one = only(profiles["Oxfordshire"], "dtoc_rate")
    months = year(one, 2016)
    ratio = one.values[months].mean() / one.england[months].mean()
    assert ratio == pytest.approx(1.9, abs=0.05)


def test_the_four_hour_shares_of_2016_17(profiles: dict[str, AreaProfile]) -> None:
    one = only(profiles["Oxfordshire"], "ae_within_4_hours-RTH")
    months = year(one, 2016)
    row, england = one.row, one.england_row
    assert england is not None
    shares = [
        100 * part.numerators[months].sum() / part.denominators[months].sum()
        for part in (row, england)
    ]
    assert shares == pytest.approx([86.07, 89.13], abs=0.005)
    assert one.target is not None
    assert one.target.target == 95


def test_cumbria_is_a_county_to_the_end_of_these_figures(profiles: dict[str, AreaProfile]) -> None:
    profile = profiles["Cumbria"]
    assert profile.area.code == "E10000006"
    assert len(counts(only(profile, "dtoc_rate"))) == 105
    assert any("one county became two councils" in text for text in profile.cautions)


def test_a_london_borough(profiles: dict[str, AreaProfile]) -> None:
    profile = profiles["Camden"]
    one = only(profile, "dtoc_rate")
    assert len(counts(one)) == 105
    assert one.comparison.rank is not None
    assert one.comparison.rank.of >= 148
    assert profile.comparators is not None
    assert len(profile.comparators.codes) == 15
    near = [find_area(code).type for code in profile.comparators.codes]
    assert near[:5] == ["london"] * 5  # another type of council adds to the distance


def test_dorset_across_its_change(profiles: dict[str, AreaProfile], data: ProfileData) -> None:
    """April 2019 is published for the three former councils; the new two start in May 2019."""
    whole = counts(only(profiles["combined-dorset"], "dtoc_rate"))
    new = counts(only(profiles["E06000059"], "dtoc_rate"))
    assert min(new) == "2019-05"
    assert len(whole) == 105
    parts = {code: data.panel("dtoc_rate") for code in ("E06000028", "E06000029", "E10000009",
                                                       "E06000058", "E06000059")}  # fmt: skip
    for month, codes in (("2019-04", ("E06000028", "E06000029", "E10000009")),
                         ("2019-05", ("E06000058", "E06000059"))):  # fmt: skip
        total = 0.0
        for code in codes:
            panel = parts[code]
            (at,) = [i for i, (start, _) in enumerate(panel.periods) if f"{start:%Y-%m}" == month]
            row = panel.row(code)
            assert row is not None
            total += row.numerators[at]
        assert whole[month] == total
    assert any("Christchurch moved" in text for text in profiles["E06000059"].cautions)
    assert any("to 31 March 2019" in text for text in profiles["combined-dorset"].cautions)


def test_every_rate_is_of_the_reasons_and_bodies_together(
    profiles: dict[str, AreaProfile],
) -> None:
    """Body and type add up to the whole in every month (the known property of the workbooks)."""
    for name in AREAS[:3]:
        whole = counts(only(profiles[name], "dtoc_rate"))
        for ends in (("nhs", "social_care", "both"), ("acute", "non_acute")):
            parts = [counts(only(profiles[name], f"dtoc_rate_{end}")) for end in ends]
            assert [sum(part[month] for part in parts) for month in whole] == list(whole.values())


def test_one_area_and_all_are_ranked_over_the_same_councils(
    profiles: dict[str, AreaProfile],
) -> None:
    ranks = [only(profiles[name], "dtoc_rate").comparison.rank for name in AREAS[:3]]
    assert len({rank.of for rank in ranks if rank}) == 1
    assert len({rank.place for rank in ranks if rank}) == 3
