"""A document laid out: numbers, anchors, notes and marks settled once, for all three writers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wholesystem.reports.documents.images import Size
from wholesystem.reports.documents.model import Align
from wholesystem.reports.documents.widths import Widths

__all__ = [
    "LYING_HEIGHT_MM",
    "LYING_WIDTH_MM",
    "LaidBlock",
    "LaidBox",
    "LaidBreak",
    "LaidCell",
    "LaidContents",
    "LaidCover",
    "LaidDocument",
    "LaidEvidence",
    "LaidFigure",
    "LaidHeading",
    "LaidItem",
    "LaidList",
    "LaidParagraph",
    "LaidTable",
    "Piece",
    "shown_text",
]


#: Nearly twice the width of an upright page's text.
WIDE_MM = 320.0
#: Room for a picture on a page that lies, its caption and source under it.
LYING_WIDTH_MM, LYING_HEIGHT_MM = 257.0, 130.0
WIDE_RATIO = 1.2


@dataclass(frozen=True)
class Piece:
    """A piece of text that needs no looking up.

    Parameters
    ----------
    kind : str
        ``text``; ``link`` out; ``reference`` within; ``mark`` of evidence; ``note``.
    text : str
        As shown; of a note, its number.
    target : str
        Address, or anchor within.
    number : int
        Of the note, from 1; of a mark, how many marks of its evidence came before.
    """

    kind: Literal["text", "link", "reference", "mark", "note"]
    text: str
    target: str = ""
    number: int = 0
    strong: bool = False
    emphasis: bool = False


Pieces = tuple[Piece, ...]


def shown_text(pieces: Pieces) -> str:
    """All that is read, marks of evidence too; not the numbers of notes."""
    return "".join(piece.text for piece in pieces if piece.kind != "note")


@dataclass(frozen=True)
class LaidHeading:
    """A heading; `text` has its number or letter before it."""

    level: int
    text: str
    anchor: str
    key: str
    appendix: bool = False
    #: What was put before the words that were given.
    label: str = ""


@dataclass(frozen=True)
class LaidParagraph:
    """A paragraph."""

    pieces: Pieces
    kind: str
    key: str


@dataclass(frozen=True)
class LaidItem:
    """An item of a list, and the list under it."""

    pieces: Pieces
    items: tuple[LaidItem, ...]
    key: str


@dataclass(frozen=True)
class LaidList:
    """A list."""

    items: tuple[LaidItem, ...]
    numbered: bool


@dataclass(frozen=True)
class LaidCell:
    """A cell."""

    pieces: Pieces
    value: float | None
    key: str


@dataclass(frozen=True)
class LaidTable:
    """A table."""

    label: str
    caption: str
    headings: tuple[str, ...]
    aligns: tuple[Align, ...]
    rows: tuple[tuple[LaidCell, ...], ...]
    header_column: bool
    source: LaidParagraph | None
    anchor: str
    key: str
    widths: Widths


@dataclass(frozen=True)
class LaidFigure:
    """A picture, with its data if there are any."""

    label: str
    caption: str
    alternative: str
    picture: str | bytes
    size: Size
    data: LaidTable | None
    source: LaidParagraph | None
    anchor: str
    key: str

    @property
    def is_wide(self) -> bool:
        """Whether it was drawn for a screen, so that an upright page would make it illegible."""
        size = self.size
        return size.width_mm > WIDE_MM and size.width_mm > WIDE_RATIO * size.height_mm


@dataclass(frozen=True)
class LaidBox:
    """A call-out."""

    title: str
    blocks: tuple[LaidParagraph | LaidList, ...]
    key: str


@dataclass(frozen=True)
class LaidBreak:
    """The end of a page."""


@dataclass(frozen=True)
class LaidContents:
    """Where the table of contents stands."""

    title: str
    depth: int


@dataclass(frozen=True)
class LaidEvidence:
    """The evidence cited, by number from 1; `marks` says how often each is cited."""

    items: tuple[LaidParagraph, ...]
    marks: tuple[int, ...]


LaidBlock = (
    LaidHeading
    | LaidParagraph
    | LaidList
    | LaidTable
    | LaidFigure
    | LaidBox
    | LaidBreak
    | LaidContents
    | LaidEvidence
)


@dataclass(frozen=True)
class LaidCover:
    """The first page."""

    title: str
    subtitle: str
    date: str
    version: str
    lines: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True)
class LaidDocument:
    """A document of which a writer only chooses the look."""

    title: str
    cover: LaidCover | None
    blocks: tuple[LaidBlock, ...]
    #: The appendix of the figures' data, which HTML shows behind the pictures instead.
    data: tuple[LaidBlock, ...]
    notes: tuple[LaidParagraph, ...]
    header: str
    footer: str
    version: str
    language: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    digest: str

    @property
    def paged_blocks(self) -> tuple[LaidBlock, ...]:
        """The blocks of a document that has pages."""
        return self.blocks + self.data

    def headings(self, *, paged: bool, depth: int) -> list[LaidHeading]:
        """The headings of a table of contents."""
        blocks = self.paged_blocks if paged else self.blocks
        found = [block for block in blocks if isinstance(block, LaidHeading)]
        return [heading for heading in found if heading.level <= depth]
