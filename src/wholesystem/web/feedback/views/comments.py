"""Pages on which one person reads comments that were held, and clears or withholds each."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from wholesystem.reviews.free_text import find_names
from wholesystem.web.feedback import clearing
from wholesystem.web.feedback.forms import CommentForm
from wholesystem.web.feedback.instruments import instrument_of
from wholesystem.web.feedback.models import Tool
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import answer_form, sent_of

__all__ = ["clear_comment", "show_comments"]


@review_page("clear_comments")
@require_safe
def show_comments(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show the comments that wait to be cleared."""
    tool = find_record(here.review, "feedback_tools", code)
    questions = instrument_of(tool).question_by_id
    held = [(one, questions[one.question].text) for one in clearing.list_held(tool)]
    return render_page(request, here, "feedback/comments", tool=tool, held=held)


@review_page("clear_comments")
@require_http_methods(["GET", "HEAD", "POST"])
def clear_comment(request: HttpRequest, here: Here, code: str, comment: str) -> HttpResponse:
    """Clear a comment as it is rewritten, or withhold it."""
    tool = find_record(here.review, "feedback_tools", code)
    held = clearing.find_held(tool, comment)
    form = CommentForm(sent_of(request), initial={"text": clearing.blank_names(held.text)})

    def save() -> Tool:
        if form.cleaned_data["do"] == "withhold":
            return clearing.withhold_comment(
                review=here.review, by=here.member, code=code, comment=comment
            )
        return clearing.clear_comment(
            review=here.review,
            by=here.member,
            code=code,
            comment=comment,
            text=form.cleaned_data["text"],
        )

    def go_on(saved: Tool) -> HttpResponse:
        withheld = form.cleaned_data["do"] == "withhold"
        messages.success(request, f"The comment is {'withheld' if withheld else 'cleared'}.")
        return redirect("workspace:feedback_comments", here.review.code, code)

    return answer_form(
        request,
        here,
        "feedback/comment",
        form,
        save,
        go_on,
        tool=tool,
        held=held,
        question=instrument_of(tool).question_by_id[held.question],
        found=find_names(held.text),
    )
