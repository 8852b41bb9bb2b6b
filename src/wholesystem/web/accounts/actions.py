"""Every change of accounts, each with its link in the chain. Invitations: `invitations`."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from wholesystem.web.accounts.errors import AccountError
from wholesystem.web.accounts.first_code import forget_code
from wholesystem.web.accounts.models import User, tidy_email
from wholesystem.web.accounts.permissions import check_is_administrator
from wholesystem.web.audit.chain import record

__all__ = [
    "change_name",
    "change_password",
    "create_account",
    "create_first_account",
    "note_password_link",
    "set_active",
    "set_administrator",
    "set_password_by_link",
]

TAKEN = "There is an account already. Sign in with it."


def create_first_account(*, email: str, name: str, password: str) -> User:
    """Make the first account, an administrator's; its code was asked before.

    Parameters
    ----------
    email, name : str
        The person's.
    password : str
        Already validated.

    Returns
    -------
    User
        The account.

    Raises
    ------
    AccountError
        If there is an account, also where another was made at the same moment.
    """
    try:
        with transaction.atomic():
            if User.objects.exists():
                raise AccountError(TAKEN)
            user = User(email=tidy_email(email), name=name, is_administrator=True, is_first=True)
            user.set_password(password)
            user.save()
            record("first_account_created", by=user, of=f"user:{user.pk}")
            transaction.on_commit(forget_code)
    except IntegrityError:
        raise AccountError(TAKEN) from None
    return user


@transaction.atomic
def create_account(*, email: str, name: str, is_administrator: bool) -> User:
    """Make an account from the terminal, whose user has the data folder and needs no leave.

    Parameters
    ----------
    email, name : str
        The person's.
    is_administrator : bool
        Whether it is an administrator's; the first account always is.

    Returns
    -------
    User
        The account; it has no password yet.

    Raises
    ------
    AccountError
        If the address has an account.
    """
    if User.objects.filter(email=tidy_email(email)).exists():
        raise AccountError(f"{tidy_email(email)} has an account. One address has one. Use it.")
    first = not User.objects.exists()
    user = User(
        email=tidy_email(email),
        name=name,
        is_administrator=is_administrator or first,
        is_first=first,
    )
    user.set_unusable_password()
    user.save()
    record("account_created", by=None, of=f"user:{user.pk}")
    if first:
        transaction.on_commit(forget_code)
    return user


@transaction.atomic
def change_password(*, by: User, password: str) -> None:
    """Change one's own password; it ends the person's sessions elsewhere.

    Parameters
    ----------
    by : User
        Whose it is.
    password : str
        Already validated.
    """
    by.set_password(password)
    by.save(update_fields=["password"])
    record("password_changed", by=by, of=f"user:{by.pk}")


@transaction.atomic
def note_password_link(*, user: User, by: User | None) -> None:
    """Record that a link for a new password was made.

    Parameters
    ----------
    user : User
        Whose password it sets.
    by : User or None
        An administrator; None at the terminal.

    Raises
    ------
    PermissionDenied
        If the person is not an administrator.
    """
    if by is not None:
        check_is_administrator(by)
    record("password_link_made", by=by, of=f"user:{user.pk}")


@transaction.atomic
def set_password_by_link(*, user: User, password: str) -> None:
    """Set a password by a link, whose token was checked before and holds no longer after.

    Parameters
    ----------
    user : User
        Whose it is.
    password : str
        Already validated.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    record("password_set_by_link", by=user, of=f"user:{user.pk}")


@transaction.atomic
def change_name(*, by: User, name: str) -> None:
    """Change one's own name as others see it.

    Parameters
    ----------
    by : User
        Whose it is.
    name : str
        The new one.
    """
    by.name = name
    by.save(update_fields=["name"])
    record("name_changed", by=by, of=f"user:{by.pk}")


@transaction.atomic
def set_active(*, user: User, active: bool, by: User) -> None:
    """Close an account, which ends its sessions at once, or open it again.

    Parameters
    ----------
    user : User
        Whose.
    active : bool
        Whether it is open after.
    by : User
        An administrator.

    Raises
    ------
    PermissionDenied
        If the person is not an administrator.
    AccountError
        If no administrator would be left.
    """
    check_is_administrator(by)
    if not active:
        _check_another_administrator(user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    record("account_opened" if active else "account_closed", by=by, of=f"user:{user.pk}")


@transaction.atomic
def set_administrator(*, user: User, administrator: bool, by: User) -> None:
    """Make a person an administrator, or no longer one.

    Parameters
    ----------
    user : User
        The person.
    administrator : bool
        Whether they are one after.
    by : User
        An administrator.

    Raises
    ------
    PermissionDenied
        If the person is not an administrator.
    AccountError
        If no administrator would be left.
    """
    check_is_administrator(by)
    if not administrator:
        _check_another_administrator(user)
    user.is_administrator = administrator
    user.save(update_fields=["is_administrator"])
    action = "administrator_made" if administrator else "administrator_unmade"
    record(action, by=by, of=f"user:{user.pk}")


def _check_another_administrator(user: User) -> None:
    """Held until the transaction ends: of the last two, not both may close the other."""
    others = User.objects.select_for_update().filter(is_active=True, is_administrator=True)
    if not [one for one in others if one.pk != user.pk]:
        raise AccountError(
            "This is the only administrator. A workspace has at least one. Make another person an"
            " administrator first."
        )
