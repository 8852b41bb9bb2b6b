"""`wholesystem review ...` end to end."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.helpers import bundles
from tests.helpers.bundles import tree
from wholesystem import cli
from wholesystem.examples.extract import FIGURES
from wholesystem.reviews import read_bundle, write_bundle
from wholesystem.reviews.review import TABLES


def run(*words: object) -> int:
    return cli.main(["review", *(str(word) for word in words)], environ={})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return bundles.written(tmp_path)


def test_check_counts_a_sound_bundle_and_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(folder)

    assert run("check", folder) == 0
    told = capsys.readouterr()
    assert "evidence: 2\n" in told.out
    assert "The history is whole" in told.out
    assert f"{folder} is a sound bundle." in told.out
    assert told.err == ""
    assert tree(folder) == before


def test_check_tells_all_faults_and_edits(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundles.change_cell(folder / "organisations.csv", 2, "name", "Another")
    (folder / "notes\x1b[31m.txt").write_bytes(b"")
    assert run("check", folder) == 0
    told = capsys.readouterr().err
    assert "Edited since it was written: organisations.csv" in told
    assert "Note: notes\\x1b[31m.txt: left out, no part of a bundle." in told

    bundles.change_cell(folder / "people.csv", 2, "role", "boss")
    bundles.change_cell(folder / "evidence.csv", 2, "source", "S9")
    assert run("check", folder) == 2
    message = capsys.readouterr().err
    assert message.startswith("wholesystem review check: 2 faults:\n")
    assert "people.csv row 2, column role is 'boss'." in message
    assert "evidence.csv row 2, column source is 'S9'." in message
    assert "Traceback" not in message


def test_show_counts_evidence_by_question_and_kind_of_source(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("show", folder) == 0
    lines = capsys.readouterr().out.splitlines()

    assert lines[0] == "Oxfordshire, 2017 (Oxfordshire): stage fieldwork"
    assert lines[1].split() == ["findings", "Document", "Data"]
    assert lines[2].split() == ["Crisis:", "Safe", "well", "evidenced", "1", "1", "1"]
    assert lines[3].split() == ["Crisis:", "At", "home", "thin", "0", "1", "0"]
    assert lines[4] == "Questions: 0 nothing, 0 contradicted, 1 thin, 1 well evidenced."
    at = lines.index("Warning: What was due has passed: 1")
    assert lines[at + 1] == "  (Others wait for it.)"
    assert lines[at + 2].startswith("  D1: Report was due ")


def test_show_counts_from_the_day_that_is_given(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("show", folder, "--today", "2018-02-03") == 0
    assert "  D1: Report was due 3 days ago.\n" in capsys.readouterr().out

    assert run("show", folder, "--today", "2018-01-31") == 0
    assert "D1" not in capsys.readouterr().out


@pytest.mark.parametrize("day", ["tomorrow", "12/02/2018", "2018-02-30", "2018-02", ""])
def test_show_refuses_a_day_that_is_none(
    folder: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        run("show", folder, "--today", day)

    assert stop.value.code == 2
    message = capsys.readouterr().err
    assert "is not allowed." in message
    assert "For example: 2018-02-12" in message


def test_show_tells_at_most_five_records_of_a_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = tuple(
        bundles.review().evidence[0].model_copy(update={"evidence": f"X{at}", "kloe": ()})
        for at in range(7)
    )
    review = bundles.review(evidence=(*bundles.review().evidence, *many))
    write_bundle(review, bundles.attached(), tmp_path / "b")

    assert run("show", tmp_path / "b", "--today", "2018-01-31") == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("Warning: Evidence nobody has coded: 7")
    assert [line[:6] for line in lines[at + 2 : at + 7]] == [f"  X{n}: " for n in range(5)]
    assert lines[at + 7] == "  ... and 2 more"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("rule,threshold\nfew_source,3\n", "mine.csv row 2, column rule is 'few_source'."),
        ("rule,threshold\nfew_sources,x\n", "mine.csv row 2, column threshold is 'x'."),
        (None, "There is no such file."),
    ],
)
def test_show_refuses_rules_that_are_none_before_it_shows_anything(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str | None, told: str
) -> None:
    path = tmp_path / "mine.csv"
    if table is not None:
        path.write_text(table, encoding="utf-8")

    assert run("show", folder, "--rules", path) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_show_counts_by_thresholds_of_ones_own(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.csv"
    own.write_text("rule,threshold\nfew_sources,3\n", encoding="utf-8")

    assert run("show", folder, "--rules", own) == 0
    told = capsys.readouterr().out
    assert "Questions: 0 nothing, 0 contradicted, 2 thin, 0 well evidenced.\n" in told


def test_show_passes_over_what_was_withdrawn_and_names_what_is_not_coded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = bundles.review().evidence
    gone = first.model_copy(update={"withdrawn": "A mistake."})
    uncoded = second.model_copy(update={"kloe": ()})
    write_bundle(bundles.review(evidence=(gone, uncoded)), bundles.attached(), tmp_path / "b")

    assert run("show", tmp_path / "b") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split()[-4:] == ["nothing", "1", "0", "0"]
    assert lines[4].split() == ["(not", "coded)", "0", "0", "1"]


def test_show_warns_by_rules_of_ones_own(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.csv"
    own.write_text("rule,threshold,on\noverdue,0,no\nfew_kinds,3,yes\n", encoding="utf-8")

    assert run("show", folder, "--rules", own) == 0
    told = capsys.readouterr().out
    assert "What was due has passed" not in told
    assert told.splitlines()[2].split()[2] == "thin"

    own.write_text("rule,threshold\noverdu,0\n", encoding="utf-8")
    assert run("show", folder, "--rules", own) == 2
    assert "Did you mean overdue?" in capsys.readouterr().err


def test_show_holds_cited_figures_against_measures_and_published_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = {"year": {"mean_wait.csv": b"service,days\nacute,-6\n"}}
    write_bundle(bundles.review(), bundles.attached(measures=changed), tmp_path / "b")

    for more in ([], ["--data", FIGURES]):
        assert run("show", tmp_path / "b", *more) == 0
        told = capsys.readouterr().out
        assert "E2 cites a figure that is now -6.0 days and was cited as -5.5 days." in told


def test_pack_and_unpack_change_nothing(folder: Path, tmp_path: Path) -> None:
    assert run("pack", folder, tmp_path / "b.zip") == 0
    assert run("unpack", tmp_path / "b.zip", tmp_path / "again") == 0

    assert tree(tmp_path / "again") == tree(folder)


def test_new_can_be_filled_in_a_spreadsheet_and_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "ox"
    assert run("new", folder, "--area", "oxfordshire", "--title", "Oxfordshire, again: 2019!") == 0
    info = read_bundle(folder).review.info
    assert (info.review, info.area_code) == ("oxfordshire_again_2019", "E10000025")
    assert info.framework == "local_system_review_2017"
    with (folder / "people.csv").open("a", encoding="utf-8") as file:
        file.write("ada,Ada Lovelace,lead,\n")

    assert run("check", folder) == 0
    assert "people: 1\n" in capsys.readouterr().out


def test_new_takes_a_framework_of_ones_own(tmp_path: Path, folder: Path) -> None:
    options = ["--area", "Oxfordshire", "--framework", folder / "framework", "--title", "x"]
    assert run("new", tmp_path / "ox", *options) == 0

    assert read_bundle(tmp_path / "ox").review.framework == bundles.framework()


def test_to_excel_writes_a_sheet_for_each_table_with_no_formula(
    folder: Path, tmp_path: Path
) -> None:
    assert run("to-excel", folder, tmp_path / "b.xlsx") == 0

    book = load_workbook(tmp_path / "b.xlsx")
    others = ["framework", "question_areas", "questions", "prompts", "history"]
    assert book.sheetnames == ["review", *TABLES, *others]
    assert book["evidence"].max_row == 3
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert "'=Delays *grew*." in [cell.value for cell in cells]


def test_to_excel_cuts_what_no_cell_can_hold_and_says_so(tmp_path: Path) -> None:
    first, second = bundles.review().evidence
    long = first.model_copy(update={"text": "🏥" * 20_000})
    write_bundle(bundles.review(evidence=(long, second)), bundles.attached(), tmp_path / "b")

    assert run("to-excel", tmp_path / "b", tmp_path / "b.xlsx") == 0
    text = load_workbook(tmp_path / "b.xlsx")["evidence"]["D2"].value
    assert text.endswith("🏥 [cut: the whole text is in the bundle]")
    assert len(text.encode("utf-16-le")) // 2 <= 32_767


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["check", "nothing"], "There is no such folder or zip."),
        (["check", "mine.txt"], "It is neither a folder nor a zip."),
        (["show", "."], "There is no bundle.json in it, so it is no bundle."),
        (["pack", "bundle", "bundle.tar"], "What is written must end in .zip."),
        (["unpack", "bundle", "other.zip"], "must not end in .zip. For example: other"),
        (["unpack", "bundle", "."], "holds files and is no bundle."),
        (["new", "bundle", "--area", "Oxfordshire", "--title", "x"], "bundle is there already."),
        (["new", "x", "--area", "Nowhere", "--title", "x"], "The area 'Nowhere' is not known."),
        (["new", "x", "--area", "Oxfordshire", "--title", " "], "The title must have"),
        (
            ["new", "x", "--area", "Oxfordshire", "--title", "x", "--framework", "local_review"],
            "There is no such framework, folder or workbook.",
        ),
        (["to-excel", "bundle", "bundle.csv"], "bundle.csv does not end in .xlsx."),
    ],
)
def test_mistakes_are_told_in_plain_words(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(folder.parent)
    Path("mine.txt").write_text("mine", "utf-8")
    before = tree(folder.parent)

    assert run(*words) == 2
    message = capsys.readouterr().err
    assert told in message
    assert "Traceback" not in message
    assert tree(folder.parent) == before


# --------------------------------------------------------------------------- stopped midway

KILLED = """
import sys, threading, time
from pathlib import Path
from tests.helpers import bundles
from wholesystem.reviews import write_bundle
other = bundles.review(history=bundles.events(2_000))
print("ready", flush=True)
while True:
    write_bundle(other, bundles.attached(), Path(sys.argv[1]))
    write_bundle(bundles.review(), bundles.attached(), Path(sys.argv[1]))
"""


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_a_computer_that_stops_leaves_a_whole_bundle(tmp_path: Path, name: str) -> None:
    """Killed at any moment, the earlier bundle or the later one is there, and is whole."""
    place = tmp_path / name
    write_bundle(bundles.review(), bundles.attached(), place)
    for wait in (0.0, 0.01, 0.03, 0.05, 0.08, 0.13):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(place)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        with process.stdout as out:
            assert out.readline() == "ready\n"
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
        process.wait()

        aside = place.with_name(f".{name}.before")
        found = read_bundle(place if place.exists() else aside)
        assert len(found.review.history) in (3, 2_000)
        assert found.edited == ()
