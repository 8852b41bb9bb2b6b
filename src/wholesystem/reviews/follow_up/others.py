"""Which areas an area is held against, the one that decides first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wholesystem.errors import ParameterError
from wholesystem.indicators.areas import ENGLAND, every_area
from wholesystem.indicators.comparators import ComparatorList, comparators_of
from wholesystem.reviews.follow_up.observed import Against

if TYPE_CHECKING:
    from wholesystem.indicators.store import Store

__all__ = ["held_against", "neighbours_of"]

NEIGHBOURS = 15


def held_against(
    area_code: str,
    lists: Sequence[ComparatorList] = (),
    *,
    named: str = "",
    neighbours: Against | None = None,
) -> tuple[tuple[Against, ...], str]:
    """The areas that an area is held against, the one that decides first.

    Parameters
    ----------
    area_code : str
        Of a council, or a trust.
    lists : sequence of ComparatorList
        Of any areas; of this one's, the first decides unless another is named.
    named : str
        Name of the list that the plan holds a measure against.
    neighbours : Against, optional
        Statistical neighbours, from `neighbours_of`; they decide where there is no list.

    Returns
    -------
    others : tuple of Against
        Lists, neighbours, the region, England. Nothing is ever chosen because of what it shows.
    caution : str
        Why the list that was named is not among them; empty where it is, or none was named.
    """
    mine = [one for one in lists if one.area_code == area_code]
    caution = ""
    try:
        first = comparators_of(lists, area_code, named)
    except ParameterError as error:
        first, caution = None, str(error)
    if first is not None:
        mine = [first, *(one for one in mine if one is not first)]
    found = [Against(one.label, one.codes, one.source) for one in mine]
    found += [neighbours] if neighbours is not None else []
    region = every_area()[area_code].region_code if area_code in every_area() else ""
    if region:
        found.append(Against(every_area()[region].name, (region,), "the region that it lies in"))
    if area_code != ENGLAND:
        found.append(Against("England", (ENGLAND,), "the country, this area included"))
    return tuple(found), caution


def neighbours_of(store: Store, area_code: str, many: int = NEIGHBOURS) -> Against | None:
    """Statistical neighbours by our own open method, worked out from the store's populations.

    Parameters
    ----------
    store : Store
        Of figures as published; it must hold all councils, or the neighbours are those among
        the few that it holds.
    area_code : str
        Of a council.
    many : int
        How many.

    Returns
    -------
    Against or None
        None where the populations are not there.
    """
    import pandas as pd

    from wholesystem.indicators.neighbours import (
        neighbour_features,
        packaged_features,
        statistical_neighbours,
    )
    from wholesystem.indicators.series import Figures

    parts = {"population"}
    for one in packaged_features():
        parts |= {part for part in (one.numerator, one.minus, one.denominator) if part}
    figures = Figures(store, sourced=())
    figures.prepare(sorted(parts))
    frames = [figures.series(name) for name in sorted(parts)]
    try:
        features = neighbour_features(pd.concat(frames, ignore_index=True))
        near = statistical_neighbours(features, area_code, many)
    except ParameterError:
        return None
    return Against(near.label, near.codes, near.method)
