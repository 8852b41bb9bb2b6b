"""Forms of feedback tools."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from wholesystem.reviews.feedback.answers import LONGEST_COMMENT
from wholesystem.reviews.feedback.instrument import Instrument
from wholesystem.reviews.feedback.reading import packaged_instruments, read_instrument
from wholesystem.reviews.feedback.records import MOST_INVITED
from wholesystem.web.feedback.inviting import Wanted
from wholesystem.web.forms import DateInBoxesField
from wholesystem.web.workspace import models
from wholesystem.web.workspace.forms.base import RecordForm
from wholesystem.web.workspace.forms.sources import line, organisation_choices, passage

__all__ = [
    "CloseForm",
    "CommentForm",
    "InviteForm",
    "LastDayForm",
    "MakeToolForm",
    "MergeForm",
    "ToolForm",
    "WithdrawLinksForm",
]

OWN = "own"
ENDINGS = (".xlsx", ".zip")
#: Letters of one line of pasted names.
LONGEST_NAME = 300
#: Organisations that links are made for at once.
MOST_ORGANISATIONS = 100


class ToolForm(RecordForm):
    """What a tool is called, and what respondents and the team are told of it."""

    # Not `contact`: that is there to name somebody.
    free_texts = ("title", "note")

    title = line("Title", "Respondents see it.", needed="Enter a title.")
    contact = line(
        "Whom respondents can ask",
        "Respondents see it. Such as: the review team, 01865 000000.",
    )
    note = passage("Note for the team", "Respondents do not see it.")


class MakeToolForm(ToolForm):
    """A new tool: also what it asks."""

    instrument = forms.ChoiceField(
        label="What it asks",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what the tool asks.",
            "invalid_choice": "Choose what the tool asks.",
        },
    )
    file = forms.FileField(
        label="Tables of your instrument",
        help_text=(
            "Only for an instrument of your own: an Excel workbook (.xlsx), or a zip of CSV files."
        ),
        required=False,
        error_messages={"empty": "The file is empty. Choose another."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        packaged = [(one, read_instrument(one).info.name) for one in packaged_instruments()]
        self.fields["instrument"].choices = [*packaged, (OWN, "An instrument of your own")]  # type: ignore[attr-defined]
        self.order_fields(["version", "instrument", "file", "title", "contact", "note"])

    @property
    def accept(self) -> str:
        """Endings of files, as the browser takes them."""
        return ",".join(ENDINGS)

    def clean(self) -> dict[str, Any]:
        """A file where the instrument is one's own, and only there."""
        cleaned = super().clean()
        file, is_own = cleaned.get("file"), cleaned.get("instrument") == OWN
        if is_own and not file and "file" not in self.errors:
            self.add_error("file", "Choose the file of your instrument.")
        if file and cleaned.get("instrument") and not is_own:
            self.add_error(
                "instrument",
                "You chose a file and a packaged instrument. Choose “An instrument of your own”, or"
                " take the file away.",
            )
        if file and not str(file.name or "").lower().endswith(ENDINGS):
            self.add_error("file", f"The file must end in {' or '.join(ENDINGS)}. Choose another.")
        return cleaned

    def values(self) -> dict[str, Any]:
        """Columns of the tool's row; not the instrument, which is read apart."""
        mine = ("title", "contact", "note")
        return {name: self.cleaned_data[name] for name in mine}


def _check_not_past(day: date | None) -> date | None:
    if day is not None and day < timezone.localdate():
        raise forms.ValidationError("The last day must be today or later.")
    return day


class LastDayForm(RecordForm):
    """Opening a tool: until when answers are taken."""

    last_day = DateInBoxesField(
        label="Last day for answers",
        noun="the last day for answers",
        help_text="You close the tool yourself. Links stop working after this day.",
    )

    def clean_last_day(self) -> date | None:
        """Today or later."""
        return _check_not_past(self.cleaned_data["last_day"])


