"""Areas: their codes and names, how they changed from 2011 on, and which series may be joined.

A council is known by its code of the Office for National Statistics, by its name and other names,
and, in the delayed transfer workbooks, by a code of its own. A series is joined across a change
only where the area stays the same; where it does not, the combination of the councils that is the
same before and after is offered instead. See docs/explanation/areas-and-boundaries.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Annotated, Literal

from wholesystem.errors import ParameterError
from wholesystem.indicators.small_tables import packaged_rows
from wholesystem.tables.rows import BlankDate, BlankText, Date, Id, OptionalId, Row, Text, choice

__all__ = [
    "ENGLAND",
    "Area",
    "AreaChange",
    "CombinedArea",
    "MemberSet",
    "area",
    "area_changes",
    "areas_on",
    "changes_of",
    "combined_areas",
    "combined_of",
    "every_area",
    "geography_version",
    "predecessors",
    "region_of",
    "same_area_codes",
    "successors",
]

#: Code of England.
ENGLAND = "E92000001"
FIRST_VERSION = date(2011, 4, 1)
Kind = Literal["area", "region", "country", "combined"]
YesNo = Annotated[Literal["yes", "no"], choice("yes", "no")]


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


class Area(Row):
    """A council with social care duties, a region, England, or a combination of councils.

    Parameters
    ----------
    code : str
        Of the Office for National Statistics; ``combined-...`` for a combination, which is ours.
    name : str
        In plain English order.
    kind : {'area', 'region', 'country', 'combined'}
        What it is.
    type : str
        Of a council: `county`, `unitary`, `metropolitan`, `london`.
    region_code, region : str
        That it lies in; blank for a region and for England.
    dtoc_code : str
        Of the delayed transfer workbooks; blank where none is known.
    valid_from, valid_to : date or None
        First and last day; None where it began before April 2011, or still is.
    also_called : str
        Other names, with a semicolon between two.
    source : str
        Where the facts are from.
    """

    code: Id
    name: Text
    kind: Annotated[Kind, choice("area", "region", "country", "combined")]
    type: Text
    region_code: OptionalId = ""
    region: BlankText = ""
    dtoc_code: OptionalId = ""
    valid_from: BlankDate = None
    valid_to: BlankDate = None
    also_called: BlankText = ""
    source: Text

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and other names."""
        return (self.name, *_parts(self.also_called))

    @property
    def label(self) -> str:
        """Name, code, and the days it existed where that matters: for a message."""
        days = [
            f"from {_day(self.valid_from)}" if self.valid_from else "",
            f"to {_day(self.valid_to)}" if self.valid_to else "",
        ]
        return f"{self.name} ({', '.join([self.code, *filter(None, [' '.join(days).strip()])])})"

    def is_valid(self, on: date) -> bool:
        """Whether it existed on a day.

        Parameters
        ----------
        on : date
            From 1 April 2011 on.

        Returns
        -------
        bool
            True on its first and last day too.
        """
        return (self.valid_from or date.min) <= on <= (self.valid_to or date.max)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


class AreaChange(Row):
    """A row of area_changes.csv: what became of which areas on a day, and the rule followed.

    Parameters
    ----------
    change : str
        Id.
    date : date
        First day of the new areas.
    old_codes, new_codes : str
        With a semicolon between two.
    kind : {'recode', 'boundary', 'reorganisation'}
        A new code only; a small shift of an edge; other councils.
    same_area : {'yes', 'no'}
        Whether a series goes on across it.
    sum_exact : {'yes', 'no'}
        Whether the old areas together are exactly the new ones together.
    combined : str
        Code of the combination that is the same before and after; blank where none is needed.
    rule : str
        What this product does.
    note : str
        What else a reader should know.
    source : str
        Where the facts are from.
    """

    change: Id
    date: Date
    old_codes: Text
    new_codes: Text
    kind: Annotated[str, choice("recode", "boundary", "reorganisation")]
    same_area: YesNo
    sum_exact: YesNo
    combined: OptionalId
    rule: Text
    note: BlankText
    source: Text

    @property
    def old(self) -> tuple[str, ...]:
        """Codes that ended."""
        return _parts(self.old_codes)

    @property
    def new(self) -> tuple[str, ...]:
        """Codes that began."""
        return _parts(self.new_codes)


class CombinedRow(Row):
    """A row of combined_areas.csv: one council of a combination, before or after its change."""

    code: Id
    name: Text
    set: Annotated[str, choice("before", "after")]
    member: Id
    valid_from: BlankDate
    valid_to: BlankDate
    source: Text


@dataclass(frozen=True)
class MemberSet:
    """Councils that make up a combination over a time.

    Parameters
    ----------
    members : tuple of str
        Codes; figures of all of them are added, and of none if one is missing.
    valid_from, valid_to : date or None
        First and last day of these councils; None for no end. A publisher may use them a little
        longer, so take the set that a file has whole.
    """

    members: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class CombinedArea:
    """A combination of councils that covers the same ground before and after a change.

    Parameters
    ----------
    code : str
        Ours: ``combined-dorset``.
    name : str
        For people.
    sets : tuple of MemberSet
        Before and after the change.
    """

    code: str
    name: str
    sets: tuple[MemberSet, ...]

    @property
    def members(self) -> frozenset[str]:
        """Codes of all its councils, of before and after."""
        return frozenset(code for one in self.sets for code in one.members)


