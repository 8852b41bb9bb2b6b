"""Words in free text that may name a person or hold their number, to be warned of before saving.

Nothing is changed and nothing is refused: names of hospitals, streets and reports look like names
of people, so a person decides. What is warned of is listed in the documentation.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["NameWarning", "find_names"]


@dataclass(frozen=True)
class NameWarning:
    """Something that may name a person.

    Parameters
    ----------
    kind : str
        What it looks like, in words: ``a name``, ``an NHS number``.
    start, end : int
        Characters of the text, from 0, the end not included.
    text : str
        What stands there.
    """

    kind: str
    start: int
    end: int
    text: str

    def __str__(self) -> str:
        """As a page says it."""
        return f"“{self.text}” looks like {self.kind}."


# Between the words of a name: spaces, and at most one line end. Bounded, as every repetition here
# that another could follow, so that the steps grow as the text does.
_GAP = r"(?:[^\S\n]{1,8}|[^\S\n]{0,8}\n[^\S\n]{0,8})"
# A full stop after a whole word ends a sentence: "We met the Matron. She said so."
_TITLES = (
    r"\b(?:(?:Mr|Mrs|Ms|Mx|Dr|Prof|Cllr|Rev)\.?|Miss|Doctor|Professor|Sir|Dame|Lord|Lady|Councillor"
    r"|Nurse|Sister|Matron|Reverend)"
    rf"{_GAP}(?:[A-Z](?:\.{_GAP}?|{_GAP})){{0,3}}(?P<name>[A-Z][\w’'-]+)"
)
# What follows a title that is a role's, not a person's.
_ROLE_WORDS = frozenset(
    "Advisor Adviser Associate Board Consultant Director Executive Lead Led Manager Mayor"
    " Practitioner Prescriber Specialist Team Ward".split()
)
# A name followed by one of these, at most two words on, is that of a place or organisation.
_PLACE_WORDS = frozenset(
    "Academy Ambulance Avenue Band Care Centre Charity Church City Clinic Close College Community"
    " Council County Court Federation Foundation Group Hall Health Home Homes Hospice Hospital"
    " House Infirmary Institute Lane Local Lodge National Park Partnership Place Practice Public"
    " Radcliffe Report Review Road Royal School Service Services Society Street Surgery Team Trust"
    " Unit University Ward Way".split()
)
# Of these also with a small letter: "Florence Nightingale ward".
_SMALL_PLACE = re.compile(
    r"[^\S\n]+(?:centre|clinic|hospice|hospital|practice|surgery|unit|ward)\b"
)
_NUMBER_WORDS = (
    r"(?i:\b(?:(?:hospital|patient|unit|case|client|record|NHS|MRN|carer)\s*(?:no|number|id)|MRN)"
    r"\b\.?\s*(?::\s*)?)"
)
_DATE = (
    r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)?[/.\- ](?:\d{1,2}|[A-Z][a-z]{2,8})[/.\- ]"
    r"(?:\d{4}|\d{2}))\b"
)

_PATTERNS: Mapping[str, str] = {
    "an e-mail address": r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",
    "an NHS number": r"(?<![\d.,])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d]|[.,]\d)",
    "a telephone number": (
        r"(?<![\d.,])(?:\(0\d{2,4}\)(?:[\s-]{0,2}\d){5,8}"
        r"|(?:(?:\+|00)44[\s-]?(?:\(0\)[\s-]?)?|0)\d(?:[\s()-]{0,2}\d){8,9})(?!\d)"
    ),
    "a postcode": r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b",
    "a date of birth": r"(?i:\b(?:born(?: on)?|d\.?o\.?b\.?|date of birth)\b)\W{0,3}" + _DATE,
    # Four digits of a year are none: "in that case no 2016 figures were given".
    "a person's number": _NUMBER_WORDS + r"(?!(?:19|20)\d\d\b)[A-Z]{0,3}\d(?:[ -]?\d){3,11}\b",
    "a name": _TITLES,
}


def find_names(text: str) -> list[NameWarning]:
    """What in a text may name a person or hold their number.

    Parameters
    ----------
    text : str
        Of any length.

    Returns
    -------
    list of NameWarning
        In the order of the text, none within another; empty if there is nothing.
    """
    found = [
        NameWarning(kind, match.start(), match.end(), match[0])
        for kind, pattern in _PATTERNS.items()
        for match in re.finditer(pattern, text)
        if _CHECKS.get(kind, _any)(match)
    ]
    found += [*_pairs(text), *_after_roles(text), *_alone(text)]
    return _apart(text, sorted(found, key=lambda one: (one.start, -one.end)))


def _apart(text: str, found: list[NameWarning]) -> list[NameWarning]:
    """Each once: a title with a first name and that with a last name are one."""
    apart: list[NameWarning] = []
    for one in found:
        last = apart[-1] if apart else None
        if last is None or one.start >= last.end:
            apart.append(one)
        elif one.kind == last.kind and one.end > last.end:
            apart[-1] = NameWarning(last.kind, last.start, one.end, text[last.start : one.end])
    return apart


def _any(match: re.Match[str]) -> bool:
    return bool(match)


def _passes_check_digit(match: re.Match[str]) -> bool:
    from wholesystem.stays.persons import is_nhs_number

    return is_nhs_number(match[0])


def _is_a_person(match: re.Match[str]) -> bool:
    role = match["name"].removesuffix("s") in _ROLE_WORDS
    return not role and not _is_a_place(match.string, match.end())


_CHECKS: Mapping[str, Callable[[re.Match[str]], bool]] = {
    "an NHS number": _passes_check_digit,
    "a name": _is_a_person,
}


_NO_SAINT = r"(?<!St )(?<!St. )(?<!Saint )"
# What follows the first word is looked at and not taken, so that in "Later Susan Smith" the search
# goes on at Susan.
_FIRST_AND_LAST = re.compile(
    rf"{_NO_SAINT}\b(?P<first>[A-Z][a-z]+)(?=(?P<rest>(?:{_GAP}[A-Z]\.?)?{_GAP}(?P<last>[A-Z][\w’'-]+)))"
)

# Whose name follows, in full: "chief executive Bruno Holthof"; only words that are written small,
# since "Chief Executive Officer" is a role.
_WHOSE = (
    r"\b(?:carer|chief executive|clinician|consultant|councillor|daughter|director|doctor|father"
    r"|GP|husband|leader|lives? with|manager|MP|mother|nurse|patient|resident|sister|son|wife)"
)
_AFTER_ROLE = re.compile(rf"{_WHOSE},?{_GAP}(?P<first>[A-Z][a-z]+){_GAP}(?P<last>[A-Z][\w’'-]+)")
# One word alone is a name where a person is spoken of: "her daughter Susan", "Margaret told us".
_FIRST_AFTER = re.compile(rf"(?:{_WHOSE}|\b(?:called|named)),?{_GAP}(?P<first>[A-Z][a-z]+)\b")
_FIRST_BEFORE = re.compile(
    rf"{_NO_SAINT}\b(?P<first>[A-Z][a-z]+){_GAP}(?:asked|explained|feels|felt|lives|lived|said|says|told)\b"
)


@cache
def _first_names() -> frozenset[str]:
    path = files("wholesystem.reviews").joinpath("first_names.csv")
    rows = csv.DictReader(path.read_text("utf-8").splitlines())
    return frozenset(row["first_name"] for row in rows)


def _pairs(text: str) -> Iterator[NameWarning]:
    """A common first name and a word with a capital letter after it."""
    for match in _FIRST_AND_LAST.finditer(text):
        end = match.end("rest")
        known = match["first"] in _first_names() and match["last"] not in _PLACE_WORDS
        if known and not _is_a_place(text, end):
            yield NameWarning("a name", match.start(), end, text[match.start() : end])


def _after_roles(text: str) -> Iterator[NameWarning]:
    """Two words with capital letters after a word for a person, whatever they are."""
    for match in _AFTER_ROLE.finditer(text):
        start, end = match.start("first"), match.end()
        words = {match["first"], match["last"]}
        if not words & (_PLACE_WORDS | _ROLE_WORDS) and not _is_a_place(text, end):
            yield NameWarning("a name", start, end, text[start:end])


def _alone(text: str) -> Iterator[NameWarning]:
    """A common first name alone, where a person is spoken of."""
    for pattern in (_FIRST_AFTER, _FIRST_BEFORE):
        for match in pattern.finditer(text):
            start, end = match.span("first")
            if match["first"] in _first_names() and not _is_a_place(text, end):
                yield NameWarning("a name", start, end, text[start:end])


def _is_a_place(text: str, end: int) -> bool:
    """Whether a word of places follows on the line; below a name stands what a person does."""
    if _SMALL_PLACE.match(text, end):
        return True
    after = re.match(r"(?:[^\S\n]+[A-Z][\w’'-]*){1,2}", text[end : end + 60])
    return after is not None and any(word in _PLACE_WORDS for word in after[0].split())
