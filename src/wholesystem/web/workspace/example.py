"""What a new workspace is given: the packaged frameworks, and the review of Oxfordshire."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from wholesystem.reviews.frameworks import packaged_frameworks, read_framework
from wholesystem.web.accounts.models import User
from wholesystem.web.feedback.bundles import kept_tools
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.reviews import add_member, keep_framework
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.storing import store_review

__all__ = ["load_example", "load_frameworks", "welcome_first_account"]

# Of the packaged review; the tables say the same.
EXAMPLE = "oxfordshire_2017"


def load_frameworks() -> None:
    """Keep the packaged frameworks; one whose id somebody's own bears is left out."""
    for name in packaged_frameworks():
        try:
            keep_framework(framework=read_framework(name))
        except PolicyError:
            # Theirs stands under reviews already; ours is read from the package all the same.
            continue


def load_example(user: Any = None) -> models.Review | None:
    """Keep the packaged review where it is not here yet.

    Parameters
    ----------
    user : User, optional
        Who becomes a lead of it; the first account if not given.

    Returns
    -------
    models.Review or None
        The review; None where another framework bears the id of its own. Whatever somebody
        changed in it stays.
    """
    from wholesystem.examples.review import read_example_review

    with transaction.atomic():
        review = models.Review.objects.filter(code=EXAMPLE).first()
        if review is None:
            try:
                bundle = read_example_review()
                review = store_review(review=bundle.review, texts={}, measures={})
                with kept_tools(review, bundle.files):
                    pass
            except PolicyError:
                return None
        _give_lead(review, user or User.objects.filter(is_first=True).first())
    return review


def _give_lead(review: models.Review, user: Any) -> None:
    """Make an account a lead, unless it has had a part: who left is not brought back."""
    if user is None or models.Member.objects.filter(review=review, user=user).exists():
        return
    add_member(review=review, by=None, user=user, role="lead")


def welcome_first_account(*, instance: User, created: bool, **rest: Any) -> None:
    """Make the first account a lead of the example; receives the signal that it was saved.

    Parameters
    ----------
    instance : User
        The account.
    created : bool
        Whether it is new.
    **rest : object
        Of the signal.
    """
    if created and instance.is_first:
        review = models.Review.objects.filter(code=EXAMPLE).first()
        if review is not None:
            _give_lead(review, instance)
