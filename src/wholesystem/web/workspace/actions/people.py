"""Bringing people into a review: invitations, and parts of those whom the review names already."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from wholesystem.web.accounts import invitations
from wholesystem.web.accounts.models import Invitation, User, tidy_email
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.reviews import add_member
from wholesystem.web.workspace.actions.saving import append_event, lock_review, save_record
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.permissions import check_can

__all__ = ["accept_grants", "invite_member", "renew_invitation", "withdraw_invitation"]


@transaction.atomic
def invite_member(
    *,
    review: models.Review,
    by: models.Member,
    email: str,
    name: str,
    role: str,
    organisation: str = "",
    person: str = "",
) -> str:
    """Give a person a part in a review: at once if they have an account, else by invitation.

    Parameters
    ----------
    review : models.Review
        The review.
    by : models.Member
        Who invites.
    email, name : str
        The person's.
    role : str
        A word of ``roles.csv``.
    organisation : str
        Id of their organisation in the review; empty for none.
    person : str
        Id of somebody whom the review names already and whose part they take; empty for a new
        part.

    Returns
    -------
    str
        Token of the invitation's link, to be shown once; empty where the part was given at once.

    Raises
    ------
    PolicyError
        If the person has a part already, their account is closed, or the part is another's.
    """
    check_can(by, "manage_people")
    review = lock_review(review)
    named = _unclaimed(review, person) if person else None
    own = models.Organisation.objects.filter(review=review, code=organisation).first()
    grant = models.Grant(review=review, role=role, member=named, organisation=own, invited_by=by)
    user = User.objects.filter(email=tidy_email(email)).first()
    if user is not None:
        _check_may_join(review, user)
        _give(grant, user, by=by)
        return ""
    grant.invitation, token = invitations.invite(email=email, name=name, by=_account(by))
    grant.save()
    return token


def _account(member: models.Member) -> User:
    user: User | None = member.user
    if user is None:
        raise PermissionDenied
    return user


def _unclaimed(review: models.Review, person: str) -> models.Member:
    """Somebody whom the review names and who has no account."""
    found = models.Member.objects.filter(review=review, code=person).first()
    if found is None or found.user_id is not None:
        raise PolicyError(
            "Somebody has this part by now. Choose another, or give the person a new part."
        )
    return found


def _check_may_join(review: models.Review, user: User) -> None:
    if not user.is_active:
        raise PolicyError(
            f"The account of {user.name} is closed. Ask an administrator to open it first."
        )
    if models.Member.objects.filter(review=review, user=user, left_at__isnull=True).exists():
        raise PolicyError(
            f"{user.name} has a part in this review already. Change their role instead."
        )


def _give(grant: models.Grant, user: User, *, by: models.Member | None) -> models.Member:
    """The part that a grant gives; a part that they had here before comes first."""
    review, organisation = grant.review, grant.organisation.code if grant.organisation else ""
    had = models.Member.objects.filter(review=review, user=user).exists()
    named = grant.member
    if named is None or named.user_id is not None or had:
        return add_member(
            review=review, by=by, user=user, role=grant.role, organisation=organisation
        )
    review = lock_review(review)
    named.user, named.left_at = user, None
    named.version += 1
    named.save(update_fields=["user", "left_at", "version"])
    append_event(
        review, by=by or named, action="joined", table="people", record=named.code, changes={}
    )
    values = {"role": grant.role, "organisation": organisation or _code(named.organisation)}
    member: models.Member = save_record(
        review=review, by=by or named, table="people", values=values, code=named.code
    )
    return member


def _code(record: models.Organisation | None) -> str:
    return record.code if record else ""


def accept_grants(*, invitation: Invitation, user: Any, **rest: Any) -> None:
    """Give who accepts an invitation all the parts that it grants; receives the signal.

    Parameters
    ----------
    invitation : Invitation
        Just accepted.
    user : User
        Who accepted it.
    **rest : object
        Of the signal.
    """
    grants = models.Grant.objects.filter(invitation=invitation).order_by("pk")
    for grant in grants.select_related("review", "member__organisation", "organisation"):
        if models.Member.objects.filter(
            review=grant.review, user=user, left_at__isnull=True
        ).exists():
            continue
        _give(grant, user, by=None)


@transaction.atomic
def renew_invitation(*, grant: models.Grant, by: models.Member) -> str:
    """Make a new link for an invitation; the old one holds no longer.

    Parameters
    ----------
    grant : models.Grant
        Of an invitation that is not accepted.
    by : models.Member
        Who made it, or an administrator.

    Returns
    -------
    str
        Token of the link, to be shown once.

    Raises
    ------
    PermissionDenied
        If the person is neither.
    AccountError
        If it was accepted or withdrawn.
    """
    check_can(by, "manage_people")
    return invitations.renew(invitation=grant.invitation, by=_account(by))


@transaction.atomic
def withdraw_invitation(*, grant: models.Grant, by: models.Member) -> None:
    """Take back the part that an invitation grants; and the invitation, if it is one's own.

    Parameters
    ----------
    grant : models.Grant
        Of an invitation that is not accepted.
    by : models.Member
        A lead.

    Raises
    ------
    AccountError
        If it was accepted or withdrawn.
    """
    check_can(by, "manage_people")
    user, invitation = _account(by), grant.invitation
    if user.is_administrator or invitation.invited_by_id == user.pk:
        invitations.withdraw(invitation=invitation, by=user)
    # Another's invitation still makes an account, and no longer leads into this review.
    grant.delete()
