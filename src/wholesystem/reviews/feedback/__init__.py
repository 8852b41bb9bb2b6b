"""Feedback tools, with no web in them: what is asked, what was answered, and what may be shown.

An `Instrument` is a set of small tables. An `AnswerSheet` is what one respondent said, without
anything by which the respondent could be known again.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.reviews.feedback.answer_files import read_answers, write_answers
    from wholesystem.reviews.feedback.answers import AnswerSheet, make_sheet
    from wholesystem.reviews.feedback.instrument import Instrument
    from wholesystem.reviews.feedback.reading import packaged_instruments, read_instrument

# Each public name with the module it is in: pydantic and pandas load on first use.
_HOMES = {
    "AnswerSheet": "answers",
    "Instrument": "instrument",
    "make_sheet": "answers",
    "packaged_instruments": "reading",
    "read_answers": "answer_files",
    "read_instrument": "reading",
    "write_answers": "answer_files",
}

__all__ = [
    "AnswerSheet",
    "Instrument",
    "make_sheet",
    "packaged_instruments",
    "read_answers",
    "read_instrument",
    "write_answers",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
