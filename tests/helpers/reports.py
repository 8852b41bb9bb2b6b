"""Documents of every kind of block, and what is read back from the files that they become."""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any

from wholesystem.reports.documents import (
    BulletList,
    CallOut,
    Citation,
    Column,
    Contents,
    Cover,
    Document,
    Evidence,
    Figure,
    Footnote,
    Heading,
    Item,
    Link,
    PageBreak,
    Paragraph,
    Reference,
    Table,
    Text,
    number_cell,
)

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="240" viewBox="0 0 600 240">'
    '<rect width="600" height="240" fill="#f0f4f5"/><text x="20" y="40" font-size="20"'
    ' font-family="Arial">Days delayed</text>'
    '<rect x="20" y="80" width="400" height="60" fill="#005eb8"/></svg>'
)


def make_png(
    width: int = 40, height: int = 20, colour: tuple[int, int, int] = (0, 94, 184)
) -> bytes:
    """A PNG of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    rows = (b"\0" + bytes(colour) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def make_table(caption: str = "Days delayed by reason", rows: int = 7, **more: Any) -> Table:
    return Table(
        caption,
        (Column("Reason"), Column("Days", "right"), Column("Share", "right")),
        tuple(
            (f"Reason {i}", number_cell(1234.5 * i, 1), number_cell(3.7 * i, 1, unit="%"))
            for i in range(1, rows + 1)
        ),
        **more,
    )


def make_figure(name: str = "delays.svg", **more: Any) -> Figure:
    given: dict[str, Any] = {
        "picture": SVG,
        "alternative": "Bars of days delayed: reason 7 is the longest with 8,642 days.",
        "caption": "Days delayed",
        "data": make_table(),
        **more,
    }
    return Figure(name, **given)


def full_blocks() -> tuple[Any, ...]:
    """One of every kind of block."""
    return (
        Contents(),
        Heading(1, "Summary", anchor="summary"),
        Paragraph("What we found, in brief.", kind="lead"),
        Paragraph(
            (
                Text("People wait "),
                Text("too long", strong=True),
                Text(" for home care"),
                Citation("e1"),
                Text(", as "),
                Reference("delays"),
                Text(" shows"),
                Footnote((Text("Counted at midnight: "), Link("method", "https://example.org/m"))),
                Text(". See also "),
                Reference("method"),
                Text(" and "),
                Reference("by-reason"),
                Citation("e2"),
                Citation("e1"),
                Text("."),
            )
        ),
        BulletList((Item("First", (Item("Under it"),)), Item((Text("Second", emphasis=True),)))),
        BulletList((Item("Do this"), Item("Then that")), numbered=True),
        CallOut(
            "What to do next",
            (Paragraph("Agree one list."), BulletList((Item("by Friday"),))),
        ),
        Heading(2, "Delays by reason"),
        make_figure(anchor="delays", source="NHS England, 2017."),
        make_table("Delays again", 60, anchor="by-reason", source=(Text("From NHS England."),)),
        Heading(3, "Quotes"),
        Paragraph("\u201cIt took weeks.\u201d", kind="quote"),
        make_figure("b.png", picture=make_png(), caption="Blue", alternative="Blue.", data=None),
        PageBreak(),
        Heading(1, "Method", anchor="method"),
        Paragraph("We asked people."),
        Heading(1, "Interviews", appendix=True),
        Paragraph("Twelve people.", kind="source"),
    )


def make_document(*blocks: Any, **more: Any) -> Document:
    """A document; of every kind of block if none is given."""
    given: dict[str, Any] = {
        "cover": Cover(
            "How people move",
            date(2026, 11, 27),
            "DRAFT",
            ("For the board",),
            "Fingerprint of the review: 0a1b2c3d",
        ),
        "evidence": (
            Evidence("e1", "Interview 4, home care manager."),
            Evidence("e2", (Text("Minutes of the "), Text("board", emphasis=True))),
            Evidence("e3", "Not cited."),
        ),
        "footer": "Official",
        "author": "The reviewers",
        "subject": "Local system review",
        "keywords": ("delays", "review"),
        **more,
    }
    return Document("Local system review: Oxfordshire", blocks or full_blocks(), **given)


Rows = list[list[str]]


class _Tables(HTMLParser):
    """Text of cells by table, and of all that is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Rows] = []
        self.values: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("meta", "link", "img", "br", "col"):
            return
        self.inside.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag == "data":
            self.values.append((dict(attrs)["value"] or "", ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.inside.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"style", "head"} & set(self.inside):
            return
        self.text.append(data)
        if {"td", "th"} & set(self.inside):
            self.tables[-1][-1][-1] += data
        if "data" in self.inside:
            self.values[-1] = (self.values[-1][0], self.values[-1][1] + data)


def read_html(page: str) -> _Tables:
    """Everything that a page shows."""
    parser = _Tables()
    parser.feed(page)
    parser.close()
    assert parser.inside == [], "elements that are not closed"
    return parser


def word_tables(content: bytes) -> list[Rows]:
    import docx

    word = docx.Document(io.BytesIO(content))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables]


