"""Lays a document out: numbers what is counted, finds what is referred to, names each paragraph."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from wholesystem.reports.documents.images import picture_size
from wholesystem.reports.documents.laid import (
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
from wholesystem.reports.documents.model import (
    Block,
    BulletList,
    CallOut,
    Cell,
    Citation,
    Contents,
    Cover,
    Document,
    Figure,
    Footnote,
    Heading,
    Inline,
    Item,
    Link,
    Paragraph,
    Reference,
    Runs,
    Table,
)
from wholesystem.reports.documents.text import plain_text, runs_of, sort_name, tidy_text
from wholesystem.reports.documents.widths import column_widths

__all__ = ["DATA_TITLE", "EVIDENCE_TITLE", "key_of_id", "lay_out"]

EVIDENCE_TITLE = "Evidence cited"
DATA_TITLE = "Data behind the figures"


def lay_out(document: Document) -> LaidDocument:
    """A document with all numbers, anchors, notes and marks settled.

    Parameters
    ----------
    document : Document
        Any.

    Returns
    -------
    LaidDocument
        The same for the same document, always.
    """
    return _Layer(document).laid()


def key_of_id(given: str) -> str:
    """The key of a paragraph that has an id of its own.

    Parameters
    ----------
    given : str
        Its id.

    Returns
    -------
    str
        The same for the same id.
    """
    return _digest(f"id\0{given}")[:16]


class _Layer:
    """What is counted while a document is gone through once, from its start to its end."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.evidence = {one.key: one for one in document.evidence}
        self.cited: dict[str, int] = {}
        self.marks: Counter[str] = Counter()
        self.notes: list[LaidParagraph] = []
        self.seen: Counter[str] = Counter()
        self.labels = _Labels(document)

    def laid(self) -> LaidDocument:
        document, cover = self.document, self.document.cover
        blocks = [laid for block in document.blocks for laid in self.block(block)]
        blocks += self.evidence_appendix()
        return LaidDocument(
            title=_one_line(document.title),
            cover=_cover(document, cover) if cover else None,
            blocks=tuple(blocks),
            data=tuple(self.data_appendix(blocks)),
            notes=tuple(self.notes),
            header=_one_line(document.header),
            footer=_one_line(document.footer),
            version=_one_line(cover.version) if cover else "",
            language=document.language,
            author=_one_line(document.author),
            subject=_one_line(document.subject),
            keywords=tuple(_one_line(word) for word in document.keywords),
            digest=_digest(repr(document)),
        )

    def key(self, kind: str, text: str, given: str = "") -> str:
        """A name for a paragraph that stays when others come or go."""
        if given:
            return key_of_id(given)
        name = f"{kind}\0{text}"
        self.seen[name] += 1
        return _digest(f"{name}\0{self.seen[name]}")[:16]

    def block(self, block: Block) -> Iterator[LaidBlock]:
        match block:
            case Heading():
                yield self.heading(block.level, block.text, self.labels.take(block), block.appendix)
            case Paragraph():
                yield self.paragraph(block.text, block.kind, block.id)
            case BulletList():
                yield self.bullets(block)
            case Table():
                label, anchor = self.labels.take(block)
                yield self.table(block, label, anchor)
            case Figure():
                yield self.figure(block)
            case CallOut():
                yield self.box(block)
            case Contents():
                yield LaidContents(_one_line(block.title), block.depth)
            case _:
                yield LaidBreak()

    def heading(self, level: int, text: str, names: tuple[str, str], appendix: bool) -> LaidHeading:
        label, anchor = names
        words = _one_line(text)
        before = f"{label}: " if appendix else f"{label} " if label else ""
        key = self.key(f"heading {level}", words)
        return LaidHeading(level, before + words, anchor, key, appendix, before)

    def paragraph(self, text: Runs, kind: str, given: str = "") -> LaidParagraph:
        pieces = self.pieces(text)
        return LaidParagraph(pieces, kind, self.key(kind, shown_text(pieces), given))

    def bullets(self, block: BulletList) -> LaidList:
        return LaidList(tuple(self.item(item) for item in block.items), block.numbered)

    def item(self, item: Item) -> LaidItem:
        pieces = self.pieces(item.text)
        key = self.key("item", shown_text(pieces), item.id)
        return LaidItem(pieces, tuple(self.item(one) for one in item.items), key)

    def box(self, box: CallOut) -> LaidBox:
        title = _one_line(box.title)
        key = self.key("box", title)
        inside = [
            self.bullets(one)
            if isinstance(one, BulletList)
            else self.paragraph(one.text, one.kind, one.id)
            for one in box.blocks
        ]
        return LaidBox(title, tuple(inside), key)

    def source(self, text: Runs) -> LaidParagraph | None:
        return self.paragraph(text, "source") if runs_of(text) else None

    def table(self, table: Table, label: str, anchor: str) -> LaidTable:
        caption = _one_line(table.caption)
        key = self.key("table", caption)
        rows = tuple(
            tuple(self.cell(cell, f"{key} {r} {c}") for c, cell in enumerate(row))
            for r, row in enumerate(table.rows, start=1)
        )
        headings = tuple(_one_line(column.heading) for column in table.columns)
        texts = [headings, *(tuple(shown_text(cell.pieces) for cell in row) for row in rows)]
        return LaidTable(
            label=label,
            caption=caption,
            headings=headings,
            aligns=tuple(column.align for column in table.columns),
            rows=rows,
            header_column=table.header_column,
            source=self.source(table.source),
            anchor=anchor,
            key=key,
            widths=column_widths(texts),
        )

    def cell(self, cell: Cell | str, place: str) -> LaidCell:
        text, value = (cell, None) if isinstance(cell, str) else (cell.text, cell.value)
        return LaidCell(self.pieces(text), value, _digest(f"cell\0{place}")[:16])

    def figure(self, figure: Figure) -> LaidFigure:
        label, anchor = self.labels.take(figure)
        caption = _one_line(figure.caption)
        key = self.key("figure", caption)
        source = self.source(figure.source)
        data = None
        if figure.data is not None:
            place = self.labels.unique(f"data-of-{anchor}")
            data = self.table(figure.data, f"Data of {label}", place)
        return LaidFigure(
            label=label,
            caption=caption,
            alternative=_one_line(figure.alternative),
            picture=figure.picture,
            size=picture_size(figure.picture),
            data=data,
            source=source,
            anchor=anchor,
            key=key,
        )

    def pieces(self, text: Runs) -> Pieces:
        joined: list[Piece] = []
        for run in runs_of(text):
            piece = self.piece(run)
            # Two spaces in a row are one in HTML, so they are one everywhere.
            before = shown_text(tuple(joined))[-1:]
            words = piece.text.lstrip(" ") if before in ("", " ") else piece.text
            if words:
                joined.append(_with_text(piece, words))
        if joined and not joined[-1].text.rstrip(" "):
            joined.pop()
        if joined:
            joined[-1] = _with_text(joined[-1], joined[-1].text.rstrip(" "))
        return tuple(joined)

    def piece(self, run: Inline) -> Piece:
        match run:
            case Link():
                return Piece("link", tidy_text(run.text), run.address)
            case Reference():
                words = tidy_text(run.text) or self.labels.words(run.anchor)
                return Piece("reference", words, run.anchor)
            case Citation():
                number = self.cited.setdefault(run.evidence, len(self.cited) + 1)
                self.marks[run.evidence] += 1
                return Piece("mark", f"[{number}]", f"evidence_{number}", self.marks[run.evidence])
            case Footnote():
                pieces = self.pieces(run.text)
                self.notes.append(
                    LaidParagraph(pieces, "note", self.key("note", shown_text(pieces)))
                )
                return Piece("note", str(len(self.notes)), number=len(self.notes))
            case _:
                return Piece("text", tidy_text(run.text), strong=run.strong, emphasis=run.emphasis)

    def evidence_appendix(self) -> list[LaidBlock]:
        if not self.cited:
            return []
        heading = self.heading(1, EVIDENCE_TITLE, self.labels.appendix(EVIDENCE_TITLE), True)
        items: list[LaidParagraph] = []
        # Evidence may cite other evidence, which then comes after all that was cited before.
        while len(items) < len(self.cited):
            key = list(self.cited)[len(items)]
            items.append(self.paragraph(self.evidence[key].text, "evidence", f"evidence\0{key}"))
        return [heading, LaidEvidence(tuple(items), tuple(self.marks[key] for key in self.cited))]

    def data_appendix(self, blocks: list[LaidBlock]) -> list[LaidBlock]:
        tables = [one.data for one in blocks if isinstance(one, LaidFigure) and one.data]
        if not tables:
            return []
        heading = self.heading(1, DATA_TITLE, self.labels.appendix(DATA_TITLE), True)
        return [heading, *tables]


