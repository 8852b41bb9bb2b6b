"""What may be wrong between the rows of cases: their stays as an import checks them, and answers.

All cases are checked as one table of stays, since a check of each would take a hundred times as
long as that of all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from wholesystem.errors import Fault
from wholesystem.reviews.cases.case import check_answer
from wholesystem.reviews.cases.records import (
    CaseAnswer,
    CaseDelay,
    CaseStay,
    ChecklistItem,
    TrackedCase,
)
from wholesystem.reviews.cases.tabular import DELAY_COLUMNS, delays_table, stays_table
from wholesystem.reviews.cells import parse_ids
from wholesystem.stays.checks import check_delay_spells, check_stays
from wholesystem.stays.persons import nhs_numbers
from wholesystem.tables.cells import CellError

__all__ = ["Where", "case_faults", "services_of"]


class Where(Protocol):
    """What a cell is called in messages."""

    def __call__(self, table: str, at: int, column: str) -> str:
        """Its place, such as ``case_stays.csv row 3, column ready_at``; `at` counts from 0."""

    def number(self, table: str, at: int) -> int:
        """Number of a row as its file has it."""


def services_of(case: TrackedCase) -> tuple[str, ...]:
    """Services of a case that may run at the same time as each other.

    Parameters
    ----------
    case : TrackedCase
        The case.

    Returns
    -------
    tuple of str
        In the order given.
    """
    return tuple(name.strip() for name in case.concurrent.split(";") if name.strip())


def case_faults(
    tables: Mapping[str, Sequence[Any]], where: Where, *, skips: frozenset[str] = frozenset()
) -> Iterator[Fault]:
    """What is wrong between the rows of a review's cases.

    Parameters
    ----------
    tables : mapping of str to sequence of Row
        With ``cases``, ``case_stays``, ``case_delays``, ``case_answers``, ``case_checklist``.
    where : callable
        What a cell is called.
    skips : frozenset of str
        Tables of which some rows could not be read, so that nobody is told that they are missing.

    Yields
    ------
    Fault
        In the order of tables and rows. An NHS number is not shown.
    """
    yield from _person_faults(tables["cases"], where)
    yield from _concurrent_faults(tables["cases"], where)
    yield from _stay_faults(tables["cases"], tables["case_stays"], where)
    if "case_stays" not in skips:
        yield from _no_stays(tables["cases"], tables["case_stays"], where)
        yield from _delay_faults(tables["case_delays"], tables["case_stays"], where)
    if "case_checklist" not in skips:
        yield from _answer_faults(tables["case_answers"], tables["case_checklist"], where)


def _person_faults(cases: Sequence[TrackedCase], where: Where) -> Iterator[Fault]:
    refused = nhs_numbers(pa.array([one.pseudonym for one in cases], pa.string()))
    for at in np.flatnonzero(refused):
        yield Fault(
            where("cases", int(at), "pseudonym"),
            None,
            "It is an NHS number (ten digits with a right check digit; not shown here).",
            "Replace NHS numbers by pseudonyms before the file leaves its owner.",
        )


def _concurrent_faults(cases: Sequence[TrackedCase], where: Where) -> Iterator[Fault]:
    for at, one in enumerate(cases):
        try:
            parse_ids(one.concurrent)
        except CellError as error:
            yield Fault(where("cases", at, "concurrent"), one.concurrent, error.rule, error.remedy)


def _stay_faults(
    cases: Sequence[TrackedCase], stays: Sequence[CaseStay], where: Where
) -> Iterator[Fault]:
    """Faults of stays; cases that allow the same services to run together are checked together."""
    allowed = {one.case: frozenset(services_of(one)) for one in cases}
    together: dict[frozenset[str], list[int]] = {}
    for at, stay in enumerate(stays):
        together.setdefault(allowed.get(stay.case, frozenset()), []).append(at)
    for services, places in together.items():
        # Rules name other rows by their numbers, so those of the file are given.
        numbered = {where.number("case_stays", at): at for at in places}
        table = stays_table([stays[at] for at in places])
        _, rejected = check_stays(table, concurrent=services, rows=np.array(list(numbered)))
        for one in rejected.to_pylist():
            column = "case" if one["column"] == "person" else one["column"]
            place = where("case_stays", numbered[one["row"]], column)
            yield Fault(place, one["value"], one["rule"], one["remedy"])


def _no_stays(
    cases: Sequence[TrackedCase], stays: Sequence[CaseStay], where: Where
) -> Iterator[Fault]:
    there = {one.case for one in stays}
    for at, one in enumerate(cases):
        if one.case not in there:
            rule, remedy = "A case needs at least one stay.", "Add it to case_stays.csv."
            yield Fault(where("cases", at, "case"), one.case, rule, remedy)


def _delay_faults(
    delays: Sequence[CaseDelay], stays: Sequence[CaseStay], where: Where
) -> Iterator[Fault]:
    if not delays:
        return
    rejected = check_delay_spells(delays_table(delays), stays_table(stays))
    for one in rejected.to_pylist():
        # That check numbers its rows from 2.
        column = {"person": "case", **DELAY_COLUMNS}.get(one["column"], one["column"])
        place = where("case_delays", one["row"] - 2, column)
        yield Fault(place, one["value"], one["rule"], one["remedy"])


def _answer_faults(
    answers: Sequence[CaseAnswer], checklist: Sequence[ChecklistItem], where: Where
) -> Iterator[Fault]:
    known = {one.item: one for one in checklist}
    for at, one in enumerate(answers):
        if one.item not in known:
            rule, remedy = "The checklist has no such item.", "Add it to case_checklist.csv."
            yield Fault(where("case_answers", at, "item"), one.item, rule, remedy)
            continue
        try:
            check_answer(one.answer, known[one.item])
        except CellError as error:
            yield Fault(where("case_answers", at, "answer"), one.answer, error.rule, error.remedy)
