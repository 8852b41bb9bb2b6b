"""A strategy of a review's report and its rounds of accuracy: any that the checks let through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from wholesystem.reviews.accuracy.records import DECISIONS, AccuracyComment, AccuracyRound
from wholesystem.reviews.report.records import (
    PARAGRAPH_STYLES,
    VERSION_STATES,
    ReportParagraph,
    ReportVersion,
)
from wholesystem.reviews.working_days import add_working_days

TEXTS = st.text("ab é🏥[F1]\n", min_size=1, max_size=12).map(str.strip).filter(bool)
LINES = st.text("ab é🏥", min_size=1, max_size=8).map(str.strip).filter(bool)
DAYS = st.dates(datetime(2017, 1, 1).date(), datetime(2018, 12, 31).date())


def _seldom(values: Any = TEXTS) -> Any:
    return st.just("") | st.just("") | values


@st.composite
def _round(
    draw: st.DrawFn, number: int, version: str, organisations: Sequence[str], by: dict[str, Any]
) -> AccuracyRound:
    sent, days = draw(DAYS), draw(st.integers(1, 20))
    return AccuracyRound(
        accuracy_round=f"AR{number}",
        report_version=version,
        organisations=tuple(organisations[: draw(st.integers(1, len(organisations)))]),
        sent_on=sent,
        working_days=days,
        due_on=add_working_days(sent, days),
        closed_on=draw(st.none() | DAYS),
        note=draw(_seldom()),
        **by,
    )


@st.composite
def _comment(
    draw: st.DrawFn,
    number: int,
    asked: AccuracyRound,
    paragraphs: Sequence[str],
    documents: Sequence[str],
    by: dict[str, Any],
) -> AccuracyComment:
    decision = draw(st.sampled_from(["", *DECISIONS]))
    decided = {
        "reason": draw(TEXTS), "decided_by": by["recorded_by"], "decided_at": by["recorded_at"],
        "change": draw(_seldom()) if decision != "not_accepted" else "",
    } if decision else {}  # fmt: skip
    return AccuracyComment(
        accuracy_comment=f"AC{number}",
        accuracy_round=asked.accuracy_round,
        organisation=draw(st.sampled_from(asked.organisations)),
        section_kind=draw(st.sampled_from(["part", "question"])),
        section="background",
        paragraph=draw(st.sampled_from(["", *paragraphs])),
        quoted=draw(_seldom()),
        text=draw(TEXTS),
        shown_by=draw(_seldom()),
        documents=tuple(documents[: draw(st.integers(0, 2))]),
        decision=decision,
        withdrawn=draw(_seldom(LINES)),
        **decided,
        **by,
    )


@st.composite
def report_tables(
    draw: st.DrawFn,
    *,
    organisations: Sequence[str],
    people: Sequence[str],
    documents: Sequence[str],
    at: datetime,
) -> dict[str, tuple[Any, ...]]:
    """The four tables, or none of them."""
    if not people or draw(st.booleans()):
        return {}
    by = {"recorded_by": draw(st.sampled_from(people)), "recorded_at": at}
    paragraphs = [
        ReportParagraph(
            paragraph=f"RP{number}",
            section_kind=draw(st.sampled_from(["part", "area", "question"])),
            section="background",
            order=number,
            style=draw(st.sampled_from(PARAGRAPH_STYLES)),
            text=draw(TEXTS),
            withdrawn=draw(_seldom(LINES)),
            **by,
        )
        for number in range(1, draw(st.integers(0, 3)) + 1)
    ]
    if not documents or not organisations:
        return {"report_paragraphs": tuple(paragraphs)}
    version = ReportVersion(
        version="V1",
        state=draw(st.sampled_from(VERSION_STATES)),
        document=documents[0],
        fingerprint="0" * 64,
        note=draw(_seldom()),
        **by,
    )
    rounds = [
        draw(_round(number, "V1", organisations, by)) for number in range(draw(st.integers(0, 2)))
    ]
    names = [one.paragraph for one in paragraphs]
    comments = [
        draw(_comment(number, draw(st.sampled_from(rounds)), names, documents, by))
        for number in range(draw(st.integers(0, 3)) if rounds else 0)
    ]
    return {
        "report_paragraphs": tuple(paragraphs),
        "report_versions": (version,),
        "accuracy_rounds": tuple(rounds),
        "accuracy_comments": tuple(comments),
    }
