"""A case: a journey with what its record says, question by question, and notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyarrow as pa

from wholesystem.errors import Fault, OurFault, TableError
from wholesystem.reviews.cases.records import ChecklistItem
from wholesystem.reviews.cells import parse_id, parse_passage
from wholesystem.stays.checks import check_stays
from wholesystem.stays.faults import first_faults
from wholesystem.stays.io import typed_rows
from wholesystem.stays.tabular import RawRows
from wholesystem.tables.cells import CellError, parse_date, parse_whole
from wholesystem.tables.reading import read_csv_table

__all__ = [
    "PAPER",
    "Case",
    "check_answer",
    "make_case",
    "packaged_checklist",
    "type_in_case",
]

#: The person of every case that was typed in from paper records.
PAPER = "paper"
_MOST = 1000


@dataclass(frozen=True)
class Case:
    """A case, checked; made by `make_case` or `type_in_case`.

    Parameters
    ----------
    case : str
        Id within the review.
    person : str
        Pseudonym; ``paper`` where it was typed in from paper records.
    stratum : str
        Why it was drawn; empty where it was not.
    stays : pyarrow.Table
        Columns of `wholesystem.stays.STAYS_SCHEMA`, in order; at least one row.
    answers : tuple of (str, str)
        Items of the checklist that the record answers, in its order, with the answer as text.
    notes : str
        What else was seen; never a name.
    """

    case: str
    person: str
    stratum: str
    stays: pa.Table
    answers: tuple[tuple[str, str], ...] = ()
    notes: str = ""


@cache
def packaged_checklist() -> tuple[ChecklistItem, ...]:
    """The checklist that comes with the program: our own wording, illustrative.

    Returns
    -------
    tuple of ChecklistItem
        In order.
    """
    path = Path(str(files("wholesystem.reviews.cases").joinpath("checklist.csv")))
    table, faults = read_csv_table(path)
    rows, found = ChecklistItem.read(table) if table else ([], [])
    if faults or found:
        raise OurFault(f"The packaged checklist has faults. {TableError(faults + found)}")
    return tuple(sorted((one for _, one in rows), key=lambda one: one.order))


def make_case(
    case: str,
    stays: pa.Table,
    *,
    stratum: str = "",
    answers: Mapping[str, str] | None = None,
    notes: str = "",
    concurrent: Iterable[str] = (),
    checklist: Sequence[ChecklistItem] | None = None,
) -> Case:
    """A case of a journey from the stays.

    Parameters
    ----------
    case : str
        Id within the review.
    stays : pyarrow.Table
        All stays of one person, as `wholesystem.reviews.cases.journey_of` gives them.
    stratum : str
        Why it was drawn; empty where it was not.
    answers : mapping of str to str, optional
        By item of the checklist, as typed; a blank answer is none.
    notes : str
        Up to 20,000 characters.
    concurrent : iterable of str
        Services that may run at the same time as each other.
    checklist : sequence of ChecklistItem, optional
        The packaged one if None.

    Returns
    -------
    Case
        Checked.

    Raises
    ------
    TableError
        With every fault of the stays, the answers and the rest together.
    """
    kept, rejected = check_stays(stays, concurrent=tuple(concurrent))
    told = _Told(case, stratum, answers or {}, notes)
    return _checked(told, kept, first_faults(rejected, "stays"), checklist)


def type_in_case(
    case: str,
    rows: Sequence[Mapping[str, str]],
    *,
    stratum: str = "",
    answers: Mapping[str, str] | None = None,
    notes: str = "",
    concurrent: Iterable[str] = (),
    checklist: Sequence[ChecklistItem] | None = None,
) -> Case:
    """A case from paper records, its stays given as cells.

    Parameters
    ----------
    case : str
        Id within the review.
    rows : sequence of mapping of str to str
        Cells by column of `wholesystem.stays.STAYS_SCHEMA`, one stay each, without ``person``
        and ``stay``: the person is ``paper``, and stays are numbered in order of their start.
    stratum, answers, notes, concurrent, checklist
        As of `make_case`.

    Returns
    -------
    Case
        Its stays passed the same checks as those of an imported file.

    Raises
    ------
    TableError
        With every fault of the stays, the answers and the rest together.
    """
    raw = _raw_rows(rows)
    kept, rejected = typed_rows(raw, "stays", frozenset(concurrent), number_stays=True)
    told = _Told(case, stratum, answers or {}, notes)
    return _checked(told, kept, first_faults(rejected, "stays"), checklist)


def _raw_rows(rows: Sequence[Mapping[str, str]]) -> RawRows:
    """Typed cells as an import sees a file: text, blank cells null, the header being row 1."""
    names = dict.fromkeys(("service", "started_at", *(name for row in rows for name in row)))
    own = [name for name in names if name in ("person", "stay")]
    if own:
        rule = "It is given by the program for a case typed in."
        raise TableError([Fault(f"stays, column {name}", None, rule, "Remove it.") for name in own])
    cells = {name: [(row.get(name) or "").strip() or None for row in rows] for name in names}
    columns = {"person": [PAPER] * len(rows)} | cells
    table = pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
    return RawRows(table, np.arange(2, len(rows) + 2, dtype=np.int64))


# ------------------------------------------------------------------------------ checking


@dataclass(frozen=True)
class _Told:
    """What was given beside the stays."""

    case: str
    stratum: str
    answers: Mapping[str, str]
    notes: str


def _checked(
    told: _Told,
    stays: pa.Table,
    faults: list[Fault],
    checklist: Sequence[ChecklistItem] | None,
) -> Case:
    items = packaged_checklist() if checklist is None else checklist
    answers = {name: text.strip() for name, text in told.answers.items() if text.strip()}
    faults = [*faults, *_name_faults(told), *_person_faults(stays, faults)]
    faults += _answer_faults(answers, items)
    if faults:
        raise TableError(faults)
    given = tuple((one.item, answers[one.item]) for one in items if one.item in answers)
    person = stays["person"][0].as_py()
    return Case(told.case, person, told.stratum, stays, given, parse_passage(told.notes))


def _name_faults(told: _Told) -> Iterator[Fault]:
    named = (("case", told.case), ("stratum", told.stratum))
    for name, text in named:
        try:
            if text or name == "case":
                parse_id(text)
        except CellError as error:
            yield Fault(name, text, error.rule, error.remedy)
    try:
        parse_passage(told.notes)
    except CellError as error:
        yield Fault("notes", None, error.rule, error.remedy)


def _person_faults(stays: pa.Table, others: Sequence[Fault]) -> Iterator[Fault]:
    persons = len(stays["person"].unique())
    if persons > 1:
        rule = f"A case is of one person; these are the stays of {persons}."
        yield Fault("stays", None, rule, "Give those of one.")
    if not persons and not others:
        yield Fault("stays", None, "A case needs at least one stay.", "Add it.")


def _answer_faults(answers: Mapping[str, str], items: Sequence[ChecklistItem]) -> Iterator[Fault]:
    known = {one.item: one for one in items}
    for name, text in answers.items():
        if name not in known:
            rule, remedy = "The checklist has no such item.", f"Its items are {', '.join(known)}."
            yield Fault("answers", name, rule, remedy)
            continue
        try:
            check_answer(text, known[name])
        except CellError as error:
            yield Fault(f"answers, item {name}", text, error.rule, error.remedy)


def check_answer(text: str, item: ChecklistItem) -> None:
    """Refuse an answer that an item does not allow.

    Parameters
    ----------
    text : str
        As typed.
    item : ChecklistItem
        What was asked.

    Raises
    ------
    CellError
        With the rule and what to do.
    """
    if item.kind == "date":
        parse_date(text)
    elif item.kind == "number":
        if not 0 <= parse_whole(text) <= _MOST:
            raise CellError("It must be at least 0 and at most 1,000.", "Correct the number.")
    elif item.kind == "text":
        parse_passage(text)
    elif text not in item.words:
        raise CellError(f"It must be one of {', '.join(item.words)}.", f"Write {item.words[0]}.")
