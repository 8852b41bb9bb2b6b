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
from wholesystem.indicators.loaders.acute_discharge import metric_indicator

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
REMAINING = ("Daily average NCTR remaining", "Count", "NCTR")


def row(period: str = "2025-09-01", level: str = "Trust", value: object = 5) -> tuple[object, ...]:
    return (period, level, *OXFORD, *REMAINING, value)


def test_one_number_a_row(tmp_path: Path) -> None:
    rows = [
        row(value="170.5"),
        ("2025-09-01", "National", "", "", "-", "ENGLAND", *REMAINING, "13,032"),
        ("2025-09-01", "Trust", *OXFORD, REASON, "Count", "Delay reason LOS 7+", "4"),
        ("2025-09-01", "Trust", *OXFORD, REASON, "Count", "Delay reason LOS 14+", "2"),
    ]
    loaded = load_table(tmp_path, "september.csv", HEADER, rows)
    assert loaded.format == "acute_discharge"
    found = one(loaded, area_code="RTH", cell="J2")
    assert found["indicator"] == "acute_discharge_nctr_daily_average_nctr_remaining_count"
    assert (found["value"], str(found["period_end"])) == (170.5, "2025-09-30")
    england = one(loaded, area_code="E92000001")
    assert (england["value"], england["area"], england["area_kind"]) == (
        13032,
        "England",
        "country",
    )
    assert one(loaded, indicator="discharge_delay_reason_04_stay_7_plus")["value"] == 4
    assert one(loaded, indicator="discharge_delay_reason_04_stay_14_plus")["value"] == 2


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
    rows = [("2025-09-01", "Trust", *OXFORD, REASON, "Count", "Delay reason LOS 7+", "4")]
    path = tmp_path / "september.csv"
    path.write_bytes(csv_text(HEADER, rows).encode(encoding))
    assert one(load_checked(path))["indicator"] == "discharge_delay_reason_04_stay_7_plus"


def test_units_in_the_words_of_the_file(tmp_path: Path) -> None:
    metrics = [
        ("Total cost of delayed bed days", "Cost", "Cost"),
        ("Total delayed bed days in month", "Count", "Bed days"),
        ("Discharged on the day", "Percentage", "Discharge"),
        REMAINING,
    ]
    rows = [("2025-09-01", "Trust", *OXFORD, *metric, 1) for metric in metrics]
    found = frame(load_table(tmp_path, "september.csv", HEADER, rows)).sort_values("cell")
    assert found.unit.tolist() == ["pounds", "bed days", "%", "people"]
    assert found.indicator.is_unique


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
        ("2025-09-01", "", *OXFORD, *REMAINING, 1),
        ("2025-09-01", "Trust", "", "", "", "Unknown", *REMAINING, 1),
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
