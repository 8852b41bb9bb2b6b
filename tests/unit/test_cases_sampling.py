"""Strata as a table, and what a sample says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.helpers.stays_tables import make_stays
from wholesystem.errors import ParameterError, TableError
from wholesystem.reviews.cases import (
    Stratum,
    journey_of,
    packaged_strata,
    read_strata,
    sample_cases,
)
from wholesystem.reviews.cases.strata import require_strata

HEADER = "stratum,label,rule,cases,days,from_hour,to_hour,services,not_to,source\n"


def stratum(name: str, rule: str, cases: int = 2, **more: Any) -> Stratum:
    return Stratum(stratum=name, label=name, rule=rule, cases=cases, source="test", **more)


def people(number: int, **last: str) -> Any:
    lines = [f"p{at} 1 ward 01T00:00 05T12:00 05T12:00 home" for at in range(number)]
    head = "person stay service started_at ready_at ended_at next_service\n"
    return make_stays(head + "\n".join(lines), "01T00:00", "31T00:00", **last)


def test_the_packaged_strata_can_be_read_and_say_what_is_assumed() -> None:
    strata = packaged_strata()

    assert [one.rule for one in strata] == [
        "long_delay",
        "night_discharge",
        "readmitted",
        "ordinary",
    ]
    assert sum(one.cases for one in strata) == 18
    assert all(one.source.startswith("assumed: ") for one in strata)


def test_faults_of_a_table_are_told_together(tmp_path: Path) -> None:
    file = tmp_path / "strata.csv"
    file.write_text(
        HEADER
        + "a,A,long_delay,2,,,,,,s\n"  # no days
        + "a,A,ordinary,2,5,,,,,s\n"  # there already; days that it does not take
        + "n,N,night_discharge,2,,6,6,ward,,s\n"  # no time between
        + "m,N,night_discharge,2,,0,24,ward,,s\n"  # the whole day
        + "r,R,rondom,two,,,,,,s\n",
        encoding="utf-8",
    )

    with pytest.raises(TableError) as error:
        read_strata(file)

    told = str(error.value)
    assert len(error.value.faults) == 7
    for part in (
        "row 2, column days",
        "row 3 is 'a'. The stratum stands there already.",
        "row 3, column days is '5'. The rule ordinary has no days.",
        "row 4, column to_hour",
        "row 5, column to_hour",
        "Did you mean random?",
        "row 6, column cases",
    ):
        assert part in told


@pytest.mark.parametrize("text", [HEADER, "stratum,rule\n", ""])
def test_a_table_with_nothing_in_it_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "strata.csv"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(TableError):
        read_strata(file)


def test_a_program_cannot_give_no_strata() -> None:
    with pytest.raises(TableError, match="no stratum"):
        require_strata(())


def test_a_sample_says_how_many_were_eligible_and_drawn() -> None:
    sample = sample_cases(people(5), (stratum("o", "ordinary", 3),), seed=7)

    (count,) = sample.counts
    assert (count.wanted, count.eligible, count.drawn, count.note) == (3, 5, 3, "")
    assert [one.case for one in sample.cases] == ["o-1", "o-2", "o-3"]


def test_a_sample_says_where_there_were_too_few() -> None:
    strata = (stratum("o", "ordinary", 9), stratum("late", "long_delay", 1, days=5))
    first, second = sample_cases(people(5), strata, seed=7).counts

    assert (first.drawn, first.note) == (5, "4 fewer than asked for: no more were eligible.")
    assert (second.eligible, second.drawn) == (0, 0)


def test_random_takes_whom_none_above_drew_and_none_below_takes_them_again() -> None:
    strata = (stratum("r", "random", 2), stratum("o", "ordinary", 9))
    sample = sample_cases(people(5), strata, seed=7)

    assert [(one.eligible, one.drawn) for one in sample.counts] == [(5, 2), (3, 3)]
    assert len({one.person for one in sample.cases}) == 5


def test_a_person_belongs_to_the_first_stratum_met() -> None:
    stays = make_stays(
        "person stay service started_at ready_at ended_at next_service\n"
        "p 1 ward 01T00:00 02T00:00 20T23:00 home",
        "01T00:00",
        "31T00:00",
    )
    late = stratum("late", "long_delay", days=7)
    night = stratum("night", "night_discharge", from_hour=22, to_hour=6, services=("ward",))

    for order in ((late, night), (night, late)):
        (case,) = sample_cases(stays, order, seed=0).cases
        assert case.stratum == order[0].stratum


def test_not_to_says_who_did_not_leave() -> None:
    stays = make_stays(
        "person stay service started_at ended_at next_service\np 1 ward 01T00:00 20T23:00 died",
        "01T00:00",
        "31T00:00",
    )
    hours: Any = {"from_hour": 22, "to_hour": 24, "services": ("ward",)}

    assert sample_cases(stays, [stratum("n", "night_discharge", **hours)], 0).cases
    hours["not_to"] = ("died",)
    assert not sample_cases(stays, [stratum("n", "night_discharge", **hours)], 0).cases


def test_days_until_readmission_are_those_of_the_calendar() -> None:
    stays = make_stays(
        "person stay service started_at ended_at next_service\n"
        "p 1 ward 01T00:00 05T23:00 home\n"
        "p 2 ward 07T01:00 09T00:00 home\n",
        "01T00:00",
        "31T00:00",
    )

    def drawn(days: float) -> int:
        rule = stratum("r", "readmitted", days=days, services=("ward",))
        return len(sample_cases(stays, [rule], 0).cases)

    assert (drawn(2), drawn(3)) == (0, 1)


def test_a_service_that_the_stays_do_not_have_is_refused() -> None:
    strata = [stratum("l", "long_delay", days=1, services=("wards",))]

    with pytest.raises(TableError, match=r"Did you mean ward\?"):
        sample_cases(people(1), strata, 0)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ParameterError, match="seed"):
        sample_cases(people(1), [stratum("o", "ordinary")], -1)


def test_nhs_numbers_are_refused_and_not_repeated() -> None:
    stays = make_stays(
        "person stay service started_at\n9434765919 1 ward 01T00:00", "01T00:00", "31T00:00"
    )

    with pytest.raises(TableError, match="NHS number") as error:
        sample_cases(stays, [stratum("o", "ordinary")], 0)
    assert "9434765919" not in str(error.value)


def test_no_stays_give_no_cases() -> None:
    stays = people(1)
    empty = type(stays)(stays.table.slice(0, 0), stays.window_start, stays.window_end)
    strata = [stratum("o", "ordinary"), stratum("l", "long_delay", days=1)]

    assert sample_cases(empty, strata, 0).cases == ()


def test_a_journey_is_all_stays_of_one_person() -> None:
    stays = people(3)

    assert journey_of(stays, "p1")["person"].to_pylist() == ["p1"]
    assert journey_of(stays, "nobody").num_rows == 0
