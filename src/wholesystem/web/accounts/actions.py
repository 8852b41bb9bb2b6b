"""Every change of accounts and invitations, each with its link in the chain."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from wholesystem.web.accounts.errors import AccountError
from wholesystem.web.accounts.first_code import forget_code
from wholesystem.web.accounts.models import User, tidy_email
from wholesystem.web.audit.chain import record

__all__ = ["create_first_account"]


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
                raise AccountError("There is an account already. Sign in with it.")
            user = User(email=tidy_email(email), name=name, is_administrator=True, is_first=True)
            user.set_password(password)
            user.save()
            record("first_account_created", by=user, of=f"user:{user.pk}")
            transaction.on_commit(forget_code)
    except IntegrityError:
        raise AccountError("There is an account already. Sign in with it.") from None
    return user
