"""The styles of a Word document, in the house's look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.enum.style import WD_STYLE_TYPE

from wholesystem.reports.documents.house import House
from wholesystem.reports.documents.word_xml import NAMESPACES

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

__all__ = ["add_styles"]

_INK, _QUIET, _RULE = "212B32", "4C6272", "AEB7BD"
# Name, based on, size in half points, colour, bold, and spacing before and after in twips.
_PARAGRAPHS = (
    ("Normal", None, 21, _INK, False, 0, 0),
    ("Body Text", "Normal", 21, _INK, False, 0, 120),
    ("Lead", "Normal", 25, _INK, False, 60, 160),
    ("Quote", "Normal", 21, _INK, False, 60, 120),
    ("Source", "Normal", 18, _QUIET, False, 40, 160),
    ("Caption", "Normal", 20, _INK, True, 120, 80),
    ("Figure", "Normal", 21, _INK, False, 160, 0),
    ("Title", "Normal", 56, "ACCENT", True, 120, 120),
    ("Subtitle", "Normal", 30, _INK, False, 0, 360),
    ("Cover Version", "Normal", 22, _INK, True, 1200, 240),
    ("Cover Line", "Normal", 22, _INK, False, 0, 80),
    ("Contents Title", "Normal", 27, _INK, True, 0, 160),
    ("Call Out Title", "Normal", 23, _INK, True, 160, 60),
    ("Table Text", "Normal", 18, None, False, 40, 40),
    ("Table Text Small", "Normal", 14, None, False, 30, 30),
    ("Table Text Tiny", "Normal", 12, None, False, 20, 20),
    ("Evidence", "Normal", 21, _INK, False, 0, 100),
    ("footnote text", "Normal", 17, _INK, False, 0, 20),
    ("Heading 1", "Normal", 34, _INK, True, 360, 140),
    ("Heading 2", "Normal", 27, _INK, True, 300, 120),
    ("Heading 3", "Normal", 23, _INK, True, 240, 100),
    ("Heading 4", "Normal", 21, _INK, True, 200, 80),
    ("toc 1", "Normal", 21, _INK, False, 60, 40),
    ("toc 2", "Normal", 21, _INK, False, 0, 40),
    ("toc 3", "Normal", 21, _INK, False, 0, 40),
    ("toc 4", "Normal", 21, _INK, False, 0, 40),
    ("List Bullet", "Normal", 21, _INK, False, 0, 60),
    ("List Bullet 2", "Normal", 21, _INK, False, 0, 60),
    ("List Bullet 3", "Normal", 21, _INK, False, 0, 60),
    ("List Number", "Normal", 21, _INK, False, 0, 60),
    ("Header", "Normal", 17, _QUIET, False, 0, 0),
    ("Footer", "Normal", 17, _QUIET, False, 0, 0),
)
_ORDER = "pBdr shd tabs spacing ind contextualSpacing jc outlineLvl".split()
_TABLE = """<w:style {ns} w:type="table" w:customStyle="1" w:styleId="DocumentTable">
<w:name w:val="Document Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/>
<w:tblPr><w:tblBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="{rule}"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{rule}"/></w:tblBorders>
<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>
</w:tblPr>
<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr><w:tcBorders>
<w:bottom w:val="single" w:sz="12" w:space="0" w:color="{ink}"/></w:tcBorders>
<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>
<w:tblStylePr w:type="firstCol"><w:rPr><w:b/><w:bCs/></w:rPr></w:tblStylePr></w:style>"""


def add_styles(word: WordDocument, house: House, language: str) -> None:
    """Set the styles of a new Word document.

    Parameters
    ----------
    word : docx.document.Document
        Fresh from python-docx's own template, whose styles of Word's names are kept and changed,
        so that they are the ones that Word knows.
    house : House
        Fonts and colours.
    language : str
        Of all text.
    """
    for name, base, size, colour, bold, before, after in _PARAGRAPHS:
        style = _paragraph_style(word, name, base)
        _set_font(style, house.fonts[0] if house.fonts else "Arial", size, bold)
        _set_colour(style, house.accent[1:] if colour == "ACCENT" else colour)
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after = _points(before), _points(after)
    _more_looks(word, house)
    for name, colour, raised in (
        ("Hyperlink", house.accent[1:], False),
        ("footnote reference", None, True),
    ):
        style = _style(word, name, kind=WD_STYLE_TYPE.CHARACTER)
        _set_colour(style, colour)
        style.font.underline = True if colour else None
        style.font.superscript = True if raised else None
    _add_xml(word, _TABLE.format(ns=NAMESPACES, rule=_RULE, ink=_INK))
    _set_language(word, language)


def _points(twips: int) -> Any:
    from docx.shared import Twips

    return Twips(twips)


def _style(word: WordDocument, name: str, kind: WD_STYLE_TYPE) -> Any:
    if name in [style.name for style in word.styles]:
        return word.styles[name]
    return word.styles.add_style(name, kind)


def _paragraph_style(word: WordDocument, name: str, base: str | None) -> Any:
    style = _style(word, name, kind=WD_STYLE_TYPE.PARAGRAPH)
    # Word finds its own styles by these ids, and the body names them.
    style.element.set(_w("styleId"), "".join(part[:1].upper() + part[1:] for part in name.split()))
    if name.startswith("toc "):
        style.element.set(_w("styleId"), f"TOC{name[4:]}")
    if base and not name.startswith("Heading"):
        style.base_style = word.styles[base]
    for kept in style.element.findall(_w("pPr")):
        for gone in ("pBdr", "spacing", "contextualSpacing", "jc"):
            for one in kept.findall(_w(gone)):
                kept.remove(one)
    style.quick_style, style.hidden, style.unhide_when_used = True, False, False
    return style


def _set_font(style: Any, font: str, half_points: int, bold: bool) -> None:
    from docx.shared import Pt

    look = style.element.get_or_add_rPr()
    for one in list(look):
        look.remove(one)
    style.font.name = font
    fonts = look.find(_w("rFonts"))
    for script in ("eastAsia", "cs"):
        fonts.set(_w(script), font)
    style.font.size = Pt(half_points / 2)
    style.font.bold = bold or None


def _set_colour(style: Any, colour: str | None) -> None:
    from docx.shared import RGBColor

    if colour:
        style.font.color.rgb = RGBColor.from_string(colour.upper())


def _more_looks(word: WordDocument, house: House) -> None:
    """Borders, tints, indents and tabs."""
    from docx.shared import Mm

    styles = word.styles
    for level in range(1, 5):
        looks = styles[f"Heading {level}"].paragraph_format
        looks.keep_with_next = True
        toc = styles[f"toc {level}"].paragraph_format
        toc.left_indent = Mm(5 * (level - 1))
        _add_look(
            styles[f"toc {level}"],
            '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9638"/></w:tabs>',
        )
    styles["Figure"].paragraph_format.keep_with_next = True
    styles["Quote"].paragraph_format.left_indent = Mm(5)
    styles["Evidence"].paragraph_format.left_indent = Mm(10)
    styles["Evidence"].paragraph_format.first_line_indent = Mm(-10)
    _add_look(styles["Quote"], _left_border(_RULE, 12))
    styles["Call Out Title"].paragraph_format.keep_with_next = True
    _add_look(
        styles["Call Out Title"],
        _left_border(house.accent[1:], 24)
        + f'<w:shd w:val="clear" w:color="auto" w:fill="{house.tint[1:]}"/>',
    )
    _add_look(
        styles["Header"],
        f'<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="4" w:color="{_RULE}"/></w:pBdr>',
    )


def _left_border(colour: str, size: int) -> str:
    return f'<w:pBdr><w:left w:val="single" w:sz="{size}" w:space="8" w:color="{colour}"/></w:pBdr>'


def _add_look(style: Any, xml: str) -> None:
    """Put further properties where the schema wants them."""
    from docx.oxml import parse_xml

    looks = style.element.get_or_add_pPr()
    for one in parse_xml(f"<w:pPr {NAMESPACES}>{xml}</w:pPr>"):
        after = {_w(name) for name in _ORDER[_ORDER.index(one.tag.rpartition("}")[2]) :]}
        place = next((k for k, kept in enumerate(looks) if kept.tag in after), len(looks))
        looks.insert(place, one)


def _add_xml(word: WordDocument, xml: str) -> None:
    from docx.oxml import parse_xml

    word.styles.element.append(parse_xml(xml))


def _set_language(word: WordDocument, language: str) -> None:
    defaults = word.styles.element.find(f"{_w('docDefaults')}/{_w('rPrDefault')}/{_w('rPr')}")
    for kept in list(defaults):
        if kept.tag in (_w("lang"), _w("rFonts")):
            defaults.remove(kept)
    from docx.oxml import parse_xml

    defaults.append(
        parse_xml(
            f'<w:lang {NAMESPACES} w:val="{language}" w:eastAsia="{language}" w:bidi="ar-SA"/>'
        )
    )


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"
