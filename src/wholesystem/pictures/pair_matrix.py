"""The matrix of who says what of whom: a share in words and numbers in every cell.

The tint of a cell follows its share; what is missing or not shown says so and has no tint.
"""

from __future__ import annotations

from collections.abc import Sequence

from wholesystem.errors import ParameterError
from wholesystem.pictures.axes import picture
from wholesystem.pictures.feedback_rows import NOBODY_WORDS, PairCell, percent
from wholesystem.pictures.marks import chart_mark
from wholesystem.pictures.palette import INK, LANE_TINT, PAPER, QUIET_INK, RULE, contrast
from wholesystem.pictures.svg import element, text_line, wrap_text
from wholesystem.pictures.tables import PictureTable

__all__ = ["draw_pair_matrix", "pair_matrix_table"]

_NAMES = 150.0
_WIDE = 106.0
_HIGH = 50.0
# Where Arial is missing, the letters of its stand-in are up to a seventh wider.
_ROOM = 0.86
#: Upper edge of each tint, and its colour: light to dark, so that it is read in grey.
_TINTS = ((0.25, "#e8f1f9"), (0.5, "#bcd7ee"), (0.75, "#72aee0"), (1.01, "#003087"))


def draw_pair_matrix(title: str, cells: Sequence[PairCell], *, measure: str) -> str:
    """Draw who says what of whom.

    Parameters
    ----------
    title : str
        The question.
    cells : sequence of PairCell
        Each pair at most once. Rows and columns stand in the order in which they first come.
    measure : str
        What shares are of, such as ``answers that are positive``.

    Returns
    -------
    str
        SVG, with title and description; its figures are those of `pair_matrix_table`.

    Raises
    ------
    ParameterError
        If there are no cells, or a pair stands twice.
    """
    found = _by_pair(cells)
    rows, columns = _names(cells)
    width = max(_NAMES + _WIDE * len(columns) + 16, 420.0)
    mark = chart_mark("pairs", title, measure, *map(repr, cells))
    heading = wrap_text(title, 16, (width - 16) * _ROOM, bold=True, max_lines=4)
    parts = [text_line(t, 8, 22 + 20 * at, size=16, bold=True) for at, t in enumerate(heading)]
    told = f"Rows say it of columns. Share of {measure}; n below it."
    lines = wrap_text(told, 12, (width - 16) * _ROOM, max_lines=3)
    top = 24 + 20.0 * len(heading)
    parts += [text_line(t, 8, top + 16 * at, size=12, fill=QUIET_INK) for at, t in enumerate(lines)]
    top += 16.0 * len(lines) + 4
    head = [wrap_text(name, 12, (_WIDE - 8) * _ROOM, max_lines=5) for name in columns]
    deep = max(map(len, head)) * 14.0
    for at, name in enumerate(head):
        middle = _NAMES + _WIDE * (at + 0.5)
        # The last line of every heading stands on the first row.
        first = top + deep - 14 * len(name) + 12
        parts += [
            text_line(t, middle, first + 14 * line, size=12, bold=True, anchor="middle")
            for line, t in enumerate(name)
        ]
    top += deep + 8
    for at, of in enumerate(rows):
        parts += _row(of, columns, found, top + _HIGH * at)
    return picture(
        width,
        top + _HIGH * len(rows) + 8,
        title,
        _description(cells, measure),
        parts,
        mark=mark,
        least_width="40rem",
    )


def pair_matrix_table(title: str, cells: Sequence[PairCell], *, measure: str) -> PictureTable:
    """The figures of the picture.

    Parameters
    ----------
    title, cells, measure
        As of `draw_pair_matrix`.

    Returns
    -------
    PictureTable
        One row a pair.
    """
    columns = ("Said by", "Said of", "Answered", f"Share of {measure}", "95% interval")
    rows = tuple(
        (
            one.of,
            one.about,
            one.words if one.answered is None else f"{one.answered:,}",
            one.words,
            _interval(one),
        )
        for one in cells
    )
    return PictureTable(title, columns, rows, (False, False, True, True, True))


def _interval(one: PairCell) -> str:
    if one.answered is None:
        return one.words
    if one.lower is None or one.upper is None:
        return ""
    return f"{percent(one.lower)} to {percent(one.upper)}"


def _by_pair(cells: Sequence[PairCell]) -> dict[tuple[str, str], PairCell]:
    found = {(one.of, one.about): one for one in cells}
    if not cells or len(found) < len(cells):
        told = "A pair stands twice in it" if cells else "It has no pair"
        raise ParameterError(f"The matrix cannot be drawn. {told}. Give each pair once.")
    return found


def _names(cells: Sequence[PairCell]) -> tuple[list[str], list[str]]:
    return list(dict.fromkeys(o.of for o in cells)), list(dict.fromkeys(o.about for o in cells))


def _description(cells: Sequence[PairCell], measure: str) -> str:
    shown = [one for one in cells if one.share is not None]
    hidden = sum(one.answered is None for one in cells)
    missing = sum(one.answered is not None and one.share is None for one in cells)
    told = f"Share of {measure}, by who says it and of whom: {len(shown)} pairs have a figure"
    told += f", of {missing} {NOBODY_WORDS}, {hidden} are not shown."
    if shown:
        least = min(shown, key=lambda one: one.share or 0)
        most = max(shown, key=lambda one: one.share or 0)
        told += f" Lowest: {least.of} of {least.about}, {least.words}."
        told += f" Highest: {most.of} of {most.about}, {most.words}."
    return told


def _row(
    of: str, columns: Sequence[str], found: dict[tuple[str, str], PairCell], top: float
) -> list[str]:
    name = wrap_text(of, 12, (_NAMES - 14) * _ROOM, max_lines=3)
    first = top + _HIGH / 2 + 4 - 7 * (len(name) - 1)
    parts = [text_line(t, 8, first + 14 * at, size=12, bold=True) for at, t in enumerate(name)]
    for at, about in enumerate(columns):
        parts += _cell(found.get((of, about)), _NAMES + _WIDE * at, top)
    return parts


def _cell(one: PairCell | None, left: float, top: float) -> list[str]:
    if one is None:
        # A kind is not asked about itself.
        return [_box(left, top, LANE_TINT)]
    middle = left + _WIDE / 2
    if one.share is None:
        words = wrap_text(one.words, 11.5, (_WIDE - 6) * _ROOM, max_lines=2)
        first = top + _HIGH / 2 + 4 - 7 * (len(words) - 1)
        return [
            _box(left, top, PAPER),
            *(
                text_line(t, middle, first + 14 * at, size=11.5, fill=QUIET_INK, anchor="middle")
                for at, t in enumerate(words)
            ),
        ]
    fill = next(colour for below, colour in _TINTS if one.share < below)
    ink = PAPER if contrast(PAPER, fill) >= contrast(INK, fill) else INK
    return [
        _box(left, top, fill),
        text_line(one.words, middle, top + 23, size=15, bold=True, fill=ink, anchor="middle"),
        text_line(f"n = {one.answered:,}", middle, top + 40, size=11.5, fill=ink, anchor="middle"),
    ]


def _box(left: float, top: float, fill: str) -> str:
    return element(
        "rect", x=left, y=top, width=_WIDE, height=_HIGH, fill=fill, stroke=RULE, stroke_width=1
    )
