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

    def ready(self) -> None:
        """Tell respondents of open tools what organisations are called now."""
        from django.db.models.signals import post_save

        from wholesystem.web.feedback.store import tell_organisations
        from wholesystem.web.workspace.models import Organisation

        post_save.connect(
            tell_organisations, sender=Organisation, dispatch_uid="feedback_tell_organisations"
        )
