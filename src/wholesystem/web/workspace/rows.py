"""Between the database and the rows of `wholesystem.reviews`: the same record, two shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model, Prefetch, QuerySet

from wholesystem.reviews import framework as frameworks
from wholesystem.reviews import records, review
from wholesystem.reviews.accuracy import records as accuracy_records
from wholesystem.reviews.cases import records as case_records
from wholesystem.reviews.checks import OPTIONAL_TABLES
from wholesystem.reviews.feedback import records as feedback_records
from wholesystem.reviews.framework import Framework
from wholesystem.reviews.history import Event
from wholesystem.reviews.report import records as report_records
from wholesystem.reviews.requests import records as request_records
from wholesystem.tables.rows import Row
from wholesystem.web.cases import models as case_models
from wholesystem.web.database import one_view
from wholesystem.web.feedback import models as feedback_models
from wholesystem.web.reporting import models as reporting_models
from wholesystem.web.requests import models as request_models
from wholesystem.web.workspace import models

__all__ = [
    "MAPS",
    "Many",
    "TableMap",
    "event_row",
    "framework_of",
    "info_row",
    "load_events",
    "load_review",
    "row_of",
    "stored_framework",
    "to_utc",
]


@dataclass(frozen=True)
class Many:
    """Where the links of a column of several ids stand, in their order.

    Parameters
    ----------
    links : str
        Name by which the record reaches its links.
    owner : str
        The link's field that is the record.
    other : str
        The link's field that is the other record, or the id itself.
    model : type of Model
        Of the links.
    """

    links: str
    owner: str
    other: str
    model: Any

    def codes(self, record: Model) -> tuple[str, ...]:
        """Ids that a record is linked to.

        Parameters
        ----------
        record : Model
            The owner.

        Returns
        -------
        tuple of str
            In the order given.
        """
        return tuple(str(getattr(link, self.other)) for link in getattr(record, self.links).all())

    def prefetch(self) -> Prefetch[Any]:
        """The links of many records in one query.

        Returns
        -------
        Prefetch
            With the records linked to, in order.
        """
        links: QuerySet[Any] = self.model.objects.order_by("pk")
        if self.other != "kloe":
            links = links.select_related(self.other)
        return Prefetch(self.links, queryset=links)


@dataclass(frozen=True)
class TableMap:
    """How a table of a review stands in the database.

    Parameters
    ----------
    model : type of Model
        Its model.
    row : type of Row
        What its rows are outside the database.
    key : str
        Column of the row that is the model's `code`; empty where a row is known by its links.
    links : tuple of str
        Columns that are foreign keys; the row holds the other's code, blank for none.
    many : mapping of str to Many
        Columns of several ids, each with where its links stand.
    deferred : tuple of str
        Fields of the model that no row needs and that may be large: read when asked for.
    through : str
        Field by which a record without a key of its own is found in a review.
    """

    model: Any
    row: type[Row]
    key: str
    links: tuple[str, ...] = ()
    many: Mapping[str, Many] = field(default_factory=dict)
    deferred: tuple[str, ...] = ()
    through: str = "evidence"

    def all_of(self, review_pk: int) -> QuerySet[Any]:
        """Records of a review in order, with all that their rows need.

        Parameters
        ----------
        review_pk : int
            Of the review.

        Returns
        -------
        QuerySet
            At most one query more for each many-to-many column.
        """
        through = "" if self.key else f"{self.through}__"
        found: QuerySet[Any] = self.model.objects.filter(**{f"{through}review_id": review_pk})
        found = found.order_by("pk")
        if self.links:
            found = found.select_related(*self.links)
        if self.deferred:
            found = found.defer(*self.deferred)
        prefetched = [one.prefetch() for one in self.many.values()]
        return found.prefetch_related(*prefetched) if prefetched else found


_QUESTIONS = Many("questions", "evidence", "kloe", models.EvidenceQuestion)
_ORGANISATIONS = "organisation_links"

MAPS: Mapping[str, TableMap] = {
    "organisations": TableMap(models.Organisation, records.Organisation, "organisation"),
    "people": TableMap(models.Member, records.Person, "person", ("organisation",)),
    "documents": TableMap(
        models.Document,
        records.Document,
        "document",
        ("recorded_by",),
        deferred=("text", "text_note"),
    ),
    "sources": TableMap(
        models.Source,
        records.Source,
        "source",
        ("document", "recorded_by"),
        {
            "organisations": Many(
                _ORGANISATIONS, "source", "organisation", models.SourceOrganisation
            )
        },
    ),
    "evidence": TableMap(
        models.Evidence,
        records.Evidence,
        "evidence",
        ("source", "recorded_by"),
        {
            "kloe": _QUESTIONS,
            "organisations": Many(
                _ORGANISATIONS, "evidence", "organisation", models.EvidenceOrganisation
            ),
        },
    ),
    "figures": TableMap(models.Figure, records.Figure, "", ("evidence",)),
    "anchors": TableMap(models.Anchor, records.Anchor, "", ("evidence", "document")),
    "findings": TableMap(
        models.Finding, records.Finding, "finding", ("confirmed_by", "recorded_by")
    ),
    "finding_evidence": TableMap(
        models.FindingEvidence, records.FindingEvidence, "", ("finding", "evidence")
    ),
    "areas_for_improvement": TableMap(
        models.AreaForImprovement,
        records.AreaForImprovement,
        "area_for_improvement",
        ("recorded_by",),
        {"findings": Many("finding_links", "improvement", "finding", models.ImprovementFinding)},
    ),
    "due_dates": TableMap(models.DueDate, records.DueDate, "due_date", ("person",)),
    "cases": TableMap(
        case_models.Case, case_records.TrackedCase, "case", ("source", "recorded_by")
    ),
    "case_stays": TableMap(
        case_models.CaseStay,
        case_records.CaseStay,
        "",
        ("case",),
        through="case",
    ),
    "case_delays": TableMap(
        case_models.CaseDelay,
        case_records.CaseDelay,
        "",
        ("case",),
        through="case",
    ),
    "case_checklist": TableMap(case_models.ChecklistItem, case_records.ChecklistItem, "item"),
    "case_answers": TableMap(
        case_models.CaseAnswer,
        case_records.CaseAnswer,
        "",
        ("case", "recorded_by"),
        through="case",
    ),
    "feedback_tools": TableMap(
        feedback_models.Tool,
        feedback_records.FeedbackTool,
        "tool",
        ("source", "recorded_by"),
        deferred=("tables",),
    ),
    "feedback_invited": TableMap(
        feedback_models.Invited,
        feedback_records.FeedbackInvited,
        "invited",
        ("tool", "organisation", "recorded_by"),
    ),
    "organisation_mergers": TableMap(
        feedback_models.Merger,
        feedback_records.OrganisationMerger,
        "merger",
        ("organisation", "into", "recorded_by"),
    ),
    "feedback_themes": TableMap(
        feedback_models.Theme,
        feedback_records.FeedbackTheme,
        "theme",
        ("tool", "recorded_by"),
    ),
    "feedback_codings": TableMap(
        feedback_models.Coding,
        feedback_records.FeedbackCoding,
        "",
        ("theme", "recorded_by"),
        through="theme",
    ),
    "requests": TableMap(
        request_models.InformationRequest,
        request_records.InformationRequest,
        "request",
        ("organisation", "recorded_by"),
        {
            "answered_by": Many("person_links", "request", "member", request_models.RequestPerson),
            "due_dates": Many(
                "due_date_links", "request", "due_date", request_models.RequestDueDate
            ),
        },
    ),
    "request_questions": TableMap(
        request_models.RequestQuestion,
        request_records.RequestQuestion,
        "request_question",
        ("request", "recorded_by"),
        {"kloe": Many("kloe_links", "question", "kloe", request_models.RequestQuestionKloe)},
    ),
    "request_answers": TableMap(
        request_models.RequestAnswer,
        request_records.RequestAnswer,
        "request_question",
        ("source", "recorded_by"),
        {"documents": Many("document_links", "answer", "document", request_models.AnswerDocument)},
    ),
    "request_returns": TableMap(
        request_models.RequestReturn,
        request_records.RequestReturn,
        "request_return",
        ("request_question", "recorded_by"),
    ),
    "report_paragraphs": TableMap(
        reporting_models.ReportParagraph,
        report_records.ReportParagraph,
        "paragraph",
        ("recorded_by",),
    ),
    "report_versions": TableMap(
        reporting_models.ReportVersion,
        report_records.ReportVersion,
        "version",
        ("document", "recorded_by"),
    ),
    "accuracy_rounds": TableMap(
        reporting_models.AccuracyRound,
        accuracy_records.AccuracyRound,
        "accuracy_round",
        ("report_version", "signed_by", "recorded_by"),
        {
            "organisations": Many(
                _ORGANISATIONS, "accuracy_round", "organisation", reporting_models.RoundOrganisation
            )
        },
    ),
    "accuracy_comments": TableMap(
        reporting_models.AccuracyComment,
        accuracy_records.AccuracyComment,
        "accuracy_comment",
        ("accuracy_round", "organisation", "paragraph", "decided_by", "recorded_by"),
        {
            "documents": Many(
                "document_links", "comment", "document", reporting_models.CommentDocument
            )
        },
    ),
}
"""By the table's name in a bundle."""


