"""A strategy of whole reviews: any valid review of a small framework, every table filled.

`reviews` draws rows that fit each other: current and withdrawn, coded and not, figures, anchors,
documents, confirmed findings with and without evidence. Texts are short; whoever tests texts brings
a strategy of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from tests.helpers.any_cases import case_tables
from tests.helpers.any_feedback import merger_tables
from tests.helpers.any_report import report_tables
from tests.helpers.any_requests import request_tables
from wholesystem.reviews import Framework, Review, make_event, records
from wholesystem.reviews import framework as frameworks
from wholesystem.reviews.words import SOURCE_KINDS, STAGES

AT = datetime(2017, 11, 20, 9, 30)
OPENED = date(2017, 11, 1)
BY: dict[str, Any] = {"recorded_by": "ada", "recorded_at": AT}
KLOES = ("crisis_safe", "crisis_home", "crisis_ward", "well_led", "context")
ORGANISATIONS = ("council", "trust", "ccg")
PEOPLE = ("ada", "ben")

TEXTS = st.text("ab é🏥", min_size=1, max_size=8).map(str.strip).filter(bool)
DAYS = st.dates(date(2015, 1, 1), date(2018, 12, 31))
TIMES = st.datetimes(datetime(2017, 1, 1), datetime(2018, 12, 31)).map(
    lambda at: at.replace(microsecond=0)
)


def framework() -> Framework:
    """Five questions of two areas, written out of order; two are parts of one."""
    rows = (
        ("context", "system", "", 2),
        ("crisis_home", "crisis", "crisis_safe", 2),
        ("crisis_ward", "crisis", "crisis_home", 3),
        ("crisis_safe", "crisis", "", 1),
        ("well_led", "system", "", 1),
    )
    return Framework(
        frameworks.FrameworkInfo(
            framework="small", name="Small", illustrative="yes", source="made up"
        ),
        (
            frameworks.QuestionArea(area="system", name="The system", order=2, source="made up"),
            frameworks.QuestionArea(area="crisis", name="Crisis", order=1, source="made up"),
        ),
        tuple(
            frameworks.Question(
                kloe=kloe, area=area, parent=parent, question=kloe, order=order,
                name=kloe.replace("_", " ").capitalize(), asks=f"How is {kloe}?", source="made up",
            )
            for kloe, area, parent, order in rows
        ),
        (frameworks.Prompt(prompt="p1", kloe="well_led", text="Minutes of boards", source="us"),),
    )  # fmt: skip


def info(**changes: Any) -> records.ReviewInfo:
    """What is reviewed."""
    made: dict[str, Any] = {
        "review": "made_up", "title": "Made up", "area_code": "E10000025", "area": "Oxfordshire",
        "framework": "small", "stage": "fieldwork", "opened_on": OPENED,
    }  # fmt: skip
    return records.ReviewInfo(**made | changes)


def source(name: str, kind: str = "interview", **changes: Any) -> records.Source:
    """A source."""
    return records.Source(source=name, kind=kind, title=f"Source {name}", **BY, **changes)


def evidence(
    name: str, of: str, shows: str = "neither", kloe: Sequence[str] = (), **changes: Any
) -> records.Evidence:
    """A piece of evidence."""
    made: dict[str, Any] = {"form": "paraphrase", "text": f"Text of {name}", **BY}
    return records.Evidence(
        evidence=name, source=of, shows=shows, kloe=tuple(kloe), **made | changes
    )


def finding(
    name: str, kloe: str = "crisis_safe", status: str = "candidate", **changes: Any
) -> records.Finding:
    """A finding; a confirmed one says by whom."""
    signed: dict[str, Any] = (
        {"confirmed_by": "ada", "confirmed_at": AT} if status == "confirmed" else {}
    )
    return records.Finding(
        finding=name, kloe=kloe, statement=f"Statement {name}", status=status, **signed, **BY,
        **changes,
    )  # fmt: skip


def links(name: str, side: str, *evidence: str) -> tuple[records.FindingEvidence, ...]:
    """Evidence of a finding."""
    return tuple(records.FindingEvidence(finding=name, evidence=one, side=side) for one in evidence)


def review(**tables: Any) -> Review:
    """A review with the tables given; organisations and people are there."""
    made: dict[str, Any] = {
        "info": info(),
        "framework": framework(),
        "organisations": tuple(
            records.Organisation(organisation=one, name=f"The {one}") for one in ORGANISATIONS
        ),
        "people": tuple(
            records.Person(person=one, name=one.capitalize(), role="lead") for one in PEOPLE
        ),
    }
    return Review(**made | tables)


# ----------------------------------------------------------------------------- any review


def _some(choices: Sequence[str], most: int = 3) -> Any:
    """Some of several, each once."""
    return st.lists(st.sampled_from(choices), unique=True, max_size=most).map(tuple)


def _seldom(texts: Any = TEXTS) -> Any:
    return st.one_of(st.just(""), st.just(""), texts)


@st.composite
def _documents(draw: st.DrawFn) -> tuple[records.Document, ...]:
    return tuple(
        records.Document(
            document=hashlib.sha256(str(number).encode()).hexdigest(), name=f"{number}.txt",
            media_type="text/plain", size_bytes=draw(st.integers(0, 1000)), **BY,
        )
        for number in range(draw(st.integers(0, 2)))
    )  # fmt: skip


@st.composite
def _sources(draw: st.DrawFn, documents: Sequence[str]) -> tuple[records.Source, ...]:
    return tuple(
        records.Source(
            source=f"S{number}",
            kind=draw(st.sampled_from(SOURCE_KINDS)),
            title=draw(TEXTS),
            who=draw(_seldom()),
            date=draw(st.none() | DAYS),
            organisations=draw(_some(ORGANISATIONS, 2)),
            document=draw(st.sampled_from(["", *documents])),
            recorded_by=draw(st.sampled_from(PEOPLE)),
            recorded_at=draw(TIMES),
            withdrawn=draw(_seldom()),
        )
        for number in range(draw(st.integers(1, 5)))
    )


@st.composite
def _evidence(draw: st.DrawFn, sources: Sequence[str]) -> tuple[records.Evidence, ...]:
    return tuple(
        records.Evidence(
            evidence=f"E{number}",
            source=draw(st.sampled_from(sources)),
            form=draw(st.sampled_from(["quote", "paraphrase", "figure"])),
            text=draw(TEXTS),
            place=draw(_seldom()),
            date=draw(st.none() | DAYS),
            shows=draw(st.sampled_from(["strength", "concern", "neither"])),
            kloe=draw(_some(KLOES)),
            organisations=draw(_some(ORGANISATIONS, 2)),
            recorded_by=draw(st.sampled_from(PEOPLE)),
            recorded_at=draw(TIMES),
            withdrawn=draw(_seldom()),
        )
        for number in range(draw(st.integers(0, 8)))
    )


@st.composite
def _figures(draw: st.DrawFn, rows: Sequence[records.Evidence]) -> tuple[records.Figure, ...]:
    made = []
    for one in rows:
        if one.form != "figure":
            continue
        value = draw(st.integers(-1000, 1000)) / 10
        if draw(st.booleans()):
            start = draw(DAYS)
            made.append(
                records.Figure(
                    evidence=one.evidence, kind="indicator", name="dtoc_rate",
                    area_code="E10000025", period_start=start, period_end=start,
                    value=value, unit="%", source_file=draw(_seldom()),
                )
            )  # fmt: skip
        else:
            made.append(
                records.Figure(
                    evidence=one.evidence, kind="measure", name="occupancy", measures="year",
                    key="service=acute", column="occupied", value=value, unit="people",
                )
            )  # fmt: skip
    return tuple(made)


@st.composite
def _anchors(
    draw: st.DrawFn, rows: Sequence[records.Evidence], documents: Sequence[str]
) -> tuple[records.Anchor, ...]:
    quotes = [one for one in rows if one.form == "quote"] if documents else []
    made = []
    for one in quotes:
        if draw(st.booleans()):
            start = draw(st.integers(0, 50))
            made.append(
                records.Anchor(
                    evidence=one.evidence, document=draw(st.sampled_from(documents)), start=start,
                    end=start + len(one.text), quoted=one.text,
                )
            )  # fmt: skip
    return tuple(made)


@st.composite
def _findings(draw: st.DrawFn) -> tuple[records.Finding, ...]:
    made = []
    for number in range(draw(st.integers(0, 4))):
        status = draw(st.sampled_from(["candidate", "confirmed", "withdrawn"]))
        signed: dict[str, Any] = {
            "confirmed_by": draw(st.sampled_from(PEOPLE)),
            "confirmed_at": draw(TIMES),
        }
        made.append(
            records.Finding(
                finding=f"F{number}",
                kloe=draw(st.sampled_from(KLOES)),
                statement=draw(TEXTS),
                status=status,
                contrary_considered=draw(_seldom()),
                note=draw(_seldom()),
                **(signed if status == "confirmed" else {}),
                **BY,
            )
        )
    return tuple(made)


@st.composite
def _links(
    draw: st.DrawFn, findings: Sequence[str], rows: Sequence[str]
) -> tuple[records.FindingEvidence, ...]:
    if not findings or not rows:
        return ()
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(findings), st.sampled_from(rows)), unique=True, max_size=12
        )
    )
    return tuple(
        records.FindingEvidence(
            finding=one, evidence=other, side=draw(st.sampled_from(["for", "for", "against"])),
            note=draw(_seldom()),
        )
        for one, other in pairs
    )  # fmt: skip


@st.composite
def _areas_for_improvement(
    draw: st.DrawFn, findings: Sequence[str]
) -> tuple[records.AreaForImprovement, ...]:
    return tuple(
        records.AreaForImprovement(
            area_for_improvement=f"A{number}",
            level=draw(st.sampled_from(["strategic", "operational", "engagement"])),
            verb=draw(st.sampled_from(["must", "should", "continue"])),
            text=draw(TEXTS),
            findings=draw(_some(findings, 2)) if findings else (),
            order=number + 1,
            **BY,
        )
        for number in range(draw(st.integers(0, 3)))
    )


@st.composite
def _due_dates(draw: st.DrawFn) -> tuple[records.DueDate, ...]:
    return tuple(
        records.DueDate(
            due_date=f"D{number}",
            title=draw(TEXTS),
            on=draw(DAYS),
            person=draw(st.sampled_from(["", *PEOPLE])),
            done_on=draw(st.none() | DAYS),
        )
        for number in range(draw(st.integers(0, 3)))
    )


@st.composite
def _history(draw: st.DrawFn) -> tuple[Any, ...]:
    made: list[Any] = []
    for why in draw(st.lists(_seldom(), max_size=3)):
        made.append(
            make_event(
                made[-1] if made else None, at=AT, by="ada", action="changed", table="evidence",
                record="E0", changes={"text": [None, why]}, why=why,
            )
        )  # fmt: skip
    return tuple(made)


@st.composite
def reviews(draw: st.DrawFn, histories: bool = True) -> Review:
    """Any valid review of the small framework: up to 8 pieces of evidence and 4 findings."""
    documents = draw(_documents())
    digests = [one.document for one in documents]
    sources = draw(_sources(digests))
    rows = draw(_evidence([one.source for one in sources]))
    findings = draw(_findings())
    names = [one.finding for one in findings]
    due_dates = draw(_due_dates())
    asked = request_tables(
        organisations=ORGANISATIONS,
        people=PEOPLE,
        kloes=KLOES,
        documents=digests,
        sources=[one.source for one in sources],
        due_dates=[one.due_date for one in due_dates],
        at=AT,
    )
    return review(
        info=info(stage=draw(st.sampled_from(STAGES)), opened_on=draw(DAYS), aim=draw(_seldom())),
        documents=documents,
        sources=sources,
        evidence=rows,
        figures=draw(_figures(rows)),
        anchors=draw(_anchors(rows, digests)),
        findings=findings,
        finding_evidence=draw(_links(names, [one.evidence for one in rows])),
        areas_for_improvement=draw(_areas_for_improvement(names)),
        due_dates=due_dates,
        **draw(case_tables([one.source for one in sources], PEOPLE, AT)),
        **draw(asked),
        **draw(merger_tables(organisations=ORGANISATIONS, people=PEOPLE, at=AT)),
        **draw(report_tables(organisations=ORGANISATIONS, people=PEOPLE, documents=digests, at=AT)),
        history=draw(_history()) if histories else (),
    )
