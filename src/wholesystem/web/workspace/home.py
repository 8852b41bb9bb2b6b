"""What a review's home shows: its stage, what is thin, what is due, what was done, and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from wholesystem.reviews.rules import ReviewWarning, warnings_of
from wholesystem.reviews.triangulation import triangulate
from wholesystem.reviews.words import STAGES, word_labels
from wholesystem.web.workspace import models
from wholesystem.web.workspace.live_figures import look_up_linked
from wholesystem.web.workspace.reminders import DAYS_AHEAD, open_notices
from wholesystem.web.workspace.rows import load_review
from wholesystem.web.workspace.told_events import ToldEvent, record_page, tell_events

if TYPE_CHECKING:
    from wholesystem.reviews.review import Review
    from wholesystem.web.workspace.views.pages import Here

__all__ = ["Home", "Stage", "make_home", "next_stage"]

MOST_DUE = 3
MOST_EVENTS = 5
MOST_THIN = 6
MOST_RECORDS = 12
# What somebody may see who sees no evidence.
_OPEN_TABLES = ("review", "people", "due_dates")


class Stage(NamedTuple):
    """A stage as the home shows it: its word, label and meaning, and before, now or after."""

    word: str
    label: str
    meaning: str
    when: str


class Thin(NamedTuple):
    """Warnings of one rule: what it warns of and why, how many, and the first records."""

    label: str
    why: str
    number: int
    records: list[tuple[str, str]]


@dataclass(frozen=True)
class Home:
    """Everything of a review's home.

    Parameters
    ----------
    stages : list of Stage
        In order.
    next_stage : Stage or None
        None at the last.
    notices : list of models.Notice
        The person's own reminders.
    due : list of models.DueDate
        The next, the overdue first.
    due_count : int
        How many are open.
    today, soon : date
        What is due before today is overdue; up to `soon` it is due soon.
    people : int
        Who takes part.
    latest : list of ToldEvent
        The newest first.
    counts : list of (str, int, str)
        What, how many, and name of the page that lists them; empty for who sees no evidence.
    sources : list of (str, int, int)
        Kind of source, sources and evidence that stand.
    states : list of (str, int)
        Questions by how well they are evidenced.
    thin : list of Thin
        What should be looked at again, the gravest rule first.
    """

    stages: list[Stage]
    next_stage: Stage | None
    notices: list[models.Notice]
    due: list[models.DueDate]
    due_count: int
    today: date
    soon: date
    people: int
    latest: list[ToldEvent]
    counts: list[tuple[str, int, str]] = field(default_factory=list)
    sources: list[tuple[str, int, int]] = field(default_factory=list)
    states: list[tuple[str, int]] = field(default_factory=list)
    thin: list[Thin] = field(default_factory=list)


def _stages(review: models.Review) -> list[Stage]:
    at = STAGES.index(review.stage)
    return [
        Stage(word, label, meaning, "now" if n == at else "before" if n < at else "after")
        for n, (word, (label, meaning)) in enumerate(word_labels("stages").items())
    ]


def next_stage(review: models.Review) -> Stage | None:
    """The stage after a review's own.

    Parameters
    ----------
    review : models.Review
        The review.

    Returns
    -------
    Stage or None
        None at the last.
    """
    return next((one for one in _stages(review) if one.when == "after"), None)


def make_home(here: Here) -> Home:
    """What a person sees on a review's home.

    Parameters
    ----------
    here : Here
        The review and the person's part.

    Returns
    -------
    Home
        In at most 30 queries; without evidence for who may not see it.
    """
    review, today = here.review, timezone.localdate()
    due = list(
        models.DueDate.objects.filter(review=review, done_on__isnull=True)
        .order_by("on", "pk")
        .select_related("person")
    )
    people = list(models.Member.objects.filter(review=review))
    events = models.Event.objects.filter(review=review).order_by("-number")
    sees_all = here.may("see_evidence")
    if not sees_all:
        events = events.filter(table__in=_OPEN_TABLES)
    more: dict[str, Any] = _judgements(here, load_review(review), today) if sees_all else {}
    return Home(
        stages=_stages(review),
        next_stage=next_stage(review),
        notices=open_notices(here.member),
        due=due[:MOST_DUE],
        due_count=len(due),
        today=today,
        soon=today + timedelta(days=DAYS_AHEAD),
        people=sum(one.left_at is None for one in people),
        latest=tell_events(review, events[:MOST_EVENTS], {one.code: one.name for one in people}),
        **more,
    )


def _judgements(here: Here, review: Review, today: date) -> dict[str, Any]:
    """Counts and warnings, of the review as a whole."""
    grid = triangulate(review)
    standing = [one for one in review.evidence if review.is_current(one)]
    findings = Counter(one.status for one in review.findings)
    figures = look_up_linked(here.review, review, [one.finding for one in review.findings])
    counts = [
        ("Documents", len(review.documents), "documents"),
        ("Evidence not coded yet", sum(not one.kloe for one in standing), "evidence_list"),
        ("Candidate findings", findings["candidate"], "findings"),
        ("Confirmed findings", findings["confirmed"], "findings"),
        ("Areas for improvement", len(review.areas_for_improvement), "improvements"),
    ]
    return {
        "counts": counts,
        "sources": _by_kind(review, standing),
        "states": list(grid.count_states().items()),
        "thin": _thin(here, warnings_of(review, today, grid=grid, figures=figures)),
    }


def _thin(here: Here, warnings: Iterable[ReviewWarning]) -> list[Thin]:
    """Warnings by rule, the gravest first."""
    by_rule: dict[str, list[ReviewWarning]] = {}
    for one in warnings:
        by_rule.setdefault(one.rule.rule, []).append(one)
    return [
        Thin(
            ones[0].rule.label,
            ones[0].rule.why,
            len(ones),
            [(one.record, _page_of(here, one)) for one in ones[:MOST_RECORDS]],
        )
        for ones in list(by_rule.values())[:MOST_THIN]
    ]


def _page_of(here: Here, warning: ReviewWarning) -> str:
    """Page of the record that a warning is of."""
    return record_page(here.review, warning.table, warning.record)


def _by_kind(review: Review, standing: list[Any]) -> list[tuple[str, int, int]]:
    sources = Counter(one.kind for one in review.sources if not one.withdrawn)
    evidence = Counter(review.source_by_id[one.source].kind for one in standing)
    return [
        (label, sources[kind], evidence[kind])
        for kind, (label, _) in word_labels("source_kinds").items()
    ]
