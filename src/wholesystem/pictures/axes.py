"""Scales, axes and the outer frame of our own charts, as SVG text.

A chart of 105 points must cost about 2 ms, which rules out a charting library: 150 profiles hold
thousands of charts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from wholesystem.indicators.spc.words import SHORT_MONTHS, date_words, format_value
from wholesystem.pictures.palette import INK, QUIET_INK
from wholesystem.pictures.svg import FONT_FAMILY, element, escaped, number, text_line, text_width

__all__ = [
    "GRID",
    "DateScale",
    "LinearScale",
    "axis_title",
    "date_axis",
    "date_scale",
    "level_axis",
    "linear_scale",
    "picture",
    "unit_sign",
    "upright_axis",
]

GRID = "#d8dde0"
LABEL_SIZE = 14.0

# Steps a reader can count in; 2.5 only where the next finer decimal is written anyway.
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
_DAYS_A_MONTH = 30.436875  # 365.2425 / 12
# Days, or whole months, between two marks of time.
_DAY_STEPS = (1, 2, 7, 14)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)


@dataclass(frozen=True)
class LinearScale:
    """Where a number stands in a picture.

    Parameters
    ----------
    low, high : float
        Numbers at the two ends, ``low < high``.
    start, end : float
        Their places; for an upright axis `start` is the foot (the larger y).
    ticks : tuple of float
        Numbers to mark, from low to high.
    decimals : int
        Decimals that tell the ticks apart.
    """

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]
    decimals: int

    def place(self, value: float) -> float:
        """Place of a number; beyond the ends where the number is.

        Parameters
        ----------
        value : float
            A finite number.

        Returns
        -------
        float
            Coordinate.
        """
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def labels(self, unit: str = "") -> tuple[str, ...]:
        """Words of the ticks.

        Parameters
        ----------
        unit : str
            Written after each number where it is a sign such as ``%``; other units belong in the
            title of the axis.

        Returns
        -------
        tuple of str
            One for each tick.
        """
        return tuple(format_value(tick, self.decimals) + unit for tick in self.ticks)


def linear_scale(
    values: Iterable[float | None],
    start: float,
    end: float,
    *,
    ticks: int = 5,
    zero: bool = False,
    whole: bool = False,
) -> LinearScale:
    """A scale that holds every number, with ends and ticks at round numbers.

    Parameters
    ----------
    values : iterable of float or None
        Numbers to be shown, limits and targets included; None, NaN and infinite are passed over.
    start, end : float
        Places of the ends, see `LinearScale`.
    ticks : int
        About how many ticks, at least 2.
    zero : bool
        Whether the scale must hold 0.
    whole : bool
        Whether ticks must be whole numbers, as for counts.

    Returns
    -------
    LinearScale
        From 0 to 1 where there is no number; half a step of room around a single one.

    Examples
    --------
    >>> linear_scale([3.2, 17.9], 100, 0).ticks
    (0.0, 5.0, 10.0, 15.0, 20.0)
    """
    known = [v for v in values if v is not None and math.isfinite(v)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        room = abs(low) / 10 or 1.0
        low, high = low - room, high + room
    step = _nice_step((high - low) / max(1, ticks - 1), whole)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    marks = tuple(i * step + 0.0 for i in range(first, last + 1))
    return LinearScale(marks[0], marks[-1], start, end, marks, _decimals(step))


def _nice_step(rough: float, whole: bool) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(nice * power for nice in _NICE if nice * power >= rough * (1 - 1e-9))
    if whole and step != int(step):
        return 1.0 if step < 1 else float(math.ceil(step))
    return step


def _decimals(step: float) -> int:
    return next((d for d in range(13) if abs(round(step, d) - step) < step * 1e-6), 13)


@dataclass(frozen=True)
class DateScale:
    """Where a day stands in a picture.

    Parameters
    ----------
    first, last : date
        Days at the two ends, ``first < last``.
    start, end : float
        Their places.
    ticks : tuple of (date, str)
        Days to mark, with their words.
    """

    first: date
    last: date
    start: float
    end: float
    ticks: tuple[tuple[date, str], ...]

    def place(self, day: date) -> float:
        """Place of a day.

        Parameters
        ----------
        day : date
            Any day.

        Returns
        -------
        float
            Coordinate.
        """
        share = (day - self.first).days / (self.last - self.first).days
        return self.start + share * (self.end - self.start)


def date_scale(
    first: date, last: date, start: float, end: float, *, ticks: int = 8, room: float = 10.0
) -> DateScale:
    """A scale of time, with marks at round days, months or years.

    Parameters
    ----------
    first, last : date
        Days that must be on it; ``first <= last``.
    start, end : float
        Places of the ends of the axis.
    ticks : int
        At most about how many marks, at least 2.
    room : float
        Room kept free at both ends, in units of the picture, so that a point is not cut.

    Returns
    -------
    DateScale
        Marks are days of a month (``3 Apr``), months (``Apr 2017``) or years (``2017``).
    """
    if last <= first:
        first, last = first - timedelta(days=1), last + timedelta(days=1)
    return DateScale(first, last, start + room, end - room, tuple(_date_marks(first, last, ticks)))


def _date_marks(first: date, last: date, ticks: int) -> list[tuple[date, str]]:
    span = (last - first).days
    for days in _DAY_STEPS:
        if span / days <= ticks and span <= 62:
            every = [first + timedelta(days=i) for i in range(0, span + 1, days)]
            return [(day, f"{day.day} {SHORT_MONTHS[day.month - 1]}") for day in every]
    wanted = span / _DAYS_A_MONTH / ticks
    step = next((s for s in _MONTH_STEPS if s >= wanted * 0.8), _MONTH_STEPS[-1])
    return _month_marks(first, last, step)


def _month_marks(first: date, last: date, step: int) -> list[tuple[date, str]]:
    months = first.year * 12 + first.month - 1
    months = -(-months // step) * step if step > 1 else months
    marks = []
    while months // 12 <= min(last.year, 9999):
        day = date(months // 12, months % 12 + 1, 1)
        if first <= day <= last:
            words = str(day.year) if step >= 12 else date_words(day, by_month=True)
            marks.append((day, words))
        months += step
    return marks


# ------------------------------------------------------------------------------ drawing


def unit_sign(unit: str) -> str:
    """What follows each number of an axis: a unit that is a sign.

    Parameters
    ----------
    unit : str
        Of the figures.

    Returns
    -------
    str
        ``%``, or empty for a unit in words, which belongs in the title of the axis.
    """
    return unit if unit == "%" else ""


def upright_axis(
    scale: LinearScale,
    left: float,
    right: float,
    *,
    unit: str = "",
    size: float = LABEL_SIZE,
) -> str:
    """Numbers to the left of a chart, with a faint line across for each.

    Parameters
    ----------
    scale : LinearScale
        Upright: its `start` is the foot.
    left, right : float
        Ends of the lines across; the numbers end 8 units left of `left`.
    unit : str
        A sign after each number, such as ``%``.
    size : float
        Size of the letters.

    Returns
    -------
    str
        SVG.
    """
    parts = []
    for value, words in zip(scale.ticks, scale.labels(unit), strict=True):
        y = scale.place(value)
        parts.append(f'<path d="M{number(left)} {number(y)}H{number(right)}"/>')
        parts.append(_label(words, left - 8, y + size * 0.35, size, "end"))
    return f'<g stroke="{GRID}" stroke-width="1">{"".join(parts)}</g>'


def level_axis(
    scale: LinearScale,
    top: float,
    foot: float,
    *,
    unit: str = "",
    size: float = LABEL_SIZE,
) -> str:
    """Numbers beneath a chart, with a faint upright line for each.

    Parameters
    ----------
    scale : LinearScale
        Running from left to right.
    top, foot : float
        Ends of the lines; the numbers stand beneath `foot`.
    unit : str
        A sign after each number, such as ``%``.
    size : float
        Size of the letters.

    Returns
    -------
    str
        SVG.
    """
    parts = []
    for value, words in zip(scale.ticks, scale.labels(unit), strict=True):
        x = scale.place(value)
        parts.append(f'<path d="M{number(x)} {number(top)}V{number(foot)}"/>')
        parts.append(_label(words, x, foot + size * 1.5, size, "middle"))
    return f'<g stroke="{GRID}" stroke-width="1">{"".join(parts)}</g>'


def date_axis(scale: DateScale, foot: float, *, size: float = LABEL_SIZE) -> str:
    """Days, months or years beneath a chart, each with a short mark.

    Parameters
    ----------
    scale : DateScale
        Time from left to right.
    foot : float
        Height of the axis; the words stand beneath it.
    size : float
        Size of the letters.

    Returns
    -------
    str
        SVG. Where words would touch, only every second or third mark has its words.
    """
    places = [(scale.place(day), text) for day, text in scale.ticks]
    marks = [f"M{number(x)} {number(foot)}v6" for x, _ in places]
    widest = max((text_width(text, size) for _, text in places), default=0.0) + size * 0.6
    apart = min((b[0] - a[0] for a, b in pairwise(places)), default=math.inf)
    every = max(1, math.ceil(widest / apart))
    words = [_label(text, x, foot + 8 + size, size, "middle") for x, text in places[::every]]
    line = f"M{number(scale.start - 10)} {number(foot)}H{number(scale.end + 10)}"
    path = f'<path d="{line}{"".join(marks)}" stroke="{QUIET_INK}" fill="none"/>'
    return path + "".join(words)


def _label(text: str, x: float, y: float, size: float, anchor: str) -> str:
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}" fill="{INK}"'
        f' stroke="none" text-anchor="{anchor}">{escaped(text)}</text>'
    )


def axis_title(text: str, x: float, y: float, *, size: float = LABEL_SIZE) -> str:
    """What an axis shows, written level (turned words are hard to read).

    Parameters
    ----------
    text : str
        The figure and its unit.
    x, y : float
        Left end and baseline.
    size : float
        Size of the letters.

    Returns
    -------
    str
        SVG.
    """
    return text_line(text, x, y, size=size, fill=QUIET_INK)


def picture(
    width: float,
    height: float,
    title: str,
    description: str,
    parts: Sequence[str],
    *,
    mark: str,
    least_width: str | None = None,
    most_width: str | None = None,
) -> str:
    """A whole SVG picture with its title and description for people who do not see it.

    Parameters
    ----------
    width, height : float
        Of the drawing; it scales with the page (``viewBox``, no fixed width).
    title : str
        What the picture is.
    description : str
        What it shows, in one or a few sentences.
    parts : sequence of str
        SVG.
    mark : str
        Letters, digits and hyphens that no other picture of the page has: ids are made of it.
    least_width : str, optional
        Width below which it does not shrink with the page, such as ``34rem``, so that its letters
        stay legible on a telephone; whatever holds it must then scroll.
    most_width : str, optional
        Width above which it does not grow with the page.

    Returns
    -------
    str
        One SVG element that needs no other file.
    """
    named = element("title", escaped(title), id=f"{mark}-title") + element(
        "desc", escaped(description), id=f"{mark}-desc"
    )
    return element(
        "svg",
        named + "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_labelledby=f"{mark}-title {mark}-desc",
        font_family=FONT_FAMILY,
        style=_widths(least_width, most_width),
    )


def _widths(least: str | None, most: str | None) -> str | None:
    limits = (("min-width", least), ("max-width", most))
    return ";".join(f"{name}:{width}" for name, width in limits if width) or None
