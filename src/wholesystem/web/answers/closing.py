"""Closing a tool: all envelopes are opened at once, shuffled, and burnt.

What is left is one file with the answers in an order drawn at that moment, comments in which
somebody may be named held apart, and how many had begun and not sent.
"""

from __future__ import annotations

import json
import os
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

from wholesystem.files import atomic_path
from wholesystem.reviews.feedback.answer_files import shuffle_sheets
from wholesystem.reviews.feedback.answers import AnswerSheet
from wholesystem.reviews.feedback.instrument import Answer, Instrument
from wholesystem.reviews.free_text import find_names
from wholesystem.web.answers.store import (
    burn,
    closed_path,
    connected,
    instrument_from,
    instrument_tables,
)

__all__ = [
    "close_tool",
    "held",
    "import_closed",
    "part_done_count",
    "settle",
    "sheets",
    "withheld_counts",
]

# One process serves, so one lock is enough for the few who clear comments.
_settling = Lock()


def close_tool(key: str) -> None:
    """Close a tool for good; done again after it was stopped half way, it ends what was begun.

    Parameters
    ----------
    key : str
        Of the tool.

    Raises
    ------
    FileNotFoundError
        If there is no such tool.
    """
    if not closed_path(key).exists():
        with connected(key, write=True) as file:
            # From here on nothing is taken; what was taken before is read below.
            file.execute("UPDATE tool SET value = 'closing' WHERE name = 'state'")
        with connected(key) as file:
            text = file.execute("SELECT value FROM tool WHERE name = 'instrument'").fetchone()[0]
            sent = [json.loads(row["content"]) for row in file.execute("SELECT content FROM sent")]
            part = file.execute("SELECT count(*) FROM envelopes WHERE state = 'part'").fetchone()[0]
        _write(key, _opened(instrument_from(text), sent, part))
    burn(key)


def _opened(instrument: Instrument, sent: Sequence[Mapping[str, Any]], part: int) -> dict[str, Any]:
    rows = [dict(one) for one in shuffle_sheets(sent)]
    texts = [one.question for one in instrument.asked if one.kind == "text"]
    kept: list[dict[str, Any]] = []
    for at, row in enumerate(rows):
        answers = dict(row["answers"])
        for question in texts:
            if question in answers and find_names(answers[question]):
                kept.append(
                    {"id": secrets.token_hex(8), "sheet": at, "question": question,
                     "text": answers.pop(question)}
                )  # fmt: skip
        row["answers"] = answers
    return {
        "instrument": json.dumps(instrument_tables(instrument), ensure_ascii=False),
        "sheets": rows,
        "held": kept,
        "withheld": {},
        "part_done": part,
    }


def _write(key: str, told: Mapping[str, Any]) -> None:
    with atomic_path(closed_path(key)) as part:
        with part.open("w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o600)


def _read(key: str) -> dict[str, Any]:
    path = closed_path(key)
    found = path.stat()
    return _parsed(str(path), found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=16)
def _parsed(path: str, changed: int, size: int) -> dict[str, Any]:
    with open(path, encoding="utf-8") as file:
        told: dict[str, Any] = json.load(file)
    return told


def import_closed(key: str, instrument: Instrument, given: Sequence[AnswerSheet]) -> None:
    """Keep the answers of a tool that was closed elsewhere.

    Parameters
    ----------
    key : str
        Of the tool; what is kept of it is replaced.
    instrument : Instrument
        What was asked.
    given : sequence of AnswerSheet
        In the order in which they are kept, which tells nothing. Their comments were cleared.
    """
    rows = [
        {"role": one.role, "organisation": one.organisation, "answers": dict(one.answers)}
        for one in given
    ]
    tables = json.dumps(instrument_tables(instrument), ensure_ascii=False)
    _write(key, {"instrument": tables, "sheets": rows, "held": [], "withheld": {}, "part_done": 0})


def sheets(key: str, merged: Mapping[str, str] | None = None) -> tuple[AnswerSheet, ...]:
    """Answers of a closed tool.

    Parameters
    ----------
    key : str
        Of the tool.
    merged : mapping of str to str, optional
        Organisation that is left, by one that went into it.

    Returns
    -------
    tuple of AnswerSheet
        Without comments that are held or withheld.

    Raises
    ------
    FileNotFoundError
        If the tool is not closed.
    """
    found = closed_path(key).stat()
    made = _sheets(str(closed_path(key)), found.st_mtime_ns, found.st_size)
    if not merged:
        return made
    return tuple(
        AnswerSheet(one.role, one.kind, merged.get(one.organisation, one.organisation), one.answers)
        for one in made
    )


@lru_cache(maxsize=16)
def _sheets(path: str, changed: int, size: int) -> tuple[AnswerSheet, ...]:
    told = _parsed(path, changed, size)
    roles = instrument_from(told["instrument"]).role_by_id
    # They were checked when they were sent: checking 20,000 again takes seconds.
    return tuple(
        AnswerSheet(
            one["role"], roles[one["role"]].kind, one["organisation"], _answers(one["answers"])
        )
        for one in told["sheets"]
    )


def _answers(told: Mapping[str, Any]) -> dict[str, Answer]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
    }


def held(key: str) -> tuple[tuple[str, str, str], ...]:
    """Comments that wait to be cleared.

    Parameters
    ----------
    key : str
        Of a closed tool.

    Returns
    -------
    tuple of (str, str, str)
        Id, question and text, without whose group they are.
    """
    if not closed_path(key).exists():
        return ()
    return tuple((one["id"], one["question"], one["text"]) for one in _read(key)["held"])


def settle(key: str, comment: str, text: str | None) -> bool:
    """Clear or withhold a comment that is held.

    Parameters
    ----------
    key : str
        Of a closed tool.
    comment : str
        Id of the comment.
    text : str or None
        What others may read; None withholds it for good.

    Returns
    -------
    bool
        False where somebody has settled it already; nothing is changed then.
    """
    with _settling:
        told = json.loads(json.dumps(_read(key)))
        found = next((one for one in told["held"] if one["id"] == comment), None)
        if found is None:
            return False
        told["held"].remove(found)
        question = found["question"]
        if text is None:
            told["withheld"][question] = told["withheld"].get(question, 0) + 1
        else:
            told["sheets"][found["sheet"]]["answers"][question] = text
        _write(key, told)
    return True


def part_done_count(key: str) -> int:
    """How many had begun and not sent when the tool was closed.

    Parameters
    ----------
    key : str
        Of a closed tool.

    Returns
    -------
    int
        What they had answered was burnt.
    """
    return int(_read(key)["part_done"])


def withheld_counts(key: str) -> Counter[str]:
    """How many comments were withheld, by question.

    Parameters
    ----------
    key : str
        Of a closed tool.

    Returns
    -------
    Counter of str
        Questions without one are not there.
    """
    return Counter(_read(key)["withheld"])
