"""Addresses of the pages on feedback tools, within a review."""

from __future__ import annotations

from django.urls import URLPattern, path

from wholesystem.web.feedback.views import comments, inviting, mergers, tools

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
    path(f"{ONE}open/", tools.open_tool, name="open_feedback_tool"),
    path(f"{ONE}close/", tools.close_tool, name="close_feedback_tool"),
    path(f"{ONE}invite/", inviting.invite, name="invite_to_feedback"),
    path(f"{ONE}links/", inviting.download_links, name="feedback_links_file"),
    path(
        f"{ONE}links/<str:invited>/withdraw/",
        inviting.withdraw_links,
        name="withdraw_feedback_links",
    ),
    path(f"{ONE}names/", inviting.show_names, name="feedback_names"),
    path(f"{ONE}names/delete/", inviting.forget_names, name="forget_feedback_names"),
    path(f"{ONE}reminder/", inviting.show_reminder, name="feedback_reminder"),
    path(f"{ONE}comments/", comments.show_comments, name="feedback_comments"),
    path(
        f"{ONE}comments/<str:comment>/",
        comments.clear_comment,
        name="clear_feedback_comment",
    ),
]
