"""A strategy of whole action plans on a small review: every table filled, every field blank or not.

Names of organisations and members repeat, and are ids of others in other letters.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.helpers.plans import make_plan_review
from wholesystem.indicators import read_catalogue
from wholesystem.reviews import Review, records
from wholesystem.reviews.plan import ActionPlan
from wholesystem.reviews.plan.records import (
    PRIORITIES,
    Action,
    ActionPlanInfo,
    ExpectedMovement,
    Milestone,
)

AT = datetime(2018, 4, 3, 9, 30)
BY: dict[str, Any] = {"recorded_by": "ada", "recorded_at": AT}

# What people and spreadsheets put into cells: formulas, guards, numbers, dates.
TRICKY = st.sampled_from(
    [
        "=1+1", "'=1", "+44", "-3", "- a list", "@here", "'", "007", "1e5", "1.50", "2018-04-01",
        "_x0041_", "_x000D_", "a,b", 'say "no"', "two\nlines", "tab\there", "héllo", "日本",
        "\U0001f600", "#N/A", "TRUE", "https://example.org", "</t>", "&amp;", "50%", "12:30",
    ]
)  # fmt: skip
TEXTS = TRICKY | st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"),
    min_size=1,
    max_size=8,
).map(str.strip).filter(bool)
IDS = st.sampled_from(["A1", "a1", "7", "007", "1e5", "B 2", "2018-04-01", "TRUE", "x#y"])
DAYS = st.dates(date(1900, 1, 1), date(2299, 12, 31))
ODD = st.sampled_from([5.0, 0.1, 0.30000000000000004, 123456789.12345678])
NUMBERS = st.floats(1e-6, 1e9) | ODD
# A few, since the lists of a workbook name all of them.
CATALOGUE = {name: read_catalogue()[name] for name in ("dtoc_rate", "ae_within_4_hours")}


def review() -> Review:
    """The small review, with organisations and members whose names mislead."""
    before = make_plan_review()
    organisations = [("x", "The trust"), ("y", "the  TRUST"), ("z", "x"), ("w", "Council w")]
    people = [("ben", "Ada"), ("cy", "Reviewer")]
    return Review(
        before.info,
        before.framework,
        organisations=(
            *before.organisations,
            *(records.Organisation(organisation=key, name=name) for key, name in organisations),
        ),
        people=(
            *before.people,
            *(records.Person(person=key, name=name, role="reviewer") for key, name in people),
        ),
        findings=before.findings,
        areas_for_improvement=before.areas_for_improvement,
    )


REVIEW = review()
ORGANISATIONS = st.sampled_from(["", *(one.organisation for one in REVIEW.organisations)])
PEOPLE = st.sampled_from(["", *(one.person for one in REVIEW.people)])
AREAS = st.lists(st.sampled_from(["must_1", "should_1"]), unique=True).map(tuple)
BLANK_TEXTS = st.just("") | TEXTS
BLANK_DAYS = st.none() | DAYS


@st.composite
def actions(draw: st.DrawFn, name: str) -> Action:
    """An action of that id."""
    return Action(
        action=name,
        text=draw(TEXTS),
        areas_for_improvement=draw(AREAS),
        owner=draw(ORGANISATIONS),
        owner_role=draw(BLANK_TEXTS),
        owner_member=draw(PEOPLE),
        priority=draw(st.sampled_from(["", *PRIORITIES])),
        start=draw(BLANK_DAYS),
        due=draw(BLANK_DAYS),
        resources=draw(BLANK_TEXTS),
        withdrawn=draw(BLANK_TEXTS),
        **BY,
    )


@st.composite
def milestones(draw: st.DrawFn, name: str, action: str) -> Milestone:
    """A milestone of that id and action."""
    return Milestone(
        milestone=name,
        action=action,
        text=draw(TEXTS),
        due=draw(BLANK_DAYS),
        done_on=draw(BLANK_DAYS),
        **BY,
    )


@st.composite
def movements(draw: st.DrawFn, name: str, action: str) -> ExpectedMovement:
    """An expected movement of that id and action."""
    kind = draw(st.sampled_from(["indicator", "measure"]))
    sized, started = draw(st.booleans()), draw(BLANK_DAYS)
    found: dict[str, Any] = {
        "name": draw(st.sampled_from(["dtoc_rate", "ae_within_4_hours", "unheard_of", "12"])),
        "area_code": draw(st.sampled_from(["", "RTH", "E10000025"])),
        "key": draw(BLANK_TEXTS),
        "direction": draw(st.sampled_from(["up", "down"])),
        "baseline_value": draw(st.none() | NUMBERS | NUMBERS.map(lambda x: -x)),
        "by_when": draw(BLANK_DAYS),
        "comparators": draw(BLANK_TEXTS),
        "note": draw(BLANK_TEXTS),
    }
    if kind == "measure":
        found |= {"measures": "2018", "column": "occupied"}
    if sized:
        found |= {
            "by_how_much": draw(NUMBERS),
            "how": draw(st.sampled_from(["absolute", "percent"])),
        }
    if started is not None:
        end = min(started + timedelta(days=draw(st.integers(0, 400))), date(2299, 12, 31))
        found |= {"baseline_start": started, "baseline_end": end}
    return ExpectedMovement(expected_movement=name, action=action, kind=kind, **found, **BY)


@st.composite
def plans(draw: st.DrawFn) -> ActionPlan:
    """A plan of up to four actions, each with some milestones and movements."""
    names = draw(st.lists(IDS, unique=True, max_size=4))
    parts = st.lists(st.tuples(IDS, st.sampled_from(names or ["-"])), unique_by=lambda x: x[0])
    few = parts.map(lambda rows: rows[:4] if names else [])
    info = ActionPlanInfo(action_plan="plan", title="Plan", agreed_on=date(2018, 4, 1), **BY)
    return ActionPlan(
        REVIEW,
        draw(st.none() | st.just(info)),
        tuple(draw(actions(name)) for name in names),
        tuple(draw(milestones(*pair)) for pair in draw(few)),
        tuple(draw(movements(*pair)) for pair in draw(few)),
    )
