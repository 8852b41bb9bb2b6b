"""Reviews themselves, who takes part, and what is due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from pydantic import ValidationError

from wholesystem.reviews.framework import Framework
from wholesystem.reviews.records import ReviewInfo
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import (
    append_event,
    find_record,
    lock_review,
    next_code,
    save_record,
)
from wholesystem.web.workspace.addresses import check_framework_ids
from wholesystem.web.workspace.errors import Conflict, PolicyError, RecordFaults
from wholesystem.web.workspace.permissions import check_can
from wholesystem.web.workspace.policies import RESERVED_IDS
from wholesystem.web.workspace.rows import info_row, stored_framework

__all__ = [
    "add_member",
    "change_member",
    "change_review",
    "end_membership",
    "keep_framework",
    "open_review",
    "save_due_date",
]


def keep_framework(*, framework: Framework, by: Any = None) -> models.Framework:
    """Keep a framework, so that reviews can be opened with it.

    Parameters
    ----------
    framework : Framework
        Checked.
    by : User, optional
        Who brought it; None for a packaged one.

    Returns
    -------
    models.Framework
        The one kept; the one that is there already if it is the same.

    Raises
    ------
    TableError
        If an id of it cannot stand in an address.
    PolicyError
        If another framework bears the same id.
    """
    check_framework_ids(framework)
    tables = stored_framework(framework)
    kept, _ = models.Framework.objects.get_or_create(
        code=framework.info.framework,
        defaults={"name": framework.info.name, "tables": tables, "added_by": by},
    )
    if kept.tables != tables:
        raise PolicyError(
            f"There is another framework with the id {kept.code}. Reviews rest on its questions,"
            " so it is never replaced. Give yours another id in framework.csv."
        )
    return kept


@transaction.atomic
def open_review(
    *, user: Any, framework: models.Framework, values: Mapping[str, Any]
) -> models.Review:
    """Open a review and make its opener the lead.

    Parameters
    ----------
    user : User
        Who opens it.
    framework : models.Framework
        Its questions.
    values : mapping of str to object
        Columns of ``review.csv`` but the framework.

    Returns
    -------
    models.Review
        The review.

    Raises
    ------
    RecordFaults
        If a value breaks a rule, or the id is taken.
    """
    row = _checked_info({**values, "framework": framework.code})
    if row.review in RESERVED_IDS:
        raise RecordFaults({"review": ["Another page has this short name. Choose another."]})
    if models.Review.objects.filter(code=row.review).exists():
        raise RecordFaults({"review": ["Another review has this id. Choose another."]})
    kept = {name: getattr(row, name) for name in ReviewInfo.columns()}
    code = kept.pop("review")
    review = models.Review.objects.create(code=code, **{**kept, "framework": framework})
    lead = models.Member.objects.create(
        review=review, code="P01", user=user, name=user.name, role="lead"
    )
    append_event(
        review,
        by=lead,
        action="opened",
        table="review",
        record=review.code,
        changes={name: (None, text) for name, text in row.cells().items() if text},
    )
    return review


def _checked_info(values: Mapping[str, Any]) -> ReviewInfo:
    try:
        return ReviewInfo.model_validate(dict(values))
    except ValidationError as error:
        raise RecordFaults.of(error) from None


@transaction.atomic
def change_review(
    *,
    review: models.Review,
    by: models.Member,
    values: Mapping[str, Any],
    version: int | None,
    why: str = "",
) -> models.Review:
    """Change a review's title, aim, note, area or stage.

    Parameters
    ----------
    review : models.Review
        The review.
    by : models.Member
        Who does it.
    values : mapping of str to object
        Columns of ``review.csv``; its id and framework stay.
    version : int or None
        The version that the person saw.
    why : str
        The person's reason.

    Returns
    -------
    models.Review
        As it is now.

    Raises
    ------
    RecordFaults
        If a value breaks a rule.
    Conflict
        If somebody else changed it meanwhile.
    """
    check_can(by, "change_review")
    kept = lock_review(review)
    before = info_row(kept)
    if version is not None and kept.version != version:
        raise Conflict("review", kept.code, dict(before), kept.version)
    fixed = {"review": kept.code, "framework": kept.framework.code}
    after = _checked_info({**dict(before), **values, **fixed})
    old, new = before.cells(), after.cells()
    changes = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
    if not changes:
        return kept
    for name in changes:
        setattr(kept, name, getattr(after, name))
    kept.version += 1
    kept.save()
    append_event(
        kept, by=by, action="changed", table="review", record=kept.code, changes=changes, why=why
    )
    return kept


@transaction.atomic
def add_member(
    *,
    review: models.Review,
    by: models.Member | None,
    user: Any,
    role: str,
    organisation: str = "",
) -> models.Member:
    """Give a person a part in a review, or theirs back to one who left.

    Parameters
    ----------
    review : models.Review
        The review.
    by : models.Member, optional
        Who invited them; their invitation was checked then. None for the program itself.
    user : User
        The person's account.
    role : str
        A word of ``roles.csv``.
    organisation : str
        Id of their organisation in the review; empty for none.

    Returns
    -------
    models.Member
        Their part.
    """
    review = lock_review(review)
    had = models.Member.objects.filter(review=review, user=user).first()
    if had is not None and had.left_at is not None:
        had.left_at = None
        had.save(update_fields=["left_at"])
    values = {"name": user.name, "role": role, "organisation": organisation}
    code = had.code if had else next_code(review, "people")
    if had is None:
        own = models.Organisation.objects.filter(review=review, code=organisation).first()
        member = models.Member.objects.create(
            review=review, code=code, user=user, name=user.name, role=role, organisation=own
        )
        append_event(
            review,
            by=by or member,
            action="joined",
            table="people",
            record=code,
            changes={name: (None, value) for name, value in values.items() if value},
        )
        return member
    kept: models.Member = save_record(
        review=review, by=by or had, table="people", values=values, code=code, action="joined"
    )
    return kept


def change_member(
    *,
    review: models.Review,
    by: models.Member,
    code: str,
    values: Mapping[str, Any],
    version: int | None,
    why: str = "",
) -> models.Member:
    """Change a person's role or organisation.

    Parameters
    ----------
    review : models.Review
        The review.
    by : models.Member
        Who does it.
    code : str
        The person's id.
    values : mapping of str to object
        Columns of ``people.csv``.
    version : int or None
        The version that the person saw.
    why : str
        The reason.

    Returns
    -------
    models.Member
        Their part.

    Raises
    ------
    PolicyError
        If the review would be left without a lead.
    """
    check_can(by, "manage_people")

    def check(member: models.Member) -> None:
        if values.get("role", member.role) != "lead":
            _check_another_lead(member)

    found: models.Member = save_record(
        review=review,
        by=by,
        table="people",
        values=values,
        code=code,
        version=version,
        why=why,
        check=check,
    )
    return found


@transaction.atomic
def end_membership(
    *, review: models.Review, by: models.Member, code: str, why: str = ""
) -> models.Member:
    """End a person's part: they see the review no more; what they recorded stays theirs.

    Parameters
    ----------
    review : models.Review
        The review.
    by : models.Member
        Who does it.
    code : str
        The person's id.
    why : str
        The reason.

    Returns
    -------
    models.Member
        Their part.

    Raises
    ------
    PolicyError
        If they are the only lead, or have left already.
    """
    check_can(by, "manage_people")
    review = lock_review(review)
    member: models.Member = find_record(review, "people", code)
    if member.left_at is not None:
        raise PolicyError(f"{member.name} has left already.")
    _check_another_lead(member)
    member.left_at = timezone.now()
    member.version += 1
    member.save()
    append_event(review, by=by, action="left", table="people", record=code, changes={}, why=why)
    return member


def _check_another_lead(member: models.Member) -> None:
    leads = models.Member.objects.filter(
        review=member.review_id, role="lead", left_at__isnull=True, user__isnull=False
    )
    if member.role == "lead" and not leads.exclude(pk=member.pk).exists():
        raise PolicyError(f"{member.name} is the only lead. Make somebody else a lead first.")


def save_due_date(
    *,
    review: models.Review,
    by: models.Member,
    values: Mapping[str, Any],
    code: str = "",
    version: int | None = None,
) -> models.DueDate:
    """Add, change or tick off what is due.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    values : mapping of str to object
        Columns of ``due_dates.csv``.
    code : str
        Its id; a new one is added if empty.
    version : int, optional
        The version that the person saw.

    Returns
    -------
    models.DueDate
        What is due.
    """
    check_can(by, "change_due_dates")
    found: models.DueDate = save_record(
        review=review, by=by, table="due_dates", values=values, code=code, version=version
    )
    return found
