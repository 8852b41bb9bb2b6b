"""What cited figures are now: looked up in published statistics and in measures of stays.

A cited figure is never replaced by what is looked up: both are shown, and a person judges. When two
figures are the same is told in ``docs/explanation/live-figures.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from wholesystem.indicators.periods import period_label
from wholesystem.indicators.spc.words import format_value, with_unit
from wholesystem.indicators.whole_periods import parts_of_period, why_not_whole
from wholesystem.reviews.figure_measures import MeasureFolders, MeasureTables, measure_folders
from wholesystem.reviews.figure_series import Published, PublishedFigures, over_period
from wholesystem.reviews.figure_units import cited_decimals, convert_units, is_same, unit_of_column
from wholesystem.reviews.records import Figure
from wholesystem.reviews.review import Review

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator
    from wholesystem.indicators.store import Store

__all__ = ["FigureSources", "LiveFigure", "Status", "figure_words", "live_figures"]

Status = Literal["same", "changed", "gone", "unavailable"]


@dataclass(frozen=True)
class LiveFigure:
    """A cited figure beside what is there now.

    Parameters
    ----------
    figure : Figure
        As cited.
    status : {'same', 'changed', 'gone', 'unavailable'}
        The live value rounds to the cited one; it does not; there is none, where figures of periods
        around it stand; nobody can say, since its file or its unit is not known here.
    decimals : int
        To which it was cited.
    value : float or None
        The live value in its own unit; None where there is none.
    unit : str
        Of the live value.
    in_cited_unit, difference : float or None
        The live value in the unit of the cited one, and how much more than that it is; None where
        they cannot be compared.
    source : str
        File, sheet and cell, or file, row and column, where the live value stands.
    known : date or None
        When the live value was published or last revised; None where nobody says.
    why : str
        Why there is no live value, or none to compare; else what is said beside it; may be empty.
    """

    figure: Figure
    status: Status
    decimals: int = 0
    value: float | None = None
    unit: str = ""
    in_cited_unit: float | None = None
    difference: float | None = None
    source: str = ""
    known: date | None = None
    why: str = ""

    @property
    def cited_words(self) -> str:
        """The cited value with its unit, with as many decimals as it was cited to."""
        return with_unit(format_value(self.figure.value, self.decimals), self.figure.unit)

    @property
    def live_words(self) -> str:
        """The live value with its unit; empty where there is none."""
        if self.in_cited_unit is not None:
            decimals = _decimals_that_tell(self.figure.value, self.in_cited_unit, self.decimals)
            return with_unit(format_value(self.in_cited_unit, decimals), self.figure.unit)
        return with_unit(format_value(self.value), self.unit) if self.value is not None else ""

    @property
    def words(self) -> str:
        """What is so, to follow "a figure that": ``is now 13.7 % and was cited as 13.8 %.``."""
        if self.status == "same":
            return f"still stands as {self.cited_words}."
        if self.status == "changed":
            return f"is now {self.live_words} and was cited as {self.cited_words}."
        if self.status == "gone":
            return f"was cited as {self.cited_words} and is not there now: {self.why}."
        return f"cannot be compared: {self.why}."


def _decimals_that_tell(cited: float, live: float, decimals: int) -> int:
    """So many that the two do not read alike where they are not the same."""
    if is_same(cited, live, decimals):
        return decimals
    return next(
        (
            more
            for more in range(decimals, 13)
            if format_value(live, more) != format_value(cited, more)
        ),
        decimals,
    )


def figure_words(value: float | None, unit: str, decimals: int | None = None) -> str:
    """A figure as every page writes it.

    Parameters
    ----------
    value : float or None
        The number.
    unit : str
        After it; may be empty.
    decimals : int, optional
        By size if not given.

    Returns
    -------
    str
        Such as ``51,000 days`` or ``86.1%``; empty for None.
    """
    return "" if value is None else with_unit(format_value(value, decimals), unit)


class FigureSources:
    """Where cited figures are looked up.

    Parameters
    ----------
    published : PublishedFigures, optional
        Of a store, from `published_figures`; figures of indicators are unavailable if not given.
    measures : mapping or Path, optional
        Folders of stays measures by name, as a bundle's files have them; or the folder that holds
        them. Figures of measures are unavailable if not given.
    """

    def __init__(
        self,
        published: PublishedFigures | None = None,
        measures: MeasureFolders | Path | None = None,
    ) -> None:
        self.published = published
        folders = measure_folders(measures) if isinstance(measures, Path) else measures
        self.measures: MeasureFolders = folders or {}

    @classmethod
    def of_store(
        cls,
        store: Store,
        measures: MeasureFolders | Path | None = None,
        catalogue: Mapping[str, Indicator] | None = None,
    ) -> FigureSources:
        """Sources with a store, whose figures are kept in memory for the process.

        Parameters
        ----------
        store : Store
            Of figures as published.
        measures : mapping or Path, optional
            As of the class.
        catalogue : mapping of str to Indicator, optional
            The packaged one if not given.

        Returns
        -------
        FigureSources
            Cheap to make for each request.
        """
        from wholesystem.reviews.figure_series import published_figures

        return cls(published_figures(store, catalogue), measures)

    def look_up(self, figure: Figure, text: str = "") -> LiveFigure:
        """What a cited figure is now.

        Parameters
        ----------
        figure : Figure
            As cited.
        text : str
            Of the evidence, for the decimals that it was cited to.

        Returns
        -------
        LiveFigure
            Never an error for what is missing: the status says so.

        Raises
        ------
        UserError
            If the store has been damaged.
        """
        return self.look_up_all([figure], {figure.evidence: text})[figure.evidence]

    def look_up_all(
        self, figures: Iterable[Figure], texts: Mapping[str, str] | None = None
    ) -> dict[str, LiveFigure]:
        """What cited figures are now; those not in memory are fetched together.

        Parameters
        ----------
        figures : iterable of Figure
            As cited.
        texts : mapping of str to str, optional
            Of the evidence, by its id, for the decimals that figures were cited to.

        Returns
        -------
        dict of str to LiveFigure
            By the id of the evidence, in the order given.

        Raises
        ------
        UserError
            If the store has been damaged.
        """
        every = list(figures)
        if self.published is not None:
            self.published.fetch(
                (one.name, one.area_code) for one in every if one.kind == "indicator"
            )
        tables = MeasureTables(self.measures)
        return {
            one.evidence: self._live(one, (texts or {}).get(one.evidence, ""), tables)
            for one in every
        }

    def _live(self, figure: Figure, text: str, tables: MeasureTables) -> LiveFigure:
        decimals = cited_decimals(figure.value, text)
        if figure.kind == "measure":
            return _measured(figure, decimals, tables)
        return self._of_indicator(figure, decimals)

    def _of_indicator(self, figure: Figure, decimals: int) -> LiveFigure:
        start, end = figure.period_start, figure.period_end
        if self.published is None:
            why = "no published statistics are loaded here"
        elif figure.name not in self.published.catalogue:
            why = f"the catalogue has no indicator {figure.name}"
        elif start is None or end is None:
            why = "it was cited without its period"
        else:
            indicator = self.published.catalogue[figure.name]
            series = self.published.series(figure.name, figure.area_code)
            found = over_period(indicator, series, start, end)
            if found is not None and found.value is not None:
                return _compared(figure, decimals, found)
            return _without_value(figure, decimals, indicator, series, found)
        return LiveFigure(figure, "unavailable", decimals, why=why)


def _without_value(
    figure: Figure,
    decimals: int,
    indicator: Indicator,
    series: Sequence[Published],
    found: Published | None,
) -> LiveFigure:
    """Gone where figures of other periods stand around it; else nobody loaded its file."""
    start, end = figure.period_start or date.max, figure.period_end or date.min
    period = period_label(start, end)
    known = [one for one in series if one.value is not None]
    status: Status = "gone"
    if found is not None and known:
        why = f"the figure of {period} has no value ({found.note or 'no note says why'})"
    elif parts_of_period(known, start, end):
        status = "unavailable"
        reason = why_not_whole(indicator) or "a part lacks its numerator or denominator"
        why = f"only parts of {period} are published, and {reason}"
    elif any(one.start <= start for one in known) and any(one.end >= end for one in known):
        why = f"there are figures of periods around it and none of {period}"
    else:
        status = "unavailable"
        why = "no statistics of this indicator and area are loaded here"
        if known:
            first, last = min(one.start for one in known), max(one.end for one in known)
            why = f"the statistics loaded here are of {period_label(first, last)}, not of {period}"
    return LiveFigure(figure, status, decimals, why=why)


def _measured(figure: Figure, decimals: int, tables: MeasureTables) -> LiveFigure:
    found = tables.look_up(figure.measures, figure.name, figure.key, figure.column)
    if found.value is not None:
        unit = unit_of_column(figure.column)
        return _with_value(figure, decimals, found.value, unit, source=found.place)
    status: Status = "gone" if found.is_there else "unavailable"
    return LiveFigure(figure, status, decimals, source=found.place, why=found.why)


def _compared(figure: Figure, decimals: int, found: Published) -> LiveFigure:
    return _with_value(
        figure, decimals, found.value or 0.0, found.unit, found.source, found.known, found.note
    )


def _with_value(
    figure: Figure, decimals: int, value: float, unit: str,
    source: str = "", known: date | None = None, note: str = "",
) -> LiveFigure:  # fmt: skip
    converted = convert_units(value, unit, figure.unit)
    if converted is None:
        why = f"it is in {unit} now and was cited in {figure.unit}"
        return LiveFigure(
            figure, "unavailable", decimals, value, unit, source=source, known=known, why=why
        )
    status: Status = "same" if is_same(figure.value, converted, decimals) else "changed"
    difference = converted - figure.value
    return LiveFigure(
        figure, status, decimals, value, unit, converted, difference, source, known, note
    )


def live_figures(review: Review, sources: FigureSources) -> dict[str, LiveFigure]:
    """What all cited figures of a review are now.

    Parameters
    ----------
    review : Review
        The review.
    sources : FigureSources
        Where to look.

    Returns
    -------
    dict of str to LiveFigure
        By the id of the evidence, as `warnings_of` and `chain_of` take them.

    Raises
    ------
    UserError
        If the store has been damaged.
    """
    texts = {one.evidence: review.evidence_by_id[one.evidence].text for one in review.figures}
    return sources.look_up_all(review.figures, texts)
