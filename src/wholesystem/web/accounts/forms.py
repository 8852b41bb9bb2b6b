"""Forms of the pages of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm

from wholesystem.web.accounts.first_code import is_code
from wholesystem.web.accounts.models import EMAIL_LENGTH, NAME_LENGTH, User, tidy_email

__all__ = ["FirstAccountForm", "NewPasswordForm", "SignInForm"]

PASSWORD_HINT = (
    "12 characters or more. Three words that do not belong together are easy to remember."
)


class SignInForm(AuthenticationForm):
    """E-mail address and password."""

    error_messages = {  # noqa: RUF012 - the base class declares it so
        "invalid_login": "The e-mail address or the password is not right. Check both.",
        "inactive": "The e-mail address or the password is not right. Check both.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email, password = self.fields["username"], self.fields["password"]
        email.label, email.error_messages = (
            "E-mail address",
            {"required": "Enter your e-mail address."},
        )
        password.label, password.error_messages = "Password", {"required": "Enter your password."}


class NewPasswordForm(forms.Form):
    """A new password, for an account that `user` is or will be."""

    password = forms.CharField(
        label="Password",
        help_text=PASSWORD_HINT,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter a password."},
    )

    def account(self) -> User:
        """The account whose password it is to be; told from the other fields if it is new."""
        return User(
            email=self.cleaned_data.get("email", ""), name=self.cleaned_data.get("name", "")
        )

    def clean(self) -> dict[str, Any]:
        """Check the password against the person's name and address too."""
        cleaned = super().clean() or self.cleaned_data
        password = cleaned.get("password")
        if password:
            try:
                password_validation.validate_password(password, self.account())
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
    name = forms.CharField(
        label="Your name",
        max_length=NAME_LENGTH,
        error_messages={"required": "Enter your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="You sign in with it. Nothing is sent to it.",
        max_length=EMAIL_LENGTH,
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address, such as name@example.org.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
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
