"""Puts the report of a review together, in the order of the outline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from wholesystem.reports.documents.model import (
    Block,
    CallOut,
    Contents,
    Cover,
    Document,
    Heading,
    Paragraph,
)
from wholesystem.reports.review_report.chain import (
    cited_evidence,
    cited_figures_table,
    finding_chains,
)
from wholesystem.reports.review_report.data_annex import data_annex
from wholesystem.reports.review_report.parts import carried_out, improvements
from wholesystem.reports.review_report.prose import prose_blocks
from wholesystem.reviews.report.drafting import known_ids
from wholesystem.reviews.report.outline import Section, sections_of
from wholesystem.reviews.report.records import ReportParagraph
from wholesystem.reviews.review import Review

if TYPE_CHECKING:
    from wholesystem.indicators.profile.build import AreaProfile
    from wholesystem.reviews.figures import LiveFigure

__all__ = ["ReportInputs", "fingerprint_of", "make_review_report"]


@dataclass(frozen=True)
class ReportInputs:
    """What a report of a review is made from.

    Parameters
    ----------
    review : Review
        The review.
    paragraphs : sequence of ReportParagraph
        Its prose.
    live : mapping of str to LiveFigure
        What cited figures are now, by the id of the evidence.
    profile : AreaProfile or None
        The area's data profile; None leaves the appendix out.
    more : mapping of str to sequence of Block
        Blocks for parts of the outline, by the part: money, market, context.
    """

    review: Review
    paragraphs: Sequence[ReportParagraph]
    live: Mapping[str, LiveFigure] = field(default_factory=dict)
    profile: AreaProfile | None = None
    more: Mapping[str, Sequence[Block]] = field(default_factory=dict)


def fingerprint_of(inputs: ReportInputs) -> str:
    """A digest of all that a report is made from.

    Parameters
    ----------
    inputs : ReportInputs
        Of the report.

    Returns
    -------
    str
        SHA-256 of the review's rows, its prose and the live figures; 64 hexadecimal digits. Any
        change of them gives another.
    """
    review = inputs.review
    told = {
        "review": review.info.cells(),
        "tables": {
            name: [row.cells() for row in rows] for name, rows in sorted(review.tables().items())
        },
        "paragraphs": [one.cells() for one in inputs.paragraphs],
        "live": {name: one.words for name, one in sorted(inputs.live.items())},
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def make_review_report(inputs: ReportInputs, *, day: date, version: str = "DRAFT") -> Document:
    """The report of a review.

    Parameters
    ----------
    inputs : ReportInputs
        What it is made from.
    day : date
        On its cover.
    version : str
        A word such as DRAFT, on every page; empty for the final one.

    Returns
    -------
    Document
        In the order of the outline; a heading with nothing under it is left out.
    """
    info = inputs.review.info
    sections = sections_of(inputs.review.framework)
    appendices = [one for one in sections if one.content in ("evidence", "data")]
    body = [one for one in sections if one not in appendices]
    return Document(
        title=info.title,
        blocks=(
            Contents(depth=2),
            *_notes(inputs),
            *_filled(body, inputs),
            *_appendices(appendices, inputs),
        ),
        cover=Cover(
            subtitle=f"Local system review: {info.area}" if info.area not in info.title else "",
            date=day,
            version=version,
            lines=(f"Framework: {inputs.review.framework.info.name}",),
            fingerprint=f"Made from the records of the review as they stood with the fingerprint"
            f" {fingerprint_of(inputs)}",
        ),
        evidence=cited_evidence(inputs.review),
        header=info.title,
        author="",
        subject=f"Local system review of {info.area}",
        numbered=True,
    )


def _notes(inputs: ReportInputs) -> tuple[Block, ...]:
    """What a reader must know before all else."""
    framework = inputs.review.framework.info
    told = [inputs.review.info.note] if inputs.review.info.note else []
    if framework.illustrative == "yes":
        told.append(
            f"The questions of this review come from {framework.name}, whose wording is"
            " illustrative and was not checked against an official source."
        )
    if not told:
        return ()
    return (CallOut("About this report", tuple(Paragraph(one) for one in told)),)


def _filled(sections: Sequence[Section], inputs: ReportInputs) -> list[Block]:
    """Sections that have something in or under them."""
    blocks = [(one, _blocks_of(one, inputs)) for one in sections]
    found: list[Block] = []
    for at, (section, own) in enumerate(blocks):
        under: list[Block] = []
        for later, content in blocks[at + 1 :]:
            if later.level <= section.level:
                break
            under += content
        if own or under:
            found += [Heading(section.level, section.title), *own]
    return found


def _blocks_of(section: Section, inputs: ReportInputs) -> tuple[Block, ...]:
    written = prose_blocks(
        (
            one
            for one in inputs.paragraphs
            if (one.section_kind, one.section) == (section.kind, section.name)
        ),
        known_ids(inputs.review),
    )
    more = tuple(inputs.more.get(section.name, ())) if section.kind != "question" else ()
    if section.content == "sources":
        return (*written, *carried_out(inputs.review), *more)
    if section.content == "improvements":
        return (*written, *more, *improvements(inputs.review))
    return (*written, *more)


def _appendices(sections: Sequence[Section], inputs: ReportInputs) -> list[Block]:
    blocks: list[Block] = []
    for section in sections:
        content = list(_blocks_of(section, inputs))
        if section.content == "evidence":
            content += finding_chains(inputs.review)
            figures = cited_figures_table(inputs.review, inputs.live)
            if figures is not None:
                content.append(figures)
        elif inputs.profile is not None:
            cited = {one.name for one in inputs.review.figures if one.kind == "indicator"}
            content += data_annex(inputs.profile, cited)
        if content:
            blocks += [Heading(1, section.title, appendix=True), *content]
    return blocks
