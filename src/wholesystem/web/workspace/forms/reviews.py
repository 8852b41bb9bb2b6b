"""Forms of reviews: opening, changing, importing, and what is uploaded for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from django import forms
from django.core.files.uploadedfile import UploadedFile

from wholesystem.errors import UserError
from wholesystem.reviews.framework import Framework
from wholesystem.reviews.starting import start_review
from wholesystem.reviews.words import word_labels
from wholesystem.web.forms import DateInBoxesField
from wholesystem.web.workspace import models
from wholesystem.web.workspace.forms.base import RecordForm
from wholesystem.web.workspace.rows import framework_of

__all__ = [
    "ChangeReviewForm",
    "FileForm",
    "MeasuresForm",
    "OpenReviewForm",
    "StageForm",
    "labels_of",
]

LONGEST_TITLE = 300
LONGEST_PASSAGE = 10_000
LONGEST_ID = 60


def labels_of(table: str) -> list[tuple[str, str]]:
    """Choices of a field whose words a packaged table explains.

    Parameters
    ----------
    table : str
        ``roles``, ``stages`` or ``source_kinds``.

    Returns
    -------
    list of (str, str)
        Word and label.
    """
    return [(word, label) for word, (label, _) in word_labels(table).items()]


def _title() -> forms.CharField:
    return forms.CharField(
        label="Title",
        help_text="Such as: Oxfordshire local system review, 2017.",
        max_length=LONGEST_TITLE,
        error_messages={
            "required": "Enter a title.",
            "max_length": f"The title must have {LONGEST_TITLE} characters or fewer.",
        },
    )


def _area() -> forms.CharField:
    return forms.CharField(
        label="Area",
        help_text="Name or code of a council, such as Oxfordshire.",
        max_length=200,
        error_messages={"required": "Enter the name of the area."},
    )


def _passage(label: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=LONGEST_PASSAGE,
        widget=forms.Textarea,
        error_messages={
            "max_length": f"{label} must have {LONGEST_PASSAGE:,} characters or fewer."
        },
    )


def _stage() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Stage",
        choices=labels_of("stages"),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a stage.", "invalid_choice": "Choose a stage."},
    )


class SameArea(NamedTuple):
    """The area that a review has."""

    code: str
    name: str


class _AreaByName(RecordForm):
    """A form with an area, which is found by what people call it."""

    area = _area()

    def clean_area(self) -> Any:
        """The area; the message names the nearest if there is none."""
        from wholesystem.indicators import find_area

        try:
            return find_area(self.cleaned_data["area"])
        except UserError as error:
            raise forms.ValidationError(str(error)) from None

    def values(self) -> dict[str, Any]:
        """What was filled in, with the area's code and name."""
        values = super().values()
        area = values.pop("area")
        return {**values, "area_code": area.code, "area": area.name}


class OpenReviewForm(_AreaByName):
    """A new review."""

    free_texts = ("aim",)
    field_order = ("title", "area", "framework", "opened_on", "aim", "review")

    title = _title()
    framework = forms.ChoiceField(
        label="Questions",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the questions that the review asks.",
            "invalid_choice": "Choose the questions that the review asks.",
        },
    )
    opened_on = DateInBoxesField(label="First day", noun="the first day")
    aim = _passage("Aim", "What the review is to find out, and for whom.")
    review = forms.SlugField(
        label="Short name in addresses",
        help_text="Small letters, digits and _. Left blank, it is made of the title.",
        required=False,
        max_length=LONGEST_ID,
        error_messages={"max_length": f"It must have {LONGEST_ID} characters or fewer."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.frameworks = {one.code: one for one in models.Framework.objects.order_by("name")}
        choices = [(code, one.name) for code, one in self.frameworks.items()]
        self.fields["framework"].choices = choices  # type: ignore[attr-defined]

    def hints(self) -> dict[str, str]:
        """What each framework is, for its choice."""
        return {code: _describe(framework_of(one)) for code, one in self.frameworks.items()}

    def values(self) -> dict[str, Any]:
        """Columns of ``review.csv``, with an id made of the title if none was given."""
        values = super().values()
        framework = framework_of(self.frameworks[values.pop("framework")])
        made = start_review(
            title=values["title"],
            area_code=values["area_code"],
            area=values["area"],
            framework=framework,
            opened_on=values["opened_on"],
        ).info
        return {**values, "review": values["review"] or made.review, "stage": made.stage}


def _describe(framework: Framework) -> str:
    count = f"{len(framework.areas)} areas, {len(framework.questions)} questions."
    checked = " Its wording is illustrative." if framework.info.illustrative == "yes" else ""
    return f"{count}{checked}"


class ChangeReviewForm(_AreaByName):
    """What can be changed of a review.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    review : models.Review
        As it stands. Its area stands too where it is not typed anew: an imported review may be
        of an area that we do not know.
    """

    free_texts = ("aim", "note")
    field_order = ("title", "area", "stage", "aim", "note")

    title = _title()
    stage = _stage()
    aim = _passage("Aim", "What the review is to find out, and for whom.")
    note = _passage("Note", "What the team should know. It goes into the bundle too.")

    def __init__(self, *args: Any, review: models.Review, **kwargs: Any) -> None:
        names = ("title", "area", "stage", "aim", "note", "version")
        initial = {name: getattr(review, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)
        self.review = review

    def clean_area(self) -> Any:
        """The area, as it stands or found anew."""
        if self.cleaned_data["area"] == self.review.area:
            return SameArea(self.review.area_code, self.review.area)
        return super().clean_area()


class StageForm(RecordForm):
    """Only the stage: the button that moves a review on."""

    stage = _stage()


class FileForm(forms.Form):
    """One file.

    Parameters
    ----------
    *args, **kwargs : object
        Of `django.forms.Form`.
    endings : tuple of str
        What its name may end in.
    label, hint : str
        Of the field.
    """

    file = forms.FileField(
        error_messages={
            "required": "Choose a file.",
            "empty": "The file is empty. Choose another.",
            "invalid": "Choose a file.",
            "missing": "Choose a file.",
        }
    )

    def __init__(
        self, *args: Any, endings: tuple[str, ...], label: str, hint: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.endings = endings
        self.fields["file"].label = label
        self.fields["file"].help_text = hint

    @property
    def accept(self) -> str:
        """Endings, as the browser takes them."""
        return ",".join(self.endings)

    def clean_file(self) -> UploadedFile[Any]:
        """The file, if its name ends as it must."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if Path(file.name or "").suffix.lower() not in self.endings:
            raise forms.ValidationError(
                f"The file must end in {' or '.join(self.endings)}. Choose another."
            )
        return file

    def ending(self) -> str:
        """What the name of the chosen file ends in."""
        return Path(self.cleaned_data["file"].name or "").suffix.lower()


class MeasuresForm(FileForm):
    """A folder of measures of stays."""

    name = forms.RegexField(
        r"\A[a-z0-9_-]{1,60}\Z",
        label="Name",
        help_text="Small letters, digits, _ and -. Figures are cited by it.",
        error_messages={
            "required": "Enter a name for the measures.",
            "invalid": "The name may have small letters, digits, _ and - only, 60 at most.",
        },
    )
    field_order = ("name", "file")
