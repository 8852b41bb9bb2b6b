"""A review: its tables, checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from wholesystem.errors import Fault, TableError
from wholesystem.reviews import records
from wholesystem.reviews.accuracy import records as accuracy_records
from wholesystem.reviews.cases import records as case_records
from wholesystem.reviews.checks import TABLES, Places, faults_between
from wholesystem.reviews.feedback import records as feedback_records
from wholesystem.reviews.report import records as report_records
from wholesystem.reviews.requests import records as request_records
from wholesystem.tables.rows import Row

if TYPE_CHECKING:
    from datetime import date

    from wholesystem.reviews.framework import Framework
    from wholesystem.reviews.history import Event

__all__ = ["TABLES", "Review"]


@dataclass(frozen=True)
class Review:
    """Everything of one review.

    Parameters
    ----------
    info : ReviewInfo
        What is reviewed and how far it has come.
    framework : Framework
        The questions.
    organisations, people, documents, sources, evidence, figures, anchors : tuple of Row
        Tables, in order of entry.
    findings, finding_evidence, areas_for_improvement, due_dates : tuple of Row
        Tables, likewise.
    cases, case_stays, case_delays, case_checklist, case_answers : tuple of Row
        Tables of case tracking, likewise.
    feedback_tools, feedback_invited, organisation_mergers : tuple of Row
        Feedback tools, likewise; their instruments and answers stand beside the tables.
    feedback_themes, feedback_codings : tuple of Row
        Themes of comments on them, likewise.
    requests, request_questions, request_answers, request_returns : tuple of Row
        Information requests, likewise.
    report_paragraphs, report_versions, accuracy_rounds, accuracy_comments : tuple of Row
        The report and the rounds in which it is checked, likewise.
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
    cases: tuple[case_records.TrackedCase, ...] = ()
    case_stays: tuple[case_records.CaseStay, ...] = ()
    case_delays: tuple[case_records.CaseDelay, ...] = ()
    case_checklist: tuple[case_records.ChecklistItem, ...] = ()
    case_answers: tuple[case_records.CaseAnswer, ...] = ()
    feedback_tools: tuple[feedback_records.FeedbackTool, ...] = ()
    feedback_invited: tuple[feedback_records.FeedbackInvited, ...] = ()
    organisation_mergers: tuple[feedback_records.OrganisationMerger, ...] = ()
    feedback_themes: tuple[feedback_records.FeedbackTheme, ...] = ()
    feedback_codings: tuple[feedback_records.FeedbackCoding, ...] = ()
    requests: tuple[request_records.InformationRequest, ...] = ()
    request_questions: tuple[request_records.RequestQuestion, ...] = ()
    request_answers: tuple[request_records.RequestAnswer, ...] = ()
    request_returns: tuple[request_records.RequestReturn, ...] = ()
    report_paragraphs: tuple[report_records.ReportParagraph, ...] = ()
    report_versions: tuple[report_records.ReportVersion, ...] = ()
    accuracy_rounds: tuple[accuracy_records.AccuracyRound, ...] = ()
    accuracy_comments: tuple[accuracy_records.AccuracyComment, ...] = ()
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
        return faults_between(
            self.tables(), self.framework.question_by_id, Places(row_numbers or {})
        )

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

    @cached_property
    def _evidence_by_finding(self) -> dict[tuple[str, str], tuple[records.Evidence, ...]]:
        found: dict[tuple[str, str], list[records.Evidence]] = {}
        for one in self.finding_evidence:
            linked = found.setdefault((one.finding, one.side), [])
            linked.append(self.evidence_by_id[one.evidence])
        return {key: tuple(linked) for key, linked in found.items()}

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
        return self._evidence_by_finding.get((finding, side), ())

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

    def date_of(self, evidence: records.Evidence) -> date | None:
        """The day that evidence speaks of.

        Parameters
        ----------
        evidence : Evidence
            Of this review.

        Returns
        -------
        date or None
            The source's where the evidence has none of its own; None where neither has one.
        """
        return evidence.date or self.source_by_id[evidence.source].date
