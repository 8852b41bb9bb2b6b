"""Forgetting in which order answers came to a tool that is still open."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from threading import Lock, Timer

from wholesystem.web.answers.store import answers_folder, open_path

__all__ = ["FORGET_SECONDS", "forget_all", "forget_order", "forget_soon"]

#: For so long at most an open tool's file holds in which order the last answers came.
FORGET_SECONDS = 60.0
_WAIT_SECONDS = 20.0
_waiting: set[Path] = set()
_lock = Lock()


def forget_order(key: str) -> bool:
    """Write the file of an open tool anew, in the order of its random keys.

    Within a page of the file SQLite lays new rows beside older ones as they come. Written anew, and
    with its log emptied, the file holds nothing of that.

    Parameters
    ----------
    key : str
        Of the tool.

    Returns
    -------
    bool
        False where somebody was reading just then, and it has to be done again.
    """
    return _rewrite(open_path(key))


def _rewrite(path: Path) -> bool:
    try:
        file = sqlite3.connect(
            f"{path.as_uri()}?mode=rw", uri=True, timeout=_WAIT_SECONDS, isolation_level=None
        )
    except sqlite3.OperationalError:
        return not path.exists()  # closed: there is nothing left to forget
    with closing(file):
        try:
            file.execute("PRAGMA secure_delete = ON")
            file.execute("VACUUM")
            busy = file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error:
            return not path.exists()
        return not busy


def forget_soon(key: str) -> None:
    """Have the order of answers forgotten within `FORGET_SECONDS`, however many come meanwhile.

    Parameters
    ----------
    key : str
        Of a tool to which an answer was sent.
    """
    _arm(open_path(key))


def _arm(path: Path) -> None:
    with _lock:
        if path in _waiting:
            return
        _waiting.add(path)
    # What is sent while it runs arms the next one.
    timer = Timer(FORGET_SECONDS, _forget, [path])
    timer.daemon = True
    timer.start()


def _forget(path: Path) -> None:
    with _lock:
        _waiting.discard(path)
    if not _rewrite(path):
        _arm(path)


def forget_all() -> None:
    """Do it now for every open tool: what was stopped before it had forgotten forgets it now."""
    for path in sorted(answers_folder().glob("*.sqlite3")):
        for _ in range(3):
            if _rewrite(path):
                break
            time.sleep(0.1)
