"""Feedback tools, with no web in them: what is asked, what was answered, and what may be shown.

An `Instrument` is a set of small tables. An `AnswerSheet` is what one respondent said, without
anything by which the respondent could be known again. Results are of groups, and groups of fewer
than five are never shown, nor what would tell of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.reviews.feedback.analysis import (
        PairResult,
        Result,
        Share,
        combine_results,
        pair_results,
        share_at_or_below,
        share_positive,
        tally,
    )
    from wholesystem.reviews.feedback.answer_files import read_answers, write_answers
    from wholesystem.reviews.feedback.answers import AnswerSheet, make_sheet
    from wholesystem.reviews.feedback.comments import (
        GroupComments,
        Keyword,
        comments_by_group,
        keyness,
        keywords,
    )
    from wholesystem.reviews.feedback.groups import Group, make_groups
    from wholesystem.reviews.feedback.instrument import Instrument
    from wholesystem.reviews.feedback.reading import (
        packaged_instruments,
        read_instrument,
        write_instrument,
    )
    from wholesystem.reviews.feedback.response import ResponseRate, response_rates

# Each public name with the module it is in: pydantic and pandas load on first use.
_HOMES = {
    "AnswerSheet": "answers",
    "Group": "groups",
    "GroupComments": "comments",
    "Instrument": "instrument",
    "Keyword": "comments",
    "PairResult": "analysis",
    "ResponseRate": "response",
    "Result": "analysis",
    "Share": "analysis",
    "combine_results": "analysis",
    "comments_by_group": "comments",
    "keyness": "comments",
    "keywords": "comments",
    "make_groups": "groups",
    "make_sheet": "answers",
    "packaged_instruments": "reading",
    "pair_results": "analysis",
    "read_answers": "answer_files",
    "read_instrument": "reading",
    "response_rates": "response",
    "share_at_or_below": "analysis",
    "share_positive": "analysis",
    "tally": "analysis",
    "write_answers": "answer_files",
    "write_instrument": "reading",
}

__all__ = [
    "AnswerSheet",
    "Group",
    "GroupComments",
    "Instrument",
    "Keyword",
    "PairResult",
    "ResponseRate",
    "Result",
    "Share",
    "combine_results",
    "comments_by_group",
    "keyness",
    "keywords",
    "make_groups",
    "make_sheet",
    "packaged_instruments",
    "pair_results",
    "read_answers",
    "read_instrument",
    "response_rates",
    "share_at_or_below",
    "share_positive",
    "tally",
    "write_answers",
    "write_instrument",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
