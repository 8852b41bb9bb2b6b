"""A review: its tables, checked together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from wholesystem.errors import Fault, TableError
from wholesystem.reviews import records
from wholesystem.tables.cells import closest
from wholesystem.tables.rows import Row

if TYPE_CHECKING:
    from wholesystem.reviews.framework import Framework
    from wholesystem.reviews.history import Event

__all__ = ["TABLES", "Review"]

#: Class of the rows of each table, in the order of writing; the first column is the key, but for
#: evidence of findings, where the first two are.
TABLES: Mapping[str, type[Row]] = {
    "organisations": records.Organisation,
    "people": records.Person,
    "documents": records.Document,
    "sources": records.Source,
    "evidence": records.Evidence,
    "figures": records.Figure,
    "anchors": records.Anchor,
    "findings": records.Finding,
    "finding_evidence": records.FindingEvidence,
    "areas_for_improvement": records.AreaForImprovement,
    "due_dates": records.DueDate,
}

# Which column of which table names a row of which other; a blank names none.
_LINKS = (
    ("people", "organisation", "organisations"),
    ("documents", "recorded_by", "people"),
    ("sources", "organisations", "organisations"),
    ("sources", "document", "documents"),
    ("sources", "recorded_by", "people"),
    ("evidence", "source", "sources"),
    ("evidence", "kloe", "questions"),
    ("evidence", "organisations", "organisations"),
    ("evidence", "recorded_by", "people"),
    ("figures", "evidence", "evidence"),
    ("anchors", "evidence", "evidence"),
    ("anchors", "document", "documents"),
    ("findings", "kloe", "questions"),
    ("findings", "confirmed_by", "people"),
    ("findings", "recorded_by", "people"),
    ("finding_evidence", "finding", "findings"),
    ("finding_evidence", "evidence", "evidence"),
    ("areas_for_improvement", "findings", "findings"),
    ("areas_for_improvement", "recorded_by", "people"),
    ("due_dates", "person", "people"),
)


@dataclass(frozen=True)
class Review:
    """Everything of one review.

    Parameters
    ----------
    info : ReviewInfo
        What is reviewed and how far it has come.
    framework : Framework
        The questions.
    organisations, people, documents, sources, evidence, figures, anchors, findings, \
    finding_evidence, areas_for_improvement, due_dates : tuple of Row
        The tables, in order of entry.
    history : tuple of Event
        Every change of a judgement, the oldest first.

    Raises
    ------
    TableError
        If a row names another that is not there, a key stands twice, or rows contradict each
        other; all such faults together.
    """

    info: records.ReviewInfo
    framework: Framework
    organisations: tuple[records.Organisation, ...] = ()
    people: tuple[records.Person, ...] = ()
    documents: tuple[records.Document, ...] = ()
    sources: tuple[records.Source, ...] = ()
    evidence: tuple[records.Evidence, ...] = ()
    figures: tuple[records.Figure, ...] = ()
    anchors: tuple[records.Anchor, ...] = ()
    findings: tuple[records.Finding, ...] = ()
    finding_evidence: tuple[records.FindingEvidence, ...] = ()
    areas_for_improvement: tuple[records.AreaForImprovement, ...] = ()
    due_dates: tuple[records.DueDate, ...] = ()
    history: tuple[Event, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        faults = self.faults()
        if faults:
            raise TableError(faults)

    def tables(self) -> dict[str, tuple[Row, ...]]:
        """The tables by name.

        Returns
        -------
        dict of str to tuple of Row
            In the order of `TABLES`.
        """
        return {name: getattr(self, name) for name in TABLES}

    def faults(self, row_numbers: Mapping[str, tuple[int, ...]] | None = None) -> list[Fault]:
        """What is wrong between the rows.

        Parameters
        ----------
        row_numbers : mapping of str to tuple of int, optional
            Rows of each table as its file numbers them; counted from 2 if not given.

        Returns
        -------
        list of Fault
            In the order of tables and rows; empty if there is none.
        """
        where = _Places(row_numbers or {})
        return [
            *_repeated_keys(self.tables(), where),
            *_dead_links(self, where),
            *_contradictory_rows(self, where),
        ]

    @cached_property
    def source_by_id(self) -> dict[str, records.Source]:
        """Sources by their id."""
        return {one.source: one for one in self.sources}

    @cached_property
    def evidence_by_id(self) -> dict[str, records.Evidence]:
        """Evidence by its id."""
        return {one.evidence: one for one in self.evidence}

    @cached_property
    def finding_by_id(self) -> dict[str, records.Finding]:
        """Findings by their id."""
        return {one.finding: one for one in self.findings}

    def evidence_of(self, finding: str, side: str) -> tuple[records.Evidence, ...]:
        """Evidence for or against a finding.

        Parameters
        ----------
        finding : str
            Id.
        side : str
            ``for`` or ``against``.

        Returns
        -------
        tuple of Evidence
            In the order linked.
        """
        return tuple(
            self.evidence_by_id[one.evidence]
            for one in self.finding_evidence
            if one.finding == finding and one.side == side
        )

    def is_current(self, evidence: records.Evidence) -> bool:
        """Whether evidence may be rested on.

        Parameters
        ----------
        evidence : Evidence
            Of this review.

        Returns
        -------
        bool
            False where it, or the source that it came from, was withdrawn.
        """
        return not evidence.withdrawn and not self.source_by_id[evidence.source].withdrawn


@dataclass(frozen=True)
class _Places:
    row_numbers: Mapping[str, tuple[int, ...]]

    def __call__(self, table: str, at: int, column: str) -> str:
        numbers = self.row_numbers.get(table)
        row = numbers[at] if numbers else at + 2
        return f"{table}.csv row {row}, column {column}"


def _key_columns(table: str) -> tuple[str, ...]:
    return TABLES[table].columns()[: 2 if table == "finding_evidence" else 1]


def _repeated_keys(tables: Mapping[str, tuple[Row, ...]], where: _Places) -> Iterator[Fault]:
    for name, rows in tables.items():
        columns = _key_columns(name)
        seen = set()
        for at, row in enumerate(rows):
            key = tuple(getattr(row, column) for column in columns)
            if key in seen:
                yield Fault(
                    where(name, at, columns[-1]),
                    "; ".join(key),
                    "It stands in an earlier row too. Each must be there once.",
                    "Remove one of the rows, or give it another id.",
                )
            seen.add(key)


def _dead_links(review: Review, where: _Places) -> Iterator[Fault]:
    known: dict[str, set[str]] = {
        name: {getattr(row, _key_columns(name)[0]) for row in rows}
        for name, rows in review.tables().items()
    }
    known["questions"] = set(review.framework.question_by_id)
    for table, column, other in _LINKS:
        for at, row in enumerate(getattr(review, table)):
            value: Any = getattr(row, column)
            for name in (value,) if isinstance(value, str) else value:
                if name and name not in known[other]:
                    yield _dead_link(where(table, at, column), name, other, known[other])


def _dead_link(where: str, name: str, other: str, known: set[str]) -> Fault:
    near = closest(name, known)
    table = "questions.csv of the framework" if other == "questions" else f"{other}.csv"
    return Fault(
        where,
        name,
        f"There is no such row in {table}.",
        f"Did you mean {near}?" if near else "Add the row, or clear the cell.",
    )


def _contradictory_rows(review: Review, where: _Places) -> Iterator[Fault]:
    forms = {one.evidence: one.form for one in review.evidence}
    cited = {one.evidence for one in review.figures}
    for at, evidence in enumerate(review.evidence):
        if evidence.form == "figure" and evidence.evidence not in cited:
            yield Fault(
                where("evidence", at, "form"),
                evidence.form,
                "A figure needs its row in figures.csv.",
                "Add the row, or make it a paraphrase.",
            )
    for at, figure in enumerate(review.figures):
        yield from _figure_faults(figure, forms, partial(where, "figures", at))
    for at, anchor in enumerate(review.anchors):
        if anchor.end - anchor.start != len(anchor.quoted):
            yield Fault(
                where("anchors", at, "end"),
                str(anchor.end),
                f"From {anchor.start} to there are {anchor.end - anchor.start} characters and"
                f" the quoted text has {len(anchor.quoted)}.",
                "Mark the passage in the document again.",
            )
    for at, finding in enumerate(review.findings):
        confirmed = finding.status == "confirmed"
        if confirmed != bool(finding.confirmed_by) or confirmed != bool(finding.confirmed_at):
            yield Fault(
                where("findings", at, "confirmed_by"),
                finding.confirmed_by,
                "A confirmed finding names who confirmed it and when; no other does.",
                "Fill confirmed_by and confirmed_at, or clear both.",
            )


def _figure_faults(
    figure: records.Figure, forms: Mapping[str, str], where: Callable[[str], str]
) -> Iterator[Fault]:
    if forms.get(figure.evidence, "figure") != "figure":
        yield Fault(
            where("evidence"),
            figure.evidence,
            "Only evidence of the form figure cites a figure.",
            "Make the evidence a figure, or remove this row.",
        )
    needed = (
        ("area_code", "period_start", "period_end")
        if figure.kind == "indicator"
        else ("measures", "column")
    )
    for column in needed:
        if not getattr(figure, column):
            yield Fault(
                where(column),
                "",
                f"A figure of the kind {figure.kind} needs it.",
                "Fill the cell.",
            )
