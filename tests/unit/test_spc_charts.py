"""Run charts, charts of counts and of rare events, and the words of verdicts."""

from datetime import date, timedelta

import numpy as np
import pytest

from wholesystem.errors import ParameterError
from wholesystem.indicators import spc
from wholesystem.indicators.spc.rule_words import rules_in_words
from wholesystem.indicators.spc.words import (
    assurance_word,
    cause_words,
    count_word,
    format_value,
    icon_words,
    variation_icon,
    variation_word,
    with_unit,
)


def days(count: int) -> list[date]:
    return [date(2017, 1, 1) + timedelta(days=i) for i in range(count)]


# ------------------------------------------------------------------------------ run charts


def causes(chart: spc.Chart) -> str:
    letters = {"": ".", "six one side": "s", "five rising or falling": "t"}
    letters["astronomical point"] = "a"
    return "".join(letters[word] for word in chart.special_causes)


def test_six_on_one_side_of_the_median_are_a_shift() -> None:
    # Median of six 1, one 5 and six 9 is 5.
    chart = spc.run_chart(days(13), [1] * 6 + [5] + [9] * 6, better="low")

    assert chart.summary.mean == 5
    assert causes(chart) == "ssssss.ssssss"
    assert chart.variations[0] == "improvement"
    assert chart.summary.variation == "concern"
    assert chart.summary.assurance == ""


def test_points_on_the_median_neither_break_nor_add() -> None:
    chart = spc.run_chart(days(16), [9, 9, 9, 5, 9, 9, 9, 1, 9, 1, 1, 1, 5, 1, 1, 1])

    assert chart.summary.mean == 5
    assert causes(chart) == "sss.sss" + ".." + "sss.sss"


def test_five_rising_are_a_trend_and_equal_neighbours_are_passed_over() -> None:
    chart = spc.run_chart(days(9), [5, 1, 2, 3, 3, 4, 5, 1, 3])

    assert causes(chart) == ".ttt.tt.."


def test_a_constant_run_chart_has_no_sign_and_no_run() -> None:
    chart = spc.run_chart(days(14), [0.1] * 14)

    assert causes(chart) == "." * 14
    assert (chart.runs, chart.fewest_runs) == ((0,), (None,))


def test_a_gap_breaks_shift_and_trend() -> None:
    chart = spc.run_chart(days(14), [1, 2, 3, None, 4, 5, 9, 9, 9, None, 9, 9, 1, 1])

    assert causes(chart) == "." * 14


def test_an_astronomical_point_is_marked_by_hand() -> None:
    chart = spc.run_chart(days(5), [5, 6, 5, 6, 90], astronomical=[("2017-01-05", "flood")])

    assert causes(chart) == "....a"
    assert chart.summary.variation == "improvement"
    assert "marked by hand as astronomical" in " ".join(chart.summary.sentences)


def test_too_few_and_too_many_runs_are_said() -> None:
    few = spc.run_chart(days(20), [1] * 10 + [9] * 10)
    many = spc.run_chart(days(20), [1, 9] * 10)
    some = spc.run_chart(days(24), [1, 9, 9, 1, 1, 9] * 4)
    short = spc.run_chart(days(8), [1, 9] * 4)

    assert (few.runs, few.fewest_runs, few.most_runs) == ((2,), (7,), (15,))
    assert "Too few runs about the median: 2" in " ".join(few.summary.sentences)
    assert "Too many runs about the median: 20" in " ".join(many.summary.sentences)
    assert "what chance gives" in " ".join(some.summary.sentences)
    assert "not judged" in " ".join(short.summary.sentences)


def test_a_run_chart_has_a_median_for_each_phase() -> None:
    chart = spc.run_chart(days(6), [1, 2, 3, 7, 8, 9], rebase=[("2017-01-04", "moved")])

    assert chart.limits.centre.tolist() == [2, 2, 2, 8, 8, 8]
    assert np.isnan(chart.limits.upper).all()


@pytest.mark.parametrize("name", ["shift_length", "trend_length"])
def test_lengths_of_runs_have_a_range(name: str) -> None:
    with pytest.raises(ParameterError, match="is 3"):
        spc.run_chart(days(4), [1, 2, 3, 4], **{name: 3})


def test_runs_need_both_sides() -> None:
    with pytest.raises(ParameterError, match="at least one on each side"):
        spc.runs_limits(0, 5)


# ------------------------------------------------------------------------------ counts


def test_limits_of_shares_follow_their_bases_and_stay_within_the_whole() -> None:
    chart = spc.p_chart(days(4), [95, 9, 950, 10], [100, 10, 1000, 10], unit="%")

    width = chart.limits.upper - chart.limits.centre
    assert chart.limits.upper.max() == 100  # of the bases of 10
    assert width[2] < width[0]
    assert (chart.limits.lower >= 0).all()


def test_overdispersion_widens_limits_of_large_bases() -> None:
    counts = [8600, 9100, 8700, 9200, 8500, 9000]
    plain = spc.p_chart(days(6), counts, [10_000] * 6)
    wide = spc.p_chart(days(6), counts, [10_000] * 6, overdispersion=True)

    assert plain.summary.special_cause == "outside limits"
    assert wide.summary.special_cause == ""
    assert "P' chart" in " ".join(wide.summary.sentences)


def test_overdispersion_of_a_share_that_is_all_or_nothing() -> None:
    chart = spc.p_chart(days(3), [5, 5, 5], [5, 5, 5], overdispersion=True)

    assert chart.summary.upper == chart.summary.lower == 100
    assert chart.summary.special_cause == ""


