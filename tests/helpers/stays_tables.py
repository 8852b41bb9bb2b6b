"""Stays and expected measures written as text tables, for tests that people can read.

A case is a text file: a title, comments (``#``), and sections. ``[window]``, ``[stays]`` and
``[delay_spells]`` say what is measured; every other section is a measure with its expected rows.
After the name may stand the measure's arguments as JSON. Cells are parted by spaces; ``-`` is
blank; ``05T10:00`` is a time in January 2017; numbers may be fractions such as 3/8.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa

from wholesystem.stays import SPELLS_SCHEMA, STAYS_SCHEMA, Stays

_SHORT_TIME = re.compile(r"^\d\dT\d\d:\d\d$")

Row = dict[str, str | None]


@dataclass
class Section:
    name: str
    arguments: dict[str, Any]
    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass
class Case:
    name: str
    stays: Stays
    expected: list[Section]


def read_case(path: Path) -> Case:
    sections = read_sections(path.read_text(encoding="utf-8"))
    given = {s.name: s for s in sections if s.name in ("window", "stays", "delay_spells")}
    window = given["window"].arguments
    spells = None
    if "delay_spells" in given:
        spells = make_table(given["delay_spells"].rows, SPELLS_SCHEMA)
    stays = Stays(
        make_table(given["stays"].rows, STAYS_SCHEMA),
        read_time(window["start"]),
        read_time(window["end"]),
        population=window.get("population"),
        concurrent=frozenset(window.get("concurrent", ())),
        spells=spells,
    )
    return Case(path.stem, stays, [s for s in sections if s.name not in given])


def make_stays(text: str, start: str, end: str, **changes: Any) -> Stays:
    """Stays from a text table and a window."""
    (section,) = read_sections("[stays]\n" + text)
    table = make_table(section.rows, STAYS_SCHEMA)
    return Stays(table, read_time(start), read_time(end), **changes)


def make_table(rows: list[Row], schema: pa.Schema) -> pa.Table:
    """An Arrow table of the schema from text cells; columns not given are null."""
    columns = []
    for wanted in schema:
        cells = [row.get(wanted.name) for row in rows]
        columns.append(pa.array([_typed(cell, wanted.type) for cell in cells], wanted.type))
    return pa.table(columns, schema=schema)


def read_time(text: str) -> datetime:
    if _SHORT_TIME.match(text):
        text = f"2017-01-{text}"
    return datetime.fromisoformat(text)


def read_number(text: str) -> float:
    return float(Fraction(text))


def _typed(cell: str | None, wanted: pa.DataType) -> Any:
    if cell is None:
        return None
    if pa.types.is_timestamp(wanted):
        return read_time(cell)
    return int(cell) if pa.types.is_integer(wanted) else cell


def read_sections(text: str) -> list[Section]:
    found: list[Section] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        header = re.match(r"^\[(\w+)\]\s*(.*)$", line)
        if header:
            found.append(Section(header[1], json.loads(header[2] or "{}")))
        elif found and not found[-1].columns:
            found[-1].columns = line.split()
        elif found:
            cells = [None if cell == "-" else cell for cell in line.split()]
            found[-1].rows.append(dict(zip(found[-1].columns, cells, strict=True)))
    return found
