"""What changed between two texts, word by word."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholesystem.web.workspace.differences import Change, word_changes

words = st.lists(st.sampled_from(["people", "wait", " ", "\n", "for", "🚑", "care.", "\t"])).map(
    "".join
)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("", "People wait.", [("new", "People wait.")]),
        ("People wait.", "", [("old", "People wait.")]),
        ("People wait.", "People wait.", [("same", "People wait.")]),
        (
            "People wait for care.",
            "People wait long for care.",
            [("same", "People wait"), ("new", " long"), ("same", " for care.")],
        ),
        (
            "Few people wait.",
            "Many people wait.",
            [("old", "Few"), ("new", "Many"), ("same", " people wait.")],
        ),
    ],
)
def test_words_taken_out_and_put_in_are_told(
    before: str, after: str, expected: list[tuple[str, str]]
) -> None:
    assert word_changes(before, after) == [Change(*one) for one in expected]


@given(before=st.one_of(words, st.text()), after=st.one_of(words, st.text()))
def test_both_texts_can_be_read_out_of_what_changed(before: str, after: str) -> None:
    changes = word_changes(before, after)

    assert "".join(one.text for one in changes if one.what != "new") == before
    assert "".join(one.text for one in changes if one.what != "old") == after
    assert all(one.text for one in changes)


def test_two_long_texts_with_nothing_in_common_take_no_time() -> None:
    before = " ".join(f"a{n}" for n in range(3_000))
    after = " ".join(f"b{n}" for n in range(3_000))
    start = time.perf_counter()

    assert [one.what for one in word_changes(before, after)] == ["old", "new"]
    assert time.perf_counter() - start < 0.5
