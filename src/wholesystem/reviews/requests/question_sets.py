"""Sets of questions that a request can start from: packaged ones, and those that a user brings."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from wholesystem.errors import Fault, OurFault, TableError
from wholesystem.reviews.cells import (
    BlankPassage,
    BlankText,
    Id,
    Ids,
    OptionalId,
    Passage,
    Record,
    Text,
)
from wholesystem.reviews.requests.records import MOST_QUESTIONS
from wholesystem.reviews.table_sets import TableSet
from wholesystem.tables import Table, Tables
from wholesystem.tables.cells import closest
from wholesystem.tables.reading import read_csv_table
from wholesystem.tables.rows import Row, check_columns, choice, whole

__all__ = [
    "QUESTION_SET_TABLES",
    "QuestionSet",
    "QuestionSetInfo",
    "SetQuestion",
    "packaged_question_sets",
    "read_question_set",
    "read_questions",
    "write_question_set",
]

MOST_NEAR = 100


class QuestionSetInfo(Record):
    """What a set is; the one row of ``question_set.csv``.

    `framework` is the id of the framework whose questions the column ``kloe`` names. `illustrative`
    is ``yes`` where the wording was not tried out; every page then says so. `introduction` stands
    above the questions.
    """

    question_set: Id
    name: Text
    framework: OptionalId = ""
    illustrative: Annotated[str, choice("yes", "no")]
    introduction: BlankPassage = ""
    source: Text


class SetQuestion(Record):
    """A question of a set; a row of ``questions.csv``.

    Only `text` is needed. Those without an `order` follow in the order of their rows.
    """

    order: Annotated[int | None, whole(1, 10_000, blank=None)] = None
    text: Passage
    help: BlankPassage = ""
    kloe: Ids = ()
    wants_document: Annotated[str, choice("yes", "no", blank="no")] = "no"
    source: BlankText = ""


QUESTION_SET_TABLES: dict[str, type[Row]] = {
    "question_set": QuestionSetInfo,
    "questions": SetQuestion,
}
_SET = TableSet(
    "question set",
    "a",
    QUESTION_SET_TABLES,
    Path(str(files("wholesystem.reviews.requests").joinpath("question_sets"))),
)


@dataclass(frozen=True)
class QuestionSet:
    """Questions to start a request from.

    Parameters
    ----------
    info : QuestionSetInfo
        What it is.
    questions : tuple of SetQuestion
        In their order.
    """

    info: QuestionSetInfo
    questions: tuple[SetQuestion, ...]


def packaged_question_sets() -> tuple[str, ...]:
    """Ids of the sets that come with the program.

    Returns
    -------
    tuple of str
        In the order of the alphabet.
    """
    return _SET.packaged


def read_question_set(name_or_path: str | os.PathLike[str]) -> QuestionSet:
    """A set of questions: a packaged one by its id, or a user's tables.

    Parameters
    ----------
    name_or_path : str or path
        Id of a packaged set; or a folder of ``question_set.csv`` and ``questions.csv``; or an
        .xlsx workbook whose sheets bear those names. A packaged id comes before a folder of the
        same name: write ``./name`` for the folder.

    Returns
    -------
    QuestionSet
        Checked.

    Raises
    ------
    TableError
        With every fault of every table.
    """
    name = os.fspath(name_or_path)
    if isinstance(name_or_path, str) and name in packaged_question_sets():
        return _packaged(name)
    return _whole_set(_SET.read(Path(name)))


@cache
def _packaged(name: str) -> QuestionSet:
    try:
        return _whole_set(_SET.read_packaged(name))
    except TableError as error:
        raise OurFault(f"The packaged question set {name} has faults. {error}") from None


def read_questions(path: Path, kloes: Collection[str]) -> tuple[SetQuestion, ...]:
    """A user's own questions, from a file that need not say what set they are.

    Parameters
    ----------
    path : Path
        A CSV file with the columns of ``questions.csv``; or a folder or .xlsx workbook with the
        table ``questions``.
    kloes : collection of str
        Ids of the questions of the review's framework, one of which each ``kloe`` must be.

    Returns
    -------
    tuple of SetQuestion
        In their order.

    Raises
    ------
    TableError
        With every fault of every row.
    """
    if path.is_file() and path.suffix.lower() == ".csv":
        table, faults = read_csv_table(path)
    else:
        tables = _SET.read(path)
        table, faults = tables.tables.get("questions"), list(tables.faults)
        if table is None and not faults:
            faults = [_SET.missing("questions", tables)]
    rows: list[tuple[int, SetQuestion]] = []
    if table is not None:
        rows, found = _question_rows(table)
        faults = [*faults, *found, *_unknown_kloes(table, rows, kloes)]
    if faults:
        raise TableError(faults)
    return _in_order(rows)


def _whole_set(tables: Tables) -> QuestionSet:
    faults = list(tables.faults)
    for name in QUESTION_SET_TABLES:
        if name not in tables.tables and not tables.faults:
            faults.append(_SET.missing(name, tables))
    infos: list[Any] = []
    rows: list[tuple[int, SetQuestion]] = []
    table = tables.tables.get("question_set")
    if table is not None:
        infos, found = _info_rows(table)
        faults += found
    table = tables.tables.get("questions")
    if table is not None:
        rows, found = _question_rows(table)
        faults += found
    if faults:
        raise TableError(faults)
    return QuestionSet(infos[0], _in_order(rows))


def _info_rows(table: Table) -> tuple[list[Any], list[Fault]]:
    kind = QuestionSetInfo
    rows, faults = kind.read(table)
    found = check_columns(table, kind.columns(), kind.needed_columns())
    return [row for _, row in rows], [*found, *faults, *_SET.not_one_row(table)]


def _question_rows(table: Table) -> tuple[list[tuple[int, SetQuestion]], list[Fault]]:
    rows, faults = SetQuestion.read(table)
    found = check_columns(table, SetQuestion.columns(), SetQuestion.needed_columns())
    return rows, [*found, *faults, *_number_faults(table)]


def _number_faults(table: Table) -> Iterator[Fault]:
    count = len(table.rows)
    if not 0 < count <= MOST_QUESTIONS:
        yield Fault(
            table.shown_as,
            None,
            f"It must have 1 to {MOST_QUESTIONS} questions under its header; it has {count}.",
            "Ask less in one request." if count else "Write a question.",
        )


def _unknown_kloes(
    table: Table, rows: list[tuple[int, SetQuestion]], kloes: Collection[str]
) -> Iterator[Fault]:
    told = 0
    for number, row in rows:
        for name in row.kloe:
            if name in kloes:
                continue
            near = closest(name, kloes) if told < MOST_NEAR else None
            told += 1
            yield Fault(
                table.where(number, "kloe"),
                name,
                "There is no such question in the framework of this review.",
                f"Did you mean {near}?" if near else "Correct the id, or clear the cell.",
            )


def _in_order(rows: list[tuple[int, SetQuestion]]) -> tuple[SetQuestion, ...]:
    # Sorting keeps the order of those that say none; they come last.
    return tuple(row for _, row in sorted(rows, key=lambda one: one[1].order or 10_001))


def write_question_set(question_set: QuestionSet, out: str | os.PathLike[str]) -> None:
    """Write a set as tables that `read_question_set` reads again.

    Parameters
    ----------
    question_set : QuestionSet
        The questions.
    out : path
        A folder, made if it does not exist; or a workbook, where the name ends in ``.xlsx``.
        Tables of the same names are replaced, all or none.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    rows: dict[str, tuple[Row, ...]] = {
        "question_set": (question_set.info,),
        "questions": question_set.questions,
    }
    _SET.write(rows, out)
