"""`verify-audit` looks at every review's history too."""

from __future__ import annotations

import pytest

from tests.helpers.workspace import make_review
from wholesystem.reviews.history import Event as Row
from wholesystem.web.running import check_histories
from wholesystem.web.workspace.models import Event

pytestmark = pytest.mark.django_db


def test_a_change_of_a_reviews_history_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    review = make_review()
    said: list[str] = []
    assert check_histories(said.append)
    assert said == ["Every link holds."]
    # Where the database itself refuses a change, it cannot be made here either.
    monkeypatch.setattr("wholesystem.web.workspace.rows.event_row", _changed)
    said.clear()

    assert not check_histories(said.append)
    assert said[0].startswith(f"Review {review.code}: history event 1")


def _changed(record: Event) -> object:
    kept = {name: getattr(record, name) for name in Row.columns()}
    return Row.model_construct(**{**kept, "by": "eve"})
