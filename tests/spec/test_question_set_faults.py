"""Faults of question sets: each file of question_set_faults/ is a case, and reads as documentation.

The form is that of framework_faults/, read by `test_framework_faults`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from wholesystem.errors import TableError
from wholesystem.reviews.requests.question_sets import read_question_set

CASES = Path(__file__).parent / "question_set_faults"


def read_case(name: str) -> tuple[dict[str, str | None], list[str]]:
    """Tables by file name (None = removed) and the fault lines expected."""
    text, _, faults = (CASES / f"{name}.txt").read_text("utf-8").partition("=== faults\n")
    tables: dict[str, str | None] = {}
    for part in text.split("\n--- ")[1:]:
        head, _, body = part.partition("\n")
        file, _, removed = head.partition(" ")
        tables[file] = None if removed else f"{body}\n"
    return tables, faults.splitlines()


def write_case(folder: Path, name: str) -> list[str]:
    tables, faults = read_case(name)
    for file, text in {**read_case("_sound")[0], **tables}.items():
        if text is not None:
            (folder / file).write_text(text, encoding="utf-8")
    return faults


def test_the_sound_set_has_no_fault(tmp_path: Path) -> None:
    write_case(tmp_path, "_sound")

    found = read_question_set(tmp_path)

    assert [one.text for one in found.questions] == ["Who waits?", "Why?"]
    assert [one.wants_document for one in found.questions] == ["yes", "no"]


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in CASES.glob("*.txt") if path.stem != "_sound")
)
def test_every_fault_is_told(name: str, tmp_path: Path) -> None:
    expected = write_case(tmp_path, name)

    with pytest.raises(TableError) as caught:
        read_question_set(tmp_path)

    assert [str(fault) for fault in caught.value.faults] == expected
    assert expected, "a case without a fault would test nothing"
