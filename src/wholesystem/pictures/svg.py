"""Small pieces of SVG: escaping, measuring and wrapping text."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from xml.sax.saxutils import escape

from wholesystem.pictures.wording import clean_text

FONT_FAMILY = "Arial, 'Liberation Sans', Helvetica, sans-serif"

# Advance widths in thousandths of the font size, of Arial and its metric twins.
_GROUPS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r\u00b7",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckvxyz",
    556: "#$0123456789?L_abdeghnopqu\u2013",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "\u2014\u2026",
    1015: "@",
}
_BOLD_GROUPS = {
    238: "'",
    278: " ,./I\\ijl",
    280: "|",
    333: "!()-:;[]`ft\u00b7",
    389: "*r",
    474: '"',
    500: "z",
    556: "#$0123456789J_aceksvxy\u2013",
    584: "+<=>^~",
    611: "?FLTZbdghnopqu",
    667: "EPSVXY",
    722: "&ABCDHKNRU",
    778: "GOQw",
    833: "M",
    889: "%m",
    944: "W",
    975: "@",
    1000: "\u2014\u2026",
}
_WIDTHS = {c: width for width, characters in _GROUPS.items() for c in characters}
_BOLD_WIDTHS = {c: width for width, characters in _BOLD_GROUPS.items() for c in characters}


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line of Arial in the units of `size`; a careful guess for other scripts.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Font size, > 0.
    bold : bool
        Whether the text is bold.

    Returns
    -------
    float
        Width.
    """
    widths = _BOLD_WIDTHS if bold else _WIDTHS
    return sum(_advance(character, widths) for character in text) * size / 1000


def _advance(character: str, widths: Mapping[str, int]) -> int:
    if character in widths:
        return widths[character]
    base = unicodedata.normalize("NFD", character)[0]
    if base in widths:
        return widths[base]
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    wide = unicodedata.east_asian_width(character) in ("W", "F") or ord(character) > 0xFFFF
    return 1250 if wide else 760


def is_measured(text: str) -> bool:
    """Whether every character's width is known exactly, not guessed.

    Parameters
    ----------
    text : str
        One line.

    Returns
    -------
    bool
        False where a character is not in the table of widths.
    """
    return all(unicodedata.normalize("NFD", character)[0] in _WIDTHS for character in text)


def wrap_text(
    text: str, size: float, width: float, *, bold: bool = False, max_lines: int = 3
) -> list[str]:
    """Lines no wider than `width`; a text that needs more than `max_lines` ends in an ellipsis.

    Parameters
    ----------
    text : str
        Any text; white space separates words.
    size, width : float
        Font size and room, in the same units.
    bold : bool
        Whether the text is bold.
    max_lines : int
        At least 1.

    Returns
    -------
    list of str
        At least one line.
    """
    lines: list[str] = []
    for word in clean_text(text).split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined, size, bold=bold) <= width:
            lines[-1] = joined
        else:
            lines.extend(_broken_word(word, size, width, bold))
    if len(lines) > max_lines:
        lines = lines[:max_lines]
        lines[-1] = _shortened(lines[-1], size, width, bold)
    return lines


def _broken_word(word: str, size: float, width: float, bold: bool) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _shortened(line: str, size: float, width: float, bold: bool) -> str:
    while line and text_width(line + "\u2026", size, bold=bold) > width:
        line = line[:-1]
    return line.rstrip() + "\u2026"


def escaped(text: str) -> str:
    """Text made safe for XML content and attributes.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Markup.
    """
    return escape(clean_text(text), {'"': "&quot;", "'": "&#39;"})


def number(value: float) -> str:
    """A coordinate with at most two decimals, never ``-0``.

    Parameters
    ----------
    value : float
        A finite number.

    Returns
    -------
    str
        For instance ``"12.5"``.
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def element(name: str, content: str | None = None, /, **attributes: str | float | None) -> str:
    """One element; underscores in attribute names become hyphens, None leaves one out.

    Parameters
    ----------
    name : str
        Tag.
    content : str or None
        Markup already escaped; None makes an empty element.
    **attributes : str, float or None
        Values are escaped here.

    Returns
    -------
    str
        Markup.
    """
    parts = [name]
    for key, value in attributes.items():
        if value is None:
            continue
        text = escaped(value) if isinstance(value, str) else number(value)
        parts.append(f'{key.rstrip("_").replace("_", "-")}="{text}"')
    opening = " ".join(parts)
    return f"<{opening}/>" if content is None else f"<{opening}>{content}</{name}>"


def text_line(
    text: str,
    x: float,
    y: float,
    *,
    size: float = 14,
    bold: bool = False,
    fill: str = "#212b32",
    anchor: str = "start",
    halo: str | None = None,
) -> str:
    """One line of text with its baseline at `y`.

    Where another font stands in for Arial, `textLength` keeps the line to the room planned for it.

    Parameters
    ----------
    text : str
        The line, not escaped.
    x, y : float
        Anchor point and baseline.
    size : float
        Font size.
    bold : bool
        Weight.
    fill : str
        Colour of the letters.
    anchor : str
        ``start``, ``middle`` or ``end``.
    halo : str or None
        Colour of an outline behind the letters.

    Returns
    -------
    str
        An SVG text element.
    """
    text = clean_text(text)
    exact = len(text) > 1 and is_measured(text)
    return element(
        "text",
        escaped(text),
        x=x,
        y=y,
        font_size=size,
        font_weight="bold" if bold else None,
        fill=fill,
        text_anchor=None if anchor == "start" else anchor,
        textLength=text_width(text, size, bold=bold) if exact else None,
        lengthAdjust="spacingAndGlyphs" if exact else None,
        stroke=halo,
        stroke_width=4 if halo else None,
        paint_order="stroke" if halo else None,
        stroke_linejoin="round" if halo else None,
    )
