"""Commands end to end: what they write, their exit codes, and what an error leaves behind."""

import csv
import json
import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.processes import shell_code, start
from wholesystem import __version__, cli

SUMMARY_COLUMNS = "service measure mean lower95 upper95 sd replications".split()
DIFFERENCES_COLUMNS = (
    "scenario service measure baseline scenario_value difference lower95 upper95 replications"
).split()
DELAYS_KEYS = "service waiting_for reason responsible".split()
DAILY_COLUMNS = "day service measure mean p05 p50 p95".split()
FEW = ["--replications", "2", "--days", "20", "--no-progress"]


def run(*words: object) -> int:
    return cli.main([str(word) for word in words], environ={})


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def new_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "my-area"
    assert run("new", folder) == 0
    return folder


@pytest.fixture
def model(new_model: Path, tmp_path: Path) -> Path:
    """A copy of the small model that a test may spoil."""
    assert run("new", tmp_path / "my-area") == 0
    return tmp_path / "my-area"


def first_service(model: Path) -> str:
    """A service with a limit of places, so that its places can be changed."""
    rows = read(model / "services.csv")
    return next(row["service"] for row in rows if row["places"] and row["stage"] != "left")


@pytest.fixture(scope="module")
def results(new_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("simulate") / "deep" / "results"
    assert run("simulate", new_model, "--out", out, "--stays", *FEW) == 0
    return out


def test_simulate_writes_the_files_of_the_reference(results: Path) -> None:
    assert [*read(results / "summary.csv")[0]] == SUMMARY_COLUMNS
    assert [*read(results / "daily.csv")[0]] == DAILY_COLUMNS
    delays = read(results / "delays.csv")
    assert [*delays[0]][:4] == DELAYS_KEYS
    about = json.loads((results / "run.json").read_text("utf-8"))
    assert about["version"] == __version__
    assert about["replications"] == 2
    assert (results / "stays.parquet").stat().st_size > 0
    assert [name for name in contents(results) if name.startswith(".")] == []


def test_simulate_again_gives_the_same_bytes(
    new_model: Path, results: Path, tmp_path: Path
) -> None:
    assert run("simulate", new_model, "--out", tmp_path, "--stays", *FEW) == 0

    for name in ("summary.csv", "delays.csv", "daily.csv", "stays.parquet"):
        assert (tmp_path / name).read_bytes() == (results / name).read_bytes(), name


def test_the_page_is_one_file_that_needs_no_other(results: Path) -> None:
    page = (results / "index.html").read_text("utf-8")

    assert "<svg" in page
    assert re.findall(r"""(?:src|href)=["'](?!#|data:)[^"']*""", page) == []
    assert (results / "map.svg").read_text("utf-8").startswith("<svg")


def test_set_and_seed_change_the_results(new_model: Path, results: Path, tmp_path: Path) -> None:
    change = f"services.{first_service(new_model)}.places=1"
    before = (results / "summary.csv").read_bytes()

    assert run("simulate", new_model, "--out", tmp_path / "a", *FEW, "--set", change) == 0
    assert run("simulate", new_model, "--out", tmp_path / "b", *FEW, "--seed", 77) == 0
    assert (tmp_path / "a" / "summary.csv").read_bytes() != before
    assert (tmp_path / "b" / "summary.csv").read_bytes() != before


def test_compare_takes_settings_and_models(new_model: Path, tmp_path: Path) -> None:
    service = first_service(new_model)
    more = f"more=services.{service}.places=500"

    code = run(
        "compare",
        new_model,
        more,
        f"same={new_model}",
        "--out",
        tmp_path,
        *FEW[:2],
        "--no-progress",
    )

    assert code == 0
    rows = read(tmp_path / "differences.csv")
    assert [*rows[0]] == DIFFERENCES_COLUMNS
    assert {row["scenario"] for row in rows} == {"more", "same"}
    same = [row for row in rows if row["scenario"] == "same" and row["difference"]]
    assert same
    assert all(float(row["difference"]) == 0 for row in same)
    waits = [
        float(row["difference"])
        for row in rows
        if (row["scenario"], row["service"], row["measure"]) == ("more", service, "used_share")
    ]
    assert waits[0] < 0


def test_two_scenarios_of_one_name_are_refused(
    new_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = [f"more=services.{first_service(new_model)}.places={n}" for n in (5, 6)]

    assert run("compare", new_model, *twice, "--out", tmp_path / "out") == 2
    assert "named more" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_check_finds_a_sound_model_sound(
    new_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("model", "check", new_model) == 0
    assert "sound" in capsys.readouterr().out


def test_check_tells_the_faults_of_all_tables(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, before, after in [("services.csv", "service,", "servce,"), ("arrivals.csv", "", "")]:
        path = model / name
        text = path.read_text("utf-8")
        path.write_text(text.replace(before, after, 1) if before else text + "nowhere,,ten,,,,x\n")

    assert run("model", "check", model) == 2
    message = capsys.readouterr().err
    assert "services.csv" in message
    assert "arrivals.csv" in message
    assert "Traceback" not in message


def test_a_round_trip_through_excel_changes_nothing(new_model: Path, tmp_path: Path) -> None:
    assert run("model", "to-excel", new_model, tmp_path / "m.xlsx") == 0
    assert run("model", "from-excel", tmp_path / "m.xlsx", tmp_path / "back") == 0
    assert run("model", "to-excel", tmp_path / "back", tmp_path / "again.xlsx") == 0
    assert run("model", "from-excel", tmp_path / "again.xlsx", tmp_path / "twice") == 0

    assert contents(tmp_path / "back") == contents(tmp_path / "twice")
    for name, text in contents(tmp_path / "back").items():
        if name.endswith(".csv"):
            assert read(tmp_path / "back" / name) == read(new_model / name), name
            assert text


@pytest.mark.parametrize(
    "words",
    [
        ["simulate", "{tmp}/nothing", "--out", "{tmp}/out"],
        ["simulate", "{tmp}/file.txt", "--out", "{tmp}/out"],
        ["simulate", "{model}", "--out", "{tmp}/file.txt"],
        ["simulate", "{model}", "--out", "{tmp}/file.txt/below"],
        ["simulate", "{model}", "--out", "{tmp}/out", "--set", "services.nowhere.places=3"],
        ["simulate", "{model}", "--out", "{tmp}/out", "--set", "nonsense"],
        ["simulate", "{model}", "--out", "{tmp}/out", "--set", "model.days=1e12"],
        ["compare", "{model}", "x=services.nowhere.places=3", "--out", "{tmp}/out"],
        ["compare", "{model}", "{tmp}/file.txt", "--out", "{tmp}/out"],
        ["model", "check", "{tmp}/nothing"],
        ["model", "to-excel", "{tmp}/nothing", "{tmp}/new.xlsx"],
        ["model", "from-excel", "{tmp}/file.txt", "{tmp}/out"],
        ["new", "{model}"],
        ["new", "{tmp}/file.txt"],
        ["demo", "--out", "{tmp}/file.txt"],
        ["show", "{tmp}/nothing"],
    ],
    ids=lambda words: " ".join(words),
)
def test_a_users_fault_exits_with_2_and_writes_nothing(
    words: list[str], model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file.txt").write_text("not a model")
    before = contents(tmp_path)

    code = run(*[word.format(tmp=tmp_path, model=model) for word in words])

    captured = capsys.readouterr()
    assert code == 2, captured.err
    assert captured.err.startswith("wholesystem ")
    assert "Traceback" not in captured.err
    assert captured.out == ""
    assert contents(tmp_path) == before


def test_an_error_leaves_earlier_results_untouched(
    new_model: Path, model: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run("simulate", new_model, "--out", out, *FEW) == 0
    before = contents(out)
    (model / "routes.csv").write_text("from,to\n")

    assert run("simulate", model, "--out", out, *FEW) == 2
    assert contents(out) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process there")
def test_ctrl_c_leaves_earlier_results_untouched(new_model: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("simulate", new_model, "--out", out, *FEW) == 0
    before = contents(tmp_path)
    words = ["simulate", str(new_model), "--out", str(out), "--replications", "10000"]
    long = [sys.executable, "-m", "wholesystem", *words, "--progress"]

    with start(long) as process:
        assert process.stderr is not None
        process.stderr.read(1)  # the progress bar: the simulation has begun
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)

    assert shell_code(process) == 130, told
    assert b"Stopped." in told
    assert b"Traceback" not in told
    assert contents(tmp_path) == before
    assert [name for name in os.listdir(tmp_path) if name.startswith(".")] == []
