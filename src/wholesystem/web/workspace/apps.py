"""The workspace as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """The app of reviews."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "wholesystem.web.workspace"
    label = "workspace"
    verbose_name = "Reviews"

    def ready(self) -> None:
        """Listen to what accounts tell."""
        from django.db.models.signals import post_save

        from wholesystem.web.accounts.models import User
        from wholesystem.web.accounts.signals import invitation_accepted
        from wholesystem.web.workspace.actions.people import accept_grants
        from wholesystem.web.workspace.example import welcome_first_account

        invitation_accepted.connect(accept_grants, dispatch_uid="workspace_accept_grants")
        post_save.connect(welcome_first_account, sender=User, dispatch_uid="workspace_welcome")
