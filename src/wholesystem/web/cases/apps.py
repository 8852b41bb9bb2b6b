"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The app of cases."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "wholesystem.web.cases"
    label = "cases"
    verbose_name = "Cases"
