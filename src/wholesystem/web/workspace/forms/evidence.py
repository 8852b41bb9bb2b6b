"""The form of evidence: quick to fill in from a keyboard, nothing typed ever lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing

from wholesystem.reviews.framework import Framework
from wholesystem.web.forms import DateInBoxesField
from wholesystem.web.workspace import models
from wholesystem.web.workspace.coding import Coded, question_groups, read_codes
from wholesystem.web.workspace.forms.base import RecordForm, keep_order
from wholesystem.web.workspace.forms.sources import line, organisation_choices, passage

__all__ = ["EvidenceForm", "read_figure", "sign_figure"]

FORMS = [
    ("quote", "Quote, word for word"),
    ("paraphrase", "Paraphrase, in your words"),
    ("figure", "Figure"),
]
SHOWS = [("strength", "A strength"), ("concern", "A concern"), ("neither", "Neither")]
_SALT = "wholesystem.figure"


def sign_figure(values: dict[str, Any]) -> str:
    """A figure as it goes through an address and a form, so that what was shown is what is kept.

    Parameters
    ----------
    values : dict of str to str or float
        Columns of ``figures.csv`` but the first.

    Returns
    -------
    str
        Signed with the workspace's key.
    """
    return signing.dumps(values, salt=_SALT, compress=True)


def read_figure(signed: str) -> dict[str, Any] | None:
    """The figure that `sign_figure` signed.

    Parameters
    ----------
    signed : str
        From an address or a form.

    Returns
    -------
    dict or None
        None if it is not one of ours.
    """
    try:
        values: dict[str, Any] = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        return None
    return values


class EvidenceForm(RecordForm):
    """Evidence, its codes, and the passage or figure that it was begun with.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    review : models.Review
        The review.
    framework : Framework
        Its questions.
    has_figure : bool
        Whether the form "figure" may be chosen: the evidence cites one, or was begun with one.
    keeps : str
        Id of the source that the evidence has, which may be chosen although it was withdrawn.

    Attributes
    ----------
    coded : Coded
        What the typed codes mean, once the form was checked.
    """

    free_texts = ("text", "place")

    source = forms.ChoiceField(
        label="Source",
        error_messages={
            "required": "Choose where it comes from.",
            "invalid_choice": "Choose a source from the list.",
        },
    )
    text = passage("What was said, written or seen", needed="Enter what was said, written or seen.")
    form = forms.ChoiceField(
        label="Form",
        choices=FORMS,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether it is a quote or a paraphrase.",
            "invalid_choice": "Choose whether it is a quote or a paraphrase.",
        },
    )
    shows = forms.ChoiceField(
        label="What it shows",
        choices=SHOWS,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what it shows.",
            "invalid_choice": "Choose what it shows.",
        },
    )
    codes = line(
        "Questions it speaks to",
        "Beginnings of words, questions parted by commas. Such as: cr res, sd safe.",
    )
    chosen = forms.MultipleChoiceField(
        label="Which question is meant?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose questions from the list."},
    )
    kloe = forms.MultipleChoiceField(
        label="Questions",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose questions from the list."},
    )
    place = line("Where in the source", "Such as: page 12, or the second ward.")
    date = DateInBoxesField(
        label="Date",
        noun="the date",
        required=False,
        help_text="The day that it speaks of, if that is not the source’s.",
    )
    organisations = forms.MultipleChoiceField(
        label="Organisations that it is about",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose organisations from the list."},
    )
    why = line("Why it is changed", "It goes into the history. Such as: coded anew after review.")
    figure = forms.CharField(required=False, widget=forms.HiddenInput)
    document = forms.CharField(required=False, widget=forms.HiddenInput)
    start = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)
    end = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)

    def __init__(
        self,
        *args: Any,
        review: models.Review,
        framework: Framework,
        has_figure: bool = False,
        keeps: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.review, self.framework = review, framework
        self.coded = Coded()
        self.groups = question_groups(framework)
        names = [(one.kloe, one.name) for one in framework.questions]
        self._set_choices("source", source_choices(review, keeps))
        self._set_choices("form", FORMS if has_figure else FORMS[:2])
        self._set_choices("kloe", names)
        self._set_choices("chosen", names)
        self._set_choices("organisations", organisation_choices(review))

    def _set_choices(self, field: str, choices: list[tuple[str, str]]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find the questions meant, the figure and the passage."""
        cleaned = super().clean()
        self._clean_codes(cleaned)
        if cleaned.get("figure"):
            cleaned["figure"] = read_figure(cleaned["figure"])
            if cleaned["figure"] is None:
                self.add_error(None, "The figure could not be read. Choose the figure again.")
        cleaned["anchor"] = self._anchor(cleaned) if cleaned.get("document") else None
        return cleaned

    def _clean_codes(self, cleaned: dict[str, Any]) -> None:
        ticked = [*cleaned.get("kloe", ()), *cleaned.get("chosen", ())]
        self.coded = read_codes(self.framework, cleaned.get("codes", ""), ticked)
        for words in self.coded.unknown:
            self.add_error("codes", f"No question begins with “{words}”. Choose from the list.")
        for words, ones in self.coded.unclear:
            told = f"“{words}” may mean {len(ones)} questions. Choose below, or type more of it."
            self.add_error("codes", told)
        cleaned["kloe"] = keep_order([*ticked, *self.coded.kloe], self.initial.get("kloe", ()))
        about = cleaned.get("organisations", ())
        cleaned["organisations"] = keep_order(about, self.initial.get("organisations", ()))

    def _anchor(self, cleaned: dict[str, Any]) -> dict[str, Any] | None:
        start, end = cleaned.get("start"), cleaned.get("end")
        found = models.Document.objects.filter(review=self.review, code=cleaned["document"])
        text = found.values_list("text", flat=True).first()
        if text is None or start is None or end is None or not start < end <= len(text):
            self.add_error(None, "The passage is not in the document. Mark it there again.")
            return None
        return {
            "document": cleaned["document"],
            "start": start,
            "end": end,
            "quoted": text[start:end],
        }

    def values(self) -> dict[str, Any]:
        """Columns of ``evidence.csv``."""
        names = ("source", "text", "form", "shows", "kloe", "place", "date", "organisations")
        return {name: self.cleaned_data[name] for name in names}


def source_choices(review: models.Review, keeps: str = "") -> list[tuple[str, str]]:
    """Sources that stand, to choose from.

    Parameters
    ----------
    review : models.Review
        The review.
    keeps : str
        Id of one that is offered even where it was withdrawn.

    Returns
    -------
    list of (str, str)
        Id and title, the newest first.
    """
    every = models.Source.objects.filter(review=review).order_by("-pk")
    rows = every.values_list("code", "title", "date", "withdrawn")
    return [
        (code, f"{title[:80]} ({date.day} {date:%B %Y})" if date else title[:80])
        for code, title, date, withdrawn in rows
        if not withdrawn or code == keeps
    ]
