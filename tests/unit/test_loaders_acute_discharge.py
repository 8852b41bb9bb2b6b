"""NHS England's own CSV files of acute discharge, from 2025/26.

The layout (columns, groups such as "Delay reason LOS 7+", rows with dates of another month) is
that which two public loaders describe; the labels here are examples.
"""

from pathlib import Path

import pytest

from tests.helpers.published import (
    csv_text,
    faults_of,
    frame,
    load_checked,
    load_table,
    one,
    skipped,
)
from wholesystem.indicators import Indicator, read_catalogue
from wholesystem.indicators.loaders import load_file
from wholesystem.indicators.loaders.acute_discharge import metric_indicator
from wholesystem.indicators.observations import check_observations

HEADER = (
    "Period",
    "Level",
    "Region",
    "ICB",
    "Org Code",
    "Org Name",
    "Metric",
    "Metric Type",
    "Metric Group",
    "Value",
)
OXFORD = ("South East", "Buckinghamshire, Oxfordshire and Berkshire West", "RTH", "Oxford")
REASON = "Hospital process – Awaiting patient transport services"
PEOPLE = ("Number of patients who no longer meet the criteria to reside", "Count", "NCTR")
REMAINING = ("Daily average NCTR remaining", "Count", "NCTR")
# Kept only with a catalogue of one's own, under these names.
LONG_STAY = "discharge_delay_reason_04_stay_7_plus"
LEFT_OUT = "no indicator in the catalogue"


def row(period: str = "2025-09-01", level: str = "Trust", value: object = 5) -> tuple[object, ...]:
    return (period, level, *OXFORD, *PEOPLE, value)


def own_catalogue(**units: str) -> dict[str, Indicator]:
    """The packaged catalogue and rows of one's own, each with its unit."""
    packaged = read_catalogue()
    people = packaged["nctr_people"]
    own = {
        name: people.model_copy(update={"indicator": name, "unit": unit})
        for name, unit in units.items()
    }
    return {**packaged, **own}


def test_one_number_a_row(tmp_path: Path) -> None:
    rows = [
        row(value="170.5"),
        ("2025-09-01", "National", "", "", "-", "ENGLAND", *PEOPLE, "13,032"),
        ("2025-09-01", "Trust", *OXFORD, REASON, "Count", "Delay reason", "4"),
        ("2025-09-01", "Trust", *OXFORD, "Number of patients discharged", "Count", "Out", "2"),
    ]
    loaded = load_table(tmp_path, "september.csv", HEADER, rows)
    assert loaded.format == "acute_discharge"
    found = one(loaded, area_code="RTH", cell="J2")
    assert (found["indicator"], found["unit"]) == ("nctr_people", "people")
    assert (found["value"], str(found["period_end"])) == (170.5, "2025-09-30")
    england = one(loaded, area_code="E92000001")
    assert (england["value"], england["area"], england["area_kind"]) == (
        13032,
        "England",
        "country",
    )
    assert one(loaded, indicator="discharge_delay_reason_04")["value"] == 4
    assert one(loaded, indicator="discharges")["value"] == 2


def test_a_metric_without_an_indicator_is_counted_and_named(tmp_path: Path) -> None:
    metrics = [
        REMAINING,
        (REASON, "Count", "Delay reason LOS 7+"),
        (REASON, "Count", "Delay reason LOS 14+"),
        (PEOPLE[0], "Percentage", "NCTR"),
    ]
    rows = [row(), *(("2025-09-01", "Trust", *OXFORD, *metric, 4) for metric in metrics)]
    loaded = load_table(tmp_path, "september.csv", HEADER, rows)
    assert skipped(loaded) == {LEFT_OUT: 4}
    assert loaded.skipped[0].first == "september.csv, row 3"
    assert frame(loaded).indicator.tolist() == ["nctr_people"]
    (told,) = loaded.warnings
    assert "acute_discharge_nctr_daily_average_nctr_remaining_count" in told
    assert LONG_STAY in told
    assert "discharge_delay_reason_04_stay_14_plus" in told
    assert told.endswith("To keep one, give it a row of that name in a catalogue of your own.")


def test_what_is_kept_the_store_takes(tmp_path: Path) -> None:
    rows = [row(), ("2025-09-01", "Trust", *OXFORD, *REMAINING, 4)]
    loaded = load_table(tmp_path, "september.csv", HEADER, rows)
    assert check_observations(loaded.observations).num_rows == 1


def test_many_metrics_without_an_indicator_are_not_all_named(tmp_path: Path) -> None:
    rows = [("2025-09-01", "Trust", *OXFORD, f"Thing {i}", "Count", "G", 1) for i in range(7)]
    loaded = load_table(tmp_path, "september.csv", HEADER, rows)
    assert skipped(loaded) == {LEFT_OUT: 7}
    assert " and 2 more. " in loaded.warnings[0]


def test_a_row_of_ones_own_catalogue_keeps_a_metric_in_its_unit(tmp_path: Path) -> None:
    rows = [("2025-09-01", "Trust", *OXFORD, REASON, "Count", "Delay reason LOS 7+", "4")]
    path = tmp_path / "september.csv"
    path.write_text(csv_text(HEADER, rows), encoding="utf-8")
    loaded = load_file(path, catalogue=own_catalogue(**{LONG_STAY: "patients"}))
    assert (loaded.rows_kept, loaded.skipped, loaded.warnings) == (1, (), ())
    assert one(loaded, indicator=LONG_STAY)["unit"] == "patients"


