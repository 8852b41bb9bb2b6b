"""What a profile is asked to show: periods, targets and rebasings, with every fault of a table."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from wholesystem.errors import ParameterError, TableError
from wholesystem.indicators import read_catalogue
from wholesystem.indicators.profile import ProfileOptions, Target, read_rebases, read_targets
from wholesystem.indicators.profile.options import packaged_targets

KNOWN = {"dtoc_rate": 0, "ae_within_4_hours": 0}
TARGETS = "indicator,area_code,from,to,target,name,source"
REBASES = "indicator,area_code,date,reason"


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def target(value: float, code: str = "", start: date | None = None, end: date | None = None):
    return Target.model_validate(
        {
            "indicator": "dtoc_rate",
            "area_code": code,
            "from": start.isoformat() if start else "",
            "to": end.isoformat() if end else "",
            "target": str(value),
            "name": "a target",
            "source": "made up",
        }
    )


def faults_of(read, path: Path) -> list[str]:
    with pytest.raises(TableError) as caught:
        read(path, KNOWN)
    return [str(fault) for fault in caught.value.faults]


# ------------------------------------------------------------------------ the options


@pytest.mark.parametrize("periods", [12, 36, 600])
def test_the_number_of_periods_has_bounds(periods: int) -> None:
    assert ProfileOptions(periods=periods).periods == periods


@pytest.mark.parametrize("periods", [0, 11, 601, -36])
def test_a_number_of_periods_out_of_its_bounds_is_refused(periods: int) -> None:
    with pytest.raises(ParameterError, match=f"periods is {periods}. It must be 12 to 600"):
        ProfileOptions(periods=periods)


def test_the_packaged_targets_are_of_known_indicators() -> None:
    assert {one.indicator for one in packaged_targets()} <= set(read_catalogue())
    # The four-hour standard: 95% (Oxfordshire local system review report, February 2018).
    on = ProfileOptions().target_of("ae_within_4_hours", "RTH", date(2017, 9, 30))
    assert on is not None
    assert on.target == 95
    assert ProfileOptions().target_of("dtoc_rate", "E10000025", date(2017, 9, 30)) is None
    assert ProfileOptions().target_of("ae_within_4_hours", "RTH", date(2010, 3, 31)) is None


@pytest.mark.parametrize("order", [1, -1])
def test_an_areas_own_target_comes_before_that_of_all(order: int) -> None:
    both = (target(10), target(7, "E10000025"))[::order]
    options = ProfileOptions(targets=both)
    day = date(2017, 9, 30)
    found = [options.target_of("dtoc_rate", code, day) for code in ("E10000025", "E10000003")]
    assert [one and one.target for one in found] == [7, 10]


def test_a_target_holds_on_its_first_and_last_day_and_no_longer() -> None:
    spring = target(10, start=date(2017, 4, 1), end=date(2017, 6, 30))
    options = ProfileOptions(targets=(spring,))
    days = [date(2017, 3, 31), date(2017, 4, 1), date(2017, 6, 30), date(2017, 7, 1)]
    held = [options.target_of("dtoc_rate", "E10000025", day) is not None for day in days]
    assert held == [False, True, True, False]
    forever = ProfileOptions(targets=(target(10),))
    assert forever.target_of("dtoc_rate", "E10000025", date(1999, 1, 1)) is not None


# ------------------------------------------------------------------------ tables of targets


def test_targets_of_a_table(tmp_path: Path) -> None:
    path = write(
        tmp_path / "targets.csv",
        TARGETS,
        "dtoc_rate,E10000025,2017-09-01,,9.4,the agreed trajectory,BCF plan",
        "ae_within_4_hours,,,2019-03-31,95,the standard,NHS Constitution",
    )
    own, every = read_targets(path, KNOWN)
    assert (own.starts, own.to, own.target) == (date(2017, 9, 1), None, 9.4)
    assert (every.area_code, every.starts, every.to) == ("", None, date(2019, 3, 31))


def test_targets_of_a_workbook_stand_on_their_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "targets"
    sheet.append(TARGETS.split(","))
    sheet.append(["dtoc_rate", None, date(2017, 9, 1), None, 9.4, "trajectory", "plan"])
    book.create_sheet("mine").append(["anything"])
    book.save(tmp_path / "own.xlsx")
    (found,) = read_targets(tmp_path / "own.xlsx", KNOWN)
    assert (found.starts, found.target) == (date(2017, 9, 1), 9.4)
    (told,) = faults_of(read_rebases, tmp_path / "own.xlsx")
    assert "There is no sheet 'rebases'" in told


def test_every_fault_of_a_table_of_targets_is_told_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path / "targets.csv",
        TARGETS,
        "dtoc_rat,,,,10,a,b",
        "dtoc_rate,,2017-09-01,2017-08-31,10,a,b",
        "dtoc_rate,,,,ten,a,b",
        "dtoc_rate,,01/09/2017,,10,a,b",
        "dtoc_rate,,,,10,,b",
        "dtoc_rate,,,,1e13,a,b",
        "banana,,,,10,a,b",
        "dtoc_rate,E10000052,,,10,a,b",
        "dtoc_rate,Oxfordshire,,,10,a,b",
    )
    told = "\n".join(faults_of(read_targets, path))
    for words in (
        "targets.csv row 2, column indicator is 'dtoc_rat'. There is no such indicator in the"
        " catalogue. Did you mean dtoc_rate?",
        "row 3, column to is '2017-08-31'. The target ends before it starts (2017-09-01).",
        "row 4, column target is 'ten'",
        "row 5, column from is '01/09/2017'",
        "row 6, column name",
        "row 7, column target is '1e13'",
        "row 8, column indicator is 'banana'. There is no such indicator in the catalogue."
        " See wholesystem indicators list.",
        "row 9, column area_code is 'E10000052'. No area has this code, and it has not the form of"
        " a trust's. Did you mean E",
        "row 10, column area_code is 'Oxfordshire'. No area has this code, and it has not the form"
        " of a trust's. Write a code such as E10000025 or RTH.",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (TARGETS.replace("target,", "goal,"), "'goal'"),
        (TARGETS.replace(",source", ""), "source"),
        (TARGETS + ",target", "target"),
    ],
)
def test_columns_that_are_unknown_missing_or_twice(tmp_path: Path, header: str, words: str) -> None:
    path = write(tmp_path / "targets.csv", header)
    assert any(f"column {words}" in told for told in faults_of(read_targets, path))


@pytest.mark.parametrize("read", [read_targets, read_rebases])
def test_there_must_be_a_file(tmp_path: Path, read) -> None:
    (told,) = faults_of(read, tmp_path / "none.csv")
    assert "There is no such file." in told


def test_a_file_of_other_letters_is_told(tmp_path: Path) -> None:
    path = tmp_path / "targets.csv"
    path.write_bytes(TARGETS.encode() + b"\ndtoc_rate,,,,10,caf\xe9,b\n")
    assert "targets.csv" in faults_of(read_targets, path)[0]


# ------------------------------------------------------------------------ tables of rebasings


def test_rebasings_are_an_areas_own_and_in_order_of_time(tmp_path: Path) -> None:
    path = write(
        tmp_path / "rebases.csv",
        REBASES,
        "dtoc_rate,E10000025,2017-04-01,New ward opened",
        "dtoc_rate,E10000025,2016-07-01,Counting changed",
        "dtoc_rate,E10000003,2016-07-01,Another area",
    )
    options = ProfileOptions(rebases=read_rebases(path, KNOWN))
    found = options.rebases_of("dtoc_rate", "E10000025")
    assert [(one.on, one.reason) for one in found] == [
        (date(2016, 7, 1), "Counting changed"),
        (date(2017, 4, 1), "New ward opened"),
    ]
    assert options.rebases_of("ae_within_4_hours", "E10000025") == []


def test_every_fault_of_a_table_of_rebasings_is_told_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path / "rebases.csv",
        REBASES,
        "dtoc_rat,E10000025,2017-04-01,why",
        "dtoc_rate,,2017-04-01,why",
        "dtoc_rate,E10000025,April,why",
        "dtoc_rate,E10000025,2017-02-30,why",
        "dtoc_rate,E10000025,2017-04-01,",
        "dtoc_rate,rth,2017-04-01,why",
    )
    told = faults_of(read_rebases, path)
    columns = ("indicator", "area_code", "date", "date", "reason", "area_code")
    for row, column in enumerate(columns, start=2):
        assert any(f"rebases.csv row {row}, column {column}" in one for one in told)
    assert len(told) == 6
