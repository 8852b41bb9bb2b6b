"""Bars of response rates: where there is none, the reason stands in place of the bar."""

from __future__ import annotations

from collections.abc import Sequence

from wholesystem.errors import ParameterError
from wholesystem.pictures.axes import picture
from wholesystem.pictures.feedback_rows import RateBar
from wholesystem.pictures.marks import chart_mark
from wholesystem.pictures.palette import BLUE, INK, LANE_TINT, QUIET_INK, RULE
from wholesystem.pictures.svg import element, text_line, wrap_text
from wholesystem.pictures.tables import PictureTable

__all__ = ["draw_rate_bars", "rate_bars_table"]

_WIDTH = 720.0
_NAMES = 230.0
_FIGURES = 190.0
_SIZE = 13.0
_LINE = 16.0
_BAR = 18.0
# Where Arial is missing, the letters of its stand-in are up to a seventh wider.
_ROOM = 0.86


def draw_rate_bars(title: str, bars: Sequence[RateBar]) -> str:
    """Draw response rates, each as a part of all who were invited.

    Parameters
    ----------
    title : str
        What it shows.
    bars : sequence of RateBar
        Groups; at least one.

    Returns
    -------
    str
        SVG, with title and description; its figures are those of `rate_bars_table`.

    Raises
    ------
    ParameterError
        If there are no bars.
    """
    if not bars:
        raise ParameterError("There is no group whose rate could be drawn. Give at least one.")
    mark = chart_mark("rates", title, *map(repr, bars))
    heading = wrap_text(title, 16, (_WIDTH - 16) * _ROOM, bold=True, max_lines=3)
    parts = [text_line(t, 8, 22 + 20 * at, size=16, bold=True) for at, t in enumerate(heading)]
    top = 30 + 20.0 * len(heading)
    for bar in bars:
        drawn, height = _row(bar, top)
        parts += drawn
        top += height
    told = "; ".join(f"{bar.label}: {bar.words}" for bar in bars)
    return picture(_WIDTH, top + 4, title, f"{told}.", parts, mark=mark, least_width="34rem")


def rate_bars_table(title: str, bars: Sequence[RateBar]) -> PictureTable:
    """The figures of the picture.

    Parameters
    ----------
    title, bars
        As of `draw_rate_bars`.

    Returns
    -------
    PictureTable
        One row a group, with the reason where there is no rate.
    """
    rows = tuple(
        (
            bar.label,
            f"{bar.invited:,}",
            bar.words if bar.answered is None else f"{bar.answered:,}",
            bar.words,
            bar.reason,
        )
        for bar in bars
    )
    columns = ("Group", "Invited", "Answered", "Rate", "Why there is none")
    return PictureTable(title, columns, rows, (False, True, True, True, False))


def _row(bar: RateBar, top: float) -> tuple[list[str], float]:
    name = wrap_text(bar.label, _SIZE, (_NAMES - 14) * _ROOM, max_lines=3)
    words = wrap_text(bar.words, _SIZE, _FIGURES * _ROOM, max_lines=2)
    fill = INK if bar.rate is not None else QUIET_INK
    parts = [text_line(t, 8, top + 13 + _LINE * at, size=_SIZE) for at, t in enumerate(name)]
    parts += [
        text_line(t, _WIDTH - _FIGURES, top + 13 + _LINE * at, size=_SIZE, fill=fill)
        for at, t in enumerate(words)
    ]
    if bar.rate is not None:
        room = _WIDTH - _NAMES - _FIGURES - 14
        whole = element(
            "rect", x=_NAMES, y=top, width=room, height=_BAR, fill=LANE_TINT, stroke=RULE
        )
        parts += [
            whole,
            element("rect", x=_NAMES, y=top, width=room * bar.rate, height=_BAR, fill=BLUE),
        ]
    return parts, max(_LINE * max(len(name), len(words)), _BAR) + 10
