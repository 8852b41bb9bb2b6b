"""Findings, the evidence for and against them, and the areas for improvement that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from wholesystem.web.workspace import models, policies
from wholesystem.web.workspace.actions.saving import (
    find_record,
    lock_review,
    now,
    save_link,
    save_record,
)
from wholesystem.web.workspace.errors import RecordFaults
from wholesystem.web.workspace.permissions import check_can

__all__ = [
    "confirm_finding",
    "link_all",
    "link_evidence",
    "reopen_finding",
    "save_finding",
    "save_improvement",
    "unlink_evidence",
    "withdraw_finding",
]

_DRAFTED = ("kloe", "statement", "contrary_considered", "note")


def save_finding(
    *,
    review: models.Review,
    by: models.Member,
    values: Mapping[str, Any],
    code: str = "",
    version: int | None = None,
) -> models.Finding:
    """Draft a finding, or change a candidate.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    values : mapping of str to object
        ``kloe``, ``statement``, ``contrary_considered`` and ``note``; others are ignored.
    code : str
        Its id; a new candidate is added if empty.
    version : int, optional
        The version that the person saw.

    Returns
    -------
    models.Finding
        The finding.

    Raises
    ------
    PolicyError
        If it is confirmed or withdrawn.
    """
    check_can(by, "draft_findings")
    told = {name: value for name, value in values.items() if name in _DRAFTED}
    if not code:
        told["status"] = "candidate"
    found: models.Finding = save_record(
        review=review,
        by=by,
        table="findings",
        values=told,
        code=code,
        version=version,
        check=policies.check_can_change_finding,
    )
    return found


@transaction.atomic
def link_evidence(
    *,
    review: models.Review,
    by: models.Member,
    finding: str,
    evidence: str,
    side: str,
    note: str = "",
) -> models.FindingEvidence:
    """Put evidence for or against a candidate finding, or move it to the other side.

    Parameters
    ----------
    review : models.Review
        Whose both are.
    by : models.Member
        Who does it.
    finding, evidence : str
        Their ids.
    side : str
        ``for`` or ``against``.
    note : str
        Why it bears on the finding.

    Returns
    -------
    models.FindingEvidence
        The link.

    Raises
    ------
    PolicyError
        If the finding is no candidate, or the evidence was withdrawn.
    """
    check_can(by, "draft_findings")
    lock_review(review)
    one = find_record(review, "findings", finding)
    policies.check_can_change_finding(one)
    other = find_record(review, "evidence", evidence)
    policies.check_stands(other)
    link: models.FindingEvidence = save_link(
        review=review,
        by=by,
        table="finding_evidence",
        values={"finding": finding, "evidence": evidence, "side": side, "note": note},
        where={"finding": one, "evidence": other},
        name=f"{finding} {evidence}",
    )
    return link


@transaction.atomic
def link_all(
    *,
    review: models.Review,
    by: models.Member,
    finding: str,
    evidence: Iterable[str],
    side: str,
    note: str = "",
) -> list[models.FindingEvidence]:
    """Put several pieces of evidence on one side of a candidate finding, all or none.

    Parameters
    ----------
    review : models.Review
        Whose all are.
    by : models.Member
        Who does it.
    finding : str
        Its id.
    evidence : iterable of str
        Ids.
    side, note : str
        As for `link_evidence`; the same for all.

    Returns
    -------
    list of models.FindingEvidence
        The links, in the order given.

    Raises
    ------
    PolicyError
        If one is on the other side already: somebody put it there, and it is not moved unseen.
    """
    lock_review(review)
    evidence = tuple(evidence)
    policies.check_not_on_other_side(review, finding, evidence, side)
    return [
        link_evidence(review=review, by=by, finding=finding, evidence=one, side=side, note=note)
        for one in evidence
    ]


@transaction.atomic
def unlink_evidence(
    *, review: models.Review, by: models.Member, finding: str, evidence: str
) -> None:
    """Take evidence away from a candidate finding.

    Parameters
    ----------
    review : models.Review
        Whose both are.
    by : models.Member
        Who does it.
    finding, evidence : str
        Their ids; nothing happens if they are not linked.
    """
    check_can(by, "draft_findings")
    lock_review(review)
    one = find_record(review, "findings", finding)
    policies.check_can_change_finding(one)
    save_link(
        review=review,
        by=by,
        table="finding_evidence",
        values=None,
        where={"finding": one, "evidence__code": evidence},
        name=f"{finding} {evidence}",
    )


def confirm_finding(
    *, review: models.Review, by: models.Member, code: str, version: int | None, why: str = ""
) -> models.Finding:
    """Confirm a finding in one's own name.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who confirms.
    code : str
        Its id.
    version : int or None
        The version that the person saw.
    why : str
        What persuaded them.

    Returns
    -------
    models.Finding
        The finding.

    Raises
    ------
    PolicyError
        If no evidence for it stands, or contrary evidence was not weighed.
    """
    check_can(by, "confirm_findings")
    return _set_status(
        review,
        by,
        code,
        {"status": "confirmed", "confirmed_by": by.code, "confirmed_at": now()},
        action="confirmed",
        why=why,
        version=version,
        check=policies.check_can_confirm,
    )


def reopen_finding(
    *, review: models.Review, by: models.Member, code: str, why: str
) -> models.Finding:
    """Make a confirmed or withdrawn finding a candidate again.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Its id.
    why : str
        The reason.

    Returns
    -------
    models.Finding
        The finding.

    Raises
    ------
    RecordFaults
        If no reason is given.
    PolicyError
        If it is a candidate.
    """
    check_can(by, "confirm_findings")
    _check_reason(why)
    return _set_status(
        review,
        by,
        code,
        {"status": "candidate", "confirmed_by": "", "confirmed_at": None},
        action="reopened",
        why=why,
        check=policies.check_can_reopen,
    )


def withdraw_finding(
    *, review: models.Review, by: models.Member, code: str, why: str
) -> models.Finding:
    """Withdraw a finding; it stays to be seen.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Its id.
    why : str
        The reason.

    Returns
    -------
    models.Finding
        The finding.

    Raises
    ------
    RecordFaults
        If no reason is given.
    PolicyError
        If it is no candidate: a confirmed one is reopened first.
    """
    check_can(by, "confirm_findings")
    _check_reason(why)
    return _set_status(
        review,
        by,
        code,
        {"status": "withdrawn"},
        action="withdrawn",
        why=why,
        check=policies.check_can_change_finding,
    )


def _check_reason(why: str) -> None:
    if not why.strip():
        raise RecordFaults({"why": ["A reason is needed. Say why in a sentence."]})


def _set_status(
    review: models.Review,
    by: models.Member,
    code: str,
    values: Mapping[str, Any],
    **settings: Any,
) -> models.Finding:
    found: models.Finding = save_record(
        review=review, by=by, table="findings", values=values, code=code, **settings
    )
    return found


@transaction.atomic
def save_improvement(
    *,
    review: models.Review,
    by: models.Member,
    values: Mapping[str, Any],
    code: str = "",
    version: int | None = None,
) -> models.AreaForImprovement:
    """Add or change an area for improvement.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    values : mapping of str to object
        Columns of ``areas_for_improvement.csv``; a new one comes last if it has no order.
    code : str
        Its id; a new one is added if empty.
    version : int, optional
        The version that the person saw.

    Returns
    -------
    models.AreaForImprovement
        The area for improvement.
    """
    check_can(by, "change_improvements")
    told = dict(values)
    if not code and not told.get("order"):
        lock_review(review)
        orders = models.AreaForImprovement.objects.filter(review=review)
        told["order"] = max(orders.values_list("order", flat=True), default=0) + 1
    found: models.AreaForImprovement = save_record(
        review=review,
        by=by,
        table="areas_for_improvement",
        values=told,
        code=code,
        version=version,
    )
    return found
