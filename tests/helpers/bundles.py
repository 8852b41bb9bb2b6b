"""A small review with every kind of row, and its attached files; a zip made by hand."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from wholesystem.errors import TableError
from wholesystem.reviews import BundleFiles, Framework, Review, make_event, records, write_bundle
from wholesystem.reviews import framework as frameworks

AT = datetime(2017, 11, 20, 9, 30)
DOCUMENT = b"%PDF-1.4\nDelayed at home.\nstartxref\n0\n%%EOF\n"
TEXT = "Page 1\n\nPeople were delayed at home.\n"
DIGEST = hashlib.sha256(DOCUMENT).hexdigest()
DOCUMENT_PATH = f"documents/{DIGEST}.pdf"
TEXT_PATH = f"texts/{DIGEST}.txt"
BY: dict[str, Any] = {"recorded_by": "ada", "recorded_at": AT}


def framework() -> Framework:
    """Two questions of one area; the second is a part of the first."""
    question = {"area": "crisis", "asks": "Are people safe?", "source": "made up"}
    return Framework(
        frameworks.FrameworkInfo(
            framework="small", name="Small", illustrative="yes", source="made up"
        ),
        (frameworks.QuestionArea(area="crisis", name="Crisis", order=1, source="made up"),),
        (
            frameworks.Question(
                kloe="crisis_safe", question="safe", name="Safe", order=1, **question
            ),
            frameworks.Question(
                kloe="crisis_home", parent="crisis_safe", question="safe", name="At home",
                order=2, **question
            ),
        ),
        (
            frameworks.Prompt(prompt="p1", kloe="crisis_safe", text="Look.", source="made up"),
        ),
    )  # fmt: skip


def events(count: int) -> tuple[Any, ...]:
    """A chain of events."""
    made: list[Any] = []
    for number in range(count):
        made.append(
            make_event(
                made[-1] if made else None,
                at=AT, by="ada", action="changed", table="findings", record="F1",
                changes={"statement": [None, f"Draft {number} 🏥"]}, why="=why",
            )
        )  # fmt: skip
    return tuple(made)


def review(**changes: Any) -> Review:
    """A review with a row in every table."""
    made: dict[str, Any] = {
        "info": records.ReviewInfo(
            review="oxfordshire", title="Oxfordshire, 2017", area_code="E10000025",
            area="Oxfordshire", framework="small", stage="fieldwork", opened_on=date(2017, 11, 1),
        ),
        "framework": framework(),
        "organisations": (records.Organisation(organisation="county", name="The county"),),
        "people": (records.Person(person="ada", name="Ada", role="lead", organisation="county"),),
        "documents": (
            records.Document(
                document=DIGEST, name="minutes.pdf", media_type="application/pdf",
                size_bytes=len(DOCUMENT), **BY,
            ),
        ),
        "sources": (
            records.Source(
                source="S1", kind="document", title="Minutes", document=DIGEST,
                organisations=("county",), **BY,
            ),
            records.Source(source="S2", kind="data", title="Published figures", **BY),
        ),
        "evidence": (
            records.Evidence(
                evidence="E1", source="S1", form="quote", text="People were delayed at home.",
                shows="concern", kloe=("crisis_safe", "crisis_home"), **BY,
            ),
            records.Evidence(
                evidence="E2", source="S2", form="figure", text="-5.5 days", shows="strength",
                kloe=("crisis_safe",), **BY,
            ),
        ),
        "figures": (
            records.Figure(
                evidence="E2", kind="measure", name="mean_wait", measures="year",
                key="service=acute", column="days", value=-5.5, unit="days",
            ),
        ),
        "anchors": (
            records.Anchor(
                evidence="E1", document=DIGEST, start=8, end=36,
                quoted="People were delayed at home.",
            ),
        ),
        "findings": (
            records.Finding(
                finding="F1", kloe="crisis_safe", statement="=Delays *grew*.", status="confirmed",
                confirmed_by="ada", confirmed_at=AT, contrary_considered="Weighed.", **BY,
            ),
        ),
        "finding_evidence": (
            records.FindingEvidence(finding="F1", evidence="E1", side="for"),
            records.FindingEvidence(finding="F1", evidence="E2", side="against"),
        ),
        "areas_for_improvement": (
            records.AreaForImprovement(
                area_for_improvement="A1", level="strategic", verb="must", text="Work together.",
                findings=("F1",), order=1, **BY,
            ),
        ),
        "due_dates": (
            records.DueDate(due_date="D1", title="Report", on=date(2018, 1, 31), person="ada"),
        ),
        "history": events(3),
    }  # fmt: skip
    return Review(**made | changes)


def attached(**changes: Any) -> BundleFiles:
    """What the review has beside its tables."""
    made: dict[str, Any] = {
        "documents": {DIGEST: DOCUMENT},
        "texts": {DIGEST: TEXT},
        "measures": {"year": {"mean_wait.csv": b"service,days\nacute,-5.5\n"}},
    }
    return BundleFiles(**made | changes)


def written(place: Path, **changes: Any) -> Path:
    """The review as a bundle's folder."""
    folder = place / "bundle"
    write_bundle(review(**changes), attached(), folder)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Bytes of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def zipped(
    files: Mapping[str, bytes], path: Path, change: Callable[[Any], None] | None = None
) -> Path:
    """A zip of files, each entry changed on its way."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            entry.external_attr = 0o100644 << 16
            if change:
                change(entry)
            archive.writestr(entry, data)
    return path


def change_cell(path: Path, row: int, column: str, value: str) -> None:
    """Write another value into a cell; the row as a spreadsheet numbers it."""
    lines = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    lines[row - 1][lines[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


def faults_of(read: Callable[[], object]) -> list[str]:
    """Every fault that reading tells; none if it raises none."""
    try:
        read()
    except TableError as error:
        return [str(fault) for fault in error.faults]
    return []
