"""A review's tables in the database.

They hold what the rows of `wholesystem.reviews.records` hold, under the same names; a record's
id within its review (``E012``) is its `code`. Nothing is deleted: records are withdrawn, and
links between them cannot be broken from the side that is rested on (PROTECT). `version` counts
changes, so that a second editor is told instead of overwriting the first.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from wholesystem.reviews.words import ROLES, SOURCE_KINDS, STAGES, word_labels

__all__ = [
    "Anchor",
    "AreaForImprovement",
    "Document",
    "DueDate",
    "Event",
    "Evidence",
    "EvidenceOrganisation",
    "EvidenceQuestion",
    "Figure",
    "Finding",
    "FindingEvidence",
    "Framework",
    "Grant",
    "ImprovementFinding",
    "Job",
    "Measures",
    "Member",
    "Notice",
    "Organisation",
    "Review",
    "Source",
    "SourceOrganisation",
    "job_kinds",
]

ID_LENGTH = 60
DIGEST_LENGTH = 64


def _labels(name: str) -> list[tuple[str, str]]:
    return [(word, label) for word, (label, _) in word_labels(name).items()]


def _one_of(field: str, words: tuple[str, ...], table: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": list(words)}), name=f"{table}_{field}_known"
    )


class Framework(models.Model):
    """Questions that reviews can be opened with: packaged ones, and those that users brought."""

    code = models.CharField(max_length=ID_LENGTH, unique=True)
    name = models.CharField(max_length=300)
    # Rows of framework, areas, questions and prompts as text, by table.
    tables = models.JSONField()
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Review(models.Model):
    """One review of one area."""

    code = models.CharField(max_length=ID_LENGTH, unique=True)
    title = models.CharField(max_length=2000)
    area_code = models.CharField(max_length=ID_LENGTH)
    area = models.CharField(max_length=2000)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT)
    stage = models.CharField(max_length=20, choices=_labels("stages"))
    opened_on = models.DateField()
    aim = models.TextField(blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar[Any] = ["-opened_on", "code"]
        constraints: ClassVar[Any] = [_one_of("stage", STAGES, "review")]

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Record(models.Model):
    """What every table of a review has."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="%(class)s_set")
    # A document's is its digest; every other id is shorter.
    code = models.CharField(max_length=DIGEST_LENGTH)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In order of entry."""

        abstract = True
        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["review", "code"], name="%(class)s_code_once")
        ]

    def __str__(self) -> str:
        """Its id within the review."""
        return self.code


class Organisation(Record):
    """An organisation of the system."""

    name = models.CharField(max_length=2000)
    kind = models.CharField(max_length=2000, blank=True)
    ods_code = models.CharField(max_length=ID_LENGTH, blank=True)


class Member(Record):
    """A person's part in a review. An imported one has no account; a person who left keeps it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=2000)
    role = models.CharField(max_length=20, choices=_labels("roles"))
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta(Record.Meta):
        """One part each."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["review", "user"],
                condition=Q(user__isnull=False),
                name="member_user_once",
            ),
            _one_of("role", ROLES, "member"),
        ]


class Recorded(Record):
    """A record that says who made it and when."""

    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    # UTC to the second, as in a bundle.
    recorded_at = models.DateTimeField()

    class Meta(Record.Meta):
        """As its parent."""

        abstract = True


class Document(Recorded):
    """An uploaded file; its content lies in the data folder under its digest, its code."""

    name = models.CharField(max_length=2000)
    media_type = models.CharField(max_length=200)
    size_bytes = models.PositiveBigIntegerField()
    # Extracted text, to whose characters anchors refer.
    text = models.TextField(blank=True)
    # Why there is no text, where there is none.
    text_note = models.CharField(max_length=500, blank=True)


class Source(Recorded):
    """Where evidence came from."""

    kind = models.CharField(max_length=30, choices=_labels("source_kinds"))
    title = models.CharField(max_length=2000)
    who = models.CharField(max_length=2000, blank=True)
    place = models.CharField(max_length=2000, blank=True)
    date = models.DateField(null=True, blank=True)
    document = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="sources"
    )
    note = models.TextField(blank=True)
    withdrawn = models.CharField(max_length=2000, blank=True)

    class Meta(Recorded.Meta):
        """Of a known kind."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            _one_of("kind", SOURCE_KINDS, "source"),
        ]


class SourceOrganisation(models.Model):
    """An organisation that a source is of, in the order given."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="organisation_links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Each once."""

        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(
                fields=["source", "organisation"], name="source_organisation_once"
            )
        ]

    def __str__(self) -> str:
        """The organisation's id."""
        return self.organisation.code


