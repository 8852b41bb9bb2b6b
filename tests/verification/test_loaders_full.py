"""Every published table of the reference data, read whole: rows, known faults, known figures.

The numbers of rows, days and duplicates are those that the provenance of each file states; others
say where they are from.
"""

from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from tests.helpers.published import load_checked, skipped
from wholesystem.indicators.loaders import Loaded

HEALTHYR = "healthyr/england_"


@pytest.fixture(scope="module")
def data(shared_data: Path) -> Path:
    return shared_data / "data"


@cache
def load(path: Path) -> Loaded:
    return load_checked(path)


def figures(data: Path, name: str) -> pd.DataFrame:
    return load(data / name).observations.to_pandas()


# Format and rows of each file, counted apart from the loaders (lines of the file less one).
FILES = {
    "nhsrdatasets/ae_attendances.csv": ("ae_by_type", 12_765),
    f"{HEALTHYR}trust_accidents_emergency.csv": ("ae_trust", 7_895),
    f"{HEALTHYR}icb_accidents_emergency.csv": ("ae_icb", 1_680),
    f"{HEALTHYR}critical_general_acute_beds.csv": ("beds", 5_557),
    f"{HEALTHYR}trust_criteria_to_reside.csv.gz": ("nctr_trust", 149_482),
    f"{HEALTHYR}trust_discharged_patients.csv.gz": ("discharged_trust", 149_482),
    f"{HEALTHYR}icb_criteria_to_reside.csv.gz": ("nctr_icb", 51_727),
    f"{HEALTHYR}icb_discharged_patients.csv.gz": ("discharged_icb", 51_727),
    f"{HEALTHYR}delayed_discharge_reasons.csv.gz": ("discharge_reasons", 52_651),
    f"{HEALTHYR}ae_acute_trust_attribution.csv": ("trust_acute", 215),
    "winter_sitreps/winter_sitrep_2015-16.csv.gz": ("winter_sitreps", 9_486),
    "winter_sitreps/winter_sitrep_2016-17.csv.gz": ("winter_sitreps", 15_606),
    "winter_sitreps/winter_sitrep_2017-18.csv.gz": ("winter_sitreps", 14_490),
    "winter_sitreps/winter_sitrep_2018-19.csv.gz": ("winter_sitreps", 12_285),
    "winter_sitreps/winter_sitrep_2019-20.csv.gz": ("winter_sitreps", 12_103),
    "winter_sitreps/winter_sitrep_2020-21.csv.gz": ("winter_sitreps", 23_023),
    "winter_sitreps/winter_sitrep_2021-22.csv.gz": ("winter_sitreps", 18_620),
    "winter_sitreps/winter_sitrep_2022-23.csv.gz": ("winter_sitreps", 18_445),
    "population/utla_england_single_year_of_age_2017_2019_2020.csv": ("population", 456),
    "geography/lookup_lsoa11_ltla19_utla19_england.csv.gz": ("small_area_parts", 32_844),
    "geography/lookup_ltla19_utla19.csv": ("area_parts", 339),
    "geography/lookup_ltla21_utla21.csv": ("area_parts", 331),
    "geography/lookup_ltla23_utla23.csv": ("area_parts", 318),
    "geography/lookup_ltla21_region21.csv": ("area_regions", 309),
    "geography/lookup_nhs_trusts22_icb22.csv": ("trust_icbs", 1_321),
    "geography/lookup_nhs_trusts22_ltla21.csv": ("trust_areas", 5_670),
    "geography/lookup_trust_trust.csv": ("trust_successors", 25_480),
    "geography/points_nhs_trusts22.csv": ("trust_names", 218),
    "oflog_ascof/oflog_adult_social_care_2015-16_2022-23.csv": ("oflog_asc", 6_376),
}


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_recognised_and_every_row_accounted_for(data: Path, name: str) -> None:
    loaded = load(data / name)
    assert (loaded.format, loaded.rows_read) == FILES[name]
    assert loaded.rows_read == loaded.rows_kept + sum(one.rows for one in loaded.skipped)
    assert all(one.num_rows == loaded.rows_kept for one in loaded.lookups.values())


LOOK_UPS = ("geography/", f"{HEALTHYR}ae_acute")


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith(LOOK_UPS)])
def test_no_figure_stands_twice_and_none_is_missing_without_a_note(data: Path, name: str) -> None:
    found = figures(data, name)
    assert len(found) >= FILES[name][1] * 0.9
    assert not found.duplicated(["indicator", "area_code", "period_start", "period_end"]).any()
    assert found.note[found.value.isna()].notna().all()


