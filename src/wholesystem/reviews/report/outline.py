"""The order of a report's parts: a table, joined with the framework of the review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from wholesystem.errors import OurFault, TableError
from wholesystem.reviews.cells import BlankText, Id, OptionalId, Record
from wholesystem.reviews.framework import Framework, Question
from wholesystem.tables.reading import read_csv_table
from wholesystem.tables.rows import choice, whole

__all__ = ["OutlinePart", "Section", "packaged_outline", "sections_of"]

CONTENTS = (
    "prose", "sources", "area", "areas", "improvements", "money", "market", "evidence", "data"
)  # fmt: skip


class OutlinePart(Record):
    """A part of the report; a row of ``outline.csv``."""

    part: Id
    title: BlankText = ""
    content: Annotated[str, choice(*CONTENTS)]
    area: OptionalId = ""
    order: Annotated[int, whole(1, 10_000)]
    note: BlankText = ""


@dataclass(frozen=True)
class Section:
    """A heading of the report, with what stands under it.

    Parameters
    ----------
    kind : str
        ``part``, ``area`` or ``question``: what `name` is the id of.
    name : str
        Id.
    title : str
        Its heading.
    level : int
        From 1.
    content : str
        Of the part of the outline that it belongs to.
    """

    kind: str
    name: str
    title: str
    level: int
    content: str


@cache
def packaged_outline() -> tuple[OutlinePart, ...]:
    """The outline that comes with the program.

    Returns
    -------
    tuple of OutlinePart
        In order.
    """
    path = Path(str(files("wholesystem.reviews.report").joinpath("outline.csv")))
    table, faults = read_csv_table(path)
    rows, found = OutlinePart.read(table) if table else ([], [])
    if faults or found:
        raise OurFault(f"The packaged outline has faults. {TableError(faults + found)}")
    return tuple(sorted((one for _, one in rows), key=lambda one: one.order))


def sections_of(
    framework: Framework, outline: Sequence[OutlinePart] | None = None
) -> tuple[Section, ...]:
    """The headings of a report in order.

    Parameters
    ----------
    framework : Framework
        Whose areas and questions it has.
    outline : sequence of OutlinePart, optional
        The packaged one if not given.

    Returns
    -------
    tuple of Section
        Each area and question of the framework once. A row that names an area which the framework
        does not have is passed over. An area with one question of its own name has no heading more.
    """
    parts = packaged_outline() if outline is None else outline
    named = {one.area for one in parts if one.content == "area"}
    found: list[Section] = []
    for part in parts:
        if part.content == "area":
            found += _of_area(framework, part.area, part.title)
        elif part.content == "areas":
            for area in sorted(framework.areas, key=lambda one: one.order):
                if area.area not in named:
                    found += _of_area(framework, area.area, area.name)
        else:
            found.append(Section("part", part.part, part.title, 1, part.content))
    return tuple(found)


def _of_area(framework: Framework, area: str, title: str) -> Iterator[Section]:
    if area not in {one.area for one in framework.areas}:
        return
    yield Section("area", area, title, 1, "area")
    questions = sorted(
        (one for one in framework.questions if one.area == area), key=lambda one: one.order
    )
    yield from _under("", questions, 2)


def _under(parent: str, questions: Sequence[Question], level: int) -> Iterator[Section]:
    for one in questions:
        if one.parent == parent:
            yield Section("question", one.kloe, one.name, min(level, 4), "area")
            yield from _under(one.kloe, questions, level + 1)
