"""Parts of a form field as the NHS macros take them; functions of the templates.

A Jinja macro gives text only, so what gives lists and dictionaries is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import BoundField

__all__ = ["FUNCTIONS", "choices_of", "chosen_of", "first_id", "merge", "options_of"]


def merge(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Both in one; what is None is left out, since the NHS macros ask whether it is there.

    Parameters
    ----------
    one, other : mapping of str to object
        Options of an NHS macro; those of `other` win.

    Returns
    -------
    dict
        New.
    """
    return {key: value for key, value in {**one, **other}.items() if value is not None}


def chosen_of(bound: BoundField) -> list[str]:
    """Values that are chosen, as text.

    Parameters
    ----------
    bound : BoundField
        Of a field with choices.

    Returns
    -------
    list of str
        At least one; an empty text where nothing is.
    """
    value = bound.value()
    if not isinstance(value, list | tuple | set):
        value = [value]
    return ["" if one is None else str(getattr(one, "pk", one)) for one in value] or [""]


def _flat(bound: BoundField) -> list[tuple[str, str]]:
    """Choices with their groups taken apart; a group's name stands before its choices."""
    rows = []
    for value, label in bound.field.choices:  # type: ignore[attr-defined]
        if isinstance(label, list | tuple):
            rows += [(str(one), f"{value}: {name}") for one, name in label]
        else:
            rows.append(("" if value is None else str(value), str(label)))
    return rows


def options_of(bound: BoundField) -> list[dict[str, Any]]:
    """Options of a select.

    Parameters
    ----------
    bound : BoundField
        Of a field with choices.

    Returns
    -------
    list of dict
        ``value``, ``text`` and ``selected``.
    """
    chosen = set(chosen_of(bound))
    return [
        {"value": value, "text": label, "selected": value in chosen}
        for value, label in _flat(bound)
    ]


def choices_of(
    bound: BoundField, hints: Mapping[Any, str], reveal: Mapping[Any, Any]
) -> list[dict[str, Any]]:
    """Items of radios or checkboxes; an empty choice is left out.

    Parameters
    ----------
    bound : BoundField
        Of a field with choices.
    hints : mapping of value to str
        Hint under a choice.
    reveal : mapping of value to markup
        What choosing it uncovers.

    Returns
    -------
    list of dict
        As the NHS macros take them.
    """
    chosen = set(chosen_of(bound))
    return [
        merge(
            {"value": value, "text": label, "checked": value in chosen},
            {
                "hint": {"text": hints[value]} if value in hints else None,
                "conditional": {"html": reveal[value]} if value in reveal else None,
            },
        )
        for value, label in _flat(bound)
        if value
    ]


def first_id(bound: BoundField) -> str:
    """Id of the element to which an error's link leads.

    Parameters
    ----------
    bound : BoundField
        Any field.

    Returns
    -------
    str
        Of a date its box for the day.
    """
    return f"{bound.auto_id}-day" if bound.widget_type == "dateinboxes" else bound.auto_id


FUNCTIONS = {
    "choices_of": choices_of,
    "chosen_of": chosen_of,
    "first_id": first_id,
    "merged": merge,
    "options_of": options_of,
}
