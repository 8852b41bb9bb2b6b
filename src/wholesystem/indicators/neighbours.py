"""Our own open statistical neighbours: the areas most like an area in stated features.

The distance is Euclidean over standardised features of `neighbour_features.csv`. Everything that
it rests on is published, and the method is printed wherever the neighbours are used. It is not
the model of the Chartered Institute of Public Finance and Accountancy, whose lists are licensed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wholesystem.errors import ParameterError
from wholesystem.indicators.areas import every_area
from wholesystem.indicators.small_tables import packaged_rows
from wholesystem.tables.cells import closest
from wholesystem.tables.rows import BlankText, Id, OptionalId, Row, Text, choice, number

__all__ = [
    "FEWEST_PEOPLE",
    "Feature",
    "LeftOut",
    "Neighbours",
    "neighbour_features",
    "packaged_features",
    "statistical_neighbours",
]

Floats = NDArray[np.float64]

# The City of London and the Isles of Scilly have under 10,000 residents; the next council,
# Rutland, has 40,000. Their shares say little and they would stretch every scale.
FEWEST_PEOPLE = 20_000


class Feature(Row):
    """What areas are likened by: a row of ``neighbour_features.csv``.

    Attributes
    ----------
    feature : str
        Id.
    name : str
        For people.
    kind : {'number', 'category'}
        Where two areas differ in a category, its weight is added to the squared distance.
    numerator, minus, denominator : str
        Indicators: multiplier x (numerator - minus) / denominator.
    multiplier : float or None
        100 for a share.
    scale : {'log', 'none'}
        Whether the logarithm is taken before standardising.
    weight : float
        Of the squared difference.
    reason, source : str
        Why it is here, and where its figures are from.
    """

    feature: Id
    name: Text
    kind: Annotated[Literal["number", "category"], choice("number", "category")]
    numerator: OptionalId
    minus: OptionalId
    denominator: OptionalId
    multiplier: Annotated[float | None, number(0, 1e9, blank=None, above=True)]
    scale: Annotated[Literal["log", "none"], choice("log", "none")]
    weight: Annotated[float, number(0, 100, above=True)]
    reason: BlankText
    source: Text


@dataclass(frozen=True)
class LeftOut:
    """The neighbours with one feature left out.

    Parameters
    ----------
    feature : str
        Name of the feature.
    stay : int
        Neighbours that stay.
    gone, come : tuple of str
        Names of those that leave and enter.
    """

    feature: str
    stay: int
    gone: tuple[str, ...]
    come: tuple[str, ...]


@dataclass(frozen=True)
class Neighbours:
    """The areas most like an area, nearest first.

    Parameters
    ----------
    area_code, area : str
        The area.
    year : int
        Of the population estimates.
    codes, names : tuple of str
        Neighbours, nearest first.
    distances : tuple of float
        0 for an area alike in every feature, 1 for the two areas of all that are least alike.
    contributions : tuple of dict of str to float
        For each neighbour, what each feature gives to its squared distance, in per cent.
    features : tuple of str
        Names of the features used.
    compared : int
        Areas among which they were sought, the area itself not counted.
    excluded : tuple of (str, str)
        Areas left out: name and why.
    left_out : tuple of LeftOut
        What changes with one feature less.
    steady : tuple of str
        Codes of the neighbours that stay whichever feature is left out.
    method : str
        To be printed wherever the neighbours are used.
    """

    area_code: str
    area: str
    year: int
    codes: tuple[str, ...]
    names: tuple[str, ...]
    distances: tuple[float, ...]
    contributions: tuple[Mapping[str, float], ...]
    features: tuple[str, ...]
    compared: int
    excluded: tuple[tuple[str, str], ...]
    left_out: tuple[LeftOut, ...]
    steady: tuple[str, ...]
    method: str

    @property
    def label(self) -> str:
        """Name of the list as a chart shows it."""
        return f"statistical neighbours, own open method, population of {self.year}"


@cache
def packaged_features() -> tuple[Feature, ...]:
    """The features that areas are likened by.

    Returns
    -------
    tuple of Feature
        Rows of ``neighbour_features.csv``.
    """
    return packaged_rows("neighbour_features", Feature)


def neighbour_features(
    figures: pd.DataFrame,
    *,
    year: int | None = None,
    features: tuple[Feature, ...] | None = None,
) -> pd.DataFrame:
    """Features of every council, of one year.

    Parameters
    ----------
    figures : pandas.DataFrame
        Population indicators with columns ``indicator``, ``area_code``, ``area``, ``area_kind``,
        ``period_end`` and ``value``; rows other than of kind ``area`` are passed over.
    year : int, optional
        Of the estimates; the latest that has every indicator where not given.
    features : tuple of Feature, optional
        Those of the package where not given.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``; columns ``area``, ``year``, ``people`` and one for each feature (NaN
        where an indicator is missing), in area order.

    Raises
    ------
    ParameterError
        If an indicator is missing, or the year is.
    """
    features = packaged_features() if features is None else features
    needed = {one for f in features for one in (f.numerator, f.minus, f.denominator) if one}
    rows = figures[(figures["area_kind"] == "area") & figures["indicator"].isin(needed)]
    years = pd.to_datetime(rows["period_end"]).dt.year
    chosen = _year(rows.assign(year=years), needed | {"population"}, year)
    rows = rows[years == chosen]
    wide = rows.pivot_table(index="area_code", columns="indicator", values="value", aggfunc="last")
    names = rows.drop_duplicates("area_code", keep="last").set_index("area_code")["area"]
    columns = {"area": names.reindex(wide.index), "year": chosen, "people": wide["population"]}
    columns |= {f.feature: _feature_values(wide, f) for f in features}
    return pd.DataFrame(columns, index=wide.index)


def _year(rows: pd.DataFrame, needed: set[str], year: int | None) -> int:
    full = rows.groupby("year")["indicator"].nunique()
    whole = sorted(int(one) for one in full.index[full >= len(needed)])
    if not whole:
        missing = ", ".join(sorted(needed - set(rows["indicator"]))) or "one of them"
        raise ParameterError(
            f"Statistical neighbours need the indicators {', '.join(sorted(needed))} of one year;"
            f" {missing} is missing. Load the population estimates by age."
        )
    if year is not None and year not in whole:
        raise ParameterError(
            f"There are no population estimates of {year}. There are those of"
            f" {', '.join(map(str, whole))}. Choose one of these years."
        )
    return whole[-1] if year is None else year


def _feature_values(wide: pd.DataFrame, feature: Feature) -> pd.Series:
    if feature.kind == "category":
        known = every_area()
        kinds = [known[code].type if code in known else "other" for code in wide.index]
        return pd.Series(kinds, index=wide.index)
    value = wide[feature.numerator]
    if feature.minus:
        value = value - wide[feature.minus]
    if feature.denominator:
        value = value / wide[feature.denominator]
    return value * (feature.multiplier or 1.0)


def statistical_neighbours(
    features: pd.DataFrame,
    area_code: str,
    k: int = 15,
    *,
    table: tuple[Feature, ...] | None = None,
) -> Neighbours:
    """The areas most like an area.

    Parameters
    ----------
    features : pandas.DataFrame
        As `neighbour_features` gives it; a feature of a user's own is a further column and a
        further row of `table`.
    area_code : str
        The area.
    k : int
        Number of neighbours, at least 1.
    table : tuple of Feature, optional
        Features to use; those of the package where not given.

    Returns
    -------
    Neighbours
        Nearest first; of two at the same distance the one with the lower code first.

    Raises
    ------
    ParameterError
        If the area is not there, has too few people to be compared or lacks a feature, or there
        are not enough other areas.

    Notes
    -----
    d^2 = sum of weight x ((x - y) / sd)^2 over numbers, and weight where a category differs; sd
    over all areas compared. Rebased: d over the largest d of any two of these areas.
    """
    table = packaged_features() if table is None else table
    kept, excluded = _kept(features, table)
    _check_asked(features, kept, excluded, area_code, k)
    parts = _squares(kept, table)
    at = int(kept.index.get_loc(area_code))
    total = np.asarray(np.sum(list(parts.values()), axis=0))
    chosen = _nearest(total, at, k)
    left = tuple(_leave_out(parts, name, table, kept, at, chosen) for name in parts)
    steady = [i for i in chosen if all(kept["area"].iloc[i] not in one.gone for one in left)]
    largest = float(np.sqrt(total.max()))
    year = int(kept["year"].iloc[at])
    return Neighbours(
        area_code,
        str(kept["area"].iloc[at]),
        year,
        tuple(str(kept.index[i]) for i in chosen),
        tuple(str(kept["area"].iloc[i]) for i in chosen),
        tuple(float(np.sqrt(total[at, i])) / largest for i in chosen),
        tuple(_contributions(parts, at, i) for i in chosen),
        tuple(feature.name for feature in table),
        len(kept) - 1,
        excluded,
        left,
        tuple(str(kept.index[i]) for i in steady),
        _method(table, len(kept), year, excluded),
    )


def _kept(
    features: pd.DataFrame, table: tuple[Feature, ...]
) -> tuple[pd.DataFrame, tuple[tuple[str, str], ...]]:
    features = features.sort_index()
    few = features["people"] < FEWEST_PEOPLE
    gaps = features[[feature.feature for feature in table]].isna().any(axis=1)
    why = [(str(name), f"fewer than {FEWEST_PEOPLE:,} people") for name in features["area"][few]]
    why += [(str(name), "a feature is missing") for name in features["area"][gaps & ~few]]
    return features[~few & ~gaps], tuple(why)


def _check_asked(
    features: pd.DataFrame,
    kept: pd.DataFrame,
    excluded: tuple[tuple[str, str], ...],
    code: str,
    k: int,
) -> None:
    if code not in features.index:
        near = closest(code, [str(one) for one in features.index])
        raise ParameterError(
            f"There are no features of {code!r}. "
            + (f"Did you mean {near}?" if near else "Check the code and the year.")
        )
    if code not in kept.index:
        name = str(features["area"][code])
        raise ParameterError(
            f"{name} has no statistical neighbours: {dict(excluded)[name]}."
            " Supply a list of comparators for it."
        )
    if not 1 <= k < len(kept):
        raise ParameterError(
            f"{k} neighbours were asked for. It must be at least 1 and at most {len(kept) - 1},"
            " the number of other areas. Ask for 15."
        )


def _squares(kept: pd.DataFrame, table: tuple[Feature, ...]) -> dict[str, Floats]:
    """Weighted squared differences of all pairs, by feature."""
    found = {}
    for feature in table:
        column = kept[feature.feature]
        if feature.kind == "category":
            words = column.to_numpy(dtype=object)
            apart = (words[:, None] != words[None, :]).astype(np.float64)
        else:
            values = column.to_numpy(dtype=np.float64)
            values = np.log(values) if feature.scale == "log" else values
            spread = values.std()
            values = (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)
            apart = (values[:, None] - values[None, :]) ** 2
        found[feature.feature] = feature.weight * apart
    return found


def _nearest(total: Floats, at: int, k: int) -> list[int]:
    # Rows are in the order of codes, so a stable sort breaks ties by code.
    order = np.argsort(total[at], kind="stable")
    return [int(i) for i in order if i != at][:k]


def _leave_out(
    parts: dict[str, Floats],
    name: str,
    table: tuple[Feature, ...],
    kept: pd.DataFrame,
    at: int,
    chosen: list[int],
) -> LeftOut:
    rest = [one for other, one in parts.items() if other != name]
    label = next(feature.name for feature in table if feature.feature == name)
    if not rest:
        return LeftOut(label, len(chosen), (), ())
    others = _nearest(np.asarray(np.sum(rest, axis=0)), at, len(chosen))
    gone = tuple(str(kept["area"].iloc[i]) for i in chosen if i not in others)
    come = tuple(str(kept["area"].iloc[i]) for i in others if i not in chosen)
    return LeftOut(label, len(chosen) - len(gone), gone, come)


def _contributions(parts: dict[str, Floats], at: int, other: int) -> dict[str, float]:
    total = sum(float(one[at, other]) for one in parts.values())
    return {
        name: 100 * float(one[at, other]) / total if total > 0 else 0.0
        for name, one in parts.items()
    }


def _method(
    table: tuple[Feature, ...], areas: int, year: int, excluded: tuple[tuple[str, str], ...]
) -> str:
    without = ", ".join(f"{name} ({why})" for name, why in excluded)
    left = f" Left out: {without}." if excluded else ""
    return (
        f"Statistical neighbours by our own open method, among {areas} councils, with population"
        f" estimates of mid-{year}. Features: {'; '.join(map(_feature_words, table))}. Numbers are"
        " standardised over these councils; the distance is the root of the sum of squares, shown"
        f" as a share of the largest between any two councils.{left} This is not the CIPFA model"
        " and not the list used in any review."
    )


def _feature_words(feature: Feature) -> str:
    name = feature.name[0].lower() + feature.name[1:]
    if feature.kind == "category":
        return f"{name} (another adds {feature.weight:g} to the square of the distance)"
    notes = ["logarithm"] * (feature.scale == "log")
    notes += [f"weight {feature.weight:g}"] * (feature.weight != 1)
    return f"{name} ({', '.join(notes)})" if notes else name
