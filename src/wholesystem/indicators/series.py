"""The one door to figures: the series of an indicator, stored or computed, of all areas.

Rates and shares are computed from the counts as published; England, the regions and joined areas
from their members where nothing is published for them. Each figure tells the file, sheet and cell
that it comes from. The rules are told in ``docs/reference/observations.md``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wholesystem.errors import ParameterError
from wholesystem.indicators.areas import combined_areas, every_area, same_area_codes
from wholesystem.indicators.observations import packaged_unless
from wholesystem.indicators.series_steps import ASKED, SERIES_COLUMNS, series_sql
from wholesystem.tables.cells import closest

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator
    from wholesystem.indicators.store import Store

__all__ = ["LEAST_TRUSTS", "AreaSum", "Figures", "indicator_series", "packaged_sums"]

LEAST_TRUSTS = 100
"""England is summed over trusts only where at least so many have a row in the period.

England has about 120 acute trusts and 200 providers of urgent care; a file of some of them is
not England.
"""

_ARROW = {
    "string": pa.string(),
    "boolean": pa.bool_(),
    "float64": pa.float64(),
    "int64": pa.int64(),
    "date": pa.date32(),
}
_TEXT = [name for name in SERIES_COLUMNS if name not in ("source", "note")]


@dataclass(frozen=True)
class AreaSum:
    """An area whose figures are the sums of others.

    Parameters
    ----------
    code, name : str
        Of the area.
    kind : str
        Of `AREA_KINDS`.
    sets : tuple of (members, first day, last day)
        Codes of the members in each time; every set is the whole area.
    """

    code: str
    name: str
    kind: str
    sets: tuple[tuple[tuple[str, ...], date, date], ...]


def indicator_series(
    store: Store,
    indicator: str,
    *,
    catalogue: Mapping[str, Indicator] | None = None,
    areas: Sequence[str] | None = None,
    known_on: date | None = None,
    until: date | None = None,
) -> pd.DataFrame:
    """Return the figures of one indicator, stored or computed.

    Parameters
    ----------
    store : Store
        That holds the figures as published.
    indicator : str
        Id of the catalogue.
    catalogue : mapping of str to Indicator, optional
        The packaged one if None.
    areas : sequence of str, optional
        Codes; all areas if None. An area that took a new code has the last one.
    known_on : date, optional
        As known at the end of that day; as known now if None.
    until : date, optional
        Last day of the last period; all if None.

    Returns
    -------
    pandas.DataFrame
        In order of area and period: ``indicator``, ``area_code``, ``area``, ``area_kind``,
        ``of``, ``period_start``, ``period_end`` (datetime64), ``value``, ``numerator``,
        ``denominator`` (NaN = none; ``note`` says why), ``base``, ``unit``, ``source_file``,
        ``source`` (file, sheet and cell of what it is made of), ``published``, ``revised`` (of
        the numerator; NaT = not known), ``note``.

    Raises
    ------
    ParameterError
        If the catalogue has no such indicator.
    UserError
        If the store has been damaged.
    """
    figures = Figures(store, catalogue=catalogue, known_on=known_on, until=until)
    return figures.series(indicator, areas=areas)


class Figures:
    """Series of one store as known on one date, each computed once.

    Many profiles take the same series; they are computed for all areas at once and kept, about
    2 MB for a monthly indicator of all councils over nine years.

    Parameters
    ----------
    store : Store
        That holds the figures as published.
    catalogue : mapping of str to Indicator, optional
        The packaged one if None.
    known_on, until : date, optional
        As of `indicator_series`.
    sums : sequence of AreaSum, optional
        Areas that are sums of others; England, the regions and the packaged combinations if None.
    least_trusts : int
        Trusts that must have a row in a period for England to be summed over them; >= 1.
    """

    def __init__(
        self,
        store: Store,
        *,
        catalogue: Mapping[str, Indicator] | None = None,
        known_on: date | None = None,
        until: date | None = None,
        sums: Sequence[AreaSum] | None = None,
        least_trusts: int = LEAST_TRUSTS,
    ) -> None:
        self.store = store
        self.catalogue = packaged_unless(catalogue)
        self._dates = {"known_on": known_on or date.max, "until": until or date.max}
        self._least_trusts = least_trusts
        self._members = _packaged_members() if sums is None else _member_rows(sums)
        self._lock = threading.Lock()
        self._found: dict[str, pa.Table] = {}

    def series(self, indicator: str, *, areas: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the figures of one indicator.

        Parameters
        ----------
        indicator : str
            Id of the catalogue.
        areas : sequence of str, optional
            Codes; all areas if None.

        Returns
        -------
        pandas.DataFrame
            As `indicator_series` returns it; yours to change.

        Raises
        ------
        ParameterError
            If the catalogue has no such indicator.
        UserError
            If the store has been damaged.
        """
        self.prepare([indicator])
        table = self._found[indicator]
        if areas is not None:
            codes = pa.array([_last_code(code) for code in areas], pa.string())
            table = table.filter(pc.is_in(table["area_code"], codes))
        decoded = [column.cast(_plain(column.type)) for column in table.columns]
        frame: pd.DataFrame = pa.table(decoded, names=table.column_names).to_pandas(
            date_as_object=False
        )
        return frame

    def prepare(self, indicators: Iterable[str]) -> None:
        """Compute several series at once, which takes less time than one after another.

        Parameters
        ----------
        indicators : iterable of str
            Ids of the catalogue; those computed before are left as they are.

        Raises
        ------
        ParameterError
            If the catalogue has no such indicator.
        UserError
            If the store has been damaged.
        """
        with self._lock:
            wanted = [name for name in dict.fromkeys(indicators) if name not in self._found]
            if wanted:
                self._found |= self._compute(wanted)

    def _compute(self, wanted: Sequence[str]) -> dict[str, pa.Table]:
        made = [self._indicator(name) for name in wanted]
        asked = {
            "asked_indicators": _table("asked_indicators", map(self._asked_indicator, made)),
            "asked_parts": _table("asked_parts", (row for one in made for row in self._parts(one))),
            "asked_members": self._members,
            "asked_codes": _codes(),
        }
        found = self.store.run_with(series_sql(), asked).combine_chunks()
        return {name: _packed(_rows_of(found, name)) for name in wanted}

    def _indicator(self, name: str) -> Indicator:
        if name not in self.catalogue:
            near = closest(name, self.catalogue)
            did = f"Did you mean {near}?" if near else "wholesystem indicators list shows all."
            raise ParameterError(f"The catalogue has no indicator {name!r}. {did}")
        one = self.catalogue[name]
        for part in one.parts:
            if self.catalogue[part].is_computed:
                raise ParameterError(
                    f"{name} is computed from {part}, which is itself computed. An indicator is"
                    " computed from counts as published. Name those in the catalogue."
                )
        return one

    def _asked_indicator(self, one: Indicator) -> dict[str, Any]:
        below = self.catalogue.get(one.denominator_indicator)
        return {
            "wanted": one.indicator,
            "computed": one.is_computed,
            "multiplier": one.multiplier or 1.0,
            "per_day": one.per_day == "yes",
            "monthly": one.monthly,
            "has_y": bool(one.numerator_minus),
            "has_z": bool(one.denominator_indicator),
            # Two daily figures are matched day by day; a monthly denominator month by month.
            "paired": below is not None and below.monthly != "as_is",
            "z_name": one.denominator_indicator,
            "base": one.base,
            "unit": one.unit,
        }

    def _parts(self, one: Indicator) -> Iterator[dict[str, Any]]:
        roles = {"x": one.indicator}
        if one.is_computed:
            parts = (one.numerator_indicator, one.numerator_minus, one.denominator_indicator)
            roles = {role: name for role, name in zip("xyz", parts, strict=True) if name}
        for role, name in roles.items():
            part = self.catalogue[name]
            yield {
                "wanted": one.indicator,
                "role": role,
                "part": name,
                "is_count": part.kind == "count",
                "part_multiplier": part.multiplier,
                "least_trusts": self._least_trusts,
                **self._dates,
            }


