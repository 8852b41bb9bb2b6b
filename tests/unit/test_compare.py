"""An area compared: rank, fifth, difference, the test and the words."""

from datetime import date

import pandas as pd
import pytest

from tests.helpers.areas import JULY, WHY_NOT, codes, dtoc_rate, frame, indicator, values_frame
from wholesystem.errors import ParameterError
from wholesystem.indicators.area_figures import AreaFigures, latest_period
from wholesystem.indicators.compare import compare_areas
from wholesystem.indicators.compare_words import compare_sentences, ordinal
from wholesystem.indicators.intervals import Interval, NoInterval

A, B, C, D, E = codes(5)
ENGLAND = "E92000001"
NO_COUNTS = {"interval": "none", "interval_reason": "There are no counts"}
# x of n: 80%, 60%, 50%, 50%, 20%; England 1,000 of 2,000.
SHARES = {A: (80, 100), B: (120, 200), C: (50, 100), D: (100, 200), E: (20, 100)}


def shares(**more) -> pd.DataFrame:
    return frame(SHARES | {ENGLAND: (1_000, 2_000)} | more)


def test_first_is_best_where_high_is_better() -> None:
    rank = compare_areas(shares(), A, indicator()).rank

    assert rank is not None
    assert (rank.place, rank.of, rank.fifth) == (1, 5, 1)
    assert rank.words == "1st of 5 (1st is highest, which is best)"
    assert rank.fifth_words == "best fifth"


def test_first_is_best_where_low_is_better() -> None:
    rank = compare_areas(shares(), A, indicator(better="low")).rank

    assert rank is not None
    assert (rank.place, rank.fifth_words) == (5, "worst fifth")


def test_first_is_highest_where_neither_is_better() -> None:
    rank = compare_areas(shares(), E, indicator(better="none")).rank

    assert rank is not None
    assert rank.words == "5th of 5 (1st is highest; neither direction is better)"
    assert rank.fifth_words == "lowest fifth"


def test_ties_share_a_place_and_say_so() -> None:
    rank = compare_areas(shares(), D, indicator()).rank

    assert rank is not None
    assert (rank.place, rank.shared_with) == (3, 1)
    assert rank.words.startswith("joint 3rd of 5")


def test_england_and_regions_have_no_place_among_councils() -> None:
    found = compare_areas(shares(E12000001=(9, 10)), A, indicator(), region_code="E12000001")

    assert found.areas == 5
    assert found.region is not None
    assert found.region.value == pytest.approx(90)
    assert found.region.verdict == "similar"


def test_fewer_than_five_areas_have_no_fifths() -> None:
    rank = compare_areas(frame({A: (1, 4), B: (2, 4)}), A, indicator()).rank

    assert rank is not None
    assert rank.fifth is None
    assert rank.fifth_words == ""


def test_fifths_of_151_areas_hold_30_or_31_each() -> None:
    names = codes(151)
    rows = AreaFigures(
        values_frame({code: float(i) for i, code in enumerate(names)}), indicator(**NO_COUNTS)
    )
    fifths = [compare_areas(rows, code, indicator(**NO_COUNTS)).rank.fifth for code in names]

    assert [fifths.count(fifth) for fifth in (1, 2, 3, 4, 5)] == [31, 30, 30, 30, 30]


def test_a_proportion_is_tested_by_newcombes_interval_of_the_difference() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II: 56/70 less 48/80, 0.0524 to
    # 0.3339.
    rows = frame({A: (56, 70), B: (48, 80)})
    group = compare_areas(rows, A, indicator(), [B], comparators_name="a list").comparators

    assert group is not None
    versus = group.versus
    assert isinstance(versus.interval, Interval)
    assert (versus.interval.lower, versus.interval.upper) == pytest.approx((5.24, 33.39), abs=0.01)
    assert versus.difference == pytest.approx(20)
    assert (versus.verdict, versus.direction) == ("better", "higher")


@pytest.mark.parametrize(
    ("better", "verdict"), [("high", "better"), ("low", "worse"), ("none", "higher")]
)
def test_words_follow_the_direction_that_is_better(better, verdict) -> None:
    found = compare_areas(shares(), A, indicator(better=better))

    assert found.england is not None
    assert found.england.verdict == verdict