FORMS = ("quote", "paraphrase", "figure")
SHOWS = ("strength", "concern", "neither")


class Evidence(Recorded):
    """A passage or figure of a source."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="evidence")
    form = models.CharField(max_length=20, choices=[(one, one.capitalize()) for one in FORMS])
    text = models.TextField()
    place = models.CharField(max_length=2000, blank=True)
    date = models.DateField(null=True, blank=True)
    shows = models.CharField(max_length=20, choices=[(one, one.capitalize()) for one in SHOWS])
    withdrawn = models.CharField(max_length=2000, blank=True)

    class Meta(Recorded.Meta):
        """Of a known form; showing one of three."""

        verbose_name_plural = "evidence"
        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            _one_of("form", FORMS, "evidence"),
            _one_of("shows", SHOWS, "evidence"),
        ]


class EvidenceOrganisation(models.Model):
    """An organisation that evidence is about, in the order given."""

    evidence = models.ForeignKey(
        Evidence, on_delete=models.CASCADE, related_name="organisation_links"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Each once."""

        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(
                fields=["evidence", "organisation"], name="evidence_organisation_once"
            )
        ]

    def __str__(self) -> str:
        """The organisation's id."""
        return self.organisation.code


class EvidenceQuestion(models.Model):
    """A question that evidence speaks to, in the order given."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="questions")
    kloe = models.CharField(max_length=ID_LENGTH, db_index=True)

    class Meta:
        """Each once."""

        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["evidence", "kloe"], name="evidence_question_once")
        ]

    def __str__(self) -> str:
        """The question's id."""
        return self.kloe


class Figure(models.Model):
    """The figure that evidence cites."""

    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="figure")
    kind = models.CharField(
        max_length=20, choices=[("indicator", "Indicator"), ("measure", "Measure of stays")]
    )
    name = models.CharField(max_length=ID_LENGTH)
    area_code = models.CharField(max_length=ID_LENGTH, blank=True)
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    measures = models.CharField(max_length=ID_LENGTH, blank=True)
    key = models.CharField(max_length=2000, blank=True)
    column = models.CharField(max_length=ID_LENGTH, blank=True)
    value = models.FloatField()
    unit = models.CharField(max_length=2000)
    source_file = models.CharField(max_length=2000, blank=True)

    def __str__(self) -> str:
        """What it is of."""
        return self.name


class Anchor(models.Model):
    """The passage of a document that evidence quotes."""

    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="anchor")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="anchors")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quoted = models.TextField()

    class Meta:
        """A passage has at least one character."""

        constraints: ClassVar[Any] = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="anchor_ends_after_start")
        ]

    def __str__(self) -> str:
        """Where it is."""
        return f"{self.start}-{self.end}"


STATUSES = ("candidate", "confirmed", "withdrawn")


class Finding(Recorded):
    """A statement under a question."""

    kloe = models.CharField(max_length=ID_LENGTH, db_index=True)
    statement = models.TextField()
    status = models.CharField(
        max_length=20, choices=[(one, one.capitalize()) for one in STATUSES], default="candidate"
    )
    confirmed_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    contrary_considered = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        """Confirmed by someone at some time, or neither."""

        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            _one_of("status", STATUSES, "finding"),
            models.CheckConstraint(
                condition=Q(
                    status="confirmed", confirmed_by__isnull=False, confirmed_at__isnull=False
                )
                | (
                    ~Q(status="confirmed") & Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                ),
                name="finding_confirmed_by_whom",
            ),
        ]


class FindingEvidence(models.Model):
    """Evidence for or against a finding."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="links")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="links")
    side = models.CharField(max_length=10, choices=[("for", "For"), ("against", "Against")])
    note = models.TextField(blank=True)

    class Meta:
        """Each evidence on one side."""

        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["finding", "evidence"], name="finding_evidence_once")
        ]

    def __str__(self) -> str:
        """Which side."""
        return self.side


LEVELS = ("strategic", "operational", "engagement")
VERBS = ("must", "should", "continue")


class AreaForImprovement(Recorded):
    """What must, should or may go on to change."""

    level = models.CharField(max_length=20, choices=[(one, one.capitalize()) for one in LEVELS])
    verb = models.CharField(max_length=20, choices=[(one, one.capitalize()) for one in VERBS])
    text = models.TextField()
    order = models.PositiveIntegerField()

    class Meta(Recorded.Meta):
        """In the order that the lead gave."""

        ordering: ClassVar[Any] = ["order", "pk"]
        verbose_name_plural = "areas for improvement"
        constraints: ClassVar[Any] = [
            *Record.Meta.constraints,
            _one_of("level", LEVELS, "area_for_improvement"),
            _one_of("verb", VERBS, "area_for_improvement"),
        ]


class ImprovementFinding(models.Model):
    """A finding that an area for improvement follows from, in the order given."""

    improvement = models.ForeignKey(
        AreaForImprovement, on_delete=models.CASCADE, related_name="finding_links"
    )
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="improvement_links")

    class Meta:
        """Each once."""

        ordering: ClassVar[Any] = ["pk"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(
                fields=["improvement", "finding"], name="improvement_finding_once"
            )
        ]

    def __str__(self) -> str:
        """The finding's id."""
        return self.finding.code


