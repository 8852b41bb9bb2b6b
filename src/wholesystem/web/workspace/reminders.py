"""Reminders of what is due: shown to a person on the review's home until they have seen them."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from wholesystem.web.workspace import models

__all__ = ["DAYS_AHEAD", "make_notices", "mark_seen", "open_notices"]

#: Days before something is due on which its person is reminded first.
DAYS_AHEAD = 3


def make_notices(today: date) -> int:
    """Remind everyone of what is due soon or overdue and not done.

    Parameters
    ----------
    today : date
        The day.

    Returns
    -------
    int
        Reminders made; what somebody was reminded of before is not counted. What is nobody's in
        particular is the leads'.
    """
    due = models.DueDate.objects.filter(
        on__lte=today + timedelta(days=DAYS_AHEAD), done_on__isnull=True
    ).select_related("person")
    leads: dict[int, list[int]] = {}
    for pk, review in models.Member.objects.filter(
        role="lead", left_at__isnull=True, user__isnull=False
    ).values_list("pk", "review_id"):
        leads.setdefault(review, []).append(pk)
    wanted = {
        (member, one.pk)
        for one in due
        for member in (
            [one.person.pk]
            if one.person is not None and one.person.left_at is None
            else leads.get(one.review_id, [])
        )
    }
    there = set(
        models.Notice.objects.filter(due_date__in=due).values_list("member_id", "due_date_id")
    )
    models.Notice.objects.bulk_create(
        (models.Notice(member_id=member, due_date_id=pk) for member, pk in sorted(wanted - there)),
        ignore_conflicts=True,
    )
    return len(wanted - there)


def open_notices(member: models.Member) -> list[models.Notice]:
    """Reminders that a person has not seen yet, of what is still to be done.

    Parameters
    ----------
    member : models.Member
        The person's part in the review.

    Returns
    -------
    list of models.Notice
        The earliest due first.
    """
    found = models.Notice.objects.filter(
        Q(due_date__done_on__isnull=True), member=member, seen_at__isnull=True
    )
    return list(found.select_related("due_date").order_by("due_date__on", "pk"))


def mark_seen(member: models.Member, number: int) -> None:
    """Take a reminder from a person's page.

    Parameters
    ----------
    member : models.Member
        Whose it is; another's is left alone.
    number : int
        Of the reminder.
    """
    found = models.Notice.objects.filter(member=member, pk=number, seen_at__isnull=True)
    found.update(seen_at=timezone.now())
