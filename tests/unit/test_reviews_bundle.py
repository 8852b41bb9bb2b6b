"""The open bundle: round trip, what is told and what is refused in its files and tables."""

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.helpers import bundles
from tests.helpers.bundles import DIGEST, DOCUMENT_PATH, TEXT_PATH, tree
from wholesystem.errors import OutputError, TableError
from wholesystem.examples.review import read_example_review
from wholesystem.reviews import BundleFiles, bundle_writing, read_bundle, write_bundle
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


def test_attached_files_that_nothing_names_are_left_out_and_told(tmp_path: Path) -> None:
    folder = bundles.written(tmp_path)
    stray = f"documents/{hashlib.sha256(b'stray').hexdigest()}.txt"
    (folder / stray).write_bytes(b"stray")
    (folder / "measures" / "a b.csv").write_bytes(b"a\n")

    found = read_bundle(folder)
    assert f"{stray}: left out, documents.csv does not name it." in found.notes
    assert "measures/a b.csv: left out, no table of measures." in found.notes
    assert set(found.files.documents) == {DIGEST}


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


@pytest.mark.parametrize(
    ("limit", "value", "told"),
    [
        ("MOST_ROWS", 1, "A table of a bundle may have at most 1 rows."),
        ("MOST_DOCUMENT_BYTES", 1_000, "It is larger than 0 MB."),
        ("MOST_TOTAL_BYTES", 5_000, "It would have more than 0 MB or 20,000 files."),
        ("MOST_FILES", 3, "It would have more than 500 MB or 3 files."),
    ],
)
def test_more_than_a_bundle_holds_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, told: str
) -> None:
    monkeypatch.setattr(bundle_writing, limit, value)
    with pytest.raises(TableError, match=re.escape(told)):
        write_bundle(bundles.review(), bundles.attached(), tmp_path / "b")

    assert list(tmp_path.iterdir()) == []


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
