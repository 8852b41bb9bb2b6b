"""Every change of invitations, each with its link in the chain."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholesystem.web.accounts.errors import AccountError
from wholesystem.web.accounts.models import Invitation, User, tidy_email
from wholesystem.web.accounts.permissions import check_is_administrator
from wholesystem.web.accounts.signals import invitation_accepted
from wholesystem.web.audit.chain import record

__all__ = [
    "accept_as",
    "accept_by_provider",
    "accept_with_password",
    "find_open",
    "invite",
    "renew",
    "withdraw",
]

TOKEN_BYTES = 32
NOT_OPEN = (
    "This invitation cannot be accepted. A link holds once and for some days. Ask the person who"
    " gave it to you for a new one."
)


def _digest(token: str) -> str:
    # A plain digest is enough: 256 random bits cannot be tried out.
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


@transaction.atomic
def invite(
    *, email: str, name: str, by: User, is_administrator: bool = False
) -> tuple[Invitation, str]:
    """Make an invitation. Who may is the caller's to ask: an administrator, or a review's lead.

    Parameters
    ----------
    email, name : str
        Of the person invited.
    by : User
        Who invites.
    is_administrator : bool
        Whether the account becomes an administrator's; only an administrator may say so.

    Returns
    -------
    tuple of (Invitation, str)
        The invitation, and the token of its link, which is not kept: show it now.

    Raises
    ------
    PermissionDenied
        If the person's account is closed, or they may not make administrators.
    AccountError
        If the address has an account already.
    """
    if not by.is_active:
        raise PermissionDenied
    if is_administrator:
        check_is_administrator(by)
    if User.objects.filter(email=tidy_email(email)).exists():
        raise AccountError("This address has an account already. Add the person without a link.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        email=tidy_email(email),
        name=name,
        is_administrator=is_administrator,
        invited_by=by,
        token_digest=_digest(token),
    )
    record("invited", by=by, of=f"invitation:{invitation.pk}")
    return invitation, token


def find_open(token: str) -> Invitation | None:
    """The invitation of a link.

    Parameters
    ----------
    token : str
        From the link.

    Returns
    -------
    Invitation or None
        None where there is none, or it was accepted, withdrawn or is too old.
    """
    invitation = Invitation.objects.filter(token_digest=_digest(token)).first()
    return invitation if invitation and invitation.is_open else None


def _lock_open(**where: object) -> Invitation:
    """The invitation, held until the transaction ends: of two acceptances at once, one fails."""
    invitation = Invitation.objects.select_for_update().filter(**where).first()
    if invitation is None or not invitation.is_open:
        raise AccountError(NOT_OPEN)
    return invitation


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    """Withdraw an invitation; its link holds no longer.

    Parameters
    ----------
    invitation : Invitation
        Not yet accepted.
    by : User
        Who withdraws it; an administrator or who made it.

    Raises
    ------
    PermissionDenied
        If it is neither.
    AccountError
        If it was accepted or withdrawn.
    """
    held = _lock_pending(invitation, by)
    held.withdrawn_at = timezone.now()
    held.save(update_fields=["withdrawn_at"])
    record("invitation_withdrawn", by=by, of=f"invitation:{held.pk}")


@transaction.atomic
def renew(*, invitation: Invitation, by: User) -> str:
    """Make a new link for an invitation; the old one holds no longer.

    Parameters
    ----------
    invitation : Invitation
        Not accepted or withdrawn; it may be too old.
    by : User
        An administrator or who made it.

    Returns
    -------
    str
        The token of its link, which is not kept: show it now.

    Raises
    ------
    PermissionDenied
        If the person is neither.
    AccountError
        If it was accepted or withdrawn.
    """
    held = _lock_pending(invitation, by)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    held.token_digest = _digest(token)
    held.expires_at = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    held.save(update_fields=["token_digest", "expires_at"])
    record("invitation_renewed", by=by, of=f"invitation:{held.pk}")
    return token


def _lock_pending(invitation: Invitation, by: User) -> Invitation:
    if invitation.invited_by_id != by.pk or not by.is_active:
        check_is_administrator(by)
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if held.accepted_at or held.withdrawn_at:
        raise AccountError("It was accepted or withdrawn meanwhile. Load the page again.")
    return held


@transaction.atomic
def accept_with_password(*, token: str, name: str, password: str) -> User:
    """Make the account that an invitation is for.

    Parameters
    ----------
    token : str
        From the link.
    name : str
        As the person writes it.
    password : str
        Already validated.

    Returns
    -------
    User
        The account.

    Raises
    ------
    AccountError
        If the link does not hold, or the address has an account meanwhile.
    """
    invitation = _lock_open(token_digest=_digest(token))
    user = _new_user(invitation, name)
    user.set_password(password)
    user.save()
    _accept(invitation, user)
    return user


@transaction.atomic
def accept_as(*, token: str, by: User) -> None:
    """Accept an invitation with an account that there is already.

    Parameters
    ----------
    token : str
        From the link.
    by : User
        Signed in; the invitation must be for this account's address.

    Raises
    ------
    PermissionDenied
        If it is for another address.
    AccountError
        If the link does not hold.
    """
    invitation = _lock_open(token_digest=_digest(token))
    if invitation.email != by.email:
        raise PermissionDenied
    _accept(invitation, by)


@transaction.atomic
def accept_by_provider(*, email: str) -> User | None:
    """Make the account of an invited person whose address a provider vouches for.

    Parameters
    ----------
    email : str
        Verified by the provider.

    Returns
    -------
    User or None
        The account, without a password; all open invitations for the address are accepted. None
        where there is none.
    """
    invitations = [
        one
        for one in Invitation.objects.select_for_update().filter(email=tidy_email(email))
        if one.is_open
    ]
    if not invitations:
        return None
    user = _new_user(invitations[0], invitations[0].name)
    user.set_unusable_password()
    user.save()
    for invitation in invitations:
        _accept(invitation, user)
    return user


def _new_user(invitation: Invitation, name: str) -> User:
    if User.objects.filter(email=invitation.email).exists():
        raise AccountError("There is an account for this address. Sign in, then open the link.")
    return User(email=invitation.email, name=name)


def _accept(invitation: Invitation, user: User) -> None:
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    if invitation.is_administrator and not user.is_administrator:
        user.is_administrator = True
        user.save(update_fields=["is_administrator"])
    record("invitation_accepted", by=user, of=f"invitation:{invitation.pk}")
    invitation_accepted.send(sender=Invitation, invitation=invitation, user=user)
