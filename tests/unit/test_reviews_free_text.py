"""Words in free text that may name a person: each kind, what is near to it, and no false alarm."""

import re
from collections.abc import Iterator

import pytest

from wholesystem.examples.review import read_example_review
from wholesystem.reviews import find_names
from wholesystem.reviews.free_text import (
    _AFTER_ROLE,
    _FIRST_AFTER,
    _FIRST_AND_LAST,
    _FIRST_BEFORE,
    _PATTERNS,
    _first_names,
)

LONGEST = 20_000


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in find_names(text)]


# --------------------------------------------------------------------------- each kind

SHOWN = [
    ("an NHS number", "943 476 5919"),
    ("an NHS number", "943-476-5919"),
    ("an NHS number", "9434765919"),
    ("an e-mail address", "jo.bloggs+ward@nhs.net"),
    ("an e-mail address", "a@b.uk"),
    ("an e-mail address", "jo_bloggs@mail.council.gov.uk"),
    ("a telephone number", "01865 741166"),
    ("a telephone number", "(01865) 741166"),
    ("a telephone number", "020 7946 0018"),
    ("a telephone number", "07700 900123"),
    ("a telephone number", "07700-900-123"),
    ("a telephone number", "+44 7700 900123"),
    ("a telephone number", "+44 (0)1865 741166"),
    ("a telephone number", "+44 (0) 1865 741166"),
    ("a telephone number", "0044 1865 741166"),
    ("a postcode", "OX3 9DU"),
    ("a postcode", "OX39DU"),
    ("a postcode", "SW1A 1AA"),
    ("a postcode", "M1 1AE"),
    ("a date of birth", "born on 3 May 1932"),
    ("a date of birth", "born 3rd May 1932"),
    ("a date of birth", "DOB: 3/5/1932"),
    ("a date of birth", "D.o.b. 03.05.32"),
    ("a date of birth", "date of birth 1932-05-03"),
    ("a date of birth", "Date of birth: 03-05-1932"),
    ("a person's number", "hospital number 1234567"),
    ("a person's number", "Patient no. X12345"),
    ("a person's number", "case ID: AB1234"),
    ("a person's number", "NHS number: 943 476 5918"),
    ("a person's number", "record no 2017123"),
    ("a name", "Mr Smith"),
    ("a name", "Mrs. O’Brien"),
    ("a name", "Ms Smith-Jones"),
    ("a name", "Dr J Smith"),
    ("a name", "Dr. J. R. Smith"),
    ("a name", "Dr J.R. Smith"),
    ("a name", "Professor Adeyemi"),
    ("a name", "Nurse Okafor"),
    ("a name", "Cllr Hall"),
    ("a name", "Sister\nMurphy"),
    ("a name", "Margaret Jones"),
    ("a name", "Margaret A. Jones"),
    ("a name", "Margaret A Jones"),
    ("a name", "Mohammed Khan"),
    ("a name", "Sister Margaret Jones"),
    ("a name", "Mary Margaret Jones"),
    ("a telephone number", "(020) 7946 0018"),
]


@pytest.mark.parametrize(("kind", "text"), SHOWN, ids=lambda one: one)
@pytest.mark.parametrize("sentence", ["{}", "We heard ({}), twice.", "Later {} came.", "“{}”"])
def test_each_kind_is_found_where_it_stands(kind: str, text: str, sentence: str) -> None:
    whole = sentence.format(text)
    (one,) = find_names(whole)

    assert (one.kind, one.text) == (kind, text)
    assert whole[one.start : one.end] == text
    assert str(one) == f"“{text}” looks like {kind}."


def test_every_kind_is_shown() -> None:
    assert {kind for kind, _ in SHOWN} == set(_PATTERNS)


# --------------------------------------------------------------------------- near misses

