"""Evidence that could be linked to a finding: under its question first, or what a search finds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from wholesystem.reviews.records import Evidence
from wholesystem.reviews.review import Review
from wholesystem.web.workspace import models
from wholesystem.web.workspace.question_pages import Piece, tell_pieces
from wholesystem.web.workspace.rows import load_review
from wholesystem.web.workspace.search import find_codes
from wholesystem.web.workspace.views.pages import Here

__all__ = ["Candidates", "find_candidates"]

WHERE = ("question", "all")
MOST_FOUND = 200


@dataclass(frozen=True)
class Candidates:
    """Evidence to choose from.

    Parameters
    ----------
    where : str
        ``question``, ``all`` or ``search``.
    words : str
        What was searched for.
    pieces : list of Piece
        Evidence that stands and is not linked yet; chosen ones first.
    chosen : frozenset of str
        Ids of what was chosen already.
    """

    where: str
    words: str
    pieces: list[Piece]
    chosen: frozenset[str]


def find_candidates(
    here: Here, finding: models.Finding, asked: Mapping[str, str], chosen: Collection[str]
) -> Candidates:
    """Evidence that could be linked to a finding.

    Parameters
    ----------
    here : Here
        The review.
    finding : models.Finding
        The finding.
    asked : mapping of str to str
        Of the address: ``q``, words to search for; ``where``, ``question`` or ``all``.
    chosen : collection of str
        Ids that were ticked in a form that was refused, which stay there to be seen.

    Returns
    -------
    Candidates
        In the order of entry; what a search found by how well it fits.
    """
    review, words = load_review(here.review), asked.get("q", "").strip()
    where = "search" if words else asked.get("where", "")
    where = where if where in ("search", "all") else "question"
    linked = {one.evidence for one in review.finding_evidence if one.finding == finding.code}
    ticked = [one for one in review.evidence if one.evidence in set(chosen)]
    found = _found(here, review, finding, where, words)
    shown = dict.fromkeys(
        one.evidence
        for one in (*ticked, *found)
        if one.evidence not in linked and review.is_current(one)
    )
    pieces = tell_pieces(review, (review.evidence_by_id[code] for code in shown))
    return Candidates(where, words, pieces, frozenset(one.evidence for one in ticked))


def _found(
    here: Here, review: Review, finding: models.Finding, where: str, words: str
) -> list[Evidence]:
    if where == "question":
        return [one for one in review.evidence if finding.kloe in one.kloe]
    if where == "all":
        return list(review.evidence)
    codes = find_codes(here.review, words, "evidence", MOST_FOUND)
    return [review.evidence_by_id[code] for code in codes if code in review.evidence_by_id]
