"""Forms of cases, their stays, and the checklist."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from wholesystem.reviews.cases.records import CaseStay, ChecklistItem
from wholesystem.stays.lists import reason_codes
from wholesystem.web.cases.stays import seen_answer, seen_of
from wholesystem.web.forms import DateInBoxesField
from wholesystem.web.workspace.errors import Conflict, RecordFaults
from wholesystem.web.workspace.forms.base import RecordForm
from wholesystem.web.workspace.forms.sources import line, passage

__all__ = [
    "AnswerForm",
    "CaseForm",
    "NewCaseForm",
    "RemoveStayForm",
    "StayForm",
    "at_fields",
    "stay_initial",
]

#: Times of a stay, with what each is called.
MOMENTS = {
    "requested_at": "Asked for a place here",
    "started_at": "Began",
    "ready_at": "Ready to leave",
    "ended_at": "Ended",
}
#: Radios cannot be cleared, so that an answer is taken back by choosing this.
NO_ANSWER = "no_answer_yet"
RESPONSIBLE = [
    ("", "Not known"),
    ("nhs", "NHS"),
    ("social_care", "Social care"),
    ("both", "Both"),
]


class CaseForm(RecordForm):
    """What is said of a case beside its stays."""

    free_texts: tuple[str, ...] = ("title", "why", "notes")

    title = line("Title", "Such as: home after a fall. Never a name.")
    why = line("Why it is looked at", "Such as: left hospital at night.")
    concurrent = line(
        "Services that may run side by side",
        "Only if stays of this case overlap. Their names, parted by semicolons, such as: home;"
        " home_care.",
    )
    notes = passage(
        "Notes", "What the record shows, and what was seen. By what people do, never by name."
    )


class _StayFields(RecordForm):
    """The fields of one stay, for two forms."""

    service = line(
        "Service", "Where the person was. Such as: acute ward.", needed="Enter the service."
    )
    organisation = line("Organisation", "Who runs it: an ODS code or a name.")
    requested_on = DateInBoxesField(
        label=MOMENTS["requested_at"], noun="the day it was asked for", required=False
    )
    started_on = DateInBoxesField(
        label=MOMENTS["started_at"],
        noun="the day it began",
        error_messages={"required": "Enter the day it began."},
    )
    ready_on = DateInBoxesField(
        label=MOMENTS["ready_at"], noun="the day of being ready", required=False
    )
    ended_on = DateInBoxesField(
        label=MOMENTS["ended_at"],
        noun="the day it ended",
        required=False,
    )
    next_service = line("Went on to", "The next service, if the record says.")
    reason = forms.ChoiceField(
        label="Why the person waited to leave",
        required=False,
        error_messages={"invalid_choice": "Choose a reason from the list."},
    )
    other_reason = line("Another reason", "A code of another list, or a few words.")
    responsible = forms.ChoiceField(
        label="Responsible for the wait",
        required=False,
        choices=RESPONSIBLE,
        error_messages={"invalid_choice": "Choose who is responsible from the list."},
    )

    stay_texts = ("service", "organisation", "next_service", "other_reason")

    def __init__(
        self, *args: Any, known: Iterable[str] = (), before: CaseStay | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.before = before
        for name in MOMENTS:
            self.fields[name.replace("_at", "_time")] = forms.RegexField(
                r"\A([01]?[0-9]|2[0-3])[:.][0-5][0-9]\Z",
                label=f"{MOMENTS[name]}: time",
                required=False,
                error_messages={"invalid": "Enter a time such as 08:15, or leave it blank."},
            )
        self.fields["names_checked"] = self.fields.pop("names_checked")
        codes = [(code, f"{code}: {label}") for code, label in reason_codes().items()]
        self.fields["reason"].choices = [("", "Not known, or no wait"), *codes]  # type: ignore[attr-defined]
        used = list(dict.fromkeys(known))[:12]
        if used:
            hint = f"Where the person was. In this review: {', '.join(used)}."
            self.fields["service"].help_text = hint

    def clean(self) -> dict[str, Any]:
        """See that a time has its day, and that there is one reason."""
        cleaned = super().clean()
        for name in MOMENTS:
            day, time = name.replace("_at", "_on"), name.replace("_at", "_time")
            if cleaned.get(time) and not cleaned.get(day) and day not in self.errors:
                self.add_error(day, "Enter the day too, or clear the time.")
        if cleaned.get("reason") and cleaned.get("other_reason"):
            self.add_error("other_reason", "Choose a reason from the list, or write one here.")
        return cleaned

    def stay_values(self) -> dict[str, Any]:
        """Columns of ``case_stays.csv``."""
        told = self.cleaned_data
        names = ("service", "organisation", "next_service", "responsible")
        values: dict[str, Any] = {name: told[name] for name in names}
        values["reason"] = told["reason"] or told["other_reason"]
        return values | {name: self._moment(name) for name in MOMENTS}

    def _moment(self, name: str) -> str:
        day: date | None = self.cleaned_data[name.replace("_at", "_on")]
        time: str = self.cleaned_data[name.replace("_at", "_time")] or "00:00"
        if day is None:
            return ""
        typed = f"{day.isoformat()}T{time.replace('.', ':').zfill(5)}"
        # The form shows minutes: a stay drawn from a file keeps its seconds if they stand.
        kept = getattr(self.before, name) if self.before else ""
        return kept if kept.startswith(typed) else typed


def at_fields(error: RecordFaults) -> RecordFaults:
    """Faults of a stay at the fields that show its columns.

    Parameters
    ----------
    error : RecordFaults
        By column.

    Returns
    -------
    RecordFaults
        By field.
    """
    fields = {name: name.replace("_at", "_on") for name in MOMENTS}
    return RecordFaults({fields.get(name, name): told for name, told in error.faults.items()})


class StayForm(_StayFields):
    """One stay, added or corrected."""

    free_texts = _StayFields.stay_texts

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def remember(self, conflict: Conflict) -> None:
        """Take a conflict: theirs is what was seen from now on."""
        super().remember(conflict)
        self.data["seen"] = seen_of(CaseStay.model_construct(**conflict.current))  # type: ignore[index]

    def differences(self) -> list[tuple[str, str, str]]:
        """Where somebody else's stay differs, under the columns' names."""
        if self.conflict is None:
            return []
        theirs = self.conflict.current
        labels = {**MOMENTS, **{name: str(one.label) for name, one in self.fields.items()}}
        return [
            (labels[name], str(theirs[name]).replace("T", " "), str(yours).replace("T", " "))
            for name, yours in self.stay_values().items()
            if not str(theirs[name]).startswith(str(yours)) or bool(theirs[name]) != bool(yours)
        ]


class NewCaseForm(CaseForm, _StayFields):
    """A case typed in from paper records, with its first stay."""

    free_texts = (*CaseForm.free_texts, *_StayFields.stay_texts)

    def case_values(self) -> dict[str, Any]:
        """Columns of ``cases.csv``."""
        return {name: self.cleaned_data[name] for name in ("title", "why", "concurrent", "notes")}


def stay_initial(row: CaseStay) -> dict[str, Any]:
    """What a form of a stay shows.

    Parameters
    ----------
    row : CaseStay
        The stay.

    Returns
    -------
    dict of str to object
        By field.
    """
    known = row.reason in reason_codes()
    names = ("service", "organisation", "next_service", "responsible")
    shown: dict[str, Any] = {name: getattr(row, name) for name in names}
    shown |= {"reason": row.reason if known else "", "other_reason": "" if known else row.reason}
    for name in MOMENTS:
        day, _, time = getattr(row, name).partition("T")
        shown[name.replace("_at", "_on")] = date.fromisoformat(day) if day else None
        shown[name.replace("_at", "_time")] = time[:5]
    return {**shown, "seen": seen_of(row)}


class RemoveStayForm(RecordForm):
    """Why a stay is taken out."""

    free_texts = ("why",)

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    why = line("Why is it taken out?", "The history keeps the stay and this reason.",
               needed="A reason is needed. Say why it is taken out.")  # fmt: skip


class AnswerForm(RecordForm):
    """What a case's record says to one item.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    item : ChecklistItem
        What is asked.
    """

    free_texts: tuple[str, ...] = ("answer",)

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, item: ChecklistItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"] = _answer_field(item)
        self.fields["names_checked"] = self.fields.pop("names_checked")
        if item.kind != "text":
            self.free_texts = ()

    def text(self) -> str:
        """As text."""
        value = self.cleaned_data["answer"]
        return "" if value in (None, NO_ANSWER) else str(value)

    def values(self) -> dict[str, Any]:
        """The answer as the record holds it, to be compared."""
        return {"answer": self.text()}

    def remember(self, conflict: Conflict) -> None:
        """Take a conflict: theirs is what was seen from now on."""
        super().remember(conflict)
        self.data["seen"] = seen_answer(conflict.current["answer"])  # type: ignore[index]


def _answer_field(item: ChecklistItem) -> forms.Field:
    blank = "Leave it blank if the record does not say."
    if item.kind == "date":
        return DateInBoxesField(
            label=item.question, noun="the date", required=False, help_text=blank
        )
    if item.kind == "number":
        told = "Enter a whole number from 0 to 1,000, or leave it blank."
        return forms.IntegerField(
            label=item.question, required=False, min_value=0, max_value=1000, help_text=blank,
            error_messages={"invalid": told, "min_value": told, "max_value": told},
        )  # fmt: skip
    if item.kind == "choice":
        words = [(word, word.capitalize()) for word in item.words]
        return forms.ChoiceField(
            label=item.question,
            choices=[*words, (NO_ANSWER, "No answer yet")],
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": "Choose one of the answers."},
        )
    return passage(item.question, f"{blank} By what people do, never by name.")
