"""What a plan lacks: each rule on a plan that just breaks it and on one that just does not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.plans import TODAY, make_action, make_milestone, make_movement, make_plan
from wholesystem.reviews import read_rules
from wholesystem.reviews.plan import ActionPlan, packaged_gap_rules, plan_gaps
from wholesystem.reviews.plan.gaps import _FINDERS

DAY = timedelta(days=1)


def gaps(plan: ActionPlan, rule: str, **options: Any) -> list[tuple[str, str, str]]:
    return [
        (one.table, one.record, one.sentence)
        for one in plan_gaps(plan, TODAY, **options)
        if one.rule.rule == rule
    ]


def test_a_full_plan_has_no_gap() -> None:
    assert plan_gaps(make_plan(), TODAY) == ()


def test_every_rule_has_a_finder_a_reason_and_a_threshold() -> None:
    rules = packaged_gap_rules()

    assert [one.rule for one in rules.rows] == list(rules.by_id)
    assert set(rules.by_id) == set(_FINDERS)
    assert all(one.why.endswith(".") and one.on == "yes" for one in rules.rows)


def test_a_priority_without_an_action() -> None:
    plan = make_plan(actions=[make_action(areas_for_improvement="must_1")])

    assert gaps(plan, "no_action") == [("areas_for_improvement", "should_1", "It has no action.")]


def test_a_withdrawn_action_answers_nothing() -> None:
    plan = make_plan(actions=[make_action(withdrawn="Nobody could pay for it.")], movements=[])

    assert [record for _, record, _ in gaps(plan, "no_action")] == ["must_1", "should_1"]
    assert gaps(plan, "no_measure") == []


@pytest.mark.parametrize(
    ("changes", "rule", "sentence"),
    [
        ({"owner": ""}, "no_owner", "No organisation owns it; only Head of flow is named."),
        ({"owner": "", "owner_role": ""}, "no_owner", "No organisation owns it."),
        ({"due": None}, "no_due", "It has no due date."),
        (
            {"start": date(2018, 9, 2), "due": date(2018, 9, 1)},
            "due_before_start",
            "It is due on 1 September 2018 and starts on 2 September 2018.",
        ),
        ({"due": TODAY - DAY}, "past_due", "It was due on 31 May 2018, 1 day ago."),
    ],
)
def test_actions(changes: dict[str, Any], rule: str, sentence: str) -> None:
    plan = make_plan(actions=[make_action(**changes)], milestones=[])

    assert gaps(plan, rule) == [("actions", "A1", sentence)]


@pytest.mark.parametrize(
    "changes", [{"due": TODAY}, {"start": date(2018, 9, 1), "due": date(2018, 9, 1)}]
)
def test_due_today_and_due_on_the_first_day_are_no_gaps(changes: dict[str, Any]) -> None:
    plan = make_plan(actions=[make_action(**changes)], milestones=[])

    assert plan_gaps(plan, TODAY) == ()


def test_what_is_done_is_not_past() -> None:
    plan = make_plan(
        actions=[make_action(due=TODAY - DAY)], milestones=[make_milestone(due=TODAY - 2 * DAY)]
    )

    assert len(gaps(plan, "past_due")) == len(gaps(plan, "milestone_past")) == 1
    assert plan_gaps(plan, TODAY, done=frozenset({"A1"})) == ()


def test_an_action_with_no_measure() -> None:
    plan = make_plan(movements=[])

    assert gaps(plan, "no_measure") == [("actions", "A1", "It has no measure that should move.")]


@pytest.mark.parametrize(
    ("changes", "rule", "sentence"),
    [
        ({"due": TODAY - DAY}, "milestone_past", "It was due on 31 May 2018, 1 day ago."),
        (
            {"due": date(2019, 1, 1)},
            "milestone_late",
            "It is due on 1 January 2019, after its action A1 (31 December 2018).",
        ),
    ],
)
def test_milestones(changes: dict[str, Any], rule: str, sentence: str) -> None:
    plan = make_plan(milestones=[make_milestone(**changes)])

    assert gaps(plan, rule) == [("milestones", "M1", sentence)]


def test_a_milestone_that_was_done_is_not_past() -> None:
    done = make_milestone(due=TODAY - 2 * DAY, done_on=TODAY - DAY)

    assert gaps(make_plan(milestones=[done]), "milestone_past") == []


def test_an_owner_with_too_many(tmp_path: Path) -> None:
    actions = [make_action(action=f"A{at}") for at in range(1, 8)]
    plan = make_plan(actions=actions, movements=[])

    assert gaps(make_plan(actions=actions[:6], movements=[]), "owner_with_many") == []
    assert gaps(plan, "owner_with_many") == [
        (
            "organisations",
            "council",
            "The council owns 7 of 7 actions that are not done: A1, A2, A3, A4, A5, A6, A7.",
        )
    ]
    assert gaps(plan, "owner_with_many", done=frozenset({"A7"})) == []
    own = tmp_path / "mine.csv"
    own.write_text("rule,threshold\nowner_with_many,7\n")
    assert gaps(plan, "owner_with_many", rules=read_rules(own, packaged_gap_rules())) == []


@pytest.mark.parametrize(
    ("changes", "rule", "sentence"),
    [
        (
            {"by_how_much": None, "how": ""},
            "no_size",
            "dtoc_rate should go down, and nobody said by how much.",
        ),
        (
            {"baseline_start": None, "baseline_end": None},
            "no_baseline",
            "dtoc_rate should go down, and nobody said from where.",
        ),
        ({"by_when": None}, "no_by_when", "dtoc_rate should go down, and nobody said by when."),
        (
            {"baseline_start": date(2017, 6, 1), "baseline_end": date(2017, 6, 30)},
            "short_baseline",
            "dtoc_rate is counted from 1 June 2017 to 30 June 2017: 1 month.",
        ),
        (
            {"direction": "up"},
            "worse_expected",
            "Delayed days a day per 100,000 adults should go up; low is better.",
        ),
        (
            {"name": "emergency_admissions_65_plus"},
            "not_published",
            "Emergency admissions of older people is in no open publication that we know.",
        ),
        (
            {"name": "ambulance_handovers_over_15_share"},
            "not_published",
            "Share of ambulance handovers over 15 minutes is in no open publication that we know.",
        ),
        (
            {"kind": "measure", "name": "occupancy_daily", "measures": "m", "column": "occupied"},
            "not_published",
            "occupancy_daily is measured from the area's own stays.",
        ),
        (
            {"name": "dtoc_rat"},
            "unknown_measure",
            "The catalogue has no indicator dtoc_rat.",
        ),
    ],
)
def test_measures(changes: dict[str, Any], rule: str, sentence: str) -> None:
    found = gaps(make_plan(movements=[make_movement(**changes)]), rule)

    assert found == [("expected_movements", "X1", sentence)]


def test_a_baseline_that_stands_as_a_figure_is_a_baseline() -> None:
    one = make_movement(baseline_start=None, baseline_end=None, baseline_value=27.8)

    assert plan_gaps(make_plan(movements=[one]), TODAY) == ()


def test_where_neither_way_is_better_none_is_worse() -> None:
    one = make_movement(name="ae_attendances", direction="up")

    assert gaps(make_plan(movements=[one]), "worse_expected") == []


def test_a_rule_that_is_off_says_nothing(tmp_path: Path) -> None:
    own = tmp_path / "mine.csv"
    own.write_text("rule,threshold,on\nno_measure,1,no\n")
    plan = make_plan(movements=[])

    assert plan_gaps(plan, TODAY, rules=read_rules(own, packaged_gap_rules())) == ()


def test_gaps_come_in_the_order_of_the_table() -> None:
    plan = make_plan(actions=[make_action(owner="", due=None)], movements=[], milestones=[])
    order = list(packaged_gap_rules().by_id)
    places = [order.index(one.rule.rule) for one in plan_gaps(plan, TODAY)]

    assert places == sorted(places)
    assert len(places) == 3
