"""Forms of the review team's side of information requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from wholesystem.reviews.framework import Framework
from wholesystem.reviews.requests.progress import QuestionProgress, RequestProgress
from wholesystem.reviews.requests.question_sets import packaged_question_sets, read_question_set
from wholesystem.reviews.working_days import add_working_days
from wholesystem.web.forms import DateInBoxesField
from wholesystem.web.requests import models as requests
from wholesystem.web.requests.actions.checks import contributors_of
from wholesystem.web.workspace import models
from wholesystem.web.workspace.forms.base import RecordForm, keep_order
from wholesystem.web.workspace.forms.sources import line, organisation_choices, passage

__all__ = [
    "OWN",
    "EndRequestForm",
    "QuestionForm",
    "RequestForm",
    "ReturnForm",
    "SendForm",
    "SendManyForm",
    "StartForm",
]

#: Choices of where questions come from, beside the packaged sets and requests.
OWN, NONE, BEFORE = "own", "none", "request-"
#: The system as a whole, among those who can be asked.
WHOLE = "*"
ENDINGS = (".csv", ".xlsx", ".zip")
MOST_WORKING_DAYS = 260


def _people() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="Who answers",
        help_text="System contributors. Each of them is reminded on the review’s overview; nobody"
        " is e-mailed.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose people from the list."},
    )


def _due_on() -> DateInBoxesField:
    return DateInBoxesField(
        label="Due on", noun="the day on which it is due", required=False,
        help_text="The last day for answers. They are taken after it too, and marked late.",
    )  # fmt: skip


class _Asking(RecordForm):
    """What a request says of itself."""

    free_texts: tuple[str, ...] = ("title", "introduction")

    title = line(
        "Title", "Such as: overview of the system. Those asked see it.", needed="Enter a title."
    )
    introduction = passage("Introduction", "It stands above the questions.")
    due_on = _due_on()


class StartForm(_Asking):
    """New requests: whom they ask, and what.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    review : models.Review
        The review.
    """

    organisations = forms.MultipleChoiceField(
        label="Who is asked",
        help_text="Each gets a request of its own, all with the same questions.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose whom to ask.",
            "invalid_choice": "Choose from the list.",
        },
    )
    questions = forms.ChoiceField(
        label="What is asked",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what is asked.",
            "invalid_choice": "Choose what is asked from the list.",
        },
    )
    file = forms.FileField(
        label="File with questions of your own",
        help_text="A CSV file, an Excel workbook (.xlsx), or a zip of CSV files. Only if you chose"
        " questions of your own above.",
        required=False,
        error_messages={"empty": "The file is empty. Choose another."},
    )
    field_order = ("organisations", "questions", "file", "title", "introduction", "due_on")

    accept = ",".join(ENDINGS)

    def __init__(self, *args: Any, review: models.Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [(WHOLE, "The system as a whole"), *organisation_choices(review)]
        self.fields["organisations"].choices = asked  # type: ignore[attr-defined]
        sets = [(one, read_question_set(one).info.name) for one in packaged_question_sets()]
        there = requests.InformationRequest.objects.filter(review=review).select_related(
            "organisation"
        )
        before = [
            (f"{BEFORE}{one.code}", f"As in {one.code}: {one.title} ({one.asked})")
            for one in there.order_by("-pk")
        ]
        own = [(OWN, "Questions of your own, from a file"), (NONE, "Questions that you type in")]
        self.fields["questions"].choices = [*sets, *own, *before]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the file where it is needed."""
        cleaned = super().clean()
        file = cleaned.get("file")
        if cleaned.get("questions") == OWN and "file" not in self.errors:
            if not file:
                self.add_error("file", "Choose the file with your questions.")
            elif not file.name.lower().endswith(ENDINGS):
                self.add_error("file", "The file must end in .csv, .xlsx or .zip. Choose another.")
        return cleaned

    def asked(self) -> list[str]:
        """Ids of those asked; empty text is the system as a whole."""
        return ["" if one == WHOLE else one for one in self.cleaned_data["organisations"]]

    def told(self) -> dict[str, Any]:
        """What the requests say of themselves."""
        return {name: self.cleaned_data[name] for name in ("title", "introduction", "due_on")}

    def request_before(self) -> str:
        """Id of the request whose questions are asked again; empty if it is none."""
        chosen: str = self.cleaned_data["questions"]
        return chosen.removeprefix(BEFORE) if chosen.startswith(BEFORE) else ""


