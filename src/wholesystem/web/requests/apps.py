"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """The app of information requests."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "wholesystem.web.requests"
    label = "requests"
    verbose_name = "Information requests"
