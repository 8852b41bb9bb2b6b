"""Themes: coded by hand, counted where groups are shown; suggested above 30 comments."""

from __future__ import annotations

import pytest

from tests.helpers.feedback import make_instrument, make_sheets
from wholesystem.errors import TableError
from wholesystem.reviews.feedback import (
    Coding,
    CommentTheme,
    Results,
    comment_id,
    count_themes,
    keyness,
    make_results,
    suggest_themes,
)

INSTRUMENT = make_instrument()
BEDS = CommentTheme(theme="beds", label="Beds", kloe="safe")
LETTERS = CommentTheme(theme="letters", label="Letters")


def results_of(counts: dict[tuple[str, str, str], int]) -> Results:
    sheets = [
        sheet
        for (role, place, text), count in counts.items()
        for sheet in make_sheets(INSTRUMENT, {(role, place): count}, {"came": "yes", "why": text})
    ]
    return make_results(INSTRUMENT, sheets)


def coding(text: str, theme: str = "beds", question: str = "why") -> Coding:
    return Coding(question=question, comment=comment_id(question, text), theme=theme)


def test_a_theme_is_counted_for_groups_that_are_shown() -> None:
    results = results_of(
        {
            ("manager", "oak", "No bed"): 3,
            ("manager", "oak", "All well"): 4,
            ("nurse", "general", "No bed"): 6,
            ("doctor", "general", "Beds"): 2,
        }
    )

    counts = count_themes(results, [BEDS, LETTERS], [coding("No bed"), coding("Beds")])

    found = {(one.theme, one.axis, one.name): one.comments for one in counts}
    assert found["beds", "all", ""] == 11
    assert found["beds", "kind", "Care homes"] == 3
    assert found["beds", "role", "manager"] == 3
    assert found["beds", "kind", "Hospital"] == 8
    # Two doctors are few, and nurses guard them.
    assert found["beds", "role", "nurse"] is found["beds", "role", "doctor"] is None
    assert found["letters", "all", ""] == 0


def test_nothing_is_counted_of_four_comments() -> None:
    results = results_of({("nurse", "general", "No bed"): 4})

    counts = count_themes(results, [BEDS], [coding("No bed")])

    assert {one.comments for one in counts} == {None}


def test_a_coding_of_a_comment_that_is_not_shown_counts_nothing() -> None:
    results = results_of({("nurse", "general", "No bed"): 5})

    counts = count_themes(results, [BEDS], [coding("As it was before it was cleared")])

    assert {one.comments for one in counts if one.axis == "all"} == {0}


def test_every_coding_of_no_theme_or_question_is_told() -> None:
    results = results_of({("nurse", "general", "No bed"): 5})

    with pytest.raises(TableError) as told:
        count_themes(results, [BEDS], [coding("a", "bedz"), coding("b", "beds", "wy")])

    assert [one.where for one in told.value.faults] == ["coding 1, theme", "coding 2, question"]
    assert "Did you mean beds?" in str(told.value)


def test_words_that_stand_together_suggest_a_theme() -> None:
    """By hand: *discharge* and *letter* stand in the same 12 of 36 comments and in no other.

    G2 = 2 (12 ln(12 / 4) + 24 ln(24 / 16)) = 2 (13.1833 + 9.7312) = 45.829. *Late* stands in all
    36, so with either of them no more than by chance.
    """
    results = results_of(
        {
            ("nurse", "general", "The discharge letter was late"): 12,
            ("nurse", "general", "Nobody called and it was late"): 12,
            ("manager", "oak", "The van was late"): 12,
        }
    )

    (why,) = results.comments
    found = suggest_themes(why)

    assert keyness(12, 0, 12, 24) == pytest.approx(45.829, abs=1e-3)
    assert not isinstance(found, str)
    assert [(set(one.words), one.comments) for one in found] == [({"discharge", "letter"}, 12)]


def test_a_theme_grows_only_by_words_that_belong_with_all_of_it() -> None:
    results = results_of(
        {
            ("nurse", "general", "discharge letter medicines"): 12,
            ("nurse", "general", "medicines pharmacy"): 12,
            ("manager", "oak", "transport"): 24,
        }
    )

    (why,) = results.comments
    found = suggest_themes(why)

    assert not isinstance(found, str)
    groups = [set(one.words) for one in found]
    assert {"discharge", "letter"} in [one & {"discharge", "letter"} for one in groups]
    assert not any({"pharmacy", "discharge"} <= one for one in groups)


def test_a_word_of_four_comments_is_in_no_theme() -> None:
    results = results_of(
        {
            ("nurse", "general", "Ask Beatrix Quill"): 4,
            ("nurse", "general", "discharge letter"): 15,
            ("manager", "oak", "transport"): 15,
        }
    )

    (why,) = results.comments
    assert "quill" not in repr(suggest_themes(why))
    assert "letter" in repr(suggest_themes(why))


@pytest.mark.parametrize(("count", "is_told"), [(30, True), (31, False)])
def test_themes_are_suggested_above_thirty_comments(count: int, is_told: bool) -> None:
    (why,) = results_of({("nurse", "general", "late letter"): count}).comments

    assert (suggest_themes(why) == "Themes are suggested only above 30 comments.") is is_told


def test_function_words_alone_suggest_nothing() -> None:
    (why,) = results_of({("nurse", "general", "it is what it is"): 40}).comments

    assert suggest_themes(why) == ()
