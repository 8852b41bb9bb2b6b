"""Faults of instruments: each file of instrument_faults/ is a case, and reads as documentation.

The form is that of framework_faults/, read by `test_framework_faults`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from wholesystem.errors import TableError
from wholesystem.reviews.feedback import read_instrument

CASES = Path(__file__).parent / "instrument_faults"


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


def test_the_sound_instrument_has_no_fault(tmp_path: Path) -> None:
    write_case(tmp_path, "_sound")

    instrument = read_instrument(tmp_path)

    assert [one.question for one in instrument.asked] == ["came", "trust", "often", "ways", "why"]
    assert instrument.kinds == ("Care homes", "Acute hospital trust")


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in CASES.glob("*.txt") if path.stem != "_sound")
)
def test_every_fault_is_told(name: str, tmp_path: Path) -> None:
    expected = write_case(tmp_path, name)

    with pytest.raises(TableError) as caught:
        read_instrument(tmp_path)

    assert [str(fault) for fault in caught.value.faults] == expected
    assert expected, "a case without a fault would test nothing"
