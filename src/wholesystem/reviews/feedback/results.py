"""Everything that may be shown of a tool that is closed, and nothing else.

A `Results` holds no answer sheet: what is hidden is not in it. Whatever is drawn, filtered or
written is made of one, so that no page and no export can tell more than another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from wholesystem.errors import ParameterError
from wholesystem.reviews.feedback.analysis import (
    Result,
    Share,
    combine_results,
    shares_of,
    tally_many,
)
from wholesystem.reviews.feedback.answers import AnswerSheet
from wholesystem.reviews.feedback.instrument import Instrument, Question
from wholesystem.reviews.feedback.response import ResponseRate, response_rates
from wholesystem.reviews.feedback.shown_comments import (
    CommentCount,
    QuestionComments,
    show_comments,
)
from wholesystem.tables.cells import closest

__all__ = [
    "ALL_WHO_ANSWERED",
    "Filtered",
    "QuestionResult",
    "Results",
    "filter_result",
    "group_label",
    "make_results",
]

ALL_WHO_ANSWERED = "All who answered"


@dataclass(frozen=True)
class QuestionResult:
    """What every group answered to one question.

    Parameters
    ----------
    question : Question
        One with answers to choose from.
    about : str
        Kind that was asked about; blank but for questions on pairs.
    results : tuple of Result
        All, then kinds, roles and organisations.
    positive : tuple of Share or None
        For each result, the share of scored answers that are positive; None where the group is not
        shown, nobody gave a scored answer, or the scale has none that is positive.
    low : tuple of Share or None
        The same of answers at or below `low_value`: *on half of occasions or fewer*.
    low_value : str
        The best of the answers that are not positive; blank if there is none.
    """

    question: Question
    about: str
    results: tuple[Result, ...]
    positive: tuple[Share | None, ...]
    low: tuple[Share | None, ...]
    low_value: str


@dataclass(frozen=True)
class Filtered:
    """Groups that are shown, taken together.

    Parameters
    ----------
    result : Result or None
        Their sums; None if none of those chosen is shown.
    positive, low : Share or None
        Of the sums.
    not_shown : tuple of str
        Names of chosen groups that are not shown and so are not in the sums.
    """

    result: Result | None
    positive: Share | None
    low: Share | None
    not_shown: tuple[str, ...]


@dataclass(frozen=True)
class Results:
    """What may be shown of a closed tool.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    rates : tuple of ResponseRate
        For every group.
    questions : tuple of QuestionResult
        In the order of the instrument; one on pairs has one for each kind asked about.
    comments : tuple of QuestionComments
        For every question of free text.
    organisations : mapping of str to str
        Names by id; an id stands for itself where there is none.
    """

    instrument: Instrument
    rates: tuple[ResponseRate, ...]
    questions: tuple[QuestionResult, ...]
    comments: tuple[QuestionComments, ...]
    organisations: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _questions(self) -> dict[tuple[str, str], QuestionResult]:
        return {(one.question.question, one.about): one for one in self.questions}

    def result_of(self, question: str, about: str = "") -> QuestionResult:
        """What was answered to one question.

        Parameters
        ----------
        question : str
            Id; one with answers to choose from.
        about : str
            Kind that was asked about, for one on pairs.

        Returns
        -------
        QuestionResult
            Of all groups.

        Raises
        ------
        ParameterError
            If there is none.
        """
        if (question, about) not in self._questions:
            near = closest(question, {one for one, _ in self._questions})
            raise ParameterError(
                f"There is no result of the question {question!r}"
                f"{f' about {about!r}' if about else ''}. It must be one with answers to choose"
                f" from. {f'Did you mean {near}?' if near else 'Choose another.'}"
            )
        return self._questions[question, about]

    def matrix_of(self, question: str) -> tuple[QuestionResult, ...]:
        """Who says what of whom.

        Parameters
        ----------
        question : str
            Id of a question on pairs.

        Returns
        -------
        tuple of QuestionResult
            One for each kind that was asked about; empty if it is no question on pairs.
        """
        return tuple(o for o in self.questions if o.question.question == question and o.about)


def make_results(
    instrument: Instrument,
    sheets: Sequence[AnswerSheet],
    invited: Mapping[tuple[str, str], int] | None = None,
    open_links: Collection[tuple[str, str]] = (),
    organisations: Mapping[str, str] | None = None,
) -> Results:
    """Everything that may be shown of a tool that is closed.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    sheets : sequence of AnswerSheet
        All, with comments that are held left out of them and cleared ones as they were cleared.
    invited : mapping of (str, str) to int, optional
        Single-use links by role and organisation, as for `response_rates`.
    open_links : collection of (str, str)
        Roles and organisations that an open link reached.
    organisations : mapping of str to str, optional
        Names by id, for people.

    Returns
    -------
    Results
        Comments are shuffled anew each time.
    """
    asked = [
        (question.question, about)
        for question in instrument.asked
        if question.kind != "text"
        for about in (instrument.kinds if question.kind == "pair-scale" else ("",))
    ]
    tallies = tally_many(instrument, sheets, asked)
    return Results(
        instrument,
        response_rates(instrument, sheets, invited or {}, open_links),
        tuple(_question(instrument, *one, found) for one, found in tallies.items()),
        show_comments(instrument, sheets),
        dict(organisations or {}),
    )


def _question(
    instrument: Instrument, name: str, about: str, results: tuple[Result, ...]
) -> QuestionResult:
    positive, low, low_value = _chosen(instrument, name)
    return QuestionResult(
        instrument.question_by_id[name],
        about,
        results,
        shares_of(instrument, name, results, positive),
        shares_of(instrument, name, results, low),
        low_value,
    )


def _chosen(instrument: Instrument, question: str) -> tuple[list[str], list[str], str]:
    """Values that are positive, those that are at most the best of the others, and that one."""
    scored = [one for one in instrument.values_of(question) if one.score is not None]
    positive = [one.value for one in scored if one.positive == "yes"]
    others = [one for one in scored if one.positive == "no"]
    if not others:
        return positive, [], ""
    best = max(others, key=lambda one: one.score or 0)
    low = [one.value for one in scored if (one.score or 0) <= (best.score or 0)]
    return positive, low, best.value


def filter_result(
    results: Results,
    question: str,
    axis: str,
    chosen: Iterable[tuple[str, str]],
    about: str = "",
) -> Filtered:
    """Some groups of one axis taken together.

    Parameters
    ----------
    results : Results
        Of the tool.
    question : str
        As for `Results.result_of`.
    axis : str
        ``kind``, ``role`` or ``organisation``.
    chosen : iterable of (str, str)
        What each group is within, and its name; each once.
    about : str
        As for `Results.result_of`.

    Returns
    -------
    Filtered
        Sums of groups that are shown. Nothing is counted anew for a filter, so that no two of them
        tell of those who are in one and not in the other.

    Raises
    ------
    ParameterError
        If there is no such group.
    """
    found = results.result_of(question, about)
    known = {(one.within, one.name): one for one in found.results if one.axis == axis}
    keys = Counter(chosen)
    unknown = [name for within, name in keys if (within, name) not in known]
    if unknown or not keys or max(keys.values()) > 1:
        told = f"{unknown[0]!r} is none" if unknown else "None is chosen, or one is chosen twice"
        raise ParameterError(
            f"Groups of the axis {axis!r} to filter by: {told}. Choose each once, from"
            f" {', '.join(name for _, name in known) or 'all, kind, role or organisation'}."
        )
    ones = [known[key] for key in keys]
    shown = [one for one in ones if one.answered is not None]
    names = tuple(group_label(results, one) for one in ones if one.answered is None)
    if not shown:
        return Filtered(None, None, None, names)
    whole = combine_results(shown)
    positive, low, _ = _chosen(results.instrument, question)
    shares = [
        shares_of(results.instrument, question, [whole], values)[0] for values in (positive, low)
    ]
    return Filtered(whole, shares[0], shares[1], names)


def group_label(results: Results, group: Result | ResponseRate | CommentCount) -> str:
    """A group as people call it.

    Parameters
    ----------
    results : Results
        Of the tool.
    group : Result, ResponseRate or CommentCount
        One of them.

    Returns
    -------
    str
        Such as ``Care homes``, or a role's label.
    """
    if group.axis == "role":
        return results.instrument.role_by_id[group.name].label
    if group.axis == "organisation":
        return results.organisations.get(group.name, group.name)
    return group.name or ALL_WHO_ANSWERED
