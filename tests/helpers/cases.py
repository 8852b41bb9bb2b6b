"""Builders of cases in the workspace, with good defaults."""

from __future__ import annotations

from typing import Any

from tests.helpers.workspace import lead_of
from wholesystem.web.cases import actions
from wholesystem.web.cases import models as cases
from wholesystem.web.workspace import models

STAYS: tuple[dict[str, Any], ...] = (
    {"service": "ae", "started_at": "2018-01-05T01:00", "ended_at": "2018-01-05T08:00"},
    {
        "service": "acute",
        "requested_at": "2018-01-05T03:00",
        "started_at": "2018-01-05T08:00",
        "ready_at": "2018-01-12T10:00",
        "ended_at": "2018-01-20T15:00",
        "reason": "E",
        "next_service": "home",
    },
)


def make_case(
    review: models.Review, *, stays: Any = STAYS, delays: Any = (), **values: Any
) -> cases.Case:
    """A case typed in by the lead: an emergency department, then a ward with a delay."""
    told = {"pseudonym": "paper", "synthetic": "no", "why": "left at night", **values}
    return actions.add_case(
        review=review, by=lead_of(review), values=told, stays=stays, delays=delays
    )