NEAR = [
    "943 476 5918",  # the check digit does not pass
    "1943 476 5919", "943 476 59190", "943 476 5919.5", "9,434,765,919",
    "write to nhs.net", "a @ b", "@ward", "jo@", "jo@localhost",
    "0186 5741", "0.1865741166", "12,01865 741166", "018657411661234", "1865 741166",
    "OX3", "A1 and B2", "ox3 9du", "OX3 9DUX", "ABC1 2DE", "OX3 9CU",
    "born in Oxford", "born in 1932", "born on Monday", "reborn 3/5/1932", "3 May 1932",
    "in that case no 2016 figures were given", "unit number 12", "patient notes 12345",
    "casework no 12345", "NHS numbers",
    "Mr", "mr smith", "Dr", "a doctor Smith", "MRS", "the Nurse. Smith said",
    "We met the Matron. She was busy.", "the ward Sister\n\nOxford", "Nurse Consultant",
    "Nurse Practitioners", "Lord Mayor", "Ward Sister Team", "Lady Margaret Hall",
    "Sir Michael Sobell House", "Dr Gray Hospital",
    "Margaret", "margaret jones", "margaret Jones", "Margaret jones", "MARGARET JONES",
    "Margaret. Jones", "Margaret, Jones", "Margaret and Jones", "Xyzzy Jones",
    "Margaret\n\nJones", "John Radcliffe", "John Radcliffe Hospital", "Helen House",
    "Katharine House Hospice", "Margaret Pyke Trust", "Margaret Green Care Home",
    "Margaret Jones Report",
]  # fmt: skip


@pytest.mark.parametrize("text", NEAR)
@pytest.mark.parametrize("sentence", ["{}", "It was {} (so)."])
def test_what_is_near_is_passed_over(text: str, sentence: str) -> None:
    assert found(sentence.format(text)) == []


def test_a_number_of_a_person_needs_a_digit_after_the_word() -> None:
    assert found("The patient number is not known; 12345 is a cost.") == []


def test_a_surname_that_is_a_word_of_places_is_found_after_a_title_alone() -> None:
    assert found("Jane Hall") == []
    assert found("Mrs Hall") == [("a name", "Mrs Hall")]


def test_below_a_name_stands_what_a_person_does_beside_it_a_place() -> None:
    assert found("Margaret Jones\nWard manager") == [("a name", "Margaret Jones")]
    assert found("Margaret Jones Ward") == []


# --------------------------------------------------------------------------- several


def test_several_are_told_in_the_order_of_the_text_and_none_within_another() -> None:
    text = "Dr Margaret Jones (m.jones@nhs.net, 01865 741166) saw NHS number 943 476 5919."

    assert found(text) == [
        ("a name", "Dr Margaret Jones"),
        ("an e-mail address", "m.jones@nhs.net"),
        ("a telephone number", "01865 741166"),
        ("a person's number", "NHS number 943 476 5919"),
    ]


@pytest.mark.parametrize("before", ["Later", "Said", "When", "Ward Sister", "Mary, then"])
def test_a_word_with_a_capital_before_a_name_does_not_hide_it(before: str) -> None:
    assert "Jones" in " ".join(text for _, text in found(f"{before} Margaret Jones left."))


def test_nothing_is_found_in_nothing() -> None:
    assert find_names("") == []
    assert find_names(" \n") == []


def test_first_names_are_single_words_with_one_capital_and_a_source() -> None:
    assert len(_first_names()) > 300
    assert all(re.fullmatch("[A-Z][a-z]+", name) for name in _first_names())


