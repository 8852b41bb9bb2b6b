"""Forms of findings, of the evidence for and against them, and of areas for improvement."""

from __future__ import annotations

from typing import Any

from django import forms

from wholesystem.reviews.framework import Framework
from wholesystem.web.workspace import models
from wholesystem.web.workspace.coding import question_groups
from wholesystem.web.workspace.forms.base import RecordForm
from wholesystem.web.workspace.forms.sources import passage

__all__ = [
    "ConfirmForm",
    "FindingForm",
    "ImprovementForm",
    "LinkForm",
    "ReasonForm",
    "question_choices",
]

SIDES = [("for", "For the finding"), ("against", "Against the finding")]
LEVELS = {
    "strategic": "Leaders of the system, across organisations.",
    "operational": "Services and how they work together from day to day.",
    "engagement": "How people, carers and staff are heard and involved.",
}
VERBS = {
    "must": "Something must change.",
    "should": "Something should change.",
    "continue": "Something is under way and should go on.",
}
MOST_AT_ONCE = 50


def question_choices(framework: Framework) -> list[tuple[str, Any]]:
    """Questions to choose from, under their areas.

    Parameters
    ----------
    framework : Framework
        The review's questions.

    Returns
    -------
    list of (str, list of (str, str))
        Area, and ids and names.
    """
    return [
        (group.name, [(one.kloe, one.name) for one in group.questions])
        for group in question_groups(framework)
    ]


def _set_choices(form: forms.Form, field: str, choices: list[tuple[str, Any]]) -> None:
    form.fields[field].choices = choices  # type: ignore[attr-defined]


class FindingForm(RecordForm):
    """A candidate finding.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    framework : Framework
        The review's questions.
    """

    free_texts = ("statement", "contrary_considered", "note")

    kloe = forms.ChoiceField(
        label="Question",
        help_text="The question that the finding answers.",
        error_messages={
            "required": "Choose the question that the finding answers.",
            "invalid_choice": "Choose a question from the list.",
        },
    )
    statement = passage(
        "Finding",
        "What was found, as it would stand in the report.",
        needed="Enter what was found.",
    )
    contrary_considered = passage(
        "How evidence against it was weighed",
        "Why the finding stands in spite of it. Needed before a finding with evidence against it"
        " is confirmed.",
    )
    note = passage("Note", "For the team. It does not go into the report.")

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _set_choices(self, "kloe", [("", "Choose a question"), *question_choices(framework)])


class LinkForm(RecordForm):
    """Evidence to be put for or against a finding.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    review : models.Review
        The review, whose evidence may be chosen.
    """

    free_texts = ("note",)

    evidence = forms.MultipleChoiceField(
        label="Evidence",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one piece of evidence.",
            "invalid_choice": "Choose evidence of this review.",
        },
    )
    side = forms.ChoiceField(
        label="Side",
        choices=SIDES,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether it is for or against the finding.",
            "invalid_choice": "Choose whether it is for or against the finding.",
        },
    )
    note = passage("Why it bears on the finding", "Of all that is chosen here.")

    def __init__(self, *args: Any, review: models.Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            codes = review.evidence_set.values_list("code", flat=True)
            _set_choices(self, "evidence", [(code, code) for code in codes])

    def clean_evidence(self) -> list[str]:
        """At most so many at once, so that nobody links a review by a slip."""
        chosen: list[str] = self.cleaned_data["evidence"]
        if len(chosen) > MOST_AT_ONCE:
            raise forms.ValidationError(f"Choose at most {MOST_AT_ONCE} pieces at once.")
        return chosen


class ConfirmForm(RecordForm):
    """Confirming a finding in one's own name.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    warnings : str
        Digest of the warnings as they stand; empty if there is none.
    """

    free_texts = ("why",)

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    read = forms.BooleanField(
        label="I have read the warnings", required=False, widget=forms.CheckboxInput
    )
    why = passage("What persuaded you", "It goes into the history.")

    def __init__(self, *args: Any, warnings: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings = warnings
        if not warnings:
            del self.fields["read"]

    def clean(self) -> dict[str, Any]:
        """Refuse where there are warnings that nobody says they have read."""
        cleaned = super().clean()
        if cleaned.get("seen", "") != self.warnings:
            self.forget_reading()
            self.add_error(
                None, "What is warned of has changed since you opened the page. Read it again."
            )
        elif self.warnings and not cleaned.get("read"):
            self.add_error("read", "Read the warnings, and say that you have.")
        return cleaned

    def forget_reading(self) -> None:
        """Show the form again with its box not ticked: what was read is not what stands now."""
        sent: Any = self.data
        self.data = {**sent.dict(), "seen": self.warnings, "read": ""}


class ReasonForm(RecordForm):
    """A reason, for reopening or withdrawing."""

    free_texts = ("why",)

    why = passage("Reason", "It goes into the history of the review.", needed="Enter a reason.")


class ImprovementForm(RecordForm):
    """An area for improvement.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    review : models.Review
        The review, whose findings may be chosen.
    keeps : tuple of str
        Ids of findings that are offered even where they were withdrawn.
    """

    free_texts = ("text",)

    level = forms.ChoiceField(
        label="Level",
        choices=[(word, word.capitalize()) for word in LEVELS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a level.", "invalid_choice": "Choose a level."},
    )
    verb = forms.ChoiceField(
        label="How strongly",
        choices=[(word, word.capitalize()) for word in VERBS],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how strongly it is put.",
            "invalid_choice": "Choose how strongly it is put.",
        },
    )
    text = passage(
        "What is to improve",
        "Who is to do what, as it would stand in the report.",
        needed="Enter what is to improve.",
    )
    findings = forms.MultipleChoiceField(
        label="Findings that it follows from",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose findings from the list."},
    )
    order = forms.IntegerField(
        label="Place in the list",
        help_text="A number from 1. Leave blank to put it last.",
        required=False,
        min_value=1,
        max_value=10_000,
        error_messages={
            "invalid": "The place must be a whole number from 1 to 10,000.",
            "min_value": "The place must be a whole number from 1 to 10,000.",
            "max_value": "The place must be a whole number from 1 to 10,000.",
        },
    )

    def __init__(
        self, *args: Any, review: models.Review, keeps: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = review.finding_set.order_by("pk").values_list("code", "status", "statement")
        choices = [
            (code, f"{code} ({status}): {shorten(statement)}")
            for code, status, statement in rows
            if status != "withdrawn" or code in keeps
        ]
        _set_choices(self, "findings", choices)

    def values(self) -> dict[str, Any]:
        """What was filled in; no order is told where none was typed."""
        told = super().values()
        if told.get("order") is None:
            del told["order"]
        return told


def shorten(text: str, most: int = 120) -> str:
    """The beginning of a text, on one line.

    Parameters
    ----------
    text : str
        Any.
    most : int
        So many characters at most.

    Returns
    -------
    str
        Ends in ``…`` where something was left out.
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" .,;:") + "…"
