"""A laid-out document as the data that the template of the PDF reads: text, and no markup."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

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
    LaidCover,
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
from wholesystem.reports.documents.running import house_lines, running_lines
from wholesystem.reports.documents.widths import digits_wide

__all__ = ["PdfData"]

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 170.0, 205.0
LOGO_WIDTH_MM, LOGO_HEIGHT_MM = 60.0, 25.0
#: In widths of a digit: a longer word would not fit a line of a paragraph, of a heading.
LONGEST_WORD = 75
LONGEST_HEADING_WORD = 45
LONGEST_COVER_WORD = 24
#: A row of more lines may be cut between two pages.
MOST_LINES = 20
Json = dict[str, Any]
_CODE = re.compile(r"&#(x[0-9a-fA-F]{1,6}|[0-9]{1,7});")


class PdfData:
    """Makes the data of one document, and writes its pictures into a folder.

    Parameters
    ----------
    folder : Path
        Where the template is.
    replaced : mapping of str to str
        What is written for letters that no font has.
    """

    def __init__(self, folder: Path, replaced: Mapping[str, str]) -> None:
        self.folder = folder
        self.replaced = str.maketrans(dict(replaced))
        self.pictures = 0
        #: Every letter beyond ASCII that is to be shown.
        self.letters: set[str] = set()

    def of(self, document: LaidDocument, house: House, fonts: list[str], day: date | None) -> Json:
        """All that the template reads.

        Parameters
        ----------
        document : LaidDocument
            The document.
        house : House
            Its look.
        fonts : list of str
            Families that are there.
        day : date or None
            The date that the file carries.

        Returns
        -------
        dict
            To be written as JSON.
        """
        header, footer = running_lines(document, house)
        language, _, region = document.language.partition("-")
        return {
            "title": self.text(document.title),
            "author": [self.text(document.author)] if document.author else [],
            "subject": self.text(document.subject) or None,
            "keywords": [self.text(word) for word in document.keywords],
            "date": {"year": day.year, "month": day.month, "day": day.day} if day else None,
            "lang": language,
            "region": region or None,
            "header": self.text(header),
            "footer": self.text(footer),
            "has_cover": document.cover is not None,
            "cover": self.cover(document.cover, house) if document.cover else None,
            "house": self.house(house, fonts),
            "notes": [self.pieces(note.pieces) for note in document.notes],
            "blocks": [self.block(block) for block in document.paged_blocks],
        }

    def house(self, house: House, fonts: list[str]) -> Json:
        """The look."""
        logo = None
        if house.logo is not None:
            size = picture_size(house.logo.picture).within(LOGO_WIDTH_MM, LOGO_HEIGHT_MM)
            logo = {
                "file": self.picture(house.logo.picture),
                "alternative": self.text(house.logo.alternative),
                "width_mm": size.width_mm,
            }
        return {
            "accent": house.accent,
            "cover": house.cover,
            "cover_text": house.cover_text,
            "tint": house.tint,
            "fonts": fonts,
            "logo": logo,
        }

    def cover(self, cover: LaidCover, house: House) -> Json:
        """The first page."""
        return {
            "title": self.text(cover.title, LONGEST_COVER_WORD),
            "subtitle": self.text(cover.subtitle, LONGEST_HEADING_WORD),
            "date": cover.date,
            "version": self.text(cover.version, LONGEST_HEADING_WORD),
            "lines": [self.text(line) for line in cover.lines + house_lines(house)],
            "fingerprint": self.text(cover.fingerprint),
        }

    def text(self, text: str, longest: int = LONGEST_WORD) -> str:
        """A text in letters that there are, in which long words may be broken."""
        text = self.written(text)
        # The widest letter is nearly twice as wide as a digit.
        fits_surely = max(2, longest // 2)
        if len(text) <= fits_surely:
            return text
        return re.sub(rf"\S{{{fits_surely},}}", lambda one: _parted(one.group(), longest), text)

    def written(self, text: str) -> str:
        """A text in letters that there are."""
        if text.isascii():
            return text
        self.letters.update(text)
        return text.translate(self.replaced)

    def pieces(self, pieces: Pieces, longest: int = LONGEST_WORD) -> str | list[Json]:
        """Pieces of text; plain text, as most cells are, as itself, since it takes less memory."""
        if len(pieces) == 1 and pieces[0] == Piece("text", pieces[0].text):
            return self.text(pieces[0].text, longest)
        return [
            {
                "kind": piece.kind,
                "text": self.text(piece.text, longest),
                "target": piece.target,
                "number": piece.number,
                "strong": piece.strong,
                "emphasis": piece.emphasis,
            }
            for piece in pieces
        ]

    def block(self, block: LaidBlock) -> Json:
        """Any block."""
        match block:
            case LaidHeading():
                return {
                    "kind": "heading",
                    "level": block.level,
                    "text": self.text(block.text, LONGEST_HEADING_WORD),
                    "anchor": block.anchor,
                    "appendix": block.appendix,
                }
            case LaidParagraph():
                return self.paragraph(block)
            case LaidList():
                return self.bullets(block)
            case LaidTable():
                return self.table(block)
            case LaidFigure():
                return self.figure(block)
            case LaidBox():
                inside = [
                    self.bullets(one) if isinstance(one, LaidList) else self.paragraph(one)
                    for one in block.blocks
                ]
                return {"kind": "box", "title": self.text(block.title), "blocks": inside}
            case LaidBreak():
                return {"kind": "break"}
            case LaidContents():
                return {"kind": "contents", "title": self.text(block.title), "depth": block.depth}
            case LaidEvidence():
                return {
                    "kind": "evidence",
                    "items": [self.pieces(item.pieces) for item in block.items],
                }

    def paragraph(self, block: LaidParagraph) -> Json:
        """A paragraph."""
        return {"kind": "paragraph", "style": block.kind, "pieces": self.pieces(block.pieces)}

    def bullets(self, block: LaidList) -> Json:
        """A list."""
        items = [self.item(item) for item in block.items]
        return {"kind": "list", "numbered": block.numbered, "items": items}

    def item(self, item: LaidItem) -> Json:
        """An item, and what is under it."""
        return {"pieces": self.pieces(item.pieces), "items": [self.item(one) for one in item.items]}

    def source(self, source: LaidParagraph | None) -> str | list[Json] | None:
        """A line of source, if there is one."""
        return self.pieces(source.pieces) if source else None

    def table(self, table: LaidTable) -> Json:
        """A table."""
        longest = table.widths.letters
        return {
            "kind": "table",
            "label": table.label,
            "caption": self.text(table.caption),
            "headings": [self.text(h, n) for h, n in zip(table.headings, longest, strict=True)],
            "aligns": table.aligns,
            "rows": [
                [self.pieces(cell.pieces, n) for cell, n in zip(row, longest, strict=True)]
                for row in table.rows
            ],
            "header_column": table.header_column,
            "source": self.source(table.source),
            "anchor": table.anchor,
            "shares": [share * table.widths.part for share in table.widths.shares],
            "size": table.widths.size,
            "tall": any(map(partial(_is_tall, longest), table.rows)),
        }

    def figure(self, figure: LaidFigure) -> Json:
        """A picture, whose file is written."""
        page = (
            (LYING_WIDTH_MM, LYING_HEIGHT_MM) if figure.is_wide else (PAGE_WIDTH_MM, PAGE_HEIGHT_MM)
        )
        size = figure.size.within(*page)
        data = figure.data
        return {
            "kind": "figure",
            "label": figure.label,
            "caption": self.text(figure.caption),
            "file": self.picture(figure.picture),
            "alternative": self.text(figure.alternative),
            "width_mm": size.width_mm,
            "height_mm": size.height_mm,
            "source": self.source(figure.source),
            "wide": figure.is_wide,
            "anchor": figure.anchor,
            "data_anchor": data.anchor if data else None,
            "data_words": data.label if data else "",
        }

    def picture(self, picture: str | bytes) -> str:
        """Name of a file in the folder that holds a picture."""
        self.pictures += 1
        if isinstance(picture, bytes):
            name, content = f"picture-{self.pictures}.png", picture
        else:
            name = f"picture-{self.pictures}.svg"
            # Letters may stand as numbers; as themselves they can be looked for.
            plain = _CODE.sub(lambda code: _letter(code.group(), code[1]), picture)
            content = self.written(plain).encode("utf-8", "replace")
        (self.folder / name).write_bytes(content)
        return name


def _is_tall(letters: tuple[int, ...], row: tuple[LaidCell, ...]) -> bool:
    """Whether a row may take more than a third of a page, so that it must be cut between pages."""
    return any(
        len(shown_text(cell.pieces)) > MOST_LINES * most
        for cell, most in zip(row, letters, strict=True)
    )


def _parted(word: str, longest: int) -> str:
    """A word that is wider than so many digits, with places to break it, which are not seen."""
    wide = digits_wide(word)
    if wide <= longest:
        return word
    parts = math.ceil(2 * wide / longest)
    step = max(1, len(word) // parts)
    return "\u200b".join(word[i : i + step] for i in range(0, len(word), step))


def _letter(written: str, code: str) -> str:
    """The letter of a numeric reference in SVG; those of ASCII stay, for they may be markup."""
    number = int(code[1:], 16) if code[0] == "x" else int(code)
    return chr(number) if 0x7F < number <= 0x10FFFF else written
