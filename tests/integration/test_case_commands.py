"""`wholesystem cases ...` end to end."""

import csv
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.helpers.bundles import tree
from wholesystem import cli

STAYS = """person,stay,service,requested_at,started_at,ready_at,ended_at,next_service,reason
=p1,1,ward,,2017-01-01T08:00,2017-01-03T08:00,2017-01-20T08:00,home,E
p2,1,ward,,2017-01-01T08:00,2017-01-03T08:00,2017-01-03T23:00,home,
p3,1,ward,,2017-01-01T08:00,,2017-01-03T12:00,home,
"""
STRATA = """stratum,label,rule,cases,days,from_hour,to_hour,services,source
late/up,Long delay,long_delay,2,7,,,,test
night,At night,night_discharge,1,,22,6,ward,test
ordinary,Ordinary,ordinary,1,,,,,test
"""


def run(*words: object) -> int:
    return cli.main(["cases", *(str(word) for word in words)], environ={})


@pytest.fixture
def stays(tmp_path: Path) -> Path:
    path = tmp_path / "stays.csv"
    path.write_text(STAYS.replace("=p1", "'=p1"), encoding="utf-8")
    return path


@pytest.fixture
def strata(tmp_path: Path) -> Path:
    path = tmp_path / "strata.csv"
    path.write_text(STRATA, encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_sample_writes_the_cases_their_counts_and_their_pictures(
    stays: Path, strata: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    assert run("sample", stays, "--strata", strata, "--seed", 3, "--out", out) == 0

    told = capsys.readouterr().out
    assert "late/up: 1 of 1 eligible. 1 fewer than asked for: no more were eligible.\n" in told
    assert "night: 1 of 1 eligible.\n" in told
    cases = rows(out / "cases.csv")
    assert [row["person"] for row in cases] == ["'=p1", "p2", "p3"]  # no formula
    assert cases[0]["picture"] == "case-001-late-up-1.svg"
    assert [row["drawn"] for row in rows(out / "sampling.csv")] == ["1", "1", "1"]
    for row in cases:
        ElementTree.parse(out / row["picture"])
    page = (out / "index.html").read_text("utf-8")
    assert page.count("<svg") == 3
    assert "Awaiting care package in own home" in page
    assert "=p1" not in page


def test_the_same_seed_writes_the_same_files(stays: Path, strata: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert run("sample", stays, "--strata", strata, "--seed", 3, "--out", tmp_path / name) == 0

    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_faults_are_told_and_nothing_is_written(
    stays: Path, strata: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strata.write_text(STRATA.replace("ward", "wards"), encoding="utf-8")
    out = tmp_path / "out"

    assert run("sample", stays, "--strata", strata, "--seed", 3, "--out", out) == 2
    assert "Did you mean ward?" in capsys.readouterr().err
    assert not out.exists()


def test_the_packaged_strata_tell_which_services_they_need(
    stays: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("sample", stays, "--seed", 3, "--out", tmp_path / "out") == 2
    assert "The stays have no such service." in capsys.readouterr().err
