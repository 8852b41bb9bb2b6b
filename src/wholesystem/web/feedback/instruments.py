"""Instruments as a tool keeps them, and as its lead reads them before it opens."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.feedback.instrument import (
    INSTRUMENT_TABLES,
    Condition,
    Instrument,
    Question,
    ScaleValue,
)
from wholesystem.reviews.feedback.reading import read_instrument
from wholesystem.tables.rows import Row
from wholesystem.web.feedback.models import Tool
from wholesystem.web.workspace.uploads import MOST_TABLES_BYTES, unpack_tables

__all__ = [
    "ShownQuestion",
    "instrument_of",
    "pages_of",
    "read_upload",
    "stored_tables",
    "tell_conditions",
]


@dataclass(frozen=True)
class ShownQuestion:
    """A question as its lead reads it.

    Parameters
    ----------
    question : Question
        Its row.
    values : tuple of ScaleValue
        Answers to choose from; none for free text.
    only : tuple of str
        Who is asked it, in words; none where everybody is.
    """

    question: Question
    values: tuple[ScaleValue, ...]
    only: tuple[str, ...]


def stored_tables(instrument: Instrument) -> dict[str, list[dict[str, str]]]:
    """An instrument's tables as the database keeps them.

    Parameters
    ----------
    instrument : Instrument
        Checked.

    Returns
    -------
    dict of str to list of dict
        Cells as text, by table.
    """
    rows: dict[str, Iterable[Row]] = {
        "instrument": (instrument.info,),
        "questions": instrument.questions,
        "scales": instrument.scales,
        "roles": instrument.roles,
    }
    return {name: [row.cells() for row in ones] for name, ones in rows.items()}


def instrument_of(tool: Tool) -> Instrument:
    """What a tool asks.

    Parameters
    ----------
    tool : Tool
        From the database.

    Returns
    -------
    Instrument
        Made once by a process, since none is ever changed.
    """
    return _made(tool.pk, tool.key)


@lru_cache(maxsize=64)
def _made(pk: int, key: str) -> Instrument:
    # The key too: in a database that was put back, another tool may have the same number.
    tables = Tool.objects.values_list("tables", flat=True).get(pk=pk, key=key)
    rows: dict[str, tuple[Any, ...]] = {
        name: tuple(row.model_validate(cells) for cells in tables[name])
        for name, row in INSTRUMENT_TABLES.items()
    }
    return Instrument(rows["instrument"][0], rows["questions"], rows["scales"], rows["roles"])


def read_upload(upload: Any) -> Instrument:
    """An instrument that a person uploads.

    Parameters
    ----------
    upload : UploadedFile
        A workbook, or a zip of CSV files.

    Returns
    -------
    Instrument
        Checked.

    Raises
    ------
    TableError
        With every fault of every table.
    """
    if upload.size > MOST_TABLES_BYTES:
        rule = f"It is larger than {MOST_TABLES_BYTES // 1_000_000} MB."
        raise TableError([Fault(upload.name, None, rule, "Leave out what is not needed.")])
    with tempfile.TemporaryDirectory(prefix="wholesystem-") as passing:
        return read_instrument(unpack_tables(upload.read(), upload.name, Path(passing)))


def pages_of(instrument: Instrument) -> list[tuple[int, list[ShownQuestion]]]:
    """Questions by page, as respondents come to them.

    Parameters
    ----------
    instrument : Instrument
        What is asked.

    Returns
    -------
    list of (int, list of ShownQuestion)
        Pages are counted from 1, whatever numbers the tables give them.
    """
    pages: dict[int, list[ShownQuestion]] = {}
    for one in instrument.asked:
        shown = ShownQuestion(
            one, instrument.values_of(one.question), tell_conditions(instrument, one)
        )
        pages.setdefault(one.page, []).append(shown)
    return list(enumerate(pages.values(), start=1))


def tell_conditions(instrument: Instrument, question: Question) -> tuple[str, ...]:
    """Who is asked a question, in words.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    question : Question
        One of its questions.

    Returns
    -------
    tuple of str
        All of them must be true; empty where everybody is asked.
    """
    return tuple(_tell(instrument, one) for one in question.conditions)


def _tell(instrument: Instrument, condition: Condition) -> str:
    if condition.subject == "role":
        roles = [instrument.role_by_id[one].label for one in condition.values]
        return f"Only for who chose: {_either(roles)}."
    if condition.subject == "kind":
        return f"Only for people of: {_either(condition.values)}."
    asked = instrument.question_by_id[condition.subject]
    labels = {one.value: one.label for one in instrument.values_of(asked.question)}
    values = _either(labels[one] for one in condition.values)
    return f"Only for who answered {values} to “{asked.text}”"


def _either(words: Iterable[str]) -> str:
    quoted = [f"“{one}”" for one in words]
    return " or ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
