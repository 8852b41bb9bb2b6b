"""Form fields that the NHS design system has and Django lacks: a date in three boxes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

__all__ = ["DateInBoxes", "DateInBoxesField"]

PARTS = ("day", "month", "year")


class DateInBoxes(forms.Widget):
    """Three boxes, named after the field with ``-day``, ``-month`` and ``-year``."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> dict[str, str] | None:
        """What was typed, by part; None where nothing was."""
        typed = {part: str(data.get(f"{name}-{part}", "")).strip() for part in PARTS}
        return typed if any(typed.values()) else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether the form had no such boxes."""
        return not any(f"{name}-{part}" in data for part in PARTS)


class DateInBoxesField(forms.Field):
    """A date typed as day, month and year.

    Parameters
    ----------
    **kwargs : object
        Of `django.forms.Field`. ``noun`` names the date in messages: "the date it is due".
    """

    widget = DateInBoxes

    def __init__(self, *, noun: str = "the date", **kwargs: Any) -> None:
        self.noun = noun
        messages = {"required": f"Enter {noun}.", **kwargs.pop("error_messages", {})}
        super().__init__(error_messages=messages, **kwargs)

    def prepare_value(self, value: Any) -> dict[str, str]:
        """What the boxes show, by part."""
        if isinstance(value, date):
            return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
        return value if isinstance(value, dict) else {}

    def to_python(self, value: Any) -> date | None:
        """The date; None where nothing was typed."""
        if isinstance(value, date) or not value:
            return value or None
        missing = [part for part in PARTS if not value.get(part)]
        if missing:
            raise forms.ValidationError(
                self._sentence(f"must have a {' and a '.join(missing)}."), code="invalid"
            )
        try:
            numbers = [int(value[part]) for part in PARTS if value[part].isascii()]
            day, month, year = numbers
            if year < 1000:
                raise ValueError
            return date(year, month, day)
        except (ValueError, OverflowError):
            raise forms.ValidationError(
                self._sentence("must be a real date. For example, 31 3 2018."),
                code="invalid",
            ) from None

    def _sentence(self, rest: str) -> str:
        return f"{self.noun[:1].upper()}{self.noun[1:]} {rest}"

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another date was typed."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True