def test_the_first_of_the_month_is_a_day_where_a_metric_has_other_days(tmp_path: Path) -> None:
    discharged = ("Number of patients discharged", "Count", "Out")
    rows = [
        row("01/09/2025"),
        row("02/09/2025"),
        ("01/09/2025", "Trust", *OXFORD, *discharged, 900),
    ]
    loaded = load_table(tmp_path, "september.csv", HEADER, rows)
    assert {
        (r["indicator"], str(r["period_start"]), str(r["period_end"]))
        for r in loaded.observations.to_pylist()
    } == {
        ("nctr_people", "2025-09-01", "2025-09-01"),
        ("nctr_people", "2025-09-02", "2025-09-02"),
        ("discharges", "2025-09-01", "2025-09-30"),
    }


def test_daily_counts_are_judged_as_those_of_the_tidy_tables(tmp_path: Path) -> None:
    """A zero where the median is 10 or more is not submitted; 3 times both sides is an error."""
    values = [60, 60, 60, 0, 60, 60, 300, 60, 60]
    rows = [row(f"2025-09-{day:02}", value=value) for day, value in enumerate(values, start=1)]
    loaded = load_table(tmp_path, "september.csv", HEADER, rows)
    found = frame(loaded)
    assert found.period_start[found.value.isna()].astype(str).tolist() == [
        "2025-09-04",
        "2025-09-07",
    ]
    assert "taken as not submitted" in found.note[3]
    assert "taken as an error" in found.note[6]


def test_rows_of_another_month_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [row(), row("2025-08-01"), row("2025-09-01", value=5)]
    loaded = load_table(tmp_path, "discharge.csv", HEADER, rows)
    assert skipped(loaded) == {
        "of August 2025, in a file of September 2025": 1,
        "the same organisation, period and metric again with the same figures": 1,
    }


def test_the_month_in_the_name_of_the_file_decides(tmp_path: Path) -> None:
    rows = [row("2025-08-01"), row("2025-08-02"), row("2025-09-01")]
    name = "Acute-discharge-CSV-September-2025.csv"
    loaded = load_table(tmp_path, name, HEADER, rows)
    assert skipped(loaded) == {"of August 2025, in a file of September 2025": 2}
    # a name that fits no row decides nothing
    loaded = load_table(tmp_path, "published-October-2025.csv", HEADER, rows)
    assert skipped(loaded) == {"of September 2025, in a file of August 2025": 1}


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_every_encoding_they_use(tmp_path: Path, encoding: str) -> None:
    rows = [("2025-09-01", "Trust", *OXFORD, REASON, "Count", "Delay reason", "4")]
    path = tmp_path / "september.csv"
    path.write_bytes(csv_text(HEADER, rows).encode(encoding))
    assert one(load_checked(path))["indicator"] == "discharge_delay_reason_04"


def test_each_metric_has_a_name_and_the_unit_of_its_row(tmp_path: Path) -> None:
    metrics = {
        ("Total cost of delayed bed days", "Cost", "Cost"): "pounds",
        ("Total delayed bed days in month", "Count", "Bed days"): "bed days",
        ("Discharged on the day", "Percentage", "Discharge"): "%",
        REMAINING: "people",
    }
    units = {metric_indicator(*metric): unit for metric, unit in metrics.items()}
    rows = [("2025-09-01", "Trust", *OXFORD, *metric, 1) for metric in metrics]
    path = tmp_path / "september.csv"
    path.write_text(csv_text(HEADER, rows), encoding="utf-8")
    found = frame(load_file(path, catalogue=own_catalogue(**units)))
    assert dict(zip(found.indicator, found.unit, strict=True)) == units
    assert len(units) == 4


def test_faults(tmp_path: Path) -> None:
    rows = [row("soon"), row(level="Ward"), (*row()[:4], "r-t-h", *row()[5:])]
    told = faults_of(tmp_path, "september.csv", HEADER, rows)
    for cell, words in {
        "A2": "A month or date is needed",
        "B3": "level must be National, Region, ICB or Trust",
        "E4": "code of capital letters and digits",
    }.items():
        assert any(f"cell {cell} is" in line and words in line for line in told), told


def test_rows_without_code_level_or_metric_are_counted(tmp_path: Path) -> None:
    rows = [
        row(),
        ("2025-09-01", "", *OXFORD, *PEOPLE, 1),
        ("2025-09-01", "Trust", "", "", "", "Unknown", *PEOPLE, 1),
        ("2025-09-01", "Trust", *OXFORD, "", "Count", "NCTR", 1),
    ]
    loaded = load_table(tmp_path, "september.csv", HEADER, rows)
    assert skipped(loaded) == {"no level": 1, "no organisation code": 1, "no metric": 1}


def test_a_share_of_a_reason_is_not_its_count() -> None:
    count = metric_indicator(REASON, "Count", "Delay reason LOS 7+")
    share = metric_indicator(REASON, "Percentage", "Delay reason LOS 7+")
    assert share == f"{count}_percentage"


def test_a_word_that_is_no_month_in_the_name_of_a_file_decides_nothing(tmp_path: Path) -> None:
    rows = [row("2025-08-01"), row("2025-08-02"), row("2025-09-01")]
    loaded = load_table(tmp_path, "acute-discharge-files-2025.csv", HEADER, rows)
    assert skipped(loaded) == {"of September 2025, in a file of August 2025": 1}


def test_an_organisation_without_a_name_is_a_fault(tmp_path: Path) -> None:
    told = faults_of(tmp_path, "s.csv", HEADER, [(*row()[:5], "", *row()[6:])])
    assert told == ["s.csv, cell F2 is blank. An organisation needs its name. Write the name."]
