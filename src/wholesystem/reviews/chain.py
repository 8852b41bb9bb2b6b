"""The chain of a finding, both ways: what it stands on, and what stands on a thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wholesystem.reviews.records import (
    Anchor,
    AreaForImprovement,
    Document,
    Evidence,
    Figure,
    Finding,
    Source,
)
from wholesystem.reviews.review import Review

if TYPE_CHECKING:
    from wholesystem.reviews.figures import LiveFigure

__all__ = ["Chain", "Link", "Resting", "chain_of", "what_is_about", "what_rests_on"]


@dataclass(frozen=True)
class Link:
    """Evidence of a finding with all that it came from.

    Parameters
    ----------
    evidence : Evidence
        The evidence.
    source : Source
        Where it came from.
    note : str
        Why it bears on the finding; blank if nobody said.
    is_current : bool
        False where evidence or source was withdrawn.
    anchor : Anchor or None
        The passage of a document that it quotes.
    document : Document or None
        That document, or the source's.
    figure : Figure or None
        The figure that it cites.
    live : LiveFigure or None
        What that figure is now; None where nobody looked.
    """

    evidence: Evidence
    source: Source
    note: str
    is_current: bool
    anchor: Anchor | None
    document: Document | None
    figure: Figure | None
    live: LiveFigure | None


@dataclass(frozen=True)
class Chain:
    """What a finding stands on, and what follows from it.

    Parameters
    ----------
    finding : Finding
        The finding.
    links_for, links_against : tuple of Link
        In the order linked.
    areas_for_improvement : tuple of AreaForImprovement
        That follow from it.
    """

    finding: Finding
    links_for: tuple[Link, ...]
    links_against: tuple[Link, ...]
    areas_for_improvement: tuple[AreaForImprovement, ...]


@dataclass(frozen=True)
class Resting:
    """What stands on a document, source, evidence or finding.

    Parameters
    ----------
    evidence : tuple of Evidence
        Of the document or source; the evidence itself.
    findings : tuple of (Finding, str)
        Findings that this evidence is linked to, with the side; the finding itself, with no side.
    areas_for_improvement : tuple of AreaForImprovement
        That follow from those findings.
    """

    evidence: tuple[Evidence, ...]
    findings: tuple[tuple[Finding, str], ...]
    areas_for_improvement: tuple[AreaForImprovement, ...]


def chain_of(review: Review, finding: str, live: Mapping[str, LiveFigure] | None = None) -> Chain:
    """The chain of a finding.

    Parameters
    ----------
    review : Review
        Whose it is.
    finding : str
        Its id.
    live : mapping of str to LiveFigure, optional
        What cited figures are now, by the id of the evidence.

    Returns
    -------
    Chain
        Both ways.

    Raises
    ------
    KeyError
        If there is no such finding.
    """
    one = review.finding_by_id[finding]
    anchors = {anchor.evidence: anchor for anchor in review.anchors}
    figures = {figure.evidence: figure for figure in review.figures}
    documents = {document.document: document for document in review.documents}
    sides: dict[str, list[Link]] = {"for": [], "against": []}
    for link in review.finding_evidence:
        if link.finding != finding:
            continue
        evidence = review.evidence_by_id[link.evidence]
        source = review.source_by_id[evidence.source]
        anchor = anchors.get(link.evidence)
        sides[link.side].append(
            Link(
                evidence,
                source,
                link.note,
                review.is_current(evidence),
                anchor,
                documents.get(anchor.document if anchor else source.document),
                figures.get(link.evidence),
                (live or {}).get(link.evidence),
            )
        )
    follows = tuple(area for area in review.areas_for_improvement if finding in area.findings)
    return Chain(one, tuple(sides["for"]), tuple(sides["against"]), follows)


def what_rests_on(review: Review, table: str, record: str) -> Resting:
    """What stands on a record, to be asked before it is withdrawn.

    Parameters
    ----------
    review : Review
        Whose it is.
    table : str
        ``documents``, ``sources``, ``evidence`` or ``findings``.
    record : str
        Its id.

    Returns
    -------
    Resting
        In order of entry; withdrawn findings too, since they can be reopened.

    Raises
    ------
    ValueError
        If nothing can stand on rows of that table.
    KeyError
        If there is no such record: that nothing rests on it would be no answer.
    """
    if table == "findings":
        found = ((review.finding_by_id[record], ""),)
        return Resting((), found, _following(review, {record}))
    evidence = tuple(_evidence_of(review, table, record))
    ids = {one.evidence for one in evidence}
    sides = [(one.finding, one.side) for one in review.finding_evidence if one.evidence in ids]
    findings = tuple(
        (review.finding_by_id[finding], side) for finding, side in dict.fromkeys(sides)
    )
    return Resting(evidence, findings, _following(review, {one.finding for one, _ in findings}))


def _evidence_of(review: Review, table: str, record: str) -> list[Evidence]:
    if table == "evidence":
        return [review.evidence_by_id[record]]
    if table == "sources":
        named = review.source_by_id[record].source
        return [one for one in review.evidence if one.source == named]
    if table == "documents":
        if record not in {one.document for one in review.documents}:
            raise KeyError(record)
        quoting = {one.evidence for one in review.anchors if one.document == record}
        return [
            one
            for one in review.evidence
            if one.evidence in quoting or review.source_by_id[one.source].document == record
        ]
    raise ValueError(f"Nothing stands on rows of {table}.")


def _following(review: Review, findings: set[str]) -> tuple[AreaForImprovement, ...]:
    return tuple(one for one in review.areas_for_improvement if findings & set(one.findings))


def what_is_about(review: Review, organisation: str) -> tuple[tuple[Source, ...], Resting]:
    """Everything about an organisation.

    Parameters
    ----------
    review : Review
        Whose it is.
    organisation : str
        Its id.

    Returns
    -------
    sources : tuple of Source
        That are of it.
    resting : Resting
        Evidence about it, or from those sources where it names no organisation, and what stands on
        that.
    """
    sources = tuple(one for one in review.sources if organisation in one.organisations)
    names = {one.source for one in sources}
    evidence = tuple(
        one
        for one in review.evidence
        if organisation in one.organisations or (not one.organisations and one.source in names)
    )
    ids = {one.evidence for one in evidence}
    sides = [(one.finding, one.side) for one in review.finding_evidence if one.evidence in ids]
    findings = tuple(
        (review.finding_by_id[finding], side) for finding, side in dict.fromkeys(sides)
    )
    follows = _following(review, {one.finding for one, _ in findings})
    return sources, Resting(evidence, findings, follows)
