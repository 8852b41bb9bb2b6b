"""Answer sheets: what one respondent said, and nothing of who they are or when they said it.

A sheet has no time, no number and no name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.cells import parse_passage
from wholesystem.reviews.feedback.instrument import Answer, Instrument, Question
from wholesystem.tables.cells import CellError, closest, parse_id

__all__ = [
    "LONGEST_COMMENT",
    "AnswerSheet",
    "check_part",
    "make_sheet",
]

#: Characters of one answer in free text.
LONGEST_COMMENT = 10_000


@dataclass(frozen=True)
class AnswerSheet:
    """What one respondent answered; made by `make_sheet`, which checks it.

    Parameters
    ----------
    role : str
        Id.
    kind : str
        Of the role's organisation.
    organisation : str
        Id; empty where the instrument does not ask for it.
    answers : mapping of str to Answer
        By question, in the order of the instrument, whatever order they were given in; questions
        left open are not there.
    """

    role: str
    kind: str
    organisation: str
    answers: Mapping[str, Answer]


class _Wrong(ValueError):
    """An answer that the question does not allow: value, rule, remedy."""

    def __init__(self, value: str | None, rule: str, remedy: str) -> None:
        self.told = (value, rule, remedy)
        super().__init__(rule)


def make_sheet(
    instrument: Instrument, role: str, answers: Mapping[str, Answer], *, organisation: str = ""
) -> AnswerSheet:
    """A checked answer sheet.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    role : str
        Id of the respondent's role.
    answers : mapping of str to Answer
        By question: one value, several, a value by kind of organisation, or free text of at most
        10,000 characters. What is blank counts as left open.
    organisation : str
        Id, if and only if the instrument asks for it.

    Returns
    -------
    AnswerSheet
        With text tidied and everything in the order of the instrument.

    Raises
    ------
    TableError
        With every fault: unknown roles, questions and values, answers to questions that this
        respondent is not shown, required ones left open, text that cannot be kept.
    """
    faults = _faults_of_respondent(instrument, role, organisation)
    if faults:
        raise TableError(faults)
    faults = [
        Fault(f"question {name}", None, "There is no such question.", _near(name, instrument))
        for name in answers
        if name not in instrument.question_by_id
    ]
    kept, of_answers = _check_all(instrument, role, answers)
    if faults or of_answers:
        raise TableError([*faults, *of_answers])
    return AnswerSheet(role, instrument.role_by_id[role].kind, organisation, kept)


def check_part(
    instrument: Instrument, role: str, answers: Mapping[str, Answer], page: int
) -> tuple[dict[str, Answer], dict[str, Fault]]:
    """Answers so far, with what is wrong on one page.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    role : str
        Id of the respondent's role; a known one.
    answers : mapping of str to Answer
        To questions of any page.
    page : int
        Whose faults are told; required questions of other pages may be open.

    Returns
    -------
    kept : dict of str to Answer
        Tidied answers without faults. Those to questions that this respondent is no longer shown,
        since an earlier answer was changed, are left out.
    faults : dict of str to Fault
        By question of the page.
    """
    shown: dict[str, Answer] = {}
    for question in instrument.asked:
        given = answers.get(question.question, "")
        if given and instrument.is_shown(question, role, shown):
            shown[question.question] = given
    kept, faults = _check_all(instrument, role, shown)
    named = {one.where.removeprefix("question "): one for one in faults}
    on_page = {one.question for one in instrument.asked if one.page == page}
    return kept, {name: one for name, one in named.items() if name in on_page}


def _check_all(
    instrument: Instrument, role: str, answers: Mapping[str, Answer]
) -> tuple[dict[str, Answer], list[Fault]]:
    kept: dict[str, Answer] = {}
    faulty: dict[str, Fault] = {}
    for question in instrument.asked:
        name = question.question
        if any(one.subject in faulty for one in question.conditions):
            # Whether it is shown cannot be said before the other answer is mended.
            continue
        try:
            answer = _checked(instrument, question, role, answers.get(name, ""), kept)
        except _Wrong as wrong:
            faulty[name] = Fault(f"question {name}", *wrong.told)
            continue
        if answer:
            kept[name] = answer
    return kept, list(faulty.values())


def _near(name: str, instrument: Instrument) -> str:
    near = closest(name, instrument.question_by_id)
    return f"Did you mean {near}?" if near else "Remove the answer."


def _faults_of_respondent(instrument: Instrument, role: str, organisation: str) -> list[Fault]:
    faults = []
    if role not in instrument.role_by_id:
        near = closest(role, instrument.role_by_id)
        remedy = f"Did you mean {near}?" if near else "Choose a role of the instrument."
        faults.append(Fault("role", role, "There is no such role.", remedy))
    asks = instrument.info.asks_organisation == "yes"
    if organisation and not asks:
        rule = "The instrument does not ask for the organisation, so it must not be kept."
        faults.append(Fault("organisation", organisation, rule, "Leave it out."))
    elif asks:
        try:
            parse_id(organisation)
        except CellError as error:
            faults.append(Fault("organisation", organisation, error.rule, error.remedy))
    return faults


def _checked(
    instrument: Instrument,
    question: Question,
    role: str,
    answer: Answer,
    before: Mapping[str, Answer],
) -> Answer:
    """An answer as it is kept; empty where the question is left open."""
    answer = _tidy(instrument, question, role, answer)
    if not instrument.is_shown(question, role, before):
        if answer:
            raise _Wrong(
                None, "This respondent is not asked the question.", "Leave the answer out."
            )
        return ""
    if question.required == "yes":
        _demand(instrument, question, role, answer)
    return answer


def _demand(instrument: Instrument, question: Question, role: str, answer: Answer) -> None:
    if not answer:
        raise _Wrong(None, "The question must be answered.", "Give an answer.")
    if isinstance(answer, Mapping):
        others = instrument.other_kinds(instrument.role_by_id[role].kind)
        left = [kind for kind in others if kind not in answer]
        if left:
            raise _Wrong(None, f"It is not answered for {', '.join(left)}.", "Answer for each.")


# --------------------------------------------------------------------------- one answer


def _tidy(instrument: Instrument, question: Question, role: str, answer: Answer) -> Answer:
    if question.kind == "pair-scale":
        return _pairs(instrument, question, role, answer)
    if question.kind == "many":
        return _several(instrument, question, answer)
    if not isinstance(answer, str):
        raise _Wrong(None, "The question has one answer.", "Give one.")
    if question.kind == "text":
        return _comment(answer)
    return _value(instrument, question, answer.strip())


def _comment(text: str) -> str:
    try:
        text = parse_passage(text)
    except CellError as error:
        raise _Wrong(text, error.rule, error.remedy) from None
    if len(text) > LONGEST_COMMENT:
        rule = f"It may have at most {LONGEST_COMMENT:,} characters; it has {len(text):,}."
        raise _Wrong(text, rule, "Shorten it.")
    return text


def _value(instrument: Instrument, question: Question, value: str) -> str:
    known = [one.value for one in instrument.values_of(question.question)]
    if value and value not in known:
        near = closest(value, known)
        remedy = f"Did you mean {near}?" if near else f"Choose from {', '.join(known)}."
        raise _Wrong(value, "It is none of the answers to choose from.", remedy)
    return value


def _several(instrument: Instrument, question: Question, answer: Answer) -> tuple[str, ...]:
    if not isinstance(answer, tuple) and answer != "":
        raise _Wrong(None, "The question has a list of answers.", "Give a list.")
    chosen = [_value(instrument, question, value) for value in answer]
    if "" in chosen or len(set(chosen)) < len(chosen):
        raise _Wrong("; ".join(chosen), "A value is blank or stands there twice.", "Give it once.")
    known = instrument.values_of(question.question)
    return tuple(one.value for one in known if one.value in chosen)


def _pairs(
    instrument: Instrument, question: Question, role: str, answer: Answer
) -> Mapping[str, str]:
    if not isinstance(answer, Mapping) and answer != "":
        raise _Wrong(
            None, "The question has an answer for each kind of organisation.", "Give it so."
        )
    given: Mapping[str, str] = answer if isinstance(answer, Mapping) else {}
    others = instrument.other_kinds(instrument.role_by_id[role].kind)
    for kind in given:
        if given[kind] and kind not in others:
            raise _Wrong(
                kind,
                "It is no other kind of organisation that the question asks about.",
                f"Choose from {', '.join(others)}." if others else "Leave it out.",
            )
    values = {kind: _value(instrument, question, given.get(kind, "").strip()) for kind in others}
    return {kind: value for kind, value in values.items() if value}
