"""A strategy of the cases of a review: any that the checks let through, every table filled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from wholesystem.reviews.cases.records import (
    CaseAnswer,
    CaseDelay,
    CaseStay,
    ChecklistItem,
    TrackedCase,
)

TEXTS = st.text("ab é🏥", min_size=1, max_size=8).map(str.strip).filter(bool)
SERVICES = ("home", "acute", "care home", "réablement")
CHECKLIST = (
    ChecklistItem(
        item="began", order=1, question="When did it begin?", kind="date", illustrative="yes"
    ),
    ChecklistItem(
        item="told", order=2, question="Told?", kind="choice", choices="yes; no", illustrative="no"
    ),
    ChecklistItem(item="times", order=3, question="How often?", kind="number", illustrative="no"),
    ChecklistItem(item="who", order=4, question="Who?", kind="text", illustrative="no"),
)
ANSWERS: dict[str, Any] = {
    "began": st.dates(datetime(1990, 1, 1).date(), datetime(2090, 1, 1).date()).map(str),
    "told": st.sampled_from(["yes", "no"]),
    "times": st.integers(0, 1000).map(str),
    "who": TEXTS,
}
# To the minute, to the second, and to the microsecond: all are kept.
STEPS = st.integers(0, 10**7).map(lambda n: timedelta(seconds=n)) | st.integers(0, 10**12).map(
    lambda n: timedelta(microseconds=n)
)


def _text(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()


def _seldom(values: Any) -> Any:
    return st.just("") | st.just("") | values


@st.composite
def _stays(draw: st.DrawFn, case: str) -> tuple[list[CaseStay], list[CaseDelay]]:
    """Stays one after the other; those from one point on may have no end and run together."""
    at = draw(st.datetimes(datetime(1995, 1, 1), datetime(2080, 1, 1)))
    stays: list[CaseStay] = []
    delays: list[CaseDelay] = []
    count = draw(st.integers(1, 4))
    for number in range(1, count + 1):
        requested = at - draw(STEPS) if draw(st.booleans()) else None
        ready = at + draw(STEPS) if draw(st.booleans()) else None
        ended: datetime | None = (ready or at) + draw(STEPS)
        if number == count and draw(st.booleans()):
            ended = None
        if ready is not None and draw(st.booleans()):
            delays.append(
                CaseDelay(
                    case=case,
                    stay=number,
                    began_at=_text(ready),
                    ceased_at=_text(ended),
                    reason=draw(_seldom(TEXTS)),
                    responsible=draw(st.sampled_from(["", "nhs", "both"])),
                )
            )
        stays.append(
            CaseStay(
                case=case,
                stay=number,
                service=draw(st.sampled_from(SERVICES)),
                organisation=draw(_seldom(TEXTS)),
                cohort=draw(_seldom(TEXTS)),
                requested_at=_text(requested),
                started_at=_text(at),
                ready_at=_text(ready),
                ended_at=_text(ended),
                next_service=draw(st.sampled_from(["", *SERVICES])),
                reason=draw(_seldom(TEXTS)),
                responsible=draw(st.sampled_from(["", "social_care"])),
            )
        )
        at = (ended or at) + draw(STEPS)
    return stays, delays


@st.composite
def case_tables(
    draw: st.DrawFn, sources: Sequence[str], people: Sequence[str], at: datetime
) -> dict[str, tuple[Any, ...]]:
    """The five tables of case tracking of a review with these sources and people."""
    tables: dict[str, list[Any]] = {name: [] for name in ("cases", "case_stays", "case_delays")}
    answers: list[CaseAnswer] = []
    for number in range(draw(st.integers(0, 3))):
        case = f"C{number}"
        stays, delays = draw(_stays(case))
        tables["case_stays"] += stays
        tables["case_delays"] += delays
        tables["cases"].append(
            TrackedCase(
                case=case,
                title=draw(_seldom(TEXTS)),
                pseudonym=draw(TEXTS),
                stratum=draw(st.sampled_from(["", "long_delay"])),
                why=draw(_seldom(TEXTS)),
                seed=draw(st.none() | st.integers(0, 10**15 - 1)),
                drawn_as=draw(st.sampled_from(["", "long_delay-1"])),
                concurrent=draw(st.sampled_from(["", "home; care_at_home"])),
                origin=draw(_seldom(TEXTS)),
                synthetic=draw(st.sampled_from(["yes", "no"])),
                source=draw(st.sampled_from(["", *sources])),
                notes=draw(_seldom(TEXTS)),
                recorded_by=draw(st.sampled_from(people)),
                recorded_at=at,
                withdrawn=draw(_seldom(TEXTS)),
            )
        )
        for item in draw(st.lists(st.sampled_from(sorted(ANSWERS)), unique=True, max_size=4)):
            answers.append(
                CaseAnswer(
                    case=case,
                    item=item,
                    answer=draw(ANSWERS[item]),
                    recorded_by=draw(st.sampled_from(people)),
                    recorded_at=at,
                )
            )
    checklist = CHECKLIST if tables["cases"] else ()
    rows = {name: tuple(ones) for name, ones in tables.items()}
    return {**rows, "case_checklist": checklist, "case_answers": tuple(answers)}