def pdf_text(content: bytes) -> str:
    """All text of the pages, in their order."""
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def pdf_tables(content: bytes) -> list[Rows]:
    """Cells of the tables as the tags of the PDF have them."""
    return [
        [[cell.text for cell in row.kids if cell.kind in ("TH", "TD")] for row in table.all("TR")]
        for table in read_tags(content).all("Table")
    ]


class Tag:
    """An element of the tags of a PDF, with the text that it marks."""

    def __init__(self, kind: str, made: Any) -> None:
        self.kind, self.made = kind, made
        self.kids: list[Tag] = []
        self.own: list[str] = []
        self.order: list[Tag | str] = []

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.order)

    def all(self, *kinds: str) -> list["Tag"]:
        return [one for one in self.walk() if one.kind in kinds]

    def walk(self) -> Iterator["Tag"]:
        yield self
        for kid in self.kids:
            yield from kid.walk()


def read_tags(content: bytes) -> Tag:
    """The tree of tags of a PDF; roles of one's own as the standard ones that they stand for."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    marked = {page.indirect_reference.idnum: _marked_text(page) for page in reader.pages}
    roles = {key[1:]: value[1:] for key, value in (root.get("/RoleMap") or {}).items()}
    top = Tag("root", root)
    _read_kids(top, root, None, marked, roles)
    return top


def _read_kids(tag: Tag, made: Any, page: Any, marked: Any, roles: dict[str, str]) -> None:
    kids = made.get("/K", [])
    kids = kids if isinstance(kids, list) else [kids]
    for kid in kids:
        kid = kid.get_object()
        if isinstance(kid, int):
            tag.order.append(marked[page].get(kid, ""))
            continue
        place = kid.raw_get("/Pg").idnum if "/Pg" in kid else page
        if "/S" in kid:
            kind = kid["/S"][1:]
            one = Tag(roles.get(kind, kind), kid)
            tag.kids.append(one)
            tag.order.append(one)
            _read_kids(one, kid, place, marked, roles)
        elif "/MCID" in kid:
            tag.order.append(marked[place].get(int(kid["/MCID"]), ""))


def _marked_text(page: Any) -> dict[int, str]:
    """Text by number of marked content."""
    found: dict[int, list[str]] = {}
    open_marks: list[int | None] = []

    def before(operator: bytes, operands: Any, *_: Any) -> None:
        if operator in (b"BDC", b"BMC"):
            told = operands[1] if len(operands) > 1 else None
            number = told.get("/MCID") if hasattr(told, "get") else None
            open_marks.append(None if number is None else int(number))
        elif operator == b"EMC":
            open_marks.pop()

    def text(words: str, *_: Any) -> None:
        numbers = [one for one in open_marks if one is not None]
        if numbers and words:
            found.setdefault(numbers[-1], []).append(words)

    page.extract_text(visitor_operand_before=before, visitor_text=text)
    return {number: "".join(words) for number, words in found.items()}


def squeezed(text: str) -> str:
    """A text without white space and marks of breaking: lines are broken anywhere."""
    return re.sub(r"[\s\u200b\u00ad]+", "", text)
