"""An area among all areas, and beside its comparators by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from wholesystem.indicators.spc.words import format_value
from wholesystem.pictures.axes import (
    LinearScale,
    level_axis,
    linear_scale,
    picture,
    unit_sign,
    upright_axis,
)
from wholesystem.pictures.marks import (
    SIZE,
    WIDTH,
    LegendEntry,
    chart_mark,
    draw_legend,
    draw_line,
    draw_mark,
    draw_unit,
    has_value,
)
from wholesystem.pictures.palette import INK, PAPER, QUIET_INK
from wholesystem.pictures.svg import number, text_line, text_width
from wholesystem.pictures.tables import PictureTable

__all__ = ["AreaPoint", "Reference", "area_chart", "area_table", "comparator_chart"]

Role = Literal["area", "comparator", "other"]


@dataclass(frozen=True)
class AreaPoint:
    """One area's figure.

    Parameters
    ----------
    name : str
        Of the area.
    value : float or None
        The figure; None where it has none.
    role : str
        ``area`` (the one looked at), ``comparator`` or ``other``.
    lower, upper : float or None
        Limits of its interval; None where there is none.
    note : str
        Why it has no figure.
    """

    name: str
    value: float | None
    role: Role = "other"
    lower: float | None = None
    upper: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Reference:
    """A figure drawn as a line across.

    Parameters
    ----------
    name : str
        Such as ``England``.
    value : float or None
        The figure; None draws nothing.
    kind : str
        ``england`` or ``comparators``: its dash.
    """

    name: str
    value: float | None
    kind: Literal["england", "comparators"] = "england"


def area_chart(
    points: Sequence[AreaPoint],
    *,
    title: str,
    unit: str,
    decimals: int = 1,
    better: str = "none",
    references: Sequence[Reference] = (),
    comparators_name: str = "comparators",
    things: str = "areas",
    mark: str | None = None,
) -> str:
    """All areas from lowest to highest, with the area, its comparators and England marked.

    Parameters
    ----------
    points : sequence of AreaPoint
        Every area; those without a figure are counted beneath.
    title : str
        Figure, period and area.
    unit : str
        Of the figure.
    decimals : int
        Of the figures in words.
    better : str
        ``low``, ``high`` or ``none``.
    references : sequence of Reference
        Lines across.
    comparators_name : str
        Name and date of the list.
    things : str
        What they are, in the plural: ``councils``, ``trusts``.
    mark : str, optional
        Start of the ids; made of the content where not given.

    Returns
    -------
    str
        SVG.
    """
    shown = sorted((p for p in points if has_value(p.value)), key=_value)
    lines = [r for r in references if has_value(r.value)]
    legend, top = draw_legend(_legend(shown, lines, decimals, unit, comparators_name, things), 4)
    unit_words, top = draw_unit(unit, 4, top + 4)
    height = top + 310
    scale, left = _upright_scale(shown, lines, height - 62, top + 14)
    parts = [legend, unit_words, upright_axis(scale, left, WIDTH, unit=unit_sign(unit), size=SIZE)]
    parts += [
        draw_line(r.kind, f"M{number(left)} {number(scale.place(_known(r.value)))}H{number(WIDTH)}")
        for r in lines
    ]
    parts += _ranked_marks(shown, scale, left, decimals)
    parts += _foot(shown, points, better, left, height, things)
    words = _describe(shown, lines, points, decimals, unit, things)
    made = mark or chart_mark("areas", title, *parts)
    return picture(WIDTH, height, title, words, parts, mark=made)


def comparator_chart(
    points: Sequence[AreaPoint],
    *,
    title: str,
    unit: str,
    decimals: int = 1,
    references: Sequence[Reference] = (),
    mark: str | None = None,
) -> str:
    """The area and its comparators by name, from highest to lowest, with their intervals.

    Parameters
    ----------
    points : sequence of AreaPoint
        The area and its comparators; others are passed over.
    title : str
        Figure, period and area.
    unit : str
        Of the figure.
    decimals : int
        Of the figures in words.
    references : sequence of Reference
        Lines down.
    mark : str, optional
        Start of the ids; made of the content where not given.

    Returns
    -------
    str
        SVG.
    """
    named = [p for p in points if p.role != "other"]
    shown = sorted((p for p in named if has_value(p.value)), key=_value, reverse=True)
    gone = sorted((p for p in named if not has_value(p.value)), key=lambda p: p.name)
    lines = [r for r in references if has_value(r.value)]
    legend, top = draw_legend(_reference_entries(lines, decimals, unit), 4)
    top += 10
    step, left = 26.0, _name_room(named)
    foot = top + step * (len(shown) + len(gone)) + 6
    scale = _level_scale(_all_values(shown, lines), left + 12, WIDTH - 58)
    parts = [legend, level_axis(scale, top, foot, unit=unit_sign(unit), size=SIZE)]
    parts += [
        draw_line(r.kind, f"M{number(scale.place(_known(r.value)))} {number(top)}V{number(foot)}")
        for r in lines
    ]
    for i, point in enumerate([*shown, *gone]):
        parts.append(_named_row(point, scale, left, top + step * (i + 0.5), decimals))
    unit_words, end = draw_unit(unit, 4, foot + 28)
    parts.append(unit_words)
    words = _describe(shown, lines, named, decimals, unit)
    made = mark or chart_mark("comparators", title, *parts)
    return picture(WIDTH, end + 6, title, words, parts, mark=made)


def area_table(
    points: Sequence[AreaPoint],
    *,
    title: str,
    unit: str,
    decimals: int = 1,
    references: Sequence[Reference] = (),
) -> PictureTable:
    """The table behind `area_chart` and `comparator_chart`.

    Parameters
    ----------
    points : sequence of AreaPoint
        As drawn.
    title : str
        Caption.
    unit : str
        Of the figure.
    decimals : int
        Of the figures.
    references : sequence of Reference
        As drawn; they come first.

    Returns
    -------
    PictureTable
        Areas from highest to lowest, then those without a figure and why.
    """
    shown = sorted((p for p in points if has_value(p.value)), key=_value, reverse=True)
    gone = sorted((p for p in points if not has_value(p.value)), key=lambda p: p.name)
    intervals = any(has_value(p.lower) for p in shown)
    rows = [
        (r.name, "line across", format_value(r.value, decimals), *([""] * 2 * intervals), "")
        for r in references
    ]
    for p in [*shown, *gone]:
        limits = [format_value(limit, decimals) for limit in (p.lower, p.upper)] * intervals
        rows.append((p.name, _ROLES[p.role], format_value(p.value, decimals), *limits, p.note))
    heads = ["Area", "Shown as", f"Figure ({unit})"]
    heads += ["Lower limit", "Upper limit"] * intervals
    numeric = (False, False, True, *([True] * 2 * intervals), False)
    return PictureTable(title, (*heads, "Note"), tuple(rows), numeric)


_ROLES = {"area": "this area", "comparator": "comparator", "other": "other area"}


def _value(point: AreaPoint) -> float:
    return _known(point.value)


def _known(value: float | None) -> float:
    return 0.0 if value is None else value


def _figure(value: float | None, decimals: int, unit: str) -> str:
    return format_value(value, decimals) + unit_sign(unit)


def _all_values(shown: Sequence[AreaPoint], lines: Sequence[Reference]) -> list[float | None]:
    found: list[float | None] = [r.value for r in lines]
    for point in shown:
        found += [point.value, point.lower, point.upper]
    return found


def _upright_scale(
    shown: Sequence[AreaPoint], lines: Sequence[Reference], foot: float, top: float
) -> tuple[LinearScale, float]:
    scale = linear_scale(_all_values(shown, lines), foot, top)
    widest = max(text_width(words, SIZE) for words in scale.labels("%"))
    return scale, widest + 14


def _legend(
    shown: Sequence[AreaPoint],
    lines: Sequence[Reference],
    decimals: int,
    unit: str,
    comparators_name: str,
    things: str,
) -> list[LegendEntry]:
    own = [p for p in shown if p.role == "area"]
    entries = [LegendEntry("area", f"{p.name} {_figure(p.value, decimals, unit)}") for p in own]
    many = sum(p.role == "comparator" for p in shown)
    if many:
        entries.append(LegendEntry("comparator", f"{many} {comparators_name}"))
    if any(p.role == "other" for p in shown):
        entries.append(LegendEntry("other", f"other {things}"))
    return entries + _reference_entries(lines, decimals, unit)


def _reference_entries(lines: Sequence[Reference], decimals: int, unit: str) -> list[LegendEntry]:
    return [LegendEntry(r.kind, f"{r.name} {_figure(r.value, decimals, unit)}") for r in lines]


def _ranked_marks(
    shown: Sequence[AreaPoint], scale: LinearScale, left: float, decimals: int
) -> list[str]:
    step = (WIDTH - left - 20) / max(1, len(shown))
    place = {id(p): left + 10 + step * (i + 0.5) for i, p in enumerate(shown)}
    whiskers = "".join(
        f"M{number(place[id(p)])} {number(scale.place(_known(p.lower)))}"
        f"V{number(scale.place(_known(p.upper)))}"
        for p in shown
        if has_value(p.lower) and has_value(p.upper)
    )
    parts = [f'<path d="{whiskers}" stroke="{QUIET_INK}" stroke-width="1"/>'] if whiskers else []
    for role in ("other", "comparator", "area"):
        for p in shown:
            if p.role == role:
                parts.append(draw_mark(role, place[id(p)], scale.place(_value(p))))
    parts += [_own_label(p, place[id(p)], scale, decimals) for p in shown if p.role == "area"]
    return parts


def _own_label(point: AreaPoint, x: float, scale: LinearScale, decimals: int) -> str:
    words = f"{point.name} {format_value(point.value, decimals)}"
    y, wide = scale.place(_value(point)), text_width(words, SIZE, bold=True)
    if max(x, WIDTH - x) < wide:  # a long name stands in the legend alone
        words = format_value(point.value, decimals)
        wide = text_width(words, SIZE, bold=True)
    # Areas rise from left to right, so the room left of a mark, and above it, is free.
    if x - wide > WIDTH * 0.2 or x + wide > WIDTH:
        return text_line(
            words, x - 14, y + SIZE * 0.35, size=SIZE, bold=True, anchor="end", halo=PAPER
        )
    lift = min(y - scale.end, 52.0)
    leader = f'<path d="M{number(x)} {number(y - 8)}v{number(14 - lift)}" stroke="{INK}"/>'
    label = text_line(words, x - 6, y - lift, size=SIZE, bold=True, halo=PAPER)
    return (leader if lift > 24 else "") + label


def _foot(
    shown: Sequence[AreaPoint],
    points: Sequence[AreaPoint],
    better: str,
    left: float,
    height: float,
    things: str,
) -> list[str]:
    end = {"low": " (low is better)", "high": " (high is better)"}.get(better, "")
    text = f"{len(shown)} {things}, from lowest to highest{end}"
    parts = [text_line(text, left, height - 34, size=SIZE, fill=QUIET_INK)]
    gone = len(points) - len(shown)
    if gone:
        which = f"{things.removesuffix('s')} has" if gone == 1 else f"{things} have"
        words = f"{gone} {which} no figure and no mark."
        parts.append(text_line(words, left, height - 12, size=SIZE, fill=QUIET_INK))
    return parts


def _name_room(named: Sequence[AreaPoint]) -> float:
    widest = max((text_width(p.name, SIZE, bold=p.role == "area") for p in named), default=0.0)
    # At least half a long number, which stands beneath the left end of the axis.
    return max(44.0, min(widest + 10, WIDTH * 0.48))


def _level_scale(values: list[float | None], start: float, end: float) -> LinearScale:
    scale = linear_scale(values, start, end, ticks=5)
    room = sum(text_width(words, SIZE) + 14 for words in scale.labels("%"))
    return scale if room <= end - start else linear_scale(values, start, end, ticks=2)


def _named_row(point: AreaPoint, scale: LinearScale, left: float, y: float, decimals: int) -> str:
    bold = point.role == "area"
    name = point.name
    while text_width(name, SIZE, bold=bold) > left - 8 and len(name) > 4:
        name = name.rstrip("\u2026")[:-1].rstrip() + "\u2026"
    parts = [text_line(name, left - 6, y + SIZE * 0.35, size=SIZE, bold=bold, anchor="end")]
    if not has_value(point.value):
        parts.append(
            text_line(
                point.note or "no figure", left + 12, y + SIZE * 0.35, size=SIZE, fill=QUIET_INK
            )
        )
        return "".join(parts)
    if has_value(point.lower) and has_value(point.upper):
        ends = [number(scale.place(_known(one))) for one in (point.lower, point.upper)]
        line = f"M{ends[0]} {number(y)}H{ends[1]}"
        parts.append(f'<path d="{line}" stroke="{INK}" stroke-width="2"/>')
    parts.append(draw_mark(point.role, scale.place(_value(point)), y))
    words = format_value(point.value, decimals)
    parts.append(text_line(words, WIDTH - 2, y + SIZE * 0.35, size=SIZE, bold=bold, anchor="end"))
    return "".join(parts)


def _describe(
    shown: Sequence[AreaPoint],
    lines: Sequence[Reference],
    points: Sequence[AreaPoint],
    decimals: int,
    unit: str,
    things: str = "areas",
) -> str:
    if not shown:
        return f"No {things.removesuffix('s')} has a figure."
    ordered = sorted(shown, key=_value)
    ends = [f"{format_value(p.value, decimals)} ({p.name})" for p in (ordered[0], ordered[-1])]
    words = [f"{len(shown)} {things} from {ends[0]} to {ends[1]}, in {unit}."]
    for p in shown:
        if p.role == "area":
            lower = sum(_value(other) < _value(p) for other in shown)
            words.append(
                f"{p.name} has {format_value(p.value, decimals)}; {lower} {things} are lower."
            )
    words += [f"{r.name}: {format_value(r.value, decimals)}." for r in lines]
    gone = len(points) - len(shown)
    if gone:
        words.append(f"{gone} without a figure.")
    return " ".join(words)
