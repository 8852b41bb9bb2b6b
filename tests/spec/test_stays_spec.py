"""Every case of tests/spec/stays: stays as a text table in, hand-worked measures out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.helpers.stays_tables import Case, Section, read_case, read_number, read_time
from wholesystem import stays as stays_package
from wholesystem.stays import Stays

CASES = [read_case(path) for path in sorted((Path(__file__).parent / "stays").glob("*.txt"))]

# The same cases through the linking of moves that allows stays side by side.
WAYS = {
    "one after another": lambda stays: stays,
    "side by side": lambda stays: replace(stays, concurrent=stays.concurrent | {"elsewhere"}),
    "from metadata": lambda stays: stays if stays.spells is not None else stays.table,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_measures_equal_the_worked_tables(case: Case, way: str) -> None:
    assert case.expected
    given: Any = WAYS[way](case.stays)
    for section in case.expected:
        measure = getattr(stays_package, section.name)
        _assert_equal(measure(given, **section.arguments), section)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.stays.table.num_rows > 1], ids=lambda case: case.name
)
def test_the_order_of_the_rows_changes_nothing(case: Case) -> None:
    backwards = list(range(case.stays.table.num_rows))[::-1]
    given = replace(case.stays, table=case.stays.table.take(backwards))
    for section in case.expected:
        measure = getattr(stays_package, section.name)
        _assert_equal(measure(given, **section.arguments), section)


def test_every_measure_has_a_case() -> None:
    from wholesystem.stays import measures

    shown = {section.name for case in CASES for section in case.expected}
    assert shown == set(measures.__all__)


def _assert_equal(found: pd.DataFrame, section: Section) -> None:
    where = f"[{section.name}] {section.arguments}\n{found.to_string()}"
    assert len(found) == len(section.rows), where
    assert set(section.columns) <= set(found.columns), where
    for place, row in enumerate(section.rows):
        for column, expected in row.items():
            value = found[column].iloc[place]
            assert _same(value, expected), f"row {place}, {column}: {value!r}\n{where}"


def _same(value: Any, expected: str | None) -> bool:
    if expected is None:
        return value == "" or bool(pd.isna(value))
    if isinstance(value, pd.Timestamp):
        return bool(value == read_time(expected))
    if isinstance(value, str):
        return value == expected
    return bool(np.isclose(value, read_number(expected), rtol=1e-12, atol=1e-12))


def test_a_stays_object_is_not_changed_by_measuring() -> None:
    case = CASES[0]
    before = case.stays.table
    stays_package.occupancy(case.stays)
    assert isinstance(case.stays, Stays)
    assert case.stays.table.equals(before)
