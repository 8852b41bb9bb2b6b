"""From a comparison to the points and lines of its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wholesystem.pictures.area_chart import AreaPoint, Reference, Role
from wholesystem.pictures.funnel_chart import FunnelLines, FunnelPoint
from wholesystem.pictures.tables import PictureTable

if TYPE_CHECKING:
    from wholesystem.indicators.area_figures import AreaFigures
    from wholesystem.indicators.comparison import Comparison
    from wholesystem.indicators.funnel import Funnel
    from wholesystem.indicators.neighbours import Neighbours

__all__ = ["area_points", "funnel_lines", "funnel_points", "neighbour_tables", "references_of"]


def area_points(
    figures: AreaFigures, comparison: Comparison, *, intervals: bool = True
) -> tuple[AreaPoint, ...]:
    """Points of `area_chart` and `comparator_chart`.

    Parameters
    ----------
    figures : AreaFigures
        All areas in the period.
    comparison : Comparison
        Of the area looked at.
    intervals : bool
        Whether to draw the interval of every area, where the indicator has one.

    Returns
    -------
    tuple of AreaPoint
        Areas that it is ranked among, and comparators without a row.
    """
    from wholesystem.indicators.intervals import Interval

    group = comparison.comparators
    codes = group.codes if group else ()
    points = []
    for i in figures.peers(comparison.area_code):
        code = figures.codes[i]
        role: Role = "comparator" if code in codes else "other"
        role = "area" if code == comparison.area_code else role
        found = figures.interval(i, comparison.level) if intervals else None
        points.append(
            AreaPoint(
                figures.names[i],
                figures.value(code),
                role,
                found.lower if isinstance(found, Interval) else None,
                found.upper if isinstance(found, Interval) else None,
                figures.why_missing(code),
            )
        )
    if group is not None:
        absent = [c for c in codes if c not in figures.at]
        names = dict(zip(codes, group.names, strict=True))
        points += [
            AreaPoint(names[c], None, "comparator", note=figures.why_missing(c)) for c in absent
        ]
    return tuple(points)


def references_of(comparison: Comparison) -> tuple[Reference, ...]:
    """Lines of the pictures: England, and the comparators together.

    Parameters
    ----------
    comparison : Comparison
        Of the area looked at.

    Returns
    -------
    tuple of Reference
        Those that can be compared with the area: no total of a count.
    """
    found = []
    england, group = comparison.england, comparison.comparators
    if england is not None and england.difference is not None:
        found.append(Reference("England", england.value))
    if group is not None and group.versus.value is not None:
        pooled = "sum" in group.versus.basis
        name = "Comparators together" if pooled else "Mean of comparators"
        found.append(Reference(name, group.versus.value, "comparators"))
    return tuple(found)


def funnel_points(
    figures: AreaFigures, comparison: Comparison, made: Funnel
) -> tuple[FunnelPoint, ...]:
    """Points of `funnel_chart`.

    Parameters
    ----------
    figures : AreaFigures
        All areas in the period.
    comparison : Comparison
        Of the area looked at.
    made : Funnel
        Of the areas at ``figures.peers(comparison.area_code)``, in that order.

    Returns
    -------
    tuple of FunnelPoint
        The same areas.
    """
    codes = comparison.comparators.codes if comparison.comparators else ()
    points = []
    for outside, i in zip(made.outside, figures.peers(comparison.area_code), strict=True):
        code, size = figures.codes[i], float(figures.denominators[i])
        role: Role = "comparator" if code in codes else "other"
        role = "area" if code == comparison.area_code else role
        points.append(FunnelPoint(figures.names[i], size, figures.value(code), int(outside), role))
    return tuple(points)


def funnel_lines(made: Funnel) -> FunnelLines:
    """Lines of `funnel_chart`.

    Parameters
    ----------
    made : Funnel
        The funnel.

    Returns
    -------
    FunnelLines
        The same limits.
    """
    limits = [one.tolist() for level in (0.95, 0.998) for one in made.limits[level]]
    return FunnelLines(made.baseline, made.sizes.tolist(), *limits)


def neighbour_tables(neighbours: Neighbours) -> tuple[PictureTable, PictureTable]:
    """Who the statistical neighbours are, and who they would be with one feature less.

    Parameters
    ----------
    neighbours : Neighbours
        Of one area.

    Returns
    -------
    tuple of PictureTable
        The neighbours with their distances and what each feature gives to them; and, for each
        feature left out, how many stay, who leaves and who comes.
    """
    steady = set(neighbours.steady)
    found = zip(
        neighbours.codes,
        neighbours.names,
        neighbours.distances,
        neighbours.contributions,
        strict=True,
    )
    rows = tuple(
        (
            name,
            f"{distance:.2f}",
            *(f"{share:.0f}" for share in given.values()),
            "yes" if code in steady else "no",
        )
        for code, name, distance, given in found
    )
    heads = (
        "Area",
        "Distance, 0 to 1",
        *(f"{name} (% of distance)" for name in neighbours.features),
    )
    near = PictureTable(
        f"Statistical neighbours of {neighbours.area}, nearest first",
        (*heads, "Stays whichever feature is left out"),
        rows,
        (False, *([True] * (len(heads) - 1)), False),
    )
    left = tuple(
        (one.feature, str(one.stay), ", ".join(one.gone), ", ".join(one.come))
        for one in neighbours.left_out
    )
    words = f"Neighbours of {neighbours.area} with one feature left out"
    columns = ("Feature left out", "Neighbours that stay", "Leave", "Come")
    return near, PictureTable(words, columns, left, (False, True, False, False))
