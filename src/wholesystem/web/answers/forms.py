"""What a respondent typed on a page: read from the request, checked by the instrument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from wholesystem.reviews.feedback.answers import LONGEST_COMMENT, check_part
from wholesystem.reviews.feedback.instrument import Answer, Instrument, Question
from wholesystem.reviews.free_text import NameWarning, find_names

__all__ = ["Choice", "Field", "PageForm", "Part", "name_warnings", "pages_of", "read_page"]


@dataclass(frozen=True)
class Choice:
    """An answer to choose.

    Parameters
    ----------
    value, label : str
        As sent, and as read.
    is_chosen : bool
        Whether it is the answer so far.
    """

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Part:
    """Choices under one name; a question on pairs has one for each other kind of organisation.

    Parameters
    ----------
    name : str
        Of the fields in the form.
    label : str
        The kind of organisation; empty where the question has one part.
    choices : tuple of Choice
        In order.
    """

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Field:
    """A question as a page shows it.

    Parameters
    ----------
    question : Question
        Its row.
    parts : tuple of Part
        Choices; none for free text.
    text : str
        Free text so far.
    error : str
        What is wrong with the answer; may be empty.
    longest : int
        Characters of free text at most.
    """

    question: Question
    parts: tuple[Part, ...]
    text: str = ""
    error: str = ""
    longest: int = LONGEST_COMMENT

    @property
    def first_id(self) -> str:
        """Id of the element that an error leads to."""
        return f"q-{self.question.question}" if not self.parts else f"{self.parts[0].name}-1"


@dataclass(frozen=True)
class PageForm:
    """A page of an instrument for one respondent.

    Parameters
    ----------
    page : int
        Its number in the instrument.
    fields : tuple of Field
        Questions that this respondent is shown on it.
    """

    page: int
    fields: tuple[Field, ...]

    @property
    def errors(self) -> tuple[Field, ...]:
        """Fields with something wrong."""
        return tuple(one for one in self.fields if one.error)


def pages_of(instrument: Instrument, role: str, answers: Mapping[str, Answer]) -> tuple[int, ...]:
    """Pages that a respondent is shown.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    role : str
        Id of the respondent's.
    answers : mapping of str to Answer
        So far.

    Returns
    -------
    tuple of int
        In order; one without a question for this respondent is passed over.
    """
    return tuple(
        dict.fromkeys(
            one.page for one in instrument.asked if instrument.is_shown(one, role, answers)
        )
    )


def read_page(
    instrument: Instrument,
    role: str,
    before: Mapping[str, Answer],
    page: int,
    posted: QueryDict | None = None,
) -> tuple[PageForm, dict[str, Answer]]:
    """A page with what was answered, or with what was sent just now.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    role : str
        Id of the respondent's.
    before : mapping of str to Answer
        Answers so far.
    page : int
        Its number in the instrument.
    posted : QueryDict, optional
        What was sent; without it nothing is checked.

    Returns
    -------
    form : PageForm
        What was typed comes back whatever is wrong with it.
    answers : dict of str to Answer
        Those so far with those of the page that have no fault.
    """
    questions = [
        one for one in instrument.asked
        if one.page == page and instrument.is_shown(one, role, before)
    ]  # fmt: skip
    if posted is None:
        fields = (_field(instrument, role, one, before.get(one.question, "")) for one in questions)
        return PageForm(page, tuple(fields)), dict(before)
    typed = {one.question: _typed(instrument, role, one, posted) for one in questions}
    kept, faults = check_part(instrument, role, {**before, **typed}, page)
    fields = (
        _field(
            instrument,
            role,
            one,
            kept.get(one.question, typed[one.question]),
            _words(faults[one.question].rule, one) if one.question in faults else "",
        )
        for one in questions
    )
    return PageForm(page, tuple(fields)), kept


def _words(rule: str, question: Question) -> str:
    if rule == "The question must be answered.":
        return "Choose an answer." if question.kind != "text" else "Write an answer."
    return rule


def _typed(instrument: Instrument, role: str, question: Question, posted: QueryDict) -> Answer:
    name = question.question
    if question.kind == "pair-scale":
        others = instrument.other_kinds(instrument.role_by_id[role].kind)
        given = {kind: posted.get(f"{name}:{kind}", "")[:200] for kind in others}
        return {kind: value for kind, value in given.items() if value}
    if question.kind == "many":
        return tuple(dict.fromkeys(one[:200] for one in posted.getlist(name)[:100] if one))
    # A browser sends two characters for a line's end, and counts one.
    text = posted.get(name, "").replace("\r\n", "\n")
    # What no file can hold is taken out and not held against the person: it cannot be seen.
    return "".join(one for one in text if one in "\n\t" or ord(one) >= 32).strip()


def _field(
    instrument: Instrument, role: str, question: Question, answer: Answer, error: str = ""
) -> Field:
    if question.kind == "text":
        return Field(question, (), answer if isinstance(answer, str) else "", error)
    name = question.question
    if question.kind == "pair-scale":
        given = answer if isinstance(answer, Mapping) else {}
        parts = tuple(
            _part(instrument, question, f"{name}:{kind}", kind, (given.get(kind, ""),))
            for kind in instrument.other_kinds(instrument.role_by_id[role].kind)
        )
        return Field(question, parts, "", error)
    chosen = (answer,) if isinstance(answer, str) else tuple(answer)
    return Field(question, (_part(instrument, question, name, "", chosen),), "", error)


def _part(
    instrument: Instrument, question: Question, name: str, label: str, chosen: tuple[str, ...]
) -> Part:
    values = instrument.values_of(question.question)
    return Part(
        name, label, tuple(Choice(one.value, one.label, one.value in chosen) for one in values)
    )


def name_warnings(
    instrument: Instrument, answers: Mapping[str, Answer]
) -> dict[str, tuple[NameWarning, ...]]:
    """What in free text may name somebody, by question.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    answers : mapping of str to Answer
        So far.

    Returns
    -------
    dict of str to tuple of NameWarning
        Questions without a warning are not there.
    """
    found = {}
    for question in instrument.asked:
        text = answers.get(question.question, "")
        if question.kind == "text" and isinstance(text, str) and text:
            warnings = find_names(text)
            if warnings:
                found[question.question] = tuple(warnings)
    return found
