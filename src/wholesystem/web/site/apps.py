"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "wholesystem.web.site"
    label = "site"
