"""Tables of answer sheets: shuffled when they are written, and read strictly.

So that no order of theirs can be held against an order of invitations.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from wholesystem.errors import Fault, TableError
from wholesystem.files import atomic_path
from wholesystem.reviews.feedback.answers import AnswerSheet, make_sheet
from wholesystem.reviews.feedback.instrument import Answer, Instrument, Question
from wholesystem.tables import Table
from wholesystem.tables.reading import read_csv_table
from wholesystem.tables.rows import check_columns
from wholesystem.tables.writing import csv_bytes

__all__ = [
    "answer_cells",
    "answer_columns",
    "read_answer_table",
    "read_answers",
    "shuffle_sheets",
    "write_answers",
]

T = TypeVar("T")


def shuffle_sheets(sheets: Iterable[T]) -> tuple[T, ...]:
    """The same sheets in an order that nobody can work out or make again.

    Parameters
    ----------
    sheets : iterable
        Of any kind.

    Returns
    -------
    tuple
        Ordered by digests of their places under a key that is drawn for this call and forgotten.
    """
    key = secrets.token_bytes(32)
    listed = list(sheets)

    def place(at: int) -> bytes:
        return hashlib.blake2b(at.to_bytes(8, "big"), key=key).digest()

    return tuple(listed[at] for at in sorted(range(len(listed)), key=place))


def answer_columns(instrument: Instrument) -> tuple[str, ...]:
    """Columns of a table of answers.

    Parameters
    ----------
    instrument : Instrument
        What was asked.

    Returns
    -------
    tuple of str
        ``role``, ``kind``, ``organisation`` if asked for, then a column for each question; for one
        on pairs a column for each kind, such as ``trust: Care homes``.
    """
    asks = instrument.info.asks_organisation == "yes"
    return (
        "role",
        "kind",
        *(("organisation",) if asks else ()),
        *(column for question in instrument.asked for column in _columns_of(instrument, question)),
    )


def _columns_of(instrument: Instrument, question: Question) -> list[str]:
    if question.kind != "pair-scale":
        return [question.question]
    return [f"{question.question}: {kind}" for kind in instrument.kinds]


def write_answers(
    instrument: Instrument, sheets: Iterable[AnswerSheet], out: str | os.PathLike[str]
) -> None:
    """Write answer sheets as a CSV file, shuffled anew each time.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    sheets : iterable of AnswerSheet
        In any order.
    out : path
        The file; replaced whole or not at all.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    rows = [answer_cells(sheet) for sheet in shuffle_sheets(sheets)]
    with atomic_path(Path(out)) as part:
        part.write_bytes(csv_bytes(answer_columns(instrument), rows))


def answer_cells(sheet: AnswerSheet) -> dict[str, str]:
    """A sheet as a row of a table.

    Parameters
    ----------
    sheet : AnswerSheet
        What one respondent said.

    Returns
    -------
    dict of str to str
        By column; questions left open are not there.
    """
    return dict(_cells(sheet))


def _cells(sheet: AnswerSheet) -> Iterator[tuple[str, str]]:
    yield from (("role", sheet.role), ("kind", sheet.kind), ("organisation", sheet.organisation))
    for name, answer in sheet.answers.items():
        if isinstance(answer, Mapping):
            yield from ((f"{name}: {kind}", value) for kind, value in answer.items())
        else:
            yield name, answer if isinstance(answer, str) else "; ".join(answer)


def read_answers(instrument: Instrument, path: str | os.PathLike[str]) -> tuple[AnswerSheet, ...]:
    """Answer sheets from a CSV file that `write_answers` wrote.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    path : path
        Of the file.

    Returns
    -------
    tuple of AnswerSheet
        Each checked as when it was made.

    Raises
    ------
    TableError
        With every fault of every row; a column that the instrument does not have, such as a time
        or a name, is one.
    """
    table, faults = read_csv_table(Path(path))
    if table is None or faults:
        raise TableError(faults)
    return read_answer_table(instrument, table)


def read_answer_table(instrument: Instrument, table: Table) -> tuple[AnswerSheet, ...]:
    """Answer sheets of a table that was read as text.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    table : Table
        A row for each sheet.

    Returns
    -------
    tuple of AnswerSheet
        Each checked as when it was made.

    Raises
    ------
    TableError
        As for `read_answers`.
    """
    columns = answer_columns(instrument)
    faults = check_columns(table, columns, columns)
    if faults:
        raise TableError(faults)
    sheets, faults = _read_rows(instrument, table)
    if faults:
        raise TableError(faults)
    return tuple(sheets)


def _read_rows(instrument: Instrument, table: Table) -> tuple[Sequence[AnswerSheet], list[Fault]]:
    sheets, faults = [], []
    for row in table.rows:
        where = table.where(row.number)
        role, kind = row.cells.get("role", ""), row.cells.get("kind", "")
        try:
            answers = {
                one.question: _of_cells(instrument, one, row.cells) for one in instrument.asked
            }
            sheet = make_sheet(
                instrument, role, answers, organisation=row.cells.get("organisation", "")
            )
        except TableError as error:
            faults += [
                Fault(f"{where}, {one.where}", one.value, one.rule, one.remedy)
                for one in error.faults
            ]
            continue
        if kind != sheet.kind:
            rule = f"The role {role} is of the kind {sheet.kind}."
            faults.append(Fault(f"{where}, kind", kind, rule, "Correct one of the two."))
        sheets.append(sheet)
    return sheets, faults


def _of_cells(instrument: Instrument, question: Question, cells: Mapping[str, str]) -> Answer:
    if question.kind == "pair-scale":
        named = {kind: cells.get(f"{question.question}: {kind}", "") for kind in instrument.kinds}
        return {kind: value for kind, value in named.items() if value}
    text = cells.get(question.question, "")
    if question.kind == "many" and text:
        return tuple(one.strip() for one in text.split(";"))
    return text