@pytest.mark.parametrize(
    ("better", "verdict"), [("high", "worse"), ("low", "better"), ("none", "lower")]
)
def test_words_of_a_lower_figure(better, verdict) -> None:
    assert compare_areas(shares(), E, indicator(better=better)).england.verdict == verdict


def test_a_difference_that_chance_explains_is_similar() -> None:
    found = compare_areas(shares(), C, indicator())

    assert found.england is not None
    assert found.england.verdict == "similar"
    assert found.england.difference == 0
    assert found.england.direction == "the same"


def test_rates_are_tested_by_their_ratio() -> None:
    row = indicator(kind="rate", interval="byar", multiplier=1000.0, better="low")
    rows = frame({A: (60, 1000), B: (30, 1000)}, scale=1000.0)
    versus = compare_areas(rows, A, row, [B]).comparators.versus

    # exp(ln 2 -/+ 1.96 sqrt(1/60 + 1/30)) = 1.290 and 3.100
    assert versus.of_ratio
    assert (versus.interval.lower, versus.interval.upper) == pytest.approx((1.290, 3.100), abs=1e-3)
    assert (versus.ratio, versus.verdict) == (pytest.approx(2.0), "worse")


def test_bed_days_are_compared_and_not_tested() -> None:
    rows = frame({A: (5810, 536_000), B: (3000, 500_000)}, scale=100_000 / 31)
    found = compare_areas(rows, A, dtoc_rate(), [B])

    assert isinstance(found.interval, NoInterval)
    assert WHY_NOT[1:] in found.interval.reason
    assert found.comparators.versus.verdict == "not tested"
    assert found.comparators.versus.difference == pytest.approx(
        (5810 / 536_000 - 3000 / 500_000) * 100_000 / 31
    )
    assert found.comparators.versus.direction == "higher"


def test_the_comparators_figure_is_a_ratio_of_sums_and_says_so() -> None:
    group = compare_areas(shares(), A, indicator(), [B, C, E]).comparators

    # (120 + 50 + 20) / (200 + 100 + 100) = 47.5%; the mean of 60, 50 and 20 is 43.33.
    assert group.versus.value == pytest.approx(47.5)
    assert group.versus.basis == "sum of numerators over sum of denominators"
    assert group.mean == pytest.approx(130 / 3)
    assert group.median == pytest.approx(50)
    assert group.lowest == (f"Area {E}", pytest.approx(20))
    assert group.highest == (f"Area {B}", pytest.approx(60))


def test_without_counts_the_comparators_figure_is_a_mean_and_says_so() -> None:
    row = indicator(kind="mean", **NO_COUNTS)
    group = compare_areas(values_frame({A: 7.6, B: 7.4, C: 7.9}), A, row, [B, C]).comparators

    assert group.versus.value == pytest.approx(7.65)
    assert group.versus.basis == "mean of the areas, each counted once"
    assert group.versus.verdict == "not tested"


def test_comparators_without_a_figure_are_named_with_the_reason() -> None:
    rows = frame(SHARES | {B: (None, None)}, notes={B: "suppressed (*)"})
    group = compare_areas(rows, A, indicator(), [B, C, "E10000006", "E06000063"]).comparators

    assert group.with_figure == 1
    assert dict(group.missing) == {
        f"Area {B}": "suppressed (*)",
        "Cumbria": "no row in this period",
        "Cumberland": "exists from 2023-04-01 only",
    }


def test_an_abolished_comparator_is_said_to_be_replaced() -> None:
    later = (date(2023, 7, 1), date(2023, 7, 31))
    group = compare_areas(frame(SHARES, period=later), A, indicator(), ["E10000006"]).comparators

    assert group.missing == (("Cumbria", "replaced by Cumberland and Westmorland and Furness"),)
    assert group.mean is None
    assert group.versus.verdict == "not tested"


def test_a_comparator_is_found_under_the_code_of_the_time() -> None:
    # Buckinghamshire was E10000002 until 31 March 2020 and is E06000060 since.
    rows = frame(SHARES | {"E10000002": (1, 2)})
    group = compare_areas(rows, A, indicator(), ["E06000060"]).comparators

    assert group.codes == ("E10000002",)
    assert group.with_figure == 1


