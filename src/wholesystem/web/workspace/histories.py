"""Whether the history of every review holds, for `wholesystem workspace verify-audit`."""

from __future__ import annotations

from wholesystem.reviews.history import verify_chain
from wholesystem.web.database import one_view
from wholesystem.web.workspace.models import Review
from wholesystem.web.workspace.rows import load_events

__all__ = ["find_breaks"]


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
            for review in Review.objects.order_by("pk")
            for fault in verify_chain(load_events(review))
        ]
