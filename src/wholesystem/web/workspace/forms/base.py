"""What every form of a record has: the version that was seen, and what an action refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms

from wholesystem.web.workspace.errors import Conflict, PolicyError, RecordFaults

__all__ = ["RecordForm", "keep_order", "try_save"]


class RecordForm(forms.Form):
    """A form of one record.

    Fields are named as the columns of the record's row. `free_texts` names those that are looked
    through for words that may name a person: the first time such words are found the form comes
    back with them and a box to tick, and what was typed stands.

    Attributes
    ----------
    conflict : Conflict or None
        Set by `try_save` when somebody else was faster: the template shows theirs beside this.
    name_warnings : list
        What was found in the free texts; empty if nothing, or if the box was ticked.
    """

    free_texts: tuple[str, ...] = ()

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    names_checked = forms.BooleanField(
        required=False, label="I have looked: it names nobody who should not be named"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Faults are listed in the order of the page, where the box to tick comes last.
        self.fields["names_checked"] = self.fields.pop("names_checked")
        self.conflict: Conflict | None = None
        self.name_warnings: list[Any] = []

    def clean(self) -> dict[str, Any]:
        """Stop once where the free texts may name a person."""
        cleaned = super().clean() or {}
        if not cleaned.get("names_checked"):
            from wholesystem.reviews.free_text import find_names

            for name in self.free_texts:
                self.name_warnings += find_names(cleaned.get(name) or "")
            if self.name_warnings:
                self.add_error(
                    "names_checked",
                    "This may name a person or hold their number. Take it out, or tick the box.",
                )
        return cleaned

    def values(self) -> dict[str, Any]:
        """What was filled in, by column of the row.

        Returns
        -------
        dict of str to object
            Without the fields that are the form's own.
        """
        own = {"version", "names_checked"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}

    def remember(self, conflict: Conflict) -> None:
        """Take a conflict: what is sent next is known to have seen theirs.

        Parameters
        ----------
        conflict : Conflict
            That the action told.
        """
        self.conflict = conflict
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(conflict.version)
        self.data = data

    def differences(self) -> list[tuple[str, str, str]]:
        """Where somebody else's record differs from what stands in this form.

        Returns
        -------
        list of (label, theirs, yours)
            Empty where there is no conflict.
        """
        if self.conflict is None:
            return []
        return [
            (
                str(self.fields[name].label or name),
                self._show(name, theirs),
                self._show(name, yours),
            )
            for name, yours in self.values().items()
            if name in self.conflict.current
            and _plain(theirs := self.conflict.current[name]) != _plain(yours)
        ]

    def _show(self, name: str, value: Any) -> str:
        """A value as people call it: what is chosen by its label, not by its id."""
        labels = {}
        for word, label in getattr(self.fields[name], "choices", ()):
            group = label if isinstance(label, list | tuple) else [(word, label)]
            labels.update({str(one): str(told) for one, told in group})
        return "; ".join(labels.get(one, one) for one in _plain(value))


def _plain(value: Any) -> list[str]:
    ones = value if isinstance(value, tuple | list) else [value]
    return [str(one) for one in ones if one not in (None, "")]


def keep_order(chosen: Iterable[str], before: Iterable[str]) -> tuple[str, ...]:
    """What was ticked, in the order that the record has it; what is new follows.

    A page lists choices in an order of its own, which must not become a change of the record.

    Parameters
    ----------
    chosen : iterable of str
        Ids as the form sends them.
    before : iterable of str
        Ids that the record had.

    Returns
    -------
    tuple of str
        Each of `chosen` once.
    """
    ticked = dict.fromkeys(chosen)
    return tuple(dict.fromkeys([*(one for one in before if one in ticked), *ticked]))


def try_save(form: RecordForm, save: Callable[..., Any], **arguments: Any) -> Any:
    """Call an action with what a valid form holds, and tell on the form what it refuses.

    Parameters
    ----------
    form : RecordForm
        Bound and valid.
    save : callable
        An action.
    **arguments : object
        Its arguments.

    Returns
    -------
    object or None
        What the action returned; None if it refused. On a conflict the form's version becomes
        the record's, so that saving again, having compared the two, is taken.
    """
    try:
        return save(**arguments)
    except RecordFaults as error:
        _tell(form, error.faults)
    except PolicyError as error:
        form.add_error(None, str(error))
    except Conflict as error:
        form.remember(error)
        form.add_error(None, str(error))
    return None


def _tell(form: RecordForm, faults: Mapping[str, Any]) -> None:
    for column, texts in faults.items():
        for text in texts:
            if column in form.fields:
                form.add_error(column, text)
            else:
                form.add_error(None, f"{column}: {text}" if column else text)
