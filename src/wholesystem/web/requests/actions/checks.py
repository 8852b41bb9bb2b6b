"""What making and sending a request ask first, and what follows both."""

from __future__ import annotations

from collections.abc import Iterable

from wholesystem.web.requests import models as requests
from wholesystem.web.requests.reminders import keep_reminders
from wholesystem.web.requests.standing import find_request
from wholesystem.web.workspace import models
from wholesystem.web.workspace.errors import PolicyError, RecordFaults

__all__ = ["check_not_over", "check_people", "contributors_of", "needed_reason", "reminded"]


_WHAT_NOW = {
    "closed": "Open it again first.",
    "withdrawn": "Make another from it.",
}


def contributors_of(
    review: models.Review, organisation: models.Organisation | None
) -> list[models.Member]:
    """Who may be named to answer a request.

    Parameters
    ----------
    review : models.Review
        The review.
    organisation : models.Organisation or None
        Whom it asks; None for the system as a whole.

    Returns
    -------
    list of models.Member
        System contributors of that organisation; of any, for the system as a whole.
    """
    found = models.Member.objects.filter(
        review=review, role="system_contributor", left_at__isnull=True
    )
    if organisation is not None:
        found = found.filter(organisation=organisation)
    return list(found.select_related("organisation").order_by("name", "pk"))


def check_people(request: requests.InformationRequest, people: Iterable[str]) -> None:
    """Refuse people who may not answer a request.

    Parameters
    ----------
    request : InformationRequest
        The request.
    people : iterable of str
        Ids of those who are to answer; who was named before may stay.

    Raises
    ------
    RecordFaults
        If one is no system contributor of whom the request asks.
    """
    may = {one.code for one in contributors_of(request.review, request.organisation)}
    before = {str(one) for one in request.person_links.select_related("member")}
    wrong = sorted(set(people) - may - before)
    if wrong:
        told = f"{wrong[0]} is no system contributor of {request.asked}. Choose from the list."
        raise RecordFaults({"answered_by": [told]})


def check_not_over(request: requests.InformationRequest) -> None:
    """Refuse to change a request that is over.

    Parameters
    ----------
    request : InformationRequest
        The request.

    Raises
    ------
    PolicyError
        If it was closed or withdrawn.
    """
    if request.state in ("closed", "withdrawn"):
        raise PolicyError(f"{request.code} is {request.state}. {_WHAT_NOW[request.state]}")


def reminded(
    request: requests.InformationRequest, by: models.Member
) -> requests.InformationRequest:
    """Let reminders follow a request that was just saved.

    Parameters
    ----------
    request : InformationRequest
        Saved.
    by : models.Member
        Who did it.

    Returns
    -------
    InformationRequest
        As it stands after that.
    """
    keep_reminders(request=request, by=by)
    return find_request(request.review, request.code)


def needed_reason(why: str) -> str:
    """A reason, which must be given.

    Parameters
    ----------
    why : str
        As typed.

    Returns
    -------
    str
        Tidied.

    Raises
    ------
    RecordFaults
        If it is blank.
    """
    if not why.strip():
        raise RecordFaults({"why": ["A reason is needed. Say why."]})
    return why.strip()