def to_utc(moment: datetime) -> datetime:
    """A row's naive time as the database keeps it.

    Parameters
    ----------
    moment : datetime
        Naive UTC.

    Returns
    -------
    datetime
        The same moment, aware.
    """
    return moment.replace(tzinfo=UTC)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return value


def _value(table: TableMap, record: Model, column: str) -> Any:
    if column == table.key:
        return record.code  # type: ignore[attr-defined]
    if column in table.many:
        return table.many[column].codes(record)
    value = getattr(record, column)
    if column in table.links:
        return value.code if value is not None else ""
    return _plain(value)


def row_of(table: str, record: Model) -> Any:
    """The row of a record.

    Parameters
    ----------
    table : str
        One of `MAPS`.
    record : Model
        Of that table's model.

    Returns
    -------
    Row
        Not checked again: what the database holds was checked on its way in.
    """
    one = MAPS[table]
    return one.row.model_construct(
        **{column: _value(one, record, column) for column in one.row.columns()}
    )


def info_row(record: models.Review) -> records.ReviewInfo:
    """The row of a review itself.

    Parameters
    ----------
    record : models.Review
        From the database.

    Returns
    -------
    ReviewInfo
        As ``review.csv`` holds it.
    """
    return records.ReviewInfo.model_construct(
        review=record.code,
        framework=record.framework.code,
        **{
            name: getattr(record, name)
            for name in ("title", "area_code", "area", "stage", "opened_on", "aim", "note")
        },
    )


