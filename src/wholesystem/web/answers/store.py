"""The file of an open tool: its links, and its envelopes until they are opened together.

One SQLite file a tool, whichever database the workspace has: PostgreSQL keeps which transaction
wrote a row, and dead rows and logs that cannot be burnt. Every table is kept in the order of a
random key, without SQLite's own numbers of rows, so the file has no order in which things came.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from wholesystem.reviews.feedback.groups import least_shown
from wholesystem.reviews.feedback.instrument import INSTRUMENT_TABLES, Instrument

__all__ = [
    "TABLES",
    "OpenTool",
    "answers_folder",
    "burn",
    "closed_path",
    "connected",
    "delete_tool",
    "digest_of",
    "find_open",
    "instrument_from",
    "instrument_tables",
    "is_here",
    "make_file",
    "open_path",
    "open_tool",
    "read_tool",
    "sent_count",
]

#: Characters of a tool's key that stand in its links.
SHORT = 8
_KEY = re.compile(r"[0-9a-f]{32}")
_WAIT_SECONDS = 20.0
TABLES = """
CREATE TABLE tool (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE links (
    hash TEXT PRIMARY KEY, batch TEXT NOT NULL, organisation TEXT NOT NULL, role TEXT NOT NULL,
    kind TEXT NOT NULL, last_day TEXT NOT NULL, state TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE envelopes (
    reader TEXT PRIMARY KEY, link TEXT NOT NULL, state TEXT NOT NULL, content BLOB
) WITHOUT ROWID;
CREATE INDEX envelopes_of_link ON envelopes (link);
CREATE TABLE sent (id TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class OpenTool:
    """What respondents are told of a tool.

    Parameters
    ----------
    key : str
        32 hexadecimal digits.
    title, contact : str
        For people.
    last_day : date
        Last day on which answers are taken.
    organisations : mapping of str to str
        Names by id, to choose from where a link does not say.
    instrument : Instrument
        What is asked.
    is_open : bool
        False from the moment at which closing began.
    """

    key: str
    title: str
    contact: str
    last_day: date
    organisations: Mapping[str, str]
    instrument: Instrument
    is_open: bool


def answers_folder() -> Path:
    """The folder of the files, closed to other people.

    Returns
    -------
    Path
        Made where it does not exist.
    """
    folder = Path(settings.DATA_FOLDER) / "answers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError("A tool's key has 32 hexadecimal digits.")
    return key


def open_path(key: str) -> Path:
    """File of a tool while it is open.

    Parameters
    ----------
    key : str
        Of the tool.

    Returns
    -------
    Path
        Whether or not it is there.
    """
    return answers_folder() / f"{_checked(key)}.sqlite3"


def closed_path(key: str) -> Path:
    """File of a tool once it is closed.

    Parameters
    ----------
    key : str
        Of the tool.

    Returns
    -------
    Path
        Whether or not it is there.
    """
    return answers_folder() / f"{_checked(key)}.json"


def digest_of(secret: str) -> str:
    """What is kept of a link or of a return code: from it neither can be made again.

    Parameters
    ----------
    secret : str
        At least 80 random bits as text.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def connected(key: str, *, write: bool = False) -> Iterator[sqlite3.Connection]:
    """The file of an open tool.

    Parameters
    ----------
    key : str
        Of the tool.
    write : bool
        Whether something is to be written: then all of it is, or nothing, and it is on the disk
        when the block ends.

    Yields
    ------
    sqlite3.Connection
        With rows by column name.

    Raises
    ------
    FileNotFoundError
        If the tool is not open.
    """
    path = open_path(key)
    try:
        found = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=_WAIT_SECONDS,
                                isolation_level=None)  # fmt: skip
    except sqlite3.OperationalError:
        raise FileNotFoundError(key) from None
    with closing(found):
        found.row_factory = sqlite3.Row
        found.execute("PRAGMA synchronous = FULL")
        found.execute("PRAGMA secure_delete = ON")
        if not write:
            yield found
            return
        found.execute("BEGIN IMMEDIATE")
        try:
            yield found
        except BaseException:
            found.execute("ROLLBACK")
            raise
        found.execute("COMMIT")


def instrument_tables(instrument: Instrument) -> dict[str, list[dict[str, str]]]:
    """An instrument as the files keep it.

    Parameters
    ----------
    instrument : Instrument
        Checked.

    Returns
    -------
    dict of str to list of dict
        Cells as text, by table.
    """
    rows: Mapping[str, Any] = {
        "instrument": (instrument.info,),
        "questions": instrument.questions,
        "scales": instrument.scales,
        "roles": instrument.roles,
    }
    return {name: [row.cells() for row in found] for name, found in rows.items()}


@lru_cache(maxsize=64)
def instrument_from(text: str) -> Instrument:
    """An instrument out of a file.

    Parameters
    ----------
    text : str
        JSON of `instrument_tables`.

    Returns
    -------
    Instrument
        Made once by a process for each text.
    """
    tables = json.loads(text)
    rows: dict[str, tuple[Any, ...]] = {
        name: tuple(row.model_validate(cells) for cells in tables[name])
        for name, row in INSTRUMENT_TABLES.items()
    }
    return Instrument(rows["instrument"][0], rows["questions"], rows["scales"], rows["roles"])


def open_tool(
    key: str,
    instrument: Instrument,
    title: str,
    last_day: date,
    organisations: Mapping[str, str],
    contact: str,
) -> None:
    """Open a tool for answers; done again for one that is open, it changes what people are told.

    Parameters
    ----------
    key : str
        32 hexadecimal digits.
    instrument : Instrument
        What is asked; of a tool that is open it must be the same.
    title : str
        For people.
    last_day : date
        Last day on which answers are taken.
    organisations : mapping of str to str
        Names by id, to choose from where a link does not say.
    contact : str
        Whom they can ask.

    Raises
    ------
    FileExistsError
        If the tool is closed.
    """
    if closed_path(key).exists():
        raise FileExistsError(key)
    told = {
        "title": title,
        "contact": contact,
        "last_day": last_day.isoformat(),
        "organisations": json.dumps(dict(organisations), ensure_ascii=False),
        "instrument": json.dumps(instrument_tables(instrument), ensure_ascii=False),
    }
    if not open_path(key).exists():
        make_file(open_path(key))
    with connected(key, write=True) as file:
        for name, value in told.items():
            file.execute("INSERT OR REPLACE INTO tool VALUES (?, ?)", (name, value))
        # One that is being closed stays so.
        file.execute("INSERT OR IGNORE INTO tool VALUES ('state', 'open')")


def make_file(path: Path) -> None:
    """Make the file of an open tool, with nothing in it; it appears whole.

    Parameters
    ----------
    path : Path
        Of the file.
    """
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    with closing(sqlite3.connect(part, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        file.executescript(TABLES)
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    part.chmod(0o600)
    part.replace(path)


def read_tool(file: sqlite3.Connection, key: str) -> OpenTool:
    """What respondents are told of a tool.

    Parameters
    ----------
    file : sqlite3.Connection
        From `connected`.
    key : str
        Of the tool.

    Returns
    -------
    OpenTool
        As it stands.
    """
    told = dict(file.execute("SELECT name, value FROM tool").fetchall())
    return OpenTool(
        key,
        told["title"],
        told["contact"],
        date.fromisoformat(told["last_day"]),
        json.loads(told["organisations"]),
        instrument_from(told["instrument"]),
        told["state"] == "open",
    )


def find_open(short: str) -> str | None:
    """Key of a tool by what stands in its links.

    Parameters
    ----------
    short : str
        Its first eight characters.

    Returns
    -------
    str or None
        None where there is no such tool; of a closed one the key too.
    """
    if not re.fullmatch(f"[0-9a-f]{{{SHORT}}}", short):
        return None
    found = sorted(
        path.stem for path in answers_folder().glob(f"{short}*") if path.suffix != ".part"
    )
    keys = [one.partition(".")[0] for one in found if _KEY.match(one)]
    return keys[0] if keys else None


def is_here(key: str) -> bool:
    """Whether anything of a tool is kept here.

    Parameters
    ----------
    key : str
        Of the tool.

    Returns
    -------
    bool
        True for an open and for a closed one.
    """
    return open_path(key).exists() or closed_path(key).exists()


def sent_count(key: str) -> int | None:
    """How many answered.

    Parameters
    ----------
    key : str
        Of the tool.

    Returns
    -------
    int or None
        None while they are fewer than may be told of.
    """
    try:
        with connected(key) as file:
            count = int(file.execute("SELECT count(*) FROM sent").fetchone()[0])
    except FileNotFoundError:
        from wholesystem.web.answers.closing import sheets

        count = len(sheets(key))
    return count if count >= least_shown() else None


def delete_tool(key: str) -> None:
    """Delete all that is kept of a tool; nothing happens where there is nothing.

    Parameters
    ----------
    key : str
        Of the tool.
    """
    closed_path(key).unlink(missing_ok=True)
    burn(key)


def burn(key: str) -> None:
    """Delete the file of an open tool, with SQLite's own notes beside it and what a kill left.

    Parameters
    ----------
    key : str
        Of the tool.
    """
    path = open_path(key)
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    for left in path.parent.glob(f".{key}.*"):  # part of a closed file, never put in its place
        left.unlink(missing_ok=True)
