"""The data profile as an appendix of the report: where the area stands, and charts over time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from wholesystem.pictures.tables import PictureTable
from wholesystem.reports.documents.model import (
    Block,
    Cell,
    Column,
    Figure,
    Heading,
    Paragraph,
    Table,
)
from wholesystem.reports.documents.text import number_shown
from wholesystem.reports.profile_page import chart_over_time
from wholesystem.reports.profile_view import SummaryRow, summary_row

if TYPE_CHECKING:
    from wholesystem.indicators.profile.build import AreaProfile, IndicatorProfile

__all__ = ["data_annex", "picture_table"]

#: Charts at most: what stands out comes first, for its list is in the order of weight.
MOST_CHARTS = 12


def picture_table(table: PictureTable) -> Table:
    """The table behind a picture, as a document has it.

    Parameters
    ----------
    table : PictureTable
        Of any picture.

    Returns
    -------
    Table
        With the figures that its cells show.
    """
    columns = tuple(
        Column(heading, "right" if numeric else "left")
        for heading, numeric in zip(table.columns, table.numeric, strict=True)
    )
    return Table(
        table.title,
        columns,
        tuple(
            tuple(_cell(text, numeric) for text, numeric in zip(row, table.numeric, strict=True))
            for row in table.rows
        ),
    )


def _cell(text: str, numeric: bool) -> Cell | str:
    found = number_shown(text) if numeric else None
    return Cell(text, found[0]) if found else text


def data_annex(profile: AreaProfile, cited: Collection[str] = ()) -> tuple[Block, ...]:
    """The data profile of the area.

    Parameters
    ----------
    profile : AreaProfile
        From `make_profile`.
    cited : collection of str
        Indicators that evidence of the review cites, which are charted first.

    Returns
    -------
    tuple of Block
        Cautions, a table of every indicator by group, and charts over time of those that are cited
        or stand out, at most twelve.
    """
    blocks: list[Block] = [Paragraph(caution) for caution in profile.cautions]
    rows = [summary_row(one) for one in profile.indicators]
    for group in dict.fromkeys(one.group for one in rows):
        blocks.append(_summary_table(group, [one for one in rows if one.group == group]))
    charts = list(_charts(profile, cited))
    if charts:
        blocks += [Heading(2, "Charts over time"), *charts]
    return tuple(blocks)


def _summary_table(group: str, rows: list[SummaryRow]) -> Table:
    return Table(
        f"{group}: where the area stands",
        (
            Column("Indicator"), Column("Period"), Column("Area", "right"),
            Column("Comparators", "right"), Column("England", "right"), Column("Place"),
            Column("Trend"),
        ),
        tuple(
            (
                ", ".join(part for part in (one.name, one.unit) if part),
                one.period,
                _cell(one.latest, numeric=True),
                _cell(one.comparators, numeric=True),
                _cell(one.england, numeric=True),
                one.rank,
                one.trend,
            )
            for one in rows
        ),
        source="Published statistics; the file, sheet and cell of each figure stand in the data"
        " profile itself.",
    )  # fmt: skip


def _charts(profile: AreaProfile, cited: Collection[str]) -> Iterator[Figure]:
    weighty = [one.id for one in profile.stand_outs]
    charted = [one for one in profile.indicators if one.chart is not None]
    order = {name: at for at, name in enumerate(dict.fromkeys(weighty))}
    charted = [one for one in charted if one.indicator.indicator in cited or one.id in order]
    charted.sort(
        key=lambda one: (one.indicator.indicator not in cited, order.get(one.id, len(order)))
    )
    for one in charted[:MOST_CHARTS]:
        yield _chart(one, profile)


def _chart(one: IndicatorProfile, profile: AreaProfile) -> Figure:
    picture = chart_over_time(one, profile)
    told = one.chart.summary.sentences if one.chart else ()
    return Figure(
        f"the chart of {one.name}",
        picture.svg,
        " ".join((f"Chart over time of {one.name}.", *told)),
        f"{one.name}, {profile.area.name}",
        picture_table(picture.tables[0]),
        picture.source,
    )
