"""The open bundle: round trip, what is told and what is refused in its files and tables."""

import csv
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.helpers import bundles
from tests.helpers.bundles import DIGEST, DOCUMENT_PATH, TEXT_PATH, faults_of, tree
from wholesystem.errors import OutputError, TableError
from wholesystem.examples.review import read_example_review
from wholesystem.reviews import BundleFiles, read_bundle, write_bundle
from wholesystem.reviews.bundle_layout import FRAMEWORK_TABLES, REVIEW_TABLES
from wholesystem.reviews.contents import read_content

# --------------------------------------------------------------------------- round trip


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_a_review_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    write_bundle(bundles.review(), bundles.attached(), tmp_path / name)
    found = read_bundle(tmp_path / name)

    assert found.review == bundles.review()
    assert (found.edited, found.notes) == ((), ())
    assert found.program.startswith("wholesystem ")
    assert read_content(found.files.documents[DIGEST], 1000) == bundles.DOCUMENT
    assert found.files.text_of(DIGEST) == bundles.TEXT
    assert set(found.files.measures["year"]) == {"mean_wait.csv"}


def test_writing_what_was_read_gives_the_same_bytes(tmp_path: Path) -> None:
    write_bundle(bundles.review(), bundles.attached(), tmp_path / "a.zip")
    first = read_bundle(tmp_path / "a.zip")
    write_bundle(first.review, first.files, tmp_path / "folder")
    second = read_bundle(tmp_path / "folder")
    write_bundle(second.review, second.files, tmp_path / "b.zip")

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_bundle_may_be_written_over_the_one_it_is_read_from(tmp_path: Path) -> None:
    for name in ("bundle", "bundle.zip"):
        write_bundle(bundles.review(), bundles.attached(), tmp_path / name)
        found = read_bundle(tmp_path / name)
        write_bundle(found.review, found.files, tmp_path / name)

        assert read_bundle(tmp_path / name).review == bundles.review()


def test_a_review_with_no_history_documents_or_rows_is_a_bundle(tmp_path: Path) -> None:
    empty = {name: () for name in REVIEW_TABLES if name != "review"}
    review = bundles.review(history=(), **empty)
    write_bundle(review, None, tmp_path / "empty")

    assert read_bundle(tmp_path / "empty").review == review
    header = (tmp_path / "empty" / "evidence.csv").read_text("utf-8")
    assert header.startswith("evidence,source,form,text,")


def test_why_a_document_has_no_text_is_kept(tmp_path: Path) -> None:
    files = bundles.attached(texts={}, without_text={DIGEST: "It may be a scan."})
    write_bundle(bundles.review(anchors=()), files, tmp_path / "b")

    found = read_bundle(tmp_path / "b")
    assert found.files.without_text == {DIGEST: "It may be a scan."}
    assert found.files.text_of(DIGEST) == ""


def test_the_index_names_every_file_with_its_digest_and_size(tmp_path: Path) -> None:
    folder = bundles.written(tmp_path)
    told = json.loads((folder / "bundle.json").read_text("utf-8"))

    files = tree(folder)
    del files["bundle.json"]
    assert told["format"] == 1
    assert told["counts"]["evidence"] == 2
    assert {one["path"]: (one["sha256"], one["bytes"]) for one in told["files"]} == {
        path: (hashlib.sha256(data).hexdigest(), len(data)) for path, data in files.items()
    }


def test_the_history_can_be_checked_without_the_program(tmp_path: Path) -> None:
    """As the bundle's README says."""
    before = ""
    lines = (bundles.written(tmp_path) / "history.jsonl").read_text("utf-8").splitlines()
    for line in lines:
        told = json.loads(line)
        digest = told.pop("digest")
        rest = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(rest.encode("utf-8")).hexdigest() == digest
        assert told["previous"] == before
        before = digest
    assert len(lines) == 3