def event_row(record: models.Event) -> Event:
    """The row of an event.

    Parameters
    ----------
    record : models.Event
        From the database.

    Returns
    -------
    Event
        As a bundle's history holds it.
    """
    return Event.model_construct(
        **{column: _plain(getattr(record, column)) for column in Event.columns()}
    )


_FRAMEWORK_ROWS: Mapping[str, type[Row]] = {
    "framework": frameworks.FrameworkInfo,
    "areas": frameworks.QuestionArea,
    "questions": frameworks.Question,
    "prompts": frameworks.Prompt,
}

_made: dict[tuple[int, str, datetime], Framework] = {}


def stored_framework(framework: Framework) -> dict[str, list[dict[str, str]]]:
    """A framework's tables as the database keeps them.

    Parameters
    ----------
    framework : Framework
        Checked.

    Returns
    -------
    dict of str to list of dict
        Cells as text, by table.
    """
    tables: dict[str, Iterable[Row]] = {
        "framework": (framework.info,),
        "areas": framework.areas,
        "questions": framework.questions,
        "prompts": framework.prompts,
    }
    return {name: [row.cells() for row in rows] for name, rows in tables.items()}


def framework_of(record: models.Framework) -> Framework:
    """A framework from its tables; each is made once by a process, since none is ever changed.

    Parameters
    ----------
    record : models.Framework
        From the database.

    Returns
    -------
    Framework
        Checked.
    """
    # The moment too: in a database that was put back, another may have the same number.
    key = (record.pk, record.code, record.added_at)
    if key not in _made:
        rows: dict[str, tuple[Any, ...]] = {
            name: tuple(row.model_validate(cells) for cells in record.tables[name])
            for name, row in _FRAMEWORK_ROWS.items()
        }
        _made[key] = Framework(
            rows["framework"][0], rows["areas"], rows["questions"], rows["prompts"]
        )
    return _made[key]


def load_events(record: models.Review) -> tuple[Event, ...]:
    """The history of a review.

    Parameters
    ----------
    record : models.Review
        From the database.

    Returns
    -------
    tuple of Event
        The oldest first.
    """
    return tuple(event_row(one) for one in record.event_set.order_by("number"))


@lru_cache(maxsize=64)
def _whole(pk: int, created: datetime, version: int, last: str, every: bool) -> review.Review:
    """A review without its history. Every change of it adds an event, so a digest knows it.

    `created` is there since a number may come again, where a database was put back.
    """
    record = models.Review.objects.select_related("framework").defer("framework__tables").get(pk=pk)
    tables: dict[str, Any] = {
        name: tuple(row_of(name, one) for one in table.all_of(pk))
        for name, table in MAPS.items()
        if every or name not in OPTIONAL_TABLES
    }
    return review.Review(info_row(record), framework_of(record.framework), **tables)


def load_review(
    record: models.Review, *, every: bool = False, history: bool = False
) -> review.Review:
    """A whole review out of the database, to ask it what is thin or contradicted.

    Parameters
    ----------
    record : models.Review
        From the database.
    every : bool
        Whether to load the tables too that no judgement rests on: cases, requests, feedback tools,
        the report and its rounds. Without them they are empty.
    history : bool
        Whether to load its history and every table, as a bundle needs.

    Returns
    -------
    Review
        As it stands at one moment, in at most twenty queries however large it is, twice as many for
        every table; in one, where nothing was changed since it was last loaded. It is shared:
        nobody may change it.
    """
    # Read at one moment: else a row could name another that was not there a query earlier.
    with nullcontext() if connection.in_atomic_block else one_view():
        events = record.event_set.order_by("-number").values_list("digest", flat=True)
        last = events.first() or ""
        whole = _whole(record.pk, record.created_at, record.version, last, every or history)
        return replace(whole, history=load_events(record)) if history else whole
