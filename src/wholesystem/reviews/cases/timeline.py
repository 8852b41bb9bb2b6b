"""What happened in a journey, stay by stay, as the timeline of a case tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from wholesystem.stays.lists import reason_codes

__all__ = ["TimelineRow", "timeline_rows"]

_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class TimelineRow:
    """One stay of a journey.

    Parameters
    ----------
    stay : int
        Its number within the journey.
    service : str
        The service in words.
    requested_at : datetime or None
        None where not known, as in the two below.
    started_at : datetime
        When it began.
    ready_at, ended_at : datetime or None
        A stay with no `ended_at` may still run.
    wait_days : float or None
        From requested to started; None where not known.
    delay_days : float or None
        From ready to the end; None where either is not known.
    reason : str
        Why the person waited to leave, in words; empty where not known.
    next_service : str
        Where to, in words; empty where not known.
    remarks : tuple of str
        Overlaps, and coming back on the day of leaving, as sentences.
    """

    stay: int
    service: str
    requested_at: datetime | None
    started_at: datetime
    ready_at: datetime | None
    ended_at: datetime | None
    wait_days: float | None
    delay_days: float | None
    reason: str
    next_service: str
    remarks: tuple[str, ...]


def timeline_rows(
    journey: pa.Table,
    *,
    labels: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> tuple[TimelineRow, ...]:
    """The stays of one person as rows of a timeline.

    Parameters
    ----------
    journey : pyarrow.Table
        Columns of `wholesystem.stays.STAYS_SCHEMA`, one person's, sound.
    labels : mapping of str to str, optional
        Services in words; the name itself, with spaces, where there is none.
    reasons : mapping of str to str, optional
        Reasons in words; the published codes A to O if None.

    Returns
    -------
    tuple of TimelineRow
        In order of stay.
    """
    lines = journey.sort_by("stay").to_pylist()
    named = labels or {}
    known = reason_codes() if reasons is None else reasons
    return tuple(
        _row(line, named, known, tuple(_remarks(line, lines[:at], named)))
        for at, line in enumerate(lines)
    )


def _row(
    line: dict[str, Any],
    labels: Mapping[str, str],
    reasons: Mapping[str, str],
    remarks: tuple[str, ...],
) -> TimelineRow:
    reason = line["reason"] or ""
    return TimelineRow(
        stay=line["stay"],
        service=_words(line["service"], labels),
        requested_at=line["requested_at"],
        started_at=line["started_at"],
        ready_at=line["ready_at"],
        ended_at=line["ended_at"],
        wait_days=_days(line["requested_at"], line["started_at"]),
        delay_days=_days(line["ready_at"], line["ended_at"]),
        reason=reasons.get(reason, reason),
        next_service=_words(line["next_service"] or "", labels),
        remarks=remarks,
    )


def _words(service: str, labels: Mapping[str, str]) -> str:
    return labels.get(service) or service.replace("_", " ")


def _days(start: datetime | None, end: datetime | None) -> float | None:
    if start is None or end is None:
        return None
    return (end - start).total_seconds() / _DAY_SECONDS


def _remarks(
    line: dict[str, Any], before: list[dict[str, Any]], labels: Mapping[str, str]
) -> Iterator[str]:
    for other in before:
        if other["ended_at"] is None or other["ended_at"] > line["started_at"]:
            service = _words(other["service"], labels)
            yield f"Runs beside stay {other['stay']} ({service})."
    left = [one["ended_at"] for one in before if one["service"] == line["service"]]
    last = max((end for end in left if end is not None), default=None)
    if last is not None and last < line["started_at"] and last.date() == line["started_at"].date():
        yield "Back in the same service on the day of leaving it."
