"""The published figures that reviews cite: of some indicators and areas, kept in memory.

However many figures a page shows, those that are not in memory yet are fetched together. Kept by
what the store holds, so that figures that were added to it are seen at once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wholesystem.indicators.catalogue import Indicator, read_catalogue
from wholesystem.indicators.whole_periods import parts_of_period, value_of_parts

if TYPE_CHECKING:
    import pandas as pd

    from wholesystem.indicators.store import Store

__all__ = ["Published", "PublishedFigures", "over_period", "published_figures"]

# Of stores, each with what reviews cite of it.
MOST_KEPT = 8
# An indicator of one area over ten years of months takes about 50 kB.
MOST_SERIES = 2_000


@dataclass(frozen=True)
class Published:
    """One figure of one area and period.

    Parameters
    ----------
    area : str
        Name of the area.
    start, end : date
        First and last day.
    value, numerator, denominator : float or None
        None where not given.
    unit : str
        Of the value.
    file, source : str
        File it is published in; file, sheet and cell of all that it is made of.
    known : date or None
        When it was published, or last revised; None where the file does not say.
    note : str
        What is said beside it; why it has no value.
    """

    area: str
    start: date
    end: date
    value: float | None
    numerator: float | None
    denominator: float | None
    unit: str
    file: str
    source: str
    known: date | None
    note: str


class PublishedFigures:
    """Series of a store, those of an area fetched when they are first asked for.

    Parameters
    ----------
    store : Store
        Of figures as published.
    catalogue : mapping of str to Indicator, optional
        The packaged one if not given.
    """

    def __init__(self, store: Store, catalogue: Mapping[str, Indicator] | None = None) -> None:
        self.store = store
        self.catalogue = read_catalogue() if catalogue is None else catalogue
        self._lock = threading.RLock()
        self._found: dict[tuple[str, str], tuple[Published, ...]] = {}
        self._beside: dict[str, tuple[str, ...]] = {}

    @cached_property
    def indicators(self) -> frozenset[str]:
        """Indicators that the store may have a figure of, computed ones too."""
        return self._with_computed(set(self.store.indicators()))

    def indicators_of(self, area_code: str) -> frozenset[str]:
        """Indicators that the store may have a figure of for an area.

        Parameters
        ----------
        area_code : str
            Of a council, trust or any other area.

        Returns
        -------
        frozenset of str
            All that there are for an area that is a sum of others, such as England.
        """
        from wholesystem.indicators.areas import every_area, same_area_codes
        from wholesystem.indicators.series_sums import packaged_sums

        if area_code in {one.code for one in packaged_sums()}:
            return self.indicators
        codes = same_area_codes(area_code) if area_code in every_area() else (area_code,)
        return self._with_computed({name for code in codes for name in self._stored.get(code, ())})

    @cached_property
    def _stored(self) -> dict[str, set[str]]:
        return self.store.indicator_areas()

    @cached_property
    def trust_names(self) -> Mapping[str, str]:
        """Names of trusts by code, as published files gave them."""
        found = self.store.lookup("trust_names")
        return dict(zip(found["trust_code"], found["trust"], strict=True))

    def name_of(self, area_code: str, printed: str = "") -> str:
        """Name of an area or a trust.

        Parameters
        ----------
        area_code : str
            Its code.
        printed : str
            As the file of a figure has it; some have the code alone.

        Returns
        -------
        str
            As printed; else the trust's, else the area's; the code where nobody has a name.
        """
        from wholesystem.indicators.areas import every_area

        if printed not in ("", area_code):
            return printed
        known = every_area().get(area_code)
        return self.trust_names.get(area_code) or (known.name if known else area_code)

    def areas_beside(self, area_code: str) -> tuple[str, ...]:
        """Areas whose figures a review of an area may cite.

        Parameters
        ----------
        area_code : str
            Of a council or combination.

        Returns
        -------
        tuple of str
            The area; the trusts at least a fifth of whose patients live there, the largest share
            first; England.

        Raises
        ------
        UserError
            If the store has been damaged.
        """
        from wholesystem.indicators.area_trusts import trusts_of_area
        from wholesystem.indicators.areas import ENGLAND, every_area

        with self._lock:
            if area_code not in self._beside:
                shares = self.store.lookup("trust_areas")
                known = area_code in every_area() and len(shares)
                parts = self.store.lookup("area_parts")
                found = trusts_of_area(shares, area_code, parts) if known else []
                trusts = (one.trust_code for one in found)
                self._beside[area_code] = tuple(dict.fromkeys((area_code, *trusts, ENGLAND)))
            return self._beside[area_code]

    def _with_computed(self, stored: set[str]) -> frozenset[str]:
        computed = (
            one.indicator
            for one in self.catalogue.values()
            if one.is_computed and stored.issuperset(one.parts)
        )
        return frozenset({*stored, *computed} & set(self.catalogue))

    def fetch(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Have series in memory.

        Parameters
        ----------
        wanted : iterable of (indicator, area code)
            Those in memory already cost nothing; the others are fetched together. Indicators that
            the store has nothing of are passed over.

        Raises
        ------
        UserError
            If the store has been damaged.
        """
        asked = dict.fromkeys(wanted)
        there = {
            area: self.indicators_of(area) for area in dict.fromkeys(area for _, area in asked)
        }
        pairs = [one for one in asked if one[0] in there[one[1]]]
        # Two threads that ask for the same would each fetch it.
        with self._lock:
            missing = [one for one in pairs if one not in self._found]
            if not missing:
                return
            if len(self._found) + len(missing) > MOST_SERIES:
                self._found, missing = {}, pairs
            self._found |= _fetch(self.store, self.catalogue, missing)

    def series(self, indicator: str, area_code: str) -> tuple[Published, ...]:
        """Figures of an indicator and area.

        Parameters
        ----------
        indicator, area_code : str
            Id and code; of a council under several codes, any.

        Returns
        -------
        tuple of Published
            In order of period; empty where the store has nothing of it.

        Raises
        ------
        UserError
            If the store has been damaged.
        """
        with self._lock:
            self.fetch([(indicator, area_code)])
            return self._found.get((indicator, area_code), ())


