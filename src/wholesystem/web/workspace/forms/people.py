"""Forms of a review's people and of what is due."""

from __future__ import annotations

from typing import Any

from django import forms

from wholesystem.web.accounts.models import EMAIL_LENGTH, NAME_LENGTH
from wholesystem.web.forms import DateInBoxesField
from wholesystem.web.workspace import models
from wholesystem.web.workspace.forms.base import RecordForm
from wholesystem.web.workspace.forms.reviews import labels_of

__all__ = ["DueDateForm", "EndForm", "InviteForm", "MemberForm"]


def _role() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Role",
        choices=labels_of("roles"),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose a role."},
    )


def _name() -> forms.CharField:
    return forms.CharField(
        label="Name",
        max_length=NAME_LENGTH,
        error_messages={
            "required": "Enter a name.",
            "max_length": f"The name must have {NAME_LENGTH} characters or fewer.",
        },
    )


def _organisations(review: models.Review) -> list[tuple[str, str]]:
    rows = models.Organisation.objects.filter(review=review).order_by("name")
    return [("", "None"), *rows.values_list("code", "name")]


def _organisation() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Organisation",
        required=False,
        error_messages={"invalid_choice": "Choose an organisation from the list."},
    )


def _set_choices(form: forms.Form, field: str, choices: list[tuple[str, str]]) -> None:
    form.fields[field].choices = choices  # type: ignore[attr-defined]


class InviteForm(RecordForm):
    """Somebody to be given a part in a review.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    review : models.Review
        The review.
    """

    name = _name()
    email = forms.EmailField(
        label="E-mail address",
        help_text="The person signs in with it. The workspace sends nothing to it.",
        max_length=EMAIL_LENGTH,
        error_messages={
            "required": "Enter an e-mail address.",
            "invalid": "Enter an e-mail address, such as name@example.org.",
        },
    )
    role = _role()
    organisation = _organisation()
    person = forms.ChoiceField(
        label="Part",
        required=False,
        help_text="What the person records is then shown under that name.",
        error_messages={"invalid_choice": "Somebody has this part by now. Choose again."},
    )

    def __init__(self, *args: Any, review: models.Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _set_choices(self, "organisation", _organisations(review))
        named = models.Member.objects.filter(review=review, user__isnull=True).order_by("name")
        rows = [
            (one.code, f"The part of {one.name}, {one.get_role_display().lower()}") for one in named
        ]
        _set_choices(self, "person", [("", "A new part"), *rows])
        if not rows:
            del self.fields["person"]


class MemberForm(RecordForm):
    """A person's part in a review.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    review : models.Review
        The review.
    """

    name = _name()
    role = _role()
    organisation = _organisation()

    def __init__(self, *args: Any, review: models.Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _set_choices(self, "organisation", _organisations(review))


class EndForm(RecordForm):
    """The end of a person's part."""

    free_texts = ("why",)

    why = forms.CharField(
        label="Reason",
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        help_text="It goes into the history of the review.",
        error_messages={"max_length": "The reason must have 2,000 characters or fewer."},
    )


class DueDateForm(RecordForm):
    """Something that is due.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    review : models.Review
        The review.
    """

    free_texts = ("title",)

    title = forms.CharField(
        label="What is due",
        help_text="Such as: the system's own account of itself.",
        max_length=300,
        error_messages={
            "required": "Enter what is due.",
            "max_length": "What is due must have 300 characters or fewer.",
        },
    )
    on = DateInBoxesField(label="Due on", noun="the day it is due")
    person = forms.ChoiceField(
        label="Who sees to it",
        required=False,
        help_text="This person is reminded; the leads, if it is nobody in particular.",
        error_messages={"invalid_choice": "Choose a person from the list."},
    )
    done_on = DateInBoxesField(
        label="Done on", noun="the day it was done", required=False,
        help_text="Leave blank while it is to be done.",
    )  # fmt: skip

    def __init__(self, *args: Any, review: models.Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = models.Member.objects.filter(review=review, left_at__isnull=True)
        rows = people.order_by("name").values_list("code", "name")
        there = kwargs.get("initial", {}).get("person", "")
        choices = [("", "Nobody in particular"), *rows]
        if there and there not in dict(choices):  # who has left keeps what was theirs
            name = models.Member.objects.get(review=review, code=there).name
            choices.append((there, f"{name} (left)"))
        _set_choices(self, "person", choices)