def test_a_missing_base_is_a_missing_figure() -> None:
    chart = spc.u_chart(days(4), [1, 2, 3, 4], [10, None, 10, 10], per=1000)

    assert chart.rows()[1][1] is None
    assert chart.summary.mean == pytest.approx(8 / 30 * 1000)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: spc.p_chart(days(2), [3, 1], [2, 2]), "count <= base"),
        (lambda: spc.p_chart(days(2), [1, 1], [2, 0]), "A base must be above 0"),
        (lambda: spc.u_chart(days(2), [-1, 1], [2, 2]), "A count must be 0 or more"),
        (lambda: spc.u_chart(days(2), [1, 1], [2]), "2 counts and 1 bases"),
        (lambda: spc.u_chart(days(2), [1, 1], [2, np.inf]), "must be finite"),
        (lambda: spc.p_chart(days(2), [1, 1], [2, 2], per=0), "per is 0"),
        (lambda: spc.c_chart(days(2), [1, -1]), "A count must be 0 or more"),
    ],
)
def test_faults_of_counts(make, message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        make()

    assert message in str(caught.value)


# ------------------------------------------------------------------------------ rare events


def test_days_between_events_come_from_their_dates() -> None:
    events = ["2017-01-01", "2017-03-01", "2017-01-11", "2017-01-11"]
    chart = spc.t_chart(events, better="high")

    assert [row[1] for row in chart.rows()] == [None, 10, 0, 49]
    assert chart.summary.n_points == 3
    assert "days" in chart.summary.sentences[0]


def test_a_long_time_without_an_event_is_an_improvement() -> None:
    chart = spc.t_chart(days(13), [1, 2] * 6 + [400])

    assert chart.summary.special_cause == "outside limits"
    assert chart.summary.variation == "improvement"


def test_faults_of_events() -> None:
    with pytest.raises(ParameterError, match="There are 2 events"):
        spc.t_chart(days(2))
    with pytest.raises(ParameterError, match="negative"):
        spc.t_chart(days(3), [1, -1, 2])


# ------------------------------------------------------------------------------ words


def test_words_of_causes_follow_the_length_of_a_run() -> None:
    assert cause_words(7)[1:5] == (
        "outside limits",
        "seven rising or falling",
        "two of three near a limit",
        "seven one side",
    )
    assert cause_words(6)[4] == "six one side"
    assert (count_word(20), count_word(21)) == ("twenty", "21")


@pytest.mark.parametrize("cause", [1, 2, 3, 4])
def test_icons_swap_with_better(cause: int) -> None:
    for direction, side in ((1, "high"), (-1, "low")):
        for better in ("high", "low", "neither"):
            word = variation_word(cause, direction, better)
            kind = "neutral" if better == "neither" else word
            expected = "improvement" if better == side else "concern"
            assert word == ("neutral change" if better == "neither" else expected)
            assert variation_icon(word, direction) == f"{kind}_{side}"
    assert variation_icon(variation_word(0, 0, "high"), 0) == "common_cause"


def test_a_target_on_a_limit_is_hit_or_miss() -> None:
    assert assurance_word(20, 10, 20, "high") == "hit or miss"
    assert assurance_word(10, 10, 20, "low") == "hit or miss"
    assert assurance_word(20.1, 10, 20, "high") == "consistently fails"
    assert assurance_word(float("nan"), 10, 20, "high") == ""
    assert assurance_word(30, 10, 20, "neither") == ""


def test_icons_have_words_for_cells() -> None:
    assert icon_words("neutral_low") == "Neutral change (low)"
    assert icon_words("hit_or_miss") == "Hit or miss"
    assert icon_words("") == "No target"
    with pytest.raises(KeyError):
        icon_words("smile")


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (float("nan"), ""), (0.0, "0"), (1e20, "1e+20"), (1234.5, "1,234"), (-3.0, "-3")],
)
def test_figures_in_words(value, text: str) -> None:
    assert format_value(value) == text
    assert with_unit("5", "%") == "5%"
    assert with_unit("5", "days") == "5 days"
    assert with_unit("5", "") == "5"


def test_sentences_say_each_verdict() -> None:
    base = [9, 11] * 6
    texts = {
        "passes": spc.xmr(days(12), base, target=4),
        "fails": spc.xmr(days(12), base, target=40),
        "either": spc.xmr(days(12), base, target=10),
        "above": spc.xmr(days(13), [*base, 40], better="low"),
        "neither": spc.xmr(days(13), [*base, 40], better="neither"),
    }
    said = {name: " ".join(chart.summary.sentences) for name, chart in texts.items()}

    assert "Consistently passes: unless the process changes it will meet" in said["passes"]
    assert "Consistently fails: unless the process changes it will not meet" in said["fails"]
    assert "Hit or miss: the target of 10 lies within the limits" in said["either"]
    assert "Concern: low is better, and the latest point is above the upper limit" in said["above"]
    assert "Change, neither better nor worse" in said["neither"]


def test_rules_in_words_are_those_of_the_chart() -> None:
    plain = " ".join(rules_in_words(spc.xmr(days(3), [1, 2, 3])))
    screened = " ".join(
        rules_in_words(spc.xmr(days(3), [1, 2, 3], screen_outliers=True, run_length=6))
    )
    rebased = " ".join(rules_in_words(spc.xmr(days(4), [1, 2, 3, 4], rebase=["2017-01-03"])))
    beyond = " ".join(rules_in_words(spc.c_chart(days(3), [1, 2, 3]), count_beyond=True))
    run = " ".join(rules_in_words(spc.run_chart(days(3), [1, 2, 3])))

    assert "2.66 = 3 / 1.128" in plain
    assert "seven one side" in plain
    assert "not screened out" in plain
    assert "above 3.267 times" in screened
    assert "six rising or falling" in screened
    assert "each phase by itself" in rebased
    assert "square root" in beyond
    assert "or beyond it" in beyond
    assert "six or more points" in run
    assert "Assurance" not in run
