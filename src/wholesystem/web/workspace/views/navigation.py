"""The parts of a review, in one order on every page."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse

from wholesystem.web.workspace import models
from wholesystem.web.workspace.permissions import can

__all__ = ["list_parts"]


class Part(NamedTuple):
    """A part of a review: its name, its first page, who sees it, and its other pages."""

    text: str
    page: str
    permission: str
    pages: tuple[str, ...] = ()


PARTS = (
    Part("Overview", "review", "see_review", ("change_review", "export_review")),
    Part("Questions", "grid", "see_evidence", ("question", "contradictions")),
    Part("Evidence", "evidence_list", "see_evidence",
         ("add_evidence", "evidence", "change_evidence", "withdraw_evidence", "find_figures",
          "find_questions")),
    Part("Findings", "findings", "see_evidence",
         ("add_finding", "finding", "change_finding", "link_evidence", "unlink_evidence",
          "confirm_finding", "reopen_finding", "withdraw_finding")),
    Part("Improvements", "improvements", "see_evidence",
         ("add_improvement", "change_improvement")),
    Part("Sources", "sources", "see_evidence",
         ("add_source", "source", "change_source", "withdraw_source")),
    Part("Documents", "documents", "see_own_documents", ("upload_document", "document")),
    Part("Organisations", "organisations", "see_evidence",
         ("add_organisation", "organisation", "change_organisation", "merge_organisation")),
    Part("Cases", "cases", "see_cases",
         ("add_case", "draw_cases", "cases_together", "case", "change_case", "withdraw_case",
          "add_case_stay", "change_case_stay", "remove_case_stay", "case_item",
          "record_case_evidence")),
    Part("Requests", "requests", "see_requests",
         ("start_requests", "send_requests", "request_summary", "request", "change_request",
          "add_request_question", "send_request", "return_request", "close_request",
          "withdraw_request",
          "request_question", "change_request_question", "withdraw_request_question")),
    Part("Your requests", "your_requests", "answer_requests",
         ("your_request", "your_answer", "give_answers")),
    Part("Feedback", "feedback_tools", "see_feedback",
         ("add_feedback_tool", "feedback_tool", "feedback_questions", "change_feedback_tool",
          "open_feedback_tool", "close_feedback_tool", "invite_to_feedback",
          "withdraw_feedback_links", "feedback_names", "feedback_reminder", "feedback_comments",
          "clear_feedback_comment")),
    Part("Profile", "profile", "see_pictures", ("measures",)),
    Part("Map", "map", "see_pictures"),
    Part("People", "people", "see_review", ("invite", "change_member", "end_membership")),
    Part("Due", "due_dates", "see_review", ("add_due_date", "change_due_date")),
    Part("History", "history", "see_evidence", ("record_history",)),
    Part("Search", "search", "see_evidence"),
)  # fmt: skip


def list_parts(member: models.Member, page: str) -> list[tuple[str, str, str]]:
    """Parts of a review that a person may open.

    Parameters
    ----------
    member : models.Member
        The person's part in the review.
    page : str
        Name of the page that is shown.

    Returns
    -------
    list of (str, str, str)
        Text, address, and for ``aria-current``: ``page`` for the page itself, ``true`` for
        another page of the same part, empty elsewhere.
    """
    code = member.review.code
    return [
        (part.text, reverse(f"workspace:{part.page}", args=[code]), _current(part, page))
        for part in PARTS
        if can(member, part.permission)
    ]


def _current(part: Part, page: str) -> str:
    if page == part.page:
        return "page"
    return "true" if page in part.pages else ""
