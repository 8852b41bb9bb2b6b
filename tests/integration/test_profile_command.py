"""`wholesystem profile` end to end: one area, every area, and what an error leaves behind."""

import csv
import os
import re
import sys
import time
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.helpers import profiles
from tests.helpers.observations import observation
from tests.helpers.pages import check_page
from tests.helpers.processes import press_ctrl_c, shell_code, start
from wholesystem import cli
from wholesystem.indicators import Store

MINE = ("Oxfordshire", "--no-progress")
POPULATION_ONLY = "E06000017"


def run(*words: object) -> int:
    return cli.main([str(word) for word in ("profile", *words)], environ={})


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
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files as a person has them."""
    return profiles.write_files(tmp_path_factory.mktemp("profile") / "data")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the same, and of a council of which only the people are known."""
    folder = tmp_path_factory.mktemp("profile") / "store"
    day = date(2016, 6, 30)
    rutland = observation(
        indicator="population", area_code=POPULATION_ONLY, area="Rutland", value=39_000.0,
        unit="people", period_start=day, period_end=day, cell="C99",
    )  # fmt: skip
    profiles.make_store(folder, [*profiles.all_rows(), rutland])
    return folder


@pytest.fixture(scope="module")
def written(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("profile") / "out"
    assert run(*MINE, "--data", files, "--out", out) == 0
    return out


@pytest.fixture(scope="module")
def every(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("profile") / "all"
    more = ("--processes", 2, "--no-progress", "--periods", 12)
    assert run("--all", "--data", data, "--out", out, *more) == 0
    return out


# ------------------------------------------------------------------------ one area


def test_one_area_from_files_as_they_are(written: Path) -> None:
    assert sorted(path.name for path in written.iterdir()) == [
        "index.html",
        "indicators.csv",
        "observations.csv",
        "profile.xlsx",
    ]
    page = (written / "index.html").read_text("utf-8")
    check_page(page)
    assert "figures.csv" in page  # among the files, with its rows
    assert "shares.csv" in page
    assert openpyxl.load_workbook(written / "profile.xlsx")["Summary"]["A1"].value
    rows = read(written / "indicators.csv")
    # The trust has no name, since no file gave one.
    assert [row["area"] for row in rows] == ["Oxfordshire"] * 9 + ["RTH"]


def test_what_stands_out_is_told_in_the_terminal(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(*MINE, "--data", data, "--out", out) == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert lines[0] == "Oxfordshire: 10 indicators."
    assert "seven one side" in lines[1]
    assert f"Open {out / 'index.html'} in a browser." in lines[-1]
    assert told.err == ""


def test_the_same_files_make_the_same_profile(files: Path, written: Path, tmp_path: Path) -> None:
    assert run("E10000025", "--no-progress", "--data", files, "--out", tmp_path / "again") == 0
    for name in ("index.html", "indicators.csv", "observations.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (written / name).read_bytes()


def test_options_reach_the_profile(data: Path, tmp_path: Path) -> None:
    targets, rebases = tmp_path / "targets.csv", tmp_path / "rebases.csv"
    lists = tmp_path / "lists.csv"
    targets.write_text("indicator,area_code,from,to,target,name,source\ndtoc_rate,,,,9.5,plan,us\n")
    rebases.write_text(
        "indicator,area_code,date,reason\ndtoc_rate,E10000025,2016-04-01,Counting changed\n"
    )
    lists.write_text(
        "list,dated,area_code,comparator_code,source\n"
        "Ours,2017,E10000025,E10000016,a letter\nOurs,2017,E10000025,E10000008,a letter\n"
    )
    out = tmp_path / "out"
    options = ("--targets", targets, "--rebases", rebases, "--comparators", lists,
               "--until", "2017-06", "--periods", 24, "--known-on", "2018-01-31",
               "--screen-outliers")  # fmt: skip
    assert run(*MINE, "--data", data, "--out", out, *options) == 0

    page = (out / "index.html").read_text("utf-8")
    assert "Counting changed" in page
    assert "As known on 31 January 2018." in page
    rate = next(row for row in read(out / "indicators.csv") if row["indicator"] == "dtoc_rate")
    assert rate["period_end"] == "2017-06-30"
    assert (float(rate["target"]), rate["assurance"]) == (9.5, "Consistently fails")
    assert rate["comparators_list"].startswith("Ours")
    periods = [r["period_start"] for r in read(out / "observations.csv")
               if (r["indicator"], r["area"]) == ("dtoc_rate", "Oxfordshire")]  # fmt: skip
    assert (len(periods), periods[0]) == (24, "2015-07-01")


def test_files_may_be_kept_in_a_store_to_ask_again(files: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert run(*MINE, "--data", files, "--out", tmp_path / "one", "--store", store) == 0
    assert "dtoc_days" in Store.open(store).indicators()
    assert run(*MINE, "--data", store, "--out", tmp_path / "two") == 0
    same = [(tmp_path / name / "indicators.csv").read_bytes() for name in ("one", "two")]
    assert same[0] == same[1]


def test_a_figure_of_a_catalogue_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    packaged = Path(cli.__file__).parent / "indicators" / "catalogue.csv"
    head, *rows = packaged.read_text("utf-8").splitlines()
    (row,) = [row for row in rows if row.startswith("quality_of_life,")]
    row = row.replace("quality_of_life,", "our_score,", 1).replace("oflog_asc", "user")
    own.write_text(f"{head}\n{row}\n", "utf-8")
    given = [
        observation(indicator="our_score", unit="score (0 to 1)", value=0.8 + n / 100,
                    period_start=date(2015 + n, 4, 1), period_end=date(2016 + n, 3, 31),
                    cell=f"C{n + 2}", sheet=None)
        for n in range(3)
    ]  # fmt: skip
    data = tmp_path / "data"
    data.mkdir()
    profiles.write_figures(data / "ours.csv", given)
    out = tmp_path / "out"
    assert run(*MINE, "--data", data, "--out", out, "--catalogue", own) == 0
    (found,) = read(out / "indicators.csv")
    assert (found["indicator"], float(found["value"])) == ("our_score", 0.82)
    # Every area at once reads the same catalogue in other processes.
    assert run("--all", "--data", data, "--out", tmp_path / "all", "--catalogue", own,
               "--no-progress") == 0  # fmt: skip
    assert (tmp_path / "all" / "oxfordshire-E10000025" / "index.html").is_file()


# ------------------------------------------------------------------------ every area


def test_every_council_with_a_figure_has_a_folder(every: Path) -> None:
    folders = sorted(path.name for path in every.iterdir() if path.is_dir())
    assert len(folders) == 25
    assert "oxfordshire-E10000025" in folders
    # Of Rutland the people are known and no more: there is nothing to show.
    assert not any(POPULATION_ONLY in name for name in folders)
    page = (every / "index.html").read_text("utf-8")
    assert "Councils without a profile" in page
    assert "Rutland (E06000017): There is no figure of Rutland" in page
    assert [name for name in os.listdir(every) if name.startswith(".")] == []
    for name in folders:
        assert len(list((every / name).iterdir())) == 4


def test_the_page_of_all_leads_to_each(every: Path) -> None:
    page = (every / "index.html").read_text("utf-8")
    read_page = check_page(page)
    links = [link for link in read_page.links if link.endswith("/index.html")]
    assert len(links) == 25
    assert all((every / link).is_file() for link in links)
    names = [name for _, name in profiles.councils()]
    rows = next(rows for caption, rows in read_page.rows.items() if caption == "All profiles")
    assert [row[0] for row in rows[1:]] == sorted(names)


def test_a_profile_of_all_is_that_of_the_area_alone(
    data: Path, every: Path, tmp_path: Path
) -> None:
    out = tmp_path / "one"
    assert run(*MINE, "--data", data, "--out", out, "--periods", 12) == 0
    for name in ("index.html", "indicators.csv", "observations.csv"):
        assert (every / "oxfordshire-E10000025" / name).read_bytes() == (out / name).read_bytes()


def test_one_process_writes_the_same(data: Path, every: Path, tmp_path: Path) -> None:
    out = tmp_path / "all"
    more = ("--processes", 1, "--no-progress", "--periods", 12)
    assert run("--all", "--data", data, "--out", out, *more) == 0
    for name in ("index.html", "kent-E10000016/index.html", "surrey-E10000030/indicators.csv"):
        assert (out / name).read_bytes() == (every / name).read_bytes()


def test_no_council_at_all_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profiles.make_store(tmp_path / "store", profiles.ae_rows(2))
    assert run("--all", "--data", tmp_path / "store", "--out", tmp_path / "out") == 2
    assert "There is no figure of any council in these files." in capsys.readouterr().err


def test_a_list_that_no_area_has_is_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    more = ("--list", "Nobody's", "--no-progress", "--processes", 1)
    assert run("--all", "--data", data, "--out", out, *more) == 2
    assert "There is no list of comparators named" in capsys.readouterr().err


def test_a_day_before_all_figures_writes_no_page_of_nothing(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    code = run("--all", "--data", data, "--out", out, "--until", "2001-01", "--processes", 1)
    assert code == 2
    assert "2001-01-31" in capsys.readouterr().err
    assert not (out / "index.html").exists()


# ------------------------------------------------------------------------ what cannot be done


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Name one area, or say --all for every one."),
        (("Oxfordshire", "--all"), "Name one area, or say --all for every one."),
        (("Oxfordshre",), "Did you mean Oxfordshire"),
        (("Atlantis",), "The area 'Atlantis' is not known."),
        (("Dorset",), "may be Dorset (E06000059, from 1 April 2019) or Dorset (E10000009"),
        (("Camden",), "There is no figure of Camden (E09000007)."),
        (("Oxfordshire", "--until", "2001-12"), "of Oxfordshire (E10000025) up to 2001-12-31."),
        (("Oxfordshire", "--known-on", "2001-12"), "There is no figure of Oxfordshire"),
        (("Oxfordshire", "--list", "Nobody's"), "There is no list of comparators named"),
        (("Oxfordshire", "--targets", "none.csv"), "none.csv: There is no such file."),
        (("Oxfordshire", "--rebases", "none.csv"), "none.csv: There is no such file."),
        (("Oxfordshire", "--comparators", "none.csv"), "none.csv: There is no such file."),
        (("Oxfordshire", "--catalogue", "none.csv"), "none.csv: There is no such file."),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_written(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    message: str,
) -> None:
    out = tmp_path / "out"
    assert run(*words, "--data", data, "--out", out) == 2
    told = capsys.readouterr().err
    assert message in told
    assert "Traceback" not in told
    assert not out.exists()


@pytest.mark.parametrize(
    ("option", "text", "message"),
    [
        ("--targets", "indicator,area_code,from,to,target,name,source\ndtoc_rat,,,,x,a,b\n",
         "column target is 'x'"),
        ("--rebases", "indicator,area_code,date,reason\ndtoc_rate,E10000025,soon,\n",
         "column reason is blank"),
        ("--comparators", "list,dated,area_code,comparator_code,source\n"
         "Ours,2017,E10000025,E10000099,a\n", "No area has this code."),
        ("--catalogue", "indicator,name\nodd,Odd\n", "column"),
    ],
)  # fmt: skip
def test_a_table_with_faults_is_told_with_every_fault(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, text: str, message
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text)
    assert run(*MINE, "--data", data, "--out", tmp_path / "out", option, path) == 2
    told = capsys.readouterr().err
    assert "table.csv row" in told
    assert message in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--until", "soon"),
        ("--until", "2017-13"),
        ("--until", "2017-02-30"),
        ("--until", "2017"),
        ("--known-on", "01/02/2017"),
        ("--periods", "11"),
        ("--periods", "many"),
        ("--processes", "0"),
    ],
)
def test_a_wrong_option_is_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*MINE, "--data", data, "--out", tmp_path / "out", *words)
    assert caught.value.code == 2
    assert words[0] in capsys.readouterr().err


def test_data_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*MINE, "--data", tmp_path / "nowhere", "--out", tmp_path / "out") == 2
    assert "nowhere" in capsys.readouterr().err


def test_data_with_nothing_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").mkdir()
    assert run(*MINE, "--data", tmp_path / "data", "--out", tmp_path / "out") == 2
    assert str(tmp_path / "data") in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_data_that_nobody_knows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "recipes.csv").write_text("cake,flour\nsponge,200\n")
    assert run(*MINE, "--data", tmp_path / "data", "--out", tmp_path / "out") == 2
    told = capsys.readouterr().err
    assert "recipes.csv" in told
    assert "a CSV file that starts with cake, flour" in told
    assert not (tmp_path / "out").exists()


def test_one_bad_file_among_good_ones_is_told_and_the_profile_is_written(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for path in files.iterdir():
        (data / path.name).write_bytes(path.read_bytes())
    (data / "recipes.csv").write_text("cake,flour\nsponge,200\n")
    unknown = {**profiles.dtoc_rows(1)[0], "indicator": "dtoc_dayz"}
    profiles.write_figures(data / "unknown.csv", [unknown])
    out = tmp_path / "out"

    assert run(*MINE, "--data", data, "--out", out) == 0

    told = capsys.readouterr()
    assert "Refused: " in told.err
    assert "recipes.csv" in told.err
    assert "dtoc_dayz" in told.err
    assert "Did you mean dtoc_days?" in told.err
    assert "Oxfordshire: " in told.out
    page = (out / "index.html").read_text("utf-8")
    assert "figures.csv" in page
    assert "recipes.csv" not in page  # nothing was read from it


def test_a_store_that_is_damaged_is_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "store"
    broken.mkdir()
    for path in data.iterdir():
        if path.is_file():
            (broken / path.name).write_bytes(path.read_bytes())
    (part,) = broken.glob("observations-*.parquet")
    part.write_bytes(b"PAR1 no more")
    assert run(*MINE, "--data", broken, "--out", tmp_path / "out") == 2
    told = capsys.readouterr().err
    assert part.name in told
    assert "Traceback" not in told


def test_out_is_a_file(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    out.write_text("mine")
    assert run(*MINE, "--data", data, "--out", out) == 2
    assert str(out) in capsys.readouterr().err
    assert out.read_text() == "mine"
    assert run("--all", "--data", data, "--out", out) == 2


def test_earlier_results_stay_after_a_failure(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(*MINE, "--data", data, "--out", out) == 0
    before = contents(tmp_path)
    assert run("Camden", "--data", data, "--out", out) == 2
    assert run(*MINE, "--data", data, "--out", out, "--until", "2001-01") == 2
    assert contents(tmp_path) == before
    assert run("Kent", "--no-progress", "--data", data, "--out", out) == 0
    assert contents(tmp_path).keys() == before.keys()
    assert contents(tmp_path) != before


@pytest.mark.parametrize("processes", [1, 2])
def test_ctrl_c_stops_without_a_trace(data: Path, tmp_path: Path, processes: int) -> None:
    out = tmp_path / "out"
    words = ["profile", "--all", "--data", str(data), "--out", str(out)]
    long = [sys.executable, "-m", "wholesystem", *words, "--processes", str(processes),
            "--progress"]  # fmt: skip
    with start(long) as process:
        until = time.monotonic() + 60
        while time.monotonic() < until and not any(out.glob("*/index.html")):
            time.sleep(0.05)
        press_ctrl_c(process)
        _, told = process.communicate(timeout=60)

    assert shell_code(process) == 130, told
    assert b"Stopped." in told
    assert b"Traceback" not in told
    # What is there is whole; what was being written is not there.
    assert not (out / "index.html").exists()
    assert all(len(list(path.iterdir())) == 4 for path in out.iterdir())
    assert not any(re.match(r"\.", path.name) for path in out.iterdir())
