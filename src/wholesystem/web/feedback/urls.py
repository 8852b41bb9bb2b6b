"""Addresses of the pages on feedback tools, within a review."""

from __future__ import annotations

from django.urls import URLPattern, path

from wholesystem.web.feedback.views import mergers, tools

__all__ = ["urlpatterns"]

ALL = "reviews/<str:review>/feedback/"
ONE = f"{ALL}<str:code>/"

urlpatterns: list[URLPattern] = [
    path(
        "reviews/<str:review>/organisations/<str:code>/merge/",
        mergers.merge_organisation,
        name="merge_organisation",
    ),
    path(ALL, tools.show_tools, name="feedback_tools"),
    path(f"{ALL}add/", tools.add_tool, name="add_feedback_tool"),
    path(ONE, tools.show_tool, name="feedback_tool"),
    path(f"{ONE}asks/", tools.preview_tool, name="feedback_questions"),
    path(f"{ONE}change/", tools.change_tool, name="change_feedback_tool"),
]
