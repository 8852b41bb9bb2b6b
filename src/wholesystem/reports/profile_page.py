"""The page of a profile: its summary, what stands out, and a part for each indicator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from wholesystem.indicators.profile.standouts import PARTS, StandOut, rules
from wholesystem.pictures.area_chart import area_chart, area_table, comparator_chart
from wholesystem.pictures.compare_points import (
    area_points,
    funnel_lines,
    funnel_points,
    neighbour_tables,
    references_of,
)
from wholesystem.pictures.funnel_chart import funnel_chart, funnel_table
from wholesystem.pictures.small_multiples import Panel, panels_table, small_multiples
from wholesystem.pictures.sparkline import draw_sparkline
from wholesystem.pictures.spc_chart import ReferenceLine, draw_spc_chart
from wholesystem.pictures.spc_icons import draw_icon
from wholesystem.pictures.tables import PictureTable
from wholesystem.reports.page import BRIEF_ROWS, LONG_ROWS, Picture, template
from wholesystem.reports.profile_view import (
    SummaryRow,
    comparison_lines,
    definition_rows,
    figure,
    summary_row,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wholesystem.indicators.profile.build import AreaProfile, IndicatorProfile

__all__ = ["LoadedFile", "chart_over_time", "profile_page"]

#: So many sentences of a part of the list stand open; the rest on request.
OPEN_SENTENCES = 8
# The panels of small multiples: heading, and the indicators by their endings.
_MULTIPLES = (
    ("Delays by reason", "dtoc_rate_reason_", None),
    ("Delays by body responsible and type of care", "dtoc_rate_",
     ("nhs", "social_care", "both", "acute", "non_acute")),
)  # fmt: skip


@dataclass(frozen=True)
class LoadedFile:
    """A file that figures were read from, for the list at the end.

    Parameters
    ----------
    file, format : str
        Its name as published, and what it was recognised as.
    rows_read, rows_kept : int
        Rows of its tables, and those of them that became figures.
    skipped : str
        Why the others did not; empty where there are none.
    """

    file: str
    format: str
    rows_read: int
    rows_kept: int
    skipped: str = ""


@dataclass(frozen=True)
class _Part:
    """One indicator on the page."""

    id: str
    name: str
    group: str
    note: str
    sentences: tuple[str, ...]
    pictures: tuple[Picture, ...]
    definition: list[tuple[str, str]]
    caveats: str
    comparison: tuple[str, ...]
    method: str


def profile_page(
    profile: AreaProfile, files: Sequence[LoadedFile] = (), more: Sequence[Picture] = ()
) -> str:
    """HTML of a profile: one file, no script, no network.

    Parameters
    ----------
    profile : AreaProfile
        From `make_profile`.
    files : sequence of LoadedFile
        Files that the figures were read from; none leaves the list out.
    more : sequence of Picture
        Further pictures and tables, after the list of what stands out.

    Returns
    -------
    str
        A complete document.
    """
    rows = [summary_row(one) for one in profile.indicators]
    sparklines = {one.id: _sparkline(one) for one in profile.indicators}
    return template("profile.html.j2").render(
        profile=profile,
        title=f"{profile.area.name}: local data profile",
        lead=_lead(profile),
        groups=_groups(rows),
        sparklines=sparklines,
        icon=draw_icon,
        stand_outs=_stand_out_parts(profile.stand_outs),
        open_sentences=OPEN_SENTENCES,
        rules=_rules_table(),
        comparators=_comparators_tables(profile),
        multiples=_multiples(profile),
        more=more,
        parts=[_part(one, profile) for one in profile.indicators],
        files=_files_table(files),
        long_rows=LONG_ROWS,
        brief_rows=BRIEF_ROWS,
    )


def _lead(profile: AreaProfile) -> str:
    words = [
        f"{len(profile.indicators)} indicators from national collections, the latest of"
        f" {profile.latest_day.day} {profile.latest_day:%B %Y}."
    ]
    if profile.comparators:
        words.append(f"Comparators: {profile.comparators.label}.")
    if profile.options.known_on:
        words.append(
            f"As known on {profile.options.known_on.day} {profile.options.known_on:%B %Y}."
        )
    return " ".join(words)


def _groups(rows: Iterable[SummaryRow]) -> list[tuple[str, list[SummaryRow]]]:
    found: dict[str, list[SummaryRow]] = {}
    for row in rows:
        found.setdefault(row.group, []).append(row)
    return list(found.items())


def _sparkline(one: IndicatorProfile) -> str:
    return draw_sparkline(one.chart) if one.chart else ""


# ------------------------------------------------------------------------ what stands out


def _stand_out_parts(found: Sequence[StandOut]) -> list[tuple[str, list[StandOut]]]:
    parts = [(PARTS[part], [one for one in found if one.part == part]) for part in PARTS]
    return [(heading, some) for heading, some in parts if some]


def _rules_table() -> PictureTable:
    return PictureTable(
        "The rules of this list",
        ("Rule", "When it speaks", "Threshold", "Why"),
        tuple(
            (
                rule.rule.replace("_", " "),
                rule.words,
                "" if rule.threshold is None else f"{rule.threshold:g}",
                rule.why,
            )
            for rule in rules()
        ),
        (False, False, True, False),
    )


def _comparators_tables(profile: AreaProfile) -> tuple[PictureTable, ...]:
    chosen = profile.comparators
    if chosen is None:
        return ()
    if chosen.neighbours is not None:
        return neighbour_tables(chosen.neighbours)
    rows = tuple(zip(chosen.names, chosen.codes, strict=True))
    return (PictureTable("Comparators", ("Area", "Code"), rows, (False, False)),)


# ------------------------------------------------------------------------ small multiples


def _multiples(profile: AreaProfile) -> list[Picture]:
    pictures = []
    for heading, start, endings in _MULTIPLES:
        chosen = [
            one
            for one in profile.indicators
            if one.indicator.indicator.startswith(start)
            and (endings is None or one.indicator.indicator.removeprefix(start) in endings)
        ]
        if len(chosen) > 1:
            pictures.append(_multiple(heading, chosen, profile))
    return pictures


def _multiple(heading: str, chosen: Sequence[IndicatorProfile], profile: AreaProfile) -> Picture:
    days = sorted({start for one in chosen for start, _ in one.periods})
    panels = [
        Panel(
            _short_name(one),
            _on(days, one, one.values),
            _on(days, one, one.england),
            _on(days, one, one.comparators),
        )
        for one in chosen
    ]
    first = chosen[0].indicator
    settings: dict[str, Any] = {
        "title": f"{heading}: {profile.area.name}",
        "unit": first.unit,
        "area_name": profile.area.name,
        "decimals": first.decimals,
    }
    return Picture(
        small_multiples(days, panels, **settings),
        (panels_table(days, panels, **settings),),
        source=f"{first.unit[:1].upper()}{first.unit[1:]}. {first.source}",
        folded=True,
        heading=heading,
    )


def _short_name(one: IndicatorProfile) -> str:
    """What tells the indicator from its group: the words after its last colon, or its comma."""
    name = one.indicator.name
    part = name.rpartition(": " if ": " in name else ", ")[2]
    return part[:1].upper() + part[1:]


def _on(
    days: Sequence[date], one: IndicatorProfile, values: NDArray[np.float64]
) -> list[float | None]:
    by_day = {start: float(v) for (start, _), v in zip(one.periods, values, strict=True)}
    return [_known(by_day.get(day)) for day in days]


def _known(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else value


# ------------------------------------------------------------------------ one indicator


def _part(one: IndicatorProfile, profile: AreaProfile) -> _Part:
    pictures = [chart_over_time(one, profile), *_across_areas(one), *_funnel(one)]
    group = one.comparison.comparators
    return _Part(
        one.id,
        one.name,
        one.indicator.group,
        one.subject.note,
        one.chart.summary.sentences if one.chart else _alone(one),
        tuple(pictures),
        definition_rows(one),
        one.indicator.caveats,
        comparison_lines(one),
        profile.comparators.method if group and profile.comparators else "",
    )


def _alone(one: IndicatorProfile) -> tuple[str, ...]:
    return (
        f"{figure(one, one.latest_value, unit=True)} {one.latest_when}. A chart over time"
        " needs two figures or more.",
    )


def chart_over_time(one: IndicatorProfile, profile: AreaProfile) -> Picture:
    """The chart of an indicator over time, with the table of its points.

    Parameters
    ----------
    one : IndicatorProfile
        Of the profile.
    profile : AreaProfile
        Whose it is.

    Returns
    -------
    Picture
        Without a picture where there are fewer than two figures.
    """
    title = f"{one.name}, {profile.area.name}" if one.subject.kind != "trust" else one.name
    svg = ""
    if one.chart:
        svg = draw_spc_chart(one.chart, title=title, references=_reference_lines(one))
    return Picture(
        svg, (_points_table(one, title),), source=_over_time_source(one), folded=True,
        heading="Over time",
    )  # fmt: skip


def _reference_lines(one: IndicatorProfile) -> list[ReferenceLine]:
    if one.indicator.kind == "count":
        return []
    days = tuple(start for start, _ in one.periods)
    lines = (("England", one.england), ("Comparators together", one.comparators))
    return [
        ReferenceLine(label, days, tuple(_known(v) for v in values.tolist()))
        for label, values in lines
        if not np.isnan(values).all()
    ]


def _over_time_source(one: IndicatorProfile) -> str:
    return (
        f"{one.labels[0]} to {one.labels[-1]}. {one.indicator.source.rstrip('.')}."
        " The file, sheet and cell of each figure stand in the table."
    )


def _points_table(one: IndicatorProfile, title: str) -> PictureTable:
    columns = ["Period", f"Figure ({one.indicator.unit})", "Numerator", "Denominator", "England",
               "Comparators", "Mean", "Limits", "Rule broken", "Where it was read",
               "Note"]  # fmt: skip
    rows = [
        (
            label,
            figure(one, one.values[i]),
            _whole(one.row.numerators[i]),
            _whole(one.row.denominators[i]),
            figure(one, one.england[i]),
            figure(one, one.comparators[i]),
            *_limits(one, i),
            one.row.sources[i],
            one.row.notes[i],
        )
        for i, label in enumerate(one.labels)
    ]
    keep = [c for c in range(len(columns)) if c < 2 or any(row[c] not in ("", "–") for row in rows)]
    numeric = (False, True, True, True, True, True, True, True, False, False, False)
    return PictureTable(
        title,
        tuple(columns[c] for c in keep),
        tuple(tuple(row[c] for c in keep) for row in rows),
        tuple(numeric[c] for c in keep),
    )


def _whole(value: float) -> str:
    if np.isnan(value):
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _limits(one: IndicatorProfile, i: int) -> tuple[str, str, str]:
    if one.chart is None:
        return "", "", ""
    limits = one.chart.limits
    low, high = figure(one, limits.lower[i]), figure(one, limits.upper[i])
    return figure(one, limits.centre[i]), f"{low} to {high}", one.chart.special_causes[i]


def _across_areas(one: IndicatorProfile) -> list[Picture]:
    comparison, row, rank = one.comparison, one.indicator, one.comparison.rank
    if rank is None or rank.of < 2:
        return []
    points = area_points(one.areas, comparison, intervals=False)
    lines = references_of(comparison)
    kind = "trusts" if one.subject.kind == "trust" else "councils"
    title = f"{row.name}, {one.latest_period}: {one.subject.name} among {kind}"
    words: dict[str, Any] = {
        "title": title,
        "unit": row.unit,
        "decimals": row.decimals,
        "references": lines,
    }
    group = comparison.comparators
    name = group.name if group else "comparators"
    pictures = [
        Picture(
            area_chart(points, better=row.better, comparators_name=name, things=kind, **words),
            (area_table(points, **words),),
            source=row.source,
            folded=True,
            heading=f"Among {rank.of} {kind}",
        )
    ]
    if group is not None:
        drawn = area_points(one.areas, comparison)
        pictures.append(Picture(comparator_chart(drawn, **words), source=group.name))
    return pictures


def _funnel(one: IndicatorProfile) -> list[Picture]:
    if one.funnel is None:
        return []
    row = one.indicator
    note = one.funnel.dispersion.words if one.funnel.dispersion else ""
    points = funnel_points(one.areas, one.comparison, one.funnel)
    words: dict[str, Any] = {
        "title": f"{row.name}, {one.latest_period}: funnel",
        "unit": row.unit,
        "size_words": row.denominator[:1].lower() + row.denominator[1:],
        "decimals": row.decimals,
    }
    return [
        Picture(
            funnel_chart(points, funnel_lines(one.funnel), note=note, **words),
            (funnel_table(points, **words),),
            source=note,
            folded=True,
            heading="More than chance explains?",
        )
    ]


def _files_table(files: Sequence[LoadedFile]) -> PictureTable | None:
    if not files:
        return None
    return PictureTable(
        "Files that the figures were read from",
        ("File", "Format", "Rows read", "Rows kept", "Rows skipped and why"),
        tuple(
            (one.file, one.format, f"{one.rows_read:,}", f"{one.rows_kept:,}", one.skipped)
            for one in files
        ),
        (False, False, True, True, False),
    )
