"""What a document is made of: one model, from which HTML, PDF and Word are written.

Text is given as a plain string, or as a tuple of pieces where part of it is strong, linked or
cited. Nothing in it is markup: what a person wrote is shown as they wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as day
from typing import Literal

__all__ = [
    "Align",
    "Block",
    "BulletList",
    "CallOut",
    "Cell",
    "Citation",
    "Column",
    "Contents",
    "Cover",
    "Document",
    "Evidence",
    "Figure",
    "Footnote",
    "Heading",
    "Inline",
    "Item",
    "Link",
    "PageBreak",
    "Paragraph",
    "Reference",
    "Runs",
    "Table",
    "Text",
]

Align = Literal["left", "right", "centre"]


@dataclass(frozen=True)
class Text:
    """A piece of text.

    Parameters
    ----------
    text : str
        As it is shown.
    strong, emphasis : bool
        Bold; italic.
    """

    text: str
    strong: bool = False
    emphasis: bool = False


@dataclass(frozen=True)
class Link:
    """A link out of the document.

    Parameters
    ----------
    text : str
        What is read; it should make sense alone.
    address : str
        ``https:``, ``http:`` or ``mailto:``.
    """

    text: str
    address: str


@dataclass(frozen=True)
class Reference:
    """A link to a heading, table or figure of the same document.

    Parameters
    ----------
    anchor : str
        Of what is meant.
    text : str
        What is read; empty: "Figure 3", "Table 2", or the words of the heading.
    """

    anchor: str
    text: str = ""


@dataclass(frozen=True)
class Citation:
    """The mark of cited evidence, such as [4], which leads to the appendix of evidence.

    Parameters
    ----------
    evidence : str
        Key of an `Evidence` of the document.
    """

    evidence: str


@dataclass(frozen=True)
class Footnote:
    """A note: at the foot of the page in PDF and Word, at the end in HTML.

    Parameters
    ----------
    text : str or tuple of Text and Link
        The note.
    """

    text: str | tuple[Text | Link, ...]


Inline = Text | Link | Reference | Citation | Footnote
Runs = str | tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """A heading.

    Parameters
    ----------
    level : int
        1 to 4; one more than the heading above at most.
    text : str
        In plain words.
    anchor : str
        What references name: small letters, digits and hyphens.
    appendix : bool
        Of level 1: the appendix "Appendix A: ..." begins, on a new page. No heading of level 1
        that is not one may follow.
    """

    level: int
    text: str
    anchor: str = ""
    appendix: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph.

    Parameters
    ----------
    text : str or tuple of Inline
        What it says.
    kind : str
        ``body``; ``lead``: larger; ``quote``: words of somebody else, set in; ``source``: smaller.
    id : str
        A name that stays while its words change, by which it is known when a Word file comes
        back; empty: known by its words.
    """

    text: Runs
    kind: Literal["body", "lead", "quote", "source"] = "body"
    id: str = ""


@dataclass(frozen=True)
class Item:
    """An item of a list.

    Parameters
    ----------
    text : str or tuple of Inline
        What it says.
    items : tuple of Item
        A list under it, in bullets; two such levels at most.
    id : str
        As of a paragraph.
    """

    text: Runs
    items: tuple[Item, ...] = ()
    id: str = ""


