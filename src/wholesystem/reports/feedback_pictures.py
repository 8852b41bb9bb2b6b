"""Results as pictures: what the pictures need, as plain data, each with the table behind it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from wholesystem.pictures import PictureTable
from wholesystem.pictures.answer_bars import answer_bars_table, draw_answer_bars
from wholesystem.pictures.feedback_rows import AnswerBar, AnswerStep, PairCell, RateBar
from wholesystem.pictures.pair_matrix import draw_pair_matrix, pair_matrix_table
from wholesystem.pictures.rate_bars import draw_rate_bars, rate_bars_table
from wholesystem.reviews.feedback.results import (
    ALL_WHO_ANSWERED,
    QuestionResult,
    Results,
    group_label,
)

__all__ = ["ResultPicture", "picture_matrix", "picture_question", "picture_rates"]

_AXES = ("all", "kind")
_SIDES = {"yes": "positive", "no": "negative"}


@dataclass(frozen=True)
class ResultPicture:
    """A picture and the table behind it.

    Parameters
    ----------
    svg : str
        With title and description.
    table : PictureTable
        Its figures.
    """

    svg: str
    table: PictureTable


def picture_rates(results: Results, axes: Collection[str] = _AXES) -> ResultPicture:
    """Response rates.

    Parameters
    ----------
    results : Results
        Of the tool.
    axes : collection of str
        Of the groups wanted: ``all``, ``kind``, ``role``, ``organisation``.

    Returns
    -------
    ResultPicture
        A bar a group.
    """
    title = "How many of those invited answered"
    bars = [
        RateBar(group_label(results, one), one.invited, one.answered, one.rate, one.reason)
        for one in results.rates
        if one.axis in axes
    ]
    return ResultPicture(draw_rate_bars(title, bars), rate_bars_table(title, bars))


def picture_question(
    results: Results, found: QuestionResult, axes: Collection[str] = _AXES, *, low: bool = False
) -> ResultPicture | None:
    """What groups answered to a question with a scale.

    Parameters
    ----------
    results : Results
        Of the tool.
    found : QuestionResult
        One of them.
    axes : collection of str
        Of the groups wanted: ``all``, ``kind``, ``role``, ``organisation``.
    low : bool
        Whether the figures at the right are of answers at or below `low_value`, such as *on half of
        occasions or fewer*; else of positive ones.

    Returns
    -------
    ResultPicture or None
        None for a question whose answers have no sides, as of kinds ``single`` and ``many``.
    """
    if found.question.kind not in ("scale", "pair-scale"):
        return None
    # From the best answer to the worst; those without a score, which are on no side, come last.
    values = sorted(
        results.instrument.values_of(found.question.question),
        key=lambda one: (one.score is None, -(one.score or 0)),
    )
    steps = [
        AnswerStep(one.label, "apart" if one.score is None else _SIDES.get(one.positive, "middle"))
        for one in values
    ]
    shares = found.low if low else found.positive
    bars = [
        AnswerBar(
            group_label(results, one),
            None if one.counts is None else tuple(one.counts[value.value] for value in values),
            None if share is None else share.value,
            None if share is None else share.lower,
            None if share is None else share.upper,
        )
        for one, share in zip(found.results, shares, strict=True)
        # A kind is not asked about itself.
        if one.axis in axes and not (found.about and found.about in (one.name, one.within))
    ]
    title, measure = _title(found), _measure(results, found, low=low)
    return ResultPicture(
        draw_answer_bars(title, steps, bars, measure=measure),
        answer_bars_table(title, steps, bars, measure=measure),
    )


def _title(found: QuestionResult) -> str:
    return f"{found.question.text} ({found.about})" if found.about else found.question.text


def _measure(results: Results, found: QuestionResult, *, low: bool) -> str:
    labels = {one.value: one.label for one in results.instrument.values_of(found.question.question)}
    if low and found.low_value:
        return f"answers at or below “{labels[found.low_value]}”"
    return "positive answers"


def picture_matrix(results: Results, question: str) -> ResultPicture:
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
        All who answered, then every kind, of every other kind.

    Raises
    ------
    ParameterError
        If it is no question on pairs.
    """
    matrix = results.matrix_of(question)
    cells = []
    for one in matrix:
        for result, share in zip(one.results, one.positive, strict=True):
            if result.axis not in _AXES or result.name == one.about:
                continue
            of = result.name or ALL_WHO_ANSWERED
            # The interval is of answers with a score, and so is the number beside it.
            n = None if result.answered is None else share.whole if share else 0
            limits = (share.value, share.lower, share.upper) if share else (None, None, None)
            cells.append(PairCell(of, one.about, n, *limits))
    order = {name: at for at, name in enumerate((ALL_WHO_ANSWERED, *results.instrument.kinds))}
    cells.sort(key=lambda cell: (order[cell.of], order[cell.about]))
    title = results.instrument.question_by_id[question].text if matrix else question
    measure = "answers that are positive"
    return ResultPicture(
        draw_pair_matrix(title, cells, measure=measure),
        pair_matrix_table(title, cells, measure=measure),
    )
