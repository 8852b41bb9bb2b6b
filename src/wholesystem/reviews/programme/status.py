"""How far each area of a programme has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from wholesystem.reviews.programme.gathering import Gathered, ReadReview
from wholesystem.reviews.programme.records import ProgrammeArea
from wholesystem.reviews.result_tables import ResultColumn, ResultTable
from wholesystem.reviews.review import Review
from wholesystem.reviews.words import word_labels

__all__ = ["ReviewStatus", "review_status", "status_table", "unread_table"]


@dataclass(frozen=True)
class ReviewStatus:
    """How far a review has come.

    Parameters
    ----------
    stage : str
        As people call it.
    opened_on : date
        First day.
    latest : datetime or None
        When something was last recorded, naive UTC; None where nothing was.
    next_due : date or None
        The next day on which something is due.
    overdue : int
        Things that were due before and are not done.
    counts : mapping of str to int
        ``organisations``, ``sources`` and ``evidence`` that stand, ``questions`` of the framework,
        ``questions_with_evidence``, findings ``confirmed``, ``candidate`` and ``withdrawn``,
        ``areas_for_improvement``.
    """

    stage: str
    opened_on: date
    latest: datetime | None
    next_due: date | None
    overdue: int
    counts: Mapping[str, int]


def review_status(review: Review, on: date) -> ReviewStatus:
    """How far a review has come on a day.

    Parameters
    ----------
    review : Review
        The review.
    on : date
        From which due dates are counted.

    Returns
    -------
    ReviewStatus
        With its counts.
    """
    open_dates = [one.on for one in review.due_dates if one.done_on is None]
    recorded = [
        one.recorded_at
        for rows in (review.sources, review.evidence, review.findings, review.areas_for_improvement)
        for one in rows
    ]
    return ReviewStatus(
        word_labels("stages")[review.info.stage][0],
        review.info.opened_on,
        max(recorded, default=None),
        min((day for day in open_dates if day >= on), default=None),
        sum(day < on for day in open_dates),
        _counts(review),
    )


def _counts(review: Review) -> dict[str, int]:
    standing = [one for one in review.evidence if review.is_current(one)]
    asked = {kloe for one in standing for kloe in one.kloe}
    status = [one.status for one in review.findings]
    return {
        "organisations": len(review.organisations),
        "sources": sum(not one.withdrawn for one in review.sources),
        "evidence": len(standing),
        "questions": len(review.framework.questions),
        "questions_with_evidence": len(asked),
        "confirmed": status.count("confirmed"),
        "candidate": status.count("candidate"),
        "withdrawn": status.count("withdrawn"),
        "areas_for_improvement": len(review.areas_for_improvement),
    }


_COUNTED = {
    "organisations": "Organisations",
    "sources": "Sources that stand",
    "evidence": "Pieces of evidence that stand",
    "questions": "Questions of the framework",
    "questions_with_evidence": "Questions with evidence",
    "confirmed": "Findings confirmed",
    "candidate": "Findings still open",
    "withdrawn": "Findings withdrawn",
    "areas_for_improvement": "Areas for improvement",
}


def status_table(gathered: Gathered, on: date) -> ResultTable:
    """A row for each review, and one for each area that has none.

    Parameters
    ----------
    gathered : Gathered
        The reviews.
    on : date
        From which due dates are counted.

    Returns
    -------
    ResultTable
        In the order of the programme's areas. An area without a review has blank counts, which
        are not noughts.
    """
    rows = []
    for area in gathered.programme.areas:
        reads = gathered.by_area.get(area.area_code, ())
        rows += [_row(area, one, on) for one in reads] or [_no_row(area)]
    missing = gathered.without_review
    notes = [
        f"{len(gathered.by_area)} of the {len(gathered.programme.areas)} areas have a review that"
        " was read."
    ]
    if missing:
        names = ", ".join(one.area for one in missing)
        notes.append(f"No review was read of {names}: what they found is not known here.")
    notes += [f"{one.place}: {note}" for one in gathered.reviews for note in one.notes]
    return ResultTable(
        "status",
        "How far each review has come",
        (
            ResultColumn("area_code", "Code"),
            ResultColumn("area", "Area"),
            ResultColumn("part", "Part of the programme"),
            ResultColumn("review", "Review"),
            ResultColumn("stage", "Stage"),
            ResultColumn("opened_on", "Opened on"),
            ResultColumn("last_recorded_on", "Last recorded on"),
            ResultColumn("next_due_on", "Next due on"),
            ResultColumn("overdue", "Overdue"),
            *(ResultColumn(name, heading) for name, heading in _COUNTED.items()),
            ResultColumn("rests_on", "Read from"),
        ),
        tuple(rows),
        tuple(notes),
    )


def _row(area: ProgrammeArea, read: ReadReview, on: date) -> tuple[str | int | date | None, ...]:
    status = review_status(read.review, on)
    latest = None if status.latest is None else status.latest.date()
    return (
        area.area_code,
        area.area,
        area.part,
        read.review.info.review,
        status.stage,
        status.opened_on,
        latest,
        status.next_due,
        status.overdue,
        *(status.counts[name] for name in _COUNTED),
        read.place,
    )


def _no_row(area: ProgrammeArea) -> tuple[str | None, ...]:
    blank = (None,) * (5 + len(_COUNTED))
    return (area.area_code, area.area, area.part, None, "No review was read", *blank[1:], None)


def unread_table(gathered: Gathered) -> ResultTable:
    """Bundles that count nowhere, with the reason.

    Parameters
    ----------
    gathered : Gathered
        The reviews.

    Returns
    -------
    ResultTable
        Those that could not be read, then those of areas outside the programme.
    """
    rows = [(one.place, one.why) for one in gathered.unread]
    for one in gathered.outside:
        info = one.review.info
        why = (
            f"It is of {info.area} ({info.area_code}), which is not in the programme. Add the area"
            " to its areas, if it belongs there."
        )
        rows.append((one.place, why))
    columns = (ResultColumn("place", "Read from"), ResultColumn("why", "Why it is not counted"))
    return ResultTable("not_counted", "Reviews that are not counted", columns, tuple(rows))
