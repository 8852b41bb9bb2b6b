"""Finding a question from a few letters."""

import pytest

from tests.helpers.reviews import make_framework, make_question
from wholesystem.reviews import find_questions
from wholesystem.reviews.framework import Framework, Prompt
from wholesystem.reviews.frameworks import packaged_frameworks, read_framework
from wholesystem.reviews.search import best_questions

OURS = make_framework(
    (
        make_question("crisis_safe", area="crisis", name="Crisis: safe", asks="Are people safe?"),
        make_question("crisis_responsive", area="crisis", name="Crisis: responsive", order=2),
        make_question("step_down_safe", area="step_down", name="Step down: safe", order=3),
        make_question("step_down_responsive", area="step_down", name="Leaving in time", order=4),
        make_question("money", area="money", name="Use of resources", order=5,
                      asks="Is money shared, in a crisis too?"),
    ),
    (
        Prompt(prompt="p1", kloe="crisis_safe", text="How long do ambulances wait?", source="x"),
        Prompt(prompt="p2", kloe="money", text="Look at the budget.", source="x"),
    ),
)  # fmt: skip


def found(text: str, limit: int = 10, framework: Framework = OURS) -> list[str]:
    return [one.kloe for one in find_questions(framework, text, limit)]


def best(text: str) -> list[str]:
    return [one.kloe for one in best_questions(OURS, text)]


@pytest.mark.parametrize(
    ("text", "kloes"),
    [
        # Beginnings of words of an id, in any order and case.
        # The resources of money and the crisis in what it asks fit too, and less well.
        ("cr res", ["crisis_responsive", "money"]),
        ("res cr", ["crisis_responsive", "money"]),
        ("CR RES", ["crisis_responsive", "money"]),
        ("  cr ,, res. ", ["crisis_responsive", "money"]),
        ("cr resp", ["crisis_responsive"]),
        ("safe", ["crisis_safe", "step_down_safe"]),
        # An area's first letters.
        ("sd safe", ["step_down_safe"]),
        ("sd", ["step_down_safe", "step_down_responsive"]),
        # A name, and what is asked or prompted.
        ("leaving", ["step_down_responsive"]),
        ("resources", ["money"]),
        ("ambul", ["crisis_safe"]),
        ("budget", ["money"]),
        # In the id before the name before elsewhere: money's text alone has the word crisis.
        ("cri", ["crisis_safe", "crisis_responsive", "money"]),
        # The middle of a word does not fit: it is forgiven as a mistake for a whole one.
        ("isis", ["crisis_safe", "crisis_responsive", "money"]),
        ("spons", ["crisis_responsive", "step_down_responsive"]),
        ("nsi", []),  # and this is near to no word
        # Every word must be found.
        ("crisis budget", ["money"]),
    ],
)
def test_what_is_found_from_a_few_letters(text: str, kloes: list[str]) -> None:
    assert found(text) == kloes


@pytest.mark.parametrize("text", ["crisis_safe", "Crisis_Safe", "crisis safe", "crisis-safe"])
def test_a_whole_id_comes_first(text: str) -> None:
    assert found(text)[0] == "crisis_safe"
    assert best(text) == ["crisis_safe"]


@pytest.mark.parametrize(
    ("text", "kloe"),
    [
        ("crisis repsonsive", "crisis_responsive"),
        ("stpe down safe", "step_down_safe"),
        ("resorces", "money"),
        ("LEAVNIG", "step_down_responsive"),
    ],
)
def test_small_mistakes_are_forgiven(text: str, kloe: str) -> None:
    assert found(text) == [kloe]


def test_a_mistake_is_not_looked_for_where_something_fits() -> None:
    """`use` is near to what is asked of others; that it begins a word of one name is enough."""
    assert found("use") == ["money"]
    assert found("usee") == ["money"]


@pytest.mark.parametrize("text", ["", " ", "___", "?!", "zzzzzzzz", "safe zzzzzzzz", "\x00"])
def test_nothing_is_found_for_nothing(text: str) -> None:
    assert found(text) == []
    assert best(text) == []


def test_at_most_so_many_are_told() -> None:
    assert [len(found("cri", limit=limit)) for limit in (0, 1, 2, 3, 9)] == [0, 1, 2, 3, 3]


def test_the_best_are_those_that_fit_equally_well() -> None:
    assert best("cri") == ["crisis_safe", "crisis_responsive"]
    assert best("safe") == ["crisis_safe", "step_down_safe"]
    assert best("leaving") == ["step_down_responsive"]


def test_a_question_ranks_by_the_word_that_fits_it_worst() -> None:
    first = make_question("money", asks="Is the budget shared?")
    second = make_question("plans", name="Money and its budget", order=2)
    framework = make_framework((first, second))

    assert found("money", framework=framework) == ["money", "plans"]
    assert found("money budget", framework=framework) == ["plans", "money"]
    assert best_questions(framework, "money budget") == (second,)


def test_letters_of_any_script_are_words() -> None:
    framework = make_framework((make_question("q1", name="Prüfung der Pflege"),))

    assert found("prü pfl", framework=framework) == ["q1"]
    assert found("PRÜFUNG", framework=framework) == ["q1"]


def test_a_very_long_text_is_looked_for_too() -> None:
    assert found("crisis " * 1_000) == ["crisis_safe", "crisis_responsive", "money"]


@pytest.mark.parametrize("name", packaged_frameworks())
def test_each_question_of_a_packaged_framework_is_found_by_its_id_and_name(name: str) -> None:
    framework = read_framework(name)
    for question in framework.questions:
        assert found(question.kloe, 1, framework) == [question.kloe]
        assert question in best_questions(framework, question.kloe)
        assert question in find_questions(framework, question.name, 100)
