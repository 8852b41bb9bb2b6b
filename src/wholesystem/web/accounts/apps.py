"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "wholesystem.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Start listening; models can be imported only now."""
        from wholesystem.web.accounts import listening  # noqa: F401
