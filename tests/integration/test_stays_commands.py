"""`wholesystem stays ...` end to end."""

import csv
from pathlib import Path

import pytest

from wholesystem import cli

HEADER = "person,stay,service,requested_at,started_at,ready_at,ended_at,next_service,reason"
SOUND = "a,1,ward,2017-04-01,2017-04-01,2017-04-03,2017-04-05,home,E"
LATE = "b,1,ward,2017-04-01,2017-04-02,2017-04-09,2017-04-05,home,E"  # ends before it is ready


def run(*words: object) -> int:
    return cli.main([str(word) for word in words], environ={})


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "extract.csv"
    path.write_text(f"{HEADER}\n{SOUND}\n{LATE}\n")
    return path


def test_check_passes_a_sound_file_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sound.csv").write_text(f"{HEADER}\n{SOUND}\n")

    assert run("stays", "check", tmp_path / "sound.csv") == 0
    assert "1 rows read, 1 kept, 0 rejected" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["sound.csv"]


def test_check_tells_a_fault_with_its_row(
    extract: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("stays", "check", extract) == 2
    message = capsys.readouterr().err
    assert "extract.csv row 3" in message
    assert "2 rows read, 1 kept, 1 rejected" in message
    assert [path.name for path in extract.parent.iterdir()] == ["extract.csv"]


def test_import_keeps_what_is_sound_and_lists_the_rest(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "made" / "stays.parquet"

    assert run("stays", "import", extract, "--out", out, "--population", 1000) == 0
    assert "2 rows read, 1 kept, 1 rejected" in capsys.readouterr().out
    assert {path.name for path in out.parent.iterdir()} == {
        "stays.parquet",
        "rejected.csv",
        "quality.csv",
    }
    assert {row["row"] for row in read(out.parent / "rejected.csv")} == {"3"}


def test_import_then_measure_gives_the_figures_of_one_known_stay(tmp_path: Path) -> None:
    (tmp_path / "sound.csv").write_text(f"{HEADER}\n{SOUND}\n")
    stays = tmp_path / "stays.parquet"
    window = ["--window-start", "2017-04-01", "--window-end", "2017-04-11"]
    assert run("stays", "import", tmp_path / "sound.csv", "--out", stays, *window) == 0

    assert run("stays", "measure", stays, "--out", tmp_path / "m", "--rule", "none") == 0

    # Four days in the ward, two of them delayed, over a window of ten days.
    occupancy = read(tmp_path / "m" / "occupancy.csv")[0]
    assert occupancy["service"] == "ward"
    assert float(occupancy["occupied"]) == pytest.approx(0.4)
    assert float(occupancy["delayed"]) == pytest.approx(0.2)
    delays = read(tmp_path / "m" / "delays.csv")[0]
    assert (delays["waiting_for"], delays["reason"]) == ("home", "E")
    for name in ("flows.csv", "length_of_stay.csv"):
        assert read(tmp_path / "m" / name)


def test_measure_hides_small_numbers_of_real_people(tmp_path: Path) -> None:
    (tmp_path / "sound.csv").write_text(f"{HEADER}\n{SOUND}\n")
    stays = tmp_path / "stays.parquet"
    assert run("stays", "import", tmp_path / "sound.csv", "--out", stays) == 0

    assert run("stays", "measure", stays, "--out", tmp_path / "m") == 0
    assert read(tmp_path / "m" / "occupancy.csv")[0]["occupied"] == ""


def test_measure_of_a_simulated_file(tmp_path: Path) -> None:
    model, out = tmp_path / "model", tmp_path / "out"
    assert run("new", model) == 0
    few = ["--replications", 1, "--days", 10, "--stays", "--no-progress"]
    assert run("simulate", model, "--out", out, *few) == 0

    roles = ["--role", "department=ae", "--role", "hospital=acute"]
    assert run("stays", "measure", out / "stays.parquet", "--out", tmp_path / "m", *roles) == 0
    names = {path.name for path in (tmp_path / "m").iterdir()}
    assert {"time_in_department.csv", "readmission.csv", "flows.csv"} <= names


@pytest.mark.parametrize(
    "words",
    [
        ["check", "{tmp}/nothing.csv"],
        ["check", "{tmp}/extract.csv", "--mapping", "{tmp}/nothing.csv"],
        ["import", "{tmp}/extract.csv", "--out", "{tmp}/stays.txt"],
        ["import", "{tmp}/nothing.csv", "--out", "{tmp}/stays.parquet"],
        ["import", "{tmp}/extract.csv", "--out", "{tmp}/extract.csv/stays.parquet"],
        ["measure", "{tmp}/nothing.parquet", "--out", "{tmp}/m"],
        ["measure", "{tmp}/extract.csv", "--out", "{tmp}/m"],
        ["measure", "{tmp}/sound.csv", "--out", "{tmp}/m", "--role", "cook=ward"],
    ],
    ids=lambda words: " ".join(words),
)
def test_a_users_fault_exits_with_2_and_writes_nothing(
    words: list[str], extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sound.csv").write_text(f"{HEADER}\n{SOUND}\n")

    code = run("stays", *[word.format(tmp=tmp_path) for word in words])

    captured = capsys.readouterr()
    assert code == 2, captured.err
    assert "Traceback" not in captured.err
    assert {path.name for path in tmp_path.iterdir()} == {"extract.csv", "sound.csv"}
