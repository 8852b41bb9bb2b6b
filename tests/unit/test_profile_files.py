"""The CSV files of a profile: fixed columns, source files, and cells that no spreadsheet runs."""

import csv
from pathlib import Path

import pytest

from tests.helpers import profiles
from wholesystem.indicators import find_area
from wholesystem.indicators.loaders import load_files
from wholesystem.indicators.profile import AreaProfile, make_profile
from wholesystem.reports.profile_files import write_profile

INDICATORS = (
    "indicator,name,group,area_code,area,of,period_start,period_end,value,lower95,upper95,"
    "no_interval_because,unit,comparators,comparators_list,england,better,place,of_areas,fifth,"
    "against_england,against_comparators,mean,lower_limit,upper_limit,target,trend,special_cause,"
    "variation,assurance,source"
)
OBSERVATIONS = (
    "indicator,area_code,area,period_start,period_end,value,numerator,denominator,unit,source_file,"
    "source,note"
)
"""Other people's scripts read these columns: add after them, never among them."""


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> AreaProfile:
    store = profiles.make_store(tmp_path_factory.mktemp("files") / "store")
    return make_profile(profiles.make_data(store), find_area("Oxfordshire"))


@pytest.fixture(scope="module")
def folder(profile: AreaProfile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("out")
    write_profile(profile, path)
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_four_files(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "index.html",
        "indicators.csv",
        "observations.csv",
        "profile.xlsx",
    ]


def test_the_columns_are_fixed(folder: Path) -> None:
    heads = {
        name: (folder / f"{name}.csv").read_text("utf-8").splitlines()[0]
        for name in ("indicators", "observations")
    }
    assert heads["indicators"].startswith(INDICATORS)
    assert heads["observations"].startswith(OBSERVATIONS)


def test_a_row_for_each_indicator(profile: AreaProfile, folder: Path) -> None:
    rows = rows_of(folder / "indicators.csv")
    assert [(row["indicator"], row["area_code"]) for row in rows] == [
        (one.indicator.indicator, one.subject.code) for one in profile.indicators
    ]
    rate = next(row for row in rows if row["indicator"] == "dtoc_rate")
    assert (rate["period_start"], rate["period_end"]) == ("2017-09-01", "2017-09-30")
    assert float(rate["value"]) == pytest.approx(profile.indicators[3].latest_value)
    assert (rate["place"], rate["of_areas"], rate["fifth"]) == ("24", "24", "5")
    assert rate["lower95"] == ""
    assert "not a Poisson count" in rate["no_interval_because"] or rate["no_interval_because"]
    assert (rate["variation"], rate["special_cause"]) == ("Concern (high)", "seven one side")
    trust = rows[-1]
    assert (trust["of"], trust["area"]) == ("trust", profiles.TRUST_NAME)
    assert float(trust["lower95"]) < float(trust["value"]) < float(trust["upper95"])
    assert float(trust["target"]) == 95
    assert trust["no_interval_because"] == ""


def test_the_observations_are_the_figures_of_the_charts(profile: AreaProfile, folder: Path) -> None:
    rows = rows_of(folder / "observations.csv")
    mine = [r for r in rows if (r["indicator"], r["area"]) == ("dtoc_rate", "Oxfordshire")]
    one = profile.indicators[3]
    assert [float(row["value"]) for row in mine] == pytest.approx(one.values.tolist())
    assert [float(row["numerator"]) for row in mine] == one.row.numerators.tolist()
    assert [row["source_file"] for row in mine] == list(one.row.files)
    england = [r for r in rows if (r["indicator"], r["area"]) == ("dtoc_rate", "England")]
    assert [float(row["value"]) for row in england] == pytest.approx(one.england.tolist())
    keys = [(r["indicator"], r["area_code"], r["period_start"], r["period_end"]) for r in rows]
    assert len(set(keys)) == len(keys)


def test_a_month_without_a_figure_and_note_has_no_row(tmp_path: Path) -> None:
    store = profiles.make_store(tmp_path / "store")
    kent = make_profile(profiles.make_data(store), find_area("Kent"))
    (tmp_path / "kent").mkdir()
    write_profile(kent, tmp_path / "kent")
    rows = rows_of(tmp_path / "kent" / "observations.csv")
    mine = [r for r in rows if (r["indicator"], r["area"]) == ("dtoc_rate", "Kent")]
    assert len(mine) == profiles.MONTHS - 1
    year, in_year = profiles.month_of(profiles.KENT_GAP)
    assert f"{year}-{in_year:02d}-01" not in {row["period_start"] for row in mine}


def test_a_cell_that_a_spreadsheet_would_run_is_escaped(tmp_path: Path) -> None:
    found = profiles.hostile_profile(tmp_path / "store")
    (tmp_path / "out").mkdir()
    write_profile(found, tmp_path / "out")
    for name in ("indicators", "observations"):
        rows = rows_of(tmp_path / "out" / f"{name}.csv")
        assert rows
        for row in rows:
            assert [cell for cell in row.values() if cell.startswith(("=", "+", "@"))] == []
    (row,) = rows_of(tmp_path / "out" / "indicators.csv")
    assert row["name"] == f"'=1+1 {profiles.HOSTILE}"
    assert row["source"].startswith(f"'{profiles.HOSTILE_FILE}")


def test_what_is_written_can_be_read_again_or_is_refused_in_words(folder: Path) -> None:
    """Our own table of figures lacks a publisher, so it is no published file: it says so."""
    loaded, errors = load_files(folder / "observations.csv")
    assert loaded == []
    assert "Its format is not known." in str(errors[0])
