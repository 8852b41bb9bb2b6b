"""What the figures that findings rest on are now."""

from __future__ import annotations

from collections.abc import Collection

from wholesystem.errors import UserError
from wholesystem.reviews.figures import FigureSources, LiveFigure
from wholesystem.reviews.review import Review
from wholesystem.web.workspace import models
from wholesystem.web.workspace.published import figure_sources

__all__ = ["look_up_linked"]


def look_up_linked(
    record: models.Review, review: Review, findings: Collection[str]
) -> dict[str, LiveFigure]:
    """What the figures are now that some findings' evidence cites.

    Parameters
    ----------
    record : models.Review
        The review.
    review : Review
        The same.
    findings : collection of str
        Ids of findings.

    Returns
    -------
    dict of str to LiveFigure
        By the id of the evidence. Unavailable where the statistics cannot be read.
    """
    wanted = set(findings)
    linked = {one.evidence for one in review.finding_evidence if one.finding in wanted}
    figures = [one for one in review.figures if one.evidence in linked]
    if not figures:
        return {}
    texts = {one.evidence: review.evidence_by_id[one.evidence].text for one in figures}
    sources = figure_sources(record)
    try:
        return sources.look_up_all(figures, texts)
    except UserError:
        return FigureSources(None, sources.measures).look_up_all(figures, texts)
