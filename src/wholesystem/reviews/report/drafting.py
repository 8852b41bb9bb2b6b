"""A first draft of the report: each confirmed finding with the points that it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from wholesystem.reviews.records import Evidence, Finding
from wholesystem.reviews.report.marks import find_marks, split_sentences
from wholesystem.reviews.report.outline import sections_of
from wholesystem.reviews.report.records import ReportParagraph
from wholesystem.reviews.review import Review

__all__ = ["STEP", "cited_ids", "draft_paragraphs", "known_ids"]

#: Between the orders of paragraphs, so that others fit between.
STEP = 10


def known_ids(review: Review) -> frozenset[str]:
    """Ids that marks of a report may name.

    Parameters
    ----------
    review : Review
        Whose report it is.

    Returns
    -------
    frozenset of str
        Of findings and evidence.
    """
    return frozenset(review.finding_by_id) | frozenset(review.evidence_by_id)


def cited_ids(review: Review, paragraphs: Sequence[ReportParagraph]) -> frozenset[str]:
    """What the paragraphs that stand cite.

    Parameters
    ----------
    review : Review
        Whose report it is.
    paragraphs : sequence of ReportParagraph
        Withdrawn ones count for nothing.

    Returns
    -------
    frozenset of str
        Ids, known or not.
    """
    known = known_ids(review)
    return frozenset(
        name
        for one in paragraphs
        if not one.withdrawn
        for mark in find_marks(one.text, known)
        for name in mark.ids
    )


def draft_paragraphs(
    review: Review, paragraphs: Sequence[ReportParagraph], by: str, at: datetime
) -> tuple[ReportParagraph, ...]:
    """Paragraphs for the confirmed findings that the report does not tell yet.

    Parameters
    ----------
    review : Review
        Whose report it is.
    paragraphs : sequence of ReportParagraph
        What was written so far; nothing of it is changed.
    by : str
        Id of the person who drafts.
    at : datetime
        Naive UTC.

    Returns
    -------
    tuple of ReportParagraph
        New ones, after those of their section: the statement of a finding, then a point for each
        piece of current evidence for it, in the order linked, and one for each against it where
        the finding says how that was weighed. Words are the reviewers' own; quotations are in
        quotation marks.
    """
    told = cited_ids(review, paragraphs)
    missing: dict[str, list[Finding]] = {}
    for finding in review.findings:
        if finding.status == "confirmed" and finding.finding not in told:
            missing.setdefault(finding.kloe, []).append(finding)
    number = _last_number(paragraphs)
    made = []
    for section in sections_of(review.framework):
        if section.kind != "question":
            continue
        order = _last_order(paragraphs, section.name)
        for finding in missing.get(section.name, ()):
            for style, text in _texts(review, finding):
                number, order = number + 1, order + STEP
                made.append(
                    ReportParagraph(
                        paragraph=f"RP{number:03d}",
                        section_kind="question",
                        section=section.name,
                        order=order,
                        style=style,
                        text=text,
                        recorded_by=by,
                        recorded_at=at,
                    )
                )
    return tuple(made)


def _texts(review: Review, finding: Finding) -> Iterator[tuple[str, str]]:
    yield "text", _marked(finding.statement, finding.finding)
    for one in review.evidence_of(finding.finding, "for"):
        if review.is_current(one):
            yield "point", _point(one)
    if finding.contrary_considered:
        for one in review.evidence_of(finding.finding, "against"):
            if review.is_current(one):
                yield "point", f"Against this: {_point(one)}"
        yield "point", _marked(finding.contrary_considered, finding.finding)


def _point(evidence: Evidence) -> str:
    text = evidence.text.strip()
    if evidence.form == "quote" and text[:1] not in "\"“'‘":
        text = f"“{text}”"
    return _marked(text, evidence.evidence)


def _marked(text: str, name: str) -> str:
    """A text of which every sentence cites the same."""
    return " ".join(f"{_sentence(one.text)} [{name}]" for one in split_sentences(text, ()))


def _sentence(text: str) -> str:
    text = text.strip()
    return text if re.search(r"[.!?…][\"'”’)]*$", text) else f"{text}."


def _last_order(paragraphs: Sequence[ReportParagraph], section: str) -> int:
    return max(
        (
            one.order
            for one in paragraphs
            if one.section_kind == "question" and one.section == section
        ),
        default=0,
    )


def _last_number(paragraphs: Sequence[ReportParagraph]) -> int:
    numbers = (re.fullmatch(r"RP(\d+)", one.paragraph) for one in paragraphs)
    return max((int(found[1]) for found in numbers if found), default=0)
