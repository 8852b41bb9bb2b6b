"""What the checklist says over all cases of a review, and what of it may leave the team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pandas as pd

from wholesystem.reviews.cases.records import CaseAnswer, CaseStay, ChecklistItem
from wholesystem.reviews.cases.strata import packaged_strata
from wholesystem.reviews.cases.tabular import stays_table
from wholesystem.stays import Stays, spells
from wholesystem.stays.disclosure import suppress

__all__ = ["AnswerCount", "count_answers", "hospital_services", "publishable"]

NO_ANSWER = "No answer"
NO_STAY = "Not in a hospital stay of the record"


@dataclass(frozen=True)
class AnswerCount:
    """How many cases have one answer to one item.

    Parameters
    ----------
    item, question : str
        Of the checklist.
    answer : str
        In words.
    cases : int
        That have it.
    of : int
        All cases that are counted.
    """

    item: str
    question: str
    answer: str
    cases: int
    of: int


def hospital_services(stays: Sequence[CaseStay]) -> tuple[str, ...]:
    """Services of cases that the packaged strata count as hospital.

    Parameters
    ----------
    stays : sequence of CaseStay
        Of any cases.

    Returns
    -------
    tuple of str
        In the order of the alphabet; empty where the services have other names.
    """
    named = {name for one in packaged_strata() for name in one.services}
    return tuple(sorted(named & {one.service for one in stays}))


def count_answers(
    cases: Collection[str],
    stays: Sequence[CaseStay],
    checklist: Sequence[ChecklistItem],
    answers: Sequence[CaseAnswer],
    *,
    days: int = 2,
    services: Collection[str] = (),
) -> tuple[AnswerCount, ...]:
    """What the checklist says over cases.

    Parameters
    ----------
    cases : collection of str
        Ids of those that are counted.
    stays : sequence of CaseStay
        Theirs; others' are passed over.
    checklist : sequence of ChecklistItem
        In order.
    answers : sequence of CaseAnswer
        Likewise.
    days : int
        Within how many days of arriving in hospital planning should have begun, >= 0; the day of
        arrival is day 0.
    services : collection of str
        Those that count as hospital.

    Returns
    -------
    tuple of AnswerCount
        Every answer of an item, also those that no case has; they add up to all cases.
    """
    own = [one for one in stays if one.case in cases]
    arrivals = _spells_of(own, services)
    given: dict[str, dict[str, str]] = {}
    for one in answers:
        if one.case in cases:
            given.setdefault(one.item, {})[one.case] = one.answer
    counts: list[AnswerCount] = []
    for item in checklist:
        words, tell = _words_of(item, arrivals, days)
        found = given.get(item.item, {})
        told = Counter(tell(case, found[case]) if case in found else NO_ANSWER for case in cases)
        counts += [
            AnswerCount(item.item, item.question, word, told[word], len(cases))
            for word in (*words, NO_ANSWER)
        ]
    return tuple(counts)


Spells = Mapping[str, list[tuple[datetime, datetime | None]]]


def _spells_of(stays: Sequence[CaseStay], services: Collection[str]) -> Spells:
    """Spells in hospital of each case, as every measure of stays joins them."""
    if not services or not any(one.service in services for one in stays):
        return {}
    found: dict[str, list[tuple[datetime, datetime | None]]] = {}
    frame = spells(Stays.from_table(stays_table(stays)), tuple(services))
    for case, start, end in zip(
        frame["person"], frame["started_at"], frame["ended_at"], strict=True
    ):
        ended = None if pd.isna(end) else end.to_pydatetime()
        found.setdefault(case, []).append((start.to_pydatetime(), ended))
    return found


def _spell_on(spells_of_case: list[tuple[datetime, datetime | None]], day: date) -> (
    tuple[datetime, datetime | None] | None
):  # fmt: skip
    """The spell that a day falls in, the later one if in two."""
    for start, end in reversed(spells_of_case):
        if start.date() <= day and (end is None or day <= end.date()):
            return start, end
    return None


Tell = Callable[[str, str], str]


def _words_of(item: ChecklistItem, arrivals: Spells, days: int) -> tuple[tuple[str, ...], Tell]:
    """Answers that an item may have in words, and which one a case's is."""
    if item.kind == "choice":
        return tuple(one.capitalize() for one in item.words), lambda _, text: text.capitalize()
    if item.kind == "number":
        return ("0", "1", "2 or more"), lambda _, text: text if text in ("0", "1") else "2 or more"
    if item.item == "planning_began":
        return _planning(arrivals, days)
    if item.item == "estimated_date":
        return _estimate(arrivals)
    return ("Answered",), lambda _, text: "Answered"


def _planning(arrivals: Spells, days: int) -> tuple[tuple[str, ...], Tell]:
    soon = f"Within {days} {'day' if days == 1 else 'days'} of arriving in hospital"
    later = "Later"

    def tell(case: str, text: str) -> str:
        day = date.fromisoformat(text)
        spell = _spell_on(arrivals.get(case, []), day)
        if spell is None:
            return NO_STAY
        return soon if day - spell[0].date() <= timedelta(days=days) else later

    return (soon, later, NO_STAY), tell


def _estimate(arrivals: Spells) -> tuple[tuple[str, ...], Tell]:
    kept, late, open_end = "Left on it or before", "Left after it", "Still in hospital"

    def tell(case: str, text: str) -> str:
        day = date.fromisoformat(text)
        # An estimate is of a stay that it falls in, or that had ended when it came.
        began = [one for one in arrivals.get(case, []) if one[0] <= datetime.combine(day, time.max)]
        if not began:
            return NO_STAY
        start, end = began[-1]
        if end is None:
            return open_end
        return kept if end.date() <= day else late

    return (kept, late, open_end, NO_STAY), tell


def publishable(counts: Sequence[AnswerCount], rule: str = "hes") -> pd.DataFrame:
    """The counts as they may leave the team: small numbers hidden, and what would give them away.

    Parameters
    ----------
    counts : sequence of AnswerCount
        Of real people's cases.
    rule : str
        A rule of ``small_numbers.csv``; ``none`` for cases of no real person.

    Returns
    -------
    pandas.DataFrame
        ``item, question, answer, cases, of, hidden``: a blank number is hidden, and ``hidden`` says
        ``yes`` whether it is small itself or protects another.
    """
    columns = ("item", "question", "answer", "cases", "of")
    frame = pd.DataFrame(
        [[getattr(one, name) for name in columns] for one in counts], columns=list(columns)
    )
    if frame.empty:
        return frame.assign(hidden="")
    shown = suppress(frame, {"cases": ()}, margins=["item"], rule=rule, together=True)
    whole = suppress(frame[["of"]], {"of": ()}, margins=(), rule=rule)
    return shown.assign(of=whole["of"])
