"""Ten awkward journeys: the stratum and the rows of the timeline of each, worked by hand."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from tests.helpers.stays_tables import Case, read_case, read_number
from wholesystem.reviews.cases import Stratum, journey_of, sample_cases, timeline_rows
from wholesystem.stays import STAYS_SCHEMA, Stays

CASES = [read_case(path) for path in sorted((Path(__file__).parent / "cases").glob("*.txt"))]
HOSPITAL = ("ward", "commhosp")
STRATA = (
    Stratum(stratum="long_delay", label="L", rule="long_delay", cases=9, days=7, source="s"),
    Stratum(
        stratum="night_discharge",
        label="N",
        rule="night_discharge",
        cases=9,
        from_hour=22,
        to_hour=6,
        services=HOSPITAL,
        source="s",
    ),
    Stratum(
        stratum="readmitted",
        label="R",
        rule="readmitted",
        cases=9,
        days=30,
        services=HOSPITAL,
        source="s",
    ),
    Stratum(stratum="ordinary", label="O", rule="ordinary", cases=9, source="s"),
)


def with_every_service(stays: Stays) -> Stays:
    """The same, and somebody whose only part is that both hospitals are in the table."""
    times = {"started_at": stays.window_start, "ended_at": stays.window_start}
    rows = [
        {name: None for name in STAYS_SCHEMA.names}
        | {"person": "other", "stay": at, "service": name, "next_service": "died"}
        | times
        for at, name in enumerate(HOSPITAL, start=1)
    ]
    other = pa.Table.from_pylist(rows, schema=STAYS_SCHEMA)
    table = pa.concat_tables([stays.table.replace_schema_metadata(), other])
    return Stays(table, stays.window_start, stays.window_end, concurrent=stays.concurrent)


def test_there_are_ten() -> None:
    assert len(CASES) == 10


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_journey_is_in_the_stratum_worked_by_hand(case: Case) -> None:
    (strata,) = [one for one in case.expected if one.name == "strata"]
    sample = sample_cases(with_every_service(case.stays), STRATA, seed=1)
    found = {one.person: one.stratum for one in sample.cases if one.person != "other"}

    assert found == {row["person"]: row["stratum"] for row in strata.rows}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_timeline_has_the_rows_worked_by_hand(case: Case) -> None:
    (timeline,) = [one for one in case.expected if one.name == "timeline"]
    rows = timeline_rows(journey_of(case.stays, timeline.arguments["person"]))

    assert len(rows) == len(timeline.rows)
    for row, wanted in zip(rows, timeline.rows, strict=True):
        assert str(row.stay) == wanted["stay"]
        assert row.service == (wanted["service"] or "").replace("_", " ")
        assert row.reason == (wanted["reason"] or "").replace("_", " ")
        assert " ".join(row.remarks) == (wanted["remarks"] or "").replace("_", " ")
        for name in ("wait_days", "delay_days"):
            text = wanted[name]
            expected = None if text is None else pytest.approx(read_number(text))
            assert getattr(row, name) == expected
