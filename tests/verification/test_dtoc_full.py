"""All 105 monthly workbooks of delayed transfers and the England time series, as published.

Expected figures: DOMAIN.md 10.2 and issue 3 (Oxfordshire 2017; 155 areas by 105 months), and the
tables that were reshaped from the same workbooks by another program, cell by cell.
"""

import time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from wholesystem.indicators.loaders import Loaded, load_file, load_files
from wholesystem.indicators.observations import check_observations

ENGLAND = "E92000001"


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "data" / "dtoc"


@pytest.fixture(scope="module")
def timed(folder: Path) -> tuple[list[Loaded], float]:
    start = time.perf_counter()
    loaded, errors = load_files(folder / "raw_xls_psychty_DTOC_data.zip")
    assert errors == []
    return loaded, time.perf_counter() - start


@pytest.fixture(scope="module")
def table(timed: tuple[list[Loaded], float]) -> pd.DataFrame:
    return pa.concat_tables([one.observations for one in timed[0]]).to_pandas()


def wide(table: pd.DataFrame) -> pd.DataFrame:
    """One row an area and month, one column an indicator."""
    rows = table.assign(value=table["value"].fillna(0.0))
    return rows.pivot(index=["period_start", "area_code"], columns="indicator", values="value")


def test_all_workbooks_load_in_time(timed: tuple[list[Loaded], float]) -> None:
    loaded, seconds = timed

    assert len(loaded) == 105
    assert seconds < 15  # on two cores; about 3 were measured
    for one in loaded:
        assert one.rows_read == one.rows_kept + sum(skipped.rows for skipped in one.skipped)


def test_only_people_resident_elsewhere_and_notes_are_skipped(
    timed: tuple[list[Loaded], float],
) -> None:
    counts: dict[str, int] = {}
    for one in timed[0]:
        for skipped in one.skipped:
            counts[skipped.reason] = counts.get(skipped.reason, 0) + skipped.rows

    # Three sheets a month of Wales, Scotland and outside; eight workbooks of 2019 have two
    # sheets with two lines of notes below the table.
    elsewhere = {
        f"no area code (resident {where})": 3 * 105
        for where in ("in Scotland", "in Wales", "outside Great Britain")
    }
    assert counts == {**elsewhere, "a note or heading, no figures": 32}


def test_care_body_and_reason_agree_in_every_area_and_month(table: pd.DataFrame) -> None:
    months = wide(table)
    total = months["dtoc_days"]
    reasons = [f"dtoc_days_reason_{code}" for code in "a b c di dii e f g h i o".split()]

    # 16,267 rows of the published tables less three rows a month that are no English council.
    assert len(months) == 16_267 - 3 * 105
    assert (months["dtoc_days_acute"] + months["dtoc_days_non_acute"] == total).all()
    bodies = ["dtoc_days_nhs", "dtoc_days_social_care", "dtoc_days_both"]
    assert (months[bodies].sum(axis=1) == total).all()
    assert (months[reasons].sum(axis=1) == total).all()


def test_oxfordshire_in_the_summer_of_2017(table: pd.DataFrame) -> None:
    rows = table[(table.area_code == "E10000025") & (table.indicator == "dtoc_days")]
    values = {str(day)[:7]: value for day, value in zip(rows.period_start, rows.value, strict=True)}

    assert [values[month] for month in ("2017-06", "2017-07", "2017-08")] == [6414, 5810, 4400]


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        (
            "dtoc_la_by_type_of_care_2011-04_2019-12.csv",
            {"Acute": "dtoc_days_acute", "Non-Acute": "dtoc_days_non_acute", "Total": "dtoc_days"},
        ),
        (
            "dtoc_la_by_responsible_org_2011-04_2019-12.csv",
            {
                "NHS": "dtoc_days_nhs",
                "Social Care": "dtoc_days_social_care",
                "Both": "dtoc_days_both",
            },
        ),
        (
            "dtoc_la_by_reason_2011-04_2019-12.csv",
            {"A_COMPLETION_ASSESSMENT": "dtoc_days_reason_a", "O_OTHER": "dtoc_days_reason_o"},
        ),
    ],
)
def test_every_figure_is_that_of_an_independent_reading(
    folder: Path, table: pd.DataFrame, file: str, columns: dict[str, str]
) -> None:
    theirs = pd.read_csv(folder / file, dtype={"la_code": str})
    theirs = theirs[~theirs["la_code"].isin(["9900", "9901", "9902"])]
    ours = table[table.indicator.isin(columns.values())].set_index(["file", "cell", "indicator"])

    # By workbook and place in order: areas stand in the same order in both.
    for column, indicator in columns.items():
        expected = theirs.sort_values("source_file", kind="stable")[column].fillna(0)
        found = ours.xs(indicator, level="indicator").reset_index()
        found["row"] = found["cell"].str.extract(r"(\d+)").astype(int)
        values = found.sort_values(["file", "row"], kind="stable")["value"].fillna(0)
        if indicator == "dtoc_days_reason_o":
            expected = expected[expected != 0]
            values = values[values != 0]
        assert sorted(values) == sorted(expected)
        assert values.sum() == expected.sum()
        assert len(values) > 1000


def test_dates_of_publication(table: pd.DataFrame) -> None:
    july = table[table.file == "July_17.xls"].iloc[0]

    # PROVENANCE.md: June, July and August 2017 were revised on 14 June 2018.
    assert (str(july.published), str(july.revised)) == ("2017-09-14", "2018-06-14")
    # From April 2014 on some have a dash, or nothing, for the day of publication.
    assert set(table[table.published.isna()].file) >= {"June_14.xls"}


def test_a_dash_is_never_a_number(table: pd.DataFrame) -> None:
    missing = table[table.value.isna() & (table.area_kind == "area")]

    assert set(missing.area) == {"City of London", "Poole"}
    assert set(missing.note) == {"no figure is given (-)"}


def test_everything_meets_the_catalogue(
    table: pd.DataFrame, timed: tuple[list[Loaded], float]
) -> None:
    observations = pa.concat_tables([one.observations for one in timed[0]])

    assert check_observations(observations).num_rows == observations.num_rows


def test_england_by_month_from_the_time_series(folder: Path, table: pd.DataFrame) -> None:
    loaded = load_file(folder / "dtoc_england_timeseries_2010-08_2020-02.xls")
    series = loaded.observations.to_pandas()
    days = series[series.indicator == "dtoc_days"].set_index("period_start")["value"]
    rows = table[(table.area_code == ENGLAND) & (table.indicator == "dtoc_days")]
    monthly = rows.set_index("period_start")["value"]

    assert loaded.format == "dtoc_england"
    assert len(days) == 115  # August 2010 to February 2020
    assert round(days.iloc[-1] / 29) == 5372  # DOMAIN.md 1.1: 5,370 a day in February 2020
    assert set(series.revised.astype(str)) == {"2020-09-10"}
    # The same months of the two publications differ by revisions of a few days at most.
    assert (days.reindex(monthly.index) - monthly).abs().max() <= 0.01 * monthly.max()
    # Reason O is of non-acute care only: acute days add up without it, in all 115 months.
    assert {name for name in series.indicator if "reason_o_" in name} == {
        f"dtoc_days_non_acute_reason_o_{body}" for body in ("nhs", "social_care", "both")
    }
    assert check_observations(loaded.observations).num_rows == len(series)