def test_no_cell_is_a_formula_and_the_pages_name_every_file(tmp_path: Path) -> None:
    folder = bundles.written(tmp_path)
    with (folder / "findings.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["statement"] == "'=Delays *grew*."
    readme = (folder / "README.md").read_text("utf-8")
    for path in tree(folder):
        assert (
            f"`{path}`" in readme or f"`{path.partition('/')[0]}/`" in readme or path == "README.md"
        )
    findings = (folder / "findings.md").read_text("utf-8")
    assert r"**F1** (confirmed): =Delays \*grew\*." in findings
    assert "People were delayed at home." in findings
    assert "Evidence against it" in findings


# --------------------------------------------------------------------------- edits


def test_a_table_saved_by_excel_is_read_and_told_as_edited(tmp_path: Path) -> None:
    folder = bundles.written(tmp_path)
    path = folder / "evidence.csv"
    text = path.read_text("utf-8").replace("delayed at home.", "kept waiting at home.")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8"))

    found = read_bundle(folder)
    assert found.edited == ("evidence.csv",)
    assert found.review.evidence[0].text == "People were kept waiting at home."


def test_a_missing_page_for_people_is_noted_and_a_changed_one_told(tmp_path: Path) -> None:
    folder = bundles.written(tmp_path)
    (folder / "README.md").unlink()
    (folder / "findings.md").write_text("mine", "utf-8")

    found = read_bundle(folder)
    assert found.edited == ("findings.md",)
    assert found.notes == ("README.md: missing; it is made anew when the bundle is written.",)


def test_files_of_other_programs_are_left_out_and_told(tmp_path: Path) -> None:
    folder = bundles.written(tmp_path)
    junk = [".DS_Store", "Thumbs.db", "~$evidence.csv", "documents/desktop.ini", "__MACOSX/._x"]
    for name in [*junk, "notes.txt", "documents/old.pdf"]:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")

    notes = "\n".join(read_bundle(folder).notes)
    for name in (".DS_Store", "Thumbs.db", "~$evidence.csv", "documents/desktop.ini"):
        assert f"{name}: left out, another program's." in notes
    assert "notes.txt: left out, no part of a bundle." in notes
    assert "documents/old.pdf" in notes


def test_a_document_that_is_not_in_the_bundle_is_noted(tmp_path: Path) -> None:
    write_bundle(bundles.review(), BundleFiles(), tmp_path / "b")

    assert read_bundle(tmp_path / "b").notes == (
        "documents.csv: the file of 'minutes.pdf' is not in the bundle.",
        "anchors.csv: passages of 'minutes.pdf' were not checked, its text is not in the bundle.",
        "figures.csv: the folder measures/year is not in the bundle.",
    )


def test_a_document_added_by_hand_is_taken(tmp_path: Path) -> None:
    folder = bundles.written(tmp_path)
    digest = hashlib.sha256(b"new").hexdigest()
    (folder / f"documents/{digest}.txt").write_bytes(b"new")
    with (folder / "documents.csv").open("a", encoding="utf-8") as file:
        file.write(f"{digest},new.txt,text/plain,3,ada,2017-11-21\n")

    found = read_bundle(folder)
    assert found.edited == ("documents.csv",)
    assert read_content(found.files.documents[digest], 10) == b"new"


# --------------------------------------------------------------------------- faults


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8", newline="\n")

    return change


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def add(name: str, data: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(data)


def cell(name: str, row: int, column: str, value: str) -> Callable[[Path], None]:
    return lambda folder: bundles.change_cell(folder / name, row, column, value)


FAULTS = {
    "no index": (remove("bundle.json"), "There is no bundle.json in it"),
    "a newer format": (
        edit("bundle.json", '"format": 1', '"format": 2'),
        "bundle.json, format is '2'. This program reads format 1. Update the program",
    ),
    "no format": (edit("bundle.json", '"format": 1', '"formt": 1'), "bundle.json, format"),
    "a format of the wrong type": (
        edit("bundle.json", '"format": 1', '"format": "1"'),
        "This program reads format 1.",
    ),
    "an index that is no JSON": (add("bundle.json", b"{"), "bundle.json: It is no JSON"),
    "an index that is no object": (add("bundle.json", b"[]"), "It must be a JSON object"),
    "an index of UTF-16": (add("bundle.json", b"\xff\xfe{\0"), "bundle.json: It is no JSON"),
    "a wrong type in the index": (
        edit("bundle.json", '"evidence": 2', '"evidence": "2"'),
        "bundle.json, counts.evidence is '2'.",
    ),
    "another key in the index": (
        edit("bundle.json", '"format": 1', '"format": 1, "x": 1'),
        "bundle.json, x: Extra inputs",
    ),
    "a missing table": (remove("evidence.csv"), "evidence.csv: This table is missing. Add it"),
    "a missing table of the framework": (
        remove("framework/areas.csv"),
        "framework/areas.csv: This table is missing.",
    ),
    "an unknown table": (add("evidense.csv", b"a\n"), "evidense.csv: It is no table of a bundle."),
    "an unknown table of the framework": (
        add("framework/question.csv", b"a\n"),
        "framework/question.csv: It is no table of a bundle. Did you mean questions.csv?",
    ),
    "an empty table": (add("people.csv", b""), "people.csv: It is empty."),
    "a table in another alphabet": (
        add("people.csv", b"person,name\n\xe9,x\n"),
        "people.csv line 2: The letter 'é' is not written in UTF-8",
    ),
    "a workbook with the ending of a table": (
        add("people.csv", b"PK\x03\x04"),
        "people.csv: It is an Excel workbook with the ending of a text file.",
    ),
    "an open quote": (add("people.csv", b'person,name\n"a,b\n'), "people.csv: It is no CSV table"),
    "an unknown column": (
        edit("people.csv", "organisation", "organization"),
        "people.csv row 1: There is no column 'organization' in this table.",
    ),
    "a missing column": (
        edit("people.csv", "role", "rol"),
        "people.csv row 1: The column role is missing.",
    ),
    "a bad word": (
        cell("people.csv", 2, "role", "boss"),
        "people.csv row 2, column role is 'boss'.",
    ),
    "a bad date": (
        cell("due_dates.csv", 2, "on", "31/01/2018"),
        "due_dates.csv row 2, column on is '31/01/2018'. A date is needed here",
    ),
    "a blank cell": (
        cell("evidence.csv", 2, "text", "  "),
        "evidence.csv row 2, column text is blank. A value is needed here.",
    ),
    "too long a passage": (
        cell("evidence.csv", 2, "text", "x" * 20_001),
        "It may have at most 20,000 characters; it has 20,001.",
    ),
    "too long a cell": (cell("evidence.csv", 2, "text", "x" * 40_000), "at most 32,000 characters"),
    "a huge cell": (cell("evidence.csv", 2, "text", "x" * 140_000), "evidence.csv: It is no CSV"),
    "a dead link": (
        cell("evidence.csv", 2, "source", "S9"),
        "evidence.csv row 2, column source is 'S9'. There is no such row in sources.csv.",
    ),
    "a question that is not there": (
        cell("findings.csv", 2, "kloe", "crisis_saf"),
        "There is no such row in questions.csv of the framework. Did you mean crisis_safe?",
    ),
    "a key that stands twice": (
        cell("evidence.csv", 3, "evidence", "E1"),
        "evidence.csv row 3, column evidence is 'E1'. It stands in an earlier row too.",
    ),
    "another framework": (
        cell("review.csv", 2, "framework", "large"),
        "review.csv row 2, column framework is 'large'. The framework in the bundle is small.",
    ),
    "a fault of the framework": (
        cell("framework/questions.csv", 3, "parent", "crisis_home"),
        "framework/questions.csv row 3, column parent is 'crisis_home'. The question would be",
    ),
    "two reviews": (
        edit("review.csv", "\noxfordshire", "\na,b,c,d,small,fieldwork,2017-01-01,,\noxfordshire"),
        "review.csv: It must have one row under its header; it has 2.",
    ),
    "no review": (
        lambda folder: (folder / "review.csv").write_text(
            (folder / "review.csv").read_text("utf-8").splitlines()[0] + "\n", "utf-8"
        ),
        "review.csv: It must have one row under its header; it has 0.",
    ),
    "an altered document": (
        add(DOCUMENT_PATH, b"other"),
        f"{DOCUMENT_PATH}: Its content was altered: it is not that of its digest.",
    ),
    "a missing document": (
        remove(DOCUMENT_PATH),
        f"{DOCUMENT_PATH}: It is named in bundle.json and missing.",
    ),
    "an altered text": (
        edit(TEXT_PATH, "Page 1", "Page 2"),
        f"{TEXT_PATH}: It was altered, and anchors count its letters.",
    ),
    "a text that is none": (add(TEXT_PATH, b"\xff"), f"{TEXT_PATH}: It is not written in UTF-8."),
    "missing measures": (
        remove("measures/year/mean_wait.csv"),
        "measures/year/mean_wait.csv: It is named in bundle.json and missing.",
    ),
    "a wrong size": (
        cell("documents.csv", 2, "size_bytes", "7"),
        "documents.csv row 2, column size_bytes is '7'. The file has"
        f" {len(bundles.DOCUMENT)} bytes.",
    ),
    "an anchor that does not stand": (
        cell("anchors.csv", 2, "start", "0"),
        "anchors.csv row 2, column quoted is 'People were delayed at home.'. The document's text"
        " has 'Page 1\\n\\nPeople were delayed at home.' at 0 to 36.",
    ),
    "no history": (remove("history.jsonl"), "history.jsonl: It is missing."),
    "a changed event": (
        edit("history.jsonl", "Draft 1", "Draft 9"),
        "history event 2: It is not what was recorded: its digest differs.",
    ),
    "a removed event": (
        lambda folder: cut_history(folder, slice(1, None)),
        "history event 2: It does not follow on: event 1 should come here.",
    ),
    "a cut history": (
        lambda folder: cut_history(folder, slice(0, 2)),
        "history.jsonl: Its end is missing: event 3 should have the digest",
    ),
    "an event that is no JSON": (
        edit("history.jsonl", '{"action"', '{action'),
        "history.jsonl line 1: It must be a JSON object of texts.",
    ),
    "an event with a bad value": (
        edit("history.jsonl", '"number":"1"', '"number":"one"'),
        "history.jsonl line 1, number is 'one'. A whole number is needed here.",
    ),
    "an event without a value": (
        edit("history.jsonl", '"by":"ada",', ""),
        "history.jsonl line 1, by: Field required.",
    ),
    "a history in another alphabet": (
        add("history.jsonl", b"\xff"),
        "history.jsonl: It is not written in UTF-8.",
    ),
}  # fmt: skip


def cut_history(folder: Path, kept: slice) -> None:
    path = folder / "history.jsonl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[kept]), "utf-8", newline="\n")


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_with_its_place_and_remedy(tmp_path: Path, case: str) -> None:
    change, told = FAULTS[case]
    folder = bundles.written(tmp_path)
    change(folder)

    found = faults_of(lambda: read_bundle(folder))
    assert [fault for fault in found if told in fault], found
    assert all(fault.endswith((".", "?")) for fault in found)


def test_all_faults_are_told_together_and_none_that_only_follow(tmp_path: Path) -> None:
    folder = bundles.written(tmp_path)
    for change in (
        cell("people.csv", 2, "role", "boss"),  # ada is there all the same
        cell("evidence.csv", 2, "shows", "both"),
        cell("findings.csv", 2, "kloe", "crisis_saf"),
        cell("framework/areas.csv", 2, "order", "first"),
        add(DOCUMENT_PATH, b"x" * len(bundles.DOCUMENT)),
        edit("history.jsonl", "Draft 0", "Draft 7"),
    ):
        change(folder)

    found = faults_of(lambda: read_bundle(folder))
    assert [fault.partition(":")[0].partition(" is ")[0] for fault in found] == [
        "people.csv row 2, column role",
        "evidence.csv row 2, column shows",
        "framework/areas.csv row 2, column order",
        "history event 1",
        DOCUMENT_PATH,
        "findings.csv row 2, column kloe",
    ]


# --------------------------------------------------------------------------- refused on writing


def test_a_folder_that_is_no_bundle_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")

    with pytest.raises(OutputError, match="holds files and is no bundle"):
        write_bundle(bundles.review(), bundles.attached(), tmp_path)
    assert tree(tmp_path) == {"mine.txt": b"mine"}


def measures(folder: str, file: str) -> dict[str, Any]:
    return {"measures": {folder: {file: b"a\n"}}}


REFUSED = {
    "another content": (
        {"documents": {DIGEST: b"other"}},
        f"{DOCUMENT_PATH}: Its content is not that of its digest.",
    ),
    "a document that is not of the review": (
        {"documents": {"0" * 64: b""}},
        f"documents/{'0' * 64}: It is no document of the review.",
    ),
    "a name that leads out": (measures("../x", "a.csv"), "measures/../x/a.csv: The names"),
    "a name of a device": (measures("con", "a.csv"), "measures/con/a.csv: The names"),
    "a measure that is no table": (measures("x", "a.exe"), "measures/x/a.exe: The names"),
    "an anchor that does not stand": (
        {"texts": {DIGEST: "other"}},
        "anchors.csv row 2, column quoted",
    ),
    "a text with half a letter": (
        {"texts": {DIGEST: bundles.TEXT + "\ud83d"}},
        f"{TEXT_PATH}: It holds halves of letters",
    ),
    "a text in another alphabet": (
        {"texts": {DIGEST: b"\xff"}},
        f"{TEXT_PATH}: It is not written in UTF-8.",
    ),
    "a file that is gone": (
        {"documents": {DIGEST: Path("gone.pdf")}},
        f"{DOCUMENT_PATH}: It cannot be read (No such file or directory).",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("name", ["b", "b.zip"])
def test_what_could_not_be_read_back_is_not_written(tmp_path: Path, case: str, name: str) -> None:
    changes, told = REFUSED[case]
    with pytest.raises(TableError) as raised:
        write_bundle(bundles.review(), bundles.attached(**changes), tmp_path / name)

    assert told in str(raised.value)
    assert list(tmp_path.iterdir()) == []


# --------------------------------------------------------------------------- much that is wrong


def test_a_table_with_a_fault_in_every_row_is_told_in_bounds(tmp_path: Path) -> None:
    folder = bundles.written(tmp_path)
    path = folder / "evidence.csv"
    header = path.read_text("utf-8").splitlines()[0]
    path.write_text("\n".join([header, *(["a:" + "," * 11] * 5_000)]), "utf-8")
    (folder / "history.jsonl").write_text("x\n" * 5_000, "utf-8")

    found = faults_of(lambda: read_bundle(folder))
    assert 2_000 <= len(found) < 2_100
    assert not any("no such row in evidence.csv" in fault for fault in found)


# --------------------------------------------------------------------------- the packaged review


def test_the_packaged_review_comes_back_from_a_bundle(tmp_path: Path) -> None:
    bundle = read_example_review()
    write_bundle(bundle.review, bundle.files, tmp_path / "a.zip")
    found = read_bundle(tmp_path / "a.zip")
    write_bundle(found.review, found.files, tmp_path / "b.zip")

    assert len(bundle.review.evidence) > 200
    assert found.review == bundle.review
    assert found.edited == ()
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


# --------------------------------------------------------------------------- documented


def documented_columns() -> dict[str, list[tuple[str, bool]]]:
    """Columns of each table as the page has them, each with whether it must not be blank."""
    text = (ROOT / "docs" / "reference" / "review-bundle.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z/_]+)` \| (.*[a-z*)]) \|$", text.split("## Tables")[1], re.M)
    return {
        name: [
            (word.strip("*"), word.startswith("*"))
            for word in re.sub(r"\([^)]*\)|;.*", "", columns).replace(" ", "").split(",")
        ]
        for name, columns in rows
    }


def test_every_table_and_column_is_documented_with_whether_it_may_be_blank() -> None:
    of_framework = {f"framework/{name}": kind for name, kind in FRAMEWORK_TABLES.items()}
    kinds = {**REVIEW_TABLES, **of_framework}
    documented = documented_columns()

    for name, kind in kinds.items():
        needed = kind.needed_columns()
        assert documented[name] == [(column, column in needed) for column in kind.columns()]
