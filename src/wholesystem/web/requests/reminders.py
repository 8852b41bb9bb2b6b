"""Reminders of requests: what is due of the review, kept in step with the requests."""

from __future__ import annotations

from django.utils import timezone

from wholesystem.web.requests import models as requests
from wholesystem.web.requests.standing import progress_of
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import save_record

__all__ = ["keep_reminders"]


def keep_reminders(*, request: requests.InformationRequest, by: models.Member) -> None:
    """See that everyone who is to answer a request is reminded, and nobody else.

    A due date for each of them says that the request is due; it is ticked off as soon as the
    request waits for nothing, and opened again when something is sent back.

    Parameters
    ----------
    request : InformationRequest
        As it was just saved; the review must be locked.
    by : models.Member
        Who changed it.
    """
    review, today = request.review, timezone.localdate()
    waits, due_on = progress_of(request).waits, request.due_on
    links = request.due_date_links.select_related("due_date__person")
    there = {one.due_date.person_id: one.due_date for one in links}
    named = {one.member_id: one.member for one in request.person_links.select_related("member")}
    wanted = named if waits and due_on is not None else {}
    for person, due in there.items():
        if person not in wanted and due.done_on is None:
            save_record(
                review=review, by=by, table="due_dates", values={"done_on": today}, code=due.code
            )
    made = [one.code for one in there.values()]
    for person, member in wanted.items():
        values = {
            "title": f"Information request {request.code}",
            "on": due_on,
            "person": member.code,
            "done_on": None,
        }
        before = there.get(person)
        code = before.code if before is not None else ""
        saved = save_record(review=review, by=by, table="due_dates", values=values, code=code)
        _show_again(before, saved)
        made += [] if code else [saved.code]
    if len(made) != len(there):
        save_record(
            review=review, by=by, table="requests", values={"due_dates": made}, code=request.code
        )


def _show_again(before: models.DueDate | None, after: models.DueDate) -> None:
    """Forget that somebody has seen the reminder, where what it says is new."""
    if before is not None and (before.on, before.done_on) != (after.on, after.done_on):
        after.notices.all().delete()
