"""A follow-up with the figures: what is looked up, what is left out and told, and in which words.

Figures are those of the packaged extract; plans are made up here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.helpers.plans import (
    make_action,
    make_milestone,
    make_movement,
    make_plan,
    make_plan_review,
)
from tests.unit.test_plan_rows import make_progress, make_rebase
from wholesystem.examples.extract import extract_comparators, open_extract
from wholesystem.indicators import ComparatorList, Store
from wholesystem.reviews import read_rules
from wholesystem.reviews.figure_measures import MeasureTables
from wholesystem.reviews.figure_series import PublishedFigures
from wholesystem.reviews.follow_up import (
    Against,
    FollowedMovement,
    FollowUp,
    FollowUpFigures,
    FollowUpResult,
    follow_up,
    neighbours_of,
    packaged_verdict_rules,
)
from wholesystem.reviews.follow_up.others import held_against
from wholesystem.reviews.plan import ActionPlan

NOVEMBER = date(2018, 11, 30)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_extract() as loading:
        yield loading.store


@pytest.fixture(scope="module")
def figures(store: Store) -> FollowUpFigures:
    return FollowUpFigures(PublishedFigures(store), lists=extract_comparators())


def followed(
    figures: FollowUpFigures, *, as_of: date = NOVEMBER, rebases: Any = (), **changes: Any
) -> FollowedMovement:
    plan = make_plan(movements=[make_movement(**changes)], agreed_on=date(2018, 3, 31))
    return movement(follow_up(FollowUp(plan, (), tuple(rebases)), figures, as_of))


def movement(result: FollowUpResult) -> FollowedMovement:
    ((found,),) = [one.movements for one in result.actions]
    return found


# --------------------------------------------------------------------------- what counts


def test_only_what_was_there_on_the_day_counts(figures: FollowUpFigures) -> None:
    plan = make_plan(
        actions=[make_action(), make_action(action="A2", withdrawn="No money.")],
        milestones=[
            make_milestone(done_on=date(2018, 8, 1)),
            make_milestone(milestone="M2", done_on=date(2018, 12, 1)),
            make_milestone(milestone="M3"),
        ],
        movements=[],
    )
    recorded = FollowUp(
        plan,
        (
            make_progress(on=date(2018, 7, 1), status="slipping"),
            make_progress(progress="P2", on=date(2018, 9, 1), status="on_track"),
            make_progress(progress="P3", on=date(2018, 12, 1), status="done"),
        ),
    )
    result = follow_up(recorded, figures, NOVEMBER)

    (only,) = result.actions
    assert [one.progress for one in only.progress] == ["P2", "P1"]
    assert (only.milestones_done, only.milestones) == (1, 3)
    assert result.by_status == {
        "not_started": 0, "on_track": 1, "slipping": 0, "stopped": 0, "done": 0, "": 0,
    }  # fmt: skip
    assert [one.action.action for one in result.of_areas["should_1"]] == ["A1"]
    assert sum(result.by_verdict.values()) == 0


def test_a_month_that_is_not_over_does_not_count(figures: FollowUpFigures) -> None:
    found = followed(figures, as_of=date(2018, 11, 29))

    assert found.judged is not None
    assert found.judged.window.since[-1].end == date(2018, 10, 31)


def test_six_months_are_too_few(figures: FollowUpFigures) -> None:
    found = followed(figures, as_of=date(2018, 9, 30))

    assert (found.verdict.verdict, found.why) == ("too_few_points", "few_since")
    assert "There are 6 figures since it was agreed; a verdict needs 7." in found.sentences
    assert not any("over the same months" in text for text in found.sentences)


def test_a_plan_that_is_not_agreed(figures: FollowUpFigures) -> None:
    plan = make_plan(agreed_on=None)
    found = movement(follow_up(FollowUp(plan), figures, NOVEMBER))

    assert (found.verdict.verdict, found.why) == ("too_few_points", "not_agreed")
    assert found.sentences == ("The plan has no agreed date, so nothing can have moved since.",)
    assert found.chart is not None


def test_without_a_plan_row_nothing_is_agreed(figures: FollowUpFigures) -> None:
    plan = ActionPlan(make_plan_review(), None, (make_action(),), (), (make_movement(),))

    assert movement(follow_up(FollowUp(plan), figures, NOVEMBER)).why == "not_agreed"


@pytest.mark.parametrize(
    ("changes", "caution"),
    [
        ({"name": "dtoc_rat"}, "The catalogue has no indicator dtoc_rat."),
        ({"name": "emergency_admissions_65_plus"}, "People admitted several times"),
    ],
)
def test_an_indicator_without_figures(
    figures: FollowUpFigures, changes: dict[str, Any], caution: str
) -> None:
    found = followed(figures, **changes)

    assert (found.verdict.verdict, found.why) == ("too_few_points", "no_figures")
    assert found.cautions[0].startswith(caution)
    assert found.chart is None
    assert found.rests_on[-1:] == () or found.rests_on[-1].label == "Aimed at"


def test_no_store_at_all() -> None:
    found = followed(FollowUpFigures())

    assert (found.why, found.cautions) == ("no_figures", ("No figures are loaded.",))


def test_a_users_own_numbers_of_the_rule(
    store: Store, figures: FollowUpFigures, tmp_path: Any
) -> None:
    own = tmp_path / "rule.csv"
    own.write_text("rule,threshold\nfewest_after,9\n")
    recorded = FollowUp(make_plan(agreed_on=date(2018, 3, 31)))
    rules = read_rules(own, packaged_verdict_rules())

    assert movement(follow_up(recorded, figures, NOVEMBER, rules=rules)).why == "few_since"


# --------------------------------------------------------------------------- rebasing


def test_the_verdict_does_not_depend_on_a_rebase(figures: FollowUpFigures) -> None:
    plain = followed(figures)
    for because in ("agreed", "process"):
        found = followed(figures, rebases=[make_rebase(because=because)])

        assert (found.verdict, found.sentences) == (plain.verdict, plain.sentences)
        assert found.chart is not None
        assert len(found.chart.rebases) == 1


def test_what_is_counted_was_changed(figures: FollowUpFigures) -> None:
    """Only April 2017 to March 2018 can be the reference then."""
    rebase = make_rebase(on=date(2017, 4, 1), because="recording", reason="Code O was added.")
    found = followed(figures, rebases=[rebase])

    assert found.judged is not None
    assert found.judged.window.before[0].start == date(2017, 4, 1)
    assert len(found.judged.window.before) == 12


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((date(2010, 1, 1),), "is not rebased on 1 January 2010: it lies outside the figures."),
        ((date(2019, 1, 1),), "is not rebased on 1 January 2019: it lies outside the figures."),
        (
            (date(2018, 4, 1), date(2018, 3, 15)),
            "is not rebased on 1 April 2018: another starts there.",
        ),
    ],
)
def test_a_rebase_that_cannot_be_drawn_is_told(
    figures: FollowUpFigures, days: tuple[date, ...], said: str
) -> None:
    rebases = [make_rebase(rebase=f"R{at}", on=day) for at, day in enumerate(days)]
    found = followed(figures, rebases=rebases)

    assert any(said in text for text in found.cautions)
    assert found.chart is not None
    assert len(found.chart.rebases) == len(days) - 1


# --------------------------------------------------------------------------- targets


@pytest.mark.parametrize(
    ("changes", "reached", "words"),
    [
        ({}, "yes", "The mean since has reached it."),
        (
            {"by_how_much": 40.0},
            "sometimes",
            "Two of 8 months since have reached it; their mean has not.",
        ),
        ({"by_how_much": 60.0}, "no", "No month since has reached it."),
        ({"by_how_much": None, "how": ""}, "not told", ""),
        ({"baseline_start": None, "baseline_end": None}, "not told", ""),
    ],
)
def test_how_far_it_is(
    figures: FollowUpFigures, changes: dict[str, Any], reached: str, words: str
) -> None:
    found = followed(figures, **changes)

    assert found.target.reached == reached
    assert not words or words in found.sentences
    assert any(text.startswith("Aimed at") for text in found.sentences) == bool(words)


def test_reached_by_chance_is_said_to_be_chance(figures: FollowUpFigures) -> None:
    found = followed(figures, name="dtoc_rate_reason_e", by_how_much=30.0)

    assert found.why == "common_cause"
    assert any("such figures come and go by chance" in text for text in found.sentences)


def test_a_baseline_that_was_revised_is_told_and_the_plans_counts(
    figures: FollowUpFigures,
) -> None:
    found = followed(figures, baseline_value=30.0)

    assert found.target.is_revised
    assert found.target.value == 22.5
    assert any("counts from 30.0" in text and "is now 27.8" in text for text in found.sentences)


def test_days_that_are_left(figures: FollowUpFigures) -> None:
    assert followed(figures, by_when=NOVEMBER + timedelta(days=3)).target.days_left == 3
    assert followed(figures, by_when=NOVEMBER - timedelta(days=3)).target.days_left == -3


# --------------------------------------------------------------------------- others


def test_a_list_that_the_plan_names_decides(figures: FollowUpFigures) -> None:
    found = followed(figures, comparators="oflog TOOL")

    assert found.judged is not None
    assert [one.observed.label for one in found.judged.beside] == [
        "Oflog tool, November 2024", "Statistical neighbours, own open method, 2020", "England",
    ]  # fmt: skip


def test_a_list_that_is_not_there_is_told(figures: FollowUpFigures) -> None:
    found = followed(figures, comparators="CIPFA")

    assert found.cautions[0].startswith("There is no list of comparators named 'CIPFA'.")
    assert found.judged is not None
    assert found.judged.beside[0].observed.label.startswith("Statistical neighbours")


def test_an_area_without_some_figures_is_left_out_and_named(store: Store) -> None:
    """City of London has none in this extract; an area that comes and goes would be a change."""
    codes = ("E10000003", "E09000001")
    lists = (ComparatorList("Two", "2018", "E10000025", codes, "made up"),)
    found = followed(FollowUpFigures(PublishedFigures(store), lists=lists))

    assert found.judged is not None
    assert found.judged.beside[0].observed.codes == ("E10000003",)
    assert any(
        text == "Left out of Two, 2018 for want of figures in every month: City of London."
        for text in found.sentences
    )


def test_an_area_with_nobody_beside_it(store: Store) -> None:
    found = followed(FollowUpFigures(PublishedFigures(store)), area_code="E92000001")

    assert found.judged is not None
    assert found.judged.beside == ()
    assert any("Nobody else has these figures" in text for text in found.sentences)


def test_who_is_held_against_comes_in_a_fixed_order() -> None:
    near = Against("Neighbours", ("E10000003",))
    others, caution = held_against("E10000025", extract_comparators(), neighbours=near)

    assert [one.label for one in others] == [
        "Statistical neighbours, own open method, 2020", "Oflog tool, November 2024",
        "Neighbours", "South East", "England",
    ]  # fmt: skip
    assert caution == ""
    assert [one.label for one in held_against("RTH")[0]] == ["England"]


def test_neighbours_are_worked_out_from_populations(store: Store) -> None:
    found = neighbours_of(store, "E10000025", 5)

    assert found is not None
    assert len(found.codes) == 5
    assert "E10000025" not in found.codes
    assert neighbours_of(store, "E09000001") is None


def test_a_share_changes_by_percentage_points(figures: FollowUpFigures) -> None:
    found = followed(
        figures, name="ae_within_4_hours", area_code="RTH", direction="up", how="absolute",
        by_how_much=5.0,
    )  # fmt: skip

    assert any("percentage points" in text for text in found.sentences)


# --------------------------------------------------------------------------- measures of stays


def days_of(first: date, values: Sequence[float | str]) -> str:
    rows = [f"{first + timedelta(days=at)}T00:00:00,acute,{x}" for at, x in enumerate(values)]
    return "\n".join(["midnight,service,occupied", *rows]) + "\n"


def measured(text: str, **changes: Any) -> FollowedMovement:
    tables = MeasureTables({"stays": {"occupancy_census.csv": text}})
    made = {
        "kind": "measure", "name": "occupancy_census", "measures": "stays",
        "key": "service=acute", "column": "occupied",
    }  # fmt: skip
    return followed(FollowUpFigures(measures=tables), **made | changes)


def test_a_measure_of_stays_is_held_by_month() -> None:
    """Mondays apart nothing varies within a month: 100 or 104 by turns, and 90 since April 2018."""
    first = date(2016, 4, 1)
    days = (NOVEMBER - first).days + 1
    values: list[float] = []
    for at in range(days):
        day = first + timedelta(days=at)
        level = 100 if day.month % 2 else 104
        values.append(90 if day >= date(2018, 4, 1) else level)
    found = measured(days_of(first, values))

    assert found.verdict.verdict == "moved_as_intended"
    assert found.judged is not None
    assert found.judged.moved.since == 90
    assert found.judged.moved.before == 102
    assert found.rests_on[0].source == (
        "the area's own stays (measures/stays/occupancy_census.csv)"
    )


def test_a_month_with_a_day_missing_has_no_figure() -> None:
    text = days_of(date(2018, 4, 1), [*([1.0] * 29), "", *([2.0] * 31)])
    found = measured(text)

    assert found.judged is not None
    assert [one.value for one in found.judged.window.since] == [None, 2.0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "flows"}, "measures/stays/flows.csv is not kept with the review"),
        ({"column": "delayed"}, "it has no column delayed."),
        ({"key": "ward=1"}, "it has no column ward."),
        ({"key": "service=mars"}, "no row has the key."),
    ],
)
def test_a_measure_that_is_not_there_is_told(changes: dict[str, Any], said: str) -> None:
    found = measured(days_of(date(2018, 4, 1), [1.0] * 30), **changes)

    assert found.why == "no_figures"
    assert said in found.cautions[0]


def test_a_measure_with_several_rows_a_day_is_told() -> None:
    text = days_of(date(2018, 4, 1), [1.0] * 30) + "2018-04-01,acute,5\n"

    assert "several rows of a day" in measured(text).cautions[0]


def test_a_measure_that_tells_no_days_is_told() -> None:
    text = "service,occupied\nacute,5\n"

    assert "it does not tell days." in measured(text).cautions[0]


def test_the_packaged_rules_are_numbers_with_reasons() -> None:
    rules = packaged_verdict_rules()

    assert {one.rule: one.threshold for one in rules.rows} == {
        "reference": 24, "fewest_reference": 12, "fewest_after": 7, "run_length": 7,
        "least_flagged": 2, "lasting": 3, "bad_spell": 12, "moved_before": 1, "season": 0.5,
        "others": 0.5,
    }  # fmt: skip
    assert all(one.why.endswith(".") for one in rules.rows)


def test_rules_that_are_off_are_not_asked(figures: FollowUpFigures) -> None:
    rows = tuple(
        one.model_copy(update={"on": "no"}) if one.rule in ("bad_spell", "season") else one
        for one in packaged_verdict_rules().rows
    )
    recorded = FollowUp(make_plan(agreed_on=date(2018, 3, 31)))
    rules = replace(packaged_verdict_rules(), rows=rows)
    found = movement(follow_up(recorded, figures, NOVEMBER, rules=rules))

    assert found.judged is not None
    assert [one.rule for one in found.judged.moved.sign.checks] == ["moved_before"]
