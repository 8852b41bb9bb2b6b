"""Saving one record: checked as a row, refused if somebody else was faster, told in the history."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import Http404
from pydantic import ValidationError

from wholesystem.reviews.checks import HOMES
from wholesystem.reviews.history import make_event
from wholesystem.tables.rows import Row
from wholesystem.web.workspace import models
from wholesystem.web.workspace.errors import Conflict, RecordFaults
from wholesystem.web.workspace.policies import check_can_withdraw, check_is_open
from wholesystem.web.workspace.rows import (
    MAPS,
    TableMap,
    event_row,
    framework_of,
    row_of,
    to_utc,
)

__all__ = [
    "append_event",
    "find_record",
    "lock_review",
    "now",
    "save_link",
    "save_record",
    "withdraw_record",
]

# Ids within a review are counted: letters, and digits at least so many.
_COUNTED = {
    "people": ("P", 2),
    "sources": ("S", 3),
    "evidence": ("E", 3),
    "findings": ("F", 2),
    "areas_for_improvement": ("A", 2),
    "due_dates": ("D", 2),
    "cases": ("C", 2),
    "feedback_tools": ("T", 2),
    "feedback_invited": ("I", 2),
    "organisation_mergers": ("M", 2),
    "feedback_themes": ("TH", 2),
    "requests": ("R", 2),
    "request_questions": ("Q", 3),
    "request_returns": ("B", 2),
    "report_paragraphs": ("RP", 3),
    "report_versions": ("V", 2),
    "accuracy_rounds": ("AR", 1),
    "accuracy_comments": ("AC", 2),
}
# Model of the records that a column names.
_CODED: Mapping[str, Any] = {
    column: MAPS[table].model for column, table in HOMES.items() if table in MAPS
}


def now() -> datetime:
    """Now, as rows hold a time.

    Returns
    -------
    datetime
        Naive UTC, to the second.
    """
    return datetime.now(UTC).replace(microsecond=0, tzinfo=None)


def lock_review(review: models.Review) -> models.Review:
    """The review as it stands, held until the transaction ends.

    Parameters
    ----------
    review : models.Review
        As a page read it.

    Returns
    -------
    models.Review
        Its history grows by one writer at a time.
    """
    return (
        models.Review.objects.select_for_update(of=("self",))
        .select_related("framework")
        .get(pk=review.pk)
    )


def append_event(
    review: models.Review,
    *,
    by: models.Member,
    action: str,
    table: str,
    record: str,
    changes: Mapping[str, tuple[Any, Any]],
    why: str = "",
) -> models.Event:
    """Add a link to a review's history; the review must be locked.

    Parameters
    ----------
    review : models.Review
        Locked by `lock_review`.
    by : models.Member
        Who did it.
    action, table, record : str
        What was done to what.
    changes : mapping of str to (before, after)
        By column.
    why : str
        The person's reason.

    Returns
    -------
    models.Event
        The event.

    Raises
    ------
    RecordFaults
        If the reason cannot be kept.
    """
    last = review.event_set.order_by("-number").first()
    try:
        event = make_event(
            event_row(last) if last else None,
            at=now(),
            by=by.code,
            action=action,
            table=table,
            record=record,
            changes=changes,
            why=why,
        )
    except ValidationError as error:  # of a reason: all else was checked as a row
        raise RecordFaults.of(error) from None
    values = {name: getattr(event, name) for name in type(event).columns()}
    return models.Event.objects.create(review=review, **{**values, "at": to_utc(event.at)})


def find_record(review: models.Review, table: str, code: str) -> Any:
    """A record of a review.

    Parameters
    ----------
    review : models.Review
        The review; another's records are not found.
    table : str
        One of `MAPS` that has a key.
    code : str
        The record's id.

    Returns
    -------
    Model
        The record.

    Raises
    ------
    Http404
        If there is none.
    """
    # No id has a NUL, and PostgreSQL takes no text that has one.
    found = MAPS[table].all_of(review.pk).filter(code=code.replace("\x00", " "))
    record = found.first()
    if record is None:
        raise Http404(f"There is no {code} among the {table} of this review.")
    return record


@transaction.atomic
def save_record(
    *,
    review: models.Review,
    by: models.Member,
    table: str,
    values: Mapping[str, Any],
    code: str = "",
    version: int | None = None,
    action: str = "",
    why: str = "",
    check: Callable[[Any], None] | None = None,
) -> Any:
    """Add a record, or change one.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    table : str
        One of `MAPS` that has a key.
    values : mapping of str to object
        By column of its row; columns not named keep what they hold.
    code : str
        The record's id; a new one is added if empty, or if `values` names its key.
    version : int, optional
        The version that the person saw; not asked if None.
    action : str
        For the history; ``added`` or ``changed`` if empty.
    why : str
        The person's reason.
    check : callable, optional
        Policy on the record as it stands, asked while it is held.

    Returns
    -------
    Model
        The record. Where nothing differs, nothing is written.

    Raises
    ------
    RecordFaults
        If a value breaks a rule; all of them together.
    Conflict
        If the record is at another version.
    PolicyError
        If the state of review or record does not allow it.
    Http404
        If there is no such record.
    """
    review = lock_review(review)
    check_is_open(review, table)
    one = MAPS[table]
    record = find_record(review, table, code) if code else one.model(review=review)
    before = row_of(table, record) if code else None
    if before is not None and version is not None and record.version != version:
        raise Conflict(table, code, dict(before), record.version)
    if before is not None and check is not None:
        check(record)
    row = _checked_row(review, by, table, before, values, code)
    changes = _changes(before, row)
    if not changes:
        return record
    _write(review, table, record, row)
    append_event(
        review,
        by=by,
        action=action or ("changed" if code else "added"),
        table=table,
        record=record.code,
        changes=changes,
        why=why,
    )
    return record


def withdraw_record(
    *, review: models.Review, by: models.Member, table: str, code: str, why: str
) -> Any:
    """Withdraw a source or evidence, so that nothing may rest on it; it stays to be seen.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    table : str
        ``sources`` or ``evidence``.
    code : str
        Its id.
    why : str
        The reason.

    Returns
    -------
    Model
        The record.

    Raises
    ------
    PolicyError
        If a confirmed finding rests on it, or it is withdrawn already.
    RecordFaults
        If no reason is given.
    """
    if not why.strip():
        raise RecordFaults({"why": ["A reason is needed. Say why it is withdrawn."]})
    return save_record(
        review=review,
        by=by,
        table=table,
        values={"withdrawn": why.strip()},
        code=code,
        action="withdrawn",
        why=why.strip(),
        check=check_can_withdraw,
    )


@transaction.atomic
def save_link(
    *,
    review: models.Review,
    by: models.Member,
    table: str,
    values: Mapping[str, Any] | None,
    where: Mapping[str, Any],
    name: str,
    why: str = "",
) -> Any:
    """Set, change or take away a row that is known by its links: a figure, an anchor, a side.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    table : str
        ``figures``, ``anchors`` or ``finding_evidence``.
    values : mapping of str to object, or None
        By column of its row; None takes it away.
    where : mapping of str to object
        Fields of the model that find it.
    name : str
        The record's id in the history.
    why : str
        The person's reason.

    Returns
    -------
    Model or None
        The row; None where it was taken away, or was not there to be.

    Raises
    ------
    RecordFaults
        If a value breaks a rule; all of them together.
    PolicyError
        If the review is published.
    """
    review = lock_review(review)
    check_is_open(review, table)
    one = MAPS[table]
    record = one.model.objects.filter(**where).first()
    before = row_of(table, record) if record else None
    if values is None:
        row, action = None, "removed"
        if record is not None:
            record.delete()
    else:
        row, action = _checked_row(review, by, table, None, values, ""), "changed"
        record = record or one.model()
        action = "changed" if before else "added"
    changes = _changes(before, row)
    if changes:
        if row is not None:
            _write(review, table, record, row)
        append_event(
            review, by=by, action=action, table=table, record=name, changes=changes, why=why
        )
    return record if row is not None else None


def _changes(before: Row | None, after: Row | None) -> dict[str, tuple[Any, Any]]:
    old = before.cells() if before else {}
    new = after.cells() if after else {}
    return {
        column: (old.get(column), new.get(column))
        for column in {**old, **new}
        if (old.get(column) or "") != (new.get(column) or "")
    }


def _checked_row(
    review: models.Review,
    by: models.Member,
    table: str,
    before: Row | None,
    values: Mapping[str, Any],
    code: str,
) -> Row:
    one = MAPS[table]
    told: dict[str, Any] = {**(dict(before) if before else {}), **values}
    if one.key and one.key not in told:
        told[one.key] = next_code(review, table)
    if "recorded_by" in one.row.columns() and before is None:
        told.setdefault("recorded_by", by.code)
        told.setdefault("recorded_at", now())
    try:
        row = one.row.model_validate(told)
    except ValidationError as error:
        raise RecordFaults.of(error) from None
    dead = _dead_links(review, one.row, row)
    if dead:
        raise RecordFaults(dead)
    return row


def _dead_links(review: models.Review, kind: type[Row], row: Row) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    for column in kind.columns():
        value = getattr(row, column)
        names = {value} if isinstance(value, str) else set(value or ()) if _is_many(value) else ()
        if not names or names == {""}:
            continue
        if column == "kloe":
            known = set(framework_of(review.framework).question_by_id)
        elif column in _CODED and column != MAPS_KEYS.get(kind):
            found = _CODED[column].objects.filter(review=review, code__in=names)
            known = set(found.values_list("code", flat=True))
        else:
            continue
        lost = sorted(names - known)
        if lost:
            faults[column] = [f"There is no {lost[0]} in this review. Choose one from the list."]
    return faults


def _is_many(value: Any) -> bool:
    return isinstance(value, tuple)


MAPS_KEYS = {one.row: one.key for one in MAPS.values()}


def next_code(review: models.Review, table: str) -> str:
    """The id that the next record of a table gets; the review must be locked.

    Parameters
    ----------
    review : models.Review
        Locked by `lock_review`.
    table : str
        A table whose ids are counted.

    Returns
    -------
    str
        Such as ``E013``; ids are never used again.
    """
    letter, digits = _COUNTED[table]
    codes = MAPS[table].model.objects.filter(review=review).values_list("code", flat=True)
    numbers = [
        int(code[len(letter) :]) for code in codes if re.fullmatch(f"{letter}[0-9]{{1,9}}", code)
    ]
    return f"{letter}{max(numbers, default=0) + 1:0{digits}d}"


def _write(review: models.Review, table: str, record: Model, row: Row) -> None:
    one = MAPS[table]
    for column in one.row.columns():
        value = getattr(row, column)
        if column == one.key:
            record.code = value  # type: ignore[attr-defined]
        elif column in one.links:
            setattr(record, column, _linked(review, column, value))
        elif isinstance(value, datetime):
            setattr(record, column, to_utc(value))
        elif not isinstance(value, tuple):
            setattr(record, column, value)
    if record.pk is not None and hasattr(record, "version"):
        record.version += 1
    record.save()
    _write_many(review, one, record, row)


def _linked(review: models.Review, column: str, code: str) -> Any:
    return _CODED[column].objects.get(review=review, code=code) if code else None


def _write_many(review: models.Review, table: TableMap, record: Any, row: Row) -> None:
    for column, many in table.many.items():
        codes = getattr(row, column)
        if many.codes(record) == codes:
            continue
        others: dict[str, Any] = {code: code for code in codes}
        if column in _CODED:
            found = _CODED[column].objects.filter(review=review, code__in=codes)
            others = {one.code: one for one in found}
        # Taken away and set anew, so that the order given is the order kept.
        getattr(record, many.links).all().delete()
        many.model.objects.bulk_create(
            many.model(**{many.owner: record, many.other: others[code]}) for code in codes
        )
    # What was read before the change must not be shown after it.
    getattr(record, "_prefetched_objects_cache", {}).clear()