def test_four_hours_in_2016_17_as_the_review_reported_them(data: Path) -> None:
    """86.1% and 89.1% in the Oxfordshire report of 2018; here to two decimals."""
    year = figures(data, "nhsrdatasets/ae_attendances.csv")
    year = year[year.period_end <= date(2017, 3, 31)]
    wide = year[year.indicator.isin(["ae_attendances", "ae_over_4_hours"])]

    def within(rows: pd.DataFrame) -> float:
        total = rows.groupby("indicator").value.sum()
        return 100 - 100 * float(total["ae_over_4_hours"] / total["ae_attendances"])

    assert round(within(wide[wide.area_code == "RTH"]), 2) == 86.07
    assert round(within(wide), 2) == 89.13


def test_the_months_that_the_trust_table_repeats(data: Path) -> None:
    """February and March 2025 hold the figures of 2024 for all trusts (found here)."""
    for name in ("trust", "icb"):
        loaded = load(data / f"{HEALTHYR}{name}_accidents_emergency.csv")
        assert [one.split(" repeat ")[0] for one in loaded.warnings] == [
            "All figures of February 2025",
            "All figures of March 2025",
        ]
        found = loaded.observations.to_pandas()
        by_month = found.groupby("period_start").value.count()
        assert by_month[by_month == 0].index.tolist() == [date(2025, 2, 1), date(2025, 3, 1)]
        england = found[found.indicator == "ae_attendances"].groupby("period_start").value.sum()
        assert england[date(2024, 2, 1)] > 2_000_000
    oxford = found_of("RTH", figures(data, f"{HEALTHYR}trust_accidents_emergency.csv"))
    assert oxford.period_start.nunique() == 52


def found_of(code: str, found: pd.DataFrame) -> pd.DataFrame:
    return found[found.area_code == code]


def test_attendances_over_four_hours_that_were_not_published(data: Path) -> None:
    trusts = figures(data, f"{HEALTHYR}trust_accidents_emergency.csv")
    late = trusts[trusts.indicator == "ae_over_4_hours"]
    assert int((late.note == "blank: no figure is given").sum()) == 354
    boards = figures(data, f"{HEALTHYR}icb_accidents_emergency.csv")
    frimley = boards[boards.note.fillna("").str.contains("waited over four hours to be admitted")]
    assert set(frimley.area_code) == {"E54000034"}
    assert len(frimley) == 6


def test_no_longer_meeting_the_criteria_in_oxford(data: Path) -> None:
    trusts = figures(data, f"{HEALTHYR}trust_criteria_to_reside.csv.gz")
    oxford = found_of("RTH", trusts).sort_values("period_start")
    assert len(oxford) == 1_249
    steps = pd.to_datetime(oxford.period_start).diff().dropna()
    assert set(steps.dt.days) == {1}
    assert (oxford.period_start.iloc[0], oxford.period_start.iloc[-1]) == (
        date(2022, 4, 1),
        date(2025, 8, 31),
    )
    # 17 days of 0 among days of 38 to 284 people
    assert int(oxford.value.isna().sum()) == 17
    assert oxford.value.min() > 30
    assert skipped(load(data / f"{HEALTHYR}trust_criteria_to_reside.csv.gz")) == {
        "no trust code": 243
    }
    # every zero of the file is of a trust that else reports (1,345 zeros, 1,274 blanks and four
    # counts such as Royal Devon's 1,936 on 28 September 2024)
    assert int(trusts.value.isna().sum()) == 1_345 + 1_274 + 4
    devon = one_row(trusts, "RDE", date(2024, 9, 28))
    assert devon.note.startswith("1,936 stands in cell C106196; taken as an error")


