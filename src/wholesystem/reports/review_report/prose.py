"""Paragraphs of the report as blocks of a document, their marks as citations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from wholesystem.reports.documents.model import (
    Block,
    BulletList,
    Citation,
    Inline,
    Item,
    Paragraph,
    Text,
)
from wholesystem.reviews.report.marks import find_marks
from wholesystem.reviews.report.records import ReportParagraph

__all__ = ["prose_blocks", "text_with_citations"]


def text_with_citations(text: str, known: Collection[str]) -> tuple[Inline, ...]:
    """A text whose marks are citations.

    Parameters
    ----------
    text : str
        Prose with marks.
    known : collection of str
        Ids of findings and evidence. A mark that names nothing stays as it was written, so that
        its reader sees it.

    Returns
    -------
    tuple of Inline
        Its pieces.
    """
    return tuple(_pieces(text, known))


def _pieces(text: str, known: Collection[str]) -> Iterator[Inline]:
    at = 0
    for mark in find_marks(text, known):
        if not all(name in known for name in mark.ids):
            continue
        before = text[at : mark.start].rstrip(" \t")
        if before:
            yield Text(before)
        yield from (Citation(name) for name in mark.ids)
        at = mark.end
    if text[at:]:
        yield Text(text[at:])


def prose_blocks(
    paragraphs: Iterable[ReportParagraph], known: Collection[str]
) -> tuple[Block, ...]:
    """The prose of one section.

    Parameters
    ----------
    paragraphs : iterable of ReportParagraph
        Of one section; withdrawn ones are left out.
    known : collection of str
        Ids of findings and evidence.

    Returns
    -------
    tuple of Block
        In their order, points that follow one another as one list. Each carries the id of its
        paragraph, by which a change made in Word finds its way back.
    """
    standing = sorted((one for one in paragraphs if not one.withdrawn), key=lambda one: one.order)
    blocks: list[Block] = []
    for style, group in groupby(standing, key=lambda one: one.style):
        told = [(text_with_citations(one.text, known), one.paragraph) for one in group]
        if style == "point":
            blocks.append(BulletList(tuple(Item(text, id=name) for text, name in told)))
        else:
            blocks += [Paragraph(text, id=name) for text, name in told]
    return tuple(blocks)
