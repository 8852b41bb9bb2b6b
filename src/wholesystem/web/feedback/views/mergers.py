"""Page on which an organisation is told to have gone into another."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from wholesystem.web.feedback import actions
from wholesystem.web.feedback.forms import MergeForm
from wholesystem.web.feedback.models import Merger
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.forms.sources import organisation_choices
from wholesystem.web.workspace.views.pages import Here, review_page
from wholesystem.web.workspace.views.saving import answer_form, sent_of

__all__ = ["merge_organisation"]


@review_page("add_organisations")
@require_http_methods(["GET", "HEAD", "POST"])
def merge_organisation(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Say which organisation this one went into."""
    organisation = find_record(here.review, "organisations", code)
    others = [one for one in organisation_choices(here.review) if one[0] != code]
    form = MergeForm(sent_of(request), choices=others)

    def save() -> Merger:
        return actions.merge_organisation(
            review=here.review,
            by=here.member,
            code=code,
            into=form.cleaned_data["into"],
            note=form.cleaned_data["note"],
        )

    def go_on(saved: Merger) -> HttpResponse:
        messages.success(request, f"Saved: {saved.organisation.name} went into {saved.into.name}.")
        return redirect("workspace:organisation", here.review.code, code)

    return answer_form(
        request,
        here,
        "feedback/merge",
        form,
        save,
        go_on,
        organisation=organisation,
        merger=Merger.objects.filter(organisation=organisation).select_related("into").first(),
    )