def _fetch(
    store: Store, catalogue: Mapping[str, Indicator], missing: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[Published, ...]]:
    from wholesystem.indicators.series import Figures
    from wholesystem.indicators.series_sums import last_code, packaged_sums

    codes = {last_code(area) for _, area in missing}
    sums = [one for one in packaged_sums() if one.code in codes]
    figures = Figures(store, catalogue=catalogue, sums=sums, sourced=codes)
    figures.prepare(indicator for indicator, _ in missing)
    return {
        (indicator, area): _rows(figures.series(indicator, areas=[area]))
        for indicator, area in missing
    }


def _rows(frame: pd.DataFrame) -> tuple[Published, ...]:
    known = frame["revised"].fillna(frame["published"])
    rows = zip(*(frame[name].tolist() for name in _TAKEN), known.tolist(), strict=True)
    return tuple(
        Published(
            area=_text(area),
            start=start.date(),
            end=end.date(),
            value=_number(value),
            numerator=_number(above),
            denominator=_number(below),
            unit=_text(unit),
            file=_text(file),
            source=_text(source),
            # NaT is not itself.
            known=None if day != day else day.date(),
            note=_text(note),
        )
        for area, start, end, value, above, below, unit, file, source, note, day in rows
    )


_TAKEN = (
    "area", "period_start", "period_end", "value", "numerator", "denominator", "unit",
    "source_file", "source", "note",
)  # fmt: skip


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    # NaN is not itself.
    return None if value is None or value != value else float(value)


# ------------------------------------------------------------------------ several periods as one


def over_period(
    indicator: Indicator, series: Sequence[Published], start: date, end: date
) -> Published | None:
    """The figure of a period: as published, or made of those of its parts.

    Parameters
    ----------
    indicator : Indicator
        Row of the catalogue.
    series : sequence of Published
        Of one area, in order of period.
    start, end : date
        First and last day.

    Returns
    -------
    Published or None
        The one of exactly that period where there is one. Else, where published periods follow on
        each other from the first day to the last, as `value_of_parts` makes it of them. None where
        they leave a gap, or nothing adds up.
    """
    for one in series:
        if (one.start, one.end) == (start, end):
            return one
    parts = parts_of_period(series, start, end)
    value = value_of_parts(indicator, parts)
    if value is None:
        return None
    first, last = parts[0], parts[-1]
    days = [one.known for one in parts if one.known is not None]
    return Published(
        area=first.area,
        start=start,
        end=end,
        value=value,
        numerator=None,
        denominator=None,
        unit=first.unit,
        file=first.file if first.file == last.file else f"{first.file} to {last.file}",
        source=f"{first.source}; to {last.source}",
        known=max(days, default=None),
        note=f"made of {len(parts)} published periods",
    )


# ------------------------------------------------------------------------ one for each store

_LOCK = threading.Lock()
_KEPT: dict[tuple[str, ...], PublishedFigures] = {}


def published_figures(
    store: Store, catalogue: Mapping[str, Indicator] | None = None
) -> PublishedFigures:
    """The figures of a store, the same object for as long as it holds the same.

    Parameters
    ----------
    store : Store
        Of figures as published.
    catalogue : mapping of str to Indicator, optional
        The packaged one if not given.

    Returns
    -------
    PublishedFigures
        Shared by all threads of the process.
    """
    parts = (part.sha256 for part in store.manifest.parts)
    key = (str(store.folder.absolute()), str(id(catalogue) if catalogue else ""), *parts)
    with _LOCK:
        if key not in _KEPT:
            while len(_KEPT) >= MOST_KEPT:
                _KEPT.pop(next(iter(_KEPT)))
            _KEPT[key] = PublishedFigures(store, catalogue)
        return _KEPT[key]
