"""What is wrong between the rows of an instrument."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from wholesystem.errors import Fault
from wholesystem.reviews.feedback.instrument import Condition, Question, Role, ScaleValue
from wholesystem.tables.cells import closest

__all__ = ["MOST_ANSWER_COLUMNS", "InstrumentRows", "faults_of_rows"]

#: A table of answers has a column for every question, or pair; a CSV file of ours holds 256.
MOST_ANSWER_COLUMNS = 240
_RESERVED = ("role", "kind", "organisation")
_SCORED = ("scale", "pair-scale")


def _place(table: str, at: int | None, column: str) -> str:
    return f"{table}.csv" if at is None else f"{table}.csv row {at + 2}, column {column}"


@dataclass(frozen=True)
class InstrumentRows:
    """Rows to be checked together.

    Parameters
    ----------
    questions, scales, roles : sequence of Row
        Those that could be read.
    place : callable
        Where a cell stands, from its table, its row counted from 0 (None: the whole table) and
        its column.
    unsure : collection of str
        Tables of which rows could not be read: nobody is told that these lack something.
    """

    questions: Sequence[Question]
    scales: Sequence[ScaleValue]
    roles: Sequence[Role]
    place: Callable[[str, int | None, str], str] = _place
    unsure: Collection[str] = ()

    @cached_property
    def question_by_id(self) -> dict[str, Question]:
        """The first question of each id."""
        return {one.question: one for one in reversed(self.questions)}

    @cached_property
    def values(self) -> dict[str, list[ScaleValue]]:
        """Values by scale."""
        found: dict[str, list[ScaleValue]] = {}
        for one in self.scales:
            found.setdefault(one.scale, []).append(one)
        return found

    @cached_property
    def kinds(self) -> set[str]:
        """Kinds of organisation."""
        return {one.kind for one in self.roles}


def faults_of_rows(rows: InstrumentRows) -> list[Fault]:
    """Every fault between rows.

    Parameters
    ----------
    rows : InstrumentRows
        Of one instrument.

    Returns
    -------
    list of Fault
        Repeated rows first, then scales, then conditions; empty if there is none.
    """
    faults = [*_empty(rows), *_repeated(rows), *_reserved(rows), *_scales(rows)]
    too_wide = list(_too_wide(rows))
    # Following conditions through thousands of questions would take minutes.
    return [*faults, *(too_wide or [*_conditions(rows), *_unseen(rows)])]


def _empty(rows: InstrumentRows) -> Iterator[Fault]:
    for table, word in (("questions", "question"), ("scales", "scale"), ("roles", "role")):
        # Without a scale there is no answer to choose; free text alone is fine.
        needed = table != "scales" or any(one.kind != "text" for one in rows.questions)
        if needed and table not in rows.unsure and not getattr(rows, table):
            yield Fault(
                rows.place(table, None, ""), None, f"An instrument needs a {word}.", "Add a row."
            )


def _repeated(rows: InstrumentRows) -> Iterator[Fault]:
    questions, scales = rows.questions, rows.scales
    yield from _twice(rows, "questions", "question", [(one.question,) for one in questions])
    yield from _twice(rows, "questions", "order", [(one.page, one.order) for one in questions])
    yield from _twice(rows, "scales", "value", [(one.scale, one.value) for one in scales])
    yield from _twice(rows, "scales", "order", [(one.scale, one.order) for one in scales])
    yield from _twice(rows, "roles", "role", [(one.role,) for one in rows.roles])


def _twice(
    rows: InstrumentRows, table: str, column: str, keys: Iterable[tuple[Hashable, ...]]
) -> Iterator[Fault]:
    within = {"questions": " on its page", "scales": " of its scale"}.get(table, "")
    seen: set[tuple[Hashable, ...]] = set()
    for at, key in enumerate(keys):
        if key in seen:
            yield Fault(
                rows.place(table, at, column),
                str(key[-1]),
                f"It stands in an earlier row{within if len(key) > 1 else ''} too."
                " Each must be there once.",
                "Change one of them, or remove the row.",
            )
        seen.add(key)


def _reserved(rows: InstrumentRows) -> Iterator[Fault]:
    for at, question in enumerate(rows.questions):
        if question.question in _RESERVED:
            yield Fault(
                rows.place("questions", at, "question"),
                question.question,
                "The word is kept for what a respondent is.",
                f"Name it otherwise, such as your_{question.question}.",
            )


# --------------------------------------------------------------------------- scales


def _scales(rows: InstrumentRows) -> Iterator[Fault]:
    for at, question in enumerate(rows.questions):
        wrong = _wrong_scale(rows, question)
        if wrong:
            yield Fault(rows.place("questions", at, "scale"), question.scale, *wrong)


def _wrong_scale(rows: InstrumentRows, question: Question) -> tuple[str, str] | None:
    scale = question.scale
    if question.kind == "text":
        return ("A question of free text has no scale.", "Clear the cell.") if scale else None
    if not scale:
        return "This kind of question needs the answers to choose from.", "Name a scale."
    if "scales" in rows.unsure:
        return None
    if scale not in rows.values:
        near = closest(scale, rows.values)
        return "There is no such scale.", f"Did you mean {near}?" if near else "Add its rows."
    return _weak_scale(rows.values[scale], question.kind)


def _weak_scale(values: Sequence[ScaleValue], kind: str) -> tuple[str, str] | None:
    if len(values) < 2:
        return "A scale needs at least two values.", "Add a value in scales.csv."
    if kind not in _SCORED:
        return None
    if not any(one.score is not None and one.positive == "yes" for one in values):
        return (
            "Nothing on its scale counts as positive, so no share can be worked out.",
            "Write a score and yes in the column positive of scales.csv, or ask it as single.",
        )
    return None


# --------------------------------------------------------------------------- conditions


def _conditions(rows: InstrumentRows) -> Iterator[Fault]:
    for at, question in enumerate(rows.questions):
        for condition in question.conditions:
            wrong = _wrong_condition(rows, question, condition)
            if wrong:
                place = rows.place("questions", at, "shown_if")
                yield Fault(place, question.shown_if, *wrong)


def _wrong_condition(
    rows: InstrumentRows, question: Question, condition: Condition
) -> tuple[str, str] | None:
    if condition.subject in ("role", "kind"):
        known = rows.kinds if condition.subject == "kind" else {one.role for one in rows.roles}
        return _unknown_value(condition, known) if "roles" not in rows.unsure else None
    on = rows.question_by_id.get(condition.subject)
    if on is None:
        if "questions" in rows.unsure:
            return None
        near = closest(condition.subject, rows.question_by_id)
        remedy = f"Did you mean {near}?" if near else "Name an earlier question, role or kind."
        return f"There is no question {condition.subject}.", remedy
    return _wrong_branch(rows, question, on, condition)


def _wrong_branch(
    rows: InstrumentRows, question: Question, on: Question, condition: Condition
) -> tuple[str, str] | None:
    if question in _above(rows, on):
        return (
            "The question would be shown only once it is answered: the conditions go in a ring.",
            "Clear the cell, or name a question that is shown without this one.",
        )
    if on.page >= question.page:
        # Without a script, what a page asks is settled before it is sent.
        return (
            f"{on.question} must stand on an earlier page; it is on page {on.page}.",
            "Move one of the two questions to another page.",
        )
    if on.kind in ("text", "pair-scale"):
        return (
            f"{on.question} has no single answer to go by.",
            "Name a question of the kind single, scale or many.",
        )
    if on.scale not in rows.values:
        return None
    return _unknown_value(condition, {one.value for one in rows.values[on.scale]})


def _unknown_value(condition: Condition, known: Collection[str]) -> tuple[str, str] | None:
    for value in condition.values:
        if value not in known:
            near = closest(value, known)
            return (
                f"{condition.subject} is never {value!r}.",
                f"Did you mean {near}?" if near else f"Choose from {', '.join(sorted(known))}.",
            )
    return None


def _above(rows: InstrumentRows, start: Question) -> list[Question]:
    """A question and all that it hangs on, each once, whatever rings there are."""
    found = [start]
    for question in found:
        on = (rows.question_by_id.get(one.subject) for one in question.conditions)
        found += [one for one in dict.fromkeys(on) if one is not None and one not in found]
    return found


def _unseen(rows: InstrumentRows) -> Iterator[Fault]:
    if {"roles", "questions"} & set(rows.unsure):
        return
    for at, question in enumerate(rows.questions):
        if question.required == "yes" and not _who_sees(rows, question):
            yield Fault(
                rows.place("questions", at, "required"),
                question.required,
                "The question is required and nobody sees it: no role meets all that it hangs on,"
                " or there is no other kind of organisation to ask about.",
                "Change shown_if, add a role, or remove the question.",
            )


def _who_sees(rows: InstrumentRows, question: Question) -> list[Role]:
    """Roles of which somebody may see a question.

    Conditions must all hold, so what is left of an answer is what every condition on it allows.
    """
    left: dict[str, set[str]] = {}
    for one in _above(rows, question):
        for condition in one.conditions:
            on = rows.question_by_id.get(condition.subject)
            # Who may choose several answers can meet several conditions.
            if on is None or on.kind != "many":
                allowed = left.setdefault(condition.subject, set(condition.values))
                allowed &= set(condition.values)
    if not all(left.values()) or (question.kind == "pair-scale" and len(rows.kinds) == 1):
        return []
    return [
        role
        for role in rows.roles
        if role.role in left.get("role", {role.role}) and role.kind in left.get("kind", {role.kind})
    ]


def _too_wide(rows: InstrumentRows) -> Iterator[Fault]:
    kinds = len(rows.kinds)
    columns = sum(kinds if one.kind == "pair-scale" else 1 for one in rows.questions)
    if columns > MOST_ANSWER_COLUMNS:
        yield Fault(
            rows.place("questions", None, ""),
            None,
            f"Answers would need {columns} columns; there may be {MOST_ANSWER_COLUMNS}. A question"
            " on pairs needs one for each kind of organisation.",
            "Ask fewer questions, or have fewer kinds.",
        )
