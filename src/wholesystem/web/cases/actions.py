"""What is done to cases: adding, changing, answering, withdrawing, each told in the history.

A case's own row has a version, as every record. Its stays and answers are compared with what the
person saw of them (`seen`), since two people may well work on different parts of one case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from wholesystem.reviews.cases.case import check_answer, packaged_checklist
from wholesystem.reviews.cases.records import CaseDelay, CaseStay
from wholesystem.tables.cells import CellError
from wholesystem.web.cases import models as cases
from wholesystem.web.cases.stays import (
    check_case,
    check_stands,
    number_anew,
    rows_of,
    seen_answer,
    write_stays,
)
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import (
    append_event,
    find_record,
    lock_review,
    now,
    save_record,
)
from wholesystem.web.workspace.actions.sources import save_source, withdraw_source
from wholesystem.web.workspace.errors import Conflict, PolicyError, RecordFaults
from wholesystem.web.workspace.permissions import check_can
from wholesystem.web.workspace.policies import check_is_open
from wholesystem.web.workspace.rows import MAPS, row_of, to_utc

__all__ = [
    "add_case",
    "change_case",
    "make_source",
    "save_answer",
    "withdraw_case",
]


@transaction.atomic
def add_case(
    *,
    review: models.Review,
    by: models.Member,
    values: Mapping[str, Any],
    stays: Sequence[Mapping[str, Any]],
    delays: Sequence[Mapping[str, Any]] = (),
    numbered: bool = False,
) -> cases.Case:
    """Add a case with its stays.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    values : mapping of str to object
        Columns of ``cases.csv``.
    stays, delays : sequence of mapping of str to object
        Columns of ``case_stays.csv`` and ``case_delays.csv`` without the case.
    numbered : bool
        Whether the stays bear numbers; else they are numbered in order of their start.

    Returns
    -------
    models.Case
        The case. The review has the packaged checklist, if it had none.

    Raises
    ------
    RecordFaults
        With every fault of its values and stays; nothing is kept then.
    PermissionDenied, PolicyError
        If the person may not, or the review is published.
    """
    check_can(by, "add_cases")
    review = lock_review(review)
    check_is_open(review, "cases")
    _keep_checklist(review, by)
    case: cases.Case = save_record(review=review, by=by, table="cases", values=values)
    try:
        rows = [
            CaseStay.model_validate({"stay": at, **one, "case": case.code})
            for at, one in enumerate(stays, start=1)
        ]
        parts = [CaseDelay.model_validate({**one, "case": case.code}) for one in delays]
    except ValidationError as error:
        raise RecordFaults.of(error) from None
    if not numbered:
        rows, parts = number_anew(rows, parts)
    check_case(row_of("cases", case), rows, parts, at=1 if len(rows) == 1 else None)
    write_stays(case, rows, parts)
    append_event(
        review,
        by=by,
        action="added",
        table="case_stays",
        record=case.code,
        changes=_told_stays(rows, parts),
    )
    return case


def _told_stays(rows: Iterable[CaseStay], parts: Iterable[CaseDelay]) -> dict[str, Any]:
    """All of a new case's stays, a line each, in one event."""
    told: dict[str, Any] = {f"stay {one.stay}": (None, _line(one)) for one in rows}
    for one in parts:
        told[f"delay of stay {one.stay} from {one.began_at}"] = (None, _line(one))
    return told


def _line(row: CaseStay | CaseDelay) -> str:
    left_out = ("case", "stay")
    cells = ((name, text) for name, text in row.cells().items() if text and name not in left_out)
    return "; ".join(f"{name}: {text}" for name, text in cells)


def _keep_checklist(review: models.Review, by: models.Member) -> None:
    """Give the review the packaged checklist with its first case; it keeps it from then on."""
    if cases.ChecklistItem.objects.filter(review=review).exists():
        return
    items = packaged_checklist()
    fields = ("order", "question", "kind", "choices", "illustrative")
    cases.ChecklistItem.objects.bulk_create(
        cases.ChecklistItem(
            review=review, code=one.item, **{name: getattr(one, name) for name in fields}
        )
        for one in items
    )
    append_event(
        review,
        by=by,
        action="added",
        table="case_checklist",
        record="checklist",
        changes={one.item: (None, one.question) for one in items},
    )


@transaction.atomic
def change_case(
    *,
    review: models.Review,
    by: models.Member,
    code: str,
    values: Mapping[str, Any],
    version: int | None = None,
) -> cases.Case:
    """Change what is said of a case: its title, why it was drawn, its notes.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Its id.
    values : mapping of str to object
        Columns of ``cases.csv``.
    version : int, optional
        The version that the person saw.

    Returns
    -------
    models.Case
        The case.

    Raises
    ------
    RecordFaults, Conflict, PermissionDenied, PolicyError, Http404
        See `save_record`; also if its stays run together and may not any longer.
    """
    check_can(by, "add_cases")
    case: cases.Case = save_record(
        review=review,
        by=by,
        table="cases",
        values=values,
        code=code,
        version=version,
        check=check_stands,
    )
    check_case(row_of("cases", case), *rows_of(case))
    return case


