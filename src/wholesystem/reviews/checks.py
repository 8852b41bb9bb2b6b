"""What may be wrong between the rows of a review: keys, links, and rows that contradict others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from wholesystem.errors import Fault
from wholesystem.reviews import records
from wholesystem.reviews.accuracy import records as accuracy_records
from wholesystem.reviews.accuracy.record_checks import accuracy_faults
from wholesystem.reviews.cases import records as case_records
from wholesystem.reviews.feedback import records as feedback_records
from wholesystem.reviews.feedback.record_checks import feedback_faults
from wholesystem.reviews.report import records as report_records
from wholesystem.reviews.requests import records as request_records
from wholesystem.reviews.requests.record_checks import request_faults
from wholesystem.tables.cells import closest
from wholesystem.tables.rows import Row

__all__ = ["HOMES", "OPTIONAL_TABLES", "TABLES", "Places", "faults_between", "key_columns"]

# Of one kind; a table of 200,000 rows may have a million, and nobody mends them one by one.
MOST_FAULTS = 1_000
MOST_NEAR = 100
MOST_KNOWN = 20_000

#: Class of the rows of each table, in the order of writing; the first column is the key, but for
#: those of `_KEYS`.
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
    "cases": case_records.TrackedCase,
    "case_stays": case_records.CaseStay,
    "case_delays": case_records.CaseDelay,
    "case_checklist": case_records.ChecklistItem,
    "case_answers": case_records.CaseAnswer,
    "feedback_tools": feedback_records.FeedbackTool,
    "feedback_invited": feedback_records.FeedbackInvited,
    "organisation_mergers": feedback_records.OrganisationMerger,
    "feedback_themes": feedback_records.FeedbackTheme,
    "feedback_codings": feedback_records.FeedbackCoding,
    "requests": request_records.InformationRequest,
    "request_questions": request_records.RequestQuestion,
    "request_answers": request_records.RequestAnswer,
    "request_returns": request_records.RequestReturn,
    "report_paragraphs": report_records.ReportParagraph,
    "report_versions": report_records.ReportVersion,
    "accuracy_rounds": accuracy_records.AccuracyRound,
    "accuracy_comments": accuracy_records.AccuracyComment,
}

# How many of the first columns are the key, where one is not enough.
_KEYS = {
    "finding_evidence": 2,
    "case_stays": 2,
    "case_delays": 3,
    "case_answers": 2,
    "feedback_codings": 3,
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
    ("cases", "source", "sources"),
    ("cases", "recorded_by", "people"),
    ("case_stays", "case", "cases"),
    ("case_delays", "case", "cases"),
    ("case_answers", "case", "cases"),
    ("case_answers", "recorded_by", "people"),
    ("feedback_tools", "source", "sources"),
    ("feedback_tools", "recorded_by", "people"),
    ("feedback_invited", "tool", "feedback_tools"),
    ("feedback_invited", "organisation", "organisations"),
    ("feedback_invited", "recorded_by", "people"),
    ("organisation_mergers", "organisation", "organisations"),
    ("organisation_mergers", "into", "organisations"),
    ("organisation_mergers", "recorded_by", "people"),
    ("feedback_themes", "tool", "feedback_tools"),
    ("feedback_themes", "kloe", "questions"),
    ("feedback_themes", "recorded_by", "people"),
    ("feedback_codings", "theme", "feedback_themes"),
    ("feedback_codings", "recorded_by", "people"),
    ("requests", "organisation", "organisations"),
    ("requests", "answered_by", "people"),
    ("requests", "due_dates", "due_dates"),
    ("requests", "recorded_by", "people"),
    ("request_questions", "request", "requests"),
    ("request_questions", "kloe", "questions"),
    ("request_questions", "recorded_by", "people"),
    ("request_answers", "request_question", "request_questions"),
    ("request_answers", "documents", "documents"),
    ("request_answers", "source", "sources"),
    ("request_answers", "recorded_by", "people"),
    ("request_returns", "request_question", "request_questions"),
    ("request_returns", "recorded_by", "people"),
    ("report_paragraphs", "recorded_by", "people"),
    ("report_versions", "document", "documents"),
    ("report_versions", "recorded_by", "people"),
    ("accuracy_rounds", "report_version", "report_versions"),
    ("accuracy_rounds", "organisations", "organisations"),
    ("accuracy_rounds", "signed_by", "people"),
    ("accuracy_rounds", "recorded_by", "people"),
    ("accuracy_comments", "accuracy_round", "accuracy_rounds"),
    ("accuracy_comments", "organisation", "organisations"),
    ("accuracy_comments", "paragraph", "report_paragraphs"),
    ("accuracy_comments", "documents", "documents"),
    ("accuracy_comments", "decided_by", "people"),
    ("accuracy_comments", "recorded_by", "people"),
)
#: Table in which the record that a column names is found: the same in every table.
HOMES: Mapping[str, str] = {column: other for _, column, other in _LINKS}
#: Tables that format 1 did not have at first. A bundle without one has no rows of it, and one
#: without rows is not written, so that an older bundle comes back as it was.
OPTIONAL_TABLES: frozenset[str] = frozenset(
    {
        "cases",
        "case_stays",
        "case_delays",
        "case_checklist",
        "case_answers",
        "feedback_tools",
        "feedback_invited",
        "organisation_mergers",
        "feedback_themes",
        "feedback_codings",
        "requests",
        "request_questions",
        "request_answers",
        "request_returns",
        "report_paragraphs",
        "report_versions",
        "accuracy_rounds",
        "accuracy_comments",
    }
)


@dataclass(frozen=True)
class Places:
    """Where rows stand, as messages call it.

    Parameters
    ----------
    row_numbers : mapping of str to tuple of int
        Rows of each table as its file numbers them; counted from 2 where a table is not given.
    """

    row_numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __call__(self, table: str, at: int, column: str) -> str:
        """A cell's place, such as ``evidence.csv row 3, column kloe``."""
        return f"{table}.csv row {self.number(table, at)}, column {column}"

    def number(self, table: str, at: int) -> int:
        """Number of a row, such as 3.

        Parameters
        ----------
        table : str
            Its table.
        at : int
            Its place, from 0.

        Returns
        -------
        int
            As its file has it.
        """
        numbers = self.row_numbers.get(table)
        return numbers[at] if numbers else at + 2


