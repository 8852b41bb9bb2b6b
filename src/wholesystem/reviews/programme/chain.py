"""From a count back to the place where it was read: every piece of evidence of every finding."""

from __future__ import annotations

from collections.abc import Sequence

from wholesystem.reviews.programme.findings import ProgrammeFinding
from wholesystem.reviews.records import Evidence
from wholesystem.reviews.result_tables import ResultColumn, ResultTable, Value
from wholesystem.reviews.review import Review

__all__ = ["chain_table"]


def chain_table(findings: Sequence[ProgrammeFinding]) -> ResultTable:
    """The evidence of each finding, with the source, place, document and figure that it is of.

    Parameters
    ----------
    findings : sequence of ProgrammeFinding
        Of all reviews.

    Returns
    -------
    ResultTable
        A row for each piece of evidence that stands and side, in the order of findings.
    """
    rows: list[tuple[Value, ...]] = []
    anchors: dict[str, dict[str, tuple[Value, ...]]] = {}
    for one in findings:
        review, name = one.review, one.review.info.review
        if name not in anchors:
            anchors[name] = _attached(review)
        for side, evidence in (("for", one.evidence_for), ("against", one.evidence_against)):
            rows += [
                (*one.key, side, *_cells(review, piece), *anchors[name].get(piece.evidence, _NONE))
                for piece in evidence
            ]
    return ResultTable("finding_evidence", "What each finding rests on", _COLUMNS, tuple(rows))


_COLUMNS = tuple(
    ResultColumn(name, heading)
    for name, heading in (
        ("review", "Review"),
        ("finding", "Finding"),
        ("side", "Side"),
        ("evidence", "Evidence"),
        ("form", "Form"),
        ("shows", "Shows"),
        ("text", "In its own words"),
        ("place", "Place"),
        ("source", "Source"),
        ("source_kind", "Kind of source"),
        ("source_title", "Title of the source"),
        ("document", "Document (digest)"),
        ("from_character", "From character"),
        ("to_character", "To character"),
        ("figure", "Indicator or measure"),
        ("figure_area_code", "Area of the figure"),
        ("figure_period_start", "From"),
        ("figure_period_end", "To"),
        ("figure_value", "Figure as cited"),
        ("figure_unit", "Unit"),
        ("figure_file", "File of the figure"),
    )
)
_NONE: tuple[Value, ...] = (None,) * 10


def _cells(review: Review, piece: Evidence) -> tuple[Value, ...]:
    source = review.source_by_id[piece.source]
    return (
        piece.evidence,
        piece.form,
        piece.shows,
        piece.text,
        piece.place,
        source.source,
        source.kind,
        source.title,
    )


def _attached(review: Review) -> dict[str, tuple[Value, ...]]:
    """Passage and figure of each piece of evidence that has one of them."""
    documents = {one.source: one.document for one in review.sources}
    places: dict[str, tuple[Value, ...]] = {
        one.evidence: (documents[one.source], None, None)
        for one in review.evidence
        if documents[one.source]
    }
    places |= {one.evidence: (one.document, one.start, one.end) for one in review.anchors}
    figures: dict[str, tuple[Value, ...]] = {
        one.evidence: (
            one.name,
            one.area_code or None,
            one.period_start,
            one.period_end,
            one.value,
            one.unit,
            one.source_file or None,
        )
        for one in review.figures
    }
    return {
        name: (*places.get(name, _NONE[:3]), *figures.get(name, _NONE[3:]))
        for name in (*places, *figures)
    }
