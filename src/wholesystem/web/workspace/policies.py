"""Which state of a record allows what. Who may do it is permission: see `permissions`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from wholesystem.web.workspace import models
from wholesystem.web.workspace.errors import PolicyError

__all__ = [
    "CLOSED_STAGES",
    "RESERVED_IDS",
    "check_can_change_finding",
    "check_can_confirm",
    "check_can_reopen",
    "check_can_withdraw",
    "check_is_open",
    "check_not_on_other_side",
    "check_stands",
]

#: Ids that no review may have: pages of the workspace stand where its own would.
RESERVED_IDS = ("import", "new")
#: Stages in which sources, evidence and findings stand still.
CLOSED_STAGES = ("published", "follow_up")
_JUDGEMENTS = (
    "sources",
    "evidence",
    "figures",
    "anchors",
    "findings",
    "finding_evidence",
    "areas_for_improvement",
    "cases",
    "case_stays",
    "case_answers",
)


def check_is_open(review: models.Review, table: str) -> None:
    """Refuse to change what a published report rests on.

    Parameters
    ----------
    review : models.Review
        The review.
    table : str
        What is to be changed.

    Raises
    ------
    PolicyError
        If the review is published and the table is of evidence or findings.
    """
    if table in _JUDGEMENTS and review.stage in CLOSED_STAGES:
        raise PolicyError(
            f"This review is at the stage {review.get_stage_display().lower()}: its evidence and"
            " findings stand still. Its lead can set the stage back first."
        )


def check_can_change_finding(finding: models.Finding) -> None:
    """Refuse to change a finding that somebody has confirmed.

    Parameters
    ----------
    finding : models.Finding
        To be changed, or its evidence.

    Raises
    ------
    PolicyError
        If it is confirmed or withdrawn.
    """
    if finding.status != "candidate":
        raise PolicyError(
            f"{finding.code} is {finding.status}. Reopen it before you change it or its evidence."
        )


def check_can_confirm(finding: models.Finding) -> None:
    """Refuse to confirm a finding that stands on nothing, or leaves contrary evidence unweighed.

    Parameters
    ----------
    finding : models.Finding
        To be confirmed.

    Raises
    ------
    PolicyError
        If it is no candidate, has no evidence for it that still stands, or has evidence against
        it and does not say how that was weighed.
    """
    if finding.status != "candidate":
        raise PolicyError(f"{finding.code} is {finding.status} already.")
    links = list(finding.links.select_related("evidence__source"))
    standing = [one for one in links if _stands(one.evidence)]
    if not any(one.side == "for" for one in standing):
        raise PolicyError(
            f"No evidence for {finding.code} stands. Link evidence for it before you confirm it."
        )
    if any(one.side == "against" for one in standing) and not finding.contrary_considered:
        raise PolicyError(
            f"There is evidence against {finding.code}. Say how it was weighed before you confirm"
            " it."
        )


def check_can_reopen(finding: models.Finding) -> None:
    """Refuse to reopen what is open.

    Parameters
    ----------
    finding : models.Finding
        To be reopened.

    Raises
    ------
    PolicyError
        If it is a candidate.
    """
    if finding.status == "candidate":
        raise PolicyError(f"{finding.code} is a candidate already.")


def check_stands(evidence: models.Evidence) -> None:
    """Refuse to rest anything on what was withdrawn.

    Parameters
    ----------
    evidence : models.Evidence
        To be linked to a finding.

    Raises
    ------
    PolicyError
        If it, or its source, was withdrawn.
    """
    if not _stands(evidence):
        raise PolicyError(
            f"{evidence.code} was withdrawn, or its source was. Choose evidence that stands."
        )


def _stands(evidence: models.Evidence) -> bool:
    return not evidence.withdrawn and not evidence.source.withdrawn


def check_not_on_other_side(
    review: models.Review, finding: str, evidence: Collection[str], side: str
) -> None:
    """Refuse to move evidence to the other side of a finding unseen.

    Parameters
    ----------
    review : models.Review
        The review.
    finding : str
        Id of the finding.
    evidence : collection of str
        Ids of evidence that is to be linked.
    side : str
        ``for`` or ``against``.

    Raises
    ------
    PolicyError
        If some of it is linked on the other side.
    """
    there = models.FindingEvidence.objects.filter(
        finding__review=review, finding__code=finding, evidence__code__in=evidence
    ).exclude(side=side)
    codes = sorted(there.values_list("evidence__code", flat=True))
    if codes:
        other = "against" if side == "for" else "for"
        raise PolicyError(
            f"Linked {other} {finding} already: {', '.join(codes)}. Nothing was linked. Move it on"
            " the finding's page, or choose the rest."
        )


def check_can_withdraw(record: Any) -> None:
    """Refuse to withdraw what a confirmed finding rests on.

    Parameters
    ----------
    record : models.Source or models.Evidence
        To be withdrawn.

    Raises
    ------
    PolicyError
        If it is withdrawn already, or a confirmed finding rests on it.
    """
    if record.withdrawn:
        raise PolicyError(f"{record.code} is withdrawn already.")
    path = "evidence__source" if isinstance(record, models.Source) else "evidence"
    resting = models.FindingEvidence.objects.filter(
        **{path: record}, finding__status="confirmed"
    ).values_list("finding__code", flat=True)
    codes = sorted(set(resting))
    if codes:
        raise PolicyError(
            f"{record.code} is under confirmed findings: {', '.join(codes)}. Nothing was"
            " withdrawn. Reopen them first."
        )
