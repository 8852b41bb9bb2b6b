"""Counts over any reviews: they fit each other, and do not depend on the order of reviews."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.any_review import KLOES, reviews
from wholesystem.reviews.programme import Programme, ProgrammeSummary, summarise
from wholesystem.reviews.programme.records import (
    DIRECTIONS,
    ProgrammeArea,
    ProgrammeInfo,
    Theme,
    ThemeRule,
)

CODES = ("E10000025", "E10000006", "E06000014")
ON = date(2018, 6, 1)
THEMES = tuple(
    Theme(theme=name, label=name, meaning=name, order=at, source="made up")
    for at, name in enumerate(("one", "two"), start=1)
)
RULES = st.lists(
    st.builds(
        lambda at, theme, puts, kloe, words: ThemeRule(
            rule=f"T{at}", theme=theme, puts=puts, kloe=kloe, words=words, source="made up"
        ),
        st.integers(0, 10**6),
        st.sampled_from(["one", "two"]),
        st.sampled_from(["in", "in", "out"]),
        st.lists(st.sampled_from(KLOES), min_size=1, max_size=3, unique=True).map(tuple),
        st.sampled_from(["", "", "a*", "b"]),
    ),
    max_size=5,
).map(tuple)


@st.composite
def programmes(draw: Any) -> tuple[Programme, list[Any]]:
    """Up to four reviews of three areas, with any rules."""
    found = []
    for at in range(draw(st.integers(0, 4))):
        review = draw(reviews(histories=False))
        code = draw(st.sampled_from(CODES))
        named = {"review": f"r{at}", "area_code": code, "area": code}
        found.append(replace(review, info=review.info.model_copy(update=named)))
    areas = tuple(ProgrammeArea(area_code=x, area=x, source="made up") for x in CODES)
    info = ProgrammeInfo(programme="made", name="Made", source="made up")
    return Programme(info, areas, THEMES, draw(RULES)), found


def contents(summary: ProgrammeSummary, *names: str) -> list[Any]:
    return [sorted(map(str, summary.table(name).rows)) for name in names]


@settings(max_examples=15, deadline=None)
@given(programmes())
def test_counts_fit_each_other(made: tuple[Programme, list[Any]]) -> None:
    programme, given_reviews = made
    summary = summarise(programme, reviews=given_reviews, on=ON)
    read = {one.info.area_code for one in given_reviews}

    for count in summary.themes:
        areas = count.areas
        found = set(areas.found)
        assert found == {code for word in DIRECTIONS for code in areas.by_direction[word]}
        assert found | set(areas.open_only) <= set(areas.looked) <= read
        assert not found & set(areas.open_only)
        assert areas.read == len(read)
        confirmed = {one.area_code for one, _ in count.findings if one.is_confirmed}
        assert confirmed == found
    for row in summary.table("questions").records():
        assert row["areas_found"] <= row["areas_that_looked"] <= row["areas_read"]  # type: ignore[operator]


@settings(max_examples=15, deadline=None)
@given(programmes())
def test_every_finding_is_somewhere_once(made: tuple[Programme, list[Any]]) -> None:
    programme, given_reviews = made
    summary = summarise(programme, reviews=given_reviews, on=ON)
    standing = {
        (review.info.review, one.finding)
        for review in given_reviews
        for one in review.findings
        if one.status != "withdrawn"
    }

    under = {(row["review"], row["finding"]) for row in summary.table("theme_findings").records()}
    none = {
        (row["review"], row["finding"]) for row in summary.table("findings_without_theme").records()
    }
    assert under | none == standing
    assert not under & none
    known = {(review.info.review, one.evidence) for review in given_reviews
             for one in review.evidence if review.is_current(one)}  # fmt: skip
    assert {(row["review"], row["evidence"]) for row in
            summary.table("finding_evidence").records()} <= known  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(programmes(), st.randoms(use_true_random=False))
def test_the_order_of_reviews_changes_nothing(
    made: tuple[Programme, list[Any]], random: Any
) -> None:
    programme, given_reviews = made
    turned = list(given_reviews)
    random.shuffle(turned)
    names = ("status", "questions", "theme_findings", "good_practice", "areas_for_improvement")

    one = summarise(programme, reviews=given_reviews, on=ON)
    other = summarise(programme, reviews=turned, on=ON)

    assert contents(one, *names) == contents(other, *names)
    assert [x.areas.by_direction for x in one.themes] == [
        x.areas.by_direction for x in other.themes
    ]


@settings(max_examples=15, deadline=None)
@given(programmes())
def test_another_review_never_takes_an_area_away(made: tuple[Programme, list[Any]]) -> None:
    programme, given_reviews = made
    before = summarise(programme, reviews=given_reviews[:-1], on=ON)
    after = summarise(programme, reviews=given_reviews, on=ON)

    for fewer, more in zip(before.themes, after.themes, strict=True):
        assert set(fewer.areas.found) <= set(more.areas.found)
        assert set(fewer.areas.looked) <= set(more.areas.looked)
