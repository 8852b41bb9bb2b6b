"""What makes a document whole: every fault of it, told together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from wholesystem.errors import Fault
from wholesystem.reports.documents.images import check_picture
from wholesystem.reports.documents.model import (
    Block,
    BulletList,
    CallOut,
    Cell,
    Citation,
    Contents,
    Document,
    Figure,
    Footnote,
    Heading,
    Inline,
    Item,
    Link,
    PageBreak,
    Paragraph,
    Reference,
    Runs,
    Table,
    Text,
)
from wholesystem.reports.documents.text import number_shown, plain_text, runs_of

__all__ = ["MOST_COLUMNS", "find_faults", "given_ids", "runs_in"]

#: More do not fit a page's width at a size that can be read.
MOST_COLUMNS = 16
DEEPEST_HEADING = 4
DEEPEST_LIST = 3
_ANCHOR = re.compile(r"[a-z][a-z0-9-]{0,63}")
_ADDRESS = re.compile(r"(https?://|mailto:)[^\s<>\"\x00-\x1f]+", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
Faults = Iterator[Fault]


def find_faults(document: Document) -> list[Fault]:
    """Every fault of a document.

    Parameters
    ----------
    document : Document
        Being made.

    Returns
    -------
    list of Fault
        In the document's order; empty if it is whole.
    """
    return [
        *_document_faults(document),
        *_heading_faults(document.blocks),
        *(fault for block in document.blocks for fault in _block_faults(block)),
        *_name_faults(document),
        *_run_faults(document),
    ]


def _document_faults(document: Document) -> Faults:
    if not plain_text(document.title):
        yield Fault("title of the document", "", "A document has a title.", "Write one.")
    if not _LANGUAGE.fullmatch(document.language):
        yield Fault(
            "language of the document",
            document.language,
            "It must be a code of a language, and of a country if need be.",
            "Write it like en-GB.",
        )
    when: object = document.cover.date if document.cover else None
    if when is not None and not isinstance(when, date):
        yield Fault("date of the cover", str(when), "It must be a date.", "Give a day.")
    if sum(isinstance(block, Contents) for block in document.blocks) > 1:
        yield Fault(
            "contents of the document", None, "There is one table of contents.", "Leave one."
        )


def _heading_faults(blocks: Iterable[Block]) -> Faults:
    above, appendix = 0, ""
    for block in blocks:
        if not isinstance(block, Heading):
            continue
        where = f"heading {block.text[:60]!r}"
        if not plain_text(block.text):
            yield Fault("heading", "", "A heading says what follows.", "Write it.")
        if not 1 <= block.level <= DEEPEST_HEADING:
            yield Fault(where, str(block.level), "Levels are 1 to 4.", "Choose one of them.")
        elif block.level > above + 1:
            yield Fault(
                where,
                None,
                f"Level {block.level} follows level {above}. No level may be skipped.",
                f"Make it level {above + 1}.",
            )
        if block.appendix and block.level != 1:
            yield Fault(where, None, "An appendix is of level 1.", "Make it level 1.")
        if block.level == 1 and appendix and not block.appendix:
            yield Fault(
                where, None, f"It follows the appendix {appendix!r}.", "Put appendices last."
            )
        appendix = block.text[:60] if block.appendix else appendix
        above = block.level


def _block_faults(block: object) -> Faults:
    if isinstance(block, Table):
        yield from _table_faults(block, f"table {block.caption[:60]!r}")
    elif isinstance(block, Figure):
        yield from _figure_faults(block)
    elif isinstance(block, BulletList):
        yield from _list_faults(block.items, 1)
    elif isinstance(block, Paragraph):
        if not _says_something(block.text):
            yield Fault("paragraph", "", "A paragraph says something.", "Leave it out.")
    elif isinstance(block, CallOut):
        yield from _call_out_faults(block)
    elif isinstance(block, Contents):
        if not 1 <= block.depth <= DEEPEST_HEADING:
            yield Fault(
                "depth of the contents", str(block.depth), "Levels are 1 to 4.", "Choose one."
            )
    elif not isinstance(block, Heading | PageBreak):
        yield Fault(
            f"block {type(block).__name__}", None, "A document cannot hold it.", "Leave it out."
        )


def _says_something(text: Runs) -> bool:
    runs = runs_of(text)
    return bool(plain_text(runs)) or any(not isinstance(run, Text) for run in runs)


def _call_out_faults(box: CallOut) -> Faults:
    where = f"call-out {box.title[:60]!r}"
    if not plain_text(box.title):
        yield Fault("call-out", "", "A call-out has a title.", "Say what kind of box it is.")
    if not box.blocks:
        yield Fault(where, None, "It is empty.", "Leave it out.")
    blocks: tuple[object, ...] = box.blocks
    for block in blocks:
        if isinstance(block, Paragraph | BulletList):
            yield from _block_faults(block)
        else:
            yield Fault(
                where, type(block).__name__, "It holds paragraphs and lists.", "Put it after."
            )


def _list_faults(items: tuple[Item, ...], depth: int) -> Faults:
    if not items:
        yield Fault("list", None, "It has no items.", "Leave it out.")
    for item in items:
        where = f"item {plain_text(item.text)[:60]!r} of a list"
        if not _says_something(item.text):
            yield Fault("item of a list", "", "An item says something.", "Leave it out.")
        if item.items and depth >= DEEPEST_LIST:
            yield Fault(where, None, "Lists have three levels at most.", "Make them flatter.")
        elif item.items:
            yield from _list_faults(item.items, depth + 1)


def _figure_faults(figure: Figure) -> Faults:
    where = f"picture {figure.name[:60] or plain_text(figure.caption)[:60]!r}"
    if not plain_text(figure.alternative):
        yield Fault(
            where,
            None,
            "It has no alternative text, and who cannot see it is told nothing.",
            "Say in a sentence or two what it shows.",
        )
    if not plain_text(figure.caption):
        yield Fault(where, None, "It has no caption.", "Write one.")
    fault = check_picture(figure.picture)
    if fault:
        yield Fault(where, None, fault, "Draw it again, as SVG or PNG.")
    if figure.data is not None:
        yield from _table_faults(figure.data, f"data of {where}")
        for text in _texts(figure.data):
            for run in runs_of(text):
                if isinstance(run, Footnote | Citation):
                    yield Fault(
                        f"data of {where}",
                        type(run).__name__,
                        # They stand behind the picture in HTML and at the end elsewhere, so
                        # their notes could not be numbered in the same order.
                        "Data of a picture hold no notes and no citations.",
                        "Put it into the source of the picture.",
                    )


def _table_faults(table: Table, where: str) -> Faults:
    if not plain_text(table.caption):
        yield Fault(where, None, "It has no caption.", "Write one.")
    if not 1 <= len(table.columns) <= MOST_COLUMNS:
        yield Fault(
            where,
            f"{len(table.columns)} columns",
            f"A page holds 1 to {MOST_COLUMNS} columns.",
            "Part the table, or hand it over as a workbook.",
        )
    for number, column in enumerate(table.columns, start=1):
        if not plain_text(column.heading):
            yield Fault(f"{where}, column {number}", None, "It has no heading.", "Write one.")
        if column.align not in ("left", "right", "centre"):
            yield Fault(
                f"{where}, column {number}",
                column.align,
                "It must be left, right or centre.",
                "Choose.",
            )
    if not table.rows:
        yield Fault(where, None, "It has no rows.", "Say in a paragraph that there are none.")
    for number, row in enumerate(table.rows, start=1):
        yield from _row_faults(table, row, f"{where}, row {number}")


def _row_faults(table: Table, row: tuple[Cell | str, ...], where: str) -> Faults:
    if len(row) != len(table.columns):
        yield Fault(
            where,
            f"{len(row)} cells",
            f"There are {len(table.columns)} columns.",
            "Give a cell for each.",
        )
        return
    if table.header_column and not plain_text(row[0].text if isinstance(row[0], Cell) else row[0]):
        yield Fault(
            where, "", "Its first cell says what the row is.", "Write it, or set no header column."
        )
    for column, cell in zip(table.columns, row, strict=True):
        if isinstance(cell, Cell) and cell.value is not None:
            yield from _value_faults(cell, f"{where}, column {column.heading[:60]!r}")


def _value_faults(cell: Cell, where: str) -> Faults:
    assert cell.value is not None
    text = plain_text(cell.text)
    shown = number_shown(text)
    # A hair more than half a unit, since binary fractions are no decimal ones.
    if shown is None or not abs(shown[0] - cell.value) <= shown[1] * (1 + 1e-9) + 1e-12 * abs(
        cell.value
    ):
        yield Fault(
            where,
            text,
            f"Its figure is {cell.value!r}, which is not what it shows.",
            "Show the figure, in the unit of the text.",
        )


def _anchored(document: Document) -> Iterator[tuple[str, str]]:
    for block in document.blocks:
        if isinstance(block, Heading | Table | Figure) and block.anchor:
            yield block.anchor, f"anchor of {type(block).__name__.lower()}"


def _name_faults(document: Document) -> Faults:
    names = list(_anchored(document))
    for anchor, where in names:
        if not _ANCHOR.fullmatch(anchor):
            yield Fault(
                where,
                anchor,
                "It must be small letters, digits and hyphens, 64 at most, a letter first.",
                "Write another.",
            )
    yield from _twice("anchor", (anchor for anchor, _ in names))
    yield from _twice("key of evidence", (one.key for one in document.evidence))
    yield from _twice("id of a paragraph", given_ids(document.blocks))
    for one in document.evidence:
        if not _says_something(one.text):
            yield Fault(f"evidence {one.key}", "", "Evidence says what it is.", "Describe it.")


def _twice(what: str, names: Iterable[str]) -> Faults:
    for name, times in Counter(names).items():
        if times > 1:
            yield Fault(what, name, f"It stands {times} times.", "Name each once.")


def given_ids(blocks: Iterable[object]) -> Iterator[str]:
    """The ids that paragraphs and items of a document were given.

    Parameters
    ----------
    blocks : iterable of Block or Item
        Of the document.

    Yields
    ------
    str
        In order.
    """
    for block in blocks:
        if isinstance(block, Paragraph | Item) and block.id:
            yield block.id
        if isinstance(block, CallOut):
            yield from given_ids(block.blocks)
        if isinstance(block, BulletList | Item):
            yield from given_ids(block.items)


def _texts(block: object) -> Iterator[Runs]:
    if isinstance(block, Paragraph | Item):
        yield block.text
    if isinstance(block, BulletList | Item):
        for item in block.items:
            yield from _texts(item)
    if isinstance(block, CallOut):
        for one in block.blocks:
            yield from _texts(one)
    if isinstance(block, Table | Figure):
        yield block.source
    if isinstance(block, Table):
        for row in block.rows:
            yield from (cell.text for cell in row if isinstance(cell, Cell))
    if isinstance(block, Figure) and block.data is not None:
        yield from _texts(block.data)


def runs_in(document: Document) -> Iterator[Inline]:
    """Every piece of text of a document's blocks, then of its evidence.

    Parameters
    ----------
    document : Document
        Any.

    Yields
    ------
    Inline
        In order; the pieces of notes as well.
    """
    texts = [text for block in document.blocks for text in _texts(block)]
    for text in [*texts, *(one.text for one in document.evidence)]:
        for run in runs_of(text):
            yield run
            if isinstance(run, Footnote):
                yield from runs_of(run.text)


def _run_faults(document: Document) -> Faults:
    anchors = {anchor for anchor, _ in _anchored(document)}
    keys = {one.key for one in document.evidence}
    for run in runs_in(document):
        if isinstance(run, Link):
            if not plain_text(run.text):
                yield Fault("link", run.address, "It has no words.", "Say where it leads.")
            if not _ADDRESS.fullmatch(run.address):
                yield Fault(
                    f"link {run.text[:60]!r}",
                    run.address,
                    "It must be the address of a web page or of a person's mail.",
                    "Begin it with https:// or mailto:.",
                )
        elif isinstance(run, Reference) and run.anchor not in anchors:
            yield Fault("reference", run.anchor, "Nothing has this anchor.", "Name one that is.")
        elif isinstance(run, Citation) and run.evidence not in keys:
            yield Fault(
                "citation", run.evidence, "The document has no such evidence.", "Add it to it."
            )
        elif isinstance(run, Footnote):
            yield from _note_faults(run)


def _note_faults(note: Footnote) -> Faults:
    if not _says_something(note.text):
        yield Fault("footnote", "", "A note says something.", "Leave it out.")
    for run in runs_of(note.text):
        if not isinstance(run, Text | Link):
            yield Fault(
                "footnote",
                type(run).__name__,
                "A note holds text and links.",
                "Say it in the paragraph.",
            )
