"""Forms of the pages of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm

from wholesystem.web.accounts.first_code import is_code
from wholesystem.web.accounts.models import (
    EMAIL_LENGTH,
    NAME_LENGTH,
    Invitation,
    User,
    tidy_email,
)

__all__ = [
    "ChangePasswordForm",
    "FirstAccountForm",
    "InviteForm",
    "InvitedForm",
    "NameForm",
    "NewPasswordForm",
    "SignInForm",
]

PASSWORD_HINT = (
    "12 characters or more. Three words that do not belong together are easy to remember."
)
# Argon2 reads all of it; a limit keeps a request from costing more than it should.
LONGEST_PASSWORD = 1000


class SignInForm(AuthenticationForm):
    """E-mail address and password."""

    error_messages = {
        "invalid_login": "The e-mail address or the password is not right. Check both.",
        "inactive": "The e-mail address or the password is not right. Check both.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email, password = self.fields["username"], self.fields["password"]
        email.label, password.label = "E-mail address", "Password"
        email.error_messages = {"required": "Enter your e-mail address."}
        password.error_messages = {"required": "Enter your password."}


def _name_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=NAME_LENGTH,
        error_messages={
            "required": "Enter a name.",
            "max_length": f"The name must have {NAME_LENGTH} characters or fewer.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


def _email_field(hint: str) -> forms.EmailField:
    return forms.EmailField(
        label="E-mail address",
        help_text=hint,
        max_length=EMAIL_LENGTH,
        error_messages={
            "required": "Enter an e-mail address.",
            "invalid": "Enter an e-mail address, such as name@example.org.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


def _password_field(label: str, hint: str, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={
            "required": "Enter a password.",
            "max_length": f"The password must have {LONGEST_PASSWORD} characters or fewer.",
        },
    )


class NewPasswordForm(forms.Form):
    """A new password.

    Parameters
    ----------
    *args, **kwargs : object
        Of `django.forms.Form`.
    user : User, optional
        Whose it is to be; told from the form's other fields where the account is new.
    """

    password = _password_field("Password", PASSWORD_HINT, "new-password")

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def account(self) -> User:
        """The account whose password it is to be."""
        told = {name: self.cleaned_data.get(name, "") for name in ("email", "name")}
        return self.user or User(**told)

    def clean(self) -> dict[str, Any]:
        """Check the password against the person's name and address too."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("password"):
            try:
                password_validation.validate_password(cleaned["password"], self.account())
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class FirstAccountForm(NewPasswordForm):
    """The first account, with the code that the terminal shows."""

    code = forms.CharField(
        label="Code",
        help_text="The window in which the workspace was started shows it.",
        max_length=40,
        error_messages={"required": "Enter the code."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = _name_field("Your name")
    email = _email_field("You sign in with it. Nothing is sent to it.")
    field_order = ("code", "name", "email", "password")

    def clean_code(self) -> str:
        """The code, which must be the one shown."""
        code: str = self.cleaned_data["code"]
        if not is_code(code):
            raise forms.ValidationError(
                "The code is not right. Copy it from the window in which the workspace was"
                " started; if it was started again, there is a new one."
            )
        return code

    def clean_email(self) -> str:
        """The address as it is kept."""
        return tidy_email(self.cleaned_data["email"])


class InvitedForm(NewPasswordForm):
    """The account that an invitation makes.

    Parameters
    ----------
    *args, **kwargs : object
        Of `django.forms.Form`.
    invitation : Invitation
        Its address is the account's; its name is offered.
    """

    name = _name_field("Your name")
    field_order = ("name", "password")

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, initial={"name": invitation.name}, **kwargs)
        self.email = invitation.email

    def account(self) -> User:
        """The account whose password it is to be."""
        return User(email=self.email, name=self.cleaned_data.get("name", ""))


class NameForm(forms.Form):
    """One's own name."""

    name = _name_field("Your name")


class ChangePasswordForm(NewPasswordForm):
    """One's own password, with the one that holds now."""

    old = _password_field("Your password now", "", "current-password")
    password = _password_field("New password", PASSWORD_HINT, "new-password")
    field_order = ("old", "password")

    def clean_old(self) -> str:
        """The password that holds now."""
        old: str = self.cleaned_data["old"]
        if self.user is None or not self.user.check_password(old):
            raise forms.ValidationError("This is not your password now. Enter it again.")
        return old


class InviteForm(forms.Form):
    """An invitation to the workspace."""

    name = _name_field("Name")
    email = _email_field("The person signs in with it.")
    is_administrator = forms.BooleanField(
        label="Administrator",
        help_text="Can open reviews, invite people and see the health of the workspace.",
        required=False,
    )
