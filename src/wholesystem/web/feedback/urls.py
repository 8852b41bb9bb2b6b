"""Addresses of the pages on feedback tools, within a review."""

from __future__ import annotations

from django.urls import URLPattern, path

from wholesystem.web.feedback.views import comments, inviting, mergers, results, themes, tools

__all__ = ["urlpatterns"]

ALL = "reviews/<str:review>/feedback/"
ONE = f"{ALL}<str:code>/"
RESULTS = f"{ONE}results/"

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
    path(RESULTS, results.show_results, name="feedback_results"),
    path(f"{RESULTS}files.zip", results.download_results, name="download_feedback_results"),
    path(f"{ONE}themes/", themes.show_themes, name="feedback_themes"),
    path(f"{ONE}themes/<str:theme>/", themes.change_theme, name="change_feedback_theme"),
    path(
        f"{RESULTS}<str:question>/said/<str:comment>/",
        themes.code_comment,
        name="code_feedback_comment",
    ),
    path(f"{RESULTS}rates.svg", results.show_rates_picture, name="feedback_rates_picture"),
    path(
        f"{RESULTS}<str:question>/", results.show_question_results, name="feedback_question_results"
    ),
    path(
        f"{RESULTS}<str:question>/picture.svg",
        results.show_result_picture,
        name="feedback_result_picture",
    ),
    path(f"{RESULTS}<str:question>/said/", results.show_comments_said, name="feedback_said"),
    path(
        f"{RESULTS}<str:question>/evidence/begin/",
        results.begin_result_evidence,
        name="begin_result_evidence",
    ),
    path(
        f"{RESULTS}<str:question>/evidence/",
        results.record_result_evidence,
        name="record_result_evidence",
    ),
]
