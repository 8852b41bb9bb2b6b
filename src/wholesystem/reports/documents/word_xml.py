"""Small pieces of WordprocessingML as text: every letter of a document's text is escaped here."""

from __future__ import annotations

import hashlib
from xml.sax.saxutils import escape, quoteattr

__all__ = [
    "NAMESPACES",
    "PARAGRAPH_MARK",
    "anchor_mark",
    "bookmark",
    "field",
    "hyperlink",
    "inline_picture",
    "label_mark",
    "paragraph",
    "run",
    "section_end",
]

NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{path}"'
    for prefix, path in (
        ("w", "wordprocessingml/2006/main"),
        ("r", "officeDocument/2006/relationships"),
        ("wp", "drawingml/2006/wordprocessingDrawing"),
        ("a", "drawingml/2006/main"),
        ("pic", "drawingml/2006/picture"),
    )
)
#: Word hides bookmarks whose names begin with an underscore, and keeps them as text is edited.
PARAGRAPH_MARK = "_ws"
_EMU_OF_MM = 36_000


def anchor_mark(anchor: str) -> str:
    """Name of the bookmark of an anchor; Word takes 40 letters at most."""
    return f"_wr{hashlib.sha256(anchor.encode()).hexdigest()[:16]}"


def label_mark(anchor: str) -> str:
    """Name of the bookmark around the label of a caption, such as Figure 3."""
    return f"_wl{hashlib.sha256(anchor.encode()).hexdigest()[:16]}"


def run(text: str, style: str = "", *, strong: bool = False, emphasis: bool = False) -> str:
    """A run of text in a character style."""
    look = f"<w:rStyle w:val={quoteattr(style)}/>" if style else ""
    look += "<w:b/><w:bCs/>" * strong + "<w:i/><w:iCs/>" * emphasis
    look = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def field(code: str, result: str, *, dirty: bool = False) -> str:
    """A field that Word can update, with what it shows until then."""
    kept = ' w:dirty="true"' if dirty else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"{kept}/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"{result}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def hyperlink(inside: str, *, anchor: str = "", relation: str = "") -> str:
    """A link to a bookmark, or out by a relation of the part."""
    where = f'w:anchor="{anchor_mark(anchor)}"' if anchor else f'r:id="{relation}"'
    return f'<w:hyperlink {where} w:history="1">{inside}</w:hyperlink>'


def bookmark(number: int, name: str, inside: str) -> str:
    """A bookmark around what is inside."""
    return (
        f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/>{inside}'
        f'<w:bookmarkEnd w:id="{number}"/>'
    )


def paragraph(inside: str, style: str, more: str = "") -> str:
    """A paragraph in a style; `more` are further properties, in the schema's order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inside}</w:p>'


def section_end(*, lying: bool) -> str:
    """An empty paragraph that ends a section of A4 pages, upright or lying."""
    wide, high = (16838, 11906) if lying else (11906, 16838)
    turned = ' w:orient="landscape"' if lying else ""
    return (
        '<w:p><w:pPr><w:pStyle w:val="Source"/><w:sectPr>'
        f'<w:pgSz w:w="{wide}" w:h="{high}"{turned}/>'
        '<w:pgMar w:top="1361" w:right="1134" w:bottom="1247" w:left="1134" w:header="624"'
        ' w:footer="624" w:gutter="0"/></w:sectPr></w:pPr></w:p>'
    )


def inline_picture(
    relation: str, number: int, title: str, alternative: str, width_mm: float, height_mm: float
) -> str:
    """A picture in the line of text, with its alternative text."""
    wide, high = round(width_mm * _EMU_OF_MM), round(height_mm * _EMU_OF_MM)
    # A line break in an attribute would be lost, and there is none: texts are of one line.
    said = f"descr={quoteattr(alternative)} title={quoteattr(title)}"
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr id="{number}" name="Picture {number}" {said}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}" {said}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>"
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
