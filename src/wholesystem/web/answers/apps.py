"""The app as Django knows it; it has no table in the workspace's database."""

from __future__ import annotations

from django.apps import AppConfig


class AnswersConfig(AppConfig):
    """The app of respondents' pages."""

    name = "wholesystem.web.answers"
    label = "answers"
    verbose_name = "Answers to feedback tools"
