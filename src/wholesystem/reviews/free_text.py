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


_TITLES = (
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Doctor|Prof|Professor|Sir|Dame|Lord|Lady|Cllr|Councillor|Nurse"
    r"|Sister|Matron|Rev|Reverend)\.?\s+(?P<name>[A-Z][\w’'-]+)"
)
# What follows a title that is a role's, not a person's.
_ROLE_WORDS = frozenset(
    "Advisor Adviser Associate Board Consultant Director Executive Lead Led Manager Mayor"
    " Practitioner Prescriber Specialist Team Ward".split()
)
# A name followed by one of these, at most two words on, is that of a place or organisation.
_PLACE_WORDS = frozenset(
    "Academy Avenue Care Centre Charity Church Clinic Close College Community Council Court"
    " Foundation Group Hall Health Home Homes Hospice Hospital House Infirmary Institute Lane"
    " Lodge Park Partnership Place Practice Radcliffe Report Review Road School Service Services"
    " Society Street Surgery Trust Unit University Ward Way".split()
)
_NUMBER_WORDS = (
    r"(?i:\b(?:hospital|patient|unit|case|client|record|NHS|MRN|carer)"
    r"\s*(?:no|number|id)\b\.?\s*:?)"
)
_DATE = r"\d{1,2}(?:[/.\- ](?:\d{1,2}|[A-Z][a-z]{2,8}))[/.\- ](?:\d{4}|\d{2})"

_PATTERNS: Mapping[str, str] = {
    "an e-mail address": r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",
    "an NHS number": r"(?<![\d.,])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d]|[.,]\d)",
    "a telephone number": (
        r"(?<![\d.,])(?:\+44[\s-]?(?:\(0\))?|\(?0)\d(?:[\s()-]{0,2}\d){8,9}(?!\d)"
    ),
    "a postcode": r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b",
    "a date of birth": r"(?i:\b(?:born(?: on)?|d\.?o\.?b\.?|date of birth)\b)\W{0,3}" + _DATE,
    "a person's number": _NUMBER_WORDS + r"\s*[A-Z]{0,3}\d{4,12}\b",
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
    found += _pairs(text)
    apart: list[NameWarning] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return apart


def _any(match: re.Match[str]) -> bool:
    return bool(match)


def _passes_check_digit(match: re.Match[str]) -> bool:
    from wholesystem.stays.persons import is_nhs_number

    return is_nhs_number(match[0])


def _is_a_person(match: re.Match[str]) -> bool:
    return match["name"] not in _ROLE_WORDS and not _is_a_place(match.string, match.end())


_CHECKS: Mapping[str, Callable[[re.Match[str]], bool]] = {
    "an NHS number": _passes_check_digit,
    "a name": _is_a_person,
}


@cache
def _first_names() -> frozenset[str]:
    path = files("wholesystem.reviews").joinpath("first_names.csv")
    rows = csv.DictReader(path.read_text("utf-8").splitlines())
    return frozenset(row["first_name"] for row in rows)


def _pairs(text: str) -> Iterator[NameWarning]:
    """A common first name and a word with a capital letter after it."""
    for match in re.finditer(r"\b([A-Z][a-z]+)(?:\s+[A-Z]\.?)?\s+([A-Z][\w’'-]+)", text):
        known = match[1] in _first_names() and match[2] not in _PLACE_WORDS
        if known and not _is_a_place(text, match.end()):
            yield NameWarning("a name", match.start(), match.end(), match[0])


def _is_a_place(text: str, end: int) -> bool:
    after = re.match(r"(?:\s+[A-Z][\w’'-]*){1,2}", text[end : end + 60])
    return after is not None and any(word in _PLACE_WORDS for word in after[0].split())