# --------------------------------------------------------------------------- what is asked


def _table(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    fields = [(column, _ARROW[kind]) for column, kind in ASKED[name].items()]
    return pa.Table.from_pylist(list(rows), schema=pa.schema(fields))


def _rows_of(table: pa.Table, indicator: str) -> pa.Table:
    return table.filter(pc.equal(table["indicator"], indicator))


def _packed(table: pa.Table) -> pa.Table:
    """Text that repeats held once."""
    columns = {
        name: column.dictionary_encode()
        if name in _TEXT and pa.types.is_string(column.type)
        else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pa.table(columns)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


@cache
def _codes() -> pa.Table:
    """Codes of areas that took another code, with the last one."""
    rows = []
    for code in every_area():
        codes = same_area_codes(code)
        if len(codes) > 1:
            rows.append({"code": code, "last_code": codes[-1], "place": codes.index(code)})
    return _table("asked_codes", rows)


@cache
def packaged_sums() -> tuple[AreaSum, ...]:
    """Return England, the regions and the combinations, each with its councils over time.

    Returns
    -------
    tuple of AreaSum
        With the last code of councils that took another.
    """
    areas = every_area()
    councils = [one for one in areas.values() if one.kind == "area"]
    found = []
    for one in areas.values():
        if one.kind in ("country", "region"):
            own = [x for x in councils if one.kind == "country" or x.region_code == one.code]
            found.append(AreaSum(one.code, one.name, one.kind, tuple(_sets_over_time(own))))
    for combined in combined_areas().values():
        sets = tuple(
            (_last_codes(x.members), x.valid_from or date.min, x.valid_to or date.max)
            for x in combined.sets
        )
        found.append(AreaSum(combined.code, combined.name, "combined", sets))
    return tuple(found)


def _last_code(code: str) -> str:
    return same_area_codes(code)[-1]


def _last_codes(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({_last_code(code) for code in codes}))


def _sets_over_time(councils: Sequence[Any]) -> Iterator[tuple[tuple[str, ...], date, date]]:
    """The councils of each time between two changes."""
    starts = sorted({one.valid_from or date.min for one in councils})
    spans: list[tuple[tuple[str, ...], date]] = []
    for start in starts:
        members = _last_codes(one.code for one in councils if one.is_valid(start))
        if not spans or spans[-1][0] != members:
            spans.append((members, start))
    for number, (members, start) in enumerate(spans):
        last = number == len(spans) - 1
        end = date.max if last else spans[number + 1][1] - timedelta(days=1)
        yield members, start, end


@cache
def _packaged_members() -> pa.Table:
    return _member_rows(packaged_sums())


def _member_rows(sums: Iterable[AreaSum]) -> pa.Table:
    return _table(
        "asked_members",
        (
            {
                "group_code": one.code,
                "group_name": one.name,
                "group_kind": one.kind,
                "set_number": number,
                "set_start": start,
                "set_end": end,
                "set_size": len(members),
                "member_code": member,
            }
            for one in sums
            for number, (members, start, end) in enumerate(one.sets)
            for member in members
        ),
    )
