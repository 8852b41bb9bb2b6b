"""Forms of sources, organisations and documents, and of withdrawing."""

from __future__ import annotations

from typing import Any

from django import forms

from wholesystem.reviews.documents import UPLOAD_ENDINGS
from wholesystem.web.forms import DateInBoxesField
from wholesystem.web.workspace import models
from wholesystem.web.workspace.forms.base import RecordForm, keep_order
from wholesystem.web.workspace.forms.reviews import labels_of

__all__ = [
    "OrganisationForm",
    "QuoteForm",
    "SourceForm",
    "UploadForm",
    "WithdrawForm",
    "organisation_choices",
]

LONGEST_LINE = 2_000
LONGEST_PASSAGE = 20_000


def organisation_choices(review: models.Review) -> list[tuple[str, str]]:
    """Organisations of a review, to choose from.

    Parameters
    ----------
    review : models.Review
        The review.

    Returns
    -------
    list of (str, str)
        Id and name, by name.
    """
    rows = models.Organisation.objects.filter(review=review).order_by("name", "pk")
    return list(rows.values_list("code", "name"))


def line(label: str, hint: str = "", *, needed: str = "") -> forms.CharField:
    """A field of one line.

    Parameters
    ----------
    label, hint : str
        Of the field.
    needed : str
        What is told where it is blank; it may be blank if this is empty.

    Returns
    -------
    forms.CharField
        Of at most 2,000 characters.
    """
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(needed),
        max_length=LONGEST_LINE,
        error_messages={
            "required": needed,
            "max_length": f"{label} must have {LONGEST_LINE:,} characters or fewer.",
        },
    )


def passage(label: str, hint: str = "", *, needed: str = "") -> forms.CharField:
    """A field of several lines.

    Parameters
    ----------
    label, hint : str
        Of the field.
    needed : str
        What is told where it is blank; it may be blank if this is empty.

    Returns
    -------
    forms.CharField
        Of at most 20,000 characters.
    """
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(needed),
        max_length=LONGEST_PASSAGE,
        widget=forms.Textarea,
        error_messages={
            "required": needed,
            "max_length": f"{label} must have {LONGEST_PASSAGE:,} characters or fewer.",
        },
    )


class OrganisationForm(RecordForm):
    """An organisation of the system."""

    name = line("Name", needed="Enter the organisation’s name.")
    kind = line("Kind", "Such as council, hospital trust, provider of home care.")
    ods_code = forms.RegexField(
        r"\A[A-Za-z0-9]{1,20}\Z",
        label="ODS code",
        help_text="The code that the NHS knows the organisation by, such as RTH.",
        required=False,
        error_messages={"invalid": "The ODS code may have letters and digits only."},
    )


class SourceForm(RecordForm):
    """Where evidence comes from.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    review : models.Review
        The review.
    """

    free_texts = ("title", "who", "note")

    kind = forms.ChoiceField(
        label="Kind",
        choices=labels_of("source_kinds"),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what kind of source it is.",
            "invalid_choice": "Choose what kind of source it is.",
        },
    )
    title = line("Title", "Such as: interview on ward 4.", needed="Enter a title.")
    who = line("Who", "By what they do, never by name. Such as: two ward managers.")
    place = line("Where", "Such as: the community hospital.")
    date = DateInBoxesField(label="Date", noun="the date", required=False)
    organisations = forms.MultipleChoiceField(
        label="Organisations",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose organisations from the list."},
    )
    document = forms.ChoiceField(
        label="Document",
        required=False,
        help_text="The file that it is, if it was handed in.",
        error_messages={"invalid_choice": "Choose a document from the list."},
    )
    note = passage("Note")

    def __init__(self, *args: Any, review: models.Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        documents = models.Document.objects.filter(review=review).order_by("name", "pk")
        rows = list(documents.values_list("code", "name"))
        self.fields["organisations"].choices = organisation_choices(review)  # type: ignore[attr-defined]
        self.fields["document"].choices = [("", "None"), *rows]  # type: ignore[attr-defined]
        if not rows:
            del self.fields["document"]

    def clean_organisations(self) -> tuple[str, ...]:
        """Organisations in the order that the source has them."""
        chosen = self.cleaned_data["organisations"]
        return keep_order(chosen, self.initial.get("organisations", ()))


class WithdrawForm(RecordForm):
    """Why a source or evidence is withdrawn."""

    free_texts = ("why",)

    why = line(
        "Why is it withdrawn?",
        "It stays to be seen with this reason, and goes into the history.",
        needed="A reason is needed. Say why it is withdrawn.",
    )


class UploadForm(forms.Form):
    """A document to hand in.

    Parameters
    ----------
    *args, **kwargs : object
        Of `django.forms.Form`.
    adds_source : bool
        Whether the person may also make a source of it.
    """

    file = forms.FileField(
        label="File",
        help_text="PDF, Word, Excel, PowerPoint, text, Markdown, CSV, or a PNG or JPEG picture.",
        error_messages={
            "required": "Choose a file.",
            "empty": "The file is empty. Choose another.",
            "invalid": "Choose a file.",
            "missing": "Choose a file.",
        },
    )
    adds_source = forms.BooleanField(
        required=False, initial=True, label="Also add it as a source, so that it can be quoted"
    )

    accept = ",".join(UPLOAD_ENDINGS)

    def __init__(self, *args: Any, adds_source: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not adds_source:
            del self.fields["adds_source"]


class QuoteForm(forms.Form):
    """Words of a document to be quoted, or the numbers of their lines."""

    quoted = forms.CharField(
        label="Words to quote",
        help_text="Copy them from the text, or type them as they stand there.",
        required=False,
        max_length=LONGEST_PASSAGE,
        widget=forms.Textarea,
        error_messages={
            "max_length": f"They must have {LONGEST_PASSAGE:,} characters or fewer. Quote less."
        },
    )
    lines = forms.RegexField(
        r"\A\s*[0-9]{1,7}(\s*[-–]\s*[0-9]{1,7})?\s*\Z",
        label="Line numbers",
        help_text="Such as 12 or 12-14. Alone, they quote those lines. With words, they say which"
        " place is meant.",
        required=False,
        error_messages={"invalid": "Enter a line number such as 12, or two such as 12-14."},
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("quoted") and not cleaned.get("lines"):
            self.add_error("quoted", "Enter the words to quote, or the numbers of their lines.")
        return cleaned

    def line_range(self) -> tuple[int, int] | None:
        """First and last line number; None where none was given."""
        numbers = [
            int(one)
            for one in self.cleaned_data["lines"].replace("–", "-").split("-")
            if one.strip()
        ]
        return (numbers[0], numbers[-1]) if numbers else None
