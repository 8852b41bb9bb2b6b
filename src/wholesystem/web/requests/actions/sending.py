"""Requests sent, closed, opened again and withdrawn by the review team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from wholesystem.web.requests import models as requests
from wholesystem.web.requests.actions.checks import check_people, needed_reason, reminded
from wholesystem.web.requests.standing import find_request, progress_of
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import lock_review, now, save_record
from wholesystem.web.workspace.errors import PolicyError, RecordFaults
from wholesystem.web.workspace.permissions import check_can

__all__ = [
    "close_request",
    "reopen_request",
    "send_request",
    "send_requests",
    "withdraw_request",
]


@transaction.atomic
def send_request(
    *,
    review: models.Review,
    by: models.Member,
    code: str,
    values: Mapping[str, Any],
    version: int | None = None,
) -> requests.InformationRequest:
    """Send a request: from then on those named see it and are reminded. Nobody is e-mailed.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Its id.
    values : mapping of str to object
        ``due_on``, and ``answered_by`` if it is to change.
    version : int, optional
        The version that the person saw.

    Returns
    -------
    InformationRequest
        The request.

    Raises
    ------
    RecordFaults
        If nobody is named to answer, or the day is missing or over.
    PolicyError
        If it is no draft, or asks nothing.
    Conflict, PermissionDenied, Http404
        See `save_record`.
    """
    check_can(by, "make_requests")
    review = lock_review(review)
    before = find_request(review, code)
    _check_can_send(before)
    people = values.get("answered_by", [str(one) for one in before.person_links.all()])
    check_people(before, people)
    faults = {}
    due_on = values.get("due_on", before.due_on)
    if due_on is None:
        faults["due_on"] = ["Enter the day on which the answers are due, or the working days."]
    elif due_on < timezone.localdate():
        faults["due_on"] = ["The day on which the answers are due must be today or later."]
    if not people:
        faults["answered_by"] = [
            f"Choose who answers. Invite a system contributor of {before.asked} first, if there"
            " is none."
        ]
    if faults:
        raise RecordFaults(faults)
    saved = save_record(
        review=review, by=by, table="requests", code=code, version=version, action="sent",
        values={"due_on": due_on, "answered_by": tuple(people), "state": "sent", "sent_at": now()},
    )  # fmt: skip
    return reminded(saved, by)


def _check_can_send(request: requests.InformationRequest) -> None:
    if request.state != "draft":
        raise PolicyError(f"{request.code} is {request.state} already.")
    if not progress_of(request).asked:
        raise PolicyError(f"{request.code} asks nothing yet. Add a question before you send it.")


@transaction.atomic
def send_requests(
    *, review: models.Review, by: models.Member, codes: Sequence[str], due_on: date | None
) -> list[requests.InformationRequest]:
    """Send several requests, all due on one day, to the people whom each names.

    Parameters
    ----------
    review : models.Review
        Whose they are.
    by : models.Member
        Who does it.
    codes : sequence of str
        Ids of drafts.
    due_on : date or None
        The day.

    Returns
    -------
    list of InformationRequest
        Sent: all, or none.

    Raises
    ------
    RecordFaults
        If the day is missing or over, none is chosen, or one names nobody to answer; all of them
        together.
    PolicyError
        If one is no draft, or asks nothing.
    PermissionDenied, Http404
        See `send_request`.
    """
    if not codes:
        raise RecordFaults({"requests": ["Choose what to send."]})
    sent, faults = [], dict[str, list[str]]()
    for code in codes:
        try:
            values = {"due_on": due_on}
            sent.append(send_request(review=review, by=by, code=code, values=values))
        except RecordFaults as error:
            if "due_on" in error.faults:
                faults["due_on"] = list(error.faults["due_on"])
            if "answered_by" in error.faults:
                told = f"{code}: {' '.join(error.faults['answered_by'])}"
                faults.setdefault("requests", []).append(told)
    if faults:
        raise RecordFaults(faults)
    return sent


@transaction.atomic
def _end(
    review: models.Review, by: models.Member, code: str, why: str, state: str
) -> requests.InformationRequest:
    check_can(by, "make_requests")
    why = needed_reason(why)
    review = lock_review(review)

    def check(record: requests.InformationRequest) -> None:
        if record.state == "withdrawn" or record.state == state:
            raise PolicyError(f"{record.code} is {record.state} already.")
        if state == "closed" and record.state != "sent":
            raise PolicyError(f"{record.code} was not sent. Withdraw it instead.")

    saved = save_record(
        review=review, by=by, table="requests", code=code, action=state, why=why, check=check,
        values={"state": state, "ended_why": why},
    )  # fmt: skip
    return reminded(saved, by)


def close_request(
    *, review: models.Review, by: models.Member, code: str, why: str
) -> requests.InformationRequest:
    """Take no more answers to a request; those given stand, drafts are kept.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Its id.
    why : str
        The reason, which those asked see.

    Returns
    -------
    InformationRequest
        The request.

    Raises
    ------
    RecordFaults
        If no reason is given.
    PolicyError
        If it was not sent, or is over already.
    PermissionDenied, Http404
        See `save_record`.
    """
    return _end(review, by, code, why, "closed")


def withdraw_request(
    *, review: models.Review, by: models.Member, code: str, why: str
) -> requests.InformationRequest:
    """Take a request back; it stays to be seen, with what was answered.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Its id.
    why : str
        The reason, which those asked see.

    Returns
    -------
    InformationRequest
        The request.

    Raises
    ------
    RecordFaults
        If no reason is given.
    PolicyError
        If it is withdrawn already.
    PermissionDenied, Http404
        See `save_record`.
    """
    return _end(review, by, code, why, "withdrawn")


@transaction.atomic
def reopen_request(
    *, review: models.Review, by: models.Member, code: str
) -> requests.InformationRequest:
    """Take answers again to a request that was closed.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Its id.

    Returns
    -------
    InformationRequest
        The request.

    Raises
    ------
    PolicyError
        If it is not closed.
    PermissionDenied, Http404
        See `save_record`.
    """
    check_can(by, "make_requests")
    review = lock_review(review)

    def check(record: requests.InformationRequest) -> None:
        if record.state != "closed":
            raise PolicyError(f"{record.code} is not closed.")

    saved = save_record(
        review=review, by=by, table="requests", code=code, action="reopened", check=check,
        values={"state": "sent", "ended_why": ""},
    )  # fmt: skip
    return reminded(saved, by)
