"""Two rounds of an audit compared, on a small instrument; intervals from Newcombe's paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.helpers.feedback import make_instrument, make_sheets
from wholesystem.errors import ParameterError
from wholesystem.reviews.feedback import AnswerSheet, Instrument, tally
from wholesystem.reviews.follow_up import (
    AuditRound,
    RepeatedAudit,
    RepeatedShare,
    compare_rounds,
)

INSTRUMENT = make_instrument(organisation="no")


def sheets(
    counts: Mapping[str, tuple[int, int]], instrument: Instrument = INSTRUMENT
) -> tuple[AnswerSheet, ...]:
    """By role so many who say that it is often on time, and so many who say never."""
    return tuple(
        sheet
        for role, (often, never) in counts.items()
        for many, value in ((often, "often"), (never, "never"))
        for sheet in make_sheets(instrument, {(role, ""): many}, {"on_time": value})
    )


def rounds(
    first: Mapping[str, tuple[int, int]], second: Mapping[str, tuple[int, int]]
) -> RepeatedAudit:
    return compare_rounds(
        AuditRound("2017", INSTRUMENT, sheets(first), date(2017, 11, 30)),
        AuditRound("2018", INSTRUMENT, sheets(second), date(2018, 11, 30)),
    )


def row(found: RepeatedAudit, name: str = "", question: str = "on_time") -> RepeatedShare:
    (one,) = [one for one in found.rows if (one.question, one.name) == (question, name)]
    return one


def test_the_interval_is_newcombes() -> None:
    """Newcombe (1998), example (a): 56 of 70 less 48 of 80 is 0.2, from 0.0524 to 0.3339."""
    found = row(rounds({"nurse": (48, 32)}, {"nurse": (56, 14)}))

    assert found.interval is not None
    assert found.difference == pytest.approx(0.2)
    assert found.interval.lower == pytest.approx(0.0524, abs=5e-5)
    assert found.interval.upper == pytest.approx(0.3339, abs=5e-5)
    assert found.change == "higher"
    assert found.words == (
        "60% (48 of 80) then, 80% (56 of 70) now: +20 points (+5 to +33), higher."
    )


def test_the_other_way_round_it_is_lower() -> None:
    found = row(rounds({"nurse": (56, 14)}, {"nurse": (48, 32)}))

    assert found.change == "lower"
    assert found.difference == pytest.approx(-0.2)


def test_a_small_change_is_no_clear_change() -> None:
    found = row(rounds({"nurse": (10, 10)}, {"nurse": (11, 9)}))

    assert found.change == "no clear change"
    assert "no clear change." in found.words


def test_a_group_that_is_hidden_once_is_hidden_twice() -> None:
    """Four carers answered in 2017; the managers guard them, then and now."""
    found = rounds(
        {"carer": (2, 2), "manager": (5, 5), "nurse": (6, 4), "social_worker": (5, 5)},
        {"carer": (20, 5), "manager": (5, 5), "nurse": (6, 4), "social_worker": (5, 5)},
    )

    for name in ("carer", "manager"):
        hidden = row(found, name)
        assert (hidden.first, hidden.second, hidden.interval) == (None, None, None)
        assert (hidden.difference, hidden.change, hidden.words) == (None, "", "")
    assert row(found, "Care homes").first is not None
    assert row(found, "nurse").difference == pytest.approx(0.0)


def test_what_is_shown_is_what_both_rounds_show() -> None:
    first = {"carer": (2, 2), "nurse": (6, 4), "doctor": (1, 1), "social_worker": (5, 5)}
    second = {"carer": (7, 2), "nurse": (6, 4), "doctor": (6, 1), "social_worker": (1, 1)}
    found = rounds(first, second)
    shown = [
        {one.name for one in tally(INSTRUMENT, sheets(each), "on_time") if one.answered is not None}
        for each in (first, second)
    ]

    assert {one.name for one in found.rows if one.question == "on_time" and one.first} <= (
        shown[0] & shown[1]
    )


def test_the_mix_of_who_answered() -> None:
    found = rounds(
        {"nurse": (6, 4), "social_worker": (2, 2), "carer": (9, 0)},
        {"nurse": (9, 4), "social_worker": (20, 2), "carer": (9, 9)},
    )
    mix = {kind: (then, now) for kind, then, now in found.mix}

    # The council was small in 2017, and care homes, the next smallest, guard it.
    assert mix == {"Care homes": (None, None), "Council": (None, None), "Hospital": (10, 13)}


def test_cautions_count_what_chance_would_show() -> None:
    found = rounds({"nurse": (48, 32)}, {"nurse": (56, 14)})

    # All, the hospital and its nurses.
    assert "3 changes are shown and 3 are clear" in found.cautions[2]
    assert "about 0.2 would look clear" in found.cautions[2]


# --------------------------------------------------------------------------- what was changed


def changed(question: str, **changes: Any) -> Instrument:
    questions = tuple(
        one.model_copy(update=changes) if one.question == question else one
        for one in INSTRUMENT.questions
    )
    return replace(INSTRUMENT, questions=questions)


def rescaled(**changes: Any) -> Instrument:
    scales = tuple(
        one.model_copy(update=changes) if (one.scale, one.value) == ("often", "half") else one
        for one in INSTRUMENT.scales
    )
    return replace(INSTRUMENT, scales=scales)


@pytest.mark.parametrize(
    ("instrument", "why"),
    [
        (changed("on_time", text="Is it on time?"), "its wording was changed"),
        (changed("on_time", hint="Think of last week."), "its hint was changed"),
        (changed("on_time", kind="single"), "it is asked in another way"),
        (rescaled(label="About half of the time"), "its answers were changed"),
        (rescaled(positive="yes"), "its answers were changed"),
        (rescaled(score=2.5), "its answers were changed"),
        (changed("on_time", shown_if="kind=Hospital"), "it is asked of others"),
        (
            replace(
                INSTRUMENT,
                questions=tuple(one for one in INSTRUMENT.questions if one.question != "on_time"),
            ),
            "it was not asked in the second round",
        ),
    ],
)
def test_a_question_that_was_changed_is_listed_and_not_compared(
    instrument: Instrument, why: str
) -> None:
    first = AuditRound("2017", INSTRUMENT, sheets({"nurse": (6, 4)}), date(2017, 11, 30))
    found = compare_rounds(first, AuditRound("2018", instrument, (), date(2018, 11, 30)))

    assert dict(found.not_compared)["on_time"] == why
    assert "on_time" not in {one.question for one in found.rows}


def test_spaces_and_the_place_in_the_order_are_no_change() -> None:
    second = changed("on_time", text=" on_time? ", page=3, order=9)
    found = compare_rounds(
        AuditRound("2017", INSTRUMENT, sheets({"nurse": (6, 4)}), date(2017, 11, 30)),
        AuditRound("2018", second, sheets({"nurse": (6, 4)}, second), date(2018, 11, 30)),
    )

    assert row(found).difference == 0


def test_what_has_no_one_share_is_listed_with_why() -> None:
    found = dict(rounds({"nurse": (6, 4)}, {"nurse": (6, 4)}).not_compared)

    assert found == {
        "came": "none of its answers is positive",
        "ways": "several answers may be chosen, so there is no one share",
        "why": "it is answered in words",
    }


def test_pairs_are_compared_pair_by_pair() -> None:
    def trusting(value: str) -> tuple[AnswerSheet, ...]:
        answers = {"trust": {"Council": value, "Care homes": "often"}}
        return tuple(make_sheets(INSTRUMENT, {("nurse", ""): 20}, answers))

    found = compare_rounds(
        AuditRound("2017", INSTRUMENT, trusting("never"), date(2017, 11, 30)),
        AuditRound("2018", INSTRUMENT, trusting("often"), date(2018, 11, 30)),
    )
    of_all = {one.about: one for one in found.rows if one.question == "trust" and not one.name}

    assert of_all["Council"].difference == 1
    assert of_all["Care homes"].difference == 0
    # Nobody was asked about their own.
    assert of_all["Hospital"].difference is None


def test_a_role_that_means_another_thing_is_left_out() -> None:
    roles = tuple(
        one.model_copy(update={"label": "Ward nurse"}) if one.role == "nurse" else one
        for one in INSTRUMENT.roles
    )
    second = replace(INSTRUMENT, roles=roles)
    found = compare_rounds(
        AuditRound("2017", INSTRUMENT, sheets({"nurse": (6, 4)}), date(2017, 11, 30)),
        AuditRound("2018", second, sheets({"nurse": (6, 4)}, second), date(2018, 11, 30)),
    )

    assert "nurse" not in {one.name for one in found.rows}
    assert row(found, "Hospital").difference == 0


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        ((None, date(2018, 1, 1)), "first is still open."),
        ((date(2018, 1, 1), None), "second is still open."),
        ((date(2018, 1, 2), date(2018, 1, 1)), "second closed before first."),
    ],
)
def test_rounds_that_are_open_or_in_the_wrong_order_are_refused(
    closed: tuple[date | None, date | None], said: str
) -> None:
    with pytest.raises(ParameterError, match=said):
        compare_rounds(
            AuditRound("first", INSTRUMENT, (), closed[0]),
            AuditRound("second", INSTRUMENT, (), closed[1]),
        )
