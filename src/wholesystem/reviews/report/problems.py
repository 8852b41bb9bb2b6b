"""What is wrong with a report's prose: sentences that stand on nothing, figures that have moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from wholesystem.errors import OurFault, TableError
from wholesystem.reviews.cells import Id, Record, Text
from wholesystem.reviews.report.drafting import cited_ids, known_ids
from wholesystem.reviews.report.marks import Sentence, numbers_in, split_sentences, without_marks
from wholesystem.reviews.report.records import ReportParagraph
from wholesystem.reviews.review import Review
from wholesystem.tables.reading import read_csv_table

if TYPE_CHECKING:
    from wholesystem.reviews.figures import LiveFigure

__all__ = ["ProblemKind", "ReportProblem", "problem_kinds", "problems_of"]


class ProblemKind(Record):
    """A kind of problem; a row of ``problems.csv``."""

    problem: Id
    label: Text
    remedy: Text
    why: Text


@dataclass(frozen=True)
class ReportProblem:
    """Something of the report that should be looked at before it is handed out.

    Parameters
    ----------
    kind : str
        One of `problem_kinds`.
    section_kind, section : str
        Where it is.
    paragraph : str
        Id; empty for what no paragraph tells.
    sentence : str
        The words; the statement of a finding that is missing.
    about : str
        Id of the finding or evidence, or the number.
    detail : str
        What is so, as a sentence; may be empty.
    """

    kind: str
    section_kind: str
    section: str
    paragraph: str
    sentence: str
    about: str = ""
    detail: str = ""


@cache
def problem_kinds() -> Mapping[str, ProblemKind]:
    """Every kind of problem by its id, the gravest first.

    Returns
    -------
    mapping of str to ProblemKind
        As ``problems.csv`` has them.
    """
    path = Path(str(files("wholesystem.reviews.report").joinpath("problems.csv")))
    table, faults = read_csv_table(path)
    rows, found = ProblemKind.read(table) if table else ([], [])
    if faults or found:
        raise OurFault(f"The packaged table of problems has faults. {TableError(faults + found)}")
    return {one.problem: one for _, one in rows}


def problems_of(
    review: Review,
    paragraphs: Sequence[ReportParagraph],
    live: Mapping[str, LiveFigure] | None = None,
) -> tuple[ReportProblem, ...]:
    """Everything that should be looked at before a report is handed out.

    Parameters
    ----------
    review : Review
        Whose report it is.
    paragraphs : sequence of ReportParagraph
        Its prose; withdrawn paragraphs are passed over.
    live : mapping of str to LiveFigure, optional
        What cited figures are now, by the id of the evidence; without it no figure is said to have
        changed.

    Returns
    -------
    tuple of ReportProblem
        The gravest kind first, then in the order of the paragraphs.
    """
    standing = [one for one in paragraphs if not one.withdrawn]
    found = [
        problem
        for paragraph in standing
        for sentence in split_sentences(paragraph.text, known_ids(review))
        for problem in _of_sentence(review, paragraph, sentence, live or {})
    ]
    found += _missing(review, standing)
    kinds = list(problem_kinds())
    return tuple(sorted(found, key=lambda one: kinds.index(one.kind)))


def _of_sentence(
    review: Review,
    paragraph: ReportParagraph,
    sentence: Sentence,
    live: Mapping[str, LiveFigure],
) -> Iterator[ReportProblem]:
    words = without_marks(sentence.text, known_ids(review))
    told = list(_of_marks(review, sentence.ids, live))
    if not sentence.ids:
        told.append(("sentence_without_evidence", "", ""))
    if known_ids(review) & set(sentence.ids):
        there = _numbers_behind(review, sentence.ids)
        told += [
            ("number_not_in_evidence", f"{number:g}", "")
            for number in dict.fromkeys(numbers_in(words))
            if number not in there
        ]
    place = (paragraph.section_kind, paragraph.section, paragraph.paragraph)
    for kind, about, detail in told:
        yield ReportProblem(kind, *place, words, about, detail)


def _of_marks(
    review: Review, ids: Sequence[str], live: Mapping[str, LiveFigure]
) -> Iterator[tuple[str, str, str]]:
    for name in ids:
        finding = review.finding_by_id.get(name)
        evidence = review.evidence_by_id.get(name)
        if finding is None and evidence is None:
            yield "unknown_mark", name, f"There is no finding or evidence {name}."
        if finding is not None and finding.status != "confirmed":
            yield "finding_not_confirmed", name, f"{name} is {finding.status}."
        if evidence is not None and not review.is_current(evidence):
            yield "evidence_withdrawn", name, f"{name} or its source was withdrawn."
        figure = live.get(name)
        if figure is not None and figure.status in ("changed", "gone"):
            yield f"figure_{figure.status}", name, f"The figure {figure.words}"


def _numbers_behind(review: Review, ids: Sequence[str]) -> frozenset[float]:
    """Numbers of what is cited, and of what cited findings stand on."""
    figures = {one.evidence: one for one in review.figures}
    found: set[float] = set()
    for name in ids:
        finding = review.finding_by_id.get(name)
        evidence = [review.evidence_by_id[name]] if name in review.evidence_by_id else []
        if finding is not None:
            found |= set(numbers_in(f"{finding.statement} {finding.contrary_considered}"))
            evidence += [*review.evidence_of(name, "for"), *review.evidence_of(name, "against")]
        for one in evidence:
            found |= set(numbers_in(f"{one.text} {one.place}"))
            day = review.date_of(one)
            found |= {float(day.year), float(day.day)} if day else set()
            figure = figures.get(one.evidence)
            if figure is not None:
                found.add(figure.value)
                days = [one for one in (figure.period_start, figure.period_end) if one]
                found |= {float(one.year) for one in days}
    return frozenset(found)


def _missing(review: Review, paragraphs: Sequence[ReportParagraph]) -> Iterator[ReportProblem]:
    told = cited_ids(review, paragraphs)
    for one in review.findings:
        if one.status == "confirmed" and one.finding not in told:
            yield ReportProblem(
                "finding_missing", "question", one.kloe, "", one.statement, one.finding
            )
