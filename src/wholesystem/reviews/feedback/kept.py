"""What a bundle holds of a feedback tool beside its row: what it asked, and what was answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.feedback.answer_files import (
    answer_cells,
    answer_columns,
    read_answer_table,
)
from wholesystem.reviews.feedback.answers import AnswerSheet
from wholesystem.reviews.feedback.instrument import INSTRUMENT_TABLES, Instrument
from wholesystem.reviews.feedback.reading import make_instrument
from wholesystem.tables import Table, Tables
from wholesystem.tables.reading import parse_csv_table
from wholesystem.tables.rows import Row
from wholesystem.tables.writing import csv_bytes

__all__ = ["ANSWERS", "KeptTool", "kept_faults", "read_kept", "write_kept"]

#: File of the answers of a tool that is closed.
ANSWERS = "answers.csv"


@dataclass(frozen=True)
class KeptTool:
    """A feedback tool as a bundle holds it.

    Parameters
    ----------
    instrument : Instrument
        What it asks.
    sheets : tuple of AnswerSheet or None
        What was answered; None for a tool that is not closed, or whose answers were left out.
    """

    instrument: Instrument
    sheets: tuple[AnswerSheet, ...] | None = None


def write_kept(kept: KeptTool) -> dict[str, bytes]:
    """Files of a tool.

    Parameters
    ----------
    kept : KeptTool
        The tool.

    Returns
    -------
    dict of str to bytes
        By file name. Answers stand in the order of their own words: it follows from what was said
        and from nothing else, so that it tells nothing and the same answers make the same bytes.
    """
    instrument = kept.instrument
    rows: dict[str, Iterable[Row]] = {
        "instrument": (instrument.info,),
        "questions": instrument.questions,
        "scales": instrument.scales,
        "roles": instrument.roles,
    }
    files = {
        f"{name}.csv": csv_bytes(INSTRUMENT_TABLES[name].columns(), (one.cells() for one in ones))
        for name, ones in rows.items()
    }
    if kept.sheets is not None:
        columns = answer_columns(instrument)
        cells = [answer_cells(one) for one in kept.sheets]
        cells.sort(key=lambda one: [one.get(column, "") for column in columns])
        files[ANSWERS] = csv_bytes(columns, cells)
    return files


def read_kept(files: Mapping[str, bytes], folder: str) -> KeptTool:
    """A tool out of its files.

    Parameters
    ----------
    files : mapping of str to bytes
        By file name.
    folder : str
        As messages call the place, such as ``feedback/T01``.

    Returns
    -------
    KeptTool
        Checked.

    Raises
    ------
    TableError
        With every fault of the instrument; where it has none, of the answers.
    """
    tables, faults = {}, []
    for name, kind in INSTRUMENT_TABLES.items():
        if f"{name}.csv" not in files:
            remedy = f"Add it; its columns are {', '.join(kind.columns())}."
            faults.append(Fault(f"{folder}/{name}.csv", None, "This table is missing.", remedy))
            continue
        table, found = _parse(files, name, folder)
        faults += found
        if table is not None:
            tables[name] = table
    if faults:
        raise TableError(faults)
    instrument = make_instrument(Tables(Path(folder), tables))
    if ANSWERS not in files:
        return KeptTool(instrument)
    table, faults = _parse(files, "answers", folder)
    if table is None or faults:
        raise TableError(faults)
    return KeptTool(instrument, read_answer_table(instrument, table))


def _parse(files: Mapping[str, bytes], name: str, folder: str) -> tuple[Table | None, list[Fault]]:
    return parse_csv_table(files[f"{name}.csv"], name, f"{folder}/{name}.csv")


def kept_faults(
    tool: Any, kept: KeptTool, invited: Iterable[tuple[str, Any]], where: str
) -> Iterator[Fault]:
    """What does not fit between a tool's row and its files.

    Parameters
    ----------
    tool : FeedbackTool
        Its row.
    kept : KeptTool
        Its files.
    invited : iterable of (str, FeedbackInvited)
        Its links, each with the place of its role.
    where : str
        Place of the row's instrument.

    Yields
    ------
    Fault
        Another instrument, answers of a tool that is not closed, and roles that nobody can have.
    """
    named = kept.instrument.info.instrument
    if named != tool.instrument:
        yield Fault(
            where,
            tool.instrument,
            f"The instrument in feedback/{tool.tool} is {named}.",
            "Name that one, or put the right tables there.",
        )
    if kept.sheets is not None and tool.state != "closed":
        yield Fault(
            f"feedback/{tool.tool}/{ANSWERS}",
            None,
            "The tool is not closed; answers are shown of closed tools only.",
            "Leave the file out.",
        )
    for place, one in invited:
        if one.role and one.role not in kept.instrument.role_by_id:
            yield Fault(
                place,
                one.role,
                f"It is no role of the instrument in feedback/{tool.tool}.",
                f"Choose from {', '.join(kept.instrument.role_by_id)}, or clear the cell.",
            )
