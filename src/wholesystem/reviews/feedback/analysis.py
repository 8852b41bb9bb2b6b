"""What the answers say: scales, and who trusts whom, with small groups hidden.

Everything is worked out from `make_groups`, and a filter chooses among groups that are shown:
nothing is ever counted for a group of the reader's own making.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, repeat
from typing import Any

from wholesystem.errors import ParameterError
from wholesystem.indicators.intervals import wilson
from wholesystem.reviews.feedback.answers import AnswerSheet
from wholesystem.reviews.feedback.groups import (
    Cell,
    GroupKey,
    PlannedGroup,
    cell_of,
    keys_of,
    plan_groups,
    sum_by_group,
)
from wholesystem.reviews.feedback.instrument import Instrument

__all__ = [
    "PairResult",
    "Result",
    "Share",
    "combine_results",
    "pair_results",
    "share_at_or_below",
    "share_positive",
    "shares_of",
    "tally",
    "tally_many",
]

#: One value, or several; blank where the question was left open.
Given = str | tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What a group answered to one question.

    Parameters
    ----------
    axis, name, within : str
        The group, as in `Group`.
    answered : int or None
        Respondents who answered the question; None where the group is not shown.
    counts : mapping of str to int or None
        Respondents by value, in the order of the scale, zeros included; of a ``many`` question
        they may add up to more than `answered`. None where the group is not shown.
    """

    axis: str
    name: str
    within: str
    answered: int | None
    counts: Mapping[str, int] | None


@dataclass(frozen=True)
class Share:
    """A share with its 95% Wilson interval.

    Parameters
    ----------
    part, whole : int
        Respondents; `whole` is above 0 and leaves out answers without a score.
    lower, upper : float
        Limits, 0 to 1.
    """

    part: int
    whole: int
    lower: float
    upper: float

    @property
    def value(self) -> float:
        """The share, 0 to 1."""
        return self.part / self.whole


@dataclass(frozen=True)
class PairResult:
    """What one kind of organisation said of another.

    Parameters
    ----------
    of : str
        Kind of the respondents; empty for all who answered.
    about : str
        Kind that they were asked about.
    result : Result
        `answered` is 0 where nobody said anything: a missing pair.
    """

    of: str
    about: str
    result: Result


# --------------------------------------------------------------------------- scales


def tally(
    instrument: Instrument, sheets: Sequence[AnswerSheet], question: str, *, about: str = ""
) -> tuple[Result, ...]:
    """Answers to a question by value, for every group.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    sheets : sequence of AnswerSheet
        All of a tool that is closed.
    question : str
        Id; one with values to choose from.
    about : str
        Kind of organisation that was asked about, for a question on pairs.

    Returns
    -------
    tuple of Result
        All, then kinds, roles and organisations.

    Raises
    ------
    ParameterError
        If there is no such question, it has no values, or `about` does not fit it.
    """
    _check_question(instrument, question, about)
    return tally_many(instrument, sheets, [(question, about)])[question, about]


def tally_many(
    instrument: Instrument, sheets: Sequence[AnswerSheet], asked: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[Result, ...]]:
    """What `tally` finds for several questions, in a fraction of the time.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    sheets : sequence of AnswerSheet
        All of a tool that is closed.
    asked : sequence of (str, str)
        Questions, each with the kind that it is asked about or blank.

    Returns
    -------
    dict of (str, str) to tuple of Result
        By question and kind asked about.
    """
    cells: dict[Cell, int] = {}
    # Numbers are counted faster than the cells themselves, whose words are hashed each time.
    numbers = [cells.setdefault(cell_of(one), len(cells)) for one in sheets]
    known = list(cells)
    found: dict[tuple[str, str], Counter[tuple[Cell, Given]]] = {one: Counter() for one in asked}
    for question, pairs in groupby(asked, key=lambda one: one[0]):
        abouts = {about for _, about in pairs}
        counts = _counted(numbers, sheets, question, is_pairs=abouts != {""})
        for (about, at, answer), count in counts.items():
            if about in abouts and answer:
                found[question, about][known[at], answer] = count
    answered = [_by_cell(counts) for counts in found.values()]
    # Those of all questions, so that the list does not say who left this one open.
    plans = plan_groups(instrument, answered, {(kind, place) for kind, _, place in cells})
    return {
        one: _results(plan, table, counts, [v.value for v in instrument.values_of(one[0])])
        for (one, counts), plan, table in zip(found.items(), plans, answered, strict=True)
    }


def _counted(
    numbers: Sequence[int], sheets: Sequence[AnswerSheet], question: str, *, is_pairs: bool
) -> Counter[tuple[str, int, Given]]:
    """Answers by kind asked about, number of the cell, and what was said.

    Those on pairs in one pass: a pass for each kind takes three times as long.
    """
    column: list[Any] = [one.answers.get(question, "") for one in sheets]
    if not is_pairs:
        return Counter(zip(repeat(""), numbers, column))
    return Counter(
        (about, at, answer)
        for at, one in zip(numbers, column, strict=True)
        if one
        for about, answer in one.items()
    )


def _by_cell(counts: Mapping[tuple[Cell, Given], int]) -> Counter[Cell]:
    table: Counter[Cell] = Counter()
    for (cell, _), count in counts.items():
        table[cell] += count
    return table


def _check_question(instrument: Instrument, question: str, about: str) -> None:
    found = instrument.question_by_id.get(question)
    if found is None or found.kind == "text":
        raise ParameterError(
            f"The question is {question!r}. It must be one with answers to choose from. Choose"
            " another."
        )
    known = instrument.kinds if found.kind == "pair-scale" else ("",)
    if about not in known:
        raise ParameterError(
            f"The question {question} is asked about {about or 'nothing'!r}. It must be one of"
            f" {', '.join(known) or 'nothing'}. Correct it."
        )


