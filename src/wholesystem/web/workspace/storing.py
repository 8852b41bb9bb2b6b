"""Putting a whole review, read from a bundle, into the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from wholesystem.reviews import review as reviews
from wholesystem.reviews.checks import HOMES
from wholesystem.tables.rows import Row
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.reviews import keep_framework
from wholesystem.web.workspace.addresses import check_review_ids
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.policies import RESERVED_IDS
from wholesystem.web.workspace.rows import MAPS, TableMap, to_utc

__all__ = ["check_is_new", "store_review", "take_lead"]

# Many rows a statement, and few enough for SQLite's limit of variables.
BATCH = 500


@transaction.atomic
def store_review(
    *,
    review: reviews.Review,
    texts: Mapping[str, tuple[str, str]],
    measures: Mapping[str, Mapping[str, str]],
    user: Any = None,
) -> models.Review:
    """Keep a review that was read from a bundle, all or nothing.

    Parameters
    ----------
    review : Review
        Checked.
    texts : mapping of str to (str, str)
        Extracted text of each document by its digest, and why there is none.
    measures : mapping of str to mapping of str to str
        Folders of stays measures: text of each CSV file by its name.
    user : User, optional
        Who takes the place of its first lead, so that somebody can carry it on. Nothing of the
        review changes by that: accounts are no part of it.

    Returns
    -------
    models.Review
        The review. Its history is the one that it came with.

    Raises
    ------
    TableError
        If an id cannot stand in an address.
    PolicyError
        If a review with the same id is here, or another framework with the same id.
    """
    check_is_new(review.info.review)
    check_review_ids(review)
    framework = keep_framework(framework=review.framework, by=user)
    kept = _store_info(review, framework)
    known: dict[str, dict[str, Any]] = {}
    for name, rows in review.tables().items():
        known[name] = _store_table(kept, name, rows, known, texts)
    models.Measures.objects.bulk_create(
        models.Measures(review=kept, name=name, tables=dict(tables))
        for name, tables in measures.items()
    )
    _store_history(kept, review)
    if user is not None:
        take_lead(kept, user)
    return kept


def check_is_new(code: str) -> None:
    """Refuse a review whose id is taken.

    Parameters
    ----------
    code : str
        Id of a review that is to be stored.

    Raises
    ------
    PolicyError
        If a review with this id is here, or the id is one of the workspace's own.
    """
    if code in RESERVED_IDS:
        raise PolicyError(
            f"A review cannot have the id {code} here: a page of the workspace has it. Give it"
            " another in review.csv."
        )
    if models.Review.objects.filter(code=code).exists():
        raise PolicyError(
            f"There is a review {code} here already. Nothing was changed. To bring this one in"
            " beside it, give it another id in review.csv."
        )


def take_lead(review: models.Review, user: Any) -> models.Member:
    """Link an account to the review's first lead who has none; a lead is added if there is none.

    Parameters
    ----------
    review : models.Review
        Imported.
    user : User
        The account.

    Returns
    -------
    models.Member
        The lead.
    """
    people = models.Member.objects.filter(review=review).order_by("pk")
    lead = people.filter(role="lead", user__isnull=True).first()
    if lead is None:
        from wholesystem.web.workspace.actions.reviews import add_member

        return add_member(review=review, by=None, user=user, role="lead")
    lead.user = user
    lead.save(update_fields=["user"])
    return lead


def _store_info(review: reviews.Review, framework: models.Framework) -> models.Review:
    info = review.info
    names = ("title", "area_code", "area", "stage", "opened_on", "aim", "note")
    return models.Review.objects.create(
        code=info.review, framework=framework, **{name: getattr(info, name) for name in names}
    )


def _store_table(
    review: models.Review,
    name: str,
    rows: Iterable[Row],
    known: Mapping[str, Mapping[str, Any]],
    texts: Mapping[str, tuple[str, str]],
) -> dict[str, Any]:
    """Records of a table by their ids, in the order of the rows."""
    table = MAPS[name]
    rows = tuple(rows)
    made = [table.model(**_fields(review, table, row, known)) for row in rows]
    if name == "documents":
        for record in made:
            record.text, record.text_note = texts.get(record.code, ("", ""))
    table.model.objects.bulk_create(made, batch_size=BATCH)
    for column, many in table.many.items():
        others = known.get(HOMES[column], {})
        many.model.objects.bulk_create(
            (
                many.model(**{many.owner: record, many.other: others.get(code, code)})
                for record, row in zip(made, rows, strict=True)
                for code in getattr(row, column)
            ),
            batch_size=BATCH,
        )
    return {record.code: record for record in made} if table.key else {}


def _fields(
    review: models.Review, table: TableMap, row: Row, known: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    fields: dict[str, Any] = {"review": review} if table.key else {}
    for column in table.row.columns():
        value = getattr(row, column)
        if column == table.key:
            fields["code"] = value
        elif column in table.links:
            fields[column] = known[HOMES[column]][value] if value else None
        elif column not in table.many:
            fields[column] = to_utc(value) if isinstance(value, datetime) else value
    return fields


def _store_history(kept: models.Review, review: reviews.Review) -> None:
    def fields(event: Any) -> dict[str, Any]:
        values = {name: getattr(event, name) for name in type(event).columns()}
        return {**values, "at": to_utc(event.at)}

    models.Event.objects.bulk_create(
        (models.Event(review=kept, **fields(event)) for event in review.history), batch_size=BATCH
    )
