"""Faults of model tables: each file of model_faults/ is a case, and reads as documentation.

A case starts with a sentence, then the tables that differ from the sound model of `_sound.txt`
(``--- services.csv`` and its text; ``--- needs.csv removed``), then ``=== faults`` and the lines
that the person is shown.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from wholesystem.errors import TableError
from wholesystem.flow import read_model

CASES = Path(__file__).parent / "model_faults"


def read_case(name: str) -> tuple[dict[str, str | None], list[str]]:
    """Tables by file name (None = removed) and the fault lines expected."""
    tables: dict[str, str | None] = {}
    faults: list[str] = []
    current = ""
    for line in (CASES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("--- "):
            current, _, removed = line[4:].partition(" ")
            tables[current] = None if removed else ""
        elif line == "=== faults":
            current = "faults"
        elif current == "faults":
            faults += [line] if line else []
        elif current and line:
            tables[current] = f"{tables[current]}{line}\n"
    return tables, faults


def write_case(folder: Path, name: str) -> list[str]:
    tables, faults = read_case(name)
    for file, text in ({**read_case("_sound")[0], **tables}).items():
        if text is not None:
            (folder / file).write_text(text, encoding="utf-8")
    return faults


def test_the_sound_model_has_no_fault(tmp_path: Path) -> None:
    write_case(tmp_path, "_sound")

    model = read_model(tmp_path)

    assert [service.service for service in model.services] == ["ae", "ward", "team", "home"]
    assert model.warnings == ()


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in CASES.glob("*.txt") if path.stem != "_sound")
)
def test_every_fault_is_told(name: str, tmp_path: Path) -> None:
    expected = write_case(tmp_path, name)

    with pytest.raises(TableError) as caught:
        read_model(tmp_path)

    assert [str(fault) for fault in caught.value.faults] == expected
    assert expected, "a case without a fault would test nothing"
