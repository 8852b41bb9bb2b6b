"""`wholesystem demo` end to end: the files of the reference, and what Ctrl-C leaves behind."""

import csv
import json
import re
import signal
import sys
from html import unescape
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.conftest import ROOT
from tests.helpers.processes import shell_code, start
from wholesystem import cli
from wholesystem.examples.demo import FOLDER
from wholesystem.examples.published import COLUMNS
from wholesystem.examples.reperformance import COLUMNS as AGAIN
from wholesystem.stays import read_stays

HALF_WAY = re.compile(r"(?:[6-9]\d|100)%\|")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def files_of_the_reference() -> set[str]:
    """Paths in the headings of the two parts of docs/reference/output-files.md about the demo."""
    text = (ROOT / "docs/reference/output-files.md").read_text(encoding="utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    mine = [part for part in parts if part.startswith(("From `simulate` and", "From `demo`"))]
    headings = re.findall(r"^### (.+)$", "\n".join(mine), flags=re.MULTILINE)
    return {name for heading in headings for name in heading.split(" and ")}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "deep" / "results"


@pytest.fixture(scope="module")
def printed(out: Path) -> str:
    """What a short run prints."""
    import contextlib
    import io

    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        code = cli.main(
            ["demo", "--out", str(out), "--replications", "2", "--no-progress"], environ={}
        )
    assert code == 0
    return told.getvalue()


def test_demo_writes_the_files_of_the_reference_and_no_other(out: Path, printed: str) -> None:
    files = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}

    assert set(files) == files_of_the_reference()
    assert all(path.stat().st_size > 0 for path in files.values())


def test_every_published_figure_is_compared(out: Path, printed: str) -> None:
    rows = read(out / "published.csv")
    published = {row["id"]: row for row in read(FOLDER / "published.csv")}

    assert [*rows[0]] == list(COLUMNS)
    assert [row["id"] for row in rows] == list(published)
    for row in rows:
        assert float(row["published"]) == float(published[row["id"]]["published"])
        assert row["role"] == published[row["id"]]["role"]
        assert float(row["lower95"]) <= float(row["mean"]) <= float(row["upper95"])
        assert row["verdict"] in ("agrees", "near", "differs")


def test_figures_and_where_to_look_are_printed(out: Path, printed: str) -> None:
    lines = printed.splitlines()

    assert lines[-1] == f"Open {out / 'index.html'} in a browser."
    assert lines.index("Predicted:") < lines.index("Fitted:")
    for row in read(out / "published.csv"):
        assert any(line.startswith(row["label"]) for line in lines)


def test_the_page_says_what_the_tables_say(out: Path, printed: str) -> None:
    page = (out / "index.html").read_text(encoding="utf-8")
    about = json.loads((out / "run.json").read_text(encoding="utf-8"))

    assert about["replications"] == 2
    assert about["model_hash"][:12] in page
    assert (out / "map.svg").read_text(encoding="utf-8") in page
    total = next(row for row in read(out / "published.csv") if row["id"] == "P01")
    assert f">{float(total['mean']):.1f}</td>" in page


def test_map_and_profile_lead_to_each_other(out: Path, printed: str) -> None:
    there = (out / "index.html").read_text(encoding="utf-8")
    back = (out / "profile" / "index.html").read_text(encoding="utf-8")

    assert 'href="profile/index.html"' in there
    assert 'href="profile/index.html#more"' in there
    assert 'id="more"' in back
    assert 'href="../index.html"' in back


def test_the_demo_ends_with_the_reports(out: Path, printed: str) -> None:
    page = (out / "index.html").read_text(encoding="utf-8")
    for name in ("review-report", "progress-report"):
        assert f'href="report/{name}.html"' in page
        assert (out / "report" / f"{name}.pdf").read_bytes().startswith(b"%PDF-")
    report = (out / "report" / "review-report.html").read_text(encoding="utf-8")
    assert "Finding F01 (confirmed)." in report


def test_the_profile_is_of_the_time_of_the_review(out: Path, printed: str) -> None:
    page = (out / "profile" / "index.html").read_text(encoding="utf-8")
    indicators = read(out / "profile" / "indicators.csv")
    (rate,) = [row for row in indicators if row["indicator"] == "dtoc_rate"]

    assert "It ends with December 2017" in page
    assert "extract of 18 councils" in page
    assert "not among all councils of England" in page
    assert max(row["period_end"] for row in indicators) == "2017-12-31"
    # 3,249 days in Dec_17.xls, cell H114, over 31 days and the 539,000 adults of mid-2017.
    assert float(rate["value"]) == pytest.approx(19.44, abs=0.005)
    assert rate["comparators_list"].startswith("Statistical neighbours, own open method")
    assert {row["area_code"] for row in indicators} == {"E10000025", "RTH"}


def test_figures_of_the_report_stand_on_the_page_and_in_a_table(out: Path, printed: str) -> None:
    page = unescape((out / "profile" / "index.html").read_text(encoding="utf-8"))
    again = read(out / "profile" / "reperformance.csv")

    assert [*again[0]] == list(AGAIN)
    assert len(again) == 22
    for row in again:
        assert row["explanation"] in page
    june = again[3]
    assert (june["printed"], june["verdict"]) == ("39.9", "differs")
    assert "June_17.xls, sheet LA - by type of care, cell H114" in june["source"]


def test_stays_of_the_first_year_can_be_read(out: Path, printed: str) -> None:
    stays = read_stays(out / "stays.parquet")

    assert stays.simulated
    assert stays.days == 365
    assert stays.table.num_rows == pq.read_metadata(out / "stays.parquet").num_rows > 100_000


def test_one_replication_has_no_interval_and_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(["demo", "--out", str(tmp_path / "new"), "--replications", "1"], environ={})

    assert code == 2
    assert "must be 2 or more for an interval" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_ctrl_c_half_way_leaves_earlier_results_as_they_were(tmp_path: Path) -> None:
    out = tmp_path / "results"
    out.mkdir()
    (out / "index.html").write_text("an earlier page", encoding="utf-8")
    before = contents(out)
    command = [sys.executable, "-m", "wholesystem", "demo", "--out", str(out)]

    with start([*command, "--replications", "5", "--progress"]) as process:
        assert process.stderr is not None
        bar = ""
        while not HALF_WAY.search(bar):
            letter = process.stderr.read(1)
            assert letter, bar
            bar += letter.decode("utf-8", "replace")
        process.send_signal(signal.SIGINT)
        printed, told = process.communicate(timeout=60)

    assert shell_code(process) == 130, told
    assert b"Stopped." in told
    assert b"Traceback" not in told
    assert printed == b""
    assert contents(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["results"]
