"""Icons of variation and assurance, of our own drawing, and the marks of points in charts.

Kind is told by shape as well as colour, and direction by a letter: a circle is common cause, a
diamond improvement, a square concern, a hexagon a change that is neither; H is high or rising, L
low or falling. A flag is assurance: P above its line passes, F below its line fails, ? on its
line may do either. Colours are those that NHS charts use for the same words.
"""

from __future__ import annotations

from wholesystem.indicators.spc.words import icon_words
from wholesystem.pictures.palette import INK, PAPER
from wholesystem.pictures.svg import FONT_FAMILY, element, escaped, number

IMPROVEMENT_COLOUR = "#00b0f0"
CONCERN_COLOUR = "#e46c0a"
COMMON_COLOUR = "#a6a6a6"
NEUTRAL_COLOUR = "#490092"
TARGET_COLOUR = "#de1b1b"

#: Colour, and whether letters on it are white.
KIND_COLOURS = {
    "common": (COMMON_COLOUR, False),
    "improvement": (IMPROVEMENT_COLOUR, False),
    "concern": (CONCERN_COLOUR, False),
    "neutral": (NEUTRAL_COLOUR, True),
}
_BOX = 48.0
#: Ink on orange has a contrast of 4.4; small letters need 4.5.
LETTER_COLOUR = "#000000"


def mark_path(kind: str, x: float, y: float, size: float) -> str:
    """Outline of a point's mark, as path data.

    Parameters
    ----------
    kind : str
        ``common`` (circle), ``improvement`` (diamond), ``concern`` (square) or ``neutral``
        (hexagon).
    x, y : float
        Its middle.
    size : float
        From the middle to its edge.

    Returns
    -------
    str
        Path data.
    """
    if kind == "improvement":
        s = f"{size * 1.25:.1f}"
        return f"M{x:.1f} {y - size * 1.25:.1f}l{s} {s}l-{s} {s}l-{s} -{s}z"
    if kind == "concern":
        w = f"{2 * size:.1f}"
        return f"M{x - size:.1f} {y - size:.1f}h{w}v{w}h-{w}z"
    if kind == "neutral":
        half, rise = f"{size * 0.55:.1f}", f"{size * 0.95:.1f}"
        return (
            f"M{x - size * 1.1:.1f} {y:.1f}l{half} -{rise}h{size * 1.1:.1f}l{half} {rise}"
            f"l-{half} {rise}h-{size * 1.1:.1f}z"
        )
    r, d = f"{size:.1f}", f"{2 * size:.1f}"
    return f"M{x - size:.1f} {y:.1f}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z"


def icon_parts(icon: str, x: float, y: float, size: float) -> str:
    """An icon as part of a larger picture, without words.

    Parameters
    ----------
    icon : str
        Key of `words.VARIATION_ICONS` or `words.ASSURANCE_ICONS`; empty draws nothing.
    x, y : float
        Upper left corner.
    size : float
        Width and height; legible from 24.

    Returns
    -------
    str
        SVG.

    Raises
    ------
    KeyError
        For an icon that there is not.
    """
    if not icon:
        return ""
    inside = _drawing(icon)
    scale = number(size / _BOX) if size != _BOX else "1"
    return f'<g transform="translate({number(x)} {number(y)}) scale({scale})">{inside}</g>'


def draw_icon(icon: str, *, size: float = 32.0) -> str:
    """An icon as a picture of its own, with its words for people who do not see it.

    Parameters
    ----------
    icon : str
        Key of `words.VARIATION_ICONS` or `words.ASSURANCE_ICONS`; empty draws nothing.
    size : float
        Width and height in pixels; legible from 24.

    Returns
    -------
    str
        One SVG element; empty where there is no icon. It has no id, so it may stand on a page
        many times.

    Examples
    --------
    >>> draw_icon("")
    ''
    """
    if not icon:
        return ""
    words = icon_words(icon)
    return element(
        "svg",
        f"<title>{escaped(words)}</title>{_drawing(icon)}",
        xmlns="http://www.w3.org/2000/svg",
        viewBox="0 0 48 48",
        width=size,
        height=size,
        role="img",
        aria_label=words,
        font_family=FONT_FAMILY,
    )


def _drawing(icon: str) -> str:
    if icon in _FLAGS:
        return _flag(*_FLAGS[icon])
    if icon == "too_few_points":
        dots = "".join(f'<circle cx="{x}" cy="24" r="3"/>' for x in (15, 24, 33))
        return (
            f'<circle cx="24" cy="24" r="20" fill="{PAPER}" stroke="{INK}" stroke-width="2.5"'
            f' stroke-dasharray="6 4"/><g fill="{INK}">{dots}</g>'
        )
    if icon == "common_cause":
        wave = "M10 28l7-9 7 10 7-12 7 9"
        return (
            f'<path d="{mark_path("common", 24, 24, 20)}" fill="{COMMON_COLOUR}" stroke="{INK}"'
            f' stroke-width="2"/><path d="{wave}" fill="none" stroke="{INK}" stroke-width="3.5"'
            ' stroke-linejoin="round" stroke-linecap="round"/>'
        )
    kind, _, side = icon.partition("_")
    colour, white = KIND_COLOURS[kind]
    if side not in ("high", "low"):
        raise KeyError(icon)
    size = {"concern": 19, "improvement": 18.4, "neutral": 20}[kind]
    outline = mark_path(kind, 24, 24, size)
    return (
        f'<path d="{outline}" fill="{colour}" stroke="{INK}" stroke-width="2"'
        f' stroke-linejoin="round"/>{_letter("H" if side == "high" else "L", 24, white)}'
    )


# Letter, fill, and height of the target's line.
_FLAGS = {
    "passes": ("P", IMPROVEMENT_COLOUR, 38),
    "fails": ("F", CONCERN_COLOUR, 10),
    "hit_or_miss": ("?", "#d8dde0", 24),
}


def _flag(letter: str, fill: str, line: float) -> str:
    body = (
        f'<rect x="2" y="4" width="44" height="40" rx="9" fill="{fill}" stroke="{INK}"'
        ' stroke-width="2"/>'
    )
    gap = f"M5 {line}h9M34 {line}h9" if line == 24 else f"M6 {line}h36"
    target = f'<path d="{gap}" stroke="{INK}" stroke-width="3" stroke-dasharray="5 2.5"/>'
    return body + target + _letter(letter, {38: 20.5, 10: 28, 24: 24}[int(line)], False)


def _letter(letter: str, middle: float, white: bool) -> str:
    return (
        f'<text x="24" y="{number(middle + 8.6)}" font-size="24" font-weight="bold"'
        f' text-anchor="middle" fill="{PAPER if white else LETTER_COLOUR}">{letter}</text>'
    )
