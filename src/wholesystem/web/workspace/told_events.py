"""Events of a review's history in plain words: who did what, with where it can be seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from wholesystem.reviews.words import word_labels
from wholesystem.web.workspace import models

__all__ = ["ToldEvent", "record_page", "tell_events"]


@dataclass(frozen=True)
class ToldEvent:
    """An event in plain words.

    Parameters
    ----------
    at : datetime
        When.
    who : str
        The person's name in the review.
    did : str
        What they did, after the name, such as ``confirmed finding F02``.
    href : str
        Page of the record; empty where it has none.
    why : str
        The person's reason; may be empty.
    """

    at: datetime
    who: str
    did: str
    href: str
    why: str

    @property
    def when(self) -> str:
        """Short: the time of today, the day of this year, the day with its year before."""
        at, today = timezone.localtime(self.at), timezone.localdate()
        if at.date() == today:
            return f"{at:%H:%M}"
        day = f"{at.day} {at:%b}"
        return day if at.year == today.year else f"{day} {at.year}"


Changes = Mapping[str, Any]

_NOUNS = {
    "anchors": "the passage of evidence",
    "areas_for_improvement": "area for improvement",
    "case_checklist": "the checklist of cases:",
    "case_stays": "the stays of case",
    "cases": "case",
    "documents": "document",
    "due_dates": "due date",
    "evidence": "evidence",
    "feedback_invited": "links to a feedback tool",
    "feedback_codings": "the themes of a comment:",
    "feedback_themes": "theme",
    "feedback_tools": "feedback tool",
    "figures": "the figure of evidence",
    "findings": "finding",
    "measures": "measures",
    "organisation_mergers": "the merging of organisations",
    "organisations": "organisation",
    "requests": "information request",
    "request_questions": "question",
    "request_answers": "the answer to question",
    "request_returns": "what is missing",
    "people": "the part of",
    "sources": "source",
}
#: Page of a record, by table: name of the page, and of its part of the address.
_PAGES = {
    "anchors": ("evidence", "code"),
    "areas_for_improvement": ("improvements", ""),
    "case_answers": ("case", "code"),
    "case_checklist": ("cases", ""),
    "case_stays": ("case", "code"),
    "cases": ("case", "code"),
    "documents": ("document", "digest"),
    "due_dates": ("due_dates", ""),
    "evidence": ("evidence", "code"),
    "feedback_invited": ("feedback_tools", ""),
    "feedback_codings": ("feedback_tools", ""),
    "feedback_themes": ("feedback_tools", ""),
    "feedback_tools": ("feedback_tool", "code"),
    "figures": ("evidence", "code"),
    "finding_evidence": ("finding", "code"),
    "findings": ("finding", "code"),
    "measures": ("measures", ""),
    "organisation_mergers": ("organisations", ""),
    "organisations": ("organisation", "code"),
    "requests": ("request", "code"),
    "request_questions": ("request_question", "code"),
    "request_answers": ("request_question", "code"),
    "request_returns": ("requests", ""),
    "people": ("people", ""),
    "questions": ("question", "kloe"),
    "review": ("review", ""),
    "sources": ("source", "code"),
}


def tell_events(
    review: models.Review, events: Iterable[models.Event], names: Mapping[str, str]
) -> list[ToldEvent]:
    """Events in plain words.

    Parameters
    ----------
    review : models.Review
        Whose they are.
    events : iterable of models.Event
        In any order.
    names : mapping of str to str
        Names of the review's people by their ids, also of those who left.

    Returns
    -------
    list of ToldEvent
        In the same order.
    """
    return [
        ToldEvent(
            one.at,
            names.get(one.by, one.by),
            _did(one, names),
            record_page(review, one.table, one.record),
            one.why,
        )
        for one in events
    ]


def _did(event: models.Event, names: Mapping[str, str]) -> str:
    changes: Changes = json.loads(event.changes)
    tell = _TELLERS.get(event.table)
    told = tell(event, changes, names) if tell else ""
    if told:
        return told
    record = names.get(event.record, event.record) if event.table == "people" else event.record
    if event.table == "documents":
        record = str(changes.get("name", (None, ""))[1] or record[:8])
    return f"{event.action} {_NOUNS.get(event.table, event.table)} {record}"


def _tell_review(event: models.Event, changes: Changes, names: Mapping[str, str]) -> str:
    if event.action == "opened":
        return "opened the review"
    if "stage" in changes:
        labels = word_labels("stages")
        return f"set the stage to {labels[changes['stage'][1]][0].lower()}"
    columns = ", ".join(name.replace("_", " ") for name in changes)
    return f"changed the review: {columns}"


def _tell_person(event: models.Event, changes: Changes, names: Mapping[str, str]) -> str:
    other = names.get(event.record, event.record)
    own = event.by == event.record
    if event.action == "left":
        return "left the review" if own else f"ended the part of {other}"
    if event.action == "joined":
        role = changes.get("role", (None, ""))[1]
        words = f" as {word_labels('roles')[role][0].lower()}" if role else ""
        return f"joined{words}" if own else f"brought in {other}{words}"
    if "role" in changes and event.action == "changed":
        role = word_labels("roles")[changes["role"][1]][0].lower()
        return f"made {other} {role}"
    return ""


def _tell_link(event: models.Event, changes: Changes, names: Mapping[str, str]) -> str:
    finding, _, evidence = event.record.partition(" ")
    if event.action == "added":
        side = changes.get("side", (None, ""))[1]
        return f"linked evidence {evidence} {side} finding {finding}"
    if event.action == "removed":
        return f"took evidence {evidence} from finding {finding}"
    return f"changed how evidence {evidence} bears on finding {finding}"


def _tell_due_date(event: models.Event, changes: Changes, names: Mapping[str, str]) -> str:
    if event.action == "changed" and changes.get("done_on", (None, None))[1]:
        return f"ticked off due date {event.record}"
    if event.action == "added" and "title" in changes:
        return f"added due date {event.record}"
    return ""


def _tell_case_stay(event: models.Event, changes: Changes, names: Mapping[str, str]) -> str:
    case, _, stay = event.record.partition(" ")
    if not stay:
        return ""
    did = {"added": "added", "removed": "took out"}.get(event.action, "corrected")
    return f"{did} stay {stay} of case {case}"


def _tell_case_answer(event: models.Event, changes: Changes, names: Mapping[str, str]) -> str:
    case, _, item = event.record.partition(" ")
    did = {"added": "answered", "removed": "took back the answer to"}.get(event.action)
    return f"{did or 'changed the answer to'} {item.replace('_', ' ')} for case {case}"


def _tell_request(event: models.Event, changes: Changes, names: Mapping[str, str]) -> str:
    if event.action == "asked":
        count = len(changes)
        return (
            f"asked {count} {'question' if count == 1 else 'questions'} in request {event.record}"
        )
    return f"{event.action} information request {event.record}"


def _tell_return(event: models.Event, changes: Changes, names: Mapping[str, str]) -> str:
    question = changes.get("request_question", (None, ""))[1]
    return f"said what is missing in the answer to question {question}" if question else ""


_TELLERS: Mapping[str, Callable[[models.Event, Changes, Mapping[str, str]], str]] = {
    "case_answers": _tell_case_answer,
    "case_stays": _tell_case_stay,
    "due_dates": _tell_due_date,
    "finding_evidence": _tell_link,
    "people": _tell_person,
    "request_returns": _tell_return,
    "requests": _tell_request,
    "review": _tell_review,
}


def record_page(review: models.Review, table: str, record: str) -> str:
    """Address of the page of a record.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    table, record : str
        As events and warnings name it.

    Returns
    -------
    str
        Empty where it has none.
    """
    page, part = _PAGES.get(table, ("", ""))
    if not page:
        return ""
    record = record.partition(" ")[0]
    try:
        return reverse(
            f"workspace:{page}", kwargs={"review": review.code, **({part: record} if part else {})}
        )
    except NoReverseMatch:  # an id from a bundle that no address can have
        return ""
