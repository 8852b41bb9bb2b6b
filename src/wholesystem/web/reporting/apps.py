"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The app of reports and their rounds of factual accuracy."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "wholesystem.web.reporting"
    label = "reporting"
    verbose_name = "Reports"