class RequestForm(_Asking):
    """What a request says of itself, and who answers; once it is sent, the latter alone.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    request : InformationRequest
        The request.
    """

    answered_by = _people()

    def __init__(self, *args: Any, request: requests.InformationRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill_people(self, request)
        if request.state != "draft":
            del self.fields["title"], self.fields["introduction"]
            self.free_texts = ()

    def clean_answered_by(self) -> tuple[str, ...]:
        """People in the order that the request has them."""
        return keep_order(self.cleaned_data["answered_by"], self.initial.get("answered_by", ()))


def _fill_people(form: forms.Form, request: requests.InformationRequest) -> None:
    people = contributors_of(request.review, request.organisation)
    named = [one.member for one in request.person_links.select_related("member__organisation")]
    # Whoever was named stays in the list, though they may have left.
    people += [one for one in named if one.pk not in {other.pk for other in people}]
    is_whole = request.organisation is None
    choices = [(one.code, _called(one, with_organisation=is_whole)) for one in people]
    form.fields["answered_by"].choices = choices  # type: ignore[attr-defined]


def _called(member: models.Member, *, with_organisation: bool) -> str:
    of = f" ({member.organisation.name})" if with_organisation and member.organisation else ""
    return f"{member.name}{of}{' (left)' if member.left_at else ''}"


class _Due(RecordForm):
    """A day, or so many working days."""

    due_on = _due_on()
    working_days = forms.IntegerField(
        label="Or so many working days from today",
        help_text="Of England, without bank holidays. Leave it blank if you entered a day.",
        required=False,
        min_value=1,
        max_value=MOST_WORKING_DAYS,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            f"Enter a whole number of working days from 1 to {MOST_WORKING_DAYS}.",
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Count the working days."""
        cleaned = super().clean()
        days = cleaned.get("working_days")
        if days and not self.errors:
            cleaned["due_on"] = add_working_days(timezone.localdate(), days)
        return cleaned


class SendManyForm(_Due):
    """Drafts that are sent together, due on one day.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    drafts : sequence of InformationRequest
        Those to choose from.
    """

    requests = forms.MultipleChoiceField(
        label="Requests to send",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose what to send.",
            "invalid_choice": "Choose requests from the list: one was sent or withdrawn meanwhile.",
        },
    )
    field_order = ("requests", "due_on", "working_days")

    def __init__(self, *args: Any, drafts: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, f"{one.code}: {one.title} ({one.asked})") for one in drafts]
        self.fields["requests"].choices = choices  # type: ignore[attr-defined]


class SendForm(_Due):
    """By when, and by whom, a request is to be answered.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    request : InformationRequest
        The request.
    """

    answered_by = _people()

    def __init__(self, *args: Any, request: requests.InformationRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill_people(self, request)

    def clean_answered_by(self) -> tuple[str, ...]:
        """People in the order that the request has them."""
        return keep_order(self.cleaned_data["answered_by"], self.initial.get("answered_by", ()))

    def values(self) -> dict[str, Any]:
        """Columns of the request."""
        return {name: self.cleaned_data[name] for name in ("due_on", "answered_by")}


class QuestionForm(RecordForm):
    """A question of a request.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    framework : Framework
        Of the review.
    """

    free_texts = ("text", "help")

    text = passage("Question", needed="Enter the question.")
    help = passage("What a good answer says", "It stands under the question.")
    wants_document = forms.ChoiceField(
        label="Is a document wanted?",
        choices=[("yes", "Yes"), ("no", "No")],
        initial="no",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Say whether a document is wanted."
        ),
    )
    kloe = forms.MultipleChoiceField(
        label="Questions of the framework that the answer informs",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose questions from the list."},
    )
    order = forms.IntegerField(
        label="Place in the request",
        help_text="Questions stand in the order of these numbers. A new one comes last.",
        required=False,
        min_value=1,
        max_value=10_000,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Enter a whole number from 1 to 10,000."
        ),
    )

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(one.kloe, one.name) for one in framework.questions]
        self.fields["kloe"].choices = names  # type: ignore[attr-defined]

    def clean_kloe(self) -> tuple[str, ...]:
        """Questions in the order that the record has them."""
        return keep_order(self.cleaned_data["kloe"], self.initial.get("kloe", ()))

    def values(self) -> dict[str, Any]:
        """Columns of the question; without a place, it keeps its own."""
        told = super().values()
        if told.get("order") is None:
            told.pop("order", None)
        return told


class EndRequestForm(RecordForm):
    """Why a request, or a question of it, is closed or withdrawn."""

    free_texts = ("why",)

    why = line(
        "Why?",
        "Those asked see it, and it goes into the history.",
        needed="A reason is needed. Say why.",
    )


class ReturnForm(RecordForm):
    """What is missing in each answer that waits to be read.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    request : RequestProgress
        How far the request has come.
    """

    due_on = DateInBoxesField(
        label="Due again on", noun="the day on which it is due again", required=False,
        help_text="The request’s own day stays if you leave it blank.",
    )  # fmt: skip

    def __init__(self, *args: Any, request: RequestProgress, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given = [one for one in request.asked if one.state == "given"]
        for one in self.given:
            self.fields[f"missing-{one.code}"] = passage(f"What is missing in {one.code}")
        self.fields["names_checked"] = self.fields.pop("names_checked")
        self.free_texts = tuple(f"missing-{one.code}" for one in self.given)

    def fields_of(self) -> list[tuple[QuestionProgress, forms.BoundField]]:
        """Each answer that waits, with its field."""
        return [(one, self[f"missing-{one.code}"]) for one in self.given]

    def missing(self) -> dict[str, str]:
        """What is missing, by question."""
        return {one.code: self.cleaned_data[f"missing-{one.code}"] for one in self.given}

    def due(self) -> date | None:
        """The day on which it is due again."""
        day: date | None = self.cleaned_data["due_on"]
        return day
