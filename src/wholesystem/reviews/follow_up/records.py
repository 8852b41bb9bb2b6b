"""The rows of a follow-up: what is said of each action, and where charts are rebased by hand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from wholesystem.errors import OurFault, TableError
from wholesystem.reviews.cells import BlankPassage, Id, Ids, Passage, Record, Text
from wholesystem.tables.reading import read_csv_table
from wholesystem.tables.rows import Date, DateTime, Row, check_columns, choice

__all__ = [
    "BECAUSE",
    "FOLLOW_UP_TABLES",
    "Progress",
    "Rebase",
    "Status",
    "VerdictWords",
    "statuses",
    "verdict_words",
]


class Status(Row):
    """How far an action has come; a row of the packaged ``statuses.csv``."""

    status: Id
    label: Text
    meaning: Text
    done: Annotated[str, choice("yes", "no")]


class VerdictWords(Row):
    """A verdict in words; a row of the packaged ``verdicts.csv``."""

    verdict: Id
    label: Text
    meaning: Text


def _packaged(name: str, kind: type[Row]) -> tuple[Row, ...]:
    path = Path(str(files("wholesystem.reviews").joinpath("follow_up", f"{name}.csv")))
    table, faults = read_csv_table(path)
    if table is not None:
        rows, found = kind.read(table)
        faults = [*faults, *check_columns(table, kind.columns(), kind.columns()), *found]
        if not faults:
            return tuple(row for _, row in rows)
    raise OurFault(f"The packaged table {path.name} has faults. {TableError(faults)}")


@cache
def statuses() -> Mapping[str, Status]:
    """Statuses of actions by their word.

    Returns
    -------
    mapping of str to Status
        In the table's order.
    """
    rows = _packaged("statuses", Status)
    return {one.status: one for one in rows if isinstance(one, Status)}


@cache
def verdict_words() -> Mapping[str, VerdictWords]:
    """Verdicts with what people call them and what they mean.

    Returns
    -------
    mapping of str to VerdictWords
        In the table's order.
    """
    rows = _packaged("verdicts", VerdictWords)
    return {one.verdict: one for one in rows if isinstance(one, VerdictWords)}


#: Why a chart is rebased. Only ``recording`` cuts what the figures are held against.
BECAUSE: Mapping[str, str] = {
    "agreed": "the plan was agreed",
    "process": "the process was changed",
    "recording": "what is counted, or how, was changed",
}


class Progress(Record):
    """What is said of an action on a day; a row of ``progress.csv``.

    `claim` is what those who carry the action out say of it, `evidence` what it rests on.
    """

    progress: Id
    action: Id
    on: Date
    status: Annotated[str, choice(*statuses())]
    claim: Passage
    evidence: Ids = ()
    note: BlankPassage = ""
    recorded_by: Id
    recorded_at: DateTime


class Rebase(Record):
    """A day from which a chart's mean and limits start anew; a row of ``rebases.csv``.

    Always by hand and with its reason. It changes what is drawn; the verdict holds the figures
    against those before the plan whatever is rebased, unless what is counted was changed
    (`because` is ``recording``).
    """

    rebase: Id
    expected_movement: Id
    on: Date
    because: Annotated[str, choice(*BECAUSE)]
    reason: Text
    recorded_by: Id
    recorded_at: DateTime


#: Class of the rows of each table, in the order of writing; the first column is the key.
FOLLOW_UP_TABLES: Mapping[str, type[Record]] = {"progress": Progress, "rebases": Rebase}
