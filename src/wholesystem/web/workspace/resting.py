"""What rests on evidence: findings, and areas for improvement that follow from those.

The same as `wholesystem.reviews.chain` says of a whole review, asked of the database, so that a
page about one source need not read every other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from wholesystem.web.workspace import models

__all__ = ["Resting", "RestingFinding", "evidence_about", "what_rests_on"]


@dataclass(frozen=True)
class RestingFinding:
    """A finding, and the evidence in question that is linked to it.

    Parameters
    ----------
    finding : models.Finding
        The finding.
    links : list of models.FindingEvidence
        Each with its evidence and its side.
    """

    finding: models.Finding
    links: list[models.FindingEvidence]

    def on(self, side: str) -> list[str]:
        """Ids of the evidence on one side, ``for`` or ``against``."""
        return [one.evidence.code for one in self.links if one.side == side]


@dataclass(frozen=True)
class Resting:
    """What rests on some evidence.

    Parameters
    ----------
    findings : list of RestingFinding
        In order of entry; withdrawn ones too, since they can be reopened.
    improvements : list of models.AreaForImprovement
        That follow from those findings, in their order.
    """

    findings: list[RestingFinding]
    improvements: list[models.AreaForImprovement]

    @property
    def confirmed(self) -> list[models.Finding]:
        """Findings that stand in the way of a withdrawal."""
        return [one.finding for one in self.findings if one.finding.status == "confirmed"]


def what_rests_on(evidence: QuerySet[models.Evidence]) -> Resting:
    """What rests on some evidence.

    Parameters
    ----------
    evidence : QuerySet of models.Evidence
        Of one review.

    Returns
    -------
    Resting
        In two queries.
    """
    links = (
        models.FindingEvidence.objects.filter(evidence__in=evidence.order_by().values("pk"))
        .select_related("finding", "evidence")
        .order_by("finding_id", "pk")
    )
    findings: dict[int, RestingFinding] = {}
    for link in links:
        one = findings.setdefault(link.finding_id, RestingFinding(link.finding, []))
        one.links.append(link)
    improvements = models.AreaForImprovement.objects.filter(
        finding_links__finding__in=list(findings)
    )
    follows = improvements.distinct().order_by("order", "pk") if findings else ()
    return Resting(list(findings.values()), list(follows))


def evidence_about(organisation: models.Organisation) -> QuerySet[Any]:
    """Evidence about an organisation: what names it, and what names none and is from its sources.

    Parameters
    ----------
    organisation : models.Organisation
        The organisation.

    Returns
    -------
    QuerySet of models.Evidence
        In order of entry.
    """
    named = Q(organisation_links__organisation=organisation)
    of_its_sources = Q(
        organisation_links__isnull=True,
        source__organisation_links__organisation=organisation,
    )
    found = models.Evidence.objects.filter(named | of_its_sources)
    return models.Evidence.objects.filter(pk__in=found.order_by().values("pk")).order_by("pk")
