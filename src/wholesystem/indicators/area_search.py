"""Finding an area by what a person types: a name, an old name, a code."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache

from wholesystem.errors import ParameterError, shorten_value
from wholesystem.indicators.areas import (
    Area,
    combined_of,
    every_area,
    same_area_codes,
    successors,
)

__all__ = ["find_area"]

_NO_LETTER = re.compile(r"[^a-z0-9]+")
# Words that people put in or leave out: "Durham County Council", "City of York".
_LOOSE = frozenset(
    "a and authority borough city council county district metropolitan of on royal the ua unitary"
    " upon".split()
)
MOST_NEAR = 4


def find_area(text: str, on: date | None = None) -> Area:
    """Return the area that a person means.

    Parameters
    ----------
    text : str
        A name in any case, with & or and, with or without Council; a code of the Office for
        National Statistics; a code of the delayed transfer workbooks (``608``); or the code of a
        combination.
    on : date, optional
        Day on which the area must exist. None for any day; of one area under several codes, the
        latest.

    Returns
    -------
    Area
        One council, region, country or combination.

    Raises
    ------
    ParameterError
        If nothing is called so (with the nearest names), if several are (with all of them), or if
        it did not exist on the day (with what came before or after).

    Examples
    --------
    >>> find_area("oxfordshire").code
    'E10000025'
    >>> find_area("Bournemouth, Christchurch & Poole").code
    'E06000058'
    """
    found = _candidates(text)
    if not found:
        raise ParameterError(_unknown(text))
    if on is not None:
        valid = [one for one in found if one.is_valid(on)]
        if not valid:
            raise ParameterError(_ended(text, found, on))
        found = valid
    chain = same_area_codes(found[0].code)
    if all(one.code in chain for one in found):
        return max(found, key=lambda one: chain.index(one.code))
    raise ParameterError(_several(text, found))


def _candidates(text: str) -> list[Area]:
    """Areas by the surest way that finds any: code, full name, name without usual words."""
    areas = every_area().values()
    code = text.strip().lower()
    found = [one for one in areas if code and one.code.lower() == code]
    found = found or [one for one in areas if code and one.dtoc_code.lower() == code]
    found = found or _named(_strict, text)
    return found or _named(_loose, text)


def _named(key: Callable[[str], str], text: str) -> list[Area]:
    wanted = key(text)
    if not wanted:
        return []
    return [one for one, keys in _keys(key) if wanted in keys]


@cache
def _keys(key: Callable[[str], str]) -> list[tuple[Area, frozenset[str]]]:
    return [(one, frozenset(map(key, one.names))) for one in every_area().values()]


def _strict(text: str) -> str:
    plain = text.lower().replace("&", " and ").replace("'", "").replace("\u2019", "")
    words = _NO_LETTER.sub(" ", plain.replace(".", "")).split()
    return " ".join(word for word in words if word != "ua")


def _loose(text: str) -> str:
    return " ".join(word for word in _strict(text).split() if word not in _LOOSE)


def _unknown(text: str) -> str:
    near = _nearest(text)
    remedy = f"Did you mean {_either(near)}?" if near else "Write a name such as Oxfordshire."
    return (
        f"The area {shorten_value(text.strip())} is not known. It must be a council with social "
        f"care duties, a region or England, by name or code. {remedy}"
    )


def _nearest(text: str) -> list[str]:
    """Names that contain the words, or are spelt nearly so."""
    wanted = _strict(text)[:100]
    if not wanted:
        return []
    by_key = {_strict(name): one.name for one in every_area().values() for name in one.names}
    holding = [name for key, name in by_key.items() if wanted in key] if len(wanted) > 2 else []
    close = difflib.get_close_matches(wanted, by_key, n=MOST_NEAR, cutoff=0.6)
    return list(dict.fromkeys([*holding, *(by_key[key] for key in close)]))[:MOST_NEAR]


def _either(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def _several(text: str, found: list[Area]) -> str:
    labels = [one.label for one in found]
    combined = {one.code: one for area in found if (one := combined_of(area.code))}
    offer = "".join(f" For the same ground before and after, write {code}." for code in combined)
    return (
        f"The area {shorten_value(text.strip())} may be {_either(labels)}. "
        f"They are not the same area. Write the code of one.{offer}"
    )


def _ended(text: str, found: list[Area], on: date) -> str:
    after = [new.label for one in found for new in successors(one.code)]
    remedy = f"Write {_either(after)}." if after else "Give another day."
    labels = _either(one.label for one in found)
    return (
        f"The area {shorten_value(text.strip())} did not exist on {on:%Y-%m-%d}: it is {labels}. "
        f"The area must exist on the day. {remedy}"
    )
