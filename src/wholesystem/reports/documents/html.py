"""A document as one HTML file: no script, no other file, no network."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from wholesystem.reports.documents.house import House
from wholesystem.reports.documents.laid import LaidDocument, LaidTable, Piece, Pieces
from wholesystem.reports.documents.running import house_lines, running_lines
from wholesystem.reports.page import template

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["html_of"]

_PIXELS_OF_MM = 96 / 25.4
_ALIGN = {"left": "", "right": ' class="n"', "centre": ' class="c"'}


def html_of(document: LaidDocument, house: House) -> str:
    """HTML of a document.

    Parameters
    ----------
    document : LaidDocument
        All its text is escaped. Pictures stand in it as images, so that nothing in them runs.
    house : House
        Its look.

    Returns
    -------
    str
        A whole page.
    """
    header, footer = running_lines(document, house)
    return _template().render(
        document=document,
        house=house,
        house_css=Markup(_house_css(house, header, footer)),
        house_lines=house_lines(house),
        header=header,
        footer=footer,
        pieces=_pieces,
        rows=_rows,
        align=lambda how: Markup(_ALIGN[how]),
        kind_of=lambda block: type(block).__name__,
        source_of=_source_of,
        pixels=lambda mm: round(mm * _PIXELS_OF_MM),
        ways_back=_ways_back,
    )


def _template() -> Template:
    return template("document.html.j2")


def _house_css(house: House, header: str, footer: str) -> str:
    colours = (
        f":root {{ --blue: {house.accent}; --dark-blue: {house.cover};"
        f" --cover-ink: {house.cover_text}; --tint: {house.tint}; }}\n"
    )
    families = ", ".join(f'"{font}"' for font in house.fonts)
    fonts = f"body {{ font-family: {families}, sans-serif; }}\n"
    small = f"font: 8pt {families}, sans-serif; color: #4c6272;"
    page = (
        "@page { size: A4 portrait; margin: 18mm 18mm 20mm;"
        f" @top-left {{ content: {_css_text(header)}; {small} }}"
        f" @bottom-left {{ content: {_css_text(footer)}; {small} }}"
        f' @bottom-right {{ content: counter(page) " / " counter(pages); {small} }} }}'
    )
    return f"{colours}{fonts}{page}\n@page lying {{ size: A4 landscape; }}"


def _css_text(text: str) -> str:
    """A text as a string of CSS that nothing in it can end."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'


def _source_of(picture: str | bytes) -> Markup:
    kind = "svg+xml" if isinstance(picture, str) else "png"
    content = picture.encode("utf-8", "replace") if isinstance(picture, str) else picture
    # Letters of base64 need no escaping, and escaping megabytes takes its time.
    return Markup(f"data:image/{kind};base64,{b64encode(content).decode()}")


def _pieces(pieces: Pieces) -> Markup:
    # Every text and address is escaped in `_piece`.
    return Markup("".join(map(_piece, pieces)))


def _piece(piece: Piece) -> str:
    text = str(escape(piece.text))
    match piece.kind:
        case "link":
            return f'<a href="{escape(piece.target)}" rel="noreferrer">{text}</a>'
        case "reference":
            return f'<a href="#{piece.target}">{text}</a>'
        case "mark":
            place = f"mark_{piece.target.rpartition('_')[2]}_{piece.number}"
            return (
                f'<a id="{place}" class="mark" role="doc-noteref" href="#{piece.target}">{text}</a>'
            )
        case "note":
            n = piece.number
            return (
                f'<a id="noted_{n}" class="note-mark" role="doc-noteref" href="#note_{n}"'
                f' aria-label="Note {n}">{n}</a>'
            )
    if piece.emphasis:
        text = f"<em>{text}</em>"
    return f"<strong>{text}</strong>" if piece.strong else text


def _rows(table: LaidTable) -> Markup:
    before = [f"<td{_ALIGN[align]}>" for align in table.aligns]
    rows = []
    for row in table.rows:
        cells = []
        for number, cell in enumerate(row):
            inside = "".join(map(_piece, cell.pieces))
            if cell.value is not None:
                inside = f'<data value="{cell.value!r}">{inside}</data>'
            if number == 0 and table.header_column:
                cells.append(f'<th scope="row"{_ALIGN[table.aligns[0]]}>{inside}</th>')
            else:
                cells.append(f"{before[number]}{inside}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>\n")
    return Markup("".join(rows))


def _ways_back(number: int, marks: int) -> Markup:
    """Links from a piece of evidence to where it is cited."""
    return Markup("".join(
        f' <a class="back" role="doc-backlink" href="#mark_{number}_{k}"'
        f' aria-label="Back to citation {k} of evidence {number}">&#8617;&#xFE0E;</a>'
        for k in range(1, marks + 1)
    ))  # fmt: skip