def one_row(found: pd.DataFrame, code: str, day: date) -> pd.Series:
    rows = found[(found.area_code == code) & (found.period_start == day)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_discharges_by_five_are_given_until_may_2023(data: Path) -> None:
    found = figures(data, f"{HEALTHYR}trust_discharged_patients.csv.gz")
    early = found[(found.indicator == "discharges_by_1700") & found.value.notna()]
    assert early.period_start.max() == date(2023, 5, 31)
    assert found[found.indicator == "discharges"].value.min() > 0


def test_reasons_for_delay(data: Path) -> None:
    found = figures(data, f"{HEALTHYR}delayed_discharge_reasons.csv.gz")
    assert len(found_of("RTH", found)) == 444
    assert found.indicator.nunique() == 37
    assert set(found.groupby(["area_code", "period_start"]).size()) == {37}
    # 7 trust-months are blank and 12 all zero
    assert int(found.value.isna().sum()) == 37 * (7 + 12)
    oxford = found_of("RTH", found)
    assert oxford[oxford.period_start == date(2024, 6, 1)].value.sum() == 41


def test_beds_of_oxford_and_the_month_that_repeats(data: Path) -> None:
    loaded = load(data / f"{HEALTHYR}critical_general_acute_beds.csv")
    found = loaded.observations.to_pandas()
    oxford = found_of("RTH", found)
    assert oxford.period_start.nunique() == 41
    last = oxford[oxford.period_start == date(2025, 8, 1)].set_index("indicator")
    # line of RTH, August 2025
    assert (last.value["ga_beds_available"], last.value["ga_beds_occupied"]) == (1007, 938)
    assert len(loaded.warnings) == 1
    assert "August 2022 repeat those of July 2022" in loaded.warnings[0]
    none = found[found.note.fillna("").str.contains("no general and acute bed")]
    assert sorted(set(none.area_code)) == ["RA4", "RVY"]


WINTERS = ["2015-16", "2016-17", "2017-18", "2018-19", "2019-20", "2020-21", "2021-22", "2022-23"]


def winter(data: Path, name: str) -> Loaded:
    return load(data / f"winter_sitreps/winter_sitrep_{name}.csv.gz")


@pytest.mark.parametrize(
    ("name", "duplicates"), [("2020-21", 1_309), ("2021-22", 1_106), ("2022-23", 119)]
)
def test_doubled_rows_of_three_winters(data: Path, name: str, duplicates: int) -> None:
    assert sum(skipped(winter(data, name)).values()) == duplicates


def test_days_that_are_doubled_for_every_trust_are_those_after_the_clocks_change(
    data: Path,
) -> None:
    """Summer time began on 28 March 2021 and 27 March 2022; rows of the next week are a day off."""
    for name, first, count in (
        ("2020-21", date(2021, 3, 28), 7),
        ("2021-22", date(2022, 3, 27), 7),
    ):
        found = winter(data, name).observations.to_pandas()
        doubled = found[found.note.fillna("").str.contains("gives this day twice for most")]
        days = sorted(set(doubled.period_start))
        assert (days[0], len(days)) == (first, count)
        on_those = found[found.period_start.isin(days)]
        assert on_those.value.isna().all()


@pytest.mark.parametrize("name", WINTERS)
def test_england_has_a_row_every_day_and_beds_in_every_winter(data: Path, name: str) -> None:
    found = winter(data, name).observations.to_pandas()
    beds = found[found.indicator == "winter_ga_beds_open"]
    england = found_of("E92000001", beds)
    assert len(england) == beds.period_start.nunique()
    # 89,000 to 104,000 beds open in all these winters
    assert england.value.dropna().between(85_000, 105_000).all()
    trusts = beds[beds.area_kind == "trust"].groupby("period_start").value.sum()
    both = england.set_index("period_start").value.to_frame("england").join(trusts).dropna()
    # no trust's figure is added to England's twice; what is taken back is missing from the sum
    assert (both.value <= both.england * 1.02).all()


def test_the_impossible_beds_of_oxford(data: Path) -> None:
    found = winter(data, "2019-20").observations.to_pandas()
    beds = found[found.indicator == "winter_ga_beds_open"]
    wrong = one_row(beds, "RTH", date(2019, 12, 2))
    assert pd.isna(wrong.value)
    assert wrong.note.startswith("1,984 stands in cell F111; taken as an error")
    assert one_row(beds, "RTH", date(2019, 12, 3)).value == 939


@pytest.mark.parametrize("name", WINTERS[2:5])
def test_rates_of_zero_are_told(data: Path, name: str) -> None:
    assert any(one.startswith("Occupancy rate is 0 in 1") for one in winter(data, name).warnings)


def test_handovers_of_england_on_the_first_day_of_two_winters(data: Path) -> None:
    """1,464 and 414 on 20 November 2017; 1,690 and 523 on 2 December 2019, as in the files."""
    for name, day, expected in (
        ("2017-18", date(2017, 11, 20), (1464, 414)),
        ("2019-20", date(2019, 12, 2), (1690, 523)),
    ):
        found = found_of("E92000001", winter(data, name).observations.to_pandas())
        first = found[found.period_start == day].set_index("indicator").value
        assert (first["handover_30_to_60"], first["handover_over_60"]) == expected


def test_attendances_of_2015_16_cover_the_days_left_out(data: Path) -> None:
    found = found_of("E92000001", winter(data, "2015-16").observations.to_pandas())
    seen = found[found.indicator == "winter_ae_attendances"].sort_values("period_start")
    days = (pd.to_datetime(seen.period_end) - pd.to_datetime(seen.period_start)).dt.days + 1
    # 30 November 2015 to 28 February 2016, without a gap: 91 days
    assert int(days.sum()) == 91
    by_day = seen.value / days
    assert by_day.between(40_000, 60_000).all()


def test_population_adds_up_to_england(data: Path) -> None:
    name = "population/utla_england_single_year_of_age_2017_2019_2020.csv"
    found = figures(data, name)
    totals = found[found.indicator == "population"].set_index(["area_code", "period_start"]).value
    expected = {2017: 55_619_430, 2019: 56_286_961, 2020: 56_550_138}
    for year, people in expected.items():
        assert totals["E92000001", date(year, 6, 30)] == people
    councils = found[found.area_kind == "area"].groupby(["indicator", "period_start"]).value.sum()
    england = found_of("E92000001", found).set_index(["indicator", "period_start"]).value
    assert (councils == england.loc[councils.index]).all()
    assert found.groupby(["period_start", "geography"]).size().index.tolist() == [
        (date(2017, 6, 30), "country"),
        (date(2017, 6, 30), "utla-2019-04"),
        (date(2019, 6, 30), "country"),
        (date(2019, 6, 30), "utla-2019-04"),
        (date(2020, 6, 30), "country"),
        (date(2020, 6, 30), "utla-2020-04"),
    ]


def test_the_bands_are_those_that_the_file_gives(data: Path) -> None:
    name = "population/utla_england_single_year_of_age_2017_2019_2020.csv"
    given = pd.read_csv(data / name).set_index("utla_code")
    given = given[given.year == 2017]
    found = figures(data, name)
    found = found[found.period_start == date(2017, 6, 30)]
    for first in (18, 65, 75, 85):
        band = found[found.indicator == f"population_{first}_plus"].set_index("area_code").value
        assert (band == given[f"age_{first}_plus"]).all()


def test_look_ups(data: Path) -> None:
    names = load(data / "geography/points_nhs_trusts22.csv").lookups["trust_names"].to_pandas()
    assert names.set_index("trust_code").trust["RTH"].startswith("Oxford University Hospitals")
    acute = load(data / f"{HEALTHYR}ae_acute_trust_attribution.csv").lookups["trust_acute"]
    shares = acute.to_pandas().set_index(["trust_code", "acute_code"]).share
    assert shares["RNU", "RTH"] == 0.828
    areas = load(data / "geography/lookup_nhs_trusts22_ltla21.csv").lookups["trust_areas"]
    parts = load(data / "geography/lookup_ltla21_utla21.csv").lookups["area_parts"].to_pandas()
    council = parts.set_index("ltla_code").area_code
    oxford = areas.to_pandas().query("trust_code == 'RTH'")
    by_council = oxford.groupby(oxford.area_code.map(council)).share.sum()
    # most of the patients of the Oxford trust live in Oxfordshire (its report of 2018 says 73%)
    assert by_council.idxmax() == "E10000025"
    assert 0.6 < by_council.max() < 0.9
    assert by_council.sum() == pytest.approx(1, abs=1e-9)
    for year, councils in ((19, 151), (21, 152), (23, 153)):
        found = load(data / f"geography/lookup_ltla{year}_utla{year}.csv").lookups["area_parts"]
        assert found.to_pandas().area_code.nunique() == councils
        assert set(found["year"].to_pylist()) == {2000 + year}


def test_adult_social_care_measures(data: Path) -> None:
    found = figures(data, "oflog_ascof/oflog_adult_social_care_2015-16_2022-23.csv")
    oxford = found_of("E10000025", found)
    sequel = oxford[oxford.indicator == "short_term_service_sequel"].sort_values("period_start")
    assert sequel.value.tolist() == [70.9, 68.2, 57.3, 56.9, 57.7, 56.8, 65.3, 70]
    assert int(found.value.isna().sum()) == 298 + 5
    assert "E92000001" not in set(found.area_code)
    dorset = found_of("E10000009", found)
    assert dorset.period_end.max() == date(2019, 3, 31)
    assert set(found_of("E06000059", found).geography) >= {"utla-2019-04"}
