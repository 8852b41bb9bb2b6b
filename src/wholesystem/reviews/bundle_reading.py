"""Reading a bundle: every fault of it is found before any is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.bundle_attached import check_attached
from wholesystem.reviews.bundle_files import BundleFiles
from wholesystem.reviews.bundle_history import HISTORY, read_history
from wholesystem.reviews.bundle_index import INDEX, Index, parse_index
from wholesystem.reviews.bundle_layout import (
    FRAMEWORK_TABLES,
    GENERATED,
    MOST_DOCUMENT_BYTES,
    REVIEW_TABLES,
)
from wholesystem.reviews.bundle_places import Listing, list_files
from wholesystem.reviews.checks import (
    MOST_FAULTS,
    OPTIONAL_TABLES,
    TABLES,
    Places,
    faults_between,
)
from wholesystem.reviews.contents import UnreadableError, measure_content, read_content
from wholesystem.reviews.framework import Framework, faults_between_questions
from wholesystem.reviews.history import Event
from wholesystem.reviews.review import Review
from wholesystem.tables.cells import closest
from wholesystem.tables.raw import Table
from wholesystem.tables.reading import parse_csv_table
from wholesystem.tables.rows import Row, check_columns

__all__ = ["Found", "ReadTables", "make_review", "read_files", "read_tables"]

_PLACE = re.compile(r"^(\w+)\.csv(?: row (\d+))?")
_AGAIN = "Take it from the bundle as it was written."


@dataclass
class Found:
    """What was read of a bundle so far, with everything that is wrong.

    Parameters
    ----------
    faults : list of Fault
        Any of them refuses the bundle.
    notes : list of str
        What the person should know and no fault.
    edited : list of str
        Files that are no longer as they were written, and may be.
    """

    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)


@dataclass
class ReadTables:
    """Typed rows of several tables, and what could not be read of them."""

    rows: dict[str, list[Any]] = field(default_factory=dict)
    numbers: dict[str, tuple[int, ...]] = field(default_factory=dict)
    unread: dict[str, Collection[str] | None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_files(path: Path) -> tuple[Review, BundleFiles, Index, Found]:
    """Everything of a bundle.

    Parameters
    ----------
    path : Path
        A folder or a zip.

    Returns
    -------
    review : Review
        Checked.
    files : BundleFiles
        Not read yet; their digests were.
    index : Index
        What ``bundle.json`` says.
    found : Found
        Notes, and which files were edited.

    Raises
    ------
    TableError
        With every fault.
    """
    listing = list_files(path)
    with listing.archive.held() if listing.archive else nullcontext():
        index = parse_index(_index_of(listing, path))
        found = Found(notes=[f"{name}: left out, another program's." for name in listing.junk])
        digests = _digests(listing, found)
        _note_edits(index, listing, digests, found)
        tables = _read_all_tables(listing, found)
        framework = _read_framework(listing, found)
        history, of_history = read_history(_getter(listing)(HISTORY), index.history)
        found.faults += of_history
        files = check_attached(listing, index, digests, tables, found)
        review = make_review(tables, framework, history, found)
    return review, files, index, found


def _index_of(listing: Listing, path: Path) -> bytes:
    if INDEX not in listing.contents:
        raise TableError(
            [
                Fault(
                    str(path),
                    None,
                    f"There is no {INDEX} in it, so it is no bundle.",
                    "Give the folder or zip that holds it, or make one: wholesystem review new.",
                )
            ]
        )
    return _content(listing, INDEX)


def _content(listing: Listing, name: str) -> bytes:
    try:
        return read_content(listing.contents[name], MOST_DOCUMENT_BYTES)
    except UnreadableError as error:
        raise TableError([Fault(name, None, str(error), _AGAIN)]) from None


def _digests(listing: Listing, found: Found) -> dict[str, str]:
    """Digest of each file."""
    digests = {}
    for name, content in listing.contents.items():
        try:
            digests[name] = measure_content(content)[0]
        except UnreadableError as error:
            found.faults.append(Fault(name, None, str(error), _AGAIN))
    if found.faults:  # a damaged disk or download: nothing else that is told would be of use
        raise TableError(found.faults)
    return digests


# --------------------------------------------------------------------------- which files


def _note_edits(index: Index, listing: Listing, digests: dict[str, str], found: Found) -> None:
    written = index.by_path()
    for name in sorted(digests):
        if name in written and written[name].sha256 != digests[name]:
            found.edited.append(name)
        elif name not in written and name != INDEX:
            _note_unwritten(name, found)
    for name in sorted(set(GENERATED) & set(written) - set(listing.contents)):
        found.notes.append(f"{name}: missing; it is made anew when the bundle is written.")


def _note_unwritten(name: str, found: Found) -> None:
    """A file that `bundle.json` does not name: of the format, of no matter, or misnamed."""
    folder, _, file = name.rpartition("/")
    stem, _, ending = file.rpartition(".")
    known = {"": REVIEW_TABLES, "framework": FRAMEWORK_TABLES}.get(folder, {})
    if (stem in known and ending == "csv") or folder.partition("/")[0] in _ATTACHED:
        found.notes.append(f"{name}: not named in {INDEX}; added since it was written.")
    elif ending.lower() == "csv" and known:
        near = closest(stem, known)
        found.faults.append(
            Fault(
                name,
                None,
                "It is no table of a bundle.",
                f"Did you mean {near}.csv? Rename it so." if near else "Remove it.",
            )
        )
    elif name != HISTORY and name not in GENERATED:
        found.notes.append(f"{name}: left out, no part of a bundle.")


_ATTACHED = ("documents", "texts", "measures", "feedback")


# --------------------------------------------------------------------------- tables


def read_tables(
    kinds: dict[str, type[Row]], get: Callable[[str], bytes | None], prefix: str = ""
) -> ReadTables:
    """Typed rows of tables.

    Parameters
    ----------
    kinds : dict of str to type of Row
        Tables wanted.
    get : callable
        Bytes of a table's file by its path; None where it is not there.
    prefix : str
        Of the paths, such as ``framework/``.

    Returns
    -------
    ReadTables
        With the faults of files, headers and cells.
    """
    read = ReadTables()
    for name, kind in kinds.items():
        shown_as = f"{prefix}{name}.csv"
        read.rows[name], read.numbers[name], read.unread[name] = [], (), None
        data = get(shown_as)
        if data is None and name in OPTIONAL_TABLES:
            read.unread[name] = ()
            continue
        if data is None:
            header = ", ".join(kind.columns())
            rule, remedy = "This table is missing.", f"Add it; its columns are {header}."
            read.faults.append(Fault(shown_as, None, rule, remedy))
            continue
        table, faults = parse_csv_table(data, name, shown_as)
        read.faults += faults
        if table is not None:
            _read_table(kind, table, read)
    return read


def _read_table(kind: type[Row], table: Table, read: ReadTables) -> None:
    of_columns = check_columns(table, kind.columns(), kind.needed_columns())
    rows, of_rows, is_whole = _read_rows(kind, table)
    read.faults += [*of_columns, *of_rows]
    read.rows[table.name] = [row for _, row in rows]
    read.numbers[table.name] = tuple(number for number, _ in rows)
    if table.is_whole and is_whole and not of_columns:
        key, good = kind.columns()[0], set(read.numbers[table.name])
        read.unread[table.name] = {
            raw.cells.get(key, "") for raw in table.rows if raw.number not in good
        }


def _read_rows(kind: type[Row], table: Table) -> tuple[list[Any], list[Fault], bool]:
    """Rows of a table, its faults, and whether it was read to its end: not past 1,000 faults."""
    rows: list[Any] = []
    faults: list[Fault] = []
    for start in range(0, len(table.rows), MOST_FAULTS):
        part = replace(table, rows=table.rows[start : start + MOST_FAULTS])
        of_part, faults_of_part = kind.read(part)
        rows += of_part
        faults += faults_of_part
        if len(faults) > MOST_FAULTS:
            return rows, faults[:MOST_FAULTS], False
    return rows, faults, True


def _getter(listing: Listing) -> Callable[[str], bytes | None]:
    def get(name: str) -> bytes | None:
        return _content(listing, name) if name in listing.contents else None

    return get


def _read_all_tables(listing: Listing, found: Found) -> ReadTables:
    read = read_tables(dict(REVIEW_TABLES), _getter(listing))
    found.faults += read.faults
    found.faults += _one_row("review.csv", read, "review")
    return read


def _one_row(shown_as: str, read: ReadTables, name: str) -> Iterator[Fault]:
    unread = read.unread[name]
    if unread is not None and len(read.rows[name]) + len(unread) != 1:
        count = len(read.rows[name]) + len(unread)
        yield Fault(
            shown_as, None, f"It must have one row under its header; it has {count}.", "Mend it."
        )


def _read_framework(listing: Listing, found: Found) -> Framework | ReadTables:
    """The framework; or what could be read of it, where it has faults."""
    read = read_tables(dict(FRAMEWORK_TABLES), _getter(listing), "framework/")
    rows = read.rows
    between = faults_between_questions(
        rows["areas"], rows["questions"], rows["prompts"], read.unread
    )
    faults = [
        *read.faults,
        *_one_row("framework/framework.csv", read, "framework"),
        *(_placed(fault, read) for fault in between),
    ]
    if not faults:
        return Framework(
            rows["framework"][0],
            tuple(rows["areas"]),
            tuple(rows["questions"]),
            tuple(rows["prompts"]),
        )
    found.faults += faults
    return read


def _placed(fault: Fault, read: ReadTables) -> Fault:
    """A fault of the framework, at the row where it stands in its file."""

    def place(match: re.Match[str]) -> str:
        row = f" row {read.numbers[match[1]][int(match[2]) - 2]}" if match[2] else ""
        return f"framework/{match[1]}.csv{row}"

    return Fault(_PLACE.sub(place, fault.where), fault.value, fault.rule, fault.remedy)


# --------------------------------------------------------------------------- the review


def make_review(
    read: ReadTables,
    framework: Framework | ReadTables,
    history: tuple[Event, ...],
    found: Found,
) -> Review:
    """The review of tables that were read.

    Parameters
    ----------
    read : ReadTables
        Of `REVIEW_TABLES`.
    framework : Framework or ReadTables
        The questions; or what could be read of them.
    history : tuple of Event
        The oldest first.
    found : Found
        What is wrong so far; gains what is wrong between the rows.

    Returns
    -------
    Review
        Checked.

    Raises
    ------
    TableError
        With every fault.
    """
    tables = {name: read.rows[name] for name in TABLES}
    if isinstance(framework, Framework):
        questions: Collection[str] | None = framework.question_by_id
        found.faults += _other_framework(read, framework)
    else:
        unread = framework.unread["questions"]
        known = {one.kloe for one in framework.rows["questions"]}
        questions = None if unread is None else known | set(unread)
    found.faults += faults_between(tables, questions, Places(read.numbers), read.unread)
    if found.faults or not isinstance(framework, Framework):
        raise TableError(found.faults)
    info = read.rows["review"][0]
    rows = {name: tuple(one) for name, one in tables.items()}
    return Review(info, framework, **rows, history=history)


def _other_framework(read: ReadTables, framework: Framework) -> Iterator[Fault]:
    for info in read.rows["review"][:1]:
        if info.framework != framework.info.framework:
            yield Fault(
                f"review.csv row {read.numbers['review'][0]}, column framework",
                info.framework,
                f"The framework in the bundle is {framework.info.framework}.",
                "Name that one, or put the right tables into framework/.",
            )
