"""What the review team does with answers: sends them back, or takes them as sources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from wholesystem.reviews.cells import LONGEST_PASSAGE
from wholesystem.reviews.requests.progress import QuestionProgress
from wholesystem.web.requests import models as requests
from wholesystem.web.requests.reminders import keep_reminders
from wholesystem.web.requests.standing import find_request, progress_of
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import find_record, lock_review, save_record
from wholesystem.web.workspace.actions.sources import save_source
from wholesystem.web.workspace.errors import PolicyError, RecordFaults
from wholesystem.web.workspace.permissions import check_can
from wholesystem.web.workspace.rows import to_utc

__all__ = ["accept_answers", "return_answers", "words_of"]

LONGEST_TITLE = 2_000
SHOWN_QUESTION = 200


@transaction.atomic
def return_answers(
    *,
    review: models.Review,
    by: models.Member,
    code: str,
    missing: Mapping[str, str],
    due_on: date | None = None,
) -> list[QuestionProgress]:
    """Send answers back, each with what is missing.

    Parameters
    ----------
    review : models.Review
        Whose they are.
    by : models.Member
        Who does it.
    code : str
        Id of the request.
    missing : mapping of str to str
        What is missing, by id of the question; blank ones are left as they are.
    due_on : date, optional
        The day on which they are due again; the request's own stays if None.

    Returns
    -------
    list of QuestionProgress
        Those that were sent back, as they were before.

    Raises
    ------
    RecordFaults
        If nothing is said to be missing, or the day is over.
    PolicyError
        If the request takes no answers, or an answer was not given.
    PermissionDenied, Http404
        If the person may not, or there is no such request.
    """
    check_can(by, "make_requests")
    review = lock_review(review)
    request = find_request(review, code)
    if request.state != "sent":
        raise PolicyError(f"{code} is {request.state}. Nothing of it can be sent back.")
    told = {name: text.strip() for name, text in missing.items() if text.strip()}
    if not told:
        raise RecordFaults({"": ["Say what is missing in at least one answer."]})
    if due_on is not None and due_on < timezone.localdate():
        raise RecordFaults({"due_on": ["The day on which it is due must be today or later."]})
    found = {one.code: one for one in progress_of(request).questions}
    wrong = [name for name in told if name not in found or found[name].state != "given"]
    if wrong:
        raise PolicyError(
            f"The answer to {wrong[0]} is not waiting to be read: somebody sent it back or"
            " accepted it meanwhile. Nothing was sent back. Look again."
        )
    back = [found[name] for name in told]
    for one in back:
        _send_back(review, by, one, told[one.code])
    if due_on is not None:
        save_record(review=review, by=by, table="requests", values={"due_on": due_on}, code=code)
    keep_reminders(request=find_request(review, code), by=by)
    return back


def _send_back(
    review: models.Review, by: models.Member, one: QuestionProgress, missing: str
) -> None:
    values = {
        "request_question": one.code,
        "round": len(one.returns) + 1,
        "missing": missing,
        "said": words_of(one),
    }
    save_record(review=review, by=by, table="request_returns", values=values)
    save_record(
        review=review, by=by, table="request_answers", values={"state": "returned"}, code=one.code,
        action="returned", why=missing,
    )  # fmt: skip


def words_of(one: QuestionProgress) -> str:
    """What an answer says, as one text.

    Parameters
    ----------
    one : QuestionProgress
        With an answer.

    Returns
    -------
    str
        Cut where it is longer than a passage may be.
    """
    answer = one.answer
    if answer is None:
        return ""
    cannot = f"Not held, or cannot be given: {answer.cannot}" if answer.cannot else ""
    said = "\n\n".join(filter(None, (answer.text, cannot)))
    if len(said) <= LONGEST_PASSAGE:
        return said
    return said[: LONGEST_PASSAGE - 2].rstrip() + " …"


@transaction.atomic
def accept_answers(
    *, review: models.Review, by: models.Member, code: str, question: str = ""
) -> list[models.Source]:
    """Take answers as sources, from which evidence is recorded as from any other.

    Parameters
    ----------
    review : models.Review
        Whose they are.
    by : models.Member
        Who does it.
    code : str
        Id of the request.
    question : str
        Id of the one question whose answer is accepted; all that were given if empty.

    Returns
    -------
    list of models.Source
        One an answer. It holds the answer's words and its first document; each further document
        becomes a source of its own, so that it can be quoted.

    Raises
    ------
    PolicyError
        If there is no such answer waiting, or the review is published.
    PermissionDenied, Http404
        If the person may not, or there is no such request.
    """
    check_can(by, "make_requests")
    review = lock_review(review)
    request = find_request(review, code)
    given = [
        one
        for one in progress_of(request).questions
        if one.state == "given" and question in ("", one.code)
    ]
    if not given:
        what = f"The answer to {question}" if question else f"No answer to {code}"
        is_not = "is not" if question else "is"
        raise PolicyError(f"{what} {is_not} waiting to be accepted. Look again.")
    sources = [_accept(review, by, request, one) for one in given]
    keep_reminders(request=request, by=by)
    return sources


def _accept(
    review: models.Review,
    by: models.Member,
    request: requests.InformationRequest,
    one: QuestionProgress,
) -> models.Source:
    answer = one.answer
    given_at = answer.given_at if answer else None
    digests = answer.documents if answer else ()
    asked = " ".join(one.question.text.split())
    short = asked if len(asked) <= SHOWN_QUESTION else f"{asked[:SHOWN_QUESTION]} …"
    shared: dict[str, Any] = {
        "kind": "information_request",
        "who": request.asked[:LONGEST_TITLE],
        "place": f"Information request {request.code}, question {one.code}",
        "date": timezone.localtime(to_utc(given_at)).date() if given_at else None,
        "organisations": (request.organisation.code,) if request.organisation else (),
    }
    source = save_source(
        review=review,
        by=by,
        values={
            **shared,
            "title": f"Answer to: {short}"[:LONGEST_TITLE],
            "document": digests[0] if digests else "",
            "note": words_of(one),
        },
    )
    for digest in digests[1:]:
        _add_document_source(review, by, digest, one.code, shared)
    save_record(
        review=review, by=by, table="request_answers", code=one.code, action="accepted",
        values={"state": "accepted", "source": source.code},
    )  # fmt: skip
    return source


def _add_document_source(
    review: models.Review, by: models.Member, digest: str, code: str, shared: Mapping[str, Any]
) -> None:
    document = find_record(review, "documents", digest)
    if document.sources.filter(withdrawn="").exists():
        return
    title = f"{document.name}, attached to the answer to {code}"[:LONGEST_TITLE]
    save_source(review=review, by=by, values={**shared, "title": title, "document": document.code})
