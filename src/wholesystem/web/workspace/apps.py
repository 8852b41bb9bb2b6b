"""The workspace as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """The app of reviews."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "wholesystem.web.workspace"
    label = "workspace"
    verbose_name = "Reviews"
