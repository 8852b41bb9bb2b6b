"""The results of a closed tool as its pages show them: worked out once for all that look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import Http404

from wholesystem.reports.feedback_pictures import (
    ResultPicture,
    picture_matrix,
    picture_question,
)
from wholesystem.reviews.feedback.analysis import Share
from wholesystem.reviews.feedback.instrument import Question
from wholesystem.reviews.feedback.records import merged_names
from wholesystem.reviews.feedback.results import (
    QuestionResult,
    Results,
    group_label,
    make_results,
)
from wholesystem.web.answers.store import closed_path
from wholesystem.web.feedback import store
from wholesystem.web.feedback.instruments import instrument_of
from wholesystem.web.feedback.models import Invited, Merger, Tool
from wholesystem.web.workspace.rows import row_of

__all__ = [
    "AXES",
    "QuestionLine",
    "choice_table",
    "find_question",
    "lines_of",
    "matrix_of",
    "picture_of",
    "results_of",
    "share_words",
]

#: What groups may be told of, with what people call it.
AXES = {
    "kind": "Kind of organisation",
    "role": "Role",
    "organisation": "Organisation",
}


def results_of(tool: Tool) -> Results:
    """All that may be shown of a tool.

    Parameters
    ----------
    tool : Tool
        Of a review.

    Returns
    -------
    Results
        Worked out once by a process for the answers as they stand; nobody may change it.

    Raises
    ------
    Http404
        If the tool is not closed, or its answers are not here.
    """
    if tool.state != "closed" or not closed_path(tool.key).exists():
        raise Http404("The tool has no results.")
    merged = merged_names(
        row_of("organisation_mergers", one)
        for one in Merger.objects.filter(review_id=tool.review_id).select_related(
            "organisation", "into", "recorded_by"
        )
    )
    invited, open_links = _invited(tool, merged)
    names = tuple(tool.review.organisation_set.values_list("code", "name"))
    changed = closed_path(tool.key).stat()
    return _Made(tool, merged, invited, open_links, names).results(
        changed.st_mtime_ns, changed.st_size
    )


Pairs = tuple[tuple[tuple[str, str], int], ...]


@dataclass(frozen=True)
class _Made:
    """What results are made from; equal where the same results come out."""

    tool: Tool
    merged: dict[str, str]
    invited: Pairs
    open_links: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Made) and self._known() == other._known()

    def __hash__(self) -> int:
        return hash(self._known())

    def _known(self) -> tuple[Any, ...]:
        merged = tuple(sorted(self.merged.items()))
        return self.tool.key, merged, self.invited, self.open_links, self.names

    def results(self, changed: int, size: int) -> Results:
        return _results(self, changed, size)


@lru_cache(maxsize=16)
def _results(made: _Made, changed: int, size: int) -> Results:
    return make_results(
        instrument_of(made.tool),
        store.sheets(made.tool, merged=True),
        dict(made.invited),
        made.open_links,
        dict(made.names),
    )


def _invited(tool: Tool, merged: dict[str, str]) -> tuple[Pairs, tuple[tuple[str, str], ...]]:
    """Single-use links by role and organisation, and whom open links reached."""
    counts: dict[tuple[str, str], int] = {}
    reached: dict[tuple[str, str], None] = {}
    for one in Invited.objects.filter(tool=tool).select_related("organisation").order_by("pk"):
        code = one.organisation.code if one.organisation else ""
        key = (one.role, merged.get(code, code))
        if one.links == "open":
            reached[key] = None
        elif not one.withdrawn:
            counts[key] = counts.get(key, 0) + one.number
    return tuple(counts.items()), tuple(reached)


# --------------------------------------------------------------------------- one question


def find_question(results: Results, question: str, about: str) -> QuestionResult:
    """What was answered to a question with choices.

    Parameters
    ----------
    results : Results
        Of the tool.
    question : str
        Id.
    about : str
        Kind of organisation that was asked about, for one on pairs.

    Returns
    -------
    QuestionResult
        Of all groups.

    Raises
    ------
    Http404
        If there is none.
    """
    for one in results.questions:
        if (one.question.question, one.about) == (question, about):
            return one
    raise Http404("The tool has no such question.")


def share_words(share: Share | None) -> str:
    """A share with its interval, as a page says it.

    Parameters
    ----------
    share : Share or None
        None where there is none.

    Returns
    -------
    str
        Such as ``31% (5 of 16; 14% to 56%)``.
    """
    if share is None:
        return "none"
    return (
        f"{share.value:.0%} ({share.part:,} of {share.whole:,};"
        f" {share.lower:.0%} to {share.upper:.0%})"
    )


@dataclass(frozen=True)
class QuestionLine:
    """A question in the list of results.

    Parameters
    ----------
    question : Question
        Its row.
    answered : str
        How many answered it; ``not shown`` where they are few.
    positive, low : str
        Shares of all who answered, with intervals; blank where the question has none.
    low_label : str
        Answer at or below which `low` is.
    abouts : tuple of str
        Kinds that were asked about, for a question on pairs.
    """

    question: Question
    answered: str
    positive: str
    low: str
    low_label: str
    abouts: tuple[str, ...] = ()


def lines_of(results: Results) -> list[QuestionLine]:
    """Every question with choices.

    Parameters
    ----------
    results : Results
        Of the tool.

    Returns
    -------
    list of QuestionLine
        In the order of the instrument; a question on pairs once.
    """
    lines: dict[str, QuestionLine] = {}
    for one in results.questions:
        name = one.question.question
        if one.about:
            before = lines.get(name)
            abouts = (*(before.abouts if before else ()), one.about)
            lines[name] = QuestionLine(one.question, "", "", "", "", abouts)
            continue
        whole = one.results[0]
        lines[name] = QuestionLine(
            one.question,
            "not shown" if whole.answered is None else f"{whole.answered:,}",
            share_words(one.positive[0]) if one.positive[0] else "",
            share_words(one.low[0]) if one.low[0] else "",
            _label(results, name, one.low_value),
        )
    return list(lines.values())


def _label(results: Results, question: str, value: str) -> str:
    labels = {one.value: one.label for one in results.instrument.values_of(question)}
    return labels.get(value, "")


def picture_of(
    results: Results, found: QuestionResult, axis: str, *, low: bool
) -> ResultPicture | None:
    """The picture of a question by the groups of one axis.

    Parameters
    ----------
    results : Results
        Of the tool.
    found : QuestionResult
        One of them.
    axis : str
        One of `AXES`.
    low : bool
        Whether the figures are of answers at or below the best that is not positive.

    Returns
    -------
    ResultPicture or None
        None for a question whose answers have no sides.
    """
    return picture_question(results, found, ("all", axis), low=low)


def matrix_of(results: Results, question: str) -> ResultPicture:
    """Who says what of whom.

    Parameters
    ----------
    results : Results
        Of the tool.
    question : str
        Id of a question on pairs.

    Returns
    -------
    ResultPicture
        With the table behind it.
    """
    return picture_matrix(results, question)


def choice_table(
    results: Results, found: QuestionResult, axis: str
) -> tuple[Sequence[str], list[tuple[str, list[str]]]]:
    """What groups chose, for a question whose answers have no sides.

    Parameters
    ----------
    results : Results
        Of the tool.
    found : QuestionResult
        One of them.
    axis : str
        One of `AXES`.

    Returns
    -------
    labels : sequence of str
        Of the choices.
    rows : list of (str, list of str)
        Name of a group, how many answered, and how many chose each.
    """
    values = results.instrument.values_of(found.question.question)
    rows = []
    for one in found.results:
        if one.axis not in ("all", axis):
            continue
        if one.counts is None:
            cells = ["not shown"] * (len(values) + 1)
        else:
            cells = [f"{one.answered:,}", *(f"{one.counts[value.value]:,}" for value in values)]
        rows.append((group_label(results, one), cells))
    return [one.label for one in values], rows
