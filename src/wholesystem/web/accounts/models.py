"""Accounts and the invitations that make them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

__all__ = ["Invitation", "User", "UserManager", "tidy_email"]

NAME_LENGTH = 200
EMAIL_LENGTH = 254
DIGEST_LENGTH = 64


def tidy_email(email: str) -> str:
    """An e-mail address as it is kept: without spaces around it, in small letters."""
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    """Finds accounts; the actions make them."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The account of an e-mail address, in whatever letters it is typed."""
        return self.get(email=tidy_email(username or ""))


class User(AbstractBaseUser):
    """A person's account. It is never deleted, since records say who made them."""

    email = models.EmailField(max_length=EMAIL_LENGTH, unique=True)
    name = models.CharField(max_length=NAME_LENGTH)
    # May open reviews, invite people and see the health of the workspace.
    is_administrator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    # True of one account only, by constraint: of two first accounts made at once, one fails.
    is_first = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        """By name."""

        ordering: ClassVar[Any] = ["name", "pk"]
        constraints: ClassVar[Any] = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_small"),
            models.UniqueConstraint(
                fields=["is_first"], condition=Q(is_first=True), name="user_one_first"
            ),
        ]

    def __str__(self) -> str:
        """The person's name."""
        return self.name

    def clean(self) -> None:
        """Tidy the e-mail address, which is compared as it is kept."""
        super().clean()
        self.email = tidy_email(self.email)


def _expiry() -> Any:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


class Invitation(models.Model):
    """A link that makes one account, once. Other apps hang what it grants on it.

    The token itself is shown once and not kept. An app that grants something with an invitation
    points at it with a foreign key of its own and receives `invitation_accepted`.
    """

    email = models.EmailField(max_length=EMAIL_LENGTH)
    name = models.CharField(max_length=NAME_LENGTH)
    is_administrator = models.BooleanField(default=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations_made"
    )
    token_digest = models.CharField(max_length=DIGEST_LENGTH, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=_expiry, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations_accepted",
        editable=False,
    )

    class Meta:
        """Newest first; accepted by someone at some time, or neither, and not once withdrawn."""

        ordering: ClassVar[Any] = ["-pk"]
        constraints: ClassVar[Any] = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        """Whom it is for."""
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return (
            self.accepted_at is None
            and self.withdrawn_at is None
            and timezone.now() < self.expires_at
        )