def key_columns(table: str) -> tuple[str, ...]:
    """Columns by which a row of a table is known.

    Parameters
    ----------
    table : str
        One of `TABLES`.

    Returns
    -------
    tuple of str
        The first, or as many of the first as it takes.
    """
    return TABLES[table].columns()[: _KEYS.get(table, 1)]


def faults_between(
    tables: Mapping[str, Sequence[Any]],
    questions: Collection[str] | None,
    where: Places,
    unread: Mapping[str, Collection[str] | None] | None = None,
) -> list[Fault]:
    """What is wrong between the rows of a review.

    Parameters
    ----------
    tables : mapping of str to sequence of Row
        All of `TABLES`.
    questions : collection of str or None
        Ids of the framework's questions; None where they could not be read.
    where : Places
        Where the rows stand.
    unread : mapping of str to collection of str or None, optional
        Ids of rows that are there and have faults of their own, so that nobody is told that they
        are missing; None for a table of which rows could not be read at all.

    Returns
    -------
    list of Fault
        In the order of tables and rows, at most 1,000 of a kind; empty if there is none.
    """
    known: dict[str, Collection[str] | None] = {"questions": questions}
    for name, rows in tables.items():
        others = (unread or {}).get(name, ())
        ids = {getattr(row, key_columns(name)[0]) for row in rows}
        known[name] = None if others is None else ids | set(others)
    checks = (
        _repeated_keys(tables, where),
        _dead_links(tables, known, where),
        _uncited_figures(tables, known, where),
        _figure_faults(tables, where),
        _anchor_faults(tables, where),
        _confirmation_faults(tables, where),
        _case_faults(tables, where, unread or {}),
        feedback_faults(tables, where),
        request_faults(tables, where),
        accuracy_faults(tables, where),
    )
    return [fault for check in checks for fault in islice(check, MOST_FAULTS)]


def _repeated_keys(tables: Mapping[str, Sequence[Any]], where: Places) -> Iterator[Fault]:
    for name, rows in tables.items():
        columns = key_columns(name)
        seen = set()
        for at, row in enumerate(rows):
            key = tuple(getattr(row, column) for column in columns)
            if key in seen:
                yield Fault(
                    where(name, at, columns[-1]),
                    "; ".join(map(str, key)),
                    "It stands in an earlier row too. Each must be there once.",
                    "Remove one of the rows, or give it another id.",
                )
            seen.add(key)


