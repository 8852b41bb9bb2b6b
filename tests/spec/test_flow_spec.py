"""Every case of tests/spec/flow through both engines: the rules of the flow model, one by one.

`docs/explanation/flow-model.md` tells the same rules in prose.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.flow_cases import ENGINES, Case, read_case, run_case
from tests.helpers.stays_tables import Row, Section, read_number

FOLDER = Path(__file__).parent / "flow"
CASES = [read_case(path) for path in sorted(FOLDER.glob("*.txt"))]

#: Stays are kept to the microsecond: 1e-9 of a day is 86 of them.
DAYS = 1e-9
#: What names a row of a table that a case need not list in full.
KEYS = {"summary": ("service", "measure"), "daily": ("day", "service", "measure")}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_engines_give_the_worked_tables(case: Case, engine: str) -> None:
    assert "stays" in case.expected, "every case lists its stays"

    found = run_case(case, engine)

    for name, section in case.expected.items():
        rows = found[name]
        if name in KEYS:
            rows = _listed(rows, section, KEYS[name])
        _assert_equal(rows, section)


def _listed(rows: list[Row], section: Section, key: tuple[str, ...]) -> list[Row]:
    by_key = {tuple(str(row[column]) for column in key): row for row in rows}
    return [by_key[tuple(str(row[column]) for column in key)] for row in section.rows]


def _assert_equal(found: list[Row], section: Section) -> None:
    shown = "\n".join(" ".join(str(row.get(column)) for column in section.columns) for row in found)
    where = f"[{section.name}] came out as\n{' '.join(section.columns)}\n{shown}"
    assert len(found) == len(section.rows), where
    for place, (row, expected) in enumerate(zip(found, section.rows, strict=True)):
        for column, cell in expected.items():
            assert _same(row[column], cell), f"row {place}, {column}: {where}"


def _same(value: Any, expected: str | None) -> bool:
    if expected is None:
        return value in (None, "") or (isinstance(value, float) and math.isnan(value))
    if isinstance(value, float):
        return math.isclose(value, read_number(expected), rel_tol=1e-9, abs_tol=DAYS)
    return str(value) == expected


def test_every_case_begins_with_a_sentence() -> None:
    for path in FOLDER.glob("*.txt"):
        title = path.read_text(encoding="utf-8").splitlines()[0]
        assert title.endswith("."), f"{path.name} should begin with what it shows"


def test_the_page_of_the_flow_model_names_every_case() -> None:
    page = Path(__file__).parents[2] / "docs" / "explanation" / "flow-model.md"
    text = page.read_text(encoding="utf-8")
    cases = {case.name for case in CASES}

    assert cases <= set(re.findall(r"`([a-z_]+)`", text))
    # Names in brackets are cases.
    in_brackets = re.findall(r"\(((?:`[a-z_]+`,?\s*)+)\)", text)
    assert {name for names in in_brackets for name in re.findall(r"`([a-z_]+)`", names)} <= cases
    assert in_brackets
