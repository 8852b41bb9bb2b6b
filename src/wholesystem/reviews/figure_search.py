"""Finding a published figure to cite, by words of its name and of its period."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wholesystem.indicators.catalogue import Indicator
from wholesystem.indicators.periods import MONTHS, period_label
from wholesystem.reviews.figure_series import Published, PublishedFigures, over_period
from wholesystem.reviews.figures import figure_words
from wholesystem.tables.cells import closest

__all__ = ["Observation", "cite", "find_observations", "observations_of"]


@dataclass(frozen=True)
class Observation:
    """A published figure that can be cited.

    Parameters
    ----------
    indicator : Indicator
        Row of the catalogue: name, meaning, caveats.
    area_code, area : str
        Whose figure it is.
    start, end : date
        First and last day.
    value : float
        In `unit`.
    unit : str
        Of the value.
    file, source : str
        Where it is published: the file; file, sheet and cell.
    known : date or None
        When it was published or last revised.
    note : str
        What is said beside it; may be empty.
    """

    indicator: Indicator
    area_code: str
    area: str
    start: date
    end: date
    value: float
    unit: str
    file: str
    source: str
    known: date | None
    note: str

    @property
    def period(self) -> str:
        """The period in words."""
        return period_label(self.start, self.end)

    @property
    def words(self) -> str:
        """The value with its unit, with the indicator's decimals."""
        return figure_words(self.value, self.unit, self.indicator.decimals)

    @property
    def sentence(self) -> str:
        """A sentence to begin the evidence's text with."""
        return f"{self.indicator.name}, {self.area}, {self.period}: {self.words}."


def find_observations(
    published: PublishedFigures, areas: str | Sequence[str], text: str, limit: int = 10
) -> tuple[Observation, ...]:
    """Figures of an area that fit what was typed.

    Parameters
    ----------
    published : PublishedFigures
        Where to look; from `published_figures`.
    areas : str or sequence of str
        Code of the area; or several, such as `PublishedFigures.areas_beside` gives.
    text : str
        Beginnings of words of an indicator's name, id, heading or meaning, and, if wanted, of a
        period: ``delayed days nhs june 2017``, ``a&e 2016/17``. Other endings and small mistakes
        in spelling are forgiven where nothing else fits.
    limit : int
        At most so many.

    Returns
    -------
    tuple of Observation
        One an indicator and area: the year that was typed as a whole, if it is published or its
        parts make it; else the newest of the periods that fit. The best fitting first, among equals
        in the catalogue's order; empty where nothing fits, or nothing was typed.

    Raises
    ------
    UserError
        If the store has been damaged.
    """
    codes = [areas] if isinstance(areas, str) else list(dict.fromkeys(areas))
    months, years, words = _read_words(text)
    if not words:
        return ()
    ranked = _ranked(published, codes, words[:MOST_WORDS])
    found: list[Observation] = []
    # Some at a time: a short word fits a hundred indicators, and most have no figure here.
    for at in range(0, len(ranked), limit):
        some = ranked[at : at + limit]
        published.fetch((one.indicator, code) for one in some for code in codes)
        for one in some:
            for code in codes:
                best = _best(one, published.series(one.indicator, code), months, years)
                if best is not None:
                    found.append(_observation(published, one, code, best))
        if len(found) >= limit:
            break
    return tuple(found[:limit])


def observations_of(
    published: PublishedFigures, indicator: str, area_code: str
) -> tuple[Observation, ...]:
    """Every figure of an indicator and area, to choose a period from.

    Parameters
    ----------
    published : PublishedFigures
        Where to look.
    indicator, area_code : str
        Id and code.

    Returns
    -------
    tuple of Observation
        The newest first; empty where there is none.

    Raises
    ------
    UserError
        If the store has been damaged.
    """
    if indicator not in published.catalogue:
        return ()
    one = published.catalogue[indicator]
    rows = sorted(
        _with_value(published.series(indicator, area_code)),
        key=lambda row: (row.end, row.start),
        reverse=True,
    )
    return tuple(_observation(published, one, area_code, row) for row in rows)


def cite(observation: Observation) -> dict[str, Any]:
    """The columns of ``figures.csv`` that cite a figure.

    Parameters
    ----------
    observation : Observation
        To be cited.

    Returns
    -------
    dict of str to object
        All but ``evidence``. The value is rounded to the decimals of the indicator, as it is shown.
    """
    return {
        "kind": "indicator",
        "name": observation.indicator.indicator,
        "area_code": observation.area_code,
        "period_start": observation.start,
        "period_end": observation.end,
        "measures": "",
        "key": "",
        "column": "",
        "value": round(observation.value, observation.indicator.decimals),
        "unit": observation.unit,
        "source_file": observation.file,
    }


