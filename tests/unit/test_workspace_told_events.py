"""Events of a review in plain words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from wholesystem.web.workspace import models
from wholesystem.web.workspace.told_events import ToldEvent, record_page, tell_events

REVIEW = models.Review(code="anyshire")
NAMES = {"P01": "Lee Lead", "P02": "Rev Iewer"}


def did(table: str, action: str, record: str = "", changes: Any = None, by: str = "P01") -> str:
    event = models.Event(
        at=datetime(2017, 11, 1, tzinfo=UTC),
        by=by,
        action=action,
        table=table,
        record=record,
        changes=json.dumps(changes or {}),
    )
    (told,) = tell_events(REVIEW, [event], NAMES)
    return f"{told.who} {told.did}"


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (("review", "opened", "anyshire"), "Lee Lead opened the review"),
        (
            ("review", "changed", "anyshire", {"stage": ["fieldwork", "findings"]}),
            "Lee Lead set the stage to findings",
        ),
        (
            ("review", "changed", "anyshire", {"area_code": ["A", "B"], "aim": ["", "x"]}),
            "Lee Lead changed the review: area code, aim",
        ),
        (
            ("people", "joined", "P02", {"role": [None, "viewer"]}, "P02"),
            "Rev Iewer joined as viewer",
        ),
        (
            ("people", "joined", "P02", {"role": [None, "lead"]}),
            "Lee Lead brought in Rev Iewer as lead",
        ),
        (("people", "joined", "P02", {}, "P02"), "Rev Iewer joined"),
        (
            ("people", "changed", "P02", {"role": ["lead", "analyst"]}),
            "Lee Lead made Rev Iewer analyst",
        ),
        (
            ("people", "changed", "P02", {"name": ["a", "b"]}),
            "Lee Lead changed the part of Rev Iewer",
        ),
        (("people", "left", "P02"), "Lee Lead ended the part of Rev Iewer"),
        (("people", "left", "P02", {}, "P02"), "Rev Iewer left the review"),
        (
            ("due_dates", "changed", "D01", {"done_on": [None, "2018-02-01"]}),
            "Lee Lead ticked off due date D01",
        ),
        (("due_dates", "changed", "D01", {"title": ["a", "b"]}), "Lee Lead changed due date D01"),
        (
            ("finding_evidence", "added", "F01 E002", {"side": [None, "against"]}),
            "Lee Lead linked evidence E002 against finding F01",
        ),
        (
            ("finding_evidence", "removed", "F01 E002"),
            "Lee Lead took evidence E002 from finding F01",
        ),
        (
            ("finding_evidence", "changed", "F01 E002"),
            "Lee Lead changed how evidence E002 bears on finding F01",
        ),
        (("findings", "confirmed", "F01"), "Lee Lead confirmed finding F01"),
        (("evidence", "withdrawn", "E002"), "Lee Lead withdrawn evidence E002"),
        (
            ("documents", "added", "a" * 64, {"name": [None, "plan.pdf"]}),
            "Lee Lead added document plan.pdf",
        ),
        (("another", "added", "X", {}, "P99"), "P99 added another X"),
    ],
)
def test_an_event_is_a_sentence(event: tuple[Any, ...], told: str) -> None:
    assert did(*event) == told


def test_a_record_has_its_page() -> None:
    assert record_page(REVIEW, "findings", "F01") == "/reviews/anyshire/findings/F01/"
    assert record_page(REVIEW, "finding_evidence", "F01 E1") == "/reviews/anyshire/findings/F01/"
    assert record_page(REVIEW, "findings", "F/1") == ""
    assert record_page(REVIEW, "another", "X") == ""


def test_the_time_is_short() -> None:
    now = timezone.localtime()
    told = ToldEvent(now, "", "", "", "")
    long_ago = ToldEvent(now - timedelta(days=800), "", "", "", "")

    assert told.when == f"{now:%H:%M}"
    assert long_ago.when.endswith(str(long_ago.at.year))
