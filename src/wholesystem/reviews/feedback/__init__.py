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
        shares_of,
        tally,
        tally_many,
    )
    from wholesystem.reviews.feedback.answer_files import (
        read_answers,
        write_answers,
    )
    from wholesystem.reviews.feedback.answers import (
        AnswerSheet,
        make_sheet,
    )
    from wholesystem.reviews.feedback.comments import (
        GroupComments,
        Keyword,
        comments_by_group,
        keyness,
        keywords,
    )
    from wholesystem.reviews.feedback.groups import (
        Group,
        make_groups,
    )
    from wholesystem.reviews.feedback.instrument import (
        Instrument,
    )
    from wholesystem.reviews.feedback.reading import (
        packaged_instruments,
        read_instrument,
        write_instrument,
    )
    from wholesystem.reviews.feedback.response import (
        ResponseRate,
        response_rates,
    )
    from wholesystem.reviews.feedback.result_files import (
        result_tables,
        write_results,
    )
    from wholesystem.reviews.feedback.results import (
        Filtered,
        QuestionResult,
        Results,
        filter_result,
        group_label,
        make_results,
    )
    from wholesystem.reviews.feedback.shown_comments import (
        CommentCount,
        QuestionComments,
        ShownComment,
        comment_id,
        search_comments,
    )
    from wholesystem.reviews.feedback.themes import (
        Coding,
        CommentTheme,
        SuggestedTheme,
        ThemeCount,
        count_themes,
        suggest_themes,
    )

# Each public name with the module it is in: pydantic and pandas load on first use.
_HOMES = {
    "AnswerSheet": "answers",
    "Coding": "themes",
    "CommentCount": "shown_comments",
    "CommentTheme": "themes",
    "Filtered": "results",
    "Group": "groups",
    "GroupComments": "comments",
    "Instrument": "instrument",
    "Keyword": "comments",
    "PairResult": "analysis",
    "QuestionComments": "shown_comments",
    "QuestionResult": "results",
    "ResponseRate": "response",
    "Result": "analysis",
    "Results": "results",
    "Share": "analysis",
    "ShownComment": "shown_comments",
    "SuggestedTheme": "themes",
    "ThemeCount": "themes",
    "combine_results": "analysis",
    "comment_id": "shown_comments",
    "comments_by_group": "comments",
    "count_themes": "themes",
    "filter_result": "results",
    "group_label": "results",
    "keyness": "comments",
    "keywords": "comments",
    "make_groups": "groups",
    "make_results": "results",
    "make_sheet": "answers",
    "packaged_instruments": "reading",
    "pair_results": "analysis",
    "read_answers": "answer_files",
    "read_instrument": "reading",
    "response_rates": "response",
    "result_tables": "result_files",
    "search_comments": "shown_comments",
    "share_at_or_below": "analysis",
    "share_positive": "analysis",
    "shares_of": "analysis",
    "suggest_themes": "themes",
    "tally": "analysis",
    "tally_many": "analysis",
    "write_answers": "answer_files",
    "write_instrument": "reading",
    "write_results": "result_files",
}

__all__ = [
    "AnswerSheet",
    "Coding",
    "CommentCount",
    "CommentTheme",
    "Filtered",
    "Group",
    "GroupComments",
    "Instrument",
    "Keyword",
    "PairResult",
    "QuestionComments",
    "QuestionResult",
    "ResponseRate",
    "Result",
    "Results",
    "Share",
    "ShownComment",
    "SuggestedTheme",
    "ThemeCount",
    "combine_results",
    "comment_id",
    "comments_by_group",
    "count_themes",
    "filter_result",
    "group_label",
    "keyness",
    "keywords",
    "make_groups",
    "make_results",
    "make_sheet",
    "packaged_instruments",
    "pair_results",
    "read_answers",
    "read_instrument",
    "response_rates",
    "result_tables",
    "search_comments",
    "share_at_or_below",
    "share_positive",
    "shares_of",
    "suggest_themes",
    "tally",
    "tally_many",
    "write_answers",
    "write_instrument",
    "write_results",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
