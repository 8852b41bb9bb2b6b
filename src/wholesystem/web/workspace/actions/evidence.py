"""Evidence: a passage or figure of a source, coded to the questions that it speaks to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import save_link, save_record, withdraw_record
from wholesystem.web.workspace.errors import RecordFaults
from wholesystem.web.workspace.permissions import check_can

__all__ = ["save_evidence", "withdraw_evidence"]


@transaction.atomic
def save_evidence(
    *,
    review: models.Review,
    by: models.Member,
    values: Mapping[str, Any],
    code: str = "",
    version: int | None = None,
    figure: Mapping[str, Any] | None = None,
    anchor: Mapping[str, Any] | None = None,
    why: str = "",
) -> models.Evidence:
    """Add or change evidence, with the figure that it cites and the passage that it quotes.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    values : mapping of str to object
        Columns of ``evidence.csv``.
    code : str
        Its id; new evidence is added if empty.
    version : int, optional
        The version that the person saw.
    figure : mapping of str to object, optional
        Columns of ``figures.csv`` but the first. Needed for the form figure, unless it has one.
    anchor : mapping of str to object, optional
        Columns of ``anchors.csv`` but the first.
    why : str
        The person's reason, such as why it was coded anew.

    Returns
    -------
    models.Evidence
        The evidence.

    Raises
    ------
    RecordFaults
        If a value breaks a rule; nothing is saved then.
    PermissionDenied, Conflict, PolicyError, Http404
        See `save_record`.
    """
    check_can(by, "add_evidence")
    evidence: models.Evidence = save_record(
        review=review,
        by=by,
        table="evidence",
        values=values,
        code=code,
        version=version,
        why=why,
    )
    if evidence.form != "figure":
        figure = None
    elif figure is None and not hasattr(evidence, "figure"):
        raise RecordFaults({"form": ["A figure needs the figure that it cites. Choose one."]})
    if figure is not None or (evidence.form != "figure" and hasattr(evidence, "figure")):
        _save_part(review, by, "figures", evidence, figure)
    if anchor is not None:
        _save_part(review, by, "anchors", evidence, anchor)
    return models.Evidence.objects.select_related("source", "recorded_by").get(pk=evidence.pk)


def _save_part(
    review: models.Review,
    by: models.Member,
    table: str,
    evidence: models.Evidence,
    values: Mapping[str, Any] | None,
) -> None:
    told = None if values is None else {**values, "evidence": evidence.code}
    save_link(
        review=review,
        by=by,
        table=table,
        values=told,
        where={"evidence": evidence},
        name=evidence.code,
    )


def withdraw_evidence(
    *, review: models.Review, by: models.Member, code: str, why: str
) -> models.Evidence:
    """Withdraw evidence, so that no finding may rest on it; it stays to be seen.

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
    models.Evidence
        The evidence.

    Raises
    ------
    PolicyError
        If a confirmed finding rests on it.
    RecordFaults
        If no reason is given.
    """
    check_can(by, "add_evidence")
    found: models.Evidence = withdraw_record(
        review=review, by=by, table="evidence", code=code, why=why
    )
    return found
