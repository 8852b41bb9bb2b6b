"""Pages of reviews themselves: all of one's own, opening, importing, and a review's home."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholesystem.reviews.words import word_labels
from wholesystem.web.accounts.permissions import administrators_only
from wholesystem.web.workspace import jobs, models, reminders
from wholesystem.web.workspace.actions import reviews as actions
from wholesystem.web.workspace.forms.base import try_save
from wholesystem.web.workspace.forms.reviews import (
    ChangeReviewForm,
    FileForm,
    OpenReviewForm,
    StageForm,
)
from wholesystem.web.workspace.home import make_home
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import answer_form, files_of, sent_of, status_of

__all__ = [
    "change_review",
    "export_review",
    "import_review",
    "mark_notice",
    "open_review",
    "show_home",
    "show_reviews",
]

A_PAGE = 50
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def show_reviews(request: HttpRequest) -> HttpResponse:
    """Show the reviews in which the person has a part."""
    parts = (
        models.Member.objects.filter(user=cast(Any, request.user), left_at__isnull=True)
        .select_related("review")
        .order_by("-review__opened_on", "review__code")
    )
    page = Paginator(parts, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "workspace/reviews.html.jinja", {"page": page})


@form_page
@administrators_only
def open_review(request: HttpRequest) -> HttpResponse:
    """Open a review."""
    from django.utils import timezone

    form = OpenReviewForm(sent_of(request), initial={"opened_on": timezone.localdate()})
    if form.is_valid():
        framework = form.frameworks[form.cleaned_data["framework"]]
        review = try_save(
            form,
            actions.open_review,
            user=request.user,
            framework=framework,
            values=form.values(),
        )
        if review is not None:
            messages.success(request, "The review is open. You are its lead.")
            return redirect("workspace:review", review.code)
    context = {"form": form}
    return render(request, "workspace/open_review.html.jinja", context, status=status_of(form))


@form_page
@administrators_only
def import_review(request: HttpRequest) -> HttpResponse:
    """Bring a review in from a bundle."""
    form = FileForm(
        sent_of(request),
        files_of(request),
        endings=(".zip",),
        label="Bundle",
        hint="The zip that a review was exported as.",
    )
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        job = jobs.ask(kind="import", user=request.user, upload=upload, ending=".zip")
        return redirect("workspace:job", job.pk)
    status = 400 if form.is_bound else 200
    context = {"form": form, "most_mb": settings.LARGEST_REQUEST_BYTES // 1_048_576}
    return render(request, "workspace/import_review.html.jinja", context, status=status)


@review_page("see_review")
@require_safe
def show_home(request: HttpRequest, here: Here) -> HttpResponse:
    """Show a review at a glance."""
    return render_page(request, here, "review", home=make_home(here))


@review_page("see_review")
@require_POST
def mark_notice(request: HttpRequest, here: Here, notice: int) -> HttpResponse:
    """Take a reminder from one's own page."""
    reminders.mark_seen(here.member, notice)
    return redirect("workspace:review", here.review.code)


@review_page("change_review")
@form_page
def change_review(request: HttpRequest, here: Here) -> HttpResponse:
    """Change a review, or only move it on to another stage."""
    review = here.review
    only_stage = request.method == "POST" and "title" not in request.POST
    form: Any = (
        StageForm(request.POST) if only_stage else ChangeReviewForm(sent_of(request), review=review)
    )

    def save() -> models.Review:
        return actions.change_review(
            review=review,
            by=here.member,
            values=form.values(),
            version=form.cleaned_data["version"],
        )

    def go_on(saved: models.Review) -> HttpResponse:
        messages.success(request, f"Saved. The stage is: {saved.get_stage_display()}.")
        return redirect("workspace:review", saved.code)

    return answer_form(
        request, here, "change_review", form, save, go_on, only_stage=only_stage,
        meanings={word: meaning for word, (_, meaning) in word_labels("stages").items()},
    )  # fmt: skip


@review_page("export_review")
@form_page
def export_review(request: HttpRequest, here: Here) -> HttpResponse:
    """Ask for the whole review as a bundle."""
    if request.method == "POST":
        job = jobs.ask(kind="export", user=request.user, review=here.review)
        return redirect("workspace:job", job.pk)
    made = models.Job.objects.filter(
        review=here.review, kind="export", asked_by=cast(Any, request.user)
    )[:10]
    return render_page(request, here, "export", made=made, keep_days=jobs.KEEP_DAYS)
