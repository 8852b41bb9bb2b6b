"""Reviews for tests: rows with good defaults, and cases written as text tables.

A case is a text file: a title, comments (``#``), and sections. ``[review]``, ``[questions]``,
``[sources]``, ``[evidence]``, ``[findings]``, ``[links]``, ``[improvements]``, ``[due]`` and
``[live]`` say what the review holds; every other section is what is expected of it. Cells are
parted by spaces; ``-`` is blank; several names in a cell are parted by semicolons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.helpers.stays_tables import Row, Section, read_sections
from wholesystem.reviews import Framework, Review, Rules, packaged_rules, records
from wholesystem.reviews import framework as frameworks
from wholesystem.reviews.figures import LiveFigure

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
