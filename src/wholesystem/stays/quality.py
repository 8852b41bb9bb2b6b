"""What is known, missing and odd in an extract, as a table to read and to send back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wholesystem.stays.checks import unknown_reasons
from wholesystem.stays.lists import reason_codes
from wholesystem.stays.schema import STAYS_SCHEMA, TIME_COLUMNS

__all__ = ["QUALITY_SCHEMA", "quality_table"]

QUALITY_SCHEMA = pa.schema(
    [
        pa.field("check", pa.string()),
        pa.field("column", pa.string()),
        pa.field("count", pa.int64()),
        pa.field("share", pa.float64()),
        pa.field("note", pa.string()),
    ]
)
"""Columns of quality.csv. The share is of rows read (counts), of faults, or of rows kept."""

_DAY = 86_400_000_000
_LONG_DAYS = 365

Line = tuple[str, str, int, int, str]


def quality_table(kept: pa.Table, rejected: pa.Table, counts: Mapping[str, int]) -> pa.Table:
    """Describe the quality of an extract.

    Parameters
    ----------
    kept : pyarrow.Table
        Sound rows of `wholesystem.stays.STAYS_SCHEMA`, ordered by person and stay.
    rejected : pyarrow.Table
        Faults of the others.
    counts : mapping of str to int
        Rows read, kept and rejected, and blank lines.

    Returns
    -------
    pyarrow.Table
        Columns of `QUALITY_SCHEMA`. No row is about one person.
    """
    read = counts["rows read"]
    lines: list[Line] = [(check, "", count, read, "") for check, count in counts.items()]
    people = len(pc.unique(kept["person"])) if kept.num_rows else 0
    lines.append(("people", "person", people, 0, ""))
    lines += _rejected_lines(rejected) + _missing_lines(kept) + _odd_lines(kept)
    return pa.table(
        [
            [line[0] for line in lines],
            [line[1] for line in lines],
            [line[2] for line in lines],
            [line[2] / line[3] if line[3] else None for line in lines],
            [line[4] for line in lines],
        ],
        schema=QUALITY_SCHEMA,
    )


def _rejected_lines(rejected: pa.Table) -> list[Line]:
    """Faults by column: rules that name a row differ from each other and are not told apart."""
    found = pc.value_counts(rejected["column"]).to_pylist()
    found.sort(key=lambda one: (-one["counts"], one["values"]))
    return [("faults", one["values"], one["counts"], rejected.num_rows, "") for one in found]


def _missing_lines(kept: pa.Table) -> list[Line]:
    return [
        ("missing", name, kept[name].null_count, kept.num_rows, "")
        for name in STAYS_SCHEMA.names
        if STAYS_SCHEMA.field(name).nullable
    ]


def _odd_lines(kept: pa.Table) -> list[Line]:
    rows = kept.num_rows
    lengths = pc.subtract(kept["ended_at"], kept["started_at"]).cast(pa.int64())
    ended = pc.is_valid(kept["ended_at"])
    ready = pc.is_valid(kept["ready_at"])
    odd = [
        ("open stays", "ended_at", pc.invert(ended), "Still here, or the end is not recorded."),
        ("no length", "ended_at", pc.equal(lengths, 0), "Counted in flows, never in places."),
        (
            "over a year",
            "ended_at",
            pc.greater(lengths, _LONG_DAYS * _DAY),
            "Check that the end is right.",
        ),
        (
            "ended, not known where to",
            "next_service",
            pc.and_(ended, pc.is_null(kept["next_service"])),
            "Flows show these moves to a blank service.",
        ),
        (
            "ready, no reason",
            "reason",
            pc.and_(ready, pc.is_null(kept["reason"])),
            "Delays show these under a blank reason.",
        ),
        ("next stay is elsewhere", "next_service", _elsewhere(kept), "Flows follow next_service."),
    ]
    found = [(check, column, _count(mask), rows, note) for check, column, mask, note in odd]
    for name in TIME_COLUMNS:
        micro = kept[name].cast(pa.int64()).drop_null().to_numpy()
        note = "Dates with no time of day: hours, nights and the four-hour clock are not known."
        found.append(("at midnight", name, int((micro % _DAY == 0).sum()), rows, note))
    for code, count in sorted(unknown_reasons(kept, reason_codes()).items()):
        found.append(("reason not in the list", "reason", count, rows, code))
    return found


def _elsewhere(kept: pa.Table) -> pa.Array:
    """Stays that end where the person's next stay begins at once, in another service."""
    if kept.num_rows < 2:
        return pa.array([], pa.bool_())
    now, then = kept.slice(0, kept.num_rows - 1), kept.slice(1)
    at_once = pc.and_(
        pc.equal(now["person"], then["person"]), pc.equal(now["ended_at"], then["started_at"])
    )
    return pc.and_(at_once, pc.not_equal(now["next_service"], then["service"]))


def _count(mask: pa.Array) -> int:
    return int(np.sum(np.asarray(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))))
