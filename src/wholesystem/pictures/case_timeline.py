"""The timeline of a case: its stays as bars in order, with waits, delays and open ends.

Told apart by shape before colour, so that it can be read in grey: a wait is a thin dashed line
before the bar, time in a service a pale bar, delay a dark hatched end, an end not known an arrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from wholesystem.indicators.spc.words import date_words
from wholesystem.pictures.axes import GRID, DateScale, date_axis, date_scale, picture
from wholesystem.pictures.marks import chart_mark
from wholesystem.pictures.palette import BLUE, DELAYED, INK, PAPER, QUIET_INK, SKY
from wholesystem.pictures.svg import element, number, text_line, text_width, wrap_text
from wholesystem.pictures.tables import PictureTable

if TYPE_CHECKING:
    from wholesystem.reviews.cases.timeline import TimelineRow

__all__ = ["case_timeline_table", "draw_case_timeline", "span_words"]

# An A4 page upright prints this width at about 9 points a letter.
_WIDTH = 720.0
_NAMES = 170.0
_RIGHT = _WIDTH - 16
_SIZE = 13.0
_LINE = 17.0
_BAR = 16.0
_LEAST = 3.0
_ARROW = 22.0
# Where Arial is missing, the letters of its stand-in are up to a seventh wider.
_ROOM = 0.86
_DAY_SECONDS = 86_400


def draw_case_timeline(title: str, rows: Sequence[TimelineRow]) -> str:
    """Draw a journey.

    Parameters
    ----------
    title : str
        What the case is called; never a name.
    rows : sequence of TimelineRow
        At least one, in order of stay.

    Returns
    -------
    str
        SVG, with title and description; its facts are those of `case_timeline_table`.
    """
    mark = chart_mark("case", title, *(repr(row) for row in rows))
    heading = wrap_text(title, 17, (_WIDTH - 16) * _ROOM, bold=True, max_lines=2)
    top = 14 + 22.0 * len(heading) + 26
    lanes = _lanes(rows, top)
    foot = lanes[-1].top + lanes[-1].height + 4
    scale = _scale(rows)
    parts = [_hatching(mark)]
    parts += [
        text_line(text, 8, 24 + 22 * at, size=17, bold=True) for at, text in enumerate(heading)
    ]
    parts += [_legend(top - 20, mark), _days(scale, top - 4, foot)]
    parts += [_draw(lane, scale, mark) for lane in lanes]
    parts.append(date_axis(scale, foot, size=_SIZE))
    return picture(_WIDTH, foot + 34, title, _description(rows), parts, mark=mark)


def case_timeline_table(title: str, rows: Sequence[TimelineRow]) -> PictureTable:
    """The facts of the picture.

    Parameters
    ----------
    title, rows
        As of `draw_case_timeline`.

    Returns
    -------
    PictureTable
        One row a stay; a cell is empty where the fact is not known.
    """
    columns = (
        "Stay",
        "Service",
        "Requested",
        "Started",
        "Wait (days)",
        "Ready to leave",
        "Ended",
        "Delay (days)",
        "Reason",
        "Next service",
        "Remarks",
    )
    lines = tuple(
        (
            str(row.stay),
            row.service,
            _time(row.requested_at),
            _time(row.started_at),
            _number(row.wait_days),
            _time(row.ready_at),
            _time(row.ended_at),
            _number(row.delay_days),
            row.reason,
            row.next_service,
            " ".join(row.remarks),
        )
        for row in rows
    )
    numeric = tuple(name == "Stay" or name.endswith("(days)") for name in columns)
    return PictureTable(title, columns, lines, numeric)


# ------------------------------------------------------------------------------- words


def _time(at: datetime | None) -> str:
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M")


def _number(days: float | None) -> str:
    return "" if days is None else f"{days:.1f}"


def span_words(days: float) -> str:
    """A length of time as people say it: minutes, hours below two days, days.

    Parameters
    ----------
    days : float
        At least 0.

    Returns
    -------
    str
        Such as ``5 h``.
    """
    if days < 1 / 1440:
        return "less than a minute"
    if days < 1 / 24:
        return f"{round(days * 1440)} min"
    if days < 2:
        return f"{round(days * 24)} h"
    return f"{days:.1f} days"


def _clock(at: datetime, *, year: bool = False) -> str:
    return f"{date_words(at.date(), by_month=False)[: None if year else -5]} {at:%H:%M}"


def _when(row: TimelineRow) -> str:
    """From when to when, the year told once; the days of the axis have no hours."""
    start = _clock(row.started_at, year=True)
    if row.ended_at is None:
        return f"From {start}."
    if row.ended_at.date() == row.started_at.date():
        return f"{start} to {row.ended_at:%H:%M}."
    return f"{start} to {_clock(row.ended_at, year=row.ended_at.year != row.started_at.year)}."


def _told(row: TimelineRow) -> str:
    """What is said of the stay beside its times."""
    parts = []
    if row.wait_days:
        parts.append(f"Waited {span_words(row.wait_days)}.")
    if row.delay_days:
        why = f": {row.reason}" if row.reason else "; reason not known"
        parts.append(f"Delayed {span_words(row.delay_days)}{why}.")
    elif row.ended_at is None and row.ready_at is not None:
        why = f": {row.reason}" if row.reason else "; reason not known"
        parts.append(f"Ready to leave{why}.")
    if row.ended_at is None:
        parts.append("End not known.")
    return " ".join([*parts, *row.remarks])


def _description(rows: Sequence[TimelineRow]) -> str:
    told = [
        f"{row.service} from {_time(row.started_at)} to {_time(row.ended_at) or 'an unknown end'}."
        f" {_told(row)}".strip()
        for row in rows
    ]
    return " ".join([f"{len(rows)} {'stay' if len(rows) == 1 else 'stays'} in order.", *told])


# ------------------------------------------------------------------------------- places


@dataclass(frozen=True)
class _Lane:
    """A stay with the lines of words beside and beneath its bar, and where it stands."""

    row: TimelineRow
    name: list[str]
    told: list[str]
    top: float

    @property
    def height(self) -> float:
        beneath = _BAR + 8 + _LINE * len(self.told)
        return max(beneath, _LINE * len(self.name)) + 12


def _lanes(rows: Sequence[TimelineRow], top: float) -> list[_Lane]:
    lanes = []
    for row in rows:
        name = wrap_text(f"{row.stay}. {row.service}", _SIZE, (_NAMES - 16) * _ROOM, bold=True)
        words = f"{_when(row)} {_told(row)}"
        told = wrap_text(words, _SIZE, (_RIGHT - _NAMES) * _ROOM, max_lines=5)
        lanes.append(_Lane(row, name, told, top))
        top += lanes[-1].height
    return lanes


def _times(rows: Sequence[TimelineRow]) -> Iterator[datetime]:
    for row in rows:
        given = (row.requested_at, row.started_at, row.ready_at, row.ended_at)
        yield from (at for at in given if at is not None)


def _scale(rows: Sequence[TimelineRow]) -> DateScale:
    """Whole days that hold every time, with room for the arrow of an open end."""
    times = list(_times(rows))
    last = max(times).date() + timedelta(days=1)
    is_open = any(row.ended_at is None for row in rows)
    end = _RIGHT - (_ARROW if is_open else 0)
    return date_scale(min(times).date(), last, _NAMES, end, ticks=7)


def _place(scale: DateScale, at: datetime) -> float:
    midnight = datetime(at.year, at.month, at.day)
    share = (at - midnight).total_seconds() / _DAY_SECONDS
    day = scale.place(at.date())
    return day + share * (scale.place(at.date() + timedelta(days=1)) - day)


# ------------------------------------------------------------------------------ drawing


def _hatching(mark: str) -> str:
    return (
        f'<defs><pattern id="{mark}-delay" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" fill="{DELAYED}"/>'
        f'<path d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5" stroke="{PAPER}" stroke-width="1.2"/>'
        "</pattern></defs>"
    )


def _days(scale: DateScale, top: float, foot: float) -> str:
    lines = "".join(
        f"M{number(scale.place(day))} {number(top)}V{number(foot)}" for day, _ in scale.ticks
    )
    return element("path", d=lines, stroke=GRID, fill="none")


def _box(start: float, end: float, y: float, fill: str) -> str:
    width = max(end - start, _LEAST)
    return element(
        "rect", x=start, y=y, width=width, height=_BAR, fill=fill, stroke=INK, stroke_width=1
    )


def _dashed(start: float, end: float, y: float) -> str:
    line = f"M{number(start)} {number(y - 5)}v10M{number(start)} {number(y)}H{number(end)}"
    return element("path", d=line, stroke=BLUE, stroke_width=2, stroke_dasharray="4 3", fill="none")


def _arrow(start: float, y: float) -> str:
    middle = y + _BAR / 2
    line = f"M{number(start)} {number(middle)}h{number(_ARROW - 6)}m-6 -5l6 5l-6 5"
    return element("path", d=line, stroke=INK, stroke_width=2, fill="none")


def _draw(lane: _Lane, scale: DateScale, mark: str) -> str:
    row, y = lane.row, lane.top
    parts = [
        text_line(text, 8, y + 13 + _LINE * at, size=_SIZE, bold=True)
        for at, text in enumerate(lane.name)
    ]
    start = _place(scale, row.started_at)
    if row.requested_at is not None and row.requested_at < row.started_at:
        parts.append(_dashed(_place(scale, row.requested_at), start, y + _BAR / 2))
    parts += _bars(row, scale, y, mark)
    parts += [
        text_line(text, _NAMES, y + _BAR + 17 + _LINE * at, size=_SIZE, fill=QUIET_INK, halo=PAPER)
        for at, text in enumerate(lane.told)
    ]
    return "".join(parts)


def _bars(row: TimelineRow, scale: DateScale, y: float, mark: str) -> Iterator[str]:
    """Time in the service, then delay; where the end is not known, an arrow from the last time."""
    start = _place(scale, row.started_at)
    known = row.ended_at or row.ready_at or row.started_at
    end = _place(scale, known)
    ready = end if row.ready_at is None else _place(scale, row.ready_at)
    yield _box(start, ready, y, SKY)
    if end > ready:
        yield _box(ready, end, y, f"url(#{mark}-delay)")
    if row.ended_at is None:
        yield _arrow(max(end, start + _LEAST), y)


def _legend(y: float, mark: str) -> str:
    """The four signs in one line."""
    x, parts = 8.0, []
    for sign, words in (
        ("wait", "waiting for it"),
        ("stay", "in the service"),
        ("delay", "ready to leave, still there"),
        ("open", "end not known"),
    ):
        parts += [_sample(sign, x, y, mark), text_line(words, x + 32, y + 4, size=_SIZE)]
        x += 32 + text_width(words, _SIZE) / _ROOM + 14
    return "".join(parts)


def _sample(sign: str, x: float, y: float, mark: str) -> str:
    if sign == "wait":
        return _dashed(x, x + 24, y)
    if sign == "open":
        return _arrow(x, y - _BAR / 2)
    fill = SKY if sign == "stay" else f"url(#{mark}-delay)"
    return _box(x, x + 24, y - _BAR / 2, fill)
