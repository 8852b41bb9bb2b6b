"""The chain of what was done with accounts: appended only, each link over the one before."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

__all__ = ["SiteEvent"]

DIGEST_LENGTH = 64


class SiteEvent(models.Model):
    """One link. The database refuses to change or delete it."""

    number = models.PositiveBigIntegerField(unique=True)
    # UTC as text, so that the digest is over exactly what is stored on every database.
    at = models.CharField(max_length=32)
    # Number of the account; no foreign key, so that nothing ever rewrites a link.
    actor = models.BigIntegerField(null=True)
    action = models.CharField(max_length=60)
    object = models.CharField(max_length=60, blank=True)
    # Canonical JSON; numbers, yes and no, and fixed words only.
    details = models.TextField(default="{}")
    previous = models.CharField(max_length=DIGEST_LENGTH, blank=True)
    digest = models.CharField(max_length=DIGEST_LENGTH)

    class Meta:
        """In order."""

        ordering: ClassVar[Any] = ["number"]

    def __str__(self) -> str:
        """Its place and what was done."""
        return f"{self.number} {self.action}"
