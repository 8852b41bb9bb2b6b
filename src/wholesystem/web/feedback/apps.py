"""The lead's side of feedback tools as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["FeedbackConfig"]


class FeedbackConfig(AppConfig):
    """The app of feedback tools."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "wholesystem.web.feedback"
    label = "feedback"
    verbose_name = "Feedback tools"