# --------------------------------------------------------------------------- the packaged review


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the packaged review and of its framework that a person could have typed."""
    review = read_example_review().review
    tables = {
        **review.tables(),
        "review": (review.info,),
        "questions": review.framework.questions,
        "prompts": review.framework.prompts,
        "areas": review.framework.areas,
    }
    for name, rows in tables.items():
        for row in rows:
            for column, cell in row.cells().items():
                if " " in cell:
                    yield f"{name}.{column}", cell


def test_no_text_of_the_packaged_review_is_a_false_alarm() -> None:
    told = {(where, one.text) for where, text in texts() for one in find_names(text)}

    assert len(list(texts())) > 850
    assert told == set()


def test_a_name_in_a_text_of_the_packaged_review_would_be_found() -> None:
    _, text = next(texts())

    assert found(f"{text} Margaret Jones said so.") == [("a name", "Margaret Jones")]


# --------------------------------------------------------------------------- hostile texts

# A repetition with no bound. Two of them that may take the same letters, one after the other or
# one in the other, are how the steps of a search come to grow as a square or faster.
_UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d*,\}")
OTHERS = (_AFTER_ROLE, _FIRST_AFTER, _FIRST_AND_LAST, _FIRST_BEFORE)
ALL_PATTERNS = [*_PATTERNS.values(), *(one.pattern for one in OTHERS)]
# What may come after an unbounded repetition: the end of the pattern or of what is looked at; after
# the letters of a word what is no letter; after spaces what is no space.
_AFTER_WORD = re.compile(r"\)*$|\)?\(\?=|\)?\(\?:S\{1,8\}|\)?\(\?P<rest>|\)\\b$")
_AFTER_SPACES = re.compile(r"\(\?:(?:no|:)|\)\?\)")


@pytest.mark.parametrize("pattern", ALL_PATTERNS, ids=lambda one: one[:20])
def test_no_pattern_can_take_steps_that_grow_faster_than_the_text(pattern: str) -> None:
    """By construction: what may repeat without end is followed by what it cannot take itself."""
    plain = re.sub(r"\[[^\]]*\]", "S", pattern)  # sets of letters
    for match in _UNBOUNDED.finditer(plain):
        repeated, rest = plain[match.start() - 1], plain[match.end() :]
        expected = {"S": _AFTER_WORD, "s": _AFTER_SPACES}[repeated]
        assert expected.match(rest), f"an unbounded repetition is followed by {rest[:20]!r}"


@pytest.mark.parametrize(
    "pattern", [r"no\.?\s*:?\s*\d", r"[A-Z][a-z]+\w+", r"(?:[a-z]+)*", r"\s+\s*no", r"\d*5"]
)
def test_a_pattern_of_which_the_steps_grow_as_the_square_would_be_found(pattern: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        test_no_pattern_can_take_steps_that_grow_faster_than_the_text(pattern)


HOSTILE = [
    "NHS number", "Margaret", "Dr", "Dr A.", "Dr J ", "Mr\n", "Mr \n", "a", "A", "Aa ", "é", "0",
    "0 ", "+44", "(0)", "1 ", "1-", "943 476 ", "a@", "a.", "@", ".", "-", "_", "a@b.", "OX3 9",
    "born on ", "born on.", "d.o.b", "patient no ", "patient no:", "Margaret A", "Margaret\n",
    "Margaret ", " ", "\n", "\t", "’", "\N{NO-BREAK SPACE}", "🏥", "Sister Sister ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
@pytest.mark.parametrize("filler", ["", " ", "\n"])
def test_the_longest_hostile_texts_come_to_an_end_and_stand_where_told(
    piece: str, filler: str
) -> None:
    many = (LONGEST // 2) // len(piece)
    text = (piece * many + (filler or piece) * LONGEST)[:LONGEST]
    names = find_names(text)

    assert all(text[one.start : one.end] == one.text for one in names)
    assert all(one.end <= other.start for one, other in zip(names, names[1:], strict=False))


# --------------------------------------------------------------------------- a person spoken of

SPOKEN_OF = [
    ("Her daughter Susan cares for her.", ["Susan"]),
    ("Her daughter, Susan, cares for her.", ["Susan"]),
    ("Margaret told us that she waited.", ["Margaret"]),
    ("A carer called Peter lives with\nBrenda in Witney.", ["Peter", "Brenda"]),
    ("We spoke with chief executive Bruno Holthof.", ["Bruno Holthof"]),
    ("We spoke with the patient Ayo Adeyemi.", ["Ayo Adeyemi"]),
    ("The patient Ann Smith said so.", ["Ann Smith"]),
    ("MRN: 1234567 was read out.", ["MRN: 1234567"]),
]
NOBODY = [
    "The director of Public Health told us.",
    "The manager of Oxford Health said so.",
    "A GP Federation Oxfordshire knows.",
    "A nurse Band Five is needed.",
    "The councillor Oxford City sent.",
    "St John Ambulance came; St. John said so.",
    "Saint Margaret said nothing.",
    "On Florence Nightingale ward nobody waited.",
    "The chief executive Lead Director was away.",
    "Oxfordshire said so. Leaders told us. Staff felt unheard.",
    "It was called Oxford Home First by its leader.",
    "The surgery Margaret Road is near; Margaret Road said no.",
    "The sister on Ward 5 and the son of a resident.",
]


@pytest.mark.parametrize(("text", "names"), SPOKEN_OF, ids=lambda one: str(one)[:30])
def test_names_where_a_person_is_spoken_of(text: str, names: list[str]) -> None:
    assert [one.text for one in find_names(text)] == names


@pytest.mark.parametrize("text", NOBODY, ids=lambda one: one[:30])
def test_roles_saints_and_wards_name_nobody(text: str) -> None:
    assert found(text) == []