def _results(
    plan: Iterable[PlannedGroup],
    answered: Mapping[Cell, int],
    counts: Mapping[tuple[Cell, Given], int],
    values: Sequence[str],
) -> tuple[Result, ...]:
    people, of_value = sum_by_group(answered), {value: Counter[GroupKey]() for value in values}
    for (cell, answer), count in counts.items():
        for value in (answer,) if isinstance(answer, str) else answer:
            for key in keys_of(cell):
                of_value[value][key] += count
    return tuple(
        Result(
            one.axis,
            one.name,
            one.within,
            people[one.key],
            {value: found[one.key] for value, found in of_value.items()},
        )
        if one.is_shown
        else Result(one.axis, one.name, one.within, None, None)
        for one in plan
    )


def combine_results(results: Sequence[Result]) -> Result:
    """Several shown groups taken together: what a filter shows.

    Parameters
    ----------
    results : sequence of Result
        Of one axis and one question, each once and each shown; at least one.

    Returns
    -------
    Result
        Sums; nothing in it that the groups did not tell.

    Raises
    ------
    ParameterError
        If one is not shown, or they are none, of several axes, or repeated.
    """
    keys = {(one.within, one.name) for one in results}
    if len(keys) != len(results) or len({one.axis for one in results}) != 1:
        raise ParameterError(
            "Groups to combine must be of one axis, each once, and at least one. Choose again."
        )
    counts: Counter[str] = Counter()
    answered = 0
    for one in results:
        if one.answered is None or one.counts is None:
            raise ParameterError(
                f"The group {one.name} is not shown, so nothing can be combined with it."
                " Choose among those that are shown."
            )
        answered += one.answered
        counts.update(one.counts)
    names = "; ".join(one.name for one in results)
    values = results[0].counts or {}
    return Result(results[0].axis, names, "", answered, {value: counts[value] for value in values})


def share_positive(instrument: Instrument, question: str, result: Result) -> Share | None:
    """Share of scored answers that are positive.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    question : str
        Id.
    result : Result
        From `tally` or `combine_results`.

    Returns
    -------
    Share or None
        None where the group is not shown or nobody gave an answer with a score.
    """
    values = instrument.values_of(question)
    return _share(instrument, question, result, [v.value for v in values if v.positive == "yes"])


def share_at_or_below(
    instrument: Instrument, question: str, result: Result, value: str
) -> Share | None:
    """Share of scored answers whose score is at most that of a value.

    Such as *on half of occasions or fewer*: that answer and those below it.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    question : str
        Id.
    result : Result
        From `tally` or `combine_results`.
    value : str
        Of the question's scale, with a score.

    Returns
    -------
    Share or None
        None where the group is not shown or nobody gave an answer with a score.

    Raises
    ------
    ParameterError
        If the scale has no such value, or it has no score.
    """
    scores = {one.value: one.score for one in instrument.values_of(question)}
    most = scores.get(value)
    if most is None:
        raise ParameterError(
            f"The value is {value!r}. It must be one of the scale of {question}, with a score."
            " Choose another."
        )
    below = [one for one, score in scores.items() if score is not None and score <= most]
    return _share(instrument, question, result, below)


def _share(
    instrument: Instrument, question: str, result: Result, chosen: Collection[str]
) -> Share | None:
    return shares_of(instrument, question, [result], chosen)[0]


def shares_of(
    instrument: Instrument, question: str, results: Sequence[Result], chosen: Collection[str]
) -> tuple[Share | None, ...]:
    """Share of scored answers that are among some.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    question : str
        Id.
    results : sequence of Result
        Of any groups.
    chosen : collection of str
        Values; none gives no shares.

    Returns
    -------
    tuple of Share or None
        For each result; None where it is not shown or nobody gave an answer with a score.
    """
    scored = [v.value for v in instrument.values_of(question) if v.score is not None]
    pairs = [
        (
            sum(one.counts[value] for value in scored if value in chosen),
            sum(one.counts[value] for value in scored),
        )
        if chosen and one.counts is not None
        else (0, 0)
        for one in results
    ]
    some = [pair for pair in pairs if pair[1]]
    if not some:
        return (None,) * len(pairs)
    # One call for all: a call for each takes longer than the counting.
    lower, upper = wilson([part for part, _ in some], [whole for _, whole in some])
    made = iter(
        Share(part, whole, float(low), float(high))
        for (part, whole), low, high in zip(some, lower, upper, strict=True)
    )
    return tuple(next(made) if whole else None for _, whole in pairs)


def pair_results(
    instrument: Instrument, sheets: Sequence[AnswerSheet], question: str
) -> tuple[PairResult, ...]:
    """The matrix of who says what of whom.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    sheets : sequence of AnswerSheet
        All of a tool that is closed.
    question : str
        Id of a question on pairs.

    Returns
    -------
    tuple of PairResult
        Kind by kind asked about: first what all others said, then each other kind.

    Raises
    ------
    ParameterError
        If it is no question on pairs.
    """
    for about in instrument.kinds:
        _check_question(instrument, question, about)
    found = tally_many(instrument, sheets, [(question, about) for about in instrument.kinds])
    return tuple(
        PairResult(result.name, about, result)
        for (_, about), results in found.items()
        for result in results
        if result.axis in ("all", "kind") and result.name != about
    )
