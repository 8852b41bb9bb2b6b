"""What the report's citations lead to, and what every finding stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from wholesystem.reports.documents.model import (
    Block,
    Cell,
    Column,
    Evidence,
    Paragraph,
    Table,
    Text,
)
from wholesystem.reviews.chain import Link, chain_of
from wholesystem.reviews.records import Evidence as EvidenceRow
from wholesystem.reviews.records import Finding
from wholesystem.reviews.review import Review
from wholesystem.reviews.words import word_labels

if TYPE_CHECKING:
    from wholesystem.reviews.figures import LiveFigure

__all__ = ["cited_evidence", "cited_figures_table", "finding_chains"]

_COLUMNS = (
    Column("Evidence"), Column("Side"), Column("What it says"), Column("Source"), Column("Place"),
    Column("Date"),
)  # fmt: skip


def cited_evidence(review: Review) -> tuple[Evidence, ...]:
    """What citations lead to.

    Parameters
    ----------
    review : Review
        Whose findings and evidence they are.

    Returns
    -------
    tuple of Evidence
        Findings with how much stands behind them, then evidence with its source.
    """
    return (
        *(Evidence(one.finding, _finding_words(review, one)) for one in review.findings),
        *(Evidence(one.evidence, _evidence_words(review, one)) for one in review.evidence),
    )


def _finding_words(review: Review, finding: Finding) -> tuple[Text, ...]:
    counts = [
        f"{len(review.evidence_of(finding.finding, side))} {side}" for side in ("for", "against")
    ]
    return (
        Text(f"Finding {finding.finding} ({finding.status}). ", strong=True),
        Text(f"{finding.statement} Pieces of evidence: {' and '.join(counts)}."),
    )


def _evidence_words(review: Review, evidence: EvidenceRow) -> tuple[Text, ...]:
    withdrawn = "" if review.is_current(evidence) else " It was withdrawn."
    return (
        Text(f"Evidence {evidence.evidence}. ", strong=True),
        Text(f"{evidence.text} ({_source_words(review, evidence)}){withdrawn}"),
    )


def _source_words(review: Review, evidence: EvidenceRow) -> str:
    source = review.source_by_id[evidence.source]
    day = review.date_of(evidence)
    kind = word_labels("source_kinds")[source.kind][0]
    parts = [f"{kind}: {source.title}", evidence.place, _day(day)]
    return "; ".join(part for part in parts if part)


def _day(day: object) -> str:
    return f"{day:%-d %B %Y}" if day else ""


def finding_chains(review: Review) -> tuple[Block, ...]:
    """What each confirmed finding stands on, and what speaks against it.

    Parameters
    ----------
    review : Review
        Whose findings.

    Returns
    -------
    tuple of Block
        A table for each confirmed finding, in the order of entry.
    """
    blocks: list[Block] = [
        Paragraph(
            "Each confirmed finding with all the evidence that was linked to it, on both sides."
            " The ids are those of the review's own records."
        )
    ]
    for finding in review.findings:
        if finding.status == "confirmed":
            blocks.append(_chain_table(review, finding))
    return tuple(blocks)


def _chain_table(review: Review, finding: Finding) -> Table:
    chain = chain_of(review, finding.finding)
    rows = [
        *(_row(link, "For") for link in chain.links_for),
        *(_row(link, "Against") for link in chain.links_against),
    ]
    return Table(
        f"{finding.finding}: {finding.statement}",
        _COLUMNS,
        tuple(rows) or (("None", "", "No evidence was linked to it.", "", "", ""),),
        source=f"How contrary evidence was weighed: {finding.contrary_considered}"
        if finding.contrary_considered
        else "",
    )


def _row(link: Link, side: str) -> tuple[Cell | str, ...]:
    one = link.evidence
    day = one.date or link.source.date
    return (
        one.evidence,
        side if link.is_current else f"{side} (withdrawn)",
        one.text,
        link.source.title,
        one.place,
        _day(day),
    )


def cited_figures_table(review: Review, live: Mapping[str, LiveFigure]) -> Table | None:
    """The figures that evidence cites, beside what stands there now.

    Parameters
    ----------
    review : Review
        Whose evidence.
    live : mapping of str to LiveFigure
        By the id of the evidence.

    Returns
    -------
    Table or None
        In the order of entry; None where no figure is cited. A cited figure is never replaced.
    """
    rows = tuple(_figure_rows(review, live))
    if not rows:
        return None
    return Table(
        "Figures that the evidence cites, and what stands there now",
        (
            Column("Evidence"), Column("As cited", "right"), Column("Now", "right"),
            Column("What is so"), Column("Where it stands now"),
        ),
        rows,
        source="A figure that has moved is shown beside the cited one and never put in its place.",
    )  # fmt: skip


def _figure_rows(
    review: Review, live: Mapping[str, LiveFigure]
) -> Iterator[tuple[Cell | str, ...]]:
    for figure in review.figures:
        one = live.get(figure.evidence)
        if one is None:
            continue
        yield (
            figure.evidence,
            Cell(one.cited_words),
            Cell(one.live_words or "none"),
            f"The figure {one.words}",
            one.source,
        )
