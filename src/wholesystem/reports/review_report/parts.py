"""Parts of the report that are counted from the review and not written by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from wholesystem.reports.documents.model import (
    Block,
    BulletList,
    Citation,
    Column,
    Heading,
    Inline,
    Item,
    Paragraph,
    Table,
    Text,
)
from wholesystem.reports.documents.text import number_cell
from wholesystem.reviews.records import AreaForImprovement, Source
from wholesystem.reviews.review import Review
from wholesystem.reviews.words import word_labels

__all__ = ["carried_out", "improvements"]

_LEVELS = {
    "strategic": "Strategic priorities",
    "operational": "Operational priorities",
    "engagement": "Engagement priorities",
}


def carried_out(review: Review) -> tuple[Block, ...]:
    """How the review was carried out, counted from its sources.

    Parameters
    ----------
    review : Review
        Whose sources.

    Returns
    -------
    tuple of Block
        A sentence and a table by kind of source. Withdrawn sources and evidence are not counted.
    """
    sources = [one for one in review.sources if not one.withdrawn]
    if not sources:
        return (Paragraph("No source is recorded yet."),)
    evidence = Counter(
        review.source_by_id[one.source].kind for one in review.evidence if review.is_current(one)
    )
    kinds = Counter(one.kind for one in sources)
    labels = word_labels("source_kinds")
    rows = tuple(
        (
            label,
            number_cell(kinds[kind]),
            number_cell(evidence[kind]),
            _days([one for one in sources if one.kind == kind]),
        )
        for kind, (label, _) in labels.items()
        if kinds[kind]
    )
    total = number_cell(len(sources)), number_cell(evidence.total())
    return (
        Paragraph(
            f"The findings rest on {len(sources):,} sources of {len(kinds)}"
            f" {'kind' if len(kinds) == 1 else 'kinds'} and {evidence.total():,} pieces of evidence"
            " recorded from them."
        ),
        Table(
            "Sources and evidence by kind",
            (
                Column("Kind of source"), Column("Sources", "right"),
                Column("Pieces of evidence", "right"), Column("Dates"),
            ),
            (*rows, ("All", *total, _days(sources))),
            source="Counted from the records of this review.",
        ),
    )  # fmt: skip


def _days(sources: Sequence[Source]) -> str:
    days = sorted(one.date for one in sources if one.date)
    if not days:
        return "not recorded"
    first, last = (f"{day:%-d %B %Y}" for day in (days[0], days[-1]))
    undated = len(sources) - len(days)
    words = first if first == last else f"{first} to {last}"
    return f"{words}; {undated} without a date" if undated else words


def improvements(review: Review) -> tuple[Block, ...]:
    """Areas for improvement by level, each with the findings that it follows from.

    Parameters
    ----------
    review : Review
        Whose.

    Returns
    -------
    tuple of Block
        In the order that the lead gave.
    """
    if not review.areas_for_improvement:
        return (Paragraph("No area for improvement is recorded yet."),)
    blocks: list[Block] = []
    for level, heading in _LEVELS.items():
        found = [one for one in review.areas_for_improvement if one.level == level]
        if found:
            ordered = sorted(found, key=lambda one: one.order)
            blocks += [
                Heading(2, heading),
                BulletList(tuple(Item(_words(one)) for one in ordered), numbered=True),
            ]
    return tuple(blocks)


def _words(one: AreaForImprovement) -> tuple[Inline, ...]:
    return (Text(one.text), *(Citation(finding) for finding in one.findings))