def test_an_area_among_its_own_comparators_is_refused() -> None:
    with pytest.raises(ParameterError, match="is among its own comparators"):
        compare_areas(shares(), A, indicator(), [B, A])


def test_a_missing_figure_is_said_with_its_reason_and_gets_no_rank() -> None:
    rows = frame(SHARES | {A: (None, None)}, notes={A: "suppressed (c)"})
    found = compare_areas(rows, A, indicator(), [B])

    assert found.value is None
    assert found.rank is None
    assert found.missing_because == "suppressed (c)"
    assert found.comparators.versus.difference is None
    assert found.without_figure == (("suppressed (c)", 1),)


def test_an_area_without_a_row_is_said_to_have_none() -> None:
    found = compare_areas(shares(), "X99999999", indicator(), [B])

    assert (found.value, found.missing_because) == (None, "no row in this period")
    assert found.area == "X99999999"
    assert found.areas == 5


def test_reasons_for_missing_figures_are_counted() -> None:
    rows = frame(
        SHARES | {B: (None, None), C: (None, None), D: (None, None)},
        notes={B: "suppressed (*)", C: "suppressed (*)"},
    )
    found = compare_areas(rows, A, indicator())

    assert found.without_figure == (("suppressed (*)", 2), ("not given", 1))
    assert found.rank is not None
    assert found.rank.of == 2


def test_englands_figure_may_be_given_where_there_is_no_row() -> None:
    found = compare_areas(frame(SHARES), A, indicator(), england_value=55.0)

    assert found.england is not None
    assert found.england.difference == pytest.approx(25)
    assert found.england.verdict == "not tested"
    assert "not published" in found.england.interval.reason


def test_without_any_figure_of_england_there_is_none() -> None:
    assert compare_areas(frame(SHARES), A, indicator()).england is None


def test_a_count_is_not_compared_with_the_total_of_england() -> None:
    row = indicator(kind="count", **NO_COUNTS, multiplier=None)
    rows = values_frame({A: 214.0, B: 90.0, ENGLAND: 6032.0})
    found = compare_areas(rows, A, row, [B])

    assert found.england.value == 6032
    assert found.england.difference is None
    assert "a count of one area and of many" in found.england.interval.reason
    assert found.comparators.versus.difference == pytest.approx(124)
    assert found.cautions[0].startswith("A count grows with the size of an area")


def test_a_combined_area_is_ranked_among_councils_and_says_so() -> None:
    rows = frame(
        SHARES | {"combined-dorset": (7, 10), "combined-cumbria": (9, 10)},
        kinds={"combined-dorset": "combined", "combined-cumbria": "combined"},
    )
    found = compare_areas(rows, "combined-dorset", indicator())

    assert found.rank is not None
    assert (found.rank.place, found.rank.of) == (2, 6)
    assert "sum of several councils" in found.cautions[0]


def test_trusts_are_ranked_among_trusts() -> None:
    rows = frame(
        SHARES | {"RTH": (861, 1000), "RTX": (900, 1000)}, kinds={"RTH": "trust", "RTX": "trust"}
    )
    found = compare_areas(rows, "RTH", indicator())

    assert found.rank is not None
    assert (found.rank.place, found.rank.of) == (2, 2)


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (7, True), (8, False)])
def test_the_users_own_small_numbers_are_flagged(count, small) -> None:
    rows = frame({A: (count, 50), B: (20, 50)})
    found = compare_areas(rows, A, indicator(supplied_by="user"))

    # Rule hes: counts of 1 to 7 below national level are not shown.
    assert found.small_number is small
    assert any("must not be published" in words for words in found.cautions) is small


def test_published_small_numbers_are_not_flagged() -> None:
    assert not compare_areas(frame({A: (3, 50)}), A, indicator()).small_number


def test_rows_marked_as_the_users_are_flagged_whatever_the_indicator() -> None:
    rows = frame({A: (3, 50), B: (3, 50)}).assign(supplied_by_user=[True, False])

    assert compare_areas(rows, A, indicator()).small_number
    assert not compare_areas(rows, B, indicator()).small_number
    assert not compare_areas(rows, A, indicator(), small_numbers="none").small_number