@transaction.atomic
def save_answer(
    *,
    review: models.Review,
    by: models.Member,
    code: str,
    item: str,
    answer: str,
    seen: str = "",
) -> cases.Case:
    """Answer an item of the checklist for a case, or take its answer back.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Id of the case.
    item : str
        Id of the item.
    answer : str
        As typed; blank takes the answer back.
    seen : str
        `seen_answer` of what the person saw; not asked if empty.

    Returns
    -------
    models.Case
        The case.

    Raises
    ------
    RecordFaults
        If the item does not allow the answer.
    Conflict
        If somebody answered it meanwhile.
    PermissionDenied, PolicyError, Http404
        If the person may not, the state does not allow it, or there is no such case or item.
    """
    check_can(by, "add_cases")
    review = lock_review(review)
    check_is_open(review, "case_answers")
    case: cases.Case = find_record(review, "cases", code)
    check_stands(case)
    asked = row_of("case_checklist", find_record(review, "case_checklist", item))
    record = cases.CaseAnswer.objects.filter(case=case, item=item).first()
    there = record.answer if record else ""
    if seen and seen != seen_answer(there):
        raise Conflict("case_answers", f"{code} {item}", {"answer": there}, 1)
    answer = answer.strip()
    if answer == there:
        return case
    if answer:
        _write_answer(case, by, record, asked, answer)
    elif record is not None:
        record.delete()
    append_event(
        review,
        by=by,
        action="changed" if there and answer else "added" if answer else "removed",
        table="case_answers",
        record=f"{code} {item}",
        changes={"answer": (there or None, answer or None)},
    )
    return case


def _write_answer(
    case: cases.Case, by: models.Member, record: cases.CaseAnswer | None, asked: Any, answer: str
) -> None:
    told = {
        "case": case.code, "item": asked.item, "answer": answer,
        "recorded_by": by.code, "recorded_at": now(),
    }  # fmt: skip
    try:
        check_answer(answer, asked)
        row = MAPS["case_answers"].row.model_validate(told)
    except CellError as error:
        raise RecordFaults({"answer": [f"{error.rule} {error.remedy}"]}) from None
    except ValidationError as error:
        raise RecordFaults.of(error) from None
    record = record or cases.CaseAnswer(case=case, item=asked.item)
    record.answer, record.recorded_by = row.answer, by  # type: ignore[attr-defined]
    record.recorded_at = to_utc(row.recorded_at)  # type: ignore[attr-defined]
    record.save()


@transaction.atomic
def make_source(*, review: models.Review, by: models.Member, code: str) -> models.Source:
    """The source under which a case's evidence is recorded; made the first time.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Id of the case.

    Returns
    -------
    models.Source
        Of the kind case file.

    Raises
    ------
    PermissionDenied, PolicyError, Http404
        If the person may not add evidence, the case or its source was withdrawn, the review is
        published, or there is no such case.
    """
    check_can(by, "add_evidence")
    review = lock_review(review)
    check_is_open(review, "evidence")
    case: cases.Case = find_record(review, "cases", code)
    check_stands(case)
    if case.source is not None:
        if case.source.withdrawn:
            raise PolicyError(
                f"Its source {case.source.code} was withdrawn, so nothing new can be recorded"
                " under it."
            )
        return case.source
    told = {"kind": "case_file", "title": case.name[:2000], "note": case.origin}
    source = save_source(review=review, by=by, values=told)
    save_record(
        review=review, by=by, table="cases", values={"source": source.code}, code=code,
    )  # fmt: skip
    return source


@transaction.atomic
def withdraw_case(*, review: models.Review, by: models.Member, code: str, why: str) -> cases.Case:
    """Withdraw a case, and the source of its evidence; both stay to be seen.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Its id.
    why : str
        The reason.

    Returns
    -------
    models.Case
        The case.

    Raises
    ------
    RecordFaults
        If no reason is given.
    PolicyError
        If it is withdrawn already, or a confirmed finding rests on evidence from it.
    PermissionDenied, Http404
        See `save_record`.
    """
    check_can(by, "add_cases")
    if not why.strip():
        raise RecordFaults({"why": ["A reason is needed. Say why it is withdrawn."]})
    case: cases.Case = save_record(
        review=review,
        by=by,
        table="cases",
        values={"withdrawn": why.strip()},
        code=code,
        action="withdrawn",
        why=why.strip(),
        check=_check_not_withdrawn,
    )
    if case.source is not None and not case.source.withdrawn:
        withdraw_source(review=review, by=by, code=case.source.code, why=why)
    return case


def _check_not_withdrawn(case: cases.Case) -> None:
    if case.withdrawn:
        raise PolicyError(f"{case.code} is withdrawn already.")
