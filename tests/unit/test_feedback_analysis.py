"""Rates, shares, the matrix and keyness against examples worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.helpers.feedback import make_instrument, make_sheets
from wholesystem.errors import ParameterError
from wholesystem.reviews.feedback import (
    AnswerSheet,
    combine_results,
    make_sheet,
    pair_results,
    read_instrument,
    response_rates,
    share_at_or_below,
    share_positive,
    tally,
)
from wholesystem.reviews.feedback.comments import comments_by_group, keyness, keywords
from wholesystem.reviews.feedback.response import (
    CHOSEN,
    HIDDEN,
    NOT_INVITED,
    OPEN_LINK,
    TOO_MANY,
)

INSTRUMENT = make_instrument()


def answered(role: str, place: str, answers: dict[str, int]) -> list[AnswerSheet]:
    """So many sheets by answer to `on_time`."""
    return [
        sheet
        for value, count in answers.items()
        for sheet in make_sheets(INSTRUMENT, {(role, place): count}, {"on_time": value})
    ]


# --------------------------------------------------------------------------- shares


def test_half_of_occasions_or_fewer_among_sixteen_managers() -> None:
    """5 of 16, by Wilson's formula with z = 1.95996.

    z^2 = 3.84146; 2x + z^2 = 13.84146; 4x(1 - x/n) = 20 x 0.6875 = 13.75;
    z sqrt(3.84146 + 13.75) = 1.95996 x 4.19422 = 8.22052; 2(n + z^2) = 39.68292.
    Lower (13.84146 - 8.22052) / 39.68292 = 0.14165; upper (13.84146 + 8.22052) / 39.68292 =
    0.55596.
    """
    instrument = read_instrument("discharge_information_flow")
    said = {"always": 4, "most": 4, "over_half": 3, "half_or_fewer": 3, "never": 2}
    sheets = [
        make_sheet(
            instrument,
            role,
            {"came": "yes", "summary_comes": value, "medicines_listed": "most"},
        )
        for value, count in said.items()
        for role, _ in zip(("care_home_manager", "home_care_manager") * 9, range(count))  # noqa: B905
    ]

    everyone = tally(instrument, sheets, "summary_comes")[0]
    share = share_at_or_below(instrument, "summary_comes", everyone, "half_or_fewer")

    assert share is not None
    assert (share.part, share.whole) == (5, 16)
    assert share.value == 0.3125
    assert share.lower == pytest.approx(0.14165, abs=5e-6)
    assert share.upper == pytest.approx(0.55596, abs=5e-6)


def test_answers_without_a_score_count_in_no_share() -> None:
    sheets = answered("nurse", "general", {"always": 2, "half": 4, "unsure": 3})

    everyone = tally(INSTRUMENT, sheets, "on_time")[0]
    share = share_positive(INSTRUMENT, "on_time", everyone)

    assert everyone.answered == 9
    assert everyone.counts == {"always": 2, "often": 0, "half": 4, "never": 0, "unsure": 3}
    assert share is not None
    assert (share.part, share.whole) == (2, 6)


def test_there_is_no_share_of_nobody_or_of_a_hidden_group() -> None:
    unsure = tally(INSTRUMENT, answered("nurse", "general", {"unsure": 6}), "on_time")[0]
    hidden = tally(INSTRUMENT, answered("nurse", "general", {"always": 4}), "on_time")[0]

    assert share_positive(INSTRUMENT, "on_time", unsure) is None
    assert hidden.answered is None
    assert share_positive(INSTRUMENT, "on_time", hidden) is None


def test_several_answers_may_add_up_to_more_than_those_who_answered() -> None:
    sheets = make_sheets(INSTRUMENT, {("nurse", "general"): 6}, {"ways": ("post", "paper")})

    everyone = tally(INSTRUMENT, sheets, "ways")[0]

    assert (everyone.answered, everyone.counts) == (6, {"post": 6, "phone": 0, "paper": 6})


def test_an_organisation_is_listed_though_it_left_the_question_open() -> None:
    sheets = [
        *answered("nurse", "general", {"always": 6}),
        *make_sheets(INSTRUMENT, {("nurse", "royal"): 5}, {}),
    ]

    found = {one.name: one.answered for one in tally(INSTRUMENT, sheets, "on_time")}

    assert (found["general"], found["royal"]) == (6, 0)


def test_a_filter_adds_up_groups_that_are_shown_and_refuses_others() -> None:
    sheets = [
        *answered("nurse", "general", {"always": 5, "half": 1}),
        *answered("social_worker", "council", {"always": 7}),
        *answered("manager", "oak", {"never": 5}),
    ]
    by_kind = {one.name: one for one in tally(INSTRUMENT, sheets, "on_time") if one.axis == "kind"}

    both = combine_results([by_kind["Hospital"], by_kind["Council"]])

    assert both.answered == 13
    assert both.counts == {"always": 12, "often": 0, "half": 1, "never": 0, "unsure": 0}
    with pytest.raises(ParameterError, match="is not shown"):
        combine_results([both, replace(both, name="x", answered=None, counts=None)])
    with pytest.raises(ParameterError, match="each once"):
        combine_results([both, both])
    with pytest.raises(ParameterError, match="at least one"):
        combine_results([])


@pytest.mark.parametrize(
    ("question", "about", "told"),
    [
        ("why", "", "one with answers to choose from"),
        ("nothing", "", "one with answers to choose from"),
        ("trust", "", "asked about 'nothing'"),
        ("on_time", "Council", "asked about 'Council'"),
    ],
)
def test_what_cannot_be_counted(question: str, about: str, told: str) -> None:
    with pytest.raises(ParameterError, match=told):
        tally(INSTRUMENT, [], question, about=about)


def test_a_value_without_a_score_is_no_bound() -> None:
    with pytest.raises(ParameterError, match="with a score"):
        share_at_or_below(INSTRUMENT, "on_time", tally(INSTRUMENT, [], "on_time")[0], "unsure")


# --------------------------------------------------------------------------- matrix


def test_the_matrix_has_missing_pairs() -> None:
    sheets = [
        *make_sheets(INSTRUMENT, {("nurse", "general"): 6}, {"trust": {"Council": "always"}}),
        *make_sheets(INSTRUMENT, {("nurse", "general"): 2}, {"trust": {"Council": "never"}}),
        *make_sheets(INSTRUMENT, {("manager", "oak"): 5}, {"trust": {"Council": "half"}}),
        *make_sheets(
            INSTRUMENT, {("social_worker", "council"): 3}, {"trust": {"Hospital": "half"}}
        ),
    ]

    found = {(one.of, one.about): one.result for one in pair_results(INSTRUMENT, sheets, "trust")}
    shares = {key: share_positive(INSTRUMENT, "trust", one) for key, one in found.items()}

    # Three kinds, each asked about the two others, and each spoken of by all others together.
    assert len(found) == 9
    assert ("Council", "Council") not in found
    hospital, everyone = shares["Hospital", "Council"], shares["", "Council"]
    assert hospital is not None
    assert everyone is not None
    assert (hospital.part, hospital.whole) == (6, 8)
    assert (everyone.part, everyone.whole) == (6, 13)
    assert found["Council", "Hospital"].answered is None
    assert found["", "Hospital"].answered is None
    assert found["Hospital", "Care homes"].answered == 0
    assert shares["Hospital", "Care homes"] is None


# --------------------------------------------------------------------------- response


def test_response_rates_where_respondents_chose_their_role() -> None:
    """Ten links to the general hospital, whoever answers; five to nurses of another."""
    nurses = answered("nurse", "general", {"half": 6})
    others = answered("nurse", "royal", {"half": 5})
    invited = {("", "general"): 10, ("nurse", "royal"): 5}

    found = {
        (one.axis, one.name): (one.invited, one.rate, one.reason)
        for one in response_rates(INSTRUMENT, [*nurses, *others], invited)
    }

    assert found["all", ""] == (15, 11 / 15, "")
    assert found["organisation", "general"] == (10, 0.6, "")
    assert found["organisation", "royal"] == (5, 1.0, "")
    # Whose role the ten would have been, nobody knows.
    assert found["role", "nurse"] == (5, None, CHOSEN)
    assert found["kind", "Hospital"] == (5, None, CHOSEN)


def test_response_rates_where_respondents_chose_their_organisation() -> None:
    nurses = answered("nurse", "general", {"half": 6})
    found = {
        (one.axis, one.name): (one.rate, one.reason)
        for one in response_rates(INSTRUMENT, nurses, {("nurse", ""): 12})
    }
    assert found["role", "nurse"] == (0.5, "")
    assert found["organisation", "general"] == (None, CHOSEN)


def test_response_rates_with_an_open_link() -> None:
    sheets = make_sheets(
        INSTRUMENT,
        {("nurse", "general"): 9, ("social_worker", "council"): 6, ("manager", "oak"): 5},
        {},
    )
    invited = {("nurse", "general"): 12, ("social_worker", "council"): 24, ("carer", "elm"): 10}

    found = {
        (one.axis, one.name): one
        for one in response_rates(INSTRUMENT, sheets, invited, [("manager", "oak")])
    }

    assert found["kind", "Hospital"].rate == 0.75
    assert found["role", "social_worker"].rate == 0.25
    assert found["organisation", "council"].rate == 0.25
    assert (found["role", "carer"].answered, found["role", "carer"].rate) == (0, 0.0)
    assert (found["organisation", "elm"].invited, found["organisation", "elm"].answered) == (10, 0)
    for key in (("all", ""), ("kind", "Care homes"), ("role", "manager"), ("organisation", "oak")):
        assert (found[key].rate, found[key].reason) == (None, OPEN_LINK)
    assert found["all", ""].answered == 20
    assert found["role", "doctor"].reason == NOT_INVITED


def test_there_is_no_rate_above_one_and_none_of_a_hidden_group() -> None:
    sheets = make_sheets(INSTRUMENT, {("nurse", "general"): 9}, {})
    many = response_rates(INSTRUMENT, sheets, {("nurse", "general"): 8})[0]
    few = response_rates(INSTRUMENT, sheets[:3], {("nurse", "general"): 8})[0]

    assert (many.rate, many.reason) == (None, TOO_MANY)
    assert (few.answered, few.rate, few.reason) == (None, None, HIDDEN)


def test_a_role_that_is_not_there_is_refused() -> None:
    with pytest.raises(ParameterError, match="none of the instrument's"):
        response_rates(INSTRUMENT, [], {("porter", "general"): 8})


# --------------------------------------------------------------------------- words


def wrote(role: str, text: str, count: int) -> list[AnswerSheet]:
    return make_sheets(INSTRUMENT, {(role, "x"): count}, {"came": "yes", "why": text})


def test_keyness_by_hand() -> None:
    """10 of 100 words here, 2 of 100 there: 6 and 6 expected, 94 and 94 of the others.

    G2 = 2 (10 ln(10/6) + 2 ln(2/6) + 90 ln(90/94) + 98 ln(98/94))
       = 2 (5.10826 - 2.19722 - 3.91357 + 4.08383) = 6.1626.
    """
    assert keyness(10, 2, 100, 100) == pytest.approx(6.1626, abs=2e-4)
    assert keyness(5, 5, 100, 100) == 0
    assert keyness(5, 0, 100, 0) == 0


def test_words_are_compared_only_above_thirty_comments() -> None:
    thirty = [*wrote("nurse", "beds beds", 15), *wrote("social_worker", "homes homes", 15)]

    told = keywords(INSTRUMENT, thirty, "why", "kind", "Hospital")
    found = keywords(
        INSTRUMENT, [*thirty, *wrote("nurse", "beds Susan", 1)], "why", "kind", "Hospital"
    )

    assert told == "Words are compared only above 30 comments."
    assert not isinstance(found, str)
    # 31 of 32 words here are beds, 30 of 30 there are homes; one comment names Susan.
    assert [(one.word, one.more_in, one.comments) for one in found] == [
        ("homes", "rest", 15),
        ("beds", "group", 16),
    ]
    expected = 2 * (
        31 * math.log(31 / (32 * 31 / 62))
        + 1 * math.log(1 / (32 * 31 / 62))
        + 30 * math.log(30 / (30 * 31 / 62))
    )
    assert found[1].g2 == pytest.approx(expected)


def test_words_of_a_hidden_group_are_not_told() -> None:
    sheets = [*wrote("nurse", "beds", 30), *wrote("social_worker", "homes", 3)]

    assert keywords(INSTRUMENT, sheets, "why", "kind", "Council") == "The group is not shown."
    with pytest.raises(ParameterError, match="There is no kind"):
        keywords(INSTRUMENT, sheets, "why", "kind", "Hospice")


def test_comments_are_shuffled_and_hidden_with_their_group() -> None:
    sheets = [sheet for n in range(40) for sheet in wrote("nurse", f"Comment {n}", 1)]
    sheets += wrote("social_worker", "Ours", 3)

    first, second = (comments_by_group(INSTRUMENT, sheets, "why") for _ in range(2))
    by_name = {one.name: one.texts for one in first}

    assert first[0].texts is not None
    assert second[0].texts is not None
    assert sorted(first[0].texts) == sorted(second[0].texts)
    assert first[0].texts != second[0].texts
    assert by_name["Council"] is None
    assert by_name["Hospital"] is None
    with pytest.raises(ParameterError, match="free text"):
        comments_by_group(INSTRUMENT, sheets, "on_time")
