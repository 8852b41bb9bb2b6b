"""Look-ups: rows, faults, and that none is taken for another."""

from pathlib import Path

import pytest

from tests.helpers.published import faults_of, load_table, skipped

AREAS = ("nhs_trust22_code", "ltla21_code", "proportion_trust_came_from_ltla")
PARTS = ("ltla21_name", "ltla21_code", "utla21_name", "utla21_code")


def test_districts_and_councils_of_a_year(tmp_path: Path) -> None:
    rows = [
        ("Cherwell", "E07000177", "Oxfordshire", "E10000025"),
        ("Oxford", "E07000178", "Oxfordshire", "E10000025"),
        ("Cardiff", "W06000015", "Cardiff", "W06000015"),
    ]
    loaded = load_table(tmp_path, "parts.csv", PARTS, rows)
    assert loaded.format == "area_parts"
    assert loaded.lookups["area_parts"].to_pylist()[1] == {
        "ltla_code": "E07000178",
        "ltla": "Oxford",
        "area_code": "E10000025",
        "area": "Oxfordshire",
        "file": "parts.csv",
        "cell": "D3",
        "year": 2021,
    }
    assert skipped(loaded) == {"outside England": 1}
    assert (loaded.rows_kept, loaded.observations.num_rows) == (2, 0)


def test_a_district_in_two_councils(tmp_path: Path) -> None:
    rows = [
        ("Oxford", "E07000178", "Oxfordshire", "E10000025"),
        ("Oxford", "E07000178", "Oxfordshire", "E10000025"),
        ("Oxford", "E07000178", "Swindon", "E06000030"),
    ]
    told = faults_of(tmp_path, "parts.csv", PARTS, rows)
    assert told == [
        "parts.csv, cell D4 is 'E06000030'. Row 2 has E10000025 for the same area. Keep the row "
        "that is right."
    ]
    assert skipped(load_table(tmp_path, "parts.csv", PARTS, rows[:2])) == {"the same row again": 1}


def test_regions_and_small_areas(tmp_path: Path) -> None:
    header = ("ltla21_name", "ltla21_code", "region21_name", "region21_code")
    loaded = load_table(
        tmp_path, "r.csv", header, [("Oxford", "E07000178", "South East", "E12000008")]
    )
    assert loaded.format == "area_regions"
    assert loaded.lookups["area_regions"]["region"].to_pylist() == ["South East"]
    header = (
        "lsoa11_name",
        "lsoa11_code",
        "ltla19_name",
        "ltla19_code",
        "utla19_code",
        "utla19_name",
    )
    row = ("Oxford 001A", "E01028500", "Oxford", "E07000178", "E10000025", "Oxfordshire")
    loaded = load_table(tmp_path, "s.csv", header, [row])
    assert loaded.format == "small_area_parts"
    found = loaded.lookups["small_area_parts"].to_pylist()[0]
    assert (found["lsoa_code"], found["area_code"], found["year"]) == (
        "E01028500",
        "E10000025",
        2019,
    )


def test_shares_of_a_trust(tmp_path: Path) -> None:
    rows = [("RTH", "E07000178", 0.75), ("RTH", "E07000177", 0.25)]
    loaded = load_table(tmp_path, "shares.csv", AREAS, rows)
    assert loaded.format == "trust_areas"
    assert loaded.lookups["trust_areas"].to_pylist()[0] == {
        "trust_code": "RTH",
        "area_code": "E07000178",
        "share": 0.75,
        "file": "shares.csv",
        "cell": "C2",
    }


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("RTH", "E07000178", 0.75)], "The shares of RTH add up to 0.75, not 1."),
        ([("RTH", "E07000178", 0.0), ("RTH", "E07000177", 1.0)], "cell C2 is '0'. A share must"),
        ([("RTH", "E07000178", "")], "cell C2 is blank. A share must be above 0 and at most 1."),
        ([("RTH", "Oxford", 1)], "cell B2 is 'Oxford'. A code of the Office"),
        ([("RTH", "E07000178", 0.5), ("RTH", "E07000178", 0.6)], "stands in row 2 with 0.5"),
    ],
)
def test_faults_of_shares(tmp_path: Path, rows: list[tuple[object, ...]], words: str) -> None:
    told = faults_of(tmp_path, "shares.csv", AREAS, rows)
    assert any(words in line for line in told), told


def test_boards_and_acute_trusts(tmp_path: Path) -> None:
    header = ("nhs_trust22_code", "icb22_code", "proportion_trust_came_from_icb")
    loaded = load_table(tmp_path, "icb.csv", header, [("RTH", "E54000044", 1.0)])
    assert loaded.lookups["trust_icbs"]["icb_code"].to_pylist() == ["E54000044"]
    header = (
        "nhs_trust22_code_all",
        "nhs_trust22_code_acute",
        "proportion_attendances_attributed_to_acute_trust",
    )
    rows = [("RNU", "RTH", 0.828), ("RNU", "RHW", 0.172), ("8J094", "RTH", 1.0)]
    loaded = load_table(tmp_path, "acute.csv", header, rows)
    assert loaded.format == "trust_acute"
    assert loaded.lookups["trust_acute"]["acute_code"].to_pylist() == ["RTH", "RHW", "RTH"]


def test_names_and_successors(tmp_path: Path) -> None:
    header = ("nhs_trust22_name", "nhs_trust22_code", "status", "lon", "lat")
    rows = [("Oxford University Hospitals", "RTH", "open", -1.2, 51.7)]
    loaded = load_table(tmp_path, "names.csv", header, rows)
    assert loaded.lookups["trust_names"].to_pylist() == [
        {
            "trust_code": "RTH",
            "trust": "Oxford University Hospitals",
            "status": "open",
            "file": "names.csv",
            "cell": "A2",
        }
    ]
    header = ("old_code", "new_code", "date")
    rows = [("RW3", "R0A", "2017-10-01"), ("RTH", "RTH", "2011-11-01")]
    loaded = load_table(tmp_path, "codes.csv", header, rows)
    found = loaded.lookups["trust_successors"].to_pylist()
    assert [(row["new_code"], str(row["date"])) for row in found] == [("R0A", "2017-10-01")]
    assert skipped(loaded) == {"the code did not change": 1}
