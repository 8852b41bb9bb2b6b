"""Stays as Parquet and CSV: whole, checked, and the same after a round trip."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.helpers.stays_tables import make_stays, make_table
from wholesystem.errors import OutputError, ParameterError, TableError, UserError
from wholesystem.stays import (
    SPELLS_SCHEMA,
    STAYS_SCHEMA,
    Stays,
    as_stays,
    delays,
    read_stays,
    stamp,
    write_stays,
)
from wholesystem.stays.cells import escape_cells, unescape_cells
from wholesystem.stays.times import write_times

TEXT = """\
person stay service requested_at started_at ready_at ended_at next_service reason responsible
p2 1 ward 01T00:00 01T06:00 03T00:00 05T12:30 home E social_care
p1 1 ae   -        02T00:00 -        -        -    - -"""


@pytest.fixture
def stays() -> Stays:
    return make_stays(TEXT, "01T00:00", "11T00:00", population=500.5, concurrent=frozenset("ab"))


@pytest.mark.parametrize("ending", ["parquet", "csv", "PARQUET", "CSV"])
def test_a_round_trip_keeps_every_row(tmp_path: Path, stays: Stays, ending: str) -> None:
    path = tmp_path / f"stays.{ending}"
    write_stays(stays, path)
    found = read_stays(path)

    assert found.table["person"].to_pylist() == ["p1", "p2"]
    assert found.table.equals(stays.table.take([1, 0]))


def test_parquet_keeps_the_window_population_and_concurrent_services(
    tmp_path: Path, stays: Stays
) -> None:
    path = tmp_path / "stays.parquet"
    write_stays(replace(stays, simulated=True), path)
    found = read_stays(path)

    assert (found.window_start, found.window_end) == (stays.window_start, stays.window_end)
    assert found.population == 500.5
    assert found.concurrent == {"a", "b"}
    assert found.simulated
    metadata = pq.read_schema(path).metadata
    assert metadata[b"wholesystem.window_start"] == b"2017-01-01T00:00:00"
    assert metadata[b"wholesystem.simulated"] == b"true"


def test_given_values_replace_those_of_the_file(tmp_path: Path, stays: Stays) -> None:
    path = tmp_path / "stays.parquet"
    write_stays(stays, path)
    start = datetime(2017, 1, 2)
    found = read_stays(path, window_start=start, population=9)

    assert (found.window_start, found.window_end) == (start, stays.window_end)
    assert found.population == 9


def test_csv_has_iso_times_and_no_window(tmp_path: Path, stays: Stays) -> None:
    path = tmp_path / "stays.csv"
    write_stays(stays, path)

    assert "2017-01-05T12:30:00" in path.read_text()
    found = read_stays(path)
    assert found.window_start == datetime(2017, 1, 2) - timedelta(hours=18)
    assert found.window_end == datetime(2017, 1, 5, 12, 30)


@pytest.mark.parametrize("person", ["=1+1", "+44", "-p", "@p", "'=x", "''@x", "'plain", "\tx"])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_names_that_excel_would_run_come_back_unchanged(
    tmp_path: Path, stays: Stays, person: str, ending: str
) -> None:
    names = pa.array([person, "b"])
    table = stays.table.set_column(0, STAYS_SCHEMA.field("person"), names)
    path = tmp_path / f"stays.{ending}"
    write_stays(replace(stays, table=table), path)

    assert set(read_stays(path).table["person"].to_pylist()) == {person, "b"}
    if ending == "csv":
        cells = [line.split(",")[0].strip('"') for line in path.read_text().splitlines()]
        assert not [cell for cell in cells if cell[:1] in "=+-@\t" and cell]


def test_escaping_leaves_plain_text_alone() -> None:
    plain = pa.chunked_array([pa.array(["ward", "a-b", "", None, "it's"])])

    assert escape_cells(plain).equals(plain)
    assert unescape_cells(plain).equals(plain)


def test_fractions_of_seconds_survive() -> None:
    times = pa.chunked_array([pa.array([datetime(2017, 1, 1, 0, 0, 10, 250), None])])

    assert write_times(times).to_pylist() == ["2017-01-01T00:00:10.000250", None]
    whole = pa.chunked_array([pa.array([datetime(2017, 1, 1, 10, 0, 0)])])
    assert write_times(whole).to_pylist() == ["2017-01-01T10:00:00"]


def test_bad_stays_are_refused_and_the_earlier_file_stays(tmp_path: Path, stays: Stays) -> None:
    path = tmp_path / "stays.parquet"
    write_stays(stays, path)
    before = path.read_bytes()
    bad = make_stays("person stay service started_at\np 0 ward 01T00:00", "01T00:00", "02T00:00")

    with pytest.raises(TableError, match="stays row 2, column stay is '0'"):
        write_stays(bad, path)

    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["stays.parquet"]


def test_a_file_with_bad_rows_is_refused_by_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "stays.csv"
    path.write_text(
        "stay,person,service,started_at,ended_at\n"
        "1,p,ward,2017-01-01,2017-01-02 10:00\n"
        "\n"
        "one,q,ward,2017-02-30T00:00,\n"
        "1,r,ward\n"
        "1,s,ward,2017-01-01T00:00Z,\n"
    )

    with pytest.raises(TableError) as caught:
        read_stays(path)

    places = [fault.where for fault in caught.value.faults]
    assert places == [
        "stays.csv row 4, column stay",
        "stays.csv row 4, column started_at",
        "stays.csv row 5",
        "stays.csv row 6, column started_at",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"\x00\x01\x02PK\x03\x04",
        b"\xff\xfep\x00e\x00",
        b"person,stay,service,started_at\np\xe9,1,ward,2017-01-01\n",
        b'person,stay,service,started_at\n"p,1,ward,2017-01-01\n',
        b"person,person,stay,service,started_at\np,p,1,ward,2017-01-01\n",
        b"person,stay,service,started_at,colour\np,1,ward,2017-01-01,red\n",
        b"person,stay\np,1\n",
    ],
    ids=["empty", "blank", "binary", "utf-16", "latin", "quote", "twice", "unknown", "missing"],
)
def test_broken_csv_is_refused_in_plain_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "stays.csv"
    path.write_bytes(content)

    with pytest.raises(TableError, match=r"stays\.csv"):
        read_stays(path)


def test_broken_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stays.parquet"
    path.write_bytes(b"PAR1 not really")

    with pytest.raises(TableError, match="damaged"):
        read_stays(path)


@pytest.mark.parametrize("name", ["stays.txt", "stays", "stays.xlsx"])
def test_other_kinds_of_file_are_refused(tmp_path: Path, stays: Stays, name: str) -> None:
    with pytest.raises(UserError, match=r"\.parquet or \.csv"):
        write_stays(stays, tmp_path / name)
    with pytest.raises(UserError, match=r"\.parquet or \.csv"):
        read_stays(tmp_path / name)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        read_stays(tmp_path / "none.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UserError, match="is a folder"):
        read_stays(tmp_path / "folder.csv")
    with pytest.raises(OutputError):
        write_stays(make_stays(TEXT, "01T00:00", "02T00:00"), tmp_path / "folder.csv")


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_delay_spells_travel_beside_the_stays(tmp_path: Path, stays: Stays, ending: str) -> None:
    row = dict(
        zip(SPELLS_SCHEMA.names, ["p2", "1", "A", "nhs", "03T00:00", "04T00:00"], strict=True)
    )
    dated = replace(stays, spells=make_table([row], SPELLS_SCHEMA))
    path = tmp_path / f"stays.{ending}"
    write_stays(dated, path)
    beside = tmp_path / f"stays_spells.{ending}"
    assert beside.is_file()

    found = read_stays(path, spells=beside if ending == "csv" else None)
    assert found.spells is not None
    assert set(delays(found)["reason"]) == {"A", "E"}
    write_stays(stays, path)
    assert read_stays(path).spells is None


def test_spells_outside_their_delay_are_refused(tmp_path: Path, stays: Stays) -> None:
    row = dict(
        zip(SPELLS_SCHEMA.names, ["p2", "1", "A", "nhs", "01T00:00", "04T00:00"], strict=True)
    )

    with pytest.raises(TableError, match="spells row 2, column from"):
        write_stays(
            replace(stays, spells=make_table([row], SPELLS_SCHEMA)), tmp_path / "stays.parquet"
        )


def test_a_table_may_carry_its_window() -> None:
    table = make_stays(TEXT, "01T00:00", "02T00:00").table.replace_schema_metadata(None)
    start, end = datetime(2017, 1, 1), datetime(2017, 3, 1)
    stamped = stamp(table, start, end, population=10, simulated=True)

    found = as_stays(stamped)
    assert (found.window_start, found.window_end, found.population) == (start, end, 10)
    assert found.simulated
    assert as_stays(found) is found


def test_a_table_with_no_window_is_measured_from_first_start_to_last_time() -> None:
    table = make_stays(TEXT, "01T00:00", "02T00:00").table.replace_schema_metadata(None)
    found = as_stays(table)

    assert found.window_start == datetime(2017, 1, 1, 6)
    assert found.window_end == datetime(2017, 1, 5, 12, 30)
    assert as_stays(STAYS_SCHEMA.empty_table()).days == 1


def test_metadata_that_cannot_be_read_is_told() -> None:
    table = STAYS_SCHEMA.empty_table().replace_schema_metadata(
        {b"wholesystem.window_start": b"yesterday"}
    )
    with pytest.raises(ParameterError, match="window or population"):
        as_stays(table)


@pytest.mark.parametrize(
    "changes",
    [
        {"window_end": datetime(2017, 1, 1)},
        {"window_end": datetime(2016, 1, 1)},
        {"population": 0.0},
        {"population": float("nan")},
        {"population": float("inf")},
    ],
)
def test_an_impossible_window_or_population_is_refused(
    stays: Stays, changes: dict[str, object]
) -> None:
    with pytest.raises(ParameterError):
        replace(stays, **changes)


def test_other_types_of_the_same_values_are_taken(stays: Stays) -> None:
    table = stays.table
    seconds = table["started_at"].cast(pa.timestamp("ms"))
    changed = table.set_column(6, "started_at", seconds)
    changed = changed.set_column(2, "service", table["service"].dictionary_encode())

    assert replace(stays, table=changed).table.equals(stays.table)
    with pytest.raises(TableError, match="column stay"):
        replace(stays, table=table.set_column(1, "stay", pa.array(["one", "two"])))
