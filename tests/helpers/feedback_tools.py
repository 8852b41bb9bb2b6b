"""Feedback tools of a review of tests: made, opened, with links, and answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.helpers.feedback import make_instrument
from tests.helpers.workspace import lead_of
from wholesystem.reviews.feedback import comment_id, make_sheet
from wholesystem.reviews.feedback.instrument import Answer
from wholesystem.web import answers as store
from wholesystem.web.answers.envelopes import Draft, find_link, new_code, save_draft, send
from wholesystem.web.feedback import actions, coding, inviting
from wholesystem.web.feedback.instruments import instrument_of
from wholesystem.web.feedback.models import Tool
from wholesystem.web.workspace import models

_made = iter(range(1, 10**9))


def open_tool(review: models.Review, *, organisation: str = "yes", **values: Any) -> Tool:
    """A tool of the small instrument, open for two weeks; its review has an organisation."""
    made = actions.make_tool(
        review=review,
        by=lead_of(review),
        values={"title": "How we get on", "contact": "The team", **values},
        instrument=make_instrument(organisation=organisation),
    )
    day = timezone.localdate() + timedelta(days=14)
    return actions.open_tool(
        review=review, by=lead_of(review), code=made.code, last_day=day, version=None
    )


def open_tool_with_links(review: models.Review) -> Tool:
    """An open tool; three single-use links to it were given out to the first organisation."""
    tool = open_tool(review)
    organisation = review.organisation_set.order_by("pk").values_list("code", flat=True).first()
    wanted = inviting.Wanted(
        organisations=(str(organisation),),
        role="nurse",
        links="single",
        number=3,
        names=("Ada Adams", "Ben Brown", "Cy Clark"),
        last_day=timezone.localdate(),
        once=f"{next(_made):032x}",
    )
    inviting.make_links(review=review, by=lead_of(review), code=tool.code, wanted=wanted)
    return tool


def answer(tool: Tool, role: str, answers: Mapping[str, Answer], *, organisation: str = "") -> None:
    """Open a single-use link, answer, and send."""
    today = timezone.localdate()
    (token,) = store.make_links(tool.key, [store.LinkGroup("test", organisation, role, 1, today)])
    found, code = find_link(token, today), new_code()
    assert found.state == "ready"
    assert save_draft(found, code, Draft(role, organisation, answers)) == "ready"
    sheet = make_sheet(instrument_of(tool), role, answers, organisation=organisation)
    assert send(found, code, sheet) == "sent"


def closed_tool_with_theme(review: models.Review, comment: str = "It helps.") -> Tool:
    """A closed tool that six nurses answered, all with one comment, which has the theme TH01."""
    tool = open_tool(review, organisation="no", title="How it went")
    given: Mapping[str, Answer] = {"came": "yes", "on_time": "half", "why": comment}
    sheets = [make_sheet(instrument_of(tool), "nurse", given) for _ in range(6)]
    by: dict[str, Any] = {"review": review, "by": lead_of(review)}
    actions.close_tool(**by, code=tool.code)
    store.import_closed(tool.key, instrument_of(tool), sheets)
    tool.refresh_from_db()
    actions.make_source(**by, code=tool.code)
    theme = coding.save_theme(**by, tool=tool.code, label="Help", kloe="")
    coding.code_comment(
        **by,
        tool=tool,
        question="why",
        comment=comment_id("why", comment),
        themes=[theme.code],
    )
    tool.refresh_from_db()
    return tool
