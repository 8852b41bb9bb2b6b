"""What a new workspace is given, and who leads it."""

from __future__ import annotations

import pytest

from tests.helpers.browsing import client_of
from tests.helpers.workspace import make_user, small_framework
from wholesystem.examples.review import read_example_review
from wholesystem.reviews.frameworks import packaged_frameworks
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import reviews as actions
from wholesystem.web.workspace.example import load_example, load_frameworks
from wholesystem.web.workspace.rows import load_review

pytestmark = pytest.mark.django_db


def test_it_is_the_packaged_review() -> None:
    review = load_example()
    assert review is not None

    assert load_review(review, every=True).tables() == read_example_review().review.tables()


def test_the_packaged_frameworks_are_kept_once() -> None:
    load_frameworks()
    load_frameworks()

    assert set(models.Framework.objects.values_list("code", flat=True)) == set(
        packaged_frameworks()
    )


def test_it_is_loaded_once_and_what_was_changed_stays() -> None:
    review = load_example(make_user())
    assert review is not None
    by = models.Member.objects.get(review=review, user__isnull=False)
    actions.change_review(review=review, by=by, values={"title": "Mine"}, version=None)
    again = load_example()

    assert again == review
    assert again.title == "Mine"
    assert models.Review.objects.count() == 1


def test_the_first_account_leads_it_whichever_comes_first() -> None:
    load_example()
    make_user("Second")
    assert not models.Member.objects.filter(user__isnull=False).exists()
    first = make_user("First", is_first=True, administrator=True)
    lead = models.Member.objects.get(user__isnull=False)
    assert (lead.user, lead.role, lead.name) == (first, "lead", "First")
    assert client_of(first).get("/reviews/oxfordshire_2017/").status_code == 200

    load_example()
    assert models.Member.objects.filter(user__isnull=False).count() == 1


def test_the_first_account_leads_an_example_that_comes_later() -> None:
    first = make_user("First", is_first=True)
    load_example()

    assert models.Member.objects.get(user__isnull=False).user == first


def test_a_framework_of_ones_own_with_its_id_stands() -> None:
    actions.keep_framework(framework=small_framework("local_system_review_2017"))

    assert load_example() is None
    assert models.Framework.objects.get(code="local_system_review_2017").name == "Small"
