"""The body of a Word document: each block as Word's own headings, lists, tables and captions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol
from xml.sax.saxutils import quoteattr

from wholesystem.reports.documents.house import House
from wholesystem.reports.documents.images import picture_size
from wholesystem.reports.documents.laid import (
    LYING_HEIGHT_MM,
    LYING_WIDTH_MM,
    LaidBlock,
    LaidBox,
    LaidBreak,
    LaidCell,
    LaidContents,
    LaidDocument,
    LaidEvidence,
    LaidFigure,
    LaidHeading,
    LaidItem,
    LaidList,
    LaidParagraph,
    LaidTable,
    Piece,
    Pieces,
    shown_text,
)
from wholesystem.reports.documents.running import house_lines
from wholesystem.reports.documents.word_xml import (
    PARAGRAPH_MARK,
    anchor_mark,
    bookmark,
    field,
    hyperlink,
    inline_picture,
    label_mark,
    paragraph,
    run,
    section_end,
)

__all__ = ["TEXT_HEIGHT_MM", "TEXT_WIDTH_MM", "Marked", "WordBody", "WordParts"]

TEXT_WIDTH_MM, TEXT_HEIGHT_MM = 170.0, 200.0
_TWIPS_OF_MM = 1440 / 25.4
_JUSTIFY = {"left": "", "right": '<w:jc w:val="right"/>', "centre": '<w:jc w:val="center"/>'}
_STYLES = {"body": "BodyText", "lead": "Lead", "quote": "Quote", "source": "Source"}
_PAGE_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


class WordParts(Protocol):
    """What of a Word file stands outside of its body."""

    def picture(self, picture: str | bytes, width_mm: float) -> str:
        """Relation of a picture that is shown so wide."""

    def link(self, address: str) -> str:
        """Relation of an address."""

    def number_list(self) -> int:
        """Number of a list that begins at 1."""


@dataclass(frozen=True)
class Marked:
    """A paragraph as it is written, by which what comes back is compared.

    Parameters
    ----------
    key : str
        In the name of its bookmark.
    text : str
        What is read.
    section : str
        The heading that it stands under.
    """

    key: str
    text: str
    section: str


class WordBody:
    """Writes the body of one document, and keeps what it writes as text.

    Parameters
    ----------
    document : LaidDocument
        What to write.
    house : House
        Its look.
    parts : WordParts
        Where pictures, links and lists go.
    """

    def __init__(self, document: LaidDocument, house: House, parts: WordParts) -> None:
        self.document = document
        self.house = house
        self.parts = parts
        self.marked: list[Marked] = []
        self.section = ""
        self.bookmarks = 0
        self.pictures = 0

    def written(self) -> str:
        """All paragraphs and tables."""
        return "".join([self.first_page(), *map(self.block, self.document.paged_blocks)])

    def notes(self) -> list[str]:
        """The paragraphs of the notes, without their numbers."""
        self.section = "Notes"
        return [self.mark(note.key, note.pieces, self.pieces(note.pieces))
                for note in self.document.notes]  # fmt: skip

    # Marks

    def next_bookmark(self) -> int:
        """A number that no other bookmark has."""
        self.bookmarks += 1
        return self.bookmarks

    def mark(self, key: str, text: Pieces | str, inside: str) -> str:
        """A paragraph's content within the bookmark by which it is known again."""
        words = text if isinstance(text, str) else shown_text(text)
        self.marked.append(Marked(key, words, self.section))
        return bookmark(self.next_bookmark(), PARAGRAPH_MARK + key, inside)

    def line(self, key: str, text: str, style: str, more: str = "") -> str:
        """A paragraph of plain text."""
        return paragraph(self.mark(key, text, run(text)), style, more)

    # Text

    def pieces(self, pieces: Pieces) -> str:
        """Runs of text."""
        return "".join(map(self.piece, pieces))

    def piece(self, piece: Piece) -> str:
        """A run, a link, a field or the mark of a note."""
        match piece.kind:
            case "link":
                relation = self.parts.link(piece.target)
                return hyperlink(run(piece.text, "Hyperlink"), relation=relation)
            case "reference" if piece.text.split(" ")[0] in ("Figure", "Table"):
                label = f"REF {label_mark(piece.target)} \\h"
                return field(label, run(piece.text, "Hyperlink"))
            case "reference" | "mark":
                return hyperlink(run(piece.text, "Hyperlink"), anchor=piece.target)
            case "note":
                return (
                    '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
                    f'<w:footnoteReference w:id="{piece.number}"/></w:r>'
                )
        return run(piece.text, strong=piece.strong, emphasis=piece.emphasis)

    # Blocks

    def block(self, block: LaidBlock) -> str:
        """Any block."""
        match block:
            case LaidHeading():
                return self.heading(block)
            case LaidParagraph():
                return self.paragraph(block)
            case LaidList():
                return self.bullets(block)
            case LaidTable():
                return self.table(block)
            case LaidFigure():
                return self.figure(block)
            case LaidBox():
                return self.box(block)
            case LaidContents():
                return self.contents(block)
            case LaidEvidence():
                return self.evidence(block)
            case LaidBreak():
                return _PAGE_BREAK

    def heading(self, heading: LaidHeading) -> str:
        """A heading of Word's own."""
        self.section = heading.text
        inside = bookmark(self.next_bookmark(), anchor_mark(heading.anchor), run(heading.text))
        before = "<w:pageBreakBefore/>" if heading.appendix else ""
        return paragraph(
            self.mark(heading.key, heading.text, inside), f"Heading{heading.level}", before
        )

    def paragraph(self, block: LaidParagraph, more: str = "") -> str:
        """A paragraph."""
        inside = self.mark(block.key, block.pieces, self.pieces(block.pieces))
        return paragraph(inside, _STYLES[block.kind], more)

    def bullets(self, block: LaidList, more: str = "") -> str:
        """A list."""
        number = self.parts.number_list() if block.numbered else 0
        return "".join(self.item(item, 1, number, more) for item in block.items)

    def item(self, item: LaidItem, level: int, number: int, more: str) -> str:
        """An item, and what is under it."""
        inside = self.mark(item.key, item.pieces, self.pieces(item.pieces))
        numbered = (
            f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
        )
        style = "ListNumber" if number else f"ListBullet{level if level > 1 else ''}"
        under = [self.item(one, level + 1, 0, more) for one in item.items]
        return paragraph(inside, style, numbered + more) + "".join(under)

    def caption(self, label: str, caption: str, anchor: str, key: str, more: str = "") -> str:
        """A caption whose number Word counts itself."""
        kind, _, number = label.rpartition(" ")
        counted = kind in ("Figure", "Table")
        shown = (
            run(f"{kind} ") + field(f"SEQ {kind} \\* ARABIC", run(number))
            if counted
            else run(label)
        )
        named = bookmark(self.next_bookmark(), label_mark(anchor), shown)
        named = bookmark(self.next_bookmark(), anchor_mark(anchor), named)
        text = f"{label}: {caption}"
        return paragraph(self.mark(key, text, named + run(f": {caption}")), "Caption", more)

    def source(self, source: LaidParagraph | None) -> str:
        """A line of source, if there is one."""
        return self.paragraph(source) if source else ""

    def figure(self, figure: LaidFigure) -> str:
        """A picture, its caption, and the way to its data."""
        page = (TEXT_WIDTH_MM, TEXT_HEIGHT_MM)
        size = figure.size.within(*((LYING_WIDTH_MM, LYING_HEIGHT_MM) if figure.is_wide else page))
        self.pictures += 1
        picture = inline_picture(
            self.parts.picture(figure.picture, size.width_mm),
            self.pictures,
            f"{figure.label}: {figure.caption}",
            figure.alternative,
            size.width_mm,
            size.height_mm,
        )
        drawn = paragraph(picture, "Figure")
        caption = self.caption(figure.label, figure.caption, figure.anchor, figure.key)
        data = ""
        if figure.data:
            link = (Piece("reference", figure.data.label, figure.data.anchor),)
            key = f"{figure.key}data"
            inside = hyperlink(run(figure.data.label, "Hyperlink"), anchor=figure.data.anchor)
            data = paragraph(self.mark(key, link, inside), "Source")
        whole = drawn + caption + self.source(figure.source) + data
        if not figure.is_wide:
            return whole
        return section_end(lying=False) + whole + section_end(lying=True)

    def table(self, table: LaidTable) -> str:
        """A table under its caption, with a header that is repeated on every page."""
        caption = self.caption(table.label, table.caption, table.anchor, table.key, "<w:keepNext/>")
        style = ("TableText", "TableTextSmall", "TableTextTiny")[table.widths.size]
        width = table.widths.part * TEXT_WIDTH_MM * _TWIPS_OF_MM
        widths = [round(share * width) for share in table.widths.shares]
        heads = "".join(
            self.cell(f"{table.key}h{n}", head, run(head, strong=True), width, style, align)
            for n, (head, width, align) in enumerate(
                zip(table.headings, widths, table.aligns, strict=True)
            )
        )
        rows = [self.row(table, row, widths, style) for row in table.rows]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        return (
            f"{caption}<w:tbl>{_table_look(table)}<w:tblGrid>{grid}</w:tblGrid>"
            f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>"
            # Two tables that touch become one in Word, so something always stands between.
            f"{''.join(rows)}</w:tbl>{self.source(table.source) or paragraph('', 'Source')}"
        )

    def row(
        self, table: LaidTable, row: tuple[LaidCell, ...], widths: list[int], style: str
    ) -> str:
        """A row."""
        cells = []
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            pieces = cell.pieces
            if number == 0 and table.header_column:
                pieces = tuple(replace(piece, strong=True) for piece in pieces)
            inside = self.pieces(pieces)
            cells.append(self.cell(cell.key, pieces, inside, width, style, table.aligns[number]))
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"

    def cell(
        self, key: str, text: Pieces | str, inside: str, width: int, style: str, align: str
    ) -> str:
        """A cell."""
        words = paragraph(self.mark(key, text, inside), style, _JUSTIFY[align])
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{words}</w:tc>'

    def box(self, box: LaidBox) -> str:
        """A call-out, whose paragraphs share a border and a tint."""
        title = self.line(box.key, box.title, "CallOutTitle")
        look = (
            '<w:pBdr><w:left w:val="single" w:sz="24" w:space="8"'
            f' w:color="{self.house.accent[1:]}"/></w:pBdr>'
            f'<w:shd w:val="clear" w:color="auto" w:fill="{self.house.tint[1:]}"/>'
        )
        inside = [
            self.bullets(one, look) if isinstance(one, LaidList) else self.paragraph(one, look)
            for one in box.blocks
        ]
        return title + "".join(inside)

    def contents(self, block: LaidContents) -> str:
        """The table of contents as a field, filled in until Word updates it."""
        title = self.line("contents", block.title, "ContentsTitle")
        headings = self.document.headings(paged=True, depth=block.depth)
        code = f'TOC \\o "1-{block.depth}" \\h \\z \\u'
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
            f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        entries = []
        for number, heading in enumerate(headings):
            page = field(f"PAGEREF {anchor_mark(heading.anchor)} \\h", run(""))
            inside = hyperlink(
                f"{run(heading.text)}<w:r><w:tab/></w:r>{page}", anchor=heading.anchor
            )
            first = begin if number == 0 else ""
            entries.append(paragraph(first + inside, f"TOC{heading.level}"))
        end = '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>' if headings else ""
        return title + "".join(entries) + end

    def evidence(self, block: LaidEvidence) -> str:
        """The list of evidence, whose style numbers it."""
        items = []
        for number, item in enumerate(block.items, start=1):
            inside = self.mark(item.key, item.pieces, self.pieces(item.pieces))
            place = anchor_mark(f"evidence_{number}")
            items.append(paragraph(bookmark(self.next_bookmark(), place, inside), "Evidence"))
        return "".join(items)

    def first_page(self) -> str:
        """The cover, or the title alone."""
        cover = self.document.cover
        digest = bookmark(self.next_bookmark(), f"_wd{self.document.digest[:32]}", "")
        if cover is None:
            title = self.document.title
            return paragraph(digest + self.mark("c0", title, run(title)), "Title")
        self.section = "Cover"
        lines = [
            (cover.version, "CoverVersion"),
            (cover.title, "Title"),
            (cover.subtitle, "Subtitle"),
            (cover.date, "CoverLine"),
            *((line, "CoverLine") for line in (*cover.lines, *house_lines(self.house))),
            (cover.fingerprint, "Source"),
        ]
        shown = [
            self.line(f"c{number}", text, style)
            for number, (text, style) in enumerate(lines)
            if text
        ]
        return paragraph(digest + self.logo(), "CoverLine") + "".join(shown) + _PAGE_BREAK

    def logo(self) -> str:
        """The house's logo, if it has one."""
        logo = self.house.logo
        if logo is None:
            return ""
        size = picture_size(logo.picture).within(60, 25)
        self.pictures += 1
        return inline_picture(
            self.parts.picture(logo.picture, size.width_mm),
            self.pictures,
            "Logo",
            logo.alternative,
            size.width_mm,
            size.height_mm,
        )


def _table_look(table: LaidTable) -> str:
    first = int(table.header_column)
    narrow = ""
    if table.widths.size:
        sides = "".join(f'<w:{side} w:w="30" w:type="dxa"/>' for side in ("left", "right"))
        narrow = f"<w:tblCellMar>{sides}</w:tblCellMar>"
    title = quoteattr(f"{table.label}: {table.caption}")
    return (
        '<w:tblPr><w:tblStyle w:val="DocumentTable"/>'
        f'<w:tblW w:w="{round(5000 * table.widths.part)}" w:type="pct"/>'
        f'<w:tblLayout w:type="fixed"/>{narrow}'
        f'<w:tblLook w:val="{"04A0" if first else "0420"}" w:firstRow="1" w:lastRow="0"'
        f' w:firstColumn="{first}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={title}/></w:tblPr>"
    )
