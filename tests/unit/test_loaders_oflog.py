"""Yearly measures of adult social care by council."""

from pathlib import Path

import pytest

from tests.helpers.published import faults_of, frame, load_table, one, skipped

HEADER = (
    "Financial year",
    "Local authority code",
    "Local authority name",
    "Grouping",
    "Measure",
    "Code",
    "Value",
    "MEDIAN",
)


def row(code: str = "ASC5", value: object = 68.2, year: str = "2016-17") -> tuple[object, ...]:
    return (year, "E10000025", "Oxfordshire", "LA_Raw", "words", code, value, 76.8)


def test_a_measure_of_a_council_and_year(tmp_path: Path) -> None:
    loaded = load_table(tmp_path, "asc.csv", HEADER, [row(), row("ASC1", 7.7)])
    assert loaded.format == "oflog_asc"
    found = one(loaded, indicator="short_term_service_sequel")
    assert (found["value"], found["cell"], found["unit"]) == (68.2, "G2", "%")
    assert (str(found["period_start"]), str(found["period_end"])) == ("2016-04-01", "2017-03-31")
    assert (found["of"], found["area_kind"]) == ("residents", "area")
    assert found["geography"] == "utla-2013-04"
    carers = one(loaded, indicator="carers_quality_of_life")
    assert (carers["unit"], carers["base"]) == ("score (0 to 12)", "carers who answered the survey")


def test_a_mean_score_of_nought_is_not_possible_but_a_share_is(tmp_path: Path) -> None:
    loaded = load_table(tmp_path, "asc.csv", HEADER, [row("ASC2", 0), row("ASC5", 0)])
    score = one(loaded, indicator="quality_of_life")
    assert score["value"] is None
    assert score["note"].startswith("0 stands in the file; taken as not given")
    assert one(loaded, indicator="short_term_service_sequel")["value"] == 0


def test_a_blank_is_a_row_without_a_value(tmp_path: Path) -> None:
    loaded = load_table(tmp_path, "asc.csv", HEADER, [row("ASC7", ""), row("ASC7", 30, "2017-18")])
    assert frame(loaded).value.isna().tolist() == [True, False]
    assert loaded.rows_kept == 2


def test_the_same_measure_again(tmp_path: Path) -> None:
    loaded = load_table(tmp_path, "asc.csv", HEADER, [row(), row()])
    assert skipped(loaded) == {"the same council, year and measure again with the same figures": 1}
    told = faults_of(tmp_path, "asc.csv", HEADER, [row(), row(value=70)])
    assert "cell G3 is '70'. The same council, year and measure stands in row 2" in told[0]


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (0, "2016-18", "A financial year is needed"),
        (1, "E99999999", "No upper-tier council of England has this code"),
        (2, "", "A council needs its name"),
        (5, "ASC8", "none of the measures ASC1 to ASC7"),
        (6, "lots", "A number is needed"),
    ],
)
def test_faults(tmp_path: Path, place: int, value: str, words: str) -> None:
    wrong = list(row())
    wrong[place] = value
    told = faults_of(tmp_path, "asc.csv", HEADER, [wrong])
    assert len(told) == 1
    assert words in told[0]
