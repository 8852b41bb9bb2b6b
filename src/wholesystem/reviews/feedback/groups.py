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

__all__ = [
    "SMALL_GROUP_RULE",
    "Cell",
    "Group",
    "GroupKey",
    "PlannedGroup",
    "cell_of",
    "keys_of",
    "least_shown",
    "make_groups",
    "plan_groups",
    "sum_by_group",
]

#: The rule of ``small_numbers.csv`` by which groups of respondents are hidden.
SMALL_GROUP_RULE = "below_5"

#: Kind, role and organisation.
Cell = tuple[str, str, str]
#: Axis, whole and part: ``("role", "Hospital", "nurse")``.
GroupKey = tuple[str, str, str]
#: Whole and part of it: a kind, and a role or organisation in it; blank and a kind.
_Key = tuple[str, str]


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


@dataclass(frozen=True)
class PlannedGroup:
    """A group, and whether what it said may be shown.

    Parameters
    ----------
    axis, name, within : str
        As in `Group`.
    is_shown : bool
        Whether.
    """

    axis: str
    name: str
    within: str
    is_shown: bool

    @property
    def key(self) -> GroupKey:
        """Axis, whole and part: what tells the group from others."""
        return self.axis, self.within, self.name


def keys_of(cell: Cell) -> tuple[GroupKey, ...]:
    """Groups to which respondents of a cell belong.

    Parameters
    ----------
    cell : Cell
        Kind, role and organisation.

    Returns
    -------
    tuple of GroupKey
        All, the kind, the role and the organisation.
    """
    kind, role, organisation = cell
    return (
        ("all", "", ""),
        ("kind", "", kind),
        ("role", kind, role),
        ("organisation", kind, organisation),
    )


def sum_by_group(cells: Mapping[Cell, int]) -> Counter[GroupKey]:
    """Respondents of every group.

    Parameters
    ----------
    cells : mapping of Cell to int
        Respondents.

    Returns
    -------
    Counter of GroupKey
        Not to be shown but for groups that are.
    """
    found: Counter[GroupKey] = Counter()
    for cell, count in cells.items():
        for key in keys_of(cell):
            found[key] += count
    return found


def cell_of(sheet: AnswerSheet) -> Cell:
    """Where a respondent stands.

    Parameters
    ----------
    sheet : AnswerSheet
        What the respondent said.

    Returns
    -------
    Cell
        Kind, role and organisation.
    """
    return sheet.kind, sheet.role, sheet.organisation


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
    planned = plan_groups(instrument, [Counter(map(cell_of, sheets))], organisations)[0]
    found: dict[GroupKey, list[AnswerSheet]] = {}
    for one in sheets:
        for key in keys_of(cell_of(one)):
            found.setdefault(key, []).append(one)
    return tuple(
        Group(
            one.axis,
            one.name,
            one.within,
            tuple(found.get(one.key, ())) if one.is_shown else None,
        )
        for one in planned
    )


def plan_groups(
    instrument: Instrument,
    tables: Sequence[Mapping[Cell, int]],
    organisations: Iterable[tuple[str, str]] = (),
) -> tuple[tuple[PlannedGroup, ...], ...]:
    """Which groups may be shown, for several questions at once.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    tables : sequence of mapping of Cell to int
        For each question, respondents who answered it.
    organisations : iterable of (str, str)
        As for `make_groups`.

    Returns
    -------
    tuple of tuple of PlannedGroup
        For each table, the groups of `make_groups`.
    """
    listed = dict.fromkeys(organisations)
    ranked = [(one.kind, one.role) for one in instrument.roles]
    named = [
        sorted({(k, o) for k, o in (*listed, *((k, o) for k, _, o in cells)) if o})
        for cells in tables
    ]
    closed = _closed_kinds(instrument, tables)
    roles = _parts(tables, "role", [ranked] * len(tables), closed)
    places = _parts(tables, "organisation", named, closed)
    plans = []
    for cells, names, shut, hidden, kept in zip(tables, named, closed, roles, places, strict=True):
        crossed = {kind for kind in instrument.kinds if _is_crossed(cells, kind, hidden, kept)}
        without = kept | {key for key in names if key[0] in crossed}
        kinds = [("", kind) for kind in instrument.kinds]
        plans.append(
            (
                PlannedGroup("all", "", "", not 0 < sum(cells.values()) < least_shown()),
                *_listed("kind", kinds, {("", kind) for kind in shut}),
                *_listed("role", ranked, hidden),
                *_listed("organisation", names, without),
            )
        )
    return tuple(plans)


def _listed(axis: str, keys: Iterable[_Key], hidden: Collection[_Key]) -> Iterator[PlannedGroup]:
    for within, name in keys:
        yield PlannedGroup(axis, name, within, (within, name) not in hidden)


def _closed_kinds(instrument: Instrument, tables: Sequence[Mapping[Cell, int]]) -> list[set[str]]:
    keys = [("", kind) for kind in instrument.kinds]
    counts = [sum_by_group(cells) for cells in tables]
    hidden = _hidden([[(key, found["kind", *key]) for key in keys] for found in counts])
    return [
        set(instrument.kinds)
        if 0 < sum(cells.values()) < least_shown()
        else {name for _, name in found}
        for cells, found in zip(tables, hidden, strict=True)
    ]


def _hidden(tables: Sequence[Sequence[tuple[_Key, int]]]) -> list[set[_Key]]:
    """Parts to hide among those of their whole: each is (whole, part), with its respondents.

    All tables at once, a whole of each being another: most of the time is in the call.
    """
    wholes: dict[tuple[int, str], int] = {}
    rows = [
        (at, key, count, wholes.setdefault((at, key[0]), len(wholes)))
        for at, table in enumerate(tables)
        for key, count in table
    ]
    found: list[set[_Key]] = [set() for _ in tables]
    if not rows:
        return found
    table = pd.DataFrame({"within": [row[3] for row in rows], "answered": [row[2] for row in rows]})
    safe = suppress(
        table, {"answered": ()}, margins=["within"], rule=SMALL_GROUP_RULE, together=True
    )
    for (at, key, *_), word in zip(rows, safe["hidden"], strict=True):
        if word:
            found[at].add(key)
    return found


def _parts(
    tables: Sequence[Mapping[Cell, int]],
    axis: str,
    keys: Sequence[Sequence[_Key]],
    closed: Sequence[Collection[str]],
) -> list[set[_Key]]:
    counts = [sum_by_group(cells) for cells in tables]
    hidden = _hidden(
        [
            [(key, found[axis, *key]) for key in ones]
            for found, ones in zip(counts, keys, strict=True)
        ]
    )
    # Nothing of a hidden kind is shown, not even which of its parts are empty.
    return [
        small | {key for key in ones if key[0] in shut}
        for small, ones, shut in zip(hidden, keys, closed, strict=True)
    ]


def _is_crossed(
    cells: Mapping[Cell, int], kind: str, roles: Collection[_Key], places: Collection[_Key]
) -> bool:
    """Whether roles and organisations, both shown, would meet in a few respondents.

    Hidden parts count as one, since only what is left of the whole can be known of them.
    """
    found: Counter[tuple[str, str]] = Counter()
    for (of, role, place), count in cells.items():
        if of == kind:
            hides_role, hides_place = (kind, role) in roles, (kind, place) in places
            found["" if hides_role else role, "" if hides_place else place] += count
    return any(0 < count < least_shown() for count in found.values())
