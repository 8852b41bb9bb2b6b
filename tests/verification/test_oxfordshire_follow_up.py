"""What happened to Oxfordshire's delays after June 2017, and the verdict on it, worked by hand.

Days of delay are those that NHS England published for the council (workbooks Monthly Delayed
Transfers of Care, sheet "LA - by type of care", column H, row 114, as last revised). People delayed
are those days over the days of the month. Means, moving ranges, limits and rules were worked on
paper from these, apart from the code, on 27 November 2026.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

import pytest

from wholesystem.examples.extract import extract_comparators, open_extract
from wholesystem.examples.follow_up import (
    RETURN_VISIT,
    example_follow_up_figures,
    read_example_follow_up,
)
from wholesystem.indicators import Store, read_catalogue
from wholesystem.reviews.figure_series import PublishedFigures
from wholesystem.reviews.follow_up import (
    FollowedMovement,
    FollowUpResult,
    Judgement,
    follow_up,
    follow_up_csv,
    follow_up_rows,
)
from wholesystem.reviews.follow_up.observed import of_others, own_figures
from wholesystem.reviews.follow_up.others import held_against
from wholesystem.reviews.follow_up.verdict import judge_movement

OXFORDSHIRE = "E10000025"
# April 2016 to November 2018.
DAYS = (
    3812, 3771, 3394, 3552, 3982, 4209, 4807, 4075, 4426, 5251, 5342, 5615,
    5053, 6131, 6414, 5810, 4400, 3970, 4439, 3594, 3249, 3791, 4055, 3720,
    3507, 3067, 2710, 3445, 3427, 3116, 2807, 2644,
)  # fmt: skip
# Words of each month since, against the mean 146.5 and the limits 101.0 and 192.0; the lower near
# limit lies at 146.53 - 2.66 x 17.10 x 2/3 = 116.2. People delayed a day: 116.9, 98.9, 90.3, 111.1,
# 110.5, 103.9, 90.6, 88.1. All lie below the mean (4); May, June, October and November below the
# lower limit (1); July, August and September below the near limit, three in a row (3).
WORDS = [4, 1, 1, 3, 3, 3, 1, 1]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_extract() as loading:
        yield loading.store


@pytest.fixture(scope="module")
def result(store: Store) -> FollowUpResult:
    return follow_up(read_example_follow_up(), example_follow_up_figures(store), RETURN_VISIT)


def judged(store: Store, indicator: str, agreed_on: date) -> Judgement:
    published = PublishedFigures(store)
    own = own_figures(published, indicator, OXFORDSHIRE, RETURN_VISIT)
    against, _ = held_against(OXFORDSHIRE, extract_comparators())
    row = read_catalogue()[indicator]
    others = [of_others(published, row, one, own) for one in against]
    return judge_movement(own, "down", agreed_on, others=others)


def movement(result: FollowUpResult, name: str) -> FollowedMovement:
    found = {m.movement.expected_movement: m for one in result.actions for m in one.movements}
    return found[name]


def per_day() -> list[float]:
    months = [(2016 + at // 12, at % 12 + 1) for at in range(3, 3 + len(DAYS))]
    return [days / monthrange(*month)[1] for days, month in zip(DAYS, months, strict=True)]


def test_the_figures_are_the_published_ones(store: Store) -> None:
    own = own_figures(PublishedFigures(store), "dtoc_days", OXFORDSHIRE, RETURN_VISIT)
    since = [one for one in own.periods if one.start >= date(2016, 4, 1)]

    assert tuple(one.value for one in since) == DAYS
    assert since[-1].source == "Nov_18.xls, sheet LA - by type of care, cell H114"


def test_the_verdict_on_people_delayed_since_the_plan(store: Store) -> None:
    found = judged(store, "dtoc_people", date(2018, 3, 31))
    sign = found.moved.sign
    people = per_day()

    assert found.verdict == "moved_as_intended"
    assert sign.reference is not None
    # Mean of 24 months 3516.76 / 24; moving ranges 393.32 / 23 = 17.10.
    assert sign.reference.mean == pytest.approx(146.53, abs=0.005)
    assert sign.reference.lower == pytest.approx(146.53 - 2.66 * 17.10, abs=0.02)
    assert sign.reference.upper == pytest.approx(192.02, abs=0.02)
    assert found.moved.since == pytest.approx(sum(people[24:]) / 8, rel=1e-12)
    assert sign.causes[sign.since].tolist() == WORDS
    assert set(sign.directions[sign.since].tolist()) == {-1}


def test_the_peak_is_a_spell_and_the_fall_had_begun(store: Store) -> None:
    """January to July 2017 are seven on one side; from August 2017 on all lie below the mean."""
    found = judged(store, "dtoc_people", date(2018, 3, 31))
    spell, before, season = found.moved.sign.checks
    people = per_day()

    assert [one.rule for one in (spell, before, season)] == ["bad_spell", "moved_before", "season"]
    assert spell.level is not None
    assert before.level is not None
    left = [*people[:9], *people[16:24]]
    assert spell.level.mean == pytest.approx(sum(left) / 17, rel=1e-12)
    assert before.level.mean == pytest.approx(sum(people[16:24]) / 8, rel=1e-12)
    # Eight months since, each below 128.6, the mean of August 2017 to March 2018.
    assert max(people[24:]) < before.level.mean == pytest.approx(128.65, abs=0.005)
    assert spell.passed
    assert before.passed
    assert season.share == pytest.approx(0.995, abs=0.0005)


def test_the_verdict_on_the_rate_and_what_others_did(store: Store, result: FollowUpResult) -> None:
    """Adults 539,000 (mid-2017) to June 2018, 545,544 (mid-2019) from July on."""
    found = movement(result, "X01")
    people = per_day()
    rates = [1e5 * one / 539_000 for one in people[:27]]
    rates += [1e5 * one / 545_544 for one in people[27:]]

    assert found.verdict.label == "Moved as intended"
    assert found.judged is not None
    assert found.judged.moved.before == pytest.approx(sum(rates[16:24]) / 8, rel=1e-12)
    assert found.judged.moved.since == pytest.approx(sum(rates[24:]) / 8, rel=1e-12)
    neighbours, tool, england = found.judged.beside
    assert [neighbours.moved_too, tool.moved_too, england.moved_too] == [False, False, True]
    assert [one.gap.sign.direction for one in (neighbours, tool, england)] == [-1, -1, 0]
    assert len(neighbours.observed.codes) == len(tool.observed.codes) == 15
    # England fell by 11.2% where the county fell by 21.8%: just above half, and no sign in the gap.
    assert england.share == pytest.approx(0.5128, abs=0.0005)
    assert any("Against England the verdict would be another" in s for s in found.sentences)


def test_since_june_2017_the_county_fell_further_than_everyone(store: Store) -> None:
    """July 2017 to November 2018, held against the two years to the peak of June 2017.

    Reference 156.4 people a day (limits 119.2 and 193.7). July 2017, at 187.4, is the last month
    above it; the other sixteen lie below. June 2017, 213.8, is outside the limits, and May too.
    """
    found = judged(store, "dtoc_people", date(2017, 7, 1))
    sign = found.moved.sign
    people = per_day()

    assert found.verdict == "moved_as_intended"
    assert sign.reference is not None
    assert sign.reference.mean == pytest.approx(156.44, abs=0.005)
    assert sign.directions[sign.since].tolist() == [0] + [-1] * 16
    assert found.moved.since == pytest.approx(sum(people[15:]) / 17, rel=1e-12)
    spell = sign.checks[0]
    assert spell.rule == "bad_spell"
    assert spell.passed
    assert spell.level is not None
    assert int(sign.reference.used.sum() - spell.level.used.sum()) == 2
    assert all(one.gap.sign.direction == -1 and not one.moved_too for one in found.beside)


@pytest.mark.parametrize(
    ("name", "label", "why"),
    [
        ("X02", "Moved as intended", ""),
        # Care packages at home: fell by 18% and no month breaks a rule; neighbours fell by 22%.
        ("X03", "No sign yet", "common_cause"),
        ("X04", "Moved as intended", ""),
        ("X05", "No sign yet", "common_cause"),
        # Nursing homes: the fall had begun in December 2017.
        ("X06", "No sign yet", "moved_before"),
        ("X07", "Too few points", "no_figures"),
        ("X08", "No sign yet", "bad_spell"),
        ("X09", "Moved as intended", ""),
    ],
)
def test_the_other_verdicts(result: FollowUpResult, name: str, label: str, why: str) -> None:
    found = movement(result, name)

    assert (found.verdict.label, found.why) == (label, why)


def test_assessments_fell_behind_similar_councils(result: FollowUpResult) -> None:
    """Waits for an assessment show no sign here and halved elsewhere: the gap rose.

    The gap to England had begun to rise before the plan.
    """
    found = movement(result, "X05")

    assert found.judged is not None
    assert [one.gap.sign.direction for one in found.judged.beside] == [1, 1, 0]
    assert any("held against theirs rose" in sentence for sentence in found.sentences)


def test_every_verdict_names_its_figures_with_unit_source_and_period(
    result: FollowUpResult,
) -> None:
    told = [m for one in result.actions for m in one.movements if m.why != "no_figures"]

    assert len(told) == 8
    for one in told:
        means = [row for row in one.rests_on if row.label != "Aimed at"]
        assert len(means) >= 6
        assert all(
            row.unit and row.period and ".xls" in row.source or "A&E" in one.name for row in means
        )


def test_the_chart_is_rebased_by_hand_and_says_so(result: FollowUpResult) -> None:
    rebased, other = movement(result, "X01"), movement(result, "X05")

    assert rebased.chart is not None
    assert other.chart is not None
    assert [one.on for one in rebased.chart.rebases] == [date(2018, 4, 1)]
    # On its own the new phase is common cause: a rebase hides the change that made it.
    assert rebased.chart.chart.summary.variation == "common cause"
    assert any("shows no change across that day" in text for text in rebased.cautions)
    assert other.chart.rebases == ()
    assert other.chart.chart.series.rebases == ()


def test_the_flat_table_says_the_same(result: FollowUpResult) -> None:
    rows = follow_up_rows(result)
    (delays,) = [row for row in rows if row["expected_movement"] == "X01"]

    # Nine expected movements, of seven actions; eight actions have none.
    assert [sum(bool(row[name]) for row in rows) for name in ("expected_movement", "action")] == [
        9, 17,
    ]  # fmt: skip
    assert (delays["action"], delays["status"], delays["verdict"]) == (
        "A08", "on_track", "moved_as_intended",
    )  # fmt: skip
    assert delays["evidence"] == "V03; V05; V12"
    assert float(delays["before"]) == pytest.approx(23.868, abs=0.0005)
    assert float(delays["since"]) == pytest.approx(18.654, abs=0.0005)
    assert (delays["before_start"], delays["before_end"]) == ("2017-08-01", "2018-03-31")
    assert float(delays["change"]) == pytest.approx(18.6537 / 23.8678 - 1, abs=0.0001)
    assert float(delays["others_change"]) == pytest.approx(12.2028 / 13.3549 - 1, abs=0.0001)
    assert follow_up_csv(result).decode().count("\nA") == 17
