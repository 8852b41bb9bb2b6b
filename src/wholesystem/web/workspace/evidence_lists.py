"""Lists of evidence: what a person may filter by, and the rows that are then left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet

from wholesystem.web.workspace import models
from wholesystem.web.workspace.coding import question_groups
from wholesystem.web.workspace.forms.evidence import FORMS, SHOWS
from wholesystem.web.workspace.forms.reviews import labels_of
from wholesystem.web.workspace.forms.sources import organisation_choices
from wholesystem.web.workspace.rows import MAPS
from wholesystem.web.workspace.views.pages import Here

__all__ = ["EvidenceFilters", "evidence_rows", "listed_evidence", "read_filters"]

STANDS = [
    ("", "What stands"),
    ("withdrawn", "What was withdrawn"),
    ("all", "All, withdrawn or not"),
]
#: Field of the database that each filter is of.
_FIELDS = {
    "kloe": "questions__kloe",
    "kind": "source__kind",
    "source": "source__code",
    "form": "form",
    "shows": "shows",
    "organisation": "organisation_links__organisation__code",
    "recorder": "recorded_by__code",
}
_WITHDRAWN = ~Q(withdrawn="") | ~Q(source__withdrawn="")


class _FilterForm(forms.Form):
    """Filters as the page shows them."""

    kloe = forms.ChoiceField(label="Question", required=False)
    uncoded = forms.BooleanField(label="Only what is not coded to a question", required=False)
    kind = forms.ChoiceField(label="Kind of source", required=False)
    shows = forms.ChoiceField(label="What it shows", required=False)
    organisation = forms.ChoiceField(label="Organisation", required=False)
    recorder = forms.ChoiceField(label="Recorded by", required=False)
    form = forms.ChoiceField(label="Form", required=False)
    stands = forms.ChoiceField(label="Withdrawn or not", required=False)


@dataclass(frozen=True)
class EvidenceFilters:
    """What a list of evidence is narrowed to.

    Parameters
    ----------
    values : mapping of str to str
        Chosen, by filter; what is no choice is left out.
    form : forms.Form
        To choose others.
    named : list of (str, str)
        Filter and choice in words, for the page to say what it shows.
    """

    values: Mapping[str, str]
    form: forms.Form
    named: list[tuple[str, str]] = field(default_factory=list)

    @property
    def query(self) -> str:
        """For addresses of the list's other pages; ends in ``&`` unless it is empty."""
        return f"{urlencode(self.values)}&" if self.values else ""


def read_filters(here: Here, asked: Mapping[str, str]) -> EvidenceFilters:
    """Filters out of an address; what means nothing is passed over.

    Parameters
    ----------
    here : Here
        The review.
    asked : mapping of str to str
        The address's query.

    Returns
    -------
    EvidenceFilters
        With a form that offers every choice.
    """
    choices = _choices(here)
    form = _FilterForm(initial={}, auto_id="filter_%s")
    values, named = {}, []
    for name, ones in choices.items():
        form.fields[name].choices = ones  # type: ignore[attr-defined]
        known = {word: label for label_or_word in ones for word, label in _flat(label_or_word)}
        if asked.get(name) and asked[name] in known:
            values[name] = asked[name]
            named.append((str(form.fields[name].label), known[asked[name]]))
    if asked.get("uncoded") in ("yes", "on"):
        values["uncoded"] = "yes"
        named.append(("Question", "not coded"))
    if here.review.source_set.filter(code=(asked.get("source") or "").replace("\x00", "")).exists():
        values["source"] = asked["source"]
        named.append(("Source", asked["source"]))
    form.initial = dict(values)
    return EvidenceFilters(values, form, named)


def _flat(choice: tuple[str, Any]) -> list[tuple[str, str]]:
    word, label = choice
    return list(label) if isinstance(label, list) else [(word, label)]


def _choices(here: Here) -> dict[str, list[tuple[str, Any]]]:
    groups = [
        (one.name, [(each.kloe, each.name) for each in one.questions])
        for one in question_groups(here.framework)
    ]
    people = here.review.member_set.order_by("name", "pk").values_list("code", "name")
    return {
        "kloe": [("", "Any"), *groups],
        "kind": [("", "Any"), *labels_of("source_kinds")],
        "shows": [("", "Any"), *SHOWS],
        "organisation": [("", "Any"), *organisation_choices(here.review)],
        "recorder": [("", "Anybody"), *people],
        "form": [("", "Any"), *FORMS],
        "stands": STANDS,
    }


def listed_evidence(review: models.Review) -> QuerySet[Any]:
    """Evidence of a review as tables of it show it, the newest first.

    Parameters
    ----------
    review : models.Review
        The review.

    Returns
    -------
    QuerySet of models.Evidence
        With sources and questions.
    """
    every = MAPS["evidence"].all_of(review.pk).order_by("-pk")
    return every.prefetch_related(None).prefetch_related("questions")


def evidence_rows(
    review: models.Review, values: Mapping[str, str]
) -> QuerySet[models.Evidence, models.Evidence]:
    """Evidence that filters leave, the newest first.

    Parameters
    ----------
    review : models.Review
        The review.
    values : mapping of str to str
        Of `EvidenceFilters`.

    Returns
    -------
    QuerySet
        As of `listed_evidence`.
    """
    found = listed_evidence(review)
    for name, path in _FIELDS.items():
        if name in values:
            found = found.filter(**{path: values[name]})
    if "uncoded" in values:
        found = found.filter(questions__isnull=True)
    stands = values.get("stands", "")
    if stands == "withdrawn":
        found = found.filter(_WITHDRAWN)
    elif stands != "all":
        found = found.filter(withdrawn="", source__withdrawn="")
    return found
