"""Diverging bars: what groups answered on a scale, from a line between the two sides.

The side says what is positive, the order how strongly, and each part has its number: colour only
repeats them. Answers without a score are counted beside the bar, since they are on no side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wholesystem.errors import ParameterError
from wholesystem.pictures.axes import picture
from wholesystem.pictures.feedback_rows import AnswerBar, AnswerStep
from wholesystem.pictures.marks import chart_mark
from wholesystem.pictures.palette import INK, PAPER, QUIET_INK, RULE, contrast
from wholesystem.pictures.svg import element, text_line, text_width, wrap_text
from wholesystem.pictures.tables import PictureTable

__all__ = ["answer_bars_table", "draw_answer_bars"]

_WIDTH = 720.0
_NAMES = 186.0
_FIGURES = 150.0
_SIZE = 13.0
_LINE = 16.0
_BAR = 20.0
# Where Arial is missing, the letters of its stand-in are up to a seventh wider.
_ROOM = 0.86
# From the middle outwards, and the middle itself: light to dark on both sides.
_COLOURS = {
    "negative": ("#f6c9a4", "#e88a45", "#7c2614"),
    "positive": ("#bcd7ee", "#72aee0", "#003087"),
    "middle": ("#d8dde0",),
    "apart": (PAPER,),
}


@dataclass(frozen=True)
class _Scale:
    zero: float
    unit: float


def draw_answer_bars(
    title: str, steps: Sequence[AnswerStep], bars: Sequence[AnswerBar], *, measure: str
) -> str:
    """Draw what groups answered.

    Parameters
    ----------
    title : str
        The question.
    steps : sequence of AnswerStep
        From the most positive to the least, as the scale has them.
    bars : sequence of AnswerBar
        Groups.
    measure : str
        What the share at the right is of, such as ``positive answers``.

    Returns
    -------
    str
        SVG, with title and description; its figures are those of `answer_bars_table`. Bars are of
        shares, so that groups of any size compare; n stands under the name.

    Raises
    ------
    ParameterError
        If there are no bars, or one has not a count for each step.
    """
    _check(steps, bars)
    mark = chart_mark("answers", title, measure, *map(repr, steps), *map(repr, bars))
    heading = wrap_text(title, 16, (_WIDTH - 16) * _ROOM, bold=True, max_lines=3)
    parts = [text_line(t, 8, 22 + 20 * at, size=16, bold=True) for at, t in enumerate(heading)]
    legend, top = _legend(steps, 22 + 20 * len(heading))
    parts += legend
    told = wrap_text(measure, 12, _FIGURES * _ROOM, max_lines=2)
    parts += [
        text_line(t, _WIDTH - _FIGURES, top + 6 + 14 * at, size=12, fill=QUIET_INK)
        for at, t in enumerate(told)
    ]
    top += 14 + 14.0 * len(told)
    scale, first = _scale(steps, bars), top
    for bar in bars:
        drawn, height = _row(steps, bar, scale, top)
        parts += drawn
        top += height
    line = element("path", d=f"M{scale.zero:.2f} {first - 4:.2f}V{top - 4:.2f}", stroke=INK)
    return picture(
        _WIDTH,
        top + 6,
        title,
        _description(bars, measure),
        [line, *parts],
        mark=mark,
        least_width="34rem",
    )


def answer_bars_table(
    title: str, steps: Sequence[AnswerStep], bars: Sequence[AnswerBar], *, measure: str
) -> PictureTable:
    """The figures of the picture.

    Parameters
    ----------
    title, steps, bars, measure
        As of `draw_answer_bars`.

    Returns
    -------
    PictureTable
        One row a group; in one that is not shown every figure says so.
    """
    columns = ("Group", "Answered", *(one.label for one in steps), f"Share of {measure}")
    rows = tuple(
        (
            bar.label,
            *(
                (bar.words,) * (len(steps) + 1)
                if bar.counts is None
                else (f"{sum(bar.counts):,}", *(f"{count:,}" for count in bar.counts))
            ),
            bar.words,
        )
        for bar in bars
    )
    return PictureTable(title, columns, rows, (False, *(True for _ in steps), True, True))


def _check(steps: Sequence[AnswerStep], bars: Sequence[AnswerBar]) -> None:
    wrong = [o.label for o in bars if o.counts is not None and len(o.counts) != len(steps)]
    if wrong or not bars:
        raise ParameterError(
            f"{f'The bar {wrong[0]!r} has not' if wrong else 'There is no bar with'} a count for"
            f" each of the {len(steps)} answers. Give each bar one, zeros included."
        )


def _description(bars: Sequence[AnswerBar], measure: str) -> str:
    told = "; ".join(f"{bar.label}: {bar.words}" for bar in bars)
    return f"Share of {measure}, with its 95% interval. {told}."


# ------------------------------------------------------------------------------- colours


def _colours(steps: Sequence[AnswerStep]) -> list[str]:
    """A colour for each step: the further from the middle, the darker."""
    found = []
    for at, one in enumerate(steps):
        side = [i for i, other in enumerate(steps) if other.side == one.side]
        shades = _COLOURS[one.side]
        # Positive steps come from the far end inwards, negative ones from the middle outwards.
        place = side.index(at) if one.side == "negative" else len(side) - 1 - side.index(at)
        last = max(len(side) - 1, 1)
        found.append(shades[round(place * (len(shades) - 1) / last) if len(side) > 1 else -1])
    return found


def _ink(fill: str) -> str:
    return PAPER if contrast(PAPER, fill) >= contrast(INK, fill) else INK


def _legend(steps: Sequence[AnswerStep], top: float) -> tuple[list[str], float]:
    """In the order of the bars, left to right."""
    colours = dict(zip(steps, _colours(steps), strict=True))
    parts, x = [], 8.0
    for one in [*_in_order(steps), *(s for s in steps if s.side == "apart")]:
        words = wrap_text(
            f"{one.label} (beside the bar)" if one.side == "apart" else one.label,
            12,
            300,
            max_lines=1,
        )[0]
        wide = 18 + text_width(words, 12) / _ROOM + 14
        if x + wide > _WIDTH - 8 and x > 8:
            x, top = 8.0, top + 18
        parts += [
            element("rect", x=x, y=top - 8, width=12, height=12, fill=colours[one], stroke=INK),
            text_line(words, x + 18, top + 3, size=12),
        ]
        x += wide
    return parts, top + 26


def _in_order(steps: Sequence[AnswerStep]) -> list[AnswerStep]:
    """Left to right: the most negative first."""
    sides = {side: [s for s in steps if s.side == side] for side in _COLOURS}
    return [*reversed(sides["negative"]), *reversed(sides["middle"]), *reversed(sides["positive"])]


# ------------------------------------------------------------------------------- bars


def _left_share(steps: Sequence[AnswerStep], bar: AnswerBar) -> tuple[float, float]:
    """Shares left and right of the line; answers in the middle are half on each side."""
    counts = dict.fromkeys(_COLOURS, 0)
    for step, count in zip(steps, bar.counts or (), strict=False):
        counts[step.side] += count
    whole = sum(counts.values()) - counts["apart"]
    if not whole:
        return 0.0, 0.0
    half = counts["middle"] / 2
    return (counts["negative"] + half) / whole, (counts["positive"] + half) / whole


def _scale(steps: Sequence[AnswerStep], bars: Sequence[AnswerBar]) -> _Scale:
    sides = [_left_share(steps, bar) for bar in bars]
    left, right = max(one for one, _ in sides), max(one for _, one in sides)
    room = _WIDTH - _NAMES - _FIGURES - 30
    unit = room / max(left + right, 1.0)
    spare = room - unit * (left + right)
    return _Scale(_NAMES + 10 + spare / 2 + unit * left, unit)


def _row(
    steps: Sequence[AnswerStep], bar: AnswerBar, scale: _Scale, top: float
) -> tuple[list[str], float]:
    name = wrap_text(bar.label, _SIZE, _NAMES * _ROOM - 8, max_lines=3)
    parts = [text_line(t, 8, top + 12 + _LINE * at, size=_SIZE) for at, t in enumerate(name)]
    lines = len(name)
    if bar.counts is not None:
        parts.append(_count_words(steps, bar, top + 11 + _LINE * lines))
        lines += 1
    parts += _figures(bar, top)
    parts += _bar(steps, bar, scale, top)
    height = max(_LINE * lines, _BAR + 8) + 10
    rule = element("path", d=f"M8 {top + height - 6:.2f}H{_WIDTH - 8:.0f}", stroke=RULE)
    return [*parts, rule], height


def _count_words(steps: Sequence[AnswerStep], bar: AnswerBar, y: float) -> str:
    counts = bar.counts or ()
    apart = sum(c for s, c in zip(steps, counts, strict=True) if s.side == "apart")
    words = f"n = {sum(counts) - apart:,}" + (f", {apart:,} beside" if apart else "")
    return text_line(words, 8, y, size=12, fill=QUIET_INK)


def _figures(bar: AnswerBar, top: float) -> list[str]:
    hidden = bar.share is None
    lines = wrap_text(bar.words, _SIZE, _FIGURES * _ROOM, max_lines=2)
    return [
        text_line(
            t,
            _WIDTH - _FIGURES,
            top + 13 + _LINE * at,
            size=_SIZE,
            fill=QUIET_INK if hidden else INK,
        )
        for at, t in enumerate(lines)
    ]


def _bar(steps: Sequence[AnswerStep], bar: AnswerBar, scale: _Scale, top: float) -> list[str]:
    counts = dict(zip(steps, bar.counts or (), strict=False))
    whole = sum(count for step, count in counts.items() if step.side != "apart")
    if not whole:
        return []
    colours = dict(zip(steps, _colours(steps), strict=True))
    x, parts = scale.zero - scale.unit * _left_share(steps, bar)[0], []
    for step in _in_order(steps):
        wide = scale.unit * counts[step] / whole
        if not wide:
            continue
        fill, words = colours[step], f"{counts[step]:,}"
        parts.append(
            element(
                "rect",
                x=x,
                y=top,
                width=wide,
                height=_BAR,
                fill=fill,
                stroke=PAPER,
                stroke_width=1,
            )
        )
        if text_width(words, 12) / _ROOM + 4 <= wide:
            parts.append(
                text_line(
                    words, x + wide / 2, top + 14.5, size=12, fill=_ink(fill), anchor="middle"
                )
            )
        x += wide
    return parts
