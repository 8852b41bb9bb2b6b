"""The files of answers in a backup: an open tool's as rows of text in the order of their keys."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from wholesystem.errors import OurFault
from wholesystem.web.answers.store import (
    TABLES,
    answers_folder,
    closed_path,
    connected,
    make_file,
    open_path,
)

__all__ = ["kept_files", "put_back", "take_place"]

#: Tables and their columns, as the rows name them.
COLUMNS = {
    "tool": ("name", "value"),
    "links": ("hash", "batch", "organisation", "role", "kind", "last_day", "state"),
    "envelopes": ("reader", "link", "state", "content"),
    "sent": ("id", "content"),
}
assert all(f"CREATE TABLE {name}" in TABLES for name in COLUMNS)


def kept_files() -> Iterator[tuple[str, Iterable[bytes]]]:
    """What a backup keeps of the answers, file by file.

    Yields
    ------
    name : str
        Of the file, without a folder.
    blocks : iterable of bytes
        Its content; an open tool's as it stands at one moment.
    """
    keys = {path.name.partition(".")[0] for path in answers_folder().glob("[0-9a-f]*.*")}
    for key in sorted(keys):
        if closed_path(key).exists():
            yield f"{key}.json", [closed_path(key).read_bytes()]
            continue
        try:
            rows = list(_rows(key))
        except FileNotFoundError:
            if closed_path(key).exists():  # it was closed in the meantime
                yield f"{key}.json", [closed_path(key).read_bytes()]
            continue
        yield f"{key}.jsonl", rows


def _rows(key: str) -> Iterator[bytes]:
    with connected(key) as file:
        file.execute("BEGIN")
        for table, columns in COLUMNS.items():
            found = file.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1")
            for row in found:
                yield json.dumps([table, *map(_text, row)], ensure_ascii=False).encode() + b"\n"


def _text(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    return value


def put_back(name: str, content: IO[bytes], folder: Path) -> None:
    """Write a file of a backup as it was.

    Parameters
    ----------
    name : str
        As `kept_files` gave it.
    content : binary file
        Likewise.
    folder : Path
        Where to; see `take_place`.

    Raises
    ------
    OurFault
        If it is no such file.
    """
    key, _, ending = name.partition(".")
    if ending == "json":
        path = folder / closed_path(key).name
        with path.open("wb") as copy:
            shutil.copyfileobj(content, copy)
            copy.flush()
            os.fsync(copy.fileno())
        path.chmod(0o600)
    elif ending == "jsonl":
        path = folder / open_path(key).name
        make_file(path)
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            file.execute("BEGIN")
            for line in content:
                table, *cells = json.loads(line)
                marks = ", ".join("?" * len(COLUMNS[table]))
                file.execute(f"INSERT INTO {table} VALUES ({marks})", [*map(_value, cells)])
            file.execute("COMMIT")
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        raise OurFault(f"A backup has no file of answers called {name}.")


def take_place(folder: Path, moment: datetime) -> Path | None:
    """Put a folder of answers in the place of what is there, which is put aside.

    Parameters
    ----------
    folder : Path
        On the same disk.
    moment : datetime
        For the name of what is put aside.

    Returns
    -------
    Path or None
        Where it lies; None where there was nothing.
    """
    here, aside = answers_folder(), None
    if any(here.iterdir()):
        aside = here.with_name(f"{here.name}.before-{moment:%Y%m%d-%H%M%S}")
        here.rename(aside)
    else:
        here.rmdir()
    folder.rename(here)
    return aside


def _value(cell: Any) -> Any:
    return base64.b64decode(cell["base64"]) if isinstance(cell, dict) else cell
