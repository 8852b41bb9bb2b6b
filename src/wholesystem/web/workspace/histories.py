"""Whether the histories of reviews are what was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.core.cache import cache
from django.utils import timezone

from wholesystem.reviews.history import Event, verify_chain
from wholesystem.web.database import one_view
from wholesystem.web.workspace import models
from wholesystem.web.workspace.rows import event_row, load_events

__all__ = ["Verified", "find_breaks", "verify_history"]

# Whole again after this, since what was changed from outside may lie far back.
WHOLE_SECONDS = 3_600


class Verified(NamedTuple):
    """What a check of a history found.

    Parameters
    ----------
    number : int
        Of the last event that was checked; 0 if there is none.
    digest : str
        Its digest.
    faults : tuple of str
        What is wrong, a sentence each; empty where every event is as recorded.
    at : datetime
        When the history was last checked from its first event on.
    """

    number: int
    digest: str
    faults: tuple[str, ...]
    at: datetime


def find_breaks() -> list[str]:
    """Every place where a review's history does not hold.

    Returns
    -------
    list of str
        A line each, with the review's id; empty where every history is whole.
    """
    with one_view():
        return [
            f"Review {review.code}: {fault}"
            for review in models.Review.objects.order_by("pk")
            for fault in verify_chain(load_events(review))
        ]


def verify_history(review: models.Review) -> Verified:
    """Whether a review's history is what was recorded.

    Parameters
    ----------
    review : models.Review
        The review.

    Returns
    -------
    Verified
        Checked from the first event on at least once an hour; in between only what was added.
    """
    key = f"history-{review.pk}-{review.created_at.timestamp()}"
    last = review.event_set.order_by("-number").first()
    known: Verified | None = cache.get(key)
    if known is None or not _goes_on(review, known):
        known = _verify(_events(review), timezone.now())
        cache.set(key, known, WHOLE_SECONDS)
    elif last is not None and last.number > known.number:
        newer = _events(review, number__gte=known.number)
        # The first is the last of those checked before; it is there for the next to follow on.
        faults = [one for one in _faults(newer) if not one.startswith(f"event {known.number}:")]
        known = Verified(last.number, last.digest, (*known.faults, *faults), known.at)
        left = WHOLE_SECONDS - (timezone.now() - known.at).total_seconds()
        cache.set(key, known, max(left, 1))
    return known


def _goes_on(review: models.Review, known: Verified) -> bool:
    """Whether the last event that was checked is there as it was."""
    if not known.number:
        return True
    return review.event_set.filter(number=known.number, digest=known.digest).exists()


def _events(review: models.Review, **narrowed: Any) -> Iterator[Event]:
    found = review.event_set.filter(**narrowed).order_by("number")
    return (event_row(one) for one in found.iterator())


def _verify(events: Iterable[Event], at: datetime) -> Verified:
    seen = list(events)
    faults = tuple(_faults(seen))
    number, digest = (seen[-1].number, seen[-1].digest) if seen else (0, "")
    return Verified(number, digest, faults, at)


def _faults(events: Iterable[Event]) -> list[str]:
    return [f"{one.where.removeprefix('history ')}: {one.rule}" for one in verify_chain(events)]
