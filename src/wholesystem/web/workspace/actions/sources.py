"""Sources, and the organisations of the system that they and evidence are about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import lock_review, save_record, withdraw_record
from wholesystem.web.workspace.permissions import check_can

__all__ = ["save_organisation", "save_source", "withdraw_source"]


def save_source(
    *,
    review: models.Review,
    by: models.Member,
    values: Mapping[str, Any],
    code: str = "",
    version: int | None = None,
) -> models.Source:
    """Add or change a source.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    values : mapping of str to object
        Columns of ``sources.csv``.
    code : str
        Its id; a new one is added if empty.
    version : int, optional
        The version that the person saw.

    Returns
    -------
    models.Source
        The source.

    Raises
    ------
    PermissionDenied, RecordFaults, Conflict, PolicyError, Http404
        See `save_record`.
    """
    check_can(by, "add_evidence")
    found: models.Source = save_record(
        review=review, by=by, table="sources", values=values, code=code, version=version
    )
    return found


def withdraw_source(
    *, review: models.Review, by: models.Member, code: str, why: str
) -> models.Source:
    """Withdraw a source, so that no finding may rest on it; it stays to be seen.

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
    models.Source
        The source.

    Raises
    ------
    PolicyError
        If a confirmed finding rests on it.
    RecordFaults
        If no reason is given.
    """
    check_can(by, "add_evidence")
    found: models.Source = withdraw_record(
        review=review, by=by, table="sources", code=code, why=why
    )
    return found


@transaction.atomic
def save_organisation(
    *,
    review: models.Review,
    by: models.Member,
    values: Mapping[str, Any],
    code: str = "",
    version: int | None = None,
) -> models.Organisation:
    """Add or change an organisation of the system.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    values : mapping of str to object
        Columns of ``organisations.csv``; a new one's id is made from its name.
    code : str
        Its id; a new one is added if empty.
    version : int, optional
        The version that the person saw.

    Returns
    -------
    models.Organisation
        The organisation.
    """
    check_can(by, "add_organisations")
    told = dict(values)
    if not code:
        lock_review(review)
        told["organisation"] = _id_from(str(values.get("name", "")), review)
    found: models.Organisation = save_record(
        review=review, by=by, table="organisations", values=told, code=code, version=version
    )
    return found


def _id_from(name: str, review: models.Review) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50] or "organisation"
    taken = set(models.Organisation.objects.filter(review=review).values_list("code", flat=True))
    names = (stem, *(f"{stem}_{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in names if one not in taken)