class DueDate(Record):
    """Something due on a day."""

    title = models.CharField(max_length=2000)
    on = models.DateField()
    person = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_on = models.DateField(null=True, blank=True)

    class Meta(Record.Meta):
        """The next one first."""

        ordering: ClassVar[Any] = ["on", "pk"]


class Measures(models.Model):
    """A folder of stays measures kept with a review, for figures to be cited from."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="measures_set")
    name = models.CharField(max_length=ID_LENGTH)
    # Text of each CSV file by its name.
    tables = models.JSONField()

    class Meta:
        """Each name once."""

        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["review", "name"], name="measures_name_once")
        ]

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Event(models.Model):
    """One link of the review's history; appended only, by triggers of the database too."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="event_set")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=ID_LENGTH)
    action = models.CharField(max_length=ID_LENGTH)
    table = models.CharField(max_length=ID_LENGTH)
    record = models.CharField(max_length=150)
    changes = models.TextField()
    why = models.TextField(blank=True)
    previous = models.CharField(max_length=DIGEST_LENGTH, blank=True)
    digest = models.CharField(max_length=DIGEST_LENGTH)

    class Meta:
        """One chain a review."""

        ordering: ClassVar[Any] = ["number"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["review", "number"], name="event_number_once")
        ]
        indexes: ClassVar[Any] = [
            models.Index(fields=["review", "table", "record"], name="event_of_record")
        ]

    def __str__(self) -> str:
        """Its place in the chain."""
        return str(self.number)


class Grant(models.Model):
    """The part in a review that an invitation gives to who accepts it."""

    invitation = models.ForeignKey(
        "accounts.Invitation", on_delete=models.CASCADE, related_name="grants"
    )
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=_labels("roles"))
    # Somebody whom the review names already, whose part the invited person takes.
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        """The role."""
        return self.role


JOB_KINDS = {
    "cases": "Cases",
    "export": "Export",
    "import": "Import",
    "map": "System map",
    "profile": "Data profile",
}


def job_kinds() -> list[tuple[str, str]]:
    """Kinds of background work; asked for, so that a new one needs no migration.

    Returns
    -------
    list of (str, str)
        Word and label.
    """
    return list(JOB_KINDS.items())


class Job(models.Model):
    """Background work that somebody asked for, and what became of it."""

    review = models.ForeignKey(
        Review, null=True, blank=True, on_delete=models.CASCADE, related_name="jobs"
    )
    kind = models.CharField(max_length=20, choices=job_kinds)
    status = models.CharField(
        max_length=20,
        choices=[(one, one.capitalize()) for one in ("waiting", "running", "done", "failed")],
        default="waiting",
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Counted as it is taken up, so that of two workers on one job the later one alone may end it.
    attempts = models.PositiveSmallIntegerField(default=0)
    # Path within the data folder: what was uploaded for an import, what an export wrote.
    file = models.CharField(max_length=500, blank=True)
    file_name = models.CharField(max_length=300, blank=True)
    # What to tell the person: what was made, or why not.
    message = models.TextField(blank=True)
    # Faults of an import, each with where, value, rule and remedy.
    faults = models.JSONField(default=list, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar[Any] = ["-pk"]

    def __str__(self) -> str:
        """What it is and where it stands."""
        return f"{self.kind} {self.status}"


class Notice(models.Model):
    """A reminder shown to a person on the review's home until it is seen."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notices")
    due_date = models.ForeignKey(DueDate, on_delete=models.CASCADE, related_name="notices")
    made_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One for each due date."""

        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["member", "due_date"], name="notice_once")
        ]

    def __str__(self) -> str:
        """What is due."""
        return self.due_date.title
