"""A document's text in numbered lines and parts, what is quoted marked; codes of a few letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.workspace import small_framework
from wholesystem.web.workspace import document_text
from wholesystem.web.workspace.coding import question_groups, read_codes
from wholesystem.web.workspace.document_text import Mark, Text

LETTERS = st.text(alphabet="ab \n🚑é", max_size=120)


def shown(text: Text) -> dict[int, str]:
    """Text of each line that is shown, by its number."""
    return {
        line.number: "".join(piece.text for piece in line.pieces)
        for part in range(1, len(text.parts) + 1)
        for block in text.blocks(part)
        for line in block
    }


@given(LETTERS)
def test_every_line_with_letters_is_shown_once_under_its_number(text: str) -> None:
    lines = text.split("\n")

    assert shown(Text(text)) == {
        number: line for number, line in enumerate(lines, start=1) if line.strip()
    }


@given(LETTERS, st.lists(st.tuples(st.integers(0, 120), st.integers(1, 40)), max_size=6))
def test_marks_change_no_letter_and_cover_what_they_quote(
    text: str, spans: list[tuple[int, int]]
) -> None:
    marks = [
        Mark(start, min(start + length, len(text)), f"E{at}")
        for at, (start, length) in enumerate(spans)
        if start < len(text)
    ]
    found = Text(text, marks)

    assert shown(found) == shown(Text(text))
    covered = {at for one in marks for at in range(one.start, one.end)}
    for block in found.blocks(1):
        for line in block:
            at = line.start
            for piece in line.pieces:
                assert piece.is_marked == (at in covered)
                at += len(piece.text)


def test_a_mark_ends_with_the_evidence_that_it_is_of() -> None:
    text = Text("One two three", [Mark(0, 7, "E001"), Mark(4, 7, "E002")])

    (line,) = next(text.blocks(1))

    assert [(one.text, one.ends) for one in line.pieces] == [
        ("One ", ()),
        ("two", ("E001", "E002")),
        (" three", ()),
    ]


def test_blank_lines_part_paragraphs() -> None:
    blocks = list(Text("a\nb\n\n \nc").blocks(1))

    assert [[line.number for line in block] for block in blocks] == [[1, 2], [5]]


@given(LETTERS, st.integers(0, 130))
def test_a_character_stands_in_the_line_that_the_line_ends_say(text: str, at: int) -> None:
    at = min(at, len(text))

    assert Text(text).line_of(at) == text.count("\n", 0, at) + 1


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(1, 1, "one"), (1, 3, "one \n\n two"), (2, 2, None), (3, 4, None), (0, 1, None), (3, 2, None)],
)
def test_lines_are_quoted_without_the_space_around_them(
    first: int, last: int, words: str | None
) -> None:
    text = Text("  one \n\n two")
    span = text.span_of(first, last)

    assert (text.text[slice(*span)] if span else None) == words


def test_a_long_text_is_parted_and_every_line_finds_its_part() -> None:
    text = Text("\n".join(f"line {n}" for n in range(1, 1001)))

    assert text.parts == [0, 400, 800]
    assert [text.part_of(line) for line in (1, 400, 401, 1000)] == [1, 1, 2, 3]


def test_an_endless_line_is_broken_where_it_has_a_space() -> None:
    text = "word " * 20_000
    found = Text(text)
    lines = shown(found)

    assert max(map(len, lines.values())) <= document_text.LONGEST_LINE
    assert "".join(lines.values()).rstrip() == text.rstrip()
    assert all(one.startswith("word") for one in lines.values())


def test_without_a_space_it_is_broken_anywhere() -> None:
    lines = shown(Text("x" * 12_000))

    assert "".join(lines.values()) == "x" * 12_000


def test_a_passage_is_shown_with_whole_words_around_it() -> None:
    text = Text("alpha beta gamma delta epsilon zeta")

    assert text.around(11, 16, 9) == ("…beta ", "gamma", " delta …")
    assert text.around(0, 35) == ("", text.text, "")


# --------------------------------------------------------------------------- codes


@pytest.mark.parametrize(
    ("typed", "kloe"),
    [
        ("cr res", ("crisis_responsive",)),
        ("cr res, sd safe", ("crisis_responsive", "step_down_safe")),
        ("crisis_safe; crisis_safe", ("crisis_safe",)),
        (" , ;", ()),
        ("CR  RES", ("crisis_responsive",)),
    ],
)
def test_a_few_letters_mean_a_question(typed: str, kloe: tuple[str, ...]) -> None:
    found = read_codes(small_framework(), typed)

    assert (found.kloe, found.unclear, found.unknown) == (kloe, (), ())


def test_what_is_unclear_is_settled_by_a_choice() -> None:
    framework = small_framework()

    assert [words for words, _ in read_codes(framework, "cr").unclear] == ["cr"]
    assert [one.kloe for one in read_codes(framework, "cr, crisis").offered] == [
        "crisis_safe",
        "crisis_responsive",
    ]
    assert read_codes(framework, "cr", ["crisis_safe"]).unclear == ()
    assert read_codes(framework, "zzzz").unknown == ("zzzz",)


@given(st.text(max_size=200))
def test_nothing_that_is_typed_breaks_the_codes(typed: str) -> None:
    found = read_codes(small_framework(), typed)

    assert set(found.kloe) <= {one.kloe for one in small_framework().questions}


def test_questions_are_grouped_in_the_order_of_the_framework() -> None:
    groups = question_groups(small_framework())

    assert [one.name for one in groups] == ["Crisis", "Step down"]
    assert [one.kloe for one in groups[0].questions] == ["crisis_safe", "crisis_responsive"]
