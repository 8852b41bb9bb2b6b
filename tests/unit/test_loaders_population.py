"""Population by single year of age: what is added up, and what must add up."""

from datetime import date
from pathlib import Path

import pytest

from tests.helpers.published import faults_of, frame, load_table, one, skipped
from wholesystem.indicators.geography import areas_on

AGES = [*(str(age) for age in range(90)), "90+"]
GIVEN = ("age_18_plus", "age_65_plus", "age_75_plus", "age_85_plus")
HEADER = ("year", "utla_code", "utla_name", "total_population", *GIVEN, *AGES)


def row(
    code: str = "E10000025", name: str = "Oxfordshire", year: object = 2017, each: int = 10
) -> list[object]:
    """A council with the same number of people at every age."""
    bands = [each * (91 - first) for first in (18, 65, 75, 85)]
    return [year, code, name, each * 91, *bands, *([each] * 91)]


def test_bands_are_added_up_from_single_years(tmp_path: Path) -> None:
    loaded = load_table(tmp_path, "people.csv", HEADER, [row()])
    assert loaded.format == "population"
    found = frame(loaded).set_index("indicator")
    # 91 columns of age, 0 to 89 and 90+, ten people each: 73 of them from 18 on, and so on
    assert found.value.to_dict() == {
        "population": 910,
        "population_18_plus": 730,
        "population_65_plus": 260,
        "population_75_plus": 160,
        "population_85_plus": 60,
    }
    assert found.cell["population"] == "D2"
    # age 0 stands in column I, so 65 is the 74th column (BV) and 90+ the 99th (CU)
    assert found.cell["population_65_plus"] == "BV2:CU2"
    assert {str(day) for day in (*found.period_start, *found.period_end)} == {"2017-06-30"}
    assert set(found.of) == {"residents"}
    assert set(found.publisher) == {"Office for National Statistics"}


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        (3, "D2", "The ages 0 to 90+ of the row add up to 910."),
        (5, "F2", "The ages 65 to 90+ of the row add up to 260."),
        (7, "H2", "The ages 85 to 90+ of the row add up to 60."),
    ],
)
def test_ages_must_add_up_to_what_is_given(
    tmp_path: Path, column: int, cell: str, words: str
) -> None:
    wrong = row()
    wrong[column] = 1000
    told = faults_of(tmp_path, "people.csv", HEADER, [wrong])
    assert told == [
        f"people.csv, cell {cell} is '1000'. {words} Fetch the file again, or mend the cell that "
        "is wrong."
    ]


def test_every_year_of_age_is_needed(tmp_path: Path) -> None:
    wrong = row()
    wrong[8 + 40] = ""
    told = faults_of(tmp_path, "people.csv", HEADER, [wrong])
    assert told == [
        "people.csv, cell AW2 is blank. Every year of age needs its number of people. "
        "Fetch the file again."
    ]


def test_bands_need_not_be_given(tmp_path: Path) -> None:
    short = row()
    del short[4:8]
    header = [name for name in HEADER if name not in GIVEN]
    loaded = load_table(tmp_path, "people.csv", header, [short])
    assert one(loaded, indicator="population_85_plus")["value"] == 60


def test_england_and_the_version_of_the_boundaries(tmp_path: Path) -> None:
    rows = [
        row("E06000059", "Dorset", 2017),
        row("E10000002", "Buckinghamshire", 2017),
        row("E06000060", "Buckinghamshire", 2020),
        row("E92000001", "England", 2020),
        row("W06000015", "Cardiff", 2020),
    ]
    loaded = load_table(tmp_path, "people.csv", HEADER, rows)
    total = frame(loaded).query("indicator == 'population'").set_index(["area", "period_start"])
    assert total.geography.tolist()[0] == "utla-2019-04"
    # with Dorset the unitary council but Buckinghamshire still a county
    assert total.geography.tolist()[1] == "utla-2019-04"
    assert total.area_kind.tolist() == ["area", "area", "area", "country"]
    assert skipped(loaded) == {"no upper-tier council of England": 1}


def test_a_year_twice_with_other_numbers(tmp_path: Path) -> None:
    told = faults_of(tmp_path, "people.csv", HEADER, [row(), row(each=11)])
    assert len(told) == 1
    assert "cell D3 is '1001'. The same area and year stands in row 2 with 910." in told[0]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (0, "mid-2017", "A year of four digits is needed"),
        (1, "Oxfordshire", "a letter and eight digits"),
        (20, "ten", "A number is needed"),
        (20, "-1", "It must be 0 or more"),
    ],
)
def test_other_faults(tmp_path: Path, column: int, value: str, words: str) -> None:
    wrong = row()
    wrong[column] = value
    told = faults_of(tmp_path, "people.csv", HEADER, [wrong])
    assert any(words in line for line in told), told


def test_all_councils_must_add_up_to_england(tmp_path: Path) -> None:
    councils = [row(one.code, one.name, 2020) for one in areas_on(date(2020, 4, 1))]
    england = row("E92000001", "England", 2020, each=10 * len(councils))
    loaded = load_table(tmp_path, "people.csv", HEADER, [*councils, england])
    assert set(frame(loaded).geography) == {"utla-2020-04", "country"}
    england[3] = england[3] + 1
    england[-1] = england[-1] + 1
    england[4:8] = [band + 1 for band in england[4:8]]
    told = faults_of(tmp_path, "people.csv", HEADER, [*councils, england])
    place = f"cell D{len(councils) + 2}"
    assert len(told) == 5
    assert place in told[0]
    assert f"The councils of 2020 add up to {910 * len(councils)} (total_population)." in told[0]


def test_councils_of_no_one_day_are_told(tmp_path: Path) -> None:
    rows = [row("E10000002", "Buckinghamshire"), row("E06000060", "Buckinghamshire")]
    loaded = load_table(tmp_path, "people.csv", HEADER, rows)
    assert loaded.warnings == ("The councils of 2017 are of no one day's boundaries.",)
    assert set(frame(loaded).geography) == {"utla-2013-04"}