class InviteForm(RecordForm):
    """Links to make, by organisation and role.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    review : models.Review
        The review.
    instrument : Instrument
        What the tool asks.
    """

    organisations = forms.MultipleChoiceField(
        label="Organisations",
        help_text="Each that you choose gets links of its own.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose one or more organisations.",
            "invalid_choice": "Choose organisations from the list.",
        },
    )
    role = forms.ChoiceField(
        label="Role",
        required=False,
        help_text="Leave it to respondents unless everybody who gets these links has one role.",
        error_messages={"invalid_choice": "Choose a role from the list."},
    )
    links = forms.ChoiceField(
        label="Kind of link",
        choices=[("single", "Single-use links"), ("open", "An open link")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the kind of link.",
            "invalid_choice": "Choose the kind of link.",
        },
    )
    number = forms.IntegerField(
        label="How many for each organisation",
        help_text="Only for single-use links. Where you give names, there is a link for each.",
        required=False,
        min_value=1,
        max_value=MOST_INVITED,
        error_messages={
            "invalid": "The number must be a whole number, such as 25.",
            "min_value": "The number must be 1 or more.",
            "max_value": f"The number must be {MOST_INVITED:,} or fewer.",
        },
    )
    names = forms.CharField(
        label="Who is invited",
        help_text=(
            "Only for single-use links: one person a line, a name or an e-mail address. The file of"
            " links will have a name beside each link; which link is whose is kept nowhere. The"
            " list itself is kept until the tool closes."
        ),
        required=False,
        max_length=MOST_INVITED * LONGEST_NAME,
        widget=forms.Textarea,
    )
    last_day = DateInBoxesField(label="Last day", noun="the last day")
    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(
        self, *args: Any, review: models.Review, instrument: Instrument, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", "Respondents choose it"),
            *((one.role, f"{one.kind}: {one.label}") for one in instrument.roles),
        ]
        if instrument.info.asks_organisation == "yes":
            self.fields["organisations"].choices = organisation_choices(review)  # type: ignore[attr-defined]
        else:
            del self.fields["organisations"]

    def clean_last_day(self) -> date | None:
        """Today or later."""
        return _check_not_past(self.cleaned_data["last_day"])

    def clean_once(self) -> str:
        """A word that the page drew, so that sending the page again makes nothing again."""
        once: str = self.cleaned_data["once"]
        if not re.fullmatch(r"[0-9a-f]{32}", once):
            raise forms.ValidationError("Open the page again, and fill it in once more.")
        return once

    def clean_names(self) -> tuple[str, ...]:
        """A person a line, without blank lines."""
        text: str = self.cleaned_data["names"]
        lines = tuple(one.strip() for one in text.splitlines() if one.strip())
        if any(len(one) > LONGEST_NAME for one in lines):
            raise forms.ValidationError(f"A line must have {LONGEST_NAME} characters or fewer.")
        if len(lines) > MOST_INVITED:
            raise forms.ValidationError(f"There may be {MOST_INVITED:,} lines or fewer.")
        return lines

    def clean(self) -> dict[str, Any]:
        """A number for single-use links; names for one organisation only."""
        cleaned = super().clean()
        chosen = cleaned.get("organisations") or ()
        if len(chosen) > MOST_ORGANISATIONS:
            self.add_error(
                "organisations", f"Choose {MOST_ORGANISATIONS} organisations or fewer at once."
            )
        names = cleaned.get("names") or ()
        if names and len(chosen) > 1:
            self.add_error("names", "Choose one organisation only where you give names.")
        if cleaned.get("links") == "single":
            self._check_number(cleaned, len(names), max(1, len(chosen)))
        elif names and cleaned.get("links") == "open":
            self.add_error("names", "An open link is the same for everybody. Leave out the names.")
        return cleaned

    def wanted(self) -> Wanted:
        """What was filled in, as the action takes it."""
        told = self.cleaned_data
        return Wanted(
            organisations=tuple(told.get("organisations") or ("",)),
            role=told["role"],
            links=told["links"],
            number=told["number"] if told["links"] == "single" else 0,
            names=told["names"],
            last_day=told["last_day"],
            once=told["once"],
        )

    def _check_number(self, cleaned: dict[str, Any], names: int, organisations: int) -> None:
        number = cleaned.get("number")
        if "number" in self.errors:
            return
        if number is None and names:
            number = cleaned["number"] = names
        if number is None:
            self.add_error("number", "Enter how many links to make.")
        elif names and number != names:
            self.add_error(
                "number",
                f"The number is {number} and you gave {names} names. Correct one of the two, or"
                " leave the number out.",
            )
        elif number * organisations > MOST_INVITED:
            self.add_error("number", f"There may be {MOST_INVITED:,} links or fewer at once.")


class WithdrawLinksForm(RecordForm):
    """Why links no longer hold."""

    free_texts = ("why",)

    why = line(
        "Why are they withdrawn?",
        "Such as: the sheet was lost. It goes into the history.",
        needed="A reason is needed. Say why they are withdrawn.",
    )


class CloseForm(RecordForm):
    """Closing a tool for good."""

    sure = forms.BooleanField(
        label="I know that it cannot be opened again",
        error_messages={"required": "Tick the box if the tool is to be closed for good."},
    )


class CommentForm(RecordForm):
    """What becomes of a comment that was held."""

    # Looked through once more: a box is to be ticked where something is left in it.
    free_texts = ("text",)

    do = forms.ChoiceField(
        label="What becomes of it?",
        choices=[("clear", "Others may read it"), ("withhold", "Nobody may read it")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what becomes of it.",
            "invalid_choice": "Choose what becomes of it.",
        },
    )
    text = forms.CharField(
        label="What others may read",
        help_text=(
            "What was found is taken out already. Take out whatever else tells of a person, also of"
            " who wrote it."
        ),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea,
        error_messages={
            "max_length": f"It must have {LONGEST_COMMENT:,} characters or fewer.",
        },
    )

    def clean(self) -> dict[str, Any]:
        """What nobody may read is not looked through."""
        cleaned = super().clean()
        if cleaned.get("do") == "withhold":
            self.name_warnings = []
            self.errors.pop("names_checked", None)
        return cleaned


class MergeForm(RecordForm):
    """Which organisation another went into.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    choices : list of (str, str)
        Ids and names of the others.
    """

    free_texts = ("note",)

    into = forms.ChoiceField(
        label="Which organisation is left?",
        error_messages={
            "required": "Choose the organisation that is left.",
            "invalid_choice": "Choose the organisation that is left from the list.",
        },
    )
    note = passage("Note", "Such as: merged on 1 April 2018.")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]