@dataclass(frozen=True)
class BulletList:
    """A list.

    Parameters
    ----------
    items : tuple of Item
        At least one.
    numbered : bool
        Whether it has numbers instead of bullets.
    """

    items: tuple[Item, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    heading : str
        With the unit where it holds figures.
    align : str
        ``left``, ``right`` or ``centre``.
    """

    heading: str
    align: Align = "left"


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Parameters
    ----------
    text : str or tuple of Inline
        As it is shown.
    value : float or None
        The figure that the text shows, in the unit of the text (12.5 for "12.5%"); None if it
        shows none.
    """

    text: Runs
    value: float | None = None


@dataclass(frozen=True)
class Table:
    """A table.

    Parameters
    ----------
    caption : str
        What it shows; "Table 2: " is put before it.
    columns : tuple of Column
        1 to 16.
    rows : tuple of tuple of (Cell or str)
        A cell for each column; a string is a cell of text.
    header_column : bool
        Whether the first column says what the row is.
    source : str or tuple of Inline
        Where the figures come from; empty: not told.
    anchor : str
        What references name.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | str, ...], ...]
    header_column: bool = True
    source: Runs = ""
    anchor: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture.

    Parameters
    ----------
    name : str
        By which faults name it, such as its file's name.
    picture : str or bytes
        SVG as text, or a PNG file's content.
    alternative : str
        What it shows, for people who cannot see it.
    caption : str
        "Figure 3: " is put before it.
    data : Table or None
        The figures that it draws. They stand behind the picture in HTML, and in an appendix in
        PDF and Word.
    source : str or tuple of Inline
        Where the figures come from, and how to read the picture.
    anchor : str
        What references name.
    """

    name: str
    picture: str | bytes
    alternative: str
    caption: str
    data: Table | None = None
    source: Runs = ""
    anchor: str = ""


@dataclass(frozen=True)
class CallOut:
    """A box that stands out.

    Parameters
    ----------
    title : str
        Its first line; it says in words what kind of box it is.
    blocks : tuple of Paragraph and BulletList
        What it says.
    """

    title: str
    blocks: tuple[Paragraph | BulletList, ...]


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page, where there are pages."""


@dataclass(frozen=True)
class Contents:
    """The table of contents.

    Parameters
    ----------
    title : str
        Above it.
    depth : int
        Levels of headings in it, 1 to 4.
    """

    title: str = "Contents"
    depth: int = 2


Block = Heading | Paragraph | BulletList | Table | Figure | CallOut | PageBreak | Contents


@dataclass(frozen=True)
class Evidence:
    """A piece of evidence that the document may cite.

    Parameters
    ----------
    key : str
        By which citations name it.
    text : str or tuple of Inline
        What it is, where it stands and whom it comes from.
    """

    key: str
    text: Runs


@dataclass(frozen=True)
class Cover:
    """The first page.

    Parameters
    ----------
    subtitle : str
        Under the title.
    date : date or None
        Of the document; it is also the date that the files carry.
    version : str
        A word such as DRAFT; it stands on every page.
    lines : tuple of str
        Who made it, for whom.
    fingerprint : str
        A line from which the state of what it was made from can be told.
    title : str
        On the cover; empty: the document's.
    """

    subtitle: str = ""
    date: day | None = None
    version: str = ""
    lines: tuple[str, ...] = ()
    fingerprint: str = ""
    title: str = ""


@dataclass(frozen=True)
class Document:
    """A whole document, which cannot be made with a fault in it.

    Parameters
    ----------
    title : str
        Of the document, the window and the files.
    blocks : tuple of Block
        What it says, in order.
    cover : Cover or None
        The first page; None: the title stands above the text.
    evidence : tuple of Evidence
        What it may cite. An appendix lists what is cited, in the order in which it is.
    header, footer : str
        On every page. The number of the page is added to the footer.
    language : str
        Such as ``en-GB``.
    author, subject : str
        For the files' own records.
    keywords : tuple of str
        Likewise.
    numbered : bool
        Whether headings have numbers.

    Raises
    ------
    TableError
        With all faults: a picture without alternative text, a heading that skips a level, a
        reference to nothing, a cell whose figure is not what it shows.
    """

    title: str
    blocks: tuple[Block, ...]
    cover: Cover | None = None
    evidence: tuple[Evidence, ...] = ()
    header: str = ""
    footer: str = ""
    language: str = "en-GB"
    author: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = field(default=())
    numbered: bool = False

    def __post_init__(self) -> None:
        from wholesystem.errors import TableError
        from wholesystem.reports.documents.checks import find_faults

        faults = find_faults(self)
        if faults:
            raise TableError(faults)
