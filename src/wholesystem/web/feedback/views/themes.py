"""Pages of themes: coding a comment by hand, and what was coded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from wholesystem.reviews.feedback.results import Results
from wholesystem.reviews.feedback.shown_comments import ShownComment
from wholesystem.reviews.feedback.themes import suggest_themes
from wholesystem.web.feedback import coding
from wholesystem.web.feedback.models import Coding, Theme, Tool
from wholesystem.web.feedback.shown import results_of
from wholesystem.web.workspace.actions.saving import find_record
from wholesystem.web.workspace.errors import PolicyError, RecordFaults
from wholesystem.web.workspace.views.pages import Here, render_page, review_page

__all__ = ["change_theme", "code_comment", "show_themes"]

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _questions(here: Here) -> list[tuple[str, str]]:
    asked = sorted(here.framework.questions, key=lambda one: one.order)
    return [("", "None"), *((one.kloe, one.name) for one in asked)]


class CodingForm(forms.Form):
    """Themes of a comment, and one more that is made on the way."""

    themes = forms.MultipleChoiceField(
        label="Themes", required=False, widget=forms.CheckboxSelectMultiple
    )
    label = forms.CharField(
        label="A new theme", required=False, max_length=200, help_text="Leave it blank for none."
    )
    kloe = forms.ChoiceField(label="Question that the new theme speaks to", required=False)

    def __init__(self, *args: Any, here: Here, known: list[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["themes"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{one.code} {one.label}") for one in known
        ]
        self.fields["kloe"].choices = _questions(here)  # type: ignore[attr-defined]


class ThemeForm(forms.Form):
    """What a theme is called, or why it is withdrawn."""

    label = forms.CharField(label="Theme", max_length=200)
    kloe = forms.ChoiceField(label="Question that it speaks to", required=False)
    why = forms.CharField(
        label="Withdraw it",
        required=False,
        max_length=2000,
        help_text="Say why, and it is counted no more. Leave it blank to keep it.",
    )

    def __init__(self, *args: Any, here: Here, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kloe"].choices = _questions(here)  # type: ignore[attr-defined]


def _said(results: Results, question: str, comment: str) -> ShownComment:
    for one in results.comments:
        if one.question.question == question:
            for said in one.comments or ():
                if said.comment == comment:
                    return said
    raise Http404("The tool has no such comment.")


@review_page("add_evidence")
@form_page
def code_comment(
    request: HttpRequest, here: Here, code: str, question: str, comment: str
) -> HttpResponse:
    """Give a comment themes by hand."""
    tool: Tool = find_record(here.review, "feedback_tools", code)
    said = _said(results_of(tool), question, comment)
    known = coding.themes_of(tool)
    has = Coding.objects.filter(theme__in=known, question=question, comment=comment)
    given = list(has.values_list("theme__code", flat=True))
    form = CodingForm(
        request.POST if request.method == "POST" else None,
        initial={"themes": given},
        here=here,
        known=known,
    )
    if form.is_bound and form.is_valid() and _save_coding(here, tool, question, comment, form):
        messages.success(request, "Saved.")
        return redirect("workspace:feedback_said", here.review.code, code, question)
    return render_page(
        request,
        here,
        "feedback/code",
        400 if form.is_bound else 200,
        tool=tool,
        said=said,
        question=question,
        form=form,
        known=known,
    )


def _save_coding(here: Here, tool: Tool, question: str, comment: str, form: CodingForm) -> bool:
    chosen = list(form.cleaned_data["themes"])
    by: dict[str, Any] = {"review": here.review, "by": here.member}
    try:
        if form.cleaned_data["label"].strip():
            made = coding.save_theme(
                **by,
                tool=tool.code,
                label=form.cleaned_data["label"],
                kloe=form.cleaned_data["kloe"],
            )
            chosen.append(made.code)
        coding.code_comment(**by, tool=tool, question=question, comment=comment, themes=chosen)
    except (RecordFaults, PolicyError) as error:
        _tell(form, error)
        return False
    return True


def _tell(form: forms.Form, error: RecordFaults | PolicyError) -> None:
    if isinstance(error, RecordFaults):
        for name, told in error.faults.items():
            for one in told:
                form.add_error(name if name in form.fields else None, one)
    else:
        form.add_error(None, str(error))


@review_page("see_results")
@require_safe
def show_themes(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show themes with how many comments of which group were given them, and suggestions."""
    tool: Tool = find_record(here.review, "feedback_tools", code)
    results = results_of(tool)
    themes = coding.themes_of(tool)
    counts = coding.theme_counts(results, tool, themes)
    kinds = results.instrument.kinds
    rows = [(one, _cells(counts[one.code], kinds)) for one in themes]
    suggested = [
        (one.question, suggest_themes(one)) for one in results.comments if one.comments is not None
    ]
    return render_page(
        request,
        here,
        "feedback/themes",
        tool=tool,
        rows=rows,
        kinds=kinds,
        suggested=suggested,
    )


def _cells(counts: list[Any], kinds: tuple[str, ...]) -> list[str]:
    """Comments of all and of each kind, over all questions of which comments are shown."""
    told = {one.question for one in counts if one.axis == "all" and one.comments is not None}
    counts = [one for one in counts if one.question in told]
    cells = []
    for axis, name in (("all", ""), *(("kind", kind) for kind in kinds)):
        found = [one.comments for one in counts if (one.axis, one.name) == (axis, name)]
        shown = [one for one in found if one is not None]
        if len(shown) < len(found):
            cells.append(f"{sum(shown):,} or more" if shown and sum(shown) else "not shown")
        else:
            cells.append(f"{sum(shown):,}")
    return cells


@review_page("add_evidence")
@form_page
def change_theme(request: HttpRequest, here: Here, code: str, theme: str) -> HttpResponse:
    """Change what a theme is called and which question it speaks to, or withdraw it."""
    tool: Tool = find_record(here.review, "feedback_tools", code)
    found: Theme = find_record(here.review, "feedback_themes", theme)
    if found.tool_id != tool.pk or found.withdrawn:
        raise Http404("The tool has no such theme.")
    form = ThemeForm(
        request.POST if request.method == "POST" else None,
        initial={"label": found.label, "kloe": found.kloe},
        here=here,
    )
    if form.is_bound and form.is_valid() and _save_theme(here, tool, found, form):
        messages.success(request, "Saved.")
        return redirect("workspace:feedback_themes", here.review.code, code)
    return render_page(
        request,
        here,
        "feedback/theme",
        400 if form.is_bound else 200,
        tool=tool,
        theme=found,
        form=form,
    )


def _save_theme(here: Here, tool: Tool, found: Theme, form: ThemeForm) -> bool:
    by: dict[str, Any] = {"review": here.review, "by": here.member, "code": found.code}
    try:
        if form.cleaned_data["why"].strip():
            coding.withdraw_theme(**by, why=form.cleaned_data["why"])
        else:
            coding.save_theme(
                **by,
                tool=tool.code,
                label=form.cleaned_data["label"],
                kloe=form.cleaned_data["kloe"],
            )
    except (RecordFaults, PolicyError) as error:
        _tell(form, error)
        return False
    return True
