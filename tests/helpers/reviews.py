"""Reviews for tests: rows with good defaults, cases written as text tables, and any small review.

A case is a text file: a title, comments (``#``), and sections. ``[review]``, ``[questions]``,
``[sources]``, ``[evidence]``, ``[findings]``, ``[links]``, ``[improvements]``, ``[due]`` and
``[live]`` say what the review holds; every other section is what is expected of it. Cells are
parted by spaces; ``-`` is blank; several names in a cell are parted by semicolons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.helpers.stays_tables import Row, Section, read_sections
from wholesystem.reviews import Framework, Review, Rules, packaged_rules, records
from wholesystem.reviews import framework as frameworks
from wholesystem.reviews.figures import LiveFigure
from wholesystem.reviews.words import SOURCE_KINDS

AT = datetime(2017, 11, 20, 9, 30)
BY: dict[str, Any] = {"recorded_by": "ada", "recorded_at": AT}
OPENED = date(2017, 11, 1)
TODAY = date(2017, 12, 1)

# --------------------------------------------------------------------------- rows


def make_question(kloe: str, **changes: Any) -> frameworks.Question:
    """A question of the area called `here`."""
    made = {
        "kloe": kloe, "area": "here", "question": kloe, "name": kloe, "asks": "Is it so?",
        "order": 1, "source": "made up",
    }  # fmt: skip
    return frameworks.Question(**made | changes)


def make_framework(questions: Iterable[frameworks.Question], prompts: Any = ()) -> Framework:
    """A framework of the areas that the questions name, in the order they are first named."""
    questions = tuple(questions)
    areas = tuple(dict.fromkeys(one.area for one in questions))
    return Framework(
        frameworks.FrameworkInfo(framework="made", name="Made", illustrative="yes", source="x"),
        tuple(
            frameworks.QuestionArea(area=area, name=area.title(), order=at, source="x")
            for at, area in enumerate(areas, start=1)
        ),
        questions,
        tuple(prompts),
    )


def make_source(source: str, **changes: Any) -> records.Source:
    """An interview with a date, which no rule warns of."""
    made = {"kind": "interview", "title": source, "date": date(2017, 11, 20), **BY}
    return records.Source(source=source, **made | changes)


def make_evidence(evidence: str, **changes: Any) -> records.Evidence:
    """A paraphrase of source S1 that shows a concern under the question q1."""
    made = {
        "source": "S1", "form": "paraphrase", "text": f"Text of {evidence}.", "shows": "concern",
        "kloe": ("q1",), **BY,
    }  # fmt: skip
    return records.Evidence(evidence=evidence, **made | changes)


def make_finding(finding: str, **changes: Any) -> records.Finding:
    """A candidate under the question q1; one that is confirmed names who did so."""
    made: dict[str, Any] = {"kloe": "q1", "statement": "It is so.", "status": "candidate", **BY}
    if changes.get("status") == "confirmed":
        made |= {"confirmed_by": "ada", "confirmed_at": AT}
    return records.Finding(finding=finding, **made | changes)


def make_link(finding: str, evidence: str, side: str = "for", note: str = "") -> Any:
    """Evidence for a finding."""
    return records.FindingEvidence(finding=finding, evidence=evidence, side=side, note=note)


def make_improvement(name: str, findings: tuple[str, ...] = (), order: int = 1) -> Any:
    """An area for improvement that follows from findings."""
    return records.AreaForImprovement(
        area_for_improvement=name, level="strategic", verb="must", text="Work together.",
        findings=findings, order=order, **BY,
    )  # fmt: skip


def make_review(**changes: Any) -> Review:
    """A review with one person, the questions q1 and q2, and the organisations A, B and C."""
    made: dict[str, Any] = {
        "info": records.ReviewInfo(
            review="made", title="Made", area_code="E10000025", area="Oxfordshire",
            framework="made", stage="fieldwork", opened_on=OPENED,
        ),
        "framework": make_framework((make_question("q1"), make_question("q2", order=2))),
        "people": (records.Person(person="ada", name="Ada", role="lead"),),
        "organisations": tuple(
            records.Organisation(organisation=name, name=f"Organisation {name}") for name in "ABC"
        ),
    }  # fmt: skip
    return Review(**made | changes)


def make_rules(thresholds: Mapping[str, float] | None = None, off: Iterable[str] = ()) -> Rules:
    """The packaged rules with other thresholds, and some turned off."""
    told, silent = dict(thresholds or {}), set(off)
    assert {*told, *silent} <= set(packaged_rules().by_id)
    return Rules(
        tuple(
            one.model_copy(
                update={
                    "threshold": told.get(one.rule, one.threshold),
                    "on": "no" if one.rule in silent else one.on,
                }
            )
            for one in packaged_rules().rows
        )
    )


def live_figure(evidence: str, status: Any) -> LiveFigure:
    """What a figure that evidence cites as 10% is now: 12% where it changed."""
    cited = records.Figure(
        evidence=evidence, kind="measure", name="share", measures="year", column="share",
        value=10, unit="%",
    )  # fmt: skip
    value = {"same": 10.0, "changed": 12.0}.get(status)
    return LiveFigure(cited, status, value=value, unit="%", why="No such row")


# --------------------------------------------------------------------------- cases


@dataclass
class Case:
    """A review as text tables, and what is expected of it."""

    name: str
    review: Review
    live: dict[str, LiveFigure]
    expected: list[Section] = field(default_factory=list)


GIVEN = (
    *("review", "questions", "sources", "evidence", "findings", "links", "improvements", "due"),
    "live",
)


def read_case(path: Path) -> Case:
    """The case in a file."""
    sections = read_sections(path.read_text(encoding="utf-8"))
    given = {one.name: one for one in sections if one.name in GIVEN}
    rows = {name: [told(row) for row in one.rows] for name, one in given.items()}
    review = _case_review(rows, given["review"].arguments if "review" in given else {})
    live = {row["evidence"]: live_figure(**row) for row in rows.get("live", [])}
    return Case(path.stem, review, live, [one for one in sections if one.name not in GIVEN])


def names(cell: str | None) -> tuple[str, ...]:
    """Names of a cell, in order."""
    return tuple(cell.split(";")) if cell else ()


def told(row: Row) -> dict[str, Any]:
    """Cells of a row that are not blank; names and dates as such."""
    found: dict[str, Any] = {name: cell for name, cell in row.items() if cell is not None}
    for column in ("kloe", "organisations", "findings"):
        if column in found and "source" in found:
            found[column] = names(found[column])
    return found


def _case_review(rows: Mapping[str, list[dict[str, Any]]], about: Mapping[str, Any]) -> Review:
    changes: dict[str, Any] = {}
    if "questions" in rows:
        made = [make_question(**row) for row in rows["questions"]]
        changes["framework"] = make_framework(made)
    base = make_review(**changes)
    organisations = about.get("organisations", ["A", "B", "C"])
    opened = date.fromisoformat(about.get("opened_on", OPENED.isoformat()))
    return make_review(
        **changes,
        info=base.info.model_copy(update={"opened_on": opened}),
        organisations=tuple(one for one in base.organisations if one.organisation in organisations),
        sources=_sources(rows.get("sources", [])),
        evidence=tuple(_evidence(row) for row in rows.get("evidence", [])),
        findings=tuple(make_finding(**_considered(row)) for row in rows.get("findings", [])),
        finding_evidence=tuple(make_link(**row) for row in rows.get("links", [])),
        areas_for_improvement=tuple(
            make_improvement(row["improvement"], names(row.get("findings")))
            for row in rows.get("improvements", [])
        ),
        due_dates=tuple(records.DueDate(**row) for row in rows.get("due", [])),
    )


def _sources(rows: list[dict[str, Any]]) -> tuple[records.Source, ...]:
    # A blank date is none; a column that is not there leaves the date that no rule warns of.
    dated = any("date" in row for row in rows)
    return tuple(make_source(**({"date": None} if dated else {}) | row) for row in rows)


def _evidence(row: dict[str, Any]) -> records.Evidence:
    return make_evidence(**{"kloe": (), **row})


def _considered(row: dict[str, Any]) -> dict[str, Any]:
    weighed = row.pop("considered", "no")
    return row | {"contrary_considered": "Weighed." if weighed == "yes" else ""}


# --------------------------------------------------------------------------- any small review


@st.composite
def framework_of_parts(draw: st.DrawFn) -> Framework:
    """Up to four questions in two areas, some of which are parts of earlier ones."""
    made: list[frameworks.Question] = []
    for at in range(draw(st.integers(1, 4))):
        parent = draw(st.sampled_from(["", *(one.kloe for one in made)]))
        area = draw(st.sampled_from(["here", "there"]))
        made.append(
            make_question(f"q{at}", parent=parent, area=area, order=draw(st.integers(1, 9)))
        )
    return make_framework(made)


def _some(names: Iterable[str]) -> st.SearchStrategy[tuple[str, ...]]:
    known = sorted(names)
    if not known:
        return st.just(())
    return st.lists(st.sampled_from(known), unique=True, max_size=2).map(tuple)


_DAYS = st.none() | st.dates(date(2015, 1, 1), date(2018, 1, 1))
_WITHDRAWN = st.sampled_from(["", "", "", "A mistake."])


@st.composite
def _review_sources(draw: st.DrawFn) -> tuple[records.Source, ...]:
    return tuple(
        make_source(
            f"S{at}",
            kind=draw(st.sampled_from(SOURCE_KINDS[:3])),
            date=draw(_DAYS),
            withdrawn=draw(_WITHDRAWN),
            organisations=draw(_some("AB")),
        )
        for at in range(draw(st.integers(1, 4)))
    )


@st.composite
def _review_evidence(
    draw: st.DrawFn, sources: tuple[records.Source, ...], kloes: list[str], organisations: str
) -> tuple[records.Evidence, ...]:
    return tuple(
        make_evidence(
            f"E{at}",
            source=draw(st.sampled_from(sources)).source,
            shows=draw(st.sampled_from(["strength", "concern", "neither"])),
            kloe=draw(_some(kloes)),
            organisations=draw(_some(organisations)),
            date=draw(_DAYS),
            withdrawn=draw(_WITHDRAWN),
        )
        for at in range(draw(st.integers(0, 8)))
    )


@st.composite
def _review_findings(draw: st.DrawFn, kloes: list[str]) -> tuple[records.Finding, ...]:
    return tuple(
        make_finding(
            f"F{at}",
            kloe=draw(st.sampled_from(kloes)),
            status=draw(st.sampled_from(["candidate", "confirmed", "withdrawn"])),
            contrary_considered=draw(st.sampled_from(["", "Weighed."])),
        )
        for at in range(draw(st.integers(0, 3)))
    )


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    """A sound review of a few rows of every kind that triangulation and the rules look at."""
    framework = draw(framework_of_parts())
    kloes = [one.kloe for one in framework.questions]
    organisations = draw(st.sampled_from(["", "A", "AB"]))
    sources = draw(_review_sources())
    if not organisations:
        sources = tuple(one.model_copy(update={"organisations": ()}) for one in sources)
    elif organisations == "A":
        sources = tuple(one.model_copy(update={"organisations": ("A",)}) for one in sources)
    evidence = draw(_review_evidence(sources, kloes, organisations))
    findings = draw(_review_findings(kloes))
    pairs = [(one.finding, other.evidence) for one in findings for other in evidence]
    linked = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8)) if pairs else []
    review = make_review(
        framework=framework,
        organisations=tuple(
            records.Organisation(organisation=name, name=name) for name in organisations
        ),
        sources=sources,
        evidence=evidence,
        findings=findings,
        finding_evidence=tuple(
            make_link(one, other, draw(st.sampled_from(["for", "for", "against"])))
            for one, other in linked
        ),
        areas_for_improvement=tuple(
            make_improvement(f"A{at}", draw(_some(one.finding for one in findings)))
            for at in range(draw(st.integers(0, 2)))
        ),
        due_dates=tuple(
            records.DueDate(
                due_date=f"D{at}",
                title="Report",
                on=draw(st.dates(date(2017, 11, 25), date(2017, 12, 5))),
                done_on=draw(st.sampled_from([None, OPENED])),
            )
            for at in range(draw(st.integers(0, 2)))
        ),
    )
    opened = draw(st.dates(date(2016, 1, 1), date(2018, 6, 1)))
    return replace(review, info=review.info.model_copy(update={"opened_on": opened}))
