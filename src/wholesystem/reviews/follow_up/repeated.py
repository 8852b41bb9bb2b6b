"""The relational audit asked again: what changed, question by question and group by group.

Only answers to questions that are the same in both rounds are compared, and only groups that are
shown in both: a group that is hidden in one of them is hidden in both here, so that nobody learns
which of the two was small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from wholesystem.errors import ParameterError
from wholesystem.indicators.differences import newcombe
from wholesystem.indicators.intervals import Interval
from wholesystem.indicators.spc.words import format_value
from wholesystem.reviews.feedback.analysis import Result, Share, share_positive, tally
from wholesystem.reviews.feedback.answers import AnswerSheet
from wholesystem.reviews.feedback.groups import make_groups
from wholesystem.reviews.feedback.instrument import Instrument, Question

__all__ = [
    "AuditRound",
    "RepeatedAudit",
    "RepeatedShare",
    "compare_rounds",
    "not_the_same",
]

LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class AuditRound:
    """One time that an instrument was used.

    Parameters
    ----------
    label : str
        What it is called: ``November 2017``.
    instrument : Instrument
        What was asked.
    sheets : tuple of AnswerSheet
        All that was answered.
    closed_on : date or None
        When it closed; None while it is open, and then it cannot be compared.
    """

    label: str
    instrument: Instrument
    sheets: tuple[AnswerSheet, ...]
    closed_on: date | None


@dataclass(frozen=True)
class RepeatedShare:
    """The share of positive answers of one group to one question, twice.

    Parameters
    ----------
    question, about : str
        Id; kind of organisation that was asked about, empty but for questions on pairs.
    axis, name, within : str
        The group, as in `Group`.
    first, second : Share or None
        None in both where the group is hidden in one of them, or nobody of it gave an answer
        that has a score.
    interval : Interval or None
        Of the second share less the first, by Newcombe's method, -1 to 1.
    change : str
        ``higher``, ``lower`` or ``no clear change``; empty where it is not shown.
    """

    question: str
    about: str
    axis: str
    name: str
    within: str
    first: Share | None
    second: Share | None
    interval: Interval | None
    change: Literal["higher", "lower", "no clear change", ""]

    @property
    def difference(self) -> float | None:
        """Second share less first, -1 to 1; None where it is not shown."""
        if self.first is None or self.second is None:
            return None
        return self.second.value - self.first.value

    @property
    def words(self) -> str:
        """The change as a sentence; empty where it is not shown."""
        if self.first is None or self.second is None or self.interval is None:
            return ""
        then, now = _share_words(self.first), _share_words(self.second)
        low, high = (_points(one) for one in (self.interval.lower, self.interval.upper))
        points = _points(self.second.value - self.first.value)
        return f"{then} then, {now} now: {points} points ({low} to {high}), {self.change}."


def _share_words(share: Share) -> str:
    return f"{format_value(100 * share.value, 0)}% ({share.part} of {share.whole})"


def _points(share: float) -> str:
    text = format_value(100 * share, 0)
    return f"+{text}" if share > 0 and text != "0" else text


@dataclass(frozen=True, eq=False)
class RepeatedAudit:
    """Two rounds of an audit compared.

    Parameters
    ----------
    first, second : AuditRound
        The earlier and the later.
    rows : tuple of RepeatedShare
        By question, in the order in which they are asked, then by group.
    not_compared : tuple of (str, str)
        Questions that are not compared, by id and why.
    mix : tuple of (str, int or None, int or None)
        Kinds of organisation with how many answered in each round; None in both where either is
        hidden.
    """

    first: AuditRound
    second: AuditRound
    rows: tuple[RepeatedShare, ...]
    not_compared: tuple[tuple[str, str], ...]
    mix: tuple[tuple[str, int | None, int | None], ...]

    @property
    def cautions(self) -> tuple[str, ...]:
        """What must be said beside the changes."""
        shown = sum(one.difference is not None for one in self.rows)
        clear = sum(one.change in ("higher", "lower") for one in self.rows)
        by_chance = format_value(shown * (1 - LEVEL), 0 if shown >= 20 else 1)
        return (
            "Nobody can tell who answered both times, so the two rounds are taken as independent:"
            " where the same people answered, intervals are rather too wide.",
            "A change in who answers can look like a change in what is thought: see how many of"
            " each kind of organisation answered.",
            f"{shown} changes are shown and {clear} are clear. If nothing had changed, about"
            f" {by_chance} would look clear.",
        )


def compare_rounds(first: AuditRound, second: AuditRound) -> RepeatedAudit:
    """Compare two rounds of an audit.

    Parameters
    ----------
    first, second : AuditRound
        The earlier and the later; both closed.

    Returns
    -------
    RepeatedAudit
        With every question that is not compared, and why.

    Raises
    ------
    ParameterError
        If one is still open, or the second closed before the first.
    """
    for one in (first, second):
        if one.closed_on is None:
            raise ParameterError(
                f"{one.label} is still open. Answers are compared once nobody can answer any more."
                " Close it first."
            )
    if first.closed_on and second.closed_on and second.closed_on < first.closed_on:
        raise ParameterError(
            f"{second.label} closed before {first.label}. The earlier round comes first. Exchange"
            " the two."
        )
    why = {
        name: _why_not(name, first.instrument, second.instrument)
        for name in dict.fromkeys(
            one.question for one in (*first.instrument.asked, *second.instrument.asked)
        )
    }
    rows = [
        row
        for question in first.instrument.asked
        if not why[question.question]
        for row in _rows(question, first, second)
    ]
    return RepeatedAudit(
        first,
        second,
        tuple(rows),
        tuple((name, reason) for name, reason in why.items() if reason),
        _mix(first, second),
    )


# ------------------------------------------------------------------------ the same question


def not_the_same(question: str, first: Instrument, second: Instrument) -> str:
    """How a question differs between two instruments.

    Parameters
    ----------
    question : str
        Id, in both.
    first, second : Instrument
        The two.

    Returns
    -------
    str
        As a clause; empty where nothing that a respondent reads differs. Spaces and the place in
        the order are not looked at.
    """
    one, other = first.question_by_id[question], second.question_by_id[question]
    if _plain(one.text) != _plain(other.text):
        return "its wording was changed"
    if _plain(one.hint) != _plain(other.hint):
        return "its hint was changed"
    if one.kind != other.kind:
        return "it is asked in another way"
    if _answers(first, question) != _answers(second, question):
        return "its answers were changed"
    if one.shown_if != other.shown_if or _asked_of(first, one) != _asked_of(second, other):
        return "it is asked of others"
    return ""


def _plain(text: str) -> str:
    return " ".join(text.split())


def _answers(instrument: Instrument, question: str) -> list[tuple[object, ...]]:
    return [
        (one.value, _plain(one.label), one.score, one.positive)
        for one in instrument.values_of(question)
    ]


def _asked_of(instrument: Instrument, question: Question) -> set[tuple[str, str]]:
    """Roles that the question depends on, where it depends on any; kinds of a question on pairs."""
    if question.kind == "pair-scale":
        return {("", kind) for kind in instrument.kinds}
    if any(one.subject in ("role", "kind") for one in question.conditions):
        return {(one.role, one.kind) for one in instrument.roles}
    return set()


def _why_not(name: str, first: Instrument, second: Instrument) -> str:
    """Why a question is not compared; empty where it is."""
    for one, when in ((first, "first"), (second, "second")):
        if name not in one.question_by_id:
            return f"it was not asked in the {when} round"
    question = first.question_by_id[name]
    changed = not_the_same(name, first, second)
    if changed:
        return changed
    if question.kind == "text":
        return "it is answered in words"
    if question.kind == "many":
        return "several answers may be chosen, so there is no one share"
    if all(one.positive != "yes" for one in first.values_of(name)):
        return "none of its answers is positive"
    return ""


# ------------------------------------------------------------------------ the same group


def _rows(question: Question, first: AuditRound, second: AuditRound) -> Iterator[RepeatedShare]:
    name = question.question
    pairs = question.kind == "pair-scale"
    for about in first.instrument.kinds if pairs else ("",):
        then, now = (
            {
                (one.axis, one.within, one.name): one
                for one in tally(each.instrument, each.sheets, name, about=about)
            }
            for each in (first, second)
        )
        for key, result in then.items():
            if key in now and _is_same_group(key, first.instrument, second.instrument):
                yield _row(question, about, (first, result), (second, now[key]))


def _is_same_group(key: tuple[str, str, str], first: Instrument, second: Instrument) -> bool:
    """Whether a role means the same in both; kinds and organisations are known by their names."""
    axis, _, name = key
    if axis != "role":
        return True
    return _plain(first.role_by_id[name].label) == _plain(second.role_by_id[name].label)


def _row(
    question: Question,
    about: str,
    then: tuple[AuditRound, Result],
    now: tuple[AuditRound, Result],
) -> RepeatedShare:
    name, result = question.question, then[1]
    key = (name, about, result.axis, result.name, result.within)
    first = share_positive(then[0].instrument, name, result)
    second = share_positive(now[0].instrument, name, now[1])
    if first is None or second is None:
        return RepeatedShare(*key, None, None, None, "")
    interval = newcombe(second.part, second.whole, first.part, first.whole, LEVEL)
    change: Literal["higher", "lower", "no clear change"] = "no clear change"
    if interval.lower > 0:
        change = "higher"
    elif interval.upper < 0:
        change = "lower"
    return RepeatedShare(*key, first, second, interval, change)


def _mix(first: AuditRound, second: AuditRound) -> tuple[tuple[str, int | None, int | None], ...]:
    then, now = (_by_kind(one) for one in (first, second))
    found: list[tuple[str, int | None, int | None]] = []
    for kind in dict.fromkeys((*then, *now)):
        one, other = then.get(kind), now.get(kind)
        hidden = one is None or other is None
        found.append((kind, None, None) if hidden else (kind, one, other))
    return tuple(found)


def _by_kind(one: AuditRound) -> dict[str, int | None]:
    return {
        group.name: None if group.sheets is None else len(group.sheets)
        for group in make_groups(one.instrument, one.sheets)
        if group.axis == "kind"
    }