def _with_value(rows: Iterable[Published]) -> Iterator[Published]:
    return (row for row in rows if row.value is not None)


def _observation(
    published: PublishedFigures, indicator: Indicator, area_code: str, row: Published
) -> Observation:
    return Observation(
        indicator=indicator,
        area_code=area_code,
        area=published.name_of(area_code, row.area),
        start=row.start,
        end=row.end,
        value=row.value or 0.0,
        unit=row.unit or indicator.unit,
        file=row.file,
        source=row.source,
        known=row.known,
        note=row.note,
    )


# ------------------------------------------------------------------------ words

_SHORT = {month[:3].casefold(): number for number, month in enumerate(MONTHS, start=1)}
_FINANCIAL = re.compile(r"((?:19|20)\d\d)[/-](\d\d|\d{4})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"[^\W_]+(?:&[^\W_]+)*")


def _read_words(text: str) -> tuple[set[int], list[tuple[date, date]], list[str]]:
    """Months, spans of days, and all other words of what was typed."""
    months: set[int] = set()
    spans: list[tuple[date, date]] = []
    words: list[str] = []
    for word in text.casefold().split():
        month = _SHORT.get(word[:3])
        financial = _FINANCIAL.fullmatch(word)
        if financial:
            year = int(financial[1])
            spans.append((date(year, 4, 1), date(year + 1, 3, 31)))
        elif _YEAR.fullmatch(word):
            spans.append((date(int(word), 1, 1), date(int(word), 12, 31)))
        elif month and MONTHS[month - 1].casefold().startswith(word):
            months.add(month)
        else:
            words += _WORD.findall(word)
    return months, spans, words


def _best(
    indicator: Indicator,
    series: Sequence[Published],
    months: set[int],
    spans: Sequence[tuple[date, date]],
) -> Published | None:
    """The year that was typed as a whole, published or of its months; else the newest fitting."""
    for first, last in spans if not months else ():
        whole = over_period(indicator, series, first, last)
        if whole is not None and whole.value is not None:
            return whole
    fitting = (row for row in _with_value(series) if _is_in(row, months, spans))
    return max(fitting, key=lambda row: (row.end, row.start), default=None)


def _is_in(row: Published, months: set[int], spans: Sequence[tuple[date, date]]) -> bool:
    in_month = not months or row.start.month in months or row.end.month in months
    # A year from April is found by either of its years.
    in_span = not spans or any(row.start <= last and row.end >= first for first, last in spans)
    return in_month and in_span


LEAST_STEM = 4
# To find out how a word may be meant takes some milliseconds each.
MOST_WORDS = 10
# Where a word is found, the best first.
_ID, _NAME, _GROUP, _MEANING = range(4)


def _ranked(
    published: PublishedFigures, codes: Sequence[str], words: Sequence[str]
) -> list[Indicator]:
    there = frozenset().union(*(published.indicators_of(code) for code in codes))
    every = [one for one in published.catalogue.values() if one.indicator in there]
    # As typed; else without endings, so that delays finds delayed; else as they may be spelt.
    return (
        _fitting(every, words)
        or _fitting(every, [word[: max(LEAST_STEM, len(word) - 2)] for word in words])
        or _fitting(every, _corrected(every, words))
    )


def _fitting(every: Sequence[Indicator], words: Sequence[str]) -> list[Indicator]:
    found = [(_fit(one, words), place, one) for place, one in enumerate(every)]
    fitting = [(fit, place, one) for fit, place, one in found if fit is not None]
    return [one for _, _, one in sorted(fitting, key=lambda each: each[:2])]


def _corrected(every: Sequence[Indicator], words: Sequence[str]) -> list[str]:
    known = {
        word for one in every for word in _WORD.findall(f"{one.indicator} {one.name}".casefold())
    }
    return [word if word in known else closest(word, known) or word for word in words]


def _fit(indicator: Indicator, words: Sequence[str]) -> tuple[int, int] | None:
    """Where the worst fitting word is found, and how much of the name was not typed."""
    places: Mapping[int, str] = {
        _ID: indicator.indicator,
        _NAME: indicator.name,
        _GROUP: indicator.group,
        _MEANING: f"{indicator.meaning} {indicator.numerator} {indicator.denominator}",
    }
    known = {at: _WORD.findall(text.casefold()) for at, text in places.items()}
    fits = []
    for word in words:
        at = next((at for at in known if any(one.startswith(word) for one in known[at])), None)
        if at is None:
            return None
        fits.append(at)
    return max(fits, default=_ID), len(known[_NAME])
