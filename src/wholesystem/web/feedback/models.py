"""Feedback tools in the workspace's database: what is asked, and who was invited.

Nothing here tells of an answer: no link or its hash, no time of an answer, and not whether anybody
answered. Names of those invited stand apart from the rows of a review, and go when a tool closes.
"""

from __future__ import annotations

import re
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from wholesystem.reviews.feedback.records import LINK_KINDS, TOOL_STATES
from wholesystem.web.workspace.models import (
    ID_LENGTH,
    Member,
    Organisation,
    Record,
    Recorded,
    Source,
)

__all__ = ["Coding", "Invited", "InvitedNames", "Merger", "Theme", "Tool"]


def make_key() -> str:
    """A name under which the store of answers knows a tool, and nobody else does.

    Returns
    -------
    str
        32 hexadecimal digits, drawn at random.
    """
    return uuid.uuid4().hex


class Tool(Recorded):
    """A feedback tool."""

    title = models.CharField(max_length=2000)
    instrument = models.CharField(max_length=ID_LENGTH)
    state = models.CharField(
        max_length=10, choices=[(one, one.capitalize()) for one in TOOL_STATES], default="draft"
    )
    opened_on = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    contact = models.CharField(max_length=2000, blank=True)
    note = models.TextField(blank=True)
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="feedback_tools"
    )
    # What is asked: rows of the instrument's tables as text, by table. Never changed.
    tables = models.JSONField(default=dict)
    # Of the store of answers. It is in no bundle: a tool that is brought in has another.
    key = models.CharField(max_length=32, unique=True, default=make_key, editable=False)

    class Meta(Recorded.Meta):
        """In a known state."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state__in=list(TOOL_STATES)), name="tool_state_known"
            ),
        ]

    def question_in(self, place: str) -> str:
        """Id of the question with choices that a place of evidence names; empty for none."""
        found = re.search(r"\bquestion ([\w.-]+)", place)
        asked = {one["question"]: one["kind"] for one in self.tables.get("questions", ())}
        return found[1] if found and asked.get(found[1], "text") != "text" else ""


class Invited(Recorded):
    """Links that were given out, by organisation and role."""

    tool = models.ForeignKey(Tool, on_delete=models.PROTECT, related_name="invited")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=ID_LENGTH, blank=True)
    links = models.CharField(
        max_length=10, choices=[("single", "Single-use links"), ("open", "An open link")]
    )
    number = models.PositiveIntegerField()
    last_day = models.DateField()
    withdrawn = models.CharField(max_length=2000, blank=True)
    # Drawn by the page that was sent, so that sending it again makes nothing again.
    once = models.CharField(max_length=32, blank=True, db_index=True, editable=False)

    class Meta(Recorded.Meta):
        """Single-use links are counted, an open one is not."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(links__in=list(LINK_KINDS)), name="invited_links_known"
            ),
            models.CheckConstraint(
                condition=Q(links="open", number=0) | Q(links="single", number__gt=0),
                name="invited_number_fits_links",
            ),
        ]


class InvitedNames(models.Model):
    """Names of those who were invited, in the order of the alphabet and in no bundle.

    Deleted when the tool closes. No link and no answer belongs to a line.
    """

    invited = models.OneToOneField(Invited, on_delete=models.CASCADE, related_name="names")
    # A person a line, as pasted.
    lines = models.JSONField()
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        """Of which invitation; no name."""
        return self.invited.code


class Merger(Recorded):
    """An organisation that went into another."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    into = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        """Each organisation goes into one other."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organisation"], name="merger_organisation_once"),
        ]


class Theme(Recorded):
    """What several comments on a tool say, in a coder's words."""

    tool = models.ForeignKey(Tool, on_delete=models.PROTECT, related_name="themes")
    label = models.CharField(max_length=2000)
    kloe = models.CharField(max_length=ID_LENGTH, blank=True)
    withdrawn = models.CharField(max_length=2000, blank=True)


class Coding(models.Model):
    """That a comment was given a theme."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="codings")
    question = models.CharField(max_length=ID_LENGTH)
    comment = models.CharField(max_length=ID_LENGTH)
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        """Each once."""

        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["theme", "question", "comment"], name="coding_once")
        ]

    def __str__(self) -> str:
        """Of which theme."""
        return self.theme.code
