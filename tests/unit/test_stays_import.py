"""Extracts brought in: nothing dropped in silence."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wholesystem.errors import TableError, UserError
from wholesystem.stays import check_file, import_stays, read_stays

EXTRACT = """patient,unit,extra,in,out,responsible,stay_reason
p1,ward,x,01/02/2017 10:00,02/02/2017 11:30,nhs,A
943 476 5919,ward,x,01/02/2017 10:00,,,
,,,,,,
p2,ward,x,31/02/2017 10:00,,,
p3,ward,x,01/02/2017 10:00,,gp,
p1,ward,x,05/02/2017 10:00,,,Z9
p4,"ward, north",x,03/02/2017 10:00,,,
p5,ward
"""
MAPPING = """column,from,format
person,patient,
service,unit,
started_at,in,%d/%m/%Y %H:%M
ended_at,out,%d/%m/%Y %H:%M
reason,stay_reason,
"""


@pytest.fixture
def extract(tmp_path: Path) -> tuple[Path, Path]:
    source, mapping = tmp_path / "extract.csv", tmp_path / "map.csv"
    source.write_text(EXTRACT)
    mapping.write_text(MAPPING)
    return source, mapping


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_is_kept_or_rejected_with_its_reason(
    tmp_path: Path, extract: tuple[Path, Path]
) -> None:
    out = tmp_path / "made" / "stays.parquet"
    result = import_stays(*[extract[0], out, extract[1]])

    assert (result.rows_read, result.rows_kept, result.rows_rejected) == (7, 3, 4)
    assert result.blank_lines == 1
    rejected = rows_of(out.with_name("rejected.csv"))
    assert [(r["row"], r["column"], r["value"]) for r in rejected] == [
        ("3", "person", ""),
        ("5", "started_at", "31/02/2017 10:00"),
        ("6", "responsible", "gp"),
        ("9", "", ""),
    ]
    assert all(r["rule"] and r["remedy"] for r in rejected)
    kept = read_stays(out).table.to_pylist()
    assert [(r["person"], r["stay"], r["service"]) for r in kept] == [
        ("p1", 1, "ward"),
        ("p1", 2, "ward"),
        ("p4", 1, "ward, north"),
    ]
    assert kept[0]["ended_at"] == datetime(2017, 2, 2, 11, 30)


def test_counts_faults_and_warnings_are_told(extract: tuple[Path, Path]) -> None:
    lines = "\n".join(check_file(extract[0], mapping=extract[1]).lines())

    assert "extract.csv: 7 rows read, 3 kept, 4 rejected." in lines
    assert "extract.csv row 6, column responsible is 'gp'." in lines
    assert "Columns not used: extra." in lines
    assert "numbered in order of started_at" in lines
    assert "Z9 (1 stays)" in lines
    assert "9434765919" not in lines.replace(" ", "")


def test_the_quality_table_counts_what_is_missing_and_odd(
    tmp_path: Path, extract: tuple[Path, Path]
) -> None:
    import_stays(extract[0], tmp_path / "stays.csv", extract[1])
    lines = {(r["check"], r["column"]): r["count"] for r in rows_of(tmp_path / "quality.csv")}

    assert lines["rows read", ""] == "7"
    assert lines["people", "person"] == "2"
    assert lines["faults", "responsible"] == "1"
    assert lines["missing", "ended_at"] == "2"
    assert lines["open stays", "ended_at"] == "2"
    assert lines["at midnight", "started_at"] == "0"
    assert lines["reason not in the list", "reason"] == "1"


def test_excel_and_parquet_extracts_are_read_alike(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["started_at", "person", "service", "stay", "ended_at"])
    sheet.append([datetime(2017, 1, 1, 10), "p1", "ward", 1, datetime(2017, 1, 3)])
    sheet.append([None, None, None, None, None])
    sheet.append(["soon", 77, "ward", 1.0, None])
    book.save(tmp_path / "extract.xlsx")
    table = pa.table(
        {
            "person": ["p1", "77"],
            "stay": pa.array([1, 1], pa.int32()),
            "service": pa.array(["ward", "ward"]).dictionary_encode(),
            "started_at": pa.array([datetime(2017, 1, 1, 10), None], pa.timestamp("ms")),
            "ended_at": pa.array([datetime(2017, 1, 3), None], pa.timestamp("ns")),
        }
    )
    pq.write_table(table, tmp_path / "extract.parquet")

    for name, row, value in (("extract.xlsx", 4, "soon"), ("extract.parquet", 3, None)):
        result = check_file(tmp_path / name)
        assert (result.rows_read, result.rows_kept) == (2, 1)
        (fault,) = result.rejected.to_pylist()
        assert (fault["row"], fault["column"], fault["value"]) == (row, "started_at", value)


def test_parquet_times_with_a_zone_are_refused(tmp_path: Path) -> None:
    table = pa.table(
        {
            "person": ["p1"],
            "service": ["ward"],
            "started_at": pa.array([datetime(2017, 1, 1)], pa.timestamp("us", tz="UTC")),
        }
    )
    pq.write_table(table, tmp_path / "extract.parquet")

    (fault,) = check_file(tmp_path / "extract.parquet").rejected.to_pylist()
    assert "without a zone" in fault["rule"]


def test_when_nothing_can_be_kept_an_earlier_file_stays(
    tmp_path: Path, extract: tuple[Path, Path]
) -> None:
    out = tmp_path / "stays.parquet"
    import_stays(extract[0], out, extract[1])
    before = out.read_bytes()
    bad = tmp_path / "bad.csv"
    bad.write_text("person,service,started_at\np,ward,never\n")

    with pytest.raises(TableError, match=r"bad\.csv row 2, column started_at is 'never'"):
        import_stays(bad, out)

    assert out.read_bytes() == before
    assert len(rows_of(tmp_path / "rejected.csv")) == 1


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("column,from\nward,unit\n", "no such column"),
        ("column,from\nservice,bed\n", "extract.csv has no such column"),
        ("column,from\nservice,unit\nservice,extra\n", "mapped twice"),
        ("column,from,format\nservice,unit,%d\n", "Only times have a format"),
        ("ours,theirs\nservice,unit\n", "column from is missing"),
    ],
)
def test_a_wrong_mapping_is_told(
    tmp_path: Path, extract: tuple[Path, Path], mapping: str, message: str
) -> None:
    extract[1].write_text(mapping)

    with pytest.raises(TableError, match=message):
        check_file(extract[0], mapping=extract[1])


def test_missing_columns_and_files_are_told(tmp_path: Path, extract: tuple[Path, Path]) -> None:
    with pytest.raises(TableError, match="column person: The column is missing"):
        check_file(extract[0])
    with pytest.raises(UserError, match="does not exist"):
        check_file(extract[0], mapping=tmp_path / "none.csv")
    with pytest.raises(UserError, match=r"\.parquet or \.csv"):
        import_stays(extract[0], tmp_path / "stays.xlsx", extract[1])
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK not a workbook")
    with pytest.raises(TableError, match="not an Excel workbook"):
        check_file(broken)
