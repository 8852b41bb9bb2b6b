"""The cases of a review in the database, under the names of `reviews.cases.records`.

Times of stays are local times of the clock, without a zone. They are kept as text, since a database
would make moments of them; what is asked of them is asked of the rows.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.db import models

from wholesystem.web.workspace.models import ID_LENGTH, Member, Record, Recorded, Source

__all__ = ["Case", "CaseAnswer", "CaseDelay", "CaseStay", "ChecklistItem"]

TEXT_LENGTH = 2000
#: ``2018-01-05T08:00:00.123456``
MOMENT_LENGTH = 26
RESPONSIBLE_LENGTH = 12


# The start of the place of evidence that was begun at a part of a case.
_ANCHORS = (
    (re.compile(r"\bstay (\d{1,5})\b"), "stay-{}"),
    (re.compile(r"\bchecklist item ([\w-]+)"), "item-{}"),
    (re.compile(r"\bnotes\b"), "notes"),
)


def _text() -> Any:
    return models.CharField(max_length=TEXT_LENGTH, blank=True)


def _moment(*, blank: bool = True) -> Any:
    return models.CharField(max_length=MOMENT_LENGTH, blank=blank)


class Case(Recorded):
    """A case of a review."""

    title = _text()
    pseudonym = models.CharField(max_length=TEXT_LENGTH)
    stratum = models.CharField(max_length=ID_LENGTH, blank=True)
    why = _text()
    seed = models.BigIntegerField(null=True, blank=True)
    drawn_as = models.CharField(max_length=ID_LENGTH, blank=True)
    concurrent = _text()
    origin = _text()
    synthetic = models.CharField(max_length=3)
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    notes = models.TextField(blank=True)
    withdrawn = _text()

    class Meta(Recorded.Meta):
        """Synthetic or not."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(synthetic__in=["yes", "no"]), name="case_synthetic_known"
            ),
        ]

    @property
    def name(self) -> str:
        """As pages and sources call it; says so where it is synthetic."""
        title = f": {self.title}" if self.title else ""
        said = self.synthetic == "yes" and "synthetic" not in self.title.lower()
        return f"{'Synthetic case' if said else 'Case'} {self.code}{title}"

    def anchor_of(self, place: str) -> str:
        """Where on the case's page a place of evidence is; empty where it does not say."""
        for pattern, anchor in _ANCHORS:
            match = pattern.search(place)
            if match:
                return anchor.format(*match.groups())
        return ""


class CaseStay(models.Model):
    """A stay of a case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="stays")
    stay = models.PositiveIntegerField()
    service = models.CharField(max_length=TEXT_LENGTH)
    organisation = _text()
    cohort = _text()
    requested_at = _moment()
    started_at = _moment(blank=False)
    ready_at = _moment()
    ended_at = _moment()
    next_service = _text()
    reason = _text()
    responsible = models.CharField(max_length=RESPONSIBLE_LENGTH, blank=True)

    class Meta:
        """Each number once."""

        ordering: ClassVar[Any] = ["case", "stay"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["case", "stay"], name="case_stay_once")
        ]

    def __str__(self) -> str:
        """Its number."""
        return str(self.stay)


class CaseDelay(models.Model):
    """A part of a stay's delay with its own reason."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="delays")
    stay = models.PositiveIntegerField()
    began_at = _moment(blank=False)
    ceased_at = _moment()
    reason = _text()
    responsible = models.CharField(max_length=RESPONSIBLE_LENGTH, blank=True)

    class Meta:
        """Each beginning once."""

        ordering: ClassVar[Any] = ["case", "stay", "began_at"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["case", "stay", "began_at"], name="case_delay_once")
        ]

    def __str__(self) -> str:
        """Of which stay."""
        return str(self.stay)


class ChecklistItem(Record):
    """An item of the checklist that a review's cases are asked."""

    order = models.PositiveIntegerField()
    question = models.CharField(max_length=TEXT_LENGTH)
    kind = models.CharField(max_length=10)
    choices = _text()
    illustrative = models.CharField(max_length=3)


class CaseAnswer(models.Model):
    """What a case's record says to an item."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(max_length=ID_LENGTH)
    answer = models.TextField()
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        """Each item once."""

        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["case", "item"], name="case_answer_once")
        ]

    def __str__(self) -> str:
        """Which item."""
        return self.item
