"""Every fault of a bundle is told with its place, rule and remedy, and all of them together."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers import bundles
from tests.helpers.bundles import DOCUMENT_PATH, TEXT_PATH, faults_of
from wholesystem.reviews import read_bundle


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


def test_a_table_with_a_fault_in_every_row_is_told_in_bounds(tmp_path: Path) -> None:
    folder = bundles.written(tmp_path)
    path = folder / "evidence.csv"
    header = path.read_text("utf-8").splitlines()[0]
    path.write_text("\n".join([header, *(["a:" + "," * 11] * 5_000)]), "utf-8")
    (folder / "history.jsonl").write_text("x\n" * 5_000, "utf-8")

    found = faults_of(lambda: read_bundle(folder))
    assert 2_000 <= len(found) < 2_100
    assert not any("no such row in evidence.csv" in fault for fault in found)
