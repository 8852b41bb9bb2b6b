"""What a chart is made of: order, gaps, phases, targets, and every fault of what is given."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from wholesystem.errors import ParameterError
from wholesystem.indicators import spc

JAN = date(2017, 1, 1)


def months(count: int, skip: tuple[int, ...] = ()) -> list[date]:
    every = [date(2017 + i // 12, i % 12 + 1, 1) for i in range(count + len(skip))]
    return [day for place, day in enumerate(every) if place not in skip]


def gaps(dates: list) -> list[date]:
    return spc.xmr(dates, range(len(dates))).series.gaps_after.astype(date).tolist()


# ------------------------------------------------------------------------------ gaps


def test_an_absent_month_is_a_gap_after_the_month_before() -> None:
    assert gaps(months(10, skip=(3, 4))) == [date(2017, 3, 1)]


def test_month_ends_are_months() -> None:
    ends = [day - timedelta(days=1) for day in months(14)[1:]]

    assert gaps(ends) == []
    assert gaps(ends[:5] + ends[6:]) == [date(2017, 5, 31)]


def test_weeks_and_days_have_their_own_step() -> None:
    weeks = [JAN + timedelta(days=7 * i) for i in range(8)]
    days = [JAN + timedelta(days=i) for i in range(8)]

    assert gaps(weeks) == gaps(days) == []
    assert gaps(weeks[:4] + weeks[5:]) == [weeks[3]]
    assert gaps(days[:4] + days[5:]) == [days[3]]


def test_a_week_end_is_no_gap_between_working_days() -> None:
    every = [date(2017, 1, 2) + timedelta(days=i) for i in range(19)]
    working = [day for day in every if day.weekday() < 5]

    assert gaps(working) == []
    assert gaps([day for day in working if day != date(2017, 1, 11)]) == [date(2017, 1, 10)]


def test_quarters_and_years_have_their_own_step() -> None:
    quarters = months(24)[::3]
    years = [date(year, 3, 31) for year in range(2010, 2020)]

    assert gaps(quarters) == gaps(years) == []
    assert gaps(quarters[:2] + quarters[3:]) == [quarters[1]]


def test_irregular_dates_have_no_gap() -> None:
    irregular = [JAN + timedelta(days=one) for one in (0, 3, 11, 12, 30, 37, 80)]

    assert gaps(irregular) == []


def test_gaps_are_said_in_the_sentences() -> None:
    chart = spc.xmr(months(4, skip=(2,)), [1, None, 3, 4])

    text = " ".join(chart.summary.sentences)
    assert "No figure is given for Feb 2017: a gap." in text
    assert "Periods are absent after Feb 2017: a gap." in text


def test_no_moving_range_reaches_across_a_gap() -> None:
    joined = spc.xmr(months(4), [1, 3, 9, 11])
    apart = spc.xmr(months(4, skip=(2,)), [1, 3, 9, 11])

    assert joined.mean_moving_ranges == pytest.approx([(2 + 6 + 2) / 3])
    assert apart.mean_moving_ranges == pytest.approx([2])


# ------------------------------------------------------------------------------ what is given


@pytest.mark.parametrize(
    "dates",
    [
        ["2017-01-01", "2017-02-01", "2017-03-01"],
        [datetime(2017, 1, 1), datetime(2017, 2, 1), datetime(2017, 3, 1)],
        np.array(["2017-01-01", "2017-02-01", "2017-03-01"], dtype="datetime64[ns]"),
        pd.Series(pd.to_datetime(["2017-01-01", "2017-02-01", "2017-03-01"])),
        pd.DatetimeIndex(["2017-01-01", "2017-02-01", "2017-03-01"]),
    ],
)
def test_dates_may_be_of_many_kinds(dates) -> None:
    chart = spc.xmr(dates, pd.Series([1.0, np.nan, 3.0]))

    assert [row[0] for row in chart.rows()] == months(3)
    assert [row[1] for row in chart.rows()] == [1.0, None, 3.0]


def test_points_have_the_fixed_columns() -> None:
    points = spc.xmr(months(3), [1, None, 3], target=2).points

    assert (
        list(points.columns)
        == (
            "date value mean lower upper near_lower near_upper special_cause variation assurance"
        ).split()
    )
    assert points["value"].isna().tolist() == [False, True, False]
    assert str(points["mean"].dtype) == "float64"
    assert points["variation"].tolist() == ["common cause", "", "common cause"]


def test_a_rebasing_within_a_gap_starts_at_the_next_point() -> None:
    chart = spc.xmr(months(6, skip=(3,)), [1, 1, 1, 5, 5, 5], rebase=[("2017-04-01", "moved")])

    assert chart.series.phase.tolist() == [0, 0, 0, 1, 1, 1]
    assert chart.limits.centre.tolist() == [1, 1, 1, 5, 5, 5]
    assert chart.summary.n_base == 3
    assert "Mean and limits start anew from Apr 2017: moved." in chart.summary.sentences


def test_several_rebasings_in_any_order() -> None:
    chart = spc.xmr(
        months(9),
        [1, 2, 1, 5, 6, 5, 9, 8, 9],
        rebase=[spc.Rebase(date(2017, 7, 1), "second"), spc.Rebase(date(2017, 4, 1), "first")],
    )

    assert chart.series.phase.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert [one.reason for one in chart.series.rebases] == ["first", "second"]
    assert chart.mean_moving_ranges == pytest.approx([1, 1, 1])


def test_a_baseline_holds_for_each_phase() -> None:
    chart = spc.xmr(
        months(8), [1, 3, 9, 9, 11, 13, 19, 19], rebase=["2017-05-01"], baseline=2, better="low"
    )

    assert chart.limits.centre.tolist() == [2] * 4 + [12] * 4
    assert chart.mean_moving_ranges == (2, 2)
    assert chart.summary.n_base == 2
    assert chart.summary.is_trial


def test_a_baseline_counts_known_points() -> None:
    chart = spc.xmr(months(5), [None, 2, None, 4, 90], baseline=2)

    assert chart.summary.mean == 3
    assert np.isnan(chart.summary.upper)  # no two of the baseline are neighbours
    assert chart.summary.assurance == ""


def test_an_excluded_point_is_told() -> None:
    chart = spc.xmr(
        months(5), [1, 2, 90, 2, 1], exclude=[spc.Exclusion(date(2017, 3, 1), "counted twice")]
    )

    assert chart.summary.mean == 1.5
    assert chart.variations[2] == ""
    assert any("Mar 2017" in text and "counted twice" in text for text in chart.summary.sentences)


def test_the_latest_point_is_the_last_that_counts() -> None:
    chart = spc.xmr(months(4), [1, 2, 3, None])

    assert (chart.summary.latest, chart.summary.latest_date) == (3, date(2017, 3, 1))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (5, [5, 5, 5]),
        ([1, 2, 3], [3, 2, 1]),
        ({"2017-02-01": 7}, [None, 7, 7]),
        ([(date(2017, 1, 1), 4), (date(2017, 3, 1), 6)], [4, 4, 6]),
        (None, [None, None, None]),
    ],
)
def test_targets_may_change(target, expected) -> None:
    backwards = months(3)[::-1]  # targets one a value follow their values
    chart = spc.xmr(backwards, [1, 2, 3], target=target)

    found = [None if one != one else one for one in chart.series.target.tolist()]
    assert found == expected


def test_one_rebasing_or_exclusion_needs_no_list() -> None:
    given = {"rebase": datetime(2017, 3, 1), "exclude": "2017-01-01"}
    chart = spc.xmr(months(4), [1, 2, 3, 4], **given)
    other = spc.xmr(months(4), [1, 2, 3, 4], rebase=spc.Rebase(date(2017, 3, 1)))

    assert chart.series.rebases == other.series.rebases
    assert chart.series.rebases[0].reason == "no reason given"
    assert chart.series.exclusions == (spc.Exclusion(date(2017, 1, 1)),)


def test_of_many_missing_months_six_are_named() -> None:
    chart = spc.xmr(months(12), [1, *[None] * 9, 2, 3])

    assert "Jul 2017 and 3 more: a gap." in " ".join(chart.summary.sentences)


# ------------------------------------------------------------------------------ faults

THREE = {"dates": months(3), "values": [1, 2, 3]}
FAULTS = [
    ({"better": "up"}, "better is 'up'. It must be one of high, low, neither."),
    ({"run_length": 3}, "run_length is 3. A run has 4 to 20 points."),
    ({"baseline": 1}, "baseline is 1. Limits need at least 2 points"),
    ({"values": [1, 2]}, "There are 3 dates and 2 values."),
    ({"values": [1, 2, np.inf]}, "The value of 2017-03-01 is infinite."),
    ({"values": [1, None, None]}, "There is 1 value. A chart needs at least 2."),
    ({"values": ["a", 1, 2]}, "'a' is no number."),
    ({"dates": [JAN, JAN, date(2017, 2, 1)]}, "2017-01-01 occurs more than once."),
    ({"dates": ["June", "July", "May"]}, "'June' is no date."),
    ({"dates": [JAN, None, date(2017, 2, 1)]}, "A date is missing."),
    ({"dates": [JAN, date(2017, 2, 1), "May"]}, "'May' is no date."),
    ({"rebase": ["2017-01-01"]}, "The rebasing on 2017-01-01 is outside the series."),
    ({"rebase": ["2017-04-01"]}, "not after its last, 2017-03-01"),
    ({"rebase": ["2017-02-01", "2017-01-20"]}, "start at the same point"),
    ({"exclude": ["2017-02-02"]}, "There is no point on 2017-02-02 to leave out."),
    ({"target": np.inf}, "The target is inf."),
    ({"target": "many"}, "'many' is no number."),
    ({"target": [1, 2]}, "There are 2 targets and 3 values."),
]


@pytest.mark.parametrize(("changed", "message"), FAULTS)
def test_a_fault_is_told(changed, message: str) -> None:
    given = THREE | changed
    with pytest.raises(ParameterError) as caught:
        spc.xmr(given.pop("dates"), given.pop("values"), **given)

    assert message in str(caught.value)


def test_all_faults_are_told_together() -> None:
    with pytest.raises(ParameterError) as caught:
        spc.xmr(months(3), [1, 2, 3], better="up", run_length=1, baseline=0)

    assert len(str(caught.value).splitlines()) == 3


def test_of_many_faults_ten_are_shown() -> None:
    with pytest.raises(ParameterError, match=r"\.\.\. and 19 more faults"):
        spc.xmr(months(30), [np.inf] * 29 + [1])


def test_nothing_at_all_is_told() -> None:
    with pytest.raises(ParameterError, match="There are 0 values"):
        spc.xmr([], [])


# ------------------------------------------------------------------------------ groups


def test_groups_have_charts_targets_and_rebasings_of_their_own() -> None:
    names = ["Kent"] * 4 + ["Leeds"] * 4
    charts = spc.xmr_groups(
        names,
        months(4) * 2,
        [1, 2, 3, 4, 10, 20, 10, 20],
        target={"Leeds": 15},
        rebase={"Kent": [("2017-03-01", "new ward")]},
        better="low",
    )

    assert list(charts) == ["Kent", "Leeds"]
    assert np.isnan(charts["Kent"].summary.target)
    assert charts["Leeds"].summary.target == 15
    assert charts["Kent"].limits.centre.tolist() == [1.5, 1.5, 3.5, 3.5]
    assert charts["Leeds"].series.rebases == ()
    summary, points = spc.summary_table(charts), spc.points_table(charts)
    assert summary["group"].tolist() == ["Kent", "Leeds"]
    assert summary["assurance_icon"].tolist() == ["No target", "Too few points"]
    assert points["group"].tolist() == names
    assert spc.points_table({}).empty


def test_faults_of_groups_name_them_all() -> None:
    with pytest.raises(ParameterError) as caught:
        spc.xmr_groups(["a", "b", "b"], [JAN, JAN, JAN], [1, 2, 3], target={"c": 1})

    text = str(caught.value)
    assert "target names 'c', which is no group." in text
    assert "a: There is 1 value." in text
    assert "b: 2017-01-01 occurs more than once." in text


def test_groups_of_another_length_are_refused() -> None:
    with pytest.raises(ParameterError, match="differ in number"):
        spc.xmr_groups(["a"], [JAN, JAN], [1, 2])