@cache
def combined_areas() -> Mapping[str, CombinedArea]:
    """Return the combinations whose sums are exact before and after a change.

    Returns
    -------
    mapping of str to CombinedArea
        By code.

    Examples
    --------
    >>> sorted(combined_areas())
    ['combined-cumbria', 'combined-dorset', 'combined-northamptonshire']
    """
    rows = packaged_rows("combined_areas", CombinedRow)
    found = {}
    for code in dict.fromkeys(row.code for row in rows):
        own = [row for row in rows if row.code == code]
        sets = tuple(_member_set([row for row in own if row.set == when]) for when in _sets(own))
        found[code] = CombinedArea(code, own[0].name, sets)
    return MappingProxyType(found)


def _sets(rows: list[CombinedRow]) -> list[str]:
    return list(dict.fromkeys(row.set for row in rows))


def _member_set(rows: list[CombinedRow]) -> MemberSet:
    return MemberSet(tuple(row.member for row in rows), rows[0].valid_from, rows[0].valid_to)


@cache
def every_area() -> Mapping[str, Area]:
    """Return all areas from April 2011 on, by code: England, regions, councils, combinations.

    Returns
    -------
    mapping of str to Area
        In the order of the table; combinations last.
    """
    found = {row.code: row for row in packaged_rows("areas", Area)}
    for one in combined_areas().values():
        found[one.code] = _as_area(one, found)
    return MappingProxyType(found)


def _as_area(one: CombinedArea, known: Mapping[str, Area]) -> Area:
    first = known[one.sets[0].members[0]]
    return Area(
        code=one.code,
        name=one.name,
        kind="combined",
        type="combined",
        region_code=first.region_code,
        region=first.region,
        source="Ours: exact sum of councils",
    )


@cache
def area_changes() -> tuple[AreaChange, ...]:
    """Return the changes of councils from April 2011 on.

    Returns
    -------
    tuple of AreaChange
        From the earliest.
    """
    return tuple(sorted(packaged_rows("area_changes", AreaChange), key=lambda one: one.date))


def area(code: str) -> Area:
    """Return the area of a code.

    Parameters
    ----------
    code : str
        Of the Office for National Statistics, or of a combination.

    Returns
    -------
    Area
        Existing or ended.

    Raises
    ------
    ParameterError
        If there is no such code.

    Examples
    --------
    >>> area("E10000025").name
    'Oxfordshire'
    """
    if code not in every_area():
        raise ParameterError(
            f"{code!r} is no code of an area. Codes of councils are such as E10000025. "
            "Look the area up by its name."
        )
    return every_area()[code]


def areas_on(on: date, kind: Kind = "area") -> list[Area]:
    """Return the areas that existed on a day.

    Parameters
    ----------
    on : date
        From 1 April 2011 on.
    kind : {'area', 'region', 'country', 'combined'}
        Councils by default.

    Returns
    -------
    list of Area
        By code.
    """
    found = [one for one in every_area().values() if one.kind == kind and one.is_valid(on)]
    return sorted(found, key=lambda one: one.code)


def changes_of(code: str) -> tuple[AreaChange, ...]:
    """Return the changes that ended or began an area.

    Parameters
    ----------
    code : str
        Of an area.

    Returns
    -------
    tuple of AreaChange
        From the earliest; empty if it never changed.
    """
    return tuple(one for one in area_changes() if code in (*one.old, *one.new))


def successors(code: str) -> list[Area]:
    """Return the areas that took over from one.

    Parameters
    ----------
    code : str
        Of an area.

    Returns
    -------
    list of Area
        Empty if it still is; all areas of the change where its ground was divided among them.
    """
    return [area(new) for one in area_changes() if code in one.old for new in one.new]


def predecessors(code: str) -> list[Area]:
    """Return the areas that one took over from.

    Parameters
    ----------
    code : str
        Of an area.

    Returns
    -------
    list of Area
        Empty if there was none since April 2011.
    """
    return [area(old) for one in area_changes() if code in one.new for old in one.old]


def same_area_codes(code: str) -> tuple[str, ...]:
    """Return the codes under which the same area stands in files of different years.

    Parameters
    ----------
    code : str
        Of an area.

    Returns
    -------
    tuple of str
        From the earliest, with `code` among them; alone where the area never took a new code.

    Examples
    --------
    >>> same_area_codes("E06000060")
    ('E10000002', 'E06000060')
    >>> same_area_codes("E06000059")
    ('E06000059',)
    """
    codes = [code]
    joined = [one for one in area_changes() if one.same_area == "yes"]
    for one in joined:
        if codes[-1] in one.old:
            codes.append(one.new[0])
    for one in reversed(joined):
        if codes[0] in one.new:
            codes.insert(0, one.old[0])
    return tuple(codes)


def combined_of(code: str) -> CombinedArea | None:
    """Return the combination that an area is part of.

    Parameters
    ----------
    code : str
        Of an area.

    Returns
    -------
    CombinedArea or None
        To be offered where a series of the area itself stops at a change.
    """
    return next((one for one in combined_areas().values() if code in one.members), None)


def region_of(code: str) -> Area | None:
    """Return the region that an area lies in.

    Parameters
    ----------
    code : str
        Of an area.

    Returns
    -------
    Area or None
        None for England and for a region.
    """
    region_code = area(code).region_code
    return area(region_code) if region_code else None


def geography_version(on: date) -> str:
    """Return the name of the councils' boundaries on a day.

    Parameters
    ----------
    on : date
        Any day; before April 2011 the earliest version is given.

    Returns
    -------
    str
        Such as ``utla-2019-04``: upper-tier councils as they have been since that month.

    Examples
    --------
    >>> geography_version(date(2019, 12, 31))
    'utla-2019-04'
    """
    days = [one.date for one in area_changes() if one.date <= on]
    return f"utla-{max(days, default=FIRST_VERSION):%Y-%m}"