class _Labels:
    """Numbers and anchors of all headings, tables and figures, known before any text is laid."""

    def __init__(self, document: Document) -> None:
        self.numbered = document.numbered
        self.used: set[str] = set()
        self.counts = Counter[str]()
        self.levels = [0, 0, 0, 0]
        self.letters = 0
        self.in_appendix = False
        counted = [one for one in document.blocks if isinstance(one, Heading | Table | Figure)]
        self.used |= {one.anchor for one in counted}
        named = [self.name(one) for one in counted]
        self.found = iter(named)
        self.by_anchor = {
            anchor: (label, one) for one, (label, anchor) in zip(counted, named, strict=True)
        }

    def take(self, block: Heading | Table | Figure) -> tuple[str, str]:
        """Label and anchor of the next block that has one."""
        return next(self.found)

    def words(self, anchor: str) -> str:
        """What a reference reads that says nothing itself."""
        label, block = self.by_anchor[anchor]
        if isinstance(block, Heading) and not block.appendix:
            return _one_line(block.text)
        return label

    def unique(self, anchor: str) -> str:
        """An anchor that nothing else has."""
        found, number = anchor, 1
        while found in self.used:
            number += 1
            found = f"{anchor}-{number}"
        self.used.add(found)
        return found

    def appendix(self, title: str) -> tuple[str, str]:
        """Label and anchor of an appendix that we add ourselves."""
        self.letters += 1
        return f"Appendix {_letters(self.letters)}", self.unique(sort_name(title))

    def name(self, block: Heading | Table | Figure) -> tuple[str, str]:
        if isinstance(block, Heading):
            return self.name_heading(block)
        kind = type(block).__name__
        self.counts[kind] += 1
        label = f"{kind} {self.counts[kind]}"
        return label, block.anchor or self.unique(sort_name(label))

    def name_heading(self, heading: Heading) -> tuple[str, str]:
        self.levels[heading.level - 1] += 1
        self.levels[heading.level :] = [0] * (4 - heading.level)
        if heading.level == 1:
            self.in_appendix = heading.appendix
        label = ""
        if heading.appendix:
            self.letters += 1
            label = f"Appendix {_letters(self.letters)}"
        elif self.numbered:
            first = _letters(self.letters) if self.in_appendix else str(self.levels[0])
            label = ".".join([first, *map(str, self.levels[1 : heading.level])])
        return label, heading.anchor or self.unique(sort_name(heading.text) or "part")


def _letters(number: int) -> str:
    """A to Z, then AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def _with_text(piece: Piece, text: str) -> Piece:
    if text == piece.text:
        return piece
    return Piece(piece.kind, text, piece.target, piece.number, piece.strong, piece.emphasis)


def _one_line(text: str) -> str:
    return plain_text(text)


def _cover(document: Document, cover: Cover) -> LaidCover:
    when = cover.date
    return LaidCover(
        title=_one_line(cover.title or document.title),
        subtitle=_one_line(cover.subtitle),
        date=f"{when.day} {when:%B %Y}" if when else "",
        version=_one_line(cover.version),
        lines=tuple(_one_line(line) for line in cover.lines),
        fingerprint=_one_line(cover.fingerprint),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
