"""Stays of a case: one added, corrected or taken out, all of them checked together each time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.http import Http404
from pydantic import ValidationError

from wholesystem.reviews.cases.checking import case_faults
from wholesystem.reviews.cases.records import CaseDelay, CaseStay, TrackedCase
from wholesystem.web.cases import models as cases
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import append_event, find_record, lock_review
from wholesystem.web.workspace.errors import Conflict, PolicyError, RecordFaults
from wholesystem.web.workspace.permissions import check_can
from wholesystem.web.workspace.policies import check_is_open
from wholesystem.web.workspace.rows import MAPS, row_of

__all__ = [
    "check_case",
    "check_stands",
    "number_anew",
    "remove_stay",
    "rows_of",
    "save_stay",
    "seen_answer",
    "seen_of",
    "write_stays",
]


def check_stands(case: cases.Case) -> None:
    """Refuse to change a case that was withdrawn.

    Parameters
    ----------
    case : models.Case
        To be changed.

    Raises
    ------
    PolicyError
        If it was withdrawn.
    """
    if case.withdrawn:
        raise PolicyError(f"{case.code} was withdrawn. It stays as it is, to be seen.")


def rows_of(case: cases.Case) -> tuple[list[CaseStay], list[CaseDelay]]:
    """Stays of a case and the parts of their delays, as rows.

    Parameters
    ----------
    case : models.Case
        The case.

    Returns
    -------
    stays : list of CaseStay
        In order.
    delays : list of CaseDelay
        In order.
    """
    stays = case.stays.select_related("case").order_by("stay")
    delays = case.delays.select_related("case").order_by("stay", "began_at")
    return (
        [row_of("case_stays", one) for one in stays],
        [row_of("case_delays", one) for one in delays],
    )


# The stays of a page have numbers and no rows.
_ROW = re.compile(r"\b(?:the stay of )?row (?=\d)")


_OF_DELAYS = ":delays"
_PARTED = (
    "The delay of this stay came in parts, each with its reason. To change when it begins or ends,"
    " take the stay out, which takes the parts with it, and add it again."
)


class _Places:
    """Stays by their numbers, as their faults are told on a page."""

    def __init__(self, rows: Sequence[CaseStay]) -> None:
        self._numbers = [one.stay for one in rows]

    def __call__(self, table: str, at: int, column: str) -> str:
        if table == "case_delays":
            return _OF_DELAYS
        return f"stay {self._numbers[at]}:{column}" if table == "case_stays" else f":{column}"

    def number(self, table: str, at: int) -> int:
        return self._numbers[at] if table == "case_stays" else at


def check_case(
    case: TrackedCase,
    rows: Sequence[CaseStay],
    parts: Sequence[CaseDelay],
    *,
    at: int | None = None,
) -> None:
    """Refuse a case whose stays break a rule, as `wholesystem.reviews.cases.make_case` does.

    Parameters
    ----------
    case : TrackedCase
        Its row.
    rows : sequence of CaseStay
        All its stays.
    parts : sequence of CaseDelay
        Parts of their delays.
    at : int, optional
        Number of the stay in the form: its faults are told at its fields, others' as of them.

    Raises
    ------
    RecordFaults
        With every fault.
    """
    tables: Mapping[str, Sequence[Any]] = {
        "cases": (case,),
        "case_stays": rows,
        "case_delays": parts,
        "case_answers": (),
        "case_checklist": (),
    }
    faults: dict[str, list[str]] = {}
    for fault in case_faults(tables, _Places(rows)):
        place, _, column = fault.where.partition(":")
        told = f"{fault.rule} {fault.remedy}"
        if fault.where.startswith(_OF_DELAYS):
            column, told = "", f"{fault.rule} {_PARTED}"
        if place and place != f"stay {at}":
            column, told = "", f"{place.capitalize()}, {column.replace('_', ' ')}: {told}"
        faults.setdefault(column, []).append(re.sub(_ROW, "stay ", told))
    if faults:
        raise RecordFaults(faults)


def number_anew(
    rows: Sequence[CaseStay], parts: Sequence[CaseDelay]
) -> tuple[list[CaseStay], list[CaseDelay]]:
    """Number stays in order of their start, and their delays with them.

    Parameters
    ----------
    rows : sequence of CaseStay
        Each with a number of its own.
    parts : sequence of CaseDelay
        Of stays by those numbers.

    Returns
    -------
    stays : list of CaseStay
        Numbered from 1; what starts at one time keeps its order.
    delays : list of CaseDelay
        Likewise.
    """
    ordered = sorted(rows, key=_by_start)
    anew = {one.stay: number for number, one in enumerate(ordered, start=1)}
    stays = [one.model_copy(update={"stay": anew[one.stay]}) for one in ordered]
    delays = [one.model_copy(update={"stay": anew.get(one.stay, one.stay)}) for one in parts]
    return stays, sorted(delays, key=lambda one: (one.stay, one.began_at))


def _by_start(row: CaseStay) -> tuple[str, str, int]:
    return row.started_at, row.ended_at or "~", row.stay


def write_stays(case: cases.Case, rows: Sequence[CaseStay], parts: Sequence[CaseDelay]) -> None:
    """Put stays in the place of those that a case has.

    Parameters
    ----------
    case : models.Case
        Held by its review's lock.
    rows : sequence of CaseStay
        Checked, all of them.
    parts : sequence of CaseDelay
        Likewise.
    """
    for table, links, found in (
        ("case_stays", case.stays, rows),
        ("case_delays", case.delays, parts),
    ):
        one = MAPS[table]
        links.all().delete()
        one.model.objects.bulk_create(
            one.model(case=case, **{name: getattr(row, name) for name in one.row.columns()[1:]})
            for row in found
        )


def seen_of(row: CaseStay) -> str:
    """What a form remembers of a stay as it was shown.

    Parameters
    ----------
    row : CaseStay
        As shown.

    Returns
    -------
    str
        Two digests: of the whole, and of what makes it the stay that it is.
    """
    whole = "\n".join(row.cells().values())
    which = f"{row.service}\n{row.started_at}"
    return "-".join(hashlib.sha256(one.encode()).hexdigest()[:16] for one in (whole, which))


def seen_answer(answer: str) -> str:
    """What a form remembers of an answer as it was shown; a browser would change its line ends.

    Parameters
    ----------
    answer : str
        As shown; empty where there was none.

    Returns
    -------
    str
        A digest.
    """
    return hashlib.sha256(answer.encode()).hexdigest()[:16]


@transaction.atomic
def save_stay(
    *,
    review: models.Review,
    by: models.Member,
    code: str,
    values: Mapping[str, Any],
    stay: int | None = None,
    seen: str = "",
) -> tuple[cases.Case, int]:
    """Add a stay to a case, or correct one.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Id of the case.
    values : mapping of str to object
        Columns of ``case_stays.csv``.
    stay : int, optional
        Number of the one to correct; one is added if None.
    seen : str
        `seen_of` what the person saw; not asked if empty.

    Returns
    -------
    case : models.Case
        The case.
    number : int
        Of the stay now: stays are numbered in order of their start.

    Raises
    ------
    RecordFaults
        With every fault, of this stay and of the others with it.
    Conflict
        If somebody changed the stay meanwhile.
    PermissionDenied, PolicyError, Http404
        If the person may not, the state does not allow it, or there is none.
    """
    case, rows, parts = _open(review, by, code)
    before = _find(rows, stay, seen) if stay is not None else None
    number = stay if stay is not None else max((one.stay for one in rows), default=0) + 1
    told = {**(dict(before) if before else {}), **values, "case": code, "stay": number}
    try:
        row = CaseStay.model_validate(told)
    except ValidationError as error:
        raise RecordFaults.of(error) from None
    if before == row:
        return case, number
    kept = [*(one for one in rows if one.stay != number), row]
    return case, _write(case, by, kept, parts, row, before)


@transaction.atomic
def remove_stay(
    *, review: models.Review, by: models.Member, code: str, stay: int, seen: str = "", why: str = ""
) -> cases.Case:
    """Take a stay out of a case, with the parts of its delay; the history keeps it.

    Parameters
    ----------
    review, by, code, stay, seen
        As of `save_stay`.
    why : str
        The person's reason.

    Returns
    -------
    models.Case
        The case.

    Raises
    ------
    PolicyError
        If it is the only one; or see `save_stay`.
    """
    case, rows, parts = _open(review, by, code)
    gone = _find(rows, stay, seen)
    if len(rows) == 1:
        raise PolicyError("A case needs at least one stay. Correct this one, or withdraw the case.")
    kept = [one for one in rows if one.stay != stay]
    left = [one for one in parts if one.stay != stay]
    _write(case, by, kept, left, None, gone, why=why)
    return case


def _open(
    review: models.Review, by: models.Member, code: str
) -> tuple[cases.Case, list[CaseStay], list[CaseDelay]]:
    """The case and its rows, held; refused where nothing may be changed."""
    check_can(by, "add_cases")
    review = lock_review(review)
    check_is_open(review, "case_stays")
    case: cases.Case = find_record(review, "cases", code)
    check_stands(case)
    return case, *rows_of(case)


def _find(rows: Sequence[CaseStay], stay: int, seen: str) -> CaseStay:
    row = next((one for one in rows if one.stay == stay), None)
    if row is None:
        raise Http404(f"The case has no stay {stay}.")
    now_seen = seen_of(row)
    if seen and seen != now_seen:
        if seen.partition("-")[2] != now_seen.partition("-")[2]:
            raise PolicyError(
                f"Somebody changed the stays while you were writing, and stay {stay} is another one"
                f" now ({row.service}, from {row.started_at}). Nothing was saved. Open the case"
                " beside this page, find your stay there, and copy what you wrote."
            )
        raise Conflict("case_stays", f"stay {stay}", dict(row), 1)
    return row


def _write(
    case: cases.Case,
    by: models.Member,
    rows: Sequence[CaseStay],
    parts: Sequence[CaseDelay],
    row: CaseStay | None,
    before: CaseStay | None,
    *,
    why: str = "",
) -> int:
    """Number stays anew, check and write them, and tell of the one; return its number now."""
    numbered, delays = number_anew(rows, parts)
    ordered = sorted(rows, key=_by_start)
    number = next((at for at, one in enumerate(ordered, start=1) if one is row), 0)
    check_case(row_of("cases", case), numbered, delays, at=number)
    write_stays(case, numbered, delays)
    old, new = (one.cells() if one else {} for one in (before, row))
    changes: dict[str, tuple[Any, Any]] = {
        name: (old.get(name), new.get(name))
        for name in CaseStay.columns()[2:]
        if (old.get(name) or "") != (new.get(name) or "")
    }
    moved = [(one.stay, at) for at, one in enumerate(ordered, start=1) if one.stay != at]
    if moved:
        old_numbers = "; ".join(str(was) for was, _ in moved)
        changes["numbers"] = (old_numbers, "; ".join(str(now_at) for _, now_at in moved))
    append_event(
        case.review,
        by=by,
        action="removed" if row is None else "changed" if before else "added",
        table="case_stays",
        record=f"{case.code} {number or (before.stay if before else 0)}",
        changes=changes,
        why=why,
    )
    return number
