"""Which groups of respondents may be shown, so that nobody is found by taking one from another.

Kinds of organisation are parts of all; roles and organisations are parts of their kind. What a
group said is shown whole or not at all. See the decision record on answers of small groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from wholesystem.reviews.feedback.answers import AnswerSheet
from wholesystem.reviews.feedback.instrument import Instrument
from wholesystem.stays.disclosure import suppress
from wholesystem.stays.lists import small_number_rule

__all__ = ["SMALL_GROUP_RULE", "Group", "least_shown", "make_groups"]

#: The rule of ``small_numbers.csv`` by which groups of respondents are hidden.
SMALL_GROUP_RULE = "below_5"


@dataclass(frozen=True)
class Group:
    """Respondents who are told of together.

    Parameters
    ----------
    axis : str
        ``all``, ``kind``, ``role`` or ``organisation``.
    name : str
        Kind, role or organisation; empty for all.
    within : str
        Kind of organisation that a role or organisation is a part of; else empty.
    sheets : tuple of AnswerSheet or None
        None where the group is not shown: too small itself, or needed to guard one that is. The
        two cannot be told apart.
    """

    axis: str
    name: str
    within: str
    sheets: tuple[AnswerSheet, ...] | None


def least_shown() -> int:
    """The fewest respondents that a group may have to be shown.

    Returns
    -------
    int
        One more than the rule hides.
    """
    return small_number_rule(SMALL_GROUP_RULE).hidden_to + 1


def make_groups(
    instrument: Instrument,
    sheets: Sequence[AnswerSheet],
    organisations: Iterable[tuple[str, str]] = (),
) -> tuple[Group, ...]:
    """Respondents by kind, role and organisation, with what is too small hidden.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    sheets : sequence of AnswerSheet
        Of all who answered what is to be shown: for one question, all who answered it.
    organisations : iterable of (str, str)
        Kind and id of organisations that are to be listed though nobody of theirs answered.

    Returns
    -------
    tuple of Group
        All, then kinds, roles and organisations. Whatever is added up from shown groups or taken
        from one another, no part of it is about 1 to 4 respondents.
    """
    pairs = dict.fromkeys([*organisations, *sorted({(s.kind, s.organisation) for s in sheets})])
    named = sorted((kind, name) for kind, name in pairs if name)
    ranked = [(one.kind, one.role) for one in instrument.roles]
    closed = _closed_kinds(instrument, sheets)
    closed_keys = {("", kind) for kind in closed}
    roles = _parts(sheets, "role", ranked, closed)
    places = _parts(sheets, "organisation", named, closed)
    crossed = {kind for kind in instrument.kinds if _is_crossed(sheets, kind, roles, places)}
    places |= {key for key in named if key[0] in crossed}
    shown = None if 0 < len(sheets) < least_shown() else tuple(sheets)
    return (
        Group("all", "", "", shown),
        *_listed(sheets, "kind", [("", kind) for kind in instrument.kinds], closed_keys),
        *_listed(sheets, "role", ranked, roles),
        *_listed(sheets, "organisation", named, places),
    )


def _closed_kinds(instrument: Instrument, sheets: Sequence[AnswerSheet]) -> set[str]:
    if 0 < len(sheets) < least_shown():
        return set(instrument.kinds)
    counts = Counter(one.kind for one in sheets)
    return {name for _, name in _hidden([(("", kind), counts[kind]) for kind in instrument.kinds])}


def _by_part(
    sheets: Iterable[AnswerSheet], axis: str
) -> Mapping[tuple[str, str], list[AnswerSheet]]:
    """Sheets by whole and part of it."""
    found: dict[tuple[str, str], list[AnswerSheet]] = {}
    for one in sheets:
        whole = "" if axis == "kind" else one.kind
        found.setdefault((whole, getattr(one, axis)), []).append(one)
    return found


def _hidden(counts: Sequence[tuple[tuple[str, str], int]]) -> set[tuple[str, str]]:
    """Parts to hide among those of their whole: each is (whole, part), with its respondents."""
    table = pd.DataFrame(
        {"within": [key[0] for key, _ in counts], "answered": [count for _, count in counts]}
    )
    safe = suppress(
        table, {"answered": ()}, margins=["within"], rule=SMALL_GROUP_RULE, together=True
    )
    return {key for (key, _), word in zip(counts, safe["hidden"], strict=True) if word}


def _parts(
    sheets: Sequence[AnswerSheet],
    axis: str,
    keys: Sequence[tuple[str, str]],
    closed: Collection[str],
) -> set[tuple[str, str]]:
    if not keys:
        return set()
    found = _by_part(sheets, axis)
    counts = [(key, len(found.get(key, ()))) for key in keys]
    # Nothing of a hidden kind is shown, not even which of its parts are empty.
    return _hidden(counts) | {key for key in keys if key[0] in closed}


def _is_crossed(
    sheets: Iterable[AnswerSheet],
    kind: str,
    roles: Collection[tuple[str, str]],
    places: Collection[tuple[str, str]],
) -> bool:
    """Whether roles and organisations, both shown, would meet in a few respondents.

    Hidden parts count as one, since only what is left of the whole can be known of them.
    """
    cells = Counter(
        (
            "" if (kind, one.role) in roles else one.role,
            "" if (kind, one.organisation) in places else one.organisation,
        )
        for one in sheets
        if one.kind == kind
    )
    return any(count < least_shown() for count in cells.values())


def _listed(
    sheets: Sequence[AnswerSheet],
    axis: str,
    keys: Iterable[tuple[str, str]],
    hidden: Collection[tuple[str, str]],
) -> Iterator[Group]:
    found = _by_part(sheets, axis)
    for within, name in keys:
        of_part = tuple(found.get((within, name), ()))
        yield Group(axis, name, within, None if (within, name) in hidden else of_part)