def test_counts_out_of_range_give_no_interval_and_the_reason() -> None:
    rows = frame({A: (12, 10), B: (5, 10)})
    found = compare_areas(rows, A, indicator())

    assert isinstance(found.interval, NoInterval)
    assert "numerator 12 is above its denominator 10" in found.interval.reason


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda f: f.iloc[:0], "has no row in this period"),
        (lambda f: pd.concat([f, frame({A: (1, 2)}, period=(date(2017, 8, 1), date(2017, 8, 31)))]),
         "of 2 periods"),
        (lambda f: pd.concat([f, f.iloc[:1]]), "two rows in one period"),
        (lambda f: f.assign(indicator=["a", *["b"] * (len(f) - 1)]), "several indicators"),
    ],
)  # fmt: skip
def test_rows_that_are_no_one_comparison_are_refused(spoil, told) -> None:
    with pytest.raises(ParameterError, match=told):
        compare_areas(spoil(shares()), A, indicator())


def test_figures_made_once_compare_as_a_frame_does() -> None:
    once = AreaFigures(shares(), indicator())

    assert compare_areas(once, A, indicator(), [B]) == compare_areas(shares(), A, indicator(), [B])


def test_sentences_say_all_of_it_and_a_reason_only_once() -> None:
    rows = frame({A: (5810, 536_000), B: (3000, 500_000)}, scale=100_000 / 31)
    words = compare_sentences(compare_areas(rows, A, dtoc_rate(), [B]), 1, "days")

    assert words[0].startswith(f"Area {A}: 35.0 days. No interval: a bed day")
    assert words[1] == f"Area {A} is 2nd of 2 (1st is lowest, which is best)."
    assert words[2] == (
        "comparators: 19.4 days (sum of numerators over sum of denominators)."
        f" Area {A} is 15.6 higher. Not tested."
    )
    assert sum("bed day" in sentence for sentence in words) == 1


def test_sentences_of_a_tested_share() -> None:
    words = compare_sentences(compare_areas(shares(), A, indicator(), [B]), 1, "%")

    # Wilson: 0.7112 to 0.8666 and, for England, 0.4781 to 0.5219. Newcombe: 0.3 less
    # sqrt(0.0888^2 + 0.0219^2) is 0.2085, 0.3 and sqrt(0.0666^2 + 0.0219^2) is 0.3701.
    assert words[0] == f"Area {A}: 80.0% (95% interval 71.1 to 86.7, Wilson)."
    assert words[2] == (
        f"Area {ENGLAND}: 50.0% (published). Area {A} is 30.0 higher."
        " 95% interval of the difference 20.9 to 37.0: better."
    )


def test_sentences_of_a_missing_figure() -> None:
    rows = frame(SHARES | {A: (None, None)}, notes={A: "suppressed (c)"})
    words = compare_sentences(compare_areas(rows, A, indicator(), [B, "E10000006"]), 1, "%")

    assert words[0] == f"Area {A} has no figure: suppressed (c)."
    assert any("Not compared" in sentence for sentence in words)
    assert "1 of 2 have none (Cumbria: no row in this period)." in words
    assert words[-1] == "1 of 5 areas have no figure: 1 suppressed (c)."


def test_a_difference_too_small_to_show_is_not_called_higher() -> None:
    rows = values_frame({A: 50.01, B: 50.0})
    words = compare_sentences(compare_areas(rows, A, indicator(**NO_COUNTS), [B]), 1, "%")

    assert "is the same to the decimals shown" in words[2]


def test_the_latest_period_with_a_figure() -> None:
    august = (date(2017, 8, 1), date(2017, 8, 31))
    rows = pd.concat([frame({A: (1, 2), B: (1, 2)}), frame({A: (None, None)}, period=august)])

    assert latest_period(rows, [A]) == JULY
    assert latest_period(rows, ["X9"]) is None


@pytest.mark.parametrize(("place", "words"), [(1, "1st"), (12, "12th"), (102, "102nd")])
def test_ordinals(place, words) -> None:
    assert ordinal(place) == words
