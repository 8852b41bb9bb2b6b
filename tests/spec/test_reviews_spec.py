"""Every case of tests/spec/reviews: a small review as text tables in, what is thin out.

What a section expects is complete: `[warnings] {"rule": "few_sources"}` names every record that
the rule warns of, in order. Its other arguments change what is asked: `today`, `thresholds`, and
rules that are `off`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.reviews import TODAY, Case, make_rules, names, read_case
from tests.helpers.stays_tables import Row, Section
from wholesystem.reviews import Review, packaged_rules, triangulate, warnings_of
from wholesystem.reviews.triangulation import Cell

CASES = [read_case(path) for path in sorted((Path(__file__).parent / "reviews").glob("*.txt"))]
SECTIONS = [(case, section) for case in CASES for section in case.expected]
WARNINGS = [section for _, section in SECTIONS if section.name == "warnings"]


def grid_of(review: Review, section: Section) -> Any:
    return triangulate(review, rules_of(section))


def rules_of(section: Section) -> Any:
    return make_rules(section.arguments.get("thresholds"), section.arguments.get("off", ()))


def joined(evidence: Iterable[Any]) -> str | None:
    return ";".join(one.evidence for one in evidence) or None


def cell_row(cell: Cell) -> Row:
    return {
        "strengths": joined(cell.strengths),
        "concerns": joined(cell.concerns),
        "neither": joined(cell.neither),
        "evidence": str(cell.count),
        "sources": str(cell.sources),
    }


def found_states(case: Case, section: Section) -> list[Row]:
    """Each question with its state and what that rests on."""
    return [
        {
            "kloe": row.question.kloe,
            "state": row.state.replace(" ", "_"),
            "kinds": str(sum(cell.count > 0 for cell in row.cells.values())),
            "findings": str(row.findings),
            "newest": row.newest and row.newest.isoformat(),
            "oldest": row.oldest and row.oldest.isoformat(),
            "with_parts": joined(row.with_parts.evidence),
            **cell_row(row.total),
        }
        for row in grid_of(case.review, section).rows
    ]


def found_cells(case: Case, section: Section) -> list[Row]:
    """Every cell of the grid that is no gap."""
    return [
        {"kloe": row.question.kloe, "kind": kind, **cell_row(cell)}
        for row in grid_of(case.review, section).rows
        for kind, cell in row.cells.items()
        if cell.count
    ]


def found_contradictions(case: Case, section: Section) -> list[Row]:
    return [
        {
            "kloe": one.kloe,
            "strengths": joined(one.strengths),
            "concerns": joined(one.concerns),
            "organisations": ";".join(one.organisations) or None,
            "considered_in": ";".join(one.considered_in) or None,
        }
        for one in grid_of(case.review, section).contradictions
    ]


def found_uncoded(case: Case, section: Section) -> list[Row]:
    return [{"evidence": one.evidence} for one in grid_of(case.review, section).uncoded]


def found_warnings(case: Case, section: Section) -> list[Row]:
    warnings = warnings_of(
        case.review,
        date.fromisoformat(section.arguments.get("today", TODAY.isoformat())),
        figures=case.live,
        rules=rules_of(section),
    )
    return [
        {"table": one.table, "record": one.record, "says": one.sentence.replace(" ", "_")}
        for one in warnings
        if one.rule.rule == section.arguments["rule"]
    ]


FINDERS: dict[str, Callable[[Case, Section], list[Row]]] = {
    "states": found_states,
    "cells": found_cells,
    "contradictions": found_contradictions,
    "uncoded": found_uncoded,
    "warnings": found_warnings,
}


def only(rows: list[Row], columns: list[str]) -> list[Row]:
    return [{name: row[name] for name in columns} for row in rows]


@pytest.mark.parametrize(
    ("case", "section"), SECTIONS, ids=lambda one: getattr(one, "name", "expected")
)
def test_what_is_found_equals_the_worked_tables(case: Case, section: Section) -> None:
    found = FINDERS[section.name](case, section)
    if not section.rows:
        assert found == []
        return
    shown = [row for row in found if section.name != "states" or row["kloe"] in kloes(section)]
    assert only(shown, section.columns) == section.rows


def kloes(section: Section) -> set[str | None]:
    return {row["kloe"] for row in section.rows}


@pytest.mark.parametrize(
    ("case", "section"), SECTIONS, ids=lambda one: getattr(one, "name", "expected")
)
def test_the_order_of_the_rows_changes_nothing_but_the_order(case: Case, section: Section) -> None:
    backwards = {name: rows[::-1] for name, rows in case.review.tables().items()}
    other = replace(case, review=replace(case.review, **backwards))

    found, again = (FINDERS[section.name](one, section) for one in (case, other))
    plain = {"table", "record", "state", "evidence", "kind", "kloe", "sources", "newest", "oldest"}
    kept = [column for column in found[0] if column in plain] if found else []
    assert sorted(map(str, only(found, kept))) == sorted(map(str, only(again, kept)))


def test_every_rule_is_shown_to_warn_and_not_to() -> None:
    assert {one.arguments["rule"] for one in WARNINGS if one.rows} == set(packaged_rules().by_id)
    assert {one.arguments["rule"] for one in WARNINGS if not one.rows} == set(
        packaged_rules().by_id
    )


def test_every_threshold_and_switch_is_shown_to_count() -> None:
    changed = {
        one.arguments["rule"]
        for one in WARNINGS
        if one.arguments["rule"] in one.arguments.get("thresholds", {})
    }
    off = {one.arguments["rule"] for one in WARNINGS if one.arguments.get("off")}

    assert changed == set(packaged_rules().by_id)
    assert off == set(packaged_rules().by_id)


@pytest.mark.parametrize("section", WARNINGS, ids=lambda one: one.arguments["rule"])
def test_a_case_says_what_it_means(section: Section) -> None:
    """Rules are spelt right, and a rule that is off is expected to be silent."""
    known = set(packaged_rules().by_id)

    assert section.arguments.keys() <= {"rule", "today", "thresholds", "off"}
    assert {section.arguments["rule"], *section.arguments.get("thresholds", {})} <= known
    if section.arguments["rule"] in section.arguments.get("off", ()):
        assert section.rows == []


def test_names_of_a_cell_keep_their_order() -> None:
    assert names("b;a") == ("b", "a")
    assert names(None) == ()