def _dead_links(
    tables: Mapping[str, Sequence[Any]], known: Mapping[str, Collection[str] | None], where: Places
) -> Iterator[Fault]:
    told = 0
    for table, column, other in _LINKS:
        there = known[other]
        if there is None:
            continue
        for at, row in enumerate(tables[table]):
            value: Any = getattr(row, column)
            for name in (value,) if isinstance(value, str) else value:
                if name and name not in there:
                    near = _near(name, there) if told < MOST_NEAR else None
                    told += 1
                    yield _dead_link(where(table, at, column), name, other, near)


def _near(name: str, known: Collection[str]) -> str | None:
    # Looking among 20,000 names takes a tenth of a second.
    return closest(name, known) if len(known) <= MOST_KNOWN else None


def _dead_link(where: str, name: str, other: str, near: str | None) -> Fault:
    table = "questions.csv of the framework" if other == "questions" else f"{other}.csv"
    return Fault(
        where,
        name,
        f"There is no such row in {table}.",
        f"Did you mean {near}?" if near else "Add the row, or clear the cell.",
    )


def _uncited_figures(
    tables: Mapping[str, Sequence[Any]], known: Mapping[str, Collection[str] | None], where: Places
) -> Iterator[Fault]:
    cited = known["figures"]
    for at, evidence in enumerate(() if cited is None else tables["evidence"]):
        if evidence.form == "figure" and evidence.evidence not in (cited or ()):
            yield Fault(
                where("evidence", at, "form"),
                evidence.form,
                "A figure needs its row in figures.csv.",
                "Add the row, or make it a paraphrase.",
            )


_NEEDED = {
    "indicator": ("area_code", "period_start", "period_end"),
    "measure": ("measures", "column"),
}


def _figure_faults(tables: Mapping[str, Sequence[Any]], where: Places) -> Iterator[Fault]:
    forms = {one.evidence: one.form for one in tables["evidence"]}
    for at, figure in enumerate(tables["figures"]):
        if forms.get(figure.evidence, "figure") != "figure":
            yield Fault(
                where("figures", at, "evidence"),
                figure.evidence,
                "Only evidence of the form figure cites a figure.",
                "Make the evidence a figure, or remove this row.",
            )
        for column in _NEEDED[figure.kind]:
            if not getattr(figure, column):
                yield Fault(
                    where("figures", at, column),
                    "",
                    f"A figure of the kind {figure.kind} needs it.",
                    "Fill the cell.",
                )


def _anchor_faults(tables: Mapping[str, Sequence[Any]], where: Places) -> Iterator[Fault]:
    for at, anchor in enumerate(tables["anchors"]):
        length = anchor.end - anchor.start
        if length != len(anchor.quoted):
            yield Fault(
                where("anchors", at, "end"),
                str(anchor.end),
                f"From {anchor.start} to there are {length} characters and the quoted text has"
                f" {len(anchor.quoted)}.",
                "Mark the passage in the document again.",
            )


def _confirmation_faults(tables: Mapping[str, Sequence[Any]], where: Places) -> Iterator[Fault]:
    for at, finding in enumerate(tables["findings"]):
        confirmed = finding.status == "confirmed"
        if confirmed != bool(finding.confirmed_by) or confirmed != bool(finding.confirmed_at):
            yield Fault(
                where("findings", at, "confirmed_by"),
                finding.confirmed_by,
                "A confirmed finding names who confirmed it and when; no other does.",
                "Fill confirmed_by and confirmed_at, or clear both.",
            )


def _case_faults(
    tables: Mapping[str, Sequence[Any]],
    where: Places,
    unread: Mapping[str, Collection[str] | None],
) -> Iterator[Fault]:
    if any(tables[name] for name in TABLES if name.startswith("case")):
        from wholesystem.reviews.cases.checking import case_faults

        # None or some: not every row of it could be read.
        skips = {name for name, rows in unread.items() if rows is None or rows}
        yield from case_faults(tables, where, skips=frozenset(skips))
