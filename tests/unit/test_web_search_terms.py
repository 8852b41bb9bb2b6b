"""What somebody searches for, taken apart; and snippets as markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholesystem.web.workspace.search import mark_words
from wholesystem.web.workspace.search_terms import Terms, read_terms


@pytest.mark.parametrize(
    ("typed", "wanted", "unwanted"),
    [
        ("", (), ()),
        ("care", ("care",), ()),
        ("  care   home ", ("care", "home"), ()),
        ('"care home" beds', ("care home", "beds"), ()),
        ("care -hospital", ("care",), ("hospital",)),
        ('care -"care home"', ("care",), ("care home",)),
        ("care care", ("care",), ()),
        ("hand-over", ("hand over",), ()),
        ("31.2%", ("31 2",), ()),
        ("can't", ("can t",), ()),
        ("a_b", ("a b",), ()),
        ('"unclosed phrase', ("unclosed", "phrase"), ()),
        ("* ( ) : ^ NEAR/2", ("NEAR 2",), ()),
        ("🚑 ambulance\x00s", ("ambulance", "s"), ()),
        ("-", (), ()),
        ("שלום", ("שלום",), ()),
    ],
)
def test_words_phrases_and_what_must_not_be_there(
    typed: str, wanted: tuple[str, ...], unwanted: tuple[str, ...]
) -> None:
    assert read_terms(typed) == Terms(wanted, unwanted)


def test_only_the_beginning_of_something_endless_is_searched_for() -> None:
    assert read_terms("x" * 10_000) == Terms(("x" * 500,), (), True)
    many = read_terms(" ".join(f"w{n}" for n in range(50)))
    assert len(many.wanted) == 20
    assert many.is_cut


@given(st.text(max_size=300))
def test_terms_hold_letters_and_digits_alone(typed: str) -> None:
    terms = read_terms(typed)

    for one in (*terms.wanted, *terms.unwanted):
        assert one.replace(" ", "").isalnum() or any(letter.isalnum() for letter in one) or one
        assert not set(one) & set("\"'*():^-\x00\x02\x03<>&")


@pytest.mark.parametrize(
    ("snippet", "markup"),
    [
        ("people \x02wait\x03 here", "people <mark>wait</mark> here"),
        ("<b>\x02wait\x03</b>", "&lt;b&gt;<mark>wait</mark>&lt;/b&gt;"),
        ("\x02wait", "wait"),
        ("wait\x03", "wait"),
        ("\x03wait\x02", "wait"),
        ("\x02\x02wait\x03\x03", "<mark>wait</mark>"),
        ("\x02<script>\x03", "<mark>&lt;script&gt;</mark>"),
    ],
)
def test_a_snippet_is_escaped_and_its_words_marked(snippet: str, markup: str) -> None:
    assert mark_words(snippet) == markup


@given(st.text(alphabet="\x02\x03<>&\"'ab", max_size=40))
def test_marks_are_always_closed_and_nothing_else_is_markup(snippet: str) -> None:
    markup = str(mark_words(snippet))

    assert markup.count("<mark>") == markup.count("</mark>")
    assert "<" not in markup.replace("<mark>", "").replace("</mark>", "")
